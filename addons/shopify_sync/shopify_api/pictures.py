"""Reading a picture from the address that Shopify gives."""

from __future__ import annotations

import requests

from .errors import NotReachable, QueryRefused, ServerFault
from .webhooks import address_problem
from .wording import _lt

#: Seconds to connect, seconds between two pieces of the answer.
TIMEOUT = (10, 30)
_PIECE = 64 * 1024


def fetch_picture(url: str, most: int, store_is_local: bool) -> bytes:
    """Return the bytes at an address.

    :param most: no more bytes than this are read
    :param store_is_local: the store is simulated on this machine, where http on loopback is fine
    :raises QueryRefused: there is no picture, it is too big, or the address is not a public https one
    :raises NotReachable, ServerFault: later it may work
    """
    if problem := address_problem(url, store_is_local):
        raise QueryRefused(_lt("The picture cannot be read: %(problem)s", problem=problem))
    try:
        with requests.get(url, timeout=TIMEOUT, stream=True, allow_redirects=False) as answer:
            if answer.status_code == 429 or answer.status_code >= 500:
                raise ServerFault(_lt("The picture's server answers with HTTP %(status)s.", status=answer.status_code))
            if answer.status_code != 200:
                raise QueryRefused(
                    _lt("There is no picture at %(url)s (HTTP %(status)s).", url=url, status=answer.status_code)
                )
            return _read(answer, url, most)
    except requests.RequestException as error:
        words = _lt("The picture at %(url)s could not be read: %(fault)s.", url=url, fault=type(error).__name__)
        raise NotReachable(words) from error


def _read(answer: requests.Response, url: str, most: int) -> bytes:
    found = bytearray()
    for piece in answer.iter_content(_PIECE):
        found += piece
        if len(found) > most:
            size = most // 1024 // 1024
            raise QueryRefused(_lt("The picture at %(url)s has more than %(size)s MB.", url=url, size=size))
    return bytes(found)
