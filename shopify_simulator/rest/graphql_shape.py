"""Order documents in the shape of a GraphQL answer, turned into the REST shape."""

from __future__ import annotations

from decimal import Decimal

from .reading import number

_SETS = {
    "totalPriceSet": "total_price",
    "subtotalPriceSet": "subtotal_price",
    "totalTaxSet": "total_tax",
    "totalDiscountsSet": "total_discounts",
    "totalShippingPriceSet": "total_shipping_price",
    "currentTotalPriceSet": "current_total_price",
}


def as_rest(document: dict) -> dict:
    """The same order in snake case, with what was not asked for told from what was.

    Whether taxes are included shows in the total. An answer of one line that asked for the total tax but for no tax lines
    gets that tax as the line's one tax line.
    """
    currency = document["totalPriceSet"]["shopMoney"]["currencyCode"]
    made = {
        "id": _number_of(document.get("id")),
        "name": document.get("name"),
        "created_at": document["createdAt"],
        "currency": currency,
        "presentment_currency": currency,
        "financial_status": (document.get("displayFinancialStatus") or "").lower() or None,
        "fulfillment_status": None,
        "source_name": document.get("sourceName", "web"),
        "line_items": [_line(one) for one in _nodes(document["lineItems"])],
        "shipping_lines": [],
    }
    for theirs, ours in _SETS.items():
        if document.get(theirs):
            made[f"{ours}_set"] = _set(document[theirs])
    shipping = number(document.get("totalShippingPriceSet", {}).get("shopMoney", {}).get("amount"))
    if shipping:
        made["shipping_lines"].append({"title": "Shipping", "price": str(shipping)})
    net = sum((number(one["price"]) * one["quantity"] for one in made["line_items"]), Decimal(0)) + (shipping or 0)
    total = number(document["totalPriceSet"]["shopMoney"]["amount"])
    made["taxes_included"] = document.get("taxesIncluded", net == total)
    tax = number((document.get("totalTaxSet") or {}).get("shopMoney", {}).get("amount"))
    lines = made["line_items"]
    if tax and len(lines) == 1 and not lines[0]["tax_lines"]:
        base = net - tax if made["taxes_included"] else net
        rate = (tax / base).quantize(Decimal("0.005"))
        lines[0]["tax_lines"] = [{"title": "VAT", "rate": str(rate), "price": str(tax)}]
    return made


def _line(row: dict) -> dict:
    quantity = row["quantity"]
    unit = row.get("originalUnitPriceSet")
    total = number(row["discountedTotalSet"]["shopMoney"]["amount"]) if unit is None else None
    price = number(unit["shopMoney"]["amount"]) if unit else total / quantity
    return {
        "title": row.get("title"),
        "name": row.get("name"),
        "sku": row.get("sku"),
        "quantity": quantity,
        "price": str(price),
        "product_exists": bool(row.get("sku")),
        "discount_allocations": [],
        "tax_lines": [
            {"title": tax["title"], "rate": tax.get("rate"), "price_set": _set(tax["priceSet"])}
            for tax in row.get("taxLines") or []
        ],
    }


def _nodes(connection: dict) -> list[dict]:
    return connection.get("nodes") or [edge["node"] for edge in connection.get("edges") or []]


def _set(bag: dict) -> dict:
    shop = bag["shopMoney"]
    money = bag.get("presentmentMoney") or shop
    return {
        "shop_money": {"amount": shop["amount"], "currency_code": shop["currencyCode"]},
        "presentment_money": {"amount": money["amount"], "currency_code": money["currencyCode"]},
    }


def _number_of(gid: str | None) -> int | None:
    return int(gid.rsplit("/", 1)[1]) if gid else None
