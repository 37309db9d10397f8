"""Pictures of a product that is in Shopify: which are new, which take the place of another, and their order.

A picture that Shopify has is named by its id (MediaImage). Those that only Shopify has are never touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .product_out import Local, LocalImage
from .reading import nodes


def _states(node: Mapping[str, Any]) -> dict[str, str]:
    """Shopify's status of each picture, in the order of the gallery."""
    return {one["id"]: one.get("status") or "" for one in nodes(node.get("media"))}


def _differing(local: Local) -> Iterable[LocalImage]:
    return (one for one in local.images if one.digest and one.sent_digest != one.digest)


def to_add(local: Local, node: Mapping[str, Any]) -> tuple[int, ...]:
    """Layer ids of the pictures to add: those that Shopify does not have, or could not read."""
    states = _states(node)
    return tuple(
        one.layer_id for one in local.images if one.digest and states.get(one.shopify_id, "FAILED") == "FAILED"
    )


def to_replace(local: Local, node: Mapping[str, Any]) -> dict[int, str]:
    """Pictures whose bytes Shopify has otherwise: {layer id: id of the picture that gets the new bytes}."""
    states = _states(node)
    return {one.layer_id: one.shopify_id for one in _differing(local) if states.get(one.shopify_id) == "READY"}


def busy(local: Local, node: Mapping[str, Any]) -> tuple[int, ...]:
    """Layer ids of changed pictures whose former bytes Shopify is still working on: it takes no others meanwhile."""
    states = _states(node)
    return tuple(one.layer_id for one in _differing(local) if states.get(one.shopify_id) in ("PROCESSING", "UPLOADED"))


def moves_of(local: Local, node: Mapping[str, Any], only_changed: bool) -> tuple[Mapping[str, str], ...]:
    """Moves that bring the pictures that are there into Odoo's order, when Odoo changed it or all is to be sent."""
    if only_changed and not local.reordered:
        return ()
    return moves(list(_states(node)), [one.shopify_id for one in local.images])


def moves(present: Sequence[str], wanted: Sequence[str]) -> tuple[Mapping[str, str], ...]:
    """The moves of `productReorderMedia`, which Shopify makes one after the other (positions from 0).

    Odoo's pictures share the places that they have in the gallery; each of the others stays in its place.

    :param present: ids as Shopify has them
    :param wanted: ids as Odoo orders them
    """
    ours = iter([one for one in wanted if one in present])
    known = set(wanted)
    target = [next(ours) if one in known else one for one in present]
    current, found = list(present), []
    for position, one in enumerate(target):
        if current[position] != one:
            current.remove(one)
            current.insert(position, one)
            found.append({"id": one, "newPosition": str(position)})
    return tuple(found)
