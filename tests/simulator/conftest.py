"""A simulated store to talk to over HTTP, and short ways to ask it."""

import importlib.util
import json
from decimal import Decimal
from pathlib import Path

import pytest
import requests

from shopify_simulator import Simulator
from shopify_simulator.auth import PERMANENT_TOKEN

DATA = Path(__file__).parents[1] / "data/orders"


class Client:
    """Asks a simulator over HTTP, as any client of Shopify would."""

    def __init__(self, simulator):
        self.simulator = simulator
        self.session = requests.Session()

    def post(self, query, variables=None, token=PERMANENT_TOKEN, version="2026-07", timeout=10, **payload):
        """The HTTP answer to a GraphQL request."""
        return self.session.post(
            f"{self.simulator.url}/admin/api/{version}/graphql.json",
            json={"query": query, "variables": variables or {}, **payload},
            headers={"X-Shopify-Access-Token": token},
            timeout=timeout,
        )

    def body(self, query, variables=None, **options):
        """The JSON of the answer."""
        return self.post(query, variables, **options).json()

    def data(self, query, **variables):
        """The data of an answer without errors."""
        answer = self.body(query, variables)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def codes(self, query, variables=None, **options):
        """The error codes of an answer."""
        return [error["extensions"]["code"] for error in self.body(query, variables, **options)["errors"]]

    def order(self, order, fields):
        """Fields of one order."""
        gid = f"gid://shopify/Order/{order.id}"
        return self.data(f"query($id: ID!) {{ order(id: $id) {{ {fields} }} }}", id=gid)["order"]

    def found(self, query):
        """Names of the orders that a search finds, oldest first."""
        text = "query($q: String) { orders(first: 250, sortKey: ID, query: $q) { nodes { name } } }"
        return [node["name"] for node in self.data(text, q=query)["orders"]["nodes"]]

    def control(self, path, **body):
        """An answer of the control interface."""
        return self.session.post(f"{self.simulator.url}/_control/{path}", json=body, timeout=10)

    def token(self, as_json=False, **form):
        """An answer of the token endpoint."""
        fields = {
            "grant_type": "client_credentials",
            "client_id": "simulator-client",
            "client_secret": "simulator-secret",
        }
        fields |= form
        body = {"json": fields} if as_json else {"data": fields}
        return self.session.post(f"{self.simulator.url}/admin/oauth/access_token", timeout=10, **body)


@pytest.fixture
def sim():
    """An empty store with products, its clock stopped at a known time."""
    with Simulator(orders=0, products=12, now="2026-11-20T12:00:00+00:00") as simulator:
        simulator.clock.freeze()
        yield simulator


@pytest.fixture
def client(sim):
    return Client(sim)


@pytest.fixture(scope="session")
def seeded():
    """A store of several hundred orders of every kind; not to be changed by tests."""
    with Simulator(
        seed=7, orders=400, reference="2026-11-20T00:00:00+00:00", now="2026-11-20T12:00:00+00:00"
    ) as simulator:
        simulator.bucket.maximum = simulator.bucket.restore_rate = 1_000_000
        yield simulator


@pytest.fixture(scope="session")
def seeded_client(seeded):
    return Client(seeded)


@pytest.fixture(scope="session")
def check_totals():
    """The arithmetic check that goes with the real order documents."""
    spec = importlib.util.spec_from_file_location("check_totals", DATA / "check_totals.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _documents():
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(DATA.glob("*/*.json"))}


@pytest.fixture(scope="session")
def documents():
    """The real order documents by file name."""
    return _documents()


@pytest.fixture
def money():
    """Reads ``{"amount": ...}`` of a money bag, in the shop's currency."""
    return lambda bag: Decimal(bag["shopMoney"]["amount"])


@pytest.fixture
def new_simulator():
    """Makes further simulators and stops them."""
    made = []

    def make(**options):
        made.append(Simulator(**options).start())
        return made[-1], Client(made[-1])

    yield make
    for simulator in made:
        simulator.stop()
