"""Files of bulk operations: read in pieces, from where the last one ended, whole lines only."""

import json

import pytest

from shopify_api import AnswerLost, ShopUnavailable, UnreadableAnswer
from shopify_api.bulk import Piece, read_piece

ROWS = [{"id": number, "text": "é" * number} for number in range(1, 8)]
FILE = b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in ROWS)


def url(shop):
    return f"http://{shop.domain}/file.jsonl"


def test_a_file_is_read_in_pieces_that_join_without_a_gap(shop, reply):
    rows, start = [], 0
    for _number in range(10):
        shop.will(reply(FILE[start:], 206 if start else 200))
        piece = read_piece(url(shop), start, 3)
        rows += piece.rows
        start = piece.end
        if not piece.more:
            break
    assert rows == ROWS
    assert start == len(FILE)
    assert "Range" not in shop.requests[0].headers
    assert shop.requests[1].headers["Range"].startswith("bytes=")


def test_a_server_that_gives_the_whole_file_again_is_read_from_the_place(shop, reply):
    shop.will(reply(FILE, 200), reply(FILE, 200))
    first = read_piece(url(shop), 0, 4)
    assert read_piece(url(shop), first.end, 4).rows == ROWS[4:]


def test_a_last_line_without_a_line_break_counts(shop, reply):
    shop.will(reply(FILE.rstrip(b"\n")))
    assert read_piece(url(shop), 0, 100).rows == ROWS


def test_an_end_that_was_reached_before_is_no_fault(shop, reply):
    shop.will(reply(b"", 416))
    assert read_piece(url(shop), len(FILE), 100) == Piece([], len(FILE), False)


def test_a_file_that_breaks_off_gives_nothing_and_heals(shop, reply):
    shop.will(reply(FILE, cut=True))
    with pytest.raises(AnswerLost) as lost:
        read_piece(url(shop), 0, 100)
    assert lost.value.heals
    assert not lost.value.may_have_been_done


def test_a_file_that_is_gone_says_to_start_again(shop, reply):
    shop.will(reply(b"<Error/>", 404))
    with pytest.raises(ShopUnavailable, match="Start it again"):
        read_piece(url(shop), 0, 100)


def test_a_line_that_is_no_object_is_refused(shop, reply):
    shop.will(reply(b'{"id": 1}\n[1]\n'))
    with pytest.raises(UnreadableAnswer):
        read_piece(url(shop), 0, 100)
