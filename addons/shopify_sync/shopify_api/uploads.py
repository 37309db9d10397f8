"""Sending files to where Shopify said they belong (`stagedUploadsCreate`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from .address import is_loopback
from .errors import QueryRefused
from .transport import TIMEOUT, new_session, post, refusal
from .wording import _lt


def upload(target: Mapping[str, Any], filename: str, content: bytes, mime_type: str) -> str:
    """Send one file to a staged target and return the address that Shopify knows it by.

    Sending it again does no harm: a staged file counts only once it is used. Raises NotReachable, AnswerLost, ServerFault,
    or QueryRefused when the place does not take it.
    """
    host = urlsplit(target["url"]).netloc
    fields = {one["name"]: one["value"] for one in target["parameters"]}
    with new_session(is_loopback(host)) as session:
        answer = post(
            session,
            target["url"],
            timeout=TIMEOUT,
            changes_something=False,
            data=fields,
            files={"file": (filename, content, mime_type)},
        )
    refused = refusal(answer, changes_something=False)
    if refused is not None and refused.heals:
        raise refused
    if answer.status_code >= 300:
        raise QueryRefused(
            _lt(
                "Shopify's file store does not take %(file)s (HTTP %(status)s).",
                file=filename,
                status=answer.status_code,
            )
        )
    return target["resourceUrl"]


def key_of(target: Mapping[str, Any]) -> str:
    """The path of a staged file, as bulk mutations name it."""
    return next(one["value"] for one in target["parameters"] if one["name"] == "key")
