"""Customers and addresses of a batch of orders, found or made in a handful of queries (rules, sections 5 and 6)."""

from collections import defaultdict
from dataclasses import dataclass

from odoo import api, models
from odoo.tools import SQL

from ..mapping import phone_key
from ..mapping.addresses import normalise
from .res_partner import PHONE_DIGITS

#: Making contacts from Shopify is no news to anyone: no chatter, no followers.
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "no_vat_validation": True,
    "shopify_keep_address_key": True,
}


@dataclass
class Parties:
    """Who an order is for; records of `res.partner`. `notes` are log entries (cause, message)."""

    customer: object
    invoice: object
    delivery: object
    notes: list[tuple[str, str]]


class ShopifyResolveCustomer(models.AbstractModel):
    """Finds or makes the contacts of orders: by link, e-mail, phone; addresses by their content."""

    _name = "shopify.resolve.customer"
    _description = "Shopify Customer Resolver"

    @api.model
    def _resolve(self, instance, orders):
        """The contacts of many orders.

        :param orders: `mapping.Order` values
        :return: {Shopify order id: Parties}
        """
        places = self._places(orders)
        persons = self._persons(instance, orders, places)
        companies = self._companies(instance, orders, persons, places)
        self._bring_vat_numbers(
            {companies[order.shopify_id]: order.company.tax_id for order in orders if order.company}
        )
        customers, wanted = {}, []
        for order in orders:
            customer = companies.get(order.shopify_id) or persons[order.shopify_id]
            customers[order.shopify_id] = customer
            wanted += [(customer, "invoice", order.billing), (customer, "delivery", order.shipping)]
        addresses = self._addresses(instance, wanted, places)
        result = {}
        for order in orders:
            customer = customers[order.shopify_id]
            result[order.shopify_id] = Parties(
                customer,
                addresses.get((customer.id, "invoice", order.billing.key), customer) if order.billing else customer,
                addresses.get((customer.id, "delivery", order.shipping.key), customer) if order.shipping else customer,
                self._notes(order, places),
            )
        return result

    @api.model
    def _partners(self):
        return self.env["res.partner"].with_context(**QUIET)

    # Countries and states

    @api.model
    def _places(self, orders):
        """Countries by code and states by (country, code) and (country, name) of all addresses of the batch."""
        codes = {
            address.country
            for order in orders
            for address in (order.billing, order.shipping, order.buyer.address)
            if address and address.country
        }
        countries = {country.code: country for country in self.env["res.country"].search([("code", "in", list(codes))])}
        states = {}
        ids = [country.id for country in countries.values()]
        for state in self.env["res.country.state"].search_fetch(
            [("country_id", "in", ids)], ["code", "name", "country_id"]
        ):
            code = state.country_id.code
            states[code, state.code.casefold()] = state
            states.setdefault((code, normalise(state.name)), state)
        return {"countries": countries, "states": states}

    @api.model
    def _notes(self, order, places):
        notes = []
        for address in (order.billing, order.shipping):
            if address and address.country and address.country not in places["countries"]:
                notes.append(
                    (
                        "unknown_country",
                        self.env._("Country %s is not known in Odoo; it is left empty.", address.country),
                    )
                )
        return notes

    @api.model
    def _address_vals(self, address, places):
        """Contact values of an address. An unknown state goes into the city line, so that nothing is lost."""
        country = places["countries"].get(address.country)
        state = places["states"].get((address.country, address.state_code.casefold()))
        state = state or places["states"].get((address.country, normalise(address.state_name)))
        city = address.city
        if not state and (address.state_name or address.state_code):
            city = ", ".join(filter(None, (city, address.state_name or address.state_code)))
        return {
            "street": address.street or False,
            "street2": address.street2 or False,
            "city": city or False,
            "zip": address.zip or False,
            "state_id": state.id if state else False,
            "country_id": country.id if country else False,
            "phone": address.phone or False,
        }

    # Persons

    @api.model
    def _persons(self, instance, orders, places, source="order"):
        """The person of each order: {Shopify order id: partner}. What Shopify has changed since reaches the fields that
        are still as the connector wrote them.

        :param orders: `mapping.Order` or `mapping.CustomerAlone` values
        :param source: what makes a new link: order or customer
        """
        links = self._links(instance, [order.buyer.shopify_id for order in orders])
        open_orders = [order for order in orders if order.buyer.shopify_id not in links]
        by_email = self._by_email(instance, open_orders)
        by_phone = self._by_phone(instance, open_orders) if instance.match_phone else {}
        by_key = self._by_guest_key(instance, open_orders)
        found, to_create, matched, new_links = {}, {}, {}, {}
        for order in orders:
            buyer, key = order.buyer, self._guest_key(instance, order)
            link = links.get(buyer.shopify_id) if buyer.shopify_id else None
            if link:
                found[order.shopify_id] = link.partner_id
                continue
            if order.is_pos and not buyer.shopify_id and instance.pos_partner_id and not buyer.email:
                found[order.shopify_id] = instance.pos_partner_id
                continue
            match, how = by_email.get(buyer.email), "email"
            if not match:
                match, how = by_phone.get(phone_key(buyer.phone)), "phone"
            if not match and self._is_guest(buyer):
                match, how = by_key.get(key), "created"
            if match:
                found[order.shopify_id] = match
                matched.setdefault(match, order)
            else:
                how = "created"
                mark = (
                    ("key", key)
                    if self._is_guest(buyer)
                    else ("email", buyer.email)
                    if buyer.email
                    else ("id", buyer.shopify_id)
                )
                found[order.shopify_id] = mark
                if mark not in to_create:
                    to_create[mark] = self._prepare_person(instance, order, places, key)
            if buyer.shopify_id and not buyer.is_anonymous:
                new_links[buyer.shopify_id] = (order, how)
        written = self._fill_empty(matched, places)
        created = dict(zip(to_create, self._partners().create(list(to_create.values())), strict=True))
        for partner in created.values():
            written[partner] = self._values_of(partner)
        found = {
            ident: created.get(value, value) if isinstance(value, tuple) else value for ident, value in found.items()
        }
        self.env["shopify.customer"].create(
            [
                self._prepare_link(instance, order, found[order.shopify_id], how, source, places, written)
                for order, how in new_links.values()
            ]
        )
        self._bring_changes(instance, links, orders, places)
        self._bring_vat_numbers({found[order.shopify_id]: order.buyer.tax_id for order in orders if order.buyer.tax_id})
        matched = self.env["res.partner"].union(*(found[order.shopify_id] for order in orders))
        matched.filtered(lambda partner: not partner.shopify_is_customer).write({"shopify_is_customer": True})
        return found

    @api.model
    def _is_guest(self, buyer):
        """Known by address or name alone: no customer and no e-mail, or a customer of whom Shopify shows nothing."""
        return buyer.is_anonymous or not (buyer.shopify_id or buyer.email)

    @api.model
    def _company_domain(self, instance):
        return [("company_id", "in", (False, instance.company_id.id))]

    @api.model
    def _by_email(self, instance, orders):
        """{e-mail: partner}; several: the one without parent, then the oldest."""
        emails = {order.buyer.email for order in orders if order.buyer.email}
        if not emails:
            return {}
        partners = self.env["res.partner"].search_fetch(
            [("email_normalized", "in", list(emails)), *self._company_domain(instance)],
            ["email_normalized", "parent_id"],
            order="id",
        )
        found = {}
        for partner in partners.sorted(lambda partner: (bool(partner.parent_id), partner.id)):
            found.setdefault(partner.email_normalized, partner)
        return found

    @api.model
    def _by_phone(self, instance, orders):
        """{digits: partner} for phones that exactly one contact has; the digits are found by their index."""
        phones = {phone_key(order.buyer.phone) for order in orders} - {""}
        if not phones:
            return {}
        self.env["res.partner"].flush_model(["phone"])
        rows = self.env.execute_query(
            SQL("SELECT id FROM res_partner WHERE phone IS NOT NULL AND %s = ANY(%s)", SQL(PHONE_DIGITS), list(phones))
        )
        partners = self.env["res.partner"].search_fetch(
            [("id", "in", [row[0] for row in rows]), *self._company_domain(instance)], ["phone"]
        )
        found = defaultdict(lambda: self.env["res.partner"])
        for partner in partners:
            found[phone_key(partner.phone)] += partner
        return {key: partner for key, partner in found.items() if len(partner) == 1}

    @api.model
    def _guest_key(self, instance, order):
        """What a guest without e-mail is known by: his address, else his name; nobody at all: store and location."""
        if order.buyer.is_anonymous:
            return f"anonymous|{instance.id}|{order.location_id}"
        address = order.buyer.address
        return f"guest|{instance.id}|{address.key if address else normalise(order.buyer.name)}"

    @api.model
    def _by_guest_key(self, instance, orders):
        keys = {self._guest_key(instance, order) for order in orders if self._is_guest(order.buyer)}
        if not keys:
            return {}
        partners = self.env["res.partner"].search(
            [("shopify_address_key", "in", list(keys)), ("parent_id", "=", False)]
        )
        return {partner.shopify_address_key: partner for partner in partners}

    @api.model
    def _prepare_person(self, instance, order, places, key):
        buyer = order.buyer
        if buyer.is_anonymous:
            location = self.env["shopify.location"].search(
                [("instance_id", "=", instance.id), ("shopify_id", "=", order.location_id)], limit=1
            )
            name = " ".join(filter(None, (self.env._("Anonymous customer"), instance.name, location.name)))
        else:
            name = buyer.name or buyer.email or buyer.phone
        vals = self._address_vals(buyer.address, places) if buyer.address else {}
        return {
            **vals,
            "name": name,
            "email": buyer.email or False,
            "phone": buyer.phone or vals.get("phone"),
            "lang": instance.lang_id.code or False,
            "company_id": instance.company_id.id,
            "company_name": (buyer.address.company if buyer.address else "") or False,
            "shopify_is_customer": True,
            "shopify_address_key": key if self._is_guest(buyer) else False,
            "customer_rank": 1,
        }
