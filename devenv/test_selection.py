"""Which of the addons' tests a `-k` expression means, in the words of Odoo's --test-tags."""

import ast
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from devenv.keywords import Predicate


@dataclass(frozen=True)
class TestClass:
    """A class of an addon's tests with all its test methods, those it inherits among them."""

    __test__ = False  # this is no test for pytest

    addon: str
    module: str
    name: str
    methods: tuple[str, ...]


def test_classes(addons: Path) -> list[TestClass]:
    """Every class with tests in the addons of a folder."""
    return [found for folder in sorted(addons.glob("*/tests")) for found in _classes_of(folder)]


def tags(classes: list[TestClass], wanted: Predicate) -> list[str]:
    """For example `/shopify_sync:TestQueue.test_two_workers`; the class alone when all its tests are wanted and
    no other file has a class of its name."""
    selected = []
    names = Counter((cls.addon, cls.name) for cls in classes)
    for cls in classes:
        methods = [name for name in cls.methods if wanted((cls.addon, cls.module, cls.name, name))]
        if methods and len(methods) == len(cls.methods) and names[cls.addon, cls.name] == 1:
            selected.append(f"/{cls.addon}:{cls.name}")
        else:
            selected += [f"/{cls.addon}:{cls.name}.{name}" for name in methods]
    return selected


def shares(classes: list[TestClass], wanted: Predicate, number: int) -> list[list[str]]:
    """The wanted tests, dealt out to so many Odoos at most."""
    selected = tags(classes, wanted)
    return [selected[start::number] for start in range(number) if selected[start::number]]


def all_in(classes: list[TestClass], addons: Sequence[str], number: int) -> list[list[str]]:
    """Every test of the addons, dealt out to so many Odoos: one of them takes whatever no other has been given, so that
    a test that is not found here is run all the same."""
    names = sorted({f"/{cls.addon}:{cls.name}" for cls in classes})
    given = [dealt for start in range(1, number) if (dealt := names[start::number])]
    return [[*(f"/{addon}" for addon in addons), *(f"-{name}" for dealt in given for name in dealt)], *given]


def _classes_of(folder: Path) -> list[TestClass]:
    # two modules may have a class of the same name
    own: dict[tuple[str, str], list[str]] = {}
    bases: dict[tuple[str, str], list[str]] = {}
    for path in sorted(folder.glob("*.py")):
        for node in ast.parse(path.read_text(), str(path)).body:
            if isinstance(node, ast.ClassDef):
                functions = (item for item in node.body if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef))
                own[path.stem, node.name] = [item.name for item in functions if item.name.startswith("test_")]
                bases[path.stem, node.name] = [ast.unparse(base).rsplit(".", 1)[-1] for base in node.bases]

    def found_as(module: str, name: str) -> list[tuple[str, str]]:
        """A base by its name: of the same module, else of any other."""
        return [(module, name)] if (module, name) in own else [key for key in own if key[1] == name]

    def methods(key: tuple[str, str]) -> dict[str, None]:
        inherited = {
            method: None
            for base in bases[key]
            for other in found_as(key[0], base)
            if other != key
            for method in methods(other)
        }
        return inherited | dict.fromkeys(own[key])

    # Odoo runs only the tests in modules named test_*.
    found = [TestClass(folder.parent.name, module, name, tuple(methods((module, name)))) for module, name in own]
    return [cls for cls in found if cls.methods and cls.module.startswith("test_")]
