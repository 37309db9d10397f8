"""Numbers of queues and payouts: each company has its own."""

from odoo import api, models

#: Codes of the addon's sequences begin so.
CODES = "shopify."


class IrSequence(models.Model):
    _inherit = "ir.sequence"

    @api.model
    def _shopify_complete(self, companies):
        """Give companies with a store their own sequences, made from the common ones. A company that has numbers from a
        common one goes on with it, so that no number comes twice."""
        # whoever connects a store; numbers are part of the addon, not his to manage
        sequences = self.sudo().search([("code", "=like", f"{CODES}%")])
        common = sequences.filtered(lambda sequence: not sequence.company_id)
        known = {(sequence.code, sequence.company_id) for sequence in sequences}
        numbered = set(
            self.env["shopify.queue"].sudo()._read_group([("company_id", "in", companies.ids)], ["company_id"])
        )
        for company in companies:
            for sequence in common.filtered(lambda one, company=company: (one.code, company) not in known):
                goes_on = (company,) in numbered
                sequence.copy(
                    {
                        "name": f"{sequence.name} ({company.name})",
                        "company_id": company.id,
                        "number_next": sequence.number_next_actual if goes_on else 1,
                    }
                )
