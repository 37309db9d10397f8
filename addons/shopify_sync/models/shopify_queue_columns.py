"""Columns and filters of the lists of queues and their lines that are worked out when they are looked at."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .shopify_queue import BUSY_LOCK


class ShopifyQueue(models.Model):
    _inherit = "shopify.queue"

    running = fields.Boolean(search="_search_running")

    @api.model
    def _search_running(self, operator, value):
        """The queues that workers have lines of, see `_mark_busy`."""
        if operator != "in":
            return NotImplemented
        found = self.env.execute_query(
            SQL(
                """SELECT objid FROM pg_locks
                    WHERE locktype = 'advisory' AND classid = %s
                      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())""",
                BUSY_LOCK,
            )
        )
        ids = [row[0] for row in found]
        wanted = [Domain("id", "in" if one else "not in", ids) for one in value]
        return Domain.OR(wanted)


class ShopifyQueueLine(models.Model):
    _inherit = "shopify.queue.line"

    document_name = fields.Char(string="In Odoo", compute="_compute_document_name", help="What Odoo has made of it.")
    matched_by = fields.Selection(
        selection=lambda self: self.env["shopify.customer"]._fields["matched_by"]._description_selection(self.env),
        compute="_compute_matched_by",
        help="How the contact of this customer was found.",
    )

    total_shown = fields.Char(
        string="Total", compute="_compute_total_shown", help="Total as Shopify states it, in the order's currency."
    )

    @api.depends("total")
    def _compute_total_shown(self):
        parts = {line: (line.total or "").split(" ") for line in self}
        codes = [both[1] for both in parts.values() if len(both) == 2]
        # a store may sell in a currency that is switched off in Odoo
        found = self.env["res.currency"].with_context(active_test=False).search([("name", "in", codes)])
        by_code = found.grouped("name")
        for line, both in parts.items():
            currency = by_code.get(both[-1])
            line.total_shown = currency.format(float(both[0])) if currency else line.total

    @api.depends("res_model", "res_id")
    def _compute_document_name(self):
        self.document_name = False
        for model, lines in self.filtered("res_id").grouped("res_model").items():
            # the name of a document is no secret to whoever sees its line
            documents = self.env[model].sudo().browse(lines.mapped("res_id")).exists()
            names = {document.id: document.display_name for document in documents}
            for line in lines:
                line.document_name = names.get(line.res_id)

    @api.depends("kind", "shopify_id")
    def _compute_matched_by(self):
        customers = self.filtered(lambda line: line.kind == "customer")
        links = self.env["shopify.customer"].search(
            [("instance_id", "in", customers.instance_id.ids), ("shopify_id", "in", customers.mapped("shopify_id"))]
        )
        found = {(link.instance_id, link.shopify_id): link.matched_by for link in links}
        for line in self:
            line.matched_by = found.get((line.instance_id, line.shopify_id)) if line in customers else False
