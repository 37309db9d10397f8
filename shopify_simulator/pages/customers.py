"""Customers."""

from __future__ import annotations

from .html import badge, facts, h, link, live, table
from .layout import cut, frame, paged, searching, when
from .orders import people_like
from .request import NotFound, Page


def page(page: Page) -> str:
    """Customers, newest first, with search."""
    people, typed = page.store.people, page.asked.get("q", "").strip().casefold()
    if typed:
        found = sorted(people_like(page, typed), reverse=True)
        shown = [people.by_id(number) for number in cut(page, found)]
    else:
        found = people.serials()[::-1]
        shown = [people.get(serial) for serial in cut(page, found)]
    rows = [
        [link(f"/admin/customers/{one.id}", one.display_name or one.id), one.email, one.phone, _orders(page, one)]
        for one in shown
    ]
    listed = table("Customers", ["Customer", "E-mail", "Phone", "Orders#"], rows, "No customer is like this.")
    return frame(
        page, "Customers", searching(page, "Name, e-mail or phone"), paged(page, "customers", len(found), listed)
    )


def one(page: Page, number: int) -> str:
    """One customer with orders."""
    found = page.store.people.by_id(number)
    if found is None:
        raise NotFound(f"The store has no customer {number}.")
    headers = page.store.orders.of_customer(number)[::-1][:100]
    rows = [
        [link(f"/admin/orders/{row.id}", row.name), when(row.created_at), badge(row.financial_status)]
        for row in headers
    ]
    places = [
        ", ".join(filter(None, (at.name, at.company, at.address1, at.zip, at.city, at.country)))
        for at in found.addresses
    ]
    about = facts([
        ("E-mail", found.email), ("Phone", found.phone), ("Account", badge(found.state)), ("Tags", ", ".join(found.tags)),
        ("Note", found.note), ("Addresses", [h("div", place) for place in places]), ("Since (UTC)", when(found.created_at)),
    ])  # fmt: skip
    listed = table("Orders of the customer", ["Order", "Placed (UTC)", "Payment"], rows)
    return frame(page, found.display_name or str(found.id), live("customer", about, h("h2", "Orders"), listed))


def _orders(page: Page, customer) -> int:
    return len(page.store.orders.of_customer(customer.id))
