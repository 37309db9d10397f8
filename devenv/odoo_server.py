"""Odoo as a program: its configuration, its command line, a server that can be waited for."""

import re
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from devenv.database_server import DatabaseServer
from devenv.errors import DevError
from devenv.odoo_source import OdooSource
from devenv.paths import ADDONS, LOGS, ODOO_CONFIG, ODOO_DATA, ROOT, VENV, shown
from devenv.processes import start_group, stop_group, with_environment

LOOPBACK = "127.0.0.1"
USUAL_PORT = 8069
# How Odoo's web server says why it ends.
PORT_TAKEN = re.compile(r"address already in use|is in use by another program", re.IGNORECASE)
# So often it is started, each time on another port, when others are faster.
STARTS = 3


@dataclass(frozen=True)
class Odoo:
    """Odoo 19 with this checkout's addons on one database server."""

    python: Path
    source: OdooSource
    server: DatabaseServer

    @property
    def variables(self) -> dict[str, str]:
        """The environment for Odoo's process: the checkout's packages can be imported, PostgreSQL is found."""
        changes = {
            **self.server.variables,
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "ODOO_RC": str(ODOO_CONFIG),
            "VIRTUAL_ENV": str(VENV),
        }
        return with_environment(changes)

    def write_configuration(self) -> None:
        """Write var/odoo.conf. It holds no password: PostgreSQL's own variables carry that."""
        ODOO_DATA.mkdir(parents=True, exist_ok=True)
        values = {
            "db_host": self.server.host,
            "db_port": self.server.port,
            "db_user": self.server.user,
            "data_dir": ODOO_DATA,
            "addons_path": ",".join(str(folder) for folder in (*self.source.addons_folders, ADDONS)),
            "http_interface": LOOPBACK,
            "list_db": False,  # one database at a time is served here, nobody is to manage others
            "max_cron_threads": 0,
        }
        partial = ODOO_CONFIG.with_suffix(".partial")
        partial.write_text("[options]\n" + "".join(f"{name} = {value}\n" for name, value in values.items()))
        partial.rename(ODOO_CONFIG)

    def command(self, *arguments: str) -> list[str]:
        return [str(self.python), "-m", "odoo", "--config", str(ODOO_CONFIG), *arguments]

    def shell_command(self, database: str, *arguments: str) -> list[str]:
        common = ["--config", str(ODOO_CONFIG), "--database", database, "--no-http", *arguments]
        return [str(self.python), "-m", "odoo", "shell", *common]


class OdooServer:
    """A running Odoo that serves one database on a port of the loopback interface.

    `port` and `url` hold once it is up: when another program takes the port first, it is started on another one.
    """

    def __init__(self, odoo: Odoo, database: str, cron_threads: int = 2) -> None:
        self._odoo = odoo
        self._log = LOGS / f"odoo-{database}.log"
        self._arguments = (
            *("--database", database, "--db-filter", f"^{database}$", "--workers", "0"),
            *("--max-cron-threads", str(cron_threads)),
        )
        LOGS.mkdir(parents=True, exist_ok=True)
        self._start(free_port(USUAL_PORT))

    def _start(self, port: int) -> None:
        self.port = port
        self.url = f"http://{LOOPBACK}:{port}"
        command = self._odoo.command(*self._arguments, "--http-port", str(port))
        with self._log.open("wb") as output:
            self._process = start_group(
                command, env=self._odoo.variables, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT
            )

    def wait_until_up(self, seconds: float = 120) -> None:
        """:raises DevError: the server ended or does not answer in time."""
        deadline = time.monotonic() + seconds
        starts = 1
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                text = self._log.read_text(errors="replace")
                if starts < STARTS and PORT_TAKEN.search(text):
                    stop_group(self._process)
                    self._start(free_port())
                    starts += 1
                    continue
                tail = text.splitlines()[-15:]
                raise DevError("\n".join([*tail, f"Odoo ended by itself (all of it: {shown(self._log)})"]))
            # before it listens, whoever answers there is another program
            if self._listens() and answers(f"{self.url}/web/health"):
                return
            time.sleep(0.2)
        raise DevError(f"Odoo does not answer after {seconds:.0f} s (see {shown(self._log)})")

    def _listens(self) -> bool:
        return bool(re.search(rf"HTTP service .*running on \S+:{self.port}\b", self._log.read_text(errors="replace")))

    def is_up(self) -> bool:
        return self._process.poll() is None

    def stop(self) -> None:
        stop_group(self._process)


def answers(url: str) -> bool:
    """Whether a page on the loopback interface can be read now."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def free_port(preferred: int = 0) -> int:
    """A port nobody listens on: the preferred one when it is free."""
    for port in dict.fromkeys((preferred, 0)):
        with closing(socket.socket()) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise DevError("no free port on the loopback interface")
