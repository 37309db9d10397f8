"""Dialog: process what waits, with the stored data or with what Shopify says now."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class ShopifyProcess(models.TransientModel):
    _name = "shopify.process"
    _description = "Process Queue Lines"

    line_ids = fields.Many2many("shopify.queue.line", compute="_compute_lines")
    open_count = fields.Integer(compute="_compute_lines", string="Lines to Process")
    only_out = fields.Boolean(compute="_compute_lines", help="All of it goes to Shopify: nothing is to be fetched.")
    get_again = fields.Boolean(
        string="Get Again First",
        help="Fetch the current data of each record from Shopify before it is processed. Off: the data stored in the line "
        "are used.",
    )

    @api.depends_context("active_model", "active_ids")
    def _compute_lines(self):
        model = self.env.context.get("active_model", "shopify.queue.line")
        records = self.env[model].browse(self.env.context.get("active_ids"))
        lines = records.line_ids if records._name == "shopify.queue" else records
        lines = lines.filtered(lambda line: line.state in ("draft", "failed"))
        for wizard in self:
            wizard.line_ids = lines
            wizard.open_count = len(lines)
            wizard.only_out = bool(lines) and all(line.is_outgoing for line in lines)

    def action_process(self):
        """Process the lines now, as far as one request may take; the rest goes on in the background.

        :raises UserError: nothing waits, or Shopify cannot be asked
        """
        self.ensure_one()
        lines = self.line_ids
        if not lines:
            raise UserError(self.env._("No line is waiting to be processed."))
        lines.queue_id._go_on()
        incoming = lines.filtered(lambda line: not line.is_outgoing)
        if self.get_again and incoming:
            for instance, of_store in incoming.grouped("instance_id").items():
                self.env["shopify.runner"]._get_again(instance, of_store)
        return lines.action_process()
