import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping import carried, words


@pytest.mark.parametrize(
    ("text", "found"),
    [(None, []), (" , ", []), ("FBA", ["fba"]), (" FBA, Straße ,fba", ["fba", "strasse"])],
)
def test_tags_are_split_at_commas_and_known_whatever_their_letter_case(text, found):
    assert words(text) == found


def test_the_tag_is_named_as_the_order_has_it():
    assert carried(["new", " Fba ", "FBA"], words("fba, vip")) == " Fba "
    assert carried(["new"], words("fba")) == ""
    assert carried([], []) == ""


@given(st.lists(st.text(st.characters(exclude_characters=",")), max_size=5), st.integers(0, 4))
def test_every_tag_that_is_written_into_a_rule_is_recognised(tags, position):
    tag = tags[position % len(tags)] if tags else ""
    if tag.strip():
        assert carried([tag], words(", ".join(tags))) == tag
