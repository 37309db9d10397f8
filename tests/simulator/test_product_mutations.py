"""What an app can do with products in the simulated store, and how Shopify refuses."""

import json

import pytest
import requests

from shopify_simulator import Simulator
from shopify_simulator.pictures import png

SET = """mutation Set($input: ProductSetInput!, $identifier: ProductSetIdentifiers) {
  productSet(input: $input, identifier: $identifier, synchronous: true) {
    product { id handle title tags variants(first: 10) { nodes { id sku price inventoryItem { id tracked } } }
      media(first: 5) { nodes { id alt status } } collections(first: 5) { nodes { title } } }
    userErrors { field message code }
  }
}"""
UPDATE = """mutation Update($product: ProductUpdateInput!, $media: [CreateMediaInput!]) {
  productUpdate(product: $product, media: $media) { product { id title } userErrors { field message } }
}"""
BULK_UPDATE = """mutation BulkUpdate($id: ID!, $variants: [ProductVariantsBulkInput!]!, $partial: Boolean) {
  productVariantsBulkUpdate(productId: $id, variants: $variants, allowPartialUpdates: $partial) {
    productVariants { id } userErrors { field message code }
  }
}"""
BULK_CREATE = """mutation BulkCreate($id: ID!, $variants: [ProductVariantsBulkInput!]!) {
  productVariantsBulkCreate(productId: $id, variants: $variants, strategy: REMOVE_STANDALONE_VARIANT) {
    productVariants { id title } userErrors { field message code }
  }
}"""
METAFIELDS = """mutation Metafields($metafields: [MetafieldsSetInput!]!) {
  metafieldsSet(metafields: $metafields) { metafields { compareDigest } userErrors { field message code } }
}"""
STAGED = """mutation Staged($input: [StagedUploadInput!]!) {
  stagedUploadsCreate(input: $input) { stagedTargets { url resourceUrl parameters { name value } } }
}"""
RUN = """mutation Run($mutation: String!, $path: String!) {
  bulkOperationRunMutation(mutation: $mutation, stagedUploadPath: $path) {
    bulkOperation { id status } userErrors { message code }
  }
}"""
MAKE = """mutation Make($input: ProductSetInput!) {
  productSet(input: $input, synchronous: true) {
    product { id variants(first: 250) { nodes { id } } } userErrors { field message code }
  }
}"""
STATE = "query($id: ID!) { bulkOperation(id: $id) { status type url objectCount } }"


def hat(**more):
    return {
        "title": "Hat",
        "handle": "hat",
        "productOptions": [{"name": "Size", "values": [{"name": "S"}, {"name": "M"}]}],
        "variants": [
            {
                "optionValues": [{"optionName": "Size", "name": size}],
                "price": "9.90",
                "inventoryItem": {"sku": f"HAT-{size}", "tracked": True},
            }
            for size in "SM"
        ],
        **more,
    }


@pytest.fixture
def made(client):
    return client.data(SET, input=hat())["productSet"]["product"]


def codes(answer):
    return [error.get("code") or error["message"] for error in answer["userErrors"]]


def staged(client, name, content, mime, resource):
    """Send a file; its address and key."""
    one = {"filename": name, "mimeType": mime, "resource": resource, "httpMethod": "POST"}
    (target,) = client.data(STAGED, input=[one])["stagedUploadsCreate"]["stagedTargets"]
    fields = {pair["name"]: pair["value"] for pair in target["parameters"]}
    answer = requests.post(target["url"], data=fields, files={"file": (name, content, mime)}, timeout=10)
    assert answer.status_code == 201
    return target["resourceUrl"], fields["key"]


def test_a_product_is_set_as_a_whole_and_found_by_its_skus(client, sim, made):
    assert [one["sku"] for one in made["variants"]["nodes"]] == ["HAT-S", "HAT-M"]
    found = client.data("{ productVariants(first: 5, query: \"sku:'HAT-M'\") { nodes { sku price } } }")
    assert found["productVariants"]["nodes"] == [{"sku": "HAT-M", "price": "9.90"}]
    assert sim.store.variant_by_sku("HAT-S").product.handle == "hat"


def test_a_handle_that_is_taken_is_refused_and_a_made_one_is_free(client, made):
    assert codes(client.data(SET, input=hat())["productSet"]) == ["HANDLE_NOT_UNIQUE"]
    again = client.data(SET, input=hat(handle=None))["productSet"]["product"]
    assert again["handle"] == "hat-1"


def test_what_a_known_product_does_not_list_is_deleted(client, sim, made):
    less = hat(variants=hat()["variants"][:1])
    client.data(SET, input=less, identifier={"id": made["id"]})
    assert [one.sku for one in sim.store.product("HAT-S").variants] == ["HAT-S"]
    assert sim.store.variant_by_sku("HAT-M") is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": ""}, "INVALID_INPUT"),
        ({"productOptions": [{"name": name, "values": [{"name": "1"}]} for name in "abcd"]}, "OPTIONS_OVER_LIMIT"),
        ({"variants": hat()["variants"][:1] * 2}, "INVALID_VARIANT"),
        ({"tags": [str(number) for number in range(251)]}, "INVALID_INPUT"),
        ({"metafields": [{"namespace": "a", "key": "b", "type": "number_integer", "value": "x"}]}, "INVALID_METAFIELD"),
        ({"variants": [{**hat()["variants"][0], "price": "-1"}]}, "INVALID_INPUT"),
    ],
)
def test_input_that_shopify_refuses_changes_nothing(client, sim, changes, code):
    before = len(sim.store.products)
    assert codes(client.data(SET, input=hat(**changes))["productSet"]) == [code]
    assert len(sim.store.products) == before


def test_a_set_product_costs_more_for_its_variants_and_files(client):
    answer = client.body(SET, {"input": hat(files=[{"originalSource": "https://example.com/a.png"}])})
    assert answer["extensions"]["cost"]["requestedQueryCost"] == 10 + 3


def test_an_update_leaves_out_what_it_does_not_name(client, sim, made):
    client.data(UPDATE, product={"id": made["id"], "vendor": "Hatters"})
    product = sim.store.product("HAT-S")
    assert (product.title, product.vendor) == ("Hat", "Hatters")
    gone = client.data(UPDATE, product={"id": "gid://shopify/Product/1", "title": "x"})["productUpdate"]
    assert codes(gone) == ["Product does not exist"]


def test_variants_are_changed_together_or_not_at_all(client, sim, made):
    small, medium = made["variants"]["nodes"]
    rows = [{"id": small["id"], "price": "5"}, {"id": medium["id"], "price": "-5"}]
    answer = client.data(BULK_UPDATE, id=made["id"], variants=rows)["productVariantsBulkUpdate"]
    assert codes(answer) == ["NEGATIVE_PRICE_VALUE"]
    assert str(sim.store.variant_by_sku("HAT-S").price) == "9.90"
    client.data(BULK_UPDATE, id=made["id"], variants=rows, partial=True)
    assert [str(one.price) for one in sim.store.product("HAT-S").variants] == ["5.00", "9.90"]


def test_further_variants_need_their_options_and_a_free_place(client, made):
    def answer(*pairs):
        values = [{"optionName": name, "name": value} for name, value in pairs]
        variables = {"id": made["id"], "variants": [{"optionValues": values}]}
        return client.data(BULK_CREATE, **variables)["productVariantsBulkCreate"]

    assert answer(("Size", "L"))["productVariants"][0]["title"] == "L"
    assert codes(answer(("Size", "S"))) == ["VARIANT_ALREADY_EXISTS"]
    assert codes(answer(("Colour", "Red"))) == ["OPTION_VALUES_FOR_NUMBER_OF_UNKNOWN_OPTIONS"]
    assert codes(answer()) == ["NEED_TO_ADD_OPTION_VALUES"]


def test_a_stale_digest_a_wrong_type_and_too_many_metafields_are_refused(client, sim, made):
    sim.store.storefront.define_metafield("PRODUCT", "custom", "count", "number_integer")

    def answer(count=1, **more):
        row = {
            "ownerId": made["id"],
            "namespace": "custom",
            "key": "note",
            "type": "single_line_text_field",
            "value": "x",
        }
        return client.data(METAFIELDS, metafields=[{**row, **more}] * count)["metafieldsSet"]

    digest = answer()["metafields"][0]["compareDigest"]
    assert codes(answer(value="y", compareDigest=None)) == ["STALE_OBJECT"]
    assert codes(answer(value="y", compareDigest=digest)) == []
    assert codes(answer(value="z", compareDigest=digest)) == ["STALE_OBJECT"]
    assert codes(answer(key="count", value="3")) == ["INVALID_TYPE"]
    assert codes(answer(key="count", type="number_integer", value="three")) == ["INVALID_VALUE"]
    assert codes(answer(26)) == ["LESS_THAN_OR_EQUAL_TO"]


def test_a_picture_is_processed_and_one_that_cannot_be_read_fails(client, sim, made):
    sim.store.storefront.media_delay = 10
    good, _key = staged(client, "a.png", png(1), "image/png", "IMAGE")
    bad, _key = staged(client, "b.png", b"no picture", "image/png", "IMAGE")
    media = [{"originalSource": one, "alt": "x", "mediaContentType": "IMAGE"} for one in (good, bad)]
    client.data(UPDATE, product={"id": made["id"]}, media=media)
    text = "query($id: ID!) { product(id: $id) { media(first: 5) { nodes { status mediaErrors { code } } } } }"

    def states():
        return [
            (one["status"], [error["code"] for error in one["mediaErrors"]])
            for one in client.data(text, id=made["id"])["product"]["media"]["nodes"]
        ]

    assert [status for status, _codes in states()] == ["PROCESSING", "PROCESSING"]
    sim.clock.advance(11)
    assert states() == [("READY", []), ("FAILED", ["UNSUPPORTED_IMAGE_FILE_TYPE"])]


def test_an_alt_text_of_more_than_512_characters_is_refused_everywhere(client, made):
    source = "https://example.com/a.png"
    for length, refused in ((512, False), (513, True)):
        files = [{"originalSource": f"{source}?{length}", "alt": "a" * length}]
        media = [{**files[0], "mediaContentType": "IMAGE"}]
        assert bool(codes(client.data(SET, input=hat(handle=f"h{length}", files=files))["productSet"])) is refused
        update = client.data(UPDATE, product={"id": made["id"]}, media=media)["productUpdate"]
        assert bool(update["userErrors"]) is refused


def test_a_picture_gets_other_bytes_in_its_place_once_it_is_ready(client, sim, made):
    text = """mutation F($files: [FileUpdateInput!]!) { fileUpdate(files: $files) {
        files { id fileStatus } userErrors { field message code } } }"""
    sim.store.storefront.media_delay = 0.0
    media = sim.store.add_picture(sim.store.product("HAT-S"), alt="x")
    source, _key = staged(client, "new.png", png(7), "image/png", "IMAGE")
    file = {"id": f"gid://shopify/MediaImage/{media.id}", "originalSource": source}
    sim.store.storefront.files[media.id] = media
    media.status = "PROCESSING"
    assert codes(client.data(text, files=[file])["fileUpdate"]) == ["NON_READY_STATE"]
    media.status = "READY"
    sim.store.storefront.locked.add(media.id)
    assert codes(client.data(text, files=[file])["fileUpdate"]) == ["FILE_LOCKED"]
    sim.store.storefront.locked.clear()
    assert client.data(text, files=[file])["fileUpdate"]["files"] == [{"id": file["id"], "fileStatus": "PROCESSING"}]
    sim.clock.advance(1)
    sim.store.jobs.run_due()
    assert (media.content, media.status, media.version, media.alt) == (png(7), "READY", 2, "x")


def test_pictures_are_moved_one_after_the_other_by_a_job(client, sim, made):
    text = """mutation M($id: ID!, $moves: [MoveInput!]!) { productReorderMedia(id: $id, moves: $moves) {
        job { id } mediaUserErrors { field message code } } }"""
    product = sim.store.product("HAT-S")
    ids = [f"gid://shopify/MediaImage/{sim.store.add_picture(product, alt=one).id}" for one in "abc"]
    moves = [{"id": ids[2], "newPosition": "0"}, {"id": ids[0], "newPosition": "2"}]
    answer = client.data(text, id=made["id"], moves=moves)["productReorderMedia"]
    assert answer["job"]["id"] and not answer["mediaUserErrors"]
    sim.clock.advance(1)
    sim.store.jobs.run_due()
    assert [one.alt for one in product.media] == ["c", "b", "a"]
    moves = [{"id": "gid://shopify/MediaImage/1", "newPosition": "0"}]
    answer = client.data(text, id=made["id"], moves=moves)["productReorderMedia"]
    assert [one["field"] for one in answer["mediaUserErrors"]] == [["moves", "0", "id"]]


def test_a_picture_is_taken_off_a_variant_and_stays_with_the_product(client, sim, made):
    text = """mutation D($id: ID!, $rows: [ProductVariantDetachMediaInput!]!) {
      productVariantDetachMedia(productId: $id, variantMedia: $rows) { userErrors { field message code } } }"""
    product = sim.store.product("HAT-S")
    media = sim.store.add_picture(product, alt="x")
    product.variants[0].media = [media]
    rows = [{"variantId": made["variants"]["nodes"][0]["id"], "mediaIds": [f"gid://shopify/MediaImage/{media.id}"]}]
    assert codes(client.data(text, id=made["id"], rows=rows)["productVariantDetachMedia"]) == []
    assert (product.variants[0].media, product.media) == ([], [media])
    assert codes(client.data(text, id=made["id"], rows=rows)["productVariantDetachMedia"]) == [
        "MEDIA_IS_NOT_ATTACHED_TO_VARIANT"
    ]


def test_the_former_handle_leads_to_the_new_one_when_asked_for(client, sim, made):
    for handle, redirect in (("cap", True), ("bonnet", False)):
        client.data(UPDATE, product={"id": made["id"], "handle": handle, "redirectNewHandle": redirect})
    assert sim.store.storefront.redirects == {"hat": "cap"}


def test_active_does_not_publish_and_channels_are_chosen_one_by_one(client, sim, made):
    channels = client.data("{ publications(first: 5) { nodes { id channels(first: 1) { nodes { handle } } } } }")
    ids = {one["channels"]["nodes"][0]["handle"]: one["id"] for one in channels["publications"]["nodes"]}
    product = sim.store.product("HAT-S")
    assert (product.status, product.publications) == ("ACTIVE", {})
    publish = """mutation P($id: ID!, $input: [PublicationInput!]!) {
      publishablePublish(id: $id, input: $input) { userErrors { field message } } }"""
    client.data(publish, id=made["id"], input=[{"publicationId": ids["pos"]}])
    text = "query($id: ID!, $one: ID!) { product(id: $id) { publishedOnPublication(publicationId: $one) } }"
    assert client.data(text, id=made["id"], one=ids["pos"])["product"]["publishedOnPublication"]
    assert not client.data(text, id=made["id"], one=ids["online_store"])["product"]["publishedOnPublication"]


def test_automated_collections_cannot_be_joined_by_hand(client, sim, made):
    product = sim.store.product("HAT-S")
    manual = sim.store.add_collection("Manual")
    automated = sim.store.add_collection("Automated", automated=True)
    join = {"id": made["id"], "collectionsToJoin": [f"gid://shopify/Collection/{manual.id}"]}
    client.data(UPDATE, product=join)
    assert product.collections == [manual]
    join["collectionsToJoin"] = [f"gid://shopify/Collection/{automated.id}"]
    assert codes(client.data(UPDATE, product=join)["productUpdate"])
    assert product.collections == [manual]


def test_a_bulk_mutation_gives_one_answer_for_each_line(client, sim, made):
    lines = [{"input": hat(handle=handle)} for handle in ("cap", "hat", "beret")]
    text = "\n".join(json.dumps(one) for one in lines).encode()
    _url, key = staged(client, "in.jsonl", text, "text/jsonl", "BULK_MUTATION_VARIABLES")
    sim.store.bulk.rate = 1.0
    run = client.data(RUN, mutation=MAKE, path=key)["bulkOperationRunMutation"]["bulkOperation"]
    assert client.data(STATE, id=run["id"])["bulkOperation"]["status"] == "RUNNING"
    sim.clock.advance(4)
    state = client.data(STATE, id=run["id"])["bulkOperation"]
    assert (state["status"], state["type"], state["objectCount"]) == ("COMPLETED", "MUTATION", "3")
    rows = [json.loads(line) for line in requests.get(state["url"], timeout=10).text.splitlines()]
    assert [row["__lineNumber"] for row in rows] == [0, 1, 2]
    assert [bool(row["data"]["productSet"]["userErrors"]) for row in rows] == [False, True, False]


def test_a_bulk_mutation_that_cannot_start_says_why(client, sim):
    def answer(mutation=MAKE, path="tmp/none"):
        return codes(client.data(RUN, mutation=mutation, path=path)["bulkOperationRunMutation"])

    assert answer() == ["NO_SUCH_FILE"]
    _url, key = staged(client, "in.jsonl", b"{}", "text/jsonl", "BULK_MUTATION_VARIABLES")
    assert answer("{ shop { name } }", key) == ["INVALID_MUTATION"]
    assert answer("mutation X { nonsense }", key) == ["INVALID_MUTATION"]
    assert answer(SET, key) == ["INVALID_MUTATION"], "it asks for three lists of records, Shopify takes one"
    sim.store.bulk.rate = 0.001
    assert [answer(path=key) for _turn in range(6)] == [[]] * 5 + [["LIMIT_REACHED"]]
    sim.store.bulk.refuse = "ACCESS_DENIED"
    assert client.codes(RUN, {"mutation": MAKE, "path": key}) == ["ACCESS_DENIED"]


def test_prices_of_a_market_are_in_its_currency(client, sim, made):
    market = sim.store.storefront.add_price_list("Europe", "EUR")
    text = """mutation F($id: ID!, $prices: [PriceListPriceInput!]!) {
      priceListFixedPricesAdd(priceListId: $id, prices: $prices) { userErrors { code message } } }"""

    def answer(currency):
        price = {"amount": "8.50", "currencyCode": currency}
        prices = [{"variantId": made["variants"]["nodes"][0]["id"], "price": price}]
        variables = {"id": f"gid://shopify/PriceList/{market.id}", "prices": prices}
        return codes(client.data(text, **variables)["priceListFixedPricesAdd"])

    assert answer("USD")
    assert answer("EUR") == []
    assert [str(price) for price, _compare in market.fixed.values()] == ["8.50"]


def test_products_and_uploads_of_a_store_are_there_after_a_restart(new_simulator, tmp_path):
    journal = tmp_path / "journal.jsonl"
    simulator, client = new_simulator(seed=3, orders=0, journal=journal)
    url, _key = staged(client, "a.png", png(2), "image/png", "IMAGE")
    client.data(SET, input=hat(files=[{"originalSource": url}]))
    text = json.dumps({"input": hat(handle="cap")}).encode()
    _url, key = staged(client, "in.jsonl", text, "text/jsonl", "BULK_MUTATION_VARIABLES")
    client.data(RUN, mutation=MAKE, path=key)
    client.data("{ shop { name } }")
    before = [(one.id, one.handle, len(one.media)) for one in simulator.store.products]
    simulator.stop()
    again = Simulator(seed=3, orders=0, journal=journal).start()
    try:
        assert [(one.id, one.handle, len(one.media)) for one in again.store.products] == before
        assert again.store.product("HAT-S").media[0].content == png(2)
    finally:
        again.stop()
