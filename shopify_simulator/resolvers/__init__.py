"""The resolvers of all areas; importing this package registers them."""

from . import (
    common,
    customers,
    fulfilments,
    lookup,
    media,
    orders,
    payments,
    payouts,
    products,
    returns,
    shop,
    storefront,
    webhooks,
)
from .registry import Context, guard, install, read, type_of

__all__ = [
    "Context",
    "common",
    "customers",
    "fulfilments",
    "guard",
    "install",
    "lookup",
    "media",
    "orders",
    "payments",
    "payouts",
    "products",
    "read",
    "returns",
    "shop",
    "storefront",
    "type_of",
    "webhooks",
]
