"""Reading a multipart form, byte by byte."""

from __future__ import annotations

import re

_BOUNDARY = re.compile(r'boundary="?([^";]+)"?')
_NAME = re.compile(rb'name="([^"]*)"')


def form_fields(content_type: str, body: bytes) -> dict[str, bytes]:
    """Names and contents of a ``multipart/form-data`` body; empty for anything else."""
    match = _BOUNDARY.search(content_type)
    if not match:
        return {}
    fields = {}
    for part in body.split(b"--" + match[1].encode())[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        name = _NAME.search(head)
        if name:
            fields[name[1].decode()] = content.removesuffix(b"\r\n")
    return fields
