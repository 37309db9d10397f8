"""The store as its API sees it: what a GraphQL or sign-in request is answered, without HTTP."""

from __future__ import annotations

import base64
import json
import threading
import uuid
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

from graphql import OperationType

from . import errors
from .auth import Access
from .bucket import Bucket, Throttled
from .cost import MAX_COST
from .execution import Document, engine
from .faults import Faults
from .journal import Journal
from .resolvers import Context
from .schema import SUPPORTED_VERSIONS
from .scopes import with_implied
from .store import Store
from .values import BadRequest
from .webhooks import Webhooks

KEPT_REQUESTS = 10_000
MOST_ITEMS = 250
"""Entries of a list that is sent as a variable."""


@dataclass(slots=True)
class Request:
    """One request as it came in and was answered. ``requested`` and ``actual``: cost in points."""

    at: datetime
    operation: str | None
    variables: dict
    query: str
    status: int = 200
    requested: int | None = None
    actual: int | None = None
    request_id: str = ""
    errors: list[str] = field(default_factory=list)
    fault: str | None = None


@dataclass(slots=True)
class Answer:
    """What goes back: HTTP status, headers, JSON body."""

    status: int
    body: dict
    headers: dict[str, str] = field(default_factory=dict)

    def raw(self) -> bytes:
        """The body as it is sent."""
        return json.dumps(self.body, ensure_ascii=False, separators=(",", ":")).encode()


class App:
    """An app installed on a simulated store: its access, its bucket, its requests.

    ``journal``: where changes of the store are recorded, if anywhere. ``each_id_counts``: every id of `nodes(ids:)` costs
    as much as a record asked for alone; Shopify's formula for them is not public.
    """

    typename = "AppInstallation"
    id = 480_000_000_001

    def __init__(
        self, store: Store, access: Access, bucket: Bucket, faults: Faults, version: str = SUPPORTED_VERSIONS[-1]
    ):
        self.store = store
        self.access = access
        self.bucket = bucket
        self.faults = faults
        self.api_version = version
        self.versions = SUPPORTED_VERSIONS
        self.engine = engine(version)
        self.requests: deque[Request] = deque(maxlen=KEPT_REQUESTS)
        self.webhooks = Webhooks(store, access, self._unsubscribed)
        self.journal: Journal | None = None
        self.each_id_counts = False
        self._log_lock = threading.Lock()

    @property
    def domain(self) -> str:
        return self.store.shop.domain

    def graphql(self, version: str, payload: object) -> tuple[Answer, Request]:
        """Answer a GraphQL request (its token already checked)."""
        request = Request(self.store.clock.now(), None, {}, "", request_id=str(uuid.uuid4()))
        served = version if version in self.versions or version == "unstable" else self.versions[0]
        answer = self._answer(payload, request)
        answer.headers |= {"X-Shopify-API-Version": served, "X-Request-Id": request.request_id}
        request.status = answer.status
        request.errors = [_code(error) for error in _listed(answer.body.get("errors"))]
        self.note(request)
        return answer, request

    def note(self, request: Request) -> None:
        """Add a request to the log."""
        with self._log_lock:
            self.requests.append(request)

    def operation_of(self, payload: object) -> str | None:
        """Name of the operation that a payload asks for, without running it."""
        if not isinstance(payload, dict) or not isinstance(payload.get("query"), str):
            return None
        named = payload.get("operationName")
        if named:
            return named
        operations = self.engine.document(payload["query"]).operations
        return next(iter(operations), None)

    def mutate(self, query: str, variables: dict, name: str | None, scopes: list[str]) -> None:
        """Execute a mutation as one with these granted scopes would; `BadRequest` when it cannot be executed."""
        body = self.execute(query, variables, scopes, name)
        if "data" not in body:
            raise BadRequest("; ".join(error["message"] for error in body["errors"]))

    def execute(self, query: str, variables: dict, scopes: list[str], name: str | None = None) -> dict:
        """The answer to a document, without costs; `BadRequest` when it cannot be executed."""
        document = self.engine.document(query)
        operation = self._operation(document, name)
        if operation is None:
            raise BadRequest("; ".join(error["message"] for error in document.errors) or f"no operation {name!r}")
        return self.engine.run(document, operation, variables, Context(self.store, with_implied(scopes), self))

    def upload(self, key: str, body: bytes) -> None:
        """Take the bytes of a staged upload; `BadRequest` when nobody announced it."""
        with self.store.lock, self.store.clock.still() as at:
            self.store.storefront.receive(key, body)
            if self.journal:
                self.journal.record(at, "upload", key=key, body=base64.b64encode(body).decode())

    def _unsubscribed(self, number: int) -> None:
        if self.journal:
            self.journal.record(self.store.clock.now(), "unsubscribed", subscription=number)

    def _answer(self, payload: object, request: Request) -> Answer:
        if not isinstance(payload, dict) or not isinstance(payload.get("query"), str):
            return Answer(400, {"errors": {"query": "Required parameter missing or invalid"}})
        request.query = payload["query"]
        request.variables = payload.get("variables") or {}
        document = self.engine.document(request.query)
        operation = self._operation(document, payload.get("operationName"))
        if operation is None:
            problems = document.errors or [
                {"message": "An operation name is required", "extensions": {"code": "BAD_REQUEST"}}
            ]
            return Answer(200, {"errors": problems})
        request.operation = operation.name.value if operation.name else None
        longest = max((len(one) for one in request.variables.values() if isinstance(one, list)), default=0)
        if longest > MOST_ITEMS:
            return Answer(200, {"errors": [errors.too_many(longest, MOST_ITEMS)]})
        request.requested = self.engine.cost(document, operation, request.variables, None, self.each_id_counts)
        if request.requested > MAX_COST:
            return Answer(200, {"errors": [errors.too_costly(request.requested, MAX_COST)]})
        try:
            self.bucket.take(request.requested)
        except Throttled:
            return self.throttled(request)
        return self._run(document, operation, request)

    def throttled(self, request: Request) -> Answer:
        """The answer when the bucket is empty."""
        return Answer(200, {"errors": [errors.throttled()], "extensions": {"cost": self._cost(request)}})

    def _run(self, document: Document, operation, request: Request) -> Answer:
        context = Context(self.store, self.access.granted(), self)
        with self.store.lock, self.store.clock.still() as at:
            if self.store.jobs.run_due() and self.journal:
                self.journal.record(at, "jobs")
            body = self.engine.run(document, operation, request.variables, context)
            if self.journal and operation.operation is OperationType.MUTATION and "data" in body:
                self.journal.record(
                    at,
                    "mutation",
                    query=request.query,
                    variables=request.variables,
                    operation=request.operation,
                    scopes=list(self.access.scopes),
                )
        request.actual = self.engine.cost(document, operation, request.variables, context.sizes, self.each_id_counts)
        self.bucket.give_back(max(0, request.requested - request.actual))
        body["extensions"] = {"cost": self._cost(request)}
        if context.search_warnings:
            body["extensions"]["search"] = [{"warnings": context.search_warnings}]
        headers = {}
        if document.deprecated:
            headers["X-Shopify-API-Deprecated-Reason"] = ", ".join(document.deprecated)
        return Answer(200, body, headers)

    def _operation(self, document: Document, name: str | None):
        if document.errors:
            return None
        if name is None and len(document.operations) == 1:
            return next(iter(document.operations.values()))
        return document.operations.get(name)

    def _cost(self, request: Request) -> dict:
        return {
            "requestedQueryCost": request.requested,
            "actualQueryCost": request.actual,
            "throttleStatus": self.bucket.status(),
        }


def _listed(found: object) -> list:
    return found if isinstance(found, list) else [found] if found else []


def _code(error: object) -> str:
    if isinstance(error, dict):
        return error.get("extensions", {}).get("code") or str(error.get("message", error))
    return str(error)
