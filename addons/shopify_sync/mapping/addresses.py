"""Postal addresses: Shopify's `MailingAddress` as values that can be compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .reading import text

#: Unicode's block of combining accents.
_ACCENTS = re.compile("[\u0300-\u036f]")


@dataclass(frozen=True, slots=True)
class Address:
    """An address as the customer typed it. `country` and `state_code` are ISO codes, '' where Shopify has none."""

    name: str
    company: str
    street: str
    street2: str
    city: str
    zip: str
    state_code: str
    state_name: str
    country: str
    phone: str

    @property
    def key(self) -> str:
        """Equal content gives an equal key: letter case, accents, spaces and punctuation do not count."""
        state = self.state_code or self.state_name
        parts = (self.name, self.company, self.street, self.street2, self.city, self.zip, state, self.country)
        return "|".join([*(normalise(part) for part in parts), phone_key(self.phone)])

    @property
    def is_empty(self) -> bool:
        """No place and no name at all (erased data, plans without personal data)."""
        return not any((self.name, self.company, self.street, self.street2, self.city, self.zip, self.country))


def normalise(value: str) -> str:
    """Lower case, without accents, punctuation and double spaces.

    Only the accents of Latin, Greek and Cyrillic letters go: in other scripts (kana, Devanagari, Thai) a combining
    sign makes another letter.
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", value).casefold())
    plain = unicodedata.normalize("NFC", _ACCENTS.sub("", plain))
    kept = (char if char.isalnum() or unicodedata.category(char)[0] == "M" else " " for char in plain)
    return " ".join("".join(kept).split())


def phone_key(value: str) -> str:
    """The digits of a phone number, an international prefix 00 or + left out."""
    found = re.sub(r"\D", "", value)
    return found.removeprefix("00")


def email_key(value: str) -> str:
    """An e-mail address as compared: trimmed, lower case."""
    return value.strip().lower()


def read_address(data: Mapping[str, Any] | None) -> Address | None:
    """An address of Shopify; None where there is none or nothing in it."""
    if not data:
        return None
    name = text(data.get("name")) or f"{text(data.get('firstName'))} {text(data.get('lastName'))}".strip()
    address = Address(
        name=name,
        company=text(data.get("company")),
        street=text(data.get("address1")),
        street2=text(data.get("address2")),
        city=text(data.get("city")),
        zip=text(data.get("zip")),
        state_code=text(data.get("provinceCode")),
        state_name=text(data.get("province")),
        country=text(data.get("countryCodeV2")),
        phone=text(data.get("phone")),
    )
    return None if address.is_empty else address
