"""Currencies that Shopify uses."""

from odoo import api, models
from odoo.exceptions import UserError


class ResCurrency(models.Model):
    _inherit = "res.currency"

    @api.model
    def _shopify_currency(self, code):
        """The currency with an ISO code, activated when it is not.

        :raises UserError: Odoo does not know the currency
        """
        currency = self.with_context(active_test=False).search([("name", "=", code)], limit=1)
        if not currency:
            raise UserError(
                self.env._("Currency %s is not known in Odoo. Create it under Accounting > Configuration.", code)
            )
        if not currency.active:
            currency.sudo().active = True  # an order in it has been placed; its price must be stated in it
        return currency
