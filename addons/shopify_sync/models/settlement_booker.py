"""Payouts out of settlement files."""

from collections import defaultdict
from datetime import datetime, time, timezone
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from odoo import api, models

#: Type of a row whose word has no meaning yet; it waits for an account like any unknown type.
UNKNOWN = "OTHER"
KINDS = {"CHARGE": ("sale", "capture"), "REFUND": ("refund",)}


class Wanted(NamedTuple):
    """What is looked for: an order by name, and its payment by type, gross amount and currency."""

    order: str
    type: str
    gross: Decimal
    currency: str
    line: int


class ShopifySettlementBooker(models.AbstractModel):
    """Makes payouts of what a file holds. What is there already is never made or changed again, so that the same file, or
    one that overlaps it, adds only what is new."""

    _name = "shopify.settlement.booker"
    _description = "Shopify Settlement Booker"

    @api.model
    def _known(self, columns, settlement):
        """Which payouts of a file are in Odoo already: {(ident, currency): payout}."""
        refs = {self._payout_ref(columns, one): one for one in settlement.payouts}
        payouts = self.env["shopify.payout"].search(
            [("instance_id", "=", columns.instance_id.id), ("shopify_id", "in", list(refs))]
        )
        return {(refs[one.shopify_id].ident, refs[one.shopify_id].currency): one for one in payouts}

    @api.model
    def _book(self, columns, settlement):
        """Make the payouts that are new.

        :return: shopify.payout made
        """
        known = self._known(columns, settlement)
        new = [one for one in settlement.payouts if (one.ident, one.currency) not in known]
        rows = [row for one in new for row in one.rows]
        refs = {self._row_ref(columns, row) for row in rows}
        lines = self.env["shopify.payout.line"]
        taken = set(
            lines.search([("instance_id", "=", columns.instance_id.id), ("shopify_id", "in", list(refs))]).mapped(
                "shopify_id"
            )
        )
        matched = self._match(columns, rows)
        values = []
        for one in new:
            mine = [row for row in one.rows if self._row_ref(columns, row) not in taken]
            if mine:
                values.append(self._prepare_payout(columns, one, mine, matched))
        return self.env["shopify.payout"].create(values)

    @api.model
    def _payout_ref(self, columns, payout):
        return f"{columns.gateway_id.code}:{payout.ident}:{payout.currency}"

    @api.model
    def _row_ref(self, columns, row):
        return f"{columns.gateway_id.code}:{row.ident}"

    @api.model
    def _currency(self, columns, code):
        """The active currency of a code; the company's where the file names none."""
        if not code:
            return columns.company_id.currency_id
        return self.env["res.currency"].search([("name", "=", code)], limit=1)

    @api.model
    def _prepare_payout(self, columns, payout, rows, matched):
        instance = columns.instance_id
        zone = ZoneInfo(instance.shop_tz or "UTC")
        issued = datetime.combine(payout.day, time(12), zone).astimezone(timezone.utc).replace(tzinfo=None)
        currency = self._currency(columns, payout.currency)
        net = sum((row.net for row in rows), Decimal(0))
        return {
            "instance_id": instance.id,
            "settlement_map_id": columns.id,
            "journal_id": columns.journal_id.id,
            "shopify_id": self._payout_ref(columns, payout),
            "trace_ref": payout.ident,
            "date": payout.day,
            "issued_at": issued,
            "status": "paid",
            "payout_type": "withdrawal" if net < 0 else "deposit",
            "currency_id": currency.id,
            "amount_net": float(net),
            "lines_read": True,
            "line_ids": [(0, 0, self._prepare_line(columns, row, currency, matched)) for row in rows],
        }

    @api.model
    def _prepare_line(self, columns, row, currency, matched):
        order, payment = matched.get(row, (self.env["sale.order"], self.env["shopify.order.payment"]))
        return {
            "instance_id": columns.instance_id.id,
            "currency_id": currency.id,
            "shopify_id": self._row_ref(columns, row),
            "transaction_type": row.type or row.stated_type.upper().replace(" ", "_") or UNKNOWN,
            "transaction_date": datetime.combine(row.day, time(12)),
            "source_order_ref": order.shopify_order_id,
            "source_order_name": order.shopify_order_name or row.order or False,
            "order_transaction_ref": payment.transaction_id,
            "order_id": order.id,
            "description": " ".join(part for part in (row.stated_type, row.reference) if part),
            "amount": float(row.gross),
            "fee": float(row.fee),
            "net": float(row.net),
        }

    # Whose payment a row is

    @api.model
    def _find_again(self, columns, lines):
        """Look again for the orders of rows that came before their orders did."""
        lines = lines.filtered(lambda line: line.source_order_name and not line.order_transaction_ref)
        if not lines:
            return
        wanted = {
            Wanted(
                line.source_order_name,
                line.transaction_type,
                Decimal(f"{line.amount:.{line.currency_id.decimal_places}f}"),
                line.currency_id.name,
                line.id,
            ): line
            for line in lines
        }
        for row, (order, payment) in self._match(columns, list(wanted)).items():
            wanted[row].write(
                {
                    "order_id": order.id,
                    "source_order_ref": order.shopify_order_id,
                    "order_transaction_ref": payment.transaction_id,
                }
            )

    @api.model
    def _match(self, columns, rows):
        """The order and the payment of each row (read from a file, or `Wanted`): {row: (sale.order, shopify.order.payment)}.
        A payment of the order by the
        gateway with the row's amount, each taken once."""
        wanted = {self._order_name(row.order) for row in rows if row.order}
        orders = self.env["sale.order"].search(
            [
                ("shopify_instance_id", "=", columns.instance_id.id),
                ("shopify_order_name", "in", [name for one in wanted for name in (one, f"#{one}")]),
            ]
        )
        by_name = {self._order_name(order.shopify_order_name): order for order in orders}
        payments = self.env["shopify.order.payment"].search(
            [("order_id", "in", orders.ids), ("gateway_id", "=", columns.gateway_id.id)]
        )
        used = set(
            self.env["shopify.payout.line"]
            .search(
                [
                    ("instance_id", "=", columns.instance_id.id),
                    ("order_transaction_ref", "in", payments.mapped("transaction_id")),
                ]
            )
            .mapped("order_transaction_ref")
        )
        free = defaultdict(list)
        for payment in payments:
            if payment.transaction_id not in used:
                amount = f"{payment.amount:.{payment.currency_id.decimal_places}f}"
                free[payment.order_id, payment.kind, payment.currency_id.name, Decimal(amount)].append(payment)
        found = {}
        for row in rows:
            order = by_name.get(self._order_name(row.order)) if row.order else None
            if not order:
                continue
            currency = row.currency or columns.company_id.currency_id.name
            fitting = [
                rows_left
                for kind in KINDS.get(row.type, ())
                if (rows_left := free.get((order, kind, currency, abs(row.gross))))
            ]
            found[row] = (order, fitting[0].pop(0) if fitting else self.env["shopify.order.payment"])
        return found

    @api.model
    def _order_name(self, text):
        return text.strip().removeprefix("#")


class ShopifyPayoutMatcher(models.AbstractModel):
    _inherit = "shopify.payout.matcher"

    @api.model
    def _match(self, instance, lines):
        """Rows of settlement files name their order by its name: look for those that came before their orders did."""
        for columns, rows in lines.grouped(lambda line: line.payout_id.settlement_map_id).items():
            if columns:
                self.env["shopify.settlement.booker"]._find_again(columns, rows)
        return super()._match(instance, lines)
