"""What changes in Shopify without a change of the order is looked at again: risks still being assessed (rules, section
10.3) and money on its way back (section 15.3)."""

from datetime import timedelta

from odoo import api, fields, models

#: Refunds looked at again in one go, and the pause between two looks: banks take days.
REFUNDS = 100
REFUND_PAUSE = timedelta(hours=1)


class ShopifyRiskChecker(models.AbstractModel):
    """Looks again every few minutes for a few hours; then the order stays held as risky."""

    _name = "shopify.risk.checker"
    _description = "Shopify Risk Checker"

    @api.model
    def _cron_recheck(self):
        """Read pending orders again, store by store; give up on those that took too long."""
        crons = self.env["ir.cron"]
        stores = self.env["shopify.instance"].search([("state", "=", "connected")])
        crons._commit_progress(remaining=len(stores))
        for store in stores:
            instance = store._for_jobs()
            self._give_up(instance)
            crons._commit_progress()
            due = list(dict.fromkeys([*self._due(instance), *self._due_refunds(instance)]))
            if due:
                self.env["shopify.run.starter"]._look_again(instance, due)
            crons._commit_progress(1)

    @api.model
    def _pending(self, instance):
        return self.env["sale.order"].search(
            [
                ("shopify_instance_id", "=", instance.id),
                ("shopify_risk_state", "=", "pending"),
                ("state", "in", ("draft", "sent")),
            ]
        )

    @api.model
    def _due(self, instance):
        """Shopify ids of the orders whose time has come; their next time is set."""
        now = fields.Datetime.now()
        orders = self._pending(instance).filtered(
            lambda order: not order.shopify_risk_next_check or order.shopify_risk_next_check <= now
        )
        orders.shopify_risk_next_check = now + timedelta(minutes=instance.risk_recheck_minutes)
        return orders.mapped("shopify_order_id")

    @api.model
    def _due_refunds(self, instance):
        """Shopify ids of orders with a refund whose money was on its way at the last look; their next time is set."""
        now = fields.Datetime.now()
        refunds = self.env["shopify.order.refund"].search(
            [
                ("instance_id", "=", instance.id),
                ("pending", "=", True),
                ("state", "in", ("waiting", "credited")),  # credited: sent from Odoo
                "|",
                ("next_check_at", "=", False),
                ("next_check_at", "<=", now),
            ],
            limit=REFUNDS,
        )
        refunds.next_check_at = now + REFUND_PAUSE
        return refunds.order_id.mapped("shopify_order_id")

    @api.model
    def _give_up(self, instance):
        """Assessments that do not end: the order is risky."""
        limit = fields.Datetime.now() - timedelta(hours=instance.risk_recheck_hours)
        late = self._pending(instance).filtered(
            lambda order: order.shopify_held_since and order.shopify_held_since < limit
        )
        late.write({"shopify_risk_state": "held"})
        for order in late:
            order._message_log(
                body=self.env._(
                    "Shopify did not end its risk assessment within %s hours; the order stays held.",
                    instance.risk_recheck_hours,
                )
            )
