"""Odoo's server of ./dev: two that are started together do not take each other for their own."""

import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from devenv import odoo_server
from devenv.errors import DevError
from devenv.odoo_server import OdooServer, free_port

# What Odoo does with its port, without the rest of it.
LIKE_ODOO = """
import http.server, sys, time
port = int(sys.argv[sys.argv.index("--http-port") + 1])
time.sleep(0.5)
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
try:
    server = http.server.HTTPServer(("127.0.0.1", port), Page)
except OSError:
    sys.exit(f"Address already in use\\nPort {port} is in use by another program.")
print(f"INFO odoo.service.server: HTTP service (werkzeug) running on localhost:{port}", flush=True)
server.serve_forever()
"""


class LikeOdoo:
    variables = {}

    def command(self, *arguments):
        return [sys.executable, "-c", LIKE_ODOO, *arguments]


class Page(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_args):
        pass


@contextmanager
def another_server():
    server = HTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(autouse=True)
def own_logs(tmp_path, monkeypatch):
    monkeypatch.setattr(odoo_server, "LOGS", tmp_path)
    monkeypatch.setattr(odoo_server, "shown", str)


def test_when_another_odoo_was_faster_ours_takes_another_port_and_says_that_one(monkeypatch):
    with another_server() as taken:
        ports = [taken, free_port()]
        monkeypatch.setattr(odoo_server, "free_port", lambda *_preferred: ports.pop(0))
        server = OdooServer(LikeOdoo(), "demo")
        try:
            server.wait_until_up(20)
            assert server.is_up()
            assert server.port != taken
            assert server.url == f"http://127.0.0.1:{server.port}"
        finally:
            server.stop()


def test_when_no_port_can_be_had_it_is_said_and_another_odoo_is_not_taken_for_ours(monkeypatch):
    with another_server() as taken:
        monkeypatch.setattr(odoo_server, "free_port", lambda *_preferred: taken)
        server = OdooServer(LikeOdoo(), "demo")
        try:
            with pytest.raises(DevError, match=r"in use by another program(.|\n)*ended by itself"):
                server.wait_until_up(20)
        finally:
            server.stop()
