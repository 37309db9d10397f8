"""Sign-in: a permanent token, and tokens by client credentials that expire."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from .scopes import DEFAULT_SCOPES, with_implied

PERMANENT_TOKEN = "shpat_simulator"
CLIENT_ID = "simulator-client"
CLIENT_SECRET = "simulator-secret"
LIFETIME = 86_399
"""Seconds that a token of client credentials lives, as at Shopify."""


class Refused(Exception):
    """The token endpoint says no: HTTP status, error code and description."""

    def __init__(self, status: int, error: str, description: str):
        super().__init__(description)
        self.status = status
        self.error = error
        self.description = description


@dataclass(slots=True)
class Access:
    """What one store grants. ``scopes``: granted handles; ``tokens_issued`` counts answers of the token endpoint."""

    timestamp: Callable[[], float]
    client_id: str = CLIENT_ID
    client_secret: str = CLIENT_SECRET
    permanent_tokens: set[str] = field(default_factory=lambda: {PERMANENT_TOKEN})
    scopes: list[str] = field(default_factory=lambda: list(DEFAULT_SCOPES))
    lifetime: int = LIFETIME
    installed: bool = True
    permitted: bool = True
    tokens_issued: int = 0
    tokens_refused: int = 0
    _tokens: dict[str, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def granted(self) -> frozenset[str]:
        """Granted scopes with those they imply."""
        return with_implied(self.scopes)

    def accepts(self, token: str | None) -> bool:
        """Whether a request with this token may come in."""
        if not token or not self.installed:
            return False
        if token in self.permanent_tokens:
            return True
        with self._lock:
            return self._tokens.get(token, 0) > self.timestamp()

    def issue(self, form: dict) -> dict:
        """Answer of the token endpoint to ``grant_type``, ``client_id``, ``client_secret``; raises `Refused`."""
        with self._lock:
            try:
                self._check(form)
            except Refused:
                self.tokens_refused += 1
                raise
            self.tokens_issued += 1
            token = f"shpat_{self.tokens_issued:032x}"
            self._tokens[token] = self.timestamp() + self.lifetime
        return {"access_token": token, "scope": ",".join(self.scopes), "expires_in": self.lifetime}

    def revoke_tokens(self) -> None:
        """Make all issued tokens invalid at once (not the permanent ones)."""
        with self._lock:
            self._tokens.clear()

    def _check(self, form: dict) -> None:
        if form.get("grant_type") != "client_credentials":
            raise Refused(400, "unsupported_grant_type", "The grant type is not supported.")
        if not form.get("client_id") or form["client_id"] != self.client_id:
            raise Refused(400, "application_cannot_be_found", "The application cannot be found.")
        if form.get("client_secret") != self.client_secret:
            raise Refused(401, "invalid_client", "Client authentication failed.")
        if not self.permitted:
            raise Refused(400, "shop_not_permitted", "Client credentials cannot be performed on this shop.")
        if not self.installed:
            raise Refused(400, "app_not_installed", "The application is not installed on this shop.")
