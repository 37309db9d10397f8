"""Work that Shopify does after it has answered: asynchronous jobs."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from .clock import Clock
from .values import BadRequest


@dataclass(slots=True)
class Job:
    """One job; ``error`` says why its work was not done, which Shopify's API does not tell."""

    due_at: float
    work: Callable[[], object] = field(repr=False)
    id: str
    done: bool = False
    error: str | None = None

    typename = "Job"


class Jobs:
    """The jobs of a store. A job runs when its time has come and the store is asked for anything.

    ``delay``: seconds from the request to the work. ``held``: nothing runs while it is set. The n-th job of a store has the
    same id whenever the store is made again.
    """

    def __init__(self, clock: Clock, seed: int = 1):
        self._clock = clock
        self._seed = seed
        self._added = 0
        self._jobs: dict[str, Job] = {}
        self._failures: list[str] = []
        self.delay = 0.0
        self.held = False

    def __len__(self) -> int:
        return len(self._jobs)

    def add(self, work: Callable[[], object], seconds: float = 0.0) -> Job:
        """Plan work for later; ``seconds`` beside the delay of all jobs."""
        self._added += 1
        name = f"gid://shopify/Shop/{self._seed}/Job/{self._added}"
        job = Job(self._clock.timestamp() + self.delay + seconds, work, str(uuid.uuid5(uuid.NAMESPACE_URL, name)))
        self._jobs[job.id] = job
        return job

    def fail_next(self, error: str = "Something went wrong") -> None:
        """Let the next job end without doing its work."""
        self._failures.append(error)

    def clear(self) -> None:
        """Forget all jobs and planned failures, whatever they were to do."""
        self._jobs.clear()
        self._failures.clear()
        self.delay, self.held = 0.0, False

    def find(self, job_id: str) -> Job | None:
        """The job of an id."""
        return self._jobs.get(job_id)

    def run_due(self) -> int:
        """Do the work whose time has come; returns how many jobs were run."""
        now, run = self._clock.timestamp(), 0
        for job in list(self._jobs.values()):
            if job.done or self.held or job.due_at > now:
                continue
            job.done = True
            run += 1
            if self._failures:
                job.error = self._failures.pop(0)
                continue
            try:
                job.work()
            except BadRequest as error:
                job.error = str(error)
        return run
