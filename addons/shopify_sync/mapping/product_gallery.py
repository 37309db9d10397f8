"""Pictures of a product that is in Shopify: which are new, which take the place of another, and their order.

A picture that Shopify has is named by its id (MediaImage). Those that only Shopify has are never touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

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


def file_mark(layer_id: int, digest: str) -> str:
    """What the name of a sent file ends with; a picture with these bytes is known again by it."""
    return f"-{layer_id}-{digest[:8]}"


def arrived(local: Local, node: Mapping[str, Any]) -> dict[int, str]:
    """Pictures that an attempt with a lost answer has added: {layer id: Shopify's id}.

    Each is known by the name of its file. Those that Shopify is still working on show none: they are ours, in the order in
    which they were sent, when there are as many as are missing.
    """
    known, wanted = {one.shopify_id for one in local.images}, set(to_add(local, node))
    mine = [one for one in local.images if one.layer_id in wanted]
    others = {
        one["id"]: _file_name(one)
        for one in nodes(node.get("media"))
        if one["id"] not in known and one.get("status") != "FAILED"
    }
    found = {}
    for one in mine:
        mark = file_mark(one.layer_id, one.digest)
        found.update((one.layer_id, gid) for gid, name in others.items() if mark in name)
    left = [one.layer_id for one in mine if one.layer_id not in found]
    unnamed = [gid for gid, name in others.items() if not name]
    if len(left) == len(unnamed):
        found.update(zip(left, unnamed, strict=True))
    return found


def _file_name(media: Mapping[str, Any]) -> str:
    return urlsplit((media.get("image") or {}).get("url") or "").path.rpartition("/")[2]


def with_ids(local: Local, ids: Mapping[int, str]) -> Local:
    """The product with pictures that are in Shopify as they are here, {layer id: Shopify's id}."""
    images = (
        replace(one, shopify_id=ids[one.layer_id], sent_digest=one.digest) if one.layer_id in ids else one
        for one in local.images
    )
    return replace(local, images=tuple(images))


def to_replace(local: Local, node: Mapping[str, Any]) -> dict[int, str]:
    """Pictures whose bytes Shopify has otherwise: {layer id: id of the picture that gets the new bytes}."""
    states = _states(node)
    return {one.layer_id: one.shopify_id for one in _differing(local) if states.get(one.shopify_id) == "READY"}


def busy(local: Local, node: Mapping[str, Any]) -> tuple[int, ...]:
    """Layer ids of changed pictures whose former bytes Shopify is still working on: it takes no others meanwhile."""
    states = _states(node)
    return tuple(one.layer_id for one in _differing(local) if states.get(one.shopify_id) in ("PROCESSING", "UPLOADED"))


def alts(local: Local, node: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Alt texts to change of pictures that stay: (Shopify's id, text)."""
    present = {one["id"]: one.get("alt") or "" for one in nodes(node.get("media")) if one.get("status") == "READY"}
    return tuple(
        (one.shopify_id, one.alt)
        for one in local.images
        if one.shopify_id in present and one.sent_digest == one.digest and present[one.shopify_id] != one.alt
    )


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


@dataclass(frozen=True)
class VariantPicture:
    """The picture of a variant that is not as in Odoo: layer ids of both, and the id of the one in Shopify ('': none).

    `picture` 0: in Odoo it has none.
    """

    variant: int
    picture: int
    present: str = ""


def looked_at(local: Local, only_changed: bool) -> tuple[str, ...]:
    """Shopify's ids of the variants whose picture is compared: those that a person changed in Odoo, or all."""
    return tuple(
        one.shopify_id for one in local.variants if one.shopify_id and (one.picture_edited or not only_changed)
    )


def variant_pictures(local: Local, node: Mapping[str, Any], new: Iterable[int]) -> tuple[VariantPicture, ...]:
    """Variants whose picture differs, of those that were looked at (`variantMedia` of the node) or are new.

    A picture that Shopify is not ready with takes no variant: its turn comes later.
    """
    present, added = node.get("variantMedia") or {}, set(new)
    states, found = _states(node), []
    for one in local.variants:
        if one.shopify_id not in present and one.layer_id not in added:
            continue
        its = present.get(one.shopify_id, "")
        mine = next((each for each in local.images if one.layer_id in each.variants), None)
        if (mine.shopify_id if mine else "") != its and (mine is None or states.get(mine.shopify_id) == "READY"):
            found.append(VariantPicture(one.layer_id, mine.layer_id if mine else 0, its))
    return tuple(found)


def settled(local: Local, node: Mapping[str, Any]) -> tuple[int, ...]:
    """Layer ids of the variants that were looked at and have in Shopify the picture that they have in Odoo."""
    present, found = node.get("variantMedia") or {}, []
    for one in local.variants:
        mine = next((each for each in local.images if one.layer_id in each.variants), None)
        wanted = mine.shopify_id or None if mine else ""
        if one.shopify_id in present and present[one.shopify_id] == wanted:
            found.append(one.layer_id)
    return tuple(found)
