"""Orders cancelled in Shopify after they were imported (rules, section 14)."""

from odoo import api, models


class ShopifyOrderCancel(models.AbstractModel):
    """Brings a cancellation to the sale order, its deliveries and its unpaid invoices."""

    _name = "shopify.order.cancel"
    _description = "Shopify Order Cancellation"

    @api.model
    def _bring(self, instance, sale_order, order, outcome):
        """Cancel what can be cancelled; what was shipped is flagged, never undone. Twice changes nothing."""
        if order.is_cancelled and sale_order.shopify_cancel_state in ("asked", "failed"):
            self.env["shopify.handler.cancel"]._confirm(instance, sale_order, order.cancelled_at, order.cancel_reason)
        if not order.is_cancelled or sale_order.state == "cancel":
            return
        done = sale_order.picking_ids.filtered(
            lambda picking: picking.state == "done" and picking.picking_type_code == "outgoing"
        )
        if sale_order.state in ("draft", "sent") or not done:
            sale_order.with_context(disable_cancel_warning=True)._action_cancel()
            self._credit_unpaid(instance, sale_order, order, outcome)
        elif not all(done.mapped("shopify_cancelled_while_shipped")):
            self._flag_shipped(sale_order, order, done, outcome)
        else:
            return
        sale_order._message_log(
            body=self.env._(
                "Cancelled in Shopify on %(date)s, reason: %(reason)s. %(note)s",
                date=order.cancelled_at,
                reason=order.cancel_reason or "-",
                note=order.staff_note,
            )
        )

    @api.model
    def _flag_shipped(self, sale_order, order, done, outcome):
        """The parcel is out: the open rest is cancelled, the shipped part is flagged with an activity."""
        rest = sale_order.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))
        rest.action_cancel()
        done.shopify_cancelled_while_shipped = True
        text = self.env._(
            "Order %s was cancelled in Shopify after this was shipped. Stop the parcel if you can.", order.name
        )
        for picking in done:
            picking.activity_schedule("mail.mail_activity_data_todo", summary=text)
        outcome.note(
            "cancelled_while_shipped", text, severity="error", fix_action="order", fix_context={"res_id": sale_order.id}
        )

    @api.model
    def _credit_unpaid(self, instance, sale_order, order, outcome):
        """A posted invoice nobody paid is credited, by itself or after a person's word; paid ones wait for their
        refunds."""
        invoices = sale_order.invoice_ids.filtered(
            lambda move: (
                move.state == "posted"
                and move.move_type == "out_invoice"
                and move.payment_state == "not_paid"
                and move.amount_total
            )
        )
        if not invoices or order.payments:
            return
        if instance.change_policy == "ask":
            outcome.note(
                "cancelled_invoice_open",
                self.env._(
                    "Order %(order)s was cancelled in Shopify; its invoice %(invoice)s is open. Credit it.",
                    order=order.name,
                    invoice=", ".join(invoices.mapped("name")),
                ),
                fix_action="order",
                fix_context={"res_id": sale_order.id},
            )
            return
        reversals = invoices._reverse_moves(
            [{"ref": self.env._("Cancelled in Shopify: %s", order.name), "date": move.date} for move in invoices],
            cancel=True,
        )
        reversals.write(
            {
                "shopify_instance_id": instance.id,
                "shopify_order_id": order.shopify_id,
                "shopify_order_name": order.name,
            }
        )
