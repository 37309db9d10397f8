"""Stock goes out in batches: what a level costs does not grow with their number."""

from odoo.tests import tagged

from .stock_case import StockCase

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
