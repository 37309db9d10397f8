"""Doing again, at the start, what a journal says was done to the store."""

from __future__ import annotations

import base64
from datetime import datetime

from .app import App
from .control import Control
from .journal import Journal
from .values import BadRequest


def replay(journal: Journal, app: App, control: Control) -> None:
    """Do every change of a journal again, each at its own moment of the store's clock.

    No webhook is delivered, and the app is installed afterwards if it was before. `BadRequest` names a line that cannot be
    done again or that ends otherwise than it did.
    """
    installed = app.access.installed
    app.webhooks.muted = True
    try:
        for number, line in journal.changes():
            try:
                with app.store.lock, app.store.clock.still(datetime.fromisoformat(line["at"])):
                    _again(line, app, control)
            except KeyError as error:
                raise journal.unusable(number, f"{error} is missing or not known") from error
            except (TypeError, ValueError, AttributeError) as error:
                raise journal.unusable(number, f"cannot be done again: {error}") from error
    finally:
        app.webhooks.muted = False
        app.access.installed = installed


def _again(line: dict, app: App, control: Control) -> None:
    kind = line["kind"]
    if kind == "control":
        _call(line, control)
    elif kind == "mutation":
        app.mutate(line["query"], line["variables"], line["operation"], line["scopes"])
    elif kind == "upload":
        app.store.storefront.receive(line["key"], base64.b64decode(line["body"]))
    elif kind == "jobs":
        app.store.jobs.run_due()
    elif kind == "unsubscribed":
        del app.webhooks.subscriptions[line["subscription"]]
    else:
        raise BadRequest(f"no kind of change {kind!r}")


def _call(line: dict, control: Control) -> None:
    try:
        answer = control.perform(line["call"], line["arguments"])
    except BadRequest:
        if "refused" not in line:
            raise
        return
    if "refused" in line:
        raise BadRequest(f"{line['call']} was refused ({line['refused']}) and is not any more")
    if answer.get("id") != line.get("id"):
        raise BadRequest(f"{line['call']} answered {line.get('id')} and now answers {answer.get('id')}")
