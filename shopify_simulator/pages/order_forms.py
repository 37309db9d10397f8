"""What can be done to an order: a form for each control call that makes sense now."""

from __future__ import annotations

from ..model.order import Line, Order
from ..statuses import financial_status, open_state
from ..totals import capturable, totals
from .forms import Form
from .html import Html
from .payouts import dispute_forms
from .place import GATEWAYS, RISKS
from .request import Page

_REASONS = [
    (one, one.replace("_", " ").capitalize())
    for one in ("CUSTOMER", "INVENTORY", "FRAUD", "DECLINED", "STAFF", "OTHER")
]
_RETURN_REASONS = [(one, one.replace("_", " ").capitalize()) for one in
                   ("UNKNOWN", "DEFECTIVE", "WRONG_ITEM", "SIZE_TOO_SMALL", "SIZE_TOO_LARGE", "UNWANTED", "OTHER")]  # fmt: skip
_DISPOSITIONS = [("RESTOCKED", "Restocked"), ("NOT_RESTOCKED", "Not restocked"), ("MISSING", "Missing")]


def forms(page: Page, order: Order) -> list[Html]:
    """Forms of an order, folded."""
    gid = f"gid://shopify/Order/{order.id}"
    cancelled = open_state(order) == "cancelled"
    made = [] if cancelled else [*_paying(page, order, gid), *_shipping(page, order, gid), _edit(page, order, gid)]
    if totals(order)["net_payment"].presentment > 0:
        made.append(_refund(page, order, gid))
    made += [*_returning(page, order, gid), *dispute_forms(page, order)]
    risk = Form(page, "change_risk", "Change the risk", order=gid).choice("level", "Risk", RISKS)
    note = Form(page, "update", "Change note and tags", order=gid).field("note", "Note", order.note or "")
    made += [risk, note.field("tags", "Tags, with commas between", ", ".join(order.tags))]
    if not cancelled:
        cancel = Form(page, "cancel", "Cancel the order", order=gid).choice("reason", "Reason", _REASONS)
        made.append(cancel.tick("refund", "Refund what was paid", True).tick("restock", "Restock", True))
        if order.closed_at is None:
            made.append(Form(page, "close", "Archive the order", order=gid))
    return [form.folded() for form in made]


def _lines(form: Form, order: Order, count, most: bool = True, start: bool = False) -> Form:
    """A number field for each line of which ``count`` says that units are left."""
    for line in order.lines:
        left = count(line)
        if left > 0:
            words = f"{line.name} ({left})"
            form.number(
                f"line:gid://shopify/LineItem/{line.id}", words, left if start else 0, max=left if most else None
            )
    return form


def _paying(page: Page, order: Order, gid: str) -> list[Form]:
    made = []
    if capturable(order):
        amount = Form(page, "capture", "Capture the payment", order=gid)
        made += [
            amount.field("amount", "Amount (all when empty)"),
            Form(page, "void", "Void the authorisation", order=gid),
        ]
    if financial_status(order) in ("PENDING", "PARTIALLY_PAID", "EXPIRED"):
        left = totals(order)["total_outstanding"].presentment
        made.append(Form(page, "mark_paid", "Mark as paid", order=gid).choice("gateway", "Gateway", GATEWAYS, "manual"))
        pay = Form(page, "pay", "Add a payment", order=gid).choice("gateway", "Gateway", GATEWAYS)
        made.append(pay.field("amount", f"Amount ({order.pair.presentment})", left, inputmode="decimal"))
    return made


def _shipping(page: Page, order: Order, gid: str) -> list[Form]:
    made = []
    if any(line.unfulfilled_quantity for line in order.lines):
        form = Form(page, "fulfil", "Fulfil", order=gid)
        _lines(form, order, lambda line: line.unfulfilled_quantity, start=True)
        form.field("company", "Carrier").field("number", "Tracking number").field("url", "Tracking link", type="url")
        made.append(form)
    open_groups = [one for one in order.fulfillment_orders if one.open]
    if any(one.holds for one in open_groups):
        made.append(Form(page, "release_hold", "Release the hold", order=gid))
    elif open_groups:
        made.append(Form(page, "hold", "Put on hold", order=gid).field("notes", "Why"))
    made += [
        Form(page, "cancel_fulfilment", f"Cancel fulfilment {one.name}", one.id, order=gid,
             fulfillment=f"gid://shopify/Fulfillment/{one.id}")
        for one in order.fulfillments if one.status == "SUCCESS"
    ]  # fmt: skip
    return made


def _edit(page: Page, order: Order, gid: str) -> Form:
    form = _lines(Form(page, "edit", "Edit the order", order=gid), order, _now, most=False, start=True)
    form.field("sku", "Add a product (SKU)", list="skus")
    return form.number("quantity", "Quantity of the added product", 1, min=1)


def _refund(page: Page, order: Order, gid: str) -> Form:
    form = _lines(Form(page, "refund", "Refund", order=gid), order, _now)
    form.tick("shipping", "Refund shipping").tick("restock", "Restock", True)
    return form.field("amount", "Amount (computed when empty)", inputmode="decimal").field("note", "Note")


def _returning(page: Page, order: Order, gid: str) -> list[Form]:
    made = []
    if any(line.fulfilled for line in order.lines):
        for call, label in (("request_return", "Customer asks for a return"), ("open_return", "Open a return")):
            form = _lines(
                Form(page, call, label, order=gid), order, lambda line: min(line.fulfilled, line.current_quantity)
            )
            made.append(form.choice("reason", "Reason", _RETURN_REASONS).field("note", "Note"))
    for one in order.returns:
        fixed = {"order": gid, "return_": f"gid://shopify/Return/{one.id}"}
        if one.status == "REQUESTED":
            made.append(Form(page, "approve_return", f"Approve return {one.name}", one.id, **fixed))
            made.append(
                Form(page, "decline_return", f"Decline return {one.name}", one.id, **fixed).field("note", "Note")
            )
        elif one.status == "OPEN":
            if any(line.open_quantity for work in one.reverse_orders for line in work.lines):
                receive = Form(page, "receive_return", f"Receive return {one.name}", one.id, **fixed)
                made.append(receive.choice("disposition", "What became of it", _DISPOSITIONS))
            process = Form(page, "process_return", f"Process return {one.name}", one.id, **fixed)
            made.append(process.tick("refunded", "Refund it at once", True))
            made.append(Form(page, "close_return", f"Close return {one.name}", one.id, **fixed))
            made.append(Form(page, "cancel_return", f"Cancel return {one.name}", one.id, **fixed))
    return made


def _now(line: Line) -> int:
    return line.current_quantity
