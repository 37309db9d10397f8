"""Databases and processes of a benchmark: one prepared database, a copy of it and a process for each way."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from devenv.databases import manifests
from devenv.environment import Environment
from devenv.errors import DevError
from devenv.paths import ADDONS, LOGS, ODOO_CONFIG, ROOT, shown
from devenv.processes import TAIL, run_logged, start_group, stop_group

PREFIX = "bench"
START = "from bench.worker import main; main()"


class Process:
    """An Odoo process on one database, see `bench.worker`."""

    def __init__(self, env: Environment, database: str, log_name: str) -> None:
        LOGS.mkdir(parents=True, exist_ok=True)
        self._log = LOGS / log_name
        with self._log.open("wb") as errors:
            self._process = start_group(
                [env.python, "-c", START, ODOO_CONFIG, database],
                env=env.odoo.variables,
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )

    def ask(self, do: str, **values) -> dict:
        """Have something done and wait for the answer.

        :raises DevError: it failed; the process has ended
        """
        with suppress(BrokenPipeError):
            print(json.dumps({"do": do, **values}), file=self._process.stdin, flush=True)
        for line in self._process.stdout:
            if line.startswith("{"):
                return json.loads(line)
        tail = self._log.read_text(errors="replace").splitlines()[-TAIL:]
        raise DevError("\n".join([*tail, f"The benchmark failed at '{do}' (all of it: {shown(self._log)})"]))

    def stop(self) -> None:
        stop_group(self._process, seconds=5)


@contextmanager
def process(env: Environment, database: str, name: str) -> Iterator[Process]:
    started = Process(env, database, f"bench-{name}.log")
    try:
        yield started
    finally:
        started.stop()


def install(env: Environment, database: str) -> None:
    """Install the addons in a database of the dependencies.

    :raises DevError: Odoo could not
    """
    command = env.odoo.command("--database", database, "--init", ",".join(sorted(manifests(ADDONS))))
    run_logged(
        [*command, "--stop-after-init", "--no-http"],
        "bench-install.log",
        "Odoo could not install the addons",
        env=env.odoo.variables,
        cwd=ROOT,
    )


@contextmanager
def prepared(env: Environment, domain: str, token: str, product_ids: list[str]) -> Iterator[tuple[str, int]]:
    """A database with the addon and the connected store; nobody is connected to it, so that it can be copied.

    :return: its name, and how many orders one batch of the connector has
    """
    with env.databases.temporary(PREFIX) as database:
        install(env, database)
        with process(env, database, "prepare") as worker:
            answer = worker.ask("prepare", domain=domain, token=token, product_ids=product_ids)
        env.server.query("VACUUM ANALYZE", database)
        yield database, answer["batch"]


@contextmanager
def way(env: Environment, source: str, name: str, profile: str | None = None) -> Iterator[Process]:
    """A process that imports in one way, on its own copy of the prepared database."""
    with env.databases.temporary(PREFIX, source) as database, process(env, database, name) as worker:
        worker.ask("begin", way=name, profile=profile)
        yield worker
