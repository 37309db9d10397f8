"""Products that Shopify does not have any more: the layer knows it, and they can be made anew."""

from odoo import api, fields, models


class ShopifyProduct(models.Model):
    _inherit = "shopify.product"

    gone_at = fields.Datetime(
        string="Deleted in Shopify",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Since when it is known that Shopify does not have this product any more. Export to Shopify makes it anew.",
    )

    @api.model
    def _archive_gone(self, instance, ids):
        """Archive the layer's records of products that Shopify does not have any more; Odoo's products stay.

        :return: the ids of those that the layer had
        """
        domain = [("instance_id", "=", instance.id), ("shopify_id", "in", list(ids))]
        gone = self.with_context(active_test=False).search(domain)
        now = fields.Datetime.now()
        # those that were archived before stay so when the product is made anew
        gone.variant_ids.filtered("active").write({"active": False, "gone_at": now})
        gone.write({"active": False, "payload_digest": False, "publish_state": "unpublished"})
        gone.filtered(lambda one: not one.gone_at).gone_at = now
        return set(gone.mapped("shopify_id"))

    def _variants_to_make(self):
        """The variants that an export makes: those in use, and those that were archived with a deleted product."""
        self.ensure_one()
        if not self.gone_at:
            return self.variant_ids
        every = self.with_context(active_test=False).variant_ids
        return every.filtered(lambda one: one.active or one.gone_at) or every

    def _start_anew(self):
        """Forget where deleted products were in Shopify, so that an export makes them again. Their orders keep the Odoo
        products; variants keep the number that these orders name."""
        # what goes with the product follows from what the caller may do with it; nobody edits a field here
        alike = self.sudo().with_context(active_test=False, shopify_alike=True)
        for product in alike.filtered("gone_at"):
            variants = product._variants_to_make()
            variants.write({"active": True})
            every = product.variant_ids
            every.level_ids.unlink()
            for variant in every.filtered("shopify_id"):
                variant.former_shopify_id = variant.shopify_id
            empty = dict.fromkeys(
                ("shopify_id", "inventory_item_ref", "gone_at", "edited", "market_prices", "written"), False
            )
            every.write({**empty, "shopify_created_at": False, "shopify_updated_at": False})
            (product.metafield_ids | every.metafield_ids).unlink()
            pictures = product.image_ids
            pictures.filtered(lambda one: not one.image and not one.url).unlink()
            sent = {"shopify_id": False, "sent_checksum": False, "from_odoo": False, "message": False}
            pictures = pictures.exists()
            pictures.write({**sent, "attempts": 0, "next_attempt_at": False})
            pictures.filtered("image").write({"url": False, "status": "waiting"})
            product.write(
                {
                    **dict.fromkeys(("shopify_id", "gone_at", "edited", "written", "payload_digest"), False),
                    **dict.fromkeys(("shopify_created_at", "shopify_updated_at", "published_at"), False),
                    **dict.fromkeys(("last_error", "last_channels", "last_sent_at", "images_reordered"), False),
                    "active": True,
                    "publish_state": "unpublished",
                }
            )
