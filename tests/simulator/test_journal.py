"""A store with a journal is after a restart as it was left: same orders, same ids, same answers."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from shopify_simulator.control import READ_WITHOUT_ARGUMENTS, UNRECORDED
from shopify_simulator.values import BadRequest

ORDERS = """{ orders(first: 50, sortKey: ID) { nodes {
  id name createdAt updatedAt cancelledAt cancelReason note displayFinancialStatus displayFulfillmentStatus
  customer { id displayName createdAt } shippingAddress { address1 city }
  totalPriceSet { shopMoney { amount } } currentTotalPriceSet { shopMoney { amount } } totalRefundedSet { shopMoney { amount } }
  lineItems(first: 10) { nodes { id sku quantity currentQuantity unfulfilledQuantity } }
  transactions { id kind status gateway processedAt amountSet { shopMoney { amount } } }
  refunds { id createdAt note totalRefundedSet { shopMoney { amount } } }
  fulfillments { id createdAt trackingInfo { number } }
  fulfillmentOrders(first: 10) { nodes { id status } }
  events: metafields(first: 5) { nodes { id value } }
} } productsCount { count } }"""
CANCEL = """mutation($id: ID!) { orderCancel(orderId: $id, reason: CUSTOMER, restock: true,
  refundMethod: {originalPaymentMethodsRefund: true}) { job { id done } orderCancelUserErrors { code } } }"""
REFUND = """mutation($input: RefundInput!, $key: String!) { refundCreate(input: $input) @idempotent(key: $key) {
  refund { id } userErrors { message } } }"""
CREATE = """mutation($uri: String!) { webhookSubscriptionCreate(topic: ORDERS_CREATE, webhookSubscription: {uri: $uri}) {
  webhookSubscription { id } userErrors { message } } }"""
LIST = "{ webhookSubscriptions(first: 50) { nodes { id topic uri } } }"
ROOT = Path(__file__).parents[2]
NOBODY = "http://127.0.0.1:9/hook"
JOB = "query($id: ID!) { job(id: $id) { id done } }"


@pytest.fixture
def journal(tmp_path):
    return tmp_path / "store.jsonl"


@pytest.fixture
def begin(journal, new_simulator):
    """Starts the store with its journal, as a new process would; the one before is stopped."""
    running = []

    def start(**options):
        while running:
            running.pop().stop()
        made, client = new_simulator(
            **{"orders": 6, "seed": 3, "products": 12, "bucket_size": 100_000, "journal": journal, **options}
        )
        running.append(made)
        return made, client

    return start


def told(answer):
    assert answer.status_code == 200, answer.text
    return answer.json()


def place(client, **options):
    return told(client.control("place_order", taxes="US-NY", customer={"first_name": "Ada"}, **options))


def refund_of(order, key):
    variables = {"orderId": order["id"], "note": "Broken"}
    line = {"lineItemId": order["lines"][0]["id"], "quantity": 1, "restockType": "NO_RESTOCK"}
    return {"input": {**variables, "refundLineItems": [line]}, "key": key}


def lines_of(journal):
    return [json.loads(line) for line in journal.read_text().splitlines()]


def test_a_store_is_after_a_restart_as_people_left_it(begin):
    sim, client = begin()
    sku = sim.store.any_sku()
    edited, cancelled, refunded, shipped = (place(client, lines=[{"sku": sku, "quantity": 3}]) for _count in range(4))
    generated = told(client.control("orders", limit=1))["orders"][0]["name"]
    told(client.control("update", order=generated, note="Ring twice"))
    told(client.control("add_product", title="Lamp", sku="LAMP-1", price="20.00"))
    told(client.control("clock", advance=90_000.25))
    told(client.control("edit", order=edited["name"], quantities={sku: 1}, add=[{"sku": "LAMP-1"}]))
    told(client.control("fulfil", order=shipped["id"], tracking={"number": "1Z"}))
    job = client.data(CANCEL, id=cancelled["id"])["orderCancel"]["job"]
    refund = client.data(REFUND, **refund_of(refunded, "key-1"))
    assert refund["refundCreate"]["userErrors"] == []
    told(client.control("clock", advance=5))
    assert client.data(JOB, id=job["id"])["job"]["done"] is True
    before = client.data(ORDERS)

    _sim, client = begin()
    assert client.data(ORDERS) == before
    assert client.data(JOB, id=job["id"])["job"]["done"] is True
    assert client.data(REFUND, **refund_of(refunded, "key-1")) == refund
    assert client.data(ORDERS) == before


def test_seeded_orders_are_after_a_restart_what_they_were_whatever_products_were_added(begin):
    _sim, client = begin()
    before = client.data(ORDERS)["orders"]
    for number in range(30):
        told(client.control("add_product", title="Lamp", sku=f"LAMP-{number}", price="20.00"))

    _sim, client = begin()
    assert client.data(ORDERS)["orders"] == before


def test_an_order_placed_after_a_restart_has_an_id_and_name_of_its_own(begin):
    _sim, client = begin()
    first = place(client)
    for _restart in range(2):
        _sim, client = begin()
        again = place(client)
        assert again["id"] > first["id"]
        assert again["name"] != first["name"]
        first = again
    assert len({node["id"] for node in client.data(ORDERS)["orders"]["nodes"]}) == 9


@pytest.mark.parametrize("bad", [{"lines": [5]}, {"lines": [{"sku": "X", "price": "cheap"}]}, {"customer": 77}])
def test_an_order_that_was_refused_does_not_shift_the_ids_of_later_ones(begin, bad):
    _sim, client = begin()
    assert client.control("place_order", **bad).status_code == 400
    place(client)
    before = client.data(ORDERS)
    _sim, client = begin()
    assert client.data(ORDERS) == before


def test_a_job_that_waits_at_the_restart_is_done_when_its_time_has_come(begin):
    _sim, client = begin()
    order = place(client)
    told(client.control("jobs", delay=3600))
    job = client.data(CANCEL, id=order["id"])["orderCancel"]["job"]
    sim, client = begin()
    assert client.data(JOB, id=job["id"])["job"] == {"id": job["id"], "done": False}
    sim.clock.advance(3601)
    assert client.data(JOB, id=job["id"])["job"]["done"] is True
    assert sim.store.order(order["id"]).cancelled_at is not None


def test_a_mutation_that_lacked_a_scope_is_not_done_at_the_restart(begin):
    _sim, client = begin()
    order = place(client)
    told(client.control("access", scopes=["read_orders"]))
    assert client.codes(CANCEL, {"id": order["id"]}) == ["ACCESS_DENIED"]
    sim, client = begin()
    client.data(ORDERS)
    assert sim.store.order(order["id"]).cancelled_at is None


def test_subscriptions_come_back_and_nothing_is_delivered_twice(begin):
    sim, client = begin()
    sim.webhooks.automatic = False
    made = client.data(CREATE, uri=NOBODY)["webhookSubscriptionCreate"]["webhookSubscription"]
    place(client)
    assert len(sim.webhooks.pending()) == 1
    sim, client = begin()
    assert [node["id"] for node in client.data(LIST)["webhookSubscriptions"]["nodes"]] == [made["id"]]
    assert not sim.webhooks.pending()
    assert not sim.webhooks.log
    sim.webhooks.automatic = False
    place(client)
    assert len(sim.webhooks.pending()) == 1


def test_a_subscription_given_up_and_made_anew_keeps_its_new_id(begin):
    sim, client = begin()
    sim.webhooks.automatic = False
    client.data(CREATE, uri=NOBODY)
    place(client)
    for _attempt in range(9):
        sim.webhooks.send(everything=True)
    assert not sim.webhooks.subscriptions
    client.data(CREATE, uri=NOBODY)
    before = client.data(LIST)
    _sim, client = begin()
    assert client.data(LIST) == before


def test_an_app_that_was_uninstalled_is_without_subscriptions_but_can_sign_in(begin):
    _sim, client = begin()
    client.data(CREATE, uri=NOBODY)
    told(client.control("uninstall"))
    _sim, client = begin()
    assert client.data(LIST)["webhookSubscriptions"]["nodes"] == []


def test_reading_and_settings_are_not_in_the_journal(begin, journal):
    _sim, client = begin()
    for path in ("state", "orders", "requests", "faults", "jobs", "shop", "webhooks"):
        told(client.control(path))
    told(client.control("clock", advance=60))
    told(client.control("bucket", left=50_000))
    client.data(ORDERS)
    assert [line["kind"] for line in lines_of(journal)] == ["store"]


def test_every_call_left_out_of_the_journal_exists(begin):
    _sim, client = begin()
    assert set(told(client.control("help"))) >= UNRECORDED | READ_WITHOUT_ARGUMENTS


def test_times_in_the_journal_are_those_of_the_stores_clock(begin, journal):
    sim, client = begin()
    sim.clock.freeze()
    told(client.control("clock", now="2031-05-06T07:08:09+00:00"))
    place(client)
    told(client.control("clock", advance=0.5))
    place(client)
    assert [line["at"] for line in lines_of(journal)[1:]] == [
        "2031-05-06T07:08:09+00:00",
        "2031-05-06T07:08:09.500000+00:00",
    ]


def test_the_clock_runs_after_a_restart(begin):
    sim, client = begin()
    told(client.control("clock", now="2031-05-06T07:08:09+00:00"))
    place(client)
    sim, _client = begin(now="2026-11-24T10:00:00+00:00")
    first = sim.clock.timestamp()
    assert sim.clock.now().year == 2026
    assert sim.clock.timestamp() > first


def test_the_day_of_the_store_stays_that_of_its_first_start(begin):
    _sim, client = begin(now="2026-11-20T10:00:00+00:00")
    before = client.data(ORDERS)
    _sim, client = begin(now="2026-11-25T10:00:00+00:00")
    assert client.data(ORDERS) == before


def test_a_line_cut_by_a_kill_is_ignored_and_does_not_spoil_the_next(begin, journal):
    _sim, client = begin()
    place(client)
    before = client.data(ORDERS)
    with journal.open("a") as file:
        file.write('{"at":"2026-11-20T12:00:00+00:00","kind":"con')
    _sim, client = begin()
    assert client.data(ORDERS) == before
    place(client)
    before = client.data(ORDERS)
    _sim, client = begin()
    assert client.data(ORDERS) == before


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "cannot be read"),
        ("[]", "no JSON object"),
        ('{"kind": "control"}', "'at' is missing"),
        ('{"at": "noon", "kind": "jobs"}', "cannot be done again"),
        ('{"at": "2026-11-20T12:00:00+00:00", "kind": "dance"}', "no kind of change 'dance'"),
        (
            '{"at": "2026-11-20T12:00:00+00:00", "kind": "control", "call": "cancel", "arguments": {"order": "#9"}}',
            "the store has no order '#9'",
        ),
        (
            '{"at": "2026-11-20T12:00:00+00:00", "kind": "control", "call": "place_order", "arguments": {}, "id": "1"}',
            "place_order answered 1 and now answers gid",
        ),
        (
            '{"at": "2026-11-20", "kind": "mutation", "query": "mutation { no }", "variables": {}, "operation": "", "scopes": []}',
            "Field 'no' doesn't exist",
        ),
    ],
)
def test_a_line_that_cannot_be_done_again_ends_the_start_and_is_named(begin, journal, line, words):
    _sim, client = begin()
    place(client)
    with journal.open("a") as file:
        file.write(f"{line}\n")
    with pytest.raises(BadRequest, match=r"store\.jsonl, line 3: ") as refused:
        begin()
    assert words in str(refused.value)


@pytest.mark.parametrize("other", [{"seed": 4}, {"orders": 7}, {"reference": "2020-01-01T00:00:00+00:00"}])
def test_the_journal_of_another_store_is_refused(begin, other):
    begin()
    with pytest.raises(BadRequest, match="line 1: the journal is of another store"):
        begin(**other)


def test_a_store_stopped_and_started_in_one_process_does_nothing_twice(begin):
    sim, client = begin()
    place(client)
    before = client.data(ORDERS)
    sim.stop()
    sim.start()
    assert client.data(ORDERS) == before


def test_the_program_names_the_line_that_ends_its_start(journal):
    journal.write_text('{"kind": "store"}\n')
    command = [sys.executable, "-m", "shopify_simulator", "--orders", "0", "--journal", str(journal)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == 2
    assert f"{journal}, line 1: it must say which store" in ended.stderr
