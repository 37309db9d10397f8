"""Customers, companies and addresses."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from .places import country_name, province_name


@dataclass(slots=True)
class Address:
    """A postal address; ``country_code`` and ``province_code`` are ISO codes."""

    id: int = 0
    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    address1: str | None = None
    address2: str | None = None
    city: str | None = None
    zip: str | None = None
    country_code: str | None = None
    province_code: str | None = None
    phone: str | None = None
    stated_country: str | None = None
    stated_province: str | None = None

    typename = "MailingAddress"

    @property
    def name(self) -> str | None:
        return " ".join(part for part in (self.first_name, self.last_name) if part) or None

    @property
    def country(self) -> str | None:
        return self.stated_country or country_name(self.country_code)

    @property
    def province(self) -> str | None:
        return self.stated_province or province_name(self.country_code, self.province_code)

    @property
    def country_code_v2(self) -> str | None:
        return self.country_code


@dataclass(slots=True)
class Customer:
    """``state``: DISABLED, ENABLED, INVITED or DECLINED."""

    id: int
    created_at: datetime
    updated_at: datetime
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone: str | None = None
    note: str | None = None
    tags: list[str] = field(default_factory=list)
    locale: str = "en"
    state: str = "DISABLED"
    tax_exempt: bool = False
    tax_id: str | None = None
    verified_email: bool = True
    accepts_marketing: bool = False
    addresses: list[Address] = field(default_factory=list)
    contact: CompanyContact | None = field(default=None, repr=False)
    metafields: list = field(default_factory=list)
    index: int | None = None

    typename = "Customer"

    @property
    def display_name(self) -> str:
        return " ".join(part for part in (self.first_name, self.last_name) if part) or self.email or self.phone or ""


@dataclass(slots=True)
class CompanyLocation:
    """``terms``: name, type and days of the payment terms agreed, or None."""

    id: int
    company: Company = field(repr=False)
    name: str
    created_at: datetime
    updated_at: datetime
    shipping_address: Address | None = None
    billing_address: Address | None = None
    external_id: str | None = None
    phone: str | None = None
    note: str | None = None
    currency: str = "USD"
    locale: str | None = "en"
    tax_exempt: bool = False
    tax_registration_id: str | None = None
    terms: tuple[str, str, int | None] | None = None

    typename = "CompanyLocation"


@dataclass(slots=True)
class CompanyContact:
    id: int
    company: Company = field(repr=False)
    customer: Customer = field(repr=False)
    created_at: datetime
    updated_at: datetime
    title: str | None = None
    is_main_contact: bool = True
    locale: str | None = "en"

    typename = "CompanyContact"


@dataclass(slots=True)
class Company:
    id: int
    name: str
    created_at: datetime
    updated_at: datetime
    external_id: str | None = None
    note: str | None = None
    locations: list[CompanyLocation] = field(default_factory=list)
    contacts: list[CompanyContact] = field(default_factory=list)

    typename = "Company"

    @property
    def main_contact(self) -> CompanyContact | None:
        return next((contact for contact in self.contacts if contact.is_main_contact), None)
