"""A small HTTP server on loopback that answers exactly as a test tells it, misbehaving included."""

import json
import socket
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

COST = {
    "requestedQueryCost": 52,
    "actualQueryCost": 12,
    "throttleStatus": {"maximumAvailable": 2000.0, "currentlyAvailable": 1988.0, "restoreRate": 100.0},
}


@dataclass
class Request:
    path: str
    headers: dict
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


@dataclass
class Reply:
    """One answer. `cut` sends half of the body, `silent` none before so many seconds, `drop` closes without a word."""

    body: object = field(default_factory=dict)
    status: int = 200
    headers: dict = field(default_factory=dict)
    cut: bool = False
    drop: bool = False
    silent: float = 0.0


class Shop:
    """The server. Replies are taken in turn; `requests` keeps what arrived."""

    def __init__(self):
        self.replies = deque()
        self.requests = []
        self.stopped = threading.Event()
        shop = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                shop.requests.append(Request(self.path, dict(self.headers), body))
                reply = shop.replies.popleft() if shop.replies else Reply({"error": "no reply planned"}, 500)
                if reply.silent:
                    shop.stopped.wait(reply.silent)
                if reply.drop or reply.silent:
                    self.close_connection = True
                    return
                payload = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
                self.send_response(reply.status)
                for name, value in {"X-Request-Id": f"req-{len(shop.requests)}", **reply.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload[: len(payload) // 2] if reply.cut else payload)
                self.close_connection = self.close_connection or reply.cut

            do_GET = do_POST

            def log_message(self, *arguments):
                """Keep the output of the tests clean."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.domain = f"127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def will(self, *replies):
        self.replies.extend(replies)

    def will_answer(self, data=None, **more):
        """Answer as Shopify's GraphQL API does."""
        body = {"data": data if data is not None else {"shop": {"name": "Example"}}, "extensions": {"cost": COST}}
        headers = {"X-Shopify-API-Version": "2026-07", **more.pop("headers", {})}
        self.will(Reply({**body, **more}, headers=headers))

    def stop(self):
        self.stopped.set()
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def shop():
    shop = Shop()
    yield shop
    shop.stop()


@pytest.fixture
def reply():
    return Reply


@pytest.fixture
def closed_domain():
    """An address of this machine where nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        # Bound but not listening: every connection is refused and nobody else gets the port.
        yield f"127.0.0.1:{taken.getsockname()[1]}"
