"""Products that are archived in Odoo while Shopify goes on selling them."""

from odoo import api, fields, models
from odoo.fields import Domain


class ShopifyProduct(models.Model):
    _inherit = "shopify.product"

    sold_archived = fields.Boolean(
        string="Archived in Odoo, Sold in Shopify",
        compute="_compute_sold_archived",
        search="_search_sold_archived",
        help="The Odoo product, or one of its variants, is archived, and Shopify goes on selling it.",
    )
    sold_archived_text = fields.Char(string="Archived Odoo Products", compute="_compute_sold_archived")

    @api.depends(
        *("active", "exported", "gone_at", "shopify_status", "publish_state", "last_channels"),
        *("product_tmpl_id.active", "variant_ids.product_id.active", "variant_ids.exported"),
    )
    def _compute_sold_archived(self):
        for product in self:
            # whoever looks at the layer is told, also without rights on products
            own = product.sudo()
            names = []
            if own._is_sold():
                if own.product_tmpl_id and not own.product_tmpl_id.active:
                    names = [own.product_tmpl_id.name]
                else:
                    linked = own.variant_ids.filtered("exported").product_id
                    names = linked.filtered(lambda one: not one.active).mapped("display_name")
            product.sold_archived = bool(names)
            product.sold_archived_text = ", ".join(names) or False

    def _is_sold(self):
        """Whether customers can buy it, as far as Odoo knows: of a product that only orders named nothing is known."""
        self.ensure_one()
        if not self.active or not self.exported or self.gone_at:
            return False
        published = self.publish_state != "unpublished" or bool(self.last_channels)
        return not self.shopify_status or (self.shopify_status in ("active", "unlisted") and published)

    def _search_sold_archived(self, operator, value):
        if operator != "in":
            return NotImplemented
        published = Domain("publish_state", "!=", "unpublished") | Domain("last_channels", "!=", False)
        sold = Domain("shopify_status", "=", False) | (
            Domain("shopify_status", "in", ("active", "unlisted")) & published
        )
        templates = self.env["product.template"].sudo().with_context(active_test=False)
        archived = Domain("active", "=", False)
        variants = Domain("exported", "=", True) & Domain(
            "product_id", "in", self.env["product.product"].sudo().with_context(active_test=False)._search(archived)
        )
        found = Domain("product_tmpl_id", "in", templates._search(archived)) | Domain("variant_ids", "any", variants)
        domain = (
            Domain("active", "=", True) & Domain("exported", "=", True) & Domain("gone_at", "=", False) & sold & found
        )
        # sub-queries of archived products are read by the system
        query = self.sudo()._search(domain)
        return [("id", "in" if True in value else "not in", query)]
