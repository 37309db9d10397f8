import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopify_api import WrongAddress, admin_link, base_url, is_loopback, normalise

NAMES = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?", fullmatch=True).filter(lambda name: name != "localhost")


@pytest.mark.parametrize(
    "typed",
    [
        "my-store",
        "My-Store",
        " my-store.myshopify.com ",
        "MY-STORE.MYSHOPIFY.COM",
        "my-store.myshopify.com/",
        "my-store.myshopify.com.",
        "https://my-store.myshopify.com",
        "http://my-store.myshopify.com/admin/orders/123?x=1#top",
        "https://my-store.myshopify.com:443/",
        "admin.shopify.com/store/my-store",
        "https://admin.shopify.com/store/My-Store/orders/5001?filter=a,b",
        "https://admin.shopify.com/store/my-store?x=1",
    ],
)
def test_every_usual_way_to_name_a_store_gives_its_address(typed):
    assert normalise(typed) == "my-store.myshopify.com"


@pytest.mark.parametrize("typed", ["127.0.0.1:8080", "localhost:8080", "http://127.0.0.1:8080/admin"])
def test_a_simulated_store_on_this_machine_is_reached_by_http(typed):
    domain = normalise(typed)
    assert is_loopback(domain)
    assert base_url(domain) == f"http://{domain}"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "www.example.com",
        "https://example.com",
        "https://shop",
        "my store",
        "my_store",
        "-store",
        "store-",
        ".myshopify.com",
        "myshopify.com",
        "https://admin.shopify.com/orders",
        "https://admin.shopify.com",
        "my-store.myshopify.com.evil.example",
        "user@my-store.myshopify.com",
        "https://user:word@my-store.myshopify.com",
        "evil.example\\.myshopify.com",
        "my-store.myshopify.com:8443",
        "ftp://my-store.myshopify.com",
        "127.0.0.1",
        "localhost",
        "127.0.0.1:0",
        "127.0.0.1:99999",
        "127.0.0.2:80",
        "10.0.0.1:80",
        "käse.myshopify.com",
        "a" * 64,
    ],
)
def test_what_is_no_store_is_refused_with_what_to_enter(typed):
    with pytest.raises(WrongAddress) as refused:
        normalise(typed)
    assert (
        "myshopify.com" in refused.value.message
        or "admin.shopify.com" in refused.value.message
        or ("port" in refused.value.message)
    )


@given(NAMES)
def test_all_forms_of_one_store_are_one_address_and_stay_it(name):
    domain = f"{name}.myshopify.com"
    for typed in (name, domain, f"https://{domain}/admin", f"https://admin.shopify.com/store/{name}/settings"):
        assert normalise(typed) == domain
    assert normalise(domain.upper()) == domain
    assert base_url(domain) == f"https://{domain}"


@given(st.text(max_size=80))
def test_any_text_gives_an_address_of_shopify_or_of_this_machine_or_a_clear_refusal(typed):
    try:
        domain = normalise(typed)
    except WrongAddress as refused:
        assert refused.message
    else:
        assert domain.endswith(".myshopify.com") or is_loopback(domain)
        assert normalise(domain) == domain
        assert base_url(domain)


@pytest.mark.parametrize("domain", ["example.com", "Shop.myshopify.com", "a.b.myshopify.com", "shop.myshopify.com/x"])
def test_no_request_goes_to_an_address_that_was_not_normalised(domain):
    with pytest.raises(WrongAddress):
        base_url(domain)


def test_open_in_shopify_leads_to_the_record():
    store = "my-store.myshopify.com"
    assert admin_link(store, "gid://shopify/Order/5001") == "https://admin.shopify.com/store/my-store/orders/5001"
    assert admin_link("127.0.0.1:8080", "gid://shopify/Order/5001") == "http://127.0.0.1:8080/admin/orders/5001"
    variant = admin_link(store, "gid://shopify/ProductVariant/7", parent="gid://shopify/Product/6")
    assert variant == "https://admin.shopify.com/store/my-store/products/6/variants/7"


@pytest.mark.parametrize("gid", ["gid://shopify/ProductVariant/7", "gid://shopify/MoneyBag/7", "7"])
def test_a_record_without_a_page_has_no_link(gid):
    with pytest.raises(ValueError, match="7"):
        admin_link("my-store.myshopify.com", gid)
