"""How the processing of one line ended."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Outcome:
    """`state` is done, skipped, failed or later (tried again by itself).

    `logs` are further log lines (warnings, information) beside the failure itself. `needs` are Shopify's product ids to
    read before the line can go on.
    """

    state: str
    message: str = ""
    kind: str = ""
    cause: str = ""
    wait_keys: tuple[str, ...] = ()
    record: Any = None
    detail: str = ""
    technical: str = ""
    sku: str = ""
    fix_action: str = ""
    fix_context: dict = field(default_factory=dict)
    logs: list[dict] = field(default_factory=list)
    needs: tuple[str, ...] = ()

    @classmethod
    def done(cls, record=None, message=""):
        return cls("done", message, record=record)

    @classmethod
    def skip(cls, cause, message):
        """Left out on purpose; logged as information."""
        return cls("skipped", message, cause=cause)

    @classmethod
    def failure(cls, kind, cause, message, **more):
        """A person must mend it.

        :param kind: configuration, data or refused
        :param cause: a fixed code that groups equal failures
        """
        return cls("failed", message, kind=kind, cause=cause, **more)

    def note(self, cause, message, severity="warning", **more):
        """A log line beside the outcome."""
        self.logs.append({"cause": cause, "message": message, "severity": severity, **more})

    def entries(self):
        """All log lines of this outcome."""
        own = []
        if self.state in ("failed", "skipped", "later") and self.cause:
            own.append(
                {
                    "severity": "info" if self.state == "skipped" else "error",
                    "cause": self.cause,
                    "message": self.message,
                    "detail": self.detail or False,
                    "technical": self.technical or False,
                    "sku": self.sku or False,
                    "fix_action": self.fix_action or False,
                    "fix_context": self.fix_context or False,
                }
            )
        return own + self.logs
