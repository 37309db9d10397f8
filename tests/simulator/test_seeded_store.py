"""Seeded stores: the same on every run, of every kind, quick at any size."""

import time
from collections import Counter
from datetime import timedelta

import pytest

from shopify_simulator import Simulator
from shopify_simulator.book import header_of
from shopify_simulator.generate.kinds import BY_NAME, KINDS
from shopify_simulator.totals import totals

REFERENCE = "2026-11-20T00:00:00+00:00"


def picture(order):
    """All of an order that anyone can see, as plain values."""
    lines = [(line.id, line.sku, line.quantity, line.current_quantity, str(line.net)) for line in order.lines]
    parts = [part.id for part in (*order.transactions, *order.refunds, *order.fulfillments, *order.fulfillment_orders)]
    sums = {name: str(bag) for name, bag in totals(order).items()}
    people = order.customer and (order.customer.id, order.customer.display_name, order.customer.addresses)
    return header_of(order), lines, parts, sums, people, order.shipping_address, order.note, order.metafields


def test_the_same_seed_and_day_give_the_same_store():
    one, other = (Simulator(seed=3, orders=150, reference=REFERENCE) for _ in range(2))
    backwards = list(reversed(list(other.store.orders.headers())))
    for header in backwards:
        assert picture(other.store.orders.get(header.serial)) == picture(one.store.orders.get(header.serial))
    assert [product.title for product in one.store.products] == [product.title for product in other.store.products]
    assert [customer.email for customer in one.store.people.everyone()] == [
        customer.email for customer in other.store.people.everyone()
    ]


def test_another_seed_gives_another_store():
    one, other = (Simulator(seed=seed, orders=50, reference=REFERENCE).store.all_orders() for seed in (1, 2))
    assert [picture(order)[3] for order in one] != [picture(order)[3] for order in other]


@pytest.mark.parametrize(("seed", "currency"), [(1, "USD"), (2, "EUR"), (3, "CAD"), (4, "JPY"), (5, "GBP")])
def test_what_is_searched_is_what_the_built_orders_say(seed, currency):
    store = Simulator(seed=seed, orders=400, currency=currency, products=25).store
    for header in list(store.orders.headers()):
        assert header_of(store.orders.get(header.serial), header.kind) == header


def test_three_hundred_orders_hold_every_kind():
    kinds = Counter(header.kind for header in Simulator(seed=11, orders=300).store.orders.headers())
    assert set(kinds) == set(BY_NAME)


def test_most_orders_are_of_the_common_kinds():
    kinds = Counter(header.kind for header in Simulator(seed=11, orders=3000).store.orders.headers())
    common = sum(kinds[name] for name in ("paid", "paid by paypal", "shipped", "shipped and archived"))
    assert 0.2 < common / 3000 < 0.5


def test_every_status_source_and_currency_occurs(seeded):
    orders = seeded.store.all_orders()
    headers = [header_of(order) for order in orders]
    assert {header.financial_status for header in headers} >= {
        "PAID",
        "PENDING",
        "AUTHORIZED",
        "PARTIALLY_PAID",
        "PARTIALLY_REFUNDED",
        "REFUNDED",
        "VOIDED",
        "EXPIRED",
    }
    assert {header.fulfillment_status for header in headers} == {
        "UNFULFILLED",
        "PARTIALLY_FULFILLED",
        "FULFILLED",
        "ON_HOLD",
        "SCHEDULED",
    }
    assert {header.source_name for header in headers} >= {"web", "pos", "shopify_draft_order", "marketplace"}
    assert len({order.pair.presentment for order in orders}) > 4
    assert {order.taxes_included for order in orders} == {True, False}
    gateways = {one.gateway for order in orders for one in order.transactions}
    assert gateways >= {
        "shopify_payments",
        "paypal",
        "manual",
        "Cash on Delivery (COD)",
        "Bank Deposit",
        "gift_card",
        "shopify_store_credit",
        "cash",
        "bogus",
    }


def test_most_lines_are_products_of_the_store(seeded):
    lines = [line for order in seeded.store.all_orders() for line in order.lines]
    assert sum(line.variant is not None for line in lines) > 0.95 * len(lines)
    assert all(seeded.store.variant_by_sku(line.sku) is line.variant for line in lines if line.variant)


def test_customers_come_back(seeded):
    buyers = Counter(order.customer.id for order in seeded.store.all_orders() if order.customer)
    assert sum(1 for count in buyers.values() if count > 1) > 20
    assert sum(1 for order in seeded.store.all_orders() if order.customer is None) > 20


def test_nothing_happens_in_the_future_and_orders_reach_back_as_far_as_asked(seeded):
    day = seeded.store.reference
    headers = list(seeded.store.orders.headers())
    assert all(day - timedelta(days=50) <= header.created_at <= header.updated_at <= day for header in headers)
    assert [header.created_at for header in headers] == sorted(header.created_at for header in headers)


def test_a_share_of_older_orders_can_be_had():
    store = Simulator(seed=1, orders=100, older=0.3, reference=REFERENCE).store
    old = [header for header in store.orders.headers() if header.created_at < store.reference - timedelta(days=60)]
    assert len(old) == 30


def test_serials_ids_and_skus_are_unique(seeded):
    parts = [part.id for order in seeded.store.all_orders() for line in order.lines for part in [line]]
    assert len(parts) == len(set(parts))
    skus = [variant.sku for product in seeded.store.products for variant in product.variants]
    assert len(skus) == len(set(skus))
    barcodes = [variant.barcode for product in seeded.store.products for variant in product.variants if variant.barcode]
    assert len(barcodes) == len(set(barcodes))


def test_stores_of_any_size_are_there_at_once():
    began = time.process_time()
    small = Simulator(seed=1, orders=300)
    small.store.all_orders()
    assert time.process_time() - began < 2
    began = time.process_time()
    large = Simulator(seed=1, orders=20_000)
    assert time.process_time() - began < 3
    assert len(large.store.orders) == 20_000
    assert large.store.order("#20999").name == "#20999"


def test_generated_orders_can_be_changed_like_any_other(seeded_client):
    with Simulator(seed=7, orders=40, reference=REFERENCE, now="2026-11-20T12:00:00+00:00") as own:
        header = next(one for one in own.store.orders.headers() if one.kind == "paid")
        own.store.cancel(header.name)
        client = type(seeded_client)(own)
        assert client.found(f"status:cancelled name:{header.name}") == [header.name]
        assert client.found("updated_at:>='2026-11-20T12:00:00Z'") == [header.name]


def test_kinds_have_different_names():
    assert len(BY_NAME) == len(KINDS)
