"""./dev test: the pure tests, the addons' tests inside Odoo (browser tests among them), the system tests."""

import os
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from devenv import environment, keywords, odoo_tests, results, test_selection, venv
from devenv.console import is_terminal, say
from devenv.databases import manifests
from devenv.environment import Environment
from devenv.errors import DevError
from devenv.paths import ADDONS, ROOT
from devenv.results import Part

PARTS = ("pure", "odoo", "system")
SYSTEM_TESTS = Path("tests/system")
MOST_ODOOS = 4  # each takes about a gigabyte


def run(keyword: str | None, chosen: Sequence[str], jobs: int | None = None) -> int:
    """Run the chosen parts and print the closing line.

    :param jobs: how many Odoos share the tests inside Odoo; None: one for each core, but one for chosen tests
    :return: exit code: 0 only when at least one test passed and nothing failed.
    """
    wanted = keywords.parse(keyword) if keyword else None
    parts = []
    with ExitStack() as stack:
        python = venv.ensure()
        if "pure" in chosen:
            parts.append(_pytest(python, "pure", ["tests", f"--ignore={SYSTEM_TESTS}"], keyword))
        if {"odoo", "system"} & set(chosen):
            part = Part("environment")
            try:
                env = stack.enter_context(environment.ready())
                jobs = jobs or (1 if wanted else min(os.cpu_count() or 1, MOST_ODOOS))
                parts += _real_parts(env, chosen, keyword, wanted, jobs)
            except DevError as error:
                part.add_fault(str(error))
                parts.append(part)
    say()
    for part in parts:
        say(f"{part.name}: {part.passed} good, {part.failed} bad")
        for fault in part.faults:
            say(f"  {fault}")
    if keyword and not any(part.passed or part.failed for part in parts):
        say(f"No test has a name that fits -k {keyword!r}.")
    say(results.closing_line(parts))
    return 0 if results.successful(parts) else 1


def _real_parts(env: Environment, chosen: Sequence[str], keyword: str | None, wanted, jobs: int) -> list[Part]:
    parts = []
    if "odoo" in chosen:
        classes, addons = test_selection.test_classes(ADDONS), sorted(manifests(ADDONS))
        shares = (
            test_selection.shares(classes, wanted, jobs) if wanted else test_selection.all_in(classes, addons, jobs)
        )
        if shares:
            parts.append(odoo_tests.run(env, addons, shares, selecting=bool(keyword)))
    if "system" in chosen:
        parts.append(_pytest(env.python, "system", [str(SYSTEM_TESTS)], keyword))
    return parts


def _pytest(python: Path, name: str, paths: list[str], keyword: str | None) -> Part:
    say(f"== {name} tests")
    command = [python, "-m", "pytest", *paths, "-q", "--tb=short"]
    command += ["-k", keyword] if keyword else []
    command += ["--color=yes"] if is_terminal() else []
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        part = results.from_pytest(name, report, subprocess.call([*command, f"--junitxml={report}"], cwd=ROOT))
    part.demand_tests(selecting=bool(keyword))
    return part
