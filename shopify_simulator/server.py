"""HTTP: the Admin API endpoint, the token endpoint, the control interface and a page, on loopback."""

from __future__ import annotations

import json
import socket
import struct
import sys
import threading
import uuid
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from . import pictures
from .app import Answer, App, Request
from .auth import Refused
from .control import Control
from .errors import internal
from .faults import MAX_SECONDS, Fault
from .forms import form_fields
from .pages import Reply, Site
from .values import BadRequest

MAX_BODY = 10_000_000
MAX_UPLOAD = 105_000_000
_RESET = struct.pack("ii", 1, 0)


class Server:
    """An HTTP server of one store, each connection in a thread of its own. ``port`` 0 takes a free one."""

    def __init__(self, app: App, control: Control, host: str = "127.0.0.1", port: int = 0):
        self.app = app
        self.control = control
        self.site = Site(control, host)
        self.host = host
        self.refusing = False
        self._http: ThreadingHTTPServer | None = None
        self._thread: threading.Thread | None = None
        self._reopen: threading.Timer | None = None
        self._stopping = threading.Event()
        self._listen(port)
        self.port: int = self._http.server_address[1]

    def start(self) -> None:
        """Serve in the background."""
        http = self._http
        self._thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop serving and give the port back."""
        self._stopping.set()
        if self._reopen is not None:
            self._reopen.cancel()
        self._shut()

    def refuse(self, seconds: float | None = None) -> None:
        """Refuse connections: the port is closed until `accept`, or for so many seconds."""
        self._shut()
        self.refusing = True
        if seconds is not None:
            self._reopen = threading.Timer(min(seconds, MAX_SECONDS), self.accept)
            self._reopen.daemon = True
            self._reopen.start()

    def refuse_soon(self, seconds: float) -> None:
        """`refuse`, once the answer to the present request is out."""
        threading.Timer(0.05, self.refuse, (seconds,)).start()

    def accept(self) -> None:
        """Open the port again."""
        if self.refusing and not self._stopping.is_set():
            self.refusing = False
            self._listen(self.port)
            self.start()

    def wait(self, seconds: float) -> None:
        """Wait as a fault asks for, but not longer than the server lives."""
        self._stopping.wait(seconds)

    def _listen(self, port: int) -> None:
        handler = type("Handler", (_Handler,), {"server_of": self})
        self._http = _Http((self.host, port), handler)

    def _shut(self) -> None:
        if self._http is not None:
            if self._thread is not None:
                self._http.shutdown()
                self._thread.join()
                self._thread = None
            self._http.server_close()
            self._http = None


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        """A client that went away is no error of ours; anything else is shown."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Cut(Exception):
    """End the connection without an answer."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_of: Server
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self):
        path = urlsplit(self.path).path
        if self.server_of.site.serves(path):
            self._page(self.server_of.site.get(self.path))
        elif path.startswith("/_control/"):
            self._control(path, {})
        elif path.startswith("/_bulk/"):
            self._bulk(path.removeprefix("/_bulk/").removesuffix(".jsonl"))
        elif path.startswith(pictures.PATH):
            self._picture(path)
        else:
            self._json(Answer(404, {"errors": "Not Found"}))

    def _page(self, reply: Reply) -> None:
        self._send(reply.status, reply.body, reply.headers)

    def _picture(self, path: str) -> None:
        found = pictures.served(self.server_of.app.store, path)
        if found is None:
            self._send(404, b"Not Found", {"Content-Type": "text/plain"})
        else:
            self._send(200, found[0], {"Content-Type": found[1]})

    def do_PUT(self):
        """A file for a staged target, sent as it is."""
        path, body = urlsplit(self.path).path, self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._upload(path.removeprefix("/_upload/"), body)

    def do_POST(self):
        if self.server_of.refusing:
            self._cut()
            return
        length = int(self.headers.get("Content-Length") or 0)
        if length > (MAX_UPLOAD if urlsplit(self.path).path == "/_upload" else MAX_BODY):
            self.close_connection = True
            self._json(Answer(413, {"errors": "Request body too large"}))
            return
        body = self.rfile.read(length)
        path = urlsplit(self.path).path
        try:
            self._post(path, body)
        except _Cut:
            self._cut()

    def _post(self, path: str, body: bytes) -> None:
        parts = path.strip("/").split("/")
        if path.startswith("/_control/"):
            self._control(path, _loads(body) if body else {})
        elif path == "/_upload":
            fields = form_fields(self.headers.get("Content-Type") or "", body)
            self._upload(fields.get("key", b"").decode(), fields.get("file", b""))
        elif path == "/admin/oauth/access_token":
            self._token(body)
        elif len(parts) == 4 and parts[:2] == ["admin", "api"] and parts[3] == "graphql.json":
            self._graphql(parts[2], body)
        elif path.startswith("/admin/do/"):
            headers = self.headers
            self._page(self.server_of.site.post(path, body, headers.get("Origin"), headers.get("Host"), self.server_of))
        else:
            self._json(Answer(404, {"errors": "Not Found"}))

    # -- Admin API -----------------------------------------------------------------------------------------------------

    def _graphql(self, version: str, body: bytes) -> None:
        app = self.server_of.app
        payload = _loads(body)
        fault = app.faults.strike(app.operation_of(payload))
        self._before(fault, payload)
        if not app.access.accepts(self.headers.get("X-Shopify-Access-Token")):
            answer = Answer(
                401,
                {"errors": "[API] Invalid API key or access token (unrecognized login or wrong password)"},
                {"X-Request-Id": str(uuid.uuid4())},
            )
            operation = app.operation_of(payload)
            app.note(Request(app.store.clock.now(), operation, {}, "", 401, request_id=answer.headers["X-Request-Id"]))
            self._json(answer)
            return
        if payload is None:
            self._json(Answer(400, {"errors": {"query": "Required parameter missing or invalid"}}))
            return
        answer, request = app.graphql(version, payload)
        request.fault = fault.kind if fault else None
        self._after(fault, answer)
        self._json(answer)

    def _before(self, fault: Fault | None, payload: object) -> None:
        """Faults that keep the work from being done."""
        if fault is None:
            return
        app = self.server_of.app
        note = Request(
            app.store.clock.now(), app.operation_of(payload), {}, "", fault=fault.kind, request_id=str(uuid.uuid4())
        )
        if fault.kind == "reset":
            note.status = 0
        elif fault.kind == "timeout":
            note.status = 0
            app.note(note)
            self.server_of.wait(fault.seconds)
            raise _Cut
        elif fault.kind == "status":
            note.status = fault.status
        elif fault.kind in ("throttled", "internal"):
            note.status = 200
        else:
            return
        app.note(note)
        if fault.kind == "reset":
            raise _Cut
        if fault.kind == "status":
            raise_answer = Answer(fault.status, {"errors": HTTPStatus(fault.status).phrase}, _retry(fault))
        elif fault.kind == "throttled":
            note.requested = 100
            raise_answer = app.throttled(note)
        else:
            raise_answer = Answer(200, {"errors": [internal(note.request_id)]})
        raise_answer.headers["X-Request-Id"] = note.request_id
        raise _Done(raise_answer)

    def _after(self, fault: Fault | None, answer: Answer) -> None:
        """Faults that strike when the work is done."""
        if fault is None:
            return
        if fault.kind == "lost":
            raise _Cut
        if fault.kind == "lost_timeout":
            self.server_of.wait(fault.seconds)
            raise _Cut
        if fault.kind == "late":
            self.server_of.wait(fault.seconds)
        elif fault.kind == "status_after":
            raise _Done(Answer(fault.status, {"errors": HTTPStatus(fault.status).phrase}, _retry(fault)))
        elif fault.kind == "version":
            answer.headers["X-Shopify-API-Version"] = fault.version
        elif fault.kind == "garbage":
            self._send(200, b"<html><body>Bad gateway</body></html>", {"Content-Type": "text/html"})
            raise _Sent
        elif fault.kind == "cut":
            raw = answer.raw()
            self._send(200, raw, {"Content-Type": "application/json"}, part=raw[: len(raw) // 2])
            raise _Cut

    # -- files ---------------------------------------------------------------------------------------------------------

    def _upload(self, key: str, body: bytes) -> None:
        app = self.server_of.app
        fault = app.faults.strike("upload")
        try:
            self._before(fault, None)
            app.upload(key, body)
            self._after(fault, Answer(201, {}))
        except BadRequest as error:
            self._json(Answer(403, {"error": str(error)}))
        except _Cut:
            self._cut()
        else:
            self._send(201, b"", {"Location": f"/_upload/{key}"})

    def _bulk(self, number: str) -> None:
        """The file of a bulk operation, or what follows the first bytes of it (``Range: bytes=N-``)."""
        app = self.server_of.app
        fault = app.faults.strike("bulk")
        found = app.store.bulk.find(int(number)) if number.isdigit() else None
        if found is None or found.result is None:
            self._json(Answer(404, {"errors": "Not Found"}))
            return
        if fault is not None and fault.kind == "status":
            self._json(Answer(fault.status, {"errors": "Not Found"}))
            return
        asked = self.headers.get("Range", "").removeprefix("bytes=").partition("-")[0]
        start = int(asked) if asked.isdigit() else 0
        body = found.result[start:]
        headers = {"Content-Type": "application/jsonl"}
        if fault is not None and fault.kind in ("reset", "cut", "lost"):
            self._send(200, body, headers, part=body[: len(body) // 2])
            self._cut()
            return
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(found.result) - 1}/{len(found.result)}"
        self._send(206 if start else 200, body, headers)

    # -- sign-in, control ----------------------------------------------------------------------------------------------

    def _token(self, body: bytes) -> None:
        app = self.server_of.app
        fault = app.faults.strike("token")
        self._before(fault, None)
        if "json" in (self.headers.get("Content-Type") or ""):
            form = _loads(body)
        else:
            form = {key: values[0] for key, values in parse_qs(body.decode(errors="replace")).items()}
        try:
            answer = Answer(200, app.access.issue(form if isinstance(form, dict) else {}))
        except Refused as refused:
            answer = Answer(refused.status, {"error": refused.error, "error_description": refused.description})
        note = Request(app.store.clock.now(), "token", {}, "", answer.status, request_id=str(uuid.uuid4()))
        note.fault = fault.kind if fault else None
        app.note(note)
        self._after(fault, answer)
        self._json(answer)

    def _control(self, path: str, payload: object) -> None:
        try:
            if not isinstance(payload, dict):
                raise BadRequest("the body must be a JSON object")
            found = self.server_of.control.call(path.removeprefix("/_control/"), payload, self.server_of)
        except BadRequest as error:
            self._json(Answer(400, {"error": str(error)}))
        else:
            self._json(Answer(200, found))

    # -- sending -------------------------------------------------------------------------------------------------------

    def _json(self, answer: Answer) -> None:
        self._send(answer.status, answer.raw(), {"Content-Type": "application/json; charset=utf-8", **answer.headers})

    def _send(self, status: int, body: bytes, headers: dict[str, str], part: bytes | None = None) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body if part is None else part)
        self.wfile.flush()

    def _cut(self) -> None:
        self.close_connection = True
        try:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

    def handle_one_request(self):
        try:
            super().handle_one_request()
        except _Done as done:
            self._json(done.answer)
        except _Sent:
            return

    def log_message(self, format, *args):  # noqa: A002
        """Requests are kept in the log of the app, not printed."""


class _Done(Exception):
    def __init__(self, answer: Answer):
        super().__init__()
        self.answer = answer


class _Sent(Exception):
    """The answer has been sent already."""


def _retry(fault: Fault) -> dict[str, str]:
    return {"Retry-After": str(fault.retry_after)} if fault.status == 429 and fault.retry_after is not None else {}


def _loads(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return None
