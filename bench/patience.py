"""Requests one after the other, as other connectors send them: each waits until the budget of points allows it."""

import time
from collections.abc import Callable
from typing import Any

from odoo.addons.shopify_sync import shopify_api


def patiently(ask: Callable[[], Any]) -> Any:
    """What `ask` returns, asked again when Shopify has the points; any other refusal is raised."""
    while True:
        try:
            return ask()
        except shopify_api.Throttled as refused:
            time.sleep(refused.retry_after or 0)
