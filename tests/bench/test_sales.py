"""Every way imports the same orders, and their totals do not depend on who rounds."""

import json
from dataclasses import asdict
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest

from bench.sales import TAX_RATE, Sale, place_rounds, sizes
from shopify_simulator import Simulator

DAY = datetime(2026, 3, 1, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def rounds():
    return place_rounds(Simulator(7), [5, 12, 3], 3, DAY)


def test_rounds_are_full_batches_and_a_rest():
    assert sizes(200, 50) == [50, 50, 50, 50]
    assert sizes(110, 50) == [50, 50, 10]
    assert sizes(20, 50) == [20]


def test_orders_have_the_lines_and_numbers_asked_for(rounds):
    assert [len(current.sales) for current in rounds] == [5, 12, 3]
    sales = [sale for current in rounds for sale in current.sales]
    assert {len(sale.lines) for sale in sales} == {3}
    assert len({sale.reference for sale in sales}) == 20


def test_no_order_has_a_product_twice(rounds):
    for current in rounds:
        for sale in current.sales:
            assert len({sku for sku, _units, _price in sale.lines}) == 3


def test_the_stores_total_needs_no_rounding(rounds):
    for current in rounds:
        for sale in current.sales:
            net = sum(units * Decimal(price) for _sku, units, price in sale.lines) + Decimal(sale.shipping)
            assert net * (1 + Decimal(TAX_RATE)) == Decimal(sale.total)


def test_some_buyers_return_and_some_orders_go_elsewhere(rounds):
    sales = [sale for current in rounds for sale in current.sales]
    assert len({sale.email for sale in sales}) == 15
    assert sum(sale.delivery != sale.home for sale in sales) == 6
    homes = {}
    for sale in sales:
        assert homes.setdefault(sale.email, sale.home) == sale.home


def test_a_window_holds_the_orders_of_its_own_round_only(rounds):
    for position, current in enumerate(rounds):
        assert current.start == DAY + timedelta(hours=position)
        for sale in current.sales:
            moment = datetime.fromisoformat(f"{sale.placed_at}+00:00")
            assert current.start <= moment < current.end


def test_the_same_seed_makes_the_same_orders(rounds):
    again = place_rounds(Simulator(7), [5, 12, 3], 3, DAY)
    assert [current.sales for current in again] == [current.sales for current in rounds]
    other = place_rounds(Simulator(8), [5, 12, 3], 3, DAY)
    assert [current.sales for current in other] != [current.sales for current in rounds]


def test_an_order_survives_the_way_to_another_process(rounds):
    sale = rounds[0].sales[0]
    assert Sale.from_json(json.loads(json.dumps(asdict(sale)))) == sale
