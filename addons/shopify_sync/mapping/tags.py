"""Tags of an order, compared as people mean them."""

from __future__ import annotations

from collections.abc import Collection, Iterable


def words(text: str | None) -> list[str]:
    """Comma separated tags, each once, without letter case and outer spaces, in their order."""
    return list(dict.fromkeys(filter(None, (word.strip().casefold() for word in (text or "").split(",")))))


def carried(tags: Iterable[str], wanted: Collection[str]) -> str:
    """The first of an order's tags that is wanted, as the order has it; '' when there is none.

    `wanted` is as `words` gives it.
    """
    return next((tag for tag in tags if tag.strip().casefold() in wanted), "")
