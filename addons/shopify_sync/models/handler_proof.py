"""Counting a store's orders, payments and refunds, day by day, against Odoo."""

from collections import defaultdict
from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import shopify_api
from ..mapping import Side
from ..mapping.money import amount
from ..mapping.payments import count_transactions
from ..mapping.reading import legacy_id, when
from .operations import LANES
from .page import Page

PAGE = 250
#: What is summed, and what is counted, on both sides.
AMOUNTS = ("total", "received", "refunded")
COUNTS = ("transactions", "refunds")


class ShopifyHandlerProof(models.AbstractModel):
    """Reads the light figures of recent orders and proves each day (operation `completeness`)."""

    _name = "shopify.handler.proof"
    _description = "Shopify Completeness Handler"

    @api.model
    def _fetch_page(self, instance, run):
        """One page of figures; called without an open transaction."""
        since, until = (self._moment(run["options"].get(name)) for name in ("since", "until"))
        answer = self.env["shopify.connection"]._execute(
            instance,
            "orders/ProofPage",
            {
                "query": shopify_api.search.between("created_at", since, until),
                "first": PAGE,
                "after": run["page_cursor"] or None,
            },
        )
        page = answer.data["orders"]
        return Page(
            records=page["nodes"],
            cursor=page["pageInfo"]["endCursor"],
            has_next=page["pageInfo"]["hasNextPage"],
            seen=len(page["nodes"]),
        )

    @api.model
    def _prepare_options(self, instance, options):
        """What a run counts: the days chosen, without any the store's last ones, and never what the store does not import.

        :param options: day_from, day_to: days in the store's time zone, both counted; either may be missing
        :return: since, until: UTC text, the first moment and the last; without until it counts up to now
        :raises UserError: the store imports no order of these days
        """
        first, last = (fields.Date.to_date(options.get(name)) for name in ("day_from", "day_to"))
        if not first:
            first = fields.Date.subtract(last or instance._local_date(fields.Datetime.now()), days=instance.proof_days)
        start = max(self._start(instance, first), instance.import_order_after)
        found = {"since": fields.Datetime.to_string(start)}
        if last:
            end = self._start(instance, last + timedelta(days=1)) - timedelta(seconds=1)
            if end < start:
                raise UserError(
                    self.env._(
                        "%(store)s imports orders created from %(day)s on: choose later days, or set Import Orders After earlier.",
                        store=instance.name,
                        day=fields.Date.to_string(instance._local_date(start)),
                    )
                )
            found["until"] = fields.Datetime.to_string(end)
        return found

    @api.model
    def _start(self, instance, day):
        """The first moment of a day of the store, in UTC as Odoo holds it."""
        zone = ZoneInfo(instance.shop_tz or "UTC")
        return datetime.combine(day, time.min, zone).astimezone(timezone.utc).replace(tzinfo=None)

    @api.model
    def _moment(self, text):
        return fields.Datetime.to_datetime(text).replace(tzinfo=timezone.utc) if text else None

    @api.model
    def _store_records(self, run, records):
        """Compare a page's orders with Odoo and add them to the proofs of their days.

        The first page begins all days of the run anew, so that a day without orders is proved, too.

        :return: how many orders are missing or differ
        """
        instance = run.instance_id
        by_day = defaultdict(list)
        for record in records:
            by_day[instance._local_date(when(record["createdAt"]))].append(record)
        days = set(by_day)
        if not run.page_cursor:
            days |= self._days(run)
        proofs = self._begin(run, days)
        return sum(self._prove(instance, proofs[day], of_day) for day, of_day in by_day.items())

    @api.model
    def _days(self, run):
        """The days the run counts, in the store's time zone, its first and its last included."""
        instance = run.instance_id
        since = instance._local_date(fields.Datetime.to_datetime(run.options["since"]))
        until = min(fields.Datetime.to_datetime(run.options.get("until")) or datetime.max, fields.Datetime.now())
        return {since + timedelta(days=number) for number in range((instance._local_date(until) - since).days + 1)}

    @api.model
    def _begin(self, run, days):
        """{day: its proof}; those that this run has not counted yet begin at zero."""
        model = self.env["shopify.proof"]
        known = model.search([("instance_id", "=", run.instance_id.id), ("day", "in", list(days))])
        again = known.filtered(lambda proof: proof.run_id != run)
        again.line_ids.unlink()
        fresh = {"run_id": run.id, "checked_at": fields.Datetime.now()}
        again.write({**dict.fromkeys(self._figures(), 0), **fresh})
        missing = sorted(days - set(known.mapped("day")))
        created = model.create([{"instance_id": run.instance_id.id, "day": day, **fresh} for day in missing])
        return {proof.day: proof for proof in known + created}

    @api.model
    def _figures(self):
        return [f"{name}_{side}" for name in ("orders", *AMOUNTS, *COUNTS) for side in ("shopify", "odoo")]

    @api.model
    def _prove(self, instance, proof, records):
        orders = {
            order.shopify_order_id: order
            for order in self.env["sale.order"].search(
                [
                    ("shopify_instance_id", "=", instance.id),
                    ("shopify_order_id", "in", [legacy_id(record["id"]) for record in records]),
                ]
            )
        }
        reasons = self._reasons(instance, [legacy_id(record["id"]) for record in records])
        received, refunded = self._paid(orders.values())
        sums, lines = defaultdict(float), []
        for record in records:
            ident = legacy_id(record["id"])
            order = orders.get(ident)
            # an order keeps the currency of its import whatever the store's setting has become
            mode = order.shopify_currency_mode if order else instance.currency_mode
            side = Side.CUSTOMER if mode == "customer" else Side.SHOP
            # Shopify keeps cash rounding beside its figures; in Odoo it is in the payments
            rounding = record["totalCashRoundingAdjustment"] or {}
            there = {
                "total": amount(record["totalPriceSet"], side),
                "received": amount(record["totalReceivedSet"], side) + amount(rounding.get("paymentSet"), side),
                "refunded": amount(record["totalRefundedSet"], side) + amount(rounding.get("refundSet"), side),
                "transactions": count_transactions(record["transactions"], side),
                "refunds": sum(bool(amount(refund["totalRefundedSet"], side)) for refund in record["refunds"]),
            }
            here = {
                "total": self._total(order),
                "received": received.get(order and order.id, 0.0),
                "refunded": refunded.get(order and order.id, 0.0),
                "transactions": len(order.shopify_payment_ids) if order else 0,
                "refunds": self._refund_count(order) if order else 0,
            }
            figures = {name: (float(there[name]), here[name]) for name in there}
            sums["orders_shopify"] += 1
            sums["orders_odoo"] += bool(order)
            for name, (of_shopify, of_odoo) in figures.items():
                sums[f"{name}_shopify"] += of_shopify
                sums[f"{name}_odoo"] += of_odoo
            lines += self._differences(proof, record, ident, order, figures, reasons.get(ident))
        proof.write({**{key: proof[key] + value for key, value in sums.items()}, "checked_at": fields.Datetime.now()})
        self.env["shopify.proof.line"].create(lines)
        return len(lines)

    @api.model
    def _total(self, order):
        """Shopify's total as Odoo holds it, and by how much the order's own lines differ from what they must come to."""
        if not order:
            return 0.0
        customer = order.shopify_currency_mode == "customer"
        total = order.shopify_customer_total if customer else order.shopify_shop_total
        if order.state == "cancel" or order.shopify_cancelled_at:
            return total  # its lines stay as they were when it was cancelled
        return total + order.amount_total - order.shopify_total

    @api.model
    def _refund_count(self, order):
        """Refunds that gave money back and are settled in Odoo."""
        return len(order.shopify_refund_ids.filtered(lambda row: row.state == "credited" and row.amount))

    @api.model
    def _paid(self, orders):
        """({order id: received}, {order id: refunded}) by the payments Odoo knows of."""
        received, refunded = defaultdict(float), defaultdict(float)
        for order in orders:
            for payment in order.shopify_payment_ids:
                (refunded if payment.kind == "refund" else received)[order.id] += payment.amount
        return received, refunded

    @api.model
    def _reasons(self, instance, shopify_ids):
        """{Shopify id: why its line has not ended as done}."""
        lines = self.env["shopify.queue.line"].search(
            [
                ("instance_id", "=", instance.id),
                ("kind", "in", LANES["orders"]),
                ("shopify_id", "in", shopify_ids),
                ("state", "!=", "done"),
            ],
            order="id",
        )
        return {line.shopify_id: line.message or line.state for line in lines}

    @api.model
    def _differences(self, proof, record, ident, order, figures, reason):
        base = {"proof_id": proof.id, "order_ref": record["name"], "shopify_id": ident}
        if not order:
            there = figures["total"][0]
            return [
                {
                    **base,
                    "kind": "missing",
                    "shopify_amount": there,
                    "explained": bool(reason),
                    "reason": reason or self._how_it_comes(proof.instance_id, record),
                }
            ]
        different = [name for name in AMOUNTS if order.currency_id.compare_amounts(*figures[name])]
        money = {"received", "refunded"} & set(different)  # says more than the number of its documents
        different += [name for name in COUNTS if not money and figures[name][0] != figures[name][1]]
        rows = []
        for name in different:
            there, here = figures[name]
            explained = self._explain(order, name) or reason
            rows.append(
                {
                    **base,
                    "order_id": order.id,
                    "kind": name,
                    "shopify_amount": there,
                    "odoo_amount": here,
                    "explained": bool(explained),
                    "reason": explained or (self._count_text(name, there, here) if name in COUNTS else False),
                }
            )
        return rows

    @api.model
    def _how_it_comes(self, instance, record):
        """Which import brings an order that none has seen; '' when the usual ones should have."""
        if record["displayFulfillmentStatus"] == "FULFILLED" and not instance._schedule("order_shipped").active:
            return self.env._("Shipped in Shopify before an import saw it: 'Import shipped orders' brings it.")
        return ""

    @api.model
    def _count_text(self, name, there, here):
        """How many refunds or transactions each side has."""
        if name == "refunds":
            return self.env._("%(there)d refunds in Shopify, %(here)d settled in Odoo", there=there, here=here)
        return self.env._("%(there)d transactions in Shopify, %(here)d known in Odoo", there=there, here=here)

    @api.model
    def _explain(self, order, name):
        """A known reason for a difference; '' when there is none."""
        if name in ("refunded", *COUNTS):
            waiting = order.shopify_refund_ids.filtered(lambda row: row.state not in ("credited", "edit"))
            if waiting:
                states = dict(waiting._fields["state"]._description_selection(self.env))
                return self.env._("Refund: %s", ", ".join(states[row.state] for row in waiting))
            if order.shopify_refund_ids and not order.shopify_instance_id.refund_register_payment:
                return self.env._("The store does not register money paid back.")
        if name == "total":
            return self._explain_total(order)
        return ""

    @api.model
    def _explain_total(self, order):
        """Why an order that has Shopify's newest state has another total; '' when it has not, or no reason is known."""
        if order.shopify_change_state == "to_confirm":
            return self.env._("Changed in Shopify: apply or ignore the change on the order.")
        if order.shopify_change_state == "ignored":
            return self.env._("A person has ignored a change of Shopify.")
        if order.shopify_baseline:
            return self.env._("Taken over: its lines are kept by hand.")
        if order.shopify_total_state == "accepted":
            return self.env._("A manager has accepted the difference.")
        if order.shopify_total_state == "differs":
            return self.env._("Held: its total differs. Look at 'What Differs' on the order.")
        return ""
