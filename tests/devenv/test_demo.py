"""What ./dev demo says of an import, and when it makes a new database."""

import json
from types import SimpleNamespace

import pytest

from devenv import benchmarks, cli, demo_report, demo_session, simulator_process
from devenv.demo_report import Report

LOST = {"name": "#1002", "reason": "no workflow for gateway 'Bank Deposit'"}


def test_an_import_in_which_every_order_arrived_is_complete():
    report = Report(orders_in_shopify=3, orders_in_odoo=3, seconds=1.26)
    assert report.complete
    assert report.as_json() == {
        "orders_in_shopify": 3,
        "orders_in_odoo": 3,
        "failed": [],
        "totals_equal": True,
        "seconds": 1.3,
        "different": [],
        "unaccounted": [],
    }


def test_a_failed_order_with_its_reason_is_accounted_for():
    report = Report(orders_in_shopify=3, orders_in_odoo=2, failed=[LOST])
    assert report.complete
    assert "#1002: no workflow for gateway 'Bank Deposit'" in report.as_text()


def test_an_order_nobody_knows_the_fate_of_is_not_accounted_for():
    report = Report(orders_in_shopify=3, orders_in_odoo=2, unaccounted=["#1003"])
    assert not report.complete
    assert "#1003" in report.as_text()


def test_a_total_that_differs_is_not_let_through():
    report = Report(orders_in_shopify=1, orders_in_odoo=1, different=[{"name": "#1001", "reason": "9.99, not 10.00"}])
    assert not report.complete
    assert report.as_json()["totals_equal"] is False
    assert "9.99, not 10.00" in report.as_text()


def test_the_table_stays_readable_when_everything_fails():
    failed = [{"name": f"#{number}", "reason": "no product"} for number in range(1000)]
    text = Report(orders_in_shopify=1000, orders_in_odoo=0, failed=failed).as_text()
    assert len(text.splitlines()) < 40
    assert f"and {1000 - demo_report.SHOWN} more" in text


def test_a_session_that_cannot_be_read_counts_as_none(tmp_path, monkeypatch):
    monkeypatch.setattr(demo_session, "VAR", tmp_path)
    assert demo_session.load("demo") is None
    path = demo_session.session_file("demo")
    path.parent.mkdir()
    for text in ("{", '{"orders": 3}', "[]"):
        path.write_text(text)
        assert demo_session.load("demo") is None
    path.write_text(json.dumps({"orders": 3, "seed": 1, "port": 5000, "day": "2026-11-23", "code": "x"}))
    assert demo_session.load("demo").day == "2026-11-23"


@pytest.fixture
def prepare(tmp_path, monkeypatch):
    """Prepares a demo without Odoo."""
    monkeypatch.setattr(demo_session, "VAR", tmp_path)
    monkeypatch.setattr(demo_session, "_install", lambda *_args: None)
    databases = SimpleNamespace(
        exists=lambda _name: True, drop=lambda _name: None, template=lambda: "template", copy=lambda *_names: None
    )
    env = SimpleNamespace(databases=databases)
    return lambda orders, seed: demo_session.prepare(env, "demo", orders, seed)


def test_what_was_done_to_the_store_is_kept_as_long_as_the_store(prepare):
    prepare(10, 1)
    journal = demo_session.journal_file("demo")
    for orders, seed, kept in ((10, 1, True), (11, 1, False), (11, 2, False), (11, 2, True)):
        journal.write_text("{}\n")
        prepare(orders, seed)
        assert journal.exists() is kept


@pytest.mark.parametrize("journal", [None, "demo-store.jsonl"])
def test_the_simulated_store_is_started_with_its_journal(tmp_path, monkeypatch, journal):
    started = []
    monkeypatch.setattr(simulator_process, "LOGS", tmp_path)
    monkeypatch.setattr(simulator_process, "start_group", lambda command, **_options: started.extend(command))
    path = tmp_path / journal if journal else None
    simulator_process.Simulator(tmp_path / "python", 5000, 1, 10, "2026-11-23", "log", path)
    assert started[-2:] == ["--journal", path] if journal else "--journal" not in started


def test_any_change_of_an_addon_is_seen(tmp_path):
    (tmp_path / "addon").mkdir()
    source = tmp_path / "addon" / "model.py"
    source.write_text("x = 1\n")
    before = demo_session.code_digest(tmp_path)
    assert demo_session.code_digest(tmp_path) == before
    source.write_text("x = 2\n")
    assert demo_session.code_digest(tmp_path) != before


def test_compiled_files_are_no_change_of_an_addon(tmp_path):
    (tmp_path / "addon" / "__pycache__").mkdir(parents=True)
    before = demo_session.code_digest(tmp_path)
    (tmp_path / "addon" / "__pycache__" / "model.pyc").write_text("x")
    assert demo_session.code_digest(tmp_path) == before


def test_json_without_once_is_refused(capsys):
    assert cli.run(["demo", "--json", "x.json"]) == 1
    assert "--once" in capsys.readouterr().err


def test_only_modules_that_can_be_run_are_benchmarks(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(benchmarks, "FOLDER", tmp_path)
    (tmp_path / "orders.py").write_text('if __name__ == "__main__":\n    main()\n')
    (tmp_path / "helpers.py").write_text("x = 1\n")
    assert benchmarks.names() == ["orders"]
    assert cli.run(["bench", "helpers"]) == 1
    assert "orders" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["demo", "--orders", "many"], ["demo", "--seed"], ["dance"]])
def test_a_wrong_command_line_is_refused(arguments):
    with pytest.raises(SystemExit) as ending:
        cli.run(arguments)
    assert ending.value.code == 2
