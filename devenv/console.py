"""What ./dev says on the terminal: steps with their time, a progress bar, tables."""

import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager


def say(text: str = "") -> None:
    print(text, flush=True)


def is_terminal() -> bool:
    return sys.stdout.isatty()


@contextmanager
def step(text: str) -> Iterator[None]:
    """Say what begins now and, when it is done, how long it took."""
    started = time.monotonic()
    print(f"  {text} ...", end="", flush=True)
    try:
        yield
    except BaseException:
        print(" failed", flush=True)
        raise
    print(f" {time.monotonic() - started:.0f} s", flush=True)


class StatusLine:
    """One line at the bottom that is written over. Off a terminal it prints only what `milestone` says."""

    def __init__(self) -> None:
        self._width = 0

    def show(self, text: str) -> None:
        if not is_terminal():
            return
        text = text[: shutil.get_terminal_size().columns - 1]
        print("\r" + text.ljust(self._width), end="", flush=True)
        self._width = len(text)

    def milestone(self, text: str) -> None:
        if is_terminal():
            self.show(text)
        else:
            say(text)

    def clear(self) -> None:
        if self._width:
            print("\r" + " " * self._width + "\r", end="", flush=True)
            self._width = 0


class ProgressBar:
    """How many of a known number are done. Off a terminal it prints a line at every tenth part."""

    def __init__(self, label: str, total: int) -> None:
        self._label, self._total = label, total
        self._line = StatusLine()
        self._started = time.monotonic()
        self._tenth = -1

    def update(self, done: int) -> None:
        done = min(done, self._total)
        text = bar_text(self._label, done, self._total, time.monotonic() - self._started)
        tenth = 10 * done // max(self._total, 1)
        if is_terminal():
            self._line.show(text)
        elif tenth > self._tenth:
            say(text)
        self._tenth = max(self._tenth, tenth)

    def close(self) -> None:
        if is_terminal():
            say()


def bar_text(label: str, done: int, total: int, seconds: float, width: int = 30) -> str:
    """For example: `Orders [#####-----] 150 of 300, 12 s`."""
    filled = width * done // max(total, 1)
    return f"{label} [{'#' * filled}{'-' * (width - filled)}] {done} of {total}, {seconds:.0f} s"


def table(rows: Sequence[tuple[str, str]]) -> str:
    """Rows of a name and a value, the values in one column."""
    width = max((len(name) for name, _value in rows), default=0)
    return "\n".join(f"  {name.ljust(width)}  {value}" for name, value in rows)
