"""Orders and all that hangs on them.

Attribute names are Shopify's field names in snake case, so that the GraphQL layer reads them without a table. Amounts are
`Bag`; times are aware UTC; quantities are units.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from ..money import Bag, CurrencyPair
from ..taxes import TaxLine, TaxRate

if TYPE_CHECKING:
    from .people import Address, Company, CompanyContact, CompanyLocation, Customer
    from .product import Location, Variant


@dataclass(slots=True)
class DiscountApplication:
    """What was granted. ``kind``: code, automatic, manual or script; ``percentage`` or ``amount`` is its value."""

    index: int
    kind: str
    title: str
    target_type: str = "LINE_ITEM"
    allocation_method: str = "ACROSS"
    target_selection: str = "ALL"
    percentage: Decimal | None = None
    amount: Decimal | None = None
    description: str | None = None
    currency: str = "USD"

    @property
    def typename(self) -> str:
        return {
            "code": "DiscountCodeApplication",
            "automatic": "AutomaticDiscountApplication",
            "manual": "ManualDiscountApplication",
            "script": "ScriptDiscountApplication",
        }[self.kind]

    @property
    def code(self) -> str:
        return self.title

    @property
    def order_level(self) -> bool:
        """Granted on the whole order, not on single lines."""
        return self.allocation_method == "ACROSS" and self.target_type == "LINE_ITEM" and self.target_selection == "ALL"


@dataclass(slots=True)
class DiscountAllocation:
    """The part of a discount that fell on one line."""

    discount_application: DiscountApplication
    allocated_amount_set: Bag


@dataclass(slots=True)
class Duty:
    id: int
    price: Bag
    harmonized_system_code: str | None = None
    country_code_of_origin: str | None = None
    tax_lines: list[TaxLine] = field(default_factory=list)

    typename = "Duty"


@dataclass(slots=True)
class AdditionalFee:
    id: int
    name: str
    price: Bag
    tax_lines: list[TaxLine] = field(default_factory=list)

    typename = "AdditionalFee"


@dataclass(slots=True)
class LineGroup:
    """A bundle that several lines belong to."""

    id: int
    title: str
    quantity: int
    product_id: str | None = None
    variant_id: str | None = None
    variant_sku: str | None = None
    custom_attributes: list[tuple[str, str | None]] = field(default_factory=list)

    typename = "LineItemGroup"


@dataclass(slots=True)
class Line:
    """A line item. ``quantity`` counts all units ever ordered; ``gone`` those refunded or removed since, ``unshipped`` those of
    them that were never shipped."""

    id: int
    order: Order = field(repr=False)
    title: str
    quantity: int
    original_unit_price_set: Bag
    sku: str | None = None
    variant_title: str | None = None
    vendor: str | None = None
    variant: Variant | None = field(default=None, repr=False)
    taxable: bool = True
    requires_shipping: bool = True
    is_gift_card: bool = False
    is_tip: bool = False
    weight_grams: int = 0
    discount_allocations: list[DiscountAllocation] = field(default_factory=list)
    tax_lines: list[TaxLine] = field(default_factory=list)
    rates: list[TaxRate] = field(default_factory=list, repr=False)
    custom_attributes: list[tuple[str, str | None]] = field(default_factory=list)
    line_item_group: LineGroup | None = None
    duties: list[Duty] = field(default_factory=list)
    location: Location | None = field(default=None, repr=False)
    gone: int = 0
    unshipped: int = 0
    fulfilled: int = 0
    stated_name: str | None = None

    typename = "LineItem"

    @property
    def name(self) -> str:
        if self.stated_name:
            return self.stated_name
        return f"{self.title} - {self.variant_title}" if self.variant_title else self.title

    @property
    def gross(self) -> Bag:
        """Unit price x quantity, before discounts."""
        return self.original_unit_price_set * self.quantity

    @property
    def discount(self) -> Bag:
        """All discounts allocated to the line."""
        return self.order.pair.total(part.allocated_amount_set for part in self.discount_allocations)

    @property
    def net(self) -> Bag:
        """After all discounts, with the tax in it when the order's taxes are included."""
        return self.gross - self.discount

    @property
    def current_quantity(self) -> int:
        return self.quantity - self.gone

    @property
    def unfulfilled_quantity(self) -> int:
        return max(0, self.quantity - self.unshipped - self.fulfilled) if self.can_be_fulfilled else 0

    @property
    def can_be_fulfilled(self) -> bool:
        return not self.is_tip


@dataclass(slots=True)
class ShippingLine:
    id: int
    title: str
    original_price_set: Bag
    code: str | None = None
    source: str | None = "shopify"
    carrier_identifier: str | None = None
    custom: bool = False
    is_removed: bool = False
    delivery_category: str | None = None
    phone: str | None = None
    shipping_rate_handle: str | None = None
    discount_allocations: list[DiscountAllocation] = field(default_factory=list)
    tax_lines: list[TaxLine] = field(default_factory=list)
    refunded: Bag | None = None

    typename = "ShippingLine"

    @property
    def discounted_price_set(self) -> Bag:
        pair = self.original_price_set.pair
        return self.original_price_set - pair.total(part.allocated_amount_set for part in self.discount_allocations)

    @property
    def current_discounted_price_set(self) -> Bag:
        price = self.discounted_price_set
        return price - self.refunded if self.refunded is not None else price


@dataclass(slots=True)
class RiskFact:
    description: str
    sentiment: str = "NEGATIVE"


@dataclass(slots=True)
class RiskAssessment:
    """``risk_level``: HIGH, MEDIUM, LOW, NONE or PENDING. ``provider``: title of the app, None for Shopify itself."""

    risk_level: str
    facts: list[RiskFact] = field(default_factory=list)
    provider: str | None = None


@dataclass(slots=True)
class PaymentTerms:
    """``payment_terms_type``: NET, FIXED, RECEIPT or FULFILLMENT."""

    id: int
    order: Order = field(repr=False)
    payment_terms_name: str
    payment_terms_type: str
    due_in_days: int | None = None
    due_at: datetime | None = None
    issued_at: datetime | None = None

    typename = "PaymentTerms"


@dataclass(slots=True)
class Order:
    """One order. Totals are derived (see ``totals``); what a loaded document states otherwise is kept in ``corrections``."""

    id: int
    serial: int
    name: str
    number: int
    created_at: datetime
    processed_at: datetime
    updated_at: datetime
    pair: CurrencyPair
    lines: list[Line] = field(default_factory=list)
    shipping: list[ShippingLine] = field(default_factory=list)
    taxes_included: bool = False
    tax_exempt: bool = False
    customer: Customer | None = field(default=None, repr=False)
    email: str | None = None
    phone: str | None = None
    billing_address: Address | None = None
    shipping_address: Address | None = None
    company: Company | None = field(default=None, repr=False)
    company_location: CompanyLocation | None = field(default=None, repr=False)
    company_contact: CompanyContact | None = field(default=None, repr=False)
    discount_applications: list[DiscountApplication] = field(default_factory=list)
    tip: Bag | None = None
    additional_fees: list[AdditionalFee] = field(default_factory=list)
    transactions: list = field(default_factory=list)
    refunds: list = field(default_factory=list)
    returns: list = field(default_factory=list)
    fulfillments: list = field(default_factory=list)
    fulfillment_orders: list = field(default_factory=list)
    agreements: list = field(default_factory=list)
    payment_terms: PaymentTerms | None = None
    risk_assessments: list[RiskAssessment] = field(default_factory=list)
    risk_recommendation: str = "ACCEPT"
    source_name: str | None = "web"
    source_identifier: str | None = None
    app: str | None = "Online Store"
    retail_location: Location | None = field(default=None, repr=False)
    test: bool = False
    confirmed: bool = True
    confirmation_number: str | None = None
    po_number: str | None = None
    note: str | None = None
    tags: list[str] = field(default_factory=list)
    custom_attributes: list[tuple[str, str | None]] = field(default_factory=list)
    metafields: list = field(default_factory=list)
    localized_fields: list[tuple[str, str]] = field(default_factory=list)
    customer_locale: str | None = "en"
    client_ip: str | None = None
    cart_token: str | None = None
    checkout_token: str | None = None
    customer_accepts_marketing: bool = False
    estimated_taxes: bool = False
    duties_included: bool = False
    edited: bool = False
    closed_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancel_reason: str | None = None
    cancel_staff_note: str | None = None
    authorization_expired: bool = False
    original_total: Bag | None = None
    original_duties: Bag | None = None
    original_fees: Bag | None = None
    gateway_names: list[str] | None = None
    corrections: dict[str, Bag] = field(default_factory=dict, repr=False)
    stated_tax_lines: list[TaxLine] | None = field(default=None, repr=False)
    stated_financial: str | None = None
    stated_fulfillment: str | None = None
    counters: dict[str, int] = field(default_factory=dict, repr=False)
    version: int = 0
    totals_cache: tuple | None = field(default=None, repr=False, compare=False)

    typename = "Order"

    def line(self, line_id: int) -> Line:
        """The line of this id; `KeyError` when the order has none such."""
        for line in self.lines:
            if line.id == line_id:
                return line
        raise KeyError(f"order {self.name} has no line {line_id}")
