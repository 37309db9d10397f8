"""What is sent of a product: everything of a new one, only what differs of a known one."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.product_diff import compare, local_values
from mapping.product_out import (
    Local,
    LocalImage,
    LocalMetafield,
    LocalVariant,
    create_input,
    price_pair,
    problems,
    slug,
    split_tags,
)

ALL = frozenset(["basics", "price", "compare_at", "image", "metafields", "collections", "publish"])
PRICES = st.decimals(min_value=0, max_value=100_000, places=2)


def hat(**changes):
    variants = tuple(
        LocalVariant(
            layer_id=number,
            shopify_id=f"gid://shopify/ProductVariant/{number}",
            options=(("Size", size),),
            sku=f"HAT-{size}",
            price=Decimal("20.00"),
            weight=Decimal("0.25"),
        )
        for number, size in enumerate("SM", start=1)
    )
    values = {
        "layer_id": 7,
        "shopify_id": "gid://shopify/Product/7",
        "title": "Rain Hat",
        "description": "<p>Keeps dry</p>",
        "tags": ("rain", "New"),
        "vendor": "Hatters",
        "variants": variants,
    }
    return Local(**{**values, **changes})


def there(local, **changes):
    """Shopify's answer for a product as it was sent."""
    node = {
        "id": local.shopify_id,
        "title": local.title,
        "handle": "rain-hat",
        "descriptionHtml": local.description,
        "productType": local.product_type,
        "vendor": local.vendor,
        "tags": sorted(local.tags),
        "status": "ACTIVE",
        "seo": {"title": None, "description": None},
        "variants": {"nodes": [variant_there(one) for one in local.variants]},
    }
    return {**node, **changes}


def variant_there(one):
    higher = one.has_compare_at and one.compare_at is not None and one.compare_at > one.price
    return {
        "id": one.shopify_id,
        "barcode": one.barcode or None,
        "price": f"{one.price:.2f}",
        "compareAtPrice": f"{one.compare_at:.2f}" if higher else None,
        "taxable": one.taxable,
        "inventoryPolicy": one.inventory_policy,
        "selectedOptions": [{"name": name, "value": value} for name, value in one.options],
        "inventoryItem": {
            "id": one.shopify_id.replace("ProductVariant", "InventoryItem"),
            "sku": one.sku or None,
            "tracked": one.tracked,
            "requiresShipping": one.requires_shipping,
            "unitCost": None,
            "harmonizedSystemCode": one.hs_code or None,
            "countryCodeOfOrigin": one.origin or None,
            "measurement": {"weight": {"unit": "GRAMS", "value": float(one.weight * 1000)}},
        },
    }


def with_variant(local, **changes):
    first, *rest = local.variants
    return replace(local, variants=(replace(first, **changes), *rest))


# -- prices ----------------------------------------------------------------------------------------------------------------


@given(PRICES, st.none() | PRICES)
def test_a_compare_at_price_is_sent_only_when_it_is_higher(price, compare_at):
    sent, higher = price_pair(price, compare_at)
    assert sent == price
    assert higher is None or higher > price
    assert (higher is not None) == (compare_at is not None and compare_at > price)


@given(PRICES, PRICES, PRICES, st.none() | PRICES)
def test_prices_reach_shopify_and_a_second_update_sends_nothing(old, new, old_compare, new_compare):
    before = with_variant(hat(), price=old, compare_at=old_compare, has_compare_at=True)
    after = with_variant(hat(), price=new, compare_at=new_compare, has_compare_at=True)
    plan = compare(after, there(before), frozenset(["price", "compare_at"]))
    row = next(iter(plan.variants), {})
    price = Decimal(row.get("price", old))
    higher = row["compareAtPrice"] if "compareAtPrice" in row else variant_there(before.variants[0])["compareAtPrice"]
    assert price == new
    assert (Decimal(higher) if higher is not None else None) == price_pair(new, new_compare)[1]
    assert compare(after, there(after), ALL).empty


def test_a_price_that_odoo_does_not_have_is_not_touched():
    assert compare(with_variant(hat(), price=None), there(hat()), ALL).empty


# -- differences -----------------------------------------------------------------------------------------------------------

TEXTS = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF), min_size=1, max_size=30)


@given(TEXTS, TEXTS, st.lists(TEXTS.filter(lambda one: "," not in one and one.strip()), max_size=4))
def test_what_was_sent_is_no_difference_any_more(title, vendor, tags):
    local = hat(title=title, vendor=vendor, tags=split_tags(",".join(tags)))
    assert compare(local, there(local), ALL).empty


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"title": "Storm Hat"}, {"title": "Storm Hat"}),
        ({"description": "<p>Keeps very dry</p>"}, {"descriptionHtml": "<p>Keeps very dry</p>"}),
        ({"tags": ("rain",)}, {"tags": ["rain"]}),
        ({"seo_title": "Hats"}, {"seo": {"title": "Hats"}}),
    ],
)
def test_only_the_changed_field_is_sent(changes, expected):
    plan = compare(hat(**changes), there(hat()), ALL)
    assert (plan.product, plan.variants) == (expected, ())


def test_white_space_and_escapes_of_a_description_are_no_difference():
    local = hat(description="<p>Keeps &amp; stays\n   dry</p>\n<p>x</p>")
    assert compare(local, there(hat(description="<p>Keeps & stays dry</p><p>x</p>")), ALL).empty


def test_a_variant_field_is_sent_where_the_api_has_it():
    plan = compare(with_variant(hat(), sku="H1", barcode="400", weight=Decimal(1)), there(hat()), ALL)
    (row,) = plan.variants
    assert row["barcode"] == "400"
    assert row["inventoryItem"]["sku"] == "H1"
    assert row["inventoryItem"]["measurement"]["weight"] == {"unit": "KILOGRAMS", "value": 1.0}


def test_what_only_shopify_changed_stays_and_what_both_changed_is_its_owners():
    ours = hat(title="Storm Hat")
    theirs = there(hat(title="Designer Hat", vendor="Millers"))
    base = {**local_values(hat()), "variants": {}}
    plan = compare(ours, theirs, ALL, base=base)
    assert plan.product == {"title": "Storm Hat"}
    plan = compare(ours, theirs, ALL, base=base, owners={"title": "shopify"})
    assert plan.product == {}
    assert [(one.field, one.odoo, one.shopify) for one in plan.kept] == [("title", "Storm Hat", "Designer Hat")]


def test_everything_is_sent_when_asked_except_what_shopify_owns():
    plan = compare(hat(), there(hat()), frozenset(["basics"]), only_changed=False, owners={"vendor": "shopify"})
    assert set(plan.product) == {"title", "descriptionHtml", "productType", "tags", "seo"}
    assert len(plan.variants) == 2


def test_a_variant_missing_in_odoo_is_named_and_never_part_of_what_is_sent():
    local = hat()
    plan = compare(replace(local, variants=local.variants[:1]), there(local), ALL, only_changed=False)
    assert [one["sku"] for one in plan.missing] == ["HAT-M"]
    assert all(row["id"].endswith("/1") for row in plan.variants)


def test_a_new_variant_is_added_and_one_with_other_options_stops_everything():
    local = hat()
    new = LocalVariant(3, "", options=(("Size", "L"),), sku="HAT-L", price=Decimal(5))
    plan = compare(replace(local, variants=(*local.variants, new)), there(local), ALL)
    assert [one["inventoryItem"]["sku"] for one in plan.new_inputs] == ["HAT-L"]
    other = replace(new, options=(("Colour", "Red"),))
    plan = compare(replace(local, variants=(other, *local.variants)), there(local), ALL)
    assert plan.problem == "options_differ"
    assert not plan.new_inputs


def test_a_variant_without_id_is_known_by_its_options():
    local = with_variant(hat(), shopify_id="")
    assert compare(local, there(hat()), ALL).empty


# -- pictures, collections, channels, metafields ---------------------------------------------------------------------------


def test_pictures_are_sent_when_their_bytes_are_new_or_failed_and_others_stay():
    images = (
        LocalImage(1, "gid://shopify/MediaImage/1", "a", "a"),
        LocalImage(2, "gid://shopify/MediaImage/2", "b2", "b"),
        LocalImage(3, "", "c", ""),
        LocalImage(4, "gid://shopify/MediaImage/4", "d", "d"),
        LocalImage(5, "gid://shopify/MediaImage/5", "e", "e"),
    )
    media = {
        "nodes": [
            {"id": f"gid://shopify/MediaImage/{number}", "alt": "", "status": status}
            for number, status in ((1, "READY"), (2, "READY"), (4, "FAILED"), (9, "READY"))
        ]
    }
    plan = compare(hat(images=images), there(hat(), media=media), ALL)
    assert plan.pictures == (3, 4, 5), "new, failed, gone; the one of a person stays"
    assert plan.replaced == {2: images[1].shopify_id}, "other bytes in the same place"


def test_manual_collections_are_joined_and_left_and_others_never():
    node = there(hat(), collections={"nodes": [{"id": "old"}, {"id": "automated"}, {"id": "unknown"}]})
    plan = compare(hat(collections=("new", "automated")), node, ALL, manual=frozenset(["old", "new"]))
    assert plan.product == {"collectionsToJoin": ["new"], "collectionsToLeave": ["old"]}


def test_only_the_channels_that_were_decided_about_change():
    node = there(hat(), resourcePublicationsV2={"nodes": [{"publication": {"id": one}} for one in ("pos", "other")]})
    plan = compare(hat(), node, ALL, publish=frozenset(["web"]), channels=frozenset(["web", "pos"]))
    assert (plan.publish, plan.unpublish) == (("web",), ("pos",))
    assert compare(hat(), node, ALL).empty, "publishing is never part of an update by itself"


@pytest.mark.parametrize(
    ("theirs", "digest", "sent", "stale"),
    [
        (None, "", 1, 0),
        ({"value": "x", "compareDigest": "1"}, "", 1, 0),
        ({"value": "x", "compareDigest": "1"}, "1", 1, 0),
        ({"value": "new", "compareDigest": "2"}, "1", 0, 0),
        ({"value": "by hand", "compareDigest": "2"}, "1", 0, 1),
    ],
)
def test_a_metafield_changed_since_it_was_read_is_not_overwritten(theirs, digest, sent, stale):
    local = hat(metafields=(LocalMetafield(5, 0, "custom", "note", "single_line_text_field", "new", digest),))
    rows = [{"namespace": "custom", "key": "note", **theirs}] if theirs else []
    plan = compare(local, there(hat(), metafields={"nodes": rows}), ALL)
    assert (len(plan.metafields), len(plan.metafields_kept)) == (sent, stale)
    assert all(row["compareDigest"] == (theirs["compareDigest"] if theirs else None) for row in plan.metafields)


# -- new products ----------------------------------------------------------------------------------------------------------


def test_a_new_product_carries_the_key_of_its_export_and_nothing_of_parts_that_are_off():
    local = hat(
        collections=("c",), images=(LocalImage(1, digest="a", source="https://files/1", alt="Hat", variants=(2,)),)
    )
    made = create_input(local, ALL, "key-1", frozenset(["c"]))
    assert made["metafields"] == [
        {"namespace": "$app", "key": "odoo_export", "type": "single_line_text_field", "value": "key-1"}
    ]
    assert made["productOptions"] == [{"name": "Size", "values": [{"name": "S"}, {"name": "M"}]}]
    assert (made["handle"], made["collections"]) == ("rain-hat", ["c"])
    assert [one["price"] for one in made["variants"]] == ["20.00", "20.00"]
    assert "file" not in made["variants"][0]
    assert made["variants"][1]["file"]["originalSource"] == "https://files/1"
    bare = create_input(local, frozenset(["basics"]), "key-1", frozenset())
    assert not {"files", "collections"} & set(bare)
    assert all("price" not in one for one in bare["variants"])


@pytest.mark.parametrize(
    ("local", "code"),
    [
        (hat(title=" "), "no_title"),
        (hat(title="x" * 256), "long_title"),
        (hat(variants=()), "no_variant"),
        (with_variant(hat(), options=(("Size", "M"),)), "same_options"),
        (with_variant(hat(), options=(("Colour", "Red"),)), "mixed_options"),
        (with_variant(hat(variants=hat().variants[:1]), options=tuple((name, "1") for name in "abcd")), "many_options"),
        (with_variant(hat(), price=Decimal(-1)), "negative_price"),
        (
            hat(variants=tuple(replace(hat().variants[0], options=(("N", str(n)),)) for n in range(2049))),
            "many_variants",
        ),
    ],
)
def test_what_shopify_would_refuse_is_known_before(local, code):
    assert [found for found, _words in problems(local, ALL)] == [code]


def test_a_good_product_has_no_problem():
    assert problems(hat(), ALL) == []


@pytest.mark.parametrize(
    ("title", "handle"),
    [("Rain Hat", "rain-hat"), ("  Ä & B / C_d  ", "ä-b-c-d"), ("!!!", "product"), ("x" * 300, "x" * 200)],
)
def test_a_handle_is_made_of_the_title(title, handle):
    assert slug(title) == handle
