"""What the client sends and returns when Shopify answers as it should, and when it repeats a request."""

import logging
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from types import MappingProxyType

import pytest
import requests

from shopify_api import AnswerLost, Client, Document, NotReachable, ServerFault, SignInRefused, UserErrors, WrongAddress

QUERY = Document("shop/Shop", "Shop", "query Shop { shop { name } }", 1, False)
MUTATION = Document("orders/Cancel", "Cancel", "mutation Cancel { orderCancel { job { id } } }", 10, True)
TOKEN = "shpat_0123456789abcdef0123456789abcdef"
TIMEOUT = (2, 0.3)


class Renewable:
    """A token source as the addon has it."""

    def __init__(self, *tokens):
        self.tokens = list(tokens)
        self.refused = []

    def __call__(self):
        return self.tokens[0]

    def renew(self, refused):
        self.refused.append(refused)
        if len(self.tokens) > 1:
            self.tokens.pop(0)


def client(shop, token=TOKEN, **options):
    return Client(shop.domain, token, timeout=TIMEOUT, **options)


def test_the_request_asks_for_our_api_version_with_the_token(shop):
    shop.will_answer({"shop": {"name": "Example"}})
    answer = client(shop, user_agent="Test").execute(QUERY, {"first": 5})
    assert answer.data == {"shop": {"name": "Example"}}
    (request,) = shop.requests
    assert request.path == "/admin/api/2026-07/graphql.json"
    assert request.headers["X-Shopify-Access-Token"] == TOKEN
    assert request.headers["User-Agent"] == "Test"
    assert request.json == {"query": QUERY.text, "operationName": "Shop", "variables": {"first": 5}}


def test_the_answer_keeps_what_support_and_budget_need(shop):
    shop.will_answer(headers={"X-Shopify-API-Deprecated-Reason": "Shop.products, Order.email"})
    answer = client(shop).execute(QUERY)
    assert answer.request_id == "req-1"
    assert (answer.cost.requested, answer.cost.actual) == (52, 12)
    assert (answer.cost.throttle.available, answer.cost.throttle.restore_rate) == (1988, 100)
    assert answer.deprecated == ("Shop.products", "Order.email")


def test_an_answer_of_another_api_version_is_seen(shop):
    shop.will_answer(headers={"X-Shopify-API-Version": "2027-01"})
    answer = client(shop).execute(QUERY)
    assert answer.api_version == "2027-01"


def test_an_answer_without_cost_is_still_an_answer(shop):
    shop.will_answer(extensions={"cost": {"throttleStatus": "?"}})
    shop.will_answer(extensions=None)
    one = client(shop)
    assert one.execute(QUERY).cost.throttle is None
    assert one.execute(QUERY).cost is None


def test_money_times_and_dates_are_sent_as_shopify_reads_them(shop):
    shop.will_answer()
    moment = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    client(shop).execute(QUERY, {"amount": Decimal("10.50"), "at": moment, "on": date(2026, 7, 1)})
    assert shop.requests[0].json["variables"] == {"amount": "10.50", "at": "2026-07-01T10:00:00Z", "on": "2026-07-01"}


@pytest.mark.parametrize("value", [datetime(2026, 7, 1), float("nan"), object()])  # noqa: DTZ001
def test_what_cannot_be_sent_exactly_is_not_sent(shop, value):
    with pytest.raises((ValueError, TypeError)):
        client(shop).execute(QUERY, {"value": value})
    assert not shop.requests


def test_a_page_larger_than_its_declared_cost_is_not_sent(shop):
    document = Document("a/Shop", "Shop", QUERY.text, 1, False, MappingProxyType({"first": 50, "ids": 2}))
    for variables in ({"first": 51}, {"ids": ["1", "2", "3"]}):
        with pytest.raises(ValueError, match="declared cost"):
            client(shop).execute(document, variables)
    assert not shop.requests


def test_one_connection_serves_many_requests_and_keeps_no_cookies(shop, reply):
    shop.will(reply({"data": {"shop": {}}}, headers={"Set-Cookie": "visitor=1; Path=/"}))
    shop.will_answer()
    one = client(shop)
    one.execute(QUERY)
    one.execute(QUERY)
    assert "Cookie" not in shop.requests[1].headers


def test_a_store_on_this_machine_is_reached_without_the_proxy_of_the_server(shop, closed_domain, monkeypatch):
    monkeypatch.setenv("http_proxy", f"http://{closed_domain}")
    monkeypatch.setenv("no_proxy", "")
    monkeypatch.setenv("NO_PROXY", "")
    shop.will_answer()
    assert client(shop).execute(QUERY).data


def test_an_answer_shorter_than_announced_is_lost_even_if_it_can_be_read(shop, reply):
    class Forgiving(requests.Session):
        """As with older versions of urllib3, which take what there is for the whole."""

        def post(self, *arguments, **options):
            response = super().post(*arguments, **options)
            response.headers["Content-Length"] = str(len(response.content) + 1)
            return response

    shop.will(reply({"data": {"shop": {}}}))
    with pytest.raises(AnswerLost):
        client(shop, session=Forgiving()).execute(MUTATION)


def test_nothing_is_sent_to_an_address_that_is_no_store():
    with pytest.raises(WrongAddress):
        Client("example.com", TOKEN)


@pytest.mark.parametrize("token", ["", "  ", "shpat_1\r\nX-Other: 1", "shpat_ä", "two words"])
def test_a_token_that_cannot_be_one_is_refused_before_sending(shop, token):
    with pytest.raises(SignInRefused, match="access token"):
        client(shop, token).execute(QUERY)
    assert not shop.requests


def test_a_renewed_token_is_tried_once_after_a_refusal(shop, reply):
    source = Renewable("old", "new")
    shop.will(reply({"errors": "[API] Invalid API key or access token"}, 401))
    shop.will_answer()
    client(shop, source).execute(MUTATION)
    assert source.refused == ["old"]
    assert [request.headers["X-Shopify-Access-Token"] for request in shop.requests] == ["old", "new"]


def test_a_token_refused_again_after_renewal_is_reported(shop, reply):
    shop.will(reply(status=401), reply(status=401), reply(status=401))
    with pytest.raises(SignInRefused):
        client(shop, Renewable("old", "new", "newer")).execute(QUERY)
    assert len(shop.requests) == 2


def test_renewal_that_brings_the_same_token_is_not_tried(shop, reply):
    shop.will(reply(status=401))
    with pytest.raises(SignInRefused):
        client(shop, Renewable("only")).execute(QUERY)
    assert len(shop.requests) == 1


@pytest.mark.parametrize("token", [TOKEN, lambda: TOKEN])
def test_a_permanent_token_that_is_refused_is_reported_at_once(shop, reply, token):
    shop.will(reply(status=401))
    with pytest.raises(SignInRefused) as refused:
        client(shop, token).execute(QUERY)
    assert len(shop.requests) == 1
    assert not refused.value.heals and refused.value.request_id == "req-1"


FAILURES = {"dropped": {"drop": True}, "cut": {"body": {"data": {"x": "y" * 100}}, "cut": True}, "5xx": {"status": 502}}


@pytest.mark.parametrize("failure", FAILURES)
def test_a_query_whose_answer_was_lost_is_asked_once_more(shop, reply, failure):
    shop.will(reply(**FAILURES[failure]))
    shop.will_answer({"shop": {"name": "Example"}})
    assert client(shop).execute(QUERY).data == {"shop": {"name": "Example"}}
    assert len(shop.requests) == 2


@pytest.mark.parametrize("failure", FAILURES)
def test_a_query_is_asked_twice_at_most(shop, reply, failure):
    shop.will(*[reply(**FAILURES[failure])] * 3)
    with pytest.raises((AnswerLost, ServerFault)) as failed:
        client(shop).execute(QUERY)
    assert len(shop.requests) == 2
    assert failed.value.heals and not failed.value.may_have_been_done


@pytest.mark.parametrize("failure", FAILURES)
def test_a_change_that_may_have_been_made_is_not_sent_again(shop, reply, failure):
    shop.will(reply(**FAILURES[failure]))
    with pytest.raises((AnswerLost, ServerFault)) as failed:
        client(shop).execute(MUTATION)
    assert len(shop.requests) == 1
    assert failed.value.may_have_been_done


@pytest.mark.parametrize("failure", FAILURES)
def test_a_change_with_an_idempotency_key_is_sent_once_more(shop, reply, failure):
    shop.will(reply(**FAILURES[failure]))
    shop.will_answer()
    client(shop).execute(MUTATION, idempotent=True)
    assert shop.requests[0].body == shop.requests[1].body


@pytest.mark.parametrize("document", [QUERY, MUTATION])
def test_a_timeout_is_not_repeated_since_it_has_already_held_the_worker(shop, reply, document):
    shop.will(reply(silent=5))
    with pytest.raises(AnswerLost) as lost:
        client(shop).execute(document, idempotent=True)
    assert lost.value.timed_out
    assert lost.value.may_have_been_done is document.is_mutation
    assert len(shop.requests) == 1


def test_a_server_that_asks_to_wait_is_not_asked_at_once(shop, reply):
    shop.will(reply(status=503, headers={"Retry-After": "7"}))
    with pytest.raises(ServerFault) as fault:
        client(shop).execute(QUERY)
    assert fault.value.retry_after == 7
    assert len(shop.requests) == 1


@pytest.mark.parametrize("document", [QUERY, MUTATION])
def test_a_store_that_cannot_be_reached_was_asked_nothing(closed_domain, document):
    told = []
    with pytest.raises(NotReachable) as failed:
        Client(closed_domain, TOKEN, timeout=TIMEOUT, on_answer=told.append).execute(document)
    assert failed.value.heals and not failed.value.may_have_been_done
    assert len(told) == 2  # even a change is tried once more: nothing was sent


def test_a_connection_that_comes_late_but_comes_is_used(shop):
    class Late(requests.Session):
        calls = 0

        def post(self, *arguments, **options):
            self.calls += 1
            if self.calls == 1:
                raise requests.exceptions.ConnectTimeout("late")
            return super().post(*arguments, **options)

    shop.will_answer()
    assert client(shop, session=Late()).execute(MUTATION).data


def test_every_exchange_is_told_also_the_failed_ones(shop, reply):
    told = []
    shop.will(reply(status=502))
    shop.will_answer(headers={"X-Shopify-API-Version": "2027-01"})
    client(shop, on_answer=told.append).execute(QUERY)
    failed, fine = told
    assert (failed.status, failed.request_id, type(failed.error)) == (502, "req-1", ServerFault)
    assert (fine.operation, fine.status, fine.request_id, fine.error) == ("Shop", 200, "req-2", None)
    assert fine.cost.throttle.available == 1988
    assert fine.api_version == "2027-01"
    assert fine.seconds >= 0


def test_time_is_taken_from_the_clock_given(shop):
    told, ticks = [], iter([100.0, 103.5])
    shop.will_answer()
    client(shop, clock=lambda: next(ticks), on_answer=told.append).execute(QUERY)
    assert (told[0].seconds, told[0].at) == (3.5, 103.5)


def test_the_log_tells_the_request_but_no_secret_and_no_personal_data(shop, reply, caplog):
    caplog.set_level(logging.DEBUG)
    shop.will_answer({"customer": {"email": "ann@example.com"}})
    problem = {"field": ["email"], "message": "ann@example.com is taken"}
    shop.will_answer({"customerSet": {"userErrors": [problem]}})
    shop.will(reply({"errors": f"bad {TOKEN}"}, 401))
    with client(shop) as one:
        assert TOKEN not in repr(one)
        one.execute(QUERY, {"email": "ann@example.com"})
        with pytest.raises(UserErrors):
            one.execute(MUTATION, {"email": "ann@example.com"})
        with pytest.raises(SignInRefused) as refused:
            one.execute(QUERY)
    assert "Shop" in caplog.text and "req-1" in caplog.text and "12/52" in caplog.text
    assert TOKEN not in caplog.text and "ann@" not in caplog.text
    assert TOKEN not in refused.value.message
