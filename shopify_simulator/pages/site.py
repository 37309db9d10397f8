"""Which page answers which address, and posts of forms: a control call, then back to the page."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit

from ..control import Control
from ..values import BadRequest
from . import (
    actions,
    assets,
    customers,
    fulfilments,
    order,
    orders,
    overview,
    payouts,
    place,
    product,
    products,
    stock,
    webhooks,
)
from .html import h
from .layout import frame
from .request import NotFound, Page

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
PAGES: tuple[tuple[re.Pattern, Callable[..., str]], ...] = (
    (re.compile(r"/"), overview.page),
    (re.compile(r"/admin/orders"), orders.page),
    (re.compile(r"/admin/orders/new"), place.page),
    (re.compile(r"/admin/orders/(\d{1,18})"), order.page),
    (re.compile(r"/admin/products"), products.page),
    (re.compile(r"/admin/products/(\d{1,18})(?:/variants/\d{1,18})?"), product.page),
    (re.compile(r"/admin/stock"), stock.page),
    (re.compile(r"/admin/fulfilments"), fulfilments.page),
    (re.compile(r"/admin/customers"), customers.page),
    (re.compile(r"/admin/customers/(\d{1,18})"), customers.one),
    (re.compile(r"/admin/payments/payouts"), payouts.page),
    (re.compile(r"/admin/payments/payouts/(\d{1,18})"), payouts.one),
    (re.compile(r"/admin/webhooks"), webhooks.page),
)
_MOVED = (
    (re.compile(r"/admin/?"), "/admin/orders"),
    (re.compile(r"/store/[^/]+/?"), "/admin/orders"),
    (re.compile(r"/store/[^/]+/((?:orders|products|customers)(?:/\d+)?(?:/variants/\d+)?)"), r"/admin/\1"),
    (re.compile(r"/store/[^/]+/payments/payouts((?:/\d+)?)"), r"/admin/payments/payouts\1"),
    (re.compile(r"/(?:admin|store/[^/]+)/settings/locations/(\d+)"), r"/admin/stock?location=\1"),
)


@dataclass
class Reply:
    """An HTTP answer."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


class Site:
    """The pages of one store."""

    def __init__(self, control: Control, host: str):
        self.control, self.app, self.host = control, control.app, host

    def serves(self, path: str) -> bool:
        """Whether an address belongs to the pages, not to the API."""
        return path in ("/", "/admin") or (
            path.startswith(("/admin/", "/store/")) and not path.startswith(("/admin/api/", "/admin/oauth/"))
        )

    def get(self, address: str) -> Reply:
        """The answer to a GET."""
        parts = urlsplit(address)
        if parts.path.startswith("/admin/assets/"):
            found = assets.served(parts.path.removeprefix("/admin/assets/"))
            if found:
                return Reply(200, found[0], {**HEADERS, "Content-Type": found[1]})
        for pattern, target in _MOVED:
            match = pattern.fullmatch(parts.path)
            if match:
                return Reply(302, headers={"Location": match.expand(target)})
        return self._shown(Page(self.app, parts.path, dict(parse_qsl(parts.query))))

    def post(self, path: str, body: bytes, origin: str | None, host: str | None, server) -> Reply:
        """The answer to a form: back to its page when done, the page with the reason when not."""
        if not self._from_here(origin, host):
            return self._message("/admin/orders", 403, "Forms are taken from the pages of this store only.")
        typed = dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
        form, back = typed.pop("_form", ""), urlsplit(typed.pop("_back", ""))
        page = Page(self.app, back.path, dict(parse_qsl(back.query)), form=form, typed=typed)
        name = path.removeprefix("/admin/do/")
        if name not in actions.ACTIONS or not self.serves(back.path) or back.netloc:
            return self._message("/admin/orders", 404, "There is no such form.")
        action = actions.ACTIONS[name]
        try:
            told = self.control.call(action.call or name, action.read(typed, self.app.store), server)
        except BadRequest as error:
            page.error = str(error)
            return self._shown(page, 400)
        target = action.leads_to(told) or page.address()
        mark = "&" if "?" in target else "?"
        return Reply(303, headers={"Location": f"{target}{mark}{urlencode({'done': action.done})}"})

    def _shown(self, page: Page, status: int = 200) -> Reply:
        for pattern, show in PAGES:
            match = pattern.fullmatch(page.path)
            if match:
                try:
                    with self.app.store.lock:
                        return self._html(status, show(page, *(int(part) for part in match.groups())))
                except NotFound as missing:
                    return self._message(page.path, 404, str(missing))
        return self._message(page.path, 404, "The simulated store has no such page.")

    def _message(self, path: str, status: int, words: str) -> Reply:
        title = "Not found" if status == 404 else "Refused"
        return self._html(status, frame(Page(self.app, path), title, h("p", words)))

    def _html(self, status: int, document: str) -> Reply:
        return Reply(status, document.encode(), {**HEADERS, "Content-Type": "text/html; charset=utf-8"})

    def _from_here(self, origin: str | None, host: str | None) -> bool:
        """Whether a form was sent by our own page: another site may neither post to us nor give our address its name."""
        name = urlsplit(f"//{host or ''}").hostname or ""
        try:
            ipaddress.ip_address(name)
        except ValueError:
            if name not in ("localhost", self.host):
                return False
        return origin is None or origin == f"http://{host}"
