"""What a store gets when it is connected, so that paid orders of common gateways flow without configuration."""

from datetime import datetime, timedelta, timezone

from odoo import api, models
from odoo.exceptions import UserError

from .. import shopify_api
from ..mapping import financial_status, order_status
from ..mapping.money import decimal
from .spoken import spoken

#: How far back, and how many orders at most, are looked at for the gateways in use.
RECENT_DAYS = 30
RECENT_ORDERS = 500


class ShopifyInstance(models.Model):
    _inherit = "shopify.instance"

    @api.model_create_multi
    def create(self, vals_list):
        instances = super().create(vals_list)
        instances._make_schedules()
        self.env["shopify.feed"]._complete(instances)
        self.env["ir.sequence"]._shopify_complete(instances.company_id)
        return instances

    def _connect(self):
        """Read what the store says of itself and make what it needs.

        :raises UserError: the reason in words
        """
        self.ensure_one()
        try:
            self._read_shop()
            self._set_up()
        except shopify_api.ShopifyError as error:
            raise UserError(spoken(self.env, error.words)) from error

    def _set_up(self):
        """Make what a connected store needs; each part only when it is missing."""
        self.ensure_one()
        self.env["shopify.location"]._import(self)
        self._set_up_pricelist()
        self._set_up_taxes()
        self._set_up_pos_customer()
        self._set_up_workflows(only_common=True)
        self._set_up_payouts()

    def _set_up_pricelist(self):
        if not self.pricelist_id:
            self.pricelist_id = self._pricelist_for(self.shop_currency_id)

    def _pricelist_for(self, currency):
        """The pricelist of orders in a currency: the store's own, else one per store and currency, made once."""
        self.ensure_one()
        if self.pricelist_id.currency_id == currency:
            return self.pricelist_id
        name = f"{self.name} {currency.name}"
        # an order in a new currency needs its pricelist, also when the job's user may not make pricelists
        pricelists = self.env["product.pricelist"].sudo()
        domain = [("name", "=", name), ("currency_id", "=", currency.id), ("company_id", "=", self.company_id.id)]
        found = pricelists.search(domain, limit=1)
        return (found or pricelists.create(self._prepare_pricelist(name, currency))).sudo(self.env.su)

    def _prepare_pricelist(self, name, currency):
        return {"name": name, "currency_id": currency.id, "company_id": self.company_id.id}

    def _set_up_taxes(self):
        """Accounts of created taxes: those of the company's default sales tax."""
        if self.tax_account_id:
            return
        tax = self.company_id.account_sale_tax_id
        invoice = tax.invoice_repartition_line_ids.filtered(lambda line: line.repartition_type == "tax")
        refund = tax.refund_repartition_line_ids.filtered(lambda line: line.repartition_type == "tax")
        self.tax_account_id = invoice.account_id[:1]
        self.tax_refund_account_id = refund.account_id[:1]

    def _set_up_pos_customer(self):
        if not self.pos_partner_id:
            self.pos_partner_id = self.env["res.partner"].create(
                {
                    "name": self.env._("POS customer %s", self.name),
                    "company_id": self.company_id.id,
                    "shopify_is_customer": True,
                }
            )

    def _set_up_workflows(self, only_common, days=RECENT_DAYS, orders=RECENT_ORDERS):
        """Gateways and Financial Status lines for what recent orders used.

        :param only_common: leave gateways that need a person's thought unmapped
        :param days: how far back orders are looked at, and `orders` how many at most
        :return: the lines made
        """
        combinations = self._recent_combinations(days, orders)
        common = [(code, "paid") for code in ("shopify_payments", "manual", "free")]
        return self.env["shopify.financial.status"]._find_combinations(
            self, [*combinations, *common], only_common=only_common
        )

    def _recent_combinations(self, days, orders):
        """(gateway code, financial status, order status) of the orders of so many days, of so many orders at most, each
        once."""
        since = shopify_api.search.since("created_at", self._days_ago(days))
        found, after, read = {}, None, 0
        while read < orders:
            answer = self.env["shopify.connection"]._execute(
                self, "orders/RecentGateways", {"query": since, "first": 100, "after": after}
            )
            page = answer.data["orders"]
            for order in page["nodes"]:
                total = decimal(order["totalPriceSet"]["shopMoney"]["amount"])
                status = financial_status(order["displayFinancialStatus"], total)
                codes = {item["gateway"] for item in order["transactions"] if item["gateway"]}
                codes = codes or set(order["paymentGatewayNames"]) or {"manual" if total else "free"}
                shipped = order_status(order["displayFulfillmentStatus"])
                found.update(dict.fromkeys((code, status, shipped) for code in sorted(codes)))
            read += len(page["nodes"])
            if not page["pageInfo"]["hasNextPage"]:
                break
            after = page["pageInfo"]["endCursor"]
        return list(found)

    @api.model
    def _days_ago(self, days):
        """An aware UTC time, as search strings need it."""
        return datetime.now(timezone.utc) - timedelta(days=days)

    def action_find_combinations(self):
        """Fill Financial Status lines for every gateway and status seen in recent orders."""
        self.ensure_one()
        created = self._set_up_workflows(only_common=False)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("%s combinations added. Look at their workflows.", len(created)),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
