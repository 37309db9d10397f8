"""Finding what each balance transaction settles: a payment, a document, or the account of its type."""

from collections import defaultdict

from odoo import api, models

from ..mapping.payout_types import settles

#: States in which a payment of Odoo stands for money.
PAID = ("in_process", "paid")


class ShopifyPayoutMatcher(models.AbstractModel):
    """Looks up a batch of transactions in a handful of queries. Nothing is guessed: what has no clear counterpart waits."""

    _name = "shopify.payout.matcher"
    _description = "Shopify Payout Matcher"

    @api.model
    def _match(self, instance, lines):
        """Say for each line what it settles, or what it waits for. Lines matched by hand and lines in the books stay.

        :param lines: of one store, at most a batch
        """
        lines = lines.filtered(lambda line: not line.by_hand and not line.statement_line_id and not line.processed)
        if not lines:
            return
        orders = self._orders(instance, lines)
        rows = self.env["shopify.payout.account"]._rows(instance)
        for line in lines:
            order = orders.get(line.source_order_ref)
            if order and line.order_id != order:
                line.order_id = order
        settling = lines.filtered(lambda line: settles(line.transaction_type))
        payments = self._payments(instance, settling)
        documents = self._documents(settling.filtered(lambda line: line not in payments))
        given_back = self.env["shopify.payout.counterparts"]._given_back(
            instance, settling.filtered(lambda line: line not in payments and line not in documents)
        )
        for line in lines:
            if not settles(line.transaction_type):
                self._set(line, **self._by_account(line, rows))
            elif line in payments:
                self._set(line, state="matched", payment_id=payments[line].id)
            elif line in documents:
                self._set(line, state="matched", move_id=documents[line].id)
            elif line in given_back:
                self._set(line, state="matched", account_id=given_back[line].id)
            else:
                self._set(line, **self._unmatched(line, rows))

    @api.model
    def _set(self, line, state, reason=False, payment_id=False, move_id=False, account_id=False):
        values = {
            "state": state,
            "reason": reason,
            "payment_id": payment_id,
            "move_id": move_id,
            "account_id": account_id,
        }
        changed = {
            name: value
            for name, value in values.items()
            if (line[name].id if line._fields[name].relational else line[name]) != value
        }
        if changed:
            line.write(changed)

    @api.model
    def _by_account(self, line, rows):
        row = rows.get(line.transaction_type)
        if row:
            return {"state": "matched", "account_id": row.account_id.id}
        return {
            "state": "to_configure",
            "reason": self.env._("The type '%s' has no account yet.", line.type_label),
        }

    @api.model
    def _orders(self, instance, lines):
        """{Shopify order id: sale order}"""
        refs = list({ref for ref in lines.mapped("source_order_ref") if ref})
        if not refs:
            return {}
        orders = self.env["sale.order"].search_fetch(
            [("shopify_instance_id", "=", instance.id), ("shopify_order_id", "in", refs)], ["shopify_order_id"]
        )
        return {order.shopify_order_id: order for order in orders}

    @api.model
    def _payments(self, instance, lines):
        """{line: payment}: by transaction id, then by order and amount; each payment once."""
        refs = [ref for ref in lines.mapped("order_transaction_ref") if ref]
        payments = self.env["account.payment"]
        by_ref = {}
        if refs:
            found = payments.search(
                [
                    ("shopify_instance_id", "=", instance.id),
                    ("shopify_transaction_id", "in", refs),
                    ("state", "in", PAID),
                ]
            )
            by_ref = {payment.shopify_transaction_id: payment for payment in found}
        candidates = self._candidates(lines.filtered(lambda line: line.order_transaction_ref not in by_ref))
        taken = self._taken(payments.union(*by_ref.values(), *candidates.values()), lines)
        result = {}
        for line in lines:
            direction = "inbound" if settles(line.transaction_type) == "charge" else "outbound"
            payment = by_ref.get(line.order_transaction_ref)
            if payment and (payment.id in taken or payment.payment_type != direction):
                continue
            if not payment:
                payment = self._same_amount(line, candidates.get(line.order_id, payments), direction, taken)
            if payment:
                result[line] = payment
                taken.add(payment.id)
        return result

    @api.model
    def _same_amount(self, line, candidates, direction, taken):
        """The one payment of the order with the amount and the currency of the line; none when several fit equally but
        belong to other transactions."""
        fitting = candidates.filtered(
            lambda payment: (
                payment.payment_type == direction
                and payment.id not in taken
                and payment.currency_id == line.currency_id
                and not line.currency_id.compare_amounts(payment.amount, abs(line.amount))
            )
        )
        return fitting[:1]

    @api.model
    def _taken(self, payments, lines):
        """Ids of payments that other balance transactions settle already."""
        if not payments:
            return set()
        others = self.env["shopify.payout.line"].search_fetch(
            [("payment_id", "in", payments.ids), ("id", "not in", lines.ids)], ["payment_id"]
        )
        return set(others.payment_id.ids)

    @api.model
    def _candidates(self, lines):
        """{order: its payments that may be of Shopify Payments}: those of gateways that are settled by payout without a
        transaction id of their own, and those that a person registered on its invoices."""
        orders = lines.order_id
        if not orders:
            return {}
        result = defaultdict(lambda: self.env["account.payment"])
        documents = orders.invoice_ids.filtered(lambda move: move.state == "posted")
        receivable = documents.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
        partners = receivable.matched_credit_ids.credit_move_id + receivable.matched_debit_ids.debit_move_id
        partners.payment_id  # noqa: B018 - one look-up for all
        for order in orders:
            lines_of = (order.invoice_ids & documents).line_ids & receivable
            found = lines_of.matched_credit_ids.credit_move_id.payment_id
            found |= lines_of.matched_debit_ids.debit_move_id.payment_id
            found |= order.shopify_payment_ids.filtered("gateway_id.paid_out").payment_id
            result[order] = found.filtered(
                lambda payment: (
                    payment.state in PAID
                    and (not payment.shopify_payment_id or payment.shopify_payment_id.gateway_id.paid_out)
                )
            )
        return result

    @api.model
    def _documents(self, lines):
        """{line: open invoice or credit note of its order}, where no payment stands between."""
        result = {}
        for line in lines:
            if not line.order_id or self._payment_expected(line):
                continue
            kind = "out_invoice" if settles(line.transaction_type) == "charge" else "out_refund"
            open_ones = line.order_id.invoice_ids.filtered(
                lambda move, kind=kind: move.state == "posted" and move.move_type == kind and move.amount_residual
            )
            same = open_ones.filtered(
                lambda move, line=line: (
                    move.currency_id == line.currency_id
                    and not move.currency_id.compare_amounts(move.amount_residual, abs(line.amount))
                )
            )
            if same or len(open_ones) == 1:
                result[line] = same[:1] or open_ones
        return result

    @api.model
    def _payment_expected(self, line):
        """The workflow registers this payment, and has not done so yet."""
        rows = line.order_id.shopify_payment_ids.filtered(
            lambda row: row.transaction_id == line.order_transaction_ref and not row.registered
        )
        return bool(rows.filtered("workflow_id.register_payment"))

    @api.model
    def _unmatched(self, line, rows):
        """Why a charge or refund waits."""
        if line.transaction_type == "REFUND" and self._sent_again(line) and "REFUND_FAILURE" in rows:
            return {"state": "matched", "account_id": rows["REFUND_FAILURE"].account_id.id}
        if line.transaction_type in rows:  # a person has said where such transactions go when nothing is found
            return {"state": "matched", "account_id": rows[line.transaction_type].account_id.id}
        if not line.source_order_ref:
            reason = self.env._("Shopify names no order. Match it by hand.")
        elif not line.order_id:
            reason = self.env._("Order %s is not in Odoo yet.", line.source_order_name)
        elif settles(line.transaction_type) == "charge":
            reason = self.env._("Order %s has no payment or open invoice for it yet.", line.order_id.name)
        else:
            reason = self.env._("Order %s has no refund payment or open credit note for it yet.", line.order_id.name)
        return {"state": "not_found", "reason": reason}

    @api.model
    def _sent_again(self, line):
        """The refund did not arrive the first time and was sent once more: its payment is settled already."""
        if not line.order_transaction_ref:
            return False
        same = self.env["shopify.payout.line"].search(
            [
                ("instance_id", "=", line.instance_id.id),
                ("order_transaction_ref", "=", line.order_transaction_ref),
                ("transaction_type", "in", ("REFUND", "REFUND_FAILURE")),
                ("id", "!=", line.id),
            ]
        )
        failures = same.filtered(lambda one: one.transaction_type == "REFUND_FAILURE")
        settled = same.filtered(lambda one: one.payment_id or one.move_id)
        again = same.filtered(lambda one: one.transaction_type == "REFUND" and one not in settled)
        return bool(settled) and len(failures) > len(again.filtered(lambda one: one.state == "matched"))
