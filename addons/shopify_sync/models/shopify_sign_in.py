"""Sign-in data that a dialog asks for and tests."""

from odoo import fields, models
from odoo.exceptions import UserError

from .. import shopify_api
from .scope_texts import FUNCTION_NAMES
from .spoken import spoken


class ShopifySignIn(models.AbstractModel):
    """Sign-in data that can be tested before they are stored."""

    _name = "shopify.sign.in"
    _description = "Shopify Sign-in"

    auth_mode = fields.Selection(
        [("client_credentials", "App id and secret"), ("permanent_token", "Permanent token")],
        string="Sign-in",
        required=True,
        default="client_credentials",
    )
    client_id = fields.Char()
    client_secret = fields.Char()
    access_token = fields.Char(string="Permanent Token")
    webhook_secret = fields.Char(
        string="Signing Secret",
        help="The app's API secret key at Shopify; webhooks are signed with it. Needed only for webhooks.",
    )
    tested = fields.Boolean(readonly=True)
    test_result = fields.Text(readonly=True)

    def _probe(self, domain):
        """Sign in with the data entered and read what the store says of itself.

        :return: (Connection answer, granted scopes)
        :raises UserError: the reason in words
        """
        self.ensure_one()
        try:
            if self.auth_mode == "permanent_token":
                if not self.access_token:
                    raise UserError(self.env._("Enter the permanent token."))
                token = self.access_token
            else:
                if not self.client_id or not self.client_secret:
                    raise UserError(self.env._("Enter the app's client id and secret."))
                token = shopify_api.request_token(domain, self.client_id, self.client_secret).value
            with shopify_api.Client(domain, token) as client:
                data = client.execute(shopify_api.load("shop/Connection")).data
        except shopify_api.ShopifyError as error:
            raise UserError(spoken(self.env, error.words)) from error
        granted = {scope["handle"] for scope in data["currentAppInstallation"]["accessScopes"]}
        missing = shopify_api.scopes.missing_minimum(granted)
        if missing:
            raise UserError(
                self.env._(
                    "The app may not read all that the connector needs. Add these scopes to it at Shopify, release the "
                    "new version and install it again: %s",
                    ", ".join(missing),
                )
            )
        return data, granted

    def _result_text(self, data, granted):
        shop = data["shop"]
        states = shopify_api.scopes.check(granted)
        lines = [
            self.env._(
                "Connected: %(name)s, plan %(plan)s, currency %(currency)s, time zone %(zone)s.",
                name=shop["name"],
                plan=shop["plan"]["publicDisplayName"],
                currency=shop["currencyCode"],
                zone=shop["ianaTimezone"],
            )
        ]
        for state in states:
            function = self.env._(FUNCTION_NAMES[state.function])
            if state.works:
                lines.append(self.env._("works: %s", function))
            else:
                lines.append(
                    self.env._(
                        "missing permission for: %(function)s (%(scopes)s)",
                        function=function,
                        scopes=", ".join(state.missing),
                    )
                )
        return "\n".join(lines)

    def _in_own_transaction(self, work):
        """Run `work(env)` in a transaction of its own and commit it.

        Requests to Shopify read the store in their own transactions: what they need must be committed before them.
        """
        self.env.flush_all()
        with self.env.registry.cursor() as cr:
            result = work(self.env(cr=cr))
        self.env.invalidate_all()
        return result

    def _reopen(self):
        return self._get_records_action(name=self.env["ir.model"]._get(self._name).name, target="new")
