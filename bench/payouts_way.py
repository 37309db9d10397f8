"""What `bench.payouts` has done inside Odoo: payments that Shopify pays out, the payout read and booked."""

from bench.meter import Meter, peak_rss_mb
from devenv import demo_script

BATCH = 500


class PayoutsWay:
    """One store; each method is a request of the benchmark."""

    def __init__(self, env) -> None:
        self._env, self._store = env, None

    def prepare(self, domain: str, token: str) -> dict:
        """Connect the store; it gets its payout journal and accounts."""
        env = self._env
        self._store = env["shopify.instance"].browse(demo_script.connect(env, domain, token))._for_jobs()
        # payouts of the simulated store's own past are none of the measured ones
        self._store.import_order_after = "2020-01-01"
        env.cr.commit()
        return {"problem": self._store.payout_problem or ""}

    def pay(self, rows: list[list[str]]) -> dict:
        """Registered payments, as a workflow leaves them: transaction id and amount of each."""
        env = self._store.env
        journal = env["account.journal"].search([("type", "=", "bank"), ("id", "!=", self._store.payout_journal_id.id)],
                                                limit=1)  # fmt: skip
        partner = env["res.partner"].create({"name": "Customer"})
        for start in range(0, len(rows), BATCH):
            env["account.payment"].create(
                [
                    {
                        "payment_type": "inbound",
                        "partner_type": "customer",
                        "partner_id": partner.id,
                        "amount": float(amount),
                        "journal_id": journal.id,
                        "shopify_instance_id": self._store.id,
                        "shopify_transaction_id": ident,
                    }
                    for ident, amount in rows[start : start + BATCH]
                ]
            ).action_post()
            env.cr.commit()
            env.invalidate_all()
        return {}

    def run(self, payout: str) -> dict:
        """Read one payout with its transactions and book it until it is validated."""
        env, cost, parts = self._store.env, {}, {}
        with Meter(env.cr.dbname).running(cost):
            with Meter(env.cr.dbname).running(parts.setdefault("read", {})):
                run = env["shopify.run.starter"]._start(self._store, "payout", {"ids": [payout]})
            if run.state != "done":
                raise RuntimeError(f"reading ended as {run.state}: {run.message}")
            record = env["shopify.payout"].search([("shopify_id", "=", payout)])
            for step in ("match", "generate", "reconcile"):
                with Meter(env.cr.dbname).running(parts.setdefault(step, {})):
                    env["shopify.payout.runner"]._advance(
                        self._store, record.id, steps=(step,), validate=step == "reconcile"
                    )
        env.cr.commit()
        record.invalidate_recordset()
        return {
            "seconds": cost["wall"],
            "queries": cost["queries"],
            "parts": {name: [part["wall"], part["queries"]] for name, part in parts.items()},
            "state": record.state,
            "remains": record.remains or "",
            "lines": record.line_count,
            "peak_rss_mb": peak_rss_mb(),
        }
