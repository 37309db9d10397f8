"""What goes out, where it meets other currencies, hands, schedules and attempts."""

from contextlib import contextmanager
from unittest.mock import patch

from odoo.addons.shopify_sync.shopify_api.client import Client
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_out import OutgoingCase


@tagged("post_install", "-at_install")
class TestOutgoingEdges(OutgoingCase):
    def test_a_customer_who_paid_in_another_currency_gets_that_currency_back(self):
        order, sale_order, move = self.credited(currency="EUR", shipping="4.90")
        wizard = self.open_refund(move)
        self.assertEqual(wizard.currency_id.name, "EUR")
        self.assertEqual(wizard.same_currency, move.currency_id.name == "EUR")
        self.assertEqual(sum(wizard.line_ids.mapped("quantity")), 1)
        if not wizard.same_currency:
            self.assertGreater(wizard.total, 0, "the items at Shopify's own worth")
        wizard.note = "Broken"
        self.press_refund(wizard)
        (refund,) = self.refunds_at_shopify(order)
        self.assert_cents(refund.transactions[0].amount_set.presentment, wizard.total)
        self.import_orders(order)
        self.assertEqual(self.credit_notes(sale_order), move)

    def test_a_return_made_by_hand_is_the_return_of_the_refund(self):
        order, sale_order, move = self.credited(fulfillment="fulfilled", lines=[(self.skus[0], 3)])
        delivery = sale_order.picking_ids
        returned = self.env["shopify.returns"]._return(
            self.instance, sale_order, {sale_order.order_line: 1}, validate=True
        )
        self.assertEqual(delivery.return_ids, returned)
        wizard = self.open_refund(move)
        wizard.note = "One came back"
        wizard.line_ids.write({"quantity": 1, "restock_type": "RETURN"})
        self.press_refund(wizard)
        self.import_orders(order)
        self.assertEqual(delivery.return_ids, returned, "no second return")
        self.assertEqual(returned.shopify_refund_id, move.shopify_refund_id)

    def test_the_stores_schedule_sends_what_waits(self):
        order, _sale_order, move = self.credited()
        self.sim.faults.add("status", "RefundCreate", times=2)
        self.refund_in_shopify(move)
        self.make_due(self.line_of(move))
        with self.own_cursor() as env:
            self.instance.with_env(env)._run_scheduled("process_out")
        self.assertEqual(move.shopify_refund_state, "sent")
        self.assertEqual(len(self.refunds_at_shopify(order)), 1)

    def test_the_schedule_of_orders_leaves_what_goes_out_alone(self):
        _order, _sale_order, move = self.credited()
        self.sim.faults.add("status", "RefundCreate", times=2)
        self.refund_in_shopify(move)
        self.make_due(self.line_of(move))
        asked = self.sent("RefundCreate")
        self.process()
        self.assertEqual((self.line_of(move).state, self.sent("RefundCreate")), ("draft", asked))

    def test_the_job_for_all_stores_sends_where_the_schedule_is_off(self):
        order, _sale_order, move = self.credited()
        self.sim.faults.add("status", "RefundCreate", times=2)
        self.refund_in_shopify(move)
        self.make_due(self.line_of(move))
        with self.own_cursor() as env:
            env["shopify.runner"]._cron_outgoing()
        self.assertEqual(len(self.refunds_at_shopify(order)), 1)

    def test_a_store_with_a_connection_problem_waits(self):
        order, _sale_order, move = self.credited()
        self.sim.faults.add("status", "RefundCreate", times=2)
        self.refund_in_shopify(move)
        self.make_due(self.line_of(move))
        self.instance.state = "problem"
        with self.own_cursor() as env:
            env["shopify.runner"]._cron_outgoing()
            self.instance.with_env(env)._run_scheduled("process_out")
        self.assertFalse(self.refunds_at_shopify(order))

    def test_after_five_automatic_attempts_a_person_is_needed_and_his_retry_refunds_once(self):
        order, _sale_order, move = self.credited()
        self.sim.faults.add("status_after", "RefundCreate", times=None)
        self.sim.faults.add("status", "RefundableOrder", times=None, after=1)
        self.refund_in_shopify(move)
        line = self.line_of(move)
        key = line.idempotency_key
        for _attempt in range(6):
            self.make_due(line)
            self.send()
        self.assertEqual((line.state, line.failure_kind, line.attempts), ("failed", "heals", 6))
        self.assertEqual((move.shopify_refund_state, line.idempotency_key, line.maybe_done), ("failed", key, True))
        with self.assertRaisesRegex(UserError, "may have reached Shopify"):
            line._check_renewable(move)
        self.sim.faults.clear()
        with self.own_cursor(self.user) as env:
            line.with_env(env).action_process()
        self.assertEqual((line.state, move.shopify_refund_state), ("done", "sent"))
        self.assertEqual(len(self.refunds_at_shopify(order)), 1)

    def test_a_refund_that_was_refused_can_be_changed_and_sent_again(self):
        order, _sale_order, move = self.credited(lines=[(self.skus[0], 2)])
        wizard = self.open_refund(move)
        wizard.note = "Late"
        self.sim.store.refund(order, {self.skus[0]: 1}, note="By somebody in Shopify")
        self.press_refund(wizard)
        self.assertEqual(self.line_of(move).state, "failed")
        again = self.open_refund(move)
        self.assertEqual(again.line_ids.quantity, 1, "what is left there")
        again.note = "The rest"
        self.press_refund(again)
        self.assertEqual((len(self.line_of(move)), move.shopify_refund_state), (1, "sent"))
        self.assertEqual(len(self.refunds_at_shopify(order)), 2)

    def test_a_cancellation_tried_again_keeps_its_credit_note(self):
        order = self.place()
        self.import_orders(order)
        sale_order = self.sale_order(order)
        self.cancel_in_odoo(sale_order)
        self.sim.store.jobs.fail_next()
        self.cancel_in_shopify(sale_order, create_credit_note=True)
        self.make_due(self.line_of(sale_order))
        self.follow()
        self.assertEqual(sale_order.shopify_cancel_state, "failed")
        self.cancel_in_shopify(sale_order)
        self.make_due(self.line_of(sale_order))
        self.follow()
        credit = self.credit_notes(sale_order)
        self.assertEqual(credit.shopify_refund_state, "sent")
        self.import_orders(order)
        self.assertEqual(self.credit_notes(sale_order), credit)
        self.assertEqual((credit.shopify_refund_state, credit.payment_state), ("received", "paid"))

    def test_a_further_credit_note_for_the_same_invoice_is_refused(self):
        order = self.place()
        self.import_orders(order)
        sale_order = self.sale_order(order)
        self.credit(sale_order)
        self.credit(sale_order)
        self.cancel_in_odoo(sale_order)
        with self.assertRaisesRegex(UserError, "credit notes already"):
            self.cancel_in_shopify(sale_order, create_credit_note=True)
        self.assertFalse(self.line_of(sale_order))

    def test_what_was_sent_is_not_sent_again_by_running_the_past_again(self):
        _order, _sale_order, move = self.credited()
        self.refund_in_shopify(move)
        line = self.line_of(move)
        line._reopen()
        self.assertEqual(line.state, "done")

    def test_a_refund_on_its_way_outlives_the_erasure_of_the_customers_data(self):
        order, _sale_order, move = self.credited()
        self.sim.faults.add("status", "RefundCreate", times=2)
        self.refund_in_shopify(move)
        line = self.line_of(move)
        lines = self.env["shopify.queue.line"].search([("shopify_id", "=", str(order.id))])
        self.env["shopify.webhook.privacy"]._erase_lines(lines)
        self.assertEqual((line.state, line.customer), ("draft", False))
        self.make_due(line)
        self.send()
        self.assertEqual((line.state, len(self.refunds_at_shopify(order))), ("done", 1))

    def test_no_transaction_is_open_while_shopify_is_asked(self):
        _order, _sale_order, move = self.credited()
        self.sim.store.jobs.held = True
        other = self.place()
        self.import_orders(other)
        to_cancel = self.sale_order(other)
        self.cancel_in_odoo(to_cancel)
        with self.own_cursor(self.user) as env, self.watched(env.cr) as asked:
            own = move.with_env(env)
            wizard = env["shopify.refund"].browse(own.action_shopify_refund()["res_id"])
            wizard.note = "Broken"
            wizard.action_refund()
            env["shopify.cancel"].create({"order_id": to_cancel.id}).action_cancel()
        self.assertEqual(
            asked,
            [
                (name, None)
                for name in ("RefundableOrder", "SuggestedRefund", "RefundCreate", "CancelState", "OrderCancel")
            ],
            "the first statement since the last commit, at each request",
        )

    @contextmanager
    def watched(self, cursor):
        """Note at each request to Shopify the first statement of a cursor since its last commit."""
        kind, statements, asked = type(cursor), [], []
        execute, commit, send = kind.execute, kind.commit, Client._send

        def watched_execute(own, query, *args, **more):
            if own is cursor:
                statements.append(str(query))
            return execute(own, query, *args, **more)

        def watched_commit(own):
            commit(own)
            if own is cursor:
                statements.clear()

        def watched_send(client, document, *args):
            asked.append((document.operation_name, next(iter(statements), None)))
            return send(client, document, *args)

        with (
            patch.object(kind, "execute", watched_execute),
            patch.object(kind, "commit", watched_commit),
            patch.object(Client, "_send", watched_send),
        ):
            yield asked

    def test_the_card_of_the_store_counts_what_waits_to_go_out(self):
        _order, _sale_order, move = self.credited()
        self.sim.faults.add("status", "RefundCreate", times=2)
        self.refund_in_shopify(move)
        self.assertEqual(self.instance.outgoing_count, 1)
        found = self.env["shopify.queue.line"].search(self.instance.action_view_outgoing()["domain"])
        self.assertIn(self.line_of(move), found)

    def test_the_raw_request_is_a_managers_to_read(self):
        _order, _sale_order, move = self.credited()
        self.refund_in_shopify(move)
        line = self.line_of(move)
        self.assertIn(move.name, line.payload)
        self.assertNotIn("payload", line.with_user(self.user).fields_get())


@tagged("post_install", "-at_install")
class TestCashRoundedRefund(OutgoingCase):
    sim_options = {"currency": "CHF"}

    def sell(self, *prices):
        lines = [{"sku": sku, "price": price} for sku, price in zip(self.skus, prices, strict=False)]
        return self.credited(lines=lines, gateway="cash", source="pos", taxes="none", shipping=None)

    def refund(self, order, sale_order, move):
        """Refund the credit note in Shopify and hear of it; the entry of the money paid back."""
        self.refund_in_shopify(move)
        self.send()
        for _twice in range(2):
            self.run_operation("order_reconcile", **{"from": "2000-01-01 00:00:00"})
            self.process()
            self.queue_line(order)._reopen()
            self.process()
        self.assertEqual(sale_order.shopify_refund_ids.move_id, move)
        self.assertFalse(self.logs(cause="refund_other_amount", resolved=False))
        paid_back = sale_order.shopify_payment_ids.filtered(lambda row: row.kind == "refund")
        self.assertEqual(len(paid_back), 1)
        self.assertTrue(paid_back.payment_id)
        owed = (sale_order.invoice_ids | sale_order.shopify_payment_ids.payment_id.move_id).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        self.assert_cents(sum(owed.mapped("amount_residual_currency")), 0)
        self.assertFalse(owed.filtered("amount_residual_currency"))
        return paid_back

    def test_what_was_rounded_up_is_given_back_whole(self):
        order, sale_order, move = self.sell("9.98")
        self.assert_cents(move.amount_total, 10)
        self.assert_cents(self.refund(order, sale_order, move).amount, 10)

    def test_what_was_rounded_down_is_given_back_as_it_was_received(self):
        order, sale_order, move = self.sell("10.02")
        self.assert_cents(move.amount_total, 10)
        self.assert_cents(self.refund(order, sale_order, move).amount, 10)
        self.assert_cents(self.shopify_total(order, "net_payment"), 0)

    def test_a_part_is_rounded_when_it_is_given_back(self):
        order = self.place(
            lines=[{"sku": sku, "price": "4.99"} for sku in self.skus[:2]],
            gateway="cash",
            source="pos",
            taxes="none",
            shipping=None,
        )
        self.import_orders(order)
        sale_order = self.sale_order(order)
        move = sale_order.invoice_ids._reverse_moves([{"ref": "Returned"}])
        move.invoice_line_ids.filtered(lambda line: line.product_id != self.products[0]).unlink()
        move.action_post()
        self.assert_cents(move.amount_total, 4.99)
        self.assert_cents(self.refund(order, sale_order, move).amount, 5)
        rounding = sale_order.invoice_ids.filtered(lambda one: one.amount_total < 1)
        self.assertEqual(
            (rounding.move_type, rounding.invoice_line_ids.product_id),
            ("out_refund", self.instance.product_rounding_id),
        )
