"""Shopify's leaky bucket of points, as arithmetic: no clock, no storage, no waiting.

A store's bucket holds `maximum` points and gets `restore_rate` points back each second (standard plan 2,000 and 100).
The caller keeps it where all workers see it, spends a request's declared cost before sending, and corrects it with what
each answer says. https://shopify.dev/docs/apps/build/apis/graphql-admin/rate-limits
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from .errors import Throttled, TooCostly
from .wording import Words, _lt

DEFAULT_MAXIMUM = 2000.0
DEFAULT_RESTORE_RATE = 100.0

#: Lanes of work, the first in line first, and the points that each leaves in the bucket for those before it. No request
#: may cost more than 1,000 points, so an order's request finds its points whatever the others do.
RESERVES = {"orders": 0.0, "shipments": 1000.0, "stock": 1100.0, "catalogue": 1300.0}
#: The lane of a request by the area of its document; orders unless named here.
LANES_OF_AREAS = {
    "fulfillments": "shipments",
    "inventory": "stock",
    "bulk": "stock",
    "products": "catalogue",
    "customers": "catalogue",
}
#: A lane that has waited for so many seconds may spend once like the first one: no lane starves behind another.
PATIENCE = 60.0


@dataclass(frozen=True)
class ThrottleStatus:
    """What Shopify says of the bucket in an answer: points, points, points a second."""

    maximum: float
    available: float
    restore_rate: float

    @classmethod
    def from_json(cls, status: Mapping[str, Any]) -> ThrottleStatus:
        """Read `extensions.cost.throttleStatus`. Raises KeyError, TypeError or ValueError when it is not that."""
        return cls(float(status["maximumAvailable"]), float(status["currentlyAvailable"]), float(status["restoreRate"]))


@dataclass(frozen=True)
class Bucket:
    """The points of one store at the moment `at` (seconds since 1970, UTC)."""

    maximum: float = DEFAULT_MAXIMUM
    available: float = DEFAULT_MAXIMUM
    restore_rate: float = DEFAULT_RESTORE_RATE
    at: float = 0.0

    def __post_init__(self):
        if self.maximum <= 0 or self.restore_rate <= 0:
            raise ValueError("a bucket holds points and gets points back")
        object.__setattr__(self, "available", min(max(self.available, 0.0), self.maximum))

    def at_time(self, now: float) -> Bucket:
        """Return the bucket as it is at `now`. A clock that is behind gives no points and takes none."""
        if now <= self.at:
            return self
        return replace(self, available=self.available + (now - self.at) * self.restore_rate, at=now)

    def spend(self, cost: float, now: float, reserve: float = 0.0) -> Bucket:
        """Return the bucket after spending `cost` points at `now`, with `reserve` points left for others.

        A bucket that is too small for both keeps what it can. Raises Throttled with the seconds after which it will
        suffice (if nobody else spends), or TooCostly when the bucket can never hold so many.
        """
        if cost < 0:
            raise ValueError("a request cannot cost less than nothing")
        if cost > self.maximum:
            raise TooCostly(too_big(cost, self.maximum), cost=cost, max_cost=self.maximum)
        bucket = self.at_time(now)
        needed = cost + min(max(reserve, 0.0), self.maximum - cost)
        if needed > bucket.available:
            wait = wait_for(needed, bucket.available, self.restore_rate) + max(bucket.at - now, 0.0)
            raise Throttled(used_up(wait), retry_after=wait)
        return replace(bucket, available=bucket.available - cost)

    def corrected(self, status: ThrottleStatus | Mapping[str, Any], now: float, in_flight: float = 0.0) -> Bucket:
        """Return the bucket as Shopify told at `now`, less the points of requests (`in_flight`) it has not counted."""
        if not isinstance(status, ThrottleStatus):
            status = ThrottleStatus.from_json(status)
        return Bucket(status.maximum, status.available - in_flight, status.restore_rate, max(now, self.at))


def too_big(cost: float, maximum: float) -> Words:
    """Say that a bucket can never hold so many points."""
    return _lt(
        "The request needs %(cost)s points, the store's budget holds %(most)s at most.",
        cost=f"{cost:g}",
        most=f"{maximum:g}",
    )


def used_up(wait: float) -> Words:
    """Say that the bucket fills up in so many seconds."""
    return _lt(
        "The store's request budget is used up for the moment; it goes on in %(seconds)s seconds.",
        seconds=f"{wait:.1f}",
    )


def wait_for(cost: float, available: float, restore_rate: float) -> float:
    """Return the seconds until `available` points have grown to `cost`, rounded up so that they always suffice."""
    missing = cost - available
    if missing <= 0:
        return 0.0
    # One millisecond more covers the rounding of clock values.
    return (math.ceil(missing / restore_rate * 1000) + 1) / 1000
