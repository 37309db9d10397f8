"""The control interface over HTTP, the start page, and the program on the command line."""

import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).parents[2]


def told(answer):
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_an_order_can_be_led_through_its_life_over_http(client, sim):
    sku = sim.store.any_sku()
    placed = told(
        client.control("place_order", lines=[{"sku": sku, "quantity": 3, "price": "10.00"}], financial="authorized")
    )
    name = placed["name"]
    assert placed["financial_status"] == "AUTHORIZED"
    assert told(client.control("capture", order=name))["financial_status"] == "PAID"
    told(client.control("edit", order=name, quantities={sku: 2}))
    told(client.control("update", order=name, note="call", shipping_address={"city": "Boston"}))
    shipped = told(client.control("fulfil", order=name, lines={sku: 1}, tracking={"company": "UPS", "number": "1"}))
    assert (shipped["fulfillment_status"], shipped["tracking"]) == ("PARTIALLY_FULFILLED", ["1"])
    refunded = told(client.control("refund", order=name, lines={sku: 1}))
    assert refunded["financial_status"] == "PARTIALLY_REFUNDED"
    told(client.control("change_risk", order=name, level="HIGH"))
    assert told(client.control("cancel", order=name, reason="STAFF"))["financial_status"] == "REFUNDED"
    state = told(client.control("state"))
    assert state["by_state"] == {"cancelled": 1}


def test_other_events_have_a_call_too(client):
    pending = told(client.control("place_order", financial="pending"))["name"]
    assert told(client.control("mark_paid", order=pending))["financial_status"] == "PAID"
    assert told(client.control("hold", order=pending))["fulfillment_status"] == "ON_HOLD"
    assert told(client.control("release_hold", order=pending))["fulfillment_status"] == "UNFULFILLED"
    shipped = told(client.control("fulfil", order=pending))
    undone = told(client.control("cancel_fulfilment", order=pending, fulfillment=shipped["fulfillments"][0]))
    assert undone["fulfillment_status"] == "UNFULFILLED"
    told(client.control("refund", order=pending, amount="1.00", pending=True))
    assert told(client.control("settle_refunds", order=pending))["financial_status"] == "PARTIALLY_REFUNDED"
    told(client.control("close", order=pending))
    partly = told(client.control("place_order", financial="partially_paid", paid="1.00"))["name"]
    assert (
        told(client.control("pay", order=partly, gateway="paypal", amount="2.00"))["totals"]["total_received"] == "3.00"
    )
    held = told(client.control("place_order", financial="authorized"))["name"]
    assert told(client.control("void", order=held))["financial_status"] == "VOIDED"
    held = told(client.control("place_order", financial="authorized"))["name"]
    assert told(client.control("expire", order=held))["financial_status"] == "EXPIRED"


def test_lines_may_be_given_as_pairs(client, sim):
    sku = sim.store.any_sku()
    assert told(client.control("place_order", lines=[[sku, 3]]))["lines"][0]["quantity"] == 3
    for wrong in ([sku], 7):
        answer = client.control("place_order", lines=[wrong])
        assert answer.status_code == 400
        assert "SKU" in answer.json()["error"]


def test_faults_clock_bucket_access_and_shop_are_set_over_http(client, sim):
    fault = told(client.control("faults_add", kind="status", status=500, operation="Shop"))
    assert told(client.control("faults"))["faults"][0]["id"] == fault["id"]
    assert client.post("query Shop { shop { name } }").status_code == 500
    told(client.control("faults_add", kind="late", times=None))
    told(client.control("faults_clear"))
    assert told(client.control("clock", advance=60))["now"] == "2026-11-20T12:01:00+00:00"
    assert told(client.control("bucket", left=7))["currentlyAvailable"] == 7
    token = client.token().json()["access_token"]
    told(client.control("access", scopes=["read_products"], client_secret="new", revoke=True))
    assert client.post("{ shop { name } }", token=token).status_code == 401
    assert client.token().status_code == 401
    assert client.token(client_secret="new").status_code == 200
    assert client.codes("{ orders(first: 1) { nodes { id } } }") == ["ACCESS_DENIED"]
    told(client.control("shop", name="Renamed", personal_data=False))
    assert client.data("{ shop { name } }") == {"shop": {"name": "Renamed"}}


def test_products_and_documents_are_added_over_http(client, documents):
    product = told(client.control("add_product", title="Lamp", sku="LAMP-1", price="20.00", stock=3))
    assert product["sku"] == "LAMP-1"
    assert told(client.control("place_order", lines=[{"sku": "LAMP-1"}]))["totals"]["total_price"] == "20.00"
    loaded = told(client.control("load", document=documents["my-sst10-thirteen-pieces"]))
    assert loaded["totals"]["total_price"] == "28.60"


def test_the_log_of_requests_can_be_read(client):
    client.post("query Shop { shop { name } }")
    (row,) = told(client.control("requests"))["requests"]
    assert (row["operation"], row["status"], row["actual"]) == ("Shop", 200, 1)


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("dance", {}, "no control call 'dance'"),
        ("cancel", {}, "missing 1 required positional argument: 'order'"),
        ("cancel", {"order": "#9"}, "the store has no order '#9'"),
        ("place_order", {"color": "red"}, "unknown color"),
        ("faults_add", {"kind": "fire"}, "fault: 'fire' is none of"),
        ("clock", {"now": "soon"}, "now: 'soon' is no ISO time"),
    ],
)
def test_a_call_that_makes_no_sense_says_why(client, path, body, words):
    answer = client.control(path, **body)
    assert answer.status_code == 400
    assert words in answer.json()["error"]


def test_a_control_body_must_be_an_object(client, sim):
    answer = client.session.post(f"{sim.url}/_control/state", data="[1]", timeout=5)
    assert answer.json() == {"error": "the body must be a JSON object"}


def test_every_call_is_explained(client, sim):
    calls = client.session.get(f"{sim.url}/_control/help", timeout=5).json()
    assert len(calls) > 25
    assert all(calls.values())


def test_the_port_can_be_closed_for_a_while_over_http(client, sim):
    told(client.control("refuse", seconds=1))
    for _attempt in range(100):
        try:
            requests.get(sim.url, timeout=1)
        except requests.ConnectionError:
            break
    else:
        raise AssertionError("the port was never closed")


def test_the_start_page_says_what_the_store_is(client, sim):
    sim.store.place_order(financial="pending")
    page = client.session.get(sim.url, timeout=5).text
    assert "<h1>Simulated Store</h1>" in page
    assert sim.domain in page
    assert "<td>PENDING</td><td>1</td>" in page


@pytest.fixture
def program():
    """Starts the program and ends it."""
    running = []

    def start(*options):
        command = [sys.executable, "-m", "shopify_simulator", "--port", "0", *options]
        running.append(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
        return running[-1]

    yield start
    for one in running:
        if one.poll() is None:
            one.kill()
        one.communicate()


def address(started):
    """Address that a started program prints."""
    return re.search(r"http://127\.0\.0\.1:\d+", started.stdout.readline()).group()


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_the_program_serves_until_it_is_told_to_stop(program, ending):
    started = program("--orders", "12", "--seed", "4", "--reference", "2026-11-20")
    state = requests.get(f"{address(started)}/_control/state", timeout=10).json()
    assert (state["orders"], state["seed"]) == (12, 4)
    started.send_signal(ending)
    assert started.wait(timeout=10) == 0


def test_the_program_loads_a_folder_of_documents(program):
    started = program("--orders", "0", "--load", str(ROOT / "tests/data/orders/consistent"))
    orders = requests.get(f"{address(started)}/_control/orders", timeout=10).json()["orders"]
    assert len(orders) == 37
    assert {row["kind"] for row in orders} == {"loaded"}


@pytest.mark.parametrize(
    ("options", "words"),
    [(["--load", "nowhere"], "holds no order documents"), (["--now", "soon"], "is no ISO time")],
)
def test_the_program_says_what_is_wrong(program, options, words):
    started = program("--orders", "0", *options)
    assert started.wait(timeout=20) == 2
    assert words in started.stderr.read()


def test_a_port_in_use_is_an_error_in_words(program, sim):
    started = program("--orders", "0", "--port", str(sim.port))
    assert started.wait(timeout=20) == 2
    assert "in use" in started.stderr.read()


def test_the_program_explains_itself():
    command = [sys.executable, "-m", "shopify_simulator", "--help"]
    text = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=30).stdout
    assert "--seed" in text and "graphql.json" in text


def test_the_schema_file_is_without_descriptions_and_with_its_licence():
    from shopify_simulator.schema import load_document, schema_path
    from shopify_simulator.schema.remake import slim

    document = load_document("2026-07")
    assert '"description":' not in json.dumps(document["data"], separators=(",", ":"))
    assert slim(document) == schema_path("2026-07").read_bytes()
    assert "ISC License" in (schema_path("2026-07").parent / "LICENSE").read_text()


def test_the_next_bulk_operation_can_be_refused_over_http(client, sim):
    said = told(client.control("bulk", refuse="LIMIT_REACHED"))
    assert said == {"running": {"QUERY": 0, "MUTATION": 0}, "refuse": "LIMIT_REACHED"}
    assert sim.store.bulk.refuse == "LIMIT_REACHED"
