"""One line of the Odoo order, and what decides how much of a Shopify line it holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .money import ZERO, Side, spread, stated, total
from .reading import legacy_id, nodes, text
from .refunds import RemovedParts
from .taxes import Part, TaxAmount, TaxKey

#: Start of the key of a fee that Shopify lists among the taxes.
TAX_FEE = "tax_fee/"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the Odoo order.

    `key` is the line's lasting name within the order (Shopify's line id, or made from it: `123/discount/0`,
    `shipping/55`, `duty/9`, `fee/7`, `tax_fee/Eco`, `adjustment/8`, `tip`, `rounding`). `kind` is one of product,
    custom, gift_card, discount, shipping, tip, duty, fee, rounding, adjustment (what a refund without money leaves
    charged). `unit_price` is as priced in Shopify (with included taxes), `net` the whole line without
    taxes, `taxes` the whole line's taxes; all in the currency of the import. `main_key` names the line a discount or a
    duty belongs to; '' where that line is gone. `unfulfilled` are the units that Shopify still wants shipped.
    """

    key: str
    kind: str
    title: str
    quantity: int
    unit_price: Decimal
    net: Decimal
    taxes: tuple[TaxAmount, ...]
    main_key: str = ""
    line_id: str = ""
    product_id: str = ""
    variant_id: str = ""
    sku: str = ""
    barcode: str = ""
    variant_title: str = ""
    vendor: str = ""
    group: str = ""
    requires_shipping: bool = False
    unfulfilled: int = 0
    properties: tuple[tuple[str, str], ...] = ()
    shipping_code: str = ""
    shipping_source: str = ""

    @property
    def gross(self) -> Decimal:
        """The line with its taxes."""
        return self.net + total(tax.amount for tax in self.taxes)


@dataclass(frozen=True, slots=True)
class Quantities:
    """How many units of each line are imported, and what left the order without money.

    `refunded` holds the units, `refunded_shipping` the shipping lines in refunds that moved money. `as_ordered` keeps
    the quantity first ordered (a cancelled order is shown as it was ordered).
    """

    refunded: Mapping[str, int]
    refunded_shipping: frozenset[str]
    removed: RemovedParts
    as_ordered: bool = False

    def of(self, line: Mapping[str, Any]) -> int:
        """The quantity rule: present quantity plus the units of refunds that moved money."""
        if self.as_ordered:
            return line["quantity"]
        return min(line["quantity"], line["currentQuantity"] + self.refunded.get(legacy_id(line["id"]), 0))

    def keeps_shipping(self, line: Mapping[str, Any]) -> bool:
        """Whether a shipping line stands: one that was removed does only for the refund that gave its money back."""
        if not line.get("isRemoved"):
            return True
        ident = legacy_id(line.get("id"))
        return ident in self.refunded_shipping or (self.as_ordered and ident in self.removed.shipping)


def single(key: str, kind: str, title: str, part: Part, main_key: str = "") -> Line:
    """A line of one unit."""
    return Line(key, kind, title, 1, part.price, part.net, part.taxes, main_key=main_key)


def read_allocations(data: Mapping[str, Any], side: Side) -> list[tuple[int, Decimal]]:
    """The discounts of a line: index of the discount application and amount taken off; those of zero are left out."""
    found = [
        (item["discountApplication"]["index"], stated(item, "allocatedAmountSet", side))
        for item in data["discountAllocations"]
    ]
    return [(index, value) for index, value in found if value]


def discount_labels(order: Mapping[str, Any]) -> dict[int, str]:
    """What a discount is called, by the index of its application: its code, else its title."""
    labels = {}
    for data in nodes(order.get("discountApplications")):
        labels[data["index"]] = text(data.get("code")) or text(data.get("title")) or text(data.get("description"))
    return labels


def discount_lines(
    main_key: str, allocations: list[tuple[int, Decimal]], parts: Iterable[Part], labels: Mapping[int, str]
) -> list[Line]:
    """One line per discount of a line. A key lasts though another discount of the line becomes zero."""
    lines = []
    seen: dict[int, int] = {}
    for (index, _value), part in zip(allocations, parts, strict=True):
        seen[index] = seen.get(index, -1) + 1
        if not part.price:
            continue
        suffix = f"{index}" if not seen[index] else f"{index}.{seen[index]}"
        label = labels.get(index) or "Discount"
        lines.append(single(f"{main_key}/discount/{suffix}", "discount", label, part, main_key=main_key))
    return lines


def take_off_tax(
    taxes: Mapping[TaxKey, Decimal], fees: Mapping[str, Decimal], off: Decimal, places: int
) -> tuple[dict[TaxKey, Decimal], dict[str, Decimal]]:
    """The taxes of a line, and its fees that Shopify lists among them, when so much tax has left the line."""
    amounts = [*taxes.values(), *fees.values()]
    left = spread(total(amounts) - off, amounts, places)
    return dict(zip(taxes, left, strict=False)), dict(zip(fees, left[len(taxes) :], strict=True))


def add(sums: dict[str, Decimal], more: Mapping[str, Decimal]) -> None:
    """Add amounts by name to sums by name."""
    for name, value in more.items():
        sums[name] = sums.get(name, ZERO) + value
