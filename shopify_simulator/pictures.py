"""Pictures of products: small PNG files made from a number, and how the store serves them."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .store import Store

PATH = "/cdn/files/"
SIDE = 48
"""Width and height of a made picture, in pixels."""


def png(number: int, side: int = SIDE) -> bytes:
    """A square picture in one colour, made from a number: the same number gives the same bytes."""
    colour = bytes((number * factor) % 256 for factor in (37, 91, 151))
    row = b"\x00" + colour * side
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(row * side)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )


def address(domain: str, picture) -> str:
    """Where the store serves a picture."""
    return f"http://{domain}{PATH}{picture.id}/{picture.name}?v={picture.version}"


def served(store: Store, path: str) -> tuple[bytes, str] | None:
    """Bytes and type of the picture at a path; None when there is none, or it cannot be read."""
    number = path.removeprefix(PATH).partition("/")[0]
    every = (picture for product in store.products for picture in product.media)
    found = next((picture for picture in every if str(picture.id) == number), None)
    return None if found is None or found.content is None else (found.content, found.mime_type)
