"""The one error that ./dev shows as a plain sentence instead of a traceback."""


class DevError(Exception):
    """Something is missing or went wrong; the message says in one line what to do about it."""
