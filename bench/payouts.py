"""How fast a payout gets into the books: 10,000 transactions read, matched with their payments, booked and validated.

The payments stand in Odoo as a workflow leaves them. A first payout of a tenth of the transactions warms up, and shows that
memory does not grow with the number of transactions.
"""

import argparse
import sys
from contextlib import ExitStack
from decimal import Decimal

from bench import program, worlds
from bench.telling import tell
from devenv.environment import Environment
from shopify_simulator import Simulator

MOST_QUERIES = 8  # a transaction
PLENTY = {"bucket_size": 50_000, "restore_rate": 10_000}
FIRST_ID = 7_000_000_000_000  # of the made transactions


def main() -> int:
    options = _parser().parse_args()
    return program.run(options, lambda env: measure(env, options.transactions), as_text)


def measure(env: Environment, transactions: int) -> dict:
    """Run it all; figures by name.

    :raises DevError: something failed
    """
    with ExitStack() as stack:
        simulator = stack.enter_context(Simulator(seed=1, orders=0, **PLENTY))
        worker = stack.enter_context(program.worker(env, "payouts", "store"))
        worker.ask("payouts", what="prepare", domain=simulator.domain, token=program.TOKEN)
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
    made = program.parser("payouts", __doc__)
    made.add_argument("--transactions", type=int, default=10_000, metavar="N", help="how many (default: %(default)s)")
    return made


if __name__ == "__main__":
    sys.exit(main())
