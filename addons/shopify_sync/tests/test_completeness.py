"""The daily completeness proof: every order, payment and refund of Shopify is counted against Odoo."""

from datetime import datetime, timedelta, timezone

from odoo import fields
from odoo.addons.shopify_sync.models import handler_proof
from odoo.exceptions import UserError
from odoo.tests import tagged

from .lives import LifeCase


@tagged("post_install", "-at_install")
class TestCompleteness(LifeCase):
    def prove(self):
        """The days with orders."""
        run = self.run_operation("completeness")
        self.assertEqual(run.state, "done", run.message)
        return self.proofs().filtered("orders_shopify")

    def proofs(self):
        return self.env["shopify.proof"].search([("instance_id", "=", self.instance.id)])

    def test_days_without_orders_are_proved_and_counted_anew(self):
        order = self.place()
        self.prove()
        self.assertEqual(len(self.proofs()), self.instance.proof_days + 1)
        empty = self.proofs().filtered(lambda proof: not proof.orders_shopify)
        self.assertEqual(len(empty), self.instance.proof_days)
        self.assertEqual(set(empty.mapped("state")), {"complete"})
        self.assertTrue(all(empty.mapped("checked_at")))
        self.sim.store.generate_orders([], self.sim.store._no_order)
        self.assertFalse(self.prove(), f"{order.name} is gone in Shopify, so its day is counted anew")
        self.assertEqual(set(self.proofs().mapped("state")), {"complete"})

    def test_transactions_and_refunds_are_counted_on_both_sides(self):
        paid, refunded, captured = self.place(), self.place(), self.place(financial="authorized")
        self.place(financial="pending")
        self.sync()
        self.happens("refund", refunded, {self.skus[0]: 1})
        self.happens("edit", paid, quantities={self.skus[0]: 1})
        self.happens("capture", captured, "10.00")
        self.happens("capture", captured)
        proof = self.prove()
        self.assertEqual(proof.state, "complete", proof.line_ids.mapped("reason"))
        self.assertEqual((proof.transactions_shopify, proof.transactions_odoo), (5, 5))
        self.assertEqual((proof.refunds_shopify, proof.refunds_odoo), (1, 1))

    def test_a_transaction_or_refund_too_many_is_found_though_the_sums_agree(self):
        order = self.place()
        self.sync()
        payment = self.sale_order(order).shopify_payment_ids
        payment.amount -= 1
        payment.copy({"amount": 1, "transaction_id": "999"})
        refunded = self.place()
        self.sync()
        self.happens("refund", refunded, {self.skus[0]: 1})
        self.sale_order(refunded).shopify_refund_ids.copy({"shopify_id": "998", "state": "credited"})
        proof = self.prove()
        self.assertEqual(proof.state, "open")
        found = {line.order_ref: (line.kind, line.reason) for line in proof.line_ids}
        self.assertEqual(found[order.name], ("transactions", "1 transactions in Shopify, 2 known in Odoo"))
        self.assertEqual(found[refunded.name], ("refunds", "1 refunds in Shopify, 2 settled in Odoo"))

    def test_a_day_that_was_brought_whole_is_complete(self):
        orders = [self.place(), self.place(financial="authorized"), self.place(discounts=[{"code": "A", "amount": 3}])]
        self.sync()
        self.happens("refund", orders[0], {self.skus[0]: 1})
        proof = self.prove()
        self.assertEqual(proof.state, "complete", proof.line_ids.mapped("reason"))
        self.assertEqual((proof.orders_shopify, proof.orders_odoo), (3, 3))
        for name in ("total", "received", "refunded"):
            self.assert_cents(proof[f"{name}_odoo"], proof[f"{name}_shopify"], name)
        self.assert_cents(proof.total_shopify, sum(self.shopify_total(order) for order in orders))

    def test_an_order_that_never_came_is_listed_and_queued_again_by_one_button(self):
        order = self.place()
        proof = self.prove()
        self.assertEqual(proof.state, "open")
        self.assertEqual((proof.line_ids.kind, proof.line_ids.order_ref), ("missing", order.name))
        self.assertFalse(proof.line_ids.explained)
        with self.own_cursor() as env:
            proof.with_env(env).action_queue_again()
        self.process()
        self.assert_right(order)
        self.assertEqual(self.prove().state, "complete")

    def test_a_shipped_order_that_no_import_saw_says_how_it_comes(self):
        order = self.place(fulfillment="fulfilled")
        line = self.prove().line_ids
        self.assertEqual((line.order_ref, line.explained), (order.name, False))
        self.assertIn("'Import shipped orders' brings it", line.reason)
        self.instance._start_schedules(["order_shipped"])
        self.assertFalse(self.prove().line_ids.reason, "its schedule brings it")

    def test_a_lost_change_is_found_and_mended(self):
        order = self.place(financial="authorized")
        self.sync()
        stamp = order.updated_at
        self.sim.store.capture(order)
        self.sim.store.edit(order, quantities={self.skus[0]: 5})
        order.updated_at = stamp
        proof = self.prove()
        self.assertEqual(set(proof.line_ids.mapped("kind")), {"total", "received"})
        with self.own_cursor() as env:
            proof.with_env(env).action_queue_again()
        self.process()
        self.assert_right(order)
        self.assertEqual(self.prove().state, "complete")

    def test_a_refund_that_waits_for_a_person_is_explained(self):
        self.instance.refund_policy = "ask"
        order = self.place()
        self.sync()
        self.happens("refund", order, {self.skus[0]: 1})
        proof = self.prove()
        self.assertEqual(proof.state, "explained")
        self.assertEqual(proof.line_ids.kind, "refunded")
        self.assertTrue(proof.line_ids.reason)

    def test_an_order_that_failed_is_explained_by_its_queue_line(self):
        order = self.place(lines=[{"sku": "NOT-IN-ODOO", "title": "Unknown", "price": "5.00"}], gateway="never_seen")
        self.sync()
        self.assertEqual(self.queue_line(order).state, "failed")
        proof = self.prove()
        self.assertEqual(proof.state, "explained")
        self.assertEqual(proof.line_ids.reason, self.queue_line(order).message)

    def test_an_order_left_out_by_a_rule_is_explained(self):
        self.env["shopify.order.rule"].create(
            {"instance_id": self.instance.id, "name": "No", "tags": "no", "skip": True}
        )
        self.place(tags=["no"])
        self.sync()
        self.assertEqual(self.prove().state, "explained")

    def test_a_second_proof_of_a_day_counts_it_anew(self):
        self.place()
        self.sync()
        self.prove()
        proof = self.prove()
        self.assertEqual((proof.orders_shopify, proof.orders_odoo), (1, 1))

    def test_days_are_those_of_the_stores_time_zone(self):
        self.instance.shop_tz = "Pacific/Auckland"
        day = fields.Date.today() - timedelta(days=3)
        self.place(created_at=f"{day}T13:30:00Z", processed_at=f"{day}T13:30:00Z")
        proof = self.prove()
        self.assertEqual(proof.day, day + timedelta(days=1))

    def test_days_chosen_are_counted_anew_and_no_others(self):
        self.addCleanup(self.sim.clock.set, self.sim.clock.now())
        self.sim.clock.set(datetime(2026, 3, 10, 23, 30, tzinfo=timezone.utc))  # 19:30 in New York
        early = self.place()
        self.sim.clock.set(datetime(2026, 3, 12, 3, 30, tzinfo=timezone.utc))  # the 11th there
        late = self.place()
        self.instance.shop_tz = "America/New_York"
        self.run_operation("completeness", day_from="2026-03-09", day_to="2026-03-10")
        counted = {str(proof.day): proof for proof in self.proofs()}
        self.assertEqual(set(counted), {"2026-03-09", "2026-03-10"})
        self.assertEqual(counted["2026-03-10"].line_ids.order_ref, early.name)
        self.run_operation("completeness", day_from="2026-03-11", day_to="2026-03-11")
        third = self.proofs().filtered(lambda proof: str(proof.day) == "2026-03-11")
        self.assertEqual(third.line_ids.order_ref, late.name)
        self.instance.import_order_after = "2026-03-12 12:00:00"
        with self.assertRaisesRegex(UserError, "imports orders created from 2026-03-12 on"):
            self.run_operation("completeness", day_from="2026-03-01", day_to="2026-03-11")

    def test_more_orders_than_a_page_are_all_counted(self):
        for _number in range(3):
            self.place()
        self.sync()
        self.patch(handler_proof, "PAGE", 2)
        proof = self.prove()
        self.assertEqual((proof.orders_shopify, proof.orders_odoo), (3, 3))

    def test_a_change_that_waits_for_a_person_is_no_complete_day(self):
        self.instance.change_policy = "ask"
        order = self.place()
        self.sync()
        self.happens("edit", order, quantities={self.skus[0]: 5})
        proof = self.prove()
        self.assertEqual((proof.state, proof.line_ids.kind), ("explained", "total"))
        self.assert_cents(proof.line_ids.odoo_amount, self.sale_order(order).amount_total)
        self.assert_cents(proof.line_ids.shopify_amount, self.shopify_total(order))
        self.sale_order(order).action_shopify_apply_changes()
        self.assertEqual(self.prove().state, "complete")

    def test_a_line_changed_in_odoo_by_hand_is_found(self):
        order = self.place(financial="authorized")
        self.sync()
        self.sale_order(order).order_line[0].price_unit += 1
        proof = self.prove()
        self.assertEqual((proof.state, proof.line_ids.kind), ("open", "total"))

    def test_orders_are_compared_in_the_currency_they_were_imported_in(self):
        self.place(currency="EUR")
        self.sync()
        self.instance.currency_mode = "customer"
        self.assertEqual(self.prove().state, "complete")

    def test_cancelled_and_taken_back_orders_are_complete(self):
        orders = [self.place(), self.place(financial="authorized"), self.place()]
        self.sync()
        self.happens("edit", orders[2], quantities={self.skus[0]: 1})
        self.happens("cancel", orders[0])
        self.happens("cancel", orders[1])
        proof = self.prove()
        self.assertEqual(proof.state, "complete", proof.line_ids.mapped("kind"))
