"""What `bench.stock` has done inside Odoo: a store with linked products, stock that changes, its way to Shopify."""

import functools
import time
from collections.abc import Iterator

from bench.meter import peak_rss_mb
from bench.patience import patiently
from devenv import demo_script

UNITS = 500  # of each product in each warehouse at the start


class _Clocked:
    """An iterator that knows how long its steps have taken."""

    def __init__(self, steps: Iterator) -> None:
        self._steps, self.seconds = steps, 0.0

    def __iter__(self) -> Iterator:
        return self

    def __next__(self) -> object:
        started = time.perf_counter()
        try:
            return next(self._steps)
        finally:
            self.seconds += time.perf_counter() - started


class StockWay:
    """One store, one warehouse for each of its locations; each method is a request of the benchmark."""

    def __init__(self, env) -> None:
        self._env, self._store, self._warehouses = env, None, None

    def prepare(self, domain: str, token: str, rows: list[list[str]], places: list[str]) -> dict:
        """Connect the store and make a linked product for each row: SKU, product id, variant id, item id."""
        env = self._env
        self._store = env["shopify.instance"].browse(demo_script.connect(env, domain, token))._for_jobs()
        env = self._store.env
        warehouses = self._store.warehouse_id + env["stock.warehouse"].create(
            [{"name": f"Warehouse {number}", "code": f"W{number}"} for number in range(2, len(places) + 1)]
        )
        for place, warehouse in zip(places, warehouses, strict=True):
            env["shopify.location"].search([("shopify_id", "=", place)]).export_warehouse_ids = warehouse
        products = env["product.product"].create(
            [{"name": sku, "default_code": sku, "is_storable": True} for sku, *_ids in rows]
        )
        layers = env["shopify.product"].create(
            [
                {
                    "instance_id": self._store.id,
                    "title": row[0],
                    "shopify_id": f"{row[1]}{number}",
                    "product_tmpl_id": product.product_tmpl_id.id,
                }
                for number, (row, product) in enumerate(zip(rows, products, strict=True))
            ]
        )
        env["shopify.product.variant"].create(
            [
                {
                    "shopify_product_id": layer.id,
                    "product_id": product.id,
                    "shopify_id": row[2],
                    "inventory_item_ref": row[3],
                    "tracked": True,
                    "sku": row[0],
                    "title": row[0],
                }
                for row, product, layer in zip(rows, products, layers, strict=True)
            ]
        )
        for warehouse in warehouses:
            env["stock.quant"].create(
                [
                    {"product_id": product.id, "location_id": warehouse.lot_stock_id.id, "quantity": UNITS}
                    for product in products
                ]
            )
        self._store.stock_confirmed_at = "2026-01-01"
        env.cr.commit()
        env["shopify.stock.change"].search([]).unlink()
        env.cr.commit()
        return {}

    def change(self, products: int, more: int, points: float) -> dict:
        """Change the stock of so many products in every warehouse, as one transaction of Odoo.

        :param points: what the store's request budget holds then, in Odoo's own account of it
        """
        env = self._store.env
        variants = env["shopify.product.variant"].search([("instance_id", "=", self._store.id)], limit=products)
        places = env["shopify.location"]._exported(self._store).export_warehouse_ids.lot_stock_id
        quants = env["stock.quant"].search(
            [("product_id", "in", variants.product_id.ids), ("location_id", "in", places.ids)]
        )
        started = time.perf_counter()
        for quant in quants:
            quant.quantity += more
        env.cr.flush()
        noted = time.perf_counter() - started
        env["shopify.connection"].search([]).write(
            {"bucket_available": points, "bucket_maximum": 2000, "bucket_restore": 100, "bucket_at": time.time()}
        )
        env.cr.commit()
        return {"levels": len(quants), "seconds": noted}

    def run_job(self) -> dict:
        """One run of the scheduled job."""
        env = self._store.env
        started = time.perf_counter()
        env["shopify.handler.stock"]._run_changed(self._store)
        lines = env["shopify.queue.line"].search_count([("kind", "=", "stock_export"), ("state", "=", "done")])
        env.cr.commit()
        seconds = time.perf_counter() - started
        return {"sent": lines, "seconds": seconds, "planned": 0.0, "first": 0.0, "peak_rss_mb": peak_rss_mb()}

    def export(self) -> dict:
        """What the job does until nothing is left, with the pauses that the request budget asks for."""
        env = self._store.env
        planned, first = _Clocked(env["shopify.handler.stock"]._plan_marked(self._store)), None
        started, sent = time.perf_counter(), 0
        for counts in env["shopify.stock.sender"]._send_all(self._store, planned):
            first = first or time.perf_counter() - started
            sent += counts["done"]
            if counts["stop"] or counts["failed"]:
                raise RuntimeError(f"levels failed: {counts}")
            time.sleep(counts["wait"])
        env.cr.commit()
        return {
            "sent": sent,
            "seconds": time.perf_counter() - started,
            "planned": planned.seconds,
            "first": first,
            "peak_rss_mb": peak_rss_mb(),
        }

    def one_by_one(self, rows: list[list[str]], place: str, units: int) -> dict:
        """One request for each level, as a connector without batches does, with the same door and budget."""
        env = self._store.env
        sender, started = env["shopify.stock.sender"], time.perf_counter()
        for number, row in enumerate(rows):
            quantity = {
                "inventoryItemId": f"gid://shopify/InventoryItem/{row[3]}",
                "locationId": f"gid://shopify/Location/{place}",
                "quantity": units,
                "changeFromQuantity": None,
            }
            variables = {"reason": "correction", "document": None, "key": f"one-{number}", "quantities": [quantity]}
            ask = functools.partial(
                sender._ask, self._store, "inventory/InventorySetQuantities", variables, idempotent=True
            )
            patiently(ask)
        return {"seconds": time.perf_counter() - started}
