"""The benchmarks run and find what they promise to report; how fast it was is not asserted."""

import json
import subprocess

from devenv.paths import ROOT


def measured(target, *arguments):
    done = subprocess.run(
        ["./dev", "bench", *arguments, "--json", str(target)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    # it may end with 1: few records do not promise that a ratio is reached
    assert target.exists(), done.stdout + done.stderr
    return json.loads(target.read_text())


def test_the_benchmark_of_stock_sends_every_level(tmp_path):
    found = measured(tmp_path / "stock.json", "stock", "--levels", "60", "--sample", "5")
    assert found["levels"] == 60
    assert 0 < found["requests"] < 60
    assert found["points"] > 0
    assert found["seconds"] > 0


def test_the_benchmark_of_the_catalogue_brings_changes_and_makes_every_product(tmp_path):
    found = measured(tmp_path / "catalogue.json", "catalogue", "--products", "6", "--sample", "2")
    assert found["wrong"] == []
    assert found["import"]["variants"] == found["variants"] == 30
    for step in ("import", "update", "export"):
        assert found[step]["requests"] > 0
        assert found[step]["one_by_one"]["points"] > 0


def test_the_benchmark_of_payouts_books_every_transaction(tmp_path):
    found = measured(tmp_path / "payouts.json", "payouts", "--transactions", "30")
    assert found["wrong"] == []
    assert found["transactions"] == 30
    assert found["queries_per_transaction"] > 0
    assert found["seconds"] > 0


def test_the_benchmark_of_orders_imports_them_each_way(tmp_path):
    found = measured(tmp_path / "orders.json", "orders", "--orders", "3")
    assert found["orders"] == 3
