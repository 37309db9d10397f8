"""What an app can change in the store by its API; importing this package registers the mutations."""

from . import customers, fulfilments, orders, refunds

__all__ = ["customers", "fulfilments", "orders", "refunds"]
