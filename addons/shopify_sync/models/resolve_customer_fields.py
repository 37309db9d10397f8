"""What both sides know of a customer: his fields as Odoo holds them, and the link's memory of them."""

from odoo import api, models

from ..mapping import Customer, arriving
from .resolve_customer import QUIET

#: Fields of a contact that make the address.
ADDRESS = ("street", "street2", "city", "zip", "state_id", "country_id")


class ShopifyResolveCustomer(models.AbstractModel):
    _inherit = "shopify.resolve.customer"

    @api.model
    def _links(self, instance, shopify_ids):
        """{Shopify id: link}, also of customers that are gone in Shopify."""
        ids = [ident for ident in shopify_ids if ident]
        found = (
            self.env["shopify.customer"]
            .with_context(active_test=False)
            .search([("instance_id", "=", instance.id), ("shopify_id", "in", ids)])
        )
        return {link.shopify_id: link for link in found}

    # Fields, see `mapping.customer_fields`

    @api.model
    def _values_of(self, partner):
        """The fields of a contact that go both ways. A company's person has the company's address, not one of his own."""
        values = {"name": partner.name or "", "email": partner.email or "", "phone": partner.phone or ""}
        if not (partner.parent_id and partner.type == "contact"):
            texts = {key: partner[key] for key in ADDRESS[:4]}
            places = {key: partner[key].id for key in ADDRESS[4:]}
            values["address"] = self._address_list({**texts, **places})
        return values

    @api.model
    def _values_in_shopify(self, customer: Customer, places):
        """The fields of a customer of Shopify as Odoo would hold them."""
        address = customer.address
        return {
            "name": customer.name,
            "email": customer.email,
            "phone": customer.phone or (address.phone if address else ""),
            "address": self._address_list(self._address_vals(address, places) if address else {}),
        }

    @api.model
    def _address_list(self, vals):
        return [vals.get(key) or ("" if key not in ("state_id", "country_id") else 0) for key in ADDRESS]

    @api.model
    def _vals_of(self, values):
        """Values of `res.partner` for such fields."""
        vals = {key: value or False for key, value in values.items() if key != "address"}
        if "address" in values:
            vals.update(zip(ADDRESS, (part or False for part in values["address"]), strict=True))
        return vals

    # Writing

    @api.model
    def _fill_empty(self, matched, places):
        """Matched contacts get what they lack; what a person entered stays.

        :param matched: {partner: order}
        :return: {partner: the fields written}
        """
        written = {}
        for partner, order in matched.items():  # each lacks something else
            arrival = arriving(self._values_of(partner), self._values_in_shopify(order.buyer, places), {}, {})
            if arrival.write:
                partner.with_context(**QUIET).write(self._vals_of(arrival.write))
            written[partner] = arrival.write
        return written

    @api.model
    def _prepare_link(self, instance, order, partner, how, source, places, written):
        customer = order.customer or order.buyer
        return {
            **self._prepare_link_state(customer),
            "partner_id": partner.id,
            "instance_id": instance.id,
            "shopify_id": order.buyer.shopify_id,
            "email": order.buyer.email or False,
            "phone": order.buyer.phone or False,
            "matched_by": how,
            "source": source,
            "written_values": written.get(partner, {}),
            "seen_values": self._values_in_shopify(customer, places),
        }

    @api.model
    def _prepare_link_state(self, customer):
        """What a link repeats of the customer, whoever owns the contact's fields."""
        values = {
            "tags": ", ".join(customer.tags) or False,
            "state": customer.state or False,
            "shopify_updated_at": customer.updated_at or False,
        }
        values.update({key: customer_value for key in ("email", "phone") if (customer_value := getattr(customer, key))})
        return values

    @api.model
    def _bring_changes(self, instance, links, orders, places):
        """Bring what Shopify has changed of linked customers; of several states in one batch the newest one."""
        newest = {}
        for order in orders:
            customer = order.customer
            if customer and customer.shopify_id in links and customer.updated_at:
                known = newest.get(customer.shopify_id)
                if not known or customer.updated_at >= known.updated_at:
                    newest[customer.shopify_id] = customer
        for ident, customer in newest.items():  # each has changed in another way
            link = links[ident]
            if link.shopify_updated_at and customer.updated_at < link.shopify_updated_at:
                continue  # an older state, from an order that waited
            self._bring_one(instance, link, customer, places)

    @api.model
    def _bring_one(self, instance, link, customer, places):
        """Bring one customer's state to his contact and his link; only what differs is written."""
        values = self._values_in_shopify(customer, places)
        take = instance.sync_customer and link.active
        arrival = arriving(
            self._values_of(link.partner_id), values, link.written_values or {}, link.seen_values or {}, take
        )
        if arrival.write and link.active:
            link.partner_id.with_context(**QUIET).write(self._vals_of(arrival.write))
        state = self._prepare_link_state(customer)
        state.update(written_values=arrival.written, seen_values=arrival.seen)
        changed = {key: value for key, value in state.items() if (link[key] or False) != (value or False)}
        if changed:
            link.write(changed)
        return arrival
