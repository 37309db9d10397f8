"""An order cancelled in Odoo is cancelled in Shopify, once, and Odoo says so only when Shopify has."""

import json
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from shopify_simulator.scopes import DEFAULT_SCOPES

from .common_out import OutgoingCase


@tagged("post_install", "-at_install")
class TestOutgoingCancel(OutgoingCase):
    def now_at_shopify(self, order):
        return self.sim.store.order(order.id)

    def test_an_order_cancelled_by_a_shopify_user_is_cancelled_and_refunded_in_shopify(self):
        order, sale_order = self.cancelled(shipping="4.90")
        self.cancel_in_shopify(sale_order, reason="FRAUD", staff_note="Called")
        self.assertEqual(sale_order.shopify_cancel_state, "asked", "Shopify answers before it has done it")
        self.make_due(self.line_of(sale_order))
        self.follow()
        self.assertEqual(sale_order.shopify_cancel_state, "done")
        self.assertTrue(sale_order.shopify_cancelled_at)
        there = self.now_at_shopify(order)
        self.assertEqual((there.cancel_reason, there.cancel_staff_note), ("FRAUD", "Called"))
        self.assert_cents(self.shopify_total(there, "net_payment"), 0)
        self.assertEqual(self.line_of(sale_order).state, "done")
        self.assertRegex(self.line_of(sale_order).queue_id.name, "^SXQ")

    def test_without_refund_the_money_stays(self):
        order, sale_order = self.cancelled()
        self.cancel_in_shopify(sale_order, refund_method="none")
        self.make_due(self.line_of(sale_order))
        self.follow()
        there = self.now_at_shopify(order)
        self.assertTrue(there.cancelled_at)
        self.assert_cents(self.shopify_total(there, "net_payment"), self.shopify_total(there, "total_received"))

    def test_a_refund_as_store_credit_is_asked_for_as_such(self):
        order, sale_order = self.cancelled(customer={"first_name": "Ada", "email": "ada@example.com"})
        self.cancel_in_shopify(sale_order, refund_method="store_credit")
        self.make_due(self.line_of(sale_order))
        self.follow()
        (refund,) = self.now_at_shopify(order).refunds
        self.assertEqual(refund.transactions[0].gateway, "shopify_store_credit")

    def test_the_dialog_starts_with_other_and_gives_back_what_was_paid(self):
        _order, sale_order = self.cancelled()
        wizard = self.env["shopify.cancel"].create({"order_id": sale_order.id})
        self.assertEqual((wizard.reason, wizard.refund_method, wizard.restock), ("OTHER", "original", True))
        unpaid = self.place(financial="pending", gateway="manual")
        self.import_orders(unpaid)
        wizard = self.env["shopify.cancel"].create({"order_id": self.sale_order(unpaid).id})
        self.assertEqual(wizard.refund_method, "none")

    def test_an_order_that_is_not_cancelled_in_odoo_is_refused(self):
        sale_order = self.bring()
        with self.assertRaisesRegex(UserError, "Cancel .* in Odoo first"):
            self.cancel_in_shopify(sale_order)
        with self.own_cursor(self.user) as env, self.assertRaisesRegex(UserError, "in Odoo first"):
            env["shopify.cancel"].create({"order_id": sale_order.id}).action_cancel()
        self.assertFalse(self.line_of(sale_order))

    def test_someone_outside_shopify_cannot_cancel_there(self):
        order, sale_order = self.cancelled()
        with self.assertRaises(AccessError), self.own_cursor(self.outsider) as env:
            env["shopify.cancel"].create({"order_id": sale_order.id}).action_cancel()
        self.assertFalse(self.now_at_shopify(order).cancelled_at)

    def test_an_order_cancelled_there_meanwhile_is_taken_over_as_success(self):
        order, sale_order = self.cancelled()
        self.sim.store.cancel(order, "STAFF")
        self.cancel_in_shopify(sale_order)
        self.assertEqual(sale_order.shopify_cancel_state, "done")
        self.assertEqual(self.sent("OrderCancel"), 0, "a look shows that nothing is left to do")
        self.assertEqual(self.line_of(sale_order).state, "done")

    def test_an_answer_that_was_lost_does_not_cancel_twice(self):
        order, sale_order = self.cancelled()
        self.sim.faults.add("lost", "OrderCancel")
        self.cancel_in_shopify(sale_order)
        line = self.line_of(sale_order)
        self.assertEqual((line.state, line.maybe_done, line.attempts), ("draft", True, 1))
        self.assertEqual(self.logs(queue_line_id=line.id).severity, "warning")
        self.make_due(line)
        self.send()
        self.assertEqual((line.state, sale_order.shopify_cancel_state), ("done", "done"))
        self.assertEqual(self.sent("OrderCancel"), 1)
        self.assertEqual(len(self.now_at_shopify(order).refunds), 1)
        self.assertTrue(self.logs(queue_line_id=line.id).resolved)

    def test_nothing_is_sent_while_shopify_works_on_it_and_it_is_looked_at_every_five_minutes(self):
        order, sale_order = self.cancelled()
        self.sim.store.jobs.held = True
        self.cancel_in_shopify(sale_order)
        line = self.line_of(sale_order)
        self.assertTrue(line.job_ref)
        self.make_due(line)
        self.send()
        self.follow()
        self.assertEqual((self.sent("OrderCancel"), self.sent("JobStatus")), (1, 1))
        wait = line.next_attempt_at - fields.Datetime.now()
        self.assertTrue(timedelta(minutes=4) < wait <= timedelta(minutes=5), wait)
        self.sim.store.jobs.held = False
        self.make_due(line)
        with self.own_cursor() as env:
            env["shopify.runner"]._cron_outgoing()
        self.assertEqual(sale_order.shopify_cancel_state, "done")
        self.assertTrue(self.now_at_shopify(order).cancelled_at)

    def test_a_job_that_ends_without_cancelling_fails_with_a_log_line_and_can_be_retried(self):
        order, sale_order = self.cancelled()
        self.sim.store.jobs.fail_next("Return in progress")
        self.cancel_in_shopify(sale_order)
        line = self.line_of(sale_order)
        self.make_due(line)
        self.follow()
        self.assertEqual((line.state, sale_order.shopify_cancel_state), ("failed", "failed"))
        self.assertFalse(self.now_at_shopify(order).cancelled_at)
        log = self.logs(queue_line_id=line.id)
        self.assertEqual((log.cause, log.fix_action, log.res_id), ("job_failed", "order", sale_order.id))
        with self.own_cursor(self.user) as env:
            line.with_env(env).action_process()
        self.make_due(line)
        self.follow()
        self.assertEqual((line.state, sale_order.shopify_cancel_state), ("done", "done"))
        self.assertTrue(log.resolved)

    def test_process_on_what_shopify_works_on_looks_at_once(self):
        _order, sale_order = self.cancelled()
        self.cancel_in_shopify(sale_order)
        with self.own_cursor(self.user) as env:
            self.line_of(sale_order).with_env(env).action_process()
        self.assertEqual(sale_order.shopify_cancel_state, "done")
        self.assertEqual(self.sent("OrderCancel"), 1)

    def test_a_job_that_never_ends_fails_after_a_day(self):
        _order, sale_order = self.cancelled()
        self.sim.store.jobs.held = True
        self.cancel_in_shopify(sale_order)
        line = self.line_of(sale_order)
        line.job_since -= timedelta(hours=24, minutes=1)
        self.make_due(line)
        self.follow()
        self.assertEqual((line.state, sale_order.shopify_cancel_state), ("failed", "failed"))
        self.assertIn("24 hours", line.message)

    def test_what_shopify_refuses_is_shown_in_its_words_and_can_be_sent_anew(self):
        order, sale_order = self.cancelled()
        self.sim.store.fulfil(order)
        self.cancel_in_shopify(sale_order)
        line = self.line_of(sale_order)
        self.assertEqual(
            (line.state, line.failure_kind, sale_order.shopify_cancel_state), ("failed", "refused", "failed")
        )
        self.assertIn("Cannot cancel an order that has fulfillments", line.message)
        self.assertIn("Cannot cancel an order that has fulfillments", self.logs(queue_line_id=line.id).message)
        self.sim.store.cancel_fulfilment(order, order.fulfillments[0])
        self.cancel_in_shopify(sale_order, reason="INVENTORY")
        self.assertEqual(self.line_of(sale_order), line, "the line that failed is used again")
        self.make_due(line)
        self.follow()
        self.assertEqual(self.now_at_shopify(order).cancel_reason, "INVENTORY")

    def test_a_missing_permission_is_named(self):
        _order, sale_order = self.cancelled()
        self.sim.access.scopes = [scope for scope in DEFAULT_SCOPES if scope != "write_orders"]
        self.cancel_in_shopify(sale_order)
        line = self.line_of(sale_order)
        self.assertEqual((line.state, line.failure_kind), ("failed", "configuration"))
        self.assertIn("write_orders", line.message)
        self.instance._read_shop()
        line._set_cancelled("Permission")
        with self.assertRaisesRegex(UserError, "write_orders"):
            self.cancel_in_shopify(sale_order)

    def test_a_neutralised_copy_writes_nothing(self):
        order, sale_order = self.cancelled()
        self.env["ir.config_parameter"].set_param("database.is_neutralized", "true")
        with self.assertRaisesRegex(UserError, "neutralised copy"):
            self.cancel_in_shopify(sale_order)
        self.env["ir.config_parameter"].set_param("database.is_neutralized", False)
        self.sim.store.jobs.held = True
        with self.own_cursor(self.user) as env:
            wizard = env["shopify.cancel"].create({"order_id": sale_order.id})
            line = env["shopify.queue.line"]._enqueue_out(
                self.instance.with_env(env),
                "order_cancel",
                sale_order.with_env(env),
                sale_order.shopify_order_id,
                "Cancel",
                json.dumps({"variables": wizard._prepare_variables()}),
            )
            line_id = line.id
        self.env["ir.config_parameter"].set_param("database.is_neutralized", "true")
        self.send()
        line = self.env["shopify.queue.line"].browse(line_id)
        self.assertEqual(line.state, "failed")
        self.assertIn("neutralised copy", line.message)
        self.assertEqual(self.sent("OrderCancel"), 0)
        self.assertFalse(self.now_at_shopify(order).cancelled_at)

    def test_the_import_that_is_quicker_than_our_own_look_ends_the_line(self):
        order, sale_order = self.cancelled()
        self.cancel_in_shopify(sale_order)
        self.import_orders(order)
        self.assertEqual(sale_order.shopify_cancel_state, "done")
        self.assertEqual(self.line_of(sale_order).state, "done")
        self.follow()
        self.assertEqual(self.sent("JobStatus"), 0)

    def test_with_a_credit_note_in_odoo_the_refund_of_shopify_makes_no_second_one(self):
        order, sale_order = self.cancelled(shipping="4.90", taxes="US-NY")
        self.cancel_in_shopify(sale_order, create_credit_note=True)
        credit = sale_order.invoice_ids.filtered(lambda move: move.move_type == "out_refund")
        self.assertEqual((credit.state, credit.shopify_refund_state), ("posted", "to_send"))
        self.make_due(self.line_of(sale_order))
        self.follow()
        self.import_orders(order)
        self.assertEqual(sale_order.invoice_ids.filtered(lambda move: move.move_type == "out_refund"), credit)
        self.assertEqual(credit.shopify_refund_state, "received")
        self.assertEqual(credit.shopify_refund_id, sale_order.shopify_refund_ids.shopify_id)
        self.assert_cents(credit.amount_total, self.shopify_total(order))
        self.assertEqual(credit.payment_state, "paid", "what Shopify gave back is paid back in Odoo")

    def test_without_a_credit_note_the_refund_of_shopify_makes_it(self):
        order, sale_order = self.cancelled()
        self.cancel_in_shopify(sale_order)
        self.make_due(self.line_of(sale_order))
        self.follow()
        self.import_orders(order)
        credit = sale_order.invoice_ids.filtered(lambda move: move.move_type == "out_refund")
        self.assertEqual(len(credit), 1)
        self.assert_cents(credit.amount_total, self.shopify_total(order))

    def test_a_line_set_to_completed_lets_the_person_ask_again(self):
        _order, sale_order = self.cancelled()
        self.sim.faults.add("status", "OrderCancel", times=None)
        self.cancel_in_shopify(sale_order)
        self.line_of(sale_order)._set_cancelled("By hand")
        self.assertEqual(sale_order.shopify_cancel_state, "none")
        self.assertTrue(sale_order.action_shopify_cancel())

    def test_two_people_cannot_ask_for_the_same_at_once(self):
        _order, sale_order = self.cancelled()
        self.sim.store.jobs.held = True
        self.cancel_in_shopify(sale_order)
        with self.assertRaisesRegex(UserError, "asked already"):
            self.cancel_in_shopify(sale_order)
        self.assertEqual(len(self.line_of(sale_order)), 1)

    def test_get_again_makes_no_sense_for_what_goes_out(self):
        _order, sale_order = self.cancelled()
        self.sim.store.jobs.held = True
        self.cancel_in_shopify(sale_order)
        with self.assertRaisesRegex(UserError, "nothing to fetch"):
            self.line_of(sale_order).action_get_again()
