"""Dialog: new sign-in data for a store; refused when they belong to another one."""

from odoo import fields, models
from odoo.exceptions import UserError

from .. import shopify_api


class ShopifyCredentials(models.TransientModel):
    _name = "shopify.credentials"
    _description = "Reset Credentials"
    _inherit = "shopify.sign.in"

    instance_id = fields.Many2one(
        "shopify.instance", required=True, default=lambda self: self.env.context.get("active_id")
    )

    def _check_shop(self):
        data, granted = self._probe(self.instance_id.shop_domain)
        shop_ref = shopify_api.legacy_id(data["shop"]["id"])
        if self.instance_id.shop_ref and self.instance_id.shop_ref != shop_ref:
            raise UserError(self.env._("These credentials belong to another store: %s.", data["shop"]["name"]))
        return data, granted

    def action_test(self):
        self.ensure_one()
        data, granted = self._check_shop()
        self.write({"tested": True, "test_result": self._result_text(data, granted)})
        return self._reopen()

    def action_save(self):
        """Store the new sign-in, drop the old token, and check the connection."""
        self.ensure_one()
        self._check_shop()
        store_id = self.instance_id.id
        values = {
            "auth_mode": self.auth_mode,
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "access_token": self.access_token,
            "webhook_secret": self.auth_mode == "permanent_token" and self.webhook_secret,
        }

        def store(env):
            instance = env["shopify.instance"].browse(store_id)
            instance.write(values)
            instance.connection_ids.write({"token": False, "token_expires_at": False})

        self._in_own_transaction(store)
        self._in_own_transaction(lambda env: env["shopify.instance"].browse(store_id)._connect())
        return {"type": "ir.actions.client", "tag": "soft_reload"}
