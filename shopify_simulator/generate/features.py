"""What makes an order of its kind: functions that add options to `place_order`, by name."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from random import Random

from ..events.payments import CASH_STEPS
from ..money import rounded

Feature = Callable[[object, Random, dict], None]
FEATURES: dict[str, Feature] = {}

LONG_NOTE = (
    "Bitte klingeln bei „Müller & Söhne“ – 2. Hof, 3. Stock links. \N{PARTY POPPER} Geschenk: nicht einpacken! "
    "Пожалуйста, позвоните заранее. 配達前にお電話ください。 <b>not bold</b> & \"quoted\" 'text'; DROP TABLE orders;\n"
) * 8


def feature(function: Feature) -> Feature:
    """Register under the function's name."""
    FEATURES[function.__name__] = function
    return function


def price(store, options: dict, amount: str) -> Decimal:
    """An amount given in USD as a round amount of the customer's currency."""
    currency = options.get("currency", store.shop.currency_code)
    scale = {"JPY": 150, "INR": 80, "COP": 4000}.get(currency, 1)
    return rounded(Decimal(amount) * scale, currency)


def usual_lines(store, random: Random, least: int = 1, most: int = 4) -> list[dict]:
    """Lines of ordinary products, each product once."""
    skus = store.seeded_skus()
    count = min(len(skus), random.randint(least, most))
    return [{"sku": sku, "quantity": random.choice([1, 1, 1, 2, 3])} for sku in random.sample(skus, count)]


@feature
def several_lines(store, random: Random, options: dict) -> None:
    options["lines"] = usual_lines(store, random, 2, 4)


@feature
def several_pieces(store, random: Random, options: dict) -> None:
    options["lines"] = [{**line, "quantity": random.randint(2, 4)} for line in usual_lines(store, random, 1, 2)]


@feature
def two_locations(store, random: Random, options: dict) -> None:
    options["lines"] = usual_lines(store, random, 2, 4)
    options["lines"][-1]["location"] = store.locations[1]


@feature
def paid_shipping(store, random: Random, options: dict) -> None:
    options["shipping"] = {"title": "Express", "price": price(store, options, "14.50")}


@feature
def failed_payment(store, random: Random, options: dict) -> None:
    options["payments"] = [
        {"gateway": "shopify_payments", "status": "failure", "error_code": "CARD_DECLINED"},
        {"gateway": "shopify_payments"},
    ]


@feature
def percentage_code(store, random: Random, options: dict) -> None:
    value = random.choice(["5", "10", "15", "20", "33.3"])
    options["discounts"] = [{"code": f"SAVE{value.split('.')[0]}", "percentage": value}]


@feature
def amount_code(store, random: Random, options: dict) -> None:
    options["lines"] = usual_lines(store, random, 2, 4)
    options["discounts"] = [
        {"code": "TENOFF", "amount": price(store, options, random.choice(["5.00", "10.00", "7.77"]))}
    ]


@feature
def automatic_discount(store, random: Random, options: dict) -> None:
    options["discounts"] = [{"automatic": "Summer sale", "percentage": random.choice(["12.5", "25"])}]


@feature
def line_discount(store, random: Random, options: dict) -> None:
    options["lines"] = usual_lines(store, random, 2, 3)
    options["discounts"] = [
        random.choice(
            [
                {
                    "manual": "Damaged box",
                    "amount": price(store, options, "2.50"),
                    "on": [0],
                    "description": "Corner dented",
                },
                {"code": "LINE20", "percentage": "20", "on": [0]},
                {"automatic": "Second half price", "percentage": "50", "on": [1]},
            ]
        )
    ]


@feature
def several_discounts(store, random: Random, options: dict) -> None:
    options["lines"] = usual_lines(store, random, 2, 4)
    options["discounts"] = [
        {"automatic": "Autumn", "percentage": "10", "on": [0, 1]},
        {"code": "WELCOME", "amount": price(store, options, "5.00")},
        {"manual": "Loyal customer", "percentage": "5"},
    ]


@feature
def script_discount(store, random: Random, options: dict) -> None:
    technical = {"title": "Route protection", "price": price(store, options, "10000"), "custom": True, "taxable": False}
    options["lines"] = [*usual_lines(store, random), {**technical, "requires_shipping": False}]
    options["discounts"] = [{"script": "Technical line", "percentage": "100", "on": [len(options["lines"]) - 1]}]


@feature
def free_shipping(store, random: Random, options: dict) -> None:
    paid_shipping(store, random, options)
    options["discounts"] = [{"code": "FREESHIP", "percentage": "100", "on": "shipping"}]


@feature
def shipping_discount(store, random: Random, options: dict) -> None:
    paid_shipping(store, random, options)
    amount = price(store, options, "4.00")
    options["discounts"] = [{"automatic": "Shipping deal", "amount": amount, "on": "shipping"}]


@feature
def all_free(store, random: Random, options: dict) -> None:
    options["shipping"] = {"title": "Standard", "price": 0}
    options["discounts"] = [{"code": "INFLUENCER", "percentage": "100"}]


@feature
def gift_card_sold(store, random: Random, options: dict) -> None:
    gift = {"sku": random.choice(["GIFT-25", "GIFT-50"])}
    options["lines"] = [*usual_lines(store, random, 1, 2), gift]


@feature
def paid_by_gift_card(store, random: Random, options: dict) -> None:
    options["payments"] = [{"gateway": "gift_card"}]


@feature
def gift_card_and_card(store, random: Random, options: dict) -> None:
    options["payments"] = [
        {"gateway": "gift_card", "amount": price(store, options, "2.50")},
        {"gateway": "shopify_payments"},
    ]


@feature
def store_credit(store, random: Random, options: dict) -> None:
    amount = price(store, options, "1.75")
    options["payments"] = [{"gateway": "shopify_store_credit", "amount": amount}, {"gateway": "paypal"}]


@feature
def two_gateways(store, random: Random, options: dict) -> None:
    amount = price(store, options, "3.01")
    options["payments"] = [{"gateway": "paypal", "amount": amount}, {"gateway": "shopify_payments"}]


@feature
def tip(store, random: Random, options: dict) -> None:
    options["tip"] = price(store, options, random.choice(["1.00", "3.50", "5.00"]))


@feature
def duties(store, random: Random, options: dict) -> None:
    options["lines"] = usual_lines(store, random, 1, 2)
    for line in options["lines"]:
        line["duty"] = {"price": price(store, options, "6.40"), "code": "610910", "country": "PT"}


@feature
def fee(store, random: Random, options: dict) -> None:
    options["fees"] = [{"name": "Packaging fee", "price": price(store, options, "1.20")}]


@feature
def custom_item(store, random: Random, options: dict) -> None:
    item = {"title": "Engraving „für Zoë“", "price": price(store, options, "7.30"), "custom": True}
    options["lines"] = [*usual_lines(store, random, 1, 2), {**item, "requires_shipping": random.choice([True, False])}]


@feature
def deleted_product(store, random: Random, options: dict) -> None:
    gone = {"sku": "OLD-0001", "title": "Discontinued Scarf", "price": price(store, options, "29.00"), "deleted": True}
    options["lines"] = [*usual_lines(store, random, 0, 2), gone]


@feature
def service(store, random: Random, options: dict) -> None:
    options["lines"] = [*usual_lines(store, random, 1, 2), {"sku": "SRV-WRAP"}]


@feature
def untracked(store, random: Random, options: dict) -> None:
    options["lines"] = [*usual_lines(store, random, 0, 2), {"sku": "STICK-SET", "quantity": random.randint(1, 5)}]


@feature
def bundle(store, random: Random, options: dict) -> None:
    lines = usual_lines(store, random, 3, 3)
    for line in lines[:2]:
        line |= {"group": "Starter Bundle", "quantity": 1}
    options["lines"] = lines


@feature
def zero_line(store, random: Random, options: dict) -> None:
    sample = {"sku": random.choice(store.seeded_skus()), "price": 0, "quantity": random.randint(1, 5)}
    options["lines"] = [*usual_lines(store, random, 1, 2), sample]


@feature
def untaxable(store, random: Random, options: dict) -> None:
    options["lines"] = usual_lines(store, random, 2, 3)
    options["lines"][0]["taxable"] = False


@feature
def pickup(store, random: Random, options: dict) -> None:
    options.pop("shipping", None)
    options["pickup"] = True


@feature
def company(store, random: Random, options: dict) -> None:
    options["customer"] = options["company"].main_contact.customer
    options["po_number"] = f"PO-{random.randint(1000, 9999)}"
    options["lines"] = [{**line, "quantity": random.randint(5, 40)} for line in usual_lines(store, random, 1, 3)]


@feature
def exempt_company(store, random: Random, options: dict) -> None:
    company(store, random, options)
    options["tax_exempt"] = True


@feature
def draft(store, random: Random, options: dict) -> None:
    options["note"] = "Ordered by phone"
    options["discounts"] = [{"manual": "Phone order", "percentage": "9"}] if random.random() < 0.5 else []


@feature
def till(store, random: Random, options: dict) -> None:
    options.pop("shipping", None)
    options |= {"gateway": "shopify_payments", "taxes": "US-NY", "source_identifier": f"3-{random.randint(1000, 9999)}"}


@feature
def cash(store, random: Random, options: dict) -> None:
    till(store, random, options)
    options |= {"gateway": "cash", "tendered": price(store, options, "5000")}


@feature
def rounded_cash(store, random: Random, options: dict) -> None:
    till(store, random, options)
    options |= {"gateway": "cash", "taxes": "CA-ON", "currency": "CAD"}
    if store.shop.currency_code in CASH_STEPS:
        options["currency"] = store.shop.currency_code


@feature
def source_number(store, random: Random, options: dict) -> None:
    options["source_identifier"] = f"111-{random.randint(10**6, 10**7)}"


@feature
def texts(store, random: Random, options: dict) -> None:
    title = "Überlanger Produktname mit Sonderzeichen äöüß – 特別版 🎁 " * 4
    custom = {"title": title.strip(), "price": price(store, options, "12.34"), "custom": True}
    properties = {"Gravur": "„Für immer“\nZeile 2", "_internal": "x" * 300, "Größe": None}
    options["lines"] = [*usual_lines(store, random, 1, 2), {**custom, "attributes": properties}]
    options["note"] = LONG_NOTE
    options["attributes"] = {"delivery_date": "2026-12-24", "Geschenk": "ja", "utm": "x" * 500}
    options["metafields"] = {"custom.gift_message": "Alles Gute 🎉", "custom.wrap": ("boolean", "true")}
    options["tags"] = ["VIP", "größer als 100 €", "tag with, comma"]


@feature
def many_lines(store, random: Random, options: dict) -> None:
    options["lines"] = usual_lines(store, random, 40, 70)


@feature
def large_quantities(store, random: Random, options: dict) -> None:
    options["lines"] = [{**line, "quantity": random.randint(100, 999)} for line in usual_lines(store, random, 1, 2)]
