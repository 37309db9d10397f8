"""What is money, which gateway it came through, and which gateway decides (rules, sections 2 and 12)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_orders import CUSTOMER, at, child, line, mapped, money, transaction


def paid(*transactions, **fields):
    return mapped(line("100.00"), transactions=transactions, **fields)


def amounts(found):
    return [(one.gateway, one.amount) for one in found.payments]


# Payments


def test_a_sale_is_one_payment_with_its_reference_and_time():
    (one,) = paid(transaction("100.00", id="gid://shopify/OrderTransaction/31")).payments
    assert (one.transaction_id, one.kind, one.amount, one.payment_ref) == ("31", "sale", 100, "pay-1")
    assert one.processed_at == at("2026-03-02T10:00")


def test_each_capture_is_a_payment_and_its_authorization_is_none():
    promise = transaction("100.00", "AUTHORIZATION")
    found = paid(promise, child(promise, "60.00", "CAPTURE"), child(promise, "40.00", "CAPTURE"))
    assert [one.amount for one in found.payments] == [60, 40]


@pytest.mark.parametrize("status", ["PENDING", "FAILURE", "ERROR", "AWAITING_RESPONSE", "UNKNOWN"])
def test_only_what_succeeded_is_money(status):
    assert paid(transaction("100.00", status=status)).payments == ()


@pytest.mark.parametrize("kind", ["AUTHORIZATION", "EMV_AUTHORIZATION", "VOID", "REFUND", "SUGGESTED_REFUND"])
def test_a_promise_is_no_money(kind):
    assert paid(transaction("100.00", kind)).payments == ()


def test_a_sale_that_was_voided_is_no_money():
    sale = transaction("100.00")
    assert paid(sale, child(sale, "100.00", "VOID")).payments == ()


def test_what_was_captured_stays_money_when_the_rest_is_voided():
    promise = transaction("100.00", "AUTHORIZATION")
    found = paid(promise, child(promise, "60.00", "CAPTURE"), child(promise, "40.00", "VOID"))
    assert amounts(found) == [("shopify_payments", 60)]


def test_a_void_that_failed_takes_nothing_back():
    sale = transaction("100.00")
    assert amounts(paid(sale, child(sale, "100.00", "VOID", status="FAILURE"))) == [("shopify_payments", 100)]


def test_cash_change_is_taken_off_its_payment():
    cash = transaction("120.00", gateway="cash")
    assert amounts(paid(cash, child(cash, "20.00", "CHANGE"))) == [("cash", 100)]
    assert amounts(paid(cash, child(cash, "-20.00", "CHANGE"))) == [("cash", 100)]


def test_change_without_a_parent_is_taken_off_the_cash_not_off_the_gift_card():
    card, cash = transaction("30.00", gateway="gift_card"), transaction("80.00", gateway="cash")
    for gateway in ("cash", None):
        found = paid(card, cash, transaction("10.00", "CHANGE", gateway=gateway))
        assert amounts(found) == [("gift_card", 30), ("cash", 70)]


def test_change_whose_payment_failed_is_taken_off_the_other_cash():
    failed, cash = transaction("120.00", gateway="cash", status="FAILURE"), transaction("120.00", gateway="cash")
    assert amounts(paid(failed, cash, child(failed, "20.00", "CHANGE"))) == [("cash", 100)]


def test_change_of_two_notes_is_taken_off_both():
    one, other = transaction("60.00", gateway="cash"), transaction("60.00", gateway="cash")
    assert amounts(paid(one, other, transaction("70.00", "CHANGE", gateway="cash"))) == [("cash", 50)]


def test_change_that_was_not_given_is_not_taken_off():
    cash = transaction("120.00", gateway="cash")
    assert amounts(paid(cash, child(cash, "20.00", "CHANGE", status="FAILURE"))) == [("cash", 120)]


def test_cash_is_what_the_till_holds_after_rounding():
    """Shopify's own example: 9.99 rounded up by 0.01 is 10.00 in the till."""
    cash = transaction("9.99", gateway="cash", amountRoundingSet=money("0.01"))
    assert amounts(mapped(line("9.99"), transactions=[cash], rounding="0.01")) == [("cash", Decimal("10.00"))]


def test_two_gateways_are_two_payments():
    found = paid(transaction("30.00", gateway="gift_card"), transaction("70.00", gateway="paypal"))
    assert amounts(found) == [("gift_card", 30), ("paypal", 70)]


def test_payments_are_in_the_currency_of_the_import():
    found = paid(transaction("100.00"), currency="USD", customer_currency="GBP", options=CUSTOMER)
    assert (found.currency, [one.amount for one in found.payments]) == ("GBP", [200])


@given(
    st.lists(st.tuples(st.sampled_from(["cash", "gift_card", "paypal"]), st.integers(1, 9999)), max_size=5), st.data()
)
def test_payments_never_sum_to_more_or_less_than_money_less_change(sales, data):
    change = data.draw(st.integers(0, sum(value for _code, value in sales)))
    made = [transaction(Decimal(value) / 100, gateway=code) for code, value in sales]
    if change:
        made.insert(data.draw(st.integers(0, len(made))), transaction(Decimal(change) / 100, "CHANGE", gateway="cash"))
    found = paid(*made)
    assert sum(one.amount for one in found.payments) * 100 == sum(value for _code, value in sales) - change
    assert all(one.amount > 0 for one in found.payments)
    assert {one.gateway for one in found.payments} <= set(found.gateways.codes)


# Gateways


def test_the_gateway_with_the_largest_amount_decides():
    found = paid(transaction("30.00", gateway="paypal"), transaction("70.00", gateway="bank"))
    assert (found.gateways.main, found.gateways.codes) == ("bank", ("bank", "paypal"))


@pytest.mark.parametrize("rest", ["gift_card", "shopify_store_credit"])
def test_gift_cards_and_store_credit_come_last_whatever_they_paid(rest):
    found = paid(transaction("90.00", gateway=rest), transaction("10.00", gateway="paypal"))
    assert found.gateways.codes == ("paypal", rest)


def test_an_order_paid_by_gift_card_alone_has_it_as_main():
    assert paid(transaction("100.00", gateway="gift_card")).gateways.main == "gift_card"


def test_failed_attempts_do_not_count():
    found = paid(transaction("100.00", gateway="paypal", status="FAILURE"), transaction("100.00", gateway="bank"))
    assert found.gateways.codes == ("bank",)


def test_a_pending_payment_names_its_gateway():
    assert paid(transaction("100.00", gateway="Bank Deposit", status="PENDING")).gateways.main == "Bank Deposit"


def test_codes_are_kept_letter_for_letter():
    assert paid(transaction("100.00", gateway="Cash on Delivery (COD) ")).gateways.main == "Cash on Delivery (COD) "


def test_a_voided_authorization_does_not_decide_over_the_payment_that_came_after_it():
    promise = transaction("100.00", "AUTHORIZATION", gateway="stripe")
    found = paid(promise, child(promise, "100.00", "VOID"), transaction("90.00", gateway="manual"))
    assert found.gateways.codes == ("manual",)


def test_an_order_that_was_authorized_and_voided_still_has_its_gateway():
    promise = transaction("100.00", "AUTHORIZATION", gateway="stripe")
    assert paid(promise, child(promise, "100.00", "VOID")).gateways.codes == ("stripe",)


def test_a_first_partial_capture_does_not_change_the_main_gateway():
    promise = transaction("100.00", "AUTHORIZATION", gateway="stripe")
    found = paid(promise, child(promise, "20.00", "CAPTURE"), transaction("50.00", gateway="paypal"))
    assert found.gateways.codes == ("stripe", "paypal")


def test_a_bank_deposit_that_arrived_counts_once():
    waiting = transaction("40.00", gateway="Bank Deposit", status="PENDING")
    found = paid(waiting, child(waiting, "40.00", "SALE"), transaction("60.00", gateway="paypal"))
    assert found.gateways.codes == ("paypal", "Bank Deposit")
    assert amounts(found) == [("Bank Deposit", 40), ("paypal", 60)]


def test_several_authorizations_of_one_gateway_are_summed():
    promises = [transaction("40.00", "AUTHORIZATION", gateway="stripe") for _ in range(2)]
    assert paid(*promises, transaction("60.00", gateway="paypal")).gateways.main == "stripe"


def test_without_transactions_the_names_of_the_order_count():
    assert paid(paymentGatewayNames=["Bank Deposit", "gift_card", ""]).gateways.codes == ("Bank Deposit", "gift_card")


def test_an_order_without_any_gateway_is_free_or_manual():
    assert mapped(line("0.00")).gateways.codes == ("free",)
    assert paid().gateways.codes == ("manual",)


def test_cash_without_a_gateway_name_is_manual_also_beside_a_gift_card():
    """Else the cash would be a payment of a gateway that the order does not name."""
    found = paid(transaction("40.00", gateway="gift_card"), transaction("60.00", gateway=None))
    assert found.gateways.codes == ("manual", "gift_card")
    assert amounts(found) == [("gift_card", 40), ("manual", 60)]


def test_a_transaction_without_a_name_takes_the_one_name_the_order_has_left():
    found = paid(
        transaction("40.00", gateway="gift_card"),
        transaction("60.00", gateway=None),
        paymentGatewayNames=["gift_card", "cash"],
    )
    assert found.gateways.codes == ("cash", "gift_card")
    assert amounts(found) == [("gift_card", 40), ("cash", 60)]


def test_a_payment_of_nothing_without_a_name_is_no_gateway():
    assert mapped(line("0.00"), transactions=[transaction("0.00", gateway=None)]).gateways.codes == ("free",)


STATUSES = ["SUCCESS", "SUCCESS", "PENDING", "FAILURE", "ERROR", "AWAITING_RESPONSE", "UNKNOWN"]
KINDS = ["SALE", "CAPTURE", "AUTHORIZATION", "EMV_AUTHORIZATION", "VOID", "REFUND", "CHANGE", "SUGGESTED_REFUND"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(KINDS),
            st.sampled_from(STATUSES),
            st.sampled_from(["stripe", "gift_card", "cash", None]),
            st.integers(0, 9999),
            st.none() | st.integers(0, 4),
        ),
        max_size=6,
    ),
    st.lists(st.sampled_from(["stripe", "cash", "gift_card", "Bank"]), max_size=2, unique=True),
)
def test_every_payment_has_a_gateway_of_the_order_whatever_the_transactions(rows, names):
    made = []
    for kind, status, gateway, cents, parent in rows:
        one = transaction(Decimal(cents) / 100, kind, status, gateway)
        if parent is not None and parent < len(made):
            one["parentTransaction"] = {"id": made[parent]["id"]}
        made.append(one)
    found = paid(*made, paymentGatewayNames=names)
    assert found.gateways.main in found.gateways.codes
    assert all(one.amount > 0 and one.gateway in found.gateways.codes for one in found.payments)
