"""HTML in which every value is escaped unless it is HTML already."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

_VOID = frozenset(["input", "img", "link", "meta"])


class Html(str):
    """Text that is HTML and must not be escaped again."""

    __slots__ = ()


def text(value: object) -> Html:
    """A value as HTML: escaped, lists one after the other, None as nothing."""
    if isinstance(value, Html):
        return value
    if value is None or value is False:
        return Html("")
    if isinstance(value, (list, tuple)):
        return Html("".join(text(part) for part in value))
    return Html(escape(str(value)))


def h(tag: str, *children: object, **attributes: object) -> Html:
    """An element. ``class_`` and ``for_`` are written without the underscore, other underscores as hyphens; an attribute
    that is None or False is left out."""
    written = "".join(
        f" {name.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{escape(str(value))}"')
        for name, value in attributes.items()
        if value is not None and value is not False
    )
    if tag in _VOID:
        return Html(f"<{tag}{written}>")
    return Html(f"<{tag}{written}>{text(children)}</{tag}>")


def link(address: str, words: object) -> Html:
    """A link; only addresses of the web and of this store become one, so that no script hides in a tracking link."""
    if address.startswith(("http://", "https://", "/")):
        return h("a", words, href=address)
    return text(words)


def table(caption: str, heads: Iterable[str], rows: Iterable[Iterable[object]], empty: str = "Nothing yet.") -> Html:
    """A table with a caption for screen readers. A head that ends in ``#`` is a column of numbers."""
    heads, rows = list(heads), [list(row) for row in rows]
    if not rows:
        return h("p", empty, class_="empty")
    numbers = [head.endswith("#") for head in heads]
    head = [
        h("th", name.rstrip("#"), scope="col", class_="n" if right else None)
        for name, right in zip(heads, numbers, strict=True)
    ]
    body = [
        h("tr", [h("td", cell, class_="n" if right else None) for cell, right in zip(row, numbers, strict=True)])
        for row in rows
    ]
    parts = (h("caption", caption), h("thead", h("tr", head)), h("tbody", body))
    return h("div", h("table", *parts), class_="wide", tabindex="0", role="region", aria_label=caption)


def facts(pairs: Iterable[tuple[str, object]]) -> Html:
    """Names and values; those without a value are left out."""
    return h("dl", [h("div", h("dt", name), h("dd", value)) for name, value in pairs if value not in (None, "", [])])


def badge(word: str | None) -> Html:
    """A status as a small label, in words: ``PARTIALLY_PAID`` is "Partially paid"."""
    if not word:
        return text("")
    return h("span", word.replace("_", " ").capitalize(), class_=f"badge {_TONES.get(word, '')}".strip())


def live(name: str, *children: object) -> Html:
    """A part of the page that renews itself while the page is open."""
    return h("section", *children, data_live=name)


_TONES = {
    **dict.fromkeys(["PAID", "FULFILLED", "ACTIVE", "SUCCESS", "LOW", "arrived", "WON"], "good"),
    **dict.fromkeys(["PENDING", "AUTHORIZED", "PARTIALLY_PAID", "PARTIALLY_FULFILLED", "ON_HOLD", "MEDIUM",
                     "REQUESTED", "waiting",
                     "SCHEDULED", "IN_TRANSIT", "NEEDS_RESPONSE", "UNDER_REVIEW"], "wait"),
    **dict.fromkeys(["VOIDED", "EXPIRED", "HIGH", "cancelled", "CANCELLED", "FAILURE", "ERROR", "failed", "FAILED", "CANCELED", "LOST"], "bad"),
}  # fmt: skip
