"""Which functions of the connector the store's app may use."""

from odoo import api, fields, models

from .. import shopify_api
from .scope_texts import FUNCTION_NAMES


class ShopifyScope(models.Model):
    """One function of the connector, and whether the app has the permissions (scopes) for it."""

    _name = "shopify.scope"
    _description = "Shopify Permission"
    _order = "works, id"

    instance_id = fields.Many2one("shopify.instance", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="instance_id.company_id", store=True, index=True)
    function = fields.Char(string="Function Code", required=True)
    name = fields.Char(string="Function", compute="_compute_name", help="In the language of whoever looks.")
    works = fields.Boolean()
    missing = fields.Char(string="Missing Permissions", help="Scopes to add to the app at Shopify.")
    needed = fields.Char(
        string="Needs", compute="_compute_needed", help="Scopes of the app without which it does nothing."
    )
    granted = fields.Char(string="Granted Scopes")

    _function_unique = models.UniqueIndex("(instance_id, function)", "Each function is listed once per store.")

    @api.depends("function")
    @api.depends_context("lang")
    def _compute_name(self):
        for scope in self:
            text = FUNCTION_NAMES.get(scope.function)
            scope.name = self.env._(text) if text else scope.function

    @api.depends("function")
    def _compute_needed(self):
        needs = {one.key: ", ".join(one.scopes) for one in shopify_api.scopes.FUNCTIONS}
        for row in self:
            row.needed = needs.get(row.function, False)

    @api.model
    def _refresh(self, instance, granted):
        """Write the table anew from the scopes that Shopify says are granted."""
        # jobs of users without write access refresh it too: it only repeats what Shopify says
        known = {row.function: row for row in instance.sudo().scope_ids}
        text = ", ".join(sorted(granted))
        missing_rows = []
        for state in shopify_api.scopes.check(granted):
            vals = {"works": state.works, "missing": ", ".join(state.missing), "granted": text}
            row = known.pop(state.function, None)
            if row is None:
                missing_rows.append({"instance_id": instance.id, "function": state.function, **vals})
            elif any(row[field] != (value or False) for field, value in vals.items()):
                row.write(vals)
        self.sudo().create(missing_rows)

    @api.model
    def _granted(self, instance):
        """The scopes granted at the last check, as a set."""
        text = instance.sudo().scope_ids[:1].granted or ""
        return {scope for scope in text.split(", ") if scope}
