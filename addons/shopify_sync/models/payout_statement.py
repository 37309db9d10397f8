"""Making the bank statement of a payout, a batch of transactions at a time (rules, section 23.2)."""

from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..mapping.payout_types import FEE, type_label
from ..mapping.payouts import close_statement, convert
from .shopify_payout import ENDED

#: Entries of statements need none of the work that Odoo does for invoices, nor a note of every change.
QUIET = {
    "skip_invoice_sync": True,
    "tracking_disable": True,
    "mail_create_nosubscribe": True,
    "mail_create_nolog": True,
}


class ShopifyPayoutStatement(models.AbstractModel):
    """A line for each transaction with its gross amount, one for the fees, one that moves the net to the transfer account.

    The statement moves the payout journal by exactly nothing once all its lines are there.
    """

    _name = "shopify.payout.statement"
    _description = "Shopify Payout Statement"

    @api.model
    def _check_ready(self, payout):
        """Whether the payout may be booked.

        :return: the journal
        :raises UserError: what is missing, and where to set it
        """
        instance = payout.instance_id
        journal = payout.journal_id or instance.payout_journal_id
        if not journal:
            raise UserError(
                self.env._("%s has no payout journal. Choose it on the store, page Payouts.", instance.name)
            )
        if not instance.payout_transfer_account_id:
            raise UserError(
                self.env._("%s has no payout transfer account. Choose it on the store, page Payouts.", instance.name)
            )
        if not instance.payout_balance_account_id:
            raise UserError(
                self.env._("%s has no Shopify balance account. Choose it on the store, page Payouts.", instance.name)
            )
        if payout.status not in ENDED:
            raise UserError(self.env._("Shopify has not paid %s yet.", payout.name))
        if not payout.lines_read:
            raise UserError(self.env._("The transactions of %s are not read completely yet.", payout.name))
        self._check_unlocked(payout, payout.date, journal)
        return journal

    @api.model
    def _check_unlocked(self, payout, date, journal):
        """:raises UserError: the books are closed for that day"""
        violated = payout.company_id._get_violated_lock_dates(date, False, journal)
        if violated:
            raise UserError(
                self.env._(
                    "%(payout)s is of %(date)s, and the books are locked: %(locks)s. Move the lock date or book it by hand.",
                    payout=payout.name,
                    date=date,
                    locks=payout.company_id._format_lock_dates(violated),
                )
            )

    @api.model
    def _rate(self, payout, journal):
        """How many units of the journal's currency one unit of the payout's is at its date; a decimal."""
        currency = journal.currency_id or payout.company_id.currency_id
        if currency == payout.currency_id:
            return Decimal(1)
        rate = self.env["res.currency"]._get_conversion_rate(
            payout.currency_id, currency, payout.company_id, payout.date
        )
        return Decimal(repr(rate))

    @api.model
    def _statement(self, payout, journal):
        """The statement of a payout, made when missing."""
        if not payout.statement_id:
            payout.journal_id = journal
            payout.statement_id = self.env["account.bank.statement"].create(
                {
                    "name": f"{payout.name} Shopify {payout.shopify_id}",
                    "reference": payout.trace_ref or payout.shopify_id,
                    "journal_id": journal.id,
                    "balance_start": 0.0,
                    "balance_end_real": 0.0,
                }
            )
        return payout.statement_id

    @api.model
    def _add(self, payout, lines):
        """Statement lines for matched transactions that have none."""
        journal = self._check_ready(payout)
        statement = self._statement(payout, journal)
        rate = self._rate(payout, journal)
        empty = lines.filtered(lambda line: payout.currency_id.is_zero(line.amount))
        empty.processed = True  # only a fee, which the fee line holds
        lines -= empty
        rows = self.env["shopify.payout.account"]._rows(payout.instance_id)
        values = [
            {
                **self._prepare(payout, journal, statement, Decimal(repr(line.amount)), rate),
                "payment_ref": self._label(line, rows),
                "partner_id": self._partner(line, rows).id,
                "shopify_payout_line_id": line.id,
            }
            for line in lines
        ]
        # the dictionary lives as long as the batch
        creator = self.env["account.bank.statement.line"].with_context(**QUIET, shopify_last_sequences={})
        made = creator.create(values).with_env(self.env)
        for line, statement_line in zip(lines, made, strict=True):
            line.statement_line_id = statement_line

    @api.model
    def _prepare(self, payout, journal, statement, amount, rate, converted=None):
        """Values of a statement line for an amount in the payout's currency."""
        currency = journal.currency_id or payout.company_id.currency_id
        if converted is None:
            converted = convert(amount, rate, currency.decimal_places)
        values = {
            "journal_id": journal.id,
            "statement_id": statement.id,
            "date": payout.date,
            "amount": float(converted),
        }
        if currency != payout.currency_id:
            values.update(foreign_currency_id=payout.currency_id.id, amount_currency=float(amount))
        return values

    @api.model
    def _label(self, line, rows):
        row = rows.get(line.transaction_type)
        text = (row and row.label) or type_label(line.transaction_type)
        return " ".join(filter(None, (line.source_order_name, text, line.description)))

    @api.model
    def _partner(self, line, rows):
        if line.by_hand:
            return line.partner_id
        row = rows.get(line.transaction_type)
        return (
            line.payment_id.partner_id
            or line.move_id.partner_id
            or (row and row.partner_id)
            or line.order_id.partner_invoice_id.commercial_partner_id
        )

    @api.model
    def _close(self, payout):
        """The fee line and the transfer line; nothing where they are there, nor while the fees have no account."""
        journal = self._check_ready(payout)
        if payout.closed or not payout.line_count:
            return
        fees = self.env["shopify.payout.account"]._rows(payout.instance_id).get(FEE)
        has_fee = not payout.currency_id.is_zero(payout.amount_fee)
        if has_fee and not fees:
            return  # it waits like a transaction whose type has no account
        statement = self._statement(payout, journal)
        rate = self._rate(payout, journal)
        places = (journal.currency_id or payout.company_id.currency_id).decimal_places
        # what a difference would move stays in the journal and blocks the validation
        net = Decimal(repr(payout.amount_net))
        gross = self._converted(payout, rate, places)
        fee, transfer = close_statement([(gross, gross)], Decimal(repr(payout.amount_fee)), net, rate, places)
        if payout.difference:
            transfer = type(transfer)(-net, convert(-net, rate, places))
        arrived = payout.status == "paid"
        instance = payout.instance_id
        account = instance.payout_transfer_account_id if arrived else instance.payout_balance_account_id
        values = []
        if has_fee:
            values.append(
                {
                    **self._prepare(payout, journal, statement, fee.amount, rate, fee.converted),
                    "payment_ref": fees.label or type_label(FEE),
                    "partner_id": fees.partner_id.id,
                }
            )
        if net or transfer.converted:
            values.append(
                {
                    **self._prepare(payout, journal, statement, transfer.amount, rate, transfer.converted),
                    "payment_ref": self.env._("Payout %s", payout.trace_ref or payout.shopify_id),
                    "counterpart_account_id": account.id,
                }
            )
        made = self.env["account.bank.statement.line"].with_context(**QUIET).create(values)
        payout.write(
            {
                "fee_statement_line_id": made[:1].id if has_fee else False,
                "transfer_statement_line_id": made[-1:].id if len(made) > has_fee else False,
                "closed": True,
            }
        )

    @api.model
    def _converted(self, payout, rate, places):
        """The sum of the transactions, each converted as its own line is; in one query however many they are."""
        ((total,),) = self.env.execute_query(
            SQL(
                "SELECT COALESCE(SUM(ROUND(amount::numeric * %s::numeric, %s)), 0) FROM shopify_payout_line WHERE payout_id = %s",
                str(rate),
                places,
                payout.id,
                to_flush=self.env["shopify.payout.line"]._fields["amount"],
            )
        )
        return Decimal(total)

    @api.model
    def _remove(self, payout):
        """Take everything out of the books again: reconciliations, statement lines, statement, reversal.

        :raises UserError: the books are closed for its day
        """
        journal = payout.journal_id
        if journal:
            self._check_unlocked(payout, payout.date, journal)
        statement_lines = payout.statement_id.line_ids
        statement_lines.move_id.line_ids.remove_move_reconcile()
        if payout.reversal_id:
            payout.reversal_id.line_ids.remove_move_reconcile()
            payout.reversal_id.with_context(force_delete=True).button_draft()
            payout.reversal_id.with_context(force_delete=True).unlink()
        payout.statement_id.unlink()
        statement_lines.unlink()
        payout.line_ids.write({"processed": False})
        kept = payout.settlement_map_id.journal_id  # a file has a journal of its own, whatever the store's is
        payout.write({"state": "draft", "closed": False, "fee_processed": False, "journal_id": kept.id})
