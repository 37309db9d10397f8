"""Collections of a store and which products of the layer are in them."""

from odoo import api, models
from odoo.fields import Command

from ..mapping.product import read_collection
from ..mapping.reading import legacy_id
from .page import Page

PAGE_COLLECTIONS = 25
PAGE_PRODUCTS = 50
MORE_PRODUCTS = 250


class ShopifyHandlerCollection(models.AbstractModel):
    """Reads every collection with its members; those gone from Shopify are archived."""

    _name = "shopify.handler.collection"
    _description = "Shopify Collection Handler"
    _inherit = ["shopify.handler.base"]

    @api.model
    def _fetch_page(self, instance, run):
        """Read one page; called without an open transaction."""
        variables = {"first": PAGE_COLLECTIONS, "products": PAGE_PRODUCTS, "after": run["page_cursor"] or None}
        answer = self.env["shopify.connection"]._execute(instance, "products/CollectionsPage", variables)
        page = answer.data["collections"]
        for collection in page["nodes"]:
            self._append_pages(
                instance,
                collection["products"],
                "products/CollectionProducts",
                collection["id"],
                {"first": MORE_PRODUCTS},
            )
        has_next = page["pageInfo"]["hasNextPage"]
        return Page(
            records=page["nodes"] + ([] if has_next else [None]),  # None: all have been read
            cursor=page["pageInfo"]["endCursor"],
            has_next=has_next,
            seen=len(page["nodes"]),
        )

    @api.model
    def _store_records(self, run, records):
        """Write collections and membership; no queue is filled."""
        model = self.env["shopify.collection"].with_context(active_test=False)
        found = {legacy_id(record["id"]): record for record in records if record}
        domain = [("instance_id", "=", run.instance_id.id), ("shopify_id", "in", list(found))]
        known = {one.shopify_id: one for one in model.search(domain)}
        members = {legacy_id(product["id"]) for record in found.values() for product in record["products"]["nodes"]}
        layer = {
            one.shopify_id: one.id
            for one in self.env["shopify.product"]
            .with_context(active_test=False)
            .search_fetch(
                [("instance_id", "=", run.instance_id.id), ("shopify_id", "in", list(members))], ["shopify_id"]
            )
        }
        to_create = []
        for ident, record in found.items():
            ids = [
                layer[one] for one in (legacy_id(each["id"]) for each in record["products"]["nodes"]) if one in layer
            ]
            vals = {
                **model._prepare(run.instance_id, read_collection(record)),
                "product_ids": [Command.set(ids)],
                "run_id": run.id,
                "active": True,
            }
            if ident in known:
                known[ident].write(vals)
            else:
                to_create.append(vals)
        model.create(to_create)
        if None in records:
            of_store = [("instance_id", "=", run.instance_id.id)]
            gone = self.env["shopify.collection"].search(
                [*of_store, "|", ("run_id", "=", False), ("run_id", "!=", run.id)]
            )
            gone.write({"active": False, "product_ids": [Command.clear()]})
        return len(found)
