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


_PAYMENTS_ACCOUNT = ("read_shopify_payments_accounts", "read_shopify_payments")
_READ_FULFILLMENT_ORDERS = ("read_merchant_managed_fulfillment_orders", "read_third_party_fulfillment_orders")
_WRITE_FULFILLMENT_ORDERS = ("write_merchant_managed_fulfillment_orders", "write_third_party_fulfillment_orders")

FUNCTIONS = (
    Function("orders", "Import orders", ("read_orders", "read_products", "read_customers")),
    Function("old_orders", "Import orders older than 60 days", ("read_orders", "read_all_orders")),
    Function("products", "Import products", ("read_products",)),
    Function("customers", "Import customers", ("read_customers",)),
    Function("locations", "Import locations", ("read_locations",)),
    Function("companies", "Import companies (B2B)", (("read_companies", "read_customers"),)),
    Function("payment_terms", "Read payment terms of orders", ("read_orders", "read_payment_terms")),
    Function("draft_orders", "Link orders made from drafts", ("read_draft_orders",)),
    Function("fulfillment_orders", "Read pickup, holds and locations of shipments", _READ_FULFILLMENT_ORDERS),
    Function("shipments_out", "Send shipments and tracking numbers", ("read_orders", *_WRITE_FULFILLMENT_ORDERS)),
    Function("stock_in", "Import stock", ("read_inventory", "read_locations")),
    Function("stock_out", "Export stock", ("write_inventory", "read_locations", "read_products")),
    Function("products_out", "Export products and prices", ("write_products",)),
    Function("images_out", "Export product images", ("write_products", "write_files")),
    Function("publications", "Publish products", ("read_publications", "write_publications")),
    Function("customers_out", "Export customers", ("write_customers",)),
    Function("order_update", "Write tags and notes on orders", ("write_orders",)),
    Function("mark_paid", "Mark orders as paid", ("write_orders",)),
    Function("cancel", "Cancel orders in Shopify", ("write_orders",)),
    Function("refunds", "Refund in Shopify", ("write_orders", "read_locations")),
    Function("returns", "Import returns and exchanges", ("read_orders", "read_returns")),
    Function("payouts", "Import payouts", (_PAYMENTS_ACCOUNT, "read_shopify_payments_payouts")),
    Function("disputes", "Import disputes", (_PAYMENTS_ACCOUNT, "read_shopify_payments_disputes")),
)

WHY = {
    "read_orders": "to read orders, their payments, refunds and fulfilments",
    "read_all_orders": (
        "to read orders older than 60 days; without it Shopify leaves them out silently. Apps made by partners need "
        "Shopify's approval for it"
    ),
    "write_orders": "to cancel, refund, tag orders and mark them as paid from Odoo",
    "read_products": "to find and create the products of order lines",
    "write_products": "to create and update products, prices and collections from Odoo",
    "read_customers": "to read who ordered, with address and e-mail",
    "write_customers": "to create and update customers from Odoo",
    "read_locations": "to know the store's locations and link them to warehouses",
    "read_companies": "to read business customers, their locations and terms",
    "read_payment_terms": "to read when an order that is not paid at once is due",
    "read_draft_orders": "to read the draft that an order was made from",
    "read_merchant_managed_fulfillment_orders": "to read what is to be shipped from your own locations, and holds",
    "read_third_party_fulfillment_orders": "to read what fulfilment services ship, so that Odoo leaves it alone",
    "write_merchant_managed_fulfillment_orders": "to report shipments from your own locations",
    "write_third_party_fulfillment_orders": "to report shipments of orders that also use a fulfilment service",
    "read_inventory": "to read stock levels",
    "write_inventory": "to write stock levels",
    "write_files": "to upload product images",
    "read_publications": "to know the sales channels that products can be published to",
    "write_publications": "to publish products to sales channels and take them back",
    "read_returns": "to read returns and exchanges",
    "read_shopify_payments_accounts": "to reach the Shopify Payments account",
    "read_shopify_payments": "to reach the Shopify Payments account",
    "read_shopify_payments_payouts": "to read payouts and what they are made of",
    "read_shopify_payments_disputes": "to read chargebacks and inquiries",
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
