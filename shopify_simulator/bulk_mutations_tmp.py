"""Bulk operations: work that Shopify does apart from the request, its result a file of JSON lines."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .errors import internal
from .ids import number_for

MAX_RUNNING = 5
"""Operations of one kind that may run at the same time."""


@dataclass(slots=True)
class Operation:
    """One bulk operation. ``due_at``: when its work is done, in seconds of the store's clock."""

    id: int
    type: str
    query: str
    created_at: datetime
    due_at: float
    status: str = "CREATED"
    rows: int = 0
    object_count: int = 0
    root_object_count: int = 0
    error_code: str | None = None
    completed_at: datetime | None = None
    result: list[bytes] = field(default_factory=list, repr=False)
    client_identifier: str | None = None

    typename = "BulkOperation"


class Bulk:
    """The bulk operations of an app in a store.

    ``rate``: rows that Shopify works off in a second (0: all at once); ``delay``: seconds before it starts; ``enabled``:
    whether the app may use them at all.
    """

    def __init__(self, app):
        self._app = app
        self.operations: dict[int, Operation] = {}
        self.rate = 0.0
        self.delay = 0.0
        self.enabled = True

    def find(self, number: int) -> Operation | None:
        """The operation of an id."""
        return self.operations.get(number)

    def running(self, kind: str) -> int:
        """How many operations of a kind are not ended."""
        return sum(one.type == kind and one.status in ("CREATED", "RUNNING") for one in self.operations.values())

    def start_mutation(self, mutation: str, lines: list[dict], scopes: list[str], client: str | None) -> Operation:
        """Plan to run a mutation once for each line of variables."""
        return self._plan("MUTATION", mutation, len(lines), client, lambda one: self._mutate(one, lines, scopes))

    def _plan(self, kind: str, text: str, rows: int, client: str | None, work) -> Operation:
        store = self._app.store
        number = number_for("BulkOperation", store.new_serial("BulkOperation"))
        seconds = self.delay + (rows / self.rate if self.rate else 0.0)
        one = Operation(
            number, kind, text, store.clock.now(), store.clock.timestamp() + seconds, rows=rows, client_identifier=client
        )
        self.operations[number] = one

        def run() -> None:
            if one.status in ("CREATED", "RUNNING"):
                work(one)
                one.status, one.completed_at = "COMPLETED", store.clock.now()

        store.jobs.add(run, seconds)
        return one

    def _mutate(self, one: Operation, lines: list[dict], scopes: list[str]) -> None:
        for number, variables in enumerate(lines):
            body = self._app.execute(one.query, variables, scopes)
            if "data" not in body and "errors" not in body:
                body = {"errors": [internal("bulk")]}
            row = {**body, "__lineNumber": number}
            one.result.append(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode())
        one.object_count = one.root_object_count = len(lines)

    def look(self, one: Operation) -> Operation:
        """The operation with its progress as of now."""
        now, store = self._app.store.clock.timestamp(), self._app.store
        if one.status in ("CREATED", "RUNNING") and self.rate:
            started = one.created_at + timedelta(seconds=self.delay)
            if store.clock.now() >= started:
                one.status = "RUNNING"
                one.object_count = min(one.rows, max(0, int(one.rows - (one.due_at - now) * self.rate)))
        return one

    def file(self, number: int) -> bytes | None:
        """The result of an ended operation."""
        one = self.operations.get(number)
        return b"".join(line + b"\n" for line in one.result) if one and one.completed_at else None
