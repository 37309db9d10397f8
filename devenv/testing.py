"""./dev test: the pure tests, the addons' tests inside Odoo (browser tests among them), the system tests."""

import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from devenv import chromium, environment, keywords, results, test_selection, venv
from devenv.console import StatusLine, is_terminal, say
from devenv.databases import manifests
from devenv.environment import Environment
from devenv.errors import DevError
from devenv.odoo_log import Record, TestLog
from devenv.odoo_server import free_port
from devenv.paths import ADDONS, LOGS, ROOT, shown
from devenv.processes import Silent, lines_of, start_group, stop_group
from devenv.results import Part

PARTS = ("pure", "odoo", "system")
SYSTEM_TESTS = Path("tests/system")
NO_AUTOVACUUM = Path(__file__).with_name("test_database.sql")
BESIDE = ("base_vat",)  # Odoo's own modules that the addons do not need and get on with
LOGS_KEPT = 5
LONGEST_SILENCE = 600  # seconds without a line from Odoo, then it counts as hanging


def run(keyword: str | None, chosen: Sequence[str]) -> int:
    """Run the chosen parts and print the closing line.

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
                parts += _real_parts(stack.enter_context(environment.ready()), chosen, keyword, wanted)
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


def _real_parts(env: Environment, chosen: Sequence[str], keyword: str | None, wanted) -> list[Part]:
    parts = []
    if "odoo" in chosen:
        classes = test_selection.test_classes(ADDONS)
        addons = sorted(manifests(ADDONS))
        tags = test_selection.tags(classes, wanted) if wanted else [f"/{addon}" for addon in addons]
        if tags:
            parts.append(_odoo(env, addons, tags, selecting=bool(keyword)))
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


def _odoo(env: Environment, addons: list[str], tags: list[str], selecting: bool) -> Part:
    say("== Odoo tests")
    part, log = Part("Odoo"), TestLog()
    chromium.ensure()
    with env.databases.temporary("test") as database:
        env.server.run_file(NO_AUTOVACUUM, database)
        log_path = _new_log(database)
        process = start_group(
            env.odoo.command(
                *("--database", database, "--init", ",".join((*addons, *BESIDE)), "--test-tags", ",".join(tags)),
                *("--stop-after-init", "--http-port", str(free_port())),
            ),
            env=env.odoo.variables,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        try:
            _follow(process, log, log_path)
            exit_code = process.wait(60)
        except Silent:
            part.add_fault(f"Odoo printed nothing for {LONGEST_SILENCE} s and was ended")
            exit_code = 0
        except subprocess.TimeoutExpired:
            part.add_fault("Odoo did not end after its tests")
            exit_code = 0
        finally:
            stop_group(process)
    part.passed += log.passed
    part.failed += log.bad
    if exit_code and not log.bad:
        part.add_fault(f"Odoo ended with code {exit_code}")
    elif not log.finished and not part.failed:
        part.add_fault("Odoo ended before its tests did")
    part.demand_tests(selecting)
    if part.failed:
        part.faults.append(f"The whole log: {shown(log_path)}")
    return part


def _new_log(name: str) -> Path:
    """A log of this run alone, as several may run at once; the oldest ones go."""
    LOGS.mkdir(parents=True, exist_ok=True)
    older = sorted(LOGS.glob("test_tmp_*.log"), key=lambda path: path.stat().st_mtime)
    for path in older[: -LOGS_KEPT + 1]:
        path.unlink(missing_ok=True)
    return LOGS / f"{name}.log"


def _follow(process: subprocess.Popen, log: TestLog, log_path: Path) -> None:
    status, started = StatusLine(), time.monotonic()
    shown_module = ""
    with log_path.open("w") as copy:
        for line in lines_of(process, LONGEST_SILENCE):
            copy.write(line)
            _tell(log.feed(line), status)
            if log.started:
                module, test = log.started[-1]
                text = f"  {len(log.started)} tests, {time.monotonic() - started:.0f} s: "
                status.show(text + test)
                if module != shown_module:
                    shown_module = module
                    status.milestone(text + module.removeprefix("odoo.addons."))
    _tell(log.close(), status)
    status.clear()


def _tell(news: Record | None, status: StatusLine) -> None:
    if news:
        status.clear()
        say(str(news))
