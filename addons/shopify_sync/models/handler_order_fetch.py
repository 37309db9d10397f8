"""Reading orders from Shopify, whole, and storing them as queue lines."""

from datetime import datetime

from odoo import api, fields, models

from .. import shopify_api
from ..mapping import carried, order_status
from ..mapping.reading import legacy_id, when
from .operations import LANES, OPERATIONS
from .page import Page

#: Orders in one request, lines of one order in it, lines of one refund in it; the rest is read by further requests.
PAGE_ORDERS = 25
PAGE_LINES = 10
PAGE_REFUND_LINES = 5
MORE_LINES = 100


class ShopifyHandlerOrder(models.AbstractModel):
    _name = "shopify.handler.order"
    _inherit = ["shopify.handler.order", "shopify.handler.base"]

    _kinds = LANES["orders"]

    @api.model
    def _fetch_page(self, instance, run):
        """Read one page of a run; called without an open transaction.

        :param run: plain values of the run, see `shopify.run.starter._read_run`
        :return: Page
        """
        if OPERATIONS[run["operation"]].by_tokens:
            return self._fetch_tokens(instance, run)
        variables = {
            **self._parts(run["granted"]),
            "query": self._search(run),
            "sortKey": "CREATED_AT" if run["options"].get("basis") == "created" else "UPDATED_AT",
            "first": run["options"].get("page_size") or PAGE_ORDERS,
            "after": run["page_cursor"] or None,
        }
        answer = self._execute_page(instance, variables)
        page = answer.data["orders"]
        records = self._complete_all(instance, page["nodes"], run["granted"])
        moments = [when(order["updatedAt"]) for order in records]
        return Page(
            records=[order for order in records if self._is_wanted(run, order)],
            cursor=page["pageInfo"]["endCursor"],
            has_next=page["pageInfo"]["hasNextPage"],
            seen=len(records),
            until=max(moments, default=None),
        )

    @api.model
    def _execute_page(self, instance, variables):
        """One page; a page that is too costly is asked for in half the size."""
        while True:
            try:
                return self.env["shopify.connection"]._execute(instance, "orders/OrdersPage", variables)
            except shopify_api.TooCostly:
                if variables["first"] <= 1:
                    raise
                variables["first"] //= 2

    @api.model
    def _parts(self, granted):
        """What to ask for, by the permissions granted: a part without its permission is left out, not failed on."""
        return {
            "lines": PAGE_LINES,
            "refundLines": PAGE_REFUND_LINES,
            "withProducts": "read_products" in granted or "write_products" in granted,
            "withLocations": bool({"read_locations", "read_inventory", "write_inventory"} & granted),
            "withPaymentTerms": bool({"read_payment_terms", "write_payment_terms"} & granted),
            "withFulfillmentOrders": any("merchant_managed_fulfillment_orders" in scope for scope in granted),
        }

    @api.model
    def _search(self, run):
        """The search string of a run over a range. Times are UTC, ends included."""
        options, search = run["options"], shopify_api.search
        basis = "created_at" if options.get("basis") == "created" else "updated_at"
        start, end = (self._aware(options.get(key)) for key in ("from", "to"))
        clauses = {
            "order_unshipped": [search.term("fulfillment_status", "unfulfilled")],
            "order_shipped": [search.term("fulfillment_status", "shipped")],
            "order_cancelled": [search.term("status", "cancelled")],
            "order_reconcile": [],
            "order_tagged": [search.any_of("tag", run["rule_tags"])] if run["rule_tags"] else [],
        }
        return search.and_(search.between(basis, start, end), *clauses[run["operation"]])

    @api.model
    def _aware(self, text):
        return datetime.fromisoformat(f"{text}+00:00") if text else None

    @api.model
    def _is_wanted(self, run, order):
        """Shopify's own filter is coarse; the order's status decides."""
        status = order_status(order["displayFulfillmentStatus"])
        if run["operation"] == "order_cancelled":
            return bool(order["cancelledAt"])
        if run["operation"] == "order_reconcile":
            return True  # whether Odoo has it is seen when it is stored
        if run["operation"] == "order_shipped":
            return status == "fulfilled"
        if run["operation"] == "order_tagged":
            return bool(carried(order["tags"], run["rule_tags"]))
        return status == "unshipped" or (status == "partial" and run["order_statuses"] == "unshipped_partial")

    # Specific orders

    @api.model
    def _fetch_tokens(self, instance, run):
        """Orders named by id, link or name; unknown tokens are listed."""
        tokens = shopify_api.parse_order_tokens(run["options"]["tokens"])
        start = int(run["page_cursor"] or 0)
        part = tokens[start : start + PAGE_ORDERS]
        ids = [token.value for token in part if token.kind == "id"]
        records, unknown = self._fetch_ids(instance, ids, run["granted"])
        unknown += [token.text for token in part if token.kind == "unknown"]
        for token in part:
            if token.kind == "name":  # Shopify has no search for several names at once
                found = self._fetch_name(instance, token.value, run["granted"])
                records += found
                unknown += [] if found else [token.text]
        message = self.env._("Not found in Shopify: %s", ", ".join(unknown)) if unknown else ""
        end = start + len(part)
        return Page(records=records, cursor=str(end), has_next=end < len(tokens), seen=len(records), message=message)

    @api.model
    def _fetch_ids(self, instance, ids, granted):
        """Whole orders by their ids.

        :return: (orders, ids that Shopify does not know)
        """
        records, unknown = [], []
        for start in range(0, len(ids), PAGE_ORDERS):
            part = ids[start : start + PAGE_ORDERS]
            variables = {**self._parts(granted), "ids": [shopify_api.gid("Order", ident) for ident in part]}
            answer = self.env["shopify.connection"]._execute(instance, "orders/OrdersByIds", variables)
            for ident, order in zip(part, answer.data["nodes"], strict=True):
                if order:
                    records.append(order)
                else:
                    unknown.append(ident)
        return self._complete_all(instance, records, granted), unknown

    @api.model
    def _fetch_name(self, instance, name, granted):
        """Orders with exactly this name (Shopify searches names loosely)."""
        variables = {
            **self._parts(granted),
            "query": shopify_api.search.term("name", name),
            "sortKey": "UPDATED_AT",
            "first": 10,
            "after": None,
        }
        nodes = self._execute_page(instance, variables).data["orders"]["nodes"]
        return self._complete_all(instance, [order for order in nodes if order["name"] == name], granted)

    # Whole orders

    @api.model
    def _complete(self, instance, order, granted):
        """Read what did not fit on the page: further lines of the order, of its refunds, of its fulfilments."""
        order.pop("__typename", None)  # asked for by ids it is there, on a page it is not: equal data are to be equal
        with_products = {"first": MORE_LINES, "withProducts": self._parts(granted)["withProducts"]}
        with_locations = {"first": MORE_LINES, "withLocations": self._parts(granted)["withLocations"]}
        self._append_pages(instance, order["lineItems"], "orders/OrderLines", order["id"], with_products)
        for refund in order["refunds"]:
            self._append_pages(instance, refund["refundLineItems"], "orders/RefundLines", refund["id"], with_locations)
        for shipped in order["fulfillments"]:
            self._append_pages(
                instance,
                shipped["fulfillmentLineItems"],
                "orders/FulfillmentLines",
                shipped["id"],
                {"first": MORE_LINES},
            )
        return order

    # Storing

    @api.model
    def _store_records(self, run, records):
        """Store orders as queue lines; one that waits already gets the newer data.

        :return: how many lines were made or renewed
        """
        operation, instance = OPERATIONS[run.operation], run.instance_id
        records = {legacy_id(order["id"]): order for order in records}
        if run.source != "by_id" and not operation.by_tokens:
            records = self._without_known(run, records)
        renewed = self._renew_waiting(instance, records, run.source)
        by_kind = {}
        for order in records.values():
            tag = instance._rule_tag(order["tags"])
            values = {**self._prepare_line(order), "rule_tag": tag or False}
            by_kind.setdefault("order_shipped" if tag else operation.kind, []).append(values)
        for kind, values in by_kind.items():
            last = run.queue_ids.filtered(lambda queue, kind=kind: queue.kind == kind).sorted("id")[-1:]
            self._fill_queues(instance, kind, values, run.source, last, run)
        return len(records) + len(renewed)

    @api.model
    def _without_known(self, run, records):
        """Leave out what has not changed since it was last brought, or last left out."""
        orders = self.env["sale.order"].search_fetch(
            [("shopify_instance_id", "=", run.instance_id.id), ("shopify_order_id", "in", list(records))],
            ["shopify_order_id", "shopify_updated_at"],
        )
        known = {order.shopify_order_id: order.shopify_updated_at for order in orders}
        if run.operation == "order_reconcile":
            records = {ident: order for ident, order in records.items() if ident in known}
        ended = self.env["shopify.queue.line"]._read_group(
            [
                ("instance_id", "=", run.instance_id.id),
                ("kind", "in", self._kinds),
                ("shopify_id", "in", list(records)),
                ("state", "in", ("skipped", "cancelled")),
            ],
            ["shopify_id"],
            ["payload_updated_at:max"],
        )
        for shopify_id, moment in ended:
            known[shopify_id] = max(filter(None, (known.get(shopify_id), moment)), default=None)
        same = [ident for ident, order in records.items() if known.get(ident) == when(order["updatedAt"])]
        stored = self._payloads(run.instance_id, same)
        return {
            ident: order
            for ident, order in records.items()
            if not known.get(ident)
            or when(order["updatedAt"]) > known[ident]
            # Shopify's times are whole seconds: two changes can have the same
            or (ident in stored and stored[ident] != self._dump(order))
        }

    @api.model
    def _prepare_line(self, order):
        customer = order.get("customer") or {}
        address = order.get("billingAddress") or order.get("shippingAddress") or {}
        total = order["totalPriceSet"]["shopMoney"]
        return {
            "shopify_id": legacy_id(order["id"]),
            "reference": order["name"],
            "customer": customer.get("displayName") or address.get("name") or False,
            "email": order.get("email") or False,
            "total": f"{total['amount']} {total['currencyCode']}",
            "order_status": (order["displayFulfillmentStatus"] or "").replace("_", " ").capitalize(),
            "fulfilled_at": max((when(one["createdAt"]) for one in order["fulfillments"]), default=False),
            "payload": self._dump(order),
            "payload_updated_at": fields.Datetime.to_datetime(when(order["updatedAt"])),
        }
