"""How far a benchmark is, for the person who waits."""

import sys


def tell(text: str) -> None:
    """One line on standard error: standard output is for the figures."""
    print(text, file=sys.stderr, flush=True)
