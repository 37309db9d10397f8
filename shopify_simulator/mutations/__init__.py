"""What an app can change in the store by its API; importing this package registers the mutations."""

from . import (
    bulk,
    bulk_mutation,
    customers,
    fulfilments,
    inventory,
    media,
    orders,
    products,
    publishing,
    refunds,
    variants,
)

__all__ = [
    "bulk",
    "bulk_mutation",
    "customers",
    "fulfilments",
    "inventory",
    "media",
    "orders",
    "products",
    "publishing",
    "refunds",
    "variants",
]
