"""What a way costs: wall time, processor time, queries, memory."""

import gc
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from os import sysconf
from pathlib import Path

from odoo import sql_db


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
