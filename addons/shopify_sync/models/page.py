"""A page of records as a handler reads it."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class Page:
    """A page of records as read, and where the next one starts."""

    records: list[dict] = field(default_factory=list)
    cursor: str | None = None
    has_next: bool = False
    seen: int = 0
    until: datetime | None = None
    message: str = ""
    #: ids that were asked for and that Shopify does not know
    gone: list[str] = field(default_factory=list)
