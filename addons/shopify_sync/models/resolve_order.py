"""What orders need beside customers and products: workflow, taxes, currency, warehouse, carrier, term, tags."""

from collections import defaultdict
from dataclasses import dataclass, field

from odoo import api, models


@dataclass
class Resolved:
    """Odoo's records for a batch of orders; keys are Shopify's own words."""

    gateways: dict = field(default_factory=dict)
    statuses: dict = field(default_factory=dict)
    taxes: dict = field(default_factory=dict)
    missing_taxes: set = field(default_factory=set)
    products: object = None
    parties: dict = field(default_factory=dict)
    currencies: dict = field(default_factory=dict)
    locations: dict = field(default_factory=dict)
    carriers: dict = field(default_factory=dict)
    terms: list = field(default_factory=list)
    tags: dict = field(default_factory=dict)
    rules: dict = field(default_factory=dict)

    def status_line(self, order, code):
        """The Financial Status line of one gateway of an order; an exact order status wins over Any."""
        for status in (order.order_status, "any"):
            line = self.statuses.get((code, order.financial_status, status))
            if line:
                return line
        return None

    def workflow(self, order, code):
        """The workflow of one gateway of an order, the gateway's own default as a fallback; None when unmapped."""
        line = self.status_line(order, code)
        gateway = self.gateways.get(code)
        return line.workflow_id if line else (gateway.workflow_id or None) if gateway else None


class ShopifyResolveOrder(models.AbstractModel):
    """Looks up everything a batch of orders needs, once."""

    _name = "shopify.resolve.order"
    _description = "Shopify Order Resolver"

    @api.model
    def _resolve_settings(self, instance, orders):
        """Gateways, workflows and taxes: what decides whether an order can be imported at all."""
        codes = dict.fromkeys(code for order in orders for code in order.gateways.codes)
        resolved = Resolved()
        resolved.gateways = self.env["shopify.payment.gateway"]._ensure(instance, codes)
        resolved.statuses = self.env["shopify.financial.status"]._lookup(instance)
        if instance.tax_mode == "shopify":
            keys = {key for order in orders for key in order.tax_keys}
            resolved.taxes, missing = self.env["shopify.tax.mapping"]._resolve(instance, keys)
            resolved.missing_taxes = set(missing)
        currencies = {order.currency for order in orders}
        currencies |= {
            money.currency for order in orders for money in (order.total_pair.shop, order.total_pair.customer)
        }
        resolved.currencies = {code: self.env["res.currency"]._shopify_currency(code) for code in sorted(currencies)}
        return resolved

    @api.model
    def _resolve_rest(self, instance, orders, resolved):
        """Customers, locations, carriers, terms and tags of the orders that will be made."""
        resolved.parties = self.env["shopify.resolve.customer"]._resolve(instance, orders)
        resolved.locations = {
            location.shopify_id: location
            for location in self.env["shopify.location"]
            .with_context(active_test=False)
            .search([("instance_id", "=", instance.id)])
        }
        resolved.carriers = self._carriers(instance, orders)
        if any(order.terms for order in orders):
            domain = [("company_id", "in", (False, instance.company_id.id))]
            resolved.terms = list(self.env["account.payment.term"].search(domain))
        resolved.tags = self._tags(orders)
        rules = self.env["shopify.order.rule"]
        resolved.rules = {order.shopify_id: rules._of(instance, order) for order in orders}

    @api.model
    def _carriers(self, instance, orders):
        """{(code, source): delivery method}; an unknown one is made when the store allows it."""
        wanted = {
            (line.shipping_code or line.title, line.shipping_source): line
            for order in orders
            if not order.is_pickup
            for line in order.lines
            if line.kind == "shipping"
        }
        if not wanted:
            return {}
        # delivery methods are the sales manager's; a store makes them only where its settings say so
        model = self.env["delivery.carrier"].sudo()
        found = {
            (carrier.shopify_code, carrier.shopify_source or ""): carrier
            for carrier in model.search(
                [
                    ("shopify_code", "in", [code for code, _source in wanted]),
                    ("company_id", "in", (False, instance.company_id.id)),
                ]
            )
        }
        missing = [key for key in wanted if key not in found]
        if missing and instance.carrier_create:
            created = model.create(
                [
                    {
                        "name": wanted[key].title,
                        "shopify_code": key[0],
                        "shopify_source": key[1] or False,
                        "product_id": instance.product_shipping_id.id,
                        "delivery_type": "fixed",
                        "integration_level": "rate",
                    }
                    for key in missing
                ]
            )
            found.update(zip(missing, created, strict=True))
        return {key: carrier.sudo(self.env.su) for key, carrier in found.items() if key in wanted}

    @api.model
    def _tags(self, orders):
        names = {tag for order in orders for tag in order.tags}
        if not names:
            return {}
        # order tags come from Shopify as they are, whoever the store's user is
        model = self.env["crm.tag"].sudo()
        found = {tag.name: tag.id for tag in model.search([("name", "in", list(names))])}
        missing = sorted(names - found.keys())
        found.update((tag.name, tag.id) for tag in model.create([{"name": name} for name in missing]))
        return found

    @api.model
    def _payment_term(self, order, resolved):
        """The term of a B2B order: by name, else by days.

        :return: (term or None, note or '')
        """
        if not order.terms:
            return None, ""
        name, days = order.terms.name.strip().casefold(), order.terms.days
        for term in resolved.terms:
            if term.name.strip().casefold() == name:
                return term, ""
        by_days = defaultdict(list)
        for term in resolved.terms:
            if len(term.line_ids) == 1 and term.line_ids.delay_type == "days_after":
                by_days[term.line_ids.nb_days].append(term)
        if days is not None and by_days.get(days):
            return by_days[days][0], ""
        return None, self.env._("No payment term in Odoo is named '%s' or has its number of days.", order.terms.name)

    @api.model
    def _warehouse(self, instance, order, resolved):
        """(location, warehouse) of an order: that of the tagged-order rule, the till's, else where Shopify ships it from,
        else the store's."""
        if instance._rule_tag(order.tags):
            return resolved.locations.get(order.location_id), instance.tag_rule_warehouse_id
        for ident in (order.location_id, *order.fulfillment_location_ids):
            location = resolved.locations.get(ident)
            if location and location.warehouse_id:
                return location, location.warehouse_id
        location = resolved.locations.get(order.location_id)
        return location, instance.warehouse_id

    @api.model
    def _line_warehouses(self, order, resolved):
        """{Shopify line id: warehouse of the location that ships it}, of orders that several locations ship."""
        found = {line: resolved.locations.get(ident) for line, ident in order.line_locations}
        return {line: location.warehouse_id for line, location in found.items() if location and location.warehouse_id}

    @api.model
    def _status_text(self, order, code):
        """Gateway, financial status and order status in words."""
        labels = self.env["shopify.financial.status"]._labels()
        return self.env._(
            "gateway '%(gateway)s', financial status '%(financial)s', order status '%(order)s'",
            gateway=code,
            financial=labels["financial_status"].get(order.financial_status, order.financial_status),
            order=labels["order_status"][order.order_status],
        )
