"""Sentences for people, kept as template and values until somebody reads them: so they can be said in any language.

Translations are found by the template. Odoo's export looks for calls of `_lt` with a text written out, which is why the
function has that name. The file stands in each of the packages that work without Odoo, for they do not know each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Words:
    """A sentence: `template` is English with places like `%(host)s`, `values` what stands there, which may be words too.

    `str()` gives the English text. A template without values is the text itself, a `%` in it just that.
    """

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template % self.values if self.values else self.template


def _lt(template: str, /, **values: Any) -> Words:
    """Return the words; the template must be written out in the call."""
    return Words(template, values)
