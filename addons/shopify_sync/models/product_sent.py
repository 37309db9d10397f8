"""What came of sending one product, as plain values that outlive a transaction."""

from dataclasses import dataclass, field
from typing import Any

from ..mapping.product_diff import Plan
from ..mapping.product_out import Local, LocalImage, option_pairs


@dataclass
class Job:
    """A product that a worker has taken.

    `key` marks the export; `channels` are (to be in, decided about), None when publishing is not part of it; `market`
    holds prices by price list; `stage` is what an earlier pass of the same line left.
    """

    line_id: int
    key: str
    was_maybe_done: bool
    parts: frozenset[str]
    only_changed: bool
    local: Local
    base: dict[str, Any]
    owners: dict[str, str]
    manual: frozenset[str]
    channels: tuple[frozenset[str], frozenset[str]] | None = None
    market: dict[str, tuple[str, dict[int, str]]] = field(default_factory=dict)
    delete: tuple[str, ...] = ()
    stock: bool = False
    stage: dict[str, Any] = field(default_factory=dict)
    notes: list[tuple[str, str]] = field(default_factory=list)

    @property
    def incomplete(self) -> bool:
        """Shopify was asked for a part of it in bulk; the next pass finds by comparing what is left."""
        return bool(self.stage.get("operations")) and not self.stage.get("complete")


@dataclass
class Sent:
    """What a pass did for one job. Everything is kept that Shopify has done, also when a later step failed.

    `released`: its turn did not come in this pass. Pictures are by their layer ids: `media` were added and `replaced` got
    new bytes (Shopify's ids), `not_replaced` are those whose former one does not take new bytes (its id), `ordered` is the
    order that Shopify has now. `pictured` are the layer ids of variants whose picture is the same on both sides.
    """

    job: Job
    node: dict[str, Any] | None = None
    plan: Plan | None = None
    created: dict[str, Any] | None = None
    adopted: bool = False
    existing: tuple[str, str, str] | None = None
    several: tuple[str, ...] = ()
    sources: dict[int, str] = field(default_factory=dict)
    media: dict[int, str] = field(default_factory=dict)
    replaced: dict[int, str] = field(default_factory=dict)
    not_replaced: dict[int, str] = field(default_factory=dict)
    picture_problems: dict[int, str] = field(default_factory=dict)
    ordered: tuple[int, ...] = ()
    pictured: set[int] = field(default_factory=set)
    new_variants: list[dict[str, Any]] = field(default_factory=list)
    digests: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)
    market: dict[str, dict[int, str]] = field(default_factory=dict)
    deleted: tuple[str, ...] = ()
    published: bool = False
    operations: dict[str, tuple[str, int]] = field(default_factory=dict)
    problem: str = ""
    unchanged: bool = False
    released: bool = False
    error: Exception | None = None
    nothing_sent: bool = True

    @property
    def product_id(self) -> str:
        """Shopify's id of the product, '' while it has none."""
        return (self.created or self.node or {}).get("id") or self.job.local.shopify_id

    @property
    def open(self) -> bool:
        """It goes on in this pass."""
        return not (
            self.released
            or self.error
            or self.existing
            or self.several
            or self.problem
            or self.operations
            or self.unchanged
        )

    @property
    def adding(self) -> list[LocalImage]:
        """Uploaded pictures that are new ones of the product, in their order."""
        in_place = set(self.plan.replaced) - set(self.not_replaced) if self.plan else set()
        return [one for one in self.job.local.images if one.layer_id in self.sources and one.layer_id not in in_place]

    def variant_ids(self) -> dict[int, str]:
        """Shopify's ids of the variants by layer id, as far as they are known."""
        found = {one.layer_id: one.shopify_id for one in self.job.local.variants if one.shopify_id}
        rows = [*((self.created or {}).get("variants") or {}).get("nodes", ()), *self.new_variants]
        if self.node and not self.created:
            rows += self.node["variants"]["nodes"]
        by_options = {tuple((one["name"], one["value"]) for one in row["selectedOptions"]): row["id"] for row in rows}
        for one in self.job.local.variants:
            if one.layer_id not in found and option_pairs(one) in by_options:
                found[one.layer_id] = by_options[option_pairs(one)]
        return found
