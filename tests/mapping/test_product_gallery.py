"""The order of pictures: Odoo's among those that it knows, the others in their places."""

from hypothesis import given
from hypothesis import strategies as st

from mapping.product_gallery import moves


def moved(present, found):
    """The gallery after Shopify has made the moves."""
    result = list(present)
    for one in found:
        result.remove(one["id"])
        result.insert(int(one["newPosition"]), one["id"])
    return result


def test_one_that_goes_to_the_front_is_one_move():
    assert moves("abc", "cab") == ({"id": "c", "newPosition": "0"},)


def test_the_same_order_needs_no_move_and_unknown_ones_do_not_count():
    assert moves("axb", "ab") == moves("axb", "agb") == moves("", "ab") == ()


@given(st.permutations("abcdef"), st.permutations("abcdef"), st.sets(st.sampled_from("abcdef")))
def test_ours_stand_in_our_order_and_the_others_where_they_were(present, order, others):
    wanted = [one for one in order if one not in others]
    result = moved(present, moves(present, wanted))
    assert [one for one in result if one not in others] == wanted
    assert [result.index(one) for one in others] == [present.index(one) for one in others]
