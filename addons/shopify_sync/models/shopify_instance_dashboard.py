"""What the store's form and the dashboard say of a store's completeness and its schedules."""

from odoo import api, fields, models
from odoo.fields import Domain


class ShopifyInstance(models.Model):
    _inherit = "shopify.instance"

    product_count = fields.Integer(string="Products", compute="_compute_product_count")
    proof_state = fields.Selection(
        [("none", "Not proved yet"), ("complete", "Complete"), ("explained", "Explained"), ("open", "To look at")],
        string="Completeness",
        compute="_compute_proof",
        help="How the last days compare with Shopify, as far as the store's settings prove them.",
    )
    proof_open_count = fields.Integer(string="Days to Look At", compute="_compute_proof")
    proof_text = fields.Char(compute="_compute_proof")
    schedules_on = fields.Boolean(
        compute="_compute_schedules_on", help="At least one scheduled job of the store is on."
    )

    def _compute_product_count(self):
        counts = dict(
            self.env["shopify.product"]._read_group([("instance_id", "in", self.ids)], ["instance_id"], ["__count"])
        )
        for instance in self:
            instance.product_count = counts.get(instance, 0)

    @api.model
    def _recent_proofs(self, stores):
        """Proofs of the days that the daily count still looks at."""
        now = fields.Datetime.now()
        return self.env["shopify.proof"].search(
            Domain.OR(
                [
                    ("instance_id", "=", store.id),
                    ("day", ">=", fields.Date.subtract(store._local_date(now), days=store.proof_days)),
                ]
                for store in stores
            )
        )

    def _compute_proof(self):
        by_store = self._recent_proofs(self._origin).grouped("instance_id") if self._origin else {}
        for instance in self:
            states = by_store[instance].mapped("state") if instance in by_store else []
            days, to_look = len(states), states.count("open")
            instance.proof_open_count = to_look
            if not days:
                instance.proof_state, instance.proof_text = "none", self.env._("Completeness is not proved yet")
            elif to_look:
                instance.proof_state = "open"
                instance.proof_text = self.env._(
                    "%(open)s of the last %(days)s days to look at", open=to_look, days=days
                )
            elif "explained" in states:
                instance.proof_state = "explained"
                instance.proof_text = self.env._("What differs in the last %s days has a known reason", days)
            else:
                instance.proof_state = "complete"
                instance.proof_text = self.env._("The last %s days are complete", days)

    def action_view_proofs(self):
        """The days of the last proof, as the dashboard counts them."""
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_proof_action")
        return {**action, "domain": [("instance_id", "in", self.ids)]}

    def _compute_schedules_on(self):
        for instance in self:
            # scheduled jobs are readable by system administrators only; that one is on is no secret
            instance.schedules_on = any(instance.sudo().cron_ids.mapped("active"))
