"""The fault plan: what goes wrong, for which requests, how often. Every fault ends by itself or is taken off.

Kinds:

- ``reset``: the connection is cut before anything is done (the client sees it as soon as it waits for the answer)
- ``timeout``: the request waits ``seconds`` without being done, then the connection is cut
- ``lost``: the work is done, then the connection is cut without an answer; ``late``: done, answered after ``seconds``
- ``lost_timeout``: the work is done, then nothing is answered for ``seconds``, then the connection is cut
- ``status``: an HTTP error (``status``, default 503), nothing done; 429 carries ``Retry-After`` (``retry_after`` seconds)
- ``status_after``: the work is done, then the HTTP error is answered
- ``throttled``: THROTTLED, whatever the bucket holds; ``internal``: INTERNAL_SERVER_ERROR in ``errors``, nothing done
- ``cut``: the work is done, the answer breaks off in the middle; ``garbage``: the body is no JSON
- ``version``: done, but the version header names another version (``version``)

To refuse connections as such, see `server.Server.refuse`.
"""

from __future__ import annotations

import random
import threading
from dataclasses import asdict, dataclass, field

from .values import BadRequest, one_of

KINDS = [
    "reset",
    "timeout",
    "lost",
    "late",
    "lost_timeout",
    "status",
    "status_after",
    "throttled",
    "internal",
    "cut",
    "garbage",
    "version",
]
MAX_SECONDS = 600


@dataclass(slots=True)
class Fault:
    """One line of the plan. ``operation``: name of the GraphQL operation, "token" for sign-in, None for all.

    ``times``: how often it strikes, None for always (with ``probability`` for a part of the requests). ``after``: that
    many matching requests pass first.
    """

    kind: str
    operation: str | None = None
    times: int | None = 1
    probability: float = 1.0
    after: int = 0
    seconds: float = 1.0
    status: int = 503
    retry_after: float | None = 2.0
    version: str = "2026-04"
    id: int = 0
    struck: int = 0
    random: random.Random = field(default_factory=random.Random, repr=False)


class Faults:
    """The plan of one server; safe to change while requests come in."""

    def __init__(self, seed: int = 0):
        self._lock = threading.Lock()
        self._plan: list[Fault] = []
        self._random = random.Random(seed)
        self._ids = 0

    def add(self, kind: str, operation: str | None = None, **options) -> Fault:
        """Put a fault on the plan and return it; `BadRequest` for a kind or option that makes no sense."""
        one_of(kind, tuple(KINDS), "fault")
        try:
            fault = Fault(kind, operation, **options)
        except TypeError as error:
            raise BadRequest(f"fault: {error}") from error
        if not 0 <= fault.seconds <= MAX_SECONDS:
            raise BadRequest(f"fault: seconds must be between 0 and {MAX_SECONDS}")
        fault.random = random.Random(self._random.random())
        with self._lock:
            self._ids += 1
            fault.id = self._ids
            self._plan.append(fault)
        return fault

    def remove(self, fault_id: int) -> None:
        """Take one fault off the plan."""
        with self._lock:
            self._plan = [fault for fault in self._plan if fault.id != fault_id]

    def clear(self) -> None:
        """Take all faults off."""
        with self._lock:
            self._plan.clear()

    def plan(self) -> list[dict]:
        """The plan as plain values."""
        with self._lock:
            rows = [asdict(fault) for fault in self._plan]
        for row in rows:
            row.pop("random")
        return rows

    def strike(self, operation: str | None) -> Fault | None:
        """The fault that hits this request, counted; None for none."""
        with self._lock:
            for fault in self._plan:
                if fault.operation not in (None, operation):
                    continue
                if fault.after > 0:
                    fault.after -= 1
                    continue
                if fault.probability < 1 and fault.random.random() >= fault.probability:
                    continue
                fault.struck += 1
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self._plan.remove(fault)
                return fault
        return None
