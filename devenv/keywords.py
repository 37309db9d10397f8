"""The words after `-k`, with pytest's meaning: `order and not (refund or edit)`; a word fits when it is part of a
name, in upper or lower case."""

import re
from collections.abc import Callable, Iterable

from devenv.errors import DevError

Predicate = Callable[[Iterable[str]], bool]
_TOKEN = re.compile(r"\s*(\(|\)|[^\s()]+)")
_OPERATORS = {"and", "or", "not", "(", ")"}


def parse(expression: str) -> Predicate:
    """A function that tells whether a test with these names is wanted.

    :raises DevError: the expression cannot be understood.
    """
    tokens = _TOKEN.findall(expression)
    predicate, rest = _either(tokens, expression)
    if rest:
        raise DevError(f"-k {expression!r}: {rest[0]!r} is not expected there. Join words by and, or, not.")
    return lambda names: predicate([name.lower() for name in names])


def _either(tokens: list[str], whole: str) -> tuple[Predicate, list[str]]:
    return _chain(tokens, whole, "or", any, _both)


def _both(tokens: list[str], whole: str) -> tuple[Predicate, list[str]]:
    return _chain(tokens, whole, "and", all, _one)


def _chain(tokens: list[str], whole: str, operator: str, how: Callable, part: Callable) -> tuple[Predicate, list[str]]:
    """One or more parts with the same operator between them."""
    predicate, rest = part(tokens, whole)
    predicates = [predicate]
    while rest[:1] == [operator]:
        predicate, rest = part(rest[1:], whole)
        predicates.append(predicate)
    return (lambda names: how(fits(names) for fits in predicates)), rest


def _one(tokens: list[str], whole: str) -> tuple[Predicate, list[str]]:
    if not tokens:
        raise DevError(f"-k {whole!r}: a word is missing at its end")
    token, rest = tokens[0], tokens[1:]
    if token == "not":
        inner, rest = _one(rest, whole)
        return (lambda names: not inner(names)), rest
    if token == "(":
        inner, rest = _either(rest, whole)
        if rest[:1] != [")"]:
            raise DevError(f"-k {whole!r}: a closing parenthesis is missing")
        return inner, rest[1:]
    if token in _OPERATORS:
        raise DevError(f"-k {whole!r}: a word is missing before {token!r}")
    return (lambda names: any(token.lower() in name for name in names)), rest
