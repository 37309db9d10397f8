"""The fault plan: each fault shows to a client as it would in real life, and ends."""

import time

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from shopify_simulator.faults import Faults
from shopify_simulator.values import BadRequest

SHOP = "query Shop { shop { name } }"
BROKEN = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)


def done(sim):
    """How many requests were really executed."""
    return sum(1 for request in sim.requests if request.actual is not None)


@pytest.mark.parametrize("kind", ["reset", "timeout"])
def test_the_connection_breaks_before_anything_is_done(client, sim, kind):
    sim.faults.add(kind, seconds=0.1)
    with pytest.raises(BROKEN):
        client.post(SHOP)
    assert done(sim) == 0
    assert sim.requests[-1].fault == kind
    assert client.data(SHOP)


@pytest.mark.parametrize("kind", ["lost", "lost_timeout", "cut"])
def test_the_answer_is_lost_after_the_work_was_done(client, sim, kind):
    sim.faults.add(kind, seconds=0.1)
    with pytest.raises(BROKEN):
        client.post(SHOP)
    assert done(sim) == 1
    assert client.data(SHOP)


def test_a_client_that_does_not_wait_long_enough_times_out(client, sim):
    sim.faults.add("late", seconds=5)
    with pytest.raises(requests.Timeout):
        client.post(SHOP, timeout=0.3)


def test_a_late_answer_is_complete(client, sim):
    sim.faults.add("late", seconds=0.3)
    began = time.monotonic()
    assert client.data(SHOP)
    assert time.monotonic() - began >= 0.3


@pytest.mark.parametrize(("kind", "worked"), [("status", 0), ("status_after", 1)])
def test_an_http_error_is_answered_without_or_after_the_work(client, sim, kind, worked):
    sim.faults.add(kind, status=502)
    answer = client.post(SHOP)
    assert (answer.status_code, answer.json()) == (502, {"errors": "Bad Gateway"})
    assert done(sim) == worked
    assert client.post(SHOP).status_code == 200


def test_too_many_requests_say_when_to_come_again(client, sim):
    sim.faults.add("status", status=429, retry_after=2.5)
    answer = client.post(SHOP)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "2.5")


def test_throttled_without_an_empty_bucket(client, sim):
    sim.faults.add("throttled")
    body = client.body(SHOP)
    assert body["errors"][0]["extensions"]["code"] == "THROTTLED"
    assert body["extensions"]["cost"]["throttleStatus"]["currentlyAvailable"] == 2000
    assert done(sim) == 0


def test_an_internal_error_carries_the_request_id(client, sim):
    sim.faults.add("internal")
    answer = client.post(SHOP)
    (error,) = answer.json()["errors"]
    assert error["extensions"] == {"code": "INTERNAL_SERVER_ERROR", "requestId": answer.headers["X-Request-Id"]}


def test_a_body_that_is_no_json(client, sim):
    sim.faults.add("garbage")
    assert client.post(SHOP).text.startswith("<html>")


def test_a_wrong_version_header(client, sim):
    sim.faults.add("version", version="2025-10")
    answer = client.post(SHOP)
    assert answer.headers["X-Shopify-API-Version"] == "2025-10"
    assert answer.json()["data"]


def test_a_fault_strikes_only_its_operation_and_only_so_often(client, sim):
    sim.faults.add("status", operation="Orders", times=2, after=1)
    orders = "query Orders { orders(first: 1) { nodes { id } } }"
    statuses = [client.post(text).status_code for text in (SHOP, orders, orders, SHOP, orders, orders)]
    assert statuses == [200, 200, 503, 200, 503, 200]
    assert sim.faults.plan() == []


def test_sign_in_has_faults_of_its_own(client, sim):
    sim.faults.add("status", operation="token")
    assert client.post(SHOP).status_code == 200
    assert client.token().status_code == 503
    assert client.token().status_code == 200
    sim.faults.add("lost", operation="token")
    with pytest.raises(BROKEN):
        client.token()
    assert sim.access.tokens_issued == 2
    assert [request.operation for request in sim.requests if request.operation == "token"] == ["token"] * 2


def test_a_fault_without_end_lasts_until_it_is_taken_off(client, sim):
    fault = sim.faults.add("status", times=None)
    assert [client.post(SHOP).status_code for _ in range(3)] == [503] * 3
    sim.faults.remove(fault.id)
    assert client.post(SHOP).status_code == 200


def test_a_refusing_store_refuses_and_comes_back_as_it_was(client, sim):
    order = sim.store.place_order()
    assert client.data(SHOP)
    sim.refuse()
    with pytest.raises(requests.ConnectionError):
        type(client)(sim).post(SHOP)
    with pytest.raises(BROKEN):
        client.post(SHOP)
    sim.accept()
    assert client.found("") == [order.name]


def test_refusing_ends_by_itself(client, sim):
    sim.refuse(0.2)
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            assert type(client)(sim).data(SHOP)
            return
        except BROKEN:
            time.sleep(0.05)
    raise AssertionError("the store never came back")


@pytest.mark.parametrize(("kind", "options"), [("fire", {}), ("status", {"often": 3}), ("late", {"seconds": 10_000})])
def test_a_fault_that_makes_no_sense_is_refused(kind, options):
    with pytest.raises(BadRequest):
        Faults().add(kind, **options)


@given(st.integers(0, 1000), st.floats(0.05, 0.95))
def test_chance_is_the_same_for_the_same_seed(seed, probability):
    def strikes():
        faults = Faults(seed)
        faults.add("reset", times=None, probability=probability)
        return [faults.strike("Any") is not None for _ in range(30)]

    assert strikes() == strikes()
