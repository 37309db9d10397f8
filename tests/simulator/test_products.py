"""What a merchant does with products, as the API and webhooks tell it."""

import urllib.error
import urllib.request

import pytest

from shopify_simulator import Simulator
from shopify_simulator.pictures import address, png
from shopify_simulator.values import BadRequest


@pytest.fixture
def sim():
    with Simulator(orders=0, products=4) as running:
        yield running


def shirt(store, **more):
    variants = [{"values": [size], "sku": f"SHIRT-{size}", "price": "9.90"} for size in ("S", "M")]
    return store.add_variants("Shirt", [["Size", ["S", "M"]]], variants, **more)


def test_a_product_has_the_variants_and_options_it_was_given(sim):
    made = shirt(sim.store, category=("aa-1", "Apparel > Shirts"))
    assert [variant.selected for variant in made.variants] == [[("Size", "S")], [("Size", "M")]]
    sim.store.change_product(made, add=[{"values": ["L"], "sku": "SHIRT-L"}], remove=["SHIRT-S"])
    assert [variant.sku for variant in made.variants] == ["SHIRT-M", "SHIRT-L"]
    assert made.options == [("Size", ["S", "M", "L"])]
    assert sim.store.variant_by_sku("SHIRT-L").product is made


def test_a_product_is_named_by_id_in_any_form_or_by_sku(sim):
    made = shirt(sim.store)
    for name in (made.id, str(made.id), f"gid://shopify/Product/{made.id}", "SHIRT-S"):
        assert sim.store.product(name) is made
    with pytest.raises(BadRequest):
        sim.store.product("999")


def test_a_change_moves_the_date_and_a_wrong_one_is_refused(sim):
    made = shirt(sim.store)
    before = made.updated_at
    sim.clock.advance(60)
    sim.store.change_product("SHIRT-S", variants={"SHIRT-S": {"price": "8.00", "sku": "SHIRT-XS"}})
    assert made.updated_at > before
    assert made.variants[0].inventory_item.sku == "SHIRT-XS"
    with pytest.raises(BadRequest, match="colour"):
        sim.store.change_product(made, colour="red")
    with pytest.raises(BadRequest, match="options"):
        sim.store.change_product(made, add=[{"values": [], "sku": "X"}])


def test_pictures_are_served_until_they_are_gone(sim):
    made = shirt(sim.store)
    picture = sim.store.add_picture(made, number=3)
    with urllib.request.urlopen(address(sim.domain, picture), timeout=5) as answer:
        assert (answer.read(), answer.headers["Content-Type"]) == (png(3), "image/png")
    picture.content = None
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(address(sim.domain, picture), timeout=5)


def test_creating_changing_and_deleting_a_product_is_told_to_subscribers(sim):
    sim.webhooks.automatic = False
    for topic in ("PRODUCTS_CREATE", "PRODUCTS_UPDATE", "PRODUCTS_DELETE"):
        sim.webhooks.subscribe(topic, f"http://127.0.0.1:1/{topic}", include_fields=["id"])
    made = shirt(sim.store)
    sim.store.change_product(made, title="Hat")
    sim.store.delete_product(made)
    assert [one.topic for one in sim.webhooks.pending()] == ["products/create", "products/update", "products/delete"]
    assert {one.body for one in sim.webhooks.pending()} == {f'{{"id":{made.id}}}'.encode()}
