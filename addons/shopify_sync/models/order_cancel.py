"""Orders cancelled in Shopify after they were imported (rules, section 14)."""

from odoo import api, models


class ShopifyOrderCancel(models.AbstractModel):
    """Brings a cancellation to the sale order, its deliveries and its invoices."""

    _name = "shopify.order.cancel"
    _description = "Shopify Order Cancellation"

    @api.model
    def _bring(self, instance, sale_order, order, left, resolved, outcome):
        """Cancel what can be cancelled; what was shipped is flagged, never undone. Twice changes nothing.

        :param left: the order as what is left of it, when it was invoiced; else None
        """
        if not order.is_cancelled:
            return
        if sale_order.shopify_cancel_state in ("asked", "failed"):
            self.env["shopify.handler.cancel"]._confirm(instance, sale_order, order.cancelled_at, order.cancel_reason)
        if left:
            self._credit_rest(instance, sale_order, left, resolved, outcome)
        else:  # nothing was invoiced: what an edit asked has no consequence any more
            self.env["shopify.order.changes"]._settled(sale_order)
        if sale_order.state == "cancel":
            return
        done = sale_order.picking_ids.filtered(
            lambda picking: picking.state == "done" and picking.picking_type_code == "outgoing"
        )
        if sale_order.state in ("draft", "sent") or not done:
            sale_order.with_context(disable_cancel_warning=True)._action_cancel()
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
        done._shopify_ask_stop(text)
        outcome.note(
            "cancelled_while_shipped", text, severity="error", fix_action="order", fix_context={"res_id": sale_order.id}
        )

    @api.model
    def _credit_rest(self, instance, sale_order, left, resolved, outcome):
        """What was invoiced and is not owed any more is credited, by itself or after a person's word. What Shopify gave
        back in money is left to the refunds, which have credit notes of their own."""
        adjuster, changes = self.env["shopify.invoice.adjuster"], self.env["shopify.order.changes"]
        if adjuster._credited_by_hand(sale_order):
            changes._settled(sale_order)
            return
        if instance.change_policy == "automatic":
            self._settle_rest(instance, sale_order, left, resolved)
            changes._settled(sale_order)
            return
        currency = sale_order.currency_id
        invoiced, owed = adjuster._balance(sale_order), sum(float(line.gross) for line in left.lines)
        tolerance = instance.total_tolerance if instance.tax_mode == "odoo" else 0
        if currency.compare_amounts(abs(invoiced - owed), tolerance) <= 0:
            changes._settled(sale_order)
            return
        row = {"key": "invoices", "title": self.env._("Invoices and credit notes, without those of refunds")}
        row |= {"odoo": currency.format(invoiced), "shopify": currency.format(owed)}
        if not changes._keep(sale_order, [row]):
            return
        outcome.note(
            "cancelled_invoice_open",
            self.env._(
                "Order %(order)s was cancelled in Shopify: %(invoiced)s are invoiced (%(invoice)s), and Shopify charges "
                "%(owed)s before refunds. Apply the difference on the order, or ignore it.",
                order=left.name,
                invoiced=row["odoo"],
                owed=row["shopify"],
                invoice=", ".join(adjuster._invoices(sale_order).mapped("name")),
            ),
            fix_action="order",
            fix_context={"res_id": sale_order.id},
        )

    @api.model
    def _settle_rest(self, instance, sale_order, left, resolved):
        """Credit, or invoice, what makes the invoices what is left of the order."""
        if instance.tax_mode == "shopify":
            targets = {line.key: self._target(instance, left, line, resolved) for line in left.lines}
        else:
            targets = self._targets_of_odoo(sale_order, left)
        self.env["shopify.invoice.adjuster"]._adjust(instance, sale_order, targets)

    @api.model
    def _targets_of_odoo(self, sale_order, left):
        """What shall be invoiced where Odoo computes the taxes: each line's share of its units."""
        units = {line.key: float(line.quantity) for line in left.lines}
        return {
            line.shopify_line_id: {
                "quantity": units[line.shopify_line_id],
                "net": line.price_subtotal * units[line.shopify_line_id] / line.product_uom_qty,
                "taxes": {},
                "values": {},
            }
            for line in sale_order.order_line
            if line.shopify_line_id in units and line.product_uom_qty
        }

    @api.model
    def _target(self, instance, order, line, resolved):
        """What shall be invoiced of a `mapping.Line`, for the adjuster."""
        key_of_tax = self.env["shopify.tax.mapping"]._key_of
        taxes = {}
        for tax in line.taxes:
            odoo_tax = resolved.taxes[key_of_tax(tax.key)]
            taxes[odoo_tax.id] = taxes.get(odoo_tax.id, 0.0) + float(tax.amount)
        writer = self.env["shopify.order.writer"]
        product = writer._product(instance, line, resolved)
        values = {"product_id": product.id, "product_uom_id": product.uom_id.id, "name": line.title}
        analytic = writer._analytic_account(instance, resolved.rules[order.shopify_id])
        if analytic:
            values["analytic_distribution"] = {str(analytic.id): 100}
        return {"quantity": float(line.quantity), "net": float(line.net), "taxes": taxes, "values": values}
