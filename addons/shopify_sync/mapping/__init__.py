"""Shopify's JSON in, what Odoo should hold out. Pure: no database, no network, no Odoo."""

from .addresses import Address, email_key, phone_key, read_address
from .changes import Change, HeldLine, compare
from .customers import Company, Customer, read_customer
from .errors import Refusal
from .line import Line
from .money import Money, MoneyPair, Side, digits, spread
from .order import Options, Order, read_order
from .payments import SECONDARY_GATEWAYS, Payment
from .refunds import Refund
from .returns import Return, units_back
from .risk import Risk
from .statuses import FINANCIAL_STATUSES, ORDER_STATUSES, financial_status, order_status
from .taxes import TaxAmount, TaxKey
from .totals import Difference, Totals

__all__ = [
    "FINANCIAL_STATUSES",
    "ORDER_STATUSES",
    "SECONDARY_GATEWAYS",
    "Address",
    "Change",
    "Company",
    "Customer",
    "Difference",
    "HeldLine",
    "Line",
    "Money",
    "MoneyPair",
    "Options",
    "Order",
    "Payment",
    "Refund",
    "Refusal",
    "Return",
    "Risk",
    "Side",
    "TaxAmount",
    "TaxKey",
    "Totals",
    "compare",
    "digits",
    "email_key",
    "financial_status",
    "order_status",
    "phone_key",
    "read_address",
    "read_customer",
    "read_order",
    "spread",
    "units_back",
]
