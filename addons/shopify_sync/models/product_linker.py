"""Linking a product of the layer with one that is in Shopify already."""

from odoo import api, models
from odoo.exceptions import UserError

from .. import shopify_api
from ..mapping.reading import legacy_id
from .spoken import spoken


class ShopifyProductLinker(models.AbstractModel):
    """Writes the ids of a product in Shopify, and of its variants, on the layer. Nothing is sent."""

    _name = "shopify.product.linker"
    _description = "Shopify Product Linker"

    @api.model
    def _link(self, line):
        """Link the product of a line with the one that Shopify has (`link_ref`): variants by SKU, then by their options.

        :raises UserError: Shopify cannot be asked, or the product is linked already
        """
        product = self.env["shopify.product"].browse(line.res_id)
        instance = line.instance_id
        other = (
            self.env["shopify.product"]
            .with_context(active_test=False)
            .search([("instance_id", "=", instance.id), ("shopify_id", "=", line.link_ref)])
        )
        if other:
            raise UserError(
                self.env._("“%s” is in the layer already. Match its variants there, and remove this one.", other.title)
            )
        sender = self.env["shopify.handler.product.export"]
        try:
            gid = shopify_api.gid("Product", line.link_ref)
            node = sender._ask(instance, "products/ProductsToUpdate", {"ids": [gid], "variants": 50})["nodes"][0]
            if not node:
                raise UserError(self.env._("This product is not in Shopify any more. Retry the export."))
            sender._read_all_variants(instance, node)
        except shopify_api.ShopifyError as error:
            raise UserError(spoken(self.env, error.words)) from error
        self._write(product, node)
        line.write({"link_ref": False, "idempotency_key": False, "shopify_id": product.shopify_id})
        line._set_done({line.id: product}, self.env._("Linked with the product that was in Shopify already."))
        line.queue_id._refresh_state()

    @api.model
    def _write(self, product, node):
        alike = product.with_context(shopify_alike=True)
        alike.write(
            {
                "shopify_id": legacy_id(node["id"]),
                "handle": node["handle"],
                "shopify_status": node["status"].lower(),
                "last_error": False,
                "edited": ["*"],
            }
        )
        rows = node["variants"]["nodes"]
        by_sku = {(row["inventoryItem"]["sku"] or "").casefold(): row for row in rows if row["inventoryItem"]["sku"]}
        by_options = {tuple((one["name"], one["value"]) for one in row["selectedOptions"]): row for row in rows}
        free = {row["id"] for row in rows}
        for variant in alike.variant_ids:
            options = tuple((str(name), str(value)) for name, value in variant.option_values or ())
            row = by_sku.get((variant.sku or "").casefold()) or by_options.get(options or (("Title", "Default Title"),))
            if row and row["id"] in free:
                free.discard(row["id"])
                variant.write(
                    {
                        "shopify_id": legacy_id(row["id"]),
                        "inventory_item_ref": legacy_id(row["inventoryItem"]["id"]),
                        "edited": ["*"],
                    }
                )
