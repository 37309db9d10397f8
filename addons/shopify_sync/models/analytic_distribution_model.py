"""Analytic distribution rules, looked up once a batch instead of once a line."""

from odoo import api, models


class AccountAnalyticDistributionModel(models.Model):
    _inherit = "account.analytic.distribution.model"

    @api.model
    def _import_context(self):
        """Context under which documents do not look for distribution rules, when there is none to find.

        Odoo searches them once per order line and invoice line; for an import that is the dearest search of all.
        """
        # whether any rule exists is all that is asked, whoever may read them
        return {} if self.sudo().search_count([], limit=1) else {"shopify_no_distribution_models": True}

    @api.model
    def _get_applicable_models(self, vals):
        if self.env.context.get("shopify_no_distribution_models"):
            return self.browse()
        return super()._get_applicable_models(vals)
