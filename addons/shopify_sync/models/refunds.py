"""Refunds of Shopify become credit notes, money paid back, returns and open quantities taken off (rules, section 15)."""

from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..mapping import digits, spread
from ..mapping.return_fees import FEE


class ShopifyRefunds(models.AbstractModel):
    """Settles each refund once: by its id there is at most one credit note."""

    _name = "shopify.refunds"
    _description = "Shopify Refunds"

    @api.model
    def _bring(self, instance, sale_order, order):
        """Settle the refunds of an order that are not settled yet.

        :param order: mapping.Order, Shopify's present state
        """
        rows = self._rows(instance, sale_order, order)
        self._drop_reversals(sale_order, order)
        for refund in order.refunds:
            row = rows[refund.shopify_id]
            self._watch_failure(instance, row, order, refund)
            if row.state == "failed" and row.move_id.state == "posted":  # a person has corrected the draft
                row.write({"state": "credited", "message": False})
            if row.state == "waiting" or (row.state == "failed" and not row.move_id):
                row.state, row.message = self._decide(instance, sale_order, row)
                if row.state == "credited":
                    self._settle(instance, row, order, refund)
            if row.state not in ("left_out", "edit") and sale_order.state != "cancel" and not refund.is_reversal:
                self._move_goods(instance, row, order, refund)
            if row.state == "credited":
                self._pay_back(instance, row, order, refund)
        waiting = [row for row in rows.values() if row.state == "to_confirm"]
        if waiting:
            self._log(
                instance,
                sale_order,
                "refund_to_confirm",
                "warning",
                self.env._(
                    "Order %s was refunded in Shopify. Create the credit note on the order, tab Shopify.", order.name
                ),
            )

    @api.model
    def _log(self, instance, sale_order, cause, severity, message):
        logs = self.env["shopify.log.line"]
        entry = logs._of_order(
            sale_order,
            process=self.env._("Refunds"),
            cause=cause,
            severity=severity,
            message=message,
        )
        logs._log(instance, [entry])

    @api.model
    def _watch_failure(self, instance, row, order, refund):
        """Money that never went back: said once. The units stay off the order, as Shopify has it."""
        failed = any(one.status in ("failure", "error") for one in refund.transactions)
        if row.state != "edit" or row.message or refund.moves_money or not failed:
            return
        row.message = self.env._("The money did not go back: the payment provider refused.")
        message = self.env._("Order %(order)s: %(reason)s", order=order.name, reason=row.message)
        self._log(instance, row.order_id, "refund_failed", "error", message)

    @api.model
    def _release(self, sale_order, order):
        """A refund whose money did not go back after all is an edit from now on: what it took off the deliveries is
        explained by the order's own quantities again. Comes before the lines are compared."""
        still = {refund.shopify_id: refund for refund in order.refunds if not refund.moves_money}
        lines = {line.shopify_line_id: line for line in sale_order.order_line if line.shopify_line_id}
        for row in sale_order.shopify_refund_ids:
            if row.shopify_id not in still or row.state not in ("waiting", "to_confirm", "reduced"):
                continue
            if row.goods_done:
                row.picking_ids.shopify_refund_id = False
                for item in still[row.shopify_id].lines:
                    line = lines.get(item.line_id)
                    if line:
                        line.shopify_cancelled_qty -= min(item.quantity, line.shopify_cancelled_qty)
            row.write({"state": "edit", "message": False, "goods_done": False})

    @api.model
    def _rows(self, instance, sale_order, order):
        """{refund id: shopify.order.refund}, made when missing, with Shopify's present figures."""
        known = {row.shopify_id: row for row in sale_order.shopify_refund_ids}
        to_create = []
        for refund in order.refunds:
            values = {
                "amount": float(refund.refunded),
                "pending": any(one.status in ("pending", "awaiting_response") for one in refund.transactions),
                "processed_at": refund.processed_at,
                "note": refund.note or False,
            }
            row = known.get(refund.shopify_id)
            if row:
                changed = {key: value for key, value in values.items() if row[key] != value}
                if changed:
                    row.write(changed)
            else:
                to_create.append(
                    {
                        **values,
                        "order_id": sale_order.id,
                        "instance_id": instance.id,
                        "shopify_id": refund.shopify_id,
                        "currency_id": sale_order.currency_id.id,
                        "state": "waiting" if refund.moves_money else "edit",
                    }
                )
        created = self.env["shopify.order.refund"].create(to_create)
        return {row.shopify_id: row for row in [*known.values(), *created]}

    @api.model
    def _decide(self, instance, sale_order, row):
        """(state, message) of a refund that moved money."""
        if instance.refund_policy == "leave_out":
            return "left_out", self.env._("The store leaves refunds out.")
        if row.pending:
            return "waiting", self.env._("The money is still on its way back.")
        if self._invoices(sale_order):
            if instance.refund_policy == "automatic":
                return "credited", False
            return "to_confirm", False
        workflow = sale_order.shopify_workflow_id
        if sale_order.state in ("draft", "sent") or (workflow.create_invoice and sale_order.state == "sale"):
            return "waiting", self.env._("The order is not invoiced yet.")
        if sale_order.state == "cancel":
            return "reduced", self.env._("The order is cancelled and was never invoiced: there is nothing to credit.")
        return "reduced", self.env._("The order was never invoiced: its quantities are reduced, nothing is credited.")

    @api.model
    def _invoices(self, sale_order):
        return sale_order.invoice_ids.filtered(
            lambda move: move.state == "posted" and move.move_type == "out_invoice"
        ).sorted("id")

    # Credit notes

    @api.model
    def _settle_by_hand(self, row):
        instance = row.instance_id._for_jobs()
        own = row.with_env(instance.env)
        handler = instance.env["shopify.handler.order"]
        order = handler._stored(instance, own.order_id).get(own.order_id.shopify_order_id)
        refund = next((one for one in order.refunds if one.shopify_id == own.shopify_id), None) if order else None
        if refund is None:
            raise UserError(self.env._("The order's data are not stored any more. Use 'Get again' on the order first."))
        model = self.with_env(instance.env)
        if not model._invoices(own.order_id):
            raise UserError(self.env._("The order is not invoiced; there is nothing to credit."))
        if own.pending:
            raise UserError(
                self.env._("The money is still on its way back; the credit note follows when it has arrived.")
            )
        own.state = "credited"
        if own.move_id.state == "draft":  # it differed from Shopify's figures; the person takes it as it is now
            own.move_id.action_post()
            own.message = False
        else:
            model._settle(instance, own, order, refund)
        if own.state == "credited":
            if not refund.is_reversal:
                model._move_goods(instance, own, order, refund)
            model._pay_back(instance, own, order, refund)

    @api.model
    def _settle(self, instance, row, order, refund):
        """Credit note, return and open quantities of one refund.

        The credit note is what the refund takes off the order. Money that is less pays only a part of it back (the rest
        was never paid); money without items pays back what was credited before.
        """
        sale_order = row.order_id
        stated = float(refund.value(order.taxes_included) + refund.rounding)
        compare = sale_order.currency_id.compare_amounts
        unexplained = compare(stated, float(refund.refunded + refund.rounding)) and any(
            item.name == "current_total" for item in order.differences
        )
        if not unexplained and (not (stated or refund.lines) or self._reversed_before(row, order, refund)):
            row.message = self.env._("Pays back what was credited before.")
            return
        move = self.env["account.move"].create(self._prepare_move(instance, row, order, refund))
        row.move_id = move
        if unexplained or compare(move.amount_total, stated):
            row.write(
                {
                    "state": "failed",
                    "message": self.env._(
                        "Credit note %(credit)s, refund lines %(lines)s, money given back %(money)s: it stays a draft.",
                        credit=move.amount_total,
                        lines=stated,
                        money=refund.refunded + refund.rounding,
                    ),
                }
            )
            message = self.env._("Order %(order)s: %(reason)s", order=order.name, reason=row.message)
            self._log(instance, sale_order, "refund_differs", "error", message)
            return
        move.action_post()
        row.state = "credited"

    @api.model
    def _prepare_move(self, instance, row, order, refund):
        sale_order = row.order_id
        invoice = self._invoices(sale_order)[0]
        day = (
            instance._local_date(refund.processed_at) if sale_order.shopify_workflow_id.force_accounting_date else False
        )
        return {
            "move_type": "out_refund",
            "partner_id": invoice.partner_id.id,
            "partner_shipping_id": invoice.partner_shipping_id.id,
            "currency_id": sale_order.currency_id.id,
            "journal_id": invoice.journal_id.id,
            "fiscal_position_id": invoice.fiscal_position_id.id,
            "invoice_date": day,
            "invoice_origin": sale_order.name,
            "invoice_payment_term_id": False,
            "ref": refund.note or self.env._("Refund of %s in Shopify", order.name),
            "reversed_entry_id": invoice.id,
            "shopify_instance_id": instance.id,
            "shopify_order_id": order.shopify_id,
            "shopify_order_name": order.name,
            "shopify_refund_id": refund.shopify_id,
            "invoice_line_ids": [
                Command.create(values) for values in self._prepare_lines(instance, sale_order, order, refund)
            ],
        }

    @api.model
    def _prepare_lines(self, instance, sale_order, order, refund):
        """Lines of the credit note: units, shipping, duties and adjustments, each with Shopify's own amounts."""
        sale_lines = {line.shopify_line_id: line for line in sale_order.order_line if line.shopify_line_id}
        rows = []
        for line in refund.lines:
            sale_line = sale_lines.get(line.line_id)
            name = sale_line.name if sale_line else self.env._("Item that is no longer on the order")
            product = sale_line.product_id if sale_line else instance.product_adjustment_id
            row = self._prepare_line(
                instance, sale_order, order, f"{line.line_id}", product, name, line.quantity, line.subtotal, line.tax
            )
            rows.append({**row, "sale_line_ids": [Command.link(sale_line.id)] if sale_line else []})
        for ship in refund.shipping:
            key = f"shipping/{ship.shipping_line_id}"
            sale_line = sale_lines.get(key)
            product = sale_line.product_id if sale_line else instance.product_shipping_id
            name = sale_line.name if sale_line else self.env._("Shipping")
            rows.append(self._prepare_line(instance, sale_order, order, key, product, name, 1, ship.subtotal, ship.tax))
        if refund.duties:
            rows.append(
                self._prepare_line(
                    instance,
                    sale_order,
                    order,
                    "duty",
                    instance.product_duty_id,
                    self.env._("Duties"),
                    1,
                    refund.duties,
                    Decimal(0),
                )
            )
        for item in refund.adjustments:
            if item.amount or item.tax:
                if item.reason == FEE:
                    name = self.env._("Return fee")
                else:
                    name = item.reason.replace("_", " ").capitalize() or self.env._("Refund adjustment")
                rows.append(
                    self._prepare_line(
                        instance,
                        sale_order,
                        order,
                        "adjustment",
                        instance.product_adjustment_id,
                        name,
                        1,
                        -item.amount,
                        -item.tax,
                    )
                )
        if refund.rounding:
            rows.append(
                self._prepare_line(
                    instance,
                    sale_order,
                    order,
                    "rounding",
                    instance.product_rounding_id,
                    self.env._("Cash rounding"),
                    1,
                    refund.rounding,
                    Decimal(0),
                )
            )
        return rows

    @api.model
    def _prepare_line(self, instance, sale_order, order, key, product, name, quantity, subtotal, tax):
        """One line of a credit note.

        :param subtotal: what is given back for it, with included taxes in it
        :param tax: the tax of it, spread over the taxes of the line it comes from
        """
        gross = subtotal if order.taxes_included else subtotal + tax
        if instance.tax_mode == "odoo":
            taxes = self._share_odoo_tax(sale_order, order, key, gross)
        else:
            taxes = self._share_tax(sale_order, order, key, tax)
        included = self.env["account.tax"].browse(taxes).filtered("price_include")
        inside = sum((taxes[one.id] for one in included), Decimal(0))
        if instance.tax_mode == "odoo":
            subtotal = gross - sum(taxes.values()) + inside
        elif tax and not taxes:  # a tax that no line carries stays visible as an amount
            subtotal = gross
        net = subtotal - inside
        adjuster = self.env["shopify.invoice.adjuster"]
        exact = adjuster._exact(
            sale_order,
            float(quantity),
            float(subtotal),
            float(net),
            {tax_id: float(amount) for tax_id, amount in taxes.items()},
        )
        values = {
            "product_id": product.id,
            "product_uom_id": product.uom_id.id,
            "name": name,
            "quantity": quantity,
            "shopify_line_id": key,
            **exact,
        }
        # every line of an order carries the same analytic account: the store's, or its rule's
        distribution = next(
            (line.analytic_distribution for line in sale_order.order_line if line.shopify_line_id), None
        )
        if distribution:
            values["analytic_distribution"] = distribution
        return values

    @api.model
    def _share_tax(self, sale_order, order, key, tax):
        """{Odoo tax id: amount} of a refunded tax, by what the line's taxes were after its discounts."""
        if not tax:
            return {}
        weights = defaultdict(Decimal)
        for line in sale_order.order_line:
            line_key = line.shopify_line_id or ""
            if line_key == key or line_key.startswith(f"{key}/discount/"):
                for tax_id, amounts in ((line.extra_tax_data or {}).get("manual_tax_amounts") or {}).items():
                    weights[int(tax_id)] += Decimal(str(amounts["tax_amount_currency"]))
        weights = {tax_id: weight for tax_id, weight in weights.items() if weight > 0}
        if not weights:
            return {}
        shares = spread(tax, list(weights.values()), digits(order.currency))
        return dict(zip(weights, shares, strict=True))
