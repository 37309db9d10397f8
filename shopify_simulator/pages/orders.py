"""The list of orders."""

from __future__ import annotations

from ..book import Header
from ..totals import totals
from .forms import Form
from .html import badge, h, link, table
from .layout import cut, frame, paged, searching, when
from .request import Page

_STATES = [("", "All"), ("open", "Open"), ("closed", "Archived"), ("cancelled", "Cancelled")]
_FINANCIAL = ["PENDING", "AUTHORIZED", "PARTIALLY_PAID", "PAID", "PARTIALLY_REFUNDED", "REFUNDED", "VOIDED", "EXPIRED"]
_SHIPPED = ["UNFULFILLED", "PARTIALLY_FULFILLED", "FULFILLED", "ON_HOLD", "SCHEDULED", "IN_PROGRESS"]


def words(values: list[str]) -> list[tuple[str, str]]:
    """Choices of Shopify's words, after one for all of them."""
    return [("", "All"), *((value, value.replace("_", " ").capitalize()) for value in values)]


def page(page: Page) -> str:
    """Orders, newest first, with search and filters."""
    found = _found(page)
    rows = [_row(page, header) for header in cut(page, found)]
    heads = ["Order", "Placed (UTC)", "Customer", "Payment", "Fulfilment", "State", "Total#"]
    return frame(
        page,
        "Orders",
        h("div", h("p", link("/admin/orders/new", "Place an order")),
          Form(page, "place_random", "Place a random order").html(), class_="line"),
        searching(page, "Order, tag or customer", [
            ("state", "State", _STATES), ("paid", "Payment", words(_FINANCIAL)), ("shipped", "Fulfilment", words(_SHIPPED)),
        ]),
        paged(page, "orders", len(found), table("Orders", heads, rows, "No order is like this.")),
    )  # fmt: skip


def _found(page: Page) -> list[Header]:
    wanted = {name: page.asked.get(key) for name, key in (
        ("state", "state"), ("financial_status", "paid"), ("fulfillment_status", "shipped")) if page.asked.get(key)}  # fmt: skip
    typed = page.asked.get("q", "").strip().casefold()
    buyers = people_like(page, typed) if typed else set()
    book = page.store.orders
    return [
        header
        for header in (book.header(serial) for _at, _id, serial in reversed(book.ordered("created_at")))
        if all(getattr(header, name) == value for name, value in wanted.items())
        and (
            not typed
            or typed in header.name.casefold()
            or typed == str(header.id)
            or header.customer_id in buyers
            or any(typed in tag.casefold() for tag in header.tags)
        )
    ]


def people_like(page: Page, typed: str) -> set[int]:
    """Ids of customers whose name, e-mail or phone holds a text."""
    return {
        one.id
        for one in page.store.people.everyone()
        if any(typed in (part or "").casefold() for part in (one.display_name, one.email, one.phone))
    }


def _row(page: Page, header: Header) -> list:
    order = page.store.orders.get(header.serial)
    return [
        link(f"/admin/orders/{header.id}", header.name),
        when(header.created_at),
        order.customer.display_name if order.customer else order.email or "-",
        badge(header.financial_status),
        badge(header.fulfillment_status),
        badge(header.state),
        totals(order)["current_total_price"],
    ]
