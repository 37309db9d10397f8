"""The sales figures, graph and counters of the dashboard, for all its cards in a fixed number of queries."""

from datetime import datetime, timezone

from odoo import fields, models
from odoo.tools import SQL, format_date, formatLang

from ..mapping import period
from .shopify_instance_board_lists import CONFIRMED, CREDIT_NOTES, INVOICES, SHIPPED

_LONG_AGO = datetime(1900, 1, 1)


class ShopifyInstance(models.Model):
    _inherit = "shopify.instance"

    def _board_sales(self, periods):
        """Confirmed sales of each store in its period, in its own currency, with what they are compared with.

        :param periods: {store: `mapping.Period`}
        :return: {store: {first day of a part, or None for the period before: (orders, sales)}}
        """
        found = {store: {} for store in self}
        if not self:
            return found
        orders = self.env["sale.order"]
        columns = ("date_order", "amount_total", "currency_id", "currency_rate", "shopify_shop_total")
        orders.flush_model([*columns, "shopify_instance_id", "shopify_shop_currency_id", "state"])
        windows = {store: self._board_window(store, periods[store]) for store in self}
        # the bounds of all windows together: plain values, by which the index finds a month among years
        since = min(min(window[1], window[3]) for window in windows.values())
        until = max(window[2] for window in windows.values())
        within = [("date_order", ">=", since), ("date_order", "<", until)]
        # read with the user's record rules; grouped here by days of each store's own zone
        visible = orders._search([("shopify_instance_id", "in", self.ids), *CONFIRMED, *within]).subselect(
            *(SQL.identifier("sale_order", name) for name in ("shopify_instance_id", *columns))
        )
        values = SQL(", ").join(
            SQL("(%s, %s::timestamp, %s::timestamp, %s::timestamp, %s::timestamp, %s, %s, %s, %s)", *window)
            for window in windows.values()
        )
        rows = self.env.execute_query(
            SQL(
                """SELECT w.store,
                          CASE WHEN o.date_order >= w.since THEN
                              date_trunc(w.unit, o.date_order AT TIME ZONE 'UTC' AT TIME ZONE w.zone)::date END AS part,
                          COUNT(*),
                          SUM(CASE WHEN o.currency_id = w.currency THEN o.amount_total
                                   WHEN COALESCE(o.shopify_shop_total, 0) != 0 THEN o.shopify_shop_total
                                   WHEN w.currency = w.company_currency
                                   THEN ROUND(o.amount_total / NULLIF(o.currency_rate, 0)::numeric, 2)
                                   ELSE 0 END)
                     FROM (VALUES %s) AS w(store, since, until, before_since, before_until, unit, zone, currency,
                                           company_currency)
                     JOIN %s o ON o.shopify_instance_id = w.store
                          AND o.date_order >= LEAST(w.since, w.before_since) AND o.date_order < w.until
                          AND (o.date_order >= w.since OR o.date_order < w.before_until)
                    GROUP BY w.store, part""",
                values,
                visible,
            )
        )
        for store_id, part, count, total in rows:
            found[self.browse(store_id)][part] = (count, total or 0)
        return found

    def _board_window(self, store, of_period):
        """(store, since, until, since and until of the period before, unit, zone, currency, company's currency); times are
        naive UTC."""

        def stored(moment):
            return moment.astimezone(timezone.utc).replace(tzinfo=None) if moment else _LONG_AGO

        return (
            store.id,
            stored(of_period.since),
            stored(of_period.until),
            # what has no comparison compares with an empty stretch
            stored(of_period.before_since or of_period.since),
            stored(of_period.before_until or of_period.since),
            of_period.unit,
            of_period.zone,
            store._board_currency().id,
            store.company_id.currency_id.id,
        )

    def _board_currency(self):
        return self.shop_currency_id or self.company_id.currency_id

    def _board_periods(self, keys):
        """{store: period} for {store id: key of a period}."""
        now = fields.Datetime.now().replace(tzinfo=timezone.utc)
        return {store: period(keys[store.id], now, store.shop_tz) for store in self}

    def _board_figures(self, of_period, sales, kind):
        """The key figures and the graph of one card.

        :param sales: what `_board_sales` found for the store
        :param kind: what the graph shows: `sales`, `orders` or `average`
        """
        currency = self._board_currency()
        before_orders, before_sales = sales.get(None, (0, 0))
        parts = {part: values for part, values in sales.items() if part}
        orders = sum(count for count, _total in parts.values())
        total = sum(amount for _count, amount in parts.values())

        def money(amount):
            return formatLang(self.env, float(amount), currency_obj=currency)

        def average(count, amount):
            return amount / count if count else 0

        def figure(key, label, text, now, before):
            growth = round(float((now - before) / before) * 100, 1) if of_period.before_since and before else None
            return {"key": key, "label": label, "text": text, "value": float(now), "growth": growth}

        buckets = of_period.buckets(min(parts, default=None))
        values = {
            "sales": [float(parts.get(day, (0, 0))[1]) for day in buckets],
            "orders": [parts.get(day, (0, 0))[0] for day in buckets],
            "average": [round(float(average(*parts.get(day, (0, 0)))), 2) for day in buckets],
        }[kind]
        pattern = "d MMM" if of_period.unit == "day" else "MMM y"
        return {
            "figures": [
                figure("sales", self.env._("Sales"), money(total), total, before_sales),
                figure("orders", self.env._("Orders"), str(orders), orders, before_orders),
                figure(
                    "average",
                    self.env._("Average order"),
                    money(average(orders, total)),
                    average(orders, total),
                    average(before_orders, before_sales),
                ),
            ],
            "compared": bool(of_period.before_since),
            "graph": {
                "kind": kind,
                "labels": [format_date(self.env, day, date_format=pattern) for day in buckets],
                # what has not come yet is no zero
                "values": [
                    value if day <= of_period.today else None for day, value in zip(buckets, values, strict=True)
                ],
                "currency_id": currency.id,
            },
        }

    def _board_counters(self):
        """What each store holds: {key: (label, {store: count})}, in the order of the card."""

        def counts(model, domain, field="shopify_instance_id", aggregate="__count"):
            return dict(self.env[model]._read_group([*domain, (field, "in", self.ids)], [field], [aggregate]))

        layer = "instance_id"
        people = [("partner_id.active", "=", True)]
        return {
            "products": (self.env._("Products"), counts("shopify.product", [], layer)),
            "customers": (
                self.env._("Customers"),
                counts("shopify.customer", people, layer, "partner_id:count_distinct"),
            ),
            "orders": (self.env._("Sales Orders"), counts("sale.order", CONFIRMED)),
            "invoices": (self.env._("Invoices"), counts("account.move", INVOICES)),
            "shipped": (self.env._("Deliveries shipped"), counts("stock.picking", SHIPPED)),
            "credit_notes": (self.env._("Refunds"), counts("account.move", CREDIT_NOTES)),
        }
