"""The month end: how much of a document is settled, and why the rest is not.

A document (an order, an invoice, a payment, a refund, a line of a payout) expects an amount in one currency. By the end of
the period a part of it was settled by the next document; more may have been settled since. What is left is explained part
by part, so that the parts always add up to the difference.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from .money import ZERO


class Reason(Enum):
    """Why a document does not agree with the next one."""

    TIMING = "timing"
    MISSING = "missing"
    ROUNDING = "rounding"
    FEE = "fee"
    CURRENCY = "currency"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Position:
    """One document as it stands.

    `settled` by the end of the period, `later` since then, both with the sign of `expected`. `step`: smallest amount of
    the currency; a difference of at most `parts` of them is rounding. `fee`: what the gateway kept, if known.
    `foreign`: the next document is in another currency. `by_hand`: a person changed one of the two. `normal_until`: day
    up to which it is usual that the next document is not there yet.
    """

    expected: Decimal
    settled: Decimal = ZERO
    later: Decimal = ZERO
    step: Decimal = Decimal("0.01")
    parts: int = 1
    fee: Decimal = ZERO
    foreign: bool = False
    by_hand: bool = False
    normal_until: date | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a difference and its reason; `amount` is what is expected less what is there."""

    reason: Reason
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Stage:
    """One link of the chain: `total` = `settled` + `later` + `open`, always."""

    total: Decimal = ZERO
    settled: Decimal = ZERO
    later: Decimal = ZERO

    @property
    def open(self) -> Decimal:
        """What nothing settles yet (negative: more was settled than expected)."""
        return self.total - self.settled - self.later

    def __add__(self, other: Stage) -> Stage:
        return Stage(self.total + other.total, self.settled + other.settled, self.later + other.later)


def explain(position: Position, as_of: date) -> list[Part]:
    """The parts of a difference: what came later, then what is still left; nothing when all was settled in the period.

    Their amounts add up to `expected` - `settled`.
    """
    parts = []
    if position.later:
        parts.append(Part(Reason.TIMING, position.later))
    rest = position.expected - position.settled - position.later
    if rest:
        parts.append(Part(_reason(position, rest, as_of), rest))
    return parts


def _reason(position: Position, rest: Decimal, as_of: date) -> Reason:
    """Why an amount is left: the plainest explanation that fits."""
    found = position.settled + position.later
    if position.foreign:
        return Reason.CURRENCY
    if position.fee and abs(rest) == abs(position.fee):
        return Reason.FEE
    if not found and position.expected:
        waits = position.normal_until is not None and as_of <= position.normal_until
        return Reason.TIMING if waits else Reason.MISSING
    if abs(rest) <= position.step * max(position.parts, 1):
        return Reason.ROUNDING
    return Reason.MANUAL if position.by_hand else Reason.MISSING


def chain(positions: Iterable[tuple[str, Position]]) -> dict[str, Stage]:
    """The sums by currency. Amounts of two currencies are never added."""
    sums: dict[str, Stage] = {}
    for currency, position in positions:
        stage = Stage(position.expected, position.settled, position.later)
        sums[currency] = sums.get(currency, Stage()) + stage
    return sums
