"""The digest: a store's last day, week, month or quarter by e-mail, compared with the one before."""

import logging
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..mapping.digest_periods import last_period, period_before

_logger = logging.getLogger(__name__)


class ShopifyDigest(models.AbstractModel):
    _name = "shopify.digest"
    _description = "Shopify Digest"

    @api.model
    def _cron_send(self):
        """Send the digests of periods that have ended since the last one."""
        stores = self.env["shopify.instance"].search([("digest_on", "=", True), ("state", "!=", "draft")])
        crons = self.env["ir.cron"]
        crons._commit_progress(remaining=len(stores))
        for store in stores:
            own = store._for_jobs()
            try:
                with self.env.cr.savepoint():
                    self.with_env(own.env)._send(own)
            except (UserError, ValueError):
                _logger.exception("Shopify digest of store %s", store.id)
            if not crons._commit_progress(1):
                break

    @api.model
    def _send(self, store):
        """Send the digest of the last period, once; an empty period makes none.

        :return: the e-mail, or an empty recordset
        """
        nothing = self.env["mail.mail"]
        if not store._recipients("digest"):
            return nothing
        period = last_period(store.digest_frequency, fields.Datetime.now(), store.shop_tz or "UTC")
        if store.digest_until and store.digest_until >= period.end:
            return nothing
        values = self._values(store, period)
        # the job keeps the place of its own work
        store.sudo().digest_until = period.end
        if values["empty"]:
            return nothing
        return store._mail("digest", self._subject(store, period), "shopify_sync.digest_mail", values)

    @api.model
    def _subject(self, store, period):
        return store.env._("%(store)s: digest of %(period)s", store=store.name, period=self._period_text(store, period))

    @api.model
    def _period_text(self, store, period):
        days = [store.env["ir.qweb.field.date"].value_to_html(day, {}) for day in (period.first, period.last)]
        return days[0] if days[0] == days[1] else f"{days[0]} - {days[1]}"

    @api.model
    def _values(self, store, period):
        """What the e-mail shows.

        :return: rows of (label, now, before), amounts by currency first, and whether there is nothing to tell
        """
        before = period_before(store.digest_frequency, period, store.shop_tz or "UTC")
        now, then = self._figures(store, period), self._figures(store, before)
        empty = not now["orders"] and not now["failed"] and not now["refunded_orders"] and not now["shipped"]
        env = store.env
        labels = {
            "orders": env._("Orders"),
            "shipped": env._("Deliveries shipped"),
            "cancelled": env._("Orders cancelled in Shopify"),
            "refunded_orders": env._("Orders refunded"),
            "late_1": env._("Shipped 1 to 3 days after the promised date"),
            "late_4": env._("Shipped 4 to 7 days after the promised date"),
            "late_8": env._("Shipped more than 7 days after the promised date"),
            "on_time": env._("Shipped on time (percent of those with a promised date)"),
            "failed": env._("Records that failed"),
        }
        currencies = now["money"].keys() | then["money"].keys()
        parts = {
            "revenue": env._("Revenue"),
            "average": env._("Average order value"),
            "refunded": env._("Refunded"),
        }
        sums = [
            (
                f"{label} ({currency.name})",
                *(currency.format(float(side["money"].get(currency, _NONE)[part])) for side in (now, then)),
            )
            for currency in sorted(currencies, key=lambda currency: currency.name)
            for part, label in parts.items()
        ]
        return {
            "period": self._period_text(store, period),
            "period_before": self._period_text(store, before),
            "rows": [*sums, *((label, now[key], then[key]) for key, label in labels.items())],
            "unsent": self.env["stock.picking"].search_count(
                [
                    ("shopify_instance_id", "=", store.id),
                    ("picking_type_code", "=", "outgoing"),
                    ("state", "=", "done"),
                    ("shopify_sent", "=", False),
                ]
            ),
            "open_errors": self.env["shopify.log.line"].search_count(
                [("instance_id", "=", store.id), ("resolved", "=", False), ("severity", "=", "error")]
            ),
            "link": store._alert_link,
            "empty": empty,
        }

    @api.model
    def _figures(self, store, period):
        """Counts and sums of a period; money as {currency: {revenue, average, refunded}}. A fixed number of queries."""

        def within(name):
            return Domain(name, ">=", period.start) & Domain(name, "<", period.end)

        mine = Domain("shopify_instance_id", "=", store.id)
        orders, refunds = self.env["sale.order"], self.env["shopify.order.refund"]
        sold = mine & within("shopify_created_at") & Domain("state", "!=", "cancel")
        money, count = {}, 0
        for currency, number, total in orders._read_group(sold, ["currency_id"], ["__count", "amount_total:sum"]):
            revenue = Decimal(str(total or 0))
            count += number
            money[currency] = {**_NONE, "revenue": revenue, "average": revenue / number}
        given_back = Domain("instance_id", "=", store.id) & within("processed_at")
        refunded = 0
        for currency, number, total in refunds._read_group(
            given_back, ["currency_id"], ["order_id:count_distinct", "amount:sum"]
        ):
            refunded += number
            money.setdefault(currency, dict(_NONE))["refunded"] = Decimal(str(total or 0))
        return {
            "orders": count,
            "money": money,
            "refunded_orders": refunded,
            "cancelled": orders.search_count(mine & within("shopify_cancelled_at")),
            "failed": self.env["shopify.queue.line"].search_count(
                Domain("instance_id", "=", store.id) & Domain("state", "=", "failed") & within("create_date")
            ),
            **self._shipping(mine & within("date_done")),
        }

    @api.model
    def _shipping(self, done):
        """Deliveries shipped, and how many days after the promised date."""
        pickings = self.env["stock.picking"]
        domain = done & Domain("state", "=", "done") & Domain("picking_type_code", "=", "outgoing")
        found = pickings.search_fetch(domain, ["date_done", "date_deadline", "carrier_id", "sale_id"])
        dates = [(picking.date_done, self._promised(picking)) for picking in found]
        promised = [(ended, due) for ended, due in dates if due]
        late = [(ended - due).days for ended, due in promised]
        in_time = sum(ended <= due for ended, due in promised)
        return {
            "shipped": len(found),
            "late_1": sum(1 <= days <= 3 for days in late),
            "late_4": sum(4 <= days <= 7 for days in late),
            "late_8": sum(days > 7 for days in late),
            "on_time": round(100 * in_time / len(promised)) if promised else "-",
        }

    @api.model
    def _promised(self, picking):
        """Until when a delivery is on time: by its method's days after the order, else the date promised on it."""
        days = picking.carrier_id.shopify_on_time_days
        if days and picking.sale_id.date_order:
            return fields.Datetime.add(picking.sale_id.date_order, days=days)
        return picking.date_deadline


_NONE = {"revenue": Decimal(0), "average": Decimal(0), "refunded": Decimal(0)}
