"""Buttons of the layer: export, update, publish."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .shopify_publication import POS, WEB

#: Up to so many products are sent while the person waits; more of them go on in the background.
AT_ONCE = 20


class ShopifyProduct(models.Model):
    _inherit = "shopify.product"

    can_publish_pos = fields.Boolean(compute="_compute_can_publish_pos")

    def _compute_can_publish_pos(self):
        stores = self.instance_id.filtered(lambda store: POS in store.publication_ids.mapped("kind"))
        unknown = self.instance_id.filtered(lambda store: WEB not in store.publication_ids.mapped("kind"))
        for product in self:
            product.can_publish_pos = product.instance_id in stores | unknown

    def _reason_not_sent(self, mode):
        """Why a product of the layer cannot be exported or updated; '' when it can."""
        self.ensure_one()
        if mode == "update" and self.gone_at:
            return self.env._("it was deleted in Shopify; use Export to Shopify to make it anew")
        if mode == "export" and self.exported and not self.gone_at:
            return self.env._("it is in Shopify already; use Update in Shopify")
        if mode == "update" and not self.exported:
            return self.env._("it is not in Shopify yet; use Export to Shopify")
        if not self.active and not self.gone_at:
            return self.env._("it is archived")
        variants = self._variants_to_make()
        if not variants:
            return self.env._("it has no variant")
        if mode == "export" and not all(variant.product_id for variant in variants):
            return self.env._("a variant is linked with no Odoo product")
        if mode == "export" and self.instance_id.product_match != "barcode":
            without = variants.filtered(lambda variant: not variant.sku)
            if without:
                return self.env._("variant %s has no SKU", without[:1].display_name)
        return ""

    def _open_send(self, mode):
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_product_send_action")
        name = self.env._("Export to Shopify") if mode == "export" else self.env._("Update in Shopify")
        context = {"default_mode": mode, "active_model": self._name, "active_ids": self.ids}
        return {**action, "name": name, "context": context}

    def action_export(self):
        """Dialog: make these products in Shopify."""
        return self._open_send("export")

    def action_update(self):
        """Dialog: send what has changed."""
        return self._open_send("update")

    def action_publish_web(self):
        """Publish to the online store only."""
        return self._publish("web")

    def action_publish_web_pos(self):
        """Publish to the online store and the point of sale."""
        return self._publish("web_pos")

    def action_unpublish(self):
        """Take out of the online store and the point of sale."""
        return self._publish("unpublished")

    def _publish(self, state):
        """Queue a change of the sales channels alone.

        :raises UserError: one is not in Shopify, or the store may not be written to
        """
        lines, left = self.env["shopify.queue.line"], []
        for product in self:
            reason = product._reason_not_sent("update")
            if reason:
                raise UserError(self.env._("%(product)s: %(reason)s", product=product.title, reason=reason))
        for instance, products in self.grouped("instance_id").items():
            instance._check_may_write("publish")
            # the channels are read when they are not known; only managers set them up
            instance.sudo()._channels()
            request = {"parts": [], "publish": state, "only_changed": True}
            made, refused = lines._enqueue_products(instance, dict.fromkeys(products, request))
            lines += made
            left += [f"{product.title}: {reason}" for product, reason in refused.items()]
        if not lines:
            raise UserError("\n".join(left))
        return self._send_lines(lines, left)

    @api.model
    def _send_lines(self, lines, left=()):
        """Send queued products: a few at once, more of them in the background with their queue on the screen."""
        if len(lines) <= AT_ONCE:
            action = lines._process_by_hand()
            if left:
                action["params"]["message"] += "\n" + self.env._("Left out: %s", "; ".join(left))
            return action
        for instance in lines.instance_id:
            self.env["shopify.runner"]._wake_sender(instance)
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_queue_product_out_action")
        return {**action, "domain": [("id", "in", lines.queue_id.ids)], "context": {}}

    def action_view_sent(self):
        """What was and is to be sent of this product."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_outgoing_action")
        return {**action, "domain": [("res_model", "=", self._name), ("res_id", "=", self.id)], "context": {}}
