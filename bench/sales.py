"""The orders that every way imports: made from one number, placed in the simulated store."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shopify_simulator import Simulator

#: Prices are multiples of 0.25 and the tax is 8 %: no cent is ever rounded, so totals agree whoever computes them.
TAX_TITLE = "Sales Tax"
TAX_RATE = "0.08"
SHIPPING_TITLE, SHIPPING_CODE, SHIPPING_PRICE = "Standard", "standard", "5.00"
GATEWAY = "shopify_payments"
CITIES = (
    ("New York", "10001", "NY"),
    ("Los Angeles", "90012", "CA"),
    ("Austin", "78701", "TX"),
    ("Miami", "33101", "FL"),
)
SAME_BUYER_EVERY = 4  # each fourth order is of the buyer before
OTHER_ADDRESS_EVERY = 3  # each third order goes to another address than the buyer's own


@dataclass(frozen=True)
class Place:
    """An address in the United States; `state` is its two-letter code."""

    street: str
    city: str
    zip: str
    state: str


@dataclass(frozen=True)
class Sale:
    """An order as any connector knows it once it has read it. Amounts are decimal text in US dollars.

    `lines` are (SKU, units, price of one); `shipping` the price of the delivery; `total` what the customer paid, taxes
    included, as the store states it; `placed_at` is UTC, ISO.
    """

    reference: str
    email: str
    first_name: str
    last_name: str
    home: Place
    delivery: Place
    lines: Sequence[tuple[str, int, str]]
    shipping: str
    total: str
    placed_at: str

    @classmethod
    def from_json(cls, values: dict) -> "Sale":
        places = {key: Place(**values[key]) for key in ("home", "delivery")}
        return cls(**{**values, **places, "lines": [tuple(line) for line in values["lines"]]})


@dataclass
class Round:
    """Orders imported in one go: one batch of the connector. They were placed from `start` until before `end` (UTC)."""

    start: datetime
    end: datetime
    sales: list[Sale] = field(default_factory=list)


def sizes(orders: int, batch: int) -> list[int]:
    """How many orders each round has: full batches, then the rest."""
    full, rest = divmod(orders, batch)
    return [batch] * full + ([rest] if rest else [])


def place_rounds(simulator: Simulator, counts: Sequence[int], lines: int, first_day: datetime) -> list[Round]:
    """Place rounds of these sizes in the store, each in an hour of its own from `first_day` on."""
    makers = _described(random.Random(simulator.store.seed), simulator.store.skus(), lines)
    rounds = []
    for position, count in enumerate(counts):
        start = first_day + timedelta(hours=position)
        current = Round(start, start + timedelta(hours=1))
        for number in range(count):
            moment = start + timedelta(seconds=number)
            current.sales.append(_place(simulator, moment, next(makers)))
        rounds.append(current)
    return rounds


def _described(dice: random.Random, skus: Sequence[str], lines: int) -> Iterator[dict]:
    number, buyer, home = 0, 0, None
    while True:
        number += 1
        if number % SAME_BUYER_EVERY or not home:
            buyer, home = number, _some_place(dice, f"{number} Example Street")
        delivery = home if number % OTHER_ADDRESS_EVERY else _some_place(dice, f"{number} Other Road")
        yield {
            "reference": f"BENCH-{number:05}",
            "email": f"buyer{buyer}@example.com",
            "first_name": "Alex",
            "last_name": f"Example {buyer}",
            "home": home,
            "delivery": delivery,
            "lines": [
                (sku, dice.randint(1, 3), f"{dice.randint(20, 400) * 0.25:.2f}") for sku in dice.sample(skus, lines)
            ],
            "shipping": SHIPPING_PRICE,
        }


def _some_place(dice: random.Random, street: str) -> Place:
    return Place(street, *dice.choice(CITIES))


def _place(simulator: Simulator, moment: datetime, described: dict) -> Sale:
    order = simulator.store.place_order(
        lines=[{"sku": sku, "quantity": units, "price": price} for sku, units, price in described["lines"]],
        taxes=[(TAX_TITLE, TAX_RATE)],
        shipping={
            "title": SHIPPING_TITLE,
            "code": SHIPPING_CODE,
            "price": described["shipping"],
            "taxes": [(TAX_TITLE, TAX_RATE)],
        },
        gateway=GATEWAY,
        customer=_buyer(simulator, described),
        address=_address(described["delivery"]),
        billing=_address(described["home"]),
        po_number=described["reference"],
        created_at=moment,
    )
    total = str(order.original_total.shop)
    return Sale(**described, total=total, placed_at=moment.replace(tzinfo=None).isoformat(sep=" "))


def _buyer(simulator: Simulator, described: dict) -> object:
    """The store's customer with this e-mail, made when it has none yet."""
    people = simulator.store.people
    known = (customer for customer in people.everyone() if customer.email == described["email"])
    names = {key: described[key] for key in ("first_name", "last_name", "email")}
    return next(known, None) or people.add(**names, address=_address(described["home"]))


def _address(place: Place) -> dict:
    return {
        "address1": place.street,
        "city": place.city,
        "zip": place.zip,
        "province_code": place.state,
        "country_code": "US",
    }
