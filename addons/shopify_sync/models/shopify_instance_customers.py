"""The customers of a store among the contacts."""

from odoo import models


class ShopifyInstance(models.Model):
    _inherit = "shopify.instance"

    def _customer_links(self, partners):
        """{partner: link} of contacts that are customers of this store; of several links the newest one."""
        self.ensure_one()
        links = self.env["shopify.customer"].search(
            [("instance_id", "=", self.id), ("partner_id", "in", partners.ids)], order="id"
        )
        return {link.partner_id: link for link in links}
