"""Which Odoo product an order line means, and what happens when there is none."""

from odoo.tests import tagged

from .common import ShopifyCase


@tagged("post_install", "-at_install")
class TestProducts(ShopifyCase):
    def add(self, title, sku, **more):
        """A product of the simulated store that Odoo does not know."""
        return self.sim.store.add_product(title, sku, "10.00", **more).variants[0]

    def product_of(self, sale_order):
        return sale_order.order_line[0].product_id

    def test_products_match_by_sku(self):
        self.assertEqual(self.product_of(self.bring(lines=[self.skus[1]])), self.products[1])

    def test_products_match_by_barcode_when_the_store_says_so(self):
        self.instance.product_match = "barcode"
        self.add("Scanned", "SCAN-1", barcode="4006381333931")
        product = self.make_products(["OTHER-SKU"], barcode="4006381333931")
        self.make_products(["SCAN-1"])
        self.assertEqual(self.product_of(self.bring(lines=["SCAN-1"])), product)

    def test_sku_comes_first_then_barcode(self):
        self.instance.product_match = "sku_barcode"
        self.add("By SKU", "BOTH-1", barcode="4006381333931")
        self.add("By barcode", "BOTH-2", barcode="4006381333948")
        by_barcode = self.make_products(["ELSE-1"], barcode="4006381333931")
        by_sku = self.make_products(["BOTH-1"])
        also_barcode = self.make_products(["ELSE-2"], barcode="4006381333948")
        self.assertEqual(self.product_of(self.bring(lines=["BOTH-1"])), by_sku)
        self.assertEqual(self.product_of(self.bring(lines=["BOTH-2"])), also_barcode)
        self.assertNotEqual(by_barcode, by_sku)

    def test_a_matched_variant_stays_linked_although_its_sku_changes(self):
        self.bring()
        self.products[0].default_code = "RENAMED"
        self.assertEqual(self.product_of(self.bring()), self.products[0])

    def test_products_of_another_company_do_not_match(self):
        self.add("Ours", "COMP-1")
        other = self.env["res.company"].create({"name": "Other company"})
        self.make_products(["COMP-1"], company_id=other.id)
        order = self.place(lines=["COMP-1"])
        self.assertEqual(self.import_orders(order)["failed"], 1)

    def test_an_ambiguous_sku_fails_and_names_the_candidates(self):
        self.add("Twice", "TWICE-1")
        first, second = self.make_products(["TWICE-1"], name="First"), self.make_products(["TWICE-1"], name="Second")
        order = self.place(lines=["TWICE-1"])
        self.import_orders(order)
        line = self.queue_line(order)
        self.assertEqual(line.state, "failed")
        for words in ("TWICE-1", "First", "Second"):
            self.assertIn(words, line.message)
        second.default_code = "TWICE-2"
        self.assertEqual(line.state, "draft", "mended, so tried again by itself")
        self.process()
        self.assertEqual(self.product_of(self.sale_order(order)), first)

    def test_an_unknown_product_fails_the_whole_order_until_a_product_gets_the_sku(self):
        self.add("Unknown thing", "NEW-1", barcode="4006381333931")
        order = self.place(lines=[self.skus[0], "NEW-1"])
        self.import_orders(order)
        line = self.queue_line(order)
        self.assertEqual((line.state, line.failure_kind), ("failed", "configuration"))
        for words in ("Unknown thing", "NEW-1", "4006381333931"):
            self.assertIn(words, line.message)
        self.assertFalse(self.sale_order(order))
        self.assertEqual(self.logs(cause="unknown_product").sku, "NEW-1")
        product = self.make_products(["SOMETHING"])
        self.assertEqual(line.state, "failed", "a product of another SKU mends nothing")
        product.default_code = "NEW-1"
        self.assertEqual(self.process()["done"], 1)
        self.assertEqual(self.sale_order(order).order_line.product_id, self.products[0] + product)

    def test_a_created_product_with_the_sku_retries_too(self):
        self.add("Unknown thing", "NEW-2")
        order = self.place(lines=["NEW-2"])
        self.import_orders(order)
        self.make_products(["NEW-2"])
        self.assertEqual(self.process()["done"], 1)

    def test_changing_the_setting_retries_too(self):
        self.add("Unknown thing", "NEW-3")
        order = self.place(lines=["NEW-3"])
        self.import_orders(order)
        self.instance.unknown_product = "placeholder"
        self.assertEqual(self.process()["done"], 1)

    def test_a_placeholder_keeps_title_and_sku(self):
        self.instance.unknown_product = "placeholder"
        self.add("Unknown thing", "NEW-4")
        order = self.place(lines=["NEW-4"])
        self.import_orders(order)
        line = self.sale_order(order).order_line
        self.assertEqual(line.product_id, self.instance.product_placeholder_id)
        self.assertEqual(line.shopify_title, "Unknown thing")
        for words in ("Unknown thing", "NEW-4"):
            self.assertIn(words, line.name)

    def test_a_missing_product_is_fetched_with_the_variants_that_exist(self):
        self.instance.write({"unknown_product": "fetch", "product_create": True})
        shopify = next(
            product
            for product in self.sim.store.products
            if len(product.variants) > 3 and product.status == "ACTIVE" and product.variants[0].sku not in self.skus
        )
        order = self.place(lines=[shopify.variants[2].sku])
        self.import_orders(order)
        sale_order = self.sale_order(order)
        template = sale_order.order_line.product_id.product_tmpl_id
        self.assertEqual(template.name, shopify.title)
        self.assertEqual(
            sorted(template.product_variant_ids.mapped("default_code")),
            sorted(variant.sku for variant in shopify.variants),
        )
        self.assertEqual(sale_order.order_line.product_id.default_code, shopify.variants[2].sku)
        layer = self.env["shopify.product"].search(
            [("instance_id", "=", self.instance.id), ("shopify_id", "=", str(shopify.id))]
        )
        self.assertEqual(layer.product_tmpl_id, template)
        self.assertEqual(len(layer.variant_ids), len(shopify.variants))
        self.assert_paid_to_the_cent(sale_order, self.shopify_total(order))

    def test_a_fetched_product_is_a_service_when_shopify_does_not_ship_it(self):
        self.instance.write({"unknown_product": "fetch", "product_create": True})
        self.add("Download", "DL-1", requires_shipping=False, tracked=False)
        self.add("Parcel", "PC-1", barcode="4006381333931")
        self.make_products(["TAKEN"], barcode="4006381333931")
        order = self.place(lines=["DL-1", "PC-1"])
        self.import_orders(order)
        download, parcel = self.sale_order(order).order_line.product_id
        self.assertEqual(download.type, "service")
        self.assertEqual((parcel.type, parcel.is_storable, parcel.barcode), ("consu", True, False))

    def test_without_the_create_switch_nothing_is_fetched(self):
        self.instance.unknown_product = "fetch"
        self.add("Unknown thing", "NEW-5")
        order = self.place(lines=["NEW-5"])
        self.assertEqual(self.import_orders(order)["failed"], 1)

    def test_a_product_deleted_in_shopify_and_a_custom_item_become_custom_lines(self):
        order = self.place(
            lines=[
                {"title": "Gone shirt", "sku": "GONE-1", "price": "5.00", "deleted": True},
                {"title": "Gift wrap", "price": "2.50", "custom": True, "requires_shipping": False},
                {"title": "Made to order", "price": "9.99", "custom": True, "requires_shipping": True},
            ]
        )
        self.import_orders(order)
        gone, wrap, made = self.sale_order(order).order_line
        self.assertEqual(gone.product_id, self.instance.product_custom_id)
        self.assertIn("GONE-1", gone.name)
        self.assertEqual(wrap.product_id, self.instance.product_service_id)
        self.assertEqual(made.product_id, self.instance.product_custom_id)
        self.assertEqual(made.name, "Made to order")
