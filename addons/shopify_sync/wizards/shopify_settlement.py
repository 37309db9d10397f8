"""Dialog: bring the payouts of a settlement file."""

import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import UserError

#: Rows that cannot be read are shown up to this many.
SHOWN = 50


class ShopifySettlement(models.TransientModel):
    """Shows what a file holds before anything is made: payouts, those known already, rows that cannot be read."""

    _name = "shopify.settlement"
    _description = "Import Settlement File"

    has_kinds = fields.Boolean(default=lambda self: bool(self.env["shopify.settlement.map"].search_count([], limit=1)))
    map_id = fields.Many2one(
        "shopify.settlement.map",
        string="Kind of File",
        required=True,
        default=lambda self: self.env["shopify.settlement.map"].search([], limit=1),
    )
    file = fields.Binary(required=True, attachment=False)
    file_name = fields.Char()
    problem = fields.Text(compute="_compute_preview")
    bad_count = fields.Integer(compute="_compute_preview")
    new_count = fields.Integer(compute="_compute_preview")
    summary = fields.Char(compute="_compute_preview")
    payout_ids = fields.One2many("shopify.settlement.payout", "settlement_id", compute="_compute_preview")
    bad_ids = fields.One2many("shopify.settlement.bad", "settlement_id", compute="_compute_preview")

    @api.depends("map_id", "file")
    def _compute_preview(self):
        for one in self:
            one.update(
                {
                    "problem": False,
                    "bad_count": 0,
                    "new_count": 0,
                    "summary": False,
                    "payout_ids": False,
                    "bad_ids": False,
                }
            )
            if not (one.map_id and one.file):
                continue
            try:
                settlement = one._settlement()
            except UserError as error:
                one.problem = str(error)
                continue
            booker = self.env["shopify.settlement.booker"]
            known = booker._known(one.map_id, settlement)
            one.payout_ids = [
                fields.Command.create(
                    {
                        "name": payout.ident,
                        "day": payout.day,
                        "currency_id": booker._currency(one.map_id, payout.currency).id,
                        "net": float(payout.net),
                        "row_count": len(payout.rows),
                        "payout_id": known.get((payout.ident, payout.currency), self.env["shopify.payout"]).id,
                    }
                )
                for payout in settlement.payouts
            ]
            bad = one._bad(settlement)
            one.bad_ids = [fields.Command.create({"line": line, "problem": text}) for line, text in bad[:SHOWN]]
            one.bad_count, one.new_count = len(bad), len(settlement.payouts) - len(known)
            one.summary = self.env._(
                "Payouts: %(payouts)s, new: %(new)s. Rows that wait for their payout: %(waiting)s. Left out: %(left_out)s.",
                payouts=len(settlement.payouts),
                new=one.new_count,
                waiting=len(settlement.waiting),
                left_out=settlement.left_out,
            )

    def _settlement(self):
        self.ensure_one()
        try:
            # an unsaved dialog holds the file as the browser sent it
            data = base64.b64decode(self.with_context(bin_size=False).file, validate=True)
        except binascii.Error as error:
            raise UserError(self.env._("The file did not arrive completely. Choose it again.")) from error
        return self.map_id._read(data)

    def _bad(self, settlement):
        """Rows that cannot be read, and why: [(line of the file, text)]."""
        texts = {
            "date": self.env._("The date does not fit the format %s.", self.map_id.date_format),
            "amount": self.env._("This is no amount."),
            "currency": self.env._("This is no currency."),
            "sum": self.env._("Gross less fee is not the net."),
            "columns": self.env._("The row has fewer columns than the table."),
        }
        found = [(row.line, f"{texts[row.code]} ({row.value})") for row in settlement.bad]
        booker = self.env["shopify.settlement.booker"]
        codes = {row.currency for payout in settlement.payouts for row in payout.rows}
        unknown = {code for code in codes if not booker._currency(self.map_id, code)}
        found += [
            (row.line, self.env._("The currency %s is not active in Odoo.", row.currency))
            for payout in settlement.payouts
            for row in payout.rows
            if row.currency in unknown
        ]
        return sorted(found)

    def action_import(self):
        """Make the payouts that are new, and show them."""
        self.ensure_one()
        settlement = self._settlement()
        bad = self._bad(settlement)
        if bad:
            raise UserError(
                self.env._(
                    "%(count)s rows cannot be read, the first is line %(line)s: %(problem)s A payout without one of its rows "
                    "would be wrong. Correct the kind of file, or the file.",
                    count=len(bad),
                    line=bad[0][0],
                    problem=bad[0][1],
                )
            )
        self.map_id.instance_id.check_access("read")
        # payouts are written by the connector only; this dialog decides who may bring them
        made = self.env["shopify.settlement.booker"].sudo()._book(self.map_id.sudo(), settlement).sudo(False)
        if not made:
            raise UserError(self.env._("Nothing new: all payouts of this file are in Odoo already."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Payouts of %s", self.file_name or self.map_id.name),
            "res_model": "shopify.payout",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", made.ids)],
        }


class ShopifySettlementPayout(models.TransientModel):
    """A payout of the file."""

    _name = "shopify.settlement.payout"
    _description = "Settlement File Payout"

    settlement_id = fields.Many2one("shopify.settlement", ondelete="cascade")
    name = fields.Char(string="Payout")
    day = fields.Date(string="Date")
    currency_id = fields.Many2one("res.currency")
    net = fields.Monetary()
    row_count = fields.Integer(string="Rows")
    payout_id = fields.Many2one("shopify.payout", string="In Odoo")


class ShopifySettlementBad(models.TransientModel):
    """A row that cannot be read."""

    _name = "shopify.settlement.bad"
    _description = "Settlement File Problem"

    settlement_id = fields.Many2one("shopify.settlement", ondelete="cascade")
    line = fields.Integer(string="Line of the File")
    problem = fields.Char()
