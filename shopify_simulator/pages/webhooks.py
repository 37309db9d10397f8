"""Webhooks: what Odoo is told of, and whether it arrived."""

from __future__ import annotations

from .html import badge, h, live, table
from .layout import cut, frame, paged
from .request import Page


def page(page: Page) -> str:
    """The last deliveries, what waits, and subscriptions."""
    webhooks = page.app.webhooks
    sent = list(webhooks.log)[::-1]
    rows = [
        [one.topic, one.uri, badge("arrived" if one.arrived else "failed"), _attempts(one.statuses)]
        for one in cut(page, sent)
    ]
    waiting = [[one.topic, one.uri, badge("waiting"), _attempts(one.statuses)] for one in webhooks.pending()[:100]]
    topics = [[one.topic, one.uri, one.failures] for one in webhooks.subscriptions.values()]
    heads = ["Topic", "Sent to", "Outcome", "HTTP status of each attempt"]
    return frame(
        page,
        "Webhooks",
        live("waiting", h("h2", "Waiting"), table("Waiting", heads, waiting, "Nothing waits.")),
        h("h2", "Sent, the last first"),
        paged(page, "sent", len(sent), table("Sent", heads, rows)),
        live("topics", h("h2", "Subscriptions"),
             table("Subscriptions", ["Topic", "Sent to", "Failures in a row#"], topics, "Odoo asked for no webhooks yet.")),
    )  # fmt: skip


def _attempts(statuses: list[int]) -> str:
    return ", ".join(str(status) if status else "no answer" for status in statuses)
