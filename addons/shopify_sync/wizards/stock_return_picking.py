"""Goods sent back by Odoo's return dialog go to the warehouse that their Shopify location names."""

from odoo import models


class StockReturnPicking(models.TransientModel):
    _inherit = "stock.return.picking"

    def _create_return(self):
        made = super()._create_return()
        if not self.env.context.get("shopify_led"):
            delivery = self.picking_id.sudo()
            place = delivery.shopify_location_id or delivery.sale_id.shopify_location_id
            if place.return_warehouse_id and delivery.shopify_order_id:
                self.env["shopify.returns"]._lead_to(made, place.return_warehouse_id)
        return made
