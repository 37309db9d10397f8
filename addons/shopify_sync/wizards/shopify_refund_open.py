"""Opening the refund dialog: what Shopify says is left of the order, and what the credit note credits."""

from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .. import shopify_api
from ..mapping.reading import legacy_id
from ..models.spoken import spoken

#: Transactions that took money back, or are about to.
_ALIVE = ("SUCCESS", "PENDING", "AWAITING_RESPONSE")


class ShopifyRefund(models.TransientModel):
    _inherit = "shopify.refund"

    @api.model
    def _open(self, move):
        """Ask Shopify what is left to refund of the order, and offer what the credit note credits.

        :return: the action that shows the dialog
        """
        order_id = move.shopify_order_id  # read before the transaction is closed
        order = self._ask(move.shopify_instance_id, lambda handler, own: handler._read_order(own, order_id))
        currency = self.env["res.currency"]._shopify_currency(order["presentmentCurrencyCode"])
        shipping_left = float(order["currentShippingPriceSet"]["presentmentMoney"]["amount"])
        company = (order["purchasingEntity"] or {}).get("__typename") == "PurchasingCompany"
        wizard = self.create(
            {
                "move_id": move.id,
                "currency_id": currency.id,
                "shipping_left": shipping_left,
                "money_left": float(self._money_left(order)),
                "may_give_store_credit": bool(order["customer"]) and not company,
                "line_ids": [Command.create(values) for values in self._prepare_lines(move, order)],
                "duty_ids": [Command.create(values) for values in self._prepare_duties(move, order)],
                "payment_ids": [Command.create(values) for values in self._prepare_payments(order)],
            }
        )
        if wizard.same_currency:
            wizard.shipping_amount = min(self._credited_shipping(move, order["taxesIncluded"]), shipping_left)
            wizard._choose_payments(min(wizard._credited_total(), wizard.money_left))
        wizard._suggest()
        if not wizard.same_currency:
            wizard._take_suggestion()
        return wizard._show()

    @api.model
    def _ask(self, instance, question):
        """Ask Shopify with no transaction open.

        :param question: called with the refund handler and the store
        :raises UserError: Shopify cannot be asked, with the reason
        """
        own = instance._for_jobs()
        self.env.cr.commit()  # pylint: disable=invalid-commit  # no snapshot is held while Shopify answers
        try:
            return question(self.env["shopify.handler.refund"], own)
        except shopify_api.ShopifyError as error:
            raise UserError(spoken(self.env, error.words)) from error

    @api.model
    def _credited(self, move, field):
        """{Shopify line id: sum of a field} of the credit note's lines."""
        credited = defaultdict(float)
        for line in move.invoice_line_ids:
            for key in {line.shopify_line_id, *line.sale_line_ids.mapped("shopify_line_id")} - {False}:
                credited[key] += line[field]
        return credited

    @api.model
    def _prepare_lines(self, move, order):
        credited = self._credited(move, "quantity")
        location = self._default_location(move)
        for item in order["lineItems"]["nodes"]:
            line_id = legacy_id(item["id"])
            left = item["refundableQuantity"]
            if left:
                yield {
                    "shopify_line_id": line_id,
                    "title": item["title"],
                    "sku": item["sku"] or False,
                    "left": left,
                    "not_shipped": item["unfulfilledQuantity"],
                    "quantity": min(round(credited[line_id]), left),
                    "location_id": location.id,
                }

    @api.model
    def _prepare_duties(self, move, order):
        """Duties with what is left of them, and how much of each the credit note credits."""
        credited = self._credited(move, "price_total")
        gone = defaultdict(Decimal)
        for refund in order["refunds"]:
            for duty in refund["duties"]:
                gone[(duty["originalDuty"] or {}).get("id")] += self._presentment(duty["amountSet"])
        for item in order["lineItems"]["nodes"]:
            for duty in item["duties"]:
                price = self._presentment(duty["price"])
                left = price - gone[duty["id"]]
                if left <= 0:
                    continue
                duty_id = legacy_id(duty["id"])
                asked = credited[f"duty/{duty_id}"]
                code = " ".join(filter(None, (duty["harmonizedSystemCode"], duty["countryCodeOfOrigin"])))
                yield {
                    "duty_id": duty_id,
                    "shopify_line_id": legacy_id(item["id"]),
                    "title": f"{item['title']} ({code})" if code else item["title"],
                    "ordered": item["quantity"],
                    "price": float(price),
                    "left": float(left),
                    "refund_type": "NONE" if asked <= 0 else "PROPORTIONAL" if asked < float(left) else "FULL",
                }

    @api.model
    def _presentment(self, bag):
        return Decimal(bag["presentmentMoney"]["amount"])

    @api.model
    def _default_location(self, move):
        """Where Shopify stocks the warehouse of the order; the order's own location first."""
        instance = move.shopify_instance_id
        sale_order = self.env["shopify.refunds"]._order_of(instance, move.shopify_order_id)
        own = instance.location_ids.filtered(lambda one: one.kind == "merchant")
        of_warehouse = own.filtered(lambda one: one.warehouse_id == sale_order.warehouse_id)
        return sale_order.shopify_location_id or (of_warehouse or own).sorted("id")[:1]

    @api.model
    def _is_payment(self, transaction):
        return transaction["kind"] in ("SALE", "CAPTURE") and transaction["status"] == "SUCCESS"

    @api.model
    def _gives_back(self, transaction):
        return transaction["kind"] in ("REFUND", "CHANGE") and transaction["status"] in _ALIVE

    @api.model
    def _money_left(self, order):
        """What was received and not given back, by any way: store credit is given beside the payments."""
        received = sum(self._presentment(one["amountSet"]) for one in order["transactions"] if self._is_payment(one))
        returned = sum(self._presentment(one["amountSet"]) for one in order["transactions"] if self._gives_back(one))
        return max(received - returned, Decimal(0))

    @api.model
    def _prepare_payments(self, order):
        """Payments with what is left of them to give back, newest first, as Shopify itself takes them."""
        taken = defaultdict(Decimal)
        for one in order["transactions"]:
            if self._gives_back(one) and one["parentTransaction"]:
                taken[one["parentTransaction"]["id"]] += self._presentment(one["amountSet"])
        money_left = self._money_left(order)
        for one in reversed(order["transactions"]):
            if not self._is_payment(one):
                continue
            paid = self._presentment(one["amountSet"])
            left = min(paid - taken[one["id"]], money_left)
            if left > 0:
                yield {
                    "transaction_id": legacy_id(one["id"]),
                    "gateway": one["gateway"],
                    "gateway_name": one["formattedGateway"] or one["gateway"],
                    "paid": float(paid),
                    "remaining": float(left),
                }

    def _credited_total(self):
        """What the credit note credits as Shopify counts it: cash rounding stands beside its figures."""
        lines = self.move_id.invoice_line_ids.filtered(
            lambda line: "rounding" in line.sale_line_ids.mapped("shopify_line_type")
        )
        return self.move_id.amount_total - sum(lines.mapped("price_total"))

    @api.model
    def _credited_shipping(self, move, taxes_included):
        """What the credit note credits of the shipping, as Shopify counts it."""
        lines = move.invoice_line_ids.filtered(
            lambda line: any(
                (key or "").startswith("shipping/")
                for key in [line.shopify_line_id, *line.sale_line_ids.mapped("shopify_line_id")]
            )
        )
        return max(sum(lines.mapped("price_total" if taxes_included else "price_subtotal")), 0.0)

    def _choose_payments(self, amount):
        """Spread an amount over the payments, as far as it is left there."""
        left = amount
        for payment in self.payment_ids:
            part = min(left, payment.remaining)
            payment.write({"amount": max(part, 0.0), "chosen": self.currency_id.compare_amounts(part, 0) > 0})
            left -= part
