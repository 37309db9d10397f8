"""Dialog: refund in Shopify what a credit note of Odoo credits."""

import json

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import shopify_api
from ..mapping.reading import legacy_id


class ShopifyRefund(models.TransientModel):
    """What Shopify said when the dialog was opened, and what a person chooses. Amounts are in the currency that the
    customer paid in, as Shopify asks for."""

    _name = "shopify.refund"
    _description = "Refund in Shopify"

    move_id = fields.Many2one("account.move", string="Credit Note", required=True, readonly=True)
    instance_id = fields.Many2one(related="move_id.shopify_instance_id")
    order_name = fields.Char(related="move_id.shopify_order_name", string="Shopify Order")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    move_currency_id = fields.Many2one(related="move_id.currency_id", string="Credit Note Currency")
    move_total = fields.Monetary(
        related="move_id.amount_total", string="Credit Note Total", currency_field="move_currency_id"
    )
    same_currency = fields.Boolean(compute="_compute_same_currency")
    line_ids = fields.One2many("shopify.refund.line", "wizard_id", string="Items")
    duty_ids = fields.One2many("shopify.refund.duty", "wizard_id", string="Duties")
    payment_ids = fields.One2many("shopify.refund.payment", "wizard_id", string="Payments")
    shipping_amount = fields.Monetary(
        string="Shipping to Refund", help="As Shopify counts it: without taxes that it adds."
    )
    shipping_left = fields.Monetary(string="Shipping Not Refunded Yet", readonly=True)
    money_left = fields.Monetary(
        string="Left to Refund", readonly=True, help="Received for the order and not given back, by any way."
    )
    may_give_store_credit = fields.Boolean(
        readonly=True, help="Shopify gives store credit to customers only, not to guests or companies."
    )
    store_credit_amount = fields.Monetary(
        string="As Store Credit", help="The customer gets it in Shopify, beside what the payments give back."
    )
    store_credit_expires = fields.Date(
        string="Valid Until", help="The last day of the store credit, in the store's time zone. Empty: no end."
    )
    total = fields.Monetary(string="Refunded in Shopify", compute="_compute_total")
    difference = fields.Monetary(compute="_compute_total")
    note = fields.Char(
        string="Reason", help="Goes to Shopify with the number of the credit note, by which the refund is known again."
    )
    notify = fields.Boolean(string="Notify the Customer", default=True)
    suggestion = fields.Text(string="Shopify's Suggestion", readonly=True)
    suggested = fields.Json(readonly=True)
    suggestion_outdated = fields.Boolean(compute="_compute_suggestion_outdated")

    @api.depends("currency_id", "move_id")
    def _compute_same_currency(self):
        for wizard in self:
            wizard.same_currency = wizard.currency_id == wizard.move_id.currency_id

    @api.depends("payment_ids.chosen", "payment_ids.amount", "store_credit_amount", "move_id")
    def _compute_total(self):
        for wizard in self:
            wizard.total = sum(wizard.payment_ids.filtered("chosen").mapped("amount")) + wizard.store_credit_amount
            wizard.difference = wizard.move_id.amount_total - wizard.total if wizard.same_currency else 0.0

    @api.depends(
        "suggested", "shipping_amount", "line_ids.quantity", "line_ids.restock_type", "line_ids.location_id",
        "duty_ids.refund_type",
    )  # fmt: skip
    def _compute_suggestion_outdated(self):
        for wizard in self:
            asked = (wizard.suggested or {}).get("asked")
            wizard.suggestion_outdated = bool(asked) and asked != wizard._prepare_question()

    # Shopify's suggestion

    def action_suggest(self):
        """Ask Shopify what it would give back for the chosen items, shipping and duties."""
        self.ensure_one()
        self._suggest()
        return self._show()

    def action_take_suggestion(self):
        """Fill the payments with what Shopify suggests for the chosen items, shipping and duties."""
        self.ensure_one()
        self._suggest()
        self._take_suggestion()
        return self._show()

    def action_all_store_credit(self):
        """Give everything that Shopify suggests as store credit."""
        self.ensure_one()
        if not self.may_give_store_credit:
            raise UserError(self._no_store_credit())
        self._suggest("STORE_CREDIT")
        self._take_suggestion()
        return self._show()

    def _prepare_question(self):
        """What the suggestion depends on, as variables of `orders/SuggestedRefund`."""
        return {
            "refundLineItems": [line._prepare_input() for line in self.line_ids.filtered("quantity")],
            "shippingAmount": self._text(self.shipping_amount) if self.shipping_amount > 0 else None,
            "refundDuties": [duty._prepare_input() for duty in self._chosen_duties()],
        }

    def _chosen_duties(self):
        return self.duty_ids.filtered(lambda duty: duty.refund_type in ("PROPORTIONAL", "FULL"))

    def _suggest(self, allocation="ORIGINAL_PAYMENT_METHODS"):
        for duty in self.duty_ids:
            duty._check()
        asked = self._prepare_question()
        variables = {
            **asked,
            "id": shopify_api.gid("Order", self.move_id.shopify_order_id),
            "allocation": allocation,
        }

        def question(handler, own):
            return handler.env["shopify.connection"]._execute(own, "orders/SuggestedRefund", variables)

        found = self._ask(self.instance_id, question).data["order"]["suggestedRefund"]

        def amount(bag):
            return self.currency_id.format(float(self._presentment(bag)))

        text = self.env._(
            "Shopify suggests %(total)s: items %(items)s, shipping %(shipping)s, duties %(duties)s, taxes %(taxes)s.",
            total=amount(found["amountSet"]),
            items=amount(found["subtotalSet"]),
            shipping=amount(found["shipping"]["amountSet"]),
            duties=amount(found["totalDutiesSet"]),
            taxes=amount(found["totalTaxSet"]),
        )
        payments, credit = found["suggestedTransactions"], found["suggestedRefundMethods"]
        ways = [f"{one['formattedGateway'] or one['gateway']}: {amount(one['amountSet'])}" for one in payments]
        ways += [self.env._("Store credit: %s", amount(one["amount"])) for one in credit]
        self.write(
            {
                "suggestion": "\n".join([text, *ways]),
                "suggested": {
                    "asked": asked,
                    "payments": {
                        legacy_id(one["parentTransaction"]["id"]): one["amountSet"]["presentmentMoney"]["amount"]
                        for one in payments
                        if one["parentTransaction"]
                    },
                    "store_credit": str(sum(self._presentment(one["amount"]) for one in credit)),
                },
            }
        )

    def _take_suggestion(self):
        suggested = self.suggested or {}
        for payment in self.payment_ids:
            amount = float(suggested.get("payments", {}).get(payment.transaction_id, 0))
            payment.write({"amount": amount, "chosen": amount > 0})
        self.store_credit_amount = float(suggested.get("store_credit", 0))

    # Sending

    def action_refund(self):
        """Store what is to be sent, then send it once."""
        self.ensure_one()
        move = self.move_id
        move._check_shopify_refund()
        self._check()
        payload = {"input": self._prepare_input(), "marker": self._marker(), "move_id": move.id}
        line = self.env["shopify.queue.line"]._enqueue_out(
            move.shopify_instance_id,
            "refund",
            move,
            move.shopify_order_id,
            self.env._("Refund %(order)s, %(move)s", order=move.shopify_order_name, move=move.name),
            json.dumps(payload),
        )
        move.write({"shopify_refund_state": "to_send", "shopify_refund_from_odoo": True})
        line._process_by_hand()
        return line._sent_notice()

    def _check(self):
        """Whether what was chosen can be sent.

        :raises UserError: what is wrong, by line
        """
        if not (self.note or "").strip():
            raise UserError(self.env._("Enter the reason of the refund."))
        for row in [*self.line_ids, *self.duty_ids]:
            row._check()
        chosen = self.payment_ids.filtered("chosen")
        self._check_store_credit()
        if not chosen and not self.store_credit_amount:
            raise UserError(self.env._("Tick the payment that is given back, or enter store credit."))
        for payment in chosen:
            payment._check()
        compare, text = self.currency_id.compare_amounts, self.currency_id.format
        if compare(self.shipping_amount, 0) < 0 or compare(self.shipping_amount, self.shipping_left) > 0:
            raise UserError(self.env._("Of the shipping, %s can be refunded.", text(self.shipping_left)))
        if compare(self.total, self.money_left) > 0:
            raise UserError(
                self.env._(
                    "%(total)s is more than the %(left)s that are left to refund of the order.",
                    total=text(self.total),
                    left=text(self.money_left),
                )
            )
        if self.same_currency and compare(self.total, self._credited_total()) > 0:
            raise UserError(
                self.env._(
                    "%(total)s is more than the credit note's %(credit)s.",
                    total=text(self.total),
                    credit=text(self._credited_total()),
                )
            )

    def _check_store_credit(self):
        compare = self.currency_id.compare_amounts
        if compare(self.store_credit_amount, 0) < 0:
            raise UserError(self.env._("Store credit cannot be negative."))
        if self.store_credit_amount and not self.may_give_store_credit:
            raise UserError(self._no_store_credit())
        if self.store_credit_amount and self.store_credit_expires:
            self.instance_id._check_store_credit_end(self.store_credit_expires)

    def _no_store_credit(self):
        return self.env._("Shopify gives store credit to customers only. This order is of a guest or of a company.")

    def _marker(self):
        return f"[{self.move_id.name}]"

    def _text(self, amount):
        """An amount as Shopify reads it, in the currency's decimals."""
        return f"{amount:.{self.currency_id.decimal_places}f}"

    def _prepare_input(self):
        """Shopify's RefundInput."""
        order = shopify_api.gid("Order", self.move_id.shopify_order_id)
        asked = self._prepare_question()
        values = {
            "orderId": order,
            "currency": self.currency_id.name,
            "note": f"{self.note.strip()} {self._marker()}",
            "notify": self.notify,
            "refundLineItems": asked["refundLineItems"],
            "transactions": [payment._prepare_input(order) for payment in self.payment_ids.filtered("chosen")],
        }
        if asked["shippingAmount"]:
            values["shipping"] = {"amount": asked["shippingAmount"]}
        if asked["refundDuties"]:
            values["refundDuties"] = asked["refundDuties"]
        if self.store_credit_amount:
            credit = {"amount": {"amount": self._text(self.store_credit_amount), "currencyCode": self.currency_id.name}}
            if self.store_credit_expires:
                credit["expiresAt"] = self.instance_id._store_credit_end(self.store_credit_expires)
            values["refundMethods"] = [{"storeCreditRefund": credit}]
        return values

    def _show(self):
        return self._get_records_action(name=self.env._("Refund in Shopify"), target="new")
