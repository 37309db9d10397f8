"""Two currencies, the control of totals, and data that are not whole."""

import copy
from decimal import Decimal

import made_orders as made
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_orders import (
    CUSTOMER,
    SHOP,
    assert_adds_up,
    duty,
    fee,
    fulfillment,
    gid,
    in_currencies,
    line,
    loose_line,
    mapped,
    money,
    order,
    refund,
    shipping,
    shipping_back,
    taken_back,
    tax,
    total_of,
    transaction,
)

from mapping import Refusal, read_order


def rich_order():
    """An order that has some of everything."""
    mug = line("20.00", 3, "41", discounts=["6.00"], taxes=[tax("VAT", 0.2, "10.80"), tax("City", 0.01, "0.54")])
    bowl = line(
        "15.00", 2, "42", duties=[duty("3.00", taxes=[tax("VAT", 0.2, "0.60")])], taxes=[tax("VAT", 0.2, "6.00")]
    )
    bowl["customAttributes"] = [{"key": "Engraving", "value": "Für Ana ♥"}, {"key": "_internal", "value": "x"}]
    ship = shipping("10.00", discounts=["2.00"], taxes=[tax("VAT", 0.2, "1.60")])
    return order(
        mug,
        bowl,
        ships=[ship],
        fees=[fee("1.00", taxes=[tax("VAT", 0.2, "0.20")])],
        tip="4.00",
        rounding="0.01",
        refunds=[
            refund(taken_back(mug, 1, "18.00", "3.78")),
            refund(
                taken_back(bowl, 1, "15.00", "3.00"),
                ships=[shipping_back(ship, "4.00", "0.80")],
                adjustments=[made.adjustment("-1.00", "-0.20")],
                duties=[{"amountSet": money("1.00"), "originalDuty": {"id": gid("Duty", 9)}}],
                money_back="25.00",
            ),
        ],
        transactions=[
            transaction("50.00", gateway="gift_card"),
            transaction("70.00", gateway="cash", amountRoundingSet=money("0.01")),
            transaction("0.26", "CHANGE", gateway="cash"),
        ],
        fulfillments=[fulfillment((bowl, 1))],
        paymentGatewayNames=["gift_card", "cash"],
    )


# Currencies


def test_the_two_currencies_of_an_order_are_never_mixed():
    data = in_currencies(rich_order(), "USD", "GBP")
    shop, customer = read_order(data, SHOP), read_order(data, CUSTOMER)
    assert (shop.currency, customer.currency) == ("USD", "GBP")
    assert_adds_up(shop)
    assert_adds_up(customer)
    assert [one.net * 2 for one in shop.lines] == [one.net for one in customer.lines]
    assert [one.amount * 2 for one in shop.payments] == [one.amount for one in customer.payments]
    assert [one.refunded * 2 for one in shop.refunds] == [one.refunded for one in customer.refunds]
    assert [one.key for one in shop.lines] == [one.key for one in customer.lines]
    assert shop.total_pair == customer.total_pair


@pytest.mark.parametrize(
    ("currency", "price", "value", "shares"),
    [("JPY", "1145", "80", ["115", "-35"]), ("KWD", "1.145", "0.080", ["0.115", "-0.035"])],
)
def test_taxes_are_shared_in_the_decimals_of_the_currency(currency, price, value, shares):
    off = Decimal(price) - Decimal(value) * 10
    found = mapped(line(price, discounts=[off], taxes=[tax("Tax", 0.1, value)]), currency=currency)
    assert [one.taxes[0].amount for one in found.lines] == [Decimal(share) for share in shares]
    assert_adds_up(found)


def test_an_amount_in_a_third_currency_is_refused():
    data = order(line("10.00"), transactions=[transaction("10.00")])
    data["transactions"][0]["amountSet"]["shopMoney"]["currencyCode"] = "CAD"
    with pytest.raises(Refusal, match=r"#1001.*10\.00 CAD") as refused:
        read_order(data, SHOP)
    assert refused.value.cause == "currency"


def test_a_zero_in_another_currency_harms_nobody():
    data = order(line("10.00"))
    data["totalTipReceivedSet"] = money("0.00", "CAD")
    assert_adds_up(read_order(data, SHOP))


# Control of totals


def test_a_total_that_the_lines_do_not_reach_is_named_with_both_figures():
    (total, current) = read_order(order(line(10), totalPriceSet=money("12.00")), SHOP).differences
    assert (total.name, total.stated, total.counted, total.amount) == ("total", 12, 10, 2)
    assert (current.name, current.stated, current.counted) == ("current_total", 10, 12)


def test_a_tax_counted_once_though_listed_twice_is_named():
    data = order(line("119.00", taxes=[tax("VAT", 0.19, 19), tax("VAT", 0.19, 19)]), included=True)
    (difference,) = read_order({**data, "totalTaxSet": money(19)}, SHOP).differences
    assert (difference.name, difference.amount) == ("tax", -19)


def test_a_subtotal_that_forgets_a_discount_is_named():
    data = order(line("10.00", discounts=["1.00"]))
    (difference,) = read_order({**data, "subtotalPriceSet": money("10.00")}, SHOP).differences
    assert (difference.name, difference.amount) == ("subtotal", 1)


@pytest.mark.parametrize(
    "field",
    [
        "subtotalPriceSet",
        "currentTotalPriceSet",
        "totalTipReceivedSet",
        "originalTotalDutiesSet",
        "totalCashRoundingAdjustment",
    ],
)
def test_a_control_figure_that_shopify_leaves_empty_is_not_missed(field):
    assert_adds_up(read_order({**order(line("10.00")), field: None}, SHOP))


def test_an_order_without_a_tax_total_is_untaxed():
    assert_adds_up(read_order({**order(line("10.00")), "totalTaxSet": None}, SHOP))


# Data that are not whole


@pytest.mark.parametrize("data", [None, [], "order", 5, {}])
def test_what_is_no_order_is_refused(data):
    with pytest.raises(Refusal) as refused:
        read_order(data, SHOP)
    assert refused.value.cause == "unreadable"


@pytest.mark.parametrize("path", ["lineItems", "refunds", "fulfillments"])
def test_an_order_of_which_only_the_first_page_was_read_is_refused(path):
    data = rich_order()
    part = {
        "lineItems": data["lineItems"],
        "refunds": data["refunds"][0]["refundLineItems"],
        "fulfillments": data["fulfillments"][0]["fulfillmentLineItems"],
    }[path]
    part["pageInfo"] = {"hasNextPage": True, "endCursor": "x"}
    with pytest.raises(Refusal, match="#1001") as refused:
        read_order(data, SHOP)
    assert refused.value.cause == "incomplete"


def test_the_refusal_names_the_order_and_the_field():
    data = order(line(10))
    del data["lineItems"]["nodes"][0]["originalUnitPriceSet"]
    with pytest.raises(Refusal, match=r"#1001.*originalUnitPriceSet") as refused:
        read_order(data, SHOP)
    assert refused.value.cause == "unreadable"
    assert str(refused.value) == refused.value.reason


def paths(value, path=()):
    """Every place of a JSON document."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*path, key)
        yield from paths(item, (*path, key))


def without(data, path, replacement=None):
    """The document without the field at a place, or with another value there."""
    data = copy.deepcopy(data)
    holder = data
    for key in path[:-1]:
        holder = holder[key]
    if replacement is None and isinstance(holder, dict):
        del holder[path[-1]]
    elif replacement is None:
        holder.pop(path[-1])
    else:
        holder[path[-1]] = replacement[0]
    return data


def books(found):
    """What the accountant and the warehouse see."""
    return (
        [(one.kind, one.quantity, one.net, sum(part.amount for part in one.taxes)) for one in found.lines],
        [(one.gateway, one.amount) for one in found.payments],
        sorted((one.refunded, one.value(found.taxes_included), one.tax) for one in found.refunds),
        [one.units for one in found.fulfillments],
        found.totals,
    )


RICH = rich_order()
#: Data whose absence cannot be told from an order that never had them.
FREE = {
    "originalDuty",  # then the difference is the duty's
    "rate",
    "channelLiable",
    "amountRoundingSet",
    "gateway",
    "paymentGatewayNames",
    "cancelledAt",
    "parentTransaction",
    "totalCashRoundingAdjustment",
    "paymentSet",
}


@pytest.mark.parametrize("replacement", [None, [None]], ids=["missing", "empty"])
def test_no_missing_field_changes_the_books_in_silence(replacement):
    """Each field in turn is missing or empty: the order is refused, shows a difference, or is booked the same."""
    sound = books(read_order(RICH, SHOP))
    changed = []
    for path in paths(RICH):
        if FREE & {str(key) for key in path} or isinstance(path[-1], int):
            continue
        try:
            found = read_order(without(RICH, path, replacement), SHOP)
        except Refusal as refusal:
            assert path == ("name",) or "#1001" in refusal.reason
            continue
        if books(found) != sound and not found.differences:
            changed.append(path)
    assert changed == []


@given(st.data())
def test_no_garbage_anywhere_makes_the_import_stumble(data):
    path = data.draw(st.sampled_from(list(paths(RICH))))
    garbage = data.draw(st.sampled_from([0, -1, "", "x", "NaN", "1e400", [], {}, [None], {"nodes": None}, True, 1.5]))
    try:
        found = read_order(without(RICH, path, [garbage]), SHOP)
    except Refusal as refusal:
        assert refusal.reason
    else:
        assert total_of(found) == found.totals.total or found.differences


@given(st.text(max_size=2000), st.text(max_size=200))
def test_any_text_of_a_person_is_kept(note, title):
    found = mapped(line(10, title=title, sku=title), loose_line(1, title), note=note, tags=[title])
    kept = (title.strip(),) if title.strip() else ()
    assert (found.note, found.tags) == (note.strip(), kept)
    assert_adds_up(found)


def test_mapping_twice_gives_the_same_and_leaves_the_data_alone():
    before = copy.deepcopy(RICH)
    assert read_order(RICH, SHOP) == read_order(RICH, SHOP)
    assert before == RICH
