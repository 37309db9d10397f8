"""Refunds of Shopify become credit notes to the cent, one for each; money, goods and quantities follow."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .lives import LifeCase


@tagged("post_install", "-at_install")
class TestRefunds(LifeCase):
    def brought(self, **options):
        order = self.place(**options)
        self.sync()
        return order

    def row(self, order, index=-1):
        return self.sale_order(order).shopify_refund_ids.sorted("id")[index]

    def assert_one_credit_note(self, order, refund):
        """One posted credit note of this refund, equal to its money, and nothing left to pay."""
        note = self.moves(order).filtered(lambda move: move.shopify_refund_id == str(refund.id))
        self.assertEqual(len(note), 1)
        self.assert_cents(note.amount_total, sum(item.amount_set.shop for item in refund.transactions))
        self.assertEqual(note.payment_state, "paid")
        self.assert_right(order)
        self.assert_settled()

    # Money

    def test_a_part_refund_is_credited_to_the_cent_with_its_units(self):
        order = self.brought(discounts=[{"code": "ODD", "percentage": 33}])
        refund = self.happens("refund", order, {self.skus[0]: 1})
        self.assert_one_credit_note(order, refund)
        line = self.credit_notes(order).invoice_line_ids
        self.assertEqual(line.quantity, 1)

    def test_three_refunds_of_one_unit_each_add_up_to_the_line(self):
        order = self.brought(taxes="DE", discounts=[{"code": "ODD", "percentage": 33}])
        for _unit in range(3):
            refund = self.happens("refund", order, {self.skus[0]: 1})
        self.assert_one_credit_note(order, refund)
        self.assertEqual(len(self.credit_notes(order)), 3)

    def test_everything_refunded_leaves_nothing_in_the_books(self):
        order = self.brought()
        refund = self.happens("refund", order, "all", shipping=True)
        self.assert_one_credit_note(order, refund)
        self.assert_cents(self.invoiced(order), 0)

    def test_shipping_alone_is_credited_with_its_tax(self):
        order = self.brought()
        refund = self.happens("refund", order, shipping=True)
        self.assert_one_credit_note(order, refund)
        sale = self.sale_order(order)
        self.assertEqual(sale.invoice_count, 2, "it is found by the order's button Invoices")
        self.assertIn(self.row(order).move_id, sale.invoice_ids)

    def test_an_amount_without_items_is_an_adjustment(self):
        order = self.brought()
        refund = self.happens("refund", order, amount="3.33")
        self.assert_one_credit_note(order, refund)
        self.assertEqual(self.credit_notes(order).invoice_line_ids.product_id, self.instance.product_adjustment_id)

    def test_less_money_than_the_items_are_worth(self):
        order = self.brought()
        refund = self.happens("refund", order, {self.skus[0]: 1}, amount="1.00")
        self.assert_one_credit_note(order, refund)

    def test_more_money_than_the_items_are_worth(self):
        order = self.brought()
        value = self.shopify_total(order)
        refund = self.happens("refund", order, {self.skus[0]: 1}, amount=str(value))
        self.assert_one_credit_note(order, refund)

    def test_several_gateways_get_their_own_money_back(self):
        order = self.brought(
            payments=[
                {"gateway": "gift_card", "amount": "10.00"},
                {"gateway": "shopify_payments"},
            ]
        )
        refund = self.happens("refund", order, "all", shipping=True)
        self.assertEqual(len(refund.transactions), 2)
        self.assert_one_credit_note(order, refund)
        rows = self.sale_order(order).shopify_payment_ids
        for gateway in rows.gateway_id:
            of_gateway = rows.filtered(lambda row, one=gateway: row.gateway_id == one)
            back = of_gateway.filtered(lambda row: row.kind == "refund")
            self.assert_cents(sum(back.mapped("amount")), sum((of_gateway - back).mapped("amount")), gateway.code)

    def test_a_refund_to_store_credit_goes_through_its_own_gateway(self):
        order = self.brought()
        refund = self.happens("refund", order, {self.skus[0]: 1}, gateway="shopify_store_credit")
        self.assert_one_credit_note(order, refund)
        back = self.sale_order(order).shopify_payment_ids.filtered(lambda row: row.kind == "refund")
        self.assertEqual(back.gateway_id.code, "shopify_store_credit")

    def test_money_on_its_way_back_is_credited_when_it_has_arrived(self):
        order = self.brought()
        refund = self.happens("refund", order, {self.skus[0]: 1}, pending=True)
        self.assertFalse(self.credit_notes(order))
        self.assertEqual(self.row(order).state, "waiting")
        self.assertTrue(self.row(order).message)
        self.assert_right(order)
        self.assert_settled()
        self.happens("settle_refunds", order)
        self.assert_one_credit_note(order, refund)

    def test_money_that_never_went_back_takes_the_items_off_and_pays_nothing(self):
        order = self.brought()
        refund = self.happens("refund", order, {self.skus[0]: 1}, pending=True)
        self.later()
        for transaction in refund.transactions:
            transaction.status = "FAILURE"
        refund.adjustments.clear()
        self.sim.store.update(order, note="the refund failed")
        self.sync()
        self.assertFalse(self.paid(order, "outbound"))
        self.assertFalse(self.moves(order).filtered("shopify_refund_id"))
        self.assertTrue(self.logs(cause="refund_failed"))
        self.assert_right(order)
        self.assert_settled()

    def test_items_taken_off_without_money_are_no_refund(self):
        order = self.brought()
        self.happens("edit", order, quantities={self.skus[0]: 2})
        self.assertFalse(self.moves(order).filtered("shopify_refund_id"))
        self.assertEqual(self.row(order).state, "edit")
        self.assert_right(order)

    def test_a_refund_after_an_edit_after_the_invoice(self):
        order = self.brought(discounts=[{"code": "LESS", "percentage": 10}])
        self.happens("edit", order, quantities={self.skus[0]: 4})
        self.happens("mark_paid", order)
        refund = self.happens("refund", order, {self.skus[0]: 2})
        self.assert_one_credit_note(order, refund)

    def test_an_edit_after_a_refund(self):
        order = self.brought()
        self.happens("refund", order, {self.skus[0]: 1})
        self.happens("edit", order, quantities={self.skus[0]: 1}, add=[(self.skus[2], 1)])
        self.assert_right(order)
        self.assert_settled()

    def test_an_order_refunded_before_it_was_first_seen_is_invoiced_as_ordered_and_credited(self):
        order = self.place()
        self.later()
        refund = self.sim.store.refund(order, {self.skus[0]: 1})
        self.sync()
        self.assert_one_credit_note(order, refund)

    def test_an_order_that_is_never_invoiced_has_no_credit_note(self):
        self.env["shopify.financial.status"].search([]).workflow_id.write(
            {"create_invoice": False, "register_payment": False}
        )
        order = self.brought()
        self.assertFalse(self.moves(order))
        self.happens("refund", order, {self.skus[0]: 1})
        self.assertFalse(self.moves(order))
        row = self.row(order)
        self.assertEqual(row.state, "reduced")
        self.assertTrue(row.message)
        self.assertEqual(self.still_to_deliver(order)[str(order.lines[0].id)], 2)
        self.assert_settled()

    def test_a_refund_before_the_invoice_of_a_delivery_is_credited_once_it_is_invoiced(self):
        self.products.invoice_policy = "delivery"
        order = self.brought()
        refund = self.happens("refund", order, {self.skus[0]: 1})
        self.assertFalse(self.credit_notes(order))
        self.assertEqual(self.row(order).state, "waiting")
        self.happens("fulfil", order)
        self.assertTrue(self.credit_notes(order))
        self.assert_right(order)
        self.assertEqual(self.credit_notes(order).shopify_refund_id, str(refund.id))

    def test_a_unit_taken_off_between_two_deliveries_leaves_no_cent_for_a_third_invoice(self):
        self.instance.sync_invoice = False
        self.products.invoice_policy = "delivery"
        order = self.brought()
        self.happens("fulfil", order, {self.skus[0]: 1})
        self.happens("edit", order, quantities={self.skus[0]: 2})
        self.happens("fulfil", order)
        self.assertEqual(len(self.moves(order)), 2)
        self.assert_right(order)

    # Policies

    def test_ask_shows_the_refund_and_a_person_credits_it(self):
        self.instance.refund_policy = "ask"
        order = self.brought()
        refund = self.happens("refund", order, {self.skus[0]: 1})
        self.assertFalse(self.credit_notes(order))
        self.assertEqual(self.row(order).state, "to_confirm")
        self.assertTrue(self.logs(cause="refund_to_confirm", resolved=False))
        self.row(order).action_create_credit_note()
        self.assert_one_credit_note(order, refund)
        with self.assertRaises(UserError):
            self.row(order).action_create_credit_note()

    def test_leave_out_credits_nothing_and_says_so(self):
        self.instance.refund_policy = "leave_out"
        order = self.brought()
        self.happens("refund", order, {self.skus[0]: 1})
        self.assertFalse(self.credit_notes(order))
        self.assertEqual(self.row(order).state, "left_out")
        self.assertTrue(self.row(order).message)

    def test_a_refund_left_out_by_a_person_stays_left_out(self):
        self.instance.refund_policy = "ask"
        order = self.brought()
        self.happens("refund", order, {self.skus[0]: 1})
        self.row(order).action_leave_out()
        self.happens("update", order, note="again")
        self.assertEqual(self.row(order).state, "left_out")
        self.assertFalse(self.credit_notes(order))

    def test_a_store_that_does_not_register_refunds_leaves_the_credit_note_open(self):
        self.instance.refund_register_payment = False
        order = self.brought()
        self.happens("refund", order, {self.skus[0]: 1})
        self.assertEqual(len(self.credit_notes(order)), 1)
        self.assertEqual(self.credit_notes(order).payment_state, "not_paid")
        self.assertFalse(self.paid(order, "outbound"))

    def test_a_refund_through_a_gateway_without_payments_is_paid_from_the_stores_journal(self):
        order = self.brought()
        self.sale_order(order).shopify_payment_ids.workflow_id.register_payment = False
        journal = self.env["account.journal"].create({"name": "Refunds", "type": "bank", "code": "RFND"})
        self.instance.refund_journal_id = journal
        self.happens("refund", order, {self.skus[0]: 1})
        row = self.sale_order(order).shopify_payment_ids.filtered(lambda one: one.kind == "refund")
        self.assertEqual(row.payment_id.journal_id, journal)
        self.assertEqual(self.credit_notes(order).payment_state, "paid")

    # Goods

    def test_units_refunded_before_shipping_are_not_shipped(self):
        order = self.brought()
        self.happens("refund", order, {self.skus[0]: 1})
        self.assertEqual(self.still_to_deliver(order)[str(order.lines[0].id)], 2)
        self.assertFalse(self.row(order).picking_ids)

    def test_units_that_came_back_are_returned_to_stock(self):
        order = self.brought()
        self.happens("fulfil", order)
        self.happens("refund", order, {self.skus[0]: 1})
        picking = self.row(order).picking_ids
        self.assertEqual(picking.state, "done")
        self.assertEqual(picking.shopify_refund_id, str(order.refunds[0].id))
        self.assertEqual(sum(picking.move_ids.mapped("quantity")), 1)
        self.assert_right(order)
        self.assert_settled()

    def test_units_kept_by_the_customer_make_no_stock_document(self):
        order = self.brought()
        self.happens("fulfil", order)
        self.happens("refund", order, {self.skus[0]: 1}, restock=False)
        self.assertFalse(self.row(order).picking_ids)
        self.assertEqual(self.delivered(order)[str(order.lines[0].id)], 3)
        self.assert_right(order)

    def test_the_warehouse_validates_returns_where_the_store_says_so(self):
        self.instance.return_validate = False
        order = self.brought()
        self.happens("fulfil", order)
        self.happens("refund", order, {self.skus[0]: 1})
        self.assertNotIn(self.row(order).picking_ids.state, ("done", "cancel"))
        self.assertTrue(self.credit_notes(order))
        self.assert_settled()

    def test_without_return_transfers_only_the_money_moves(self):
        self.instance.return_create = False
        order = self.brought()
        self.happens("fulfil", order)
        self.happens("refund", order, {self.skus[0]: 1})
        self.assertFalse(self.row(order).picking_ids)
        self.assertTrue(self.credit_notes(order))

    def test_a_product_with_lots_comes_back_by_a_transfer_that_waits(self):
        order = self.brought()
        self.happens("fulfil", order)
        self.products[0].tracking = "lot"
        self.happens("refund", order, {self.skus[0]: 1})
        self.assertNotEqual(self.row(order).picking_ids.state, "done")
        self.assertEqual(len(self.credit_notes(order)), 1)


@tagged("post_install", "-at_install")
class TestForeignCurrency(LifeCase):
    """The company keeps its books in another currency than the store sells in."""

    sim_options = {"currency": "JPY"}
    place_defaults = {"taxes": [("Consumption Tax", "0.1")], "shipping": {"title": "Standard", "price": "500"}}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        yen = cls.env["res.currency"].with_context(active_test=False).search([("name", "=", "JPY")])
        yen.active = True
        cls.env["res.currency.rate"].create({"currency_id": yen.id, "name": "2020-01-01", "rate": 151.37})

    def test_a_life_in_yen_in_books_of_another_currency(self):
        order = self.place(lines=[(self.skus[0], 3), (self.skus[1], 2)], discounts=[{"code": "ODD", "percentage": 33}])
        self.sync()
        self.assert_right(order)
        self.happens("refund", order, {self.skus[0]: 1})
        self.assert_right(order)
        self.happens("edit", order, quantities={self.skus[0]: 1})
        self.assert_right(order)
        self.happens("refund", order, "all", shipping=True)
        self.assert_right(order)
        self.assert_cents(self.residual(order), 0)
        self.assert_cents(abs(self.snapshot(order)["company_residual"]), 0)
        self.assert_settled()


@tagged("post_install", "-at_install")
class TestGlobalRounding(LifeCase):
    """The company rounds taxes on the whole document; Shopify's cents stand all the same."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.tax_calculation_rounding_method = "round_globally"

    def test_a_life_with_included_taxes(self):
        order = self.place(taxes="DE", discounts=[{"code": "ODD", "percentage": 33}])
        self.sync()
        self.assert_right(order)
        self.happens("fulfil", order, {self.skus[0]: 1})
        self.happens("refund", order, {self.skus[0]: 1})
        self.assert_right(order)
        self.happens("edit", order, quantities={self.skus[1]: 1}, add=[(self.skus[2], 1)])
        self.assert_right(order)
        self.assert_settled()

    def test_each_delivery_is_invoiced_with_its_share(self):
        self.products.invoice_policy = "delivery"
        order = self.place(taxes="DE", discounts=[{"code": "ODD", "percentage": 33}])
        self.sync()
        for _unit in range(3):
            self.happens("fulfil", order, {self.skus[0]: 1})
        self.happens("fulfil", order)
        self.assert_right(order)
        self.assert_settled()


@tagged("post_install", "-at_install")
class TestCash(LifeCase):
    """Where the smallest coin is 0.05."""

    sim_options = {"currency": "CHF"}

    def test_cash_given_back_is_rounded_like_cash_received(self):
        order = self.place(
            lines=[{"sku": self.skus[0], "price": "9.98"}], gateway="cash", source="pos", taxes="none", shipping=None
        )
        self.sync()
        self.happens("refund", order, "all")
        self.assert_cents(self.credit_notes(order).amount_total, 10)
        self.assert_cents(self.paid(order, "outbound"), 10)
        self.assert_cents(self.residual(order), 0)
        self.assert_cents(self.invoiced(order), 0)
        self.assertEqual(
            self.credit_notes(order).invoice_line_ids.product_id,
            self.products[0] + self.instance.product_rounding_id,
        )
        run = self.run_operation("completeness")
        self.assertEqual(run.state, "done", run.message)
        proof = self.env["shopify.proof"].search([("instance_id", "=", self.instance.id), ("orders_shopify", ">", 0)])
        self.assertEqual(proof.state, "complete", proof.line_ids.mapped("kind"))
