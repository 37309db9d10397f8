"""The companies of B2B orders, and of stores that take customers as companies."""

from odoo import api, models

from ..mapping.addresses import normalise
from .resolve_customer import QUIET


class ShopifyResolveCustomer(models.AbstractModel):
    _inherit = "shopify.resolve.customer"

    @api.model
    def _companies(self, instance, orders, persons, places):
        """The company of each B2B order, and of each order of a store that takes customers as companies."""
        wanted = {}
        for order in orders:
            address = order.billing or order.shipping
            if order.company:
                wanted[order.shopify_id] = ("b2b", order.company.shopify_id)
            elif instance.customer_as_company and address and address.company:
                wanted[order.shopify_id] = ("text", normalise(address.company), address.country)
        if not wanted:
            return {}
        known = self._known_companies(instance, orders, wanted)
        to_create = {}
        for order in orders:
            mark = wanted.get(order.shopify_id)
            if mark and mark not in known and mark not in to_create:
                to_create[mark] = self._prepare_company(instance, order, places)
        known.update(zip(to_create, self._partners().create(list(to_create.values())), strict=True))
        result = {ident: known[mark] for ident, mark in wanted.items()}
        for order in orders:
            company, person = result.get(order.shopify_id), persons[order.shopify_id]
            if company and person != company and person != instance.pos_partner_id and self._is_loose(person):
                person.with_context(**QUIET).write({"parent_id": company.id})
        return result

    @api.model
    def _is_loose(self, person):
        """A person that belongs to nobody and heads nobody may become a company's contact."""
        return not (person.parent_id or person.is_company or person.child_ids)

    @api.model
    def _known_companies(self, instance, orders, wanted):
        """Companies that exist: by Shopify's id, then by the external id as reference, then by name and country."""
        b2b = {order.company.shopify_id: order for order in orders if order.company}
        names = {order.company.name for order in b2b.values()}
        names |= {
            (order.billing or order.shipping).company
            for order in orders
            if wanted.get(order.shopify_id, "")[:1] == ("text",)
        }
        external = {order.company.external_id for order in b2b.values() if order.company.external_id}
        partners = self.env["res.partner"].search(
            [
                *self._company_domain(instance),
                ("is_company", "=", True),
                "|",
                "|",
                ("shopify_company_ref", "in", list(b2b)),
                ("ref", "in", list(external)),
                ("name", "in", list(names)),
            ],
            order="id",
        )
        by_ref = {partner.shopify_company_ref: partner for partner in partners if partner.shopify_company_ref}
        by_external = {partner.ref: partner for partner in partners if partner.ref}
        by_name = {}
        for partner in partners:
            by_name.setdefault((normalise(partner.name), partner.country_id.code or ""), partner)
        known = {}
        for ident, order in b2b.items():
            address = order.billing or order.shipping
            match = (
                by_ref.get(ident)
                or by_external.get(order.company.external_id)
                or by_name.get((normalise(order.company.name), address.country if address else ""))
            )
            if match:
                known["b2b", ident] = match
                if not match.shopify_company_ref:
                    match.with_context(**QUIET).write(
                        {
                            "shopify_company_ref": ident,
                            "shopify_company_external_id": order.company.external_id or False,
                        }
                    )
        for mark in wanted.values():
            if mark[0] == "text" and mark[1:] in by_name:
                known[mark] = by_name[mark[1:]]
        return known

    @api.model
    def _prepare_company(self, instance, order, places):
        address = order.billing or order.shipping
        vals = self._address_vals(address, places) if address else {}
        company = order.company
        return {
            **vals,
            "name": company.name if company else address.company,
            "is_company": True,
            "ref": (company.external_id if company else "") or False,
            "lang": instance.lang_id.code or False,
            "company_id": instance.company_id.id,
            "shopify_is_customer": True,
            "shopify_company_ref": company.shopify_id if company else False,
            "shopify_company_external_id": (company.external_id if company else "") or False,
            "customer_rank": 1,
        }
