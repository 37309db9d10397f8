"""The resolvers of all areas; importing this package registers them."""

from . import common, customers, fulfilments, lookup, orders, payments, products, returns, shop, webhooks
from .registry import Context, guard, install, read, type_of

__all__ = [
    "Context",
    "common",
    "customers",
    "fulfilments",
    "guard",
    "install",
    "lookup",
    "orders",
    "payments",
    "products",
    "read",
    "returns",
    "shop",
    "type_of",
    "webhooks",
]
