"""One product."""

from __future__ import annotations

from ..model.product import Product, Variant
from ..pictures import PATH
from ..values import BadRequest
from .forms import Form
from .html import Html, badge, facts, h, link, live, table
from .layout import frame, when
from .request import NotFound, Page

_STATUSES = [(one, one.capitalize()) for one in ("ACTIVE", "DRAFT", "ARCHIVED", "UNLISTED")]


def page(page: Page, number: int) -> str:
    """A product with variants, options, pictures, metafields and publications; what can be changed at its side."""
    try:
        product = page.store.product(f"gid://shopify/Product/{number}")
    except BadRequest as error:
        raise NotFound(str(error)) from error
    gid = f"gid://shopify/Product/{product.id}"
    form = Form(page, "change_product", "Change the product", product=gid)
    form.field("title", "Title", product.title, required=True).field("vendor", "Vendor", product.vendor)
    form.choice("status", "Status", _STATUSES, product.status)
    prices = [
        Form(page, "change_variant", f"Price of {one.sku}", one.id, product=gid, sku=one.sku)
        .field("price", f"Price ({page.store.shop.currency_code})", one.price, inputmode="decimal")
        .folded()
        for one in product.variants
        if one.sku
    ]
    left = h("div", live("product", *_shown(page, product)))
    right = h("div", h("h2", "Do something"), live("change", form.folded(), prices))
    return frame(page, product.title, h("div", left, right, class_="columns"))


def _shown(page: Page, product: Product) -> list[Html]:
    heads = ["Variant", "SKU", "Barcode", "Price#", "Compare at#", "On hand#", "Available#"]
    channels = [one.name for one in page.store.storefront.publications if one.id in product.publications]
    fields = [*product.metafields, *(field for one in product.variants for field in one.metafields)]
    return [
        facts([
            ("Status", badge(product.status)), ("Vendor", product.vendor), ("Type", product.product_type),
            ("Handle", product.handle), ("Tags", ", ".join(product.tags)), ("Published to", ", ".join(channels) or "nowhere"),
            ("Collections", ", ".join(one.title for one in product.collections)), ("Changed (UTC)", when(product.updated_at)),
        ]),
        h("h2", "Variants"),
        table("Variants", heads, [_row(one) for one in product.variants]),
        h("p", link(f"/admin/stock?product={product.id}", "Stock of this product")),
        h("h2", "Options"),
        table("Options", ["Option", "Values"], [[name, ", ".join(values)] for name, values in product.options]),
        h("h2", "Pictures"),
        h("div", [_picture(one) for one in product.media] or h("p", "Nothing yet.", class_="empty"), class_="pictures"),
        h("h2", "Metafields"),
        table("Metafields", ["Of", "Name", "Type", "Value"],
              [[one.owner_type, f"{one.namespace}.{one.key}", one.type, one.value] for one in fields]),
    ]  # fmt: skip


def _row(one: Variant) -> list:
    levels = [level.quantities for level in one.inventory_item.levels if level.is_active]
    stock = [sum(level[name] for level in levels) if levels else "-" for name in ("on_hand", "available")]
    return [one.title, one.sku, one.barcode, one.price, one.compare_at_price, *stock]


def _picture(one) -> Html:
    address = f"{PATH}{one.id}/{one.name}?v={one.version}"
    return h("figure", h("img", src=address, alt=one.alt or one.name), h("figcaption", badge(one.status)))
