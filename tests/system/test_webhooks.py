"""Webhooks between whole processes: an order is in Odoo seconds after it was placed, also on a server with several databases."""

import json
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

import pytest

from devenv import environment
from devenv.demo_session import _install
from devenv.odoo_server import LOOPBACK, OdooServer, answers, free_port
from devenv.paths import LOGS, ROOT
from devenv.processes import start_group, stop_group
from shopify_simulator import Simulator
from shopify_simulator.auth import PERMANENT_TOKEN

CONNECT = """
import json
store = env["shopify.instance"].create({
    "name": "Webhooks", "shop_domain": DOMAIN, "auth_mode": "permanent_token", "access_token": TOKEN,
    "webhook_secret": SECRET, "webhook_base_url": URL, "unknown_product": "placeholder",
})
env.cr.commit()
store._connect()
store._start_schedules([])
env.cr.commit()
print(json.dumps({"token": store.webhook_token}))
"""
SWITCH_ON = """
store = env["shopify.instance"].search([])
store._start_schedules(["process_orders"])
store.action_switch_webhooks()
env.cr.commit()
"""


@pytest.fixture(scope="module")
def world():
    """A database with the addon and a connected store, and the simulator of the store."""
    with environment.ready() as env, env.databases.temporary("webhooks") as database:
        _install(env, database, "--init")
        with Simulator(seed=5, orders=0, bucket_size=50_000, restore_rate=10_000) as sim:
            yield World(env, database, sim)


class World:
    def __init__(self, env, database, sim):
        self.env, self.database, self.sim = env, database, sim
        self.port = free_port()
        self.url = f"http://{LOOPBACK}:{self.port}"
        names = {"DOMAIN": sim.domain, "TOKEN": PERMANENT_TOKEN, "SECRET": sim.access.client_secret, "URL": self.url}
        (told,) = [json.loads(line) for line in self.shell(CONNECT, **names).splitlines() if line.startswith("{")]
        self.token = told["token"]

    def shell(self, script, **names):
        head = "".join(f"{name} = {value!r}\n" for name, value in names.items())
        done = subprocess.run(
            self.env.odoo.shell_command(self.database),
            env=self.env.odoo.variables,
            cwd=ROOT,
            input=head + script,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def count(self, table, where="true", database=None):
        return int(
            self.env.server.query(f"SELECT count(*) FROM {table} WHERE {where}", database or self.database)[0][0]
        )

    @contextmanager
    def serve_all_databases(self, modules):
        """An Odoo without a database of its own and without a filter."""
        command = self.env.odoo.command(
            *("--load", modules, "--workers", "0", "--max-cron-threads", "0", "--http-port", str(self.port))
        )
        # without a database named anywhere Odoo serves all of them
        variables = {key: value for key, value in self.env.odoo.variables.items() if key != "PGDATABASE"}
        with (LOGS / f"odoo-{self.database}-all.log").open("wb") as output:
            process = start_group(command, env=variables, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
        try:
            deadline = time.monotonic() + 60
            while not answers(f"{self.url}/web/health"):
                assert time.monotonic() < deadline, "Odoo does not answer"
                time.sleep(0.2)
            yield
        finally:
            stop_group(process)

    def post(self, database, delivery, body=b'{"id":5}'):
        """HTTP status of a signed delivery to a database."""
        request = urllib.request.Request(
            f"{self.url}/shopify/webhook/{database}/{self.token}",
            body,
            {
                "Content-Type": "application/json",
                "X-Shopify-Topic": "orders/updated",
                "X-Shopify-Shop-Domain": self.sim.domain,
                "X-Shopify-Webhook-Id": delivery,
                "X-Shopify-Hmac-Sha256": self.sim.webhooks.signature(body),
            },
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code


def test_a_server_with_several_databases_takes_deliveries_for_each_without_a_filter(world):
    with world.env.databases.temporary("webhooks", world.database) as other:
        with world.serve_all_databases("base,rpc,web"):
            assert world.post(world.database, "early") == 404, "without the addon among the server-wide modules"
        with world.serve_all_databases("base,rpc,web,shopify_sync"):
            assert world.post(world.database, "one") == 200
            assert world.post(other, "two") == 200
            assert world.post(other, "two") == 200
            assert world.post(other, "three", b'{"id":6}') == 200
            assert world.post("no_such_database", "four") == 404
        assert world.count("shopify_webhook_event", "delivery_ref = 'one'") == 1
        assert world.count("shopify_webhook_event") == 1
        assert world.count("shopify_webhook_event", "delivery_ref IN ('two', 'three')", other) == 2
        assert world.count("shopify_webhook_event", database=other) == 2


def test_an_order_placed_in_shopify_is_in_odoo_within_seconds(world):
    server = OdooServer(world.env.odoo, world.database)
    try:
        server.wait_until_up()
        world.shell(
            "env['shopify.instance'].search([]).webhook_base_url = URL\nenv.cr.commit()\n" + SWITCH_ON, URL=server.url
        )
        order = world.sim.store.place_order()
        deadline = time.monotonic() + 60
        while not world.count("sale_order", f"shopify_order_id = '{order.id}' AND state = 'sale'"):
            assert time.monotonic() < deadline, "the order does not come"
            time.sleep(0.3)
        assert {status for one in world.sim.webhooks.log for status in one.statuses} == {200}
    finally:
        server.stop()
