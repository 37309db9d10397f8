"""Queues: one bad record stops no other, what can heal is tried again, what cannot waits for a person."""

import json
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common import ShopifyCase

PAUSES = [timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=12)]


class QueueCase(ShopifyCase):
    def setUp(self):
        super().setUp()
        self.user = self.make_user("queue_user", "shopify_sync.group_user")

    def by_hand(self, records, method, user=None):
        """Press a button as a user does: in a request of its own."""
        with self.own_cursor(user or self.user) as env:
            return getattr(records.with_env(env), method)()

    def queued(self, *orders):
        """Lines of orders, waiting."""
        self.run_operation("order_by_id", tokens=",".join(str(order.id) for order in orders), source="by_id")
        return self.env["shopify.queue.line"].search(
            [("shopify_id", "in", [str(order.id) for order in orders])], order="id"
        )

    def break_order(self, *names, error=UserError):
        """Make orders of these names fail while they are written."""
        writer = type(self.env["shopify.order.writer"])
        original = writer._prepare_order

        def prepare(this, instance, order, resolved):
            if order.name in names:
                raise error(f"{order.name} cannot be written")
            return original(this, instance, order, resolved)

        return patch.object(writer, "_prepare_order", prepare)


@tagged("post_install", "-at_install")
class TestOneBadRecord(QueueCase):
    def test_a_line_shows_its_total_as_the_currency_is_written(self):
        line = self.queued(self.place())
        for stated, shown in (
            ("24.9 USD", "$\N{NO-BREAK SPACE}24.90"),
            ("1200 JPY", "¥\N{NO-BREAK SPACE}1,200"),
            ("5 ???", "5 ???"),
            (False, False),
        ):
            line.total = stated
            self.assertEqual(line.total_shown, shown)

    def test_a_failing_order_fails_alone_and_the_others_of_its_batch_go_through(self):
        orders = [self.place() for _number in range(7)]
        bad = orders[4]
        lines = self.queued(*orders)
        with self.break_order(bad.name):
            counts = self.process()
        self.assertEqual((counts["done"], counts["failed"]), (6, 1))
        self.assertFalse(self.sale_order(bad))
        failed = lines.filtered(lambda line: line.state == "failed")
        self.assertEqual(failed.reference, bad.name)
        self.assertIn("cannot be written", failed.message)
        for order in orders:
            if order is not bad:
                self.assert_paid_to_the_cent(self.sale_order(order), self.shopify_total(order))

    def test_an_unexpected_error_is_kept_with_its_traceback_for_the_integrator(self):
        order = self.place()
        self.queued(order)
        with (
            self.break_order(order.name, error=KeyError),
            self.assertLogs("odoo.addons.shopify_sync.models.runner", "ERROR"),
        ):
            self.process()
        log = self.logs(queue_line_id=self.queue_line(order).id)
        self.assertIn("Traceback", log.technical)
        with self.assertRaises(AccessError):
            log.with_user(self.user).read(["technical"])

    def test_a_step_that_fails_for_one_order_is_done_for_the_others(self):
        orders = [self.place() for _number in range(5)]
        lines = self.queued(*orders)
        self.assertEqual(len(lines), 5)
        orders_model = type(self.env["sale.order"])
        original = orders_model._create_invoices
        bad = orders[2].name

        def create_invoices(this, *args, **kwargs):
            if bad in this.mapped("shopify_order_name"):
                raise UserError(this.env._("No invoice today"))
            return original(this, *args, **kwargs)

        with patch.object(orders_model, "_create_invoices", create_invoices):
            self.assertEqual(self.process()["done"], 5)
        for order in orders:
            self.assertEqual(len(self.sale_order(order).invoice_ids), 0 if order.name == bad else 1)
        self.assertEqual(self.logs(cause="step_invoice").order_ref, bad)

    def test_stored_data_that_cannot_be_read_are_refused_with_what_to_do(self):
        order = self.place()
        line = self.queued(order)
        data = json.loads(line.payload)
        for broken in ("{not json", "null", json.dumps({**data, "lineItems": None}), json.dumps({"id": data["id"]})):
            with self.subTest(payload=broken[:20]):
                line.write({"payload": broken, "state": "draft"})
                self.process()
                self.assertEqual((line.state, line.failure_kind), ("failed", "data"))
                self.assertTrue(line.message)
        self.assertIn("Get again", line.message)
        self.by_hand(line, "action_get_again")
        self.assertEqual(line.state, "done", "read anew, it goes through")

    def test_repeated_failures_raise_one_log_lines_counter(self):
        order = self.place(gateway="Klarna")
        line = self.queued(order)
        self.process()
        for _again in range(2):
            self.by_hand(line, "action_process")
        self.assertEqual(self.logs(queue_line_id=line.id).count, 3)


@tagged("post_install", "-at_install")
class TestStates(QueueCase):
    def test_a_queues_state_follows_from_its_lines(self):
        good, bad = self.place(), self.place(gateway="Klarna")
        lines = self.queued(good, bad)
        queue = lines.queue_id
        self.assertEqual((queue.state, queue.line_count, queue.draft_count), ("draft", 2, 2))
        self.process()
        self.assertEqual((queue.state, queue.needs_attention), ("failed", True))
        self.assertEqual((queue.done_count, queue.failed_count, queue.progress), (1, 1, 50))
        self.instance.gateway_ids.filtered(lambda one: one.code == "Klarna").workflow_id = self.env[
            "shopify.sale.workflow"
        ]._default(self.env.company, "automatic")
        self.assertEqual(queue.state, "partial")
        self.process()
        self.assertEqual((queue.state, queue.needs_attention, queue.progress), ("done", False, 100))

    def test_a_big_result_fills_more_queues(self):
        self.instance.queue_size_order = 2
        lines = self.queued(*[self.place() for _number in range(5)])
        self.assertEqual(sorted(map(len, lines.grouped("queue_id").values())), [1, 2, 2])

    def test_a_done_line_leads_to_its_document(self):
        order = self.place()
        line = self.queued(order)
        self.process()
        self.assertEqual((line.res_model, line.res_id), ("sale.order", self.sale_order(order).id))
        self.assertTrue(line.done_at)
        self.assertEqual(line.action_open_document()["res_id"], self.sale_order(order).id)

    def test_an_open_line_gets_newer_data_but_never_older(self):
        order = self.place(note="first")
        line = self.queued(order)
        old = line.payload
        self.sim.clock.advance(60)
        self.sim.store.update(order, note="second")
        self.assertEqual(self.queued(order), line, "still one line")
        self.assertIn("second", line.payload)
        changed = line.payload_updated_at
        run = self.env["shopify.run"].create({"instance_id": self.instance.id, "operation": "order_unshipped"})
        self.env["shopify.handler.order"]._store_records(run, [json.loads(old)])
        self.assertIn("second", line.payload)
        self.assertEqual(line.payload_updated_at, changed)

    def test_an_order_changed_while_its_line_has_failed_is_tried_with_the_new_data(self):
        order = self.place(gateway="Klarna", financial="pending")
        line = self.queued(order)
        self.process()
        self.assertEqual(line.state, "failed")
        self.sim.clock.advance(60)
        self.sim.store.mark_paid(order, gateway="manual")
        self.queued(order)
        self.assertEqual(line.state, "draft")

    def test_a_schedule_does_not_try_blindly_what_waits_for_a_person(self):
        order = self.place(gateway="Klarna")
        line = self.queued(order)
        self.process()
        self.env.flush_all()
        self.env["shopify.run.starter"]._run_scheduled(self.instance._for_jobs(), "order_unshipped")
        self.env.invalidate_all()
        self.assertEqual(
            self.env["shopify.run"].search([("operation", "=", "order_unshipped")], limit=1).record_count, 1
        )
        self.assertEqual(line.state, "failed")


@tagged("post_install", "-at_install")
class TestAttempts(QueueCase):
    def test_what_can_heal_is_tried_five_times_with_longer_pauses_then_waits_for_a_person(self):
        line = self.queued(self.place())
        start = fields.Datetime.now().replace(microsecond=0)
        for number, pause in enumerate(PAUSES, start=1):
            with freeze_time(start):
                line._set_later("Shopify does not answer")
            self.assertEqual((line.state, line.attempts), ("draft", number))
            self.assertEqual(line.next_attempt_at - start, pause)
        line._set_later("Shopify does not answer")
        self.assertEqual((line.state, line.failure_kind), ("failed", "heals"))

    def test_a_line_in_its_pause_is_left_alone_until_its_time(self):
        line = self.queued(self.place())
        line._set_later("Not now")
        self.assertEqual(self.process()["done"], 0)
        with freeze_time(fields.Datetime.now() + timedelta(seconds=61)):
            self.assertEqual(self.process()["done"], 1)
        self.assertEqual(line.state, "done")

    def test_products_that_cannot_be_read_now_are_read_later(self):
        self.instance.write({"unknown_product": "fetch", "product_create": True})
        order = self.place(lines=[self.sim.store.skus()[20]])
        line = self.queued(order)
        self.sim.faults.add("status", "ProductsByIds", times=None, status=503)
        self.process()
        self.assertEqual((line.state, line.attempts), ("draft", 1))
        self.assertGreater(line.next_attempt_at, fields.Datetime.now())
        self.sim.faults.clear()
        line.next_attempt_at = False
        self.process()
        self.assertEqual(line.state, "done")

    def test_process_now_goes_on_when_the_products_of_an_order_were_read(self):
        self.instance.write({"unknown_product": "fetch", "product_create": True})
        order = self.place(lines=[self.sim.store.skus()[20]])
        line = self.queued(order)
        with self.own_cursor(self.make_user("presses", "shopify_sync.group_user")) as env:
            notice = line.queue_id.with_env(env).action_process()
        self.assertEqual(line.state, "done")
        self.assertTrue(self.sale_order(order))
        self.assertIn("1 done", notice["params"]["message"])

    def test_a_waiting_line_wakes_the_schedule_at_its_time(self):
        self.instance._start_schedules()
        line = self.queued(self.place())
        line._set_later("Not now")
        cron = self.instance._schedule("process_orders")
        self.env["ir.cron.trigger"].sudo().search([("cron_id", "=", cron.id)]).unlink()
        self.env["shopify.runner"]._wake_at_next_attempt(self.instance, ["order_unshipped"])
        trigger = self.env["ir.cron.trigger"].sudo().search([("cron_id", "=", cron.id)])
        self.assertEqual(trigger.call_at, line.next_attempt_at)


@tagged("post_install", "-at_install")
class TestByHand(QueueCase):
    def test_process_now_and_retry_failed_work_in_the_users_own_request(self):
        order = self.place(gateway="Klarna")
        line = self.queued(order)
        self.by_hand(line.queue_id, "action_process")
        self.assertEqual(line.state, "failed")
        gateway = self.instance.gateway_ids.filtered(lambda one: one.code == "Klarna")
        workflow = self.env["shopify.sale.workflow"]._default(self.env.company, "automatic")
        # as if mended where nothing wakes the line
        self.env.cr.execute(
            "UPDATE shopify_payment_gateway SET workflow_id = %s WHERE id = %s", [workflow.id, gateway.id]
        )
        self.env.invalidate_all()
        result = self.by_hand(line.queue_id, "action_retry_failed")
        self.assertIn("1 done", result["params"]["message"])
        self.assertEqual(line.state, "done")

    def test_the_batches_see_what_the_request_changed_before(self):
        """The request's own changes are committed before a batch claims its lines in another transaction."""
        line = self.queued(self.place())
        line._set_failed("data", "By a test")
        committed = []
        with self.own_cursor(self.user) as env:
            runner = type(env["shopify.runner"])
            original = runner._process_batch

            def process_batch(this, *args, **kwargs):
                committed.append(env.cr._savepoint is None)
                return original(this, *args, **kwargs)

            with patch.object(runner, "_process_batch", process_batch):
                line.with_env(env).action_process()
        self.assertTrue(committed[0], "the request holds no lock while a batch runs")
        self.assertEqual(line.state, "done")

    def test_set_to_completed_cancels_open_lines_with_user_and_reason(self):
        done, failed = self.place(), self.place(gateway="Klarna")
        lines = self.queued(done, failed)
        self.process()
        before = self.sale_order(done).write_date
        wizard = (
            self.env["shopify.complete"]
            .with_user(self.user)
            .with_context(active_model="shopify.queue", active_ids=lines.queue_id.ids)
            .create({"reason": "Booked by hand"})
        )
        self.assertEqual(wizard.open_count, 1)
        wizard.action_complete()
        self.assertEqual(lines.mapped("state"), ["done", "cancelled"])
        for words in ("queue_user", "Booked by hand"):
            self.assertIn(words, lines[1].message)
            self.assertIn(words, "".join(lines.queue_id.message_ids.mapped("body")))
        self.assertEqual(self.sale_order(done).write_date, before)
        self.assertEqual(lines.queue_id.state, "done")
        self.assertFalse(self.logs(queue_line_id=lines[1].id, resolved=False))
        self.assertEqual(self.process()["done"], 0, "it stays completed")

    def test_a_completed_record_can_be_imported_again_by_id_only(self):
        order = self.place()
        line = self.queued(order)
        line._set_cancelled("Not wanted")
        self.run_operation()
        self.assertEqual(self.queue_line(order), line, "the import leaves it alone")
        self.import_orders(order)
        self.assertTrue(self.sale_order(order))

    def test_get_again_replaces_the_stored_data(self):
        order = self.place(note="first")
        line = self.queued(order)
        self.sim.clock.advance(60)
        self.sim.store.update(order, note="second")
        self.by_hand(line, "action_get_again")
        self.assertIn("second", self.sale_order(order).note)

    def test_raw_data_are_for_managers(self):
        line = self.queued(self.place())
        self.assertTrue(line.with_user(self.make_user("raw", "shopify_sync.group_manager")).payload)
        for field in ("payload", "payload_pretty"):
            with self.assertRaises(AccessError):
                line.with_user(self.user).read([field])
            self.assertNotIn(field, line.with_user(self.user).fields_get())

    def test_waiting_lines_and_queues_cannot_be_deleted(self):
        line = self.queued(self.place())
        for record in (line, line.queue_id):
            with self.assertRaises(UserError):
                record.unlink()

    def test_the_wizard_imports_named_orders_at_once_and_lists_unknown_ones(self):
        order, other = self.place(), self.place()
        with self.own_cursor(self.user) as env:
            wizard = env["shopify.operation"].create(
                {
                    "instance_id": self.instance.id,
                    "operation": "order_by_id",
                    "tokens": f"{order.name}, {other.id}\n#99999",
                }
            )
            wizard.action_execute()
            result = wizard.result
        self.assertTrue(self.sale_order(order) and self.sale_order(other))
        self.assertIn("#99999", result)
        self.assertIn("2 done", result)

    def test_the_wizard_refuses_a_range_that_ends_before_it_begins(self):
        now = fields.Datetime.now()
        wizard = self.env["shopify.operation"].create(
            {"instance_id": self.instance.id, "date_from": now, "date_to": now - timedelta(days=1)}
        )
        with self.assertRaisesRegex(UserError, "later"):
            wizard.action_execute()


@tagged("post_install", "-at_install")
class TestCursorOfChanges(QueueCase):
    def test_the_last_date_moves_with_the_stored_lines_and_overlaps(self):
        order = self.place()
        self.run_operation()
        feed = self.env["shopify.feed"]._of(self.instance, "order_unshipped")
        self.assertEqual(feed.last_date, self.queue_line(order).payload_updated_at)
        run = self.run_operation()
        self.assertEqual(fields.Datetime.to_datetime(run.options["from"]), feed.last_date - timedelta(minutes=5))

    def test_a_stop_while_storing_loses_nothing_and_doubles_nothing(self):
        order = self.place()
        handler = type(self.env["shopify.handler.order"])
        starter, store = self.env["shopify.run.starter"], self.instance._for_jobs()
        self.env.flush_all()
        run = self.env["shopify.run"].browse(starter._create_run(store, "order_unshipped", {}, "cron"))
        with (
            patch.object(handler, "_fill_queues", side_effect=RuntimeError("killed")),
            self.assertRaises(RuntimeError),
        ):
            starter._advance(store, run.id)
        self.env.invalidate_all()
        self.assertFalse(self.env["shopify.feed"]._of(self.instance, "order_unshipped").last_date)
        self.assertEqual((run.state, run.page_cursor), ("running", False))
        run.busy_until = False
        self.env.flush_all()
        self.env["shopify.run.starter"]._advance(self.instance._for_jobs(), run.id)
        self.env.invalidate_all()
        self.assertEqual(run.state, "done")
        self.process()
        self.assert_paid_to_the_cent(self.sale_order(order), self.shopify_total(order))

    def test_a_second_run_of_an_operation_is_refused_while_one_is_running(self):
        self.env["shopify.run"].create({"instance_id": self.instance.id, "operation": "order_unshipped"})
        with self.assertRaisesRegex(UserError, "running"):
            self.run_operation()

    def test_nothing_is_imported_before_the_store_is_connected(self):
        self.instance.state = "draft"
        with self.assertRaisesRegex(UserError, "not connected"):
            self.run_operation()
