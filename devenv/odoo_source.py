"""Which Odoo 19 to run: ODOO_SOURCE, an installed one, the distribution's package, or a clone."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.machinery import PathFinder
from pathlib import Path

from devenv import debian_package, locks
from devenv.console import step
from devenv.errors import DevError
from devenv.paths import cache
from devenv.processes import run_logged

REPOSITORY = "https://github.com/odoo/odoo"
BRANCH = "19.0"
SERIES = (19, 0)
PATH_FILE = "odoo19.pth"


@dataclass(frozen=True)
class OdooSource:
    """An Odoo 19 on disk.

    `parent` is the folder to put on Python's path: it holds the package `odoo`. `version` tells one state of the
    source from another.
    """

    parent: Path
    version: str

    @property
    def addons_folders(self) -> list[Path]:
        """The folders with Odoo's own addons. The Debian package has a second one with nothing but .py files: an
        addons folder counts only when it holds the web client's assets or the base addon."""
        folders = (self.parent / "addons", self.parent / "odoo" / "addons")
        return [f for f in folders if (f / "web" / "static").is_dir() or (f / "base" / "__manifest__.py").is_file()]


def find() -> OdooSource:
    """The Odoo 19 to use; fetched into the user's cache when the machine has none.

    :raises DevError: ODOO_SOURCE is wrong, or Odoo 19 cannot be fetched.
    """
    if named := os.environ.get("ODOO_SOURCE"):
        return _named(Path(named).expanduser())
    if installed := _installed():
        return _source(installed)
    with locks.exclusive(cache() / "odoo.lock"):
        if debian_package.available():
            return _source(_cached("odoo-19-debian", debian_package.fetch) / debian_package.PYTHON_FOLDER)
        return _source(_cached("odoo-19-clone", _clone))


def put_on_path(source: OdooSource, site_packages: Path) -> None:
    """Make `import odoo` work in the virtual environment."""
    path_file = site_packages / PATH_FILE
    line = f"{source.parent}\n"
    if not path_file.is_file() or path_file.read_text() != line:
        path_file.write_text(line)


def release(parent: Path) -> tuple[tuple[int, int] | None, str]:
    """The series of the `odoo` package in a folder (None when there is none) and a mark of its release file, which
    a newer package changes by its content or its date."""
    path = parent / "odoo" / "release.py"
    try:
        text = path.read_text()
        date = int(path.stat().st_mtime)
    except OSError:
        return None, ""
    match = re.search(r"^version_info = \((\d+), *(\d+),", text, re.MULTILINE)
    series = (int(match[1]), int(match[2])) if match else None
    return series, hashlib.sha256(f"{text}{date}".encode()).hexdigest()[:12]


def _named(folder: Path) -> OdooSource:
    if release(folder)[0] != SERIES:
        raise DevError(f"ODOO_SOURCE={folder} is no checkout of Odoo 19.0: it has no odoo/release.py of that version.")
    return _source(folder.resolve())


def _installed() -> Path | None:
    """The folder of an Odoo 19 that the Python running ./dev can import."""
    here = [entry for entry in sys.path if entry]
    spec = PathFinder.find_spec("odoo", here)
    for location in (spec and spec.submodule_search_locations) or ():
        if release(Path(location).parent)[0] == SERIES:
            return Path(location).parent
    return None


def _source(parent: Path) -> OdooSource:
    _series, version = release(parent)
    if (parent / ".git").exists():
        commit = subprocess.run(["git", "-C", parent, "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
        version = f"{version}-{commit.stdout.strip()[:12]}"
    return OdooSource(parent, version)


def _cached(name: str, fetch) -> Path:
    target = cache() / name
    if not target.is_dir():
        for leftover in target.parent.glob("partial-*"):  # of a start that was interrupted
            shutil.rmtree(leftover)
        fetch(target)
    return target


def _clone(target: Path) -> None:
    if not shutil.which("git"):
        raise DevError("Odoo 19 is not here: install git so that it can be fetched, or set ODOO_SOURCE to a checkout.")
    with tempfile.TemporaryDirectory(prefix="partial-", dir=target.parent) as folder:
        with step("Cloning Odoo's branch 19.0"):
            run_logged(
                ["git", "clone", "--depth", "1", "--branch", BRANCH, REPOSITORY, f"{folder}/odoo"],
                "odoo-source.log",
                "Could not clone Odoo 19.0. Set ODOO_SOURCE to a checkout of it instead.",
            )
        Path(folder, "odoo").rename(target)
