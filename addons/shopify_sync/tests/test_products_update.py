"""Products of Odoo that are in Shopify: what has changed is sent, and nothing else."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_products_out import NONE, UpdateCase


@tagged("post_install", "-at_install")
class TestUpdate(UpdateCase):
    def test_nothing_is_sent_when_nothing_has_changed(self):
        self.update(self.hat, metafields=True, collections=True)
        self.assertEqual(self.mutations(), [])
        line = self.line_of(self.hat)
        self.assertEqual((line.state, line.message), ("done", "Nothing had changed."))

    def test_only_the_changed_field_is_sent(self):
        self.hat.title = "Storm Hat"
        self.update(self.hat)
        self.assertEqual(self.mutations(), ["ProductUpdate"])
        self.assertEqual(
            self.variables("ProductUpdate")["product"],
            {"id": f"gid://shopify/Product/{self.hat.shopify_id}", "title": "Storm Hat"},
        )
        self.assertEqual((self.made.title, self.made.vendor), ("Storm Hat", "Hatters"))

    def test_only_ticked_parts_are_sent(self):
        self.hat.title = "Storm Hat"
        self.set_price(self.small.product_id, 25)
        self.update(self.hat, **{**NONE, "price": True})
        self.assertEqual(self.mutations(), ["VariantsBulkUpdate"])
        self.assertEqual((self.made.title, str(self.variant_there("HAT-S").price)), ("Rain Hat", "25.00"))
        self.update(self.hat, **{**NONE, "basics": True})
        self.assertEqual(self.made.title, "Storm Hat", "what was not ticked is not forgotten")

    def test_nothing_ticked_is_refused(self):
        with self.assertRaisesRegex(UserError, "Tick what"):
            self.press(self.open_dialog(self.hat, "update", **NONE))

    def test_what_only_a_person_in_shopify_changed_stays(self):
        self.sim.store.change_product(self.made, title="Designer Hat", variants={"HAT-S": {"price": "99.00"}})
        self.update(self.hat)
        self.assertEqual(self.mutations(), [])
        self.assertEqual((self.made.title, str(self.variant_there("HAT-S").price)), ("Designer Hat", "99.00"))

    def test_all_that_is_ticked_is_sent_when_not_only_changed(self):
        self.sim.store.change_product(self.made, title="Designer Hat", variants={"HAT-S": {"price": "99.00"}})
        self.update(self.hat, only_changed=False)
        self.assertEqual((self.made.title, str(self.variant_there("HAT-S").price)), ("Rain Hat", "20.00"))

    def test_what_is_edited_while_it_is_sent_is_not_forgotten(self):
        self.hat.title = "Rain Cap"
        sender = type(self.env["shopify.handler.product.export"])
        update = sender._update

        def edited_meanwhile(model, instance, sent):
            update(model, instance, sent)
            with self.own_cursor() as env:
                self.hat.with_env(env).title = "Storm Cap"
                self.small.with_env(env).write({"hs_code": "650500", "barcode": "4006381333931"})

        with patch.object(sender, "_update", edited_meanwhile):
            self.update(self.hat)
        self.assertEqual(self.made.title, "Rain Cap")
        self.assertEqual((self.hat.edited, self.small.edited), (["title"], ["barcode", "hs_code"]))
        self.assertEqual(self.small.barcode, "4006381333931")
        self.update(self.hat)
        self.assertEqual((self.made.title, self.hat.edited, self.small.edited), ("Storm Cap", False, False))

    def test_a_field_changed_on_both_sides_is_odoos(self):
        self.hat.title = "Storm Hat"
        self.sim.store.change_product(self.made, title="Designer Hat")
        self.update(self.hat)
        self.assertEqual(self.made.title, "Storm Hat")

    def test_a_field_changed_on_both_sides_stays_when_shopify_owns_it(self):
        self.own("title")
        self.hat.write({"title": "Storm Hat", "vendor": "Millers"})
        self.sim.store.change_product(self.made, title="Designer Hat")
        self.update(self.hat, only_changed=False)
        self.assertEqual((self.made.title, self.made.vendor), ("Designer Hat", "Millers"))
        log = self.logs(cause="owner")
        self.assertIn("Designer Hat", log.message)
        self.assertEqual((log.severity, self.line_of(self.hat).state), ("warning", "done"))

    def test_status_and_handle_are_sent_and_the_former_address_goes_on_to_work(self):
        self.assertEqual(self.made.handle, "rain-hat")
        self.hat.write({"shopify_status": "draft", "handle": "Storm Hat"})
        self.update(self.hat)
        self.assertEqual(
            self.variables("ProductUpdate")["product"],
            {
                "id": f"gid://shopify/Product/{self.hat.shopify_id}",
                "status": "DRAFT",
                "handle": "storm-hat",
                "redirectNewHandle": True,
            },
        )
        self.assertEqual((self.made.status, self.made.handle, self.hat.handle), ("DRAFT", "storm-hat", "storm-hat"))
        self.assertEqual(self.sim.store.storefront.redirects["rain-hat"], "storm-hat")
        self.sim.requests.clear()
        self.update(self.hat)
        self.assertEqual((self.mutations(), self.hat.edited), ([], False))

    def test_a_status_or_handle_changed_in_shopify_only_stays(self):
        self.sim.store.change_product(self.made, status="ARCHIVED")
        self.made.handle = "designers-hat"
        self.hat.title = "Storm Hat"
        self.update(self.hat)
        self.assertEqual(
            (self.made.title, self.made.status, self.made.handle), ("Storm Hat", "ARCHIVED", "designers-hat")
        )

    def test_status_and_handle_changed_on_both_sides_stay_when_shopify_owns_them(self):
        self.own("status")
        self.own("handle")
        self.hat.write({"shopify_status": "draft", "handle": "storm-hat"})
        self.sim.store.change_product(self.made, status="UNLISTED")
        self.made.handle = "designers-hat"
        self.update(self.hat)
        self.assertEqual((self.made.status, self.made.handle), ("UNLISTED", "designers-hat"))
        self.assertIn("UNLISTED", self.logs(cause="owner").message)

    def test_a_handle_that_another_product_has_is_refused_by_name(self):
        self.sim.store.add_product("Other", "OTHER-9", "5.00").handle = "storm-hat"
        self.hat.write({"handle": "storm-hat", "title": "Storm Hat"})
        self.update(self.hat)
        line = self.line_of(self.hat)
        self.assertEqual((line.state, self.made.handle, self.made.title), ("failed", "rain-hat", "Rain Hat"))
        self.assertIn("“storm-hat”", line.message)
        self.assertEqual((self.hat.last_error, self.hat.edited), (line.message, ["handle", "title"]))

    def test_prices_follow_the_pricelist_and_a_compare_at_price_that_is_not_higher_is_cleared(self):
        self.set_price(self.small.product_id, 40, self.compare_pricelist)
        self.set_price(self.medium.product_id, 40, self.compare_pricelist)
        self.update(self.hat)
        self.assertEqual(str(self.variant_there("HAT-S").compare_at_price), "40.00")
        self.set_price(self.small.product_id, 40)
        self.update(self.hat)
        self.assertEqual(str(self.variant_there("HAT-S").price), "40.00")
        self.assertIsNone(self.variant_there("HAT-S").compare_at_price)
        self.assertEqual(str(self.variant_there("HAT-M").compare_at_price), "40.00")

    def test_barcode_and_weight_follow_the_odoo_product(self):
        self.small.product_id.write({"barcode": "4006381333931", "weight": 1.5})
        self.update(self.hat)
        there = self.variant_there("HAT-S")
        self.assertEqual((there.barcode, there.inventory_item.weight_grams), ("4006381333931", 1500))
        self.sim.requests.clear()
        self.update(self.hat)
        self.assertEqual(self.mutations(), [])

    def test_a_weight_that_odoo_keeps_with_fewer_digits_is_no_change(self):
        """Odoo rounds weights to 10 g: 125 g came in, 130 g must not go out."""
        for variant in self.hat.variant_ids.with_context(shopify_alike=True):
            variant.weight = 0.125
        self.small.product_id.weight = 0.125
        for sku in ("HAT-S", "HAT-M"):
            self.variant_there(sku).inventory_item.weight_grams = 125
        self.update(self.hat)
        self.assertEqual(self.mutations(), [])
        self.small.product_id.weight = 0.2
        self.update(self.hat)
        weights = [self.variant_there(sku).inventory_item.weight_grams for sku in ("HAT-S", "HAT-M")]
        self.assertEqual(weights, [200, 125])

    def test_weights_go_out_in_the_unit_in_which_the_store_brings_them_in(self):
        self.instance.weight_uom_id = self.env.ref("uom.product_uom_lb")
        self.small.product_id.weight = 2
        self.update(self.hat)
        self.assertEqual(round(self.variant_there("HAT-S").inventory_item.weight_grams), 907)

    def test_a_new_variant_is_added(self):
        product = self.small.product_id.copy({"default_code": "HAT-L"})
        self.set_price(product, 22)
        large = self.env["shopify.product.variant"].create(
            {
                "shopify_product_id": self.hat.id,
                "product_id": product.id,
                "sku": "HAT-L",
                "position": 3,
                "option_values": [["Size", "L"]],
            }
        )
        self.update(self.hat)
        there = self.variant_there("HAT-L")
        self.assertEqual((there.title, str(there.price), large.shopify_id), ("L", "22.00", str(there.id)))
        self.assertEqual(large.inventory_item_ref, str(there.inventory_item.id))

    def test_a_variant_with_other_options_is_refused_and_nothing_is_sent(self):
        self.hat.title = "Storm Hat"
        self.env["shopify.product.variant"].create(
            {"shopify_product_id": self.hat.id, "sku": "HAT-R", "option_values": [["Size", "L"], ["Colour", "Red"]]}
        )
        self.update(self.hat)
        line = self.line_of(self.hat)
        self.assertEqual((line.state, line.failure_kind, self.mutations()), ("failed", "data", []))
        for part in ("Storm Hat", "“Colour”: HAT-S, HAT-M lack it", "in Shopify"):
            self.assertIn(part, line.message)

    def test_an_option_that_has_another_name_in_shopify_is_refused_by_name(self):
        self.env["shopify.product.variant"].create(
            {"shopify_product_id": self.hat.id, "sku": "HAT-L", "option_values": [["Size", "L"]]}
        )
        self.made.options = [("Format", self.made.options[0][1])]
        for variant in self.made.variants:
            variant.selected = [("Format", value) for _name, value in variant.selected]
        self.update(self.hat)
        message = self.line_of(self.hat).message
        self.assertEqual(self.mutations(), [])
        for part in ("Rain Hat", "“Size”", "“Format”"):
            self.assertIn(part, message)

    def test_a_variant_that_odoo_does_not_have_is_never_deleted_by_itself(self):
        self.medium.unlink()
        self.update(self.hat, only_changed=False)
        self.assertEqual(len(self.made.variants), 2)
        self.assertFalse(self.sent("VariantsBulkDelete"))

    def test_a_variant_that_odoo_does_not_have_is_deleted_when_it_was_shown_and_ticked(self):
        self.medium.unlink()
        wizard = self.open_dialog(self.hat, "update", delete_missing=True)
        with self.own_cursor(self.user) as env:
            wizard.with_env(env).action_look_for_missing()
        self.assertEqual(wizard.missing_ids.mapped("sku"), ["HAT-M"])
        self.press(wizard)
        self.assertEqual(len(self.made.variants), 2, "listed, not ticked")
        wizard.missing_ids.delete = True
        self.press(wizard)
        self.assertEqual([one.sku for one in self.made.variants], ["HAT-S"])

    def test_a_product_deleted_in_shopify_says_so(self):
        self.sim.store.delete_product(self.made)
        self.hat.title = "Storm Hat"
        self.update(self.hat)
        line = self.line_of(self.hat)
        self.assertEqual(line.state, "failed")
        self.assertIn("deleted in Shopify", line.message)
        self.assertEqual(self.hat.last_error, line.message)

    def test_a_lost_answer_is_read_before_it_is_sent_again(self):
        self.hat.title = "Storm Hat"
        self.sim.faults.add("lost", operation="ProductUpdate")
        self.update(self.hat)
        line = self.line_of(self.hat)
        self.assertEqual((line.state, line.maybe_done), ("draft", True))
        self.retry(line)
        self.assertEqual((line.state, self.sent("ProductUpdate")), ("done", 1))

    def test_throttled_is_no_attempt_and_goes_on_later(self):
        self.hat.title = "Storm Hat"
        self.sim.faults.add("throttled", operation="ProductUpdate")
        self.update(self.hat)
        line = self.line_of(self.hat)
        self.assertEqual((line.state, line.attempts, bool(line.next_attempt_at)), ("draft", 0, True))
        self.retry(line)
        self.assertEqual((line.state, self.made.title), ("done", "Storm Hat"))

    def test_an_update_that_waits_for_the_budget_is_not_told_as_nothing_to_do(self):
        self.hat.title = "Storm Hat"
        self.sim.faults.add("throttled", operation="ProductsToUpdate")
        told = self.update(self.hat)["params"]
        self.assertEqual(told["type"], "warning")
        self.assertIn("1 not done yet, it goes on by itself: " + self.line_of(self.hat).message, told["message"])
        self.assertNotIn("Nothing to do", told["message"])
        self.env["shopify.queue.line"].browse(self.line_of(self.hat).id).next_attempt_at = False
        self.send()
        self.assertEqual(self.made.title, "Storm Hat")

    def test_a_paused_line_is_not_told_as_in_other_hands(self):
        self.hat.title = "Storm Hat"
        self.sim.faults.add("throttled", operation="ProductsToUpdate")
        self.update(self.hat)
        with self.own_cursor(self.user) as env:
            told = self.line_of(self.hat).with_env(env)._process_by_hand()["params"]
        self.assertEqual(told["type"], "warning")
        self.assertNotIn("elsewhere", told["message"])
        self.assertIn("1 not done yet", told["message"])

    def test_a_second_request_joins_the_one_that_waits(self):
        self.sim.faults.add("throttled", operation="ProductsToUpdate")
        self.hat.title = "Storm Hat"
        self.update(self.hat, **{**NONE, "basics": True})
        self.set_price(self.small.product_id, 25)
        self.update(self.hat, **{**NONE, "price": True})
        self.assertEqual((self.made.title, str(self.variant_there("HAT-S").price)), ("Storm Hat", "25.00"))
        lines = self.env["shopify.queue.line"].search([("kind", "=", "product_export"), ("res_id", "=", self.hat.id)])
        self.assertEqual(lines.mapped("state"), ["done", "done"])

    def test_an_export_goes_to_a_product_of_its_own_sequence(self):
        self.assertTrue(self.line_of(self.hat).queue_id.name.startswith("SXQ"))


@tagged("post_install", "-at_install")
class TestPublishing(UpdateCase):
    def press_button(self, name):
        with self.own_cursor(self.user) as env:
            getattr(self.hat.with_env(env), name)()
        self.send()

    def test_the_buttons_publish_and_unpublish_and_send_nothing_else(self):
        self.hat.title = "Storm Hat"
        self.press_button("action_publish_web_pos")
        self.assertEqual((self.channels(self.hat), self.hat.publish_state), (["online_store", "pos"], "web_pos"))
        self.press_button("action_publish_web")
        self.assertEqual((self.channels(self.hat), self.hat.publish_state), (["online_store"], "web"))
        self.press_button("action_unpublish")
        self.assertEqual((self.channels(self.hat), self.hat.publish_state), ([], "unpublished"))
        self.assertEqual(self.made.title, "Rain Hat")
        self.assertTrue(set(self.mutations()) <= {"PublishProduct", "UnpublishProduct"})

    def test_other_channels_stay(self):
        self.sim.store.storefront.publish(self.made, "shop", "pos")
        self.press_button("action_publish_web")
        self.assertEqual(self.channels(self.hat), ["online_store", "shop"])

    def test_a_draft_becomes_visible_and_an_archived_one_is_refused(self):
        self.sim.store.change_product(self.made, status="DRAFT")
        self.press_button("action_publish_web")
        self.assertEqual(self.made.status, "ACTIVE")
        self.sim.store.change_product(self.made, status="ARCHIVED")
        self.sim.store.storefront.publish(self.made)
        self.press_button("action_publish_web")
        self.assertIn("archived in Shopify", self.line_of(self.hat).message)
        self.assertEqual(self.channels(self.hat), [])

    def test_a_missing_permission_is_named(self):
        self.sim.access.scopes = [one for one in self.sim.access.scopes if "publications" not in one]
        self.instance.action_check_connection()
        with self.assertRaisesRegex(UserError, "read_publications"), self.own_cursor(self.user) as env:
            self.hat.with_env(env).action_publish_web()


@tagged("post_install", "-at_install")
class TestPictures(UpdateCase):
    def follow(self):
        self.env.flush_all()
        left = self.env["shopify.product.pictures"]._follow(self.instance._for_jobs())
        self.env.invalidate_all()
        return left

    def test_pictures_are_sent_once_and_followed_until_they_are_ready(self):
        self.sim.store.storefront.media_delay = 30
        pictures = self.add_picture(self.hat, 1) + self.add_picture(self.hat, 2)
        self.update(self.hat)
        self.assertEqual([one.alt for one in self.made.media], ["Picture 1", "Picture 2"])
        self.assertEqual(pictures.mapped("shopify_id"), [str(one.id) for one in self.made.media])
        self.assertEqual((self.follow(), set(pictures.mapped("status"))), (2, {"processing"}))
        self.sim.clock.advance(60)
        self.assertEqual((self.follow(), set(pictures.mapped("status"))), (0, {"ready"}))
        self.sim.requests.clear()
        self.update(self.hat)
        self.assertEqual(self.mutations(), [])

    def test_a_new_product_has_its_pictures_in_order_and_each_variant_its_own(self):
        layer = self.layer("Cap", ("CAP-S", "CAP-M"))
        self.add_picture(layer, 1)
        self.add_picture(layer, 2, variant_ids=[(6, 0, layer.variant_ids[1].ids)])
        self.export(layer)
        made = self.there(layer)
        self.assertEqual([one.alt for one in made.media], ["Picture 1", "Picture 2"])
        self.assertEqual([[one.alt for one in variant.media] for variant in made.variants], [[], ["Picture 2"]])

    def test_a_changed_alt_text_sends_no_picture(self):
        picture = self.add_picture(self.hat, 1)
        self.update(self.hat)
        self.follow()
        self.sim.requests.clear()
        picture.alt = "A hat in the rain"
        self.update(self.hat)
        self.assertEqual(self.mutations(), ["FileUpdate"])
        self.assertEqual(self.made.media[0].alt, "A hat in the rain")

    def test_a_picture_that_shopify_cannot_read_is_named_and_can_be_sent_again(self):
        picture = self.add_picture(self.hat, 1)
        self.update(self.hat)
        self.sim.store.storefront.problems[self.made.media[0].id] = ("IMAGE_PROCESSING_FAILURE", "Cannot be processed")
        self.sim.store.jobs.run_due()
        self.made.media[0].status = "FAILED"
        self.follow()
        self.assertEqual((picture.status, picture.message), ("failed", "Cannot be processed"))
        self.assertIn("Cannot be processed", self.logs(cause="image_refused").message)
        self.update(self.hat)
        self.assertEqual([one.status for one in self.made.media][1:], ["PROCESSING"])
