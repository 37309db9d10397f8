"""How many units Shopify is told that it may sell, from what Odoo holds and the rule of the variant or the store."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from enum import Enum

#: Shopify takes no more units than this.
MOST_UNITS = 1_000_000_000
#: Units are floats in Odoo; what is closer than this is the same number.
_GRAIN = Decimal("0.000001")


class Rule(str, Enum):
    """What is done with the quantity of Odoo."""

    AS_IS = "as_is"
    PERCENTAGE = "percentage"
    MAXIMUM = "maximum"
    FIXED = "fixed"


@dataclass(frozen=True)
class StockRule:
    """A rule with its value (percent for PERCENTAGE, units for MAXIMUM and FIXED) and the units kept back as a buffer."""

    rule: Rule = Rule.AS_IS
    value: float = 0.0
    buffer: float = 0.0


def quantity_to_send(in_odoo: float, waiting: float, rule: StockRule) -> int:
    """Return the whole units to send, from 0 to MOST_UNITS.

    :param in_odoo: what the export warehouses hold together, in units of the product
    :param waiting: units of Shopify orders that Odoo does not count as demand yet: Shopify has set them aside already
    """
    if rule.rule is Rule.FIXED:
        return _whole(_exact(rule.value))
    units = _exact(in_odoo) - _exact(waiting)
    if rule.rule is Rule.PERCENTAGE:
        units = Decimal(_floor(units * _exact(rule.value) / 100))
    elif rule.rule is Rule.MAXIMUM:
        units = min(units, _exact(rule.value))
    return _whole(units - _exact(rule.buffer))


def _exact(units: float) -> Decimal:
    return Decimal(repr(float(units))).quantize(_GRAIN)


def _floor(units: Decimal) -> int:
    return int(units.to_integral_value(rounding=ROUND_FLOOR))


def _whole(units: Decimal) -> int:
    return min(max(_floor(units), 0), MOST_UNITS)
