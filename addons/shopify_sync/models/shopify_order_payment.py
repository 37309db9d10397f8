"""A payment of an order, as Shopify states it."""

from odoo import fields, models


class ShopifyOrderPayment(models.Model):
    """One successful sale, capture or refund; registered as an Odoo payment when its workflow says so. Amounts are
    positive; the kind tells the direction."""

    _name = "shopify.order.payment"
    _description = "Shopify Order Payment"
    _order = "order_id, processed_at, id"
    _rec_name = "transaction_id"

    order_id = fields.Many2one("sale.order", required=True, ondelete="cascade", index=True)
    instance_id = fields.Many2one("shopify.instance", required=True, ondelete="restrict", index=True)
    company_id = fields.Many2one(related="instance_id.company_id", store=True, index=True)
    gateway_id = fields.Many2one("shopify.payment.gateway", required=True, ondelete="restrict", index=True)
    workflow_id = fields.Many2one("shopify.sale.workflow", ondelete="restrict", help="Its journal takes the payment.")
    transaction_id = fields.Char(required=True, index=True)
    kind = fields.Selection([("sale", "Sale"), ("capture", "Capture"), ("refund", "Refund")], required=True)
    refund_id = fields.Many2one("shopify.order.refund", ondelete="restrict", index="btree_not_null")
    currency_id = fields.Many2one("res.currency", required=True)
    amount = fields.Monetary(required=True)
    processed_at = fields.Datetime()
    is_test = fields.Boolean(string="Test")
    payment_id = fields.Many2one("account.payment", string="Odoo Payment", ondelete="set null", index="btree_not_null")
    registered = fields.Boolean(help="A payment was made once. One deleted by a person is not made again.")

    _transaction_unique = models.UniqueIndex(
        "(instance_id, transaction_id)", "This transaction of the store exists already."
    )
