"""The virtual environment of the checkout, with exactly the packages of the lock file."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from devenv import lockfile, locks
from devenv.console import step
from devenv.errors import DevError
from devenv.paths import LOCKS, REQUIREMENTS_LOCK, VENV
from devenv.processes import run_logged

PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.json"
NOT_PINNED = {"pip", "odoo"}  # pip comes with the venv; Odoo is found by a .pth file
NO_NETWORK = "Could not install the pinned packages: is there a network, and does pip reach its package index?"


def ensure() -> Path:
    """Make the environment, or bring it to the lock file; nothing to do when neither changed.

    :return: its Python.
    :raises DevError: Python lacks its venv module, or packages cannot be installed.
    """
    wanted = {"lock": lockfile.digest(), "python": list(sys.version_info[:3])}
    with locks.exclusive(LOCKS / "venv.lock"):
        if _stamp() != wanted:
            _make(fresh=_stamp().get("python") != wanted["python"])
            STAMP.write_text(json.dumps(wanted))
    return PYTHON


def site_packages() -> Path:
    return next((VENV / "lib").glob("python3.*/site-packages"))


def _stamp() -> dict:
    try:
        return json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}


def _make(fresh: bool) -> None:
    if fresh:
        with step("Making the virtual environment"):
            try:
                run_logged([sys.executable, "-m", "venv", "--clear", VENV], "venv.log", "Python could not make it")
            except DevError as error:
                raise DevError(
                    f"{error}\nPython's module venv does not work here. On Debian and Ubuntu: "
                    "apt-get install python3-venv"
                ) from error
    text = REQUIREMENTS_LOCK.read_text()
    with step(f"Installing {len(lockfile.pins(text))} pinned Python packages"), tempfile.TemporaryDirectory() as folder:
        build_tools = Path(folder) / "build-tools.lock"
        build_tools.write_text(lockfile.build_tools(text))
        install = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--require-hashes"]
        run_logged([*install, "-r", build_tools], "venv.log", NO_NETWORK)
        run_logged([*install, "--no-build-isolation", "--use-pep517", "-r", REQUIREMENTS_LOCK], "venv.log", NO_NETWORK)
        _remove_others(text)


def _remove_others(lock_text: str) -> None:
    """Uninstall what an older lock file brought and this one no longer names."""
    listed = subprocess.check_output(
        [PYTHON, "-m", "pip", "list", "--local", "--format", "json", "--disable-pip-version-check"]
    )
    installed = {lockfile.canonical(package["name"]) for package in json.loads(listed)}
    strangers = installed - {pin.name for pin in lockfile.pins(lock_text)} - NOT_PINNED
    if strangers:
        run_logged(
            [PYTHON, "-m", "pip", "uninstall", "--yes", *sorted(strangers)], "venv.log", "Could not clean the packages"
        )
