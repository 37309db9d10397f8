"""Nothing is lost, doubled or overwritten: stale values, lost answers, refused levels, dead workers, budgets."""

from contextlib import suppress
from unittest.mock import patch

from odoo.addons.shopify_sync.models.stock_results import STALE_TRIES
from odoo.tests import tagged

from .stock_case import UNITS, StockCase


class FaultCase(StockCase):
    def between(self, *units, sku=None):
        """Sell in Shopify between reading and writing: the quantity after each read."""
        waiting = list(units)
        sender = type(self.env["shopify.stock.sender"])
        read = sender._read

        def read_and_sell(model, *args):
            found = read(model, *args)
            if waiting:
                self.sim.store.set_stock(sku or self.skus[0], waiting.pop(0))
            return found

        return patch.object(sender, "_read", read_and_sell)


@tagged("post_install", "-at_install")
class TestStockStale(FaultCase):
    def test_stock_changed_in_shopify_in_between_is_read_again_and_settled(self):
        for product in self.products[:2]:
            self.change_stock(product, 1)
        with self.between(6):
            self.run_changed()
        self.assertEqual(self.at_shopify(self.products[0]), UNITS + 1)
        self.assertEqual(self.at_shopify(self.products[1]), UNITS + 1)
        self.assertEqual(len(self.asked("InventorySetQuantities")), 2)
        self.assertEqual(set(self.stock_lines().mapped("state")), {"done"})
        line = self.stock_lines().filtered(lambda one: one.sku == self.skus[0])
        self.assertEqual(line.quantity_before, 6)

    def test_a_level_that_changes_each_time_is_given_up_and_the_others_are_sent(self):
        for product in self.products[:2]:
            self.change_stock(product, 1)
        with self.between(6, 5, 4, 3, 2):
            self.run_changed()
        line = self.stock_lines().filtered(lambda one: one.sku == self.skus[0])
        self.assertEqual((line.state, line.stale_count), ("failed", STALE_TRIES))
        self.assertIn("changed in Shopify", line.message)
        self.assertLess(self.at_shopify(self.products[0]), 5, "never overwritten")
        self.assertEqual(self.at_shopify(self.products[1]), UNITS + 1)
        self.change_stock(self.products[0], 1)
        self.run_changed()
        self.assertEqual(self.at_shopify(self.products[0]), UNITS + 2, "its next change tries again")


@tagged("post_install", "-at_install")
class TestStockLostAnswers(FaultCase):
    def keys(self):
        return [request.variables["key"] for request in self.asked("InventorySetQuantities")]

    def test_an_answer_lost_after_shopify_did_the_work_is_asked_for_again_with_the_same_key(self):
        self.change_stock(self.products[0], 1)
        self.sim.faults.add("lost", operation="InventorySetQuantities", times=2)
        self.run_changed()
        line = self.stock_lines()
        self.assertEqual((line.state, line.maybe_done), ("draft", True))
        self.assertEqual(self.at_shopify(self.products[0]), UNITS + 1, "Shopify did it")
        self.sim.store.set_stock(self.skus[0], UNITS - 2)  # three units sold since
        self.send_due()
        self.assertEqual(line.state, "done")
        self.assertEqual(self.at_shopify(self.products[0]), UNITS - 2, "not done a second time")
        self.assertEqual(len(set(self.keys())), 1)
        self.assertGreater(len(self.keys()), 1)

    def test_the_same_levels_go_with_the_same_key_whatever_has_changed_meanwhile(self):
        for product in self.products[:3]:
            self.change_stock(product, 1)
        self.sim.faults.add("lost", operation="InventorySetQuantities", times=2)
        self.run_changed()
        self.change_stock(self.products[0], 10)
        self.stock_lines()[-1:]._set_cancelled("not needed")
        self.run_changed()
        self.send_due()
        self.run_changed()
        first, *others = self.asked("InventorySetQuantities")
        same = [one for one in others if one.variables["key"] == first.variables["key"]]
        self.assertEqual(len(same), 2)
        for again in same:
            self.assertEqual(first.variables, again.variables)
        self.assertEqual(self.at_shopify(self.products[0]), UNITS + 11, "and what changed meanwhile follows")

    def test_a_fault_of_shopify_is_tried_again_later_and_nothing_is_lost(self):
        self.change_stock(self.products[0], 1)
        self.sim.faults.add("status", operation="Levels", times=2, status=503)
        self.run_changed()
        line = self.stock_lines()
        self.assertEqual((line.state, line.attempts, line.failure_kind), ("draft", 1, "heals"))
        self.send_due()
        self.assertEqual(self.at_shopify(self.products[0]), UNITS + 1)

    def test_a_worker_that_dies_after_sending_gives_its_lines_to_another_one(self):
        self.change_stock(self.products[0], 1)
        sender = type(self.env["shopify.stock.sender"])
        self.commit()
        with self.own_cursor() as env, patch.object(sender, "_write_result", side_effect=KeyboardInterrupt):
            handler, instance = env["shopify.handler.stock"], self.instance.with_env(env)._for_jobs()
            list(handler._plan_marked(instance))
            with suppress(KeyboardInterrupt):  # Odoo's assertRaises would take back what was committed
                env["shopify.stock.sender"]._send_batch(instance)
        line = self.stock_lines()
        self.assertTrue(line.maybe_done and line.taken_until)
        self.send_due()
        self.assertEqual(line.state, "done")
        self.assertEqual(len(set(self.keys())), 1)

    def test_a_key_that_shopify_does_not_take_any_more_is_followed_by_a_look(self):
        self.change_stock(self.products[0], 1)
        self.sim.faults.add("timeout", operation="InventorySetQuantities", times=1, seconds=0.1)
        self.run_changed()
        line = self.stock_lines()
        if line.state == "draft":
            self.sim.store.attempts[line.idempotency_key] = type("Attempt", (), {"parameters": "", "answer": None})()
            self.send_due()
        self.assertEqual(line.state, "done")
        self.assertEqual(self.at_shopify(self.products[0]), UNITS + 1)


@tagged("post_install", "-at_install")
class TestStockRefused(FaultCase):
    def test_a_variant_deleted_in_shopify_fails_alone(self):
        for product in self.products[:2]:
            self.change_stock(product, 1)
        self.variants[0].inventory_item_ref = "1"
        self.run_changed()
        gone = self.stock_lines().filtered(lambda line: line.variant_id == self.variants[0])
        self.assertEqual((gone.state, gone.failure_kind), ("failed", "data"))
        self.assertIn("not in Shopify any more", gone.message)
        self.assertEqual(self.at_shopify(self.products[1]), UNITS + 1)
        fix = self.logs(cause="item_gone").action_fix()
        self.assertEqual((fix["res_model"], fix["res_id"]), ("shopify.product.variant", self.variants[0].id))

    def test_an_item_that_a_location_does_not_take_fails_with_the_reason_and_leads_to_the_location(self):
        self.sim.store.add_product("Jar", "JAR", "9.00", stock=4)
        jar = self.make_products(["JAR"])
        self.link(self.instance, jar)
        second = self.env["stock.warehouse"].create({"name": "West", "code": "WEST"})
        west = self.env["shopify.location"].search([("instance_id", "=", self.instance.id), ("name", "ilike", "west")])
        west.export_warehouse_ids = second
        self.change_stock(jar, 6, second)
        there = self.sim.store.locations[1]
        there.is_active = False
        self.addCleanup(setattr, there, "is_active", True)
        self.run_changed()
        line = self.stock_lines().filtered(lambda one: one.location_id == west and one.reference == "JAR")
        self.assertEqual(line.state, "failed")
        self.assertRegex(line.message, f"cannot be stocked at {west.name}: .*The location is not active")
        fix = self.logs(cause="not_activated").action_fix()
        self.assertEqual((fix["res_model"], fix["res_id"]), ("shopify.location", west.id))

    def test_a_permission_withdrawn_fails_the_lines_with_one_log_line_and_a_retry_sends_them(self):
        for product in self.products:
            self.change_stock(product, 1)
        self.sim.access.scopes = [scope for scope in self.sim.access.scopes if scope != "write_inventory"]
        self.run_changed()
        self.assertEqual(set(self.stock_lines().mapped("state")), {"failed"})
        self.assertEqual(len(self.logs(record_key="stock_export")), 1)
        self.sim.access.scopes.append("write_inventory")
        with self.own_cursor(self.user) as env:
            self.stock_lines().with_env(env).action_process()
        self.assertEqual(set(self.stock_lines().mapped("state")), {"done"})
        self.assertEqual(self.at_shopify(self.products[0]), UNITS + 1)

    def test_the_budget_used_up_delays_stock_and_is_no_attempt(self):
        self.change_stock(self.products[0], 1)
        connection = self.env["shopify.connection"]
        row = connection._row(self.instance.id)
        row.write({"bucket_maximum": 2000, "bucket_available": 0, "bucket_restore": 0.001, "bucket_at": 4e9})
        self.run_changed()
        line = self.stock_lines()
        self.assertEqual((line.state, line.attempts, line.maybe_done), ("draft", 0, False))
        self.assertFalse(self.sim.requests)
        row.write({"bucket_available": 2000, "bucket_restore": 100})
        self.send_due()
        self.assertEqual(self.at_shopify(self.products[0]), UNITS + 1)

    def test_set_to_completed_leaves_shopify_as_it_is(self):
        self.change_stock(self.products[0], 1)
        self.sim.faults.add("status", operation="Levels", times=2, status=503)
        self.run_changed()
        self.stock_lines()._set_cancelled("not wanted")
        self.send_due()
        self.assertEqual(self.at_shopify(self.products[0]), 7)
