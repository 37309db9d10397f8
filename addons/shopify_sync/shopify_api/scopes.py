"""Which of Shopify's access scopes each function of the connector needs.

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
    needs: tuple[Need, ...]

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes to ask for, one a need."""
        return tuple(need if isinstance(need, str) else need[0] for need in self.needs)


@dataclass(frozen=True)
class FunctionState:
    """Whether a function works with the granted scopes; `missing` names what to add when it does not."""

    function: str
    works: bool
    missing: tuple[str, ...]


@dataclass(frozen=True)
class ScopeNeed:
    """A scope to set in Shopify, the keys of the functions it serves, and whether it is a must."""

    scope: str
    functions: tuple[str, ...]
    is_minimum: bool


_READ_FULFILLMENT_ORDERS = ("read_merchant_managed_fulfillment_orders",)

# Payouts are read from the account, and disputes by themselves.
_ACCOUNT = ("read_shopify_payments_accounts", "read_shopify_payments")
_PAYOUTS = ("read_shopify_payments_payouts", "read_shopify_payments")
_DISPUTES = ("read_shopify_payments_disputes", "read_shopify_payments")

FUNCTIONS = (
    Function("orders", ("read_orders", "read_products", "read_customers")),
    Function("old_orders", ("read_orders", "read_all_orders")),
    Function("products", ("read_products",)),
    Function("locations", ("read_locations",)),
    Function("companies", (("read_companies", "read_customers"),)),
    Function("payment_terms", ("read_orders", "read_payment_terms")),
    Function("fulfillment_orders", _READ_FULFILLMENT_ORDERS),
    Function("customers", ("read_customers",)),
    Function("customers_out", ("write_customers",)),
    Function("customer_merges", ("read_customer_merge",)),
    Function("returns", ("read_returns",)),
    Function("cancel", ("write_orders",)),
    Function("refunds", ("write_orders", "read_locations")),
    Function("fulfilments", ("write_merchant_managed_fulfillment_orders", "read_locations")),
    Function("fulfilments_seen", ("read_fulfillments",)),
    Function("services_seen", ("read_third_party_fulfillment_orders",)),
    Function("product_out", ("write_products",)),
    Function("pictures_out", ("write_products", "write_files")),
    Function("publish", ("write_products", "read_publications", "write_publications")),
    Function("stock_out", ("write_inventory", "read_products", "read_locations")),
    Function("stock_in", ("read_inventory", "read_products", "read_locations")),
    Function("payouts", (_ACCOUNT, _PAYOUTS)),
    Function("disputes", (_DISPUTES,)),
)


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
        states.append(FunctionState(function.key, not missing, missing))
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
            served.setdefault(need[0], []).append(function.key)
    return [
        ScopeNeed(scope, tuple(keys), scope in MINIMUM)
        for scope, keys in served.items()
        if scope in MINIMUM or not (scope.startswith("read_") and "write_" + scope.removeprefix("read_") in served)
    ]


def _one_of(need: Need) -> tuple[str, ...]:
    return (need,) if isinstance(need, str) else need
