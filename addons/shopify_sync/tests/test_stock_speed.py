"""Stock goes out in batches: what a level costs does not grow with their number, and the first ones wait for no others."""

from unittest.mock import patch

from odoo.tests import tagged

from .stock_case import UNITS, StockCase

SMALL, LARGE = 10, 40
#: Queries for one more level in a batch: noted, planned, computed, sent, kept.
QUERIES_PER_LEVEL = 1.0


@tagged("post_install", "-at_install")
class TestStockSpeed(StockCase):
    def queries_of(self, products):
        """Queries and requests from the change of stock of these products to its end in Shopify."""
        quants = self.env["stock.quant"].search(
            [("product_id", "in", products.ids), ("location_id", "=", self.warehouse.lot_stock_id.id)]
        )
        for quant in quants:
            quant.quantity += 1
        self.sim.requests.clear()
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.run_changed()
        return self.env.cr.sql_log_count - before, len(self.sim.requests)

    def test_one_more_level_costs_less_than_a_query_and_no_request(self):
        skus = self.sim.store.skus()[10 : 10 + LARGE]
        products = self.make_products(skus)
        self.link(self.instance, products)
        self.run_changed()
        self.queries_of(products[:2])
        (small, few), (large, many) = self.queries_of(products[:SMALL]), self.queries_of(products)
        self.assertEqual((few, many), (2, 2), "one read, one write")
        self.assertLessEqual((large - small) / (LARGE - SMALL), QUERIES_PER_LEVEL)


@tagged("post_install", "-at_install")
class TestStockOverlap(StockCase):
    """One change is planned at a time, a full request holds two."""

    def setUp(self):
        super().setUp()
        self.run_changed()
        self.sim.requests.clear()
        self.instance.queue_size_stock = 2
        self.startPatcher(patch("odoo.addons.shopify_sync.models.handler_stock.MARKS", 1))
        for product in self.products:
            self.change_stock(product, 1)

    def marks(self):
        return self.env["shopify.stock.change"].search_count([("instance_id", "=", self.instance.id)])

    def test_the_first_levels_are_in_shopify_before_the_last_ones_are_planned_and_each_request_is_full(self):
        sender, left = type(self.env["shopify.stock.sender"]), []
        original = sender._set

        def noting(model, instance, batch):
            left.append(self.marks())
            return original(model, instance, batch)

        with patch.object(sender, "_set", noting):
            self.run_changed()
        self.assertEqual(left, [2, 0])
        self.assertEqual([len(one.variables["ids"]) for one in self.asked("Levels")], [2, 2])
        for product in self.products:
            self.assertEqual(self.at_shopify(product), UNITS + 1)

    def test_while_the_request_budget_fills_up_again_the_next_levels_are_planned(self):
        budget = self.env["shopify.connection"]._row(self.instance.id)
        budget.write({"bucket_maximum": 2000, "bucket_available": 0, "bucket_restore": 0.001, "bucket_at": 4e9})
        self.run_changed()
        self.assertFalse(self.sim.requests)
        self.assertEqual((self.marks(), len(self.stock_lines(state="draft"))), (0, 4))
        budget.write({"bucket_available": 2000, "bucket_restore": 100})
        self.send_due()
        self.assertEqual(self.at_shopify(self.products[3]), UNITS + 1)
