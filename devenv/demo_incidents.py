"""What happens in a store's life and needs a person: for pictures and tests of screens that are about such orders."""

import json
import time
import urllib.error
import urllib.request

from devenv.errors import DevError

INCIDENTS = (
    (
        "place_order",
        {"gateway": "moon_pay", "financial": "paid", "customer": {"first_name": "Ada", "last_name": "Lovelace"}},
    ),
    (
        "place_order",
        {"risk": "HIGH", "risk_facts": ["The billing address does not match the card", "Paid from a proxy"]},
    ),
    ("place_order", {"risk": "MEDIUM", "risk_facts": ["The phone number has another country than the address"]}),
    ("place_order", {"off_by": "1.50"}),
    ("place_order", {"fulfillment": "fulfilled", "tracking": {"company": "UPS", "number": "1Z999AA10123456784"}}),
)
PATIENCE = 150  # seconds until a webhook's order must be in Odoo, or told of


def happen(store_url: str, orders_made: int) -> int:
    """Let the incidents happen once: a store that has more orders than it was made with has had them.

    :return: how many orders the store has then.
    """
    count = _call(store_url, "state", {})["orders"]
    if count == orders_made:
        for name, arguments in INCIDENTS:
            _call(store_url, name, arguments)
            count += 1
    return count


def wait_until_told(server, database: str, orders: int) -> None:
    """Wait until Odoo knows of that many orders, as orders or as lines that wait.

    :raises DevError: it does not in time.
    """
    asked = (
        "SELECT count(*) FROM (SELECT shopify_order_id FROM sale_order WHERE shopify_order_id IS NOT NULL UNION "
        "SELECT shopify_id FROM shopify_queue_line WHERE state = 'failed') AS known"
    )
    deadline = time.monotonic() + PATIENCE
    while int(server.query(asked, database)[0][0]) < orders:
        if time.monotonic() > deadline:
            raise DevError("Odoo did not hear of the store's new orders: see var/log")
        time.sleep(1)


def _call(store_url: str, name: str, arguments: dict) -> dict:
    request = urllib.request.Request(
        f"{store_url}/_control/{name}",
        data=json.dumps(arguments).encode(),
        headers={"Content-Type": "application/json"},
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=60) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise DevError(f"The simulated store refuses {name}: {error.read().decode(errors='replace')[:300]}") from error
