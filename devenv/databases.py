"""Odoo databases: a template with the dependencies installed, quick copies of it, and their filestores."""

import ast
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from devenv import lockfile, locks
from devenv.console import step
from devenv.database_server import DatabaseServer
from devenv.errors import DevError
from devenv.odoo_server import Odoo
from devenv.paths import ADDONS, LOCKS, ODOO_DATA, ROOT
from devenv.processes import run_logged

TEMPLATE_PREFIX = "odoo_template_"
TEMPORARY = re.compile(r"^[a-z_]+_tmp_[0-9a-f]{8}$")


class Databases:
    """The databases of one server, as Odoo uses them."""

    def __init__(self, server: DatabaseServer, odoo: Odoo) -> None:
        self._server, self._odoo = server, odoo

    def names(self) -> set[str]:
        rows = self._server.query("SELECT datname FROM pg_database WHERE NOT datistemplate")
        return {name for (name,) in rows}

    def exists(self, name: str) -> bool:
        return name in self.names()

    def copy(self, source: str, name: str) -> None:
        """Copy a database that nobody is connected to, and its files."""
        shutil.rmtree(filestore(name), ignore_errors=True)
        if filestore(source).is_dir():
            # Odoo never writes into a stored file, so two databases can share it.
            shutil.copytree(filestore(source), filestore(name), copy_function=_link_or_copy)
        self._server.run("createdb", "--template", source, name)

    def drop(self, name: str) -> None:
        self._server.run("dropdb", "--force", "--if-exists", name)
        shutil.rmtree(filestore(name), ignore_errors=True)

    @contextmanager
    def temporary(self, prefix: str, source: str | None = None) -> Iterator[str]:
        """A copy of the template (or of another database) under a name of its own, dropped at the end."""
        self._drop_forgotten()
        name = f"{prefix}_tmp_{secrets.token_hex(4)}"
        with locks.exclusive(_lock_path(name)):
            try:
                self.copy(source or self.template(), name)
                yield name
            finally:
                self.drop(name)
                _lock_path(name).unlink()

    def template(self) -> str:
        """The template for this Odoo, these packages and these dependencies; made when there is none."""
        modules = dependencies(ADDONS)
        name = template_name(self._odoo.source.version, lockfile.digest(), modules)
        if self._is_whole(name):
            return name
        with locks.exclusive(LOCKS / "template.lock"):
            if not self._is_whole(name):
                for old in sorted(self.names()):
                    if old.startswith(TEMPLATE_PREFIX) and (old == name or filestore(old).is_dir()):
                        self.drop(old)
                with step(f"Making the template database with {', '.join(modules)}"):
                    self._build_template(name, modules)
        return name

    def _is_whole(self, name: str) -> bool:
        return filestore(name).is_dir() and self.exists(name)

    def _build_template(self, name: str, modules: list[str]) -> None:
        building = name.replace(TEMPLATE_PREFIX, "odoo_building_")
        self.drop(building)
        self._server.run("createdb", "--encoding=UTF8", "--template=template0", building)
        command = self._odoo.command("--database", building, "--init", ",".join(modules), "--stop-after-init")
        hint = "Odoo could not install the dependencies in a new database"
        run_logged([*command, "--no-http"], "template.log", hint, env=self._odoo.variables, cwd=ROOT)
        installed = self._server.query("SELECT name FROM ir_module_module WHERE state = 'installed'", building)
        if missing := set(modules) - {row[0] for row in installed}:
            raise DevError(f"Odoo did not install {', '.join(sorted(missing))} (see var/log/template.log)")
        filestore(building).mkdir(parents=True, exist_ok=True)
        filestore(building).rename(filestore(name))
        # A copy can only be made while nobody is connected.
        self._server.query(f'ALTER DATABASE "{building}" WITH ALLOW_CONNECTIONS false')
        self._server.query(f'ALTER DATABASE "{building}" RENAME TO "{name}"')

    def _drop_forgotten(self) -> None:
        """Drop the databases of commands that were killed: nobody holds their lock any more. A database without a
        lock here belongs to another checkout on the same server."""
        for name in sorted(self.names()):
            path = _lock_path(name)
            if TEMPORARY.match(name) and path.exists() and locks.is_free(path):
                self.drop(name)
                path.unlink(missing_ok=True)


def filestore(name: str) -> Path:
    """The folder where Odoo keeps the files of a database."""
    return ODOO_DATA / "filestore" / name


def template_name(odoo_version: str, lock_digest: str, modules: list[str]) -> str:
    key = "\n".join([str(ROOT), odoo_version, lock_digest, *modules])
    return TEMPLATE_PREFIX + hashlib.sha256(key.encode()).hexdigest()[:12]


def manifests(addons: Path) -> dict[str, dict]:
    """The manifest of every addon in a folder, by the addon's name."""
    found = sorted(addons.glob("*/__manifest__.py"))
    return {path.parent.name: ast.literal_eval(path.read_text()) for path in found}


def dependencies(addons: Path) -> list[str]:
    """What the addons in a folder depend on, without themselves and without addons that only tie two others together
    (Odoo installs those by itself where both are there)."""
    ours = manifests(addons)
    wanted = {
        name for manifest in ours.values() if not manifest.get("auto_install") for name in manifest.get("depends", [])
    }
    return sorted(wanted - ours.keys()) or ["base"]


def _lock_path(name: str) -> Path:
    return LOCKS / f"database-{name}.lock"


def _link_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
