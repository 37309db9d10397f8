"""Customers and companies of a store, and who bought an order."""

from __future__ import annotations

from datetime import datetime

from .generate import customers as made_up
from .ids import number_for, parse_gid, serial_of
from .model.order import Order
from .model.people import Address, Company, CompanyContact, CompanyLocation, Customer
from .values import BadRequest, known_keys

ADDRESS_KEYS = frozenset(
    [
        "first_name",
        "last_name",
        "company",
        "address1",
        "address2",
        "city",
        "zip",
        "country_code",
        "province_code",
        "phone",
    ]
)
CUSTOMER_KEYS = frozenset(
    [
        "first_name",
        "last_name",
        "email",
        "phone",
        "note",
        "tags",
        "locale",
        "state",
        "tax_exempt",
        "tax_id",
        "address",
        "addresses",
        "metafields",
    ]
)
COMPANY_KEYS = frozenset(
    [
        "name",
        "external_id",
        "location",
        "location_external_id",
        "contact",
        "tax_exempt",
        "tax_registration_id",
        "terms",
        "address",
        "note",
    ]
)

PRESETS = {
    "US": ("New York", "10001", "NY"), "CA": ("Toronto", "M5V 2T6", "ON"), "DE": ("Berlin", "10115", None),
    "FR": ("Paris", "75001", None), "GB": ("London", "SW1A 1AA", "ENG"), "JP": ("千代田区", "100-0001", "JP-13"),
    "NL": ("Amsterdam", "1012 AB", None), "PL": ("Warszawa", "00-001", None), "AU": ("Sydney", "2000", "NSW"),
    "IT": ("Milano", "20121", "MI"), "ES": ("Madrid", "28001", "M"), "CH": ("Zürich", "8001", None),
}  # fmt: skip


class People:
    """Customers by serial: generated ones built on demand, others added by hand."""

    def __init__(self, store):
        self._store = store
        self.generated = 0
        self._customers: dict[int, Customer] = {}
        self._added = 0
        self._by_id: dict[int, int] = {}
        self._gone: set[int] = set()
        self.companies: list[Company] = []
        self.last_order: dict[int, datetime] = {}

    def __len__(self) -> int:
        return self.generated + self._added - len(self._gone)

    def serials(self) -> list[int]:
        """Serials of all customers."""
        added = [serial for serial in self._customers if serial > self.generated]
        every = [*range(1, self.generated + 1), *sorted(added)]
        return [serial for serial in every if serial not in self._gone] if self._gone else every

    def get(self, serial: int) -> Customer:
        """The customer of a serial, built now if need be; `KeyError` when there is none."""
        customer = self._customers.get(serial)
        if customer is None:
            if not 1 <= serial <= self.generated:
                raise KeyError(serial)
            store = self._store
            joined = made_up.joined_at(store.seed, serial, store.reference)
            customer = made_up.make_customer(store.seed, serial, joined)
            customer.updated_at = max(joined, self.last_order.get(serial, joined))
            self._customers[serial] = customer
        return customer

    def by_id(self, number: int) -> Customer | None:
        """The customer with an id."""
        serial = self._by_id.get(number, serial_of("Customer", number))
        if serial in self._gone:
            return None
        if serial in self._customers or 1 <= serial <= self.generated:
            return self.get(serial)
        return None

    def everyone(self) -> list[Customer]:
        """All customers, built."""
        return [self.get(serial) for serial in self.serials()]

    def remove(self, customer: Customer) -> None:
        """Take a customer out; orders that name him keep him."""
        self._gone.add(self._by_id.get(customer.id, serial_of("Customer", customer.id)))

    def add(self, number: int | None = None, created_at: datetime | None = None, **given) -> Customer:
        """Add a customer; keys in `CUSTOMER_KEYS`. ``address``: country code, dict or `Address`."""
        known_keys(given, CUSTOMER_KEYS, "customer")
        store = self._store
        at = created_at or store.clock.now()
        self._added += 1
        serial = max(self.generated, 5_000_000) + self._added
        address, metafields = given.pop("address", None), given.pop("metafields", None)
        customer = Customer(number or number_for("Customer", serial), at, at, **given)
        customer.index = serial
        if address is not None:
            customer.addresses.append(self.address(address, customer))
        customer.metafields = store.make_metafields("CUSTOMER", metafields)
        self._customers[serial] = customer
        if number is not None:
            self._by_id[number] = serial
        return customer

    def address(self, given: object, owner: Customer | None = None) -> Address:
        """An address of a country code, a dict, or an `Address`; names come from its owner."""
        if isinstance(given, Address):
            return given
        if isinstance(given, str):
            if given not in PRESETS:
                raise BadRequest(f"address: no made-up address in {given!r}; known are {', '.join(PRESETS)}")
            city, code, province = PRESETS[given]
            given = {
                "address1": "1 Example Street",
                "city": city,
                "zip": code,
                "country_code": given,
                "province_code": province,
            }
        known_keys(given, ADDRESS_KEYS, "address")
        names = {"first_name": owner.first_name, "last_name": owner.last_name} if owner else {}
        return Address(self._store.new_number("MailingAddress"), **{**names, **given})

    def add_company(
        self, name: str = "Example Ltd", customer: Customer | None = None, created_at: datetime | None = None, **given
    ) -> Company:
        """Add a company with one location and one contact; keys in `COMPANY_KEYS`."""
        known_keys(given, COMPANY_KEYS, "company")
        store, at = self._store, created_at or self._store.clock.now()
        company = Company(store.new_number("Company"), name, at, at, given.get("external_id"), given.get("note"))
        place = given.get("location", "Headquarters")
        location = CompanyLocation(store.new_number("CompanyLocation"), company, place, at, at)
        location.external_id = given.get("location_external_id")
        location.currency = store.shop.currency_code
        location.tax_exempt = bool(given.get("tax_exempt"))
        location.tax_registration_id = given.get("tax_registration_id")
        location.terms = given.get("terms")
        address = self.address(given.get("address", store.shop.country))
        address.company = name
        location.shipping_address = location.billing_address = address
        company.locations.append(location)
        contact = customer or self.add(first_name="Casey", last_name="Buyer", email=f"buyer{company.id}@example.com")
        person = CompanyContact(
            store.new_number("CompanyContact"), company, contact, at, at, given.get("contact", "Purchasing")
        )
        contact.contact = person
        company.contacts.append(person)
        self.companies.append(company)
        return company

    def set_buyer(self, order: Order, options: dict) -> None:
        """Who bought: customer or guest, company, e-mail, addresses."""
        company = options.get("company")
        customer = self._customer(options.get("customer"), order)
        if company is not None and company is not False:
            if not isinstance(company, Company):
                company = self.add_company(customer=customer, **(company if isinstance(company, dict) else {}))
            order.company, order.company_location = company, company.locations[0]
            order.company_contact = company.main_contact
            order.tax_exempt = order.tax_exempt or order.company_location.tax_exempt
            customer = customer or order.company_contact.customer
        order.customer = customer
        if customer is not None:
            order.email = order.email or customer.email
            order.phone = order.phone or customer.phone
            order.customer_locale = options.get("locale", customer.locale)
        elif options.get("customer") == "guest" and order.email is None:
            order.email = f"guest{order.serial}@example.com"
        self._addresses(order, options)

    def _addresses(self, order: Order, options: dict) -> None:
        if order.source_name == "pos" and "address" not in options and not options.get("shipping"):
            order.billing_address = self.address(options["billing"], order.customer) if options.get("billing") else None
            return
        given = options.get("address")
        if given is None and order.company_location is not None:
            given = order.company_location.shipping_address
        if given is None and order.customer is not None and order.customer.addresses:
            given = order.customer.addresses[0]
        address = self.address(given or self._store.shop.country, order.customer or _GUEST)
        if options.get("customer") == "anonymous":
            address = Address(address.id, city=address.city, zip=address.zip, country_code=address.country_code,
                              province_code=address.province_code)  # fmt: skip
        order.shipping_address = address
        billing = options.get("billing")
        order.billing_address = address if billing is None else self.address(billing, order.customer or _GUEST)

    def _customer(self, given: object, order: Order) -> Customer | None:
        if isinstance(given, Customer):
            return given
        if given is None:
            if order.source_name == "pos":
                return None
            return self.add(first_name="Robin", last_name=f"Example{order.serial}", email=f"robin{order.serial}@example.com",
                            created_at=order.created_at)  # fmt: skip
        if given in ("guest", "anonymous"):
            return None
        if isinstance(given, dict):
            return self.add(created_at=order.created_at, **given)
        parsed = parse_gid(given) if isinstance(given, str) else None
        found = self.by_id(parsed[1] if parsed else int(given))
        if found is None:
            raise BadRequest(f"the store has no customer {given!r}")
        return found


_GUEST = Customer(0, None, None, "Gale", "Guest")
