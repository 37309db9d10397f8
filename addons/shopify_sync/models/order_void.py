"""Orders whose payment was voided while they wait for their delivery: nobody pays, so a person must stop or cancel."""

from odoo import api, fields, models

#: Financial statuses of a promise of money that is over.
VOID = ("voided", "expired")
ACTIVITY = "shopify_sync.mail_activity_payment_voided"
CAUSE = "payment_voided"


class SaleOrder(models.Model):
    _inherit = "sale.order"

    shopify_payment_voided = fields.Boolean(
        string="Payment Voided",
        readonly=True,
        copy=False,
        help="The authorised payment was voided, or ran out, while the delivery is open. Stop or cancel the order.",
    )

    def _action_cancel(self):
        result = super()._action_cancel()
        self.env["shopify.order.void"]._close(self)
        self.filtered("shopify_order_id")._shopify_resolve_holds()
        return result


class ShopifyOrderVoid(models.AbstractModel):
    """Asks a person to stop or cancel; the question is withdrawn when the order is paid, cancelled or shipped."""

    _name = "shopify.order.void"
    _description = "Shopify Voided Payment"

    @api.model
    def _bring(self, instance, sale_order, order, before):
        """Ask when the payment was voided since the last look; withdraw what is over.

        :param before: the financial status that Odoo held
        """
        is_open = (
            order.financial_status in VOID
            and not order.is_cancelled
            and sale_order.state == "sale"
            and any(picking.state not in ("done", "cancel") for picking in sale_order.picking_ids)
        )
        if not is_open:
            self._close(sale_order)
        elif before not in VOID:
            self._ask(instance, sale_order, order)

    @api.model
    def _ask(self, instance, sale_order, order):
        sale_order.shopify_payment_voided = True
        text = self.env._(
            "Order %s: its payment was voided or ran out, and its delivery is open. Stop the delivery, or cancel the order.",
            order.name,
        )
        self.env["shopify.task"]._ask(instance, sale_order, CAUSE, text, kind=ACTIVITY)
        logs = self.env["shopify.log.line"]
        entry = logs._of_order(
            sale_order,
            process=self.env._("Payments"),
            cause=CAUSE,
            severity="error",
            message=text,
        )
        logs._log(instance, [entry])

    @api.model
    def _close(self, sale_orders):
        asked = sale_orders.filtered("shopify_payment_voided")
        if not asked:
            return
        asked.shopify_payment_voided = False
        asked.activity_unlink([ACTIVITY])
        self.env["shopify.log.line"]._resolve(records=asked, causes=[CAUSE])
