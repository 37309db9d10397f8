"""What became of the store's orders: the table, the JSON and the exit code of ./dev demo --once."""

from dataclasses import dataclass, field

from devenv.console import table

SHOWN = 20  # failed orders named in the table; all are in the JSON


@dataclass(frozen=True)
class Report:
    """The outcome of an import.

    `failed` names each order that is not in Odoo with the reason Odoo gives; `different` each order whose totals in
    Odoo are not Shopify's; `unaccounted` each order that is neither in Odoo nor named with a reason.
    """

    orders_in_shopify: int
    orders_in_odoo: int
    failed: list[dict[str, str]] = field(default_factory=list)
    different: list[dict[str, str]] = field(default_factory=list)
    unaccounted: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def totals_equal(self) -> bool:
        return not self.different

    @property
    def complete(self) -> bool:
        """Whether every order is accounted for and every total is Shopify's."""
        return not self.unaccounted and self.totals_equal

    def as_json(self) -> dict:
        return {
            "orders_in_shopify": self.orders_in_shopify,
            "orders_in_odoo": self.orders_in_odoo,
            "failed": self.failed,
            "totals_equal": self.totals_equal,
            "seconds": round(self.seconds, 1),
            "different": self.different,
            "unaccounted": self.unaccounted,
        }

    def as_text(self) -> str:
        rows = [
            ("Orders in Shopify", str(self.orders_in_shopify)),
            ("Orders in Odoo", str(self.orders_in_odoo)),
            ("Failed", str(len(self.failed))),
            *_named(f"{order['name']}: {order['reason']}" for order in self.failed),
            ("Totals equal", "yes" if self.totals_equal else f"no, {len(self.different)} differ"),
            *_named(f"{order['name']}: {order['reason']}" for order in self.different),
            ("Seconds", f"{self.seconds:.1f}"),
        ]
        if self.unaccounted:
            rows.append(("Lost without a reason", ", ".join(self.unaccounted[:SHOWN])))
        return table(rows)


def _named(lines) -> list[tuple[str, str]]:
    lines = list(lines)
    more = [f"and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
    return [("", line) for line in [*lines[:SHOWN], *more]]
