"""Putting the statement lines of a payout in their place: the suspense account gives way to the account that the line
settles, and the two are reconciled (rules, section 23.4)."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..mapping.payout_types import FEE
from .payout_statement import QUIET

#: Accounts of customers and suppliers: the other side of a payment, never the side that a bank statement settles.
PARTNER_ACCOUNTS = ("asset_receivable", "liability_payable")


class ShopifyPayoutReconciler(models.AbstractModel):
    """Reconciles a batch of statement lines in a few queries, however many payments they settle."""

    _name = "shopify.payout.reconciler"
    _description = "Shopify Payout Reconciler"

    @api.model
    def _reconcile(self, payout, lines):
        """Transactions with a statement line that are not in their place yet.

        :return: those that must be looked for again, because somebody else has settled what they had found
        """
        lines = lines.filtered(lambda line: line.statement_line_id and not line.processed)
        if not lines:
            return lines
        self.env["shopify.payout.statement"]._check_unlocked(payout, payout.date, payout.journal_id)
        suspense = self._suspense(payout, lines.statement_line_id)
        targets = self._targets(lines)
        rows = self.env["shopify.payout.account"]._rows(payout.instance_id)
        plan, lost = [], lines.browse()
        changes, done = {}, lines.browse()
        for line in lines:
            item = suspense.get(line.statement_line_id.id)
            if not item:  # a person has reconciled it in Odoo's own screen
                done += line
                continue
            account, target = line.account_id, targets.get(line)
            if line.payment_id or line.move_id:
                if not target:
                    lost += line
                    continue
                account = target[0].account_id
            row = rows.get(line.transaction_type)
            if row and row.tax_id and account == row.account_id:
                self._book_with_tax(line.statement_line_id, item, row)
            else:
                changes.setdefault((account.id, self._foreign(item, target)), []).append(item.id)
                if target:
                    plan.append((item, target))
            if line.account_id != account:
                line.account_id = account
            done += line
        self._move_items(changes)
        if plan:
            self.env["account.move.line"]._reconcile_plan([item + target for item, target in plan])
        done.write({"processed": True, "reason": False})
        self._note_left(done, targets)
        self.env["shopify.payout.counterparts"]._reconcile_given_back(payout.instance_id, done)
        lost.write({"state": "not_found", "payment_id": False, "move_id": False, "account_id": False})
        return lost

    @api.model
    def _suspense(self, payout, statement_lines):
        """{statement line id: its item on the suspense account}"""
        items = self.env["account.move.line"].search(
            [
                ("move_id", "in", statement_lines.move_id.ids),
                ("account_id", "=", payout.journal_id.suspense_account_id.id),
            ]
        )
        return {item.statement_line_id.id: item for item in items}

    @api.model
    def _targets(self, lines):
        """{line: open items that it settles}: of the payment's outstanding account, else of the document's receivable."""
        items = self.env["account.move.line"].search(
            [
                ("move_id", "in", (lines.payment_id.move_id | lines.move_id).ids),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("account_id.reconcile", "=", True),
            ]
        )
        by_move = items.grouped("move_id")
        nothing, targets = items.browse(), {}
        for line in lines:
            of_payment = bool(line.payment_id)
            move = line.payment_id.move_id or line.move_id
            found = by_move.get(move, nothing).filtered(
                lambda item, of_payment=of_payment: (
                    (item.account_id.account_type not in PARTNER_ACCOUNTS)
                    if of_payment
                    else item.account_id.account_type == "asset_receivable"
                )
            )
            if found:
                targets[line] = found
        return targets

    @api.model
    def _foreign(self, item, target):
        """What the item becomes when the payment is in another currency than the payout: the transaction settles all of it,
        and Odoo books the exchange difference.

        :return: (currency id, amount in it, balance), or None
        """
        if not target or len(target.currency_id) > 1 or target.currency_id == item.currency_id:
            return None
        return target.currency_id.id, -sum(target.mapped("amount_residual_currency")), item.balance

    @api.model
    def _move_items(self, changes):
        items = self.env["account.move.line"].with_context(**QUIET)
        for (account_id, foreign), ids in changes.items():
            values = {"account_id": account_id}
            if foreign:
                values.update(currency_id=foreign[0], amount_currency=foreign[1], balance=foreign[2])
            items.browse(ids).write(values)

    @api.model
    def _note_left(self, lines, targets):
        """Say where Shopify's amount is not the payment's: the rest stays open on the payment."""
        for line in lines:
            left = targets.get(line, self.env["account.move.line"]).filtered(lambda item: not item.reconciled)
            if left and line.payment_id:
                line.reason = self.env._(
                    "Shopify settled another amount than payment %(payment)s: %(left)s stays open.",
                    payment=line.payment_id.name,
                    left=left.currency_id[:1].format(sum(left.mapped("amount_residual_currency"))),
                )

    @api.model
    def _reconcile_fee(self, payout):
        """Put the fees on their account, with tax where it has one.

        :raises UserError: the account is gone
        """
        statement_line = payout.fee_statement_line_id
        if statement_line and not payout.fee_processed:
            row = self.env["shopify.payout.account"]._rows(payout.instance_id).get(FEE)
            if not row:
                raise UserError(self.env._("Fees of transactions have no account any more."))
            item = self._suspense(payout, statement_line).get(statement_line.id)
            if item and row.tax_id:
                self._book_with_tax(statement_line, item, row)
            elif item:
                item.with_context(**QUIET).write({"account_id": row.account_id.id})
        payout.fee_processed = True

    @api.model
    def _book_with_tax(self, statement_line, item, row):
        """Replace the suspense item by the net amount on the account and the tax contained in it."""
        amount = item.amount_currency
        sign = 1 if amount >= 0 else -1
        computed = row.tax_id.with_context(force_price_include=True).compute_all(
            abs(amount), currency=item.currency_id, partner=row.partner_id, is_refund=sign < 0
        )
        company_currency, rate = item.company_currency_id, item.balance / amount if amount else 1.0
        base = {
            "name": item.name,
            "account_id": row.account_id.id,
            "partner_id": item.partner_id.id,
            "currency_id": item.currency_id.id,
            "amount_currency": sign * computed["total_excluded"],
            "tax_ids": [Command.set(row.tax_id.ids)],
            "tax_tag_ids": [Command.set(computed["base_tags"])],
        }
        taxes = [
            {
                "name": tax["name"],
                "account_id": tax["account_id"] or row.account_id.id,
                "partner_id": item.partner_id.id,
                "currency_id": item.currency_id.id,
                "amount_currency": sign * tax["amount"],
                "tax_base_amount": company_currency.round(sign * tax["base"] * rate),
                "tax_repartition_line_id": tax["tax_repartition_line_id"],
                "tax_tag_ids": [Command.set(tax["tag_ids"])],
                "tax_ids": [Command.set(tax["tax_ids"])],
            }
            for tax in computed["taxes"]
        ]
        for values in taxes:
            values["balance"] = company_currency.round(values["amount_currency"] * rate)
        # what rounding leaves belongs to the net amount, so that the entry balances to the cent
        base["amount_currency"] = amount - sum(values["amount_currency"] for values in taxes)
        base["balance"] = item.balance - sum(values["balance"] for values in taxes)
        statement_line.with_context(
            **QUIET, force_delete=True, skip_readonly_check=True, skip_account_move_synchronization=True
        ).move_id.write({"line_ids": [Command.delete(item.id), *(Command.create(values) for values in [base, *taxes])]})

    # Payouts that did not arrive

    @api.model
    def _reverse(self, payout):
        """Take the deposit back from the transfer account: the money is in the balance at Shopify again, from where the next
        payout pays it.

        :raises UserError: the books are closed for the day of the failure
        """
        instance, transfer = payout.instance_id, payout.transfer_statement_line_id
        transfer_account, balance_account = instance.payout_transfer_account_id, instance.payout_balance_account_id
        item = transfer.move_id.line_ids.filtered(lambda line: line.account_id == transfer_account)
        if not payout.to_reverse or payout.reversal_id or not item:
            return
        date = max(payout.ended_on or payout.date, payout.date)
        self.env["shopify.payout.statement"]._check_unlocked(payout, date, payout.journal_id)
        base = {"currency_id": item.currency_id.id, "name": self.env._("Payout %s came back", payout.shopify_id)}
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self._general_journal(payout).id,
                "date": date,
                "ref": self.env._("%(payout)s: %(name)s", payout=payout.name, name=base["name"]),
                "line_ids": [
                    Command.create(
                        {
                            **base,
                            "account_id": balance_account.id,
                            "amount_currency": item.amount_currency,
                            "balance": item.balance,
                        }
                    ),
                    Command.create(
                        {
                            **base,
                            "account_id": transfer_account.id,
                            "amount_currency": -item.amount_currency,
                            "balance": -item.balance,
                        }
                    ),
                ],
            }
        )
        move.action_post()
        back = move.line_ids.filtered(lambda line: line.account_id == transfer_account)
        if transfer_account.reconcile and not item.reconciled and not back.reconciled:
            (item + back).reconcile()
        payout.write({"reversal_id": move.id, "to_reverse": False})

    @api.model
    def _general_journal(self, payout):
        journals = self.env["account.journal"]
        domain = [*journals._check_company_domain(payout.company_id), ("type", "=", "general")]
        found = journals.search(domain, limit=1)
        if not found:
            raise UserError(self.env._("%s has no journal for miscellaneous entries.", payout.company_id.name))
        return found
