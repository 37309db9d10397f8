"""A company's way to the settings of its stores."""

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    shopify_store_count = fields.Integer(
        string="Shopify Stores", compute="_compute_shopify_store_count", groups="shopify_sync.group_manager"
    )

    def _compute_shopify_store_count(self):
        counts = dict(
            self.env["shopify.instance"]._read_group([("company_id", "in", self.ids)], ["company_id"], ["__count"])
        )
        for company in self:
            company.shopify_store_count = counts.get(company, 0)

    def action_view_shopify_settings(self):
        """The settings of the company's store; of several, the list of them."""
        self.ensure_one()
        stores = self.env["shopify.instance"].search([("company_id", "=", self.id)])
        if len(stores) == 1:
            return self.env["shopify.settings"]._open(stores)
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_instance_action")
        return {**action, "domain": [("company_id", "=", self.id)]}
