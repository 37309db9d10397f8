"""Risky orders are confirmed or cancelled by a person who sees each of them (rules, section 10.4)."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from shopify_simulator.scopes import DEFAULT_SCOPES

from .common_out import OutgoingCase


@tagged("post_install", "-at_install")
class TestRiskDecision(OutgoingCase):
    def risky(self, number=1, **options):
        """Shopify orders held for their risk, and their quotations."""
        orders = [self.place(risk="HIGH", **options) for _one in range(number)]
        self.import_orders(*orders)
        return orders, self.env["sale.order"].union(*map(self.sale_order, orders))

    def decide(self, sale_orders, decision, user=None, **values):
        """Press the list's button, fill the dialog in and press its button."""
        with self.own_cursor(user or self.user) as env:
            orders = sale_orders.with_env(env).with_context(default_decision=decision)
            action = orders.action_shopify_decide_risk()
            with Form(env["shopify.risk.decision"].with_context(**action["context"])) as form:
                listed = form.order_ids.ids
                for name, value in values.items():
                    form[name] = value
            notice = form.save().action_apply()
        self.env.invalidate_all()
        return listed, notice

    def test_orders_confirmed_together_are_listed_first_and_then_follow_their_workflow(self):
        _orders, sale_orders = self.risky(2)
        listed, _notice = self.decide(sale_orders, "confirm")
        self.assertEqual(sorted(listed), sorted(sale_orders.ids))
        self.assertEqual(set(sale_orders.mapped("shopify_risk_state")), {"confirmed"})
        self.assertEqual(set(sale_orders.mapped("state")), {"sale"})

    def test_cancelling_tells_shopify_only_when_chosen(self):
        orders, sale_orders = self.risky()
        self.decide(sale_orders, "cancel")
        self.assertEqual(sale_orders.state, "cancel")
        self.assertEqual(sale_orders.shopify_cancel_state, "none")
        self.assertFalse(self.line_of(sale_orders))
        self.assertFalse(self.sim.store.order(orders[0].id).cancelled_at)

    def test_cancelled_in_shopify_too_for_fraud_with_the_money_given_back(self):
        orders, sale_orders = self.risky(2)
        self.decide(sale_orders, "cancel", where="shopify", staff_note="Card stolen")
        self.assertEqual(set(sale_orders.mapped("shopify_cancel_state")), {"asked"})
        for sale_order in sale_orders:
            self.make_due(self.line_of(sale_order))
        self.follow()
        for order, sale_order in zip(orders, sale_orders, strict=True):
            there = self.sim.store.order(order.id)
            self.assertEqual((there.cancel_reason, there.cancel_staff_note), ("FRAUD", "Card stolen"))
            self.assert_cents(self.shopify_total(there, "net_payment"), 0)
            self.assertEqual((sale_order.state, sale_order.shopify_cancel_state), ("cancel", "done"))

    def test_an_order_that_was_never_paid_is_cancelled_without_a_refund(self):
        orders, sale_orders = self.risky(financial="authorized")
        self.decide(sale_orders, "cancel", where="shopify")
        self.make_due(self.line_of(sale_orders))
        self.follow()
        there = self.sim.store.order(orders[0].id)
        self.assertTrue(there.cancelled_at)
        self.assertFalse([money for refund in there.refunds for money in refund.transactions])

    def test_a_missing_permission_leaves_the_orders_held(self):
        _orders, sale_orders = self.risky()
        self.sim.access.scopes = [scope for scope in DEFAULT_SCOPES if scope != "write_orders"]
        self.instance._read_shop()
        with self.assertRaisesRegex(UserError, "write_orders"):
            self.decide(sale_orders, "cancel", where="shopify")
        self.assertEqual((sale_orders.state, sale_orders.shopify_risk_state), ("draft", "held"))

    def test_an_order_decided_meanwhile_is_not_decided_again(self):
        _orders, sale_orders = self.risky()
        sale_orders.action_shopify_confirm_risk()
        with self.assertRaisesRegex(UserError, "None of these orders is held"):
            self.decide(sale_orders, "cancel")

    def test_people_without_a_shopify_role_decide_nothing(self):
        _orders, sale_orders = self.risky()
        with self.assertRaises(AccessError):
            self.decide(sale_orders, "cancel", user=self.outsider)
        self.assertEqual(sale_orders.shopify_risk_state, "held")
