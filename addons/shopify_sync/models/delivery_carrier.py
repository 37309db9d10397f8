"""Delivery methods that stand for Shopify's shipping methods."""

from urllib.parse import quote

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .. import shopify_api


class DeliveryCarrier(models.Model):
    _inherit = "delivery.carrier"

    shopify_code = fields.Char(index="btree_not_null", help="Code of the shipping line as Shopify sends it.")
    shopify_source = fields.Char(help="Who offered the rate at Shopify, for example 'shopify' or a carrier.")
    shopify_tracking_company = fields.Char(
        string="Tracking Company",
        help="The carrier's name in Shopify. With a name that Shopify knows it makes the tracking link by itself. Empty: "
        "the name of the delivery method.",
    )
    shopify_known_companies = fields.Json(compute="_compute_shopify_known_companies")
    shopify_tracking_url = fields.Char(
        string="Tracking Link in Shopify",
        help="The address of the carrier's tracking page, with {number} where the tracking number goes. Empty: Odoo's own "
        "tracking link, else the link that Shopify makes.",
    )

    shopify_on_time_days = fields.Integer(
        string="On-time Days",
        help="A delivery of this method counts as on time in the store's digest when it is done within so many days after "
        "the order, for example 2. 0: the date promised on the delivery counts.",
    )

    _shopify_on_time_days = models.Constraint(
        "CHECK(shopify_on_time_days >= 0)", "The on-time days of a delivery method are 0 or more."
    )

    @api.constrains("shopify_tracking_url")
    def _check_shopify_tracking_url(self):
        for carrier in self:
            url = carrier.shopify_tracking_url
            if url and ("{number}" not in url or not url.startswith(("https://", "http://"))):
                raise ValidationError(
                    self.env._(
                        "%s: the tracking link starts with https:// and has {number} where the tracking number goes.",
                        carrier.name,
                    )
                )

    def _compute_shopify_known_companies(self):
        self.shopify_known_companies = list(shopify_api.KNOWN_CARRIERS)

    def _shopify_company(self):
        """The carrier as Shopify shall show it; None without a delivery method."""
        return shopify_api.carrier_name(self.shopify_tracking_company or self.name or "") or None

    def _shopify_tracking_urls(self, numbers):
        """Links to the carrier's page, one a number; none when nobody has given a pattern."""
        pattern = self.shopify_tracking_url or (self.tracking_url or "").replace("<shipmenttrackingnumber>", "{number}")
        if "{number}" not in pattern:
            return []
        return [pattern.replace("{number}", quote(number, safe="")) for number in numbers]
