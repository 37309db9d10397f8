"""The addons' tests inside Odoo: in several Odoos at once, each with a database of its own, told of as one part."""

import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from devenv import chromium
from devenv.console import StatusLine, say
from devenv.environment import Environment
from devenv.odoo_log import Record, TestLog
from devenv.odoo_server import free_port
from devenv.paths import LOGS, ROOT, shown
from devenv.processes import Silent, lines_of, start_group, stop_group
from devenv.results import Part

NO_AUTOVACUUM = Path(__file__).with_name("test_database.sql")
BESIDE = ("base_vat",)  # Odoo's own modules that the addons do not need and get on with
LOGS_KEPT = 8
LONGEST_SILENCE = 600  # seconds without a line from Odoo, then it counts as hanging


@dataclass
class Share:
    """What one Odoo tests: its process, what its log told so far, and what went wrong beside the tests."""

    process: subprocess.Popen
    log_path: Path
    log: TestLog = field(default_factory=TestLog)
    faults: list[str] = field(default_factory=list)

    def follow(self, board: "Board") -> None:
        """Read the log to its end; then say what the process did wrong."""
        exit_code = 0
        try:
            with self.log_path.open("w") as copy:
                for line in lines_of(self.process, LONGEST_SILENCE):
                    copy.write(line)
                    board.tell(self.log.feed(line))
                    board.show()
            board.tell(self.log.close())
            exit_code = self.process.wait(60)
        except Silent:
            self.faults.append(f"Odoo printed nothing for {LONGEST_SILENCE} s and was ended")
        except subprocess.TimeoutExpired:
            self.faults.append("Odoo did not end after its tests")
        if exit_code and not self.log.bad:
            self.faults.append(f"Odoo ended with code {exit_code}")
        elif not self.log.finished and not self.log.bad and not self.faults:
            self.faults.append("Odoo ended before its tests did")


class Board:
    """The line that shows how far the shares are, and the bad news of all of them."""

    def __init__(self) -> None:
        self.shares: list[Share] = []
        self._status, self._started, self._lock = StatusLine(), time.monotonic(), threading.Lock()
        self._modules: set[str] = set()

    def tell(self, news: Record | None) -> None:
        if news:
            with self._lock:
                self._status.clear()
                say(str(news))

    def show(self) -> None:
        with self._lock:
            begun = [share.log.started for share in self.shares]
            text = f"  {sum(map(len, begun))} tests, {time.monotonic() - self._started:.0f} s: "
            for module, test in (tests[-1] for tests in begun if tests):
                if module not in self._modules:
                    self._modules.add(module)
                    self._status.milestone(text + module.removeprefix("odoo.addons."))
                self._status.show(text + test)

    def clear(self) -> None:
        self._status.clear()


def run(env: Environment, addons: Sequence[str], shares: Sequence[Sequence[str]], selecting: bool) -> Part:
    """Run the tests and count them.

    :param shares: for each Odoo its --test-tags; what is in two shares would be tested twice
    :param selecting: the caller asked for certain tests only, so that none at all is no fault
    """
    say("== Odoo tests")
    part, board = Part("Odoo"), Board()
    chromium.ensure()
    with ExitStack() as stack:
        ports = _ports(len(shares))
        for tags, port in zip(shares, ports, strict=True):
            board.shares.append(stack.enter_context(_started(env, addons, tags, port)))
        # all programs are started before the first thread, as their start is not safe beside threads
        threads = [threading.Thread(target=share.follow, args=(board,), daemon=True) for share in board.shares]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    board.clear()
    for share in board.shares:
        part.passed += share.log.passed
        part.failed += share.log.bad
        for fault in share.faults:
            part.add_fault(fault)
        if share.log.bad or share.faults:
            part.faults.append(f"The whole log: {shown(share.log_path)}")
    part.demand_tests(selecting)
    return part


@contextmanager
def _started(env: Environment, addons: Sequence[str], tags: Sequence[str], port: int) -> Iterator[Share]:
    with env.databases.temporary("test") as database:
        env.server.run_file(NO_AUTOVACUUM, database)
        process = start_group(
            env.odoo.command(
                *("--database", database, "--init", ",".join((*addons, *BESIDE)), "--test-tags", ",".join(tags)),
                *("--stop-after-init", "--http-port", str(port)),
            ),
            env=env.odoo.variables,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        try:
            yield Share(process, _new_log(database))
        finally:
            stop_group(process)


def _ports(number: int) -> list[int]:
    """Free ports, no two of them the same."""
    ports: set[int] = set()
    while len(ports) < number:
        ports.add(free_port())
    return sorted(ports)


def _new_log(name: str) -> Path:
    """A log of this run alone, as several may run at once; the oldest ones go."""
    LOGS.mkdir(parents=True, exist_ok=True)
    older = sorted(LOGS.glob("test_tmp_*.log"), key=lambda path: path.stat().st_mtime)
    for path in older[: -LOGS_KEPT + 1]:
        path.unlink(missing_ok=True)
    return LOGS / f"{name}.log"
