"""Payouts of the past weeks of a seeded store: what its orders were paid by Shopify Payments, day by day, and what else
happens to a balance: labels, disputes, reserves, loans, failures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import groupby
from zoneinfo import ZoneInfo

from ..clock import UTC
from ..model.payouts import BalanceTransaction
from ..money import rounded

DAYS_TO_PAYOUT = 2
"""Days from a payment to its payout, which is on a weekday."""


def payouts_of_the_past(account) -> None:
    """Make the payouts up to the next weekday after the store's last day, and leave in the balance what comes later."""
    store = account.store
    zone, until = ZoneInfo(store.shop.iana_timezone), store.reference
    paid: list[BalanceTransaction] = []
    for serial in range(1, store.seeded + 1):
        if store.orders.knows(serial):
            paid += account.follow(store.orders.get(serial), until)
    last = payday((until + timedelta(hours=12)).astimezone(zone).date() - timedelta(days=DAYS_TO_PAYOUT - 1))
    paid_later = {one.id for one in paid}
    paid.sort(key=lambda one: (one.transaction_date, one.id))
    days = groupby(paid, key=lambda one: payday(one.transaction_date.astimezone(zone).date()))
    for turn, (day, charges) in enumerate((day, list(rows)) for day, rows in days if day <= last):
        at = datetime.combine(day, time(), zone).astimezone(UTC)
        if turn < len(_HAPPENINGS):
            _HAPPENINGS[turn](account, charges, at - timedelta(hours=6))
        later = paid_later.difference(one.id for one in charges)
        waiting = [one for one in account.pending() if one.id not in later and one.transaction_date < at]
        made = account.pay(waiting, at)
        if turn in _BACK and made and day < last:
            account.fail_payout(made[0], _BACK[turn], at + timedelta(hours=10))


def payday(day: date) -> date:
    """When a payment of a day is paid out."""
    found = day + timedelta(days=DAYS_TO_PAYOUT)
    return found + timedelta(days=max(0, 7 - found.weekday()) if found.weekday() > 4 else 0)


Happening = Callable[[object, list[BalanceTransaction], datetime], object]


def _sum(charges: list[BalanceTransaction]) -> Decimal:
    return sum((one.net for one in charges if not one.test), Decimal(0))


def _currency(account) -> str:
    return account.store.shop.currency_code


def _label(account, _charges, at):
    account.add("SHIPPING_LABEL", "-7.85", at=at, reason="Shipping label")
    account.add("SHIPPING_LABEL", "-12.40", at=at, reason="Shipping label")


def _disputable(account) -> BalanceTransaction | None:
    """A charge that is paid out and was never disputed."""
    taken = {one.order_id for one in account.disputes()}
    for payout in account.payouts():
        for one in payout.transactions:
            if one.type == "CHARGE" and one.order_id not in taken and not one.test:
                return one
    return None


def _dispute(kind: str, reason: str) -> Happening:
    def happen(account, _charges, at):
        charge = _disputable(account)
        if charge is not None:
            account.open_dispute(f"gid://shopify/Order/{charge.order_id}", kind, reason=reason, at=at)

    return happen


def _decided(outcome: str) -> Happening:
    def happen(account, _charges, at):
        found = [one for one in account.disputes() if one.open and one.type == "CHARGEBACK"]
        if found:
            account.send_evidence(found[0], at - timedelta(days=1))
            account.close_dispute(found[0], outcome, at)

    return happen


def _reserve(part: str) -> Happening:
    """Some of the day's money is held back, or (a part above one) more than all of it."""

    def happen(account, charges, at):
        held = rounded(abs(_sum(charges)) * Decimal(part), _currency(account))
        if held:
            account.add("RESERVED_FUNDS", -held, at=at, reason="Held in reserve")

    return happen


def _release(account, _charges, at):
    held = -sum((one.amount for one in account.transactions() if one.type == "RESERVED_FUNDS"), Decimal(0))
    if held:
        account.add("RESERVED_FUNDS", held, at=at, reason="Released from reserve")


def _adjust(account, _charges, at):
    account.add("ADJUSTMENT", "5.00", at=at, reason="Processing fee corrected")


def _loan(account, charges, at):
    part = rounded(abs(_sum(charges)) * Decimal("0.10"), _currency(account))
    account.add("LENDING_CAPITAL_REMITTANCE", -part, at=at, reason="Repayment of Shopify Capital")


def _rare(account, charges, at):
    _dispute("INQUIRY", "PRODUCT_NOT_RECEIVED")(account, charges, at)
    account.add("ANOMALY_DEBIT", "-0.37", at=at)


def _fees(account, _charges, at):
    account.add("STRIPE_FEE", "-2.00", at=at, reason="Account fee")
    account.add("TAX_ADJUSTMENT_DEBIT", "-0.38", at=at, reason="Tax on fees")


def _refund_again(account, _charges, at):
    """A refund does not arrive and is sent once more."""
    gone = [one for one in account.transactions() if one.type == "REFUND" and one.payout and not one.test]
    if gone:
        last = gone[0]
        about = {
            "at": at, "currency": last.currency, "source_id": last.source_id,
            "order": f"gid://shopify/Order/{last.order_id}", "source_order_transaction_id": last.source_order_transaction_id,
        }  # fmt: skip
        account.add("REFUND_FAILURE", -last.amount, **about)
        account.add("REFUND", last.amount, **about)


def _nothing(_account, _charges, _at):
    """A day on which nothing else happens."""


_HAPPENINGS: tuple[Happening, ...] = (
    _label,
    _dispute("CHARGEBACK", "FRAUDULENT"),
    _reserve("0.20"),
    _adjust,
    _decided("WON"),
    _release,
    _nothing,
    _loan,
    _rare,
    _dispute("CHARGEBACK", "PRODUCT_UNACCEPTABLE"),
    _fees,
    _reserve("1.25"),
    _decided("LOST"),
    _release,
    _nothing,
    _refund_again,
    _dispute("CHARGEBACK", "PRODUCT_NOT_RECEIVED"),
    _label,
)
"""What happens beside the charges, payout by payout from the first."""
_BACK = {6: "FAILED", 14: "CANCELED"}
"""Payouts that do not arrive: their money comes with the next."""
