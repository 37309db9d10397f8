"""Sign-in, tokens that expire, scopes that are missing."""

import threading

import pytest

SHOP = "{ shop { name } }"
ORDERS = "{ orders(first: 1) { nodes { name customer { id displayName } } } }"


@pytest.mark.parametrize("as_json", [False, True])
def test_client_credentials_give_a_token_for_a_day(client, as_json):
    answer = client.token(as_json)
    assert answer.status_code == 200
    assert answer.json()["expires_in"] == 86399
    assert "read_orders" in answer.json()["scope"].split(",")
    assert client.post(SHOP, token=answer.json()["access_token"]).status_code == 200


def test_an_expired_token_is_refused_and_a_new_one_works(client, sim):
    token = client.token().json()["access_token"]
    sim.clock.advance(86398)
    assert client.post(SHOP, token=token).status_code == 200
    sim.clock.advance(2)
    assert client.post(SHOP, token=token).status_code == 401
    assert client.post(SHOP, token=client.token().json()["access_token"]).status_code == 200
    assert sim.access.tokens_issued == 2


@pytest.mark.parametrize(
    ("change", "form", "status", "error"),
    [
        ({}, {"client_secret": "wrong"}, 401, "invalid_client"),
        ({}, {"client_id": "unknown"}, 400, "application_cannot_be_found"),
        ({}, {"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"installed": False}, {}, 400, "app_not_installed"),
        ({"permitted": False}, {}, 400, "shop_not_permitted"),
    ],
)
def test_sign_in_is_refused_with_shopifys_reason(client, sim, change, form, status, error):
    for name, value in change.items():
        setattr(sim.access, name, value)
    answer = client.token(**form)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert (sim.access.tokens_issued, sim.access.tokens_refused) == (0, 1)


def test_issued_tokens_are_counted_whoever_asks(client, sim):
    threads = [threading.Thread(target=type(client)(sim).token) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sim.access.tokens_issued == 8


def test_revoked_tokens_and_an_uninstalled_app_are_refused(client, sim):
    token = client.token().json()["access_token"]
    sim.access.revoke_tokens()
    assert client.post(SHOP, token=token).status_code == 401
    assert client.post(SHOP).status_code == 200
    sim.access.installed = False
    assert client.post(SHOP).status_code == 401


def test_a_missing_scope_names_the_field_and_what_it_needs(client, sim):
    sim.store.place_order()
    sim.access.scopes = ["read_products"]
    answer = client.body(ORDERS)
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "ACCESS_DENIED"
    assert error["path"] == ["orders"]
    assert error["message"].startswith("Access denied for orders field. Required access: `read_orders` access scope")
    assert answer["data"] is None


def test_a_missing_scope_of_a_part_leaves_the_rest(client, sim):
    order = sim.store.place_order()
    sim.access.scopes = ["read_orders"]
    answer = client.body(ORDERS)
    assert answer["data"]["orders"]["nodes"] == [{"name": order.name, "customer": None}]
    assert answer["errors"][0]["path"] == ["orders", "nodes", 0, "customer"]


def test_a_write_scope_lets_read(client, sim):
    sim.store.place_order()
    sim.access.scopes = ["write_orders", "write_customers"]
    assert "errors" not in client.body(ORDERS)


def test_a_record_fetched_by_id_needs_its_scope_too(client, sim):
    order = sim.store.place_order()
    sim.access.scopes = ["read_products"]
    text = f'{{ node(id: "gid://shopify/Order/{order.id}") {{ id }} }}'
    assert client.codes(text) == ["ACCESS_DENIED"]


def test_granted_scopes_can_be_asked(client, sim):
    sim.access.scopes = ["read_orders", "write_products"]
    data = client.data("{ currentAppInstallation { accessScopes { handle } } }")
    assert [one["handle"] for one in data["currentAppInstallation"]["accessScopes"]] == [
        "read_orders",
        "write_products",
    ]


def test_orders_older_than_60_days_are_not_there_without_their_scope(client, sim):
    old = sim.store.place_order(created_at="2026-09-20T11:00:00Z")
    new = sim.store.place_order(created_at="2026-09-22T11:00:00Z")
    assert client.found("") == [old.name, new.name]
    sim.access.scopes.remove("read_all_orders")
    assert client.found("") == [new.name]
    gid = f"gid://shopify/Order/{old.id}"
    assert client.data("query($id: ID!) { order(id: $id) { id } ordersCount { count } }", id=gid) == {
        "order": None,
        "ordersCount": {"count": 1},
    }


def test_fulfilment_orders_of_services_are_left_out_silently_without_their_scope(client, sim):
    lines = [{"sku": sim.store.skus()[0]}, {"sku": sim.store.skus()[1], "location": "Parcel Partner"}]
    order = sim.store.place_order(lines=lines)
    fields = "fulfillmentOrders(first: 5) { nodes { assignedLocation { name } } }"
    assert len(client.order(order, fields)["fulfillmentOrders"]["nodes"]) == 2
    sim.access.scopes = [scope for scope in sim.access.scopes if "third_party" not in scope]
    (left,) = client.order(order, fields)["fulfillmentOrders"]["nodes"]
    assert left["assignedLocation"]["name"] == "Main Warehouse"


def test_personal_data_is_null_for_an_app_without_that_permission(client, sim):
    order = sim.store.place_order(customer={"first_name": "Ada", "email": "ada@example.com", "address": "DE"})
    fields = "email customer { id firstName defaultEmailAddress { emailAddress } } shippingAddress { name address1 city zip countryCodeV2 }"
    sim.store.shop.personal_data = False
    found = client.order(order, fields)
    assert found["email"] is None
    assert found["customer"]["firstName"] is None
    assert found["shippingAddress"] == {
        "name": None,
        "address1": None,
        "city": "Berlin",
        "zip": "10115",
        "countryCodeV2": "DE",
    }


def test_fulfilment_orders_come_a_while_after_the_order(client, sim):
    sim.store.routing_delay = 30
    order = sim.store.place_order()
    fields = "fulfillmentOrders(first: 5) { nodes { id } }"
    assert client.order(order, fields)["fulfillmentOrders"]["nodes"] == []
    sim.clock.advance(31)
    assert len(client.order(order, fields)["fulfillmentOrders"]["nodes"]) == 1
