"""Command line of the simulator."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from .auth import CLIENT_ID, CLIENT_SECRET, PERMANENT_TOKEN
from .simulator import Simulator
from .values import BadRequest

_EPILOG = """\
Any client of Shopify's GraphQL Admin API can talk to it: http://127.0.0.1:PORT/admin/api/2026-07/graphql.json
with the header X-Shopify-Access-Token. It can be changed while it runs: http://127.0.0.1:PORT/_control/help lists how.
The same seed and number of orders give the same store again; dates count back from today unless --reference fixes the day.
"""


def parser() -> argparse.ArgumentParser:
    """The options."""
    made = argparse.ArgumentParser(
        prog="python -m shopify_simulator",
        description="A Shopify store on this machine, true to Shopify's own schema, for demo, tests and benchmarks.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--port", type=int, default=0, help="port to listen on (default: a free one, printed)")
    made.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1, this machine only)"
    )
    made.add_argument("--seed", type=int, default=1, help="number that the whole store is made from (default: 1)")
    made.add_argument("--orders", type=int, default=300, help="how many orders it has had (default: 300)")
    made.add_argument("--products", type=int, default=60, help="how many products it sells (default: 60)")
    made.add_argument("--currency", default="USD", help="the shop's currency (default: USD)")
    made.add_argument("--days", type=int, default=50, help="days over which the orders are spread (default: 50)")
    made.add_argument(
        "--older", type=float, default=0.0, help="share of orders older than 60 days, 0 to 1 (default: 0)"
    )
    made.add_argument("--reference", metavar="DAY", help="day that the orders reach up to, ISO (default: today)")
    made.add_argument("--now", metavar="TIME", help="start the store's clock at this ISO time (default: real time)")
    made.add_argument(
        "--load", metavar="FOLDER", type=Path, help="load all *.json order documents of a folder (REST shape)"
    )
    made.add_argument("--bucket", type=float, default=2000, help="size of the query cost bucket (default: 2000 points)")
    made.add_argument("--restore-rate", type=float, default=100, help="points restored a second (default: 100)")
    made.add_argument(
        "--journal",
        metavar="FILE",
        type=Path,
        help="keep what is done to the store in this file, and do it again at the next start (default: forget it)",
    )
    made.add_argument("--name", default="Simulated Store", help="name of the shop")
    return made


def main(argv: list[str] | None = None) -> int:
    """Run a simulator until it is told to stop (Ctrl-C or SIGTERM)."""
    options = parser().parse_args(argv)
    ended = threading.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, lambda *_args: ended.set())
    try:
        simulator = Simulator(
            options.seed,
            options.orders,
            products=options.products,
            currency=options.currency,
            now=options.now,
            reference=_day(options.reference),
            days=options.days,
            older=options.older,
            host=options.host,
            port=options.port,
            bucket_size=options.bucket,
            restore_rate=options.restore_rate,
            name=options.name,
            journal=options.journal,
        )
        loaded = load_folder(simulator, options.load) if options.load else 0
        simulator.start()
    except (BadRequest, OSError) as error:
        print(f"shopify_simulator: {error}", file=sys.stderr)
        return 2
    print(
        f"{simulator.store.shop.name}: {simulator.url} ({len(simulator.store.orders)} orders, {loaded} of them loaded)"
    )
    print(f"  permanent token {PERMANENT_TOKEN}; client id {CLIENT_ID}, secret {CLIENT_SECRET}", flush=True)
    ended.wait()
    simulator.stop()
    return 0


def load_folder(simulator: Simulator, folder: Path) -> int:
    """Load every order document of a folder and its folders; one whose id is taken gets an id of its own.

    `BadRequest` names a file that cannot be read.
    """
    files = sorted(folder.rglob("*.json"))
    if not files:
        raise BadRequest(f"{folder} holds no order documents (*.json)")
    for file in files:
        try:
            document = json.loads(file.read_text(encoding="utf-8"))
            known = simulator.store.orders.serial_by_id(int(document.get("id") or 0)) is not None
            simulator.store.load_rest_order(document, new_id=known)
        except (ValueError, KeyError) as error:
            raise BadRequest(f"{file}: {error}") from error
    return len(files)


def _day(text: str | None) -> str | None:
    return f"{text}T00:00:00+00:00" if text and len(text) == 10 else text
