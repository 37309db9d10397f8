"""The form of a configuration file: what is written is read again, and other files are refused in words."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping import config_file

plain = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=20))
refs = st.builds(config_file.reference, st.sampled_from(["res.users", "account.tax"]), st.just({"name": "A"}))
values = st.one_of(plain, refs, st.lists(refs, max_size=3))
rows = st.lists(st.dictionaries(st.text(max_size=8), values, max_size=3), max_size=3)


@given(
    settings=st.dictionaries(st.text(max_size=8), values),
    sections=st.dictionaries(st.sampled_from(config_file.SECTIONS), rows),
)
def test_what_is_written_is_read_again(settings, sections):
    config = config_file.ConfigFile({"name": "Shop"}, settings, sections)
    read = config_file.load(config_file.dump(config))
    assert read.settings == settings
    assert {name: found for name, found in read.sections.items() if found} == {
        name: found for name, found in sections.items() if found
    }
    assert config_file.dump(read) == config_file.dump(config)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("no json", "no JSON"),
        ("[]", "not a configuration file"),
        ('{"format": "other"}', "not a configuration file"),
        (json.dumps({"format": config_file.FORMAT}), "which version"),
        (json.dumps({"format": config_file.FORMAT, "version": 2}), "newer version"),
        (json.dumps({"format": config_file.FORMAT, "version": 1, "settings": []}), "damaged"),
        (json.dumps({"format": config_file.FORMAT, "version": 1, "gateways": [1]}), "'gateways'"),
    ],
)
def test_other_files_are_refused_in_words(text, words):
    with pytest.raises(config_file.ConfigFileError, match=words):
        config_file.load(text)


def test_references_are_found_wherever_they_are():
    one, two = config_file.reference("a", {"code": "1"}), config_file.reference("b", {"name": "x", "empty": None})
    assert config_file.references([{"field": one, "many": [two]}, {"plain": 1}]) == [one, two]
    assert config_file.label(two) == "x"
    assert config_file.key_of(one) != config_file.key_of(two)
