"""Metafields of orders and customers reach Shopify when their Odoo field is changed: once, and never over a newer value."""

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .test_metafields_follow import GIFT, MetafieldCase


@tagged("post_install", "-at_install")
class TestMetafieldsOut(MetafieldCase):
    def setUp(self):
        super().setUp()
        self.map("order", "gift", "client_order_ref", direction="both")
        self.map("customer", "tier", "ref", direction="out")
        self.placed = self.place_one(**GIFT)
        self.import_orders(self.placed)
        self.follow()
        self.order = self.sale_order(self.placed)
        self.salesman = self.make_user(
            "salesman", "sales_team.group_sale_salesman_all_leads", "base.group_partner_manager"
        )
        self.sim.requests.clear()

    def send(self):
        with self.own_cursor() as env:
            env["shopify.handler.metafield"]._cron_send()
        self.env.invalidate_all()

    def sent(self):
        return sum(request.operation == "MetafieldsSet" for request in self.sim.requests)

    def there(self, owner=None):
        return {f"{one.namespace}.{one.key}": one.value for one in (owner or self.placed).metafields}

    def row(self, key):
        return self.env["shopify.metafield"].search([("mapping_id.key", "=", key)])

    def test_what_came_from_shopify_is_not_sent_back(self):
        self.assertEqual(self.order.client_order_ref, "Birthday")
        self.assertFalse(self.env["shopify.metafield"].search([("send_due", "=", True)]))
        self.send()
        self.assertEqual(self.sent(), 0)

    def test_a_field_of_an_order_changed_in_odoo_reaches_shopify_once(self):
        self.order.with_user(self.salesman).client_order_ref = "Wedding"
        self.send()
        self.assertEqual(self.there()["custom.gift"], "Wedding")
        self.send()
        self.assertEqual(self.sent(), 1)
        self.placed.metafields = self.sim.store.make_metafields("ORDER", {"custom.gift": "Jubilee"})
        self.run_operation("metafield")
        self.assertEqual(self.order.client_order_ref, "Jubilee", "what was sent follows Shopify afterwards")

    def test_a_field_of_a_contact_reaches_its_customer(self):
        self.order.partner_id.with_user(self.salesman).ref = "platinum"
        self.order.partner_id.with_user(self.salesman).street = "not mapped"
        self.send()
        self.assertEqual(self.there(self.placed.customer)["custom.tier"], "platinum")

    def test_a_value_changed_in_shopify_since_is_not_overwritten(self):
        self.order.client_order_ref = "Wedding"
        self.placed.metafields = self.sim.store.make_metafields("ORDER", {"custom.gift": "Jubilee"})
        self.send()
        self.assertEqual(self.there()["custom.gift"], "Jubilee")
        self.assertEqual((self.row("gift").state, self.row("gift").send_due), ("kept", False))
        self.assertIn("custom.gift", self.logs(cause="metafield").message)

    def test_a_value_that_shopify_refuses_is_said_and_the_others_are_sent(self):
        self.map("order", "link", "origin", kind="url", direction="out")
        self.order.write({"client_order_ref": "Wedding", "origin": "no address"})
        self.send()
        self.assertEqual(self.there()["custom.gift"], "Wedding")
        self.assertEqual(self.row("link").state, "failed")
        self.assertIn("custom.link", self.logs(cause="metafield").message)

    def test_when_shopify_does_not_answer_it_is_sent_later(self):
        self.order.client_order_ref = "Wedding"
        self.sim.faults.add("status", operation="MetafieldsSet", times=1, status=503)
        self.send()
        self.assertTrue(self.row("gift").send_due)
        self.send()
        self.assertEqual(self.there()["custom.gift"], "Wedding")

    def test_an_answer_that_was_lost_is_read_before_it_is_sent_again(self):
        self.order.client_order_ref = "Wedding"
        self.sim.faults.add("lost", operation="MetafieldsSet", times=2)
        self.send()
        self.send()
        self.assertEqual((self.sent(), self.row("gift").send_due), (1, False))

    def test_a_rating_cannot_be_mapped_to_go_out(self):
        with self.assertRaisesRegex(ValidationError, "rating"):
            self.map("order", "stars", "client_order_ref", kind="rating", direction="both")
