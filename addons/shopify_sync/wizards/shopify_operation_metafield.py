"""Metafields in the dialog of operations: of which records, and which of them."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.shopify_metafield_mapping import OWNERS


class ShopifyOperation(models.TransientModel):
    _inherit = "shopify.operation"

    of_product = fields.Boolean(string="Products", default=True)
    of_variant = fields.Boolean(string="Variants", default=True)
    of_order = fields.Boolean(string="Orders", default=True)
    of_customer = fields.Boolean(string="Customers", default=True)
    metafield_mapping_ids = fields.Many2many(
        "shopify.metafield.mapping", string="Metafields", help="None: all that the store maps to fields of Odoo."
    )

    @api.onchange("instance_id")
    def _onchange_store_of_metafields(self):
        self.metafield_mapping_ids = False

    def _prepare_options(self):
        if self.operation != "metafield":
            return super()._prepare_options()
        owners = [owner for owner in OWNERS if self[f"of_{owner}"]]
        if not owners:
            raise UserError(self.env._("Choose at least one kind of record whose metafields are read."))
        if self.metafield_mapping_ids and not any(row.owner in owners for row in self.metafield_mapping_ids):
            raise UserError(self.env._("None of the metafields chosen is of the kinds of records chosen."))
        return {"owners": owners, "mappings": self.metafield_mapping_ids.ids}
