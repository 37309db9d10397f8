"""Odoo processes that import orders from a simulated store, for tests that kill them."""

import json
import subprocess

from devenv.demo_session import _install
from devenv.odoo_server import free_port
from devenv.paths import ROOT
from devenv.simulator_process import TOKEN, Simulator

DAY = "2026-06-30"
SEED = 11

CONNECT = """
store = env["shopify.instance"].create({
    "name": "System", "shop_domain": DOMAIN, "auth_mode": "permanent_token", "access_token": TOKEN,
    "import_order_after": "2020-01-01 00:00:00", "unknown_product": "placeholder", "queue_size_order": BATCH,
})
env.cr.commit()
store._connect()
store._set_up_workflows(only_common=False)
# one line for each combination, so that no order waits for a person
statuses = env["shopify.financial.status"]
codes = ["shopify_payments", "paypal", "manual", "free", "cash", "gift_card", "shopify_store_credit", "bogus", "klarna",
         "marketplace", "Bank Deposit", "Cash on Delivery (COD)"]
seen = [(code, status) for code in codes for status in dict(statuses._fields["financial_status"].selection)]
statuses._find_combinations(store, seen)
env.cr.commit()
"""

#: Dies without a word, as by `kill -9`, when the named method has run (or, with "before ", when it is called).
KILL = """
import os, signal
def deadly(model, name, before):
    cls = type(env[model])
    whole = getattr(cls, name)
    def method(self, *args, **kwargs):
        if before:
            os.kill(os.getpid(), signal.SIGKILL)
        result = whole(self, *args, **kwargs)
        if model == "shopify.workflow" or model == "shopify.handler.order":
            self.env.flush_all()
        os.kill(os.getpid(), signal.SIGKILL)
        return result
    setattr(cls, name, method)
deadly(*KILL_AT)
"""

FETCH = """
store = env["shopify.instance"].search([])._for_jobs()
starter = env["shopify.run.starter"]
for operation in ("order_unshipped", "order_shipped"):
    running = env["shopify.run"]._running(store, operation)
    if running:
        # the lease of a dead worker ends by itself after minutes; the test does not wait for it
        running.busy_until = False
        env.cr.commit()
        starter._advance(store, running.id)
    else:
        starter._start(store, operation, {"from": "2020-01-01 00:00:00"})
    env.cr.commit()
"""

PROCESS = """
import json
store = env["shopify.instance"].search([])._for_jobs()
taken = 0
while True:
    count = env["shopify.runner"]._process_batch(store, ("order_unshipped", "order_shipped"))["taken"]
    if not count:
        break
    taken += count
print(json.dumps({"taken": taken}))
"""


class World:
    """A database with the addon, a store, and processes that work on it."""

    def __init__(self, env, database, orders, batch=50):
        self.env, self.database = env, database
        _install(env, database, "--init")
        self.simulator = Simulator(env.python, free_port(), SEED, orders, DAY, f"simulator-{database}.log")
        self.simulator.wait_until_up()
        self.run(CONNECT, DOMAIN=self.simulator.domain, TOKEN=TOKEN, BATCH=batch)

    def close(self):
        self.simulator.stop()

    def start(self, *scripts, **names):
        """A process that runs scripts inside Odoo; names are constants of theirs."""
        head = "".join(f"{name} = {value!r}\n" for name, value in names.items())
        process = subprocess.Popen(
            self.env.odoo.shell_command(self.database),
            env=self.env.odoo.variables,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        process.stdin.write(head + "\n".join(scripts))
        process.stdin.close()
        process.stdin = None
        return process

    def run(self, *scripts, **names):
        """Run to the end; what the scripts printed as JSON."""
        process = self.start(*scripts, **names)
        out, err = process.communicate(timeout=300)
        assert process.returncode == 0, err[-4000:]
        return [json.loads(line) for line in out.splitlines() if line.startswith("{")]

    def run_until_killed(self, at, *scripts):
        process = self.start(KILL, *scripts, KILL_AT=at)
        _out, err = process.communicate(timeout=300)
        assert process.returncode == -9, (
            f"the process was to die in {at} and ended with {process.returncode}: {err[-3000:]}"
        )

    def count(self, what, where="true"):
        return int(self.env.server.query(f"SELECT count(*) FROM {what} WHERE {where}", self.database)[0][0])

    def documents(self):
        """How many documents of the store there are, each with its number of different Shopify ids."""
        pairs = {
            "orders": ("sale_order", "shopify_order_id"),
            "payments": ("account_payment", "shopify_transaction_id"),
        }
        found = {}
        for name, (table, key) in pairs.items():
            rows = self.env.server.query(
                f"SELECT count({key}), count(DISTINCT {key}) FROM {table} WHERE {key} IS NOT NULL", self.database
            )
            found[name] = tuple(int(value) for value in rows[0])
        rows = self.env.server.query(
            "SELECT count(*), count(DISTINCT shopify_order_id) FROM account_move"
            " WHERE shopify_order_id IS NOT NULL AND move_type = 'out_invoice'",
            self.database,
        )
        found["invoices"] = tuple(int(value) for value in rows[0])
        return found
