"""Dialog: what an import would do."""

from odoo import fields, models


class ShopifyPreviewResult(models.TransientModel):
    _name = "shopify.preview.result"
    _description = "Import Preview"

    instance_id = fields.Many2one("shopify.instance", required=True)
    wizard_id = fields.Many2one("shopify.operation", help="The dialog that was previewed.")
    operation = fields.Char()
    summary = fields.Char()
    line_ids = fields.One2many("shopify.preview.line", "result_id", readonly=True)

    def action_back(self):
        """The operation's dialog again, as it was filled in."""
        return self.wizard_id._reopen()

    def action_execute(self):
        """Do what was previewed."""
        return self.wizard_id.action_execute()


class ShopifyPreviewLine(models.TransientModel):
    _name = "shopify.preview.line"
    _description = "Import Preview Line"
    _order = "id"

    result_id = fields.Many2one("shopify.preview.result", required=True, ondelete="cascade")
    order_ref = fields.Char(string="Order")
    updated_at = fields.Datetime(string="Last Change in Shopify")
    total = fields.Float(digits=(16, 2))
    currency = fields.Char()
    effect = fields.Selection(
        [
            ("refuse", "Would fail"),
            ("create", "Would be created"),
            ("update", "Would be updated"),
            ("skip", "Would be left out"),
            ("unchanged", "In Odoo, unchanged"),
        ],
        required=True,
    )
    customer = fields.Char()
    reason = fields.Text()
