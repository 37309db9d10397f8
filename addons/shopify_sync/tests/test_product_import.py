"""Products of Shopify become, or are found as, Odoo products."""

from odoo.tests import tagged

from .products_case import ProductCase


@tagged("post_install", "-at_install")
class TestProductImport(ProductCase):
    # Matching

    def test_products_are_linked_by_sku_and_nothing_else_of_them_is_changed(self):
        shirt = self.add()
        product = self.make_products(["SHIRT-1"])
        name = product.name
        self.assertEqual(self.import_products()["done"], 1)
        layer = self.layer(shirt)
        self.assertEqual(layer.variant_ids.product_id, product)
        self.assertEqual(layer.product_tmpl_id, product.product_tmpl_id)
        self.assertEqual((layer.variant_ids.matched_by, product.name, product.list_price), ("sku", name, 1.0))
        self.assertEqual(self.product_line(shirt).res_id, layer.id)

    def test_products_are_linked_by_barcode_when_the_store_says_so(self):
        self.instance.product_match = "barcode"
        shirt = self.add(barcode="4006381333931")
        self.make_products(["SHIRT-1"])
        product = self.make_products(["ELSE"], barcode="4006381333931")
        self.import_products()
        self.assertEqual(self.layer(shirt).variant_ids.product_id, product)

    def test_an_unknown_product_fails_names_sku_and_barcode_and_comes_when_a_product_gets_the_sku(self):
        shirt = self.add(barcode="4006381333931")
        self.assertEqual(self.import_products()["failed"], 1)
        line = self.product_line(shirt)
        self.assertEqual((line.state, line.failure_kind), ("failed", "configuration"))
        for words in ("Shirt", "SHIRT-1", "4006381333931"):
            self.assertIn(words, line.message)
        self.assertTrue(self.layer(shirt), "the layer has it, so that it can be matched by hand")
        self.assertFalse(self.layer(shirt).product_tmpl_id)
        product = self.make_products(["OTHER"])
        self.assertEqual(line.state, "failed")
        product.default_code = "SHIRT-1"
        self.assertEqual(line.state, "draft", "mended, so tried again by itself")
        self.assertEqual(self.process_products()["done"], 1)
        self.assertEqual(self.layer(shirt).variant_ids.product_id, product)
        self.assertFalse(self.logs(resolved=False, severity="error"))

    def test_an_unknown_product_comes_when_the_store_may_create_it(self):
        shirt = self.add()
        self.import_products()
        self.instance.product_create = True
        self.assertEqual(self.process_products()["done"], 1)
        self.assertEqual(self.layer(shirt).product_tmpl_id.name, "Shirt")

    def test_a_product_matched_by_hand_is_tried_again_and_stays_linked(self):
        shirt = self.add(sku=None)
        self.import_products()
        product = self.make_products(["MINE"])
        log = self.logs(cause="unknown_product")
        action = log.action_fix()
        wizard = self.env[action["res_model"]].with_context(**action["context"]).create({})
        self.assertEqual(wizard.line_ids.variant_id, self.layer(shirt).variant_ids)
        wizard.line_ids.product_id = product
        wizard.action_apply()
        self.assertEqual(self.product_line(shirt).state, "draft")
        self.assertEqual(self.process_products()["done"], 1)
        self.assertEqual(self.layer(shirt).variant_ids.matched_by, "hand")
        self.assertEqual(self.layer(shirt).product_tmpl_id, product.product_tmpl_id)

    def test_a_sku_of_several_odoo_products_fails_and_names_them(self):
        shirt = self.add()
        self.make_products(["SHIRT-1"], name="First")
        second = self.make_products(["SHIRT-1"], name="Second")
        self.import_products()
        message = self.product_line(shirt).message
        self.assertIn("First", message)
        self.assertIn("Second", message)
        second.default_code = "SHIRT-2"
        self.assertEqual(self.process_products()["done"], 1)

    def test_a_sku_on_two_variants_of_shopify_fails_and_names_both(self):
        self.instance.product_create = True
        first, second = self.add("First"), self.add("Second")
        counts = self.import_products()
        self.assertEqual((counts["done"], counts["failed"]), (1, 1))
        failed = self.env["shopify.queue.line"].search([("kind", "=", "product"), ("state", "=", "failed")])
        for words in ("First", "Second"):
            self.assertIn(words, failed.message)
        self.assertEqual(len(self.env["product.product"].search([("default_code", "=", "SHIRT-1")])), 1)
        twice = self.sim.store.add_variants(
            "Cap", [["Size", ["S", "M"]]], [{"values": ["S"], "sku": "CAP"}, {"values": ["M"], "sku": "CAP"}]
        )
        self.import_products(twice)
        self.assertIn("CAP", self.product_line(twice).message)
        self.assertNotEqual(self.layer(first), self.layer(second))

    def test_a_sku_that_another_product_of_the_store_has_already_is_not_linked_twice(self):
        self.instance.product_create = True
        self.add("First")
        self.import_products()
        second = self.add("Second")
        self.assertEqual(self.import_products(second)["failed"], 1)
        self.assertIn("First", self.product_line(second).message)
        self.assertFalse(self.layer(second).variant_ids.product_id)

    def test_products_of_another_company_are_not_matched(self):
        self.add()
        other = self.env["res.company"].create({"name": "Other"})
        self.make_products(["SHIRT-1"], company_id=other.id)
        self.assertEqual(self.import_products()["failed"], 1)

    # Creating

    def test_a_new_product_has_exactly_the_variants_of_shopify(self):
        self.instance.product_create = True
        trousers = self.add_options()
        trousers.variants.pop()  # M-Blue does not exist
        self.assertEqual(self.import_products()["done"], 1)
        template = self.layer(trousers).product_tmpl_id
        self.assertEqual(len(template.product_variant_ids), 3)
        self.assertEqual(
            sorted(template.product_variant_ids.mapped("default_code")),
            ["TROUSERS-M-Red", "TROUSERS-S-Blue", "TROUSERS-S-Red"],
        )
        self.assertEqual(set(template.attribute_line_ids.attribute_id.mapped("name")), {"Size", "Colour"})
        by_sku = {one.sku: one.product_id.default_code for one in self.layer(trousers).variant_ids}
        self.assertTrue(all(sku == code for sku, code in by_sku.items()))

    def test_a_new_product_takes_over_what_shopify_knows_of_it(self):
        self.instance.write({"product_create": True, "use_sales_description": True})
        shirt = self.add(weight_grams=250, cost="4.20", product_type="Apparel", vendor="Fjord", barcode="4006381333931")
        self.sim.store.change_product(
            shirt, description_html="<p>Soft &amp; warm</p>", category=("aa-1", "Apparel > Shirts"), seo_title="Buy"
        )
        self.sim.store.storefront.publish(shirt, "online_store")
        self.import_products()
        layer = self.layer(shirt)
        product, variant = layer.variant_ids.product_id, layer.variant_ids
        self.assertEqual(
            (product.name, product.list_price, product.barcode, product.weight, product.standard_price),
            ("Shirt", 10.0, "4006381333931", 0.25, 4.2),
        )
        self.assertEqual((product.type, product.is_storable), ("consu", True))
        self.assertEqual((product.categ_id.name, product.description_sale), ("Apparel", "Soft & warm"))
        self.assertEqual((product.hs_code, product.country_of_origin.code), ("610910", "PT"))
        self.assertEqual(
            (layer.vendor, layer.product_type, layer.category_name, layer.seo_title, layer.publish_state),
            ("Fjord", "Apparel", "Apparel > Shirts", "Buy", "web"),
        )
        self.assertEqual((variant.unit_cost, variant.weight, variant.hs_code), (4.2, 0.25, "610910"))
        self.assertEqual(variant.origin_country_id.code, "PT")
        self.assertFalse(layer.differs)

    def test_what_is_not_shipped_becomes_a_service_and_what_is_not_counted_is_not_storable(self):
        self.instance.product_create = True
        download = self.add("Download", "DL", requires_shipping=False, tracked=False)
        sticker = self.add("Sticker", "ST", tracked=False)
        self.import_products()
        self.assertEqual(self.layer(download).product_tmpl_id.type, "service")
        product = self.layer(sticker).product_tmpl_id
        self.assertEqual((product.type, product.is_storable), ("consu", False))

    def test_a_barcode_of_another_product_is_left_empty_with_a_warning(self):
        self.instance.product_create = True
        shirt = self.add(barcode="4006381333931")
        self.make_products(["OTHER"], barcode="4006381333931")
        self.assertEqual(self.import_products()["done"], 1)
        self.assertFalse(self.layer(shirt).variant_ids.product_id.barcode)
        self.assertIn("4006381333931", self.logs(cause="barcode_taken").message)

    def test_categories_are_not_created_when_the_store_does_not_want_them(self):
        default = self.env["product.category"].create({"name": "Web shop"})
        self.instance.write({"product_create": True, "category_create": False, "category_default_id": default.id})
        shirt = self.add(product_type="Never seen")
        self.import_products()
        self.assertEqual(self.layer(shirt).product_tmpl_id.categ_id, default)
        self.assertFalse(self.env["product.category"].search([("name", "=", "Never seen")]))

    def test_a_variant_added_in_shopify_joins_its_odoo_product(self):
        self.instance.product_create = True
        trousers = self.add_options()
        self.import_products()
        self.sim.store.change_product(trousers, add=[{"values": ["L", "Red"], "sku": "TROUSERS-L-Red", "price": "21"}])
        self.import_products()
        template = self.layer(trousers).product_tmpl_id
        self.assertEqual(len(template.product_variant_ids), 5)
        self.assertIn("TROUSERS-L-Red", template.product_variant_ids.mapped("default_code"))

    # Updating

    def test_a_second_import_changes_nothing(self):
        self.instance.product_create = True
        trousers = self.add_options()
        self.sim.store.add_picture(trousers, number=3)
        self.sim.store.add_collection("Summer", [trousers])
        self.import_products(trousers)
        before = self.state_of_catalogue()
        self.import_products(trousers)
        self.assertEqual(self.state_of_catalogue(), before)

    def state_of_catalogue(self):
        self.env.flush_all()
        models = (
            "product.template", "product.product", "product.attribute.value", "product.pricelist.item", "shopify.product",
            "shopify.product.variant", "shopify.product.image", "shopify.collection",
        )  # fmt: skip
        return {
            model: self.env[model]
            .with_context(active_test=False)
            .search([])
            .mapped(lambda one: (one.id, one.write_date))
            for model in models
        }

    def test_names_follow_shopify_until_somebody_changes_them_in_odoo(self):
        self.instance.product_create = True
        shirt = self.add()
        self.import_products()
        self.sim.store.change_product(shirt, title="Linen Shirt")
        self.import_products()
        product = self.layer(shirt).product_tmpl_id
        self.assertEqual(product.name, "Linen Shirt")
        product.name = "Our shirt"
        self.sim.store.change_product(shirt, title="Silk Shirt")
        self.import_products()
        self.assertEqual((product.name, self.layer(shirt).title), ("Our shirt", "Our shirt"), "it waits to be sent")

    def test_a_name_that_shopify_owns_differs_from_what_somebody_wrote_in_odoo(self):
        self.instance.product_create = True
        self.env["shopify.field.owner"].create({"instance_id": self.instance.id, "field_name": "title"})
        shirt = self.add()
        self.import_products()
        product = self.layer(shirt).product_tmpl_id
        product.name = "Our shirt"
        self.sim.store.change_product(shirt, title="Silk Shirt")
        self.import_products()
        self.assertEqual(product.name, "Our shirt")
        self.assertEqual(self.layer(shirt).title, "Silk Shirt")
        self.assertTrue(self.layer(shirt).differs)
        self.assertIn("Silk Shirt", self.layer(shirt).differences)

    def test_a_new_sku_in_shopify_reaches_the_product_that_the_import_made(self):
        self.instance.product_create = True
        shirt = self.add()
        self.import_products()
        self.sim.store.change_product(shirt, variants={"SHIRT-1": {"sku": "SHIRT-9"}})
        self.import_products()
        self.assertEqual(self.layer(shirt).variant_ids.product_id.default_code, "SHIRT-9")

    def test_existing_products_stay_as_they_are_when_the_store_does_not_update(self):
        self.instance.write({"product_create": True, "product_update": False})
        shirt = self.add()
        self.import_products()
        self.sim.store.change_product(shirt, title="Linen Shirt")
        self.import_products()
        self.assertEqual(self.layer(shirt).product_tmpl_id.name, "Shirt")

    def test_an_import_can_leave_existing_products_alone(self):
        self.instance.product_create = True
        shirt = self.add()
        self.import_products()
        self.sim.store.change_product(shirt, title="Linen Shirt")
        hat = self.add("Hat", "HAT-1")
        counts = self.import_products(keep_existing=True)
        self.assertEqual((counts["done"], counts["skipped"]), (1, 1))
        self.assertEqual(self.layer(shirt).title, "Shirt")
        self.assertTrue(self.layer(hat).product_tmpl_id)

    def test_an_older_state_never_replaces_a_newer_one(self):
        self.instance.product_create = True
        shirt = self.add()
        self.import_products(shirt)
        old = self.product_line(shirt).payload
        self.sim.clock.advance(60)
        self.sim.store.change_product(shirt, title="Newer")
        self.import_products(shirt)
        line = self.product_line(shirt)
        line.write({"payload": old, "state": "draft"})
        self.process_products()
        self.assertEqual(self.layer(shirt).title, "Newer")
        self.assertIn("newer", line.message)

    # Drafts, archived and deleted products

    def test_drafts_and_archived_products_come_only_when_asked_for(self):
        self.instance.product_create = True
        draft, archived = self.add("Draft", "D-1", status="DRAFT"), self.add("Old", "O-1", status="ARCHIVED")
        self.assertEqual(self.import_products()["done"], 0)
        self.import_products(include_draft=True)
        self.assertEqual(self.layer(draft).shopify_status, "draft")
        self.assertFalse(self.layer(archived))
        self.import_products(include_archived=True)
        self.assertFalse(self.layer(archived).active)

    def test_a_product_archived_in_shopify_archives_the_layer_and_not_odoos_product(self):
        self.instance.product_create = True
        shirt = self.add()
        self.import_products()
        self.sim.store.change_product(shirt, status="ARCHIVED")
        self.import_products()
        layer = self.layer(shirt)
        self.assertEqual((layer.active, layer.shopify_status, layer.product_tmpl_id.active), (False, "archived", True))
        self.sim.store.change_product(shirt, status="ACTIVE")
        self.import_products()
        self.assertTrue(self.layer(shirt).active)

    def test_a_product_deleted_in_shopify_is_archived_in_the_layer_when_it_is_got_again(self):
        self.instance.product_create = True
        shirt = self.add()
        self.import_products()
        self.sim.store.delete_product(shirt)
        layer = self.layer(shirt)
        with self.own_cursor() as env:
            layer.with_env(env).action_get_again()
        self.assertFalse(layer.active)
        self.assertTrue(layer.product_tmpl_id.active)

    def test_a_product_whose_line_waits_is_got_again_and_not_taken_for_deleted(self):
        shirt = self.add()
        self.assertEqual(self.import_products(), {"done": 0, "failed": 1, "skipped": 0, "later": 0})
        layer, line = self.layer(shirt), self.product_line(shirt)
        with self.own_cursor() as env:
            layer.with_env(env).action_get_again()
        self.assertTrue(layer.active)
        self.make_products(["SHIRT-1"])
        line.write({"state": "draft", "message": False})
        self.env.flush_all()
        with self.own_cursor() as env:
            layer.with_env(env).action_get_again()
        self.assertTrue(layer.active)
        self.assertEqual((line.state, layer.variant_ids.product_id.default_code), ("done", "SHIRT-1"))

    def test_a_deleted_product_that_is_imported_by_its_id_is_archived_in_the_layer(self):
        self.instance.product_create = True
        shirt = self.add()
        self.import_products()
        self.sim.store.delete_product(shirt)
        self.run_operation("product_by_id", source="by_id", tokens=str(shirt.id))
        self.assertFalse(self.layer(shirt).active)

    def test_a_variant_removed_in_shopify_is_archived_in_the_layer_only(self):
        self.instance.product_create = True
        trousers = self.add_options()
        self.import_products()
        self.sim.store.change_product(trousers, remove=["TROUSERS-S-Red"])
        self.import_products()
        layer = self.layer(trousers)
        self.assertEqual(len(layer.variant_ids.filtered("active")), 3)
        self.assertEqual(len(layer.product_tmpl_id.product_variant_ids), 4)

    # One to many, many to one

    def test_variants_of_one_shopify_product_may_be_separate_odoo_products(self):
        trousers = self.add_options(sizes=("S", "M"), colours=("Red",))
        small = self.make_products(["TROUSERS-S-Red"])
        medium = self.make_products(["TROUSERS-M-Red"])
        self.assertEqual(self.import_products()["done"], 1)
        self.assertEqual(set(self.layer(trousers).variant_ids.product_id), set(small + medium))
        self.assertNotEqual(small.product_tmpl_id, medium.product_tmpl_id)
        self.assertIn(small.name, self.logs(cause="several_products").message)

    def test_variants_of_one_odoo_product_may_be_separate_shopify_products(self):
        self.instance.product_create = True
        trousers = self.add_options(sizes=("S", "M"), colours=("Red",))
        self.import_products()
        template = self.layer(trousers).product_tmpl_id
        self.sim.store.delete_product(trousers)
        self.layer(trousers).with_context(shopify_unlink_exported=True).unlink()
        first, second = self.add("Small", "TROUSERS-S-Red"), self.add("Medium", "TROUSERS-M-Red")
        self.assertEqual(self.import_products(first, second)["done"], 2)
        self.assertEqual(self.layer(first).product_tmpl_id, template)
        self.assertEqual(self.layer(second).product_tmpl_id, template)

    def test_two_stores_share_an_odoo_product(self):
        sim = self.start_simulator(seed=2)
        other = self.connect(sim, name="Second Shop")
        product = self.make_products(["SHIRT-1"])
        here, there = self.add("Here"), sim.store.add_product("There", "SHIRT-1", "12.00")
        self.import_products(here)
        self.import_products(there, instance=other)
        self.assertEqual(self.layer(here).variant_ids.product_id, product)
        self.assertEqual(self.layer(there, other).variant_ids.product_id, product)
        self.assertEqual((self.layer(here).title, self.layer(there, other).title), ("Here", "There"))
        self.assertEqual(len(product.shopify_variant_ids), 2)
