"""How many units are imported, and what they cost when Shopify took some off (rules, sections 7 and 15)."""

from decimal import Decimal

import made_orders as made
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_orders import assert_adds_up, kinds, line, mapped, only, refund, taken_back, tax, total_of

from mapping import Options
from mapping.money import round_half_up


def test_an_untouched_line_keeps_its_quantity_price_and_ids():
    found = mapped(line("12.50", 3, "41", taxes=[tax("VAT", 0.2, "7.50")]))
    product = only(found, "product")
    assert (product.key, product.line_id, product.product_id, product.variant_id) == ("41", "41", "7", "8")
    assert (product.quantity, product.unit_price, product.net) == (3, Decimal("12.50"), Decimal("37.50"))
    assert (product.sku, product.barcode, product.variant_title) == ("MUG-41", "4006381333931", "blue")
    assert_adds_up(found)


def test_items_taken_off_without_money_reduce_the_quantity():
    item = line("10.00", 3)
    found = mapped(item, refunds=[refund(taken_back(item, 1, "10.00"))])
    assert only(found, "product").quantity == 2
    assert found.totals.total == 20
    assert_adds_up(found)


def test_items_refunded_with_money_stay_until_their_credit_note():
    item = line("10.00", 3)
    found = mapped(item, refunds=[refund(taken_back(item, 1, "10.00"), money_back="10.00")])
    assert only(found, "product").quantity == 3
    assert found.totals.total == 30
    assert_adds_up(found)


@pytest.mark.parametrize("status", ["PENDING", "AWAITING_RESPONSE"])
def test_money_on_its_way_back_counts_as_money(status):
    item = line("10.00", 3)
    found = mapped(item, refunds=[refund(taken_back(item, 1, "10.00"), money_back="10.00", status=status)])
    assert only(found, "product").quantity == 3


@pytest.mark.parametrize("status", ["FAILURE", "ERROR"])
def test_a_refund_whose_money_never_left_only_takes_items_off(status):
    item = line("10.00", 3)
    found = mapped(item, refunds=[refund(taken_back(item, 1, "10.00"), money_back="10.00", status=status)])
    assert only(found, "product").quantity == 2
    assert_adds_up(found)


def test_one_unit_taken_off_and_one_refunded_leave_the_refunded_one():
    item = line("10.00", 3)
    off = refund(taken_back(item, 1, "10.00"))
    back = refund(taken_back(item, 1, "10.00"), money_back="10.00")
    found = mapped(item, refunds=[off, back])
    assert only(found, "product").quantity == 2
    assert found.totals.total == 20
    assert_adds_up(found)


def test_a_line_taken_off_whole_is_not_imported_with_its_discounts():
    gone, stays = line("10.00", 2, discounts=["2.00"], taxes=[tax("VAT", 0.2, "3.60")]), line("5.00", 1)
    found = mapped(gone, stays, refunds=[refund(taken_back(gone, 2, "18.00", "3.60"))])
    assert [item.line_id for item in found.lines] == [only(found, "product").line_id]
    assert found.totals.total == 5
    assert_adds_up(found)


def test_a_line_refunded_whole_stays_for_the_credit_note():
    item = line("10.00", 2)
    found = mapped(item, refunds=[refund(taken_back(item, 2, "20.00"), money_back="20.00")])
    assert only(found, "product").quantity == 2


def test_a_cancelled_order_is_shown_as_it_was_ordered():
    item, other = line("10.00", 3, discounts=["3.00"]), line("4.00", 1)
    refunds = [refund(taken_back(item, 3, "27.00")), refund(taken_back(other, 1, "4.00"))]
    found = mapped(item, other, refunds=refunds, cancelledAt="2026-03-05T00:00:00Z", cancelReason="CUSTOMER")
    assert [(one.kind, one.quantity) for one in found.lines] == [("product", 3), ("discount", 1), ("product", 1)]
    assert found.totals.total == 31
    assert found.is_cancelled
    assert_adds_up(found)


def test_an_edited_order_keeps_the_share_of_the_discount_that_shopify_left_on_it():
    """48.00 x 2 less 20 % (19.20); one taken off: Shopify says it was worth 38.40, so 9.60 of the discount is left."""
    item = line("48.00", 2, discounts=["19.20"])
    found = mapped(item, refunds=[refund(taken_back(item, 1, "38.40"))])
    assert (only(found, "product").net, only(found, "discount").net) == (48, Decimal("-9.60"))
    assert found.totals.total == Decimal("38.40")
    assert_adds_up(found)


def test_a_discount_that_went_with_the_items_leaves_no_line():
    item = line("10.00", 2, discounts=["10.00"])
    found = mapped(item, refunds=[refund(taken_back(item, 1, "0.00"))])
    assert kinds(found) == ["product"]
    assert_adds_up(found)


def test_no_cent_of_tax_is_lost_with_a_discount_that_became_zero():
    """The tax left is one cent off its rate; it must not fall on the discount that is no more."""
    item = line("10.00", 2, discounts=["10.00"], taxes=[tax("VAT", 0.2, "2.00")])
    found = mapped(item, refunds=[refund(taken_back(item, 1, "0.00", "0.01"))])
    assert [(one.kind, [part.amount for part in one.taxes]) for one in found.lines] == [("product", [Decimal("1.99")])]
    assert_adds_up(found)


def test_the_other_discounts_of_a_line_keep_their_keys_when_one_becomes_zero():
    both = [made.discount("5.00", 0), made.discount("0.01", 0), made.discount("1.00", 4)]
    item = line("10.00", 2, "5", discounts=both)
    whole = mapped(item)
    left = mapped(item, refunds=[refund(taken_back(item, 1, "7.00"))])
    assert [one.key for one in whole.lines] == ["5", "5/discount/0", "5/discount/0.1", "5/discount/4"]
    assert {one.key for one in left.lines} <= {one.key for one in whole.lines}
    assert next(one for one in left.lines if one.key == "5/discount/4").net == -Decimal("0.50")


def test_a_fee_among_the_taxes_shrinks_with_the_items():
    item = line("10.00", 2, taxes=[tax("VAT", 0.1, "2.00"), tax("Eco", 0, "1.00")])
    found = mapped(
        item,
        refunds=[refund(taken_back(item, 1, "10.00", "1.50"))],
        options=Options(fee_names=frozenset({"eco"})),
    )
    assert (only(found, "product").taxes[0].amount, only(found, "fee").net) == (Decimal("1.00"), Decimal("0.50"))
    assert_adds_up(found)


def test_units_that_left_in_a_way_no_refund_tells_are_shown_as_a_difference():
    item = line("10.00", 2, discounts=["2.00"], taxes=[tax("VAT", 0.2, "3.60")], currentQuantity=1)
    found = mapped(item)
    assert only(found, "product").quantity == 1
    assert [one.name for one in found.differences] == ["total", "tax"]
    assert total_of(found) == Decimal("10.80")


def test_of_two_units_gone_the_one_a_refund_tells_is_exact_and_the_other_goes_by_share():
    item = line("10.00", 4, discounts=["4.00"], taxes=[tax("VAT", 0.25, "9.00")])
    data = made.order(item, refunds=[refund(taken_back(item, 1, "6.00", "1.50"))])
    data["lineItems"]["nodes"][0]["currentQuantity"] = 2
    found = made.read_order(data, made.SHOP)
    assert only(found, "product").quantity == 2
    # 36.00 less 6.00 is shared by the unit of which nobody tells and the two that are left; so is the tax of 7.50
    assert total_of(found) == Decimal("20.00") + Decimal("5.00")


def test_a_refund_that_takes_units_off_for_nothing_leaves_the_discount_by_share_and_a_difference():
    item = line("10.00", 4, discounts=["4.00"])
    found = mapped(item, refunds=[refund(taken_back(item, 3, "0.00"))])
    assert (only(found, "product").net, only(found, "discount").net) == (10, -1)
    assert {one.name: one.amount for one in found.differences} == {"total": 27}


def test_more_units_back_than_were_ordered_never_import_more_than_ordered():
    item = line("10.00", 2)
    data = made.order(item, refunds=[refund(taken_back(item, 2, "20.00"), money_back="20.00")])
    data["lineItems"]["nodes"][0]["currentQuantity"] = 2
    assert only(made.read_order(data, made.SHOP), "product").quantity == 2


def test_an_exchange_keeps_what_the_customer_has_now():
    """The mug goes back, a dearer bowl goes out, the difference is paid: no money is given back."""
    mug, bowl = line("100.00", 1), line("250.00", 1)
    found = mapped(mug, bowl, refunds=[refund(taken_back(mug, 1, "100.00", restock="RETURN"))])
    assert [one.net for one in found.lines] == [250]
    assert_adds_up(found)


@st.composite
def touched_orders(draw):
    """A line as Shopify taxes it, of which some units were taken off and some refunded, in one or more refunds."""
    included = draw(st.booleans())
    places = draw(st.sampled_from([2, 2, 0, 3]))
    unit = Decimal(1).scaleb(-places)
    price, quantity = draw(st.integers(0, 50_000)) * unit, draw(st.integers(1, 9))
    left, discounts = price * quantity, []
    for index in range(draw(st.integers(0, 3))):
        off = (left * draw(st.integers(0, 100)) / 100).quantize(unit)
        discounts.append(made.discount(off, index))
        left -= off
    rates = draw(st.lists(st.sampled_from(["0", "0.05", "0.09975", "0.19"]), max_size=2, unique=True))
    whole = sum(map(Decimal, rates), Decimal(0))
    taxes = [
        tax(
            f"Tax {rate}",
            float(rate),
            round_half_up((left / (1 + whole) if included else left) * Decimal(rate), places),
        )
        for rate in rates
    ]
    item = line(price, quantity, discounts=discounts, taxes=taxes)
    taxed = sum((Decimal(one["priceSet"]["shopMoney"]["amount"]) for one in taxes), Decimal(0))
    refunds, open_units = [], quantity
    for _ in range(draw(st.integers(0, 3))):
        units = draw(st.integers(0, open_units))
        if not units:
            continue
        # as Shopify counts: the value of all units gone so far less what earlier refunds took
        before, after = quantity - open_units, quantity - open_units + units
        worth = [
            round_half_up(amount * after / quantity, places) - round_half_up(amount * before / quantity, places)
            for amount in (left, taxed)
        ]
        open_units -= units
        back = worth[0] if included else sum(worth)
        with_money = back > 0 and draw(st.booleans())
        refunds.append((taken_back(item, units, *worth), back if with_money else 0))
    currency = {0: "JPY", 2: "EUR", 3: "KWD"}[places]
    return item, [refund(one, money_back=back) for one, back in refunds], included, currency


@given(touched_orders(), st.booleans())
def test_what_is_left_of_a_line_is_exact_against_the_refunds(touched, cancelled):
    item, refunds, included, currency = touched
    fields = {"cancelledAt": "2026-03-05T00:00:00Z"} if cancelled else {}
    found = mapped(item, refunds=refunds, included=included, currency=currency, **fields)
    assert_adds_up(found)
    silent = [one for one in found.refunds if not one.moves_money]
    kept = item["quantity"] - (0 if cancelled else sum(part.quantity for one in silent for part in one.lines))
    assert sum(one.quantity for one in found.lines if one.kind == "product") == kept
    for one in found.lines:
        assert one.net <= 0 if one.kind == "discount" else one.net >= 0
