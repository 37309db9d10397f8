import io
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopify_api import MaskingFilter, mask

SECRET = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    "text",
    [
        f"token shpat_{SECRET} refused",
        f"shpss_{SECRET}",
        f"shpca_{SECRET}",
        f"shppa_{SECRET}",
        f"atkn_{SECRET}",
        f"X-Shopify-Access-Token: {SECRET}",
        f"{{'X-Shopify-Access-Token': '{SECRET}'}}",
        f'{{"client_secret": "{SECRET}", "x": 1}}',
        f'\\"access_token\\": \\"{SECRET}\\"',
        f"client_secret={SECRET}&grant_type=client_credentials",
        f"Authorization: Bearer {SECRET}",
        f"access_token = {SECRET}",
        f"refresh-token: {SECRET}",
    ],
)
def test_secrets_are_hidden_in_texts(text):
    assert SECRET not in mask(text)
    assert "***" in mask(text)


@pytest.mark.parametrize(
    "text", ["ann@example.com", "to Ann <ann.o'x+y@mail.example.co.uk>!", "email=ann%40example.com"]
)
def test_mail_addresses_are_hidden_in_texts(text):
    assert "example" not in mask(text)


@pytest.mark.parametrize(
    "text", ["Order #1001 of my-store.myshopify.com: 12 lines, 5 tokens left", "a shpat_ alone", "12 @ 3.50", ""]
)
def test_other_texts_stay_as_they_are(text):
    assert mask(text) == text


def test_in_values_secret_and_personal_keys_are_hidden_whole():
    value = {
        "access_token": SECRET,
        "clientSecret": SECRET,
        "X-Shopify-Access-Token": SECRET,
        "order": [
            {"name": "#1001", "email": "ann@example.com", "shippingAddress": {"address1": "Road 1", "zip": "12"}}
        ],
        "note": f"shpat_{SECRET}",
        "phone": None,
        "total": 12.5,
        "raw": f"password={SECRET}".encode(),
    }
    assert mask(value) == {
        "access_token": "***",
        "clientSecret": "***",
        "X-Shopify-Access-Token": "***",
        "order": [{"name": "#1001", "email": "***", "shippingAddress": {"address1": "***", "zip": "***"}}],
        "note": "***",
        "phone": None,
        "total": 12.5,
        "raw": "password=***",
    }


@given(st.from_regex(r"shp(at|ca|pa|ss)_[0-9a-f]{32}", fullmatch=True), st.text(max_size=30), st.text(max_size=30))
def test_a_token_is_hidden_whatever_stands_around_it(token, before, after):
    assert token not in mask(f"{before} {token} {after}")


def test_a_logger_with_the_filter_writes_no_secret_in_message_arguments_or_traceback():
    stream = io.StringIO()
    logger = logging.getLogger("test_masking")
    logger.propagate = False
    logger.addHandler(logging.StreamHandler(stream))
    logger.addFilter(MaskingFilter())
    logger.warning("signed in with %s as %s", f"shpat_{SECRET}", {"client_secret": SECRET})
    try:
        raise ValueError(f"refused: shpss_{SECRET} for ann@example.com")
    except ValueError:
        logger.exception("failed", stack_info=True)
    written = stream.getvalue()
    assert "signed in" in written and "Traceback" in written and "refused" in written
    assert SECRET not in written and "ann@example.com" not in written
