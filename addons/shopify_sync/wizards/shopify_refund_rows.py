"""Rows of the refund dialog: items, duties, payments."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import shopify_api

RESTOCK_TYPES = [
    ("NO_RESTOCK", "No restock"),
    ("CANCEL", "Cancel: not shipped, back into stock"),
    ("RETURN", "Return: came back, into stock"),
]


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

    def _prepare_input(self):
        """Shopify's RefundLineItemInput."""
        self.ensure_one()
        values = {
            "lineItemId": shopify_api.gid("LineItem", self.shopify_line_id),
            "quantity": self.quantity,
            "restockType": self.restock_type,
        }
        if self.restock_type != "NO_RESTOCK" and self.location_id:
            values["locationId"] = shopify_api.gid("Location", self.location_id.shopify_id)
        return values


class ShopifyRefundDuty(models.TransientModel):
    """A duty of an item. Shopify gives back all that is left of it, or its share in the refunded units."""

    _name = "shopify.refund.duty"
    _description = "Duty to Refund in Shopify"

    wizard_id = fields.Many2one("shopify.refund", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    duty_id = fields.Char(string="Shopify Id", required=True, readonly=True)
    shopify_line_id = fields.Char(readonly=True)
    title = fields.Char(string="Duty", readonly=True)
    ordered = fields.Integer(readonly=True, help="Units of the item that the duty was charged for.")
    price = fields.Monetary(string="Charged", readonly=True)
    left = fields.Monetary(readonly=True, help="What Shopify has not refunded of it yet.")
    refund_type = fields.Selection(
        [("NONE", "No refund"), ("PROPORTIONAL", "Share of units"), ("FULL", "All that is left")],
        string="Refund",
        required=True,
        default="NONE",
        help="Share of units: what the refunded units bear of the duty.",
    )
    amount = fields.Monetary(compute="_compute_amount", help="Expected; Shopify's suggestion has the exact amount.")

    @api.depends("refund_type", "price", "left", "wizard_id.line_ids.quantity")
    def _compute_amount(self):
        for duty in self:
            share = duty.price * duty._units() / duty.ordered if duty.ordered else 0.0
            amounts = {"NONE": 0.0, "FULL": duty.left, "PROPORTIONAL": min(duty.currency_id.round(share), duty.left)}
            duty.amount = amounts[duty.refund_type or "NONE"]

    def _units(self):
        """Units of the duty's item that are refunded."""
        return sum(line.quantity for line in self.wizard_id.line_ids if line.shopify_line_id == self.shopify_line_id)

    def _check(self):
        self.ensure_one()
        if self.refund_type == "PROPORTIONAL" and self._units() <= 0:
            raise UserError(
                self.env._(
                    "%s: a share of the duty needs refunded units of its item. Enter them, or choose all that is left.",
                    self.title,
                )
            )

    def _prepare_input(self):
        """Shopify's RefundDutyInput."""
        self.ensure_one()
        return {"dutyId": shopify_api.gid("Duty", self.duty_id), "refundType": self.refund_type}


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

    def _prepare_input(self, order):
        """Shopify's OrderTransactionInput.

        :param order: global id of the order
        """
        self.ensure_one()
        return {
            "orderId": order,
            "parentId": shopify_api.gid("OrderTransaction", self.transaction_id),
            "gateway": self.gateway,
            "kind": "REFUND",
            "amount": self.wizard_id._text(self.amount),
        }
