"""The month end as a workbook, for those who keep their own records."""

from io import BytesIO

import xlsxwriter
from odoo import models


class ShopifyMonthEnd(models.Model):
    _inherit = "shopify.month.end"

    def _workbook(self):
        """The bytes of an XLSX file: the chain, the reasons, the differences."""
        self.ensure_one()
        self.check_access("read")
        buffer = BytesIO()
        with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
            bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
            money = {}

            def sheet(name, heads, widths):
                made = book.add_worksheet(name)
                made.write_row(0, 0, heads, bold)
                made.freeze_panes(1, 0)
                for column, width in enumerate(widths):
                    made.set_column(column, column, width)
                return made

            def amount(made, row, column, value, currency):
                if currency not in money:
                    places = "0." + "0" * currency.decimal_places if currency.decimal_places else "0"
                    money[currency] = book.add_format({"num_format": f"#,##{places}"})
                made.write_number(row, column, float(value), money[currency])

            self._write_chain(sheet, amount)
            self._write_lines(sheet, amount, day)
        return buffer.getvalue()

    def _write_chain(self, sheet, amount):
        env, lines = self.env, self.env["shopify.month.end.line"]
        links, reasons = (dict(lines._fields[name]._description_selection(env)) for name in ("link", "reason"))
        chain = sheet(
            env._("Chain"),
            [env._("Currency"), env._("Link"), env._("Documents"), env._("Total"), env._("Settled in the month"),
             env._("Settled later"), env._("Open")],
            [10, 30, 12, 16, 20, 16, 16],
        )  # fmt: skip
        totals = sheet(
            env._("Reasons"),
            [env._("Currency"), env._("Reason"), env._("Differences"), env._("Amount")],
            [10, 20, 12, 16],
        )
        row = total_row = 1
        for part in self.chain or []:
            currency = env["res.currency"].browse(part["currency_id"])
            for link in part["links"]:
                chain.write_row(row, 0, [currency.name, links[link["link"]], link["count"]])
                for column, name in enumerate(("total", "settled", "later", "open"), 3):
                    amount(chain, row, column, link[name], currency)
                row += 1
            for reason in part["reasons"]:
                totals.write_row(total_row, 0, [currency.name, reasons[reason["reason"]], reason["count"]])
                amount(totals, total_row, 3, reason["amount"], currency)
                total_row += 1

    def _write_lines(self, sheet, amount, day):
        env = self.env
        made = sheet(
            env._("Differences"),
            [env._("Date"), env._("Reference"), env._("What"), env._("Reason"), env._("Currency"), env._("Expected"),
             env._("Found"), env._("Difference"), env._("What To Do"), env._("Explained"), env._("Note")],
            [12, 14, 26, 16, 10, 14, 14, 14, 50, 10, 40],
        )  # fmt: skip
        links, reasons = (dict(self.line_ids._fields[name]._description_selection(env)) for name in ("link", "reason"))
        for row, line in enumerate(self.line_ids, 1):
            if line.day:
                made.write_datetime(row, 0, line.day, day)
            # text is written as text: a reference that begins with an equals sign is no formula
            for column, value in ((1, line.reference), (2, links[line.link]), (3, reasons[line.reason]),
                                  (4, line.currency_id.name), (8, line.advice), (10, line.note)):  # fmt: skip
                made.write_string(row, column, value or "")
            for column, value in ((5, line.expected), (6, line.found), (7, line.amount)):
                amount(made, row, column, value, line.currency_id)
            made.write_boolean(row, 9, line.explained)
        made.autofilter(0, 0, max(len(self.line_ids), 1), 10)
