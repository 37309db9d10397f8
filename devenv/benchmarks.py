"""./dev bench: the benchmarks in bench/, with Odoo and PostgreSQL ready."""

import subprocess
from collections.abc import Sequence

from devenv import environment
from devenv.errors import DevError
from devenv.paths import ROOT

FOLDER = ROOT / "bench"


def names() -> list[str]:
    """Every benchmark there is: the modules of bench/ that can be run."""
    return sorted(path.stem for path in FOLDER.glob("*.py") if '__name__ == "__main__"' in path.read_text())


def run(name: str, arguments: Sequence[str]) -> int:
    """Run one benchmark with its own arguments.

    :return: its exit code.
    :raises DevError: there is no such benchmark.
    """
    if name not in names():
        raise DevError(f"There is no benchmark {name!r}. There are: {', '.join(names()) or 'none'}.")
    with environment.ready() as env:
        command = [env.python, "-m", f"bench.{name}", *arguments]
        return subprocess.call(command, cwd=ROOT, env=env.odoo.variables)
