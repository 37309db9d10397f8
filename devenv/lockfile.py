"""The pinned packages: reading requirements.lock and making it anew."""

import hashlib
import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from devenv.console import step
from devenv.paths import REQUIREMENTS, REQUIREMENTS_LOCK, ROOT
from devenv.processes import run_logged

BUILD_TOOLS = ("setuptools",)
OLDEST_PYTHON = "3.10"
_PIN = re.compile(r"^(?P<name>[A-Za-z0-9][\w.\-]*)==(?P<version>[^\s;\\]+)")


@dataclass(frozen=True)
class Pin:
    """One pinned package: its lines in the lock file hold its hashes and for which Pythons it is meant."""

    name: str
    version: str
    lines: str


def pins(text: str) -> list[Pin]:
    """The packages of a lock file in the format of pip's hash-checking mode."""
    found: list[Pin] = []
    for line in text.splitlines():
        if start := _PIN.match(line):
            found.append(Pin(canonical(start["name"]), start["version"], line))
        elif found and line.startswith(" ") and not line.lstrip().startswith("#"):
            found[-1] = Pin(found[-1].name, found[-1].version, f"{found[-1].lines}\n{line}")
    return found


def canonical(name: str) -> str:
    """A package's name as PyPI compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def build_tools(text: str) -> str:
    """The part of the lock file that must be installed before the rest."""
    return "\n".join(pin.lines for pin in pins(text) if pin.name in BUILD_TOOLS) + "\n"


def digest(path: Path = REQUIREMENTS_LOCK) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def make_anew(upgrade: bool) -> None:
    """Pin what requirements.in asks for, for every Python that Odoo 19 runs on, with hashes and no addresses.

    :param upgrade: take the newest versions instead of keeping those that still fit.
    """
    with tempfile.TemporaryDirectory() as folder:
        python = Path(folder) / "bin" / "python"
        with step("Installing the resolver uv in a temporary folder"):
            run_logged([sys.executable, "-m", "venv", folder], "lock.log", "Could not make a virtual environment")
            run_logged([python, "-m", "pip", "install", "uv"], "lock.log", "Could not install uv")
        command = [python, "-m", "uv", "pip", "compile", "--universal", "--python-version", OLDEST_PYTHON]
        command += ["--generate-hashes", "--no-emit-index-url", "--no-header", "--quiet"]
        command += ["--upgrade"] if upgrade else []
        with step("Pinning"):
            run_logged(
                [*command, REQUIREMENTS.name, "--output-file", REQUIREMENTS_LOCK.name],
                "lock.log",
                "The packages of requirements.in do not fit together",
                cwd=ROOT,
            )
