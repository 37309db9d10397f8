"""Pictures are read from public addresses only, and never more than allowed."""

import pytest

from shopify_api import QueryRefused, ServerFault
from shopify_api.errors import NotReachable
from shopify_api.pictures import fetch_picture
from shopify_simulator import Simulator
from shopify_simulator.pictures import address, png

MOST = 1_000_000


@pytest.fixture
def sim():
    with Simulator(orders=0) as running:
        yield running


def test_a_picture_is_read_as_it_is(sim):
    picture = sim.store.add_picture(sim.store.products[0], number=7)
    assert fetch_picture(address(sim.domain, picture), MOST, True) == png(7)


def test_a_picture_that_is_gone_or_too_big_is_refused(sim):
    gone = sim.store.add_picture(sim.store.products[0], content=None)
    with pytest.raises(QueryRefused, match="404"):
        fetch_picture(address(sim.domain, gone), MOST, True)
    big = sim.store.add_picture(sim.store.products[0], content=b"0" * 200)
    with pytest.raises(QueryRefused, match="more than"):
        fetch_picture(address(sim.domain, big), 100, True)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/x.png", "file:///etc/passwd", "http://cdn.example.com/x.png", "x"])
def test_a_real_store_cannot_lead_into_the_own_network(url):
    with pytest.raises(QueryRefused):
        fetch_picture(url, MOST, False)


def test_a_server_that_is_away_may_come_back(sim):
    picture = sim.store.add_picture(sim.store.products[0])
    url = address(sim.domain, picture)
    sim.stop()
    with pytest.raises(NotReachable) as missed:
        fetch_picture(url, MOST, True)
    assert missed.value.heals
    assert ServerFault("x").heals
