"""Orders that were deleted in Shopify."""

from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    shopify_deleted = fields.Boolean(
        string="Deleted in Shopify", readonly=True, copy=False, help="The order does not exist in Shopify any more."
    )

    @api.model
    def _shopify_mark_deleted(self, instance, shopify_id):
        """An order is gone in Shopify: noted on the order; a quotation is cancelled, a confirmed order stays.

        :return: what was done, in words
        """
        waiting = self.env["shopify.queue.line"].search(
            [("instance_id", "=", instance.id), ("shopify_id", "=", shopify_id), ("state", "in", ("draft", "failed"))]
        )
        deleted = self.env._("The order was deleted in Shopify.")
        if waiting:
            waiting._set_skipped(deleted)
            self.env["shopify.log.line"]._resolve(waiting)
            waiting.queue_id._refresh_state()
        order = self.search([("shopify_instance_id", "=", instance.id), ("shopify_order_id", "=", shopify_id)])
        if not order:
            return self.env._("The order was deleted in Shopify; Odoo has no order of it.")
        if order.shopify_deleted:
            return deleted
        order.shopify_deleted = True
        if order.state in ("draft", "sent"):
            order.with_context(disable_cancel_warning=True)._action_cancel()
            text = self.env._("Deleted in Shopify; the quotation was cancelled.")
        elif order.state == "cancel":
            text = deleted
        else:
            text = self.env._("Deleted in Shopify. It was confirmed here already: look whether it has to be cancelled.")
            logs = self.env["shopify.log.line"]
            entry = logs._of_order(
                order,
                process=self.env._("Webhooks"),
                severity="warning",
                cause="order_deleted",
                message=self.env._("Order %(order)s: %(text)s", order=order.name, text=text),
            )
            logs._log(instance, [entry])
        order.message_post(body=text)
        return text
