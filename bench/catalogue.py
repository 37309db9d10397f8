"""How fast a catalogue goes in and out: 2,000 products with 10,000 variants, at the request budget of a standard plan.

In: all products are imported. Update: every title and every price has changed. Export: the products are made in a second,
empty store. One request for each record, as other connectors do, runs on a sample in the same process; its time for all of
them follows from its points. What goes out uses Shopify's bulk operations, which cost no points; Shopify does not publish
how fast they are, so the simulated store works off a number of inputs a second that can be chosen (--bulk-rate).
"""

import argparse
import sys
from contextlib import ExitStack

from bench import program, worlds
from bench.telling import tell
from devenv.environment import Environment
from shopify_simulator import Simulator

RATE = 100  # points a second of a standard plan
BUCKET = 2000


def main() -> int:
    options = _parser().parse_args()
    return program.run(
        options,
        lambda env: measure(env, options.products, options.variants, options.sample, options.bulk_rate),
        as_text,
    )


def measure(env: Environment, products: int, variants: int, sample: int, bulk_rate: float) -> dict:
    """Run it all; figures by name.

    :raises DevError: something failed
    """
    with ExitStack() as stack:
        first, second = (
            stack.enter_context(Simulator(seed, products=4, bucket_size=BUCKET, restore_rate=RATE)) for seed in (1, 2)
        )
        tell(f"Filling the simulated store: {products} products, {products * variants} variants")
        _fill(first, products, variants)
        for simulator in (first, second):
            simulator.store.bulk.rate = bulk_rate
        worker = stack.enter_context(program.worker(env, "catalogue", "stores"))
        worker.ask("catalogue", what="prepare", domains=[first.domain, second.domain], token=program.TOKEN)
        found: dict = {"products": products, "variants": products * variants, "bulk_rate": bulk_rate}
        tell("Import")
        found["import"] = _measured(first, lambda: worker.ask("catalogue", what="bring"))
        worker.ask("catalogue", what="change")
        tell("Update")
        found["update"] = _measured(first, lambda: worker.ask("catalogue", what="send", store=0))
        found["wrong"] = _wrong_update(first, found)
        found["update"]["one_by_one"] = _one_by_one(worker, first, products, sample, "update")
        worker.ask("catalogue", what="copy")
        tell("Export")
        found["export"] = _measured(second, lambda: worker.ask("catalogue", what="send", store=1))
        found["wrong"] += _wrong_export(second, found)
        found["export"]["one_by_one"] = _one_by_one(worker, second, products, sample, "export")
        found["import"]["one_by_one"] = _one_by_one(worker, first, products, sample, "import", variants)
    return found


def _fill(simulator: Simulator, products: int, variants: int) -> None:
    simulator.store.products.clear()
    for number in range(products):
        _add(simulator, f"P{number}", variants)


def _add(simulator: Simulator, name: str, variants: int) -> str:
    """A product in the simulated store; its id."""
    made = simulator.store.add_variants(
        f"Product {name}",
        [["Size", [str(size) for size in range(variants)]]],
        [{"values": [str(size)], "sku": f"{name}-{size}", "price": "10.00"} for size in range(variants)],
    )
    return str(made.id)


def _measured(simulator: Simulator, work) -> dict:
    simulator.requests.clear()
    simulator.bucket.give_back(BUCKET)
    answer = work()
    requests = [request for request in simulator.requests if request.operation != "token"]
    points = sum(request.actual or 0 for request in requests)
    return {
        **answer,
        "seconds": round(answer["seconds"], 1),
        "requests": len(requests),
        "points": points,
        "budget_seconds": round(max(0, points - BUCKET) / RATE, 1),
        "throttled": sum("THROTTLED" in request.errors for request in requests),
    }


def _one_by_one(
    worker: worlds.Process, simulator: Simulator, products: int, sample: int, what: str, variants: int = 0
) -> dict:
    """The same work, a request and a transaction for each record: a sample, and what all of them would take.

    :param variants: of each product of the sample; products to import are new ones
    """
    tell(f"One request a record: {what}, {sample} products")
    new = [_add(simulator, f"S{number}", variants) for number in range(sample)] if what == "import" else []
    simulator.requests.clear()
    if what == "import":
        answer = worker.ask("catalogue", what="bring_singly", products=new)
    else:
        answer = worker.ask("catalogue", what="one_by_one", kind=what, count=sample)
    requests = list(simulator.requests)
    points = sum(request.actual or 0 for request in requests)
    share = products / sample
    return {
        "sample": sample,
        "requests": round(len(requests) * share),
        "points": round(points * share),
        "seconds": round(max(answer["seconds"] * share, (points * share - BUCKET) / RATE), 1),
    }


def _wrong_update(simulator: Simulator, found: dict) -> list[str]:
    """What did not come out of import and update as it must."""
    wrong = []
    if found["import"]["variants"] != found["variants"]:
        wrong.append(f"{found['import']['variants']} variants in Odoo")
    changed = sum(one.title.endswith("(new)") for one in simulator.store.products)
    prices = {str(variant.price) for one in simulator.store.products for variant in one.variants}
    if changed != found["products"] or prices != {"11.00"}:
        wrong.append(f"{changed} titles changed in Shopify, prices {sorted(prices)}")
    return wrong + _not_done(found["update"], "update")


def _wrong_export(simulator: Simulator, found: dict) -> list[str]:
    """What did not come out of the export as it must."""
    made = [one for one in simulator.store.products if one.title.endswith("(new)")]
    variants = sum(len(one.variants) for one in made)
    complete = (len(made), variants) == (found["products"], found["variants"])
    wrong = [] if complete else [f"{len(made)} products with {variants} variants made in Shopify"]
    return wrong + _not_done(found["export"], "export")


def _not_done(step: dict, name: str) -> list[str]:
    return [] if set(step["states"]) == {"done"} else [f"{name}: {step['states']} {step['problem']}"]


def as_text(found: dict) -> str:
    """The figures as a table."""
    rows = [
        f"{found['products']} products, {found['variants']} variants; bulk operations at {found['bulk_rate']:g} inputs a second",
        f"{'':30}{'requests':>10}{'points':>10}{'seconds':>10}",
    ]
    for step in ("import", "update", "export"):
        one = found[step]["one_by_one"]
        rows.append(
            f"{step.title():30}{found[step]['requests']:>10}{found[step]['points']:>10}{found[step]['seconds']:>10}"
        )
        rows.append(
            f"{'  one request a record':30}{one['requests']:>10}{one['points']:>10}{one['seconds']:>10}"
            f"  (from {one['sample']} products)"
        )
    rows.append(f"Most memory: {max(found[step]['peak_rss_mb'] for step in ('import', 'update', 'export')):.0f} MiB.")
    return "\n".join(rows)


def _parser() -> argparse.ArgumentParser:
    made = program.parser("catalogue", __doc__)
    made.add_argument("--products", type=int, default=2000, metavar="N", help="how many (default: %(default)s)")
    made.add_argument("--variants", type=int, default=5, metavar="N", help="of each product (default: %(default)s)")
    made.add_argument(
        "--sample", type=int, default=50, metavar="N", help="products sent one by one (default: %(default)s)"
    )
    made.add_argument(
        "--bulk-rate", type=float, default=20, metavar="N",
        help="inputs of a bulk operation a second, an assumption (default: %(default)s)",
    )  # fmt: skip
    return made


if __name__ == "__main__":
    sys.exit(main())
