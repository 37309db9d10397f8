"""Payments, refunds and the ledger of an order."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from ..money import Bag
from ..taxes import TaxLine
from .order import Duty, Line, Order, ShippingLine
from .product import Location

MANUAL_GATEWAYS = frozenset({"manual", "Cash on Delivery (COD)", "Money Order", "Bank Deposit", "cash"})
"""Gateways whose money is recorded by a person."""

GATEWAY_LABELS = {
    "shopify_payments": "Shopify Payments",
    "paypal": "PayPal",
    "manual": "Manual",
    "gift_card": "Gift card",
    "shopify_store_credit": "Store credit",
    "cash": "Cash",
    "bogus": "(for testing) Bogus Gateway",
    "": "",
}


@dataclass(slots=True)
class TransactionFee:
    """Fee of Shopify Payments on one transaction, in the shop's currency. ``rate`` in percent."""

    id: int
    amount: Decimal
    flat_fee: Decimal
    rate: Decimal
    tax_amount: Decimal
    currency: str
    type: str = "processing_fee"
    rate_name: str = "domestic"
    flat_fee_name: str = "flat_fee"

    typename = "TransactionFee"


@dataclass(slots=True)
class Transaction:
    """``kind``: SALE, AUTHORIZATION, CAPTURE, VOID, REFUND or CHANGE; ``status``: SUCCESS, PENDING, FAILURE, ERROR."""

    id: int
    order: Order = field(repr=False)
    kind: str
    status: str
    gateway: str
    amount_set: Bag
    created_at: datetime
    processed_at: datetime
    amount_rounding_set: Bag | None = None
    parent_transaction: Transaction | None = field(default=None, repr=False)
    payment_id: str | None = None
    fees: list[TransactionFee] = field(default_factory=list)
    card: dict | None = None
    test: bool = False
    location: Location | None = field(default=None, repr=False)
    error_code: str | None = None
    expires_at: datetime | None = None

    typename = "OrderTransaction"

    @property
    def success(self) -> bool:
        return self.status == "SUCCESS"

    @property
    def manual_payment_gateway(self) -> bool:
        return self.gateway in MANUAL_GATEWAYS

    @property
    def formatted_gateway(self) -> str:
        return GATEWAY_LABELS.get(self.gateway, self.gateway)


@dataclass(slots=True)
class RefundLine:
    """Units of one line taken back. ``subtotal_set`` after discounts, with the tax in it when taxes are included."""

    id: int
    line_item: Line
    quantity: int
    subtotal_set: Bag
    total_tax_set: Bag
    discount_set: Bag
    taxes: list[TaxLine] = field(default_factory=list)
    restock_type: str = "NO_RESTOCK"
    restocked: bool = False
    location: Location | None = field(default=None, repr=False)

    typename = "RefundLineItem"

    @property
    def price_set(self) -> Bag:
        return self.line_item.original_unit_price_set


@dataclass(slots=True)
class RefundShipping:
    id: int
    shipping_line: ShippingLine
    subtotal_amount_set: Bag
    tax_amount_set: Bag
    taxes: list[TaxLine] = field(default_factory=list)

    typename = "RefundShippingLine"


@dataclass(slots=True)
class Adjustment:
    """Difference between what was calculated and what was paid back; negative: more was paid back."""

    id: int
    amount_set: Bag
    tax_amount_set: Bag
    reason: str | None = "REFUND_DISCREPANCY"

    typename = "OrderAdjustment"


@dataclass(slots=True)
class Refund:
    id: int
    order: Order = field(repr=False)
    created_at: datetime
    processed_at: datetime
    updated_at: datetime
    note: str | None = None
    lines: list[RefundLine] = field(default_factory=list)
    shipping: list[RefundShipping] = field(default_factory=list)
    adjustments: list[Adjustment] = field(default_factory=list)
    transactions: list[Transaction] = field(default_factory=list)
    duties: list[tuple[Duty, Bag]] = field(default_factory=list)

    typename = "Refund"


@dataclass(slots=True)
class Sale:
    """One movement of the order's ledger. ``line_type``: PRODUCT, SHIPPING, TIP, GIFT_CARD, DUTY, ADDITIONAL_FEE,
    FEE (of a return), ADJUSTMENT."""

    id: int
    line_type: str
    action_type: str
    total_amount: Bag
    total_tax_amount: Bag
    discount: Bag
    quantity: int | None = None
    taxes: list[TaxLine] = field(default_factory=list)
    line_item: Line | None = None
    shipping_line: ShippingLine | None = None
    duty: Duty | None = None
    fee: object = None

    @property
    def typename(self) -> str:
        return {
            "PRODUCT": "ProductSale",
            "SHIPPING": "ShippingLineSale",
            "TIP": "TipSale",
            "GIFT_CARD": "GiftCardSale",
            "DUTY": "DutySale",
            "ADDITIONAL_FEE": "AdditionalFeeSale",
            "FEE": "FeeSale",
            "ADJUSTMENT": "AdjustmentSale",
        }[self.line_type]


@dataclass(slots=True)
class Agreement:
    """A group of sales: the order itself, one edit, refund or return. ``reason``: ORDER, ORDER_EDIT, REFUND or RETURN."""

    id: int
    order: Order = field(repr=False)
    reason: str
    happened_at: datetime
    sales: list[Sale] = field(default_factory=list)
    refund: Refund | None = None
    return_: object = None

    @property
    def typename(self) -> str:
        return {
            "ORDER": "OrderAgreement",
            "ORDER_EDIT": "OrderEditAgreement",
            "REFUND": "RefundAgreement",
            "RETURN": "ReturnAgreement",
        }[self.reason]
