"""The lock file pins everything with hashes and tells nobody's addresses."""

import re

from devenv import lockfile
from devenv.paths import REQUIREMENTS, REQUIREMENTS_LOCK

LOCK = """\
anyio==4.1.0 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
    # via httpx
lxml-html-clean==0.4.6 ; python_full_version < '3.11' \\
    --hash=sha256:cc
Setuptools==84.2.1 \\
    --hash=sha256:dd
    # via -r requirements.in
"""


def test_each_pin_keeps_its_marker_and_its_hashes():
    pins = lockfile.pins(LOCK)
    assert [(pin.name, pin.version) for pin in pins] == [
        ("anyio", "4.1.0"),
        ("lxml-html-clean", "0.4.6"),
        ("setuptools", "84.2.1"),
    ]
    assert pins[0].lines.count("--hash=") == 2
    assert "python_full_version < '3.11'" in pins[1].lines
    assert "# via" not in pins[0].lines


def test_the_build_tools_are_cut_out_with_their_hashes():
    assert lockfile.build_tools(LOCK) == "Setuptools==84.2.1 \\\n    --hash=sha256:dd\n"


def test_names_are_compared_as_pypi_does():
    assert lockfile.canonical("Zope.Interface_x") == "zope-interface-x"


def test_every_wanted_package_is_pinned_with_a_hash():
    pins = {pin.name: pin for pin in lockfile.pins(REQUIREMENTS_LOCK.read_text())}
    wanted = [
        lockfile.canonical(re.split(r"[=<>;\s]", line)[0])
        for line in REQUIREMENTS.read_text().splitlines()
        if line and not line.startswith("#")
    ]
    assert wanted
    assert [name for name in wanted if name not in pins] == []
    assert [name for name, pin in pins.items() if "--hash=sha256:" not in pin.lines] == []


def test_the_lock_file_names_no_addresses():
    assert "://" not in REQUIREMENTS_LOCK.read_text()
    assert "--index-url" not in REQUIREMENTS_LOCK.read_text()


def test_the_package_that_breaks_odoos_import_is_not_pinned():
    assert "pypdf2" not in {pin.name for pin in lockfile.pins(REQUIREMENTS_LOCK.read_text())}
