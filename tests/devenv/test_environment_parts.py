"""Finding Odoo, naming databases, and locks that let several ./dev commands run at once."""

import subprocess
import sys
from pathlib import Path

import pytest

from devenv import cli, databases, locks, odoo_source
from devenv.database_server import from_url
from devenv.errors import DevError
from devenv.paths import ROOT


def make_odoo(folder, version="19, 0, 0, FINAL, 0, ''"):
    package = folder / "odoo"
    package.mkdir(parents=True)
    (package / "release.py").write_text(f"version_info = ({version})\n")
    return folder


def test_the_checkout_named_by_the_user_wins(tmp_path, monkeypatch):
    monkeypatch.setenv("ODOO_SOURCE", str(make_odoo(tmp_path)))
    assert odoo_source.find().parent == tmp_path


@pytest.mark.parametrize("version", ["18, 0, 0, FINAL, 0, ''", "19, 1, 0, ALPHA, 1, ''"])
def test_another_version_is_refused_by_name(tmp_path, monkeypatch, version):
    monkeypatch.setenv("ODOO_SOURCE", str(make_odoo(tmp_path, version)))
    with pytest.raises(DevError, match="ODOO_SOURCE"):
        odoo_source.find()


def test_a_folder_without_odoo_is_refused_by_name(tmp_path, monkeypatch):
    monkeypatch.setenv("ODOO_SOURCE", str(tmp_path))
    with pytest.raises(DevError, match="ODOO_SOURCE"):
        odoo_source.find()


def test_an_installed_odoo_19_is_used(tmp_path, monkeypatch):
    monkeypatch.delenv("ODOO_SOURCE", raising=False)
    monkeypatch.setattr(sys, "path", [str(make_odoo(tmp_path))])
    assert odoo_source.find().parent == tmp_path


def test_the_debian_packages_second_addons_folder_is_left_out(tmp_path):
    make_odoo(tmp_path)
    (tmp_path / "odoo/addons/web/static").mkdir(parents=True)
    (tmp_path / "addons/web/controllers").mkdir(parents=True)
    source = odoo_source.OdooSource(tmp_path, "x")
    assert source.addons_folders == [tmp_path / "odoo/addons"]


def test_a_checkout_has_two_addons_folders(tmp_path):
    make_odoo(tmp_path)
    (tmp_path / "addons/web/static").mkdir(parents=True)
    (tmp_path / "odoo/addons/base").mkdir(parents=True)
    (tmp_path / "odoo/addons/base/__manifest__.py").write_text("{}")
    source = odoo_source.OdooSource(tmp_path, "x")
    assert source.addons_folders == [tmp_path / "addons", tmp_path / "odoo/addons"]


def test_the_template_has_what_our_addons_depend_on_and_nothing_for_the_glue(tmp_path):
    manifests = {
        "shop": {"depends": ["sale", "stock"]},
        "shop_more": {"depends": ["shop", "account"]},
        "shop_mrp": {"depends": ["shop", "mrp"], "auto_install": True},
    }
    for name, manifest in manifests.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "__manifest__.py").write_text(repr(manifest))
    assert databases.dependencies(tmp_path) == ["account", "sale", "stock"]


def test_the_template_changes_with_odoo_the_packages_and_the_dependencies():
    base = databases.template_name("19", "lock", ["sale"])
    others = {
        databases.template_name("19.1", "lock", ["sale"]),
        databases.template_name("19", "lock2", ["sale"]),
        databases.template_name("19", "lock", ["sale", "stock"]),
    }
    assert base not in others
    assert len(others) == 3
    assert base == databases.template_name("19", "lock", ["sale"])


def test_a_database_address_is_taken_apart():
    server = from_url("postgresql://odoo:s%40crt@db.example:5433/main", Path("tools"))
    assert (server.host, server.port, server.user, server.password, server.maintenance) == (
        "db.example",
        5433,
        "odoo",
        "s@crt",
        "main",
    )
    assert "s@crt" not in repr(server)


def test_a_database_address_may_name_a_socket_folder():
    assert from_url("postgresql://odoo@/main?host=/run/postgresql", Path("tools")).host == "/run/postgresql"


@pytest.mark.parametrize("url", ["mysql://odoo@db/x", "postgresql://postgres@db/x", "db.example"])
def test_a_database_address_that_odoo_cannot_use_is_refused(url):
    with pytest.raises(DevError, match="DATABASE_URL"):
        from_url(url, Path("tools"))


HOLDER = """
import sys
from pathlib import Path
from devenv import locks
with locks.exclusive(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_lock_is_seen_by_other_processes_and_freed_when_its_holder_is_killed(tmp_path):
    path = tmp_path / "x.lock"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, path], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout.readline() == "held\n"
        assert not locks.is_free(path)
        holder.kill()
        holder.wait(20)
        assert locks.is_free(path)


@pytest.mark.parametrize("command", [[], ["demo"], ["test"], ["lint"], ["shell"], ["bench"]])
def test_help_is_there_for_every_command(command, capsys):
    with pytest.raises(SystemExit) as ending:
        cli.run([*command, "--help"])
    assert ending.value.code == 0
    assert "usage: ./dev" in capsys.readouterr().out
