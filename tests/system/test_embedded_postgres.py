"""The embedded PostgreSQL survives what happens on a developer's machine."""

import os
import shutil
import signal
import tempfile
from pathlib import Path

import pytest

from devenv import postgres, venv
from devenv.errors import DevError


@pytest.fixture
def make_cluster(monkeypatch):
    """A cluster of its own in a folder that PostgreSQL's account may enter also when root runs the tests."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    monkeypatch.setattr(postgres, "HOME", folder / "postgres")
    monkeypatch.setattr(postgres, "GATE", folder / "gate.lock")
    monkeypatch.setattr(postgres, "USERS", folder / "users.lock")

    def make():
        return postgres.EmbeddedPostgres(venv.site_packages())

    yield make
    assert not make().server.accepts(), "a test left its server running"
    shutil.rmtree(folder)


def server_process():
    return int((postgres.HOME / "data" / "postmaster.pid").read_text().split("\n", 1)[0])


def test_the_last_of_several_commands_stops_the_server(make_cluster):
    with make_cluster().running() as server:
        with make_cluster().running():
            assert server.query("SELECT 1") == [["1"]]
        assert server.accepts()
    assert not server.accepts()


def test_it_is_not_on_the_network_and_says_it_is_not_safe_against_a_power_cut(make_cluster):
    with make_cluster().running() as server:
        assert server.query("SHOW listen_addresses") == []
        assert server.query("SHOW fsync") == [["off"]]
        assert int(server.query("SHOW server_version_num")[0][0]) >= 180000


def test_data_outlive_the_server(make_cluster):
    with make_cluster().running() as server:
        server.run("createdb", "kept")
    with make_cluster().running() as server:
        assert ["kept"] in server.query("SELECT datname FROM pg_database")


def test_a_killed_server_is_started_again(make_cluster):
    with make_cluster().running() as server:
        os.kill(server_process(), signal.SIGKILL)
        while server.accepts():
            pass
    with make_cluster().running() as server:
        assert server.query("SELECT 1") == [["1"]]


def test_a_pid_file_that_names_a_stranger_is_no_obstacle(make_cluster):
    with make_cluster().running():
        pass
    (postgres.HOME / "data" / "postmaster.pid").write_text(f"{os.getpid()}\n{postgres.HOME / 'data'}\n")
    with make_cluster().running() as server:
        assert server.query("SELECT 1") == [["1"]]


def test_an_interrupted_making_is_begun_anew(make_cluster):
    partial = postgres.HOME / "data.partial"
    make_cluster()
    partial.mkdir()
    (partial / "PG_VERSION").write_text("half")
    with make_cluster().running() as server:
        assert server.query("SELECT 1") == [["1"]]
    assert not partial.exists()


def test_a_server_left_by_a_killed_command_can_be_stopped(make_cluster):
    cluster = make_cluster()
    with cluster.running() as server:
        assert not make_cluster().stop(), "a command uses it"
        (postgres.HOME / "started-by-dev").write_text("someone else")
    assert server.accepts(), "a server that we did not start is left running"
    assert make_cluster().stop()


def test_data_of_another_version_are_named(make_cluster):
    with make_cluster().running():
        pass
    (postgres.HOME / "data" / "PG_VERSION").write_text("16\n")
    with pytest.raises(DevError, match="PostgreSQL 16"), make_cluster().running():
        pass
