"""What all pages share: the frame, the tabs, search forms and the pages of long lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from .html import Html, h, link, live
from .request import PER_PAGE, Page

TABS = (
    ("/admin/orders", "Orders"),
    ("/admin/products", "Products"),
    ("/admin/stock", "Stock"),
    ("/admin/fulfilments", "Fulfilments"),
    ("/admin/customers", "Customers"),
    ("/admin/payments/payouts", "Payouts"),
    ("/admin/webhooks", "Webhooks"),
    ("/", "Connection"),
)


def frame(page: Page, title: str, *body: object) -> str:
    """A whole HTML document."""
    tabs = [h("a", name, href=to, aria_current="page" if _within(page.path, to) else None) for to, name in TABS]
    done = page.asked.get("done")
    head = h(
        "head",
        h("meta", charset="utf-8"),
        h("meta", name="viewport", content="width=device-width, initial-scale=1"),
        h("title", f"{title} - Simulated store"),
        h("link", rel="stylesheet", href="/admin/assets/style.css"),
        h("script", src="/admin/assets/live.js", defer=True),
    )
    top = h(
        "header",
        h("p", h("strong", "Simulated store"), " ", page.store.shop.name, " on this machine. Nothing here is real."),
        h("nav", tabs, aria_label="Store"),
    )
    told = [
        page.error and h("p", h("strong", "Not done: "), page.error, class_="notice bad", role="alert"),
        done and not page.error and h("p", f"Done: {done}", class_="notice good", role="status"),
    ]
    skip = h("a", "Skip to content", href="#content", class_="skip")
    main = h("main", told, h("h1", title), *body, id="content")
    return "<!doctype html>\n" + h("html", head, h("body", skip, top, main), lang="en")


def searching(page: Page, what: str, choices: Sequence[tuple[str, str, Sequence[tuple[str, str]]]] = ()) -> Html:
    """A search form: a text and choices of (name, label, [(value, words)])."""
    parts = [
        h("p", h("label", what, for_="q"), h("input", type="search", name="q", id="q", value=page.asked.get("q", "")))
    ]
    for name, label, rows in choices:
        chosen = page.asked.get(name, "")
        options = [h("option", words, value=value, selected=value == chosen) for value, words in rows]
        parts.append(h("p", h("label", label, for_=name), h("select", *options, name=name, id=name)))
    return h("form", parts, h("button", "Search"), class_="line", role="search", action=page.path)


def cut(page: Page, rows: Sequence) -> Sequence:
    """The rows of the page that was asked for."""
    start = (page.number - 1) * PER_PAGE
    return rows[start : start + PER_PAGE]


def paged(page: Page, name: str, count: int, listed: Html) -> Html:
    """A list that renews itself, with how many there are and the way to the pages before and after."""
    last = max(1, -(-count // PER_PAGE))
    before = page.number > 1 and link(page.address(page=min(page.number - 1, last)), "Previous")
    after = page.number < last and link(page.address(page=page.number + 1), "Next")
    where = f"{count:,} found, page {page.number} of {last}"
    return live(name, listed, h("nav", before, " ", where, " ", after, class_="pages", aria_label="Pages"))


def when(at: datetime | None) -> str:
    """A time of the store, in UTC."""
    return at.strftime("%Y-%m-%d %H:%M:%S") if at else ""


def _within(path: str, tab: str) -> bool:
    return path == tab or (tab != "/" and path.startswith(tab + "/"))
