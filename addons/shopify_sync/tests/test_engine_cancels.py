"""Orders cancelled in Shopify, at each point of their life."""

from odoo.tests import tagged

from .lives import LifeCase


@tagged("post_install", "-at_install")
class TestCancels(LifeCase):
    def brought(self, **options):
        order = self.place(**options)
        self.sync()
        return order

    def assert_cancelled(self, order):
        self.assertEqual(self.sale_order(order).state, "cancel")
        self.assert_right(order)
        self.assert_settled()

    def test_a_quotation_is_cancelled(self):
        order = self.brought(risk="HIGH")
        self.happens("cancel", order)
        self.assert_cancelled(order)
        self.assertEqual(self.sale_order(order).shopify_cancel_reason, "customer")

    def test_a_confirmed_order_is_cancelled_with_its_delivery(self):
        order = self.brought(financial="authorized")
        self.happens("cancel", order)
        self.assert_cancelled(order)
        self.assertEqual(set(self.sale_order(order).picking_ids.mapped("state")), {"cancel"})

    def test_an_unpaid_invoice_is_credited(self):
        order = self.brought(financial="authorized")
        sale = self.sale_order(order)
        sale._create_invoices().action_post()
        self.happens("cancel", order)
        self.assert_cents(self.invoiced(order), 0)
        self.assert_cancelled(order)

    def test_where_the_store_asks_an_open_invoice_waits_for_a_person(self):
        self.instance.change_policy = "ask"
        order = self.brought(financial="authorized")
        self.sale_order(order)._create_invoices().action_post()
        self.happens("cancel", order)
        self.assertEqual(self.sale_order(order).state, "cancel")
        self.assertEqual(len(self.moves(order)), 1)
        self.assertTrue(self.logs(cause="cancelled_invoice_open", resolved=False))
        self.assertEqual(self.sale_order(order).shopify_change_state, "to_confirm")
        self.sale_order(order).action_shopify_apply_changes()
        self.assert_cents(self.invoiced(order), 0)
        self.assertFalse(self.logs(cause="cancelled_invoice_open", resolved=False))
        self.assert_cancelled(order)

    def test_what_a_person_ignores_of_a_cancelled_order_is_not_asked_again(self):
        self.instance.change_policy = "ask"
        order = self.brought(financial="authorized")
        sale = self.sale_order(order)
        sale._create_invoices().action_post()
        self.happens("cancel", order)
        sale.action_shopify_ignore_changes()
        self.happens("update", order, note="nothing else")
        self.assertEqual((sale.shopify_change_state, len(self.moves(order))), ("ignored", 1))

    def test_an_edit_that_was_asked_before_the_cancellation_is_settled_by_apply(self):
        self.instance.change_policy = "ask"
        order = self.brought()
        sale = self.sale_order(order)
        self.happens("edit", order, quantities={self.skus[0]: 5})
        self.assertEqual(sale.shopify_change_state, "to_confirm")
        self.happens("cancel", order)
        self.assertTrue(self.logs(cause="cancelled_invoice_open", resolved=False))
        sale.action_shopify_apply_changes()
        self.assertEqual(sale.shopify_change_state, "none")
        self.assert_cents(self.residual(order), 0)
        self.assert_cancelled(order)

    def test_an_edit_that_was_asked_is_over_when_nothing_of_the_cancelled_order_was_invoiced(self):
        self.instance.change_policy = "ask"
        order = self.brought(financial="authorized", fulfillment="partial")
        sale = self.sale_order(order)
        self.happens("edit", order, add=[(self.skus[3], 1)])
        self.assertEqual(sale.shopify_change_state, "to_confirm")
        self.happens("cancel", order)
        self.assertEqual(sale.shopify_change_state, "none")

    def test_an_invoice_that_a_person_has_credited_is_not_credited_again(self):
        order = self.brought(financial="authorized")
        invoice = self.sale_order(order)._create_invoices()
        invoice.action_post()
        invoice._reverse_moves(cancel=True)
        before = self.env["account.move"].search_count([])
        self.happens("cancel", order)
        self.assertEqual(self.sale_order(order).state, "cancel")
        self.assertEqual(self.env["account.move"].search_count([]), before)

    def test_a_paid_order_is_credited_by_its_refund(self):
        order = self.brought()
        self.happens("cancel", order)
        self.assert_cents(self.invoiced(order), 0)
        self.assert_cents(self.residual(order), 0)
        self.assertEqual(len(self.credit_notes(order)), 1)
        self.assert_cancelled(order)

    def test_a_paid_order_cancelled_without_refund_leaves_the_customer_his_credit(self):
        order = self.brought()
        self.happens("cancel", order, refund=False)
        self.assert_cents(self.invoiced(order), 0)
        self.assert_cents(-self.residual(order), self.paid(order))
        self.assert_cancelled(order)

    def test_the_credit_of_a_cancelled_order_paid_back_later_is_no_second_credit_note(self):
        order = self.brought()
        self.happens("cancel", order, refund=False)
        notes = self.credit_notes(order)
        self.happens("refund", order, amount=str(self.shopify_total(order, "total_received")))
        self.assertEqual(self.credit_notes(order), notes)
        self.assert_cents(self.residual(order), 0)
        self.assert_cancelled(order)

    def test_an_edited_order_cancelled_before_the_edit_was_seen(self):
        order = self.brought(discounts=[{"code": "ODD", "percentage": 33}])
        self.happens("edit", order, quantities={self.skus[0]: 5, self.skus[1]: 1}, sync=False)
        self.happens("cancel", order)
        self.assert_cents(self.invoiced(order), 0)
        self.assert_cancelled(order)

    def test_a_part_refund_before_the_cancellation(self):
        order = self.brought()
        self.happens("refund", order, {self.skus[0]: 1}, sync=False)
        self.happens("cancel", order)
        self.assertEqual(len(self.credit_notes(order)), 2)
        self.assert_cents(self.invoiced(order), 0)
        self.assert_cancelled(order)

    def test_what_was_shipped_is_flagged_and_stays_an_order(self):
        order = self.brought()
        self.happens("fulfil", order)
        self.happens("cancel", order)
        sale = self.sale_order(order)
        self.assertEqual(sale.state, "sale")
        self.assertTrue(
            all(
                sale.picking_ids.filtered(lambda one: one.picking_type_code == "outgoing").mapped(
                    "shopify_cancelled_while_shipped"
                )
            )
        )
        self.assertTrue(self.logs(cause="cancelled_while_shipped"))
        self.assertTrue(sale.picking_ids.activity_ids)
        self.assert_right(order)
        self.assert_settled()

    def test_a_part_that_was_shipped_is_flagged_and_the_rest_is_cancelled(self):
        order = self.brought()
        self.happens("fulfil", order, {self.skus[0]: 1})
        self.happens("cancel", order)
        self.assertFalse(self.still_to_deliver(order))
        self.assertEqual(sum(self.delivered(order).values()), 1)
        self.assert_right(order)
        self.assert_settled()

    def test_an_order_invoiced_by_delivery_and_cancelled_after_a_part(self):
        self.products.invoice_policy = "delivery"
        order = self.brought()
        self.happens("fulfil", order, {self.skus[0]: 1})
        self.assertTrue(self.moves(order))
        self.happens("cancel", order)
        self.assert_right(order)
        self.assert_settled()

    def test_an_order_cancelled_before_it_was_seen_is_a_cancelled_quotation(self):
        order = self.place()
        self.later()
        self.sim.store.cancel(order)
        self.sync()
        sale = self.sale_order(order)
        self.assertEqual(sale.state, "cancel")
        self.assertEqual(sale.order_line[0].product_uom_qty, 3, "as it was ordered")
        self.assertFalse(self.moves(order) or sale.picking_ids or self.paid(order))
        self.assert_settled()

    def test_orders_cancelled_before_they_were_seen_can_be_left_out(self):
        self.instance.import_cancelled = False
        order = self.place()
        self.later()
        self.sim.store.cancel(order)
        self.sync()
        self.assertFalse(self.sale_order(order))
        line = self.queue_line(order)
        self.assertEqual(line.state, "skipped")
        self.assertTrue(line.message)
        self.assertTrue(self.logs(cause="cancelled", severity="info"))

    def test_cancelled_orders_that_no_other_run_saw_are_found(self):
        order = self.brought()
        self.later()
        self.sim.store.cancel(order)
        self.run_operation("order_cancelled", **{"from": "2000-01-01 00:00:00"})
        self.process()
        self.assert_cancelled(order)
