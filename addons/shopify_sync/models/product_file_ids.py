"""Ids of Shopify in a preparation file: Shopify itself says whether it has them."""

import time

from odoo import api, models

from .. import shopify_api
from ..mapping.reading import legacy_id
from .handler_product_export import READ, VARIANTS, chunks
from .spoken import spoken

#: A person waits: seconds of one pause for the request budget, and of all pauses of one file.
ONE_PAUSE, ALL_PAUSES = 5.0, 20.0


class ShopifyProductFile(models.AbstractModel):
    _inherit = "shopify.product.file"

    @api.model
    def _ask_ids(self, instance, plan, facts):
        """Ask Shopify for the products whose variants the rows name and the layer does not have; many in one request.

        :return: ({Shopify product id: ids of its variants, None when there is no such product}, why the others are not
            in it; '' when all are)
        """
        wanted = dict.fromkeys(
            row.cells["shopify_product_id"]
            for row in plan
            if row.cells.get("store_id") == str(instance.id)
            and row.cells["shopify_product_id"].isdecimal()
            and row.cells["shopify_variant_id"].isdecimal()
            and row.cells["shopify_variant_id"] not in facts["by_ref"]
        )
        there, left = {}, ALL_PAUSES
        for some in chunks(list(wanted), READ):
            while not there.keys() >= set(some):
                try:
                    there.update(zip(some, self._variants_there(instance, some), strict=True))
                except shopify_api.ShopifyError as error:
                    pause = error.retry_after if isinstance(error, shopify_api.Throttled) else None
                    if not pause or pause > min(ONE_PAUSE, left):
                        return there, spoken(self.env, error.words)
                    time.sleep(pause)
                    left -= pause
        return there, ""

    @api.model
    def _variants_there(self, instance, ids):
        """The ids of the variants of products in Shopify, None for a product that is not there."""
        sender = self.env["shopify.handler.product.export"]
        gids = [shopify_api.gid("Product", ident) for ident in ids]
        found = sender._ask(instance, "products/ProductsToUpdate", {"ids": gids, "variants": VARIANTS})["nodes"]
        for node in filter(None, found):
            sender._read_all_variants(instance, node)
        return [node and {legacy_id(one["id"]) for one in node["variants"]["nodes"]} for node in found]

    @api.model
    def _unknown_id(self, row, facts):
        """Why a row cannot be linked with a variant that the layer does not have; '' when Shopify has it."""
        values = {"variant": row.cells["shopify_variant_id"], "product": row.cells["shopify_product_id"]}
        there, unasked = facts["there"]
        if values["product"] not in there:
            return self.env._(
                "Shopify could not be asked whether it has variant %(variant)s, so nothing of the row is written: "
                "%(reason)s",
                variant=values["variant"],
                reason=unasked,
            )
        variants = there[values["product"]]
        if variants is None:
            return self.env._("Shopify has no variant %(variant)s: it has no product %(product)s.", **values)
        if values["variant"] not in variants:
            return self.env._("Shopify has no variant %(variant)s in product %(product)s.", **values)
        return ""

    @api.model
    def _doubt(self, row, facts):
        """A warning that another product of the layer has the row's SKU already; '' without one."""
        others = facts["by_sku"].get(row.cells.get("shopify_sku"), ())
        other = next((one for one in others if one != row.variant and one.product_id != row.product), None)
        if not other or row.action == "error":
            return ""
        return self.env._(
            "Warning: “%(product)s” of the layer has SKU %(sku)s already.", product=other.display_name, sku=other.sku
        )
