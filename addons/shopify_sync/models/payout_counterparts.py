"""Balance transactions that settle each other: a charge of an order that was never invoiced and what was given back of it, a
payout that came back and the transaction that pays it again."""

from odoo import api, models

from ..mapping.payout_types import COME_BACK, settles


class ShopifyPayoutCounterparts(models.AbstractModel):
    """Finds and reconciles them, in whatever order and in whichever payouts they come."""

    _name = "shopify.payout.counterparts"
    _description = "Shopify Payout Counterparts"

    # Orders that were cancelled before anything was invoiced

    @api.model
    def _given_back(self, instance, lines):
        """{line: the customer's account}, for charges and refunds that come to nothing, of orders that are cancelled and
        have no invoice: no document of Odoo will ever stand for them."""
        orders = lines.order_id.filtered(
            lambda order: order.state == "cancel" and "posted" not in order.invoice_ids.mapped("state")
        )
        if not orders:
            return {}
        sums = self.env["shopify.payout.line"]._read_group(
            [*self._between_themselves(instance), ("source_order_ref", "in", orders.mapped("shopify_order_id"))],
            ["source_order_ref", "currency_id"],
            ["amount:sum"],
        )
        even = {(ref, currency) for ref, currency, amount in sums if currency.is_zero(amount)}
        return {
            line: self._customers_account(line)
            for line in lines
            if line.order_id in orders and (line.source_order_ref, line.currency_id) in even
        }

    @api.model
    def _between_themselves(self, instance):
        """Charges and refunds that settle no document."""
        return [
            ("instance_id", "=", instance.id),
            ("transaction_type", "in", ("CHARGE", "REFUND")),
            ("payment_id", "=", False),
            ("move_id", "=", False),
            ("by_hand", "=", False),
        ]

    @api.model
    def _customers_account(self, line):
        customer = line.order_id.partner_invoice_id.commercial_partner_id
        return customer.with_company(line.company_id).property_account_receivable_id

    @api.model
    def _reconcile_given_back(self, instance, lines):
        """Reconcile the items of the customer's account, once those of all transactions of an order are there."""
        lines = lines.filtered(
            lambda line: (
                settles(line.transaction_type)
                and not (line.payment_id or line.move_id or line.by_hand)
                and line.account_id.account_type == "asset_receivable"
            )
        )
        if not lines:
            return
        booked = self.env["shopify.payout.line"].search(
            [
                *self._between_themselves(instance),
                ("source_order_ref", "in", lines.mapped("source_order_ref")),
                ("account_id", "in", lines.account_id.ids),
                ("processed", "=", True),
            ]
        )
        items = self._open_items(booked.statement_line_id.move_id, booked.account_id)
        by_order = items.grouped(
            lambda item: (
                item.statement_line_id.shopify_payout_line_id.source_order_ref,
                item.account_id,
                item.currency_id,
            )
        )
        even = [
            found
            for (_order, _account, currency), found in by_order.items()
            if len(found) > 1 and currency.is_zero(sum(found.mapped("amount_currency")))
        ]
        if even:
            self.env["account.move.line"]._reconcile_plan(even)

    # Payouts that did not arrive

    @api.model
    def _reconcile_returned(self, payout):
        """Reconcile the deposits that came back with the transactions that pay them again, on the Shopify balance account.
        The one that Shopify names, else the oldest of the same amount."""
        account = payout.instance_id.payout_balance_account_id
        store = [("instance_id", "=", payout.instance_id.id)]
        if not account.reconcile:
            return
        again = self.env["shopify.payout.line"].search(
            [*store, ("transaction_type", "in", COME_BACK), ("account_id", "=", account.id), ("processed", "=", True)]
        )
        payouts = self.env["shopify.payout"].search(
            [*store, ("status", "in", ("failed", "cancelled")), ("closed", "=", True)]
        )
        paid = self._open_items(again.statement_line_id.move_id, account)
        waiting = self._open_items((payouts.reversal_id | payouts.transfer_statement_line_id.move_id), account)
        if not paid or not waiting:
            return
        owner = {move: one for one in payouts for move in one.reversal_id | one.transfer_statement_line_id.move_id}
        plan = []
        for item in paid.sorted("id"):
            named = item.statement_line_id.shopify_payout_line_id.returned_ref
            same = waiting.filtered(
                lambda one, item=item: (
                    one.currency_id == item.currency_id
                    and one.currency_id.is_zero(one.amount_currency + item.amount_currency)
                )
            ).sorted(lambda one, named=named: (owner[one.move_id].shopify_id != named, one.date, one.id))
            if same:
                plan.append(item + same[0])
                waiting -= same[0]
        if plan:
            self.env["account.move.line"]._reconcile_plan(plan)

    @api.model
    def _open_items(self, moves, accounts):
        return self.env["account.move.line"].search(
            [
                ("move_id", "in", moves.ids),
                ("account_id", "in", accounts.ids),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
            ]
        )
