"""The request budget of a store is shared by lanes: orders before shipments before stock before the catalogue."""

from unittest.mock import patch

from odoo.addons.shopify_sync import shopify_api
from odoo.addons.shopify_sync.models import run_starter
from odoo.tests import tagged

from .common import ShopifyCase

STANDARD = {"bucket_size": 2000, "restore_rate": 100}
#: What the costliest request for orders may cost.
ORDERS = 1000


@tagged("post_install", "-at_install")
class TestBudgetLanes(ShopifyCase):
    sim_options = STANDARD

    def setUp(self):
        super().setUp()
        self.connection = self.env["shopify.connection"]
        self.row = self.connection._row(self.instance.id)
        now = self.env.cr.now().timestamp()
        self.row.write({"bucket_maximum": 2000, "bucket_available": 2000, "bucket_restore": 0.001, "bucket_at": now})
        self.now = now

    def spend(self, cost, lane):
        """Take points as a worker on another connection does; whether they were given."""
        self.env.flush_all()
        try:
            self.connection._prepare(self.instance, cost, lane)
        except shopify_api.Throttled:
            return False
        finally:
            self.env.invalidate_all()
        return True

    def flood(self, cost, lane):
        """Several connections of one lane that take all they get; how many requests that is."""
        for number in range(1000):
            if not self.spend(cost, lane):
                return number
        return self.fail("the budget has no end")

    def test_whatever_the_later_lanes_do_an_orders_request_finds_its_points(self):
        for lane, cost in (("catalogue", 900), ("catalogue", 50), ("stock", 40), ("shipments", 10)):
            self.flood(cost, lane)
        self.assertTrue(self.spend(ORDERS, "orders"))

    def test_each_lane_leaves_something_to_the_one_before_it(self):
        self.flood(40, "catalogue")
        self.assertTrue(self.spend(40, "stock"))
        self.flood(40, "stock")
        self.assertTrue(self.spend(40, "shipments"))

    def test_a_lane_that_has_waited_long_has_one_turn_and_an_order_waits_for_no_more_than_that(self):
        self.row.bucket_available = 500
        self.assertFalse(self.spend(40, "stock"))
        self.assertEqual(list(self.row.lanes_waiting), ["stock"])
        self.row.lanes_waiting = {"stock": self.now - shopify_api.budget.PATIENCE}
        self.assertTrue(self.spend(40, "stock"))
        self.assertFalse(self.spend(40, "stock"), "one turn")
        self.assertAlmostEqual(self.row.bucket_available, 460, delta=1)

    def test_orders_alone_may_use_the_whole_budget(self):
        self.assertEqual(self.flood(500, "orders"), 4)

    def test_one_stores_lanes_leave_another_stores_budget_alone(self):
        other = self.connect(self.start_simulator(seed=2, **STANDARD), name="Second Shop")
        self.flood(40, "stock")
        self.assertTrue(self.connection._prepare(other, 40, "stock"))

    def test_an_import_of_products_or_customers_waits_where_one_of_orders_goes_on(self):
        self.place()
        self.row.bucket_available = shopify_api.budget.RESERVES["catalogue"]
        for operation in ("product", "customer"):
            with self.subTest(operation):
                run = self.run_operation(operation)
                self.assertEqual(run.state, "running", "it is due again when the points are back")
                self.assertFalse(run.record_count)
        self.assertEqual(self.run_operation("order_unshipped").record_count, 1)

    def test_an_import_of_many_pages_waits_for_its_points_and_not_for_the_scheduler(self):
        self.row.bucket_restore = 100
        run = self.run_operation("product")
        self.assertEqual((run.state, run.record_count), ("done", len(self.sim.store.products)), run.message)
        self.assertGreater(self.sent("ProductsPage"), 2)

    def test_a_turn_of_an_import_ends_when_it_has_waited_long_enough(self):
        self.row.bucket_restore = 100
        with patch.object(run_starter, "ALL_PAUSES", 0.5):
            run = self.run_operation("product")
        self.assertEqual((run.state, run.record_count), ("running", 20), run.message)
        self.assertTrue(run.next_attempt_at)

    def sent(self, operation):
        return sum(request.operation == operation for request in self.sim.requests)
