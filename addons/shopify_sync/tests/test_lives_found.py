"""Lives that once ended wrong; each was found by `test_lives`."""

from odoo.tests import tagged

from .test_lives import LifePlayer


@tagged("post_install", "-at_install")
class TestLivesFound(LifePlayer):
    def play_life(self, *life, units=(2,), taxes="DE", shipping="4.99", discount=None, financial="paid", sent=False):
        given = {
            "units": list(units),
            "taxes": taxes,
            "shipping": shipping,
            "discount": discount,
            "financial": financial,
            "fulfillment": "fulfilled" if sent else "unfulfilled",
        }
        self.live(given, list(life), seed=1)

    def test_money_on_its_way_back_was_credited_with_nothing(self):
        self.play_life((("refund_pending", 2, 2), "sync"), units=(4, 1, 4), taxes="US-NY", sent=True)

    def test_money_paid_back_after_a_cancellation_left_a_draft(self):
        self.play_life(
            (("cancel", False, True), "sync"), (("refund_amount", 439, True), "sync"), units=(2, 4), shipping=None
        )

    def test_the_first_payment_of_a_partly_paid_order_was_not_registered(self):
        self.play_life((("pay", 0, 0), "shuffle"), units=(1,), shipping=None, financial="partially_paid")

    def test_a_line_added_paid_and_cancelled_before_it_was_seen_was_credited_and_not_invoiced(self):
        self.play_life(
            (("refund", 0, 1), "wait"),
            (("add", 1, 1), "sync"),
            (("pay", 0, 0), "wait"),
            (("cancel", True, True), "sync"),
            units=(1,),
            shipping=None,
            sent=True,
        )

    def test_a_cancellation_while_a_refund_was_pending(self):
        self.play_life((("refund_pending", 2, 1), "sync"), (("cancel", False, True), "sync"), units=(3,), taxes="US-NY")

    def test_a_unit_that_came_back_without_money_shrank_the_open_delivery(self):
        self.play_life(
            (("edit", 0, 4), "sync"),
            (("settle_refunds", 0, 0), "shuffle"),
            (("refund", 0, 1), "sync"),
            units=(1,),
            shipping="0.00",
            sent=True,
        )
