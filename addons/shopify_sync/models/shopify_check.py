"""What a check of a store has found: one row per thing to mend, with a button that opens the place."""

from odoo import api, fields, models

SEVERITIES = [("1_error", "Stops work"), ("2_warning", "Look at it"), ("3_info", "Good to know")]
#: How many names a finding quotes.
NAMES = 12


class ShopifyCheck(models.Model):
    """A finding of the last check of a store; the next check replaces all of them.

    The checks themselves are in `store_checker.py` and what extends it.
    """

    _name = "shopify.check"
    _description = "Shopify Check"
    _order = "instance_id, severity, id"

    instance_id = fields.Many2one("shopify.instance", required=True, ondelete="cascade", index=True, readonly=True)
    company_id = fields.Many2one(related="instance_id.company_id", store=True, index=True)
    code = fields.Char(required=True, readonly=True, help="Which check has found it.")
    severity = fields.Selection(SEVERITIES, required=True, readonly=True)
    name = fields.Text(string="Finding", required=True, readonly=True)
    detail = fields.Text(readonly=True, help="What it means, and what to do.")
    count = fields.Integer(readonly=True, help="How many records it is about.")
    fix = fields.Json(readonly=True, help="Where it is mended: action or model, record, domain, values to start with.")
    fix_label = fields.Char(string="Mend", readonly=True)
    checked_at = fields.Datetime(readonly=True)

    @api.model
    def _check(self, instance):
        """Check a store anew from what Odoo knows. No request is made.

        :return: the findings
        """
        now = fields.Datetime.now()
        # findings are the addon's words; nobody writes them by hand
        checks = self.sudo()
        checks.search([("instance_id", "=", instance.id)]).unlink()
        found = self.env["shopify.store.checker"]._findings(instance)
        rows = checks.create([{**finding, "instance_id": instance.id, "checked_at": now} for finding in found])
        instance.sudo().checked_at = now
        return rows.sudo(self.env.su)

    def action_check_again(self):
        """Check anew: the stores of the chosen rows, else every store. What is mended goes from the list."""
        stores = self.instance_id or self.env["shopify.instance"].search([("state", "!=", "draft")])
        for store in stores:
            self._check(store)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_fix(self):
        """Open the place where this is mended, filled in."""
        self.ensure_one()
        fix = dict(self.fix or {})
        if fix.get("settings"):
            return self.instance_id.action_open_settings()
        if fix.get("log"):
            return self.env["shopify.log.line"].browse(fix["log"]).action_fix()
        context = fix.get("context", {})
        if fix.get("action"):
            action = self.env["ir.actions.act_window"]._for_xml_id(fix["action"])
            if fix.get("domain"):
                action["domain"] = fix["domain"]
            return {**action, "context": {**context, "active_id": self.instance_id.id, "dialog_size": "extra-large"}}
        views = [(False, "form")] if "domain" not in fix else [(False, "list"), (False, "form")]
        return {
            "type": "ir.actions.act_window",
            "name": self.fix_label,
            "res_model": fix["model"],
            "view_mode": ",".join(kind for _view, kind in views),
            "views": views,
            "res_id": fix.get("res_id", False),
            "domain": fix.get("domain", []),
            "context": context,
        }
