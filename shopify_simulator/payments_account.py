"""The Shopify Payments account of a store: its balance, its payouts, its disputes.

The balance is fed by the store's own orders: each successful sale, capture and refund by the gateway ``shopify_payments``
becomes a balance transaction the first time anybody looks. Payouts of a seeded store are made then, too, the same ones
whenever that is. After that a payout is made only when it is asked for, so that a journal can do it again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from .generate.payouts import payouts_of_the_past
from .ids import number_for, number_in
from .model.money_flow import Transaction
from .model.order import Order
from .model.payouts import BACK, BalanceTransaction, Dispute, Payout
from .money import rounded
from .payment_disputes import Disputes
from .schema import SUPPORTED_VERSIONS, load_schema
from .values import BadRequest, decimal, one_of

GATEWAY = "shopify_payments"
RATE, FLAT = Decimal("0.029"), Decimal("0.30")
_CHARGE_IDS = 20_000_000_000_000
"""Added to the id of an order's transaction, it is the id of its balance transaction."""


class PaymentsAccount(Disputes):
    """Shopify Payments of one store. ``active``: False, and the API knows no account.

    ``settle_in``: further currencies that are paid out as they are; what is paid in any other is settled in the shop's.
    """

    typename = "ShopifyPaymentsAccount"
    id = 62_000_000_001

    def __init__(self, store):
        self.store = store
        self.active = True
        self.settle_in: set[str] = set()
        self._payouts: list[Payout] = []
        self._disputes: list[Dispute] = []
        self._transactions: dict[int, BalanceTransaction] = {}
        self._seen: dict[int, int] = {}
        self._counters: dict[str, int] = {}
        self._seeded = self._seeding = False

    # -- looking -------------------------------------------------------------------------------------------------------

    def payouts(self) -> list[Payout]:
        """All payouts, oldest first."""
        self._catch_up()
        return self._payouts

    def transactions(self) -> Iterable[BalanceTransaction]:
        """All movements of the balance, payouts themselves (type TRANSFER) among them."""
        self._catch_up()
        return self._transactions.values()

    def transactions_of(self, payout: Payout) -> list[BalanceTransaction]:
        """What a payout pays, and the payout itself."""
        return [*payout.transactions, self._transactions[number_for("BalanceTransfer", payout.id)]]

    def pending(self) -> list[BalanceTransaction]:
        """What waits for the next payout, in the order in which it will be listed."""
        waiting = [one for one in self.transactions() if one.payout is None]
        return sorted(waiting, key=lambda one: (one.transaction_date, one.id))

    def balance(self) -> dict[str, Decimal]:
        """What is owed to the shop (or by it), by currency."""
        sums = {self.store.shop.currency_code: Decimal(0)}
        for one in self.transactions():
            if not one.test:
                sums[one.currency] = sums.get(one.currency, Decimal(0)) + one.net
        return sums

    def payout(self, given: object = None) -> Payout:
        """A payout by id or gid; the last one without an argument."""
        found = self.payouts()
        if given is None and found:
            return found[-1]
        number = number_in(given)
        for one in found:
            if one is given or one.id == number:
                return one
        raise BadRequest(f"the store has no payout {given!r}" if given else "the store has no payout yet")

    def transaction(self, number: int) -> BalanceTransaction | None:
        """A movement of the balance by its number."""
        self._catch_up()
        return self._transactions.get(number)

    # -- doing ---------------------------------------------------------------------------------------------------------

    def make_payouts(self, status: str = "PAID") -> list[Payout]:
        """Pay out all that waits: one payout now for each currency. ``status``: PAID, IN_TRANSIT or SCHEDULED."""
        one_of(status, ("PAID", "IN_TRANSIT", "SCHEDULED"), "status")
        waiting = self.pending()
        if not any(not one.test for one in waiting):
            raise BadRequest("nothing waits to be paid out")
        return self.pay(waiting, self.store.clock.now(), status)

    def pay(self, waiting: list[BalanceTransaction], at: datetime, stated: str | None = None) -> list[Payout]:
        """Put transactions into payouts issued at a time, one for each currency."""
        made = []
        for currency in sorted({one.currency for one in waiting if not one.test}):
            mine = [one for one in waiting if one.currency == currency]
            net = sum((one.net for one in mine if not one.test), Decimal(0))
            payout = Payout(self.number("ShopifyPaymentsPayout"), at, currency, mine, net, stated)
            for one in mine:
                one.payout = payout
            transfer = BalanceTransaction(
                number_for("BalanceTransfer", payout.id), "TRANSFER", -net, currency, at,
                source_type="TRANSFER", source_id=payout.id, payout=payout,
            )  # fmt: skip
            self._transactions[transfer.id] = transfer
            self._payouts.append(payout)
            made.append(payout)
        return made

    def settle(self, payout: object = None, status: str = "PAID") -> Payout:
        """A payout arrives (PAID) or is on its way (IN_TRANSIT)."""
        one_of(status, ("PAID", "IN_TRANSIT"), "status")
        found = self._alive(payout)
        found.stated = status
        return found

    def fail_payout(self, payout: object = None, status: str = "FAILED", at: datetime | None = None) -> Payout:
        """The bank returns a payout (FAILED), or it is taken back before it is paid (CANCELED): its money waits again."""
        one_of(status, tuple(BACK), "status")
        found = self._alive(payout)
        if status == "CANCELED" and found.status(at or self.store.clock.now()) == "PAID":
            raise BadRequest(f"payout {found.id} is paid and cannot be cancelled")
        found.stated = status
        self.add(BACK[status], found.net, currency=found.currency, at=at, source_type="TRANSFER", source_id=found.id)
        return found

    def add(
        self,
        type: str,  # noqa: A002 - Shopify's name
        amount: object,
        fee: object = 0,
        currency: str | None = None,
        at: datetime | None = None,
        order: object = None,
        reason: str | None = None,
        source_type: str | None = None,
        beyond_schema: bool = False,
        **more,
    ) -> BalanceTransaction:
        """Move the balance by anything: a label, a loan, a reserve, an adjustment, a fee.

        ``beyond_schema`` lets a type through that the published schema does not know, as a newer Shopify may send it.
        """
        self._catch_up()
        known = load_schema(SUPPORTED_VERSIONS[-1]).type_map["ShopifyPaymentsTransactionType"].values
        if not beyond_schema:
            one_of(type, tuple(known), "type")
        found = self.store.order(order) if order is not None else None
        settled = currency or self.store.shop.currency_code
        made = BalanceTransaction(
            self.number("ShopifyPaymentsBalanceTransaction"), type, rounded(decimal(amount), settled), settled,
            at or self.store.clock.now(), rounded(decimal(fee), settled), source_type or _source_type(type),
            adjustment_reason=reason, order_id=found and found.id, order_name=found and found.name, **more,
        )  # fmt: skip
        self._transactions[made.id] = made
        return made

    def fail_refund(self, order: object) -> BalanceTransaction:
        """The last refund of an order does not reach the customer: its money comes back, the order is owed again."""
        self._catch_up()
        found = self.store.order(order)
        refund = next(
            (one for one in reversed(found.transactions) if one.kind == "REFUND" and _counts(one) and one.success), None
        )
        if refund is None:
            raise BadRequest(f"order {found.name} has no refund by Shopify Payments")
        paid = self._transactions[_CHARGE_IDS + refund.id]
        self.store.refund_failed(found, refund)
        return self.add(
            "REFUND_FAILURE", -paid.amount, currency=paid.currency, order=found, source_id=paid.source_id, test=paid.test,
            source_order_transaction_id=refund.id,
        )  # fmt: skip

    def add_charges(self, count: int, orders: bool = False) -> int:
        """Many charges at once, for a benchmark: of orders placed for it, or (quick) of no order of this store."""
        self._catch_up()
        if orders:
            sku = self.store.any_sku()
            for place in range(count):
                self.store.place_order(lines=[{"sku": sku, "price": str(10 + place % 90)}], shipping=None)
            self._catch_up()
            return count
        at, currency = self.store.clock.now(), self.store.shop.currency_code
        for place in range(count):
            amount = Decimal(1000 + place * 37 % 9000) / 100
            self.add("CHARGE", amount, fee_on(amount, currency), at=at, source_id=_CHARGE_IDS + place)
        return count

    def number(self, typename: str) -> int:
        """The next number for a record of the account."""
        self._counters[typename] = self._counters.get(typename, 0) + 1
        return number_for(typename, self._counters[typename])

    # -- following the orders ------------------------------------------------------------------------------------------

    def _catch_up(self) -> None:
        """Make transactions of the payments that are new since the last look."""
        if self._seeding:
            return
        if not self._seeded:
            self._seeded = self._seeding = True
            payouts_of_the_past(self)
            self._seeding = False
        for order in self.store.orders.living():
            if self._seen.get(order.serial) != order.version:
                self._seen[order.serial] = order.version
                self.follow(order)

    def follow(self, order: Order, before: datetime | None = None) -> list[BalanceTransaction]:
        """Transactions for the payments of an order (those before a time) that have none yet."""
        made = []
        for one in order.transactions:
            number = _CHARGE_IDS + one.id
            new = number not in self._transactions and _counts(one) and one.success
            if new and (before is None or one.processed_at < before):
                self._transactions[number] = self._of_payment(order, one, number)
                made.append(self._transactions[number])
        return made

    def _of_payment(self, order: Order, one: Transaction, number: int) -> BalanceTransaction:
        pair = order.pair
        native = pair.presentment in self.settle_in
        currency = pair.presentment if native else pair.shop
        amount = one.amount_set.presentment if native else one.amount_set.shop
        fee = Decimal(0)
        if one.kind != "REFUND":
            fee = sum((part.amount for part in one.fees), Decimal(0)) if one.fees and not native else None
            fee = fee_on(amount, currency) if fee is None else fee
        kind = "REFUND" if one.kind == "REFUND" else "CHARGE"
        return BalanceTransaction(
            number, kind, -amount if kind == "REFUND" else amount, currency, one.processed_at, fee, kind, _CHARGE_IDS * 2 + one.id,
            one.id, order.id, order.name, test=one.test,
        )  # fmt: skip

    def _alive(self, given: object) -> Payout:
        found = self.payout(given)
        if found.stated in BACK:
            raise BadRequest(f"payout {found.id} has {found.stated.lower()} already")
        return found


def fee_on(amount: Decimal, currency: str) -> Decimal:
    """What Shopify Payments keeps of a charge."""
    return rounded(amount * RATE, currency) + rounded(FLAT, currency)


def _counts(one: Transaction) -> bool:
    return one.gateway == GATEWAY and one.kind in ("SALE", "CAPTURE", "REFUND")


def _source_type(kind: str) -> str:
    if kind in ("CHARGE", "REFUND"):
        return kind
    if kind == "REFUND_FAILURE":
        return "REFUND"
    if kind.startswith(("DISPUTE_", "CHARGEBACK_")):
        return "DISPUTE"
    if kind.startswith("TRANSFER"):
        return "TRANSFER"
    return "ADJUSTMENT_REVERSAL" if kind.endswith("_REVERSAL") else "ADJUSTMENT"
