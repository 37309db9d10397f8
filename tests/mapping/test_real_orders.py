"""Orders that Shopify itself made (tests/data/orders): what adds up comes to its totals, what does not is named."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from made_orders import assert_adds_up, tax_of, total_of
from simulated import SIDES, orders_of, store

from mapping import Options, Side, read_order

FOLDER = Path(__file__).parents[1] / "data" / "orders"
FILES = {f"{path.parent.name}/{path.stem}": path for path in sorted(FOLDER.glob("*consistent/*.json"))}
CONSISTENT = [name for name in FILES if name.startswith("consistent/")]
#: What each document contradicts itself on, in shop money: Shopify's figure less what its parts come to.
CONTRADICTIONS = {
    "ca-gst-qst-line-taxes-listed-twice": {"total": "-5.24", "tax": "-5.24"},
    "docs-cancelled-refunded-current-total-unchanged": {"subtotal": "10.00", "current_total": "598.94"},
    "docs-partial-refund-subtotal-before-discount": {"subtotal": "10.00"},
    "docs-webhook-sample-discount-not-on-lines": {"total": "-20.00", "subtotal": "-10.00", "current_total": "10.00"},
    "my-api-order-line-tax-equal-to-price-total-without-tax": {"total": "-21", "tax": "-21", "current_total": "21"},
    "my-api-order-ten-pieces-taxed-as-one": {"total": "-1.2", "tax": "-1.2", "current_total": "1.2"},
    "my-api-order-total-without-tax-current-total-with-tax": {
        "total": "-28.9",
        "tax": "-28.9",
        "current_total": "28.9",
    },
    "my-api-order-two-taxed-lines-paid-less-than-current": {"total": "-21.9", "tax": "-21.9", "current_total": "21.9"},
}


@pytest.fixture(scope="module")
def served():
    """Each document, and the order as our own document reads it from a store that holds it."""
    with store() as simulator:
        ids = {}
        for name, path in FILES.items():
            document = json.loads(path.read_text(encoding="utf-8"))
            order = simulator.store.load_rest_order(document, new_id=True)
            ids[f"gid://shopify/Order/{order.id}"] = (name, document)
        found = {}
        for order in orders_of(simulator):
            name, document = ids[order["id"]]
            found[name] = (document, order)
    assert len(found) == len(FILES) == 45
    return found


def stated(document, field, side):
    """A figure of the document itself, whatever its shape; None where it states none."""
    camel = "".join(word.capitalize() if number else word for number, word in enumerate(field.split("_")))
    bag = document.get(f"{field}_set") or document.get(f"{camel}Set")
    if bag:
        money = bag.get("shop_money") or bag["shopMoney"]
        if side is Side.CUSTOMER:
            money = bag.get("presentment_money") or bag.get("presentmentMoney") or money
        return Decimal(str(money["amount"]))
    return None if document.get(field) is None else Decimal(str(document[field]))


@pytest.mark.parametrize("side", SIDES, ids=[side.name.lower() for side in SIDES])
@pytest.mark.parametrize("name", CONSISTENT)
def test_a_sound_order_comes_to_its_own_totals_to_the_cent(served, name, side):
    document, order = served[name]
    found = read_order(order, Options(side=side))
    assert_adds_up(found)
    silent = [one for one in found.refunds if not one.moves_money and not found.is_cancelled]
    off = sum((one.value(found.taxes_included) for one in silent), Decimal(0))
    tax_off = sum((one.tax for one in silent), Decimal(0))
    assert total_of(found) + off == stated(document, "total_price", side)
    tax = stated(document, "total_tax", side)
    if tax is not None:
        assert tax_of(found) + tax_off == tax
    current = stated(document, "current_total_price", side)
    if current is not None:
        given_back = sum((one.value(found.taxes_included) for one in found.refunds), Decimal(0))
        assert total_of(found) + off - given_back == current


@pytest.mark.parametrize("side", SIDES, ids=[side.name.lower() for side in SIDES])
@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_an_order_that_contradicts_itself_is_mapped_and_its_contradictions_are_named(served, name, side):
    document, order = served[f"inconsistent/{name}"]
    found = read_order(order, Options(side=side))
    assert {one.name: one.amount for one in found.differences} == {
        figure: Decimal(amount) for figure, amount in CONTRADICTIONS[name].items()
    }
    ordered = document.get("line_items")
    assert len([one for one in found.lines if one.line_id]) == len(ordered)


def test_every_document_is_looked_at():
    assert set(FILES) - set(CONSISTENT) == {f"inconsistent/{name}" for name in CONTRADICTIONS}


@pytest.mark.parametrize(
    ("name", "gateway"),
    [
        ("us-2018-free-order-total-zero", "free"),
        ("eur-shop-gbp-customer-paid-by-gift-card", "gift_card"),
        ("usd-shop-eur-customer-vat20-included", "shopify_payments"),
        ("br-2014-old-shape-no-price-sets-pending-boleto", "Boleto Bancário"),
    ],
)
def test_a_real_order_names_its_gateway(served, name, gateway):
    assert read_order(served[f"consistent/{name}"][1], Options()).gateways.main == gateway


def test_the_line_of_ten_thousand_discounted_to_nothing_bears_no_tax(served):
    _document, order = served["consistent/us-cancelled-technical-line-10000-fully-discounted-shipping-refund"]
    found = read_order(order, Options())
    (big,) = [one for one in found.lines if one.net == 10000]
    (less,) = [one for one in found.lines if one.main_key == big.key]
    assert (less.net, big.taxes, less.taxes) == (-10000, (), ())


def test_the_same_tax_on_both_pieces_of_an_edited_line_is_one_tax_of_both_amounts(served):
    _document, order = served["consistent/ca-gst-taxed-shipping-edited-twice-same-tax-authorized"]
    found = read_order(order, Options())
    product = next(one for one in found.lines if one.kind == "product")
    assert [(part.key.title, part.amount) for part in product.taxes] == [("GST", Decimal("3.50"))]
