"""Stock in the dialog of operations."""

from odoo import api, fields, models

#: Operations whose options and results are told here.
_STOCK = ("stock_export", "stock_compare", "stock_import")


class ShopifyOperation(models.TransientModel):
    _inherit = "shopify.operation"

    location_ids = fields.Many2many(
        "shopify.location", string="Locations", help="None: all that have an import warehouse."
    )
    apply_at_once = fields.Boolean(
        compute="_compute_apply_at_once",
        store=True,
        readonly=False,
        string="Apply Adjustments at Once",
        help="Off: the counts wait under Physical Inventory until a person applies them.",
    )

    only_linked = fields.Boolean(
        string="Only Linked Variants",
        default=True,
        help="Off: variants that are linked with no product of Odoo are read, too, and what they have in stock is listed "
        "in the log lines.",
    )

    @api.depends("instance_id")
    def _compute_apply_at_once(self):
        for wizard in self:
            wizard.apply_at_once = wizard.instance_id.stock_apply_at_once

    def action_execute(self):
        self.ensure_one()
        if self.operation == "stock_export":
            action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_stock_export_action")
            return {**action, "context": {"default_instance_id": self.instance_id.id}}
        if self.operation == "stock_compare":
            self.instance_id._check_stock_export()
        if self.operation == "stock_import":
            self.env["shopify.handler.stock.import"]._check(self.instance_id, self.location_ids.ids)
        return super().action_execute()

    def _prepare_options(self):
        if self.operation == "stock_import":
            return {
                "locations": self.location_ids.ids,
                "apply": self.apply_at_once,
                "only_linked": self.only_linked,
            }
        return {} if self.operation in _STOCK else super()._prepare_options()

    def _result_text(self, run):
        if run.operation not in _STOCK or run.state != "done":
            return super()._result_text(run)
        if run.operation == "stock_import":
            text = self.env._(
                "%(read)s levels read, %(made)s of them differ and became inventory counts.",
                read=run.record_count,
                made=run.queued_count,
            )
            if run.queued_count and not (run.options or {}).get("apply"):
                text += " " + self.env._("They wait to be applied.")
        else:
            text = self.env._(
                "%(read)s levels read, %(made)s differ and are being sent.",
                read=run.record_count,
                made=run.queued_count,
            )
        return "\n".join(filter(None, (text, run.message)))

    def action_view_stock_counts(self):
        return self.instance_id.action_view_stock_counts()
