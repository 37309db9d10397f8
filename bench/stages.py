"""How long each stage of a piece of work takes, seen from outside: its methods are wrapped, not changed."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps


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
