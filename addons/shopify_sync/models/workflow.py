"""The steps of a workflow, in batches: confirm, ship, invoice, post, pay (rules, section 3).

Each step runs for all orders at once when its own switch is on and its precondition holds. A failing batch is halved
until the bad order stands alone; a step that fails keeps the earlier ones, is logged and tried again.
"""

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.fields import Domain

from .handler_order import QUIET_DOCUMENTS

_logger = logging.getLogger(__name__)

#: A step that failed is tried again this much later by the job that continues unfinished workflows.
RETRY_AFTER = timedelta(minutes=30)
CONTINUE_LIMIT = 200


class SaleOrder(models.Model):
    _inherit = "sale.order"

    shopify_next_step_at = fields.Datetime(
        readonly=True, copy=False, help="A step of the workflow has failed; it is tried again from this time on."
    )


class ShopifyWorkflow(models.AbstractModel):
    """Runs the workflow of orders as far as it goes."""

    _name = "shopify.workflow"
    _description = "Shopify Workflow Steps"

    @api.model
    def _run(self, instance, sale_orders, mapped=None):
        """Do every step that is due for these orders.

        :param mapped: {Shopify order id: mapping.Order}, to ship what Shopify shipped; orders without are not shipped
        """
        orders = sale_orders.with_context(**QUIET_DOCUMENTS).with_company(instance.company_id)
        ready = orders.filtered(self._is_free)
        to_confirm = ready.filtered(
            lambda order: order.state in ("draft", "sent") and order.shopify_workflow_id.confirm_order
        )
        self._step(instance, "confirm", to_confirm, lambda batch: batch.action_confirm())
        ready = ready.filtered(lambda order: order.state == "sale")
        self._step(
            instance,
            "ship",
            ready,
            lambda batch: self.env["shopify.shipment"]._take_over(instance, batch, mapped or {}),
        )
        self._step(instance, "payment", self._prepaid(ready), lambda batch: self._pay(instance, batch))
        to_invoice = ready.filtered(self._is_invoiceable)
        self._step(instance, "invoice", to_invoice, self._invoice)
        self._step(instance, "payment", self._to_pay(ready), lambda batch: self._pay(instance, batch))
        self.env["sale.order"]._shopify_queue_services(instance, ready.filtered(lambda order: not order.picking_ids))
        self._step(
            instance,
            "refund",
            orders.filtered(
                lambda order: (mapped or {}).get(order.shopify_order_id) and mapped[order.shopify_order_id].refunds
            ),
            lambda batch: self._refund(instance, batch, mapped),
        )
        self._step(
            instance,
            "return",
            orders.filtered(lambda order: self._has_returns(order, mapped or {})),
            lambda batch: self._bring_returns(instance, batch, mapped),
        )

    @api.model
    def _has_returns(self, order, mapped):
        """Whether an order has returns in Shopify, or had."""
        state = mapped.get(order.shopify_order_id)
        return state and (state.returns or not state.returns_known or order.shopify_return_ids)

    @api.model
    def _bring_returns(self, instance, orders, mapped):
        for order in orders:  # each order's goods are compared on their own
            self.env["shopify.returns"]._bring(instance, order, mapped[order.shopify_order_id])

    @api.model
    def _refund(self, instance, orders, mapped):
        for order in orders:  # each refund is a document of its own
            self.env["shopify.refunds"]._bring(instance, order, mapped[order.shopify_order_id])

    @api.model
    def _is_free(self, order):
        """Nothing keeps the workflow from going on."""
        return (
            order.state != "cancel"
            and not order.shopify_cancelled_at
            and not order.shopify_is_test
            and not order.shopify_baseline
            and order.shopify_total_state in ("ok", "rounded", "accepted")
            and order.shopify_risk_state not in ("held", "pending")
        )

    @api.model
    def _step(self, instance, step, orders, work):
        """Run a step on a batch; when it fails, halve the batch until the bad order stands alone."""
        if not orders:
            return
        try:
            with self.env.cr.savepoint():
                work(orders)
                self.env.flush_all()
        except (UserError, RedirectWarning) as error:
            self.env.invalidate_all()
            if len(orders) > 1:
                middle = len(orders) // 2
                self._step(instance, step, orders[:middle], work)
                self._step(instance, step, orders[middle:], work)
                return
            self._note_failure(instance, step, orders, error)
        else:
            self._note_success(instance, step, orders)

    @api.model
    def _step_label(self, step):
        return {
            "confirm": self.env._("Confirm"),
            "ship": self.env._("Ship"),
            "invoice": self.env._("Invoice"),
            "payment": self.env._("Register payment"),
            "refund": self.env._("Refund"),
            "return": self.env._("Return"),
        }[step]

    @api.model
    def _note_failure(self, instance, step, order, error):
        order.shopify_next_step_at = fields.Datetime.now() + RETRY_AFTER
        logs = self.env["shopify.log.line"]
        entry = logs._of_order(
            order,
            process=self.env._("Workflow"),
            cause=f"step_{step}",
            message=self.env._(
                "Order %(order)s: the step '%(step)s' failed: %(reason)s",
                order=order.name,
                step=self._step_label(step),
                reason=error.args[0],
            ),
        )
        logs._log(instance, [entry])

    @api.model
    def _note_success(self, instance, step, orders):
        failed = orders.filtered("shopify_next_step_at")
        if failed:
            failed.shopify_next_step_at = False
            # the step's own log lines are solved, whoever wrote them
            self.env["shopify.log.line"].sudo().search(
                [
                    ("instance_id", "=", instance.id),
                    ("resolved", "=", False),
                    ("cause", "=", f"step_{step}"),
                    ("res_model", "=", "sale.order"),
                    ("res_id", "in", failed.ids),
                ]
            ).write({"resolved": True})

    # Invoices

    @api.model
    def _is_invoiceable(self, order):
        """Something is to be invoiced, and products invoiced on delivery have been delivered at least in part."""
        if not order.shopify_workflow_id.create_invoice or order.invoice_status != "to invoice":
            return False
        waiting = order.order_line.filtered(
            lambda line: (
                line.shopify_line_type in ("product", "custom")
                and line.product_id.invoice_policy == "delivery"
                and line.product_id.type == "consu"
            )
        )
        due = waiting.filtered("qty_to_invoice")
        # units that a refund keeps from being delivered do not begin an invoice while others still wait for delivery
        open_moves = waiting.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
        delivered = any(line.qty_delivered for line in due) or (bool(due) and not open_moves)
        if self._invoices(order):
            return delivered  # what changed since is invoiced by the adjuster, where the store says so
        return not waiting or delivered

    @api.model
    def _invoice(self, orders):
        """One posted invoice an order, in the workflow's journal (`sale.order._prepare_invoice`)."""
        again = orders.filtered("invoice_ids")
        invoices = orders._create_invoices(grouped=True)
        invoices.action_post()
        for order in again:  # its lines may have changed between two deliveries
            if order.shopify_instance_id.sync_invoice:
                self.env["shopify.invoice.adjuster"]._adjust(order.shopify_instance_id, order)

    # Payments

    @api.model
    def _prepaid(self, orders):
        return self._to_pay(orders).filtered(lambda order: order.shopify_workflow_id.payment_before_invoice)

    @api.model
    def _to_pay(self, orders):
        """Orders with a payment that its workflow registers and that was not registered yet."""

        def due(order):
            invoiced = any(move.state == "posted" for move in order.invoice_ids)
            return any(
                payment.workflow_id.register_payment
                and not payment.registered
                and (invoiced or payment.workflow_id.payment_before_invoice)
                for payment in order.shopify_payment_ids
            ) or (invoiced and self._unmatched(order))

        return orders.filtered(due)

    @api.model
    def _unmatched(self, order):
        """Payments made before the invoice that are still to be matched with it."""
        open_invoices = order.invoice_ids.filtered(lambda move: move.state == "posted" and move.amount_residual)
        if not open_invoices:
            return self.env["account.payment"]
        received = order.shopify_payment_ids.filtered(lambda row: row.kind != "refund").payment_id
        return received.filtered(lambda payment: payment.state in ("in_process", "paid") and not payment.is_reconciled)

    @api.model
    def _pay(self, instance, orders, rows=None):
        """Register each payment once, in the journal of its own gateway's workflow, and match it with the invoice.

        Amounts are never split or guessed: an overpayment stays open on the customer.

        :param rows: the payments that a person wants registered; those that the workflows register by default
        """
        if rows is None:
            rows = orders.shopify_payment_ids.filtered(
                lambda row: (
                    row.workflow_id.register_payment
                    and not row.registered
                    and not row.is_test
                    and (row.workflow_id.payment_before_invoice or self._invoices(row.order_id))
                )
            )
        payments = self.env["account.payment"].create([self._prepare_payment(instance, row) for row in rows])
        for row, payment in zip(rows, payments, strict=True):
            row.payment_id = payment
        rows.registered = True
        payments.action_post()
        plan = []
        for order in orders:
            invoices = self._invoices(order)
            if not invoices:
                continue
            invoices |= order.invoice_ids.filtered(  # with what edits credited
                lambda move: move.state == "posted" and move.move_type == "out_refund" and not move.shopify_refund_id
            )
            account_lines = (invoices + self._order_payments(order)).line_ids.filtered(
                lambda line: line.account_id.account_type == "asset_receivable" and not line.reconciled
            )
            by_account = account_lines.grouped("account_id")
            plan += [lines for lines in by_account.values() if len(lines.move_id) > 1]
        if plan:
            self.env["account.move.line"]._reconcile_plan(plan)

    @api.model
    def _invoices(self, order):
        return order.invoice_ids.filtered(lambda move: move.state == "posted" and move.move_type == "out_invoice")

    @api.model
    def _order_payments(self, order):
        """The entries of payments received."""
        received = order.shopify_payment_ids.filtered(lambda row: row.kind != "refund").payment_id
        return received.filtered(lambda payment: payment.state in ("in_process", "paid")).move_id

    @api.model
    def _prepare_payment(self, instance, row):
        order, workflow = row.order_id, row.workflow_id
        return {
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": order.partner_invoice_id.commercial_partner_id.id,
            "amount": row.amount,
            "currency_id": row.currency_id.id,
            "date": instance._local_date(row.processed_at),
            "journal_id": workflow.payment_journal_id.id,
            "payment_method_line_id": workflow.payment_method_line_id.id,
            "memo": f"{order.shopify_order_name} {row.gateway_id.name}",
            "payment_reference": row.transaction_id,
            "shopify_instance_id": instance.id,
            "shopify_payment_id": row.id,
            "shopify_transaction_id": row.transaction_id,
        }

    # Unfinished orders

    @api.model
    def _cron_continue(self):
        """Try again what a workflow could not do: steps that failed, deliveries done since, releases by hand."""
        for instance in self.env["shopify.instance"].search([("state", "=", "connected")]):
            own = instance._for_jobs()
            last_id = 0  # each order once a run: one that only waits for its delivery stays unfinished
            while True:
                with self.env.registry.cursor() as cr:
                    store = own.with_env(own.env(cr=cr))
                    model = store.env[self._name]
                    orders = model._unfinished(store, last_id)
                    last_id = max(orders.ids, default=last_id)
                    orders.shopify_next_step_at = fields.Datetime.now() + RETRY_AFTER
                    model._run(store, orders, store.env["shopify.handler.order"]._stored(store, orders))
                if not self.env["ir.cron"]._commit_progress(len(orders)):
                    return
                if len(orders) < CONTINUE_LIMIT:
                    break

    @api.model
    def _unfinished(self, instance, after_id=0):
        """Confirmed or confirmable orders of a store with a step to do, behind an order id, at most a batch."""
        now = fields.Datetime.now()
        free = Domain(
            [
                ("id", ">", after_id),
                ("shopify_instance_id", "=", instance.id),
                ("shopify_is_test", "=", False),
                ("shopify_baseline", "=", False),
                ("shopify_cancelled_at", "=", False),
                ("shopify_total_state", "in", ("ok", "rounded", "accepted")),
                ("shopify_risk_state", "not in", ("held", "pending")),
            ]
        )
        due = Domain("shopify_next_step_at", "=", False) | Domain("shopify_next_step_at", "<=", now)
        confirm = Domain([("state", "in", ("draft", "sent")), ("shopify_workflow_id.confirm_order", "=", True)])
        invoice = Domain(
            [
                ("state", "=", "sale"),
                ("invoice_status", "=", "to invoice"),
                ("shopify_workflow_id.create_invoice", "=", True),
            ]
        )
        pay = Domain(
            [
                ("state", "=", "sale"),
                (
                    "shopify_payment_ids",
                    "any",
                    [("registered", "=", False), ("is_test", "=", False), ("workflow_id.register_payment", "=", True)],
                ),
            ]
        )
        bring_back = Domain(
            [
                ("state", "=", "sale"),
                ("shopify_return_ids.state", "=", "waiting"),
                ("picking_ids.state", "=", "done"),
            ]
        )
        todo = confirm | invoice | pay | bring_back
        return self.env["sale.order"].search(free & due & todo, limit=CONTINUE_LIMIT, order="id")
