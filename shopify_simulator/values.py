"""Reading what callers of the Python and HTTP interfaces write: amounts, times, choices."""

from datetime import datetime, timezone
from decimal import Decimal, InvalidOperation


class BadRequest(ValueError):
    """What the caller asked for cannot be done; the message says what and why."""


def decimal(value: object, what: str = "amount") -> Decimal:
    """A `Decimal` of text, whole number or `Decimal`; `BadRequest` names the field otherwise."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, float):
        value = repr(value)
    try:
        return Decimal(str(value))
    except InvalidOperation as error:
        raise BadRequest(f"{what}: {value!r} is no number") from error


def moment(value: object, what: str = "time") -> datetime:
    """An aware UTC time with whole seconds, of a `datetime` or ISO text."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.replace("Z", "+00:00"))
        except ValueError as error:
            raise BadRequest(f"{what}: {value!r} is no ISO time") from error
    if not isinstance(value, datetime):
        raise BadRequest(f"{what}: {value!r} is no time")
    if value.tzinfo is None:
        raise BadRequest(f"{what}: {value} lacks its time zone")
    return value.astimezone(timezone.utc).replace(microsecond=0)


def known_keys(given: dict, allowed: set[str] | frozenset[str], what: str) -> None:
    """`BadRequest` for keys that mean nothing, with those that do."""
    unknown = sorted(set(given) - allowed)
    if unknown:
        raise BadRequest(f"{what}: unknown {', '.join(unknown)}; known are {', '.join(sorted(allowed))}")


def one_of(value: object, allowed: tuple[str, ...], what: str) -> str:
    """``value`` if it is allowed, else `BadRequest` with what is."""
    if value not in allowed:
        raise BadRequest(f"{what}: {value!r} is none of {', '.join(allowed)}")
    return value


def metafield_parts(given: dict | None) -> list[tuple[str, str, str, str]]:
    """Namespace, key, type and value of ``{"custom.gift": "yes"}`` or ``{"custom.count": ("number_integer", "3")}``."""
    parts = []
    for name, value in (given or {}).items():
        namespace, _, key = name.rpartition(".")
        kind, text = value if isinstance(value, (tuple, list)) else ("single_line_text_field", value)
        parts.append((namespace, key, kind, str(text)))
    return parts
