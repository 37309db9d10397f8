"""Order documents in Shopify's REST and webhook shape, turned into orders of a simulated store.

What a document states stays as stated, also where it does not add up: differences from what its parts give are kept as
corrections of the order's totals.
"""

from .orders import load_order

__all__ = ["load_order"]
