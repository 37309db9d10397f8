"""Control calls for Shopify Payments: payouts, disputes, and what else moves the balance."""

from __future__ import annotations

from .model.payouts import BalanceTransaction, Dispute, Payout
from .values import BadRequest


class PayoutControl:
    """What can be asked and done about payouts over HTTP; a part of `control.Control`."""

    def do_payments(self, active: bool | None = None, settle_in: list[str] | None = None) -> dict:
        """Shopify Payments: switch it on or off (active); further currencies that are paid out as they are (settle_in)."""
        with self.store.lock:
            account = self.store.payments
            account.active = account.active if active is None else bool(active)
            if settle_in is not None:
                account.settle_in = set(settle_in)
            balance = {code: str(amount) for code, amount in account.balance().items()}
            return {"active": account.active, "settle_in": sorted(account.settle_in), "balance": balance}

    def do_payouts(self, limit: int = 100) -> dict:
        """The last payouts, the disputes and what waits for the next payout."""
        with self.store.lock:
            account = self.store.payments
            return {
                "payouts": [self._payout(one) for one in account.payouts()[-limit:]],
                "pending": [_transaction(one) for one in account.pending()[:limit]],
                "disputes": [_dispute(one) for one in account.disputes()[-limit:]],
            }

    def do_make_payouts(self, status: str = "PAID") -> dict:
        """Pay out all that waits, now: status PAID, IN_TRANSIT or SCHEDULED."""
        with self.store.lock:
            made = [self._payout(one) for one in self.store.payments.make_payouts(status)]
            return {"id": made[0]["id"], "payouts": made}

    def do_settle_payout(self, payout: object = None, status: str = "PAID") -> dict:
        """A payout (the last one) arrives, or is on its way: status PAID or IN_TRANSIT."""
        with self.store.lock:
            return self._payout(self.store.payments.settle(payout, status))

    def do_fail_payout(self, payout: object = None) -> dict:
        """The bank returns a payout (the last one): its money waits for the next."""
        with self.store.lock:
            return self._payout(self.store.payments.fail_payout(payout))

    def do_cancel_payout(self, payout: object = None) -> dict:
        """A payout (the last one) is taken back before it is paid: its money waits for the next."""
        with self.store.lock:
            return self._payout(self.store.payments.fail_payout(payout, "CANCELED"))

    def do_balance_transaction(self, type: str, amount: object, **options) -> dict:  # noqa: A002 - Shopify's name
        """Move the balance by anything: type, amount, fee, currency, order, reason; beyond_schema for a type not published."""
        allowed = {"fee", "currency", "order", "reason", "beyond_schema"}
        if set(options) - allowed:
            raise BadRequest(f"known are {', '.join(sorted(allowed))}")
        with self.store.lock:
            return _transaction(self.store.payments.add(type, amount, **options))

    def do_add_charges(self, count: int, orders: bool = False) -> dict:
        """Many charges for a benchmark: of no order, or (orders) of orders placed for it."""
        with self.store.lock:
            return {"count": self.store.payments.add_charges(int(count), orders)}

    def do_fail_refund(self, order: object) -> dict:
        """The last refund of an order does not reach the customer."""
        with self.store.lock:
            return _transaction(self.store.payments.fail_refund(order))

    def do_open_dispute(self, order: object, **options) -> dict:
        """A customer's bank disputes an order: kind (CHARGEBACK, INQUIRY), amount, reason."""
        with self.store.lock:
            return _dispute(self.store.payments.open_dispute(order, **options))

    def do_escalate_dispute(self, dispute: object) -> dict:
        """An inquiry (its id, or its order) becomes a chargeback."""
        with self.store.lock:
            return _dispute(self.store.payments.escalate_dispute(dispute))

    def do_send_evidence(self, dispute: object) -> dict:
        """The shop answers a dispute (its id, or its order)."""
        with self.store.lock:
            return _dispute(self.store.payments.send_evidence(dispute))

    def do_close_dispute(self, dispute: object, outcome: str) -> dict:
        """The bank decides about a dispute (its id, or its order): outcome WON, LOST or ACCEPTED."""
        with self.store.lock:
            return _dispute(self.store.payments.close_dispute(dispute, outcome))

    def _payout(self, one: Payout) -> dict:
        return {
            "id": f"gid://shopify/ShopifyPaymentsPayout/{one.id}", "issued_at": one.issued_at.isoformat(),
            "status": one.status(self.store.clock.now()), "net": str(one.net), "currency": one.currency,
            "transactions": len(one.transactions),
        }  # fmt: skip


def _transaction(one: BalanceTransaction) -> dict:
    return {
        "id": f"gid://shopify/ShopifyPaymentsBalanceTransaction/{one.id}", "type": one.type, "amount": str(one.amount),
        "fee": str(one.fee), "net": str(one.net), "currency": one.currency, "order": one.order_name,
    }  # fmt: skip


def _dispute(one: Dispute) -> dict:
    return {
        "id": f"gid://shopify/ShopifyPaymentsDispute/{one.id}", "order": one.order_name, "type": one.type,
        "status": one.status, "amount": str(one.amount), "currency": one.currency,
    }  # fmt: skip
