"""customerSet, customerCreate, customerUpdate, customerDelete, customerMerge and the addresses of customers."""

from __future__ import annotations

from ..events import customers as events
from ..model.people import Address
from ..model.places import COUNTRIES, PROVINCES
from ..resolvers.common import Box, number_of
from ..resolvers.registry import resolver
from ..values import BadRequest

_FIELDS = {
    "email": "email", "phone": "phone", "firstName": "first_name", "lastName": "last_name", "note": "note",
    "tags": "tags", "locale": "locale", "taxExempt": "tax_exempt",
}  # fmt: skip
_ADDRESS = {
    "firstName": "first_name", "lastName": "last_name", "company": "company", "address1": "address1",
    "address2": "address2", "city": "city", "zip": "zip", "countryCode": "country_code", "provinceCode": "province_code",
    "phone": "phone",
}  # fmt: skip


@resolver("Mutation.customerSet")
def customer_set(_root, info, input, identifier=None):  # noqa: A002 - argument name is Shopify's
    """Make a customer, or change the one that the identifier names; by e-mail or phone one is made when there is none.
    Lists that are given replace what is there."""
    store = info.context.store
    try:
        customer = _identified(store, identifier)
        if customer is None and identifier and "id" in identifier:
            raise events.Refused("input", "NOT_FOUND", "Resource matching the identifier was not found.")
        if customer is None:
            return Box(customer=_make(store, input), user_errors=[])
        addresses = [_address(store, one) for one in input["addresses"]] if "addresses" in input else None
        customer = events.change(store, customer, _given(input))
        customer.addresses = customer.addresses if addresses is None else addresses
    except events.Refused as refused:
        return Box(customer=None, user_errors=[_problem(refused, "CustomerSetUserError", "input")])
    return Box(customer=customer, user_errors=[])


@resolver("Mutation.customerCreate")
def customer_create(_root, info, input):  # noqa: A002
    return _plain(lambda: _make(info.context.store, input))


@resolver("Mutation.customerUpdate")
def customer_update(_root, info, input):  # noqa: A002
    store = info.context.store
    return _plain(lambda: events.change(store, _known(store, input["id"]), _given(input)))


@resolver("Mutation.customerDelete")
def customer_delete(_root, info, input):  # noqa: A002
    store = info.context.store
    try:
        events.delete(store, _known(store, input["id"]))
    except events.Refused as refused:
        return Box(deleted_customer_id=None, shop=store.shop, user_errors=[_problem(refused, "UserError")])
    return Box(deleted_customer_id=input["id"], shop=store.shop, user_errors=[])


@resolver("Mutation.customerMerge")
def customer_merge(_root, info, customerOneId, customerTwoId, **_args):
    """Merge at once; a real store does it by a job."""
    store = info.context.store
    try:
        kept = events.merge(store, _known(store, customerOneId), _known(store, customerTwoId))
    except events.Refused as refused:
        return Box(job=None, resulting_customer_id=None, user_errors=[_problem(refused, "CustomerMergeUserError")])
    return Box(job=None, resulting_customer_id=f"gid://shopify/Customer/{kept.id}", user_errors=[])


@resolver("Mutation.customerAddressCreate")
def address_create(_root, info, customerId, address, setAsDefault=False):
    store = info.context.store

    def make() -> Address:
        customer = _known(store, customerId)
        return events.set_address(store, customer, _address(store, address), setAsDefault or not customer.addresses)

    return _addressed(make)


@resolver("Mutation.customerAddressUpdate")
def address_update(_root, info, customerId, addressId, address, setAsDefault=False):
    store = info.context.store

    def make() -> Address:
        customer = _known(store, customerId)
        number = number_of(addressId, "MailingAddress")
        known = next((one for one in customer.addresses if one.id == number), None)
        if known is None:
            raise events.Refused("addressId", "NOT_FOUND", "Address does not exist")
        default = setAsDefault or known is customer.addresses[0]
        return events.set_address(store, customer, _address(store, address, known), default)

    return _addressed(make)


def _make(store, given: dict):
    made = _given(given)
    addresses = [_address(store, one) for one in given.get("addresses") or []]
    return events.add(store, {**made, "addresses": addresses})


def _identified(store, identifier: dict | None):
    if not identifier:
        return None
    if "id" in identifier:
        return store.people.by_id(number_of(identifier["id"], "Customer"))
    name, value = next(iter(identifier.items()))
    return next((one for one in store.people.everyone() if getattr(one, name, None) == value), None)


def _known(store, gid: str):
    customer = store.people.by_id(number_of(gid, "Customer"))
    if customer is None:
        raise events.Refused("id", "NOT_FOUND", "Customer does not exist")
    return customer


def _given(given: dict) -> dict:
    return {_FIELDS[name]: value for name, value in given.items() if name in _FIELDS}


def _address(store, given: dict, known: Address | None = None) -> Address:
    """The address given; of one that is known what is not given stays. `Refused` for a province of another country."""
    values = {_ADDRESS[name]: value for name, value in given.items() if name in _ADDRESS}
    if known is not None:
        values = {name: values.get(name, getattr(known, name)) for name in _ADDRESS.values()}
    country, province = values.get("country_code"), values.get("province_code")
    if province and country in _WITH_PROVINCES and (country, province) not in PROVINCES:
        raise events.Refused("province", "INVALID", f"Province is not a valid province in {COUNTRIES[country]}")
    return Address(known.id if known else store.new_number("MailingAddress"), **values)


_WITH_PROVINCES = {country for country, _province in PROVINCES}


def _plain(work) -> Box:
    try:
        return Box(customer=work(), user_errors=[])
    except events.Refused as refused:
        return Box(customer=None, user_errors=[_problem(refused, "UserError")])


def _addressed(work) -> Box:
    try:
        return Box(address=work(), user_errors=[])
    except events.Refused as refused:
        return Box(address=None, user_errors=[_problem(refused, "UserError")])


def _problem(refused: BadRequest, typename: str, *path: str) -> Box:
    field = [*path, *(refused.field or [])] or None
    return Box(typename, code=refused.code, field=field, message=str(refused))
