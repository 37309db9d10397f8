"""The order of pictures: Odoo's among those that it knows, the others in their places."""

from hypothesis import given
from hypothesis import strategies as st

from mapping.product_gallery import arrived, file_mark, moves, with_ids
from mapping.product_out import Local, LocalImage


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


def picture(layer_id, shopify_id=""):
    return LocalImage(layer_id=layer_id, shopify_id=shopify_id, digest=f"{layer_id}abcdef0123", alt="Hat")


def media(gid, name="", status="READY"):
    return {
        "id": gid,
        "status": status,
        "image": {"url": f"https://cdn.example.com/files/{name}?v=1"} if name else None,
    }


def test_pictures_whose_answer_was_lost_are_known_by_their_files_and_not_sent_again():
    local = Local(1, "p", "Hat", images=(picture(1, "m1"), picture(2), picture(3)))
    node = {
        "media": {
            "nodes": [
                media("m1", "hat-1-1abcdef0.png"),
                media("by hand", "hat-2.png"),
                media("m3", f"hat{file_mark(3, '3abcdef0123')}_9f0c.png"),
                media("m2", f"hat{file_mark(2, '2abcdef0123')}.png"),
            ]
        }
    }
    assert arrived(local, node) == {2: "m2", 3: "m3"}
    assert arrived(with_ids(local, {2: "m2", 3: "m3"}), node) == {}


def test_other_bytes_are_another_picture():
    local = Local(1, "p", "Hat", images=(picture(2),))
    assert arrived(local, {"media": {"nodes": [media("m2", "hat-2-00000000.png")]}}) == {}


def test_pictures_without_a_file_yet_are_ours_only_when_as_many_are_missing():
    local = Local(1, "p", "Hat", images=(picture(1), picture(2)))
    waiting = [media("m1", status="PROCESSING"), media("m2", status="UPLOADED")]
    assert arrived(local, {"media": {"nodes": [*waiting, media("x", status="FAILED")]}}) == {1: "m1", 2: "m2"}
    assert arrived(local, {"media": {"nodes": waiting[:1]}}) == {}
