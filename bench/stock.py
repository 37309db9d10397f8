"""How fast stock goes out: 10,000 changed levels over 3 locations, at the request budget of a standard plan.

The store's budget begins at what the lane of stock leaves to orders, so each point that is spent is earned during the run:
the smallest time that the budget allows is the points spent by the points a second. A first run with 1,000 levels, by the
scheduled job, warms up and shows that memory does not grow with the number of levels. One request for each record, as other
connectors do, runs on a sample in the same process; its time for all levels follows from its points.
"""

import argparse
import sys
from collections import Counter
from contextlib import ExitStack

from bench import program, worlds
from bench.telling import tell
from devenv.environment import Environment
from devenv.errors import DevError
from shopify_simulator import Simulator

PLACES = 3
RATE, RESERVE = 100, 1100  # points a second of a standard plan; what the lane of stock leaves to others
MOST_REQUESTS = 150  # for 10,000 levels
MOST_RATIO = 1.3  # of the smallest time that the budget allows
WARM_UP = 1000  # levels
VARIANTS_PER_PRODUCT = 2  # the simulated catalogue has a few more


def main() -> int:
    options = _parser().parse_args()
    return program.run(options, lambda env: measure(env, options.levels, options.sample, options.seed), as_text)


def measure(env: Environment, levels: int, sample: int, seed: int) -> dict:
    """Run it all; figures by name.

    :raises DevError: something failed
    """
    products = -(-levels // PLACES)
    with ExitStack() as stack:
        made = Simulator(seed, products=products // VARIANTS_PER_PRODUCT + 10, bucket_size=2000, restore_rate=RATE)
        simulator = stack.enter_context(made)
        skus = simulator.store.skus()[:products]
        if len(skus) < products:
            raise DevError(f"--levels: the simulated store has stock for {len(skus) * PLACES} levels")
        places = simulator.store.locations[:PLACES]
        for sku in skus:
            for place in places:
                simulator.store.set_stock(sku, 1, place)
        rows = [_row(simulator.store.variant_by_sku(sku)) for sku in skus]
        worker = stack.enter_context(program.worker(env, "stock", "store, products"))
        worker.ask("stock", what="prepare", domain=simulator.domain, token=program.TOKEN, rows=rows,
                   places=[str(place.id) for place in places])  # fmt: skip
        first = _run(worker, simulator, -(-WARM_UP // PLACES), 1, "run_job")
        found = _run(worker, simulator, products, 2, "export")
        wrong = _wrong(simulator, skus, places, first, found)
        tell(f"One request for each of {sample} levels")
        simulator.bucket.drain(RESERVE)
        simulator.requests.clear()
        one = worker.ask("stock", what="one_by_one", rows=rows[:sample], place=str(places[0].id), units=77)
        one_points = sum(request.actual or 0 for request in simulator.requests)
    count = found["levels"]
    return {
        **found,
        "ratio_to_budget": round(found["seconds"] / found["budget_seconds"], 3),
        "peak_rss_mb_at_1000": first["peak_rss_mb"],
        "one_by_one": {
            "sample": sample,
            "sample_seconds": round(one["seconds"], 2),
            "requests": count,
            "points": round(one_points / sample * count),
            "seconds": round(max(one["seconds"] / sample, one_points / sample / RATE) * count),
        },
        "wrong": wrong,
    }


def _run(worker: worlds.Process, simulator: Simulator, products: int, more: int, how: str) -> dict:
    changed = worker.ask("stock", what="change", products=products, more=more, points=RESERVE)
    tell(f"Sending {changed['levels']} changed levels (noted in {changed['seconds']:.1f} s)")
    simulator.requests.clear()
    simulator.bucket.drain(0)
    simulator.bucket.give_back(RESERVE)
    sent = worker.ask("stock", what=how)
    requests = [request for request in simulator.requests if request.operation != "token"]
    points = sum(request.actual or 0 for request in requests)
    return {
        "levels": changed["levels"],
        "sent": sent["sent"],
        "requests": len(requests),
        "points": points,
        "seconds": round(sent["seconds"], 2),
        "planning_seconds": round(sent["planned"], 2),
        "first_seconds": round(sent["first"], 2),
        "noting_seconds": round(changed["seconds"], 2),
        "budget_seconds": round(points / RATE, 2),
        "throttled": sum("THROTTLED" in request.errors for request in requests),
        "peak_rss_mb": round(sent["peak_rss_mb"], 1),
    }


def _row(variant) -> list[str]:
    return [variant.sku, str(variant.product.id), str(variant.id), str(variant.inventory_item.id)]


def _wrong(simulator: Simulator, skus: list[str], places: list, first: dict, found: dict) -> list[str]:
    """What did not come out as it must: levels in the store, goals."""
    warmed = min(-(-WARM_UP // PLACES), len(skus))
    expected = Counter({503: warmed, 502: len(skus) - warmed})  # changed by 1 and 2, or by 2 only
    wrong = []
    for place in places:
        told = Counter(simulator.store.stock(sku, place) for sku in skus)
        if told != expected:
            wrong.append(f"{place.name}: units in Shopify are {dict(told)}, not {dict(expected)}")
    if first["sent"] != first["levels"]:
        wrong.append(f"the scheduled job sent {first['sent']} of {first['levels']} levels")
    if found["sent"] != found["levels"]:
        wrong.append(f"{found['sent']} of {found['levels']} levels sent")
    if found["requests"] > max(MOST_REQUESTS * found["levels"] / 10_000, 10):
        wrong.append(f"{found['requests']} requests: at most {MOST_REQUESTS} for 10,000 levels")
    return wrong


def as_text(found: dict) -> str:
    """The figures as a table."""
    one = found["one_by_one"]
    first, last = found["peak_rss_mb_at_1000"], found["peak_rss_mb"]
    rows = [
        f"{'':24}{'levels':>9}{'requests':>10}{'points':>9}{'seconds':>9}",
        f"{'Connector':24}{found['levels']:>9}{found['requests']:>10}{found['points']:>9}{found['seconds']:>9.1f}",
        f"{'One request a record':24}{found['levels']:>9}{one['requests']:>10}{one['points']:>9}{one['seconds']:>9}",
        f"One request a record is reckoned from {one['sample']} levels.",
        f"The budget allows {found['budget_seconds']:.1f} s at best; it took {found['ratio_to_budget']:.2f} times that.",
        f"To reach: {MOST_RATIO}. Planning took {found['planning_seconds']:.1f} s of it.",
        f"The first levels were in the store after {found['first_seconds']:.1f} s.",
        f"Most memory: {first:.0f} MiB after {WARM_UP} levels, {last:.0f} MiB after {found['levels']}.",
    ]
    return "\n".join(rows)


def _parser() -> argparse.ArgumentParser:
    made = program.parser("stock", __doc__)
    made.add_argument("--levels", type=int, default=10_000, metavar="N", help="how many (default: %(default)s)")
    made.add_argument(
        "--sample", type=int, default=200, metavar="N", help="levels sent one by one (default: %(default)s)"
    )
    made.add_argument("--seed", type=int, default=1, metavar="S", help="another number makes another catalogue")
    return made


if __name__ == "__main__":
    sys.exit(main())
