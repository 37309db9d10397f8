"""Shipping, tips, duties, fees, cash rounding: what an order charges beside its products (rules, sections 7 and 8)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_orders import (
    SHOP,
    adjustment,
    assert_adds_up,
    discount,
    duty,
    fee,
    gid,
    kinds,
    line,
    loose_line,
    mapped,
    money,
    only,
    order,
    refund,
    shipping,
    shipping_back,
    taken_back,
    tax,
    total_of,
)

from mapping import Options, read_order

CANCELLED = {"cancelledAt": "2026-03-05T00:00:00Z"}
ECO = Options(fee_names=frozenset({"eco fee"}))


# Discounts


def test_each_discount_is_a_line_of_its_own_named_by_code_or_title():
    applications = [
        {"index": 0, "code": "SPRING"},
        {"index": 1, "title": "3 for 2"},
        {"index": 2, "title": "", "description": "Good will"},
    ]
    found = mapped(
        line("10.00", 3, "1", discounts=[discount("3.00", 0), discount("1.00", 1), discount("0.50", 2)]),
        ships=[shipping("5.00", discounts=[discount("5.00", 3)])],
        discountApplications={"nodes": applications},
    )
    assert [(one.key, one.title, one.net, one.main_key) for one in found.lines if one.kind == "discount"] == [
        ("1/discount/0", "SPRING", Decimal("-3.00"), "1"),
        ("1/discount/1", "3 for 2", Decimal("-1.00"), "1"),
        ("1/discount/2", "Good will", Decimal("-0.50"), "1"),
        ("shipping/55/discount/3", "Discount", Decimal("-5.00"), "shipping/55"),
    ]
    assert_adds_up(found)


def test_a_discount_of_zero_makes_no_line():
    found = mapped(line("10.00", discounts=["0.00"]), ships=[shipping("0.00", discounts=["0.00"])])
    assert kinds(found) == ["product", "shipping"]


# Shipping


def test_several_shipping_lines_stay_several_and_a_free_one_stays_too():
    found = mapped(line(10), ships=[shipping("4.90", "1"), shipping("0.00", "2", title="Pickup", code="PU")])
    assert [(one.key, one.title, one.net, one.shipping_code) for one in found.lines if one.kind == "shipping"] == [
        ("shipping/1", "Standard", Decimal("4.90"), "STD"),
        ("shipping/2", "Pickup", Decimal("0.00"), "PU"),
    ]


def test_shipping_lines_without_an_id_have_keys_of_their_own():
    found = mapped(line(10), ships=[shipping(1, None), shipping(2, None)])
    assert_adds_up(found)


def test_shipping_has_its_own_taxes():
    found = mapped(
        line("119.00", taxes=[tax("MwSt", 0.19, "19.00")]),
        ships=[shipping("10.70", taxes=[tax("MwSt", 0.07, "0.70")])],
        included=True,
    )
    assert (only(found, "shipping").net, only(found, "shipping").taxes[0].key.rate) == (10, Decimal("0.07"))
    assert_adds_up(found)


def test_shipping_taken_off_without_money_is_reduced_with_its_tax():
    ship = shipping("10.00", discounts=["4.00"], taxes=[tax("VAT", 0.2, "1.20")])
    found = mapped(line(10), ships=[ship], refunds=[refund(ships=[shipping_back(ship, "3.00", "0.60")])])
    assert found.totals.total == Decimal("13.60")
    assert_adds_up(found)


def test_a_fee_among_the_taxes_of_shipping_shrinks_with_it():
    ship = shipping("10.00", taxes=[tax("VAT", 0.1, "1.00"), tax("Eco fee", 0, "0.50")])
    back = refund(ships=[shipping_back(ship, "5.00", "0.75")])
    found = mapped(line(10), ships=[ship], refunds=[back], options=ECO)
    assert only(found, "fee").net == Decimal("0.25")
    assert_adds_up(found)


def test_a_shipping_refund_booked_three_times_with_opposite_signs_is_summed():
    ship = shipping("3.95")
    back = refund(ships=[shipping_back(ship, "-3.95"), shipping_back(ship, "3.95"), shipping_back(ship, "3.95")])
    found = mapped(line(10), ships=[ship], refunds=[back])
    assert only(found, "shipping").net == 0
    assert_adds_up(found)


def test_shipping_refunded_with_money_stays():
    ship = shipping("5.00")
    found = mapped(line(10), ships=[ship], refunds=[refund(ships=[shipping_back(ship, 5)], money_back=5)])
    assert only(found, "shipping").net == 5
    assert_adds_up(found)


def test_removed_shipping_is_no_line_when_no_money_moved():
    ship = shipping("5.00", isRemoved=True)
    found = mapped(line(10), ships=[ship, shipping("3.00", "56")], refunds=[refund(ships=[shipping_back(ship, 5)])])
    assert [one.key for one in found.lines if one.kind == "shipping"] == ["shipping/56"]
    assert_adds_up(found)


def test_removed_shipping_stays_for_the_credit_note_when_its_money_went_back():
    ship = shipping("5.00", isRemoved=True)
    found = mapped(line(10), ships=[ship], refunds=[refund(ships=[shipping_back(ship, 5)], money_back=5)])
    assert only(found, "shipping").net == 5
    assert_adds_up(found)


def test_removed_shipping_of_a_cancelled_order_is_shown_as_ordered():
    ship = shipping("5.00", isRemoved=True)
    found = mapped(line(10), ships=[ship], refunds=[refund(ships=[shipping_back(ship, 5)])], **CANCELLED)
    assert only(found, "shipping").net == 5
    assert_adds_up(found)


# Tips


def test_a_tip_of_the_checkout_gets_a_line():
    found = mapped(line("10.00"), tip="2.00")
    assert (only(found, "tip").key, only(found, "tip").net) == ("tip", 2)
    assert_adds_up(found)


@pytest.mark.parametrize("title", ["Tip", "Trinkgeld", "Propina", "チップ"])
def test_a_tip_given_at_the_till_is_the_line_that_carries_it_in_any_language(title):
    found = mapped(line("10.00"), loose_line("2.00", title, ident="77"), tip="2.00", tip_in_lines=True)
    assert (only(found, "tip").key, only(found, "tip").title) == ("77", title)
    assert_adds_up(found)


def test_two_tips_of_one_order_are_both_tips():
    found = mapped(line(10), loose_line(2, "Tip"), loose_line(1, "Tip"), tip=3, tip_in_lines=True)
    assert kinds(found) == ["product", "tip", "tip"]
    assert_adds_up(found)


def test_a_service_of_the_price_of_the_tip_is_not_taken_for_it():
    """The engraving costs what the customer tipped at the checkout: the tip must not be lost."""
    found = mapped(line("10.00"), loose_line("5.00", "Engraving"), tip="5.00")
    assert kinds(found) == ["product", "custom", "tip"]
    assert_adds_up(found)


def test_a_taxed_service_is_never_a_tip():
    found = mapped(loose_line(5, "Tip", taxes=[tax("VAT", 0.2, 1)]), loose_line(5, "Tip"), tip=5, tip_in_lines=True)
    assert kinds(found) == ["custom", "tip"]


def test_of_two_services_of_one_price_the_one_called_tip_is_the_tip():
    found = mapped(loose_line(2, "Engraving"), loose_line(2, "Tip"), tip=2, tip_in_lines=True)
    assert kinds(found) == ["custom", "tip"]
    assert_adds_up(found)


def test_among_several_services_the_one_of_the_amount_is_the_tip():
    found = mapped(loose_line(5, "Verpackung"), loose_line(2, "Trinkgeld"), tip=2, tip_in_lines=True)
    assert kinds(found) == ["custom", "tip"]
    assert_adds_up(found)


def test_a_service_with_included_tax_of_the_price_of_the_tip_is_not_the_tip():
    taxed = loose_line(5, "Tip", taxes=[tax("VAT", 0.25, 1)])
    found = mapped(taxed, loose_line(5, "Tip"), tip=5, tip_in_lines=True, included=True)
    assert kinds(found) == ["custom", "tip"]
    assert_adds_up(found)


def test_a_tip_line_that_was_taken_off_does_not_come_back():
    tip = loose_line("2.00", "Tip")
    found = mapped(line(10), tip, tip="2.00", tip_in_lines=True, refunds=[refund(taken_back(tip, 1, "2.00"))])
    assert kinds(found) == ["product"]
    assert_adds_up(found)


def test_a_tip_beside_a_total_that_does_not_add_up_is_still_found():
    data = order(line(10), loose_line(2, "Tip"), tip=2, tip_in_lines=True, totalPriceSet=money("99.00"))
    found = read_order(data, SHOP)
    assert kinds(found) == ["product", "tip"]
    assert [one.name for one in found.differences] == ["total", "current_total"]


# Duties and fees


def test_a_duty_follows_its_line():
    found = mapped(line("10.00", 1, "5", duties=[duty("1.50", taxes=[tax("Import VAT", 0.2, "0.30")])]))
    one = only(found, "duty")
    assert (one.key, one.main_key, one.title, one.net) == ("duty/9", "5", "Mug (691110 CN)", Decimal("1.50"))
    assert_adds_up(found)


def test_duties_that_no_line_carries_get_a_line():
    data = order(line("10.00"), originalTotalDutiesSet=money("4.00"), totalPriceSet=money("14.00"))
    found = read_order({**data, "currentTotalPriceSet": money("14.00")}, SHOP)
    assert (only(found, "duty").key, only(found, "duty").net) == ("duty", 4)
    assert_adds_up(found)


@pytest.mark.parametrize("fields", [{}, {"dutiesIncluded": True}])
def test_duties_inside_the_prices_are_not_charged_again(fields):
    found = mapped(line("10.00", duties=[duty("1.50")]), duties_inside=True, **fields)
    assert kinds(found) == ["product"]
    assert_adds_up(found)


def test_discounts_and_fees_do_not_hide_that_duties_are_inside_the_prices():
    found = mapped(
        line("10.00", discounts=["2.00"], duties=[duty("1.50")]),
        ships=[shipping("5.00", discounts=["4.00"])],
        fees=[fee("1.00")],
        duties_inside=True,
    )
    assert "duty" not in kinds(found)
    assert_adds_up(found)


@pytest.mark.parametrize(
    ("fields", "found_kinds", "amount"),
    [
        ({"dutiesIncluded": False}, ["product", "duty"], "-1.50"),
        ({"dutiesIncluded": True, "totalPriceSet": money("11.50")}, ["product"], "1.50"),
        ({"totalPriceSet": money("99.00")}, ["product", "duty"], "87.50"),
    ],
)
def test_duties_beside_a_total_that_does_not_add_up_are_told_by_shopify_else_charged(fields, found_kinds, amount):
    found = read_order({**order(line("10.00", duties=[duty("1.50")]), duties_inside=True), **fields}, SHOP)
    assert kinds(found) == found_kinds
    assert {one.name: one.amount for one in found.differences}["total"] == Decimal(amount)


def test_duties_and_a_tip_beside_the_lines_are_both_charged():
    found = mapped(line("10.00", duties=[duty("1.50")]), tip="2.00")
    assert kinds(found) == ["product", "duty", "tip"]
    assert_adds_up(found)


def test_duties_stay_when_their_line_was_taken_off_and_they_were_not():
    item = line("10.00", duties=[duty("1.50")])
    found = mapped(item, line("5.00"), refunds=[refund(taken_back(item, 1, "10.00"))])
    assert (only(found, "duty").net, only(found, "duty").main_key) == (Decimal("1.50"), "")
    assert_adds_up(found)


def test_duties_taken_off_with_their_line_are_gone():
    item = line("10.00", 2, duties=[duty("3.00")])
    back = {"amountSet": money("1.00"), "originalDuty": {"id": gid("Duty", 9)}}
    found = mapped(item, refunds=[refund(taken_back(item, 1, "10.00"), duties=[back])])
    assert (only(found, "product").quantity, only(found, "duty").net) == (1, 2)
    assert_adds_up(found)
    back = {"amountSet": money("3.00"), "originalDuty": {"id": gid("Duty", 9)}}
    item["currentQuantity"] = 2
    found = mapped(item, line(1), refunds=[refund(taken_back(item, 2, "20.00"), duties=[back])])
    assert kinds(found) == ["product"]
    assert_adds_up(found)


def test_an_additional_fee_has_its_name_and_taxes():
    found = mapped(line(10), fees=[fee("1.00", "Bottle deposit", taxes=[tax("VAT", 0.2, "0.20")]), fee(1, "", "8")])
    assert [(one.key, one.title, one.gross) for one in found.lines if one.kind == "fee"] == [
        ("fee/7", "Bottle deposit", Decimal("1.20")),
        ("fee/8", "Additional fee", 1),
    ]
    assert_adds_up(found)


def test_a_tax_that_is_a_fee_by_name_is_one_untaxed_line_for_the_order():
    taxes = [tax("VAT", 0.2, "2.00"), tax("Eco fee", 0, "0.30")]
    found = mapped(line(10, taxes=taxes), line(10, taxes=taxes), options=ECO)
    assert (only(found, "fee").key, only(found, "fee").net, only(found, "fee").taxes) == (
        "tax_fee/Eco fee",
        Decimal("0.60"),
        (),
    )
    assert (found.totals.tax, found.totals.total) == (4, Decimal("24.60"))
    assert_adds_up(found)


def test_without_the_setting_the_same_fee_is_a_tax():
    found = mapped(line(10, taxes=[tax("Eco fee", 0, "0.30")]))
    assert kinds(found) == ["product"]
    assert_adds_up(found)


def test_a_fee_in_an_order_with_included_taxes_stays_a_tax():
    found = mapped(line(10, taxes=[tax("Eco fee", 0, "0.30")]), included=True, options=ECO)
    assert (kinds(found), found.totals.tax) == (["product"], Decimal("0.30"))
    assert_adds_up(found)


def test_a_gift_card_bought_is_a_gift_card_line():
    found = mapped(line("50.00", isGiftCard=True, requiresShipping=False))
    assert kinds(found) == ["gift_card"]


# Cash rounding and what stays charged


@pytest.mark.parametrize(("rounding", "total"), [("0.02", "10.00"), ("-0.02", "9.96")])
def test_cash_rounding_is_a_line_of_the_amount_shopify_states(rounding, total):
    found = mapped(line("9.98"), rounding=rounding)
    assert only(found, "rounding").net == Decimal(rounding)
    assert found.totals.total == Decimal(total)
    assert_adds_up(found)


def test_items_taken_back_for_nothing_stay_charged():
    """Restocked, 0.00 given back: Shopify keeps the order's total by a discrepancy of the same amount."""
    item = line("50.00", 2, taxes=[tax("VAT", 0.2, "20.00")])
    back = refund(taken_back(item, 1, "50.00", "10.00"), adjustments=[adjustment("60.00")])
    found = mapped(item, refunds=[back])
    assert (only(found, "product").quantity, only(found, "adjustment").net) == (1, 60)
    assert only(found, "adjustment").title == "Refund discrepancy"
    assert found.totals.total == 120
    assert_adds_up(found)


def test_what_stays_charged_has_a_name_when_shopify_gives_no_reason():
    item = line("50.00", 2)
    back = refund(taken_back(item, 1, "50.00"), adjustments=[adjustment("50.00", reason=None)])
    assert only(mapped(item, refunds=[back]), "adjustment").title == "Refund adjustment"


@pytest.mark.parametrize("included", [True, False])
def test_what_stays_charged_keeps_the_tax_shopify_states(included):
    item = line("60.00", 2, taxes=[tax("VAT", 0.2, "20.00"), tax("City", 0, "0.00")])
    back = refund(taken_back(item, 1, "60.00", "10.00"), adjustments=[adjustment("60.00", "10.00")])
    found = mapped(item, refunds=[back], included=included)
    assert sum(part.amount for part in only(found, "adjustment").taxes) == 10
    assert_adds_up(found)


def test_a_tax_that_stays_charged_for_nothing_taxed_is_not_lost():
    item = line("60.00", 2)
    back = refund(taken_back(item, 1, "60.00"), adjustments=[adjustment("10.00", "1.00")])
    for included in (True, False):
        item["currentQuantity"] = 2
        found = mapped(item, refunds=[back], included=included)
        assert total_of(found) == found.totals.total
        assert [one.name for one in found.differences] == ["tax"]


def test_a_discrepancy_of_a_refund_with_money_is_left_to_its_credit_note():
    item = line("50.00", 2)
    back = refund(taken_back(item, 1, "50.00"), money_back="20.00", adjustments=[adjustment("30.00")])
    found = mapped(item, refunds=[back])
    assert kinds(found) == ["product"]
    assert_adds_up(found)


def test_a_cancelled_order_shows_no_adjustment():
    item = line("50.00", 2)
    back = refund(taken_back(item, 1, "50.00"), adjustments=[adjustment("50.00")])
    found = mapped(item, refunds=[back], **CANCELLED)
    assert kinds(found) == ["product"]
    assert_adds_up(found)


AMOUNTS = st.integers(0, 5000).map(lambda cents: Decimal(cents) / 100)


@given(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS, st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_whatever_stands_beside_the_lines_adds_up(tip, customs, extra, service, at_till, inside, included, told):
    items = [line("10.00", 2, duties=[duty(customs)] if customs else [])]
    items += [loose_line(service, "Wrapping")] if service else []
    items += [loose_line(tip, "Tip")] if at_till and tip else []
    found = mapped(
        *items,
        tip=tip,
        tip_in_lines=at_till and bool(tip),
        duties_inside=inside,
        ships=[shipping(extra, discounts=[service / 2])] if extra and service <= extra else [],
        fees=[fee(extra)] if extra else [],
        included=included,
        **({"dutiesIncluded": inside} if told or tip == customs else {}),
    )
    assert_adds_up(found)
