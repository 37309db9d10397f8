"""Fields of forms as the arguments of control calls."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from ..ids import number_in
from ..store import Store
from ..values import BadRequest

Typed = dict[str, str]


def units(typed: Typed, prefix: str = "line:") -> dict[str, int]:
    """{id of a line: units} of the number fields of lines; empty ones and zero are left out."""
    found = {}
    for name, value in typed.items():
        if name.startswith(prefix) and value.strip():
            found[name.removeprefix(prefix)] = whole(value)
    return {line: count for line, count in found.items() if count}


def whole(value: str) -> int:
    """A whole number that a person typed."""
    try:
        return int(value)
    except ValueError as error:
        raise BadRequest(f"{value!r} is no whole number") from error


def given(typed: Typed, *names: str) -> dict[str, str]:
    """The fields that hold something."""
    return {name: typed[name].strip() for name in names if typed.get(name, "").strip()}


def _some_units(typed: Typed) -> dict[str, int]:
    lines = units(typed)
    if not lines:
        raise BadRequest("enter the units of at least one line")
    return lines


def _plain(*names: str) -> Callable[[Typed, Store], dict]:
    return lambda typed, _store: given(typed, *names)


def _place(typed: Typed, _store: Store) -> dict:
    lines = [
        {"sku": sku, "quantity": whole(typed.get(f"quantity:{name[4:]}") or "1")}
        for name, sku in typed.items()
        if name.startswith("sku:") and sku.strip()
    ]
    if not lines:
        raise BadRequest("choose at least one product")
    options = {"lines": lines, **given(typed, "gateway", "financial", "shipping", "off_by", "note", "customer")}
    if "shipping" in options:
        options["shipping"] = {"title": "Standard", "price": options["shipping"]}
    if typed.get("risk"):
        options["risk"] = typed["risk"]
    if options.get("customer") == "new":
        options["customer"] = {**given(typed, "first_name", "last_name", "email"), "address": "US"}
        if len(options["customer"]) == 1:
            raise BadRequest("a new customer needs a name or an e-mail address")
    elif options.get("customer", "guest") != "guest" and number_in(options["customer"]) is None:
        raise BadRequest(f"the store has no customer {options['customer']!r}")
    return options


def _place_random(_typed: Typed, store: Store) -> dict:
    dice = random.Random()
    skus = dice.sample(store.skus(), min(len(store.skus()), dice.randint(1, 3)))
    return {
        "lines": [{"sku": sku, "quantity": dice.randint(1, 3)} for sku in skus],
        "gateway": dice.choice(["shopify_payments", "paypal", "manual"]),
        "financial": dice.choice(["paid", "paid", "paid", "pending", "authorized"]),
        "shipping": {"title": "Standard", "price": dice.choice(["0.00", "4.90", "12.00"])},
        "risk": dice.choice(["LOW", "LOW", "LOW", "MEDIUM", "HIGH"]),
    }


def _edit(typed: Typed, store: Store) -> dict:
    quantities = {name[5:]: whole(value) for name, value in typed.items() if name.startswith("line:") and value.strip()}
    now = {f"gid://shopify/LineItem/{line.id}": line.current_quantity for line in store.order(typed["order"]).lines}
    arguments = {"order": typed["order"]}
    changed = {line: count for line, count in quantities.items() if now.get(line) != count}
    if changed:
        arguments["quantities"] = changed
    if typed.get("sku", "").strip():
        arguments["add"] = [{"sku": typed["sku"].strip(), "quantity": whole(typed.get("quantity") or "1")}]
    if len(arguments) == 1:
        raise BadRequest("nothing was changed: enter another quantity or a product to add")
    return arguments


def _fulfil(typed: Typed, _store: Store) -> dict:
    tracking = given(typed, "company", "number", "url")
    if "url" in tracking and urlsplit(tracking["url"]).scheme not in ("http", "https"):
        raise BadRequest("a tracking link starts with http:// or https://")
    return {"order": typed["order"], "lines": _some_units(typed), **({"tracking": tracking} if tracking else {})}


def _refund(typed: Typed, _store: Store) -> dict:
    lines = units(typed)
    arguments = {"order": typed["order"], "restock": "restock" in typed, **given(typed, "amount", "note")}
    if lines:
        arguments["lines"] = lines
    if "shipping" in typed:
        arguments["shipping"] = True
    if not lines and "shipping" not in typed and "amount" not in arguments:
        raise BadRequest("enter units, tick shipping or enter an amount")
    return arguments


def _cancel(typed: Typed, _store: Store) -> dict:
    ticks = {name: name in typed for name in ("refund", "restock")}
    return {**given(typed, "order", "reason", "note"), **ticks}


def _new_return(typed: Typed, _store: Store) -> dict:
    return {**given(typed, "order", "reason", "note"), "lines": _some_units(typed)}


def _update(typed: Typed, _store: Store) -> dict:
    tags = [tag.strip() for tag in typed.get("tags", "").split(",") if tag.strip()]
    return {"order": typed["order"], "note": typed.get("note") or None, "tags": tags}


def _change_variant(typed: Typed, _store: Store) -> dict:
    price = given(typed, "price")
    if not price:
        raise BadRequest("enter a price")
    return {"product": typed["product"], "variants": {typed["sku"]: price}}


def _set_stock(typed: Typed, _store: Store) -> dict:
    return {**given(typed, "item", "location", "name"), "quantity": whole(typed.get("quantity", ""))}


def _change_product(typed: Typed, _store: Store) -> dict:
    found = given(typed, "product", "title", "vendor", "status")
    if "title" not in found:
        raise BadRequest("a product needs a title")
    return found


def _add_product(typed: Typed, _store: Store) -> dict:
    found = given(typed, "title", "sku", "price")
    if len(found) < 3:
        raise BadRequest("a new product needs a title, a SKU and a price")
    return {**found, "stock": whole(typed.get("stock") or "0")}


def _process_return(typed: Typed, _store: Store) -> dict:
    return {**given(typed, "order", "return_"), **({"refunded": True} if "refunded" in typed else {})}


def _to_order(told: dict) -> str:
    return f"/admin/orders/{number_in(told['id'])}"


@dataclass(frozen=True)
class Action:
    """A form: how its fields become arguments, what is said when it is done, and which page it leads to ("" its own).
    ``call``: the control call, when the form has another name."""

    done: str
    read: Callable[[Typed, Store], dict]
    call: str = ""
    leads_to: Callable[[dict], str] = lambda _told: ""


ACTIONS = {
    "place_order": Action("order placed", _place, leads_to=_to_order),
    "place_random": Action("order placed", _place_random, "place_order", _to_order),
    "edit": Action("order edited", _edit),
    "update": Action("note and tags changed", _update),
    "mark_paid": Action("marked as paid", _plain("order", "gateway")),
    "pay": Action("payment added", _plain("order", "gateway", "amount")),
    "capture": Action("payment captured", _plain("order", "amount")),
    "void": Action("authorisation voided", _plain("order")),
    "fulfil": Action("fulfilled", _fulfil),
    "cancel_fulfilment": Action("fulfilment cancelled", _plain("order", "fulfillment")),
    "hold": Action("put on hold", _plain("order", "notes")),
    "release_hold": Action("hold released", _plain("order")),
    "refund": Action("refunded", _refund),
    "cancel": Action("order cancelled", _cancel),
    "close": Action("order archived", _plain("order")),
    "change_risk": Action("risk changed", _plain("order", "level")),
    "request_return": Action("return requested", _new_return),
    "open_return": Action("return opened", _new_return),
    "approve_return": Action("return approved", _plain("order", "return_")),
    "decline_return": Action("return declined", _plain("order", "return_", "note")),
    "receive_return": Action("goods received", _plain("order", "return_", "disposition")),
    "process_return": Action("return processed", _process_return),
    "refund_return": Action("return refunded", _plain("order", "return_")),
    "close_return": Action("return closed", _plain("order", "return_")),
    "cancel_return": Action("return cancelled", _plain("order", "return_")),
    "add_product": Action("product added", _add_product, leads_to=lambda told: f"/admin/products/{told['id']}"),
    "change_product": Action("product changed", _change_product),
    "change_variant": Action("price changed", _change_variant, "change_product"),
    "make_payouts": Action("payouts made", _plain()),
    "settle_payout": Action("payout arrived", _plain("payout")),
    "fail_payout": Action("payout failed, its money waits for the next one", _plain("payout")),
    "cancel_payout": Action("payout cancelled, its money waits for the next one", _plain("payout")),
    "open_dispute": Action("dispute opened", _plain("order", "kind", "amount")),
    "escalate_dispute": Action("the inquiry is a chargeback now", _plain("dispute")),
    "send_evidence": Action("evidence sent", _plain("dispute")),
    "win_dispute": Action(
        "dispute won", lambda typed, _store: {**given(typed, "dispute"), "outcome": "WON"}, "close_dispute"
    ),
    "lose_dispute": Action(
        "dispute lost", lambda typed, _store: {**given(typed, "dispute"), "outcome": "LOST"}, "close_dispute"
    ),
    "fail_refund": Action("refund failed", _plain("order")),
    "set_stock": Action("stock changed", _set_stock),
}
"""What can be done from the pages, by the last part of the form's address."""
