"""Invoice and delivery addresses of orders, found by their content."""

from odoo import api, models

from ..mapping import Address


class ShopifyResolveCustomer(models.AbstractModel):
    _inherit = "shopify.resolve.customer"

    @api.model
    def _addresses(self, instance, wanted, places):
        """Invoice and delivery contacts by content; equal to the customer's own address: the customer itself.

        :param wanted: (customer, 'invoice' or 'delivery', Address or None)
        :return: {(customer id, type, address key): partner}
        """
        wanted = {
            (customer.id, kind, address.key): (customer, address) for customer, kind, address in wanted if address
        }
        customers = self.env["res.partner"].union(*(customer for customer, _address in wanted.values()))
        own = {customer.id: self._own_keys(customer) for customer in customers}
        children = {
            (child.parent_id.id, child.type, child.shopify_address_key): child
            for child in self.env["res.partner"].search_fetch(
                [
                    ("parent_id", "in", customers.ids),
                    ("type", "in", ("invoice", "delivery")),
                    ("shopify_address_key", "in", list({key for _id, _kind, key in wanted})),
                ],
                ["parent_id", "type", "shopify_address_key"],
            )
        }
        result, to_create = {}, {}
        for mark, (customer, address) in wanted.items():
            if self._content_key(address) in own[customer.id]:
                result[mark] = customer
            elif mark in children:
                result[mark] = children[mark]
            else:
                to_create[mark] = self._prepare_address(instance, customer, mark[1], address, places)
        result.update(zip(to_create, self._partners().create(list(to_create.values())), strict=True))
        return result

    @api.model
    def _content_key(self, address):
        """Content without the phone: a customer reached under another number lives at the same address."""
        return address.key.rsplit("|", 1)[0]

    @api.model
    def _own_keys(self, partner):
        """The content of a contact's own address, with and without its company name, to compare with Shopify's."""
        keys = set()
        for company in {partner.company_name or "", "", partner.name if partner.is_company else ""}:
            for state in (partner.state_id.code or "", partner.state_id.name or ""):
                for name in {partner.name or "", ""} if partner.is_company else {partner.name or ""}:
                    address = Address(
                        name=name,
                        company=company,
                        street=partner.street or "",
                        street2=partner.street2 or "",
                        city=partner.city or "",
                        zip=partner.zip or "",
                        state_code=state,
                        state_name="",
                        country=partner.country_id.code or "",
                        phone="",
                    )
                    keys.add(self._content_key(address))
        return keys

    @api.model
    def _prepare_address(self, instance, customer, kind, address, places):
        return {
            **self._address_vals(address, places),
            "name": address.name or address.company or customer.name,
            "company_name": address.company or False,
            "type": kind,
            "parent_id": customer.id,
            "lang": instance.lang_id.code or False,
            "company_id": instance.company_id.id,
            "shopify_address_key": address.key,
        }


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        """An address that a person rewrites is no longer the one Shopify sent."""
        fields_of_address = {"name", "street", "street2", "city", "zip", "state_id", "country_id", "parent_id"}
        if not self.env.context.get("shopify_keep_address_key") and fields_of_address & vals.keys():
            keyed = self.filtered("shopify_address_key")
            if keyed and "shopify_address_key" not in vals:
                super(ResPartner, keyed).write({"shopify_address_key": False})
        return super().write(vals)
