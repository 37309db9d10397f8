"""Metafields of orders and customers come by themselves after each import, and never hold one up."""

from odoo.tests import tagged

from .products_case import ProductCase

GIFT = {"custom.gift": "Birthday"}


class MetafieldCase(ProductCase):
    """A store whose orders and customers have metafields."""

    def map(self, owner, key, field, kind="single_line_text_field", **more):
        model = {"order": "sale.order", "customer": "res.partner"}[owner]
        return self.env["shopify.metafield.mapping"].create(
            {
                "instance_id": self.instance.id,
                "owner": owner,
                "namespace": "custom",
                "key": key,
                "type": kind,
                "field_id": self.env["ir.model.fields"]._get(model, field).id,
                **more,
            }
        )

    def place_one(self, email="ada@example.com", **metafields):
        self.sim.store.products = [self.add(sku=self.skus[0])]
        order = self.sim.store.place_order(
            lines=[self.skus[0]], customer={"first_name": "Ada", "email": email}, metafields=metafields
        )
        order.customer.metafields = self.sim.store.make_metafields("CUSTOMER", {"custom.tier": "gold"})
        return order

    def follow(self):
        with self.own_cursor() as env:
            env["shopify.handler.metafield"]._cron_follow()

    def asked(self):
        return sum(request.operation == "MetafieldsByIds" for request in self.sim.requests)

    def due(self):
        return self.env["shopify.queue.line"].search([("metafields_due", "=", True)])


@tagged("post_install", "-at_install")
class TestMetafieldsFollow(MetafieldCase):
    def test_metafields_of_an_order_come_after_it(self):
        self.map("order", "gift", "client_order_ref")
        order = self.place_one(**GIFT)
        self.assertEqual(self.import_orders(order)["done"], 1)
        self.assertEqual(self.asked(), 0, "the import itself asks nothing")
        self.follow()
        self.assertEqual(self.sale_order(order).client_order_ref, "Birthday")
        self.assertFalse(self.due())
        self.follow()
        self.assertEqual(self.asked(), 1, "read once")

    def test_the_customer_of_an_order_has_his_metafields_too(self):
        self.map("customer", "tier", "ref")
        order = self.place_one()
        self.import_orders(order)
        self.follow()
        self.assertEqual(self.sale_order(order).partner_id.ref, "gold")
        self.assertEqual(self.asked(), 1)

    def test_metafields_come_with_an_import_of_customers(self):
        self.map("customer", "tier", "ref")
        customer = self.place_one().customer
        run = self.run_operation("customer", **{"from": None})
        self.assertEqual(run.state, "done", run.message)
        self.assertTrue(self.process(lane="customers")["done"])
        self.follow()
        link = self.env["shopify.customer"].search([("shopify_id", "=", str(customer.id))])
        self.assertEqual(link.partner_id.ref, "gold")

    def test_without_a_mapping_nothing_is_noted_and_nothing_asked(self):
        self.map("order", "gift", "client_order_ref", direction="out")
        order = self.place_one(**GIFT)
        self.import_orders(order)
        self.assertFalse(self.due())
        self.follow()
        self.assertEqual(self.asked(), 0)

    def test_a_mapping_made_or_ended_later_counts_at_once(self):
        self.import_orders(self.place_one(**GIFT))
        mapping = self.map("order", "gift", "client_order_ref")
        order = self.place_one("eve@example.com", **GIFT)
        self.import_orders(order)
        self.assertEqual(self.due().mapped("shopify_id"), [str(order.id)])
        self.due().metafields_due = False
        mapping.active = False
        self.import_orders(self.place_one("bob@example.com", **GIFT))
        self.assertFalse(self.due())

    def test_a_value_of_the_wrong_type_is_a_warning_and_the_order_is_there(self):
        self.map("order", "gift", "client_order_ref")
        order = self.place_one(**{"custom.gift": ("number_integer", "7")})
        self.assertEqual(self.import_orders(order)["done"], 1)
        self.follow()
        self.assertFalse(self.sale_order(order).client_order_ref)
        log = self.logs(cause="metafield")
        self.assertEqual(log.severity, "warning")
        self.assertIn("custom.gift", log.message)
        self.assertFalse(self.due())

    def test_when_shopify_does_not_answer_the_order_stands_and_they_come_later(self):
        self.map("order", "gift", "client_order_ref")
        order = self.place_one(**GIFT)
        self.import_orders(order)
        self.sim.faults.add("status", "MetafieldsByIds", times=None, status=503)
        self.follow()
        self.assertTrue(self.sale_order(order))
        self.assertTrue(self.due())
        self.sim.faults.clear()
        self.follow()
        self.assertEqual(self.sale_order(order).client_order_ref, "Birthday")

    def test_a_refused_request_is_said_once_and_not_repeated_for_ever(self):
        self.map("order", "gift", "client_order_ref")
        self.import_orders(self.place_one(**GIFT))
        self.sim.faults.add("status", "MetafieldsByIds", times=None, status=401)
        self.follow()
        self.assertIn("were not read", self.logs(cause="metafield").message)
        self.assertFalse(self.due())

    def test_many_orders_are_read_in_one_request(self):
        self.map("order", "gift", "client_order_ref")
        orders = [self.place_one(f"c{number}@example.com", **GIFT) for number in range(5)]
        self.assertEqual(self.import_orders(*orders)["done"], 5)
        self.follow()
        self.assertEqual(self.asked(), 1)
        self.assertEqual({self.sale_order(order).client_order_ref for order in orders}, {"Birthday"})
