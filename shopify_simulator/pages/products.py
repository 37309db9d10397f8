"""The list of products."""

from __future__ import annotations

from .forms import Form
from .html import badge, link, table
from .layout import cut, frame, paged, searching, when
from .orders import words
from .request import Page


def page(page: Page) -> str:
    """Products by title, with search."""
    typed, status = page.asked.get("q", "").strip().casefold(), page.asked.get("status")
    found = [
        one
        for one in page.store.products
        if (not status or one.status == status)
        and (not typed or any(typed in (part or "").casefold() for part in (one.title, one.vendor, *_codes(one))))
    ]
    rows = [
        [
            link(f"/admin/products/{one.id}", one.title), badge(one.status), one.vendor, len(one.variants),
            f"{min((variant.price for variant in one.variants), default='')} {page.store.shop.currency_code}",
            when(one.updated_at),
        ]
        for one in cut(page, found)
    ]  # fmt: skip
    heads = ["Product", "Status", "Vendor", "Variants#", "Price from#", "Changed (UTC)"]
    choices = [("status", "Status", words(["ACTIVE", "DRAFT", "ARCHIVED", "UNLISTED"]))]
    new = Form(page, "add_product", "Add a product").field("title", "Title").field("sku", "SKU")
    new.field("price", f"Price ({page.store.shop.currency_code})", inputmode="decimal").number(
        "stock", "Units in stock", 10
    )
    return frame(
        page,
        "Products",
        new.folded(),
        searching(page, "Title, vendor, SKU or barcode", choices),
        paged(page, "products", len(found), table("Products", heads, rows, "No product is like this.")),
    )


def _codes(product) -> list[str | None]:
    return [code for one in product.variants for code in (one.sku, one.barcode)]
