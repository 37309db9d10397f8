"""Seeded orders (first, plain version)."""

from __future__ import annotations

from datetime import timedelta

from ..book import header_of
from ..events.place import place
from . import rng


def fill(store, count: int, days: int = 50, older: float = 0.0) -> None:
    """Give a store its generated orders and customers."""
    store.people.generated = max(5, count // 2) if count else 0
    skus = store.skus()

    def build(serial):
        random = rng(store.seed, "order", serial)
        at = store.reference - timedelta(days=days) * (1 - (serial - 0.5) / count)
        at = at.replace(microsecond=0)
        order = place(
            store,
            serial,
            at,
            lines=[(random.choice(skus), random.randint(1, 3)) for _ in range(random.randint(1, 4))],
            taxes=random.choice(["US-NY", "DE", "CA-QC", "none"]),
            shipping=random.choice(["5.00", "9.95", None]),
            customer=store.people.get(random.randint(1, store.people.generated)),
        )
        return order

    headers = []
    for serial in range(1, count + 1):
        headers.append(header_of(build(serial), "paid"))
    store.generate_orders(headers, build)
