"""Refunds of Shopify become credit notes, money paid back, returns and open quantities taken off (rules, section 15)."""

from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..mapping import digits, spread


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
        for refund in order.refunds:
            row = rows[refund.shopify_id]
            if row.state in ("waiting", "failed"):
                row.state, row.message = self._decide(instance, sale_order, refund)
            if row.state == "credited" and not row.move_id:
                self._settle(instance, row, order, refund)
            elif row.state == "reduced":
                self._take_off(sale_order, order, refund)
            if row.move_id:
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
        self.env["shopify.log.line"]._log(
            instance,
            [
                {
                    "process": self.env._("Refunds"),
                    "cause": cause,
                    "severity": severity,
                    "message": message,
                    "order_ref": sale_order.shopify_order_name,
                    "record_key": f"order:{sale_order.shopify_order_id}",
                    "res_model": "sale.order",
                    "res_id": sale_order.id,
                    "fix_action": "order",
                    "fix_context": {"res_id": sale_order.id},
                }
            ],
        )

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
    def _decide(self, instance, sale_order, refund):
        """(state, message) of a refund that moved money."""
        if instance.refund_policy == "leave_out":
            return "left_out", self.env._("The store leaves refunds out.")
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
        own.state = "credited"
        model._settle(instance, own, order, refund)
        model._pay_back(instance, own, order, refund)

    @api.model
    def _settle(self, instance, row, order, refund):
        """Credit note, return and open quantities of one refund."""
        sale_order = row.order_id
        move = self.env["account.move"].create(self._prepare_move(instance, row, order, refund))
        row.move_id = move
        stated = float(refund.value(order.taxes_included))
        wrong = sale_order.currency_id.compare_amounts(move.amount_total, stated)
        if wrong or (sale_order.currency_id.compare_amounts(stated, float(refund.refunded)) and not row.pending):
            row.write(
                {
                    "state": "failed",
                    "message": self.env._(
                        "Credit note %(credit)s, refund lines %(lines)s, money given back %(money)s: it stays a draft.",
                        credit=move.amount_total,
                        lines=stated,
                        money=refund.refunded,
                    ),
                }
            )
            message = self.env._("Order %(order)s: %(reason)s", order=order.name, reason=row.message)
            self._log(instance, sale_order, "refund_differs", "error", message)
            return
        move.action_post()
        row.state = "credited"
        self._move_goods(instance, row, order, refund)

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
        return rows

    @api.model
    def _prepare_line(self, instance, sale_order, order, key, product, name, quantity, subtotal, tax):
        """One line of a credit note.

        :param subtotal: what is given back for it, with included taxes in it
        :param tax: the tax of it, spread over the taxes of the line it comes from
        """
        taxes = self._share_tax(sale_order, order, key, tax)
        included = self.env["account.tax"].browse(taxes).filtered("price_include")
        inside = sum((taxes[one.id] for one in included), Decimal(0))
        if tax and not taxes:  # a tax that no line carries stays visible as an amount
            subtotal = subtotal if order.taxes_included else subtotal + tax
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
        if instance.analytic_account_id:
            values["analytic_distribution"] = {str(instance.analytic_account_id.id): 100}
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

    # Goods

    @api.model
    def _move_goods(self, instance, row, order, refund):
        """Return transfers for what came back; open deliveries shrink by what will not be sent."""
        sale_order = row.order_id
        lines = {line.shopify_line_id: line for line in sale_order.order_line if line.shopify_line_id}
        back = defaultdict(float)
        for item in refund.lines:
            line = lines.get(item.line_id)
            if not line or line.product_id.type != "consu":
                continue
            kept_back = self._shrink(line, item.quantity, self._still_to_ship(line, order))
            if item.restock in ("return", "legacy_restock"):
                back[line] += min(item.quantity - kept_back, line.qty_delivered)
        back = {line: units for line, units in back.items() if units > 0}
        back = self._less_returned_by_hand(row, back)
        if back and instance.return_create:
            row.picking_ids += self.env["shopify.returns"]._return(
                instance,
                sale_order,
                back,
                validate=instance.return_validate,
                refund_id=refund.shopify_id,
                location=instance.return_location_id or None,
            )

    @api.model
    def _still_to_ship(self, line, order):
        """Units of a line that Shopify still wants shipped, less those Odoo shipped and Shopify does not know of."""
        wanted = next((one.unfulfilled for one in order.lines if one.line_id == line.shopify_line_id), 0)
        told = sum(
            units
            for fulfillment in order.fulfillments
            for line_id, units in fulfillment.units
            if line_id == line.shopify_line_id
        )
        return max(wanted - max(line.qty_delivered - told, 0), 0)

    @api.model
    def _shrink(self, line, units, to_ship):
        """Take refunded units that will not be shipped off the open deliveries.

        :return: the units taken off; the others had been shipped
        """
        moves = line.move_ids.filtered(
            lambda move: move.state not in ("done", "cancel") and move.location_dest_id.usage == "customer"
        )
        left = min(units, sum(moves.mapped("product_uom_qty")) - to_ship)
        taken = 0
        for move in moves:
            off = min(left, move.product_uom_qty)
            if off <= 0:
                break
            left -= off
            taken += off
            if off == move.product_uom_qty:
                move._action_cancel()
            else:
                move.product_uom_qty -= off
        line.shopify_cancelled_qty += taken
        return taken

    @api.model
    def _take_off(self, sale_order, order, refund):
        """Quantities of an order that was never invoiced, less what was refunded."""
        if sale_order.state == "cancel":
            return
        taken = set((sale_order.shopify_reduced_ref or "").split(","))
        if refund.shopify_id in taken:
            return
        lines = {line.shopify_line_id: line for line in sale_order.order_line if line.shopify_line_id}
        for item in refund.lines:
            line = lines.get(item.line_id)
            if line:
                self._shrink(line, item.quantity, self._still_to_ship(line, order))
        sale_order.shopify_reduced_ref = ",".join(filter(None, [*taken, refund.shopify_id]))

    # Money

    @api.model
    def _pay_back(self, instance, row, order, refund):
        """Register each successful refund transaction once, in the journal of its gateway's workflow, and match it
        with the credit note; what is left of the credit note is matched with an open invoice."""
        if row.move_id.state != "posted":
            return
        if instance.refund_register_payment:
            self._register_payments(instance, row, order, refund)
        payments = row.order_id.shopify_payment_ids.filtered(lambda one: one.refund_id == row).payment_id
        invoices = self._invoices(row.order_id).filtered("amount_residual")
        for others in (payments.move_id, invoices):
            lines = (row.move_id + others).line_ids.filtered(
                lambda line: line.account_id.account_type == "asset_receivable" and not line.reconciled
            )
            for of_account in lines.grouped("account_id").values():
                if len(of_account.move_id) > 1 and row.move_id in of_account.move_id:
                    of_account.reconcile()

    @api.model
    def _register_payments(self, instance, row, order, refund):
        payments = self.env["shopify.order.payment"]
        known = set(
            payments.search([("order_id", "=", row.order_id.id), ("kind", "=", "refund")]).mapped("transaction_id")
        )
        paid = {one.transaction_id: one for one in row.order_id.shopify_payment_ids}
        for item in refund.transactions:
            if item.status != "success" or not item.amount or item.transaction_id in known:
                continue
            source = (
                paid.get(item.parent_id)
                or row.order_id.shopify_payment_ids.filtered(
                    lambda one, code=item.gateway: one.gateway_id.code == code
                )[:1]
            )
            gateway = (
                source.gateway_id or self.env["shopify.payment.gateway"]._ensure(instance, [item.gateway])[item.gateway]
            )
            line = payments.create(
                {
                    "order_id": row.order_id.id,
                    "instance_id": instance.id,
                    "gateway_id": gateway.id,
                    "workflow_id": (source.workflow_id or row.order_id.shopify_workflow_id).id,
                    "transaction_id": item.transaction_id,
                    "kind": "refund",
                    "currency_id": row.currency_id.id,
                    "amount": float(item.amount),
                    "processed_at": item.processed_at or refund.processed_at,
                    "refund_id": row.id,
                }
            )
            if line.workflow_id.register_payment and not source.is_test and not self._paid_by_hand(row, line):
                line.payment_id = self.env["account.payment"].create(self._prepare_payment(instance, line, row))
                line.registered = True
                line.payment_id.action_post()

    @api.model
    def _prepare_payment(self, instance, line, row):
        journal = line.workflow_id.payment_journal_id
        return {
            "payment_type": "outbound",
            "partner_type": "customer",
            "partner_id": row.move_id.commercial_partner_id.id,
            "amount": line.amount,
            "currency_id": line.currency_id.id,
            "date": instance._local_date(line.processed_at),
            "journal_id": journal.id,
            "payment_method_line_id": journal.outbound_payment_method_line_ids[:1].id,
            "memo": f"{row.order_id.shopify_order_name} {line.gateway_id.name}",
            "payment_reference": line.transaction_id,
            "shopify_instance_id": instance.id,
            "shopify_payment_id": line.id,
            "shopify_transaction_id": line.transaction_id,
        }
