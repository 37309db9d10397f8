"""Files of bulk operations: read in pieces, from any byte on, so that memory stays flat and a stop loses no place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests

from .address import is_loopback
from .errors import AnswerLost, ShopUnavailable, UnreadableAnswer
from .transport import TIMEOUT, USER_AGENT, new_session
from .wording import _lt

CHUNK = 256 * 1024


@dataclass(frozen=True)
class Piece:
    """Objects of a bulk file; `end` is the byte behind the last of them, `more` whether others follow."""

    rows: list[dict[str, Any]]
    end: int
    more: bool


def read_piece(url: str, start: int, most: int, *, session: requests.Session | None = None) -> Piece:
    """Return up to `most` objects of the file from byte `start` on, which begins a line.

    Raises AnswerLost when the file breaks off, ShopUnavailable when it is not there any more (files last for seven
    days), UnreadableAnswer for a line that is no JSON object.
    """
    host = urlsplit(url).netloc
    own = session or new_session(is_loopback(host))
    headers = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity"}
    if start:
        headers["Range"] = f"bytes={start}-"
    rows, end = [], start
    try:
        with own.get(url, headers=headers, stream=True, timeout=TIMEOUT) as response:
            if response.status_code == 416:
                return Piece([], start, False)
            if response.status_code >= 400:
                raise ShopUnavailable(
                    _lt(
                        "Shopify's file of the bulk operation cannot be read (HTTP %(status)s). Start it again.",
                        status=response.status_code,
                    ),
                    status=response.status_code,
                )
            skip = start if start and response.status_code == 200 else 0
            for line in _lines(response, skip):
                if len(rows) == most:
                    return Piece(rows, end, True)
                rows.append(_object(line))
                end += len(line)
    except (requests.exceptions.RequestException, OSError) as error:
        raise AnswerLost(_lt("The connection to %(host)s broke while the file was read.", host=host)) from error
    finally:
        if session is None:
            own.close()
    return Piece(rows, end, False)


def _lines(response: requests.Response, skip: int) -> Iterator[bytes]:
    """Whole lines with their line break; the first `skip` bytes are left out."""
    rest = b""
    expected = int(response.headers.get("Content-Length") or 0)
    seen = 0
    for chunk in response.iter_content(CHUNK):
        seen += len(chunk)
        if skip:
            cut = min(skip, len(chunk))
            skip, chunk = skip - cut, chunk[cut:]
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield line + b"\n"
    if expected and seen < expected:
        raise requests.exceptions.ConnectionError("fewer bytes than announced")
    if rest:
        yield rest


def _object(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise UnreadableAnswer(_lt("A line of Shopify's bulk file is no JSON object. Start it again."))
    return found
