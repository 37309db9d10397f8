"""VAT numbers that customers and companies gave in Shopify."""

from markupsafe import Markup
from odoo import api, models

from .resolve_customer import QUIET


class ShopifyResolveCustomer(models.AbstractModel):
    _inherit = "shopify.resolve.customer"

    @api.model
    def _bring_vat_numbers(self, given):
        """Write VAT numbers to contacts that have none. A number that Odoo does not accept is kept in the contact's
        notes, once, so that it is not lost and never printed on an invoice.

        :param given: {partner: number as typed in Shopify}; a company's person has the company's number
        """
        for partner, number in given.items():  # each has a number of its own, and hardly ever a new one
            owner = partner.commercial_partner_id
            if not number or owner.vat or number in (owner.comment or ""):
                continue
            accepted = self._accepted_vat(owner, number)
            if accepted:
                owner.with_context(**QUIET).vat = accepted
            else:
                note = Markup("<p>%s</p>") % self.env._(
                    "VAT number in Shopify, which Odoo does not accept for this country: %s", number
                )
                owner.with_context(**QUIET).comment = Markup("%s%s") % (owner.comment or "", note)

    @api.model
    def _accepted_vat(self, partner, number):
        """The number as Odoo writes it; empty when Odoo's check of VAT numbers (module base_vat) refuses it."""
        check = getattr(partner.with_context(no_vat_validation=False), "_run_vat_checks", None)
        if not check:
            return number
        accepted, _country = check(partner.country_id, number, partner.name or "", validation="setnull")
        return accepted
