"""What a page needs to know: the store, the address that was asked for, and what was typed in a refused form."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlencode

from ..app import App
from ..store import Store

PER_PAGE = 50


@dataclass
class Page:
    """One request for a page. ``asked``: the query of its address; ``error``: why the last form was refused."""

    app: App
    path: str
    asked: dict[str, str] = field(default_factory=dict)
    error: str | None = None
    form: str | None = None
    typed: dict[str, str] = field(default_factory=dict)

    @property
    def store(self) -> Store:
        return self.app.store

    @property
    def back(self) -> str:
        """The address of this page, to come back to."""
        return self.address()

    @property
    def number(self) -> int:
        """Number of the page of a list, from 1."""
        asked = self.asked.get("page", "1")
        return max(1, int(asked)) if asked.isdecimal() and len(asked) < 9 else 1

    def address(self, **changes: object) -> str:
        """The address of this page with changes of its query."""
        query = {name: value for name, value in {**self.asked, **changes}.items() if value and name != "done"}
        return self.path + (f"?{urlencode(query)}" if query else "")


class NotFound(Exception):
    """There is no such page; the message says what is missing."""
