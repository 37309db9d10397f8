"""The control interface: JSON over HTTP under ``/_control/``, for tests and for people who want to see things move."""

from __future__ import annotations

import json
from collections import Counter

from .app import App
from .book import Header
from .control_customers import CustomerControl
from .control_payouts import PayoutControl
from .control_products import ProductControl
from .control_returns import ReturnControl
from .control_shipments import ShipmentControl
from .control_stock import StockControl
from .control_webhooks import WebhookControl
from .model.order import Order
from .statuses import financial_status, fulfillment_status
from .totals import totals
from .values import BadRequest, known_keys, moment

UNRECORDED = frozenset({
    "help", "state", "orders", "order", "customers", "returns", "requests", "webhooks", "stock", "product",
    "clock", "bucket", "access", "refuse", "faults", "faults_add", "faults_remove", "faults_clear",
    "payouts", "webhooks_send", "webhooks_fault", "webhooks_clear_faults", "privacy",
})  # fmt: skip
"""Calls that a journal leaves out: they only read, or change no fact of the store."""
READ_WITHOUT_ARGUMENTS = frozenset(["jobs", "shop", "payments", "webhooks_configure"])


class Control(
    CustomerControl, PayoutControl, ProductControl, ReturnControl, ShipmentControl, StockControl, WebhookControl
):
    """What can be asked and done over HTTP. Each method is one path; its keyword arguments are the JSON body."""

    def __init__(self, app: App):
        self.app = app
        self.store = app.store

    def call(self, path: str, payload: dict, server) -> dict:
        """Answer one control request; `BadRequest` for unknown paths and arguments."""
        name = path.strip("/").replace("/", "_").replace("-", "_")
        if not hasattr(self, f"do_{name}"):
            raise BadRequest(f"no control call {path!r}; see /_control/help")
        if name == "refuse":
            payload = {**payload, "server": server}
        reads = name in UNRECORDED or (name in READ_WITHOUT_ARGUMENTS and not payload)
        if reads or self.app.journal is None:
            return self.perform(name, payload)
        return self._recorded(name, payload)

    def perform(self, name: str, arguments: dict) -> dict:
        """Do one call by its name; `BadRequest` says why it cannot be done."""
        try:
            return getattr(self, f"do_{name}")(**arguments) or {"ok": True}
        except BadRequest:
            raise
        except (TypeError, ValueError, AttributeError, LookupError, ArithmeticError) as error:
            raise BadRequest(f"{name}: {error}") from error

    def _recorded(self, name: str, payload: dict) -> dict:
        """Do a call and record it: also a refused one, since it may have used up ids."""
        arguments = json.loads(json.dumps(payload))
        with self.store.lock, self.store.clock.still() as at:
            try:
                answer = self.perform(name, payload)
            except BadRequest as error:
                self.app.journal.record(at, "control", call=name, arguments=arguments, refused=str(error))
                raise
            told = {"id": answer["id"]} if "id" in answer else {}
            self.app.journal.record(at, "control", call=name, arguments=arguments, **told)
            return answer

    def do_help(self) -> dict:
        """All calls with what they do."""
        names = sorted(name for name in dir(self) if name.startswith("do_"))
        return {name[3:]: (getattr(self, name).__doc__ or "").split("\n")[0] for name in names}

    def do_state(self) -> dict:
        """What the store holds: counts by kind and status, scopes, bucket, clock, faults."""
        with self.store.lock:
            headers = list(self.store.orders.headers())
            return {
                "shop": self.store.shop.name,
                "domain": self.store.shop.domain,
                "currency": self.store.shop.currency_code,
                "seed": self.store.seed,
                "now": self.store.clock.now().isoformat(),
                "orders": len(headers),
                "customers": len(self.store.people),
                "products": len(self.store.products),
                "by_financial_status": Counter(header.financial_status or "-" for header in headers),
                "by_fulfillment_status": Counter(header.fulfillment_status for header in headers),
                "by_state": Counter(header.state for header in headers),
                "by_source": Counter(header.source_name or "-" for header in headers),
                "by_kind": Counter(header.kind for header in headers),
                "scopes": self.app.access.scopes,
                "tokens_issued": self.app.access.tokens_issued,
                "throttle": self.app.bucket.status(),
                "faults": self.app.faults.plan(),
            }

    def do_orders(self, limit: int = 100, after: int = 0) -> dict:
        """A list of orders (newest last): id, name, statuses, times; ``after`` a serial."""
        with self.store.lock:
            rows = [header for header in self.store.orders.headers() if header.serial > after][:limit]
            return {"orders": [_row(header) for header in rows]}

    def do_order(self, order: object) -> dict:
        """One order with its totals and lines."""
        with self.store.lock:
            return _told(self.store.order(order))

    def do_place_order(self, **options) -> dict:
        """Place an order; options as of Store.place_order."""
        return self._told(self.store.place_order(**options))

    def do_load(self, document: dict) -> dict:
        """Load an order document in Shopify's REST shape."""
        return self._told(self.store.load_rest_order(document))

    def do_edit(self, order: object, **options) -> dict:
        """Edit lines: quantities, add, remove, add_shipping."""
        return self._told(self.store.edit(order, **options))

    def do_update(self, order: object, **changes) -> dict:
        """Change note, tags, po_number, email, phone, custom_attributes, shipping_address, billing_address."""
        return self._told(self.store.update(order, **changes))

    def do_cancel(self, order: object, **options) -> dict:
        """Cancel: reason, refund, restock, note."""
        return self._told(self.store.cancel(order, **options))

    def do_refund(self, order: object, **options) -> dict:
        """Refund: lines, shipping, amount, gateway, note, restock, duties, pending."""
        self.store.refund(order, **options)
        return self.do_order(order)

    def do_jobs(self, delay: float | None = None, held: bool | None = None, fail_next: str | None = None) -> dict:
        """Asynchronous jobs: delay in seconds, held (none runs), fail_next (reason)."""
        jobs = self.store.jobs
        with self.store.lock:
            jobs.delay = jobs.delay if delay is None else float(delay)
            jobs.held = jobs.held if held is None else bool(held)
            if fail_next:
                jobs.fail_next(fail_next)
            return {"jobs": len(jobs), "delay": jobs.delay, "held": jobs.held}

    def do_settle_refunds(self, order: object) -> dict:
        """Money of pending refunds has arrived."""
        return self._told(self.store.settle_refunds(order))

    def do_capture(self, order: object, amount: object = None) -> dict:
        """Capture an authorisation."""
        self.store.capture(order, amount)
        return self.do_order(order)

    def do_void(self, order: object) -> dict:
        """Void an authorisation."""
        self.store.void(order)
        return self.do_order(order)

    def do_expire(self, order: object) -> dict:
        """Let an authorisation lapse."""
        return self._told(self.store.expire(order))

    def do_mark_paid(self, order: object, gateway: str | None = None) -> dict:
        """Record the outstanding amount as paid."""
        self.store.mark_paid(order, gateway)
        return self.do_order(order)

    def do_pay(self, order: object, gateway: str, amount: object) -> dict:
        """Add a payment of an amount in the customer's currency."""
        self.store.pay(order, gateway, amount)
        return self.do_order(order)

    def do_change_risk(self, order: object, level: str | None, facts: list | None = None) -> dict:
        """Change the risk: HIGH, MEDIUM, LOW, NONE, PENDING, null."""
        return self._told(self.store.change_risk(order, level, facts))

    def do_close(self, order: object) -> dict:
        """Archive an order."""
        return self._told(self.store.close(order))

    def do_add_product(self, **options) -> dict:
        """Add a product: title, sku, price, barcode, tracked, requires_shipping, stock."""
        product = self.store.add_product(**options)
        return {"id": product.id, "title": product.title, "sku": product.variants[0].sku}

    def do_add_variants(self, **options) -> dict:
        """Add a product with options: title, options [[name, [values]]], variants [{values, sku, price ...}]."""
        return _told_product(self.store.add_variants(**options))

    def do_change_product(self, product: object, **changes) -> dict:
        """Change a product (id or SKU): title, status, vendor ...; variants {sku: {price ...}}, add, remove."""
        return _told_product(self.store.change_product(product, **changes))

    def do_delete_product(self, product: object) -> None:
        """Delete a product (id or SKU)."""
        self.store.delete_product(product)

    def do_add_picture(self, product: object, number: int = 1, alt: str | None = None, readable: bool = True) -> dict:
        """Add a picture to a product (id or SKU): number (its colour), alt; not readable: its address gives none."""
        more = {} if readable else {"content": None}
        return {"id": self.store.add_picture(product, number=number, alt=alt, **more).id}

    def do_add_collection(self, title: str, products: list, automated: bool = False) -> dict:
        """Add a collection of products (ids or SKUs)."""
        return {"id": self.store.add_collection(title, products, automated).id}

    def do_faults(self) -> dict:
        """The fault plan."""
        return {"faults": self.app.faults.plan()}

    def do_faults_add(self, kind: str, **options) -> dict:
        """Add a fault: kind, operation, times, probability, after, seconds, status, retry_after, version."""
        return {"id": self.app.faults.add(kind, **options).id}

    def do_faults_remove(self, id: int) -> None:  # noqa: A002
        """Take one fault off."""
        self.app.faults.remove(id)

    def do_faults_clear(self) -> None:
        """Take all faults off."""
        self.app.faults.clear()

    def do_refuse(self, seconds: float, server) -> None:
        """Close the port for so many seconds."""
        server.refuse_soon(seconds)

    def do_clock(self, now: str | None = None, advance: float | None = None, freeze: bool | None = None) -> dict:
        """Set the clock, move it on by seconds, freeze it or let it run."""
        clock = self.store.clock
        if now is not None:
            clock.set(moment(now, "now"))
        if advance is not None:
            clock.advance(advance)
        if freeze is not None:
            clock.freeze() if freeze else clock.run()
        return {"now": clock.now().isoformat()}

    def do_bucket(
        self, left: float | None = None, maximum: float | None = None, restore_rate: float | None = None
    ) -> dict:
        """Drain the bucket to what is left, or change its size and rate."""
        bucket = self.app.bucket
        if maximum is not None:
            bucket.maximum = float(maximum)
        if restore_rate is not None:
            bucket.restore_rate = float(restore_rate)
        if left is not None:
            bucket.drain(left)
        return bucket.status()

    def do_access(self, **changes) -> dict:
        """Change scopes, client_id, client_secret, lifetime, installed, permitted; ``revoke`` ends issued tokens."""
        access = self.app.access
        known_keys(
            changes, {"scopes", "client_id", "client_secret", "lifetime", "installed", "permitted", "revoke"}, "access"
        )
        if changes.pop("revoke", False):
            access.revoke_tokens()
        for name, value in changes.items():
            setattr(access, name, value)
        return {"scopes": access.scopes, "tokens_issued": access.tokens_issued, "tokens_refused": access.tokens_refused}

    def do_shop(self, **changes) -> dict:
        """Change the shop: name, plan, plus, personal_data, taxes_included, iana_timezone, tax_shipping."""
        known_keys(
            changes,
            {"name", "plan", "plus", "personal_data", "taxes_included", "iana_timezone", "tax_shipping"},
            "shop",
        )
        for name, value in changes.items():
            setattr(self.store.shop, name, value)
        return {name: getattr(self.store.shop, name) for name in changes}

    def do_requests(self, limit: int = 100) -> dict:
        """The last requests: operation, status, cost, errors."""
        rows = list(self.app.requests)[-limit:]
        return {
            "requests": [
                {
                    "at": row.at.isoformat(), "operation": row.operation, "status": row.status, "requested": row.requested,
                    "actual": row.actual, "errors": row.errors, "fault": row.fault, "request_id": row.request_id,
                }
                for row in rows
            ]
        }  # fmt: skip

    def _told(self, order: Order) -> dict:
        with self.store.lock:
            return _told(order)


def _told_product(product) -> dict:
    return {"id": product.id, "title": product.title, "skus": [variant.sku for variant in product.variants]}


def _row(header: Header) -> dict:
    return {
        "serial": header.serial, "id": f"gid://shopify/Order/{header.id}", "name": header.name, "kind": header.kind,
        "financial_status": header.financial_status, "fulfillment_status": header.fulfillment_status, "state": header.state,
        "created_at": header.created_at.isoformat(), "updated_at": header.updated_at.isoformat(),
    }  # fmt: skip


def _told(order: Order) -> dict:
    return {
        "id": f"gid://shopify/Order/{order.id}",
        "name": order.name,
        "financial_status": financial_status(order),
        "fulfillment_status": fulfillment_status(order),
        "updated_at": order.updated_at.isoformat(),
        "currency": order.pair.shop,
        "totals": {name: str(bag.shop) for name, bag in totals(order).items()},
        "lines": [
            {
                "id": f"gid://shopify/LineItem/{line.id}", "sku": line.sku, "title": line.title, "quantity": line.quantity,
                "current_quantity": line.current_quantity, "unfulfilled_quantity": line.unfulfilled_quantity,
            }
            for line in order.lines
        ],
        "fulfillments": [f"gid://shopify/Fulfillment/{one.id}" for one in order.fulfillments],
        "tracking": [track.number for one in order.fulfillments for track in one.tracking if track.number],
        "fulfillment_orders": [
            {
                "id": f"gid://shopify/FulfillmentOrder/{one.id}", "status": one.status, "location": one.location.name,
                "lines": {part.line_item.sku or part.line_item.title: part.remaining_quantity for part in one.lines},
            }
            for one in order.fulfillment_orders
        ],
    }  # fmt: skip
