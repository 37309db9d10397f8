"""The catalogues of translations: merged without guessing, checked for what a translation may not lose; and those of this
checkout are complete and whole."""

import polib
import pytest

from devenv import catalogues
from devenv.paths import ADDONS

EXPORTED = """
msgid ""
msgstr ""
"POT-Creation-Date: 2026-01-01 00:00+0000\\n"
"PO-Revision-Date: 2026-01-01 00:00+0000\\n"
"Content-Type: text/plain; charset=UTF-8\\n"

#. module: shopify_sync
#: code:addons/b.py:0
#: code:addons/a.py:0
msgid "Two"
msgstr ""

#. module: shopify_sync
#: code:addons/a.py:0
msgid "One"
msgstr ""
"""
SHIPPED = ("de", "fr")


def catalogue(**texts):
    made = polib.POFile()
    made.metadata = {"Language": "de"}
    made.extend(polib.POEntry(msgid=text, msgstr=translation) for text, translation in texts.items())
    return made


def test_the_template_is_the_same_on_another_day():
    later = EXPORTED.replace("2026-01-01", "2027-06-30")
    assert str(catalogues.template(EXPORTED)) == str(catalogues.template(later))
    assert "2026" not in str(catalogues.template(EXPORTED))


def test_merging_keeps_what_is_translated_drops_what_is_gone_and_leaves_what_is_new_empty():
    merged = catalogues.merge(catalogues.template(EXPORTED), catalogue(One="Eins", Gone="Fort"))
    assert {entry.msgid: entry.msgstr for entry in merged} == {"One": "Eins", "Two": ""}
    assert catalogues.missing(merged) == ["Two"]


def test_a_translation_that_nobody_confirmed_counts_as_missing():
    unsure = catalogue(One="Eins")
    unsure[0].flags.append("fuzzy")
    assert catalogues.missing(unsure) == ["One"]


@pytest.mark.parametrize(
    ("text", "translation"),
    [
        ("Order %(name)s: %(reason)s", "%(reason)s bei Auftrag %(name)s (%(name)s)"),
        ("%s of %s", "%s von %s"),
        ("Held: <b>risky</b> (<field name='x'/>)", "<b>Riskant</b>: <field name='x'/>"),
        ('<i class="fa" title="Late"/> due', '<i class="fa" title="Spät"/> fällig'),
        ("GST 5 % is not mapped", "GST 5 % ist nicht zugeordnet"),
        ("Hello {{ object.name }}", "Guten Tag {{ object.name }}"),
        (" and %s more", " und %s weitere"),
    ],
)
def test_a_translation_that_keeps_what_is_filled_in_is_whole(text, translation):
    assert catalogues.differences(text, translation) == []


@pytest.mark.parametrize(
    ("text", "translation"),
    [
        ("Order %(name)s", "Auftrag"),
        ("Order %(name)s", "Auftrag %(nom)s"),
        ("%s of %s", "%s von"),
        ("Held: <b>risky</b>", "Gehalten: riskant"),
        ("Held: <b>risky</b>", "Gehalten: <b>riskant<b>"),
        ('<a href="x">here</a>', '<a href="y">hier</a>'),
        ("Hello {{ object.name }}", "Guten Tag {{ object.titel }}"),
        (" and %s more", "und %s weitere"),
        ("Two lines\n", "Zwei Zeilen"),
    ],
)
def test_a_translation_that_loses_or_changes_it_is_told(text, translation):
    assert catalogues.differences(text, translation)


@pytest.mark.parametrize("path", sorted(ADDONS.glob("*/i18n/*.po")), ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_every_language_that_is_shipped_is_complete_and_whole(path):
    translated = catalogues.read(path)
    template = catalogues.read(path.with_name(f"{path.parts[-3]}.pot"))
    assert catalogues.missing(catalogues.merge(template, translated)) == []
    assert catalogues.broken(translated) == []
    assert {entry.msgid for entry in translated} == {entry.msgid for entry in template}


def test_every_addon_is_shipped_in_german_and_french():
    for manifest in ADDONS.glob("*/__manifest__.py"):
        languages = {path.stem for path in manifest.parent.glob("i18n/*.po")}
        assert languages >= set(SHIPPED), manifest.parent.name
