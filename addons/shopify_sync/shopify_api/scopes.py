"""Which of Shopify's access scopes each function of the connector needs, and why, in words for the set-up steps.

Names and needs follow Shopify's own table of scopes for API version 2026-07.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

# Without these a store cannot be connected.
MINIMUM = ("read_orders", "read_products", "read_customers", "read_locations")

# A need is a scope, or several of which one suffices (the first is the one to ask for).
Need = str | tuple[str, ...]


@dataclass(frozen=True)
class Function:
    """A thing that the connector does, under a stable key, and the scopes without which it cannot."""

    key: str
    label: str
    needs: tuple[Need, ...]


@dataclass(frozen=True)
class FunctionState:
    """Whether a function works with the granted scopes; `missing` names what to add when it does not."""

    function: str
    label: str
    works: bool
    missing: tuple[str, ...]


@dataclass(frozen=True)
class ScopeNeed:
    """A scope to set in Shopify, why, the labels of the functions it serves, and whether it is a must."""

    scope: str
    why: str
    functions: tuple[str, ...]
    is_minimum: bool


_READ_FULFILLMENT_ORDERS = ("read_merchant_managed_fulfillment_orders",)

# Payouts are read from the account, and disputes by themselves.
_ACCOUNT = ("read_shopify_payments_accounts", "read_shopify_payments")
_PAYOUTS = ("read_shopify_payments_payouts", "read_shopify_payments")
_DISPUTES = ("read_shopify_payments_disputes", "read_shopify_payments")

FUNCTIONS = (
    Function("orders", "Import orders", ("read_orders", "read_products", "read_customers")),
    Function("old_orders", "Import orders older than 60 days", ("read_orders", "read_all_orders")),
    Function("products", "Find and create the products of order lines", ("read_products",)),
    Function("locations", "Import locations", ("read_locations",)),
    Function("companies", "Import companies (B2B)", (("read_companies", "read_customers"),)),
    Function("payment_terms", "Read payment terms of orders", ("read_orders", "read_payment_terms")),
    Function("fulfillment_orders", "Know pickup orders and the location that ships", _READ_FULFILLMENT_ORDERS),
    Function("customers", "Import customers", ("read_customers",)),
    Function("customers_out", "Create and change customers in Shopify", ("write_customers",)),
    Function("customer_merges", "Know at once which customers were merged", ("read_customer_merge",)),
    Function("returns", "Know returns and exchanges, and bring their goods back", ("read_returns",)),
    Function("cancel", "Cancel orders in Shopify", ("write_orders",)),
    Function("refunds", "Refund in Shopify", ("write_orders", "read_locations")),
    Function(
        "fulfilments", "Send shipments to Shopify", ("write_merchant_managed_fulfillment_orders", "read_locations")
    ),
    Function("fulfilments_seen", "Know at once what was shipped in Shopify", ("read_fulfillments",)),
    Function("product_out", "Export and update products", ("write_products",)),
    Function("pictures_out", "Replace pictures in Shopify and their alt texts", ("write_products", "write_files")),
    Function("publish", "Publish products", ("write_products", "read_publications", "write_publications")),
    Function("stock_out", "Export stock", ("write_inventory", "read_products", "read_locations")),
    Function("stock_in", "Import and compare stock", ("read_inventory", "read_products", "read_locations")),
    Function("payouts", "Import payouts of Shopify Payments", (_ACCOUNT, _PAYOUTS)),
    Function("disputes", "Import disputes", (_DISPUTES,)),
)

WHY = {
    "read_orders": "to read orders, their payments, refunds and fulfilments",
    "read_all_orders": (
        "to read orders older than 60 days; without it Shopify leaves them out silently. Apps made by partners need "
        "Shopify's approval for it"
    ),
    "write_orders": "to cancel and refund orders from Odoo",
    "write_products": "to export and update products from Odoo",
    "read_publications": "to know the store's sales channels",
    "write_publications": "to publish products in sales channels",
    "read_inventory": "to read stock by location",
    "write_inventory": "to send stock from Odoo",
    "read_products": "to find and create the products of order lines",
    "read_customers": "to read who ordered, with address and e-mail",
    "write_customers": "to create customers in Shopify and to send changes made in Odoo",
    "read_customer_merge": "to know which customers were merged in Shopify",
    "read_locations": "to know the store's locations and link them to warehouses",
    "read_companies": "to read business customers and their locations",
    "read_payment_terms": "to read when an order that is not paid at once is due",
    "read_fulfillments": "to be told of shipments that are made in Shopify or by other apps",
    "write_files": "to replace pictures that are in Shopify already, and their alt texts",
    "read_shopify_payments": "to read payouts and disputes, where the narrower permissions are not to be had",
    "read_shopify_payments_accounts": "to find the store's account at Shopify Payments, from which its payouts are read",
    "read_shopify_payments_payouts": "to read what Shopify Payments paid out, transaction by transaction",
    "read_shopify_payments_disputes": "to know which payments customers dispute, and until when to answer",
    "read_returns": "to know what customers send back, what came in, and what is sent instead",
    "read_merchant_managed_fulfillment_orders": "to know which orders are picked up and which location ships",
    "write_merchant_managed_fulfillment_orders": "to tell Shopify what Odoo has shipped, with the tracking numbers",
}


def expand(granted: Iterable[str]) -> frozenset[str]:
    """Return the scopes with those they imply: a write scope holds the read scope of the same thing."""
    granted = frozenset(granted)
    return granted | {"read_" + scope.removeprefix("write_") for scope in granted if scope.startswith("write_")}


def check(granted: Iterable[str]) -> list[FunctionState]:
    """Say for every function of the connector whether it works with the granted scopes and what is missing."""
    held = expand(granted)
    states = []
    for function in FUNCTIONS:
        missing = tuple(need[0] for need in map(_one_of, function.needs) if held.isdisjoint(need))
        states.append(FunctionState(function.key, function.label, not missing, missing))
    return states


def missing_minimum(granted: Iterable[str]) -> tuple[str, ...]:
    """Return the scopes that a connection cannot do without and that are not granted."""
    held = expand(granted)
    return tuple(scope for scope in MINIMUM if scope not in held)


def to_set_up(functions: Iterable[str] | None = None) -> list[ScopeNeed]:
    """Return the scopes to set in Shopify for these functions (keys; None means all), the minimum always with them.

    Read scopes that a write scope in the list implies are left out, except for the minimum, which is easier to find
    when it is named. Raises KeyError for a function that is not there.
    """
    known = {function.key: function for function in FUNCTIONS}
    chosen = list(known.values()) if functions is None else [known[key] for key in functions]
    served: dict[str, list[str]] = {scope: [] for scope in MINIMUM}
    for function in chosen:
        for need in map(_one_of, function.needs):
            served.setdefault(need[0], []).append(function.label)
    return [
        ScopeNeed(scope, WHY[scope], tuple(labels), scope in MINIMUM)
        for scope, labels in served.items()
        if scope in MINIMUM or not (scope.startswith("read_") and "write_" + scope.removeprefix("read_") in served)
    ]


def _one_of(need: Need) -> tuple[str, ...]:
    return (need,) if isinstance(need, str) else need
