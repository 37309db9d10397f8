"""What of a product must be sent: the layer compared with what Shopify has, field by field.

Three values meet in each field: the layer's, Shopify's, and the one both had when they were last alike (`base`). A field
that only Shopify changed is left alone, one that only Odoo changed is sent, and where both did, the field's owner
decides. Without a base the layer is taken as changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from . import product_gallery
from .product_out import (
    Local,
    LocalVariant,
    grams,
    item_input,
    money_text,
    new_variant,
    option_pairs,
    plain_handle,
    plain_html,
    price_pair,
)
from .reading import nodes

#: Fields whose owner can be chosen, by part.
FIELDS = {
    "basics": (
        "title",
        "description",
        "product_type",
        "vendor",
        "tags",
        "seo_title",
        "seo_description",
        "handle",
        "status",
        "sku",
        "barcode",
        "weight",
        "taxable",
        "tracked",
        "inventory_policy",
        "requires_shipping",
        "hs_code",
        "origin",
        "cost",
    ),
    "price": ("price",),
    "compare_at": ("compare_at",),
}
_PRODUCT = {
    "title": "title",
    "description": "descriptionHtml",
    "product_type": "productType",
    "vendor": "vendor",
    "tags": "tags",
    "seo_title": "title",
    "seo_description": "description",
    "handle": "handle",
    "status": "status",
}
_ITEM = {
    "tracked": "tracked",
    "requires_shipping": "requiresShipping",
    "weight": "measurement",
    "hs_code": "harmonizedSystemCode",
    "origin": "countryCodeOfOrigin",
    "cost": "cost",
}


@dataclass(frozen=True)
class Kept:
    """A field that both sides changed and whose owner is Shopify. `variant`: layer id, 0 for the product itself."""

    variant: int
    field: str
    odoo: str
    shopify: str


@dataclass(frozen=True)
class Plan:
    """What is to be sent of one product; `values` are the fields as both sides have them afterwards."""

    product: Mapping[str, Any] = field(default_factory=dict)
    variants: tuple[Mapping[str, Any], ...] = ()
    new_variants: tuple[LocalVariant, ...] = ()
    new_inputs: tuple[Mapping[str, Any], ...] = ()
    missing: tuple[Mapping[str, str], ...] = ()
    pictures: tuple[int, ...] = ()
    replaced: Mapping[int, str] = field(default_factory=dict)
    moves: tuple[Mapping[str, str], ...] = ()
    busy: tuple[int, ...] = ()
    variant_pictures: tuple[product_gallery.VariantPicture, ...] = ()
    alts: tuple[tuple[str, str], ...] = ()
    metafields: tuple[Mapping[str, Any], ...] = ()
    metafield_keys: tuple[tuple[int, int], ...] = ()
    metafields_kept: tuple[Kept, ...] = ()
    publish: tuple[str, ...] = ()
    unpublish: tuple[str, ...] = ()
    kept: tuple[Kept, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    problem: str = ""

    @property
    def empty(self) -> bool:
        """Nothing is to be sent."""
        return not (
            self.product
            or self.variants
            or self.new_variants
            or self.pictures
            or self.replaced
            or self.moves
            or self.variant_pictures
            or self.alts
            or self.metafields
            or self.publish
            or self.unpublish
        )


def remote_values(node: Mapping[str, Any]) -> dict[str, Any]:
    """Shopify's fields of a product, each as one comparable value; those of variants under their ids."""
    seo = node.get("seo") or {}
    found: dict[str, Any] = {
        "title": node["title"],
        "description": plain_html(node["descriptionHtml"]),
        "product_type": node["productType"] or "",
        "vendor": node["vendor"] or "",
        "tags": sorted(one.casefold() for one in node["tags"]),
        "seo_title": seo.get("title") or "",
        "seo_description": seo.get("description") or "",
        "handle": plain_handle(node["handle"]),
        "status": node["status"],
    }
    return {**found, "variants": {one["id"]: _remote_variant(one) for one in nodes(node["variants"])}}


def _remote_variant(node: Mapping[str, Any]) -> dict[str, Any]:
    item = node["inventoryItem"]
    weight = (item.get("measurement") or {}).get("weight") or {}
    cost = (item.get("unitCost") or {}).get("amount")
    return {
        "price": str(Decimal(node["price"])),
        "compare_at": _amount(node["compareAtPrice"]),
        "barcode": node["barcode"] or "",
        "taxable": node["taxable"],
        "inventory_policy": node["inventoryPolicy"],
        "sku": item["sku"] or "",
        "tracked": item["tracked"],
        "requires_shipping": item["requiresShipping"],
        "weight": grams(_kilograms(weight)),
        "hs_code": item.get("harmonizedSystemCode") or "",
        "origin": item.get("countryCodeOfOrigin") or "",
        "cost": _amount(cost),
    }


_KILOGRAMS = {
    "KILOGRAMS": Decimal(1),
    "GRAMS": Decimal("0.001"),
    "POUNDS": Decimal("0.45359237"),
    "OUNCES": Decimal("0.028349523125"),
}


def _kilograms(weight: Mapping[str, Any]) -> Decimal:
    return Decimal(str(weight["value"])) * _KILOGRAMS[weight["unit"]] if weight else Decimal(0)


def _amount(value: object) -> str:
    """An amount as one text whatever its zeros; '' for none."""
    return "" if value is None else format(Decimal(str(value)).normalize(), "f")


def local_values(local: Local) -> dict[str, Any]:
    """The layer's fields in the form of `remote_values`, variants by their layer ids."""
    found: dict[str, Any] = {
        "title": local.title,
        "description": plain_html(local.description),
        "product_type": local.product_type,
        "vendor": local.vendor,
        "tags": sorted(one.casefold() for one in local.tags),
        "seo_title": local.seo_title,
        "seo_description": local.seo_description,
        "handle": plain_handle(local.handle),
        "status": local.status,
    }
    return {**found, "variants": {one.layer_id: _local_variant(one) for one in local.variants}}


def _local_variant(one: LocalVariant) -> dict[str, Any]:
    found = {
        "barcode": one.barcode,
        "taxable": one.taxable,
        "inventory_policy": one.inventory_policy,
        "sku": one.sku,
        "tracked": one.tracked,
        "requires_shipping": one.requires_shipping,
        "weight": grams(one.weight),
        "hs_code": one.hs_code,
        "origin": one.origin,
    }
    if one.price is not None:
        found["price"] = _amount(one.price)
        if one.has_compare_at:
            found["compare_at"] = _amount(price_pair(one.price, one.compare_at)[1])
    if one.cost is not None:
        found["cost"] = _amount(one.cost)
    return found


def compare(
    local: Local,
    node: Mapping[str, Any],
    parts: frozenset[str],
    *,
    base: Mapping[str, Any] | None = None,
    owners: Mapping[str, str] | None = None,
    only_changed: bool = True,
    manual: frozenset[str] = frozenset(),
    publish: frozenset[str] | None = None,
    channels: frozenset[str] = frozenset(),
) -> Plan:
    """What to send of a product that is in Shopify.

    :param node: Shopify's product (document products/ProductsToUpdate, all variants)
    :param base: `values` of the last plan or import; None when there is none
    :param owners: 'shopify' for the fields that Shopify owns; all others are Odoo's
    :param only_changed: send only what is not the same already
    :param manual: ids of the store's manual collections
    :param publish: ids of the publications it is to be in, of those in `channels`; None: not part of it
    """
    chooser = _Chooser(base or {}, owners or {}, only_changed, base is not None)
    ours, theirs = local_values(local), remote_values(node)
    fields = [name for part, names in FIELDS.items() if part in parts for name in names]
    product = _product_input(local, chooser, ours, theirs, fields)
    values = {name: value for name, value in theirs.items() if name != "variants"}
    values.update({name: ours[name] for name in chooser.sent.pop(0, ())})
    by_options = {_pairs(one): one["id"] for one in nodes(node["variants"])}
    gone: list[Mapping[str, str]] = []
    changed, new, of_variants = [], [], {}
    known = set()
    for variant in local.variants:
        gid = variant.shopify_id or by_options.get(option_pairs(variant), "")
        if gid not in theirs["variants"]:
            if "basics" in parts:
                new.append(variant)
            continue
        known.add(gid)
        row = _variant_input(variant, gid, chooser, ours, theirs, fields)
        sent = chooser.sent.pop(variant.layer_id, ())
        own = ours["variants"][variant.layer_id]
        of_variants[gid] = {**theirs["variants"][gid], **{name: own[name] for name in sent}}
        if row:
            changed.append({"id": gid, **row})
    gone = [
        {
            "id": one["id"],
            "title": " / ".join(value for _name, value in _pairs(one)),
            "sku": one["inventoryItem"]["sku"] or "",
        }
        for one in nodes(node["variants"])
        if one["id"] not in known
    ]
    problem = "options_differ" if new and option_names_of(local) != option_names(node) else ""
    product.update(_collections(local, node, parts, manual))
    fields_sent, keys, stale = _metafields(local, node, parts, only_changed, by_options)
    present = {one["publication"]["id"] for one in nodes(node.get("resourcePublicationsV2"))}
    return Plan(
        product=product,
        variants=tuple(changed),
        new_variants=() if problem else tuple(new),
        new_inputs=() if problem else tuple(new_variant(one, parts) for one in new),
        missing=tuple(gone),
        pictures=product_gallery.to_add(local, node) if "image" in parts else (),
        replaced=product_gallery.to_replace(local, node) if "image" in parts else {},
        busy=product_gallery.busy(local, node) if "image" in parts else (),
        variant_pictures=product_gallery.variant_pictures(local, node, [one.layer_id for one in new])
        if "image" in parts
        else (),
        moves=product_gallery.moves_of(local, node, only_changed) if "image" in parts else (),
        alts=product_gallery.alts(local, node) if "image" in parts else (),
        metafields=fields_sent,
        metafield_keys=keys,
        metafields_kept=stale,
        publish=tuple(sorted(publish - present)) if publish is not None else (),
        unpublish=tuple(sorted((present & channels) - publish)) if publish is not None else (),
        kept=tuple(chooser.kept),
        values={**values, "variants": of_variants},
        problem=problem,
    )


class _Chooser:
    """Decides for each field whether it is sent."""

    def __init__(self, base: Mapping[str, Any], owners: Mapping[str, str], only_changed: bool, has_base: bool):
        self._base = base
        self._owners = owners
        self._only_changed = only_changed
        self._has_base = has_base
        self.kept: list[Kept] = []
        self.sent: dict[int, list[str]] = {}

    def sends(self, name: str, ours: Any, theirs: Any, variant: int = 0, gid: str = "") -> bool:
        """Whether a field is to be sent."""
        owned = self._owners.get(name) == "shopify"
        if ours == theirs:
            chosen = not self._only_changed and not owned
        else:
            chosen = self._differing(name, ours, theirs, variant, gid, owned)
        if chosen:
            self.sent.setdefault(variant, []).append(name)
        return chosen

    def _differing(self, name: str, ours: Any, theirs: Any, variant: int, gid: str, owned: bool) -> bool:
        base = self._base.get("variants", {}).get(gid, {}) if gid else self._base
        if self._has_base and self._only_changed and name in base and base[name] == ours:
            return False  # only Shopify has changed it
        if owned:
            self.kept.append(Kept(variant, name, _shown(ours), _shown(theirs)))
        return not owned


def _shown(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)


def _product_input(local: Local, chooser: _Chooser, ours: Mapping, theirs: Mapping, fields: list[str]) -> dict:
    raw = {
        "title": local.title,
        "description": local.description,
        "product_type": local.product_type,
        "vendor": local.vendor,
        "tags": list(local.tags),
        "handle": ours["handle"],
        "status": local.status,
    }
    found: dict[str, Any] = {}
    for name in fields:
        if name in ("handle", "status") and not ours[name]:
            continue  # the layer does not know it
        if name not in _PRODUCT or not chooser.sends(name, ours[name], theirs[name]):
            continue
        if name.startswith("seo_"):
            found.setdefault("seo", {})[_PRODUCT[name]] = ours[name] or None
        else:
            found[_PRODUCT[name]] = raw[name]
    if "handle" in found and found["handle"] != theirs["handle"]:
        found["redirectNewHandle"] = True  # links to the former address go on to work
    return found


def _variant_input(one: LocalVariant, gid: str, chooser: _Chooser, ours, theirs, fields: list[str]) -> dict:
    mine, its = ours["variants"][one.layer_id], theirs["variants"][gid]
    wanted = [
        name
        for name in fields
        if name in mine and chooser.sends(name, _norm(name, mine), _norm(name, its), one.layer_id, gid)
    ]
    row: dict[str, Any] = {}
    item: dict[str, Any] = {}
    complete = item_input(one)
    for name in wanted:
        if name == "sku":
            item["sku"] = one.sku
        elif name in _ITEM:
            item[_ITEM[name]] = complete[_ITEM[name]]
        elif name == "price":
            row["price"] = money_text(one.price)
        elif name == "compare_at":
            row["compareAtPrice"] = money_text(price_pair(one.price, one.compare_at)[1])
        elif name == "inventory_policy":
            row["inventoryPolicy"] = one.inventory_policy
        else:
            row[name] = getattr(one, name) if name == "taxable" else (one.barcode or None)
    if item:
        row["inventoryItem"] = item
    return row


def _norm(name: str, values: Mapping[str, Any]) -> Any:
    return _amount(values[name]) if name == "price" else values[name]


def _pairs(node: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((one["name"], one["value"]) for one in node["selectedOptions"])


def option_names_of(local: Local) -> tuple[str, ...]:
    """The option names of the layer's product, in their order."""
    return tuple(name for name, _value in option_pairs(local.variants[0])) if local.variants else ()


def option_names(node: Mapping[str, Any]) -> tuple[str, ...]:
    """The option names of Shopify's product, in their order."""
    variants = nodes(node.get("variants"))
    return tuple(name for name, _value in _pairs(variants[0])) if variants else ()


def _collections(local: Local, node: Mapping[str, Any], parts: frozenset[str], manual: frozenset[str]) -> dict:
    """Manual collections to join and to leave; automated ones and those that Odoo does not know are left alone."""
    if "collections" not in parts:
        return {}
    present = {one["id"] for one in nodes(node.get("collections"))}
    wanted = {one for one in local.collections if one in manual}
    found = {"collectionsToJoin": sorted(wanted - present), "collectionsToLeave": sorted((present & manual) - wanted)}
    return {name: ids for name, ids in found.items() if ids}


def _metafields(local: Local, node: Mapping[str, Any], parts: frozenset[str], only_changed: bool, by_options: Mapping):
    """Values to set, their keys, and those that Shopify changed since they were read, which stay."""
    if "metafields" not in parts:
        return (), (), ()
    gids = {one.layer_id: one.shopify_id or by_options.get(option_pairs(one), "") for one in local.variants}
    present = _present_metafields(node)
    send, keys, stale = [], [], []
    for one in local.metafields:
        owner = gids.get(one.variant, "") if one.variant else node["id"]
        its = present.get((owner, one.namespace, one.key))
        if not owner or (its and only_changed and its["value"] == one.value):
            continue
        if its and one.digest and its["compareDigest"] != one.digest and its["value"] != one.value:
            stale.append(Kept(one.variant, f"{one.namespace}.{one.key}", one.value, its["value"]))
            continue
        row = {"ownerId": owner, "namespace": one.namespace, "key": one.key, "type": one.type, "value": one.value}
        # what changes between our read and our write is refused by Shopify itself
        send.append({**row, "compareDigest": its["compareDigest"] if its else None})
        keys.append((one.mapping_id, one.variant))
    return tuple(send), tuple(keys), tuple(stale)


def _present_metafields(node: Mapping[str, Any]) -> dict[tuple[str, str, str], Mapping[str, Any]]:
    owners = [node, *nodes(node["variants"])]
    return {
        (owner["id"], one["namespace"], one["key"]): one for owner in owners for one in nodes(owner.get("metafields"))
    }
