"""A product of Shopify is read whole, or refused in words."""

from copy import deepcopy
from decimal import Decimal

import pytest

from mapping import Refusal
from mapping.product import payload_digest, read_product

VARIANT = {
    "id": "gid://shopify/ProductVariant/11",
    "title": "S",
    "sku": "A-S",
    "barcode": None,
    "position": 1,
    "price": "9.90",
    "compareAtPrice": None,
    "taxable": True,
    "inventoryPolicy": "DENY",
    "createdAt": "2026-01-01T00:00:00Z",
    "updatedAt": "2026-01-01T00:00:00Z",
    "selectedOptions": [{"name": "Size", "value": "S"}],
    "media": {"nodes": []},
    "inventoryItem": {
        "id": "gid://shopify/InventoryItem/21",
        "tracked": True,
        "requiresShipping": True,
        "unitCost": {"amount": "4.5", "currencyCode": "USD"},
        "measurement": {"weight": {"unit": "POUNDS", "value": 2}},
    },
}
PRODUCT = {
    "id": "gid://shopify/Product/1",
    "title": "Shirt",
    "status": "ACTIVE",
    "updatedAt": "2026-01-02T00:00:00Z",
    "options": [{"name": "Size", "optionValues": [{"name": "S"}, {"name": "M"}]}],
    "variants": {"nodes": [VARIANT]},
}


def product(**changes):
    return {**deepcopy(PRODUCT), **changes}


def variant(**changes):
    return {**deepcopy(VARIANT), **changes}


def test_prices_costs_and_weights_keep_their_decimals():
    found = read_product(product()).variants[0]
    assert (found.price, found.unit_cost, found.compare_at_price) == (Decimal("9.90"), Decimal("4.5"), None)
    assert found.weight == Decimal("0.90718474"), "two pounds in kilograms"


def test_a_product_without_options_has_none():
    plain = product(
        options=[{"name": "Title", "optionValues": [{"name": "Default Title"}]}],
        variants={"nodes": [variant(selectedOptions=[{"name": "Title", "value": "Default Title"}])]},
    )
    found = read_product(plain)
    assert (found.options, found.variants[0].selected) == ((), ())


def test_a_sku_that_stands_twice_is_refused_and_both_variants_are_named():
    twice = product(variants={"nodes": [VARIANT, variant(id="gid://shopify/ProductVariant/12", title="M")]})
    with pytest.raises(Refusal, match="“S” and “M”") as refused:
        read_product(twice)
    assert refused.value.cause == "duplicate_sku"


def test_variants_without_a_sku_are_no_duplicates():
    none = product(variants={"nodes": [variant(sku=None), variant(sku="", id="gid://shopify/ProductVariant/12")]})
    assert len(read_product(none).variants) == 2


@pytest.mark.parametrize(
    "broken",
    [None, {}, product(title=None), product(variants={"nodes": []}), product(status=None), product(updatedAt=None)],
)
def test_what_lacks_what_shopify_always_fills_is_refused(broken):
    with pytest.raises(Refusal):
        read_product(broken)


def test_an_unknown_unit_of_weight_is_refused_instead_of_taken_for_kilograms():
    item = {**VARIANT["inventoryItem"], "measurement": {"weight": {"unit": "STONES", "value": 1}}}
    with pytest.raises(Refusal):
        read_product(product(variants={"nodes": [variant(inventoryItem=item)]}))


def test_the_date_of_change_is_no_change_and_everything_else_is():
    later = product(updatedAt="2026-03-03T00:00:00Z", variants={"nodes": [variant(updatedAt="2026-03-03T00:00:00Z")]})
    assert payload_digest(later) == payload_digest(PRODUCT)
    assert payload_digest(product(title="Hat")) != payload_digest(PRODUCT)
    assert payload_digest(product(variants={"nodes": [variant(price="9.91")]})) != payload_digest(PRODUCT)


def test_a_collection_with_conditions_is_automated_and_one_without_is_not():
    def collection(number, *sources):
        return {"id": f"gid://shopify/Collection/{number}", "title": "C", "sources": list(sources)}

    by_hand = {"__typename": "CollectionConditionsSource", "inclusion": {"conditions": []}}
    by_rule = {"__typename": "CollectionConditionsSource", "inclusion": {"conditions": [{"__typename": "X"}]}}
    nodes = [collection(1), collection(2, by_hand), collection(3, by_rule, by_hand)]
    found = read_product(product(collections={"nodes": nodes})).collections
    assert [one.automated for one in found] == [False, False, True]
