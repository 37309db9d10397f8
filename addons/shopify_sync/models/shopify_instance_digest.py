"""The digest of a store, shown before it is sent."""

from odoo import api, fields, models

from ..mapping.digest_periods import last_period


class ShopifyInstance(models.Model):
    _inherit = "shopify.instance"

    digest_preview = fields.Html(compute="_compute_digest_preview", sanitize=False)

    @api.depends("digest_frequency")
    def _compute_digest_preview(self):
        for store in self:
            store.digest_preview = (
                store._digest_body() if store.id and self.env.context.get("digest_preview") else False
            )

    def _digest_body(self):
        own = self.with_context(lang=self.env.user.lang)
        digest = own.env["shopify.digest"]
        period = last_period(own.digest_frequency, fields.Datetime.now(), own.shop_tz or "UTC")
        values = digest._values(own, period)
        return own.env["ir.qweb"]._render("shopify_sync.digest_mail", {"store": own, "env": own.env, **values})

    def action_digest_preview(self):
        """Show the digest of the last period as it would be sent."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Digest of %s", self.name),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(self.env.ref("shopify_sync.shopify_instance_view_form_digest").id, "form")],
            "target": "new",
            "context": {"digest_preview": True},
        }
