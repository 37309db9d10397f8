"""Locks between several ./dev commands that run at once. The system frees them when a process dies, however it dies."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


def open_lock(path: Path) -> IO[str]:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("a+")


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Wait until nobody else holds the lock, then hold it."""
    with open_lock(path) as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def try_exclusive(handle: IO[str]) -> bool:
    """Take or upgrade to the exclusive lock; False when someone else holds it."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def share(handle: IO[str]) -> None:
    fcntl.flock(handle, fcntl.LOCK_SH)


def is_free(path: Path) -> bool:
    """Whether no process holds the lock now."""
    with open_lock(path) as handle:
        return try_exclusive(handle)
