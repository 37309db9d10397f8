"""Reading products from Shopify, whole, and storing them as queue lines."""

from datetime import datetime

from odoo import api, fields, models

from .. import shopify_api
from ..mapping.product import payload_digest
from ..mapping.reading import legacy_id, when
from .operations import OPERATIONS
from .page import Page

#: Products in one request, variants of one product in it, and what further requests for one product read.
PAGE_PRODUCTS = 20
PAGE_VARIANTS = 50
MORE_VARIANTS = 250
MORE_PARTS = 100
#: Mapped metafields of one product or variant; their number makes a page dearer.
MOST_METAFIELDS = 100


class ShopifyHandlerProduct(models.AbstractModel):
    _inherit = "shopify.handler.product"

    @api.model
    def _fetch_page(self, instance, run):
        """Read one page of a run; called without an open transaction.

        :param run: plain values of the run, see `shopify.run.starter._read_run`
        :return: Page
        """
        parts = self._parts(instance)
        if OPERATIONS[run["operation"]].by_tokens:
            return self._fetch_tokens(instance, run, parts)
        basis, query = self._query(run["options"])
        variables = {
            **parts,
            "query": query,
            "sortKey": basis.upper(),
            "first": PAGE_PRODUCTS,
            "after": run["page_cursor"] or None,
        }
        page = self._execute_page(instance, variables).data["products"]
        records = [self._complete(instance, product, parts) for product in page["nodes"]]
        return Page(
            records=records,
            cursor=page["pageInfo"]["endCursor"],
            has_next=page["pageInfo"]["hasNextPage"],
            seen=len(records),
            until=max((when(product["updatedAt"]) for product in records), default=None),
        )

    @api.model
    def _query(self, options):
        """(the date that an import by dates goes by, its query; None for all products)."""
        start, end = (self._aware(options.get(key)) for key in ("from", "to"))
        basis = "created_at" if options.get("basis") == "created" else "updated_at"
        return basis, shopify_api.search.between(basis, start, end) or None

    @api.model
    def _count(self, instance, options):
        """How many products an import by dates would look at: (number, whether it is exact). One cheap request."""
        variables = {"query": self._query(options)[1]}
        answer = self.env["shopify.connection"]._execute(instance, "products/ProductsCount", variables)
        found = answer.data["productsCount"]
        return found["count"], found["precision"] == "EXACT"

    @api.model
    def _execute_page(self, instance, variables):
        """One page; a page that is too costly is asked for in half the size."""
        while True:
            try:
                return self.env["shopify.connection"]._execute(instance, "products/ProductsPage", variables)
            except shopify_api.TooCostly:
                if variables["first"] <= 1:
                    raise
                variables["first"] //= 2

    @api.model
    def _parts(self, instance):
        """What is asked of each product: mapped metafields only, none of them when none is mapped, and sales channels
        when the store lets the app read them."""

        def work(env):
            store = env["shopify.instance"].browse(instance.id)
            mappings = env["shopify.metafield.mapping"]
            keys = {
                owner: sorted(".".join(key) for key in mappings._of(store, owner)) for owner in ("product", "variant")
            }
            known = env["shopify.publication"].search_count([("instance_id", "=", store.id)], limit=1)
            return keys, "read_publications" in env["shopify.scope"]._granted(store), known

        own_transaction = self.env["shopify.run.starter"]._in_own_transaction
        keys, readable, known = own_transaction(instance, work)
        if readable and not known:  # once for a store
            channels = self.env["shopify.sales.channels"]._ask(instance)
            own_transaction(
                instance,
                lambda env: env["shopify.sales.channels"]._store(env["shopify.instance"].browse(instance.id), channels),
            )
        return {
            "variants": PAGE_VARIANTS,
            "withMetafields": any(keys.values()),
            "metafields": min(MOST_METAFIELDS, max(1, *map(len, keys.values()))),
            "productKeys": keys["product"],
            "variantKeys": keys["variant"],
            "withPublications": readable,
        }

    @api.model
    def _aware(self, text):
        return datetime.fromisoformat(f"{text}+00:00") if text else None

    # Specific products

    @api.model
    def _fetch_tokens(self, instance, run, parts):
        """Products named by id, link or handle; unknown tokens are listed."""
        tokens = shopify_api.parse_product_tokens(run["options"]["tokens"])
        start = int(run["page_cursor"] or 0)
        part = tokens[start : start + PAGE_PRODUCTS]
        records, gone = self._fetch_parts(instance, [token.value for token in part if token.kind == "id"], parts)
        unknown = gone + [token.text for token in part if token.kind == "unknown"]
        handles = {token.value: token.text for token in part if token.kind == "handle"}
        if handles:
            variables = {
                **parts,
                "query": shopify_api.search.any_of("handle", handles),
                "sortKey": "ID",
                "first": len(handles),
                "after": None,
            }
            found = self._execute_page(instance, variables).data["products"]["nodes"]
            records += [self._complete(instance, product, parts) for product in found if product["handle"] in handles]
            present = {product["handle"] for product in found}
            unknown += [text for handle, text in handles.items() if handle not in present]
        message = self.env._("Not found in Shopify: %s", ", ".join(unknown)) if unknown else ""
        end = start + len(part)
        more = {"seen": len(records), "message": message, "gone": gone}
        return Page(records=records, cursor=str(end), has_next=end < len(tokens), **more)

    @api.model
    def _fetch_ids(self, instance, ids, granted=None):
        """Whole products by their ids.

        :return: (products, ids that Shopify does not know)
        """
        return self._fetch_parts(instance, ids, self._parts(instance))

    @api.model
    def _fetch_parts(self, instance, ids, parts):
        records, unknown = [], []
        for start in range(0, len(ids), PAGE_PRODUCTS):
            some = ids[start : start + PAGE_PRODUCTS]
            variables = {**parts, "ids": [shopify_api.gid("Product", ident) for ident in some]}
            answer = self.env["shopify.connection"]._execute(instance, "products/ProductsByIds", variables)
            for ident, product in zip(some, answer.data["nodes"], strict=True):
                if product and product.pop("__typename") == "Product":
                    records.append(self._complete(instance, product, parts))
                else:
                    unknown.append(ident)
        return records, unknown

    @api.model
    def _complete(self, instance, product, parts):
        """Read what did not fit on the page: further variants, pictures, collections."""
        more = {"first": MORE_VARIANTS, **{key: parts[key] for key in ("metafields", "variantKeys", "withMetafields")}}
        self._append_pages(instance, product["variants"], "products/ProductVariants", product["id"], more)
        for name, document in (("media", "products/ProductMedia"), ("collections", "products/ProductCollections")):
            self._append_pages(instance, product[name], document, product["id"], {"first": MORE_PARTS})
        for name in ("variants", "media", "collections"):
            del product[name]["pageInfo"]  # cursors differ between two equal answers
        if "resourcePublicationsV2" in product:  # in no fixed order
            product["resourcePublicationsV2"]["nodes"].sort(key=lambda one: one["publication"]["id"])
        return product

    # Storing

    @api.model
    def _store_records(self, run, records):
        """Store products as queue lines; one that waits already gets the newer data.

        :return: how many lines were made or renewed
        """
        operation = OPERATIONS[run.operation]
        records = {legacy_id(product["id"]): product for product in records}
        if not operation.by_tokens:
            records = self._without_unwanted(run.instance_id, records, run.options or {}, run.source)
        renewed = self._renew_waiting(run.instance_id, records, run.source)
        values = [self._prepare_line(product) for product in records.values()]
        last = run.queue_ids.sorted("id")[-1:]
        self._fill_queues(run.instance_id, operation.kind, values, run.source, last, run)
        return len(records) + len(renewed)

    @api.model
    def _store_gone(self, run, ids):
        """Archive what the layer has of products that Shopify does not have any more."""
        # a user may get products again; what that changes follows from Shopify
        self.env["shopify.product"].sudo()._archive_gone(run.instance_id, ids)

    @api.model
    def _without_unwanted(self, instance, records, options, source):
        """Leave out drafts and archived products that the layer does not have and nobody asked for, and, unless a person
        asks, what has not changed: Shopify's date of change moves with every sale."""
        layer = self.env["shopify.product"].with_context(active_test=False)
        known = {
            product.shopify_id: product.payload_digest
            for product in layer.search_fetch(
                [("instance_id", "=", instance.id), ("shopify_id", "in", list(records))],
                ["shopify_id", "payload_digest"],
            )
        }
        left_out = {status for status in ("draft", "archived") if not options.get(f"include_{status}")}
        records = {
            ident: product
            for ident, product in records.items()
            if ident in known or product["status"].lower() not in left_out
        }
        if source == "manual":
            return records
        ended = self._ended(instance, list(records))
        return {
            ident: product
            for ident, product in records.items()
            if known.get(ident) != payload_digest(product) and ended.get(ident) != when(product["updatedAt"])
        }

    @api.model
    def _ended(self, instance, ids):
        """{Shopify id: last change of those whose line was skipped or set to completed}"""
        return dict(
            self.env["shopify.queue.line"]._read_group(
                [
                    ("instance_id", "=", instance.id),
                    ("kind", "in", self._kinds),
                    ("shopify_id", "in", ids),
                    ("state", "in", ("skipped", "cancelled")),
                ],
                ["shopify_id"],
                ["payload_updated_at:max"],
            )
        )

    @api.model
    def _prepare_queue(self, instance, kind, source, run):
        values = super()._prepare_queue(instance, kind, source, run)
        keep = bool(run and (run.options or {}).get("keep_existing"))
        return {**values, "keep_existing": keep}

    @api.model
    def _prepare_line(self, product):
        skus = [variant["sku"] for variant in product["variants"]["nodes"] if variant["sku"]]
        return {
            "shopify_id": legacy_id(product["id"]),
            "reference": product["title"],
            "skus": ", ".join(skus[:5]) + (" ..." if len(skus) > 5 else ""),
            "payload": self._dump(product),
            "payload_updated_at": fields.Datetime.to_datetime(when(product["updatedAt"])),
        }
