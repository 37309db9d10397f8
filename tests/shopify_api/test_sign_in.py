import logging
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qs

import pytest

from shopify_api import (
    AnswerLost,
    NotReachable,
    ServerFault,
    ShopUnavailable,
    SignInRefused,
    Throttled,
    Token,
    UnreadableAnswer,
    WrongAddress,
    request_token,
)

NOW = datetime(2026, 7, 1, 12, tzinfo=timezone.utc)
SECRET = "shpss_0123456789abcdef0123456789abcdef"
GRANTED = {"access_token": "shpat_new", "scope": "read_orders,write_products", "expires_in": 86399}


def sign_in(shop, secret=SECRET, **options):
    return request_token(shop.domain, " client ", secret, now=lambda: NOW, timeout=(2, 0.3), **options)


def test_an_app_signs_in_with_id_and_secret(shop, reply):
    shop.will(reply(GRANTED))
    token = sign_in(shop)
    assert token == Token("shpat_new", NOW + timedelta(seconds=86399), frozenset({"read_orders", "write_products"}))
    (request,) = shop.requests
    assert request.path == "/admin/oauth/access_token"
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert parse_qs(request.body.decode()) == {
        "grant_type": ["client_credentials"],
        "client_id": ["client"],
        "client_secret": [SECRET],
    }


def test_a_token_of_unstated_life_and_scopes_counts_a_day(shop, reply):
    shop.will(reply({"access_token": "shpat_new"}))
    token = sign_in(shop)
    assert token.expires_at == NOW + timedelta(seconds=86399)
    assert token.scopes == frozenset()


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("invalid_client", "client id and client secret"),
        ("application_cannot_be_found", "client id and client secret"),
        ("app_not_installed", "not installed"),
        ("shop_not_permitted", "different organizations"),
        ("unsupported_grant_type", "kind of app"),
    ],
)
@pytest.mark.parametrize("form", ["json", "page"])
def test_each_refusal_says_what_to_do(shop, reply, reason, words, form):
    page = f"<html><body>Oauth error {reason}: something about it</body></html>".encode()
    shop.will(reply({"error": reason, "error_description": "something"} if form == "json" else page, 400))
    with pytest.raises(SignInRefused, match=words) as refused:
        sign_in(shop)
    assert refused.value.reason == reason
    assert refused.value.request_id == "req-1"
    assert not refused.value.heals
    assert len(shop.requests) == 1


def test_a_refusal_without_a_word_means_the_pair_is_wrong(shop, reply):
    shop.will(reply(b"", 401))
    with pytest.raises(SignInRefused, match="client id and client secret"):
        sign_in(shop)


def test_a_refusal_that_we_do_not_know_is_shown_as_shopify_said_it(shop, reply):
    shop.will(reply({"error": "new_rule", "error_description": f"App is asleep, {SECRET}"}, 400))
    with pytest.raises(SignInRefused, match="App is asleep") as refused:
        sign_in(shop)
    assert refused.value.reason == "new_rule"
    assert SECRET not in refused.value.message


@pytest.mark.parametrize(("client_id", "secret"), [("", SECRET), ("client", "  ")])
def test_nothing_is_sent_without_both_id_and_secret(shop, client_id, secret):
    with pytest.raises(SignInRefused, match="both"):
        request_token(shop.domain, client_id, secret)
    assert not shop.requests


def test_an_address_without_a_store_is_no_wrong_secret(shop, reply):
    shop.will(reply({"errors": "Not Found"}, 404))
    with pytest.raises(ShopUnavailable, match="no Shopify store"):
        sign_in(shop)


def test_sign_in_may_be_throttled(shop, reply):
    shop.will(reply(status=429, headers={"Retry-After": "4"}))
    with pytest.raises(Throttled) as throttled:
        sign_in(shop)
    assert throttled.value.retry_after == 4


@pytest.mark.parametrize("failure", [{"drop": True}, {"status": 502}, {"body": GRANTED, "cut": True}])
def test_one_failure_on_the_way_is_tried_again(shop, reply, failure):
    shop.will(reply(**failure), reply(GRANTED))
    assert sign_in(shop).value == "shpat_new"


@pytest.mark.parametrize(
    ("failure", "error"), [({"drop": True}, AnswerLost), ({"status": 502}, ServerFault), ({"silent": 5}, AnswerLost)]
)
def test_a_lasting_failure_heals_and_has_changed_nothing(shop, reply, failure, error):
    shop.will(reply(**failure), reply(**failure))
    with pytest.raises(error) as failed:
        sign_in(shop)
    assert failed.value.heals and not failed.value.may_have_been_done


def test_an_unreachable_store_is_told(closed_domain):
    with pytest.raises(NotReachable, match="Nothing was sent"):
        request_token(closed_domain, "client", SECRET, timeout=(2, 2))


@pytest.mark.parametrize(
    "body", [b"<html>Password page</html>", {}, {"access_token": ""}, {"access_token": "x", "expires_in": "soon"}]
)
def test_a_page_that_is_no_sign_in_is_told(shop, reply, body):
    shop.will(reply(body))
    with pytest.raises(UnreadableAnswer):
        sign_in(shop)


def test_a_secret_is_never_sent_on_to_another_host(shop, reply):
    shop.will(reply({}, 302, {"Location": "https://elsewhere.example/"}))
    with pytest.raises(WrongAddress):
        sign_in(shop)
    assert len(shop.requests) == 1


def test_neither_secret_nor_token_is_written_anywhere(shop, reply, caplog):
    caplog.set_level(logging.DEBUG)
    shop.will(reply(GRANTED), reply({"error": "invalid_client"}, 400))
    token = sign_in(shop)
    with pytest.raises(SignInRefused) as refused:
        sign_in(shop)
    written = caplog.text + repr(token) + str(refused.value)
    assert SECRET not in written and "shpat_new" not in written
