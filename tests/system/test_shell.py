"""./dev shell runs a script inside Odoo on a database of this checkout."""

import subprocess

import pytest

from devenv import environment
from devenv.paths import ROOT


@pytest.fixture(scope="module")
def database():
    with environment.ready() as env, env.databases.temporary("shell") as name:
        yield name


def shell(database, script):
    return subprocess.run(
        ["./dev", "shell", "--database", database], cwd=ROOT, input=script, capture_output=True, text=True, check=False
    )


def test_a_script_from_standard_input_has_odoos_environment(database):
    done = shell(database, "print('modules:', env['ir.module.module'].search_count([('name', '=', 'sale')]))\n")
    assert (done.returncode, done.stdout) == (0, "modules: 1\n")


def test_a_script_that_fails_is_told_by_the_exit_code(database):
    done = shell(database, "env['no.such.model']\n")
    assert done.returncode != 0
    assert "no.such.model" in done.stderr


def test_what_a_script_does_not_commit_is_not_kept(database):
    shell(database, "env['res.partner'].create({'name': 'Not kept'})\n")
    done = shell(database, "print(env['res.partner'].search_count([('name', '=', 'Not kept')]))\n")
    assert done.stdout == "0\n"


def test_a_database_that_is_not_there_is_named():
    done = shell("no_such_database", "")
    assert done.returncode == 1
    assert "no_such_database" in done.stderr
    assert "./dev demo" in done.stderr
