"""Any order that Shopify could have made: taxed per line and rounded half up, its discounts spread, some units taken
off, some refunded, in either currency. What is mapped comes to Shopify's own totals, to the last unit."""

from decimal import Decimal

import made_orders as made
from hypothesis import given
from hypothesis import strategies as st
from made_orders import CUSTOMER, SHOP, assert_adds_up, in_currencies, order, total_of

from mapping import read_order
from mapping.money import round_half_up

RATES = ["0", "0.025", "0.05", "0.07", "0.09975", "0.19", "0.25"]
DECIMALS = {"JPY": 0, "USD": 2, "EUR": 2, "KWD": 3}


class Shop:
    """How one order is priced: its currency's decimals, and whether prices include taxes."""

    def __init__(self, draw):
        self.draw = draw
        self.currency = draw(st.sampled_from(list(DECIMALS)))
        self.places = DECIMALS[self.currency]
        self.unit = Decimal(1).scaleb(-self.places)
        self.included = draw(st.booleans())

    def amount(self, most=100_000):
        return self.draw(st.integers(0, most)) * self.unit

    def discounts(self, gross):
        """Up to two discounts, and what they leave."""
        found = []
        for index in range(self.draw(st.integers(0, 2))):
            off = (gross * self.draw(st.integers(0, 100)) / 100).quantize(self.unit)
            found.append(made.discount(off, index))
            gross -= off
        return found, gross

    def taxes(self, charged):
        rates = self.draw(st.lists(st.sampled_from(RATES), max_size=3))
        whole = sum(map(Decimal, rates), Decimal(0))
        base = charged / (1 + whole) if self.included else charged
        if self.draw(st.integers(0, 4)) == 4:
            base = Decimal(0)  # not taxable: tax lines of zero with a rate
        return [
            made.tax(f"Tax {number % 2}", float(rate), round_half_up(base * Decimal(rate), self.places))
            for number, rate in enumerate(rates)
        ]

    def item(self):
        price, quantity = self.amount(), self.draw(st.integers(1, 12))
        discounts, charged = self.discounts(price * quantity)
        return made.line(price, quantity, discounts=discounts, taxes=self.taxes(charged))

    def ship(self, number):
        price = self.amount(3000)
        discounts, charged = self.discounts(price)
        return made.shipping(price, str(number), discounts=discounts, taxes=self.taxes(charged))


def charged(data, price):
    """A line after its discounts, and its tax."""
    off = sum(
        (Decimal(one["allocatedAmountSet"]["shopMoney"]["amount"]) for one in data["discountAllocations"]), Decimal(0)
    )
    gross = Decimal(data[price]["shopMoney"]["amount"]) * data.get("quantity", 1)
    tax = sum((Decimal(one["priceSet"]["shopMoney"]["amount"]) for one in data["taxLines"]), Decimal(0))
    return gross - off, tax


@st.composite
def orders(draw):
    shop = Shop(draw)
    items = [shop.item() for _ in range(draw(st.integers(1, 4)))]
    ships = [shop.ship(number) for number in range(draw(st.integers(0, 2)))]
    gone = {item["id"]: 0 for item in items}
    refunds = []
    for _ in range(draw(st.integers(0, 3))):
        lines, worth = [], Decimal(0)
        for item in items:
            before = gone[item["id"]]
            units = draw(st.integers(0, item["quantity"] - before))
            if not units:
                continue
            gone[item["id"]] = after = before + units
            back = [
                round_half_up(whole * after / item["quantity"], shop.places)
                - round_half_up(whole * before / item["quantity"], shop.places)
                for whole in charged(item, "originalUnitPriceSet")
            ]
            lines.append(made.taken_back(item, units, *back))
            worth += back[0] + (0 if shop.included else back[1])
        given = worth * draw(st.integers(0, 4)) / 4
        given = worth if draw(st.booleans()) else given.quantize(shop.unit)
        kept = draw(st.sampled_from([0, given]))  # no money: all of it, or none of it, comes off the total
        adjustments = [made.adjustment(worth - given)] if worth != given else []
        refunds.append(made.refund(*lines, money_back=kept, adjustments=adjustments))
    tip, at_till = shop.amount(500), draw(st.booleans())
    if at_till and tip:
        items.append(made.loose_line(tip, "Tip"))
    return order(
        *items,
        ships=ships,
        refunds=refunds,
        included=shop.included,
        currency=shop.currency,
        tip=tip,
        tip_in_lines=at_till and bool(tip),
        rounding=draw(st.integers(-2, 2)) * shop.unit,
        cancelledAt=draw(st.sampled_from([None, "2026-03-05T00:00:00Z"])),
    )


@given(orders())
def test_the_lines_of_any_order_come_to_what_shopify_states(data):
    found = read_order(data, SHOP)
    assert_adds_up(found)
    money_back = [one.value(found.taxes_included) for one in found.refunds if one.moves_money]
    rounding = sum((one.net for one in found.lines if one.kind == "rounding"), Decimal(0))
    if not found.is_cancelled:
        now = Decimal(data["currentTotalPriceSet"]["shopMoney"]["amount"])
        assert total_of(found) - rounding - sum(money_back) == now


@given(orders())
def test_both_currencies_of_any_order_come_to_their_own_totals(data):
    data = in_currencies(data, "USD", "GBP")
    shop, customer = read_order(data, SHOP), read_order(data, CUSTOMER)
    assert_adds_up(shop)
    assert_adds_up(customer)
    assert [one.key for one in shop.lines] == [one.key for one in customer.lines]
    assert [one.quantity for one in shop.lines] == [one.quantity for one in customer.lines]


@given(orders())
def test_every_discount_belongs_to_a_line_of_the_order(data):
    found = read_order(data, SHOP)
    keys = {one.key for one in found.lines}
    for one in found.lines:
        if one.kind == "discount":
            assert one.main_key in keys
            assert one.unit_price == one.net + sum(part.amount for part in one.taxes if part.key.included) < 0
        else:
            assert not one.main_key


@given(orders())
def test_the_price_and_the_quantity_of_a_line_are_those_of_shopify(data):
    found = read_order(data, SHOP)
    by_id = {made.gid("LineItem", one.line_id): one for one in found.lines if one.line_id}
    for item in data["lineItems"]["nodes"]:
        if item["id"] not in by_id:
            continue
        one = by_id[item["id"]]
        assert one.unit_price == Decimal(item["originalUnitPriceSet"]["shopMoney"]["amount"])
        inside = sum(part.amount for part in one.taxes if part.key.included)
        assert one.net + inside == one.unit_price * one.quantity
        assert item["currentQuantity"] <= one.quantity <= item["quantity"]
