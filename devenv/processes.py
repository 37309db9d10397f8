"""Running other programs: quietly with a log, or line by line."""

import contextlib
import ctypes
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from devenv.errors import DevError
from devenv.paths import LOGS, shown

_LIBRARY = ctypes.CDLL(None) if sys.platform == "linux" else None
_SIGNAL_AT_PARENTS_DEATH = 1  # PR_SET_PDEATHSIG of prctl(2)
TAIL = 25  # lines of a log shown when its command failed


def run_logged(command: Sequence[str | Path], log_name: str, hint: str, **options) -> None:
    """Run a command with its output in var/log.

    :param hint: what to do when it fails; the end of the output is shown with it.
    :raises DevError: the command failed.
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / log_name
    with log.open("wb") as output:
        code = subprocess.call(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            **options,
        )
    if code:
        lines = log.read_text(errors="replace").splitlines()[-TAIL:]
        raise DevError("\n".join(["", *lines, f"{hint} (all of it: {shown(log)})"]))


def start_group(command: Sequence[str | Path], **options) -> subprocess.Popen:
    """Start a program in a process group of its own: a Ctrl-C in the terminal then reaches only ./dev, which stops
    what it started in the right order. When ./dev is killed, the program is asked to end (on Linux)."""
    return subprocess.Popen(
        [str(part) for part in command],
        start_new_session=True,
        preexec_fn=_end_with_parent,  # noqa: PLW1509 - no thread of ours runs while a program is started
        **{"stdin": subprocess.DEVNULL, **options},
    )


def _end_with_parent() -> None:
    if _LIBRARY:
        _LIBRARY.prctl(_SIGNAL_AT_PARENTS_DEATH, signal.SIGTERM)


def stop_group(process: subprocess.Popen, seconds: float = 15) -> None:
    """Ask the program to end; after the given time end it and all it started."""
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


class Silent(Exception):
    """The program printed nothing for longer than it may."""


def lines_of(process: subprocess.Popen, silence: float) -> Iterator[str]:
    """The lines a program prints, as they come.

    :param silence: seconds without any line after which the program counts as hanging.
    :raises Silent: it hangs.
    """
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def read() -> None:
        for line in process.stdout:
            lines.put(line)
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    while True:
        try:
            line = lines.get(timeout=silence)
        except queue.Empty:
            raise Silent from None
        if line is None:
            return
        yield line


def with_environment(changes: Mapping[str, str | None]) -> dict[str, str]:
    """This process's environment with changes; a value of None removes a name."""
    changed = {**os.environ, **changes}
    return {name: value for name, value in changed.items() if value is not None}
