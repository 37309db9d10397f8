"""Stored JSON, shown to people."""

import json


def pretty(text):
    """JSON text indented; text that is no JSON as it is."""
    try:
        return json.dumps(json.loads(text or "null"), indent=2, ensure_ascii=False)
    except ValueError:
        return text
