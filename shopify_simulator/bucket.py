"""The leaky bucket of query points, one for each app and store."""

import threading
from collections.abc import Callable

_GRAIN = 1e-3
"""What clocks of floating seconds may be off, in points: waiting the time told always suffices."""


class Throttled(Exception):
    """The bucket does not hold what a query asks for."""


class Bucket:
    """``maximum`` points, filling up by ``restore_rate`` points a second.

    A query takes its requested cost first; what it did not use is given back.
    """

    def __init__(self, timestamp: Callable[[], float], maximum: float = 2000, restore_rate: float = 100):
        self.maximum = float(maximum)
        self.restore_rate = float(restore_rate)
        self._timestamp = timestamp
        self._lock = threading.Lock()
        self._available = self.maximum
        self._at = timestamp()

    def _fill(self) -> None:
        now = self._timestamp()
        self._available = min(self.maximum, self._available + max(0.0, now - self._at) * self.restore_rate)
        self._at = now

    def take(self, points: float) -> None:
        """Take the requested cost; `Throttled` when the bucket does not hold it."""
        with self._lock:
            self._fill()
            if points > self._available + _GRAIN:
                raise Throttled
            self._available = max(0.0, self._available - points)

    def give_back(self, points: float) -> None:
        """Give back what was requested and not used."""
        with self._lock:
            self._fill()
            self._available = min(self.maximum, self._available + points)

    def drain(self, left: float = 0) -> None:
        """Empty the bucket down to ``left`` points (as if other requests had used it)."""
        with self._lock:
            self._fill()
            self._available = min(self._available, float(left))

    def status(self) -> dict:
        """``throttleStatus`` as Shopify sends it."""
        with self._lock:
            self._fill()
            return {
                "maximumAvailable": self.maximum,
                "currentlyAvailable": int(self._available),
                "restoreRate": self.restore_rate,
            }
