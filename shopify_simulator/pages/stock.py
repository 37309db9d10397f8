"""Stock by product and location."""

from __future__ import annotations

from .forms import Form
from .html import Html, h, link, table
from .layout import cut, frame, paged, searching
from .request import Page


def page(page: Page) -> str:
    """What each location holds of each item, with a form to change it."""
    typed, asked = page.asked.get("q", "").strip().casefold(), page.asked
    found = [
        (variant, level)
        for product in page.store.products
        if asked.get("product", str(product.id)) == str(product.id)
        for variant in product.variants
        if not typed or any(typed in (part or "").casefold() for part in (variant.sku, product.title))
        for level in variant.inventory_item.levels
        if level.is_active and (not asked.get("location") or asked["location"] == str(level.location.id))
    ]
    rows = [_row(page, variant, level) for variant, level in cut(page, found)]
    heads = ["Product", "SKU", "Location", "On hand#", "Committed#", "Available#", "Set available"]
    places = [("", "All"), *((str(one.id), one.name) for one in page.store.locations)]
    return frame(
        page,
        "Stock",
        searching(page, "Product or SKU", [("location", "Location", places)]),
        paged(page, "stock", len(found), table("Stock", heads, rows, "No stock is like this.")),
    )


def _row(page: Page, variant, level) -> list:
    item, units = variant.inventory_item, level.quantities
    return [
        link(f"/admin/products/{variant.product.id}", f"{variant.product.title} {_named(variant)}"),
        variant.sku,
        level.location.name,
        units["on_hand"],
        units["committed"],
        units["available"],
        _form(page, item, level, f"{variant.sku or variant.product.title} at {level.location.name}"),
    ]


def _named(variant) -> str:
    return "" if variant.title == "Default Title" else variant.title


def _form(page: Page, item, level, what: str) -> Html:
    fixed = {
        "item": f"gid://shopify/InventoryItem/{item.id}",
        "location": f"gid://shopify/Location/{level.location.id}",
    }
    form = Form(page, "set_stock", "Set", level.id, **fixed, name="available")
    form.number("quantity", f"Available units of {what}", level.quantities["available"], hidden_label=True, min=-999999)
    return h("div", form.html("row"))
