"""The GraphQL documents that we send, one file each under `documents/<area>/<Name>.graphql`.

The head of a file is comment lines:

    # cost: 120                      points that Shopify asks for at most; the first line of every file
    # import: orders/OrderFields     a file of fragments that the text uses; may import others itself
    # with: first=50 lines=20        largest numbers (or lengths of lists) the cost was counted with

Each file holds one operation, named like the file, or fragments only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

_NAME = re.compile(r"[a-z0-9_]+/[A-Za-z0-9_]+", re.ASCII)
_COST = re.compile(r"# cost: ([0-9]+)")
_IMPORT = re.compile(r"# import: (\S+)")
_WITH = re.compile(r"# with:((?: \w+=[0-9]+)+)")
_OPERATION = re.compile(r"^(query|mutation|subscription)\b[ \t]*(\w*)", re.MULTILINE)


class DocumentError(ValueError):
    """A document is missing or not written as this module asks; a fault of the program, not of its user."""


@dataclass(frozen=True)
class Document:
    """One request. `cost` is in points, `text` is what is sent, `largest` the limits of its `# with:` line."""

    name: str
    operation_name: str
    text: str
    cost: int
    is_mutation: bool
    largest: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}), compare=False)

    def check(self, variables: Mapping[str, Any]) -> None:
        """Raise ValueError when a variable is larger than the declared cost was counted with."""
        for key, limit in self.largest.items():
            value = variables.get(key)
            size = len(value) if isinstance(value, (list, tuple)) else value
            if size is not None and size > limit:
                raise ValueError(f"{self.name}: {key} is {size}, its declared cost holds up to {limit}")


class Library:
    """The documents under one folder. Read once, then kept."""

    def __init__(self, root: Path):
        self._root = root
        self._loaded: dict[str, Document] = {}

    def load(self, name: str) -> Document:
        """Return the document 'area/Name' with all fragments it imports. Raises DocumentError."""
        document = self._loaded.get(name)
        if document is None:
            document = self._loaded[name] = self._read(name)
        return document

    def names(self) -> list[str]:
        """Return the names of all files that hold an operation, sorted."""
        return [name for name in self.files() if _OPERATION.search(self._source(name))]

    def files(self) -> list[str]:
        """Return the names of all files, those with fragments only too, sorted."""
        return sorted(path.relative_to(self._root).with_suffix("").as_posix() for path in self._root.rglob("*.graphql"))

    def _read(self, name: str) -> Document:
        source = self._source(name)
        operations = _OPERATION.findall(source)
        short_name = name.rpartition("/")[2]
        if len(operations) != 1 or operations[0][0] == "subscription" or operations[0][1] != short_name:
            raise DocumentError(f"{name}.graphql must hold exactly one query or mutation, named {short_name}")
        parts: dict[str, str] = {}
        self._collect(name, parts, ())
        return Document(
            name=name,
            operation_name=short_name,
            text="\n".join(parts.values()),
            cost=_cost(name, source),
            is_mutation=operations[0][0] == "mutation",
            largest=MappingProxyType(_largest(name, source)),
        )

    def _collect(self, name: str, parts: dict[str, str], above: tuple[str, ...]) -> None:
        if name in above:
            raise DocumentError(f"{' imports '.join((*above, name))}: a circle")
        if name in parts:
            return
        source = self._source(name)
        if above and _OPERATION.search(source):
            raise DocumentError(f"{above[-1]}.graphql imports {name}, which is no file of fragments")
        parts[name] = "\n".join(
            line.strip() for line in source.splitlines() if line.strip() and not line.lstrip().startswith("#")
        )
        for imported in (match[1] for line in source.splitlines() if (match := _IMPORT.fullmatch(line.strip()))):
            self._collect(imported, parts, (*above, name))

    def _source(self, name: str) -> str:
        if not _NAME.fullmatch(name):
            raise DocumentError(f"not the name of a document: {name!r}; names look like orders/OrdersPage")
        try:
            return (self._root / f"{name}.graphql").read_text(encoding="utf-8")
        except FileNotFoundError:
            raise DocumentError(f"there is no document {name}.graphql") from None


def _cost(name: str, source: str) -> int:
    match = _COST.fullmatch(source.partition("\n")[0].strip())
    if not match:
        raise DocumentError(f"the first line of {name}.graphql must say its cost in points, like “# cost: 120”")
    return int(match[1])


def _largest(name: str, source: str) -> dict[str, int]:
    largest: dict[str, int] = {}
    for line in source.splitlines():
        if not line.startswith("# with:"):
            continue
        match = _WITH.fullmatch(line.rstrip())
        if not match:
            raise DocumentError(f"{name}.graphql: “{line}” must look like “# with: first=50 lines=20”")
        largest.update((key, int(number)) for key, _, number in (pair.partition("=") for pair in match[1].split()))
    return largest


LIBRARY = Library(Path(__file__).parent / "documents")


def load(name: str) -> Document:
    """Return one of the connector's own documents, e.g. `load("orders/OrdersPage")`. Raises DocumentError."""
    return LIBRARY.load(name)
