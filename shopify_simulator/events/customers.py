"""What happens to customers: added, changed, deleted or merged, by a person in the admin or by the API."""

from __future__ import annotations

import re

from ..ids import parse_gid
from ..model.people import Address, Customer
from ..values import BadRequest, known_keys

CHANGEABLE = frozenset(
    ["first_name", "last_name", "email", "phone", "note", "tags", "locale", "state", "tax_exempt", "tax_id", "address"]
)
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_PHONE = re.compile(r"^\+?[0-9][0-9 ()./-]{5,18}$")


class Refused(BadRequest):
    """Shopify does not take the data: path of the field, code and text as in `userErrors`."""

    def __init__(self, field: str, code: str, message: str):
        super().__init__(message)
        self.field = [field] if field else None
        self.code = code


def check(store, given: dict, own: Customer | None = None) -> None:
    """`Refused` for an e-mail or phone that is not valid or that another customer has, and for a customer without any."""
    email, phone = given.get("email"), given.get("phone")
    if email and not _EMAIL.match(email):
        raise Refused("email", "INVALID", "Email is invalid")
    if phone and not _PHONE.match(phone):
        raise Refused("phone", "INVALID", "Phone is invalid")
    for name, value in (("email", email), ("phone", phone)):
        taken = value and any(
            _same(name, getattr(one, name), value) for one in store.people.everyone() if one is not own
        )
        if taken:
            raise Refused(name, "TAKEN", f"{name.capitalize()} has already been taken")
    kept = {name: given.get(name, getattr(own, name, None)) for name in ("first_name", "last_name", "email", "phone")}
    if not any(kept.values()):
        raise Refused("", "MISSING_FIELD_REQUIRED", "A name, phone number, or email address must be present")


def add(store, given: dict) -> Customer:
    """A new customer; keys as of `People.add`."""
    with store.lock:
        check(store, given)
        customer = store.people.add(**_stored(given))
        store.tell_of_customer("CUSTOMERS_CREATE", customer)
        return customer


def change(store, given: object, changes: dict) -> Customer:
    """Change fields of a customer; ``address`` replaces his default address (None takes it away)."""
    with store.lock:
        customer = find(store, given)
        known_keys(changes, CHANGEABLE, "customer")
        check(store, changes, customer)
        changes = _stored(changes)
        if "address" in changes:
            address = changes.pop("address")
            customer.addresses[:1] = [] if address is None else [store.people.address(address, customer)]
        for name, value in changes.items():
            setattr(customer, name, value)
        touch(store, customer)
        return customer


def touch(store, customer: Customer) -> None:
    """The customer has changed now."""
    customer.updated_at = store.clock.now()
    store.tell_of_customer("CUSTOMERS_UPDATE", customer)


def set_address(store, customer: Customer, address: Address, default: bool) -> Address:
    """Add an address, or set what one has become; ``default`` makes it the default one."""
    rest = [one for one in customer.addresses if one.id != address.id]
    place = next((at for at, one in enumerate(customer.addresses) if one.id == address.id), len(rest))
    rest.insert(0 if default else place, address)
    customer.addresses = rest
    touch(store, customer)
    return address


def delete(store, given: object) -> Customer:
    """Delete a customer for good; Shopify refuses it for one with orders."""
    with store.lock:
        customer = find(store, given)
        if store.orders.of_customer(customer.id):
            raise Refused("id", "INVALID", "Customer can't be deleted because they have associated orders")
        store.people.remove(customer)
        store.tell_of_customer("CUSTOMERS_DELETE", customer)
        return customer


def anonymise(store, given: object) -> Customer:
    """Erase a customer's personal data; the record stays."""
    with store.lock:
        customer = find(store, given)
        customer.first_name = customer.last_name = customer.email = customer.phone = customer.note = None
        customer.addresses.clear()
        customer.tags = []
        touch(store, customer)
        return customer


def merge(store, one: object, two: object) -> Customer:
    """Merge two customers: the second is kept, unless only the first has an e-mail; orders and what is missing move."""
    with store.lock:
        first, second = find(store, one), find(store, two)
        if first is second:
            raise Refused("customerTwoId", "CUSTOMER_HAS_NO_CHANGES", "Customers IDs should not match")
        kept, gone = (first, second) if first.email and not second.email else (second, first)
        for header in store.orders.of_customer(gone.id):
            order = store.orders.pin(store.orders.get(header.serial))
            order.customer = kept
            store.orders.put(order)
        for name in ("first_name", "last_name", "email", "phone", "note"):
            setattr(kept, name, getattr(kept, name) or getattr(gone, name))
        kept.tags = sorted({*kept.tags, *gone.tags})
        kept.addresses += gone.addresses
        kept.updated_at = store.clock.now()
        store.people.remove(gone)
        store.tell_of_customer("CUSTOMERS_MERGE", kept, gone)
        return kept


def find(store, given: object) -> Customer:
    """A customer by object, number or gid; `BadRequest` when there is none."""
    if isinstance(given, Customer):
        return given
    parsed = parse_gid(given) if isinstance(given, str) else None
    try:
        customer = store.people.by_id(parsed[1] if parsed else int(given))
    except (TypeError, ValueError):
        customer = None
    if customer is None:
        raise BadRequest(f"the store has no customer {given!r}")
    return customer


def _stored(given: dict) -> dict:
    """Shopify keeps e-mails in lower case and phones without signs between the digits."""
    made = dict(given)
    if made.get("email"):
        made["email"] = made["email"].strip().lower()
    if made.get("phone"):
        made["phone"] = "+" + re.sub(r"\D", "", made["phone"])
    return {name: value or None if name in ("email", "phone") else value for name, value in made.items()}


def _same(name: str, known: str | None, value: str) -> bool:
    if not known:
        return False
    if name == "phone":
        return re.sub(r"\D", "", known) == re.sub(r"\D", "", value)
    return known.strip().lower() == value.strip().lower()
