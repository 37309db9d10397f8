"""Finding Shopify's orders among orders that came to Odoo in another way, and linking them (take-over)."""

import json
import re
from collections import defaultdict
from datetime import timedelta, timezone
from decimal import Decimal

from odoo import api, models

from .. import shopify_api
from ..mapping import Refusal, read_order
from ..mapping.reading import legacy_id, when
from .spoken import spoken

PAGES = 40
PAGE_SIZE = 25


class ShopifyTakeoverMatcher(models.AbstractModel):
    """Matches by number and date, checks by total, links lines by SKU."""

    _name = "shopify.takeover.matcher"
    _description = "Shopify Take-over Matcher"

    @api.model
    def _search_rows(self, instance, start, end, days_apart):
        """Rows for `shopify.takeover.line`; the caller's transaction ends here before Shopify is asked.

        :return: (rows, what was looked at in words)
        """
        own = instance._for_jobs()
        granted = self.env["shopify.scope"]._granted(own)
        self.env.cr.commit()  # pylint: disable=invalid-commit  # the fetch boundary
        records, more = self._fetch(own, granted, start, end)
        options = own._mapping_options()
        orders, refused = [], []
        for record in records:
            try:
                orders.append((record, read_order(record, options)))
            except Refusal as error:
                refused.append({**self._refused(record), "reason": spoken(self.env, error.words)})
        known = self.env["shopify.handler.order"]._known(own, [order for _record, order in orders])
        candidates = self._candidates(own, start, end, days_apart)
        rows = [
            self._row(own, record, order, known, candidates[self._ref(order.name)], days_apart)
            for record, order in orders
        ]
        looked_at = self.env._("Orders looked at: %s.", len(records))
        if more:
            looked_at += "\n" + self.env._(
                "There are more orders in this range: link these, then search a later range."
            )
        return rows + refused, looked_at

    @api.model
    def _refused(self, record):
        """An order that cannot be read stays in the list with its reason."""
        ident = legacy_id(record["id"])
        return {"order_ref": record["name"], "shopify_id": ident, "match": "none", "date": when(record["createdAt"])}

    @api.model
    def _fetch(self, instance, granted, start, end):
        handler = self.env["shopify.handler.order"]
        search = shopify_api.search
        between = search.between("created_at", start.replace(tzinfo=timezone.utc), end.replace(tzinfo=timezone.utc))
        variables = {
            **handler._parts(granted),
            "query": between,
            "sortKey": "CREATED_AT",
            "first": PAGE_SIZE,
            "after": None,
        }
        records, more = [], False
        for _page in range(PAGES):
            page = handler._execute_page(instance, variables).data["orders"]
            records += handler._complete_all(instance, page["nodes"], granted)
            more = page["pageInfo"]["hasNextPage"]
            if not more:
                break
            variables["after"] = page["pageInfo"]["endCursor"]
        return records, more

    @api.model
    def _ref(self, text):
        """An order number as compared: without '#', spaces and letter case."""
        return re.sub(r"[\s#]", "", text or "").casefold()

    @api.model
    def _candidates(self, instance, start, end, days_apart):
        """{compared number: orders of the company without a Shopify link} by their name, reference and origin."""
        margin = timedelta(days=days_apart)
        orders = self.env["sale.order"].search(
            [
                ("company_id", "=", instance.company_id.id),
                ("shopify_order_id", "=", False),
                ("date_order", ">=", start - margin),
                ("date_order", "<=", end + margin),
            ]
        )
        found = defaultdict(lambda: self.env["sale.order"])
        for order in orders:
            for text in {order.name, order.client_order_ref, order.origin} - {False}:
                ref = self._ref(text)
                found[ref] |= order
                if instance.order_prefix:
                    found[ref.removeprefix(self._ref(instance.order_prefix))] |= order
        return found

    @api.model
    def _row(self, instance, record, order, known, candidates, days_apart):
        near = candidates.filtered(lambda one: abs(one.date_order - order.processed_at) <= timedelta(days=days_apart))
        total = float(order.totals.total)
        row = {
            "order_ref": order.name,
            "shopify_id": order.shopify_id,
            "date": order.processed_at,
            "total": total,
            "payload": json.dumps(record, separators=(",", ":"), ensure_ascii=False),
        }
        if order.shopify_id in known:
            return {**row, "match": "known", "order_id": known[order.shopify_id].id}
        if not near:
            return {**row, "match": "none"}
        if len(near) > 1:
            names = ", ".join(near.mapped("name"))
            return {**row, "match": "ambiguous", "reason": names}
        same = near.currency_id.name == order.currency and not near.currency_id.compare_amounts(
            near.amount_total, total
        )
        if same:
            return {**row, "match": "sure", "order_id": near.id, "link": True}
        reason = self.env._("Its total is %(total)s in Odoo.", total=near.currency_id.format(near.amount_total))
        return {**row, "match": "check", "order_id": near.id, "reason": reason}

    # Linking

    @api.model
    def _link(self, instance, rows):
        """Link chosen rows: header, lines by SKU, customer; payments, shipments and refunds so far are taken as done
        by whoever did them before.

        :return: (rows linked, {row: why it was not linked}, what stopped it in words or '')
        """
        own = instance._for_jobs()
        options = own._mapping_options()
        # raw data are hidden from users; linking needs them
        pairs = [
            (row.order_id.with_env(own.env), read_order(json.loads(row.sudo().payload, parse_float=Decimal), options))
            for row in rows
        ]
        model = self.with_env(own.env)
        orders = [order for _sale_order, order in pairs]
        resolved = own.env["shopify.resolve.order"]._resolve_settings(own, orders)
        for sale_order, order in pairs:
            model._link_one(own, sale_order, order, resolved)
        self.env.invalidate_all()
        return rows, {}, ""

    @api.model
    def _link_one(self, instance, sale_order, order, resolved):
        writer = self.env["shopify.order.writer"]
        values = writer._prepare_header(instance, order, resolved)
        values.pop("shopify_risk_ids")
        workflow = resolved.workflow(order, order.gateways.main)
        sale_order.with_context(shopify_workflow_choice=True).write(
            {
                **values,
                "shopify_instance_id": instance.id,
                "shopify_order_id": order.shopify_id,
                "shopify_order_status": order.order_status,
                "shopify_workflow_id": workflow.id if workflow else False,
                "shopify_currency_mode": instance.currency_mode,
                "shopify_risk_state": "none",
                "shopify_shipped_ref": ",".join(one.shopify_id for one in order.fulfillments) or False,
                "shopify_baseline": self._baseline(order),
            }
        )
        self._link_lines(sale_order, order)
        sale_order.picking_ids.filtered(lambda picking: picking.state == "done").write(
            {
                "shopify_sent": True,
                "shopify_send_state": "sent",
                "shopify_send_note": self.env._("Shipped before the order was linked."),
            }
        )
        self._link_customer(instance, sale_order, order)
        payments = self.env["shopify.order.payment"].create(
            writer._prepare_payments(instance, sale_order, order, resolved)
        )
        payments.registered = True
        for row in self.env["shopify.refunds"]._rows(instance, sale_order, order).values():
            row.write({"state": "left_out", "message": self.env._("Settled before the order was linked.")})
        self.env["shopify.returns"]._bring(instance, sale_order, order)
        sale_order.message_post(body=self.env._("Linked with order %s of Shopify.", order.name))

    @api.model
    def _baseline(self, order):
        """What Shopify said when the order was linked; later edits are seen against it."""
        return {line.key: [str(line.quantity), str(line.gross), line.title] for line in order.lines}

    @api.model
    def _link_lines(self, sale_order, order):
        """Order lines by SKU, else by barcode, equal quantities first; what does not match stays as it is."""
        free = sale_order.order_line.filtered(lambda line: not line.shopify_line_id and not line.display_type)
        for line in order.lines:
            if line.kind != "product":
                continue
            same = free.filtered(lambda one, sku=line.sku: sku and one.product_id.default_code == sku)
            same = same or free.filtered(lambda one, code=line.barcode: code and one.product_id.barcode == code)
            exact = same.filtered(lambda one, units=line.quantity: one.product_uom_qty == units)
            found = (exact or same)[:1]
            if found:
                found.write({"shopify_line_id": line.key, "shopify_line_type": line.kind, "shopify_title": line.title})
                free -= found

    @api.model
    def _link_customer(self, instance, sale_order, order):
        buyer = order.buyer
        links = self.env["shopify.customer"].with_context(active_test=False)
        if not buyer.shopify_id or links.search_count(
            [("instance_id", "=", instance.id), ("shopify_id", "=", buyer.shopify_id)], limit=1
        ):
            return
        links.create(
            {
                "partner_id": sale_order.partner_id.id,
                "instance_id": instance.id,
                "shopify_id": buyer.shopify_id,
                "email": buyer.email or False,
                "phone": buyer.phone or False,
                "matched_by": "email",
                "source": "order",
            }
        )
        sale_order.partner_id.shopify_is_customer = True
