"""Deliveries of Shopify orders."""

from odoo import fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    shopify_instance_id = fields.Many2one(
        related="sale_id.shopify_instance_id", store=True, index="btree_not_null", string="Shopify Store"
    )
    shopify_order_id = fields.Char(related="sale_id.shopify_order_id", store=True, string="Shopify Order Id")
    shopify_order_name = fields.Char(related="sale_id.shopify_order_name", string="Shopify Order")
    shopify_fulfillment_ref = fields.Char(
        string="Shopify Fulfilments", readonly=True, copy=False, help="Ids of the fulfilments this delivery stands for."
    )
    shopify_sent = fields.Boolean(
        string="Updated in Shopify", readonly=True, copy=False, help="Shopify knows of this shipment."
    )
    shopify_refund_id = fields.Char(string="Shopify Refund Id", index="btree_not_null", readonly=True, copy=False)
    shopify_return_ref = fields.Char(string="Shopify Return Id", index="btree_not_null", readonly=True, copy=False)
    shopify_cancelled_while_shipped = fields.Boolean(
        string="Cancelled in Shopify While Shipped", readonly=True, copy=False
    )
    shopify_manual_action = fields.Char(string="Needs Manual Action", readonly=True, copy=False)

    def action_open_shopify(self):
        self.ensure_one()
        return self.shopify_instance_id._open_in_shopify("Order", self.shopify_order_id)
