"""One order: everything the store knows of it."""

from __future__ import annotations

from datetime import datetime

from ..model.order import Order
from ..money import Bag
from ..statuses import financial_status, fulfillment_status, open_state
from ..totals import order_tax_lines, totals
from ..values import BadRequest
from . import order_forms
from .fulfilments import tracking
from .html import Html, badge, facts, h, link, live, table
from .layout import frame, when
from .payouts import disputes
from .place import skus
from .request import NotFound, Page

_MONEY = (
    ("Subtotal", "subtotal_price"), ("Discounts", "total_discounts"), ("Shipping", "total_shipping_price"),
    ("Tax", "total_tax"), ("Total as ordered", "total_price"), ("Total now", "current_total_price"),
    ("Received", "total_received"), ("Refunded", "total_refunded"), ("Outstanding", "total_outstanding"),
    ("To be captured", "total_capturable"),
)  # fmt: skip


def page(page: Page, number: int) -> str:
    """An order at the left, what can be done to it at the right."""
    try:
        order = page.store.order(number)
    except BadRequest as error:
        raise NotFound(str(error)) from error
    left = h("div", live("order", _facts(order), *_parts(order), *_disputes(page, order)))
    right = h("div", h("h2", "Do something"), live("actions", order_forms.forms(page, order)), skus(page))
    return frame(page, f"Order {order.name}", h("div", left, right, class_="columns"))


def _facts(order: Order) -> Html:
    buyer, to = order.customer, order.shipping_address
    risk = order.risk_assessments[-1] if order.risk_assessments else None
    return facts([
        ("Payment", badge(financial_status(order))), ("Fulfilment", badge(fulfillment_status(order))),
        ("State", badge(open_state(order))),
        ("Risk", [badge(risk.risk_level), [h("div", fact.description) for fact in risk.facts]] if risk else ""),
        ("Customer", link(f"/admin/customers/{buyer.id}", buyer.display_name or buyer.id) if buyer else "Guest"),
        ("Company", order.company.name if order.company else ""), ("E-mail", order.email), ("Phone", order.phone),
        ("Ship to", ", ".join(filter(None, (to.name, to.address1, to.zip, to.city, to.country))) if to else ""),
        ("Placed (UTC)", when(order.created_at)), ("Changed (UTC)", when(order.updated_at)), ("Source", order.source_name),
        ("Purchase order", order.po_number), ("Tags", ", ".join(order.tags)), ("Note", order.note),
    ])  # fmt: skip


def _parts(order: Order) -> list[Html]:
    sums = totals(order)
    lines = [
        [[line.name, h("div", line.sku, class_="hint")], line.quantity, line.current_quantity, line.fulfilled,
         _money(line.original_unit_price_set), _money(line.discount),
         _money(order.pair.total(tax.price_set for tax in line.tax_lines))]
        for line in order.lines
    ]  # fmt: skip
    taxes = [[tax.title, "" if tax.rate is None else f"{tax.rate_percentage.normalize():f} %", tax.price_set]
             for tax in order_tax_lines(order)]  # fmt: skip
    money = [[name, sums[key]] for name, key in _MONEY if sums[key] or key in ("total_price", "current_total_price")]
    paid = [[when(one.processed_at), one.kind.capitalize(), badge(one.status), one.formatted_gateway, one.amount_set]
            for one in order.transactions]  # fmt: skip
    shipped = [[one.name, when(one.created_at), badge(one.status), one.location.name if one.location else "-",
                _units(one.lines), tracking(one)] for one in order.fulfillments]  # fmt: skip
    included = "Taxes (included in the prices)" if order.taxes_included else "Taxes"
    return [
        h("h2", "Lines"),
        table("Lines", ["Product", "Ordered#", "Now#", "Shipped#", "Price#", "Discount#", "Tax#"], lines),
        h("h2", "Money"), table("Money", ["Amount of", "Amount#"], money),
        h("h2", included), table(included, ["Tax", "Rate#", "Amount#"], taxes, "No taxes."),
        h("h2", "Transactions"), table("Transactions", ["When (UTC)", "Kind", "Status", "Gateway", "Amount#"], paid),
        h("h2", "Fulfilments"),
        table("Fulfilments", ["Fulfilment", "Shipped (UTC)", "Status", "Location", "Units", "Tracking"], shipped),
        h("h2", "Refunds"), table("Refunds", ["When (UTC)", "Units", "Note", "Paid back#"], _refunds(order)),
        h("h2", "Returns"), table("Returns", ["Return", "Asked for (UTC)", "Status", "Units", "Received"], _returns(order)),
        h("h2", "Timeline"), table("Timeline", ["When (UTC)", "What"], [[when(at), what] for at, what in _timeline(order)]),
    ]  # fmt: skip


def _disputes(page: Page, order: Order) -> list[Html]:
    found = page.store.payments.disputes_of(order.id) if page.store.payments.active else []
    return [h("h2", "Disputes"), disputes(found)] if found else []


def _money(bag: Bag) -> list:
    """An amount of the shop, the customer's below it where that is another currency."""
    pair = bag.pair
    other = pair.presentment != pair.shop and h("div", f"{bag.presentment} {pair.presentment}", class_="hint")
    return [f"{bag.shop} {pair.shop}", other] if bag else []


def _units(lines) -> list[Html]:
    return [h("div", f"{line.quantity} x {line.line_item.name}") for line in lines]


def _refunds(order: Order) -> list[list]:
    return [
        [
            when(one.created_at),
            _units(one.lines),
            one.note,
            order.pair.total(part.amount_set for part in one.transactions),
        ]
        for one in order.refunds
    ]


def _returns(order: Order) -> list[list]:
    return [
        [
            one.name, when(one.created_at), badge(one.status),
            [h("div", f"{line.quantity} x {line.fulfillment_line_item.line_item.name}") for line in one.lines],
            [h("div", f"{part.quantity} ", badge(part.type)) for work in one.reverse_orders for line in work.lines
             for part in line.dispositions],
        ]
        for one in order.returns
    ]  # fmt: skip


def _timeline(order: Order) -> list[tuple[datetime, str]]:
    """What happened, the last first."""
    told = [(order.created_at, "Order placed"), (order.cancelled_at, f"Order cancelled: {order.cancel_reason}")]
    told.append((order.closed_at, "Order archived"))
    for one in order.transactions:
        what = f"{one.kind.capitalize()} of {one.amount_set} by {one.formatted_gateway}: {one.status.lower()}"
        told.append((one.processed_at, what))
    told += [(one.created_at, f"Fulfilment {one.name}") for one in order.fulfillments]
    told += [(one.created_at, "Refund") for one in order.refunds]
    told += [(one.created_at, f"Return {one.name}") for one in order.returns]
    told += [(one.happened_at, "Order edited") for one in order.agreements if one.reason == "ORDER_EDIT"]
    return sorted((row for row in told if row[0]), key=lambda row: row[0], reverse=True)
