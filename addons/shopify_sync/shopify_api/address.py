"""The address of a store: what people type, brought to `name.myshopify.com`, and links into Shopify's admin.

A simulated store on this machine (`127.0.0.1:PORT`, `localhost:PORT`) is the one other kind of address that is
accepted; it is reached by http, everything else by https only.
"""

from __future__ import annotations

import re

from .errors import WrongAddress
from .gid import parse_gid
from .wording import _lt

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_LOOPBACK = re.compile(r"(127\.0\.0\.1|localhost):([0-9]{1,5})", re.ASCII)
_SUFFIX = ".myshopify.com"

# Where the admin shows a record of a type; {parent} is the id of the record it belongs to.
_ADMIN_PAGES = {
    "ShopifyPaymentsDispute": "payments/disputes/{id}",
    "Collection": "collections/{id}",
    "Company": "companies/{id}",
    "CompanyLocation": "companies/{parent}/locations/{id}",
    "Customer": "customers/{id}",
    "DraftOrder": "draft_orders/{id}",
    "Location": "settings/locations/{id}",
    "Order": "orders/{id}",
    "Product": "products/{id}",
    "ProductVariant": "products/{parent}/variants/{id}",
    "ShopifyPaymentsPayout": "payments/payouts/{id}",
}


def normalise(text: str) -> str:
    """Return the store's address from what a person typed or pasted.

    Accepts the name alone, `name.myshopify.com`, any link of the admin (`https://admin.shopify.com/store/name/...`,
    `https://name.myshopify.com/admin/...`), any letter case, and a loopback address with its port.
    Raises WrongAddress with a text that says what to enter.
    """
    rest = text.strip().lower()
    if not rest:
        raise WrongAddress(_lt("Enter the address of the store, for example my-store.myshopify.com."))
    scheme, found, after = rest.partition("://")
    if found:
        if scheme not in ("http", "https"):
            raise _refused(text)
        rest = after
    host, *path = re.split(r"[/?#]", rest)
    host = host.removesuffix(".")
    if _is_valid_loopback(host):
        return host
    if host in ("127.0.0.1", "localhost"):
        raise WrongAddress(_lt("A store on this machine needs its port, for example %(host)s:8080.", host=host))
    if host == "admin.shopify.com":
        return _from_admin_path(text, path)
    name = host.removesuffix(":443").removesuffix(_SUFFIX)
    if _NAME.fullmatch(name) and (host != name or not (found or (path and path != [""]))):
        return name + _SUFFIX
    raise _refused(text)


def is_loopback(domain: str) -> bool:
    """Say whether the address is a simulated store on this machine."""
    return _is_valid_loopback(domain)


def base_url(domain: str) -> str:
    """Return `https://name.myshopify.com`, or `http://127.0.0.1:PORT` for a store on this machine.

    The domain must already be normal, so that no request ever goes to another host: WrongAddress otherwise.
    """
    if _is_valid_loopback(domain):
        return f"http://{domain}"
    if domain.endswith(_SUFFIX) and _NAME.fullmatch(domain.removesuffix(_SUFFIX)):
        return f"https://{domain}"
    raise _refused(domain)


def admin_link(domain: str, gid: str, parent: str | None = None) -> str:
    """Return the page of a record in the store's admin, for "Open in Shopify".

    `gid` is `gid://shopify/Order/123`; `parent` the gid of the record above it, for a variant (its product) and a
    company location (its company). Raises ValueError for a kind of record that has no page.
    """
    kind, number = parse_gid(gid)
    page = _ADMIN_PAGES.get(kind)
    if page is None:
        raise ValueError(f"Shopify's admin has no page for {gid}")
    if "{parent}" in page and parent is None:
        raise ValueError(f"the page of {gid} needs the record it belongs to")
    page = page.format(id=number, parent=parse_gid(parent)[1] if parent else "")
    if is_loopback(domain):
        return f"{base_url(domain)}/admin/{page}"
    name = base_url(domain).removeprefix("https://").removesuffix(_SUFFIX)
    return f"https://admin.shopify.com/store/{name}/{page}"


def _is_valid_loopback(host: str) -> bool:
    match = _LOOPBACK.fullmatch(host)
    return bool(match) and 0 < int(match[2]) <= 65535


def _from_admin_path(text: str, path: list[str]) -> str:
    if len(path) >= 2 and path[0] == "store" and _NAME.fullmatch(path[1]):
        return path[1] + _SUFFIX
    raise WrongAddress(
        _lt(
            "“%(text)s” does not name a store: open the store in Shopify's admin and copy the whole link, "
            "https://admin.shopify.com/store/my-store.",
            text=text.strip(),
        )
    )


def _refused(text: str) -> WrongAddress:
    return WrongAddress(
        _lt(
            "“%(text)s” is not the address of a Shopify store. Enter the address that ends in .myshopify.com (Shopify "
            "admin: Settings, Domains) or a link of the store's admin; the web shop's own domain does not work.",
            text=text.strip(),
        )
    )
