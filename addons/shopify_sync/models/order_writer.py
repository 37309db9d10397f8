"""Values of Odoo's records for mapped orders: order, lines, payments, risks. Nothing is searched here."""

from odoo import api, models
from odoo.fields import Command
from odoo.tools import plaintext2html

from ..mapping import digits
from ..mapping.totals import Difference
from .resolve_product import key_of


class ShopifyOrderWriter(models.AbstractModel):
    """Turns a `mapping.Order` and what was resolved for its batch into values."""

    _name = "shopify.order.writer"
    _description = "Shopify Order Writer"

    @api.model
    def _prepare_order(self, instance, order, resolved):
        """Values of a new sale order with all its lines."""
        parties = resolved.parties[order.shopify_id]
        rules = resolved.rules[order.shopify_id]
        currency = resolved.currencies[order.currency]
        resolver = self.env["shopify.resolve.order"]
        location, warehouse = resolver._warehouse(instance, order, resolved)
        workflow = resolved.workflow(order, order.gateways.main)
        line = resolved.status_line(order, order.gateways.main)
        term, _note = resolver._payment_term(order, resolved)
        term = term or (line.payment_term_id if line else None)
        carrier = next(
            (
                resolved.carriers[key]
                for key in (
                    (item.shipping_code or item.title, item.shipping_source)
                    for item in order.lines
                    if item.kind == "shipping"
                )
                if key in resolved.carriers
            ),
            None,
        )
        values = {
            **self._prepare_header(instance, order, resolved),
            "company_id": instance.company_id.id,
            "shopify_instance_id": instance.id,
            "shopify_order_id": order.shopify_id,
            "partner_id": parties.customer.id,
            "partner_invoice_id": parties.invoice.id,
            "partner_shipping_id": parties.delivery.id,
            "pricelist_id": instance._pricelist_for(currency).id,
            "currency_id": currency.id,
            "date_order": order.processed_at,
            "warehouse_id": warehouse.id,
            "shopify_location_id": location.id if location else False,
            "picking_policy": workflow.picking_policy,
            "payment_term_id": term.id if term else False,
            "user_id": instance.user_id.id,
            "team_id": (rules.team_id[-1:] or instance.team_id).id,
            "client_order_ref": order.po_number or False,
            "tag_ids": [Command.set([*(resolved.tags[tag] for tag in order.tags), *rules.tag_ids.ids])],
            "shopify_workflow_id": workflow.id,
            "shopify_order_status": order.order_status,
            "shopify_first_state_at": order.updated_at,
            "shopify_rule_tag": instance._rule_tag(order.tags) or False,
            "shopify_currency_mode": instance.currency_mode,
            "require_signature": False,
            "require_payment": False,
            "validity_date": False,
            "carrier_id": carrier.id if carrier else False,
            "order_line": self._prepare_lines(instance, order, resolved, currency),
        }
        values["shopify_written"] = self.env["shopify.order.by.hand"]._written(values["order_line"])
        contacts = {"delivery": parties.delivery, "invoice": parties.invoice}
        values["shopify_addresses"] = self.env["shopify.order.addresses"]._chosen(order, contacts)
        values["shopify_details"] = self.env["shopify.order.details"]._said(instance, order)
        if not instance.use_odoo_sequence:
            values["name"] = f"{instance.order_prefix or ''}{order.name}"
        if not instance.use_odoo_terms:
            values["note"] = self._note_html(order)
        return values

    @api.model
    def _note_text(self, order):
        parts = [order.note]
        if order.is_pickup:
            parts.append(self.env._("Pickup: %s", order.pickup_name or self.env._("in the store")))
        return "\n".join(filter(None, parts))

    @api.model
    def _note_html(self, order):
        text = self._note_text(order)
        return plaintext2html(text) if text else False

    @api.model
    def _prepare_header(self, instance, order, resolved):
        """What Shopify states of the order and may change later."""
        shop, customer = order.total_pair.shop, order.total_pair.customer
        return {
            "shopify_order_name": order.name,
            "shopify_confirmation_number": order.confirmation_number or False,
            "shopify_created_at": order.created_at,
            "shopify_updated_at": order.updated_at,
            "shopify_closed_at": order.closed_at or False,
            "shopify_cancelled_at": order.cancelled_at or False,
            "shopify_cancel_reason": order.cancel_reason or False,
            "shopify_gateway_ids": [Command.set([resolved.gateways[code].id for code in order.gateways.codes])],
            "shopify_financial_status": order.financial_status,
            "shopify_source": order.source or False,
            "shopify_channel": order.channel or False,
            "shopify_is_pos": order.is_pos,
            "shopify_is_pickup": order.is_pickup,
            "shopify_is_b2b": order.company is not None,
            "shopify_is_test": order.test,
            "shopify_service_units": self._service_units(order, resolved),
            "shopify_checkout_ref": order.checkout_ref or False,
            "shopify_discount_codes": ", ".join(order.discount_codes) or False,
            "shopify_tags": ", ".join(order.tags) or False,
            "shopify_attributes": "\n".join(f"{key}: {value}" for key, value in order.attributes) or False,
            "shopify_shop_currency_id": resolved.currencies[shop.currency].id,
            "shopify_shop_total": float(shop.amount),
            "shopify_customer_currency_id": resolved.currencies[customer.currency].id,
            "shopify_customer_total": float(customer.amount),
            **self._prepare_totals(instance, order),
            **self._prepare_risk(instance, order),
        }

    @api.model
    def _service_units(self, order, resolved):
        """Open units that fulfilment services ship: {Shopify line id: {location's id: units}}."""
        found = {}
        for line, ident, units in order.open_units:
            location = resolved.locations.get(ident)
            if location and location.kind == "service":
                found.setdefault(line, {})[str(location.id)] = units
        return found or False

    # Totals

    @api.model
    def _prepare_totals(self, instance, order):
        """Control of totals as far as Shopify's own document goes; Odoo's sums are compared after the order is made."""
        state, difference = self._total_state(instance, order)
        return {
            "shopify_total": float(order.totals.total),
            "shopify_tax_total": float(order.totals.tax),
            "shopify_total_state": state,
            "shopify_total_difference": float(difference),
            "shopify_total_note": self._total_note(order) or False,
        }

    @api.model
    def _total_state(self, instance, order):
        """('ok' | 'rounded' | 'differs', difference of the grand total)."""
        tolerance = instance.total_tolerance
        by_name = {item.name: item.amount for item in order.differences}
        total = by_name.get("total", 0)
        if abs(total) > tolerance or abs(by_name.get("subtotal", 0)) > tolerance:
            return "differs", total or by_name.get("subtotal", 0)
        return ("rounded" if total else "ok"), total

    @api.model
    def _total_note(self, order):
        """Shopify's figures and what its lines add up to, line by line."""
        if not order.differences:
            return ""
        places = digits(order.currency)
        labels = {
            "total": self.env._("Total"),
            "tax": self.env._("Taxes"),
            "subtotal": self.env._("Subtotal"),
            "current_total": self.env._("Current total"),
        }
        rows = [
            self.env._(
                "%(figure)s: Shopify states %(stated)s, its lines add up to %(counted)s (difference %(difference)s)",
                figure=labels[item.name],
                stated=f"{item.stated:.{places}f}",
                counted=f"{item.counted:.{places}f}",
                difference=f"{item.amount:.{places}f}",
            )
            for item in order.differences
        ]
        rows += [
            f"{line.quantity} x {line.title}: {line.net:.{places}f} + "
            f"{sum(tax.amount for tax in line.taxes):.{places}f} = {line.gross:.{places}f}"
            for line in order.lines
        ]
        return "\n".join(rows)

    @api.model
    def _prepare_risk(self, instance, order):
        return {
            "shopify_risk_state": order.risk.state(instance.risk_hold_from),
            "shopify_risk_level": order.risk.level,
            "shopify_risk_recommendation": order.risk.recommendation,
            "shopify_risk_ids": [
                Command.clear(),
                *(
                    Command.create(
                        {
                            "provider": fact.provider,
                            "level": fact.level,
                            "fact": fact.description,
                            "sentiment": fact.sentiment or "neutral",
                        }
                    )
                    for fact in order.risk.facts
                    if fact.description or fact.level != "none"
                ),
            ],
        }

    # Lines

    @api.model
    def _prepare_lines(self, instance, order, resolved, currency):
        """Commands for all lines, in Shopify's order; amounts as Shopify states them."""
        rate = self._rate(instance, order, currency)
        commands, sequence = [], 10
        for line in order.lines:
            if order.is_pickup and line.kind == "shipping" and not line.unit_price:
                continue  # a pickup has a shipping line only when Shopify charges for it
            commands.append(
                Command.create(self._prepare_line(instance, order, line, resolved, currency, rate, sequence))
            )
            sequence += 1
        state, difference = self._total_state(instance, order)
        if state == "rounded":
            commands.append(Command.create(self._prepare_rounding(instance, difference, sequence)))
        return commands

    @api.model
    def _rate(self, instance, order, currency):
        """How many units of the order's currency one unit of the company's currency is, on the order's day."""
        company = instance.company_id
        if currency == company.currency_id:
            return 1.0
        return self.env["res.currency"]._get_conversion_rate(
            company.currency_id, currency, company, order.processed_at.date()
        )

    @api.model
    def _prepare_line(self, instance, order, line, resolved, currency, rate, sequence):
        product = self._product(instance, line, resolved)
        price = float(line.unit_price)
        values = {
            "sequence": sequence,
            "product_id": product.id,
            "product_uom_id": product.uom_id.id,
            "name": self._line_text(line, product if product != instance.product_placeholder_id else None),
            "product_uom_qty": line.quantity,
            "price_unit": price,
            # another price than the line's tells Odoo that it is not from a pricelist and must never be recomputed
            "technical_price_unit": price - 1,
            "discount": 0.0,
            "customer_lead": 0.0,
            "is_delivery": line.kind == "shipping",
            "shopify_line_id": line.key,
            "shopify_line_type": line.kind,
            "shopify_title": line.title,
            "shopify_requires_shipping": line.requires_shipping,
        }
        analytic = self._analytic_account(instance, resolved.rules[order.shopify_id])
        if analytic:
            values["analytic_distribution"] = {str(analytic.id): 100}
        if instance.multi_warehouse and order.line_locations and not instance._rule_tag(order.tags):
            warehouses = self.env["shopify.resolve.order"]._line_warehouses(order, resolved)
            values["shopify_warehouse_id"] = warehouses[line.key].id if line.key in warehouses else False
        if instance.tax_mode == "shopify":
            values.update(self._prepare_taxes(line, resolved, currency, rate, instance.company_id.currency_id))
        return values

    @api.model
    def _analytic_account(self, instance, rules):
        """The last fitting rule's analytic account, else the store's."""
        return rules.analytic_account_id[-1:] or instance.analytic_account_id

    @api.model
    def _product(self, instance, line, resolved):
        """The Odoo product of a line: the catalogue's, else the store's default product of its kind."""
        if line.kind == "product":
            found = resolved.products.found.get(key_of(line))
            if found:
                return found
            if line.variant_id:
                return instance.product_placeholder_id
            return instance._line_product("custom", line.requires_shipping)
        if line.kind == "shipping":
            carrier = resolved.carriers.get((line.shipping_code or line.title, line.shipping_source))
            if carrier:
                return carrier.product_id
        return instance._line_product(line.kind, line.requires_shipping)

    @api.model
    def _line_text(self, line, product):
        """What the line is called: Odoo's name for products, Shopify's text for everything else; then its properties.

        :param product: the catalogue's product; None for a placeholder, which says nothing of the goods
        """
        if line.kind == "product" and product and line.variant_id:
            text = product.display_name
            if product.default_code:
                text = text.removeprefix(f"[{product.default_code}] ")
        else:
            text = line.title
            if line.variant_title and line.kind in ("product", "custom"):
                text = f"{text} - {line.variant_title}"
            if line.sku and line.kind in ("product", "custom"):
                text = f"{text} [{line.sku}]"
        if line.group:
            text = f"{text} ({line.group})"
        return "\n".join([text, *(f"{key}: {value}" for key, value in line.properties)])

    @api.model
    def _prepare_taxes(self, line, resolved, currency, rate, company_currency):
        """Taxes and Shopify's own amounts, in the form that Odoo's tax engine takes given amounts
        (`account.tax._import_base_line_extra_tax_data`)."""
        key_of_tax = self.env["shopify.tax.mapping"]._key_of
        amounts = {}
        for tax in line.taxes:
            odoo_tax = resolved.taxes[key_of_tax(tax.key)]
            amounts[odoo_tax.id] = amounts.get(odoo_tax.id, 0) + tax.amount
        values = {"tax_ids": [Command.set(list(amounts))]}
        if amounts:
            net = float(line.net)
            company_net = company_currency.round(net / rate)
            values["extra_tax_data"] = {
                "currency_id": currency.id,
                "price_unit": float(line.unit_price),
                "discount": 0.0,
                "quantity": float(line.quantity),
                "rate": rate,
                "manual_total_excluded_currency": net,
                "manual_total_excluded": company_net,
                "manual_tax_amounts": {
                    str(tax_id): {
                        "tax_amount_currency": float(amount),
                        "tax_amount": company_currency.round(float(amount) / rate),
                        "base_amount_currency": net,
                        "base_amount": company_net,
                    }
                    for tax_id, amount in amounts.items()
                },
            }
        return values

    @api.model
    def _prepare_rounding(self, instance, difference, sequence):
        return {
            "sequence": sequence,
            "product_id": instance.product_rounding_id.id,
            "name": self.env._("Rounding difference to Shopify's total"),
            "product_uom_qty": 1,
            "price_unit": float(difference),
            "technical_price_unit": float(difference) - 1,
            "customer_lead": 0.0,
            "tax_ids": [Command.clear()],
            "shopify_line_id": "rounding_difference",
            "shopify_line_type": "rounding",
        }

    @api.model
    def _compare(self, sale_order, order):
        """Odoo's sums against Shopify's: the last word on every imported order.

        :return: the differences that Odoo itself made; none when every line took its given amounts
        """
        currency = sale_order.currency_id
        pairs = (
            ("total", float(order.totals.total), sale_order.amount_total),
            ("tax", float(order.totals.tax), sale_order.amount_tax),
        )
        return [
            Difference(name, stated, counted)
            for name, stated, counted in pairs
            if currency.compare_amounts(stated, counted)
        ]

    # Payments

    @api.model
    def _prepare_payments(self, instance, sale_order, order, resolved):
        """One row a successful transaction, with the workflow of its own gateway."""
        known = set(sale_order.shopify_payment_ids.mapped("transaction_id"))
        rows = []
        for payment in order.payments:
            if payment.transaction_id in known:
                continue
            # a transaction without a gateway name belongs to the order's main gateway
            code = payment.gateway if payment.gateway in order.gateways.codes else order.gateways.main
            rows.append(
                {
                    "order_id": sale_order.id,
                    "instance_id": instance.id,
                    "gateway_id": resolved.gateways[code].id,
                    "workflow_id": (resolved.workflow(order, code) or sale_order.shopify_workflow_id).id,
                    "transaction_id": payment.transaction_id,
                    "kind": payment.kind,
                    "currency_id": sale_order.currency_id.id,
                    "amount": float(payment.amount),
                    "processed_at": payment.processed_at or order.processed_at,
                    "is_test": payment.test,
                }
            )
        return rows
