"""Products that were deleted in Shopify: the layer says so, and they can be made anew or taken out."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_products_out import UpdateCase


@tagged("post_install", "-at_install")
class TestGone(UpdateCase):
    def setUp(self):
        super().setUp()
        self.add_picture(self.hat)
        self.update(self.hat)
        self.old_ids = {self.hat.shopify_id, *self.hat.variant_ids.mapped("shopify_id")}
        self.sim.requests.clear()

    def delete_there(self):
        self.sim.store.delete_product(self.made)

    def get_again(self):
        with self.own_cursor() as env:
            self.hat.with_env(env).action_get_again()

    def prepare(self, **values):
        template = self.hat.product_tmpl_id
        model = self.env["shopify.product.prepare"].with_context(
            active_model="product.template", active_ids=template.ids
        )
        return model.create({"instance_id": self.instance.id, **values})

    def assert_made_anew(self):
        line = self.line_of(self.hat)
        self.assertEqual(line.state, "done", line.message)
        self.assertTrue(self.hat.active)
        self.assertFalse(self.hat.gone_at or self.hat.last_error)
        self.assertNotEqual(self.there(self.hat), self.made)
        self.assertEqual([one.sku for one in self.there(self.hat).variants], ["HAT-S", "HAT-M"])
        self.assertEqual(len(self.there(self.hat).media), 1)
        new_ids = {self.hat.shopify_id, *self.hat.variant_ids.mapped("shopify_id")}
        self.assertFalse(new_ids & self.old_ids)
        self.assertTrue(all(new_ids))

    def test_a_product_that_an_update_found_deleted_is_exported_anew(self):
        self.delete_there()
        self.hat.title = "Storm Hat"
        self.update(self.hat)
        self.assertEqual(self.line_of(self.hat).state, "failed")
        self.assertTrue(self.hat.gone_at and self.hat.active)
        wizard = self.open_dialog(self.hat, "update")
        self.assertIn("use Export to Shopify", wizard.left_ids.reason)
        self.assertEqual(self.open_dialog(self.hat, "export").anew_count, 1)
        self.export(self.hat)
        self.assert_made_anew()
        self.assertEqual(self.there(self.hat).title, "Storm Hat")
        self.update(self.hat)
        self.assertEqual(self.line_of(self.hat).message, "Nothing had changed.")

    def test_a_product_that_was_archived_because_it_was_deleted_is_exported_anew(self):
        kept_out = self.env["shopify.product.variant"].create(
            {"shopify_product_id": self.hat.id, "shopify_id": "777", "title": "XL", "active": False}
        )
        self.delete_there()
        self.get_again()
        self.assertTrue(self.hat.gone_at)
        self.assertFalse(self.hat.active or self.hat.variant_ids)
        found = self.env["shopify.product"].search([("gone_at", "!=", False), ("active", "in", [True, False])])
        self.assertEqual(found, self.hat)
        self.export(self.hat)
        self.assert_made_anew()
        self.assertFalse(kept_out.active, "what was archived before stays archived")

    def test_a_product_that_is_in_shopify_again_is_not_called_deleted(self):
        self.hat.gone_at = "2026-01-01 00:00:00"
        self.get_again()
        self.assertFalse(self.hat.gone_at)
        self.hat.gone_at = "2026-01-01 00:00:00"
        self.env["shopify.queue.line"]._enqueue_products(
            self.instance, {self.hat: {"parts": ["basics"], "only_changed": True, "publish": None}}
        )
        self.send()
        self.assertFalse(self.hat.gone_at, "an update found it")

    def test_a_deleted_product_is_prepared_again_without_its_dead_ids(self):
        self.delete_there()
        self.get_again()
        action = self.prepare().action_prepare()
        layer = self.env["shopify.product"].search(action["domain"])
        self.assertEqual((layer, layer.exported), (self.hat, False))
        self.export(self.hat)
        self.assert_made_anew()

    def test_a_deleted_product_can_be_removed_from_the_layer_and_one_in_shopify_cannot(self):
        with self.assertRaisesRegex(UserError, "stays in the layer"):
            self.hat.action_remove()
        self.delete_there()
        self.get_again()
        self.hat.action_remove()
        self.assertFalse(self.hat.exists())

    def test_orders_of_the_deleted_product_still_find_their_odoo_product(self):
        order = self.place(lines=["HAT-S"])
        self.run_operation("order_by_id", source="by_id", tokens=str(order.id))
        ident, count = self.small.shopify_id, self.env["shopify.product"].search_count([])
        self.small.product_id.default_code = "RENAMED"  # nothing but the former id tells which product it is
        self.delete_there()
        self.get_again()
        self.export(self.hat)
        self.assertEqual(self.line_of(self.hat).state, "done")
        self.assertNotEqual(self.small.shopify_id, ident)
        self.assertEqual(self.process()["done"], 1)
        self.assertEqual(self.sale_order(order).order_line[:1].product_id, self.small.product_id)
        self.assertEqual(self.env["shopify.product"].search_count([]), count, "no record of the dead id")

    def test_a_product_that_is_being_sent_keeps_its_ids(self):
        cap = self.layer("Rain Cap", ("CAP",))
        self.delete_there()
        self.update(self.hat)
        self.line_of(self.hat).write({"state": "draft", "maybe_done": True})
        told = self.export(self.hat + cap)["params"]["message"]
        self.assertIn("may have reached", told)
        self.assertTrue(cap.exported)
        self.assertTrue(self.hat.shopify_id and self.hat.gone_at)
