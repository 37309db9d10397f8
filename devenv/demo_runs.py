"""Runs of the connector inside Odoo, one step after the other, as its scheduled jobs do them."""

import time

from odoo import fields

# Everything the simulated store holds; a real store's orders are limited by the permission, not by this.
EVERYTHING_SINCE = "2020-01-01 00:00:00"
# Seconds of one pause: longer is no rate limit but a fault; shorter would only spin.
LONGEST_PAUSE, SHORTEST_PAUSE = 60, 0.2


class DemoError(Exception):
    """The import did not come to its end; the message says why."""


def read(env, store, operation: str, options: dict | None = None) -> None:
    """Run one import of a store to its end; by default it reads everything that the store holds.

    :raises DemoError: it failed, with Shopify's reason
    """
    runs = env["shopify.run"]
    starter = env["shopify.run.starter"]
    run = runs._running(store, operation)
    if not run:
        run = starter._start(store, operation, {"from": EVERYTHING_SINCE} if options is None else options)
    while run.state == "running":
        pause(run.next_attempt_at or fields.Datetime.now(), run.message)
        starter._advance(store, run.id)
        look_again(env)
    if run.state != "done":
        raise DemoError(f"{operation} failed: {run.message}")


def pause(until, reason: str) -> None:
    """Wait until a time of Odoo.

    :raises DemoError: it is too far away, for this reason
    """
    seconds = (until - fields.Datetime.now()).total_seconds()
    if seconds > LONGEST_PAUSE:
        raise DemoError(f"The import would wait for {seconds:.0f} s: {reason}")
    time.sleep(max(seconds, SHORTEST_PAUSE))


def look_again(env) -> None:
    """See what the connector's own transactions have committed."""
    env.cr.commit()
    env.invalidate_all()
