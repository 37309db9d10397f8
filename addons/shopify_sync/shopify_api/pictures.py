"""Reading a picture from the address that Shopify gives."""

from __future__ import annotations

import requests

from .errors import NotReachable, QueryRefused, ServerFault
from .webhooks import address_problem

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
        raise QueryRefused(f"The picture cannot be read: {problem}")
    try:
        with requests.get(url, timeout=TIMEOUT, stream=True, allow_redirects=False) as answer:
            if answer.status_code == 429 or answer.status_code >= 500:
                raise ServerFault(f"The picture's server answers with HTTP {answer.status_code}.")
            if answer.status_code != 200:
                raise QueryRefused(f"There is no picture at {url} (HTTP {answer.status_code}).")
            return _read(answer, url, most)
    except requests.RequestException as error:
        raise NotReachable(f"The picture at {url} could not be read: {type(error).__name__}.") from error


def _read(answer: requests.Response, url: str, most: int) -> bytes:
    found = bytearray()
    for piece in answer.iter_content(_PIECE):
        found += piece
        if len(found) > most:
            raise QueryRefused(f"The picture at {url} has more than {most // 1024 // 1024} MB.")
    return bytes(found)
