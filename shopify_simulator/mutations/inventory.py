"""inventorySetQuantities, inventoryAdjustQuantities and inventoryActivate: all of a request, or nothing."""

from __future__ import annotations

from collections.abc import Callable

from ..errors import ShopifyError
from ..ids import parse_gid
from ..inventory import change, level_at, stock_at
from ..resolvers.common import Box
from ..resolvers.registry import resolver
from .idempotency import idempotent

MOST_ITEMS = 250
MOST_UNITS = 1_000_000_000
REASONS = frozenset({
    "correction", "cycle_count_available", "damaged", "movement_created", "movement_updated", "movement_received",
    "movement_canceled", "other", "promotion", "quality_control", "received", "reservation_created", "reservation_deleted",
    "reservation_updated", "restock", "safety_stock", "shrinkage",
})  # fmt: skip


@resolver("Mutation.inventorySetQuantities")
@idempotent
def set_quantities(_root, info, input):  # noqa: A002 - argument name is Shopify's
    given = input["quantities"]
    kind = "InventorySetQuantitiesUserError"
    errors = _of_input(input, given, kind, ("available", "on_hand"), "INVALID_NAME")
    seen = set()
    for index, one in enumerate(given):
        pair = one["inventoryItemId"], one["locationId"]
        if pair in seen:
            errors.append(_error(kind, "NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR",
                                 "The combination of inventoryItemId and locationId must be unique.", "quantities", index))  # fmt: skip
        seen.add(pair)
        if one["quantity"] < 0:
            errors.append(_error(kind, "INVALID_QUANTITY_NEGATIVE", "The quantity can't be negative.",
                                 "quantities", index, "quantity"))  # fmt: skip
        elif one["quantity"] > MOST_UNITS:
            errors.append(_error(kind, "INVALID_QUANTITY_TOO_HIGH", f"The quantity can't be higher than {MOST_UNITS}.",
                                 "quantities", index, "quantity"))  # fmt: skip
    return _changed(info, input, given, "quantities", kind, errors, lambda one, now: one["quantity"] - now)


@resolver("Mutation.inventoryAdjustQuantities")
@idempotent
def adjust_quantities(_root, info, input):  # noqa: A002 - argument name is Shopify's
    given = input["changes"]
    kind = "InventoryAdjustQuantitiesUserError"
    errors = _of_input(input, given, kind, ("available",), "INVALID_QUANTITY_NAME")
    return _changed(info, input, given, "changes", kind, errors, lambda one, _now: one["delta"])


@resolver("Mutation.inventoryActivate")
@idempotent
def activate(_root, info, inventoryItemId, locationId, available=None, onHand=None, **_args):
    store = info.context.store
    item, location = _item(store, inventoryItemId), _location(store, locationId)
    if item is None or location is None or not location.is_active:
        field = "inventoryItemId" if item is None else "locationId"
        text = "Inventory item does not exist" if item is None else "The location is not active or does not exist"
        return Box(inventory_level=None, user_errors=[Box("UserError", field=[field], message=text)])
    known = level_at(item, location)
    if known is not None and known.is_active and (available is not None or onHand is not None):
        text = "Not allowed to set available quantity when the item is already active at the location."
        return Box(inventory_level=known, user_errors=[Box("UserError", field=["available"], message=text)])
    at = store.clock.now()
    level = stock_at(store, item, location, at)
    units = available if available is not None else onHand
    if units is not None:
        change(level, "available", units - level.quantities["available"], at)
    return Box(inventory_level=level, user_errors=[])


def _of_input(given: dict, rows: list, kind: str, names: tuple, bad_name: str) -> list:
    """What is wrong with the input as a whole; errors of Shopify's own where a rule of the version is broken."""
    field = "quantities" if "quantities" in given else "changes"
    if len(rows) > MOST_ITEMS:
        raise ShopifyError(
            f"The input array size of {len(rows)} is greater than the maximum allowed of {MOST_ITEMS}.",
            "MAX_INPUT_SIZE_EXCEEDED",
        )
    for index, one in enumerate(rows):
        if "changeFromQuantity" not in one:
            raise ShopifyError(
                f"The changeFromQuantity argument is required at input.{field}.{index}; null opts out of the check.",
                "INVALID_FIELD_ARGUMENTS",
            )
    errors = []
    if given["name"] not in names:
        errors.append(_error(kind, bad_name, "The quantity name is invalid.", "name"))
    if given["reason"] not in REASONS:
        errors.append(_error(kind, "INVALID_REASON", "The specified reason is invalid.", "reason"))
    uri = given.get("referenceDocumentUri")
    if uri is not None and "://" not in uri:
        errors.append(
            _error(
                kind,
                "INVALID_REFERENCE_DOCUMENT",
                "The specified reference document is invalid.",
                "referenceDocumentUri",
            )
        )
    return errors


def _changed(info, given: dict, rows: list, field: str, kind: str, errors: list, delta: Callable) -> Box:
    store, plan = info.context.store, []
    for index, one in enumerate(rows):
        item, location = _item(store, one["inventoryItemId"]), _location(store, one["locationId"])
        if item is None:
            errors.append(_error(kind, "INVALID_INVENTORY_ITEM", "The specified inventory item could not be found.",
                                 field, index, "inventoryItemId"))  # fmt: skip
            continue
        if location is None or not location.is_active:
            errors.append(_error(kind, "INVALID_LOCATION", "The specified location could not be found.",
                                 field, index, "locationId"))  # fmt: skip
            continue
        level = level_at(item, location)
        if level is None or not level.is_active:
            errors.append(_error(kind, "ITEM_NOT_STOCKED_AT_LOCATION",
                                 "The specified inventory item is not stocked at the location.", field, index))  # fmt: skip
            continue
        now = level.quantities[given["name"]]
        expected = one["changeFromQuantity"]
        if expected is not None and expected != now:
            errors.append(_error(kind, "CHANGE_FROM_QUANTITY_STALE",
                                 "The changeFromQuantity argument no longer matches the persisted quantity.",
                                 field, index, "changeFromQuantity"))  # fmt: skip
            continue
        plan.append((level, delta(one, now)))
    if errors:
        return Box(inventory_adjustment_group=None, user_errors=errors)
    return Box(inventory_adjustment_group=_apply(store, given, plan), user_errors=[])


def _apply(store, given: dict, plan: list) -> Box | None:
    at, changes = store.clock.now(), []
    for level, units in plan:
        if not units:
            continue
        change(level, given["name"], units, at)
        changes.append(
            Box("InventoryChange", name=given["name"], delta=units, item=level.item, location=level.location,
                quantity_after_change=level.quantities[given["name"]], ledger_document_uri=None)
        )  # fmt: skip
    if not changes:
        return None
    return Box(
        "InventoryAdjustmentGroup", id=store.new_serial("InventoryAdjustmentGroup"), created_at=at, changes=changes,
        reason=given["reason"], reference_document_uri=given.get("referenceDocumentUri"), app=None, staff_member=None,
    )  # fmt: skip


def _item(store, text: str):
    return store.item_by_id(_number(text, "InventoryItem"))


def _location(store, text: str):
    number = _number(text, "Location")
    return next((one for one in store.locations if one.id == number), None)


def _number(text: str, typename: str) -> int | None:
    parsed = parse_gid(text)
    return parsed[1] if parsed and parsed[0] == typename else None


def _error(kind: str, code: str, message: str, *field: object) -> Box:
    return Box(kind, code=code, field=["input", *map(str, field)], message=message)
