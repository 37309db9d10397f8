"""Edits of an order after it was placed: quantities, added and removed lines, address, shipping, header."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from ..ledger import line_sale, more_of_line_sale, next_id, record_edit, record_refund, shipping_sale
from ..model.money_flow import Refund
from ..model.order import Line, Order
from ..taxes import tax_lines
from ..values import BadRequest
from .fulfilments import add_to_route
from .lines import add_line, add_shipping, pairs, tax_line_item
from .refunds import put_on, take_back

HEADER = ("note", "tags", "po_number", "email", "phone", "custom_attributes")


def edit(
    store,
    order: Order,
    at: datetime,
    quantities: dict[int, int] | None = None,
    add: Sequence[object] = (),
    remove: Sequence[int] = (),
    add_shipping_line: object = None,
    rates: Sequence = (),
) -> None:
    """Edit the lines of an order, as Shopify's order editing does.

    ``quantities``: line id -> new number of units. More units raise the line, its total and its taxes (as a further tax
    line of the same tax); fewer units, like ``remove``, become a refund without money. ``add``: lines as in `add_line`.
    """
    if order.cancelled_at is not None:
        raise BadRequest(f"order {order.name} is cancelled and cannot be edited")
    changes = _changes(order, {**{line_id: 0 for line_id in remove}, **(quantities or {})})
    added, shipping = _new_parts(store, order, add, add_shipping_line, rates or _usual_rates(order))
    sales = [_raise(store, order, line, units, at) for line, units in changes if units > 0]
    for line in added:
        if line.can_be_fulfilled:
            add_to_route(store, order, line, line.quantity, at)
        sales.append(line_sale(order, line, "ORDER"))
    if shipping is not None:
        sales.append(shipping_sale(order, shipping, "ORDER"))
    if sales:
        record_edit(order, at, sales)
    removed = [take_back(order, line, -units, "CANCEL") for line, units in changes if units < 0]
    if removed:
        removal = Refund(next_id(order, "Refund"), order, at, at, at, lines=removed)
        put_on(order, removal, at)
        record_refund(order, removal, at, reason="ORDER_EDIT")
    order.edited = True
    order.closed_at = None
    order.version += 1


def _changes(order: Order, wanted: dict[int, int]) -> list[tuple[Line, int]]:
    """Lines with the units to add or (negative) to take off; `BadRequest` for what cannot be."""
    found = []
    for line_id, quantity in wanted.items():
        line = order.line(line_id)
        if quantity < 0:
            raise BadRequest(f"order {order.name}: quantity {quantity} of {line.title!r} is below zero")
        units = quantity - line.current_quantity
        if -units > line.unfulfilled_quantity:
            raise BadRequest(
                f"order {order.name}: {line.title!r} has only {line.unfulfilled_quantity} units not shipped"
            )
        found.append((line, units))
    return found


def _new_parts(store, order: Order, add: Sequence[object], shipping: object, rates: Sequence) -> tuple:
    """Lines and shipping line that are added; none of them when one makes no sense."""
    lines, discounts, ships = len(order.lines), len(order.discount_applications), len(order.shipping)
    try:
        for spec in add:
            tax_line_item(order, add_line(store, order, spec, rates))
        added = None if shipping is None else add_shipping(order, shipping, rates)
    except BadRequest:
        del order.lines[lines:], order.discount_applications[discounts:], order.shipping[ships:]
        raise
    return order.lines[lines:], added


def update(order: Order, changes: dict) -> None:
    """Change header fields (`HEADER`) or the ``shipping_address`` (an `Address`, or a dict of the fields to change)."""
    for name, value in changes.items():
        if name in ("shipping_address", "billing_address"):
            present = getattr(order, name)
            setattr(order, name, replace(present, **value) if isinstance(value, dict) and present else value)
        elif name in HEADER:
            setattr(order, name, pairs(value) if name == "custom_attributes" else value)
        else:
            raise BadRequest(f"order {order.name}: {name} cannot be changed; known are address and {', '.join(HEADER)}")
    order.version += 1


def _raise(store, order: Order, line: Line, units: int, at: datetime):
    """More units of a line at its price, without further discount; their tax is one more tax line of the same tax."""
    line.quantity += units
    net = line.original_unit_price_set.presentment * units
    taxable = line.taxable and not order.tax_exempt
    taxes = tax_lines(net, line.rates, order.taxes_included, order.pair, taxable)
    line.tax_lines += taxes
    if line.can_be_fulfilled:
        add_to_route(store, order, line, units, at)
    return more_of_line_sale(order, line, units, taxes)


def _usual_rates(order: Order) -> list:
    return next((line.rates for line in order.lines if line.rates), [])
