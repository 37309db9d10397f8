"""Rules of this project that no ready-made checker has. Each check gives lines of the form `path:line: what is wrong`."""

import ast
import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.etree import ElementTree

LONGEST_MODULE = 450  # lines
PURE = (
    "addons/shopify_sync/shopify_api",
    "addons/shopify_sync/mapping",
    "shopify_simulator",
)
TEXT_SUFFIXES = {
    *("", ".cfg", ".css", ".csv", ".graphql", ".in", ".js", ".lock", ".md", ".po", ".pot", ".py", ".rst", ".scss"),
    *(".sh", ".sql", ".toml", ".txt", ".xml", ".yaml", ".yml"),
}
PRIVATE = (
    (re.compile(r"(?<![\w./~}-])/(?:work|root|home/[a-z]\w*)/"), "a path of one machine"),
    (re.compile(r"https?://(?:deb|registry|files|pypi|archive|security)\.[a-z]"), "the address of a package registry"),
)


def tracked_files(root: Path) -> list[Path]:
    """The files of the checkout that git knows, or would know at the next `git add`."""
    command = ["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.check_output(command, text=True)
    return [root / name for name in listed.split("\0") if name and (root / name).is_file()]


def check(root: Path, files: Iterable[Path]) -> list[str]:
    """All rules over the given files, paths in the answers relative to `root`."""
    found: list[str] = []
    for path in files:
        name = path.relative_to(root).as_posix()
        if path.suffix == ".xml":
            found += ill_formed_xml(name, path)
        if path.suffix in TEXT_SUFFIXES:
            text = path.read_text(errors="replace")
            found += private_words(name, text)
            if path.suffix == ".py":
                found += too_long(name, text)
                if name.startswith(tuple(f"{folder}/" for folder in PURE)):
                    found += odoo_imports(name, text)
    return found


def ill_formed_xml(name: str, path: Path) -> Iterator[str]:
    try:
        ElementTree.parse(path)
    except ElementTree.ParseError as error:
        yield f"{name}:{error.position[0]}: this is no well-formed XML: {error.msg}"


def private_words(name: str, text: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), 1):
        for pattern, what in PRIVATE:
            if pattern.search(line):
                yield f"{name}:{number}: {what}"


def too_long(name: str, text: str) -> Iterator[str]:
    lines = text.count("\n")
    if lines > LONGEST_MODULE:
        yield f"{name}:{lines}: {lines} lines: a module of more than {LONGEST_MODULE} does two jobs, find the second"


def odoo_imports(name: str, text: str) -> Iterator[str]:
    """Imports of Odoo in a package that must work without it."""
    for node in ast.walk(ast.parse(text, name)):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = [node.module or ""] if not node.level else []
        else:
            continue
        if any(module.split(".")[0] == "odoo" for module in modules):
            yield f"{name}:{node.lineno}: this package works without Odoo: no import of it here"
