"""Operation "Check the store": what Shopify says of the sign-in and its permissions, then every check in Odoo."""

from odoo import api, models

from .. import shopify_api
from .page import Page


class ShopifyHandlerHealth(models.AbstractModel):
    _name = "shopify.handler.health"
    _description = "Shopify Store Check Handler"

    @api.model
    def _fetch_page(self, instance, run):
        """Ask Shopify who it is and what is granted. A store that cannot be reached is checked all the same."""
        try:
            answer = self.env["shopify.connection"]._execute(instance, "shop/Connection")
        except (shopify_api.SignInRefused, shopify_api.ShopUnavailable) as error:
            instance._note_problem(error)
            return Page(records=[{"problem": error.message}], message=error.message)
        scopes = answer.data["currentAppInstallation"]["accessScopes"]
        return Page(records=[{"granted": [scope["handle"] for scope in scopes]}], seen=1)

    @api.model
    def _store_records(self, run, records):
        """Write the permissions down and check; no queue is filled."""
        store = run.instance_id
        for record in records:
            if "granted" in record:
                self.env["shopify.scope"]._refresh(store, set(record["granted"]))
        self.env["shopify.check"]._check(store)
        return 0
