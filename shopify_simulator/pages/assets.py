"""The two files that the pages load."""

from pathlib import Path

_HERE = Path(__file__).parent
TYPES = {"style.css": "text/css; charset=utf-8", "live.js": "text/javascript; charset=utf-8"}


def served(name: str) -> tuple[bytes, str] | None:
    """Bytes and type of a file; None when there is none of this name."""
    return ((_HERE / name).read_bytes(), TYPES[name]) if name in TYPES else None
