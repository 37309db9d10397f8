"""./dev lint: ruff, pylint-odoo and the rules of this project."""

import subprocess

from devenv import house_rules, venv
from devenv.console import say
from devenv.paths import ROOT


def run(fix: bool) -> int:
    """Run every check, then say which failed.

    :param fix: first let ruff mend and format what it can.
    :return: exit code.
    """
    python = venv.ensure()
    files = house_rules.tracked_files(ROOT)
    addons = sorted({str(path.parent) for path in files if path.name == "__manifest__.py"})
    ruff = [python, "-m", "ruff"]
    if fix:
        subprocess.call([*ruff, "check", "--fix", "--quiet", "."], cwd=ROOT)
        subprocess.call([*ruff, "format", "--quiet", "."], cwd=ROOT)
    commands = {
        "ruff": [*ruff, "check", "--quiet", "."],
        "format (mend it with ./dev lint --fix)": [*ruff, "format", "--check", "--output-format", "concise", "."],
    }
    if addons:
        commands["pylint-odoo"] = [python, "-m", "pylint", "--jobs=2", *addons]
    failed = [name for name, command in commands.items() if subprocess.call(command, cwd=ROOT)]
    if broken := house_rules.check(ROOT, files):
        say("\n".join(broken))
        failed.append("the project's own rules")
    say(f"Lint failed: {', '.join(failed)}" if failed else "Lint: nothing to say")
    return 1 if failed else 0
