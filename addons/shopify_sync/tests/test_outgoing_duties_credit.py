"""Duties and store credit in the refund dialog; what the dialog refuses."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_out import OutgoingCase


@tagged("post_install", "-at_install")
class TestDutiesAndStoreCredit(OutgoingCase):
    ADA = {"first_name": "Ada", "email": "ada@example.com"}

    def with_duty(self, **options):
        """Three units of 20.00 with a duty of 10.00, a credit note of the whole."""
        line = {"sku": self.skus[0], "quantity": 3, "price": "20.00", "duty": "10.00"}
        return self.credited(lines=[line], customer=self.ADA, **options)

    def press(self, wizard, name, user=None):
        with self.own_cursor(user or self.user) as env:
            getattr(wizard.with_env(env), name)()

    def assert_one_paid_credit_note(self, order, sale_order, move):
        self.import_orders(order)
        (refund,) = self.refunds_at_shopify(order)
        self.assertEqual(self.credit_notes(sale_order), move)
        self.assertEqual((move.shopify_refund_id, move.shopify_refund_state), (str(refund.id), "received"))
        self.assertEqual(move.payment_state, "paid")
        self.assertFalse(self.logs(cause="refund_other_amount"))
        return refund

    # Duties

    def test_a_user_refunds_the_duty_with_its_items_to_the_cent(self):
        order, sale_order, move = self.with_duty()
        wizard = self.open_refund(move)
        duty = wizard.duty_ids
        self.assertEqual((duty.refund_type, duty.ordered), ("FULL", 3), "the credit note credits the whole duty")
        self.assert_cents(duty.amount, "10.00")
        self.assertIn("duties", wizard.suggestion)
        self.assert_cents(wizard.total, self.shopify_total(order))
        wizard.note = "Never arrived"
        self.press_refund(wizard)
        refund = self.assert_one_paid_credit_note(order, sale_order, move)
        self.assertFalse(refund.adjustments, "items and duty explain the money")
        self.assert_cents(refund.duties[0][1].shop, "10.00")

    def test_a_share_of_the_duty_goes_back_with_a_part_of_the_units(self):
        order, sale_order, move = self.with_duty()
        wizard = self.open_refund(move)
        wizard.line_ids.quantity = 1
        wizard.duty_ids.refund_type = "PROPORTIONAL"
        self.assert_cents(wizard.duty_ids.amount, "3.33")
        self.press(wizard, "action_take_suggestion")
        self.assert_cents(wizard.total, "23.33")
        wizard.note = "One of three"
        self.press_refund(wizard)
        (refund,) = self.refunds_at_shopify(order)
        self.assertFalse(refund.adjustments)
        self.import_orders(order)
        self.assertEqual(self.credit_notes(sale_order), move)
        again = self.credit(sale_order)
        rest = self.open_refund(again).duty_ids
        self.assert_cents(rest.left, "6.67", "what the first refund left of it")

    def test_a_share_without_units_is_refused_before_anything_is_sent(self):
        _order, _sale_order, move = self.with_duty()
        wizard = self.open_refund(move)
        wizard.note = "Duty only"
        wizard.line_ids.quantity = 0
        wizard.duty_ids.refund_type = "PROPORTIONAL"
        with self.assertRaisesRegex(UserError, "needs refunded units"):
            self.press_refund(wizard)
        with self.assertRaisesRegex(UserError, "needs refunded units"):
            self.press(wizard, "action_suggest")
        self.assertEqual(self.sent("RefundCreate"), 0)

    def test_a_duty_alone_is_refunded(self):
        order, _sale_order, move = self.with_duty()
        wizard = self.open_refund(move)
        wizard.line_ids.quantity = 0
        wizard.duty_ids.refund_type = "FULL"
        self.press(wizard, "action_take_suggestion")
        wizard.note = "Customs paid twice"
        self.assert_cents(wizard.total, "10.00")
        self.press_refund(wizard)
        (refund,) = self.refunds_at_shopify(order)
        self.assertEqual((refund.lines, refund.adjustments), ([], []))

    def test_an_order_without_duties_offers_none(self):
        _order, _sale_order, move = self.credited()
        self.assertFalse(self.open_refund(move).duty_ids)

    # Store credit

    def test_everything_as_store_credit_is_paid_back_through_its_own_gateway(self):
        order, sale_order, move = self.with_duty(shipping="4.90")
        wizard = self.open_refund(move)
        self.press(wizard, "action_all_store_credit")
        self.assertFalse(wizard.payment_ids.filtered("chosen"))
        self.assert_cents(wizard.store_credit_amount, self.shopify_total(order))
        wizard.write({"note": "As wished", "store_credit_expires": fields.Date.today() + timedelta(days=365)})
        self.press_refund(wizard)
        asked = self.sim.requests[-1].variables["input"]["refundMethods"][0]["storeCreditRefund"]
        self.assertRegex(asked["expiresAt"], r"^\d{4}-\d\d-\d\dT\d\d:00:00Z$")
        refund = self.assert_one_paid_credit_note(order, sale_order, move)
        self.assertEqual([one.gateway for one in refund.transactions], ["shopify_store_credit"])
        back = sale_order.shopify_payment_ids.filtered("refund_id")
        self.assertEqual(back.gateway_id.code, "shopify_store_credit")
        self.assert_cents(back.amount, move.amount_total)

    def test_a_part_as_store_credit_and_the_rest_to_the_card(self):
        order, sale_order, move = self.with_duty()
        wizard = self.open_refund(move)
        wizard.payment_ids.amount -= 25
        wizard.write({"store_credit_amount": 25, "note": "Half and half"})
        self.assert_cents(wizard.total, move.amount_total)
        self.press_refund(wizard)
        refund = self.assert_one_paid_credit_note(order, sale_order, move)
        self.assertEqual({one.gateway for one in refund.transactions}, {"shopify_payments", "shopify_store_credit"})
        self.assert_cents(sum(sale_order.shopify_payment_ids.filtered("refund_id").mapped("amount")), move.amount_total)

    def test_what_was_given_as_store_credit_is_not_left_on_the_card(self):
        order = self.place(lines=[(self.skus[0], 2)], customer=self.ADA)
        self.import_orders(order)
        total = float(self.shopify_total(order))
        first, second = self.credit(self.sale_order(order)), self.credit(self.sale_order(order))
        wizard = self.open_refund(first)
        wizard.payment_ids.chosen = False
        wizard.line_ids.quantity = 0
        wizard.write({"store_credit_amount": total - 1, "note": "Credit"})
        self.press_refund(wizard)
        wizard = self.open_refund(second)
        self.assert_cents(wizard.money_left, 1)
        self.assert_cents(wizard.payment_ids.remaining, 1)
        wizard.payment_ids.write({"amount": 1, "chosen": True})
        wizard.write({"store_credit_amount": 1, "note": "Too much"})
        with self.assertRaisesRegex(UserError, "left to refund of the order"):
            self.press_refund(wizard)

    def test_guests_and_companies_get_no_store_credit(self):
        for options in ({"customer": "guest"}, {"company": True}):
            with self.subTest(**options):
                _order, _sale_order, move = self.credited(**options)
                wizard = self.open_refund(move)
                self.assertFalse(wizard.may_give_store_credit)
                with self.assertRaisesRegex(UserError, "customers only"):
                    self.press(wizard, "action_all_store_credit")
                wizard.write({"store_credit_amount": 1, "note": "Credit"})
                with self.assertRaisesRegex(UserError, "customers only"):
                    self.press_refund(wizard)
        self.assertEqual(self.sent("RefundCreate"), 0)

    def test_store_credit_that_ended_yesterday_is_refused(self):
        _order, _sale_order, move = self.with_duty()
        wizard = self.open_refund(move)
        wizard.payment_ids.chosen = False
        yesterday = fields.Date.today() - timedelta(days=2)
        wizard.write({"store_credit_amount": 1, "store_credit_expires": yesterday, "note": "Late"})
        with self.assertRaisesRegex(UserError, "the day is over"):
            self.press_refund(wizard)

    def test_the_last_day_of_store_credit_ends_at_midnight_of_the_store(self):
        self.instance.shop_tz = "America/New_York"
        day = fields.Date.to_date("2026-03-07")  # the night in which the clocks are put forward follows
        self.assertEqual(self.instance._store_credit_end(day), "2026-03-08T05:00:00Z")
        self.assertEqual(self.instance._store_credit_end(day + timedelta(days=1)), "2026-03-09T04:00:00Z")

    def test_store_credit_in_the_customers_currency(self):
        order, sale_order, move = self.credited(currency="EUR", customer=self.ADA)
        wizard = self.open_refund(move)
        self.press(wizard, "action_all_store_credit")
        wizard.note = "Credit"
        self.press_refund(wizard)
        (refund,) = self.refunds_at_shopify(order)
        self.assertEqual(refund.transactions[0].amount_set.pair.presentment, "EUR")
        self.assert_cents(refund.transactions[0].amount_set.presentment, self.sim_total(order).presentment)
        self.import_orders(order)
        self.assertEqual(self.credit_notes(sale_order), move)

    def sim_total(self, order):
        return order.transactions[0].amount_set

    # Money on its way

    def test_money_on_its_way_is_paid_back_in_odoo_when_it_has_arrived(self):
        order, sale_order, move = self.credited()
        self.sim.faults.add("reset", "RefundCreate", times=None)
        self.refund_in_shopify(move)
        self.sim.faults.clear()
        self.sim.store.refund(order, "all", shipping=True, pending=True, note=f"Broken [{move.name}]")
        self.import_orders(order)
        row = sale_order.shopify_refund_ids
        self.assertEqual((row.move_id, row.pending, self.line_of(move).state), (move, True, "done"))
        self.assertFalse(sale_order.shopify_payment_ids.filtered("refund_id"))
        checker = self.env["shopify.risk.checker"]
        self.assertIn(str(order.id), checker._due_refunds(self.instance))
        self.assertNotIn(str(order.id), checker._due_refunds(self.instance), "not before an hour has passed")
        self.sim.store.settle_refunds(order)
        self.assert_one_paid_credit_note(order, sale_order, move)

    # The dialog

    def test_the_suggestion_is_marked_when_the_choice_has_changed(self):
        _order, _sale_order, move = self.with_duty()
        wizard = self.open_refund(move)
        with self.own_cursor(self.user) as env, Form(wizard.with_env(env)) as form:
            self.assertFalse(form.suggestion_outdated)
            with form.line_ids.edit(0) as line:
                line.quantity = 1
            self.assertTrue(form.suggestion_outdated)
            with form.duty_ids.edit(0) as duty:
                duty.refund_type = "PROPORTIONAL"
        self.assertFalse(wizard.note, "Shopify can be asked before the reason is written")
        self.assertTrue(wizard.suggestion_outdated)
        self.press(wizard, "action_suggest")
        self.assertFalse(wizard.suggestion_outdated)

    def test_restocking_asks_for_the_location_on_the_screen(self):
        _order, _sale_order, move = self.credited(fulfillment="fulfilled")
        wizard = self.open_refund(move)
        with self.own_cursor(self.user) as env, Form(wizard.with_env(env)) as form:
            form.note = "Returned"
            with self.assertRaises(AssertionError), form.line_ids.edit(0) as line:
                line.restock_type = "RETURN"
                line.location_id = env["shopify.location"]

    def test_a_credit_note_edited_while_the_dialog_is_open_is_measured_as_it_is_now(self):
        _order, _sale_order, move = self.credited(lines=[(self.skus[0], 2)])
        wizard = self.open_refund(move)
        wizard.note = "Edited"
        move.button_draft()
        with self.assertRaisesRegex(UserError, "Confirm the credit note"):
            self.press_refund(wizard)
        move.invoice_line_ids[:1].quantity = 1
        move.action_post()
        with self.assertRaisesRegex(UserError, "more than the credit note"):
            self.press_refund(wizard)
        self.assertEqual(self.sent("RefundCreate"), 0)

    def test_tax_that_is_included_goes_back_with_the_duty(self):
        order, sale_order, move = self.with_duty(taxes="DE", shipping="4.90")
        wizard = self.open_refund(move)
        self.assert_cents(wizard.total, self.shopify_total(order))
        wizard.note = "All of it"
        self.press_refund(wizard)
        self.assertFalse(self.assert_one_paid_credit_note(order, sale_order, move).adjustments)

    def test_someone_outside_shopify_sees_no_duty_to_refund(self):
        _order, _sale_order, move = self.with_duty()
        wizard = self.open_refund(move)
        with self.assertRaises(AccessError), self.own_cursor(self.outsider) as env:
            wizard.duty_ids.with_env(env).read(["left"])
        with self.assertRaises(AccessError):
            self.press(wizard, "action_all_store_credit", self.outsider)
