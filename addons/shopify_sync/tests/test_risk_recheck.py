"""Orders whose risk Shopify is still assessing, and risks that rise later."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .lives import LifeCase


@tagged("post_install", "-at_install")
class TestRiskRecheck(LifeCase):
    def pending(self):
        order = self.place(risk="PENDING")
        self.sync()
        sale = self.sale_order(order)
        self.assertEqual((sale.state, sale.shopify_risk_state), ("draft", "pending"))
        return order, sale

    def look_again(self, minutes=0):
        """What the schedule does, so many minutes later."""
        orders = self.env["sale.order"].search([("shopify_risk_state", "=", "pending")])
        for order in orders:
            if order.shopify_risk_next_check:
                order.shopify_risk_next_check -= timedelta(minutes=minutes)
            order.shopify_held_since = fields.Datetime.now() - timedelta(minutes=minutes)
        self.env.flush_all()
        with self.own_cursor() as env:
            env["shopify.risk.checker"]._cron_recheck()
        self.process()

    def test_an_assessment_that_ends_well_lets_the_workflow_run(self):
        order, sale = self.pending()
        self.later()
        self.sim.store.change_risk(order, "LOW")
        self.look_again()
        self.assertEqual(sale.shopify_risk_state, "cleared")
        self.assert_right(order)
        self.assertEqual(sale.state, "sale")

    def test_an_assessment_that_ends_badly_holds_the_order(self):
        order, sale = self.pending()
        self.later()
        self.sim.store.change_risk(order, "HIGH")
        self.look_again()
        self.assertEqual((sale.state, sale.shopify_risk_state), ("draft", "held"))

    def test_shopify_is_asked_again_only_after_the_pause(self):
        self.pending()
        self.look_again()
        before = len(self.sim.requests)
        self.look_again(minutes=self.instance.risk_recheck_minutes - 1)
        self.assertEqual(len(self.sim.requests), before)
        self.look_again(minutes=2)
        self.assertGreater(len(self.sim.requests), before)

    def test_an_assessment_that_does_not_end_leaves_the_order_held(self):
        _order, sale = self.pending()
        self.look_again(minutes=60 * self.instance.risk_recheck_hours + 1)
        self.assertEqual((sale.state, sale.shopify_risk_state), ("draft", "held"))
        self.assertIn("risk assessment", "".join(sale.message_ids.mapped("body")))

    def test_a_quotation_that_becomes_risky_later_says_since_when_and_is_told_of(self):
        order = self.place(financial="pending")
        self.sync()
        sale = self.sale_order(order)
        self.happens("change_risk", order, "PENDING")
        self.assertEqual(sale.shopify_risk_state, "pending")
        since = sale.shopify_held_since
        self.assertEqual(since, sale.shopify_updated_at)
        self.happens("change_risk", order, "HIGH")
        self.assertEqual((sale.shopify_risk_state, sale.shopify_held_since), ("held", since))
        self.assertEqual(self.logs(cause="risk_held").order_ref, order.name)

    def test_a_risk_that_rises_after_confirming_asks_to_stop_the_shipment(self):
        order = self.place(risk="LOW")
        self.sync()
        sale = self.sale_order(order)
        self.happens("change_risk", order, "HIGH")
        self.assertEqual(sale.state, "sale", "an order is not un-confirmed")
        self.assertEqual(len(sale.activity_ids), 1)
        self.assertTrue(self.logs(cause="risk_rose"))
        self.happens("update", order, note="again")
        self.assertEqual(len(sale.activity_ids), 1)

    def test_a_risk_that_rises_after_shipping_asks_nothing(self):
        order = self.place(risk="LOW")
        self.sync()
        self.happens("fulfil", order)
        self.happens("change_risk", order, "HIGH")
        self.assertFalse(self.logs(cause="risk_rose"))


@tagged("post_install", "-at_install")
class TestPendingRefunds(LifeCase):
    def test_money_on_its_way_back_is_looked_at_again_without_a_change_of_the_order(self):
        order = self.place()
        self.sync()
        self.happens("refund", order, {self.skus[0]: 1}, pending=True)
        stamp = order.updated_at
        self.sim.store.settle_refunds(order)
        order.updated_at = stamp
        self.sale_order(order).shopify_refund_ids.next_check_at = fields.Datetime.now()
        self.env.flush_all()
        with self.own_cursor() as env:
            env["shopify.risk.checker"]._cron_recheck()
        self.process()
        self.assertEqual(len(self.credit_notes(order)), 1)
        self.assert_right(order)
