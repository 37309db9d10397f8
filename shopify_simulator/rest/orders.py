"""One REST order document as an order of the store."""

from __future__ import annotations

from decimal import Decimal

from ..book import OrderBook
from ..events import fulfilments
from ..ledger import next_id, record_order, record_refund
from ..model.order import (
    AdditionalFee,
    DiscountAllocation,
    DiscountApplication,
    Duty,
    Line,
    Order,
    PaymentTerms,
    ShippingLine,
)
from ..money import Bag
from ..totals import computed_totals
from ..values import BadRequest
from .graphql_shape import as_rest
from .payments import add_fulfilments, add_payments, add_refunds
from .reading import Money, address, moment, number, pairs, text

KINDS = {"discount_code": "code", "automatic": "automatic", "manual": "manual", "script": "script"}
FULFILLMENT = {
    None: "UNFULFILLED",
    "fulfilled": "FULFILLED",
    "partial": "PARTIALLY_FULFILLED",
    "restocked": "RESTOCKED",
}
TOTALS = {
    "total_price": "total_price",
    "subtotal_price": "subtotal_price",
    "total_tax": "total_tax",
    "total_discounts": "total_discounts",
    "total_shipping_price": "total_shipping_price",
    "total_tip_received": "total_tip_received",
    "current_total_price": "current_total_price",
    "current_subtotal_price": "current_subtotal_price",
    "current_total_tax": "current_total_tax",
    "current_total_discounts": "current_total_discounts",
    "current_shipping_price": "current_shipping_price",
    "total_outstanding": "total_outstanding",
}
"""Totals that a document may state, by the name of ours."""


def load_order(store, document: dict, new_id: bool = False) -> Order:
    """Add the order of a document to the store, or replace the one of the same id. See `Store.load_rest_order`."""
    document = document.get("order", document)
    if "lineItems" in document:
        document = as_rest(document)
    if not isinstance(document.get("line_items"), list) or "created_at" not in document:
        raise BadRequest("no order document: line_items and created_at are missing")
    book: OrderBook = store.orders
    stated = document.get("id")
    serial = None if new_id or not stated else book.serial_by_id(int(stated))
    serial = serial or book.next_serial()
    taken = new_id or not stated
    order = _header(store, document, serial, store.order_id(serial) if taken else int(stated))
    money = Money(document)
    order.pair = money.pair
    _buyer(store, document, order)
    for row in document.get("discount_applications") or []:
        order.discount_applications.append(_application(row, order))
    for row in document["line_items"]:
        order.lines.append(_line(store, order, row, money))
    for row in document.get("shipping_lines") or []:
        order.shipping.append(_shipping(order, row, money))
    _extras(document, order, money)
    fulfilments.route(store, order, order.created_at)
    record_order(order, order.created_at)
    add_fulfilments(store, order, document.get("fulfillments") or [])
    add_payments(store, order, document, money)
    add_refunds(store, order, document, money)
    for refund in order.refunds:
        record_refund(order, refund, refund.created_at)
    _state_totals(order, document, money)
    _know_parts(book, order)
    book.put(order, "loaded")
    return order


def _header(store, document: dict, serial: int, order_id: int) -> Order:
    created = moment(document["created_at"])
    order_number = document.get("order_number") or document.get("number") or serial
    order = Order(
        order_id,
        serial,
        document.get("name") or f"#{order_number}",
        int(order_number),
        created,
        moment(document.get("processed_at")) or created,
        moment(document.get("updated_at")) or moment(document.get("cancelled_at")) or created,
        Money(document).pair,
        taxes_included=bool(document.get("taxes_included")),
        tax_exempt=bool(document.get("tax_exempt")),
        email=text(document.get("email") or document.get("contact_email")),
        phone=text(document.get("phone")),
        source_name=text(document.get("source_name")),
        source_identifier=text(document.get("source_identifier")),
        app=text(document.get("source_name")),
        test=bool(document.get("test")),
        confirmed=document.get("confirmed", True),
        confirmation_number=text(document.get("confirmation_number")),
        po_number=text(document.get("po_number")),
        note=text(document.get("note")),
        tags=[tag for tag in (document.get("tags") or "").split(", ") if tag],
        custom_attributes=pairs(document.get("note_attributes")),
        customer_locale=text(document.get("customer_locale")),
        client_ip=text(document.get("browser_ip")),
        cart_token=text(document.get("cart_token")),
        checkout_token=text(document.get("checkout_token")),
        customer_accepts_marketing=bool(document.get("buyer_accepts_marketing")),
        estimated_taxes=bool(document.get("estimated_taxes")),
        duties_included=bool(document.get("duties_included")),
        closed_at=moment(document.get("closed_at")),
        cancelled_at=moment(document.get("cancelled_at")),
        cancel_reason=(document.get("cancel_reason") or "other").upper() if document.get("cancelled_at") else None,
    )
    order.risk_recommendation = "NONE"
    return order


def _buyer(store, document: dict, order: Order) -> None:
    order.billing_address = address(document.get("billing_address"))
    order.shipping_address = address(document.get("shipping_address"))
    row = document.get("customer")
    if not row:
        return
    known = store.people.by_id(int(row["id"])) if row.get("id") else None
    if known is None:
        known = store.people.add(
            int(row["id"]) if row.get("id") else None,
            order.created_at,
            first_name=text(row.get("first_name")),
            last_name=text(row.get("last_name")),
            email=text(row.get("email")),
            phone=text(row.get("phone")),
            note=text(row.get("note")),
            tags=[tag for tag in (row.get("tags") or "").split(", ") if tag],
            tax_exempt=bool(row.get("tax_exempt")),
        )
        home = address(row.get("default_address"))
        if home is not None:
            known.addresses.append(home)
    order.customer = known


def _application(row: dict, order: Order) -> DiscountApplication:
    value = number(row.get("value"))
    percentage = row.get("value_type") == "percentage"
    return DiscountApplication(
        len(order.discount_applications),
        KINDS.get(row.get("type"), "manual"),
        row.get("code") or row.get("title") or row.get("description") or "Discount",
        target_type=(row.get("target_type") or "line_item").upper(),
        allocation_method=(row.get("allocation_method") or "across").upper(),
        target_selection=(row.get("target_selection") or "all").upper(),
        percentage=value if percentage else None,
        amount=None if percentage else value,
        description=text(row.get("description")),
        currency=order.pair.presentment,
    )


def _allocations(order: Order, row: dict, money: Money, gross: Bag) -> list[DiscountAllocation]:
    """As stated; where an old shape states only the result, one allocation of the difference."""
    given = row.get("discount_allocations")
    if given is not None:
        made = []
        for part in given:
            index = part.get("discount_application_index") or 0
            while index >= len(order.discount_applications):
                order.discount_applications.append(_application({}, order))
            made.append(
                DiscountAllocation(order.discount_applications[index], money.of(part, "amount") or money.zero())
            )
        return made
    off = money.of(row, "total_discount")
    if off is None and row.get("discounted_price") is not None:
        off = gross - money.of(row, "discounted_price")
    if not off:
        return []
    order.discount_applications.append(
        _application({"allocation_method": "each", "target_selection": "explicit"}, order)
    )
    return [DiscountAllocation(order.discount_applications[-1], off)]


def _line(store, order: Order, row: dict, money: Money) -> Line:
    price = money.of(row, "price") or money.zero()
    line = Line(
        int(row.get("id") or next_id(order, "LineItem")),
        order,
        row.get("title") or row.get("name") or "Item",
        int(row.get("quantity") or 0),
        price,
        sku=text(row.get("sku")),
        variant_title=text(row.get("variant_title")),
        vendor=text(row.get("vendor")),
        variant=store.product_of_document(row, price.shop) if row.get("product_exists") else None,
        taxable=bool(row.get("taxable", True)),
        requires_shipping=bool(row.get("requires_shipping", True)),
        is_gift_card=bool(row.get("gift_card")),
        weight_grams=int(row.get("grams") or 0),
        custom_attributes=pairs(row.get("properties")),
        tax_lines=money.taxes(row.get("tax_lines")),
        stated_name=text(row.get("name")),
    )
    line.discount_allocations = _allocations(order, row, money, price * line.quantity)
    for duty in row.get("duties") or []:
        amount = money.bag_of_set(duty) if duty.get("shop_money") else money.of(duty, "price")
        if amount is not None:
            line.duties.append(
                Duty(
                    int(duty.get("id") or next_id(order, "Duty")),
                    amount,
                    text(duty.get("harmonized_system_code")),
                    text(duty.get("country_code_of_origin")),
                    money.taxes(duty.get("tax_lines")),
                )
            )
    return line


def _shipping(order: Order, row: dict, money: Money) -> ShippingLine:
    price = money.of(row, "price") or money.zero()
    line = ShippingLine(
        int(row.get("id") or next_id(order, "ShippingLine")),
        row.get("title") or "Shipping",
        price,
        code=text(row.get("code")),
        source=text(row.get("source")),
        carrier_identifier=text(row.get("carrier_identifier")),
        is_removed=bool(row.get("is_removed")),
        delivery_category=text(row.get("delivery_category")),
        phone=text(row.get("phone")),
        tax_lines=money.taxes(row.get("tax_lines")),
    )
    line.discount_allocations = _allocations(order, row, money, price)
    return line


def _extras(document: dict, order: Order, money: Money) -> None:
    tip = money.of(document, "total_tip_received")
    if tip:
        order.tip = tip
    fees = money.of(document, "original_total_additional_fees")
    if fees:
        order.additional_fees.append(AdditionalFee(next_id(order, "AdditionalFee"), "Additional fees", fees))
    terms = document.get("payment_terms")
    if terms:
        schedule = next(iter(terms.get("payment_schedules") or []), {})
        order.payment_terms = PaymentTerms(
            int(terms.get("id") or next_id(order, "PaymentTerms")),
            order,
            terms.get("payment_terms_name") or "Terms",
            (terms.get("payment_terms_type") or "unknown").upper(),
            terms.get("due_in_days"),
            moment(schedule.get("due_at")),
            moment(schedule.get("issued_at")),
        )


def _state_totals(order: Order, document: dict, money: Money) -> None:
    """Keep what the document states, also where the parts give something else."""
    if document.get("tax_lines") is not None:
        order.stated_tax_lines = money.taxes(document["tax_lines"])
    order.version += 1
    computed = computed_totals(order)
    for ours, theirs in TOTALS.items():
        stated = money.of(document, theirs)
        if stated is not None and stated != computed[ours]:
            order.corrections[ours] = stated - computed[ours]
            if ours == "current_total_price":
                order.corrections["due"] = order.corrections[ours]
    order.version += 1
    status = document.get("financial_status")
    order.stated_financial = status.upper() if status else None
    order.stated_fulfillment = FULFILLMENT.get(document.get("fulfillment_status"), "UNFULFILLED")
    if order.stated_financial is None and Decimal(computed["total_price"].shop) == 0:
        order.stated_financial = "PAID"


def _know_parts(book: OrderBook, order: Order) -> None:
    parts = [*order.lines, *order.shipping, *order.transactions, *order.refunds, *order.fulfillments]
    parts += [line for refund in order.refunds for line in refund.shipping]
    for part in parts:
        book.know_part(part.typename, part.id, order.serial)
