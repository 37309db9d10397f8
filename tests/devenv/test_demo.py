"""What ./dev demo says of an import, and when it makes a new database."""

import json

import pytest

from devenv import benchmarks, cli, demo_report, demo_session
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
