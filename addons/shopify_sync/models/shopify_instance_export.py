"""Settings of a store about what is sent of its products."""

from odoo import fields, models
from odoo.exceptions import UserError

from .. import shopify_api
from .spoken import spoken


class ShopifyInstance(models.Model):
    _inherit = "shopify.instance"

    send_unit_cost = fields.Boolean(
        help="The cost of Odoo products is sent as Shopify's cost per item with the basic details."
    )
    field_owner_ids = fields.One2many("shopify.field.owner", "instance_id", string="Fields that Shopify Owns")
    publication_ids = fields.One2many("shopify.publication", "instance_id", string="Sales Channels")
    market_price_ids = fields.One2many("shopify.price.list", "instance_id", string="Price Lists of Markets")

    def action_refresh_channels(self):
        """Read sales channels and price lists of markets from Shopify."""
        self.ensure_one()
        try:
            self.env["shopify.sales.channels"]._refresh(self)
        except shopify_api.ShopifyError as error:
            raise UserError(spoken(self.env, error.words)) from error
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _channels(self):
        """The store's sales channels, read from Shopify when they are not known yet.

        :raises UserError: Shopify cannot be asked
        """
        self.ensure_one()
        if not self.publication_ids:
            self.action_refresh_channels()
        return self.publication_ids
