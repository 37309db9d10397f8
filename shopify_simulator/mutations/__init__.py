"""What an app can change in the store by its API; importing this package registers the mutations."""

from . import fulfilments, orders, refunds

__all__ = ["fulfilments", "orders", "refunds"]
