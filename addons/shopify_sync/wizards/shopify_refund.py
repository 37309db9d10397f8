"""Dialog: refund in Shopify what a credit note of Odoo credits."""

import json
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .. import shopify_api
from ..mapping.reading import legacy_id

RESTOCK_TYPES = [
    ("NO_RESTOCK", "No restock"),
    ("CANCEL", "Cancel: not shipped, back into stock"),
    ("RETURN", "Return: came back, into stock"),
]


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
    payment_ids = fields.One2many("shopify.refund.payment", "wizard_id", string="Payments")
    shipping_amount = fields.Monetary(
        string="Shipping to Refund", help="As Shopify counts it: without taxes that it adds."
    )
    shipping_left = fields.Monetary(string="Shipping Not Refunded Yet", readonly=True)
    total = fields.Monetary(string="Refunded in Shopify", compute="_compute_total")
    difference = fields.Monetary(compute="_compute_total")
    note = fields.Char(
        string="Reason", help="Goes to Shopify with the number of the credit note, by which the refund is known again."
    )
    notify = fields.Boolean(string="Notify the Customer", default=True)
    suggestion = fields.Text(string="Shopify's Suggestion", readonly=True)
    suggested = fields.Json(readonly=True)

    @api.depends("currency_id", "move_id")
    def _compute_same_currency(self):
        for wizard in self:
            wizard.same_currency = wizard.currency_id == wizard.move_id.currency_id

    @api.depends("payment_ids.chosen", "payment_ids.amount", "move_id")
    def _compute_total(self):
        for wizard in self:
            wizard.total = sum(wizard.payment_ids.filtered("chosen").mapped("amount"))
            wizard.difference = wizard.move_id.amount_total - wizard.total if wizard.same_currency else 0.0

    # Opening

    @api.model
    def _open(self, move):
        """Ask Shopify what is left to refund of the order, and offer what the credit note credits.

        :return: the action that shows the dialog
        """
        order_id = move.shopify_order_id  # read before the transaction is closed
        order = self._ask(move.shopify_instance_id, lambda handler, own: handler._read_order(own, order_id))
        currency = self.env["res.currency"]._shopify_currency(order["presentmentCurrencyCode"])
        shipping_left = float(order["currentShippingPriceSet"]["presentmentMoney"]["amount"])
        wizard = self.create(
            {
                "move_id": move.id,
                "currency_id": currency.id,
                "shipping_left": shipping_left,
                "line_ids": [Command.create(values) for values in self._prepare_lines(move, order)],
                "payment_ids": [Command.create(values) for values in self._prepare_payments(order)],
            }
        )
        if wizard.same_currency:
            wizard.shipping_amount = min(self._credited_shipping(move, order["taxesIncluded"]), shipping_left)
            wizard._choose_payments(move.amount_total)
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
            raise UserError(error.message) from error

    @api.model
    def _prepare_lines(self, move, order):
        credited = {}
        for line in move.invoice_line_ids:
            for key in {line.shopify_line_id, *line.sale_line_ids.mapped("shopify_line_id")} - {False}:
                credited[key] = credited.get(key, 0) + line.quantity
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
                    "quantity": min(round(credited.get(line_id, 0)), left),
                    "location_id": location.id,
                }

    @api.model
    def _default_location(self, move):
        """Where Shopify stocks the warehouse of the order; the order's own location first."""
        instance = move.shopify_instance_id
        sale_order = self.env["shopify.refunds"]._order_of(instance, move.shopify_order_id)
        own = instance.location_ids.filtered(lambda one: one.kind == "merchant")
        of_warehouse = own.filtered(lambda one: one.warehouse_id == sale_order.warehouse_id)
        return sale_order.shopify_location_id or (of_warehouse or own).sorted("id")[:1]

    @api.model
    def _prepare_payments(self, order):
        """Payments with what is left of them to give back, newest first, as Shopify itself takes them."""
        alive = ("SUCCESS", "PENDING", "AWAITING_RESPONSE")
        taken = {}
        for one in order["transactions"]:
            if one["kind"] in ("REFUND", "CHANGE") and one["status"] in alive and one["parentTransaction"]:
                parent = one["parentTransaction"]["id"]
                taken[parent] = taken.get(parent, 0) + Decimal(one["amountSet"]["presentmentMoney"]["amount"])
        for one in reversed(order["transactions"]):
            if one["kind"] not in ("SALE", "CAPTURE") or one["status"] != "SUCCESS":
                continue
            paid = Decimal(one["amountSet"]["presentmentMoney"]["amount"])
            left = paid - taken.get(one["id"], 0)
            if left > 0:
                yield {
                    "transaction_id": legacy_id(one["id"]),
                    "gateway": one["gateway"],
                    "gateway_name": one["formattedGateway"] or one["gateway"],
                    "paid": float(paid),
                    "remaining": float(left),
                }

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

    # Shopify's suggestion

    def action_suggest(self):
        """Ask Shopify what it would give back for the chosen items and shipping."""
        self.ensure_one()
        self._suggest()
        return self._show()

    def action_take_suggestion(self):
        """Fill the payments with what Shopify suggests for the chosen items and shipping."""
        self.ensure_one()
        self._suggest()
        self._take_suggestion()
        return self._show()

    def _suggest(self):
        variables = {
            "id": shopify_api.gid("Order", self.move_id.shopify_order_id),
            "refundLineItems": self._prepare_line_inputs(),
            "shippingAmount": self._text(self.shipping_amount) if self.shipping_amount > 0 else None,
        }

        def question(handler, own):
            return handler.env["shopify.connection"]._execute(own, "orders/SuggestedRefund", variables)

        found = self._ask(self.instance_id, question).data["order"]["suggestedRefund"]

        def amount(bag):
            return self.currency_id.format(float(bag["presentmentMoney"]["amount"]))

        parts = [
            self.env._(
                "Shopify suggests %(total)s: items %(items)s, shipping %(shipping)s, taxes %(taxes)s.",
                total=amount(found["amountSet"]),
                items=amount(found["subtotalSet"]),
                shipping=amount(found["shipping"]["amountSet"]),
                taxes=amount(found["totalTaxSet"]),
            )
        ]
        parts += [
            f"{one['formattedGateway'] or one['gateway']}: {amount(one['amountSet'])}"
            for one in found["suggestedTransactions"]
        ]
        self.write(
            {
                "suggestion": "\n".join(parts),
                "suggested": {
                    legacy_id(one["parentTransaction"]["id"]): one["amountSet"]["presentmentMoney"]["amount"]
                    for one in found["suggestedTransactions"]
                    if one["parentTransaction"]
                },
            }
        )

    def _take_suggestion(self):
        for payment in self.payment_ids:
            amount = float((self.suggested or {}).get(payment.transaction_id, 0))
            payment.write({"amount": amount, "chosen": amount > 0})

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
        for line in self.line_ids:
            line._check()
        chosen = self.payment_ids.filtered("chosen")
        if not chosen:
            raise UserError(self.env._("Tick the payment that is given back."))
        for payment in chosen:
            payment._check()
        compare = self.currency_id.compare_amounts
        if compare(self.shipping_amount, 0) < 0 or compare(self.shipping_amount, self.shipping_left) > 0:
            raise UserError(
                self.env._("Of the shipping, %s can be refunded.", self.currency_id.format(self.shipping_left))
            )
        if self.same_currency and compare(self.total, self.move_id.amount_total) > 0:
            raise UserError(
                self.env._(
                    "%(total)s is more than the credit note's %(credit)s.",
                    total=self.currency_id.format(self.total),
                    credit=self.currency_id.format(self.move_id.amount_total),
                )
            )

    def _marker(self):
        return f"[{self.move_id.name}]"

    def _text(self, amount):
        """An amount as Shopify reads it, in the currency's decimals."""
        return f"{amount:.{self.currency_id.decimal_places}f}"

    def _prepare_line_inputs(self):
        inputs = []
        for line in self.line_ids.filtered("quantity"):
            values = {
                "lineItemId": shopify_api.gid("LineItem", line.shopify_line_id),
                "quantity": line.quantity,
                "restockType": line.restock_type,
            }
            if line.restock_type != "NO_RESTOCK":
                values["locationId"] = shopify_api.gid("Location", line.location_id.shopify_id)
            inputs.append(values)
        return inputs

    def _prepare_input(self):
        """Shopify's RefundInput."""
        order = shopify_api.gid("Order", self.move_id.shopify_order_id)
        values = {
            "orderId": order,
            "currency": self.currency_id.name,
            "note": f"{self.note.strip()} {self._marker()}",
            "notify": self.notify,
            "refundLineItems": self._prepare_line_inputs(),
            "transactions": [
                {
                    "orderId": order,
                    "parentId": shopify_api.gid("OrderTransaction", payment.transaction_id),
                    "gateway": payment.gateway,
                    "kind": "REFUND",
                    "amount": self._text(payment.amount),
                }
                for payment in self.payment_ids.filtered("chosen")
            ],
        }
        if self.currency_id.compare_amounts(self.shipping_amount, 0) > 0:
            values["shipping"] = {"amount": self._text(self.shipping_amount)}
        return values

    def _show(self):
        return self._get_records_action(name=self.env._("Refund in Shopify"), target="new")


class ShopifyRefundLine(models.TransientModel):
    _name = "shopify.refund.line"
    _description = "Item to Refund in Shopify"

    wizard_id = fields.Many2one("shopify.refund", required=True, ondelete="cascade")
    instance_id = fields.Many2one(related="wizard_id.instance_id")
    shopify_line_id = fields.Char(required=True, readonly=True)
    title = fields.Char(string="Item", readonly=True)
    sku = fields.Char(string="SKU", readonly=True)
    left = fields.Integer(readonly=True, help="Units that Shopify has not refunded yet.")
    not_shipped = fields.Integer(readonly=True)
    quantity = fields.Integer(string="Refund")
    restock_type = fields.Selection(RESTOCK_TYPES, string="Restock", required=True, default="NO_RESTOCK")
    location_id = fields.Many2one("shopify.location", domain="[('instance_id', '=', instance_id)]")

    def _check(self):
        self.ensure_one()
        if not 0 <= self.quantity <= self.left:
            raise UserError(
                self.env._("%(item)s: between 0 and %(left)s units can be refunded.", item=self.title, left=self.left)
            )
        if not self.quantity:
            return
        if self.restock_type != "NO_RESTOCK" and not self.location_id:
            raise UserError(self.env._("%s: choose the location where it is restocked.", self.title))
        if self.restock_type == "CANCEL" and self.quantity > self.not_shipped:
            raise UserError(
                self.env._(
                    "%(item)s: only %(left)s units are not shipped. Use 'Return' for those that came back.",
                    item=self.title,
                    left=self.not_shipped,
                )
            )


class ShopifyRefundPayment(models.TransientModel):
    _name = "shopify.refund.payment"
    _description = "Payment to Give Back in Shopify"

    wizard_id = fields.Many2one("shopify.refund", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    transaction_id = fields.Char(required=True, readonly=True)
    gateway = fields.Char(readonly=True)
    gateway_name = fields.Char(string="Payment", readonly=True)
    paid = fields.Monetary(readonly=True)
    remaining = fields.Monetary(readonly=True)
    chosen = fields.Boolean(string="Refund")
    amount = fields.Monetary()

    def _check(self):
        self.ensure_one()
        compare = self.currency_id.compare_amounts
        if compare(self.amount, 0) <= 0 or compare(self.amount, self.remaining) > 0:
            raise UserError(
                self.env._(
                    "%(payment)s: more than 0 and up to %(remaining)s can be given back.",
                    payment=self.gateway_name,
                    remaining=self.currency_id.format(self.remaining),
                )
            )
