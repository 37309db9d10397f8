"""Dialog: copy Financial Status lines, with their gateways, to another store."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class ShopifyCopyMapping(models.TransientModel):
    _name = "shopify.copy.mapping"
    _description = "Copy Financial Status to Another Store"

    line_ids = fields.Many2many(
        "shopify.financial.status",
        string="Lines",
        default=lambda self: self.env["shopify.financial.status"].browse(self.env.context.get("active_ids", [])),
    )
    instance_id = fields.Many2one("shopify.instance", string="To Store", required=True)
    result = fields.Text(compute="_compute_result")

    @api.depends("instance_id", "line_ids")
    def _compute_result(self):
        for wizard in self:
            new, without = wizard._split()
            parts = [self.env._("New lines: %s. Combinations that the store has already stay as they are.", len(new))]
            if waiting := wizard._waiting(new):
                parts.append(self.env._("Orders of the store that wait for them and are tried again: %s", waiting))
            if without:
                names = ", ".join(sorted(set(without.workflow_id.mapped("name"))))
                parts.append(self.env._("The company of the store has no workflow of this name: %s", names))
            wizard.result = "\n".join(parts) if wizard.instance_id else False

    def _split(self):
        """({line: workflow} to copy, lines whose workflow the store's company does not have)."""
        store = self.instance_id
        known = (
            set(self.env["shopify.financial.status"].with_context(active_test=False)._lookup(store)) if store else set()
        )
        workflows = self.env["shopify.sale.workflow"].search([("company_id", "=", store.company_id.id)])
        by_name = {workflow.name: workflow for workflow in workflows}
        new, without = {}, self.env["shopify.financial.status"]
        for line in self.line_ids:
            if (line.gateway_id.code, line.financial_status, line.order_status) in known:
                continue
            if line.workflow_id.name in by_name:
                new[line] = by_name[line.workflow_id.name]
            else:
                without += line
        return new, without

    def _waiting(self, new):
        """How many records of the store wait for one of these combinations."""
        keys = {key for line in new for key in line._wait_keys()}
        lines = self.env["shopify.queue.line"].search_fetch(
            [("instance_id", "=", self.instance_id.id), ("state", "=", "failed"), ("wait_key", "!=", False)],
            ["wait_key"],
        )
        return sum(not keys.isdisjoint(line.wait_key.split("\n")) for line in lines)

    def action_copy(self):
        """Copy the lines that the store does not have; gateways it does not know are made."""
        self.ensure_one()
        store = self.instance_id
        new, without = self._split()
        if without:
            raise UserError(self.result)
        codes = [line.gateway_id.code for line in new]
        gateways = self.env["shopify.payment.gateway"]._ensure(store, codes)
        same = store.company_id
        created = self.env["shopify.financial.status"].create(
            [
                {
                    "instance_id": store.id,
                    "gateway_id": gateways[line.gateway_id.code].id,
                    "financial_status": line.financial_status,
                    "order_status": line.order_status,
                    "workflow_id": workflow.id,
                    "payment_term_id": line.payment_term_id.id
                    if line.payment_term_id.company_id in (same, same.browse())
                    else False,
                }
                for line, workflow in new.items()
            ]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_financial_status_action")
        return {**action, "domain": [("id", "in", created.ids)]}
