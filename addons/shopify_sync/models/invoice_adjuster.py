"""Invoices and credit notes for what an order's lines have become since they were invoiced."""

from collections import defaultdict

from odoo import api, models
from odoo.fields import Command


class ShopifyInvoiceAdjuster(models.AbstractModel):
    """Compares, by Shopify's line id, what is invoiced with what the order says, and posts one document for the
    difference. A posted invoice is never changed."""

    _name = "shopify.invoice.adjuster"
    _description = "Shopify Invoice Adjuster"

    @api.model
    def _adjust(self, instance, sale_order, targets=None):
        """Post an invoice (more) or a credit note (less) for the difference; nothing when there is none or the order
        was never invoiced.

        :param targets: {Shopify line id: {quantity, net, taxes by tax id, values of a new line}} that shall be
            invoiced; None: what the order says. Lines without a target are credited.
        :return: account.move, maybe empty
        """
        invoices = self._invoices(sale_order)
        if not invoices:
            return invoices
        notes = self._credited_by_hand(sale_order)
        by_hand, unknown = self._of_hand(notes)
        invoiced = self._invoiced(invoices - notes)
        rows = []
        for line in sale_order.order_line.filtered("shopify_line_id"):
            found = invoiced.pop(line.shopify_line_id, None) or self._nothing()
            if targets is None:
                if self._waits_for_delivery(line, found["quantity"]):
                    continue
                target = self._target(line)
            else:
                target = targets.get(line.shopify_line_id) or self._nothing()
            row = self._difference(line, found, target)
            if row:
                rows.append({**row, "key": line.shopify_line_id})
        known = set(sale_order.order_line.mapped("shopify_line_id"))
        for key, target in (targets or {}).items():
            if key not in known:  # bought and given back before Odoo saw it
                line = self.env["sale.order.line"]
                found = invoiced.pop(key, None) or self._nothing()
                row = self._difference(line, found, target, sale_order.currency_id)
                if row and (row["net"] or any(row["taxes"].values())):  # units are counted by order line; it has none
                    rows.append({**row, "key": key, "values": {**target["values"], "shopify_line_id": key}})
        rows = [self._less_by_hand(row, by_hand.get(row["key"]), sale_order.currency_id) for row in rows]
        rows = [row for row in rows if row["quantity"] or row["net"] or any(row["taxes"].values())]
        total = sum(row["net"] + sum(row["taxes"].values()) for row in rows)
        if unknown and sale_order.currency_id.compare_amounts(total, 0) < 0:
            self._ask_person(instance, sale_order, notes, total)
            return self.env["account.move"]
        if not rows:
            return self.env["account.move"]
        sign = 1 if sale_order.currency_id.compare_amounts(total, 0) >= 0 else -1
        move = self.env["account.move"].create(self._prepare_move(instance, sale_order, invoices[0], rows, sign))
        move.action_post()
        sale_order.invalidate_recordset(["invoice_ids", "invoice_count"])  # a document over prices alone is one of them
        received = self.env["shopify.workflow"]._order_payments(sale_order)
        self.env["shopify.refunds"]._match(invoices + move + received)
        return move

    @api.model
    def _nothing(self):
        return {"quantity": 0.0, "net": 0.0, "taxes": {}}

    @api.model
    def _waits_for_delivery(self, line, invoiced):
        """The rest of the line is invoiced when it is delivered."""
        by_delivery = line.product_id.invoice_policy == "delivery" and line.product_id.type == "consu"
        return by_delivery and invoiced < line.product_uom_qty

    @api.model
    def _invoices(self, sale_order):
        """Posted invoices and adjusting credit notes of an order; those of refunds explain themselves."""
        moves = self.env["account.move"].search(
            [
                ("shopify_instance_id", "=", sale_order.shopify_instance_id.id),
                ("shopify_order_id", "=", sale_order.shopify_order_id),
                ("shopify_refund_id", "=", False),
                ("state", "=", "posted"),
                ("move_type", "in", ("out_invoice", "out_refund")),
            ],
            order="id",
        )
        return moves if moves.filtered(lambda move: move.move_type == "out_invoice") else moves.browse()

    @api.model
    def _credited_by_hand(self, sale_order):
        """Credit notes that a person made for the order's invoices."""
        notes = self.env["account.move"].search(
            [
                ("reversed_entry_id", "in", self._invoices(sale_order).ids),
                ("state", "=", "posted"),
                ("shopify_refund_id", "=", False),
            ]
        )
        return notes.filtered(lambda move: not any(move.invoice_line_ids.mapped("shopify_line_id")))

    @api.model
    def _of_hand(self, notes):
        """What people credited of each line: their credit notes are not touched, and nothing is credited twice.

        :return: ({Shopify line id: {quantity, net, taxes by tax id}}, all negative; whether something was credited that
            belongs to no line of the order)
        """
        sums, unknown = defaultdict(lambda: {"quantity": 0.0, "net": 0.0, "taxes": defaultdict(float)}), False
        for move in notes:
            for base in move._get_rounded_base_and_tax_lines()[0]:
                line = base["record"]
                key = line.sale_line_ids[:1].shopify_line_id
                if not key:
                    unknown = unknown or not move.currency_id.is_zero(line.price_total)
                    continue
                row, details = sums[key], base["tax_details"]
                row["quantity"] -= line.quantity
                row["net"] -= details["total_excluded_currency"] + details["delta_total_excluded_currency"]
                for tax in details["taxes_data"]:
                    row["taxes"][tax["tax"].id] -= tax["tax_amount_currency"]
        return sums, unknown

    @api.model
    def _less_by_hand(self, row, by_hand, currency):
        """A difference less what a person has credited of it already; what he credited beyond it stays his."""
        if not by_hand:
            return row

        def rest(due, done):
            left = due - done
            return left if due * done > 0 and due * left > 0 else 0.0 if due * done > 0 else due

        taxes = {
            tax_id: currency.round(rest(amount, by_hand["taxes"].get(tax_id, 0.0)))
            for tax_id, amount in row["taxes"].items()
        }
        net = currency.round(rest(row["net"], by_hand["net"]))
        return {**row, "quantity": rest(row["quantity"], by_hand["quantity"]), "net": net, "taxes": taxes}

    @api.model
    def _ask_person(self, instance, sale_order, notes, total):
        """A credit note made by hand may have credited this already; only a person knows."""
        logs = self.env["shopify.log.line"]
        entry = logs._of_order(
            sale_order,
            process=self.env._("Changes"),
            cause="credited_by_hand",
            severity="warning",
            message=self.env._(
                "Order %(order)s: its invoices are to be lowered by %(amount)s. Credit note %(notes)s was made by "
                "hand, and does not say for which lines, so nothing is credited by itself. Credit what is left, "
                "if anything.",
                order=sale_order.shopify_order_name,
                amount=sale_order.currency_id.format(-total),
                notes=", ".join(notes.mapped("name")),
            ),
        )
        logs._log(instance, [entry])

    @api.model
    def _balance(self, sale_order):
        """Invoices less adjusting credit notes, with taxes."""
        return sum(
            move.amount_total if move.move_type == "out_invoice" else -move.amount_total
            for move in self._invoices(sale_order)
        )

    @api.model
    def _invoiced(self, moves):
        """{Shopify line id: {quantity, net, taxes by tax id}} of posted documents, credit notes negative."""
        sums = defaultdict(lambda: {"quantity": 0.0, "net": 0.0, "taxes": defaultdict(float)})
        for line in moves.invoice_line_ids.filtered("shopify_line_id"):
            sign = 1 if line.move_id.move_type == "out_invoice" else -1
            row = sums[line.shopify_line_id]
            if line.sale_line_ids:
                row["quantity"] += sign * line.quantity
            row["net"] += sign * line.price_subtotal
            for tax_id, amounts in ((line.extra_tax_data or {}).get("manual_tax_amounts") or {}).items():
                row["taxes"][int(tax_id)] += sign * amounts["tax_amount_currency"]
        return sums

    @api.model
    def _target(self, line):
        """What the order says of a line."""
        if not line.product_uom_qty:
            return self._nothing()
        given = (line.extra_tax_data or {}).get("manual_tax_amounts") or {}
        taxes = {int(tax_id): amounts["tax_amount_currency"] for tax_id, amounts in given.items()}
        return {"quantity": line.product_uom_qty, "net": line.price_subtotal, "taxes": taxes}

    @api.model
    def _difference(self, line, invoiced, target, currency=None):
        """What one line must still be invoiced, or credited; None when nothing differs."""
        currency = currency or line.currency_id
        taxes = {
            tax_id: currency.round(target["taxes"].get(tax_id, 0.0) - invoiced["taxes"].get(tax_id, 0.0))
            for tax_id in {**target["taxes"], **invoiced["taxes"]}
        }
        net = currency.round(target["net"] - invoiced["net"])
        quantity = target["quantity"] - invoiced["quantity"]
        if not quantity and currency.is_zero(net) and not any(taxes.values()):
            return None
        return {"line": line, "quantity": quantity, "net": net, "taxes": taxes}

    @api.model
    def _prepare_move(self, instance, sale_order, invoice, rows, sign):
        return {
            "move_type": "out_invoice" if sign > 0 else "out_refund",
            "partner_id": invoice.partner_id.id,
            "partner_shipping_id": sale_order.partner_shipping_id.id,
            "currency_id": sale_order.currency_id.id,
            "journal_id": invoice.journal_id.id,
            "fiscal_position_id": invoice.fiscal_position_id.id,
            "invoice_origin": sale_order.name,
            "ref": self.env._("Changes of %s in Shopify", sale_order.shopify_order_name),
            "invoice_payment_term_id": False,
            "reversed_entry_id": invoice.id if sign < 0 else False,
            "shopify_instance_id": instance.id,
            "shopify_order_id": sale_order.shopify_order_id,
            "shopify_order_name": sale_order.shopify_order_name,
            "invoice_line_ids": [Command.create(self._prepare_line(sale_order, row, sign)) for row in rows],
        }

    @api.model
    def _prepare_line(self, sale_order, row, sign):
        """One line of the document. A line whose quantity is right and amount is not stands as one unit, unlinked, so
        that the invoiced quantity of the order line stays what it is."""
        line = row["line"]
        quantity = sign * row["quantity"] or 1.0
        if line and sale_order.shopify_instance_id.tax_mode == "odoo":  # its taxes have Odoo's own amounts
            exact = {"tax_ids": [Command.set(line.tax_ids.ids)], "discount": line.discount}
            exact["price_unit"] = line.price_unit if row["quantity"] else sign * row["net"]
        else:
            exact = self._exact_line(sale_order, row, sign, quantity)
        if not line:
            return {**row["values"], "quantity": quantity, **exact}
        return {
            "product_id": line.product_id.id,
            "product_uom_id": line.product_uom_id.id,
            "name": line.name,
            "quantity": quantity,
            "sale_line_ids": [Command.link(line.id)] if row["quantity"] else [],
            "shopify_line_id": line.shopify_line_id,
            "analytic_distribution": line.analytic_distribution,
            **exact,
        }

    @api.model
    def _exact_line(self, sale_order, row, sign, quantity):
        net, taxes = sign * row["net"], {tax_id: sign * value for tax_id, value in row["taxes"].items()}
        included = self.env["account.tax"].browse(taxes).filtered("price_include")
        price = net + sum(taxes[tax.id] for tax in included)
        return self._exact(sale_order, quantity, price, net, taxes)

    @api.model
    def _exact(self, sale_order, quantity, price, net, taxes):
        """Price and given tax amounts of an invoice line, exact to the cent.

        :param price: the whole line as priced (with included taxes); `net` without taxes; `taxes` by tax id
        """
        company_currency = sale_order.company_id.currency_id
        currency = sale_order.currency_id
        rate = sale_order.currency_rate or 1.0
        unit_price = price / quantity
        values = {
            "price_unit": unit_price,
            "discount": 0.0,
            "tax_ids": [Command.set([tax_id for tax_id, amount in taxes.items() if amount or net])],
        }
        kept = {tax_id: amount for tax_id, amount in taxes.items() if amount or net}
        if kept:
            values["extra_tax_data"] = {
                "currency_id": currency.id,
                "price_unit": unit_price,
                "discount": 0.0,
                "quantity": quantity,
                "rate": rate,
                "manual_total_excluded_currency": net,
                "manual_total_excluded": company_currency.round(net / rate),
                "manual_tax_amounts": {
                    str(tax_id): {
                        "tax_amount_currency": amount,
                        "tax_amount": company_currency.round(amount / rate),
                        "base_amount_currency": net,
                        "base_amount": company_currency.round(net / rate),
                    }
                    for tax_id, amount in kept.items()
                },
            }
        return values
