"""How fast orders come in: the same orders imported in three ways, each on its own copy of one database.

One order at a time, as other connectors do; the connector on one worker, fetching included; and Odoo's own batch calls
on ready values, which nothing built on Odoo can beat by much. Every order ends confirmed, reserved in stock, invoiced,
posted and paid, and the documents are checked: a wrong one ends the benchmark with an error.

The ways run in three processes, one at a time, in rounds of one batch; each round begins with another way, so that other
work on the machine meets all three alike. Each process first imports a few orders outside the clock.
"""

import argparse
import json
import sys
from contextlib import ExitStack
from dataclasses import asdict
from datetime import datetime, timedelta, timezone
from pathlib import Path

from bench import worlds
from bench.report import CONNECTOR, FLOOR, ONE, Measure, Report
from bench.sales import Round, place_rounds, sizes
from bench.telling import tell
from devenv import environment
from devenv.environment import Environment
from devenv.errors import DevError
from shopify_simulator import Simulator

WARM_UP = 20  # orders
NO_LIMIT = 1_000_000_000  # points of Shopify's budget: it must not be what is measured
TOKEN = "shpat_simulator"
DAYS_BACK = 40  # where the orders' dates begin
MOST_ROUNDS = 24 * DAYS_BACK - 2


def main() -> int:
    options = _parser().parse_args()
    try:
        with environment.ready() as env:
            report, wrong = measure(env, options.orders, options.lines, options.seed, options.profile)
    except DevError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        return 130
    print(report.as_text(), flush=True)
    if options.json:
        options.json.write_text(json.dumps({**report.as_json(), "wrong": wrong}, indent=2) + "\n")
    for text in wrong:
        print(f"WRONG  {text}", file=sys.stderr)
    return 1 if wrong else 0


def measure(
    env: Environment, orders: int, lines: int, seed: int, profile: Path | None = None
) -> tuple[Report, list[str]]:
    """Run all three ways.

    :return: what they took, and what is wrong with the documents they made
    :raises DevError: something failed, or more was asked for than fits
    """
    with ExitStack() as stack:
        simulator = stack.enter_context(Simulator(seed, bucket_size=NO_LIMIT, restore_rate=NO_LIMIT))
        if lines > len(simulator.store.skus()):
            raise DevError(f"--lines: the simulated store has {len(simulator.store.skus())} products")
        tell("Making the database: addon, store, products")
        products = [str(product.id) for product in simulator.store.products]
        prepared = worlds.prepared(env, simulator.domain, TOKEN, products)
        database, batch = stack.enter_context(prepared)
        counts = [WARM_UP, *sizes(orders, batch)]
        if len(counts) > MOST_ROUNDS:
            raise DevError(f"--orders: at most {batch * (MOST_ROUNDS - 1)}")
        tell(f"Placing {sum(counts)} orders of {lines} lines in the simulated store")
        midnight = datetime.now(timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0)
        warm_up, *rounds = place_rounds(simulator, counts, lines, midnight - timedelta(days=DAYS_BACK))
        ways = {}
        for name in (ONE, CONNECTOR, FLOOR):
            tell(f"Warming up: {name.replace('_', ' ')}")
            wanted = str(profile.resolve()) if profile and name == CONNECTOR else None
            ways[name] = stack.enter_context(worlds.way(env, database, name, wanted))
            ways[name].ask("warm_up", **_request(warm_up))
        measured = _run_rounds(ways, rounds)
        tell("Looking at the documents")
        sales = [asdict(sale) for current in rounds for sale in current.sales]
        checked = {name: way.ask("check", sales=sales) for name, way in ways.items()}
    wrong = [f"{name}: {text}" for name, answer in checked.items() for text in answer["problems"]]
    return Report(measured, {name: answer["peak_rss_mb"] for name, answer in checked.items()}, lines), wrong


def _run_rounds(ways: dict[str, worlds.Process], rounds: list[Round]) -> dict[str, list[Measure]]:
    measured: dict[str, list[Measure]] = {name: [] for name in ways}
    names = list(ways)
    for number, current in enumerate(rounds):
        for name in names:
            measured[name].append(Measure(**ways[name].ask("measure", **_request(current))))
        walls = ", ".join(f"{name.replace('_', ' ')} {measured[name][-1].wall:.1f} s" for name in ways)
        tell(f"Round {number + 1} of {len(rounds)}, {len(current.sales)} orders: {walls}")
        names = names[1:] + names[:1]
    return measured


def _request(current: Round) -> dict:
    last = current.end - timedelta(seconds=1)
    window = [moment.replace(tzinfo=None).isoformat(sep=" ") for moment in (current.start, last)]
    return {"sales": [asdict(sale) for sale in current.sales], "window": window}


def _parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="./dev bench orders", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("--orders", type=_positive, default=200, metavar="N", help="how many (default: %(default)s)")
    made.add_argument("--lines", type=_positive, default=3, metavar="L", help="lines of each (default: %(default)s)")
    made.add_argument("--seed", type=int, default=1, metavar="S", help="another number makes other orders (default: 1)")
    made.add_argument("--json", type=Path, metavar="FILE", help="write the figures to FILE, too")
    made.add_argument(
        "--profile",
        type=Path,
        metavar="FILE",
        help="write what cProfile sees of the connector to FILE (it then runs slower: the ratios mean nothing)",
    )
    return made


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


if __name__ == "__main__":
    sys.exit(main())
