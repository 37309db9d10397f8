"""The user guide quotes messages that exist, shows pictures that exist, and its links lead somewhere."""

import re

import pytest

from devenv import catalogues
from devenv.paths import ADDONS, ROOT
from devenv.screens import SCREENS

GUIDE = ROOT / "docs" / "guide"
PAGES = sorted(GUIDE.glob("*.md"))
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sdg]")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)#]+)(?:#[^)]*)?\)")


def plain(text):
    """A text with every placeholder as one sign, white space as one space."""
    return " ".join(PLACEHOLDER.sub("…", text).split())


def quoted():
    lines = (GUIDE / "troubleshooting.md").read_text().splitlines()
    return [line.removeprefix("> ") for line in lines if line.startswith("> ")]


@pytest.fixture(scope="module")
def messages():
    return [plain(entry.msgid) for entry in catalogues.read(ADDONS / "shopify_sync/i18n/shopify_sync.pot")]


@pytest.mark.parametrize("quote", quoted())
def test_every_message_of_the_troubleshooting_page_exists(messages, quote):
    assert [text for text in messages if text.startswith(quote)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_and_picture_of_the_guide_exists(page):
    targets = LINK.findall(page.read_text())
    assert [target for target in targets if "://" not in target and not (GUIDE / target).exists()] == []


def test_every_picture_of_the_guide_can_be_taken_again():
    shown = {target for page in PAGES for target in LINK.findall(page.read_text()) if target.startswith("../images/")}
    assert shown <= {f"../images/{screen.name}.png" for screen in SCREENS}


def test_the_index_leads_to_every_page():
    linked = set(LINK.findall((GUIDE / "index.md").read_text()))
    assert {page.name for page in PAGES} - {"index.md"} <= linked
