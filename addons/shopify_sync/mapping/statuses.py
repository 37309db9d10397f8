"""Shopify's statuses as the three keys that choose a workflow (rules, section 2)."""

from __future__ import annotations

from decimal import Decimal

FINANCIAL_STATUSES = (
    "pending",
    "authorized",
    "expired",
    "partially_paid",
    "paid",
    "partially_refunded",
    "refunded",
    "voided",
)
ORDER_STATUSES = ("unshipped", "partial", "fulfilled")
_FULFILLED = frozenset({"FULFILLED", "FULFILLMENT_NOT_REQUIRED"})


def financial_status(display: str | None, total: Decimal) -> str:
    """`displayFinancialStatus` in lower case; empty means paid when the total is zero, else pending."""
    if display:
        return display.lower()
    return "pending" if total else "paid"


def order_status(display: str | None) -> str:
    """'unshipped', 'partial' or 'fulfilled' of `displayFulfillmentStatus`."""
    if display in _FULFILLED:
        return "fulfilled"
    return "partial" if display == "PARTIALLY_FULFILLED" else "unshipped"
