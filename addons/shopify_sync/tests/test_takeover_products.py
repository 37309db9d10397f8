"""Products that came to Odoo by hand or by another connector are linked, not made twice."""

import time
from unittest.mock import patch

from odoo.addons.shopify_sync.models import takeover_products, takeover_products_link
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .products_case import ProductCase
from .takeover_case import TakeoverMixin

BOOKS = ("product.product", "product.template")
LAYER = ("shopify.product", "shopify.product.variant", "shopify.queue.line")


@tagged("post_install", "-at_install")
class TestTakeoverProducts(TakeoverMixin, ProductCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.make_user("takes_over", "shopify_sync.group_manager")
        cls.user = cls.make_user("shop_user", "shopify_sync.group_user")

    def by_hand(self, sku=False, name="By Hand", **values):
        return self.env["product.product"].create({"name": name, "default_code": sku, **values})

    def variant(self, product, index=0):
        ident = str(product.variants[index].id)
        return self.env["shopify.product.variant"].search([("shopify_id", "=", ident)])

    def assert_row(self, row, match, product=None, reason="", link=None):
        self.assertEqual((row.match, row.product_id), (match, product or self.env["product.product"]), row.reason)
        self.assertEqual(row.link, match == "sure" if link is None else link)
        self.assertIn(reason, row.reason or "")

    # The preview

    def test_a_preview_writes_nothing(self):
        self.add()
        self.by_hand("SHIRT-1")
        before = self.counted(*BOOKS, *LAYER)
        wizard = self.search()
        self.assertEqual(self.counted(*BOOKS, *LAYER), before)
        self.assertIn("Looked at: variants 1, products 1", wizard.summary)
        self.assertIn("Found: 1", wizard.summary)

    def test_the_same_sku_is_sure_where_the_store_matches_by_it(self):
        self.add()
        product = self.by_hand("SHIRT-1")
        self.assert_row(self.search().line_ids, "sure", product)

    def test_only_the_same_barcode_is_a_doubt_where_the_store_matches_by_sku(self):
        self.add(barcode="4006381333931")
        product = self.by_hand("OURS", barcode="4006381333931")
        self.assert_row(self.search().line_ids, "check", product, "Only the barcode agrees")
        self.instance.product_match = "sku_barcode"
        self.assert_row(self.search().line_ids, "sure", product)

    def test_only_the_same_sku_is_a_doubt_where_the_store_matches_by_barcode(self):
        self.instance.product_match = "barcode"
        self.add(barcode="4006381333931")
        product = self.by_hand("SHIRT-1")
        self.assert_row(self.search().line_ids, "check", product, "Only the SKU agrees")

    def test_a_barcode_of_another_product_speaks_against_the_sku(self):
        self.add(barcode="4006381333931")
        product = self.by_hand("SHIRT-1")
        self.by_hand("OURS", "Other", barcode="4006381333931")
        self.assert_row(self.search().line_ids, "check", product, "Its barcode is that of [OURS] Other")

    def test_a_sku_of_several_products_is_left_to_a_person(self):
        self.add()
        self.by_hand("SHIRT-1", "One")
        self.by_hand("SHIRT-1", "Two")
        self.assert_row(self.search().line_ids, "ambiguous", reason="[SHIRT-1] One, [SHIRT-1] Two")

    def test_the_barcode_proposes_one_of_several(self):
        self.add(barcode="4006381333931")
        self.by_hand("SHIRT-1", "One")
        product = self.by_hand("SHIRT-1", "Two", barcode="4006381333931")
        self.assert_row(self.search().line_ids, "check", product, "also fits others")

    def test_a_sku_in_another_case_and_an_archived_product_are_doubts(self):
        self.add("Shirt", "SHIRT-1")
        self.add("Hat", "HAT-1")
        shirt, hat = self.by_hand("shirt-1 "), self.by_hand("HAT-1", active=False)
        rows = self.rows(self.search())
        self.assert_row(rows["Shirt"], "check", shirt, "written differently")
        self.assert_row(rows["Hat"], "check", hat, "archived")

    def test_a_sku_in_another_case_and_a_barcode_are_one_doubt_together(self):
        self.add("Shirt", "SHIRT-1", barcode="4006381333931")
        self.add("Hat", "HAT-1", barcode="4006381333948")
        shirt = self.by_hand("shirt-1", barcode="4006381333931")
        self.by_hand("hat-1", "One")
        self.by_hand("OTHER", "Two", barcode="4006381333948")
        rows = self.rows(self.search())
        self.assert_row(rows["Shirt"], "check", shirt, "written differently")
        self.assert_row(rows["Hat"], "ambiguous", reason="[hat-1] One, [OTHER] Two")

    def test_a_product_of_another_company_is_not_found(self):
        self.add()
        self.by_hand("SHIRT-1", company_id=self.env["res.company"].create({"name": "Elsewhere"}).id)
        self.assert_row(self.search().line_ids, "none")

    def test_a_variant_without_sku_and_barcode_says_so(self):
        self.add(sku=None)
        self.assert_row(self.search().line_ids, "none", reason="neither SKU nor barcode")

    def test_two_variants_in_shopify_with_one_sku_are_doubts(self):
        self.add("Shirt")
        self.add("Shirt, old")
        product = self.by_hand("SHIRT-1")
        rows = self.rows(self.search())
        self.assert_row(rows["Shirt"], "check", product, "“Shirt, old”: both would sell the same stock")
        self.assert_row(rows["Shirt, old"], "check", product, "“Shirt”")

    def test_an_odoo_variant_that_is_linked_already_is_a_doubt(self):
        self.add("Shirt")
        product = self.by_hand("SHIRT-1")
        self.take_over()
        self.add("Shirt, new")
        self.assert_row(self.rows(self.search())["Shirt, new"], "check", product, "“Shirt”")

    def test_archived_products_are_searched_when_asked_for(self):
        self.add(status="ARCHIVED")
        self.by_hand("SHIRT-1")
        wizard = self.search()
        self.assertFalse(wizard.line_ids)
        self.assertIn("Archived products left out: 1", wizard.summary)
        self.assertEqual(self.search(archived=True).line_ids.match, "sure")

    def test_a_big_store_is_searched_in_parts(self):
        self.patch(takeover_products, "PAGES", 1)
        self.patch(takeover_products, "PAGE_SIZE", 2)
        for number in range(3):
            self.add(f"Shirt {number}", f"SHIRT-{number}")
        wizard = self.search()
        self.assertEqual(set(self.rows(wizard)), {"Shirt 0", "Shirt 1"})
        self.assertIn("Next Part", wizard.summary)
        self.press(wizard, "action_next")
        self.assertEqual(set(self.rows(wizard)), {"Shirt 2"})
        self.assertFalse(wizard.cursor)

    def test_a_product_with_many_variants_is_read_whole(self):
        self.patch(takeover_products, "VARIANTS", 2)
        self.patch(takeover_products, "MORE_VARIANTS", 1)
        self.add_options()
        self.assertEqual(len(self.search().line_ids), 4)

    # Linking

    def test_a_linked_variant_is_known_and_no_product_is_made(self):
        self.instance.product_create = True
        shirt = self.add(barcode="4006381333931")
        product = self.by_hand("SHIRT-1", "Our Shirt", weight=3.0)
        before = self.counted(*BOOKS)
        wizard = self.take_over()
        self.assertEqual((wizard.step, wizard.known_ids.product_id), ("linked", product))
        variant = self.variant(shirt)
        self.assertEqual((variant.product_id, variant.matched_by), (product, "sku"))
        self.assertEqual(self.layer(shirt).product_tmpl_id, product.product_tmpl_id)
        self.assertEqual((variant.barcode, variant.price), ("4006381333931", 10.0))
        self.assertEqual((product.name, product.weight, product.barcode), ("Our Shirt", 3.0, False))
        self.assertEqual(self.counted(*BOOKS), before)

    def test_a_second_search_shows_it_as_linked(self):
        self.add()
        product = self.by_hand("SHIRT-1")
        self.take_over()
        wizard = self.search()
        self.assert_row(wizard.line_ids, "known", product, link=False)
        with self.assertRaisesRegex(UserError, "Tick at least one"):
            self.press(wizard)

    def test_the_next_import_and_order_meet_the_linked_product(self):
        self.instance.product_create = True
        shirt = self.add(sku="THEIRS")
        product = self.by_hand("OURS", is_storable=True)
        wizard = self.search()
        wizard.line_ids.write({"product_id": product.id, "link": True})
        self.press(wizard)
        self.assertEqual(self.variant(shirt).matched_by, "hand")
        before = self.counted(*BOOKS)
        self.assertEqual(self.import_products(shirt)["done"], 1)
        self.assertEqual(self.bring(lines=["THEIRS"]).order_line.product_id[:1], product)
        self.assertEqual(self.counted(*BOOKS), before)

    def test_only_what_is_ticked_is_linked(self):
        self.instance.product_create = True
        trousers, shirt = self.add_options(), self.add()
        products = [self.by_hand(variant.sku) for variant in trousers.variants]
        self.by_hand("SHIRT-1")
        wizard = self.search()
        rows = {row.sku: row for row in wizard.line_ids}
        rows[products[1].default_code].link = rows["SHIRT-1"].link = False
        before = self.counted(*BOOKS)
        self.press(wizard)
        linked = self.layer(trousers).variant_ids.sorted("position").product_id
        self.assertEqual(linked, products[0] + products[2] + products[3])
        self.assertFalse(self.variant(trousers, 1).product_id)
        self.assertFalse(self.layer(shirt))
        self.assertEqual(self.counted(*BOOKS), before)

    def test_variants_of_one_product_may_be_separate_products_in_odoo(self):
        trousers = self.add_options(sizes=("S", "M"), colours=("Red",))
        products = [self.by_hand(variant.sku, variant.sku) for variant in trousers.variants]
        wizard = self.search()
        self.assertEqual(wizard.sure_ids.mapped("reason"), ["Its product is 2 products in Odoo."] * 2)
        self.press(wizard)
        self.assertEqual([self.variant(trousers, number).product_id for number in (0, 1)], products)

    def test_variants_of_one_odoo_product_may_be_separate_products_in_shopify(self):
        small, medium = self.add("Trousers S", "T-S"), self.add("Trousers M", "T-M")
        size = self.env["product.attribute"].create(
            {"name": "Size", "value_ids": [(0, 0, {"name": "S"}), (0, 0, {"name": "M"})]}
        )
        template = self.env["product.template"].create(
            {
                "name": "Trousers",
                "attribute_line_ids": [(0, 0, {"attribute_id": size.id, "value_ids": size.value_ids.ids})],
            }
        )
        for product, sku in zip(template.product_variant_ids, ("T-S", "T-M"), strict=True):
            product.default_code = sku
        wizard = self.search()
        self.assertEqual(wizard.sure_ids.mapped("reason"), ["Its Odoo product is 2 products in Shopify."] * 2)
        self.press(wizard)
        self.assertEqual(self.variant(small).product_id + self.variant(medium).product_id, template.product_variant_ids)
        self.assertEqual(self.layer(small).product_tmpl_id, self.layer(medium).product_tmpl_id)

    def test_a_product_prepared_in_odoo_becomes_the_linked_one(self):
        shirt, product = self.add(), self.by_hand("SHIRT-1")
        prepared = self.env["shopify.product"].create(
            {
                "instance_id": self.instance.id,
                "title": "Prepared",
                "product_tmpl_id": product.product_tmpl_id.id,
                "variant_ids": [(0, 0, {"product_id": product.id, "sku": "SHIRT-1", "title": "Default Title"})],
            }
        )
        self.take_over()
        self.assertEqual(self.layer(shirt), prepared)

    def test_a_sku_twice_in_a_product_is_not_linked_and_says_why(self):
        options = [["Size", ["S", "M"]]]
        both = [{"values": [size], "sku": "SAME", "price": "1.00"} for size in "SM"]
        twice = self.sim.store.add_variants("Twice", options, both)
        self.add()
        self.by_hand("SAME")
        self.by_hand("SHIRT-1")
        wizard = self.search()
        wizard.line_ids.link = True
        self.press(wizard)
        self.assertEqual(wizard.known_ids.title, "Shirt")
        self.assertIn("SKU SAME stands on", wizard.check_ids[0].reason)
        self.assertIn("Not linked: 2", wizard.summary)
        self.assertFalse(self.layer(twice))

    def test_a_product_deleted_meanwhile_is_named(self):
        self.add()
        self.by_hand("SHIRT-1")
        wizard = self.search()
        self.sim.store.products = []
        self.press(wizard)
        self.assertEqual(wizard.step, "choose")
        self.assert_row(wizard.line_ids, "check", wizard.line_ids.product_id, "not in Shopify any more")

    def test_what_takes_too_long_stays_ticked(self):
        self.patch(takeover_products_link, "PAGE_PRODUCTS", 1)
        for number in range(3):
            self.add(f"Shirt {number}", f"SHIRT-{number}")
            self.by_hand(f"SHIRT-{number}")
        wizard = self.search()
        clock = iter((0.0, 1.0, 1000.0))
        with patch.object(takeover_products_link, "time", wraps=time) as fake:
            fake.monotonic.side_effect = lambda: next(clock)
            self.press(wizard)
        self.assertEqual((len(wizard.known_ids), len(wizard.sure_ids.filtered("link"))), (1, 2))
        self.assertIn("link again", wizard.summary)
        self.press(wizard)
        self.assertEqual(len(wizard.known_ids), 3)

    def test_a_failure_on_the_way_keeps_what_was_linked_and_says_so(self):
        self.patch(takeover_products_link, "PAGE_PRODUCTS", 1)
        for number in range(2):
            self.add(f"Shirt {number}", f"SHIRT-{number}")
            self.by_hand(f"SHIRT-{number}")
        wizard = self.search()
        self.sim.faults.add("status", operation="ProductsByIds", times=None, after=1, status=401)
        self.press(wizard)
        self.assertEqual((len(wizard.known_ids), len(wizard.sure_ids)), (1, 1))
        self.assertIn("1 of 2 linked", wizard.summary)
        self.assertEqual(wizard.step, "choose")

    def test_a_store_that_cannot_be_read_says_why(self):
        self.sim.faults.add("status", operation="TakeoverProducts", times=None, status=401)
        with self.assertRaises(UserError):
            self.search()

    def test_orders_that_waited_for_the_product_are_tried_again(self):
        shirt = self.add(sku="THEIRS")
        product = self.by_hand("OURS", is_storable=True)
        order = self.place(lines=["THEIRS"])
        self.import_orders(order)
        self.assertEqual(self.queue_line(order).state, "failed")
        wizard = self.search()
        wizard.line_ids.write({"product_id": product.id, "link": True})
        self.press(wizard)
        self.process()
        self.assertEqual(self.sale_order(order).order_line.product_id[:1], product)
        self.assertTrue(self.variant(shirt))

    def test_a_product_of_another_company_is_refused(self):
        self.add()
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.manager.company_ids += elsewhere
        other = self.by_hand("OTHER", company_id=elsewhere.id)
        wizard = self.search()
        wizard.line_ids.write({"product_id": other.id, "link": True})
        with self.assertRaisesRegex(UserError, "another company"):
            self.press(wizard)
        self.assertFalse(self.env["shopify.product"].search([("instance_id", "=", self.instance.id)]))

    # Rights and screen

    def test_taking_over_is_for_managers(self):
        with self.assertRaises(AccessError):
            self.search(user=self.user)
        self.add()
        self.by_hand("SHIRT-1")
        wizard = self.search()
        with self.assertRaises(AccessError):
            self.press(wizard, user=self.user)
        self.assertEqual(wizard.line_ids.match, "sure")

    def test_the_dialog_is_filled_in_and_pressed(self):
        self.add()
        one, _two = self.by_hand("SHIRT-1", "One"), self.by_hand("SHIRT-1", "Two")
        with self.own_cursor(self.manager) as env:
            form = Form(env["shopify.takeover"])
            form.instance_id = self.instance.with_env(env)
            form.what = "product"
            wizard = form.save()
            wizard.action_search()
            with Form(wizard) as form, form.check_ids.edit(0) as row:
                row.product_id = one.with_env(env)
                row.link = True
            wizard.action_link()
            self.assertEqual(wizard.known_ids.product_id, one)


@tagged("post_install", "-at_install")
class TestTakeoverSpeed(TakeoverMixin, ProductCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.make_user("takes_over", "shopify_sync.group_manager")

    def test_more_products_need_no_more_queries(self):
        def queries(count):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows = self.env["shopify.takeover.products"]._rows(self.instance._for_jobs(), variants[:count])
            self.assertEqual({row["match"] for row in rows}, {"sure"})
            return self.env.cr.sql_log_count - before

        self.env["product.product"].create(
            [{"name": f"P{number}", "default_code": f"P-{number}"} for number in range(60)]
        )
        variants = [
            takeover_products.Listed(str(number), str(number), f"P{number}", "", f"P-{number}", "")
            for number in range(60)
        ]
        queries(60)
        self.assertEqual(queries(60), queries(10))
