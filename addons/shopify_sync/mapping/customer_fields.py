"""Who owns each field of a customer: a change goes to the side where nobody changed the field (rules, section 5).

Four fields go both ways: name, email, phone, and the address as a whole (parts of two addresses make none). All values
are as Odoo holds them: texts, and for the address a list of street, second line, city, zip, id of the state, id of the
country. Two things are kept of each link: `written`, the values that the connector last wrote into Odoo or sent from it,
and `seen`, the values that Shopify last had.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .addresses import email_key, normalise, phone_key

Values = Mapping[str, Any]

FIELDS = ("name", "email", "phone", "address")
#: Numbers of so many digits are the same when one ends with the other: the country code is left out in one of them.
SHORTEST_PHONE = 7
#: What Shopify no longer has is taken off the contact; a name and an address stay as they were last known.
CLEARED = ("email", "phone")


@dataclass
class Arrival:
    """What a customer's state in Shopify changes in Odoo: values to write, and the link's new memory.

    `kept` are fields where Shopify has another value and a person's value in Odoo stays.
    """

    write: dict[str, Any] = field(default_factory=dict)
    written: dict[str, Any] = field(default_factory=dict)
    seen: dict[str, Any] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)


@dataclass
class Departure:
    """What goes to Shopify, what comes from there instead because it is newer, and what was changed on both sides."""

    send: list[str] = field(default_factory=list)
    take: list[str] = field(default_factory=list)
    both: list[str] = field(default_factory=list)


def is_empty(value: Any) -> bool:
    """Nothing in it; an address without street, city and zip is none."""
    return not any(value[:4]) if isinstance(value, list) else not value


def is_hidden(shopify: Values) -> bool:
    """Shopify shows neither name nor e-mail nor phone: erased, or hidden by the store's plan (cities may be shown)."""
    return not (shopify["name"] or shopify["email"] or shopify["phone"])


def same(name: str, one: Any, other: Any) -> bool:
    """Equal but for letter case, accents, spaces, and how a phone is written: with or without its country code."""
    first, second = _key(name, one), _key(name, other)
    if name == "phone" and first != second:
        short, long = sorted((first.lstrip("0"), second.lstrip("0")), key=len)
        return len(short) >= SHORTEST_PHONE and long.endswith(short)
    return first == second


def arriving(current: Values, shopify: Values, written: Values, seen: Values, take_changes: bool = True) -> Arrival:
    """Decide what Shopify's values change in Odoo.

    :param current: what the contact has; fields that are not his own (the address of a company's person) are left out
    :param take_changes: False: only empty fields are filled
    """
    result = Arrival(written=dict(written), seen=dict(seen))
    if is_hidden(shopify):
        return result  # nothing is known, so nothing has changed
    for name in current:
        value, mine = shopify[name], current[name]
        changed = name not in seen or not same(name, value, seen[name])
        result.seen[name] = value
        if same(name, value, mine):
            if name in written:
                result.written[name] = value
        elif is_empty(mine):
            if is_empty(written.get(name)) and _fits(name, mine, value):  # else a person has emptied it
                result.write[name] = result.written[name] = value
        elif changed and _is_ours(name, mine, written) and take_changes:
            if not is_empty(value) or name in CLEARED:
                result.write[name] = result.written[name] = value
        elif not is_empty(value) and not _is_ours(name, mine, written):
            result.kept.append(name)
    return result


def departing(current: Values, shopify: Values, written: Values, seen: Values) -> Departure:
    """Decide what a contact's values change in Shopify. An empty field in Odoo clears nothing there."""
    result = Departure()
    for name in current:
        value, mine = shopify[name], current[name]
        nameless = name == "name" and mine == current["email"]  # a contact of whom only the e-mail is known
        if is_empty(mine) or nameless or same(name, mine, value):
            continue
        if name not in seen or same(name, value, seen[name]):
            result.send.append(name)
        elif _is_ours(name, mine, written):
            result.take.append(name)
        else:
            result.both.append(name)
    return result


def differing(current: Values, seen: Values) -> list[str]:
    """Fields in which the contact differs from what Shopify last had."""
    return [name for name in current if name in seen and not same(name, current[name], seen[name])]


def split_name(name: str, is_company: bool = False) -> tuple[str, str]:
    """First and last name as Shopify holds them: the last word is the last name; a company is a last name alone."""
    first, _, last = ("", "", name) if is_company else name.strip().rpartition(" ")
    return first.strip(), last.strip()


def _fits(name: str, mine: Any, value: Any) -> bool:
    """What a contact without street and city has of an address, its country say, is the same in the other one."""
    return name != "address" or all(not part or part == other for part, other in zip(mine[4:], value[4:], strict=True))


def _is_ours(name: str, mine: Any, written: Values) -> bool:
    """The contact still has what the connector wrote last."""
    return name in written and same(name, mine, written[name])


def _key(name: str, value: Any) -> Any:
    if name == "address":
        street, street2, city, code, state, country = value or ["", "", "", "", 0, 0]
        return (*(normalise(part or "") for part in (street, street2, city, code)), state or 0, country or 0)
    text = value or ""
    return {"email": email_key, "phone": phone_key}.get(name, normalise)(text)
