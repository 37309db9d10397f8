"""Payments, refunds and fulfilments of REST documents."""

from __future__ import annotations

from ..events import fulfilments
from ..ledger import next_id
from ..model.fulfilment import Tracking
from ..model.money_flow import Adjustment, Refund, RefundLine, RefundShipping, Transaction
from ..model.order import Line, Order
from ..money import Bag
from ..taxes import TaxLine
from ..totals import computed_totals
from .reading import Money, moment, number, text

RESTOCK = {"return": "RETURN", "cancel": "CANCEL", "no_restock": "NO_RESTOCK", "legacy_restock": "LEGACY_RESTOCK"}


def gateways_of(document: dict) -> list[str]:
    """Gateways that a document names."""
    names = [name for name in document.get("payment_gateway_names") or [] if name]
    if document.get("gateway") and document["gateway"] not in names:
        names.append(document["gateway"])
    return names


def add_payments(store, order: Order, document: dict, money: Money) -> None:
    """Transactions of the document. Where it lists none, one that is equal to what it says is paid or authorised."""
    order.gateway_names = gateways_of(document)
    rows = document.get("transactions")
    if rows:
        made: dict[object, Transaction] = {}
        for row in rows:
            made[row.get("id")] = transaction(order, row, money, made.get(row.get("parent_id")))
        return
    total = money.of(document, "total_price") or computed_totals(order)["total_price"]
    status = document.get("financial_status")
    gateway = order.gateway_names[0] if order.gateway_names else "manual"
    if not total.shop > 0 or status is None:
        return
    at = order.processed_at
    if status in ("paid", "partially_paid", "refunded", "partially_refunded"):
        _made(order, "SALE", "SUCCESS", gateway, _paid(document, total, money, status), at)
    elif status == "pending" and order.gateway_names:
        _made(order, "SALE", "PENDING", gateway, total, at)
    elif status in ("authorized", "voided", "expired"):
        held = _made(order, "AUTHORIZATION", "SUCCESS", gateway, _paid(document, total, money, status), at)
        order.authorization_expired = status == "expired"
        if status == "voided":
            _made(order, "VOID", "SUCCESS", gateway, held.amount_set, at).parent_transaction = held


def transaction(order: Order, row: dict, money: Money, parent: Transaction | None) -> Transaction:
    """One stated transaction."""
    at = moment(row.get("processed_at") or row.get("created_at")) or order.processed_at
    made = Transaction(
        int(row.get("id") or next_id(order, "OrderTransaction")),
        order,
        (row.get("kind") or "sale").upper(),
        (row.get("status") or "success").upper(),
        row.get("gateway") or "manual",
        _amount(order, row, money),
        moment(row.get("created_at")) or at,
        at,
        parent_transaction=parent,
        payment_id=text(row.get("payment_id")),
        test=bool(row.get("test")),
        error_code=text(row.get("error_code")),
    )
    order.transactions.append(made)
    return made


def add_refunds(store, order: Order, document: dict, money: Money) -> None:
    """Refunds as stated: lines, shipping, discrepancies, money."""
    payment = next((one for one in order.transactions if one.kind in ("SALE", "CAPTURE")), None)
    for row in document.get("refunds") or []:
        at = moment(row.get("created_at")) or order.updated_at
        made = Refund(
            int(row.get("id") or next_id(order, "Refund")),
            order,
            at,
            moment(row.get("processed_at")) or at,
            at,
            note=text(row.get("note")),
        )
        for part in row.get("refund_line_items") or []:
            _refund_line(order, made, part, money)
        for part in row.get("order_adjustments") or []:
            _adjustment(order, made, part, money)
        for part in row.get("transactions") or []:
            one = transaction(order, part, money, payment)
            made.transactions.append(one)
        order.refunds.append(made)
    order.version += 1


def add_fulfilments(store, order: Order, rows: list[dict]) -> None:
    """Shipments as stated."""
    by_id = {line.id: line for line in order.lines}
    for row in rows:
        units = {}
        for part in row.get("line_items") or []:
            line = by_id.get(int(part["id"]))
            if line is not None:
                units[line.id] = min(int(part.get("quantity") or 0), line.unfulfilled_quantity)
        if not any(units.values()):
            continue
        at = moment(row.get("created_at")) or order.updated_at
        for made in fulfilments.fulfil_now(order, at, units, row.get("service") or "manual"):
            made.id = int(row.get("id") or made.id)
            made.name = row.get("name") or made.name
            made.updated_at = moment(row.get("updated_at")) or at
            made.tracking = _tracking(row)
            if row.get("status") == "cancelled":
                fulfilments.cancel_fulfilment(store, order, made.id, made.updated_at)


def _tracking(row: dict) -> list[Tracking]:
    numbers = row.get("tracking_numbers") or [row.get("tracking_number")]
    urls = row.get("tracking_urls") or [row.get("tracking_url")]
    company = text(row.get("tracking_company"))
    rows = [
        Tracking(company, text(one), text(urls[index]) if index < len(urls) else None)
        for index, one in enumerate(numbers)
    ]
    return [one for one in rows if one.number or one.company or one.url]


def _refund_line(order: Order, made: Refund, row: dict, money: Money) -> None:
    line: Line = order.line(int(row["line_item_id"]))
    quantity = int(row.get("quantity") or 0)
    restock = RESTOCK.get(row.get("restock_type"), "NO_RESTOCK")
    subtotal, tax = money.of(row, "subtotal") or money.zero(), money.of(row, "total_tax") or money.zero()
    discount = line.original_unit_price_set * quantity - subtotal
    part = RefundLine(
        int(row.get("id") or next_id(order, "RefundLineItem")),
        line,
        quantity,
        subtotal,
        tax,
        discount,
        _tax_parts(order, line, tax),
        restock_type=restock,
        restocked=restock in ("RETURN", "CANCEL", "LEGACY_RESTOCK"),
    )
    unshipped = min(quantity, line.unfulfilled_quantity) if restock != "RETURN" else 0
    fulfilments.take_off_route(order, line, unshipped, made.created_at)
    line.gone += quantity
    line.unshipped += unshipped
    made.lines.append(part)


def _tax_parts(order: Order, line: Line, tax: Bag) -> list[TaxLine]:
    """A refunded tax by the line's tax lines, in their proportions; the last one takes what is left."""
    parts, left = [], tax
    whole = order.pair.total(one.price_set for one in line.tax_lines).shop
    for one in line.tax_lines:
        last = one is line.tax_lines[-1]
        share = left if last or not whole else order.pair.bag(tax.presentment * one.price_set.shop / whole)
        parts.append(TaxLine(one.title, one.rate, share, one.channel_liable, one.source))
        left -= share
    return parts


def _adjustment(order: Order, made: Refund, row: dict, money: Money) -> None:
    amount, tax = money.of(row, "amount") or money.zero(), money.of(row, "tax_amount") or money.zero()
    if row.get("kind") == "shipping_refund" and order.shipping:
        line = order.shipping[0]
        number_ = int(row.get("id") or next_id(order, "RefundShippingLine"))
        made.shipping.append(RefundShipping(number_, line, -amount, -tax))
        line.refunded = -amount if line.refunded is None else line.refunded - amount
        return
    number_ = int(row.get("id") or next_id(order, "OrderAdjustment"))
    made.adjustments.append(Adjustment(number_, amount, tax, "REFUND_DISCREPANCY"))


def _made(order: Order, kind: str, status: str, gateway: str, amount: Bag, at) -> Transaction:
    one = Transaction(next_id(order, "OrderTransaction"), order, kind, status, gateway, amount, at, at, test=order.test)
    one.payment_id = f"{order.name}.{len(order.transactions) + 1}"
    order.transactions.append(one)
    return one


def _paid(document: dict, total: Bag, money: Money, status: str) -> Bag:
    """What was paid (or authorised): the total, less what is outstanding where that is a part of it."""
    due = number(document.get("total_outstanding"))
    if due is None or not 0 < due < total.shop or status in ("refunded", "partially_refunded"):
        return total
    if money.pair.shop == money.pair.presentment:
        return total - Bag(due, due, money.pair)
    schedules = (document.get("payment_terms") or {}).get("payment_schedules") or []
    left = next((number(one["amount"]) for one in schedules if one.get("currency") == money.pair.presentment), None)
    if left is None:
        left = money.pair.from_shop(due)
    return total - Bag(due, left, money.pair)


def _amount(order: Order, row: dict, money: Money) -> Bag:
    """Transactions state their amount in their own currency."""
    amount = number(row.get("amount"))
    pair = money.pair
    if row.get("amount_set"):
        return money.of(row, "amount")
    if pair.shop != pair.presentment and row.get("currency") == pair.presentment:
        return pair.bag(amount)
    return money.converted(amount)
