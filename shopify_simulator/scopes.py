"""Access scopes: which ones a type or field needs, after the table that Shopify ships with its schema."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from .schema import load_document

DEFAULT_SCOPES = [
    "read_orders",
    "read_all_orders",
    "write_orders",
    "write_order_edits",
    "read_draft_orders",
    "read_products",
    "write_products",
    "read_publications",
    "write_publications",
    "read_inventory",
    "write_inventory",
    "read_locations",
    "read_customers",
    "write_customers",
    "read_customer_merge",
    "read_merchant_managed_fulfillment_orders",
    "write_merchant_managed_fulfillment_orders",
    "read_third_party_fulfillment_orders",
    "write_third_party_fulfillment_orders",
    "read_fulfillments",
    "write_fulfillments",
    "read_returns",
    "write_returns",
    "read_payment_terms",
    "read_shopify_payments_payouts",
    "read_shopify_payments_disputes",
    "read_shopify_payments_accounts",
    "read_files",
    "write_files",
    "read_companies",
    "read_gift_cards",
    "read_locales",
    "read_discounts",
]
"""What an app of a simulated store is granted unless told otherwise: all that a back-office connector can use."""


_PAYOUT_SCOPES = ("read_shopify_payments", "read_shopify_payments_payouts")
UNLISTED = dict.fromkeys(["ShopifyPaymentsPayout", "ShopifyPaymentsBalanceTransaction"], _PAYOUT_SCOPES)
"""Types whose scopes Shopify's pages name and the table that ships with the schema leaves out."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """Any one of ``scopes`` opens it; ``text`` is how Shopify words it."""

    scopes: tuple[str, ...]
    text: str

    def met(self, granted: frozenset[str]) -> bool:
        """Whether one of the scopes is among those granted (see `with_implied`)."""
        return any(scope in granted for scope in self.scopes)


class AccessTable:
    """Requirements by type, and by field of a type."""

    def __init__(self, version: str):
        self.types: dict[str, Requirement] = {}
        self.fields: dict[tuple[str, str], Requirement] = {}
        for row in load_document(version)["offline_scopes"]["items"]:
            if row["offlineScopes"]:
                needed = Requirement(tuple(row["offlineScopes"]), row["requiredAccess"])
                if row["type"] == "type":
                    self.types[row["typeName"]] = needed
                else:
                    self.fields[row["typeName"], row["fieldName"]] = needed
        for name, scopes in UNLISTED.items():
            text = " or ".join(f"`{scope}`" for scope in scopes)
            self.types.setdefault(name, Requirement(scopes, f"{text} access scope."))

    def of_field(self, parent: str, name: str, returns: str) -> Requirement | None:
        """What a field needs: its own row, else that of the type it returns (for a connection, of its nodes)."""
        own = self.fields.get((parent, name))
        if own is not None or parent == "Mutation":
            return own
        return self.types.get(returns.removesuffix("Connection"))


@lru_cache(maxsize=2)
def access_table(version: str) -> AccessTable:
    """The table of an API version, read once."""
    return AccessTable(version)


def with_implied(scopes) -> frozenset[str]:
    """Scopes with those they imply: writing includes reading."""
    granted = set(scopes)
    granted |= {"read_" + scope.removeprefix("write_") for scope in scopes if scope.startswith("write_")}
    return frozenset(granted)
