"""What the benchmarks with one database have in common: the command line, the process that works, how they tell."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import worlds
from bench.telling import tell
from devenv import environment
from devenv.environment import Environment
from devenv.errors import DevError

TOKEN = "shpat_simulator"


def parser(name: str, description: str) -> argparse.ArgumentParser:
    """The command line of `./dev bench NAME`, with what all of them take."""
    made = argparse.ArgumentParser(
        prog=f"./dev bench {name}", description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("--json", type=Path, metavar="FILE", help="write the figures to FILE, too")
    return made


def run(options: argparse.Namespace, measure: Callable[[Environment], dict], as_text: Callable[[dict], str]) -> int:
    """Measure, print, write; what is in the figures' `wrong` did not come out as it must.

    :return: exit code
    """
    try:
        with environment.ready() as env:
            found = measure(env)
    except DevError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    print(as_text(found), flush=True)
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n")
    for text in found["wrong"]:
        print(f"WRONG  {text}", file=sys.stderr)
    return 1 if found["wrong"] else 0


@contextmanager
def worker(env: Environment, name: str, holds: str) -> Iterator[worlds.Process]:
    """A process on a new database with the addons in it.

    :param holds: what else will be made in it, for the message
    """
    tell(f"Making the database: addon, {holds}")
    with env.databases.temporary(worlds.PREFIX) as database:
        worlds.install(env, database)
        with worlds.process(env, database, name) as started:
            yield started
