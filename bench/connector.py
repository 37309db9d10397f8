"""The connector's own path on one worker: ask the store over HTTP, store, claim, map, resolve, write, run the workflow."""

from collections.abc import Callable

from odoo import sql_db
from odoo.addons.shopify_sync.models.operations import LANES

from bench.sales import Sale
from bench.stages import Stages

FETCH, STORE, COMMIT, OTHER = "ask the store", "store", "commit", "other"
#: Which stage a method of the addon is; methods inside these count for them unless they are stages of their own.
STAGES = {
    ("shopify.connection", "_execute"): FETCH,
    ("shopify.run.starter", "_store_page"): STORE,
    ("shopify.queue.line", "_claim"): "claim",
    ("shopify.handler.order", "_read_lines"): "map",
    ("shopify.handler.order", "_known"): "resolve",
    ("shopify.handler.order", "_check"): "resolve",
    ("shopify.resolve.customer", "_resolve"): "customers",
    ("shopify.handler.order", "_create_orders"): "write",
    ("shopify.handler.order", "_control_total"): "control totals",
    ("shopify.runner", "_write_outcomes"): "outcome",
    ("shopify.runner", "_refresh_queues"): "outcome",
}
WORKFLOW_STEPS = {"confirm": "confirm", "ship": "ship", "invoice": "invoice", "payment": "pay"}


class Way:
    """:param stages: where the time of each stage is counted; the addon's methods are wrapped, not changed"""

    def __init__(self, env, stages: Stages) -> None:
        self._env = env
        self._store = env["shopify.instance"].search([], limit=1)._for_jobs()
        self._stages = stages
        self._watch()

    def prepare(self, _sales: list[Sale], window: list[str]) -> list[str]:
        return window

    def run(self, window: list[str]) -> None:
        """Import what was changed in the store in this time."""
        with self._stages.stage(OTHER):
            start, end = window
            starter, runner = self._env["shopify.run.starter"], self._env["shopify.runner"]
            run = starter._start(self._store, "order_unshipped", {"from": start, "to": end})
            if run.state != "done":
                raise RuntimeError(f"reading the orders ended as {run.state}: {run.message}")
            while runner._process_batch(self._store, LANES["orders"])["taken"]:
                self._env.cr.commit()

    def _watch(self) -> None:
        registry, stages = self._env.registry, self._stages
        for (model, method), stage in STAGES.items():
            stages.wrap(registry[model], method, stage)
        stages.wrap(registry["shopify.workflow"], "_step", self._step)
        stages.wrap(registry["account.move"], "action_post", self._inside("invoice", "post"))
        stages.wrap(registry["account.move.line"], "_reconcile_plan", self._inside("pay", "reconcile"))
        stages.wrap(sql_db.Cursor, "commit", COMMIT)

    @staticmethod
    def _step(_model, _instance, step: str, *_rest) -> str:
        return WORKFLOW_STEPS.get(step, step)

    def _inside(self, around: str, name: str) -> Callable[..., str | None]:
        """A stage only where it is part of another one: posting an invoice, not the entry of a payment."""
        return lambda *_args, **_options: name if self._stages.current == around else None
