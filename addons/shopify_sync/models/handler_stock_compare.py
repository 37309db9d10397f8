"""All stock of a store in one file, compared with Odoo; what differs is sent. Without a file it is read page by page."""

from odoo import api, fields, models
from odoo.tools import SQL

from .. import shopify_api
from ..mapping.reading import legacy_id
from .handler_order_fetch import Page
from .spoken import speaking

#: Objects of the file that are compared in one transaction.
PIECE = 5000
#: How often Shopify is asked whether the file is ready (seconds).
LOOK_AGAIN = 20
#: Variants that are read with one request for each location, when there is no file.
BATCH = 250
#: Stands in a run's place instead of an operation when there is no file.
PAGES = "pages"
_WORKING = ("CREATED", "RUNNING", "CANCELING")


class ShopifyHandlerStockCompare(models.AbstractModel):
    """Operation `stock_compare`. The place of a run is "operation|byte of its file|start (UTC)", or, where Shopify gives no
    file, "pages|last variant|start (UTC)"."""

    _name = "shopify.handler.stock.compare"
    _description = "Shopify Stock Comparison"

    @api.model
    def _fetch_page(self, instance, run):
        """Start the bulk query, wait for it, read the next piece of its file; called without an open transaction."""
        if not run["page_cursor"]:
            return self._begin(instance)
        operation, start, since = run["page_cursor"].split("|")
        if operation == PAGES:
            return self._read_levels(instance, int(start), since)
        execute = self.env["shopify.connection"]._execute
        state = execute(instance, "bulk/BulkOperationState", {"id": operation}, lane="stock").data["bulkOperation"]
        if state and state["status"] in _WORKING:
            raise shopify_api.Throttled(self.env._("Shopify is writing its file of all stock."), retry_after=LOOK_AGAIN)
        if not state or state["status"] != "COMPLETED":
            reason = (state or {}).get("errorCode") or (state or {}).get("status") or self.env._("it is gone")
            return self._without_file(since, reason)
        piece = shopify_api.bulk.Piece([], int(start), False)
        if state["url"]:
            try:
                with speaking(instance.env):
                    piece = shopify_api.bulk.read_piece(state["url"], int(start), PIECE)
            except shopify_api.ShopUnavailable as error:
                return self._without_file(since, error.message)
        rows = [row for row in piece.rows if "__parentId" in row]
        return self._page(rows, f"{operation}|{piece.end}", since, piece.more)

    @api.model
    def _begin(self, instance):
        since = fields.Datetime.to_string(fields.Datetime.now())
        try:
            answer = self.env["shopify.connection"]._execute(
                instance,
                "bulk/BulkOperationRunQuery",
                {"query": shopify_api.load("bulk/AllLevels").text},
                lane="stock",
            )
        except shopify_api.UserErrors as error:
            return self._without_file(since, error.message)
        operation = answer.data["bulkOperationRunQuery"]["bulkOperation"]["id"]
        return Page(cursor=f"{operation}|0|{since}", has_next=True)

    @api.model
    def _without_file(self, since, reason):
        """Shopify gives no file: the comparison begins anew, page by page."""
        return Page(
            cursor=f"{PAGES}|0|{since}",
            has_next=True,
            message=self.env._("Shopify gave no file of all stock (%s): it was read page by page.", reason),
        )

    @api.model
    def _read_levels(self, instance, after, since):
        """Levels of the next variants, in the form that they have in the file."""

        def find(env):
            store = env["shopify.instance"].browse(instance.id)
            variants = env["shopify.product.variant"].search(
                [
                    ("id", ">", after),
                    ("instance_id", "=", instance.id),
                    ("product_id", "!=", False),
                    ("inventory_item_ref", "!=", False),
                    ("tracked", "=", True),
                ],
                order="id",
                limit=BATCH,
            )
            places = env["shopify.location"]._exported(store).mapped("shopify_id")
            return places, variants.mapped("inventory_item_ref"), variants[-1:].id or after

        places, items, last = self.env["shopify.run.starter"]._in_own_transaction(instance, find)
        ids = [shopify_api.gid("InventoryItem", item) for item in items]
        rows = []
        for place in places if ids else ():
            location = shopify_api.gid("Location", place)
            answer = self.env["shopify.stock.sender"]._ask(
                instance, "inventory/Levels", {"ids": ids, "location": location}
            )
            rows += [
                {**node["inventoryLevel"], "__parentId": node["id"], "location": {"id": location}}
                for node in answer.data["nodes"]
                if node and node["tracked"] and node["inventoryLevel"]
            ]
        return self._page(rows, f"{PAGES}|{last}", since, len(items) == BATCH)

    @api.model
    def _page(self, rows, place, since, more):
        ending = [] if more else [{"last": since}]
        return Page(
            records=[{"since": since}, *rows, *ending], cursor=f"{place}|{since}", has_next=more, seen=len(rows)
        )

    @api.model
    def _store_records(self, run, records):
        """Compare a piece of the file; at its end look for levels that are not in it.

        :return: how many levels differ
        """
        instance = run.instance_id
        since, *rows = records or [None]
        if since is None:
            return 0
        locations = self.env["shopify.location"]._exported(instance)
        last = bool(rows) and "last" in rows[-1]
        if last:
            rows.pop()
        differ = self._compare(instance, rows, locations, since["since"], run)
        if last:
            differ += self._missing(instance, locations, since["since"], run)
        return differ

    @api.model
    def _compare(self, instance, rows, locations, since, run):
        by_ref = {location.shopify_id: location for location in locations}
        there = {}
        for row in rows:
            location = by_ref.get(legacy_id(row["location"]["id"]))
            if location and row["isActive"]:
                units = next(one["quantity"] for one in row["quantities"] if one["name"] == "available")
                there[legacy_id(row["__parentId"]), location.id] = units
        variants = self.env["shopify.product.variant"].search(
            [
                ("instance_id", "=", instance.id),
                ("inventory_item_ref", "in", list({item for item, _location in there})),
                ("product_id", "!=", False),
                ("tracked", "=", True),
            ]
        )
        levels = {
            (variant.id, location): units
            for variant in variants
            for location in locations.ids
            if (units := there.get((variant.inventory_item_ref, location))) is not None
        }
        for pair in self._sent_since(instance, since):
            levels.pop(pair, None)  # sent while the file was written: newer than the file
        self.env["shopify.stock.level"]._keep([(*pair, units) for pair, units in levels.items()], "compared_at")
        wanted = self.env["shopify.stock.quantities"]._compute(instance, variants, locations)
        differ = {pair for pair, units in levels.items() if pair in wanted and wanted[pair] != units}
        return self._plan(instance, differ, run)

    @api.model
    def _sent_since(self, instance, since):
        return self.env.execute_query(
            SQL(
                "SELECT variant_id, location_id FROM shopify_stock_level WHERE instance_id = %s AND sent_at >= %s",
                instance.id,
                since,
            )
        )

    @api.model
    def _missing(self, instance, locations, since, run):
        """Levels that Shopify does not stock and Odoo has something to offer for."""
        self.env["shopify.stock.level"].flush_model()
        pairs = self.env.execute_query(
            SQL(
                """SELECT variant.id, place.id
                     FROM shopify_product_variant variant
               CROSS JOIN shopify_location place
                LEFT JOIN shopify_stock_level known ON known.variant_id = variant.id AND known.location_id = place.id
                    WHERE variant.instance_id = %(store)s AND place.id = ANY(%(places)s)
                      AND variant.active AND variant.tracked AND variant.product_id IS NOT NULL
                      AND variant.inventory_item_ref IS NOT NULL
                      AND (known.compared_at IS NULL OR known.compared_at < %(since)s)
                      AND (known.sent_at IS NULL OR known.sent_at < %(since)s)""",
                store=instance.id,
                places=list(locations.ids),
                since=since,
            )
        )
        variants = self.env["shopify.product.variant"].browse({variant for variant, _location in pairs})
        wanted = self.env["shopify.stock.quantities"]._compute(instance, variants, locations) if pairs else {}
        return self._plan(instance, {pair for pair in pairs if wanted.get(pair)}, run)

    @api.model
    def _plan(self, instance, pairs, run):
        if not pairs:
            return 0
        variants = self.env["shopify.product.variant"].browse({variant for variant, _location in pairs})
        return self.env["shopify.handler.stock"]._plan(instance, variants, run=run, only=pairs)
