"""Products made in Shopify from Odoo."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_products_out import ProductsOutCase


@tagged("post_install", "-at_install")
class TestExport(ProductsOutCase):
    def test_a_product_is_made_with_its_variants_prices_and_ids(self):
        layer = self.layer(
            description="<p>Keeps <b>dry</b></p>", tags="rain, new", vendor="Hatters", product_type="Hats"
        )
        small, medium = layer.variant_ids
        small.product_id.barcode = "4006381333931"
        small.product_id.weight = 0.25
        self.set_price(small.product_id, 30, self.compare_pricelist)
        self.set_price(medium.product_id, 10, self.compare_pricelist)
        self.export(layer, metafields=True, collections=True)
        self.assertEqual(self.line_of(layer).state, "done", self.line_of(layer).message)
        made = self.there(layer)
        self.assertEqual(
            (made.title, made.description_html, made.vendor, made.product_type, sorted(made.tags), made.status),
            ("Rain Hat", "<p>Keeps <b>dry</b></p>", "Hatters", "Hats", ["new", "rain"], "ACTIVE"),
        )
        self.assertEqual([one.sku for one in made.variants], ["HAT-S", "HAT-M"])
        self.assertEqual([str(one.price) for one in made.variants], ["20.00", "20.00"])
        self.assertEqual([one.compare_at_price and str(one.compare_at_price) for one in made.variants], ["30.00", None])
        self.assertEqual(made.variants[0].barcode, "4006381333931")
        self.assertEqual(made.variants[0].inventory_item.weight_grams, 250)
        self.assertEqual(made.options, [("Size", ["S", "M"])])
        self.assertEqual(layer.variant_ids.mapped("shopify_id"), [str(one.id) for one in made.variants])
        self.assertEqual(
            layer.variant_ids.mapped("inventory_item_ref"), [str(one.inventory_item.id) for one in made.variants]
        )
        self.assertTrue(layer.exported and layer.last_sent_at)
        self.assertFalse(layer.last_error)

    def test_a_status_of_active_does_not_publish(self):
        layer = self.layer()
        self.export(layer)
        self.assertEqual(self.channels(layer), [])
        self.assertEqual(layer.publish_state, "unpublished")

    def test_a_new_product_is_published_where_it_was_asked_for(self):
        web, both = self.layer("A", ("A-1",)), self.layer("B", ("B-1",))
        self.export(web, publish="web")
        self.export(both, publish="web_pos")
        self.assertEqual(self.channels(web), ["online_store"])
        self.assertEqual(self.channels(both), ["online_store", "pos"])
        self.assertEqual((web.publish_state, both.publish_state), ("web", "web_pos"))

    def test_a_prepared_product_that_is_published_can_be_bought_at_once(self):
        hat, cap = self.layer(shopify_status="draft"), self.layer("Cap", ("CAP-1",), shopify_status="draft")
        self.export(hat, publish="web")
        self.export(cap, publish="unpublished")
        self.assertEqual((self.there(hat).status, hat.shopify_status), ("ACTIVE", "active"))
        self.assertEqual((self.there(cap).status, cap.shopify_status), ("DRAFT", "draft"))

    def test_a_new_product_goes_to_further_channels_too(self):
        self.instance.action_refresh_channels()
        shop = self.instance.publication_ids.filtered(lambda one: one.kind == "other")
        layer = self.layer("C", ("C-1",))
        self.export(layer, publish="web", publication_ids=[(6, 0, shop.ids)])
        self.assertEqual(self.channels(layer), ["online_store", "shop"])

    def test_a_product_without_price_is_not_offered_for_nothing(self):
        layer = self.layer()
        with self.assertRaisesRegex(UserError, "sold for nothing"):
            self.press(self.open_dialog(layer, "export", price=False, publish="web"))
        self.assertFalse(self.mutations())

    def test_one_whose_handle_is_taken_is_not_made_and_offers_a_link(self):
        there = self.sim.store.add_product("Rain Hat", "OTHER-1", "5.00")
        there.handle = "rain-hat"
        layer = self.layer()
        self.export(layer)
        line = self.line_of(layer)
        self.assertEqual((line.state, line.failure_kind), ("failed", "configuration"))
        self.assertIn("rain-hat", line.message)
        self.assertEqual(line.link_ref, str(there.id))
        self.assertEqual(layer.last_error, line.message)
        self.assertFalse(self.sent("ProductSet"))

    def test_one_whose_sku_is_taken_is_linked_by_the_button(self):
        there = self.sim.store.add_product("Old hat", "HAT-X", "5.00")
        layer = self.layer("Rain Hat", ("HAT-X",))
        self.export(layer)
        line = self.line_of(layer)
        self.assertEqual(line.state, "failed")
        self.assertFalse(layer.exported)
        with self.own_cursor(self.user) as env:
            line.with_env(env).action_link()
        self.assertEqual(layer.shopify_id, str(there.id))
        self.assertEqual(layer.variant_ids.shopify_id, str(there.variants[0].id))
        self.assertEqual((line.state, there.title), ("done", "Old hat"))
        self.assertFalse(self.logs(resolved=False))
        self.update(layer)
        self.assertEqual((there.title, str(there.variants[0].price)), ("Rain Hat", "20.00"))

    def test_skus_of_several_products_are_named_and_nothing_is_linked(self):
        self.sim.store.add_product("One", "HAT-S", "5.00")
        self.sim.store.add_product("Two", "HAT-M", "5.00")
        layer = self.layer()
        self.export(layer)
        line = self.line_of(layer)
        self.assertEqual(line.state, "failed")
        self.assertIn("One, Two", line.message)
        self.assertFalse(line.link_ref)
        with self.assertRaises(UserError):
            line.action_link()

    def test_an_answer_that_was_lost_makes_no_second_product(self):
        layer = self.layer()
        self.sim.faults.add("lost", operation="ProductSet")
        self.export(layer)
        line = self.line_of(layer)
        self.assertEqual((line.state, line.maybe_done), ("draft", True))
        self.assertFalse(layer.exported)
        self.retry(line)
        self.assertEqual(line.state, "done", line.message)
        self.assertEqual(self.sent("ProductSet"), 1)
        self.assertEqual(len([one for one in self.sim.store.products if one.title == "Rain Hat"]), 1)
        self.assertEqual(layer.shopify_id, str(self.variant_there("HAT-S").product.id))
        self.assertEqual(layer.variant_ids.mapped("exported"), [True, True])

    def test_an_answer_that_was_lost_sends_no_picture_twice(self):
        layer = self.layer()
        pictures = self.add_picture(layer, 1) + self.add_picture(layer, 2)
        self.sim.faults.add("lost", operation="ProductSet")
        self.export(layer)
        self.retry(self.line_of(layer))
        made = self.there(layer)
        self.assertEqual([one.alt for one in made.media], ["Picture 1", "Picture 2"])
        self.assertEqual(pictures.mapped("shopify_id"), [str(one.id) for one in made.media])
        self.sim.store.jobs.run_due()
        self.sim.requests.clear()
        self.update(layer, image=True)
        self.assertEqual(self.mutations(), [])

    def test_a_sku_that_many_variants_in_shopify_have_hides_no_other_product(self):
        variants = [{"values": [str(number)], "sku": "HAT-S"} for number in range(260)]
        self.sim.store.add_variants("Many", [("Size", [])], variants)
        other = self.sim.store.add_product("Cap of Shopify", "CAP-1", "1.00")
        cap = self.layer("Cap", ("CAP-1",))
        self.export(self.layer() + cap)
        line = self.line_of(cap)
        self.assertEqual((line.state, line.link_ref), ("failed", str(other.id)), line.message)

    def test_a_product_of_a_person_made_meanwhile_is_not_taken_for_ours(self):
        layer = self.layer()
        self.sim.faults.add("timeout", operation="ProductSet", seconds=0)
        self.export(layer)
        line = self.line_of(layer)
        self.assertEqual((line.state, line.maybe_done), ("draft", True))
        self.sim.store.add_product("Rain Hat", "HAT-S", "1.00").handle = "rain-hat"
        self.retry(line)
        self.assertEqual((line.state, bool(line.link_ref), layer.exported), ("failed", True, False))

    def test_what_shopify_refuses_is_on_the_line_the_product_and_in_the_log(self):
        layer = self.layer(tags=", ".join(f"tag{number}" for number in range(251)))
        self.export(layer)
        line = self.line_of(layer)
        self.assertEqual((line.state, line.failure_kind), ("failed", "refused"))
        self.assertIn("Tags cannot have more than 250", line.message)
        self.assertEqual(layer.last_error, line.message)
        log = self.logs(resolved=False)
        self.assertEqual((log.res_model, log.res_id, log.fix_action), ("shopify.product", layer.id, "layer"))
        layer.tags = "one"
        self.retry(line)
        self.assertEqual(line.state, "done")
        self.assertFalse(layer.last_error)
        self.assertTrue(log.resolved)

    def test_one_refused_product_does_not_stop_the_others(self):
        bad = self.layer("Bad", ("BAD-1",), tags="x" * 256)
        good = self.layer("Good", ("GOOD-1",))
        self.export(bad + good)
        self.assertEqual((self.line_of(bad).state, self.line_of(good).state), ("failed", "done"))

    def test_left_out_products_say_why(self):
        done = self.layer("Done", ("DONE-1",))
        self.export(done)
        bare = self.layer("Bare", ("BARE-1",))
        bare.variant_ids.sku = False
        unlinked = self.layer("Unlinked", ("UNL-1",))
        unlinked.variant_ids.product_id = False
        good = self.layer("Fine", ("FINE-1",))
        wizard = self.open_dialog(done + bare + unlinked + good, "export", publish="unpublished")
        self.assertEqual(wizard.product_ids, good)
        reasons = {row.product_id: row.reason for row in wizard.left_ids}
        self.assertIn("already", reasons[done])
        self.assertIn("SKU", reasons[bare])
        self.assertIn("linked", reasons[unlinked])

    def test_a_product_of_2048_variants_is_made_and_knows_all_of_them(self):
        layer = self.layer("Big", ("BIG-0",))
        layer.variant_ids.option_values = [["Number", "0"]]
        product = layer.variant_ids.product_id
        self.env["shopify.product.variant"].create(
            [
                {
                    "shopify_product_id": layer.id,
                    "product_id": product.id,
                    "sku": f"BIG-{number}",
                    "position": number + 1,
                    "option_values": [["Number", str(number)]],
                }
                for number in range(1, 2048)
            ]
        )
        self.export(layer)
        self.assertEqual(self.line_of(layer).state, "done", self.line_of(layer).message)
        self.assertEqual(len(self.there(layer).variants), 2048)
        self.assertTrue(all(layer.variant_ids.mapped("exported")))
        self.assertEqual(self.sent("ProductSet"), 1)

    def test_more_than_shopify_takes_is_refused_before_it_is_sent(self):
        layer = self.layer("Odd", ("ODD-1", "ODD-2"))
        layer.variant_ids.option_values = [["A", "1"], ["B", "1"], ["C", "1"], ["D", "1"]]
        self.export(layer)
        message = self.line_of(layer).message
        self.assertIn("4 options", message)
        self.assertIn("same option values", message)
        self.assertFalse(self.mutations())

    def test_a_price_in_another_currency_is_not_converted(self):
        other = self.env.ref("base.EUR") if self.instance.shop_currency_id.name != "EUR" else self.env.ref("base.USD")
        other.active = True
        self.instance.pricelist_id = self.env["product.pricelist"].create({"name": "Other", "currency_id": other.id})
        layer = self.layer("Abroad", ("ABR-1",))
        self.export(layer)
        line = self.line_of(layer)
        self.assertEqual((line.state, line.failure_kind), ("failed", "configuration"))
        self.assertIn("not converted", line.message)
        self.assertFalse(self.mutations())


@tagged("post_install", "-at_install")
class TestWhoExports(ProductsOutCase):
    def test_a_user_exports_and_a_salesman_cannot(self):
        layer = self.layer()
        with self.assertRaises(AccessError):
            self.open_dialog(layer, "export", self.outsider)
        self.export(layer, self.user)
        self.assertTrue(layer.exported)

    def test_a_missing_permission_is_named_before_anything_is_queued(self):
        self.sim.access.scopes = [scope for scope in self.sim.access.scopes if scope != "write_products"]
        self.instance.action_check_connection()
        layer = self.layer()
        with self.assertRaisesRegex(UserError, "write_products"):
            self.press(self.open_dialog(layer, "export", publish="unpublished"))
        self.assertFalse(self.line_of(layer))

    def test_a_copy_of_the_database_sends_nothing(self):
        self.env["ir.config_parameter"].set_param("database.is_neutralized", True)
        layer = self.layer()
        with self.assertRaisesRegex(UserError, "neutralised copy"):
            self.press(self.open_dialog(layer, "export", publish="unpublished"))
        self.assertFalse(self.mutations())

    def test_two_stores_have_the_same_product_each_with_its_own_texts(self):
        other_sim = self.start_simulator(seed=2)
        other = self.connect(other_sim, name="Second Shop")
        first = self.layer("Hat", ("TWO-1",))
        second = self.layer("Chapeau", ("TWO-2",), store=other)
        second.variant_ids.product_id = first.variant_ids.product_id
        second.product_tmpl_id = first.product_tmpl_id
        self.set_price(first.variant_ids.product_id, 33, other.pricelist_id)
        self.export(first)
        with self.own_cursor(self.user) as env:
            own = second.with_env(env)
            context = own.action_export()["context"]
            wizard = env["shopify.product.send"].with_context(**context).create({"publish": "unpublished"})
            wizard.action_send()
        self.assertEqual(self.there(first).title, "Hat")
        made = other_sim.store.product(int(second.shopify_id))
        self.assertEqual((made.title, str(made.variants[0].price)), ("Chapeau", "33.00"))
