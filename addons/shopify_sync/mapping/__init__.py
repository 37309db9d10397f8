"""Shopify's JSON in, what Odoo should hold out. Pure: no database, no network, no Odoo."""

from .addresses import Address, email_key, phone_key, read_address
from .changes import Change, HeldLine, compare
from .customer_fields import FIELDS, arriving, departing, differing, is_empty, is_hidden, same, split_name
from .customers import Company, Customer, CustomerAlone, read_customer
from .errors import Refusal
from .line import Line
from .money import Money, MoneyPair, Side, digits, spread
from .order import Options, Order, read_order
from .payments import SECONDARY_GATEWAYS, Payment
from .periods import PERIODS, Period, period
from .refunds import Refund
from .returns import Return, units_back
from .risk import Risk
from .shipping import Call, OrderToShip, Parcel, Plan, plan_shipment, read_order_to_ship, recognise, units_of
from .statuses import FINANCIAL_STATUSES, ORDER_STATUSES, financial_status, order_status
from .tags import carried, words
from .taxes import TaxAmount, TaxKey
from .totals import Difference, Totals

__all__ = [
    "FIELDS",
    "FINANCIAL_STATUSES",
    "ORDER_STATUSES",
    "PERIODS",
    "SECONDARY_GATEWAYS",
    "Address",
    "Call",
    "Change",
    "Company",
    "Customer",
    "CustomerAlone",
    "Difference",
    "HeldLine",
    "Line",
    "Money",
    "MoneyPair",
    "Options",
    "Order",
    "OrderToShip",
    "Parcel",
    "Payment",
    "Period",
    "Plan",
    "Refund",
    "Refusal",
    "Return",
    "Risk",
    "Side",
    "TaxAmount",
    "TaxKey",
    "Totals",
    "arriving",
    "carried",
    "compare",
    "departing",
    "differing",
    "digits",
    "email_key",
    "financial_status",
    "is_empty",
    "is_hidden",
    "order_status",
    "period",
    "phone_key",
    "plan_shipment",
    "read_address",
    "read_customer",
    "read_order",
    "read_order_to_ship",
    "recognise",
    "same",
    "split_name",
    "spread",
    "units_back",
    "units_of",
    "words",
]
