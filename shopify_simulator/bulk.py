"""Bulk operations: a query over everything, or a mutation for many inputs, run by a job, its result a file of JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from .jobs import Job

MOST_RUNNING = 5


@dataclass(slots=True)
class BulkOperation:
    """``result``: the file's content, None until the job is done; ``problem``: Shopify's code of what went wrong."""

    id: int
    query: str
    created_at: datetime
    kind: str = "QUERY"
    job: Job | None = None
    result: bytes | None = None
    problem: str | None = None
    cancelled: bool = False
    completed_at: datetime | None = None
    objects: int = 0
    roots: int = 0

    typename = "BulkOperation"

    @property
    def status(self) -> str:
        if self.cancelled:
            return "CANCELED"
        if self.problem or (self.job is not None and self.job.error):
            return "FAILED"
        return "RUNNING" if self.completed_at is None else "COMPLETED"

    @property
    def running(self) -> bool:
        return self.status == "RUNNING"


class BulkOperations:
    """The bulk operations of a store. ``refuse``: Shopify's code with which the next one is refused.

    ``rate``: inputs of a bulk mutation that are worked off in a second (0: all at once).
    """

    def __init__(self):
        self._made: dict[int, BulkOperation] = {}
        self.refuse: str | None = None
        self.rate = 0.0

    def add(self, query: str, at: datetime, kind: str = "QUERY") -> BulkOperation:
        """A new operation, a QUERY or a MUTATION; its job is planned by the caller."""
        made = BulkOperation(1_000_000_001 + len(self._made), query, at, kind)
        self._made[made.id] = made
        return made

    def find(self, number: int) -> BulkOperation | None:
        """The operation of an id."""
        return self._made.get(number)

    def running(self, kind: str) -> int:
        """How many of a kind are not over."""
        return sum(one.running and one.kind == kind for one in self._made.values())


def lines_of(data: dict) -> Iterator[tuple[dict, bool]]:
    """The objects of an answer as a bulk file lists them, each with whether it stands at the root.

    A connection's nodes become lines of their own that name their parent (``__parentId``).
    """
    for value in data.values():
        for node in _nodes(value) or ():
            yield from _flat(node, None)


def as_jsonl(rows: list[dict]) -> bytes:
    """The file of a bulk operation."""
    return b"".join(json.dumps(row, separators=(",", ":")).encode() + b"\n" for row in rows)


def as_lines(rows: list[dict]) -> bytes:
    """The result of a bulk mutation: the answers in the order of the inputs, each with its line number."""
    return as_jsonl([{**row, "__lineNumber": number} for number, row in enumerate(rows)])


def _nodes(value: object) -> list[dict] | None:
    if isinstance(value, dict) and ("edges" in value or "nodes" in value):
        return value["nodes"] if "nodes" in value else [edge["node"] for edge in value["edges"]]
    return None


def _flat(node: dict, parent: str | None) -> Iterator[tuple[dict, bool]]:
    below = {name: nodes for name, value in node.items() if (nodes := _nodes(value)) is not None}
    own = {name: value for name, value in node.items() if name not in below}
    if parent is not None:
        own["__parentId"] = parent
    yield own, parent is None
    for nodes in below.values():
        for one in nodes:
            yield from _flat(one, node.get("id"))
