"""Stock of Shopify's locations as inventory counts, seen and applied by a person or at once."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .stock_case import UNITS, StockCase


@tagged("post_install", "-at_install")
class TestStockIn(StockCase):
    def bring(self, **values):
        """Import stock with the operations' dialog; its record."""
        with self.own_cursor(self.user) as env:
            wizard = env["shopify.operation"].create(
                {"instance_id": self.instance.id, "operation": "stock_import", **values}
            )
            wizard.action_execute()
            wizard_id = wizard.id
        return self.env["shopify.operation"].browse(wizard_id)

    def counts(self):
        return self.env["stock.quant"].search(
            [("product_id", "in", self.products.ids), ("inventory_quantity_set", "=", True)]
        )

    def on_hand(self, product):
        return product.with_context(warehouse_id=self.warehouse.id).qty_available

    def test_counts_wait_until_a_person_applies_them(self):
        wizard = self.bring()
        self.assertEqual(self.counts().mapped("inventory_quantity"), [7.0] * 4)
        self.assertEqual(self.on_hand(self.products[0]), UNITS, "nothing is applied yet")
        self.assertIn("They wait to be applied", wizard.result)
        domain = wizard.with_user(self.env.user).action_view_stock_counts()["domain"]
        self.assertEqual(self.env["stock.quant"].search_count(domain), 4)
        worker = self.make_user("stock_worker", "shopify_sync.group_user", "stock.group_stock_user")
        shown = wizard.with_user(worker).action_view_stock_counts()["context"]
        self.assertNotIn("search_default_my_count", shown, "a worker sees all of them, not those assigned to him")
        self.counts().with_user(worker).action_apply_inventory()
        self.env.invalidate_all()
        self.assertEqual(self.on_hand(self.products[0]), 7)

    def test_applied_at_once_they_are_adjustments_as_any_other_and_no_echo(self):
        self.instance.stock_apply_at_once = True
        self.bring()
        self.assertEqual(self.on_hand(self.products[0]), 7)
        move = self.env["stock.move"].search([("product_id", "=", self.products[0].id)], order="id desc", limit=1)
        self.assertTrue(move.is_inventory)
        self.assertEqual(move.state, "done")
        self.sim.requests.clear()
        self.run_changed()
        self.assertFalse(self.asked("InventorySetQuantities"), "Shopify has it already")

    def test_units_that_orders_have_set_aside_are_on_hand(self):
        self.import_orders(self.place(lines=[(self.skus[0], 3)]))
        self.bring(apply_at_once=True)
        self.assertEqual(self.on_hand(self.products[0]), 7)
        self.run_changed()
        self.assertEqual(self.at_shopify(self.products[0]), 4)

    def test_what_is_the_same_already_makes_no_count(self):
        self.sim.store.set_stock(self.skus[0], UNITS)
        self.bring()
        self.assertEqual(len(self.counts()), 3)

    def test_locations_with_one_warehouse_are_added_up(self):
        west = self.env["shopify.location"].search([("name", "=", "West Warehouse")])
        west.import_warehouse_id = self.warehouse
        self.bring(apply_at_once=True)
        self.assertEqual(self.on_hand(self.products[0]), 14)
        self.bring(apply_at_once=True, location_ids=self.main.ids)
        self.assertEqual(self.on_hand(self.products[0]), 7)

    def test_what_lies_in_other_places_of_the_warehouse_stays_there(self):
        shelf = self.env["stock.location"].create({"name": "Shelf", "location_id": self.warehouse.view_location_id.id})
        self.env["stock.quant"]._update_available_quantity(self.products[0], shelf, 5)
        self.bring(apply_at_once=True)
        self.assertEqual(self.on_hand(self.products[0]), 7)
        quant = self.env["stock.quant"].search(
            [("product_id", "=", self.products[0].id), ("location_id", "=", shelf.id)]
        )
        self.assertEqual(quant.quantity, 5)

    def test_less_than_nothing_is_nothing_with_a_warning_and_lots_are_listed(self):
        self.sim.store.set_stock(self.skus[0], -3)
        self.products[1].tracking = "lot"
        self.bring(apply_at_once=True)
        self.assertEqual(self.on_hand(self.products[0]), 0)
        self.assertEqual(self.on_hand(self.products[1]), UNITS)
        self.assertIn("-3", self.logs(cause="stock_negative").message)
        self.assertEqual(self.logs(cause="stock_lots").sku, self.skus[1])

    def test_without_an_import_warehouse_the_dialog_says_where_to_choose_one(self):
        self.main.import_warehouse_id = False
        with self.assertRaisesRegex(UserError, "import warehouse"):
            self.bring()
