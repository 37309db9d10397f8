"""Operation "Check the store": what Shopify says of the sign-in and its permissions, then every check in Odoo.

With days chosen, their orders are counted before, as the completeness proof does.
"""

from odoo import api, models

from .. import shopify_api
from .page import Page

#: Place of the page that asks for the sign-in, after the pages of orders.
LAST = "sign-in"


class ShopifyHandlerHealth(models.AbstractModel):
    _name = "shopify.handler.health"
    _description = "Shopify Store Check Handler"

    @api.model
    def _prepare_options(self, instance, options):
        """What is counted: the days chosen; nothing without them."""
        if not options.get("day_from") and not options.get("day_to"):
            return {}
        return self.env["shopify.handler.proof"]._prepare_options(instance, options)

    @api.model
    def _fetch_page(self, instance, run):
        """The orders of the days chosen; at last ask Shopify who it is and what is granted. A store that cannot be reached
        is checked all the same."""
        try:
            if self._counts(run["options"], run["page_cursor"]):
                page = self.env["shopify.handler.proof"]._fetch_page(instance, run)
                return page if page.has_next else Page(page.records, LAST, has_next=True, seen=page.seen)
            answer = self.env["shopify.connection"]._execute(instance, "shop/Connection")
        except (shopify_api.SignInRefused, shopify_api.ShopUnavailable) as error:
            instance._note_problem(error)
            return Page(records=[{"problem": error.message}], cursor=LAST, message=error.message)
        scopes = answer.data["currentAppInstallation"]["accessScopes"]
        return Page(records=[{"granted": [scope["handle"] for scope in scopes]}])

    @api.model
    def _counts(self, options, cursor):
        return bool(options.get("since")) and cursor != LAST

    @api.model
    def _store_records(self, run, records):
        """Count the orders; at last write the permissions down and check. No queue is filled.

        :return: how many orders are missing or differ
        """
        of_shop = [record for record in records if "granted" in record or "problem" in record]
        if not of_shop:
            return self.env["shopify.handler.proof"]._store_records(run, records)
        store = run.instance_id
        for record in of_shop:
            if "granted" in record:
                self.env["shopify.scope"]._refresh(store, set(record["granted"]))
        self.env["shopify.check"]._check(store)
        return 0
