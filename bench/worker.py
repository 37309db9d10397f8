"""A process with Odoo in it that does as it is told: one JSON object a line comes in, one goes out for each."""

import cProfile
import json
import sys
from contextlib import nullcontext
from importlib import import_module

import odoo.init  # noqa: F401 - first, as Odoo's own commands do
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config

from bench import checks, preparation
from bench.meter import Meter, peak_rss_mb
from bench.sales import Sale
from bench.stages import Stages


class Worker:
    """Carries out requests on one database; each method is one, its arguments the request's other values.

    A way is a module with a class `Way(env, stages)`: `prepare(sales, window)` gives, outside the clock, what `run` starts
    from. `window` is the time (UTC text, from and to) in which exactly these sales were placed in the store.
    """

    def __init__(self, env, database: str) -> None:
        self._env, self._meter = env, Meter(database)
        self._stages = Stages()
        self._way = None
        self._profile = None
        self._others = {}

    def stock(self, what: str, **values) -> dict:
        """One request of the benchmark of stock, see `bench.stock_way`."""
        return getattr(self._other("StockWay", "bench.stock_way"), what)(**values)

    def catalogue(self, what: str, **values) -> dict:
        """One request of the benchmark of products, see `bench.catalogue_way`."""
        return getattr(self._other("CatalogueWay", "bench.catalogue_way"), what)(**values)

    def payouts(self, what: str, **values) -> dict:
        """One request of the benchmark of payouts, see `bench.payouts_way`."""
        return getattr(self._other("PayoutsWay", "bench.payouts_way"), what)(**values)

    def _other(self, name: str, module: str) -> object:
        if name not in self._others:
            # only now: Odoo finds the addon that the module imports once the database is loaded
            self._others[name] = getattr(import_module(module), name)(self._env)
        return self._others[name]

    def prepare(self, domain: str, token: str, product_ids: list[str]) -> dict:
        return {"batch": preparation.prepare(self._env, domain, token, product_ids)}

    def begin(self, way: str, profile: str | None = None) -> dict:
        """Be one of the three ways from now on; `profile` names a file for what cProfile sees of it."""
        # only now: Odoo finds the addon that the module imports once the database is loaded
        self._way = import_module(f"bench.{way}").Way(self._env, self._stages)
        self._profile = (cProfile.Profile(), profile) if profile else None
        return {}

    def warm_up(self, sales: list[dict], window: list[str]) -> dict:
        self._way.run(self._way.prepare([Sale.from_json(sale) for sale in sales], window))
        return {}

    def measure(self, sales: list[dict], window: list[str]) -> dict:
        """Import a round of orders: what it took, and the seconds of each stage."""
        ready = self._way.prepare([Sale.from_json(sale) for sale in sales], window)
        self._stages.seconds.clear()
        measured = {}
        with self._profile[0] if self._profile else nullcontext(), self._meter.running(measured):
            self._way.run(ready)
        return {**measured, "orders": len(sales), "stages": dict(self._stages.seconds)}

    def check(self, sales: list[dict]) -> dict:
        if self._profile:
            recorder, path = self._profile
            recorder.dump_stats(path)
        peak = peak_rss_mb()
        return {"problems": checks.problems(self._env, [Sale.from_json(sale) for sale in sales]), "peak_rss_mb": peak}


def main() -> None:
    """Arguments: configuration file, database. Ends with the input, or with the first request that fails."""
    path, database = sys.argv[1:]
    config.parse_config(
        ["--config", path, "--database", database, "--no-http", "--log-level", "warn"], setup_logging=True
    )
    with Registry(database).cursor() as cr:
        worker = Worker(api.Environment(cr, SUPERUSER_ID, {"lang": "en_US", "tz": "UTC"}), database)
        for line in sys.stdin:
            request = json.loads(line)
            name = request.pop("do")
            print(json.dumps(getattr(worker, name)(**request)), flush=True)
        cr.rollback()
