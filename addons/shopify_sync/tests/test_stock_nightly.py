"""All stock compared by one file: what slipped through is found and sent; a file that is late or broken loses nothing."""

from odoo import fields
from odoo.tests import tagged

from .stock_case import UNITS, StockCase


@tagged("post_install", "-at_install")
class TestStockNightly(StockCase):
    def setUp(self):
        super().setUp()
        self.variants._mark_stock()
        self.run_changed()
        self.env["shopify.stock.level"].search([]).sent_at = "2026-01-01"
        self.sim.requests.clear()

    def compare(self):
        """What the nightly job does, and the job that goes on with waiting runs."""
        self.commit()
        with self.own_cursor() as env:
            self.instance.with_env(env)._run_scheduled("stock_compare")
        return self.last_run()

    def last_run(self):
        return self.env["shopify.run"].search([("operation", "=", "stock_compare")], limit=1)

    def go_on(self):
        self.last_run().write({"next_attempt_at": False, "busy_until": False})
        self.commit()
        with self.own_cursor() as env:
            env["shopify.run.starter"]._cron_continue()
        return self.last_run()

    def test_what_was_changed_in_shopify_by_hand_is_found_and_put_right_and_nothing_else_is_sent(self):
        self.sim.store.set_stock(self.skus[0], 3)
        run = self.compare()
        self.assertEqual((run.state, run.queued_count), ("done", 1))
        self.send_due()
        self.assertEqual(self.at_shopify(self.products[0]), UNITS)
        (read,) = self.asked("Levels")
        item = self.variants[0].inventory_item_ref
        self.assertEqual(read.variables["ids"], [f"gid://shopify/InventoryItem/{item}"])

    def test_when_nothing_differs_nothing_is_sent(self):
        run = self.compare()
        self.assertEqual((run.state, run.queued_count), ("done", 0))
        self.assertFalse(self.stock_lines(state="draft"))

    def test_a_file_that_is_not_ready_is_waited_for_with_nothing_open(self):
        self.sim.store.set_stock(self.skus[0], 3)
        self.sim.store.jobs.held = True
        run = self.compare()
        self.assertEqual(run.state, "running")
        self.assertGreater(run.next_attempt_at, fields.Datetime.now())
        self.assertIn("file", run.message)
        self.sim.store.jobs.held = False
        self.assertEqual(self.go_on().queued_count, 1)
        self.assertEqual(len(self.asked("BulkOperationRunQuery")), 1, "started once")

    def test_a_file_that_breaks_off_is_read_on_from_where_it_was(self):
        self.sim.store.set_stock(self.skus[0], 3)
        self.sim.faults.add("cut", operation="bulk", times=1)
        run = self.compare()
        self.assertEqual(run.state, "running")
        self.assertEqual(self.go_on().queued_count, 1)

    def test_what_is_sent_while_the_file_is_written_is_newer_than_the_file(self):
        self.sim.store.jobs.held = True
        self.compare()
        self.change_stock(self.products[0], 1)
        self.run_changed()
        self.sim.store.jobs.held = False
        self.sim.store.set_stock(self.skus[0], 3)  # as if the file had been written before
        run = self.go_on()
        self.assertEqual(run.queued_count, 0)
        level = self.env["shopify.stock.level"].search([("variant_id", "=", self.variants[0].id)])
        self.assertEqual(level.quantity, UNITS + 1)

    def test_a_level_that_shopify_does_not_stock_and_odoo_can_offer_is_found(self):
        item = self.sim.store.variant_by_sku(self.skus[0]).inventory_item
        level = next(one for one in item.levels if one.location is self.sim.store.default_location)
        level.is_active = False
        run = self.compare()
        self.assertEqual(run.queued_count, 1)
        self.send_due()
        self.assertEqual(self.at_shopify(self.products[0]), UNITS)

    def test_without_a_file_stock_is_compared_page_by_page(self):
        def refused():
            self.sim.store.bulk.refuse = "OPERATION_IN_PROGRESS"

        for obstacle in (
            refused,
            lambda: setattr(self.sim.store.bulk, "refuse", "INVALID"),
            lambda: self.sim.store.jobs.fail_next("no room"),
            lambda: self.sim.faults.add("status", operation="bulk", times=1, status=404),
        ):
            self.sim.store.set_stock(self.skus[0], 3)
            self.sim.requests.clear()
            obstacle()
            run = self.compare()
            self.assertEqual((run.state, run.queued_count), ("done", 1))
            self.assertIn("page by page", run.message)
            pages = [one for one in self.asked("Levels") if len(one.variables["ids"]) == len(self.variants)]
            self.assertEqual(len(pages), 1, "one location is exported")
            self.send_due()
            self.assertEqual(self.at_shopify(self.products[0]), UNITS)
            self.env["shopify.stock.level"].search([]).sent_at = "2026-01-01"

    def test_a_level_that_is_not_stocked_is_found_page_by_page_too(self):
        item = self.sim.store.variant_by_sku(self.skus[0]).inventory_item
        level = next(one for one in item.levels if one.location is self.sim.store.default_location)
        level.is_active = False
        self.sim.store.bulk.refuse = "LIMIT_REACHED"
        self.assertEqual(self.compare().queued_count, 1)

    def test_pages_go_on_where_they_were_after_a_fault(self):
        self.sim.store.set_stock(self.skus[0], 3)
        self.sim.store.bulk.refuse = "LIMIT_REACHED"
        self.sim.faults.add("status", operation="Levels", times=2, status=503)
        run = self.compare()
        self.assertEqual(run.state, "running")
        self.assertEqual(self.go_on().queued_count, 1)
        self.assertEqual(len(self.asked("BulkOperationRunQuery")), 1)

    def test_no_comparison_runs_before_the_first_export_is_confirmed(self):
        self.instance.stock_confirmed_at = False
        self.compare()
        self.assertFalse(self.sim.requests)


@tagged("post_install", "-at_install")
class TestNewJobs(StockCase):
    """A new version of the addon brings its jobs to the stores that there are."""

    def update(self):
        self.instance.cron_ids.filtered(lambda one: one.shopify_operation in ("stock_compare", "customer")).unlink()
        self.env["shopify.instance"]._complete_schedules()
        return {one.shopify_operation: one.active for one in self.instance.cron_ids}

    def test_a_store_that_runs_gets_new_jobs_and_the_usual_ones_run(self):
        self.instance._schedule("order_unshipped").active = False
        jobs = self.update()
        self.assertTrue(jobs["stock_compare"])
        self.assertFalse(jobs["customer"], "off unless a person wants it")
        self.assertFalse(jobs["order_unshipped"], "a person has switched it off")

    def test_where_all_jobs_are_off_new_ones_are_off(self):
        self.instance.cron_ids.active = False
        jobs = self.update()
        self.assertIn("stock_compare", jobs)
        self.assertFalse(any(jobs.values()))
