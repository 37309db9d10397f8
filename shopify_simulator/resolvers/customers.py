"""Customers and companies."""

from __future__ import annotations

from .. import search
from ..money import ZERO
from ..order_search import page_of_orders
from ..totals import totals
from .common import Box, Count, MoneyV2, number_of
from .products import found, sorted_by
from .registry import aliases, constants, resolver


def _customer_fields(store) -> search.Fields:
    times = {"timezone": store.shop.iana_timezone, "now": store.clock.now}
    return search.Fields(
        {
            "id": search.number_field(lambda one: one.id),
            "email": search.text_field(lambda one: one.email),
            "phone": search.text_field(lambda one: one.phone),
            "first_name": search.text_field(lambda one: one.first_name),
            "last_name": search.text_field(lambda one: one.last_name),
            "tag": search.text_field(lambda one: one.tags),
            "state": search.listed_field(lambda one: one.state),
            "country": search.text_field(
                lambda one: [part for a in one.addresses for part in (a.country, a.country_code)]
            ),
            "customer_date": search.time_field(lambda one: one.created_at, **times),
            "created_at": search.time_field(lambda one: one.created_at, **times),
            "updated_at": search.time_field(lambda one: one.updated_at, **times),
        },
        search.text_field(lambda one: [one.email, one.first_name, one.last_name, one.display_name]),
    )


_SORT = {
    "CREATED_AT": lambda one: one.created_at,
    "UPDATED_AT": lambda one: one.updated_at,
    "NAME": lambda one: (one.last_name or "", one.first_name or ""),
    "LOCATION": lambda one: one.addresses[0].country or "" if one.addresses else "",
}


@resolver("QueryRoot.customers")
def customers(_root, info, query=None, sortKey="ID", **_args):
    store = info.context.store
    return sorted_by(found(info, store.people.everyone(), _customer_fields(store), query), _SORT, sortKey)


@resolver("QueryRoot.customersCount")
def customers_count(_root, info, query=None, limit=10_000):
    people = info.context.store.people
    if not query:
        return Count(len(people), limit)
    return Count(len(found(info, people.everyone(), _customer_fields(info.context.store), query)), limit)


@resolver("QueryRoot.customer")
def customer(_root, info, id):  # noqa: A002
    return info.context.store.people.by_id(number_of(id, "Customer"))


@resolver("QueryRoot.customerByIdentifier")
def customer_by_identifier(_root, info, identifier):
    people = info.context.store.people
    if "id" in identifier:
        return people.by_id(number_of(identifier["id"], "Customer"))
    for name, attribute in (("emailAddress", "email"), ("phoneNumber", "phone")):
        if name in identifier:
            return next((one for one in people.everyone() if getattr(one, attribute) == identifier[name]), None)
    return None


@resolver("Customer.numberOfOrders")
def number_of_orders(one, info):
    return len(info.context.store.orders.of_customer(one.id))


@resolver("Customer.amountSpent")
def amount_spent(one, info):
    book = info.context.store.orders
    mine = [book.get(header.serial) for header in book.of_customer(one.id)]
    amount = sum((totals(order)["net_payment"].shop for order in mine), ZERO)
    return MoneyV2(amount, info.context.store.shop.currency_code)


@resolver("Customer.lastOrder")
def last_order(one, info):
    book = info.context.store.orders
    mine = book.of_customer(one.id)
    return book.get(max(mine, key=lambda header: header.processed_at).serial) if mine else None


def _email(one):
    return one.email and Box(
        email_address=one.email, marketing_state="SUBSCRIBED" if one.accepts_marketing else "NOT_SUBSCRIBED",
        marketing_opt_in_level=None, marketing_updated_at=None, valid_format=True, open_tracking_level="UNKNOWN",
        source_location=None,
    )  # fmt: skip


aliases(
    {
        "Customer.defaultEmailAddress": _email,
        "Customer.defaultPhoneNumber": lambda one: one.phone and Box(phone_number=one.phone),
        "Customer.defaultAddress": lambda one: one.addresses[0] if one.addresses else None,
        "Customer.addressesV2": lambda one: one.addresses,
        "Customer.companyContactProfiles": lambda one: [one.contact] if one.contact else [],
        "Customer.taxSettings": lambda one: Box(tax_id=one.tax_id),
        "Customer.validEmailAddress": lambda one: one.email is not None,
    }
)
constants(
    {
        "Customer.taxExemptions": [],
        "Customer.events": [],
        "Customer.statistics": Box(predicted_spend_tier=None, rfm_group=None),
        "Customer.canDelete": False,
        "Customer.dataSaleOptOut": False,
        "Customer.multipassIdentifier": None,
        "Customer.lifetimeDuration": "about 1 year",
        "Customer.productSubscriberStatus": "NEVER_SUBSCRIBED",
    }
)


@resolver("QueryRoot.companies")
def companies(_root, info, query=None, **_args):
    store = info.context.store
    times = {"timezone": store.shop.iana_timezone, "now": store.clock.now}
    fields = search.Fields(
        {
            "id": search.number_field(lambda one: one.id),
            "name": search.text_field(lambda one: one.name),
            "external_id": search.text_field(lambda one: one.external_id),
            "created_at": search.time_field(lambda one: one.created_at, **times),
            "updated_at": search.time_field(lambda one: one.updated_at, **times),
        },
        search.text_field(lambda one: one.name),
    )
    return found(info, store.people.companies, fields, query)


@resolver("QueryRoot.company")
def company(_root, info, id):  # noqa: A002
    number = number_of(id, "Company")
    return next((one for one in info.context.store.people.companies if one.id == number), None)


def _location_terms(one):
    template = None
    if one.terms:
        name, kind, days = one.terms
        template = Box("PaymentTermsTemplate", id=one.id, name=name, payment_terms_type=kind, due_in_days=days,
                       description=name, translated_name=name)  # fmt: skip
    return Box(checkout_to_draft=False, deposit=None, editable_shipping_address=True, payment_terms_template=template)


def _tax_settings(one):
    return Box(tax_exempt=one.tax_exempt, tax_exemptions=[], tax_registration_id=one.tax_registration_id)


aliases(
    {
        "Company.contactsCount": lambda one: Count(len(one.contacts)),
        "Company.locationsCount": lambda one: Count(len(one.locations)),
        "Company.customerSince": lambda one: one.created_at,
        "Company.defaultCursor": lambda one: str(one.id),
        "CompanyLocation.taxSettings": _tax_settings,
        "CompanyLocation.buyerExperienceConfiguration": _location_terms,
        "CompanyAddress.companyName": lambda one: one.company or "",
        "CompanyAddress.recipient": lambda one: one.name,
        "CompanyAddress.address1": lambda one: one.address1 or "",
        "CompanyAddress.zoneCode": lambda one: one.province_code,
    }
)
constants({"Company.events": [], "Company.hasTimelineComment": False, "Company.lifetimeDuration": "about 1 year", "Company.metafields": [], "Company.metafield": None,
           "CompanyLocation.metafields": [], "CompanyLocation.metafield": None,
           "CompanyContact.lifetimeDuration": "about 1 year"})  # fmt: skip


@resolver("CompanyAddress.id")
def company_address_id(one, _info):
    return f"gid://shopify/CompanyAddress/{one.id}"


def _orders_of_company(company, info) -> list:
    book = info.context.store.orders
    return [header for contact in company.contacts for header in book.of_customer(contact.customer.id)]


@resolver("Company.ordersCount")
def company_orders_count(company, info):
    return Count(len(_orders_of_company(company, info)))


@resolver("Company.orders")
def company_orders(company, info, **args):
    args.setdefault("sortKey", "ID")
    wanted = {header.serial for header in _orders_of_company(company, info)}
    return page_of_orders(info.context, args, lambda header: header.serial in wanted)


@resolver("Company.totalSpent")
def company_total(company, info):
    book = info.context.store.orders
    spent = sum((totals(book.get(one.serial))["net_payment"].shop for one in _orders_of_company(company, info)), ZERO)
    return MoneyV2(spent, info.context.store.shop.currency_code)
