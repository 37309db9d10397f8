"""Who bought: Shopify customer, guest, company."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .addresses import Address, email_key, read_address
from .reading import legacy_id, text, when


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer of a store. `shopify_id` is '' for a guest; `email` is trimmed and in lower case; `tax_id` is the VAT
    number as typed in Shopify."""

    shopify_id: str
    name: str
    email: str
    phone: str
    locale: str
    tags: tuple[str, ...]
    state: str
    tax_exempt: bool
    updated_at: datetime | None
    address: Address | None
    tax_id: str = ""

    @property
    def is_anonymous(self) -> bool:
        """Neither a name nor a way to reach the person (plan without personal data, data erased)."""
        return not (self.name or self.email or self.phone)


@dataclass(frozen=True, slots=True)
class CustomerAlone:
    """A customer without an order, in the shape in which the buyers of orders are resolved."""

    customer: Customer
    billing: Address | None = None
    shipping: Address | None = None
    company: Company | None = None
    is_pos: bool = False
    location_id: str = ""

    @property
    def buyer(self) -> Customer:
        return self.customer

    @property
    def shopify_id(self) -> str:
        return self.customer.shopify_id


@dataclass(frozen=True, slots=True)
class Company:
    """The buying company of a B2B order, with its location and the person who ordered (ids may be ''). `tax_id` is the
    location's VAT number as typed in Shopify, where companies have none of their own."""

    shopify_id: str
    name: str
    external_id: str
    location_id: str
    location_name: str
    location_external_id: str
    contact_customer_id: str
    tax_id: str = ""


def read_customer(data: Mapping[str, Any]) -> Customer:
    """A `Customer` record of Shopify."""
    email = (data.get("defaultEmailAddress") or {}).get("emailAddress")
    phone = (data.get("defaultPhoneNumber") or {}).get("phoneNumber")
    address = read_address(data.get("defaultAddress"))
    name = f"{text(data.get('firstName'))} {text(data.get('lastName'))}".strip()
    return Customer(
        shopify_id=legacy_id(data.get("id")),
        name=name or (address.name if address else ""),
        email=email_key(text(email)),
        phone=text(phone),
        locale=text(data.get("locale")),
        tags=tuple(data.get("tags") or ()),
        state=text(data.get("state")).lower(),
        tax_exempt=bool(data.get("taxExempt")),
        updated_at=when(data.get("updatedAt")),
        address=address,
        tax_id=text((data.get("taxSettings") or {}).get("taxId")).strip(),
    )


def read_buyer(order: Mapping[str, Any], billing: Address | None, shipping: Address | None) -> Customer:
    """The person of an order: its customer, filled up from the order; else a guest from the order's own data."""
    known = read_customer(order["customer"]) if order.get("customer") else None
    addresses = [address for address in (billing, shipping) if address]
    names = [*(address.name for address in addresses), *(address.company for address in addresses)]
    email = email_key(text(order.get("email")))
    phones = [text(order.get("phone")), *(address.phone for address in addresses)]
    return Customer(
        shopify_id=known.shopify_id if known else "",
        name=(known.name if known else "") or next(filter(None, names), ""),
        email=(known.email if known else "") or email,
        phone=(known.phone if known else "") or next(filter(None, phones), ""),
        locale=(known.locale if known else "") or text(order.get("customerLocale")),
        tags=known.tags if known else (),
        state=known.state if known else "",
        tax_exempt=known.tax_exempt if known else False,
        updated_at=known.updated_at if known else None,
        address=(known.address if known else None) or billing or shipping,
        tax_id=known.tax_id if known else "",
    )


def read_company(order: Mapping[str, Any]) -> Company | None:
    """The company of a B2B order; None for any other order."""
    entity = order.get("purchasingEntity") or {}
    if entity.get("__typename") != "PurchasingCompany":
        return None
    company, location = entity.get("company") or {}, entity.get("location") or {}
    contact = entity.get("contact") or {}
    return Company(
        shopify_id=legacy_id(company.get("id")),
        name=text(company.get("name")),
        external_id=text(company.get("externalId")),
        location_id=legacy_id(location.get("id")),
        location_name=text(location.get("name")),
        location_external_id=text(location.get("externalId")),
        contact_customer_id=legacy_id((contact.get("customer") or {}).get("id")),
        tax_id=text((location.get("taxSettings") or {}).get("taxRegistrationId")).strip(),
    )
