"""Seeded stores: catalogue, people and orders, each a function of the seed and its number, so that every run is the same."""

import random


def rng(seed: int, what: str, number: int = 0) -> random.Random:
    """Random numbers of one record: the same for the same seed, kind of record and number."""
    return random.Random(f"{seed}:{what}:{number}")
