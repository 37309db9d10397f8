"""What an app can change in the store by its API; importing this package registers the mutations."""

from . import bulk, customers, fulfilments, inventory, orders, refunds

__all__ = ["bulk", "customers", "fulfilments", "inventory", "orders", "refunds"]
