"""./dev translations: the template of every addon, and each language brought up to date with it."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from devenv import catalogues, environment
from devenv.console import say, step, table
from devenv.databases import manifests
from devenv.environment import Environment
from devenv.errors import DevError
from devenv.paths import ADDONS, ODOO_CONFIG, ROOT, shown
from devenv.processes import run_logged

SHOWN = 12  # faults of one file


def run(check: bool, languages: Sequence[str]) -> int:
    """Export, merge, and say what each language lacks.

    :param check: write nothing
    :param languages: codes of languages that are begun where an addon lacks them
    :return: exit code: with `check` 0 only when all is up to date, complete and whole.
    :raises DevError: Odoo cannot export.
    """
    addons = sorted(manifests(ADDONS))
    with environment.ready() as env, tempfile.TemporaryDirectory() as folder:
        exported = _export(env, addons, Path(folder))
    faults, rows = [], []
    for addon in addons:
        directory = ADDONS / addon / "i18n"
        pot = catalogues.template(exported[addon])
        faults += _put(directory / f"{addon}.pot", pot, check)
        begun = {directory / f"{language}.po" for language in languages}
        for path in sorted({*directory.glob("*.po"), *begun}):
            old = catalogues.read(path) if path.exists() else catalogues.begin(path.stem, pot)
            new = catalogues.merge(pot, old)
            faults += _put(path, new, check)
            lacking, broken = catalogues.missing(new), catalogues.broken(new)
            rows.append((f"{addon}, {path.stem}", f"{len(new)} texts, {len(lacking)} missing, {len(broken)} broken"))
            faults += _first(f"{shown(path)}: not translated: ", [repr(text[:90]) for text in lacking])
            faults += _first(f"{shown(path)}: ", broken)
    say(table(rows))
    for fault in faults:
        say(f"  {fault}")
    return 1 if check and faults else 0


def _export(env: Environment, addons: list[str], folder: Path) -> dict[str, str]:
    """What Odoo exports for each addon from a database that has the addons and what they need, and nothing else."""
    exported = {}
    with env.databases.temporary("translations") as database:
        hint = "Odoo could not export the texts"
        options = {"env": env.odoo.variables, "cwd": ROOT}
        with step("Installing the addons in a database of their own"):
            install = env.odoo.command(
                "--database", database, "--init", ",".join(addons), "--stop-after-init", "--no-http"
            )
            run_logged(install, "translations.log", hint, **options)
        with step("Exporting the texts"):
            for addon in addons:
                target = folder / f"{addon}.pot"
                arguments = ("i18n", "export", "-c", ODOO_CONFIG, "-d", database, "-o", target, addon)
                run_logged([env.python, "-m", "odoo", *arguments], "translations.log", hint, **options)
                if not target.exists():
                    raise DevError(f"{hint} of {addon}")
                exported[addon] = target.read_text()
    return exported


def _put(path: Path, catalogue, check: bool) -> list[str]:
    text = f"{catalogue}\n"
    if path.exists() and path.read_text() == text:
        return []
    if check:
        return [f"{shown(path)} is not up to date: run ./dev translations"]
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return []


def _first(prefix: str, faults: list[str]) -> list[str]:
    more = [f"{prefix}and {len(faults) - SHOWN} more"] if len(faults) > SHOWN else []
    return [f"{prefix}{fault}" for fault in faults[:SHOWN]] + more
