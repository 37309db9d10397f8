"""Fulfilments of all orders."""

from __future__ import annotations

from .html import Html, badge, h, link, table
from .layout import cut, frame, paged, when
from .request import Page


def page(page: Page) -> str:
    """Orders that were shipped wholly or in part, newest first, a row for each fulfilment."""
    book = page.store.orders
    found = [
        serial
        for _at, _id, serial in reversed(book.ordered("updated_at"))
        if book.header(serial).fulfillment_status in ("FULFILLED", "PARTIALLY_FULFILLED")
    ]
    orders = [book.get(serial) for serial in cut(page, found)]
    rows = [
        [
            link(f"/admin/orders/{order.id}", one.name), when(one.created_at), badge(one.status),
            one.location.name if one.location else "-", sum(line.quantity for line in one.lines), tracking(one),
        ]
        for order in orders
        for one in order.fulfillments
    ]  # fmt: skip
    heads = ["Fulfilment", "Shipped (UTC)", "Status", "Location", "Units#", "Tracking"]
    hint = h("p", "By orders that are shipped wholly or in part, the last changed first.", class_="hint")
    return frame(page, "Fulfilments", hint, paged(page, "fulfilments", len(found), table("Fulfilments", heads, rows)))


def tracking(one) -> list[Html]:
    """Company, number and link of a fulfilment."""
    return [
        h("div", track.company, " ", link(track.url, track.number or track.url) if track.url else track.number)
        for track in one.tracking
    ]
