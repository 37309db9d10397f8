"""The kinds of orders that a seeded store holds: how often, how they begin, what happens to them, where they end.

The statuses in which a kind ends are written here, so that searching needs no order built; a test compares them with what
the built orders say.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Kind:
    """``weight``: share among all orders. ``steps``: (what happens, hours after the step before, at most).

    ``buyer``: customer, guest, anonymous, company or nobody. ``options``: given to `place_order`. ``features``: names of functions in `features` that add further options.
    """

    name: str
    weight: int
    financial: str = "PAID"
    fulfillment: str = "UNFULFILLED"
    steps: tuple[tuple[str, int], ...] = ()
    options: dict = field(default_factory=dict)
    features: tuple[str, ...] = ()
    state: str = "open"
    source: str = "web"
    buyer: str = "customer"
    abroad: bool = True
    test: bool = False
    tags: tuple[str, ...] = ()


def _kind(name: str, weight: int, financial: str = "PAID", fulfillment: str = "UNFULFILLED", **more) -> Kind:
    return Kind(name, weight, financial, fulfillment, **more)


SHIP = ("fulfil", 72)
CASH_ON_DELIVERY = "Cash on Delivery (COD)"

KINDS = [
    _kind("paid", 170),
    _kind("paid by paypal", 50, options={"gateway": "paypal"}),
    _kind("shipped", 150, "PAID", "FULFILLED", steps=(SHIP,)),
    _kind("shipped and archived", 60, "PAID", "FULFILLED", steps=(SHIP, ("close", 4)), state="closed"),
    _kind("partly shipped", 30, "PAID", "PARTIALLY_FULFILLED", steps=(("fulfil_part", 72),), features=("several_lines",)),
    _kind("shipped from two locations", 10, "PAID", "FULFILLED", steps=(SHIP,), features=("two_locations",)),
    _kind("to be shipped from two locations", 8, features=("two_locations",)),
    _kind("on hold", 8, "PAID", "ON_HOLD", steps=(("hold", 2),)),
    _kind("scheduled", 6, "PAID", "SCHEDULED", steps=(("schedule", 1),), tags=("preorder",)),
    _kind("bank deposit pending", 16, "PENDING", options={"gateway": "Bank Deposit", "financial": "pending"}),
    _kind("cash on delivery", 16, "PENDING", options={"gateway": CASH_ON_DELIVERY, "financial": "pending"}),
    _kind("cash on delivery, shipped and paid", 12, "PAID", "FULFILLED", steps=(SHIP, ("mark_paid", 96)),
          options={"gateway": CASH_ON_DELIVERY, "financial": "pending"}),
    _kind("bank deposit, paid later", 16, steps=(("mark_paid", 120),),
          options={"gateway": "Bank Deposit", "financial": "pending"}),
    _kind("authorized", 22, "AUTHORIZED", options={"financial": "authorized"}),
    _kind("captured", 14, steps=(("capture", 48),), options={"financial": "authorized"}),
    _kind("captured on shipping", 10, "PAID", "FULFILLED", steps=(SHIP, ("capture", 1)), options={"financial": "authorized"}),
    _kind("partly captured", 6, "PARTIALLY_PAID", steps=(("capture_part", 48),), options={"financial": "authorized"}),
    _kind("partly paid", 12, "PARTIALLY_PAID", options={"financial": "partially_paid"}),
    _kind("voided", 8, "VOIDED", steps=(("void", 60),), options={"financial": "authorized"}),
    _kind("expired", 6, "EXPIRED", steps=(("expire", 170),), options={"financial": "authorized"}),
    _kind("payment failed, then paid", 6, features=("failed_payment",)),
    _kind("one piece refunded", 24, "PARTIALLY_REFUNDED", "FULFILLED", steps=(SHIP, ("refund_line", 120)),
          features=("several_pieces",)),
    _kind("refunded before shipping", 10, "PARTIALLY_REFUNDED", steps=(("refund_line", 24),), features=("several_lines",)),
    _kind("returned and refunded", 16, "REFUNDED", "FULFILLED", steps=(SHIP, ("refund_all", 240))),
    _kind("refunded by amount", 8, "PARTIALLY_REFUNDED", "FULFILLED", steps=(SHIP, ("refund_amount", 120))),
    _kind("shipping refunded", 6, "PARTIALLY_REFUNDED", "FULFILLED", steps=(SHIP, ("refund_shipping", 100)),
          features=("paid_shipping",)),
    _kind("refund on its way", 5, "PAID", "FULFILLED", steps=(SHIP, ("refund_pending", 100)), features=("several_lines",)),
    _kind("refunded twice", 5, "PARTIALLY_REFUNDED", "FULFILLED", steps=(SHIP, ("refund_line", 90), ("refund_amount", 90)),
          features=("several_pieces",)),
    _kind("refunded to store credit", 4, "PARTIALLY_REFUNDED", "FULFILLED", steps=(SHIP, ("refund_credit", 90)),
          features=("several_lines",)),
    _kind("return requested", 4, "PAID", "FULFILLED", steps=(SHIP, ("return_request", 120))),
    _kind("returned, not refunded", 5, "PAID", "FULFILLED", steps=(SHIP, ("return_back", 150)), features=("several_pieces",)),
    _kind("returned and refunded by a return", 6, "PARTIALLY_REFUNDED", "FULFILLED",
          steps=(SHIP, ("return_refunded", 200)), features=("several_pieces",)),
    _kind("exchanged", 5, "PAID", "PARTIALLY_FULFILLED", steps=(SHIP, ("exchange", 160)), features=("several_pieces",)),
    _kind("cancelled and refunded", 14, "REFUNDED", steps=(("cancel", 20),), state="cancelled"),
    _kind("cancelled before payment", 10, "VOIDED", steps=(("cancel", 60),), state="cancelled",
          options={"gateway": "Bank Deposit", "financial": "pending"}),
    _kind("authorized and cancelled as fraud", 5, "VOIDED", steps=(("cancel_fraud", 10),), state="cancelled",
          options={"financial": "authorized", "risk": "HIGH"}),
    _kind("guest", 36, buyer="guest"),
    _kind("no personal data", 6, buyer="anonymous"),
    _kind("high risk", 10, options={"risk": "HIGH"}),
    _kind("medium risk", 10, options={"risk": "MEDIUM"}),
    _kind("risk being assessed", 5, options={"risk": "PENDING"}),
    _kind("no risk assessment", 5, options={"risk": None}),
    _kind("percentage code", 30, features=("percentage_code",)),
    _kind("amount code", 20, features=("amount_code",)),
    _kind("automatic discount", 16, features=("automatic_discount",)),
    _kind("discount on one line", 18, features=("line_discount",)),
    _kind("several discounts on a line", 10, features=("several_discounts",)),
    _kind("discount by script", 3, features=("script_discount",)),
    _kind("free shipping code", 14, features=("free_shipping",)),
    _kind("shipping discount", 8, features=("shipping_discount",)),
    _kind("free by a code", 6, features=("all_free",)),
    _kind("gift card sold", 8, "PAID", "PARTIALLY_FULFILLED", features=("gift_card_sold",)),
    _kind("paid by gift card", 10, features=("paid_by_gift_card",)),
    _kind("gift card and card", 10, features=("gift_card_and_card",)),
    _kind("store credit and paypal", 5, features=("store_credit",)),
    _kind("two cards", 5, features=("two_gateways",)),
    _kind("tip", 8, features=("tip",)),
    _kind("duties", 6, features=("duties",)),
    _kind("additional fee", 4, features=("fee",)),
    _kind("custom item", 8, features=("custom_item",)),
    _kind("deleted product", 8, features=("deleted_product",)),
    _kind("service and goods", 8, features=("service",)),
    _kind("untracked item", 6, features=("untracked",)),
    _kind("bundle", 8, features=("bundle",)),
    _kind("line of price zero", 5, features=("zero_line",)),
    _kind("not taxable line", 8, features=("untaxable",)),
    _kind("tax exempt", 6, options={"tax_exempt": True}),
    _kind("zero rated", 6, options={"taxes": "GB-zero"}),
    _kind("tax collected by the marketplace", 8, options={"taxes": "US-WA-marketplace", "gateway": "marketplace"},
          source="marketplace", abroad=False, tags=("marketplace",)),
    _kind("piece added by edit, not paid", 6, "PARTIALLY_PAID", steps=(("edit_more", 20),)),
    _kind("line added by edit, then paid", 8, steps=(("edit_add", 20), ("mark_paid", 30))),
    _kind("line removed by edit, then refunded", 8, "PARTIALLY_REFUNDED", steps=(("edit_remove", 20), ("refund_owed", 10)),
          features=("several_lines",)),
    _kind("piece removed by edit, not refunded", 5, steps=(("edit_less", 20),), features=("several_pieces",)),
    _kind("address changed", 6, steps=(("address", 5),)),
    _kind("local pickup", 10, features=("pickup",), abroad=False),
    _kind("company with terms", 12, "PENDING", buyer="company", features=("company",), abroad=False,
          options={"terms": "net30", "financial": "pending", "gateway": "manual"}, tags=("wholesale",)),
    _kind("company, tax exempt, paid", 8, "PAID", "FULFILLED", steps=(SHIP,), buyer="company", features=("exempt_company",), abroad=False,
          tags=("wholesale",)),
    _kind("draft order, paid by hand", 14, source="shopify_draft_order", options={"gateway": "manual"}, features=("draft",)),
    _kind("draft order, pending", 8, "PENDING", source="shopify_draft_order",
          options={"gateway": "manual", "financial": "pending"}, features=("draft",)),
    _kind("POS, cash with change", 12, "PAID", "FULFILLED", source="pos", buyer="nobody", abroad=False, features=("cash",)),
    _kind("POS, cash rounded", 5, "PAID", "FULFILLED", source="pos", buyer="nobody", abroad=False, features=("rounded_cash",)),
    _kind("POS, card", 14, "PAID", "FULFILLED", source="pos", buyer="nobody", abroad=False, features=("till",)),
    _kind("POS, known customer and tip", 6, "PAID", "FULFILLED", source="pos", abroad=False, features=("till", "tip")),
    _kind("POS, cash refunded", 4, "PARTIALLY_REFUNDED", "FULFILLED", steps=(("refund_line", 40),), source="pos",
          buyer="nobody", abroad=False, features=("rounded_cash", "several_pieces")),
    _kind("order of an app", 10, source="4567891", options={"gateway": "klarna", "app": "Order Bridge"},
          features=("source_number",)),
    _kind("test order", 5, test=True, options={"test": True, "gateway": "bogus"}),
    _kind("long and foreign texts", 6, features=("texts",)),
    _kind("many lines", 4, features=("many_lines",)),
    _kind("large quantities", 4, features=("large_quantities",)),
]  # fmt: skip

BY_NAME = {kind.name: kind for kind in KINDS}
