"""What a way costs: wall time, processor time, queries, memory, and the time of each stage."""

import gc
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from os import sysconf
from pathlib import Path

from odoo import sql_db

OTHER = "other"


class Meter:
    """Measures what runs inside `running`: seconds by the wall, by the processor (this process and its PostgreSQL
    processes), and queries. Nothing of its own is counted."""

    def __init__(self, database: str) -> None:
        self._database = database

    @contextmanager
    def running(self, into: dict) -> Iterator[None]:
        """Put `wall`, `cpu` (seconds) and `queries` into a dict when the block ends."""
        gc.collect()
        servers = self._server_seconds()
        queries, cpu, wall = sql_db.sql_counter, time.process_time(), time.perf_counter()
        yield
        into["wall"] = time.perf_counter() - wall
        into["cpu"] = time.process_time() - cpu
        into["queries"] = sql_db.sql_counter - queries
        into["cpu"] += self._server_seconds() - servers

    def _server_seconds(self) -> float:
        """Processor seconds of this database's server processes; 0 where they cannot be seen (another machine)."""
        with sql_db.db_connect(self._database).cursor() as cr:
            cr.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'"
            )
            return sum(_seconds_of(pid) for (pid,) in cr.fetchall())


def _seconds_of(pid: int) -> float:
    try:
        name, _bracket, rest = Path(f"/proc/{pid}/stat").read_text().rpartition(")")
    except OSError:
        return 0.0
    if "postgres" not in name:
        return 0.0
    user, system = rest.split()[11:13]
    return (int(user) + int(system)) / sysconf("SC_CLK_TCK")


def peak_rss_mb() -> float:
    """The most memory this process has held, in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 if sys.platform == "linux" else 1024) / 1024


class Stages:
    """Seconds of each stage. A stage inside another one counts for itself alone."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._open: list[str] = []
        self._since = 0.0

    @property
    def current(self) -> str | None:
        return self._open[-1] if self._open else None

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        self._turn()
        self._open.append(name)
        try:
            yield
        finally:
            self._turn()
            self._open.pop()

    def _turn(self) -> None:
        now = time.perf_counter()
        if self._open:
            self.seconds[self._open[-1]] += now - self._since
        self._since = now

    def wrap(self, owner: type, method: str, name: str | Callable[..., str | None]) -> None:
        """Time a method of a class from now on, while any stage is open.

        :param name: the stage, or a function of the call's arguments that gives it (None: part of the stage around)
        """
        original = getattr(owner, method)

        @wraps(original)
        def timed(*args, **kwargs):
            stage = name(*args, **kwargs) if callable(name) else name
            if stage is None or not self._open:
                return original(*args, **kwargs)
            with self.stage(stage):
                return original(*args, **kwargs)

        setattr(owner, method, timed)
