"""The command line of ./dev."""

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from devenv.errors import DevError

DESCRIPTION = """\
Everything for working with the Shopify Connector for Odoo, on this machine alone: no Shopify account is needed.

The first command makes what is missing, in the checkout (.venv, var) and in your cache folder: the Python packages,
Odoo 19, PostgreSQL. Nothing is installed in the system. Later commands start in seconds.

  ./dev demo          a shop and an Odoo to look at
  ./dev test -k tax   the tests whose names contain "tax"
"""
ENVIRONMENT = """\
environment variables:
  ODOO_SOURCE    a checkout of Odoo 19.0 to use instead of fetching Odoo
  DATABASE_URL   a PostgreSQL server to use instead of the embedded one, for example
                 postgresql://user:password@127.0.0.1:5432/postgres (the user must be allowed to create databases)
"""
INTERRUPTS = (signal.SIGINT, signal.SIGTERM)


def main(arguments: Sequence[str]) -> int:
    """Run a command as a program of its own.

    :return: its exit code; 130 when it was interrupted.
    """
    for number in INTERRUPTS:
        signal.signal(number, _interrupt)
    return run(arguments)


def run(arguments: Sequence[str]) -> int:
    """:return: the exit code of the command."""
    options = parser().parse_args(arguments)
    options.given = list(arguments)
    try:
        return options.command(options)
    except DevError as error:
        print(f"./dev: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        return 130


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """Ctrl-C and a polite kill clean up alike; a second one does not disturb the cleaning."""
    for number in INTERRUPTS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def parser() -> argparse.ArgumentParser:
    main = argparse.ArgumentParser(
        prog="./dev", description=DESCRIPTION, epilog=ENVIRONMENT, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = main.add_subparsers(metavar="COMMAND", required=True)

    demo = _command(
        commands,
        "demo",
        _demo,
        "show a simulated Shopify store and an Odoo that imports its orders",
        "Prints the addresses and the sign-in, shows the orders arriving, and stops all it started on Ctrl-C. The "
        "database stays: the next start goes on with it. Another number of orders or another seed makes a new one.",
    )
    demo.add_argument("--once", action="store_true", help="import once, print what became of every order, and end")
    demo.add_argument(
        "--by-hand", action="store_true", help="connect nothing: an empty Odoo in which you connect the store yourself"
    )
    demo.add_argument("--orders", type=int, default=300, metavar="N", help="orders in the store (default: %(default)s)")
    demo.add_argument("--seed", type=int, default=1, metavar="S", help="another number is another store (default: 1)")
    demo.add_argument("--json", type=Path, metavar="FILE", help="with --once: write the outcome to FILE, too")
    demo.add_argument("--database", help="name of the demo's database (default: demo; by_hand with --by-hand)")

    test = _command(
        commands,
        "test",
        _test,
        "run the tests: pure, inside Odoo (with a browser), and of the whole system",
        "Ends with one line `N passed, N failed`. Warnings in Odoo's log and skipped tests count as failed.",
    )
    test.add_argument("-k", metavar="WORD", dest="keyword", help="only tests whose names contain WORD (as in pytest)")
    test.add_argument("--only", choices=("pure", "odoo", "system"), help="only this part")
    test.add_argument("--jobs", type=int, metavar="N", help="how many Odoos share their tests (default: one a core)")

    lint = _command(
        commands,
        "lint",
        _lint,
        "check the code: ruff, pylint-odoo, XML, the project's own rules",
        "Exits with 0 only when there is nothing to say.",
    )
    lint.add_argument("--fix", action="store_true", help="first mend and format what can be mended without a person")

    screenshots = _command(
        commands,
        "screenshots",
        _screenshots,
        "take the pictures of docs/ from the demo",
        "Starts the demo, lets things happen in its store that need a person, and takes the screens that "
        "devenv/screens.py lists. Ends with 1 when a screen shows an error.",
    )
    screenshots.add_argument("names", nargs="*", metavar="NAME", help="only these pictures")
    screenshots.add_argument(
        "--all-screens", type=Path, metavar="DIR", help="instead: every menu's list and first record"
    )
    screenshots.add_argument("--database", default="screenshots", help="the demo's database (default: %(default)s)")
    screenshots.add_argument(
        "--url", metavar="URL", help="the address of a demo that runs already, instead of starting one"
    )

    translations = _command(
        commands,
        "translations",
        _translations,
        "export the texts to translate and bring every language up to date",
        "Writes addons/*/i18n/*.pot through Odoo and merges them into the .po files beside them; says what each lacks.",
    )
    translations.add_argument(
        "--check", action="store_true", help="write nothing; fail when something is not up to date"
    )
    translations.add_argument(
        "--language", action="append", metavar="CODE", help="begin this language, for example: es"
    )

    bench = _command(
        commands,
        "bench",
        _bench,
        "measure the speed",
        "Runs one of the benchmarks in bench/ on copies of one database.",
    )
    bench.add_argument("name", metavar="NAME", help="the benchmark, for example: orders")
    bench.add_argument("arguments", nargs=argparse.REMAINDER, help="its own options, for example --json FILE")

    shell = _command(
        commands,
        "shell",
        _shell,
        "a Python shell inside Odoo on the demo database",
        "`env` is Odoo's environment. Reads a script from standard input: ./dev shell < script.py. Nothing is kept "
        "unless you call env.cr.commit().",
    )
    shell.add_argument("--database", default="demo", help="another database (default: %(default)s)")

    _command(
        commands,
        "setup",
        _setup,
        "make the environment and the template database, nothing else",
        "Not needed before other commands: they do the same when something is missing.",
    )
    _command(
        commands,
        "stop",
        _stop,
        "stop a PostgreSQL that a killed command left running",
        "Not needed otherwise: the last command that uses PostgreSQL stops it.",
    )
    lock = _command(
        commands,
        "lock",
        _lock,
        "pin the packages of requirements.in anew",
        "Writes requirements.lock: versions and hashes for every Python that Odoo 19 runs on.",
    )
    lock.add_argument("--upgrade", action="store_true", help="take the newest versions")
    return main


def _command(commands, name: str, function, summary: str, more: str) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}. {more}")
    command.set_defaults(command=function)
    return command


def _go_on_with_packages(options: argparse.Namespace) -> None:
    """Begin the command again in the checkout's environment, if this is not it."""
    from devenv import venv
    from devenv.paths import ROOT, VENV

    if Path(sys.prefix) != VENV:
        python = str(venv.ensure())
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        os.execve(python, [python, "-m", "devenv", *options.given], environment)


# Each command imports what it needs only when it runs: --help must work, and be quick, whatever is broken elsewhere.


def _demo(options: argparse.Namespace) -> int:
    from devenv import demo

    if options.json and not options.once:
        raise DevError("--json goes with --once.")
    if options.by_hand and options.once:
        raise DevError("--by-hand and --once exclude each other.")
    database = options.database or ("by_hand" if options.by_hand else "demo")
    return demo.run(database, options.orders, options.seed, options.once, options.json, options.by_hand)


def _screenshots(options: argparse.Namespace) -> int:
    _go_on_with_packages(options)
    from devenv import screenshots

    return screenshots.run(options.database, options.url, options.names, options.all_screens)


def _translations(options: argparse.Namespace) -> int:
    _go_on_with_packages(options)
    from devenv import translations

    return translations.run(options.check, options.language or [])


def _bench(options: argparse.Namespace) -> int:
    from devenv import benchmarks

    return benchmarks.run(options.name, options.arguments)


def _test(options: argparse.Namespace) -> int:
    from devenv import testing

    return testing.run(options.keyword, [options.only] if options.only else testing.PARTS, options.jobs)


def _lint(options: argparse.Namespace) -> int:
    from devenv import lint

    return lint.run(options.fix)


def _shell(options: argparse.Namespace) -> int:
    from devenv import shell

    return shell.run(options.database)


def _setup(_options: argparse.Namespace) -> int:
    from devenv import environment
    from devenv.console import say, table
    from devenv.paths import shown

    with environment.ready() as env:
        rows = [
            ("Python", shown(env.python)),
            ("Odoo", str(env.odoo.source.parent)),
            ("PostgreSQL", f"{env.server.host} port {env.server.port}, user {env.server.user}"),
            ("Template database", env.databases.template()),
        ]
    say(table(rows))
    return 0


def _stop(_options: argparse.Namespace) -> int:
    from devenv import venv
    from devenv.console import say
    from devenv.postgres import EmbeddedPostgres

    stopped = EmbeddedPostgres(venv.site_packages()).stop()
    say("Stopped PostgreSQL." if stopped else "PostgreSQL is not running, or a command uses it.")
    return 0


def _lock(options: argparse.Namespace) -> int:
    from devenv import lockfile

    lockfile.make_anew(options.upgrade)
    return 0
