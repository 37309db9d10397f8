"""Reading and checking what an app sends for products and variants."""

from __future__ import annotations

import math
from decimal import Decimal

from ..events import product_input as events
from ..model.product import Product, Variant
from ..resolvers.common import app_namespace, number_of
from ..values import BadRequest, decimal
from .metafield_values import check
from .problems import Wrong

MAX_OPTIONS = 3
MAX_VARIANTS = 2048
LONGEST_ALT = 512
_PLAIN = {
    "title": "title",
    "descriptionHtml": "description_html",
    "productType": "product_type",
    "vendor": "vendor",
    "status": "status",
    "templateSuffix": "template_suffix",
}
_OWNERS = {"Product": "PRODUCT", "ProductVariant": "PRODUCTVARIANT", "Customer": "CUSTOMER", "Order": "ORDER"}
_GRAMS = {"KILOGRAMS": 1000, "GRAMS": 1, "POUNDS": 453.59237, "OUNCES": 28.349523125}


def product_changes(store, given: dict, product: Product | None, where: tuple) -> dict:
    """Fields to change, of ProductSetInput, ProductCreateInput or ProductUpdateInput; raises `Wrong`."""
    changes = {field: given[name] or "" for name, field in _PLAIN.items() if name in given}
    if product is None or "title" in changes:
        title = (changes.get("title") or "").strip()
        if not title:
            raise Wrong("Title can't be blank", *where, "title", code="INVALID_INPUT")
        if len(title) > 255:
            raise Wrong("Title is too long (maximum is 255 characters)", *where, "title", code="INVALID_INPUT")
    if "tags" in given:
        changes["tags"] = _tags(given["tags"] or [], where)
    if given.get("handle"):
        changes["handle"] = given["handle"]
        if any(one.handle == given["handle"] and one is not product for one in store.products):
            text = f"Handle '{given['handle']}' already in use. Please provide a new handle."
            raise Wrong(text, *where, "handle", code="HANDLE_NOT_UNIQUE")
    seo = given.get("seo")
    if seo is not None:
        changes |= {f"seo_{name}": seo[name] for name in ("title", "description") if name in seo}
    return changes


def alt_text(given: dict, *where: object) -> str:
    """The alt text of a file; raises `Wrong` for one that is too long."""
    text = given.get("alt") or ""
    if len(text) > LONGEST_ALT:
        problem = f"Alt value exceeds the limit of {LONGEST_ALT} characters"
        raise Wrong(problem, *where, "alt", code="ALT_VALUE_LIMIT_EXCEEDED")
    return text


def _tags(tags: list[str], where: tuple) -> list[str]:
    if len(tags) > 250:
        raise Wrong("Tags cannot have more than 250", *where, "tags", code="INVALID_INPUT")
    if any(len(one) > 255 for one in tags):
        raise Wrong("Tag is too long (maximum is 255 characters)", *where, "tags", code="INVALID_INPUT")
    return sorted({one.strip() for one in tags if one.strip()}, key=str.casefold)


def options(given: list[dict], where: tuple) -> list[tuple[str, list[str]]]:
    """Options with their values; raises `Wrong`."""
    if len(given) > MAX_OPTIONS:
        raise Wrong(f"Can't have more than {MAX_OPTIONS} options", *where, code="OPTIONS_OVER_LIMIT")
    names = [one["name"] for one in given]
    if len(set(names)) < len(names):
        raise Wrong("Option name must be unique", *where, code="DUPLICATED_OPTION_NAME")
    found = []
    for index, one in enumerate(given):
        values = [value["name"] for value in one.get("values") or []]
        if not values:
            raise Wrong("Option values can't be blank", *where, index, "values", code="OPTION_VALUES_MISSING")
        if len(set(values)) < len(values):
            raise Wrong("Option value must be unique", *where, index, "values", code="DUPLICATED_OPTION_VALUE")
        if any(len(value) > 255 for value in values):
            raise Wrong("Option value name is too long", *where, index, "values", code="INVALID_INPUT")
        found.append((one["name"], values))
    return found


def selected(product: Product, given: list[dict] | None, where: tuple, create_values: bool) -> list[tuple[str, str]]:
    """The option values of a variant in the order of the product's options; raises `Wrong`."""
    named = {}
    for one in given or []:
        name = one.get("optionName")
        if name is None and one.get("optionId"):
            position = number_of(one["optionId"], "ProductOption") % 10
            name = product.options[position - 1][0]
        named[name] = one.get("name")
    unknown = set(named) - {name for name, _values in product.options}
    if unknown:
        raise Wrong("Option does not exist", *where, "optionValues", code="OPTION_DOES_NOT_EXIST")
    pairs = []
    for name, values in product.options:
        value = named.get(name)
        if value is None:
            text = f"You need to add option values for {name}"
            raise Wrong(text, *where, "optionValues", code="NEED_TO_ADD_OPTION_VALUES")
        if value not in values and not create_values:
            raise Wrong("Option value does not exist", *where, "optionValues", code="OPTION_VALUE_DOES_NOT_EXIST")
        pairs.append((name, value))
    return pairs


def free_combination(product: Product, pairs: list[tuple[str, str]], but: Variant | None, where: tuple) -> None:
    """Refuse option values that another variant has."""
    if any(one.selected == pairs and one is not but for one in product.variants):
        title = " / ".join(value for _name, value in pairs)
        raise Wrong(f"The variant '{title}' already exists.", *where, code="VARIANT_ALREADY_EXISTS")


def variant_changes(given: dict, where: tuple) -> dict:
    """Fields to change, of ProductVariantSetInput or ProductVariantsBulkInput; raises `Wrong`."""
    changes = {}
    for name, field in (("price", "price"), ("compareAtPrice", "compare_at_price")):
        if name in given:
            changes[field] = _amount(given[name], (*where, name))
    if changes.get("price", 0) is None:
        raise Wrong("Price can't be blank", *where, "price", code="INVALID_INPUT")
    for name, field in (("taxable", "taxable"), ("inventoryPolicy", "inventory_policy"), ("position", "position")):
        if given.get(name) is not None:
            changes[field] = given[name]
    if "barcode" in given:
        changes["barcode"] = given["barcode"] or None
    if "sku" in given:
        changes["sku"] = given["sku"]
    return changes | _item_changes(given.get("inventoryItem") or {}, (*where, "inventoryItem"))


def _item_changes(given: dict, where: tuple) -> dict:
    changes = {name: given[name] for name in ("sku", "tracked") if name in given}
    for name, field in (
        ("requiresShipping", "requires_shipping"),
        ("countryCodeOfOrigin", "country_code_of_origin"),
        ("provinceCodeOfOrigin", "province_code_of_origin"),
        ("harmonizedSystemCode", "harmonized_system_code"),
    ):
        if name in given:
            changes[field] = given[name]
    code = given.get("harmonizedSystemCode")
    if code and not (code.isdigit() and 6 <= len(code) <= 13):
        text = "Harmonized system code must be a number with 6 to 13 digits"
        raise Wrong(text, *where, "harmonizedSystemCode", code="INVALID_INPUT")
    if "cost" in given:
        changes["unit_cost"] = _amount(given["cost"], (*where, "cost"))
    weight = (given.get("measurement") or {}).get("weight")
    if weight is not None:
        grams = weight["value"] * _GRAMS[weight["unit"]]
        if grams < 0 or grams >= 2_000_000_000:
            raise Wrong("Weight must be greater than or equal to 0", *where, "measurement", code="INVALID_INPUT")
        changes["weight_grams"] = math.floor(grams + 0.5)
    return changes


def _amount(value: object, where: tuple) -> Decimal | None:
    if value is None:
        return None
    try:
        amount = decimal(value)
    except BadRequest as error:
        raise Wrong(f"{value} is no amount", *where, code="INVALID_INPUT") from error
    if amount < 0:
        raise Wrong("Price must be greater than or equal to 0", *where, code="NEGATIVE_PRICE_VALUE")
    return amount.quantize(Decimal("0.01"))


def set_metafields(info, owner, given: list[dict] | None, where: tuple, test_only: bool = False) -> None:
    """Check (and set) metafields sent with their owner; raises `Wrong`."""
    store = info.context.store
    owner_type = _OWNERS[owner if isinstance(owner, str) else owner.typename]
    for index, one in enumerate(given or []):
        namespace = app_namespace(one.get("namespace"))
        known = store.storefront.definitions.get((owner_type, namespace, one["key"]))
        present = {} if isinstance(owner, str) else {(have.namespace, have.key): have.type for have in owner.metafields}
        kind = one.get("type") or known or present.get((namespace, one["key"]))
        check(kind, known, one["value"], (*where, index))
        if not test_only:
            at = store.clock.now()
            events.set_metafield(store, owner, owner_type, namespace, one["key"], kind, one["value"], at)
