import gzip
import json
from pathlib import Path

import pytest

from shopify_api import scopes, webhooks
from shopify_api.documents import LIBRARY
from shopify_simulator.execution import engine
from shopify_simulator.webhook_topics import needed_scope

SCHEMA = Path(__file__).parents[2] / "shopify_simulator/schema/admin-2026-07.json.gz"


def states(granted):
    return {state.function: state for state in scopes.check(granted)}


def all_needs():
    for function in scopes.FUNCTIONS:
        for need in function.needs:
            yield from [need] if isinstance(need, str) else need


def test_the_minimum_lets_orders_products_and_locations_in_and_nothing_out():
    found = states(scopes.MINIMUM)
    assert scopes.missing_minimum(scopes.MINIMUM) == ()
    assert all(found[key].works for key in ("orders", "products", "locations"))
    assert not any(found[key].works for key in ("cancel", "refunds", "old_orders"))


def test_what_is_missing_is_named():
    assert states(scopes.MINIMUM)["refunds"].missing == ("write_orders",)
    assert states(["read_orders"])["old_orders"].missing == ("read_all_orders",)
    assert scopes.missing_minimum(["write_orders", "read_locations"]) == ("read_products", "read_customers")


def test_what_fulfilment_services_ship_is_seen_only_with_its_own_permission():
    scope = "read_third_party_fulfillment_orders"
    assert states(["write_merchant_managed_fulfillment_orders"])["services_seen"].missing == (scope,)
    assert scope in [need.scope for need in scopes.to_set_up()]


def test_a_write_permission_holds_the_read_permission():
    found = states(["write_orders", "write_products", "write_customers"])
    assert found["orders"].works and found["products"].works


def test_a_write_permission_holds_nothing_else():
    assert not states(["write_products"])["orders"].works


@pytest.mark.parametrize("granted", ["read_companies", "read_customers", "write_customers"])
def test_one_of_several_permissions_suffices(granted):
    assert states([granted])["companies"].works


def test_of_several_permissions_the_one_to_ask_for_is_named():
    assert states([])["companies"].missing == ("read_companies",)


def test_with_no_permission_nothing_works_and_with_all_everything():
    assert not any(state.works for state in scopes.check([]))
    assert all(state.works for state in scopes.check(all_needs()))


def test_with_the_set_up_list_shopify_allows_every_request_and_every_webhook():
    granted = [need.scope for need in scopes.to_set_up()]
    held, shopify = scopes.expand(granted), engine("2026-07")
    denied = [
        f"{name}: {'.'.join(where)} needs {needed.text}"
        for name in LIBRARY.names()
        for where, needed in shopify.document(LIBRARY.load(name).text).needs.items()
        if not needed.met(held)
    ]
    topics = [topic.enum for topic in webhooks.TOPICS.values() if topic.enum]
    denied += [topic for topic in topics if needed_scope(topic) not in {None, *held}]
    assert denied == []


def test_the_set_up_list_makes_everything_work_and_says_what_each_scope_is_for():
    wanted = scopes.to_set_up()
    assert all(state.works for state in scopes.check(need.scope for need in wanted))
    assert all(need.functions or need.is_minimum for need in wanted)
    assert tuple(need.scope for need in wanted[:4]) == scopes.MINIMUM
    assert len({need.scope for need in wanted}) == len(wanted)


def test_the_set_up_list_of_some_functions_asks_for_no_more():
    assert [need.scope for need in scopes.to_set_up(["refunds"])] == [*scopes.MINIMUM, "write_orders"]
    with pytest.raises(KeyError):
        scopes.to_set_up(["no_such_function"])


def test_every_scope_is_one_that_shopify_knows():
    table = json.loads(gzip.decompress(SCHEMA.read_bytes()))["offline_scopes"]["items"]
    known = {scope for row in table for scope in row["offlineScopes"]}
    # Not in Shopify's table, but in its documentation of scopes.
    known |= {"read_all_orders"}
    used = set(all_needs()) | set(scopes.MINIMUM)
    assert used - scopes.expand(known) == set()
