"""Prices, pictures, collections, metafields and webhooks of products."""

import base64

from odoo import fields
from odoo.addons.shopify_sync.models.shopify_product_image import MAX_BYTES
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from shopify_simulator.pictures import png

from .products_case import ProductCase


@tagged("post_install", "-at_install")
class TestProductPrices(ProductCase):
    def setUp(self):
        super().setUp()
        self.instance.compare_pricelist_id = self.env["product.pricelist"].create(
            {"name": "Before", "currency_id": self.instance.shop_currency_id.id}
        )

    def bring(self, **more):
        shirt = self.add(**more)
        product = self.make_products(["SHIRT-1"])
        self.import_products()
        return shirt, product

    def test_prices_go_into_the_stores_pricelists_and_the_list_price_stays(self):
        _shirt, product = self.bring(compare_at_price=None)
        self.assertEqual(self.price_in(self.instance.pricelist_id, product).fixed_price, 10.0)
        self.assertFalse(self.price_in(self.instance.compare_pricelist_id, product))
        self.assertEqual(product.list_price, 1.0)

    def test_a_new_price_and_a_compare_at_price_follow_shopify(self):
        shirt, product = self.bring()
        changes = {"price": "8.50", "compare_at_price": "12.00"}
        self.sim.store.change_product(shirt, variants={"SHIRT-1": changes})
        self.import_products()
        self.assertEqual(self.price_in(self.instance.pricelist_id, product).fixed_price, 8.5)
        self.assertEqual(self.price_in(self.instance.compare_pricelist_id, product).fixed_price, 12.0)
        variant = self.layer(shirt).variant_ids
        self.assertEqual((variant.price_pricelist, variant.compare_pricelist), (8.5, 12.0))
        self.sim.store.change_product(shirt, variants={"SHIRT-1": {"compare_at_price": None}})
        self.import_products()
        self.assertFalse(self.price_in(self.instance.compare_pricelist_id, product))

    def test_a_price_entered_in_odoo_stays_and_is_said(self):
        shirt, product = self.bring()
        item = self.price_in(self.instance.pricelist_id, product)
        item.fixed_price = 9.0
        self.sim.store.change_product(shirt, variants={"SHIRT-1": {"price": "11.00"}})
        self.import_products()
        self.assertEqual(item.fixed_price, 9.0)
        self.assertIn("11.00", self.logs(cause="price_kept").message)

    def test_a_rule_for_quantities_is_nobodys_price(self):
        shirt, product = self.bring()
        self.price_in(self.instance.pricelist_id, product).copy({"min_quantity": 10, "fixed_price": 5.0})
        self.sim.store.change_product(shirt, variants={"SHIRT-1": {"price": "11.00"}})
        self.import_products()
        prices = self.price_in(self.instance.pricelist_id, product).mapped("fixed_price")
        self.assertEqual(sorted(prices), [5.0, 11.0])

    def test_a_pricelist_of_another_currency_is_left_alone_with_a_warning(self):
        euro = self.env.ref("base.EUR")
        self.instance.pricelist_id = self.env["product.pricelist"].create({"name": "Euro", "currency_id": euro.id})
        _shirt, product = self.bring()
        self.assertFalse(self.price_in(self.instance.pricelist_id, product))
        self.assertIn("EUR", self.logs(cause="price_kept").message)


@tagged("post_install", "-at_install")
class TestProductImages(ProductCase):
    def read_pictures(self, **options):
        return self.run_operation("product_image", **options)

    def bring(self, **more):
        self.instance.product_create = True
        shirt = self.add()
        self.sim.store.add_picture(shirt, number=1, alt="Front", **more)
        self.sim.store.add_picture(shirt, number=2, alt="Back")
        self.import_products()
        return shirt

    def test_an_import_reads_no_picture_and_the_job_reads_them_in_order(self):
        shirt = self.bring()
        layer = self.layer(shirt)
        self.assertEqual(layer.image_ids.mapped("status"), ["waiting", "waiting"])
        self.assertFalse(layer.product_tmpl_id.image_1920)
        self.assertEqual(self.read_pictures().record_count, 2)
        self.assertEqual(layer.image_ids.mapped("status"), ["ready", "ready"])
        self.assertEqual(layer.image_ids.mapped("alt"), ["Front", "Back"])
        self.assertTrue(all(one.checksum and one.size and one.width == 48 for one in layer.image_ids))
        self.assertTrue(layer.product_tmpl_id.image_1920, "the first one is the picture of the new product")

    def test_a_product_of_odoo_keeps_its_own_picture(self):
        product = self.make_products(["SHIRT-1"])
        self.bring()
        self.read_pictures()
        self.assertFalse(product.image_1920, "it was not made by the import")

    def test_pictures_of_products_that_odoo_does_not_have_are_not_read(self):
        shirt = self.add()
        self.sim.store.add_picture(shirt)
        self.import_products()
        self.assertEqual(self.read_pictures().record_count, 0)

    def test_a_picture_is_read_again_only_when_shopify_changed_it(self):
        shirt = self.bring()
        self.read_pictures()
        self.import_products()
        self.assertEqual(self.read_pictures().record_count, 0)
        shirt.media[0].version += 1
        shirt.media[0].content = png(77)
        self.sim.store.change_product(shirt)
        before = self.layer(shirt).image_ids[0].checksum
        self.import_products()
        self.assertEqual(self.read_pictures().record_count, 1)
        self.assertNotEqual(self.layer(shirt).image_ids[0].checksum, before)

    def test_equal_pictures_are_one_file(self):
        shirt = self.bring()
        self.sim.store.add_picture(shirt, number=1)
        self.import_products()
        self.read_pictures()
        images = self.layer(shirt).image_ids
        self.assertEqual(images[0].checksum, images[2].checksum)
        files = self.env["ir.attachment"].search(
            [("res_model", "=", "shopify.product.image"), ("res_field", "=", "image"), ("res_id", "in", images.ids)]
        )
        self.assertEqual(len(set(files.mapped("store_fname"))), 2)

    def test_a_picture_that_cannot_be_read_fails_says_why_and_holds_up_nothing(self):
        shirt = self.bring(content=None)
        self.sim.store.add_picture(shirt, content=b"<html>no picture</html>")
        self.import_products()
        self.read_pictures()
        gone, good, text = self.layer(shirt).image_ids
        self.assertEqual((gone.status, good.status, text.status), ("failed", "ready", "failed"))
        self.assertIn("404", gone.message)
        self.assertIn("Import product images", gone.message, "how it is tried again")
        self.assertIn("JPEG", text.message)
        self.assertEqual(self.logs(cause="image_unreadable").fix_action, "layer")
        shirt.media[0].content = png(5)
        self.assertEqual(self.read_pictures().record_count, 0, "it is not tried blindly")
        self.read_pictures(only_missing=True)
        self.assertEqual(gone.status, "ready")

    def test_a_picture_removed_in_shopify_leaves_the_layer_and_one_of_odoo_stays(self):
        shirt = self.bring()
        layer = self.layer(shirt)
        own = self.env["shopify.product.image"].create(
            {"shopify_product_id": layer.id, "image": base64.b64encode(png(9)), "position": 9}
        )
        shirt.media.pop()
        self.sim.store.change_product(shirt)
        self.import_products()
        self.assertEqual(len(layer.image_ids), 2)
        self.assertTrue(own.exists())
        self.assertEqual(own.status, "waiting", "it is still to be sent")

    def test_a_picture_of_a_variant_belongs_to_it(self):
        self.instance.product_create = True
        trousers = self.add_options()
        self.sim.store.add_picture(trousers, number=1)
        self.sim.store.add_picture(trousers, number=2, variants=[trousers.variants[1]])
        self.import_products()
        self.read_pictures()
        variant = self.layer(trousers).variant_ids[1]
        self.assertEqual(variant.image_ids, self.layer(trousers).image_ids[1])
        self.assertTrue(variant.product_id.image_variant_1920)
        self.assertFalse(self.layer(trousers).variant_ids[0].product_id.image_variant_1920)

    def test_the_job_reads_for_stores_that_want_pictures_only(self):
        shirt = self.bring()
        self.instance.image_import = False
        with self.own_cursor() as env:
            env["shopify.handler.image"]._cron_read()
        self.assertEqual(self.layer(shirt).image_ids[0].status, "waiting")
        self.instance.image_import = True
        with self.own_cursor() as env:
            env["shopify.handler.image"]._cron_read()
        self.assertEqual(self.layer(shirt).image_ids[0].status, "ready")

    def test_files_that_shopify_does_not_take_are_refused(self):
        shirt = self.bring()
        values = {"shopify_product_id": self.layer(shirt).id}
        for content in (b"%PDF-1.4 no picture", b"\x89PNG\r\n\x1a\n" + b"0" * (MAX_BYTES + 1)):
            with self.assertRaises(ValidationError):
                self.env["shopify.product.image"].create({**values, "image": base64.b64encode(content)})
        with self.assertRaises(ValidationError):
            self.env["shopify.product.image"].create(values)


@tagged("post_install", "-at_install")
class TestCollections(ProductCase):
    def test_collections_come_with_their_products_and_automated_ones_are_known(self):
        self.instance.product_create = True
        shirt, hat = self.add(), self.add("Hat", "HAT-1")
        self.import_products()
        self.sim.store.add_collection("Summer", [shirt, hat])
        self.sim.store.add_collection("Cheap", [hat], automated=True)
        self.run_operation("collection")
        self.assertEqual(self.layer(shirt).collection_ids.mapped("title"), ["Summer"])
        self.assertEqual(set(self.layer(hat).collection_ids.mapped("kind")), {"manual", "automated"})

    def test_a_collection_gone_from_shopify_is_archived(self):
        summer = self.sim.store.add_collection("Summer", [])
        self.run_operation("collection")
        self.sim.store.collections.remove(summer)
        self.run_operation("collection")
        collection = self.env["shopify.collection"].with_context(active_test=False).search([("title", "=", "Summer")])
        self.assertFalse(collection.active)

    def test_membership_follows_each_import_of_the_product(self):
        self.instance.product_create = True
        shirt = self.add()
        summer = self.sim.store.add_collection("Summer", [shirt])
        self.import_products()
        self.assertEqual(self.layer(shirt).collection_ids.title, "Summer")
        summer.products.clear()
        shirt.collections.clear()
        self.sim.store.change_product(shirt)
        self.import_products()
        self.assertFalse(self.layer(shirt).collection_ids)


@tagged("post_install", "-at_install")
class TestMetafields(ProductCase):
    def map(self, owner, key, field, kind="single_line_text_field", **more):
        model = {"product": "product.template", "variant": "product.product", "order": "sale.order"}.get(
            owner, "res.partner"
        )
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

    def bring(self, **metafields):
        self.instance.product_create = True
        shirt = self.add()
        self.sim.store.change_product(shirt, metafields=metafields)
        self.import_products()
        return shirt

    def test_mapped_metafields_come_with_the_product_and_others_do_not(self):
        self.map("product", "care", "description_purchase", "multi_line_text_field")
        shirt = self.bring(**{"custom.care": ("multi_line_text_field", "Wash cold"), "custom.other": "x"})
        self.assertEqual(self.layer(shirt).product_tmpl_id.description_purchase, "Wash cold")
        self.assertEqual(self.layer(shirt).metafield_ids.mapped("value"), ["Wash cold"])
        self.assertTrue(self.layer(shirt).metafield_ids.compare_digest)

    def test_thirty_mapped_metafields_all_come_with_the_product(self):
        keys = [f"care_{number}" for number in range(30)]
        for key in keys:
            self.map("product", key, "description_purchase", "multi_line_text_field")
        shirt = self.bring(**{f"custom.{key}": ("multi_line_text_field", "Wash cold") for key in keys})
        self.assertEqual(sorted(self.layer(shirt).metafield_ids.mapping_id.mapped("key")), sorted(keys))

    def test_metafields_of_variants_have_their_field_type(self):
        self.map("variant", "volume", "volume", "number_decimal")
        self.instance.product_create = True
        shirt = self.add()
        metafields = {"custom.volume": ("number_decimal", "1.25")}
        self.sim.store.change_product(shirt, variants={"SHIRT-1": {"metafields": metafields}})
        self.import_products()
        self.assertEqual(self.layer(shirt).variant_ids.product_id.volume, 1.25)

    def test_a_value_of_the_wrong_type_is_said_and_the_product_is_still_imported(self):
        self.map("product", "rank", "sequence", "number_integer")
        shirt = self.bring(**{"custom.rank": ("single_line_text_field", "first")})
        layer = self.layer(shirt)
        self.assertTrue(layer.product_tmpl_id)
        self.assertEqual(layer.metafield_ids.state, "failed")
        self.assertIn("custom.rank", self.logs(cause="metafield").message)

    def test_what_somebody_changed_in_odoo_stays(self):
        self.map("product", "care", "description_purchase", "multi_line_text_field")
        shirt = self.bring(**{"custom.care": ("multi_line_text_field", "Wash cold")})
        product = self.layer(shirt).product_tmpl_id
        product.description_purchase = "Never wash"
        self.sim.store.change_product(shirt, metafields={"custom.care": ("multi_line_text_field", "Wash warm")})
        self.import_products()
        self.assertEqual(product.description_purchase, "Never wash")
        self.assertEqual(self.layer(shirt).metafield_ids.state, "kept")

    def test_a_mapping_refuses_a_field_that_cannot_hold_the_type(self):
        with self.assertRaisesRegex(ValidationError, "boolean"):
            self.map("product", "care", "sale_ok", "number_integer")
        with self.assertRaisesRegex(ValidationError, "sale.order"):
            self.env["shopify.metafield.mapping"].create(
                {
                    "instance_id": self.instance.id,
                    "owner": "order",
                    "key": "x",
                    "field_id": self.env["ir.model.fields"]._get("product.template", "name").id,
                }
            )

    def test_metafields_of_orders_and_customers_are_read_by_the_operation(self):
        self.map("order", "gift", "client_order_ref")
        self.map("customer", "tier", "ref")
        self.sim.store.products = [self.add(sku=self.skus[0])]
        order = self.sim.store.place_order(
            lines=[self.skus[0]], customer={"first_name": "Ada", "email": "ada@example.com"},
            metafields={"custom.gift": "Birthday"},
        )  # fmt: skip
        self.import_orders(order)
        order.customer.metafields = self.sim.store.make_metafields("CUSTOMER", {"custom.tier": "gold"})
        run = self.run_operation("metafield")
        self.assertEqual(run.state, "done", run.message)
        sale_order = self.sale_order(order)
        self.assertEqual(sale_order.client_order_ref, "Birthday")
        self.assertEqual(sale_order.partner_id.ref, "gold")


@tagged("post_install", "-at_install")
class TestProductWebhooks(ProductCase):
    def event(self, topic, product):
        """A delivery as the controller stores it."""
        return self.env["shopify.webhook.event"].create(
            {
                "instance_id": self.instance.id,
                "topic": topic,
                "shopify_id": str(product.id),
                "received_at": fields.Datetime.now(),
                "delivery_ref": f"{topic}-{product.id}-{self.env['shopify.webhook.event'].search_count([])}",
            }
        )

    def look(self, *events):
        with self.own_cursor() as env:
            env["shopify.webhook.processor"]._process_store(self.instance.with_env(env), [event.id for event in events])

    def test_a_changed_product_is_queued_and_one_that_only_sold_is_not(self):
        self.instance.product_create = True
        shirt = self.add()
        event = self.event("products/create", shirt)
        self.look(event)
        self.assertEqual(event.state, "processed", event.message)
        self.assertEqual(self.process_products()["done"], 1)
        self.sim.clock.advance(60)
        self.sim.store.change_product(shirt)  # its date of change only
        sold = self.event("products/update", shirt)
        self.look(sold)
        self.assertEqual(sold.state, "ignored")
        self.sim.store.change_product(shirt, title="Linen Shirt")
        changed = self.event("products/update", shirt)
        self.look(changed)
        self.assertEqual(changed.state, "processed")
        self.process_products()
        self.assertEqual(self.layer(shirt).title, "Linen Shirt")

    def test_a_deleted_product_is_archived_in_the_layer(self):
        self.instance.product_create = True
        shirt = self.add()
        self.import_products()
        self.sim.store.delete_product(shirt)
        self.look(self.event("products/delete", shirt))
        self.assertFalse(self.layer(shirt).active)
        self.assertTrue(self.layer(shirt).product_tmpl_id.active)

    def test_the_switch_asks_for_the_topics_of_products(self):
        self.instance.webhook_secret = "secret"
        self.assertFalse(self.instance._webhook_topics())
        self.instance.webhook_product = True
        topics = self.instance._webhook_topics()
        self.assertIn("products/update", topics)
        self.assertNotIn("orders/create", topics)
        self.assertIn("app/uninstalled", topics)

    def test_a_switch_without_a_secret_is_refused(self):
        with self.assertRaises(UserError):
            self.instance.webhook_product = True
