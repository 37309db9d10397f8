"""The page on which a person places an order."""

from __future__ import annotations

from .forms import Form
from .html import h
from .layout import frame
from .request import Page

_LINES = 4
GATEWAYS = [
    (one, one) for one in ("shopify_payments", "paypal", "manual", "gift_card", "Bank Deposit", "bogus", "moon_pay")
]
RISKS = [(one, one.capitalize()) for one in ("LOW", "MEDIUM", "HIGH", "NONE", "PENDING")]


def skus(page: Page):
    """What can be chosen where a SKU is typed (id ``skus``)."""
    store = page.store
    variants = (variant for product in store.products for variant in product.variants if variant.sku)
    return h(
        "datalist", [h("option", f"{one.product.title} {one.title}", value=one.sku) for one in variants], id="skus"
    )


def page(page: Page) -> str:
    """The form for a new order."""
    form = Form(page, "place_order", "Place the order")
    for number in range(1, _LINES + 1):
        sku = page.store.any_sku() if number == 1 and page.store.skus() else ""
        form.field(f"sku:{number}", f"Product {number} (SKU)", sku, list="skus")
        form.number(f"quantity:{number}", f"Quantity of product {number}", 1, min=1)
    newest = page.store.people.serials()[:-51:-1]
    known = [page.store.people.get(serial) for serial in newest]
    form.choice("customer", "Customer", [
        ("", "A made-up customer"), ("guest", "Guest (an e-mail, no account)"), ("new", "New: as named below"),
        *((one.id, one.display_name) for one in known),
    ])  # fmt: skip
    form.field("first_name", "First name (new customer)").field("last_name", "Last name (new customer)")
    form.field("email", "E-mail (new customer)", type="email")
    form.choice("gateway", "Payment gateway", GATEWAYS)
    states = [("paid", "Paid"), ("pending", "Pending"), ("authorized", "Authorized")]
    form.choice("financial", "Payment", states)
    form.choice("risk", "Risk", RISKS).field("shipping", "Shipping price", "0.00", inputmode="decimal")
    form.field("off_by", "Total off by (empty: it is what the lines add up to)", inputmode="decimal")
    form.field("note", "Note")
    return frame(page, "Place an order", form.html("narrow"), skus(page))
