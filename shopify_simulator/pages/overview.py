"""The start page: what the simulated store is and where its doors are."""

from __future__ import annotations

from collections import Counter

from .html import h, link, table
from .layout import frame
from .request import Page


def page(page: Page) -> str:
    """The start page."""
    app, store = page.app, page.store
    statuses = Counter(header.financial_status or "-" for header in store.orders.headers())
    domain = store.shop.domain
    counts = [("Orders", len(store.orders)), ("Customers", len(store.people)), ("Products", len(store.products))]
    calls = [[link(f"/_control/{call}", f"/_control/{call}"), " "] for call in ("state", "orders", "requests", "help")]
    doors = h(
        "ul",
        h("li", "Store address: ", h("code", domain)),
        h("li", "GraphQL: ", h("code", f"POST http://{domain}/admin/api/{app.api_version}/graphql.json")),
        h("li", "Sign-in: ", h("code", f"POST http://{domain}/admin/oauth/access_token")),
        h("li", "Control: ", calls),
    )
    about = (
        f"A simulated Shopify store, seed {store.seed}, currency {store.shop.currency_code}. It answers as Shopify's "
        f"GraphQL Admin API does, version {app.api_version}."
    )
    return frame(
        page,
        store.shop.name,
        h("p", about),
        h("h2", "Doors"),
        doors,
        h("h2", "What it holds"),
        table("What it holds", ["Kind", "Count#"], counts),
        h("h2", "Orders by financial status"),
        table("Orders by financial status", ["Status", "Orders"], statuses.most_common()),
    )
