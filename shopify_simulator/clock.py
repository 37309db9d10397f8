"""The store's clock: real time by default, settable for tests. UTC; Shopify's times have whole seconds."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone

UTC = timezone.utc


class _Still(threading.local):
    at: float | None = None


class Clock:
    """Time of one simulated store.

    Runs with the machine's clock, shifted to the time it was set to. ``freeze`` stops it; ``advance`` moves it.
    """

    def __init__(self, start: datetime | None = None):
        self._lock = threading.Lock()
        self._still = _Still()
        self._frozen: float | None = None
        self._shift = 0.0
        if start is not None:
            self.set(start)

    def timestamp(self) -> float:
        """Seconds since 1970, with fractions."""
        if self._still.at is not None:
            return self._still.at
        with self._lock:
            return self._frozen if self._frozen is not None else time.time() + self._shift

    def now(self) -> datetime:
        """Aware UTC time, whole seconds."""
        return datetime.fromtimestamp(int(self.timestamp()), UTC)

    @contextmanager
    def still(self, moment: datetime | None = None) -> Iterator[datetime]:
        """One moment (default: the present one, to the microsecond) for all that this thread does meanwhile.

        For other threads the clock runs as before.
        """
        at = moment or datetime.fromtimestamp(self.timestamp(), UTC)
        before = self._still.at
        self._still.at = at.timestamp()
        try:
            yield at
        finally:
            self._still.at = before

    def set(self, moment: datetime) -> None:
        """Set the clock; it runs on from there (stays put when frozen)."""
        if moment.tzinfo is None:
            raise ValueError("the clock needs a time with its time zone")
        with self._lock:
            if self._frozen is not None:
                self._frozen = moment.timestamp()
            else:
                self._shift = moment.timestamp() - time.time()

    def freeze(self, moment: datetime | None = None) -> None:
        """Stop the clock, at ``moment`` or at its present time."""
        at = moment.timestamp() if moment is not None else self.timestamp()
        with self._lock:
            self._frozen = at

    def advance(self, seconds: float) -> None:
        """Move the clock on (or back)."""
        with self._lock:
            if self._frozen is not None:
                self._frozen += seconds
            else:
                self._shift += seconds

    def run(self) -> None:
        """Let a frozen clock run again from where it stands."""
        with self._lock:
            if self._frozen is not None:
                self._shift = self._frozen - time.time()
                self._frozen = None
