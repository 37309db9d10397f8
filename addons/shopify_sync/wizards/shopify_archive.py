"""Dialog: archive or activate a store, after showing what stops or returns."""

from odoo import api, fields, models


class ShopifyArchive(models.TransientModel):
    _name = "shopify.archive"
    _description = "Archive or Activate a Store"

    instance_id = fields.Many2one(
        "shopify.instance",
        required=True,
        context={"active_test": False},
        default=lambda self: self.env.context.get("active_id"),
    )
    store_active = fields.Boolean(related="instance_id.active")
    effects = fields.Html(compute="_compute_effects")

    @api.depends("instance_id")
    def _compute_effects(self):
        for wizard in self:
            store = wizard.instance_id
            rows = store._archive_effects() if store else []
            wizard.effects = self.env["ir.qweb"]._render("shopify_sync.archive_effects", {"rows": rows})

    def action_confirm(self):
        """Archive the active store, or test and activate the archived one."""
        self.ensure_one()
        store = self.instance_id
        if store.active:
            store.action_archive()
            store.message_post(body=self.env._("The store was archived."))
        else:
            store.action_unarchive()
            store.message_post(body=self.env._("The store was activated again."))
        return {"type": "ir.actions.client", "tag": "soft_reload"}
