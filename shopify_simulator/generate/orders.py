"""The generated orders of a store: when each was placed, of which kind, by whom; built in full when looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from ..book import Header
from ..events.place import place
from ..ids import number_for
from ..model.order import Order
from . import rng
from .customers import make_address, market_of
from .features import FEATURES, price, usual_lines
from .kinds import KINDS, Kind
from .markets import MARKETS, Market
from .steps import run

OLDEST_DAYS = 420
RETURNING = 0.45
"""Share of orders by customers who bought before."""

_WEIGHTS = [kind.weight for kind in KINDS]
_CUMULATED = [sum(_WEIGHTS[: index + 1]) for index in range(len(_WEIGHTS))]
_EVERY = 3
"""Each so manyth order takes the next kind of the list, so that stores of a few hundred orders hold them all."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is decided about an order before it is built. ``times``: when each step of its kind happens."""

    serial: int
    kind: Kind
    created_at: datetime
    times: tuple[datetime, ...]
    customer: int | None

    @property
    def updated_at(self) -> datetime:
        return self.times[-1] if self.times else self.created_at


class Generator:
    """Plans and builds the ``count`` generated orders of a store."""

    def __init__(self, store, count: int, days: int, older: float):
        self.store = store
        self.count = count
        self.days = days
        self.old = round(count * older)
        self._turn = rng(store.seed, "turn").randrange(len(KINDS))

    def plan(self, serial: int) -> Plan:
        """The plan of one order: cheap, the same on every run."""
        random = self._random(serial)
        kind = self._kind(serial, random)
        created = self._created(serial, random)
        customer = self._customer(serial, random) if kind.buyer == "customer" else None
        return Plan(serial, kind, created, self._times(kind, created, random), customer)

    def header(self, plan: Plan) -> Header:
        """What can be searched of an order that is not built."""
        kind, shop = plan.kind, self.store.shop
        number = 1000 + plan.serial
        name = f"{shop.order_number_format_prefix}{number}{shop.order_number_format_suffix}"
        customer = self._customer_id(plan)
        return Header(
            plan.serial,
            number_for("Order", plan.serial),
            name,
            number,
            plan.created_at,
            plan.created_at,
            plan.updated_at,
            kind.financial,
            kind.fulfillment,
            kind.state,
            kind.test,
            kind.source,
            self._tags(kind),
            customer,
            kind.name,
        )

    def build(self, serial: int) -> Order:
        """The order itself, with everything that happened to it."""
        plan = self.plan(serial)
        random = rng(self.store.seed, "details", serial)
        order = place(self.store, serial, plan.created_at, **self._options(plan, random))
        order.updated_at = plan.created_at
        for (step, _hours), at in zip(plan.kind.steps, plan.times, strict=True):
            run(step, self.store, order, at, random)
        return order

    # -- planning ------------------------------------------------------------------------------------------------------

    def _random(self, serial: int) -> Random:
        return Random(self.store.seed * 1_000_003 + serial)

    def _kind(self, serial: int, random: Random) -> Kind:
        chosen = random.choices(KINDS, cum_weights=_CUMULATED)[0]
        if serial % _EVERY == 0:
            return KINDS[(self._turn + serial // _EVERY) % len(KINDS)]
        return chosen

    def _created(self, serial: int, random: Random) -> datetime:
        """Orders come in the order of their numbers, at uneven distances."""
        if serial <= self.old:
            start, span, position, of = OLDEST_DAYS, OLDEST_DAYS - 61, serial, self.old
        else:
            start, span, position, of = self.days, self.days, serial - self.old, self.count - self.old
        part = (position - 1 + random.random()) / of
        moment = self.store.reference - timedelta(days=start) + timedelta(days=span) * part
        return moment.replace(microsecond=0)

    def _times(self, kind: Kind, created: datetime, random: Random) -> tuple[datetime, ...]:
        """Times of the steps, none later than the store's last day."""
        hours, times = 0.0, []
        for _step, most in kind.steps:
            hours += most * random.uniform(0.2, 1.0)
            times.append(hours)
        left = (self.store.reference - created).total_seconds() / 3600
        scale = min(1.0, left * 0.95 / hours) if hours else 1.0
        return tuple((created + timedelta(hours=one * scale)).replace(microsecond=0) for one in times)

    def _customer(self, serial: int, random: Random) -> int:
        """A new customer, or one of those before."""
        newest = max(1, int(serial * (1 - RETURNING)))
        return random.randint(1, newest) if random.random() < RETURNING else newest

    def _customer_id(self, plan: Plan) -> int | None:
        if plan.customer is not None:
            return number_for("Customer", plan.customer)
        if plan.kind.buyer == "company":
            return self._company(plan).main_contact.customer.id
        return None

    def _company(self, plan: Plan):
        companies = self.store.people.companies
        return companies[plan.serial % len(companies)]

    def _tags(self, kind: Kind) -> tuple[str, ...]:
        return ("VIP", "größer als 100 €", "tag with, comma") if "texts" in kind.features else kind.tags

    # -- details -------------------------------------------------------------------------------------------------------

    def _options(self, plan: Plan, random: Random) -> dict:
        store, kind = self.store, plan.kind
        market, options = self._buyer(plan, random)
        options |= {"source": kind.source, "tags": list(kind.tags)}
        if kind.abroad and market.currency in store.shop.rates and random.random() < 0.45:
            options["currency"] = market.currency
        options["lines"] = usual_lines(store, random)
        if kind.source != "pos":
            options["shipping"] = self._shipping(market, options, random)
        for name in kind.features:
            FEATURES[name](store, random, options)
        options |= kind.options
        if "discounts" not in options and not kind.features and random.random() < 0.12:
            FEATURES["percentage_code"](store, random, options)
        return options

    def _buyer(self, plan: Plan, random: Random) -> tuple[Market, dict]:
        """Who buys, from where, and the taxes there."""
        store, kind = self.store, plan.kind
        home = MARKETS[0]
        if plan.customer is not None:
            customer = store.people.get(plan.customer)
            market, city = market_of(store.seed, plan.customer)
            options = {"customer": customer, "taxes": city.taxes}
            if random.random() < 0.1:
                first, last = random.choice(market.first_names), random.choice(market.last_names)
                city = random.choice(market.cities)
                options["address"] = make_address(random, market, city, first, last, self._address_number(plan))
                options["billing"] = customer.addresses[0]
            return (market if kind.abroad else home), options
        market = random.choices(MARKETS, [one.weight for one in MARKETS])[0] if kind.abroad else home
        city = random.choice(market.cities)
        if kind.buyer == "company":
            return market, {"taxes": city.taxes, "company": self._company(plan)}
        if kind.buyer == "nobody":
            return market, {"taxes": city.taxes}
        first, last = random.choice(market.first_names), random.choice(market.last_names)
        address = make_address(random, market, city, first, last, self._address_number(plan))
        return market, {"customer": kind.buyer, "address": address, "taxes": city.taxes, "locale": market.locale}

    def _address_number(self, plan: Plan) -> int:
        return number_for("MailingAddress", 10_000_000 + plan.serial)

    def _shipping(self, market: Market, options: dict, random: Random) -> dict | list:
        store = self.store
        standard = {
            "title": "Standard",
            "code": "STD",
            "price": price(store, options, random.choice(["4.90", "5.95", "0"])),
        }
        express = {"title": "Express", "code": "EXP", "source": "ups", "carrier_identifier": "9f8e7d",
                   "price": price(store, options, "14.50")}  # fmt: skip
        choice = random.random()
        if choice < 0.02:
            return [standard, express]
        return express if choice < 0.2 else standard


def fill(store, count: int, days: int = 50, older: float = 0.0) -> Generator:
    """Give a store its generated orders, customers and companies."""
    generator = Generator(store, count, days, older)
    plans = [generator.plan(serial) for serial in range(1, count + 1)]
    newest = max((plan.customer for plan in plans if plan.customer is not None), default=0)
    store.people.generated = newest
    for plan in plans:
        if plan.customer is not None:
            store.people.last_order[plan.customer] = plan.created_at
    if count:
        _companies(store)
    store.generate_orders([generator.header(plan) for plan in plans], generator.build)
    return generator


def _companies(store) -> None:
    """A few companies that buy on terms."""
    opened = store.reference - timedelta(days=500)
    for number, (name, reference) in enumerate([("Fjord Retail AS", "C-1001"), ("Müller Großhandel GmbH", "C-1002"),
                                                ("North & South Trading", None)], start=1):  # fmt: skip
        buyer = store.people.add(first_name="Buyer", last_name=f"No. {number}", email=f"purchasing{number}@example.com",
                                 created_at=opened)  # fmt: skip
        store.people.add_company(name, buyer, opened, external_id=reference, terms=("Net 30", "NET", 30))
