"""`./dev demo --once` accounts for every order, and a second run imports nothing twice."""

import json
import subprocess

import pytest

from devenv import environment
from devenv.paths import ROOT

DATABASE = "system_demo_once"


@pytest.fixture(scope="module")
def env():
    with environment.ready() as env:
        yield env
        env.databases.drop(DATABASE)


def once(target):
    done = subprocess.run(
        ["./dev", "demo", "--once", "--orders", "60", "--seed", "4", "--database", DATABASE, "--json", str(target)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(target.read_text()), done.stdout


def documents(env):
    tables = ("sale_order", "account_move", "account_payment", "res_partner", "product_product", "stock_picking")
    return [env.server.query(f"SELECT count(*) FROM {table}", DATABASE)[0][0] for table in tables]


def test_the_demo_accounts_for_every_order_and_a_second_run_changes_nothing(env, tmp_path):
    outcome, shown = once(tmp_path / "first.json")
    assert set(outcome) >= {"orders_in_shopify", "orders_in_odoo", "failed", "totals_equal", "seconds"}
    assert outcome["orders_in_shopify"] == outcome["orders_in_odoo"] + len(outcome["failed"]) == 60
    assert all(row["name"] and row["reason"] for row in outcome["failed"])
    assert outcome["totals_equal"] is True
    assert "60" in shown
    before = documents(env)
    again, _shown = once(tmp_path / "second.json")
    assert documents(env) == before
    assert again["orders_in_odoo"] == outcome["orders_in_odoo"]
