"""The archive for Odoo 19 is the one this machine already uses, in whatever form apt's settings name it."""

import pytest

from devenv import apt_sources
from devenv.apt_sources import DISTRIBUTIONS, Source

STANZAS = """\
# a comment
Types: deb
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/own.gpg

Types: deb deb-src
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main

Types: deb
Enabled: no
URIs: http://off.example/debian
Suites: bookworm
Components: main

Types: deb
URIs: http://inline.example/debian
Suites: sid
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
"""


def test_the_stanza_format_gives_every_enabled_archive():
    found = apt_sources.stanza_sources(STANZAS)
    assert found == [
        Source(
            "http://mirror.example/debian",
            ("bookworm", "bookworm-updates"),
            ("main",),
            "/usr/share/keyrings/own.gpg",
        ),
        Source("http://mirror.example/debian-security", ("bookworm-security",), ("main",)),
        Source("http://inline.example/debian", ("sid",), ("main",)),
    ]


def test_the_one_line_format_with_options_and_comments():
    text = """
# deb http://commented.example/debian bookworm main
deb [arch=amd64 signed-by=/k.gpg] http://mirror.example/debian bookworm main contrib  # ours
deb-src http://mirror.example/debian bookworm main
deb http://plain.example/debian bookworm-updates main
"""
    assert apt_sources.one_line_sources(text) == [
        Source("http://mirror.example/debian", ("bookworm",), ("main", "contrib"), "/k.gpg"),
        Source("http://plain.example/debian", ("bookworm-updates",), ("main",)),
    ]


def test_both_formats_are_read_from_apts_folder(tmp_path):
    (tmp_path / "sources.list").write_text("deb http://a.example/debian bookworm main\n")
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / "sources.list.d" / "b.list").write_text("deb http://b.example/debian bookworm main\n")
    (tmp_path / "sources.list.d" / "c.sources").write_text(STANZAS)
    (tmp_path / "sources.list.d" / "d.sources.bak").write_text("deb http://d.example/debian bookworm main\n")
    addresses = [source.address for source in apt_sources.machine_sources(tmp_path)]
    assert addresses[:3] == ["http://a.example/debian", "http://b.example/debian", "http://mirror.example/debian"]
    assert "http://d.example/debian" not in addresses


def test_the_main_archive_is_neither_security_nor_a_strangers_nor_a_disc():
    sources = [
        Source("cdrom:[Debian]/", ("bookworm",), ("main",)),
        Source("http://tools.example/apt", ("stable",), ("vendor",)),
        Source("http://mirror.example/debian-security", ("bookworm-security",), ("main",)),
        Source("http://mirror.example/debian", ("bookworm",), ("main",)),
    ]
    assert apt_sources.main_archive(sources, "bookworm").address == "http://mirror.example/debian"


def test_a_machine_on_a_moving_suite_is_understood():
    sources = [Source("http://mirror.example/debian", ("testing",), ("main",))]
    assert apt_sources.main_archive(sources, "forky") is sources[0]


def test_no_archive_is_invented():
    assert apt_sources.main_archive([Source("http://x.example/", ("noble",), ("main",))], "bookworm") is None


def test_the_private_list_names_the_machines_own_archive_and_key():
    archive = Source("http://mirror.example/debian", ("bookworm",), ("main",))
    assert apt_sources.private_list(archive, DISTRIBUTIONS["debian"]) == (
        "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://mirror.example/debian sid main\n"
        "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://mirror.example/debian bookworm main\n"
    )
    own_key = Source("http://mirror.example/debian", ("bookworm",), ("main",), "/own.gpg")
    assert "signed-by=/own.gpg]" in apt_sources.private_list(own_key, DISTRIBUTIONS["debian"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('ID=debian\nVERSION_CODENAME=bookworm\nNAME="Debian"', ("debian", "bookworm")),
        ("ID=ubuntu\nID_LIKE=debian\nVERSION_CODENAME=noble", ("ubuntu", "noble")),
        ('ID=linuxmint\nID_LIKE="ubuntu debian"\nVERSION_CODENAME=wilma', ("ubuntu", "wilma")),
        ('ID=fedora\nVERSION_ID="44"', None),
    ],
)
def test_the_distribution_is_known_by_its_own_file(text, expected):
    assert apt_sources.distribution(text) == expected
