"""The store's customers and companies, each a function of the seed and its number."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from ..ids import number_for
from ..model.people import Address, Customer
from . import rng
from .markets import MARKETS, City, Market

_WEIGHTS = [market.weight for market in MARKETS]


def market_of(seed: int, index: int) -> tuple[Market, City]:
    """Home of a customer."""
    random = rng(seed, "home", index)
    market = random.choices(MARKETS, _WEIGHTS)[0]
    return market, random.choice(market.cities)


def make_customer(seed: int, index: int, created: datetime) -> Customer:
    """The ``index``-th customer. Every fifth has no phone in its address; the e-mail is unique."""
    random = rng(seed, "customer", index)
    market, city = market_of(seed, index)
    first, last = random.choice(market.first_names), random.choice(market.last_names)
    customer = Customer(
        number_for("Customer", index),
        created,
        created,
        first,
        last,
        email=f"customer{index}@example.com",
        phone=f"{market.phone}{index % 10_000:04d}" if random.random() < 0.4 else None,
        tags=random.choice([[], [], ["vip"], ["newsletter"]]),
        locale=market.locale,
        state=random.choice(["DISABLED", "ENABLED"]),
        accepts_marketing=random.random() < 0.3,
        index=index,
    )
    customer.addresses.append(make_address(random, market, city, first, last, number_for("MailingAddress", index)))
    return customer


def make_address(random: Random, market: Market, city: City, first: str, last: str, number: int = 0) -> Address:
    """A street address in a city."""
    street = random.choice(market.streets)
    house = random.randint(1, 240)
    return Address(
        number,
        first,
        last,
        company=random.choice([None, None, None, None, f"{last} & Co"]),
        address1=f"{street} {house}" if market.country in ("DE", "NL", "PL") else f"{house} {street}",
        address2=random.choice([None, None, None, "2nd floor"]),
        city=city.name,
        zip=city.zip,
        country_code=market.country,
        province_code=city.province,
        phone=f"{market.phone}{random.randint(0, 9999):04d}" if random.random() < 0.8 else None,
    )


def joined_at(seed: int, index: int, until: datetime) -> datetime:
    """When a customer's account was made."""
    return until - timedelta(minutes=rng(seed, "joined", index).randint(60 * 24 * 60, 60 * 24 * 700))
