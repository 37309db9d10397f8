"""A PostgreSQL server that is up: how to reach it, and PostgreSQL's own tools run against it."""

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from devenv.errors import DevError

DEFAULT_PORT = 5432


@dataclass(frozen=True)
class DatabaseServer:
    """Where a server listens and as whom to sign in; `host` may be the folder of its socket."""

    tools: Path
    host: str
    port: int = DEFAULT_PORT
    user: str = "odoo"
    password: str | None = field(default=None, repr=False)
    maintenance: str = "postgres"

    @property
    def variables(self) -> dict[str, str | None]:
        """The environment variables by which every PostgreSQL client finds the server. The password goes this way
        only: it then appears in no command line and no file."""
        return {
            "PGHOST": self.host,
            "PGPORT": str(self.port),
            "PGUSER": self.user,
            "PGPASSWORD": self.password,
            "PGDATABASE": self.maintenance,
        }

    def run(self, tool: str, *arguments: str) -> str:
        """What one of PostgreSQL's tools prints.

        :raises DevError: it failed; the message is the tool's own.
        """
        done = subprocess.run(
            [self.tools / tool, *arguments], env=self._environment(), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise DevError(f"PostgreSQL's {tool} failed: {done.stderr.strip()}")
        return done.stdout

    def query(self, sql: str, database: str | None = None) -> list[list[str]]:
        """Rows of a query, each value as text."""
        output = self._psql(database, "--command", sql)
        return [line.split("\t") for line in output.splitlines() if line]

    def run_file(self, path: Path, database: str) -> None:
        """Run the statements of a file, up to the first that fails."""
        self._psql(database, "--file", str(path))

    def _psql(self, database: str | None, *what: str) -> str:
        return self.run(
            *("psql", "-X", "--quiet", "--no-align", "--tuples-only", "--field-separator=\t"),
            *("--set", "ON_ERROR_STOP=1", "--dbname", database or self.maintenance, *what),
        )

    def accepts(self) -> bool:
        """Whether the server answers now."""
        command: Sequence[str | Path] = [self.tools / "pg_isready", "--quiet", "--timeout=3"]
        return subprocess.run(command, env=self._environment(), check=False).returncode == 0

    def _environment(self) -> dict[str, str]:
        merged = {**os.environ, **self.variables}
        return {name: value for name, value in merged.items() if value is not None}


def from_url(url: str, tools: Path) -> DatabaseServer:
    """The server named in DATABASE_URL, for example `postgresql://odoo:secret@127.0.0.1:5432/postgres`.

    :raises DevError: the address cannot be used for Odoo.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise DevError("DATABASE_URL must look like postgresql://user:password@host:port/database")
    if parts.username == "postgres":
        raise DevError("DATABASE_URL names the user postgres: Odoo refuses it. Make a user that may create databases.")
    socket_folder = parse_qs(parts.query).get("host", [""])[0]
    return DatabaseServer(
        tools=tools,
        host=unquote(parts.hostname or "") or socket_folder or "127.0.0.1",
        port=parts.port or DEFAULT_PORT,
        user=unquote(parts.username or "") or "odoo",
        password=unquote(parts.password) if parts.password else None,
        maintenance=parts.path.lstrip("/") or "postgres",
    )
