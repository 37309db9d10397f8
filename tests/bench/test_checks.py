"""A way that makes wrong documents is found out, however quick it is."""

from types import SimpleNamespace as Fake

import pytest

from bench.checks import of_order
from bench.sales import Place, Sale

HOME = Place("1 Example Street", "Austin", "78701", "TX")
AWAY = Place("2 Other Road", "Miami", "33101", "FL")
SALE = Sale(
    "BENCH-1", "a@example.com", "Alex", "A", HOME, AWAY, [("X", 2, "5.00")], "5.00", "16.20", "2026-03-01 00:00:00"
)


class Records(list):
    """Records that share one amount, as a recordset of one does."""

    def __init__(self, *items, amount_total=0.0):
        super().__init__(items)
        self.amount_total = amount_total


def invoices(amount=16.2, state="posted", payment_state="paid", count=1):
    each = Fake(move_type="out_invoice", state=state, payment_state=payment_state)
    return Records(*[each] * count, amount_total=amount)


def order(**changes):
    move = Fake(product_id=Fake(default_code="X"), product_uom_qty=2.0, state="assigned")
    right = {
        "state": "sale",
        "amount_total": 16.2,
        "invoice_ids": invoices(),
        "picking_ids": Fake(move_ids=[move]),
        "partner_id": Fake(email="a@example.com"),
        "partner_shipping_id": Fake(street="2 Other Road"),
    }
    return Fake(**{**right, **changes})


def test_right_documents_have_nothing_against_them():
    assert of_order(order(), SALE) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"state": "draft"}, "the order is draft"),
        ({"amount_total": 16.21}, "16.21 instead of 16.20"),
        ({"invoice_ids": invoices(amount=16.19)}, "16.19 instead of 16.20"),
        ({"invoice_ids": Records()}, "invoices are missing"),
        ({"invoice_ids": invoices(count=2)}, "its invoices are"),
        ({"invoice_ids": invoices(state="draft")}, "draft"),
        ({"invoice_ids": invoices(payment_state="not_paid")}, "not_paid"),
        ({"picking_ids": Fake(move_ids=[])}, "stock moves are missing"),
        ({"partner_id": Fake(email="b@example.com")}, "b@example.com"),
        ({"partner_shipping_id": Fake(street="1 Example Street")}, "1 Example Street"),
    ],
)
def test_each_wrong_document_is_named(changes, words):
    (problem,) = of_order(order(**changes), SALE)
    assert words in problem
