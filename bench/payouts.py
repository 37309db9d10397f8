"""How fast a payout gets into the books: 10,000 transactions read, matched with their payments, booked and validated.

The payments stand in Odoo as a workflow leaves them. A first payout of a tenth of the transactions warms up, and shows that
memory does not grow with the number of transactions.
"""

import argparse
import json
import sys
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path

from bench import worlds
from bench.telling import tell
from devenv import environment
from devenv.environment import Environment
from devenv.errors import DevError
from shopify_simulator import Simulator

TOKEN = "shpat_simulator"
MOST_QUERIES = 8  # a transaction
PLENTY = {"bucket_size": 50_000, "restore_rate": 10_000}
FIRST_ID = 7_000_000_000_000  # of the made transactions


def main() -> int:
    options = _parser().parse_args()
    try:
        with environment.ready() as env:
            found = measure(env, options.transactions)
    except DevError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    print(as_text(found), flush=True)
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n")
    for text in found["wrong"]:
        print(f"WRONG  {text}", file=sys.stderr)
    return 1 if found["wrong"] else 0


def measure(env: Environment, transactions: int) -> dict:
    """Run it all; figures by name.

    :raises DevError: something failed
    """
    with ExitStack() as stack:
        simulator = stack.enter_context(Simulator(seed=1, orders=0, **PLENTY))
        tell("Making the database: addon, store")
        database = stack.enter_context(env.databases.temporary(worlds.PREFIX))
        worlds.install(env, database)
        worker = stack.enter_context(worlds.process(env, database, "payouts"))
        worker.ask("payouts", what="prepare", domain=simulator.domain, token=TOKEN)
        first = _run(worker, simulator, max(transactions // 10, 1), FIRST_ID)
        found = _run(worker, simulator, transactions, FIRST_ID * 2)
    wrong = [
        f"the payout of {one['transactions']} transactions ended as {one['state']}: {one['remains']}"
        for one in (first, found)
        if one["state"] != "validated"
    ]
    if transactions >= 1000 and found["queries_per_transaction"] > MOST_QUERIES:
        wrong.append(f"{found['queries_per_transaction']} queries a transaction: at most {MOST_QUERIES}")
    return {
        **found,
        "peak_rss_mb_first": first["peak_rss_mb"],
        "transactions_first": first["transactions"],
        "wrong": wrong,
    }


def _run(worker: worlds.Process, simulator: Simulator, count: int, first_id: int) -> dict:
    tell(f"Registering {count} payments")
    account, now = simulator.store.payments, simulator.store.clock.now()
    rows = []
    for place in range(count):
        amount = Decimal(1000 + place * 37 % 9000) / 100
        account.add("CHARGE", amount, "0.59", at=now, source_order_transaction_id=first_id + place)
        rows.append([str(first_id + place), str(amount)])
    (made,) = account.make_payouts()
    for start in range(0, count, 2000):
        worker.ask("payouts", what="pay", rows=rows[start : start + 2000])
    tell(f"Booking a payout of {count} transactions")
    done = worker.ask("payouts", what="run", payout=str(made.id))
    return {
        "transactions": count,
        "queries_per_transaction": round(done["queries"] / count, 2),
        "seconds": round(done["seconds"], 2),
        "queries": done["queries"],
        "parts": {
            name: {"seconds": round(seconds, 2), "queries": queries}
            for name, (seconds, queries) in done["parts"].items()
        },
        "state": done["state"],
        "remains": done["remains"],
        "peak_rss_mb": round(done["peak_rss_mb"], 1),
    }


def as_text(found: dict) -> str:
    """The figures as a table."""
    rows = [f"{'':14}{'seconds':>9}{'queries':>9}"]
    rows += [f"{name:14}{part['seconds']:>9.1f}{part['queries']:>9}" for name, part in found["parts"].items()]
    rows += [
        f"{'all':14}{found['seconds']:>9.1f}{found['queries']:>9}",
        f"{found['transactions']} transactions: {found['queries_per_transaction']} queries each (to reach: {MOST_QUERIES}).",
        f"Most memory: {found['peak_rss_mb_first']:.0f} MiB, then {found['peak_rss_mb']:.0f} MiB.",
    ]
    return "\n".join(rows)


def _parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="./dev bench payouts", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("--transactions", type=int, default=10_000, metavar="N", help="how many (default: %(default)s)")
    made.add_argument("--json", type=Path, metavar="FILE", help="write the figures to FILE, too")
    return made


if __name__ == "__main__":
    sys.exit(main())
