"""Reading values of REST documents: amounts with and without price sets, times, addresses."""

from __future__ import annotations

from datetime import datetime, timezone
from decimal import Decimal

from ..model.people import Address
from ..money import ZERO, Bag, CurrencyPair
from ..taxes import TaxLine


def number(value: object) -> Decimal | None:
    """A decimal of text or number; None where the document has none."""
    return None if value in (None, "") else Decimal(str(value))


def moment(value: str | None) -> datetime | None:
    """An aware UTC time."""
    if not value:
        return None
    found = datetime.fromisoformat(value.replace("Z", "+00:00"))
    if found.tzinfo is None:
        found = found.replace(tzinfo=timezone.utc)
    return found.astimezone(timezone.utc).replace(microsecond=0)


def text(value: object) -> str | None:
    """Text, None for empty."""
    return str(value) if value not in (None, "") else None


class Money:
    """Reads amounts of one document. Old shapes have amounts without sets: then both currencies are the same."""

    def __init__(self, document: dict):
        shop = document.get("currency") or "USD"
        presentment = document.get("presentment_currency") or shop
        self.pair = CurrencyPair(shop, presentment, _rate(document) if shop != presentment else Decimal(1))

    def of(self, holder: dict | None, name: str) -> Bag | None:
        """The amount ``name`` of a part of the document, from its set if it has one; None when it is not stated."""
        if not holder:
            return None
        given = holder.get(f"{name}_set")
        if given and given.get("shop_money"):
            return self.bag_of_set(given)
        flat = number(holder.get(name))
        if flat is None:
            return None
        return self.converted(flat)

    def bag_of_set(self, given: dict) -> Bag:
        """A bag of ``{"shop_money": ..., "presentment_money": ...}``."""
        shop = number(given["shop_money"]["amount"])
        presentment = number((given.get("presentment_money") or given["shop_money"])["amount"])
        return Bag(shop, presentment, self.pair)

    def converted(self, shop: Decimal) -> Bag:
        """A bag of an amount that is stated in the shop's currency alone."""
        if self.pair.shop == self.pair.presentment:
            return Bag(shop, shop, self.pair)
        return Bag(shop, self.pair.from_shop(shop), self.pair)

    def zero(self) -> Bag:
        return Bag(ZERO, ZERO, self.pair)

    def taxes(self, rows: list[dict] | None) -> list[TaxLine]:
        """Tax lines as stated."""
        return [
            TaxLine(
                row.get("title") or "Tax",
                number(row.get("rate")),
                self.of(row, "price") or self.zero(),
                row.get("channel_liable"),
                row.get("source"),
            )
            for row in rows or []
        ]


def address(row: dict | None) -> Address | None:
    """An address; None when the document has none."""
    if not row:
        return None
    return Address(
        int(row.get("id") or 0),
        text(row.get("first_name")),
        text(row.get("last_name")),
        text(row.get("company")),
        text(row.get("address1")),
        text(row.get("address2")),
        text(row.get("city")),
        text(row.get("zip")),
        text(row.get("country_code")),
        text(row.get("province_code")),
        text(row.get("phone")),
        stated_country=text(row.get("country")),
        stated_province=text(row.get("province")),
    )


def pairs(rows: list[dict] | None) -> list[tuple[str, str | None]]:
    """Name and value pairs (``note_attributes``, line ``properties``)."""
    return [(str(row.get("name")), text(row.get("value"))) for row in rows or []]


def _rate(document: dict) -> Decimal:
    """Units of shop currency for one of the customer's, from the largest total that has both."""
    for name in ("total_price_set", "current_total_price_set", "total_line_items_price_set"):
        given = document.get(name)
        if given and number(given["presentment_money"]["amount"]):
            return number(given["shop_money"]["amount"]) / number(given["presentment_money"]["amount"])
    return Decimal(1)
