"""A simulated store, ready to be talked to: state, API, server."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from .app import App, Request
from .auth import Access
from .bucket import Bucket
from .clock import Clock
from .control import Control
from .faults import Faults
from .generate.orders import fill
from .journal import Journal
from .replay import replay
from .server import Server
from .store import Store
from .values import moment
from .webhooks import Webhooks


class Simulator:
    """A Shopify store on loopback, in this process.

    ``seed`` and ``orders`` decide what it holds; ``now`` sets its clock (and, unless ``reference`` says otherwise, the day
    up to which its orders reach). Use as a context manager, or call `start` and `stop`.

    ``journal``: a file that keeps what is done to the store by the control interface and by mutations, with the day up to
    which its orders reach. The first `start` does all of it again, so that the store is as it was left; `BadRequest` names a
    line that cannot be done again or a journal of another store. What is done to ``store`` in Python is not kept.
    """

    def __init__(
        self,
        seed: int = 1,
        orders: int = 0,
        *,
        products: int = 60,
        currency: str = "USD",
        now: datetime | str | None = None,
        reference: datetime | str | None = None,
        days: int = 50,
        older: float = 0.0,
        host: str = "127.0.0.1",
        port: int = 0,
        scopes: Iterable[str] | None = None,
        bucket_size: float = 2000,
        restore_rate: float = 100,
        name: str = "Simulated Store",
        journal: Path | str | None = None,
    ):
        self._journal = Journal(journal) if journal is not None else None
        if reference is None and self._journal is not None and self._journal.store:
            reference = self._journal.store.get("reference")
        clock = Clock(moment(now, "now") if now is not None else None)
        last_day = moment(reference, "reference") if reference is not None else None
        self.store = Store(seed, currency, products, clock, last_day, name=name)
        fill(self.store, orders, days, older)
        self._made = {
            "seed": seed,
            "orders": orders,
            "products": products,
            "currency": currency,
            "reference": self.store.reference.isoformat(),
            "days": days,
            "older": older,
        }
        self.access = Access(clock.timestamp)
        if scopes is not None:
            self.access.scopes = list(scopes)
        self.bucket = Bucket(clock.timestamp, bucket_size, restore_rate)
        self.faults = Faults(seed)
        self.app = App(self.store, self.access, self.bucket, self.faults)
        self.control = Control(self.app)
        self._host, self._port = host, port
        self._server: Server | None = None

    def start(self) -> Simulator:
        """Open the port and serve in the background; the first time, do again what the journal tells."""
        if self._server is None:
            self._restore()
            self._server = Server(self.app, self.control, self._host, self._port)
            self._port = self._server.port
            self.store.shop.domain = self.domain
            self._server.start()
            self.webhooks.start()
        return self

    def stop(self) -> None:
        """Close the port. `start` opens the same one again, with the store as it was left."""
        if self._server is not None:
            self.webhooks.stop()
            self._server.stop()
            self._server = None

    def _restore(self) -> None:
        if self._journal is not None and self.app.journal is None:
            self._journal.open(self._made)
            replay(self._journal, self.app, self.control)
            self.app.journal = self._journal

    def __enter__(self):
        return self.start()

    def __exit__(self, *_exc: object) -> None:
        self.stop()

    @property
    def port(self) -> int:
        return self._port

    @property
    def domain(self) -> str:
        """Shop domain: ``127.0.0.1:PORT``."""
        return f"{self._host}:{self._port}"

    @property
    def url(self) -> str:
        """``http://127.0.0.1:PORT``."""
        return f"http://{self.domain}"

    @property
    def graphql_url(self) -> str:
        """Address of the GraphQL endpoint."""
        return f"{self.url}/admin/api/{self.app.api_version}/graphql.json"

    @property
    def clock(self) -> Clock:
        return self.store.clock

    @property
    def webhooks(self) -> Webhooks:
        """Subscriptions and deliveries."""
        return self.app.webhooks

    @property
    def requests(self) -> deque[Request]:
        """The requests that came in, oldest first (the last 10,000)."""
        return self.app.requests

    def refuse(self, seconds: float | None = None) -> None:
        """Refuse connections until `accept`, or for so many seconds."""
        self._server.refuse(seconds)

    def accept(self) -> None:
        """Accept connections again."""
        self._server.accept()
