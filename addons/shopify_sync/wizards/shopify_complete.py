"""Dialog: set draft and failed lines to completed; they become cancelled."""

from odoo import api, fields, models


class ShopifyComplete(models.TransientModel):
    _name = "shopify.complete"
    _description = "Set to Completed"

    line_ids = fields.Many2many("shopify.queue.line", compute="_compute_lines")
    open_count = fields.Integer(compute="_compute_lines", string="Lines to Cancel")
    reason = fields.Char(required=True)

    @api.depends_context("active_model", "active_ids")
    def _compute_lines(self):
        records = self.env[self.env.context["active_model"]].browse(self.env.context["active_ids"])
        lines = records.line_ids if records._name == "shopify.queue" else records
        lines = lines.filtered(lambda line: line.state in ("draft", "failed"))
        for wizard in self:
            wizard.line_ids = lines
            wizard.open_count = len(lines)

    def action_complete(self):
        self.ensure_one()
        self.line_ids._set_cancelled(self.reason)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
