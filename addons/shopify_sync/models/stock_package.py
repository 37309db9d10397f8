"""Packages with a tracking number of their own."""

from odoo import fields, models


class StockPackage(models.Model):
    _inherit = "stock.package"

    shopify_tracking = fields.Char(
        string="Tracking Number",
        copy=False,
        help="The number of this parcel, where one delivery is several parcels. It is sent to Shopify with the delivery.",
    )

    def _shopify_numbered(self):
        """The package itself or the container around it that carries a number; empty when none does."""
        package = self
        while package and not package.shopify_tracking:
            package = package.parent_package_id or package.package_dest_id
        return package

    def write(self, vals):
        result = super().write(vals)
        if "shopify_tracking" in vals:
            lines = self.env["stock.move.line"].search([("result_package_id", "child_of", self.ids)])
            lines.picking_id._shopify_tracking_changed()
        return result
