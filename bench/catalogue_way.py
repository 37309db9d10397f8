"""What `bench.catalogue` has done inside Odoo: products in, changed, out again, and made in a second store."""

import functools
import time

from odoo import fields
from odoo.addons.shopify_sync.mapping import product_out

from bench.meter import peak_rss_mb
from bench.patience import patiently
from devenv import demo_script

#: Seconds of one pause at most; shorter ones only spin.
LONGEST, SHORTEST = 30, 0.05


class CatalogueWay:
    """Two stores; each method is a request of the benchmark."""

    def __init__(self, env) -> None:
        self._env, self._stores = env, []

    def prepare(self, domains: list[str], token: str) -> dict:
        """Connect both stores."""
        for number, domain in enumerate(domains):
            if number == 0:
                ident = demo_script.connect(self._env, domain, token)
                store = self._env["shopify.instance"].browse(ident)
            else:
                values = {
                    "name": "Second Store",
                    "shop_domain": domain,
                    "auth_mode": "permanent_token",
                    "access_token": token,
                }
                store = self._env["shopify.instance"].create(values)
                self._env.cr.commit()  # requests are made outside this transaction
                store._connect()
            store.write({"image_import": False, "product_create": True})
            self._stores.append(store._for_jobs())
        self._env.cr.commit()
        return {}

    def bring(self) -> dict:
        """Import all products of the first store, as its job does."""
        store = self._stores[0]
        started = time.perf_counter()
        self._import(store, "product", {})
        variants = store.env["shopify.product.variant"].search_count([("instance_id", "=", store.id)])
        return {"seconds": time.perf_counter() - started, "variants": variants, "peak_rss_mb": peak_rss_mb()}

    def bring_singly(self, products: list[str]) -> dict:
        """Import products one after the other, each with a request and a transaction of its own."""
        started = time.perf_counter()
        for product in products:
            self._import(self._stores[0], "product_by_id", {"tokens": product})
        return {"seconds": time.perf_counter() - started}

    def _import(self, store, operation: str, options: dict) -> None:
        starter, runner = store.env["shopify.run.starter"], store.env["shopify.runner"]
        run = starter._start(store, operation, options)
        while (run := self._fresh(run)).state == "running":
            moment = run.next_attempt_at
            pause = (moment - fields.Datetime.now()).total_seconds() if moment else 0
            time.sleep(min(LONGEST, max(SHORTEST, pause)))
            starter._advance(store, run.id)
        if run.state != "done":
            raise RuntimeError(run.message)
        while runner._process_batch(store, ("product",))["taken"]:
            self._env.cr.commit()
        self._env.cr.commit()

    def _fresh(self, run):
        self._env.cr.commit()
        run.invalidate_recordset()
        return run

    def change(self) -> dict:
        """Change the title of every product and the price of every variant, as a person does."""
        store = self._stores[0]
        products = store.env["shopify.product"].search([("instance_id", "=", store.id)])
        for product in products:
            product.title = f"{product.title} (new)"
        items = store.env["product.pricelist.item"].search([("pricelist_id", "=", store.pricelist_id.id)])
        for item in items:
            item.fixed_price += 1
        self._env.cr.commit()
        return {"products": len(products), "prices": len(items)}

    def copy(self) -> dict:
        """The same products in the layer of the second store, not in Shopify yet."""
        first, second = self._stores
        second.pricelist_id = first.pricelist_id
        layer = second.env["shopify.product"]
        products = first.env["shopify.product"].search([("instance_id", "=", first.id)])
        copies = layer.create(
            [
                {
                    "instance_id": second.id,
                    "title": one.title,
                    "description": one.description,
                    "vendor": one.vendor,
                    "product_tmpl_id": one.product_tmpl_id.id,
                }
                for one in products
            ]
        )
        second.env["shopify.product.variant"].create(
            [
                {
                    "shopify_product_id": copied.id,
                    "product_id": variant.product_id.id,
                    "sku": variant.sku,
                    "option_values": variant.option_values,
                    "tracked": True,
                    "position": variant.position,
                }
                for one, copied in zip(products, copies, strict=True)
                for variant in one.variant_ids
            ]
        )
        self._env.cr.commit()
        return {"products": len(copies)}

    def send(self, store: int) -> dict:
        """Update the first store's products, or export the second one's, as the job does, with the pauses it asks for."""
        own = self._stores[store]
        products = own.env["shopify.product"].search([("instance_id", "=", own.id)])
        lines, runner = own.env["shopify.queue.line"], own.env["shopify.runner"]
        request = {"parts": ["basics", "price"], "only_changed": True, "publish": None}
        lines._enqueue_products(own, dict.fromkeys(products, request))
        self._env.cr.commit()
        started = time.perf_counter()
        while True:
            self._env.cr.commit()
            taken = runner._follow_products(own) + runner._send_products(own)
            self._env.cr.commit()
            if taken:
                continue
            waiting = lines.search([("instance_id", "=", own.id), ("kind", "=", "product_export"), ("state", "=", "draft")],
                                   order="next_attempt_at", limit=1)  # fmt: skip
            if not waiting:
                break
            pause = (waiting.next_attempt_at - fields.Datetime.now()).total_seconds() if waiting.next_attempt_at else 0
            time.sleep(min(LONGEST, max(SHORTEST, pause)))
        seconds = time.perf_counter() - started
        states = dict(
            lines._read_group([("instance_id", "=", own.id), ("kind", "=", "product_export")], ["state"], ["__count"])
        )
        problem = lines.search([("instance_id", "=", own.id), ("state", "=", "failed")], limit=1).message
        return {"seconds": seconds, "states": states, "problem": problem or "", "peak_rss_mb": peak_rss_mb()}

    def one_by_one(self, kind: str, count: int) -> dict:
        """What goes out, a request for each record, through the same door and budget."""
        store = self._stores[1 if kind == "export" else 0]
        layer = store.env["shopify.product"].search([("instance_id", "=", store.id)], limit=count)
        values = store.env["shopify.product.out"]._read(store, layer, frozenset(["basics", "price"]))
        self._env.cr.commit()
        handler, started = store.env["shopify.handler.product.export"], time.perf_counter()
        for product in layer:
            for document, variables in self._requests(kind, product, values[product.id]["local"]):
                patiently(functools.partial(handler._ask, store, document, variables))
        return {"seconds": time.perf_counter() - started}

    def _requests(self, kind, product, local):
        gid = local.shopify_id
        if kind == "update":
            yield "products/ProductUpdate", {"product": {"id": gid, "title": f"{local.title}!"}, "media": []}
            for one in local.variants:
                row = {"id": one.shopify_id, "price": str(one.price)}
                yield "products/VariantsBulkUpdate", {"productId": gid, "variants": [row]}
        else:
            made = product_out.create_input(local, frozenset(["basics", "price"]), f"one-{product.id}", frozenset())
            yield "products/ProductSet", {"input": {**made, "handle": f"{made['handle']}-one-{product.id}"}}
