import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopify_api import (
    gid,
    legacy_id,
    parse_customer_tokens,
    parse_gid,
    parse_order_tokens,
    parse_product_tokens,
)


def read(text, **options):
    return [(token.kind, token.value) for token in parse_order_tokens(text, **options)]


def test_ids_and_their_numbers():
    assert legacy_id("gid://shopify/Order/123") == "123"
    assert legacy_id("gid://shopify/InventoryLevel/9?inventory_item_id=7") == "9"
    assert legacy_id("123") == "123"
    assert gid("Order", "123") == gid("Order", 123) == "gid://shopify/Order/123"


@pytest.mark.parametrize(
    "text", ["", "Order/1", "gid://shopify/Order/", "gid://shopify/Order/x", "gid://other/Order/1"]
)
def test_what_is_no_id_is_refused(text):
    with pytest.raises(ValueError, match="not an id"):
        legacy_id(text)


@pytest.mark.parametrize("number", ["", "1a", "-1", "gid://shopify/Order/1"])
def test_no_id_is_made_without_a_number(number):
    with pytest.raises(ValueError, match="not the number"):
        gid("Order", number)


@given(st.from_regex(r"[A-Z][A-Za-z]{0,20}", fullmatch=True), st.integers(0, 10**15))
def test_an_id_taken_apart_is_put_together_again(kind, number):
    assert gid(*parse_gid(gid(kind, number))) == gid(kind, number)


def test_orders_are_named_by_id_by_link_and_by_number():
    text = """5123456789012, gid://shopify/Order/5123456789013 #1001;1002
        https://admin.shopify.com/store/my-store/orders/5123456789014?orderListBeta=true
        my-store.myshopify.com/admin/orders/5123456789015.json EN-1003"""
    assert read(text) == [
        ("id", "5123456789012"),
        ("id", "5123456789013"),
        ("name", "#1001"),
        ("name", "#1002"),
        ("id", "5123456789014"),
        ("id", "5123456789015"),
        ("name", "EN-1003"),
    ]


def test_ten_digits_make_an_id_and_nine_a_number():
    assert read("1234567890 123456789") == [("id", "1234567890"), ("name", "#123456789")]


def test_a_number_becomes_a_name_with_the_prefix_and_suffix_of_the_store():
    assert read("1001", prefix="EN-", suffix="/DE") == [("name", "EN-1001/DE")]


def test_links_to_other_things_are_told_apart_and_keep_what_was_typed():
    typed = ["gid://shopify/Product/7", "https://admin.shopify.com/store/s/draft_orders/12", "https://example.com/1"]
    tokens = parse_order_tokens("\n".join(typed))
    assert [token.kind for token in tokens] == ["unknown"] * 3
    assert [token.text for token in tokens] == typed


def test_an_order_named_twice_is_looked_for_once():
    assert read("#1001 1001 #1001 gid://shopify/Order/5123456789012 5123456789012") == [
        ("name", "#1001"),
        ("id", "5123456789012"),
    ]


def test_nothing_typed_names_nothing():
    assert read(" ,;\n ") == []


@given(st.text(max_size=200))
def test_no_word_is_lost_whatever_is_typed(text):
    tokens = parse_order_tokens(text)
    words = [word for word in re.split(r"[\s,;]+", text) if word]
    assert {token.text for token in tokens} <= set(words)
    assert bool(tokens) == bool(words)
    for token in tokens:
        assert token.kind == "unknown" or token.value


def test_customers_are_named_by_id_link_or_e_mail():
    text = (
        "7100000000001, https://admin.shopify.com/store/shop/customers/7100000000002\n"
        "gid://shopify/Customer/7100000000003 Ada@Example.com; 7100000000001 #1001 gid://shopify/Order/5"
    )
    found = [(token.kind, token.value) for token in parse_customer_tokens(text)]
    assert found == [
        ("id", "7100000000001"),
        ("id", "7100000000002"),
        ("id", "7100000000003"),
        ("email", "ada@example.com"),
        ("unknown", ""),
        ("unknown", ""),
    ]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("8123456789012", "id", "8123456789012"),
        ("gid://shopify/Product/81", "id", "81"),
        ("gid://shopify/Order/81", "unknown", ""),
        ("https://admin.shopify.com/store/my-shop/products/81", "id", "81"),
        ("https://my-shop.com/products/blue-shirt?variant=1", "handle", "blue-shirt"),
        ("https://my-shop.com/collections/summer/products/blue-shirt", "handle", "blue-shirt"),
        ("Blue-Shirt", "handle", "blue-shirt"),
        ("https://my-shop.com/cart", "unknown", ""),
    ],
)
def test_a_product_is_named_by_id_link_or_handle(text, kind, value):
    (token,) = parse_product_tokens(text)
    assert (token.kind, token.value, token.text) == (kind, value, text)


def test_a_product_named_twice_is_one():
    assert len(parse_product_tokens("81, gid://shopify/Product/81\n81; hat hat")) == 2
