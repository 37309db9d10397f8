"""A person sends stock: what is shown before, what is sent, and who may not."""

from datetime import timedelta

from odoo import fields
from odoo.addons.shopify_sync.models.stock_sender import MOST
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .stock_case import UNITS, StockCase


@tagged("post_install", "-at_install")
class TestStockByHand(StockCase):
    confirmed = False

    def test_the_first_export_is_looked_at_and_confirmed_and_then_goes_by_itself(self):
        with self.assertRaisesRegex(UserError, "look at the preview first"):
            self.export()
        self.env.invalidate_all()
        with self.own_cursor(self.user) as env:
            wizard = env["shopify.stock.export"].create({"instance_id": self.instance.id, "scope": "all"})
            wizard.action_preview()
            rows = {(line.sku, line.location_id.name): line for line in wizard.line_ids}
            line = rows[self.skus[0], "Main Warehouse"]
            self.assertEqual((line.units_there, line.units, line.effect), (7, UNITS, "change"))
            self.assertEqual(self.at_shopify(self.products[0]), 7, "a look changes nothing")
            wizard.action_export()
            self.assertIn("4 levels are right in Shopify", wizard.result)
        self.assertTrue(self.instance.stock_confirmed_at)
        self.assertEqual(self.at_shopify(self.products[0]), UNITS)
        self.change_stock(self.products[0], 2)
        self.run_changed()
        self.assertEqual(self.at_shopify(self.products[0]), UNITS + 2)

    def test_chosen_products_and_changes_since_a_time_are_all_that_is_sent(self):
        self.instance.stock_confirmed_at = fields.Datetime.now()
        self.export(scope="chosen", product_ids=self.variants[1].shopify_product_id.ids)
        chosen = self.variants[1].shopify_product_id.variant_ids
        self.assertEqual(self.stock_lines().variant_id, chosen)
        later = fields.Datetime.now() + timedelta(hours=1)
        self.export(scope="changed", since=later)
        self.assertEqual(len(self.stock_lines()), len(chosen))

    def test_the_products_list_sends_its_selection_as_a_person_with_the_role_sees_it_before(self):
        self.instance.stock_confirmed_at = fields.Datetime.now()
        chosen = self.variants[1].shopify_product_id
        self.commit()
        with self.own_cursor(self.user) as env:
            (action,) = (
                one
                for one in env["shopify.product"].get_views([(False, "list")], {"toolbar": True})["views"]["list"][
                    "toolbar"
                ]["action"]
                if one["name"] == "Export Stock"
            )
            opened = env[env["ir.actions.act_window"].browse(action["id"]).res_model].with_context(
                active_model="shopify.product", active_id=chosen.id, active_ids=chosen.ids
            )
            with Form(opened) as form:
                self.assertEqual((form.scope, form.product_ids.ids), ("chosen", chosen.ids))
            wizard = form.record
            wizard.action_preview()
            self.assertEqual(wizard.line_ids.variant_id.ids, chosen.variant_ids.ids)
            self.assertIn((7, UNITS), {(line.units_there, line.units) for line in wizard.line_ids})
            self.assertEqual(self.at_shopify(self.products[1]), 7, "a look changes nothing")
            wizard.action_export()
        self.assertEqual(self.stock_lines().variant_id, chosen.variant_ids)
        self.assertEqual(self.at_shopify(self.products[1]), UNITS)

    def test_products_of_two_stores_are_not_sent_together(self):
        other = self.connect(self.start_simulator(seed=2), name="Second Shop")
        foreign = self.env["shopify.product"].create({"instance_id": other.id, "title": "There"})
        both = self.variants[0].shopify_product_id | foreign
        wizard = self.env["shopify.stock.export"].with_context(active_model="shopify.product", active_ids=both.ids)
        with self.assertRaisesRegex(UserError, "one store"):
            wizard.create({})

    def test_an_outsider_cannot_send_stock(self):
        outsider = self.make_user("stock_outsider", "base.group_user")
        with self.assertRaises(AccessError):
            self.env["shopify.stock.export"].with_user(outsider).create({"instance_id": self.instance.id})
        action = self.env.ref("shopify_sync.shopify_stock_export_action")
        bindings = self.env["ir.actions.actions"].with_user(outsider).get_bindings("shopify.product")
        self.assertNotIn(action.id, [one["id"] for one in bindings.get("action", ())])

    def test_stores_share_a_product_each_with_its_own_rule(self):
        other_sim = self.start_simulator(seed=2)
        other = self.connect(other_sim, name="Second Shop", stock_buffer=10)
        sku = next(sku for sku in other_sim.store.skus() if sku in self.skus)
        product = self.products.filtered(lambda one: one.default_code == sku)
        self.link(other, product, other_sim)
        (other + self.instance).stock_confirmed_at = fields.Datetime.now()
        self.change_stock(product, 1)
        self.run_changed()
        self.run_changed(other)
        self.assertEqual(self.at_shopify(product), UNITS + 1)
        self.assertEqual(other_sim.store.stock(sku), UNITS + 1 - 10)

    def test_a_variant_linked_by_an_order_line_gets_its_inventory_item(self):
        self.instance.stock_confirmed_at = fields.Datetime.now()
        variant = self.variants[0]
        variant.write({"inventory_item_ref": False, "tracked": False})
        self.run_changed()
        self.assertTrue(variant.tracked)
        self.assertEqual(self.at_shopify(self.products[0]), UNITS)

    def test_a_request_holds_250_levels_at_most(self):
        self.assertEqual(MOST, 250)
        self.assertEqual(self.instance.queue_size_stock, 250)
