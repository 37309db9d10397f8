"""Money paid back for refunds, matched with their credit notes (rules, section 15.3)."""

from odoo import api, models


class ShopifyRefunds(models.AbstractModel):
    _inherit = "shopify.refunds"

    @api.model
    def _pay_back(self, instance, row, order, refund):
        """Register each successful refund transaction once, in the journal of its gateway's workflow, and match it
        with the credit note; what is left of the credit note is matched with an open invoice."""
        if row.move_id and row.move_id.state != "posted":
            return
        if instance.refund_register_payment:
            self._register_payments(instance, row, order, refund)
        payments = row.order_id.shopify_payment_ids.filtered(lambda one: one.refund_id == row).payment_id
        adjuster = self.env["shopify.invoice.adjuster"]
        earlier = adjuster._invoices(row.order_id).filtered(
            lambda move: move.move_type == "out_refund" and move.amount_residual
        )
        earlier |= self._reversal_rows(row.order_id).move_id.filtered(
            lambda move: move.state == "posted" and move.amount_residual
        )
        received = self.env["shopify.workflow"]._order_payments(row.order_id)
        invoices = self._invoices(row.order_id).filtered("amount_residual")
        self._match(row.move_id + payments.move_id)
        self._match(payments.move_id + earlier + received)
        self._match(row.move_id + invoices)

    @api.model
    def _match(self, moves):
        """Reconcile what the customer owes by these documents with what he is owed by them."""
        lines = moves.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable" and not line.reconciled
        )
        for of_account in lines.grouped("account_id").values():
            open_amounts = of_account.mapped("amount_residual_currency")
            if len(of_account.move_id) > 1 and min(open_amounts) < 0 < max(open_amounts):
                of_account.reconcile()

    @api.model
    def _register_payments(self, instance, row, order, refund):
        payments = self.env["shopify.order.payment"]
        known = set(
            payments.search([("order_id", "=", row.order_id.id), ("kind", "=", "refund")]).mapped("transaction_id")
        )
        paid = {one.transaction_id: one for one in row.order_id.shopify_payment_ids}
        for item in refund.transactions:
            if item.status != "success" or not item.amount or item.transaction_id in known:
                continue
            source = paid.get(item.parent_id, payments)
            if source.gateway_id.code != item.gateway:  # store credit for what was paid otherwise
                same = row.order_id.shopify_payment_ids.filtered(
                    lambda one, code=item.gateway: one.gateway_id.code == code
                )
                source = same[:1]
            gateway = (
                source.gateway_id or self.env["shopify.payment.gateway"]._ensure(instance, [item.gateway])[item.gateway]
            )
            workflow = source.workflow_id or self._workflow_of(instance, row.order_id, gateway)
            line = payments.create(
                {
                    "order_id": row.order_id.id,
                    "instance_id": instance.id,
                    "gateway_id": gateway.id,
                    "workflow_id": workflow.id,
                    "transaction_id": item.transaction_id,
                    "kind": "refund",
                    "currency_id": row.currency_id.id,
                    "amount": float(item.amount + item.rounding),
                    "processed_at": item.processed_at or refund.processed_at,
                    "refund_id": row.id,
                }
            )
            test = row.order_id.shopify_is_test
            if self._refund_journal(instance, line) and not test and not self._paid_by_hand(row, item):
                line.payment_id = self.env["account.payment"].create(self._prepare_payment(instance, line, row))
                line.registered = True
                line.payment_id.action_post()

    @api.model
    def _workflow_of(self, instance, sale_order, gateway):
        """The workflow whose journal pays back through a gateway that the order was not paid with."""
        statuses = self.env["shopify.financial.status"]._lookup(instance)
        for status in (sale_order.shopify_financial_status, "refunded", "paid"):
            for order_status in (sale_order.shopify_order_status, "any"):
                found = statuses.get((gateway.code, status, order_status))
                if found and found.workflow_id.register_payment:
                    return found.workflow_id
        return gateway.workflow_id or sale_order.shopify_workflow_id

    @api.model
    def _refund_journal(self, instance, line):
        """Where a refund is paid from: the journal of its gateway's workflow, else the store's; none: not registered."""
        workflow = line.workflow_id
        return (workflow.register_payment and workflow.payment_journal_id) or instance.refund_journal_id

    @api.model
    def _prepare_payment(self, instance, line, row):
        journal = self._refund_journal(instance, line)
        return {
            "payment_type": "outbound",
            "partner_type": "customer",
            "partner_id": (row.move_id or self._invoices(row.order_id)[:1]).commercial_partner_id.id
            or row.order_id.partner_invoice_id.commercial_partner_id.id,
            "amount": line.amount,
            "currency_id": line.currency_id.id,
            "date": instance._local_date(line.processed_at),
            "journal_id": journal.id,
            "payment_method_line_id": journal.outbound_payment_method_line_ids[:1].id,
            "memo": f"{row.order_id.shopify_order_name} {line.gateway_id.name}",
            "payment_reference": line.transaction_id,
            "shopify_instance_id": instance.id,
            "shopify_payment_id": line.id,
            "shopify_transaction_id": line.transaction_id,
        }
