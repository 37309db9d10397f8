"""What differs between the lines that Odoo holds and what Shopify says now, by Shopify's line ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from .lines import Line
from .money import ZERO, total


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A line of the Odoo order. Amounts in the order's currency, for the whole line; quantities in units."""

    key: str
    kind: str
    title: str
    quantity: Decimal
    unit_price: Decimal
    net: Decimal
    tax: Decimal
    delivered: Decimal = ZERO
    invoiced: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Change:
    """One line that differs. `kind` is new, removed, quantity or amount."""

    kind: str
    key: str
    title: str
    held: HeldLine | None
    target: Line | None

    @property
    def is_bound(self) -> bool:
        """The line was shipped or invoiced at least in part: changing it needs documents, not only a new figure."""
        return bool(self.held and (self.held.delivered or self.held.invoiced))

    @property
    def before(self) -> str:
        """What Odoo holds, in figures."""
        return _figures(self.held.quantity, self.held.net + self.held.tax) if self.held else "-"

    @property
    def after(self) -> str:
        """What Shopify says, in figures."""
        return _figures(Decimal(self.target.quantity), self.target.gross) if self.target else "-"


def compare(held: Mapping[str, HeldLine], target: Iterable[Line], *, exact: bool = True) -> tuple[Change, ...]:
    """The changes that bring the held lines to the target, in the target's order, removed lines last.

    A held line of quantity zero counts as absent: Odoo keeps the line of an item that was taken off.

    :param exact: net and tax are Shopify's own; where Odoo computes them only the unit price can tell a change
    """
    changes: list[Change] = []
    wanted = {line.key: line for line in target}
    for key, line in wanted.items():
        present = held.get(key)
        if present is None or (not present.quantity and line.quantity):
            changes.append(Change("new", key, line.title, present, line))
        elif present.quantity != line.quantity:
            changes.append(Change("quantity", key, line.title, present, line))
        elif present.unit_price != line.unit_price or (
            exact and (present.net, present.tax) != (line.net, total(tax.amount for tax in line.taxes))
        ):
            changes.append(Change("amount", key, line.title, present, line))
    changes += [
        Change("removed", key, present.title, present, None)
        for key, present in held.items()
        if key not in wanted and present.quantity
    ]
    return tuple(changes)


def _figures(quantity: Decimal, gross: Decimal) -> str:
    return f"{quantity.normalize():f} x = {gross:f}"
