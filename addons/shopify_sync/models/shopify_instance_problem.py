"""A sign-in that Shopify refuses: logged, and told at once."""

from odoo import models

from .. import shopify_api
from .spoken import spoken


class ShopifyInstance(models.Model):
    _inherit = "shopify.instance"

    def _note_problem(self, error):
        result = super()._note_problem(error)
        if isinstance(error, shopify_api.SignInRefused | shopify_api.ShopUnavailable):
            with self.env.registry.cursor() as cr:
                store = self.with_env(self.env(cr=cr)).exists()
                if store:
                    store._log_connection(error)
        return result

    def _log_connection(self, error):
        """The connection is lost: logged, and told at once."""
        self.env["shopify.log.line"]._log(
            self,
            [
                {
                    "process": self.env._("Connection"),
                    "cause": "connection",
                    "message": self.env._(
                        "Shopify does not let %(store)s in any more: %(why)s Nothing is brought or sent until it does.",
                        store=self.name,
                        why=spoken(self.env, error.words),
                    ),
                    "record_key": f"connection:{self.id}",
                    "fix_action": "settings",
                    "fix_context": {"res_id": self.id},
                }
            ],
        )
        # told by the job of alerts, whoever met the refusal
        self.env.ref("shopify_sync.cron_alerts").sudo()._trigger()

    def _read_shop(self):
        result = super()._read_shop()
        self.env["shopify.log.line"]._resolve_keys(self, [f"connection:{self.id}"])
        return result
