"""The journal of a store: a file of JSON lines with everything that changed it, so that it is the same after a restart.

The first line says which store it is (kind ``store``). Each further line is one change, in order, with the moment of the
store's clock at which it was made (``at``, ISO):

- ``control``: a control call (``call``, ``arguments``), with the ``id`` it answered or the reason it was ``refused``
- ``mutation``: a GraphQL mutation (``query``, ``variables``, ``operation``, and the granted ``scopes``)
- ``upload``: the bytes of a staged upload (``key``, ``body`` in base64) arrived
- ``jobs``: the jobs that were due were run
- ``unsubscribed``: a webhook ``subscription`` was given up after too many failures
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from .values import BadRequest


class Journal:
    """The lines of one file. A last line without its end was cut by a kill: it is ignored, and dropped by `open`.

    `BadRequest` names a line that is no JSON object; `OSError` when the file cannot be read or written.
    """

    def __init__(self, path: Path | str):
        self.path = Path(path)
        text = self.path.read_bytes() if self.path.exists() else b""
        self._length = text.rfind(b"\n") + 1
        self._lines = [self._read(*row) for row in enumerate(text[: self._length].splitlines(), 1)]

    @property
    def store(self) -> dict | None:
        """What the store was made from, as `open` wrote it; None for a new journal."""
        made = self._lines[0].get("made") if self._lines else None
        return made if isinstance(made, dict) else None

    def open(self, made: dict) -> None:
        """Make the file ready to be written. ``made``: what the store was made from, which must be that of the journal."""
        if not self._lines:
            self.path.write_text(json.dumps({"kind": "store", "made": made}) + "\n", encoding="utf-8")
            return
        known = self.store
        if known is None:
            raise self.unusable(1, "it must say which store the journal is of")
        different = [
            f"{name} {known.get(name)}, not {value}" for name, value in made.items() if known.get(name) != value
        ]
        if different:
            raise self.unusable(1, f"the journal is of another store: {'; '.join(different)}")
        with self.path.open("r+b") as file:
            file.truncate(self._length)

    def changes(self) -> Iterator[tuple[int, dict]]:
        """Number and content of each line that tells a change."""
        yield from enumerate(self._lines[1:], 2)

    def record(self, at: datetime, kind: str, **what: object) -> None:
        """Append one change; it is in the file when this returns. `OSError` leaves the file as it was."""
        row = {"at": at.isoformat(), "kind": kind, **what}
        line = json.dumps(row, separators=(",", ":")).encode() + b"\n"
        with self.path.open("ab", buffering=0) as file:
            before = file.tell()
            if file.write(line) != len(line):
                file.truncate(before)
                raise OSError(f"{self.path}: no room for what has changed in the store")

    def unusable(self, number: int, reason: object) -> BadRequest:
        """The error that names a line."""
        return BadRequest(
            f"{self.path}, line {number}: {reason}. Without this file the store starts as it was first made."
        )

    def _read(self, number: int, line: bytes) -> dict:
        try:
            found = json.loads(line)
        except ValueError as error:
            raise self.unusable(number, f"cannot be read ({error})") from error
        if not isinstance(found, dict):
            raise self.unusable(number, "is no JSON object")
        return found
