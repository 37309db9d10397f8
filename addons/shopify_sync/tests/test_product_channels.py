"""Where a product is sold comes with it, and what an import of products would do is said before."""

from odoo.tests import tagged

from .products_case import ProductCase


@tagged("post_install", "-at_install")
class TestProductChannels(ProductCase):
    def setUp(self):
        super().setUp()
        self.shirt = self.add()
        self.publish("online_store", "pos")

    def publish(self, *channels):
        self.sim.store.storefront.publish(self.shirt, *channels)

    def sent(self, operation):
        return sum(request.operation == operation for request in self.sim.requests)

    def assert_sold(self, state, *names):
        layer = self.layer(self.shirt)
        self.assertEqual(layer.publish_state, state)
        self.assertEqual(set(filter(None, (layer.last_channels or "").split(", "))), set(names))

    def forbid(self):
        """The store as it is when the app may not read sales channels."""
        scope = self.env["shopify.scope"]
        scope._refresh(self.instance, scope._granted(self.instance) - {"read_publications"})

    def test_a_product_of_web_and_pos_shows_both(self):
        self.import_products(self.shirt)
        self.assert_sold("web_pos", "Online Store", "Point of Sale")

    def test_what_shopify_takes_out_of_a_channel_follows(self):
        self.import_products(self.shirt)
        for state, channels, names in (
            ("web", ("online_store",), ("Online Store",)),
            ("unpublished", ("pos",), ("Point of Sale",)),
            ("unpublished", (), ()),
            ("web_pos", ("online_store", "pos"), ("Online Store", "Point of Sale")),
        ):
            with self.subTest(channels=channels):
                self.publish(*channels)
                self.import_products(self.shirt)
                self.assert_sold(state, *names)

    def test_other_channels_are_named(self):
        self.publish("online_store", "shop")
        self.import_products(self.shirt)
        self.assert_sold("web", "Online Store", "Shop")

    def test_get_again_shows_what_was_published_meanwhile(self):
        self.publish("online_store")
        self.import_products(self.shirt)
        self.publish("online_store", "pos")
        with self.own_cursor() as env:
            env["shopify.product"].browse(self.layer(self.shirt).id).action_get_again()
        self.assert_sold("web_pos", "Online Store", "Point of Sale")

    def test_a_webhook_brings_what_was_published_meanwhile(self):
        self.import_products(self.shirt)
        self.publish("online_store")
        records, _unknown = self.env["shopify.handler.product"]._fetch_ids(self.instance, [str(self.shirt.id)])
        self.assertTrue(self.env["shopify.handler.product"]._store_looked(self.instance, records))
        self.process_products()
        self.assert_sold("web", "Online Store")

    def test_what_was_published_from_odoo_and_taken_back_in_shopify_is_seen(self):
        self.publish("online_store")
        self.import_products(self.shirt)
        self.layer(self.shirt).write({"publish_state": "web_pos"})
        self.import_products(self.shirt)
        self.assert_sold("web", "Online Store")

    def test_sales_channels_are_read_once_for_a_store(self):
        self.import_products(self.shirt)
        self.assertEqual(self.sent("SalesChannels"), 1)
        self.import_products(self.shirt)
        self.assertEqual(self.sent("SalesChannels"), 1)

    def test_without_the_permission_products_come_as_before(self):
        self.forbid()
        self.import_products(self.shirt)
        self.assertEqual(self.layer(self.shirt).publish_state, "web")
        self.assertEqual(self.sent("SalesChannels"), 0)
        self.layer(self.shirt).publish_state = "web_pos"
        self.import_products(self.shirt)
        self.assertEqual(self.layer(self.shirt).publish_state, "web_pos")


@tagged("post_install", "-at_install")
class TestProductCount(ProductCase):
    def count(self, operation="product", **values):
        values = {"instance_id": self.instance.id, "operation": operation, "date_from": False, **values}
        with self.own_cursor() as env:
            wizard = env["shopify.operation"].create(values)
            wizard.action_count()
            return wizard.count_text

    def test_the_number_of_products_is_said_and_nothing_is_written(self):
        self.assertIn("No product of Shopify fits", self.count())
        self.add()
        self.assertIn("One product of Shopify fits", self.count())
        self.add("Hat", "HAT-1")
        before = self.env["shopify.queue"].search_count([])
        self.assertIn("2 products of Shopify fit.", self.count())
        self.assertEqual(self.env["shopify.queue"].search_count([]), before)

    def test_only_products_of_the_time_chosen_are_counted(self):
        self.add()
        self.assertIn("No product", self.count(date_from="2090-01-01 00:00:00"))

    def test_named_products_are_counted_without_asking_shopify(self):
        self.sim.requests.clear()
        self.assertIn("2 products are named", self.count("product_by_id", tokens="8123456789012, blue-shirt"))
        self.assertEqual(len(self.sim.requests), 0)

    def test_shopify_that_does_not_answer_is_said_and_stops_nothing(self):
        self.sim.faults.add("status", "ProductsCount", times=None, status=503)
        self.assertIn("Shopify does not say how many products", self.count())

    def test_what_was_counted_for_other_input_is_not_shown(self):
        self.add()
        wizard = self.env["shopify.operation"].create(
            {"instance_id": self.instance.id, "operation": "product", "date_from": False}
        )
        wizard.action_count()
        self.assertTrue(wizard.count_text)
        wizard.date_from = "2090-01-01 00:00:00"
        self.assertFalse(wizard.count_text)
