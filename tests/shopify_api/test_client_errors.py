"""What each refusal of Shopify becomes."""

import pickle

import pytest

from shopify_api import (
    AccessDenied,
    Client,
    Document,
    QueryRefused,
    ServerFault,
    ShopUnavailable,
    Throttled,
    TooCostly,
    UnreadableAnswer,
    UserErrors,
    WrongAddress,
)

QUERY = Document("orders/Orders", "Orders", "query Orders { orders { nodes { id } } }", 1, False)
MUTATION = Document("orders/Cancel", "Cancel", "mutation Cancel { orderCancel { job { id } } }", 10, True)


@pytest.fixture
def client(shop):
    with Client(shop.domain, "shpat_x", timeout=(2, 2)) as client:
        yield client


def error(code=None, message="no", **more):
    return {"message": message, "extensions": {"code": code} if code else {}, **more}


def throttled(requested, available):
    status = {"maximumAvailable": 2000.0, "currentlyAvailable": available, "restoreRate": 100.0}
    return {"cost": {"requestedQueryCost": requested, "actualQueryCost": None, "throttleStatus": status}}


@pytest.mark.parametrize("said", [error("THROTTLED", "Throttled"), {"message": "Throttled"}])
def test_throttled_says_when_the_budget_suffices(shop, client, reply, said):
    shop.will(reply({"errors": [said], "extensions": throttled(700, 200)}))
    with pytest.raises(Throttled) as raised:
        client.execute(MUTATION)
    assert raised.value.retry_after == pytest.approx(5, abs=0.01)
    assert raised.value.heals and not raised.value.may_have_been_done
    assert len(shop.requests) == 1


def test_throttled_by_another_worker_waits_a_little(shop, client, reply):
    shop.will(reply({"errors": [error("THROTTLED")], "extensions": throttled(100, 300)}))
    with pytest.raises(Throttled) as raised:
        client.execute(QUERY)
    assert 0 < raised.value.retry_after <= 1


def test_throttled_without_a_word_on_the_budget_waits_all_the_same(shop, client, reply):
    shop.will(reply({"errors": [error("THROTTLED")]}))
    with pytest.raises(Throttled) as raised:
        client.execute(QUERY)
    assert raised.value.retry_after > 0


def test_what_no_bucket_can_hold_is_too_costly_rather_than_throttled_for_ever(shop, client, reply):
    shop.will(reply({"errors": [error("THROTTLED")], "extensions": throttled(2500, 2000)}))
    with pytest.raises(TooCostly):
        client.execute(QUERY)


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({"Retry-After": "3.5"}, b"slow down", 3.5),
        ({"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, {}, 2.0),
        ({"Retry-After": "soon"}, {}, 2.0),
        ({}, {"errors": "Exceeded"}, 2.0),
        ({}, {"errors": [{"message": "Throttled"}], "extensions": throttled(700, 200)}, 5.0),
        ({"Retry-After": "9"}, {"errors": [{"message": "Throttled"}], "extensions": throttled(700, 200)}, 9.0),
    ],
)
def test_too_many_requests_waits_as_long_as_the_server_says(shop, client, reply, headers, body, seconds):
    shop.will(reply(body, 429, headers))
    with pytest.raises(Throttled) as raised:
        client.execute(QUERY)
    assert raised.value.retry_after == pytest.approx(seconds, abs=0.01)


def test_a_request_above_the_limit_of_one_request_names_both_numbers(shop, client, reply):
    extensions = {"code": "MAX_COST_EXCEEDED", "cost": 1500, "maxCost": 1000}
    shop.will(reply({"errors": [{"message": "too much", "extensions": extensions}]}))
    with pytest.raises(TooCostly, match=r"1500.*1000") as raised:
        client.execute(QUERY)
    assert (raised.value.cost, raised.value.max_cost, raised.value.heals) == (1500, 1000, False)


def test_a_missing_permission_is_named_with_the_field(shop, client, reply):
    denied = error(
        "ACCESS_DENIED", "Access denied for orders field.", path=["orders"], locations=[{"line": 1, "column": 2}]
    )
    denied["extensions"]["requiredAccess"] = "`read_orders` access scope or `read_marketplace_orders` access scope."
    shop.will(reply({"data": {"orders": None}, "errors": [denied]}))
    with pytest.raises(AccessDenied, match="read_orders") as raised:
        client.execute(QUERY)
    assert raised.value.scopes == ("read_orders", "read_marketplace_orders")
    assert raised.value.fields == ("orders",)
    assert not raised.value.heals


def test_a_permission_named_only_in_the_text_is_found(shop, client, reply):
    said = "Access denied for payouts field. Required access: `read_shopify_payments_payouts` access scope."
    shop.will(reply({"data": None, "errors": [error("ACCESS_DENIED", said)]}))
    with pytest.raises(AccessDenied) as raised:
        client.execute(QUERY)
    assert raised.value.scopes == ("read_shopify_payments_payouts",)
    assert raised.value.fields == ("payouts",)


def test_a_denial_without_a_scope_gives_shopifys_reason(shop, client, reply):
    said = "This app is not approved to access the Customer object."
    path = ["orders", "nodes", 0, "customer"]
    shop.will(reply({"data": None, "errors": [error("ACCESS_DENIED", said, path=path)]}))
    with pytest.raises(AccessDenied, match="not approved") as raised:
        client.execute(QUERY)
    assert raised.value.fields == ("orders.nodes.customer",)


def test_data_that_came_with_errors_is_an_error_unless_asked_for(shop, client, reply):
    body = {"data": {"orders": {"nodes": []}, "payouts": None}, "errors": [error("ACCESS_DENIED", path=["payouts"])]}
    shop.will(reply(body), reply(body))
    with pytest.raises(AccessDenied):
        client.execute(QUERY)
    answer = client.execute(QUERY, allow_partial=True)
    assert answer.data["orders"] == {"nodes": []}
    assert answer.errors[0]["path"] == ["payouts"]


def test_no_data_at_all_is_an_error_even_when_a_part_would_do(shop, client, reply):
    shop.will(reply({"data": {"orders": None}, "errors": [error("ACCESS_DENIED", path=["orders"])]}))
    with pytest.raises(AccessDenied):
        client.execute(QUERY, allow_partial=True)


def test_an_internal_error_heals_and_keeps_shopifys_request_id(shop, client, reply):
    fault = {"message": "Internal error", "extensions": {"code": "INTERNAL_SERVER_ERROR", "requestId": "abc-1"}}
    shop.will(reply({"errors": [fault]}))
    with pytest.raises(ServerFault) as raised:
        client.execute(MUTATION)
    assert raised.value.heals and raised.value.may_have_been_done
    assert raised.value.request_id == "abc-1"


@pytest.mark.parametrize(
    ("path", "done"),
    [
        (None, False),
        (["orderCancel"], False),
        (["mutation Cancel", "orderCancel", "nope"], False),
        (["orderCancel", "order", "customer"], True),
    ],
)
def test_a_change_may_have_been_made_when_only_a_part_of_its_result_failed(shop, client, reply, path, done):
    said = error("ACCESS_DENIED", path=path) if path else error("ACCESS_DENIED")
    shop.will(reply({"data": {"orderCancel": None}, "errors": [said]}))
    with pytest.raises(AccessDenied) as raised:
        client.execute(MUTATION)
    assert raised.value.may_have_been_done is done


def test_a_query_that_shopify_does_not_understand_is_shown_in_full(shop, client, reply):
    said = [error("undefinedField", "Field 'x' doesn't exist"), error(None, "Field 'y' doesn't exist")]
    shop.will(reply({"errors": said}))
    with pytest.raises(QueryRefused, match=r"'x'.*'y'") as raised:
        client.execute(QUERY)
    assert raised.value.errors == tuple(said)
    assert not raised.value.heals


@pytest.mark.parametrize("body", [{"errors": "Bad Request"}, {"errors": {"message": "Bad Request"}}, {"data": {}}])
def test_a_bad_request_is_refused_in_whatever_form_it_is_said(shop, client, reply, body):
    shop.will(reply(body, 400))
    with pytest.raises(QueryRefused, match=r"Bad Request|400"):
        client.execute(QUERY)


@pytest.mark.parametrize(("status", "word"), [(402, "frozen"), (403, "IP"), (404, "no Shopify store"), (423, "locked")])
def test_a_store_that_is_closed_to_us_says_why(shop, client, reply, status, word):
    shop.will(reply({"errors": "Unavailable"}, status))
    with pytest.raises(ShopUnavailable, match=word) as raised:
        client.execute(MUTATION)
    assert not raised.value.heals and not raised.value.may_have_been_done
    assert (raised.value.status, raised.value.request_id) == (status, "req-1")


def test_a_security_rejection_and_an_inactive_shop_are_closed_stores_too(shop, client, reply):
    shop.will(reply(b"no", 430), reply({"errors": [error("SHOP_INACTIVE")]}))
    for _ in range(2):
        with pytest.raises(ShopUnavailable):
            client.execute(QUERY)


def test_a_forbidden_request_that_names_a_permission_is_a_missing_permission(shop, client, reply):
    shop.will(reply({"errors": "[API] This action requires merchant approval for read_orders scope."}, 403))
    with pytest.raises(AccessDenied) as raised:
        client.execute(QUERY)
    assert raised.value.scopes == ("read_orders",)


def test_a_redirect_is_not_followed_so_the_token_stays_here(shop, client, reply):
    shop.will(reply({}, 301, {"Location": "https://elsewhere.example/admin"}))
    with pytest.raises(WrongAddress, match=r"elsewhere\.example"):
        client.execute(QUERY)
    assert len(shop.requests) == 1


@pytest.mark.parametrize(
    "body", [b"<html>Welcome</html>", b"", b"[]", b"{}", b'{"data": null}', b'"text"', b"\xff\xfe"]
)
def test_an_answer_that_is_none_of_shopifys_is_told(shop, client, reply, body):
    shop.will(reply(body))
    with pytest.raises(UnreadableAnswer):
        client.execute(QUERY)


def test_a_change_with_an_unreadable_answer_may_have_been_made(shop, client, reply):
    shop.will(reply(b"<html>"))
    with pytest.raises(UnreadableAnswer) as raised:
        client.execute(MUTATION)
    assert raised.value.may_have_been_done


@pytest.mark.parametrize("key", ["userErrors", "orderCancelUserErrors", "mediaUserErrors"])
def test_what_is_wrong_in_the_data_is_shown_in_full_with_the_field(shop, client, key):
    problems = [
        {"field": ["input", "lines", "0"], "message": "Quantity is too high", "code": "TOO_HIGH"},
        {"field": None, "message": "Order is closed"},
    ]
    shop.will_answer({"orderCancel": {"job": None, key: problems}})
    with pytest.raises(UserErrors) as raised:
        client.execute(MUTATION)
    assert "input.lines.0: Quantity is too high; Order is closed" in raised.value.message
    assert [problem.code for problem in raised.value.problems] == ["TOO_HIGH", None]
    assert raised.value.data["orderCancel"]["job"] is None
    assert not raised.value.heals


def test_problems_in_the_data_are_returned_when_asked_for(shop, client):
    shop.will_answer({"orderCancel": {"job": None, "userErrors": [{"field": "id", "message": "gone"}]}})
    answer = client.execute(MUTATION, allow_user_errors=True)
    assert [str(problem) for problem in answer.user_errors] == ["id: gone"]


def test_no_problems_are_no_error(shop, client):
    shop.will_answer({"orderCancel": {"job": {"id": "1"}, "userErrors": [], "mediaUserErrors": None}})
    assert client.execute(MUTATION).user_errors == ()


@pytest.mark.parametrize(
    ("codes", "heals"),
    [
        (["IDEMPOTENCY_CONCURRENT_REQUEST"], True),
        (["OPERATION_IN_PROGRESS", "LIMIT_REACHED"], True),
        (["THROTTLED", "INVALID"], False),
        (["IDEMPOTENCY_KEY_PARAMETER_MISMATCH"], False),
        ([None], False),
    ],
)
def test_only_problems_that_time_mends_are_tried_later(shop, client, codes, heals):
    shop.will_answer({"x": {"userErrors": [{"field": None, "message": "m", "code": code} for code in codes]}})
    with pytest.raises(UserErrors) as raised:
        client.execute(MUTATION)
    assert raised.value.heals is heals


def test_errors_survive_the_way_between_processes():
    error = AccessDenied("denied", scopes=["read_orders"], fields=["orders"], request_id="r", retry_after=1.0)
    copy = pickle.loads(pickle.dumps(error))
    assert (str(copy), copy.scopes, copy.request_id) == ("denied", ("read_orders",), "r")
