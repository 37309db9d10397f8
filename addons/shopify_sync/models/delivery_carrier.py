"""Delivery methods that stand for Shopify's shipping methods."""

from odoo import fields, models


class DeliveryCarrier(models.Model):
    _inherit = "delivery.carrier"

    shopify_code = fields.Char(index="btree_not_null", help="Code of the shipping line as Shopify sends it.")
    shopify_source = fields.Char(help="Who offered the rate at Shopify, for example 'shopify' or a carrier.")
    shopify_tracking_company = fields.Char(help="The carrier's name as Shopify knows it.")
