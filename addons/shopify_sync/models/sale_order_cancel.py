"""Orders cancelled in Odoo, and whether Shopify knows."""

from odoo import fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    _inherit = "sale.order"

    shopify_cancel_state = fields.Selection(
        [("none", "Not asked"), ("asked", "Asked"), ("done", "Cancelled"), ("failed", "Failed")],
        string="Cancel in Shopify",
        default="none",
        readonly=True,
        copy=False,
        tracking=True,
        help="Whether this order, cancelled in Odoo, is cancelled in Shopify too. 'Cancelled' is set when Shopify says so.",
    )

    def _check_shopify_cancel(self):
        """Whether the order may be cancelled in Shopify.

        :raises UserError: why not
        """
        self.ensure_one()
        if not self.shopify_order_id:
            raise UserError(self.env._("%s is no order of Shopify.", self.name))
        if self.state != "cancel":
            raise UserError(self.env._("Cancel %s in Odoo first.", self.name))
        if self.shopify_cancelled_at or self.shopify_cancel_state == "done":
            raise UserError(self.env._("%s is cancelled in Shopify already.", self.name))
        if self.shopify_cancel_state == "asked":
            raise UserError(self.env._("%s: Shopify is being asked already. Wait for the result.", self.name))
        self.env["shopify.queue.line"]._check_nothing_out(self.shopify_instance_id, self.shopify_order_id, "refund")
        self.shopify_instance_id._check_may_write("cancel")

    def action_shopify_cancel(self):
        """Open the dialog."""
        self._check_shopify_cancel()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_cancel_action"),
            "context": {"default_order_id": self.id},
        }
