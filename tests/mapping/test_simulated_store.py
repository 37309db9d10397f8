"""Orders of simulated stores, whose arithmetic is another program's: every one comes to Shopify's own figures."""

import random
from collections import Counter

import pytest
from simulated import SIDES, assert_reproduces_shopify, orders_of, store

from shopify_simulator.values import BadRequest

TAXES = ["none", "US-NY", "US-WA-marketplace", "CA-QC", "DE", "GB", "GB-zero", "NL", "JP", "CH"]
GATEWAYS = ["shopify_payments", "paypal", "manual", "cash", "Bank deposit"]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_order_of_a_seeded_store_comes_to_shopifys_figures(seed):
    with store(seed, orders=120) as simulator:
        orders = orders_of(simulator)
    assert len(orders) == 120
    for data in orders:
        for side in SIDES:
            assert_reproduces_shopify(data, side)


def place(choose: random.Random, shop):
    """An order with any of: discounts, duties, tip, fees, two currencies, taxes in or out of the price."""

    def sometimes(share, **fields):
        return fields if choose.random() < share else {}

    lines = []
    for _ in range(choose.randint(1, 4)):
        lines.append(
            {"sku": shop.any_sku(), "quantity": choose.randint(1, 5)}
            | sometimes(0.3, price=str(choose.randint(0, 9999) / 100))
            | sometimes(0.3, discount=choose.choice(["10%", "1.11", "100%"]))
            | sometimes(0.15, duty="3.33")
            | sometimes(0.1, taxable=False)
            | sometimes(0.1, custom=True, title="Wrapping", price="2.50", requires_shipping=False)
        )
    discounts = [
        sometimes(0.3, code="SPRING", percentage=choose.choice([10, 33, 100])),
        sometimes(0.2, automatic="Welcome", amount="5.55"),
    ]
    return shop.place_order(
        lines=lines,
        taxes=choose.choice(TAXES),
        gateway=choose.choice(GATEWAYS),
        financial=choose.choice(["paid", "paid", "paid", "pending", "authorized", "partially_paid", "voided"]),
        discounts=[one for one in discounts if one],
        **sometimes(
            0.7, shipping=choose.choice(["4.90", "0", {"title": "Express", "price": "12.34", "discount": "10%"}])
        ),
        **sometimes(0.2, fees=[{"name": "Deposit", "price": "1.00", "taxes": [("VAT", "0.2")]}]),
        **sometimes(0.2, tip="2.50", tip_as_line=choose.random() < 0.5),
        **sometimes(0.3, currency=choose.choice(["EUR", "JPY", "CAD", "GBP"])),
        **sometimes(0.2, source="pos"),
    )


def happen(choose: random.Random, shop, order) -> str:
    """One thing that happens to an order; '' when there is nothing it could happen to."""
    lines = [line for line in order.lines if line.current_quantity and not line.is_tip]
    line = choose.choice(lines) if lines else None
    events = {
        "added": lambda: shop.edit(order, add=[(shop.any_sku(), 2)]),
        "shipping added": lambda: shop.edit(order, add_shipping="3.00"),
        "amount refunded": lambda: shop.refund(order, amount="1.23"),
        "part of shipping refunded": lambda: shop.refund(order, shipping="1.00"),
        "shipping refunded": lambda: shop.refund(order, shipping=True),
        "shipped": lambda: shop.fulfil(order),
        "captured": lambda: shop.capture(order),
        "paid": lambda: shop.mark_paid(order),
        "cancelled": lambda: shop.cancel(order, refund=choose.random() < 0.7),
    }
    if line:
        units = choose.randint(1, line.current_quantity)
        events |= {
            "raised": lambda: shop.edit(order, {line.id: line.current_quantity + units}),
            "lowered": lambda: shop.edit(order, {line.id: line.current_quantity - units}),
            "removed": lambda: shop.edit(order, remove=[line.id]),
            "refunded": lambda: shop.refund(order, {line.id: units}, shipping=choose.random() < 0.3),
            "taken back for nothing": lambda: shop.refund(order, {line.id: units}, amount="0"),
            "taken back for less": lambda: shop.refund(order, {line.id: units}, amount="0.50"),
            "refund on its way": lambda: shop.refund(order, {line.id: units}, pending=True),
            "duties refunded": lambda: shop.refund(order, {line.id: units}, duties=bool(line.duties)),
        }
    if shipped := [one for one in lines if one.fulfilled]:
        back = choose.choice(shipped)
        events |= {
            "return asked for": lambda: shop.request_return(order, {back.id: 1}),
            "return opened": lambda: shop.open_return(order, {back.id: 1}, choose.choice([(), [shop.any_sku()]])),
        }
    if order.returns:
        events |= {
            "return received": lambda: shop.receive_return(order),
            "return processed": lambda: shop.process_return(order),
            "return processed with money": lambda: shop.process_return(order, refunded=True),
            "return refunded": lambda: shop.refund_return(order),
        }
    name = choose.choice(list(events))
    events[name]()
    return name


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_an_order_comes_to_shopifys_figures_whatever_happened_to_it(seed):
    choose = random.Random(seed)
    happened, impossible = {}, set()
    with store(seed) as simulator:
        for _ in range(160):
            order = place(choose, simulator.store)
            happened[order.name] = []
            try:
                for _ in range(choose.randint(0, 6)):
                    happened[order.name].append(happen(choose, simulator.store, order))
            except BadRequest:  # not possible with this order: it is left out
                impossible.add(order.name)
        orders = [data for data in orders_of(simulator) if data["name"] not in impossible]
    seen = Counter(name for data in orders for name in happened[data["name"]])
    assert len(orders) > 40
    assert len(seen) > 12
    for data in orders:
        for side in SIDES:
            assert_reproduces_shopify(data, side)
