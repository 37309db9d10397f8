"""Refunds as Shopify states them (rules, section 15)."""

from decimal import Decimal

import pytest
from made_orders import (
    CUSTOMER,
    SHOP,
    adjustment,
    assert_adds_up,
    at,
    gid,
    line,
    mapped,
    money,
    order,
    refund,
    shipping,
    shipping_back,
    taken_back,
    tax,
    transaction,
)

from mapping import Refusal, read_order


def test_a_refund_keeps_units_money_tax_restock_and_location():
    item = line("10.00", 2, "41", taxes=[tax("VAT", 0.2, "4.00")])
    found = mapped(item, refunds=[refund(taken_back(item, 1, 10, 2, "RETURN"), money_back=12, note=" Broken ")])
    (one,) = found.refunds
    (part,) = one.lines
    assert (part.line_id, part.quantity, part.restock, part.location_id) == ("41", 1, "return", "3")
    assert (part.subtotal, part.tax, one.refunded, one.note) == (10, 2, 12, "Broken")
    assert (one.value(included=False), one.value(included=True), one.tax) == (12, 10, 2)
    assert one.transactions[0].gateway == "shopify_payments"
    assert_adds_up(found)


def test_shipping_duties_and_discrepancies_count_into_the_value():
    item, ship = line("10.00"), shipping("5.00", taxes=[tax("VAT", 0.2, "1.00")])
    found = mapped(
        item,
        ships=[ship],
        refunds=[
            refund(
                taken_back(item, 1, 10),
                ships=[shipping_back(ship, 5, 1)],
                adjustments=[adjustment("-2.00", "-0.40"), adjustment("1.00")],
                duties=[{"amountSet": money(3), "originalDuty": {"id": gid("Duty", 9)}}],
                money_back="20.40",
            )
        ],
    )
    (one,) = found.refunds
    assert one.value(included=False) == Decimal(10) + 6 + Decimal("2.40") - 1 + 3
    assert one.value(included=True) == 10 + 5 + 2 - 1 + 3
    assert (one.tax, one.duties, one.duty_amounts) == (Decimal("1.40"), 3, (("9", Decimal(3)),))


def test_duties_taken_back_of_which_nobody_tells_the_line_count_in_the_value():
    back = refund(duties=[{"amountSet": money(3), "originalDuty": None}], money_back=3)
    (one,) = mapped(line(10), refunds=[back]).refunds
    assert (one.duty_amounts, one.value(included=True)) == ((("", 3),), 3)


def test_a_refund_typed_as_an_amount_has_the_value_of_its_discrepancy():
    found = mapped(line("5.85"), refunds=[refund(money_back="5.85", adjustments=[adjustment("-5.85")])])
    (one,) = found.refunds
    assert (one.lines, one.value(included=True), one.tax) == ((), Decimal("5.85"), 0)
    assert_adds_up(found)


def test_a_pending_refund_that_shopify_cancels_out_changes_nothing():
    item = line("10.00")
    off = adjustment("10.00", reason="PENDING_REFUND_DISCREPANCY")
    found = mapped(item, refunds=[refund(taken_back(item, 1, 10), money_back=10, status="PENDING", adjustments=[off])])
    assert (found.refunds[0].moves_money, found.refunds[0].value(included=False)) == (True, 0)
    assert_adds_up(found)


def test_refunds_come_oldest_first_and_those_without_a_date_before_them():
    item = line("10.00", 4)
    refunds = [
        refund(taken_back(item, 1, 10), createdAt="2026-03-09T00:00:00Z", id=gid("Refund", 3)),
        refund(taken_back(item, 1, 10), createdAt="2026-03-08T00:00:00Z", id=gid("Refund", 2)),
        refund(taken_back(item, 1, 10), createdAt=None, id=gid("Refund", 1)),
    ]
    assert [one.shopify_id for one in mapped(item, refunds=refunds).refunds] == ["1", "2", "3"]


def test_a_refund_without_its_own_processing_date_has_that_of_its_creation():
    found = mapped(line(10), refunds=[refund(money_back=1, adjustments=[adjustment(-1)], processedAt=None)])
    assert found.refunds[0].processed_at == at("2026-03-03T10:00")


def test_money_back_has_its_parent_gateway_and_cash_rounding():
    back = transaction(
        "5.02",
        "REFUND",
        gateway=None,
        parentTransaction={"id": gid("OrderTransaction", 4)},
        amountRoundingSet=money("-0.02"),
    )
    one = refund(money_back="5.02", adjustments=[adjustment("-5.02")])
    one["transactions"]["nodes"] = [back, transaction("5.02", "SALE")]
    found = mapped(line(10), refunds=[one], paymentGatewayNames=["cash"])
    (moved,) = found.refunds[0].transactions
    assert (moved.parent_id, moved.gateway, moved.amount, moved.rounding) == (
        "4",
        "cash",
        Decimal("5.02"),
        Decimal("-0.02"),
    )


def test_a_refund_is_in_the_currency_of_the_import():
    item = line("10.00", 2)
    refunds = [refund(taken_back(item, 1, 10, 2), money_back=12)]
    found = mapped(item, refunds=refunds, currency="USD", customer_currency="GBP", options=CUSTOMER)
    assert (found.refunds[0].refunded, found.refunds[0].lines[0].subtotal, found.refunds[0].lines[0].tax) == (24, 20, 4)


@pytest.mark.parametrize("field", ["refundLineItems", "refundShippingLines", "orderAdjustments", "transactions"])
def test_a_refund_read_in_part_is_not_read_as_less(field):
    data = order(line(10), refunds=[refund(money_back=1, adjustments=[adjustment(-1)])])
    del data["refunds"][0][field]
    with pytest.raises(Refusal, match="#1001"):
        read_order(data, SHOP)
