"""Fees that a return keeps: restocking and the way back."""

from odoo.tests import tagged

from .test_returns import ReturnCase


@tagged("post_install", "-at_install")
class TestReturnFees(ReturnCase):
    FEES = {"restocking_percent": 10, "return_shipping": "3.00"}

    def test_the_credit_note_is_the_refund_less_the_fees_that_the_return_keeps(self):
        order = self.shipped()
        self.happens("open_return", order, {self.skus[0]: 2}, **self.FEES)
        self.happens("receive_return", order)
        refunded = []
        for _unit in range(2):
            self.happens("process_return", order, lines={self.skus[0]: 1}, refunded=True)
            refunded.append(float(order.refunds[-1].transactions[0].amount_set.shop))
        notes = self.credit_notes(order).sorted("id")
        self.assertEqual([round(note.amount_total, 2) for note in notes], refunded)
        self.assertLess(refunded[0], refunded[1], "the way back is kept once")
        for note in notes:
            fee = note.invoice_line_ids.filtered(lambda line: line.price_total < 0)
            self.assertEqual(fee.mapped("name"), ["Return fee"])
        self.assert_cents(self.residual(order), 0)
        self.assert_cents(self.invoiced(order), self.shopify_total(order, "current_total_price"))
        self.assert_settled()

    def test_the_fee_of_an_exchange_is_owed_as_in_shopify(self):
        order = self.shipped()
        self.happens("open_return", order, {self.skus[0]: 1}, exchange=[{"sku": self.skus[3]}], **self.FEES)
        self.happens("receive_return", order)
        self.happens("process_return", order)
        self.assertEqual(len(self.credit_notes(order)), 1)
        self.assert_cents(self.invoiced(order), self.shopify_total(order, "current_total_price"))
        self.assert_cents(self.residual(order), self.shopify_total(order, "due"))
