"""Everything in place: packages, Odoo 19, PostgreSQL. What the other commands, the benchmarks and the system tests
start from."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from devenv import odoo_source, venv
from devenv.database_server import DatabaseServer, from_url
from devenv.databases import Databases
from devenv.odoo_server import Odoo
from devenv.postgres import EmbeddedPostgres, tools_folder


@dataclass(frozen=True)
class Environment:
    """Ready to use: `python` of the virtual environment, `odoo`, the database `server` and its `databases`."""

    python: Path
    odoo: Odoo
    server: DatabaseServer
    databases: Databases


@contextmanager
def ready() -> Iterator[Environment]:
    """Make what is missing, start PostgreSQL when nobody has, and stop it when nobody needs it any more.

    :raises DevError: something is missing that ./dev cannot get by itself.
    """
    python = venv.ensure()
    source = odoo_source.find()
    odoo_source.put_on_path(source, venv.site_packages())
    with database_server() as server:
        odoo = Odoo(python, source, server)
        odoo.write_configuration()
        yield Environment(python, odoo, server, Databases(server, odoo))


@contextmanager
def database_server() -> Iterator[DatabaseServer]:
    """The server named in DATABASE_URL, else the embedded one."""
    if url := os.environ.get("DATABASE_URL"):
        yield from_url(url, tools_folder(venv.site_packages()))
    else:
        with EmbeddedPostgres(venv.site_packages()).running() as server:
            yield server
