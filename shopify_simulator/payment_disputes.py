"""Disputes of a Shopify Payments account: opened, answered, won, lost; a chargeback takes its money at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from .ids import number_in
from .model.payouts import Dispute
from .money import rounded
from .values import BadRequest, decimal, one_of

CHARGEBACK_FEE = Decimal("15.00")
DAYS_FOR_EVIDENCE = 10
_CODES = {"FRAUDULENT": "10.4", "PRODUCT_NOT_RECEIVED": "13.1", "PRODUCT_UNACCEPTABLE": "13.3", "DUPLICATE": "12.6"}


class Disputes:
    """Mixed into `payments_account.PaymentsAccount`. A dispute is given as the `Dispute`, its id, or its order's last one."""

    def disputes(self) -> list[Dispute]:
        """All disputes, oldest first."""
        self._catch_up()
        return self._disputes

    def disputes_of(self, order_id: int) -> list[Dispute]:
        """Disputes of an order, oldest first."""
        return [one for one in self.disputes() if one.order_id == order_id]

    def dispute(self, given: object) -> Dispute:
        """A dispute by id or gid, or the last one of an order."""
        number = number_in(given)
        for one in reversed(self.disputes()):
            if one is given or one.id == number:
                return one
        of_order = self.disputes_of(self.store.order(given).id)
        if not of_order:
            raise BadRequest(f"order {self.store.order(given).name} has no dispute")
        return of_order[-1]

    def open_dispute(self, order: object, kind: str = "CHARGEBACK", amount: object = None, reason: str = "FRAUDULENT",
                     at: datetime | None = None) -> Dispute:  # fmt: skip
        """The customer's bank disputes the last charge of an order. ``kind``: CHARGEBACK or INQUIRY; ``amount``: a part."""
        one_of(kind, ("CHARGEBACK", "INQUIRY"), "kind")
        one_of(reason, tuple(_CODES), "reason")
        order = self.store.order(order)
        self._catch_up()
        charges = [one for one in self._transactions.values() if one.order_id == order.id and one.type == "CHARGE"]
        if not charges:
            raise BadRequest(f"order {order.name} has no charge by Shopify Payments")
        if any(one.open for one in self.disputes_of(order.id)):
            raise BadRequest(f"order {order.name} has an open dispute already")
        charge = max(charges, key=lambda one: one.id)
        disputed = charge.amount if amount is None else rounded(decimal(amount, "amount"), charge.currency)
        if not 0 < disputed <= charge.amount:
            raise BadRequest(f"a dispute of order {order.name} is of at most {charge.amount}, not {disputed}")
        at = at or self.store.clock.now()
        made = Dispute(
            self.number("ShopifyPaymentsDispute"), order.id, order.name, charge.source_order_transaction_id, disputed,
            charge.currency, kind, "NEEDS_RESPONSE", reason, _CODES[reason], at, at + timedelta(days=DAYS_FOR_EVIDENCE),
            test=charge.test,
        )  # fmt: skip
        self._disputes.append(made)
        if kind == "CHARGEBACK":
            self._withdraw(made, at)
        return made

    def escalate_dispute(self, dispute: object, at: datetime | None = None) -> Dispute:
        """An inquiry becomes a chargeback."""
        found = self._open(dispute)
        if found.type != "INQUIRY":
            raise BadRequest(f"the dispute of order {found.order_name} is a chargeback already")
        found.type = "CHARGEBACK"
        self._withdraw(found, at or self.store.clock.now())
        return found

    def send_evidence(self, dispute: object, at: datetime | None = None) -> Dispute:
        """The shop answers; the bank looks at it."""
        found = self._open(dispute)
        found.status, found.evidence_sent_on = "UNDER_REVIEW", at or self.store.clock.now()
        return found

    def close_dispute(self, dispute: object, outcome: str, at: datetime | None = None) -> Dispute:
        """The bank decides: WON (the money and the fee come back), LOST; or the shop gives in (ACCEPTED)."""
        one_of(outcome, ("WON", "LOST", "ACCEPTED"), "outcome")
        found = self._open(dispute)
        at = at or self.store.clock.now()
        found.status, found.finalized_on = outcome, at
        if outcome == "WON" and found.withdrawn:
            self._of_dispute(found, "DISPUTE_REVERSAL", found.amount, at)
            self._of_dispute(found, "CHARGEBACK_FEE_REFUND", CHARGEBACK_FEE, at)
        return found

    def _withdraw(self, dispute: Dispute, at: datetime) -> None:
        dispute.withdrawn = True
        self._of_dispute(dispute, "DISPUTE_WITHDRAWAL", -dispute.amount, at)
        self._of_dispute(dispute, "CHARGEBACK_FEE", -CHARGEBACK_FEE, at)

    def _of_dispute(self, dispute: Dispute, kind: str, amount: Decimal, at: datetime) -> None:
        self.add(kind, amount, currency=dispute.currency, at=at, order=f"gid://shopify/Order/{dispute.order_id}",
                 source_id=dispute.id, source_order_transaction_id=dispute.transaction_id, test=dispute.test)  # fmt: skip

    def _open(self, given: object) -> Dispute:
        found = self.dispute(given)
        if not found.open:
            raise BadRequest(f"the dispute of order {found.order_name} is closed: {found.status.lower()}")
        return found
