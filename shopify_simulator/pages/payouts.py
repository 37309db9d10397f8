"""Payouts of Shopify Payments: the list, what waits, disputes; and one payout with all it pays."""

from __future__ import annotations

from ..ids import number_in
from ..model.payouts import BalanceTransaction, Dispute, Payout
from ..values import BadRequest
from .forms import Form
from .html import Html, badge, facts, h, link, live, table
from .layout import cut, frame, paged, searching, when
from .orders import words
from .request import NotFound, Page

PATH = "/admin/payments/payouts"
_STATUSES = ["SCHEDULED", "IN_TRANSIT", "PAID", "FAILED", "CANCELED"]
_HEADS = ["When (UTC)", "Type", "Order", "Amount#", "Fee#", "Net#", "Reason"]


def page(page: Page) -> str:
    """Payouts, newest first, with what waits for the next one and the disputes."""
    account, now = page.store.payments, page.store.clock.now()
    if not account.active:
        return frame(page, "Payouts", h("p", "Shopify Payments is not active in this store.", class_="empty"))
    status, typed = page.asked.get("status"), page.asked.get("q", "").strip()
    found = [
        one
        for one in reversed(account.payouts())
        if status in (None, "", one.status(now)) and (not typed or _mentions(one, typed))
    ]
    rows = [
        [link(f"{PATH}/{one.id}", one.id), when(one.issued_at), badge(one.status(now)), badge(one.transaction_type),
         len(one.transactions), _sum(one.net, one.currency)]
        for one in cut(page, found)
    ]  # fmt: skip
    heads = ["Payout", "Issued (UTC)", "Status", "Direction", "Transactions#", "Net#"]
    waiting = account.pending()
    return frame(
        page,
        "Payouts",
        facts([("Balance", [h("div", _sum(amount, code)) for code, amount in account.balance().items()])]),
        h("div", Form(page, "make_payouts", "Make payouts now").html(), class_="line"),
        searching(page, "Payout, order or transaction", [("status", "Status", words(_STATUSES))]),
        paged(page, "payouts", len(found), table("Payouts", heads, rows, "No payout is like this.")),
        h("h2", "Waiting for the next payout"),
        live("waiting", table("Waiting", _HEADS, [_row(one) for one in waiting[-50:]], "Nothing waits.")),
        h("h2", "Disputes"),
        live("disputes", disputes(reversed(account.disputes()))),
    )


def one(page: Page, number: int) -> str:
    """One payout with its transactions and the disputes among them."""
    account, now = page.store.payments, page.store.clock.now()
    try:
        found = account.payout(number)
    except BadRequest as error:
        raise NotFound(str(error)) from error
    status = found.status(now)
    about = facts([
        ("Status", badge(status)), ("Direction", badge(found.transaction_type)), ("Issued (UTC)", when(found.issued_at)),
        ("Net", _sum(found.net, found.currency)), ("Transactions", len(found.transactions)),
    ])  # fmt: skip
    sums = [
        [name, *(_sum(amount, found.currency) for amount in found.sums(group))]
        for name, group in (("Charges", "charges"), ("Refunds", "refunds"), ("Adjustments", "adjustments"),
                            ("Reserves", "reserved"), ("Payouts that came back", "retried"), ("Loans", "advance"))
        if any(found.sums(group))
    ]  # fmt: skip
    orders = {row.order_id for row in found.transactions}
    left = h(
        "div",
        live("payout", about, h("h2", "Summary"), table("Summary", ["Of", "Amount#", "Fees#"], sums)),
        h("h2", "Transactions"),
        paged(page, "transactions", len(found.transactions),
              table("Transactions", _HEADS, [_row(row) for row in cut(page, found.transactions)])),
        h("h2", "Disputes of these orders"),
        live("disputes", disputes(row for row in account.disputes() if row.order_id in orders)),
    )  # fmt: skip
    right = h("div", h("h2", "Do something"), live("actions", _forms(page, found, status)))
    return frame(page, f"Payout {found.id}", h("div", left, right, class_="columns"))


def disputes(found) -> Html:
    """A table of disputes."""
    rows = [
        [link(f"/admin/orders/{row.order_id}", row.order_name), badge(row.type), badge(row.status), badge(row.reason),
         when(row.initiated_at), when(row.evidence_due_by), _sum(row.amount, row.currency)]
        for row in found
    ]  # fmt: skip
    heads = ["Order", "Kind", "Status", "Reason", "Opened (UTC)", "Evidence due (UTC)", "Amount#"]
    return table("Disputes", heads, rows, "No disputes.")


def dispute_forms(page: Page, order) -> list[Form]:
    """What can be done about the disputes of an order."""
    account, gid = page.store.payments, f"gid://shopify/Order/{order.id}"
    paid = any(one.gateway == "shopify_payments" and one.success for one in order.transactions)
    if not account.active or not paid:
        return []
    found: list[Dispute] = [one for one in account.disputes_of(order.id) if one.open]
    made = []
    if found:
        made += [
            Form(page, "win_dispute", "Win the dispute", dispute=gid),
            Form(page, "lose_dispute", "Lose the dispute", dispute=gid),
        ]
        if found[-1].type == "INQUIRY":
            made.append(Form(page, "escalate_dispute", "Make the inquiry a chargeback", dispute=gid))
        if found[-1].evidence_sent_on is None:
            made.append(Form(page, "send_evidence", "Send evidence", dispute=gid))
    else:
        form = Form(page, "open_dispute", "Open a dispute", order=gid)
        form.choice("kind", "Kind", [("CHARGEBACK", "Chargeback"), ("INQUIRY", "Inquiry")])
        made.append(form.field("amount", "Amount (all of the charge when empty)", inputmode="decimal"))
    if any(one.kind == "REFUND" and one.gateway == "shopify_payments" and one.success for one in order.transactions):
        made.append(Form(page, "fail_refund", "Let the last refund fail", order=gid))
    return made


def _forms(page: Page, payout: Payout, status: str) -> list[Html]:
    gid = f"gid://shopify/ShopifyPaymentsPayout/{payout.id}"
    made = []
    if status in ("SCHEDULED", "IN_TRANSIT"):
        made += [
            Form(page, "settle_payout", "Payout arrived", payout=gid),
            Form(page, "cancel_payout", "Payout cancelled", payout=gid),
        ]
    if status not in ("FAILED", "CANCELED"):
        made.append(Form(page, "fail_payout", "Payout failed", payout=gid))
    return [form.folded() for form in made] or [h("p", "Its money went back into the balance.", class_="empty")]


def _row(one: BalanceTransaction) -> list:
    kind = [badge(one.type), " ", badge("TEST") if one.test else ""]
    order = link(f"/admin/orders/{one.order_id}", one.order_name) if one.order_id else ""
    return [
        when(one.transaction_date),
        kind,
        order,
        _sum(one.amount, one.currency),
        one.fee or "",
        one.net,
        one.adjustment_reason,
    ]


def _sum(amount, currency: str) -> str:
    return f"{amount} {currency}"


def _mentions(payout: Payout, typed: str) -> bool:
    number = number_in(typed)
    return payout.id == number or any(
        typed.casefold() == (one.order_name or "").casefold() or number in (one.id, one.source_order_transaction_id)
        for one in payout.transactions
    )
