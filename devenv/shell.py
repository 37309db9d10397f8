"""./dev shell: Odoo's Python shell on a database of this checkout."""

import subprocess

from devenv import environment
from devenv.errors import DevError
from devenv.paths import ROOT


def run(database: str) -> int:
    """A shell on the terminal; a script when standard input is a file or a pipe.

    :return: the exit code of the shell: not 0 when the script failed.
    :raises DevError: there is no such database.
    """
    with environment.ready() as env:
        if not env.databases.exists(database):
            raise DevError(f"There is no database {database!r} yet: ./dev demo makes the one named demo.")
        command = env.odoo.shell_command(database, "--log-level", "warn")
        return subprocess.call(command, env=env.odoo.variables, cwd=ROOT)
