"""Money adds up, rounded as Shopify rounds it, whatever happens to an order."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopify_simulator.money import CurrencyPair, rounded, spread
from shopify_simulator.statuses import financial_status
from shopify_simulator.store import Store
from shopify_simulator.taxes import TaxRate, tax_lines
from shopify_simulator.totals import computed_totals, current_tax_lines, order_tax_lines, totals
from shopify_simulator.values import BadRequest

USD = CurrencyPair("USD", "USD")


def vat(rate):
    return [TaxRate("VAT", Decimal(rate))]


def taxed(net, rates, included=False, pair=USD):
    return [str(line.price_set.presentment) for line in tax_lines(Decimal(net), rates, included, pair)]


def test_half_a_cent_is_rounded_up():
    assert taxed("49.95", vat("0.2"), included=True) == ["8.33"]
    assert taxed("19.55", vat("0.1")) == ["1.96"]
    assert taxed("114.809", vat("1")) == ["114.81"]


def test_tax_is_rounded_per_line_and_tax():
    assert taxed("70", [TaxRate("GST", Decimal("0.05")), TaxRate("QST", Decimal("0.09975"))]) == ["3.50", "6.98"]


def test_included_taxes_share_one_base():
    rates = [TaxRate("A", Decimal("0.1")), TaxRate("B", Decimal("0.05"))]
    assert taxed("115", rates, included=True) == ["10.00", "5.00"]


def test_yen_have_no_cents_and_dinars_three_decimals():
    assert taxed("2290", vat("0.1"), pair=CurrencyPair("JPY", "JPY")) == ["229"]
    assert str(rounded(Decimal("1.23456"), "KWD")) == "1.235"


def test_an_untaxable_line_keeps_a_tax_line_of_zero():
    (line,) = tax_lines(Decimal(10), vat("0.1"), False, USD, taxable=False)
    assert (line.rate, line.price_set.shop) == (Decimal("0.1"), 0)


@pytest.mark.parametrize(
    ("amount", "weights", "shares"),
    [
        ("20.00", ["94", "100", "100", "100"], ["4.78", "5.08", "5.07", "5.07"]),
        ("10.00", ["94", "100", "100"], ["3.20", "3.40", "3.40"]),
        ("29.10", ["94", "100"], ["14.10", "15.00"]),
        ("0.02", ["1", "1", "1"], ["0.01", "0.01", "0.00"]),
        ("5.00", ["0", "10"], ["0.00", "5.00"]),
    ],
)
def test_an_order_discount_is_spread_as_in_the_real_documents(amount, weights, shares):
    assert [str(share) for share in spread(Decimal(amount), [Decimal(one) for one in weights], "USD")] == shares


@given(st.lists(st.integers(0, 100_000), min_size=1, max_size=20), st.integers(0, 100))
def test_a_spread_discount_is_neither_more_nor_less_than_it_was(cents, percent):
    weights = [Decimal(one) / 100 for one in cents]
    amount = rounded(sum(weights) * percent / 100, "USD")
    shares = spread(amount, weights, "USD")
    assert sum(shares) == (amount if any(cents) else 0)
    assert all(0 <= share <= weight for share, weight in zip(shares, weights, strict=True))


@given(st.integers(0, 10**7), st.decimals("0.0001", "300", places=5))
def test_amounts_of_two_currencies_are_rounded_in_each(cents, rate):
    pair = CurrencyPair("USD", "JPY", rate)
    bag = pair.bag(Decimal(cents) / 100)
    assert bag.presentment == rounded(Decimal(cents) / 100, "JPY")
    assert bag.shop == rounded(bag.presentment * rate, "USD")


def adds_up(order):
    """Every identity between the totals of an order, in both currencies."""
    sums, pair = totals(order), order.pair
    columns = {name: (bag.shop, bag.presentment) for name, bag in sums.items()}
    lines = [line for line in order.lines if not line.is_tip]
    gross = pair.total(line.gross for line in lines)
    off = pair.total(line.discount for line in lines)
    shipping = pair.total(line.discounted_price_set for line in order.shipping)
    extras = pair.total(duty.price for line in lines for duty in line.duties)
    extras += pair.total(fee.price for fee in order.additional_fees)
    added = pair.zero() if order.taxes_included else sums["total_tax"]
    assert sums["total_price"] == gross - off + shipping + extras + sums["total_tip_received"] + added
    assert sums["subtotal_price"] == gross - off
    assert sums["total_tax"] == pair.total(tax.price_set for tax in order_tax_lines(order))
    assert sums["current_total_tax"] == pair.total(tax.price_set for tax in current_tax_lines(order))
    assert sums["net_payment"] == sums["total_received"] - sums["total_refunded"]
    assert sums["due"] == sums["current_total_price"] - sums["net_payment"]
    assert sums["total_outstanding"] == sums["due"] - sums["total_capturable"]
    ledger = pair.total(sale.total_amount for agreement in order.agreements for sale in agreement.sales)
    assert ledger == sums["current_total_price"]
    assert columns["total_refunded"] <= columns["total_received"]
    for line in order.lines:
        assert 0 <= line.current_quantity <= line.quantity
        assert 0 <= line.fulfilled + line.unshipped <= line.quantity
    if order.cancelled_at is None:
        open_units = sum(part.remaining_quantity for group in order.fulfillment_orders for part in group.lines)
        assert open_units == sum(line.unfulfilled_quantity for line in order.lines)


@pytest.mark.parametrize("currency", ["USD", "EUR", "JPY", "CAD"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_seeded_order_adds_up(currency, seed):
    from shopify_simulator import Simulator

    for order in Simulator(seed=seed, orders=350, currency=currency, products=30).store.all_orders():
        adds_up(order)


def test_what_the_api_serves_of_the_seeded_store_passes_the_check_of_the_real_documents(seeded_client, check_totals):
    bag = "{ shopMoney { amount currencyCode } presentmentMoney { amount currencyCode } }"
    taxes = f"taxLines {{ title rate priceSet {bag} }}"
    off = f"discountAllocations {{ allocatedAmountSet {bag} }}"
    text = f"""query($after: String) {{ orders(first: 20, after: $after, sortKey: ID) {{ pageInfo {{ hasNextPage endCursor }}
      nodes {{ name taxesIncluded totalPriceSet {bag} subtotalPriceSet {bag} totalTaxSet {bag} totalDiscountsSet {bag}
      totalTipReceivedSet {bag} originalTotalDutiesSet {bag} originalTotalAdditionalFeesSet {bag}
      shippingLines(first: 5) {{ nodes {{ originalPriceSet {bag} discountedPriceSet {bag} {off} {taxes} }} }}
      nonFulfillableLineItems(first: 5) {{ nodes {{ id title }} }}
      lineItems(first: 80) {{ nodes {{ id quantity originalUnitPriceSet {bag} {off} {taxes} }} }} }} }} }}"""
    after, wrong = None, []
    while True:
        page = seeded_client.data(text, after=after)["orders"]
        for order in page["nodes"]:
            tips = {one["id"] for one in order["nonFulfillableLineItems"]["nodes"] if one["title"] == "Tip"}
            order["lineItems"]["nodes"] = [one for one in order["lineItems"]["nodes"] if one["id"] not in tips]
            for side in ("shop", "presentment"):
                found, _shape = check_totals.check(order, side)
                wrong += [(order["name"], side, key, found[key]) for key in "ASTD" if found[key]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert wrong == []


STORE = Store(seed=5, products=12)
SKUS = STORE.skus()

lines_of_orders = st.lists(
    st.fixed_dictionaries(
        {
            "sku": st.sampled_from(SKUS),
            "quantity": st.integers(1, 5),
            "price": st.integers(0, 20_000).map(lambda cents: Decimal(cents) / 100),
        },
        optional={"discount": st.sampled_from(["10%", "33%", "0.37"]), "taxable": st.booleans()},
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda line: line["sku"],
)
orders = st.fixed_dictionaries(
    {"lines": lines_of_orders, "taxes": st.sampled_from(["none", "US-NY", "CA-QC", "DE", "NL", "JP"])},
    optional={
        "shipping": st.sampled_from(["0", "4.99", "12.34"]),
        "discounts": st.lists(
            st.sampled_from(
                [
                    {"code": "A", "percentage": "12.5"},
                    {"manual": "B", "amount": "7.77"},
                    {"automatic": "C", "percentage": "50", "on": [0]},
                ]
            ),
            max_size=2,
        ),
        "financial": st.sampled_from(["paid", "pending", "authorized", "partially_paid"]),
        "currency": st.sampled_from(["EUR", "JPY", "CAD"]),
        "tip": st.sampled_from(["1.00", "2.50"]),
        "gateway": st.sampled_from(["shopify_payments", "paypal", "manual"]),
    },
)
events = st.lists(
    st.sampled_from(
        [
            "fulfil",
            "fulfil_one",
            "refund_one",
            "refund_all",
            "refund_amount",
            "refund_less",
            "refund_shipping",
            "refund_pending",
            "settle",
            "edit_more",
            "edit_less",
            "edit_add",
            "edit_shipping",
            "mark_paid",
            "capture",
            "capture_part",
            "void",
            "cancel",
            "hold",
            "release",
            "pay_one",
        ]
    ),
    max_size=8,
)


def state(order):
    """All of an order that events change."""
    lines = [(line.quantity, line.gone, line.unshipped, line.fulfilled, len(line.tax_lines)) for line in order.lines]
    groups = [(group.status, [part.remaining_quantity for part in group.lines]) for group in order.fulfillment_orders]
    parts = (order.shipping, order.transactions, order.refunds, order.fulfillments, order.agreements)
    shipping = [line.refunded for line in order.shipping]
    return lines, groups, [len(part) for part in parts], shipping, computed_totals(order), order.updated_at


def happen(store, order, event):
    """One event; those that make no sense now are refused and change nothing."""
    line = max(order.lines, key=lambda one: (one.current_quantity, one.id))
    sums = totals(order)
    acts = {
        "fulfil": lambda: store.fulfil(order),
        "fulfil_one": lambda: store.fulfil(order, {line.id: 1}),
        "refund_one": lambda: store.refund(order, {line.id: 1}),
        "refund_all": lambda: store.refund(order, "all", shipping=True),
        "refund_amount": lambda: store.refund(order, amount="1.00"),
        "refund_less": lambda: store.refund(order, {line.id: 1}, amount="0.10"),
        "refund_shipping": lambda: store.refund(order, shipping=True),
        "refund_pending": lambda: store.refund(order, {line.id: 1}, pending=True),
        "settle": lambda: store.settle_refunds(order),
        "edit_more": lambda: store.edit(order, {line.id: line.current_quantity + 1}),
        "edit_less": lambda: store.edit(order, {line.id: line.current_quantity - 1}),
        "edit_add": lambda: store.edit(order, add=[{"sku": SKUS[-1], "price": "3.33"}]),
        "edit_shipping": lambda: store.edit(order, add_shipping="2.22"),
        "edit_wrongly": lambda: store.edit(
            order, {line.id: line.current_quantity + 1}, add=[{"sku": SKUS[0]}, {"sku": "?"}]
        ),
        "fulfil_too_much": lambda: store.fulfil(order, {line.id: line.quantity + 1}),
        "refund_too_much": lambda: store.refund(order, {line.id: 1}, shipping=True, amount="99999"),
        "mark_paid": lambda: store.mark_paid(order),
        "capture": lambda: store.capture(order),
        "capture_part": lambda: store.capture(
            order, rounded(sums["total_capturable"].presentment / 3, order.pair.presentment)
        ),
        "void": lambda: store.void(order),
        "cancel": lambda: store.cancel(order),
        "hold": lambda: store.hold(order),
        "release": lambda: store.release_hold(order),
        "pay_one": lambda: store.pay(order, "manual", "1.00"),
    }
    acts[event]()


@settings(max_examples=250, deadline=None)
@given(orders, events)
def test_an_order_adds_up_after_every_event(options, happening):
    order = STORE.place_order(**options)
    adds_up(order)
    for event in happening:
        before = state(order)
        try:
            happen(STORE, order, event)
        except BadRequest:
            assert state(order) == before
        adds_up(order)
        assert financial_status(order) is not None


@settings(max_examples=60, deadline=None)
@given(orders.map(lambda options: {**options, "financial": "paid"}))
def test_a_cancelled_and_refunded_order_is_worth_nothing(options):
    order = STORE.place_order(**options)
    STORE.cancel(order)
    sums = totals(order)
    for name in ("current_total_price", "net_payment", "due", "current_total_tax", "current_subtotal_price"):
        assert not sums[name], (name, sums[name])


def test_a_cent_of_rounding_in_the_second_currency_is_cancelled_too():
    order = STORE.place_order(
        lines=[{"sku": SKUS[0], "quantity": 2, "price": "0.03"}],
        discounts=[{"manual": "B", "amount": "7.77"}],
        currency="EUR",
        tip="1.00",
    )
    assert str(order.lines[0].net) == "-0.01 USD (0.00 EUR)"
    STORE.cancel(order)
    assert not totals(order)["current_total_price"]


@settings(max_examples=60, deadline=None)
@given(lines_of_orders, st.sampled_from(["US-NY", "DE", "none"]))
def test_units_refunded_one_by_one_add_up_to_the_line(lines, taxes):
    order = STORE.place_order(lines=lines, taxes=taxes, discounts=[{"code": "ODD", "percentage": "7.7"}])
    for line in order.lines:
        for _unit in range(line.quantity):
            STORE.refund(order, {line.id: 1})
    sums = totals(order)
    assert not sums["current_total_price"] and not sums["current_total_tax"] and not sums["current_total_discounts"]
    assert sums["total_refunded"] == sums["total_price"]
