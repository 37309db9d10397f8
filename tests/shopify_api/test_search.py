import re
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopify_api import search

MOMENT = datetime(2026, 10, 21, 23, 39, 20, tzinfo=timezone.utc)
AWARE = st.datetimes(
    datetime(2000, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)


def unquote(value):
    """Read one quoted value as Shopify does; fails unless the quotation ends exactly at the end."""
    mark, inside, read, escaped = value[0], value[1:], [], False
    assert mark in "'\""
    for position, letter in enumerate(inside):
        if escaped:
            read.append(letter)
            escaped = False
        elif letter == "\\":
            escaped = True
        elif letter == mark:
            assert position == len(inside) - 1, "the quotation ends before the value does"
            return "".join(read)
        else:
            read.append(letter)
    raise AssertionError("the quotation never ends")


@given(st.text(max_size=60))
def test_no_value_can_leave_its_quotation(text):
    clause = search.term("sku", text)
    assert clause.startswith("sku:")
    assert unquote(clause.removeprefix("sku:")) == text


def test_values_keep_their_kind():
    assert search.term("id", 12) == "id:12"
    assert search.term("test", True) == "test:true"
    assert search.term("total_price", Decimal("1E+2"), ">") == "total_price:>100"
    assert search.term("name", "#1001") == "name:'#1001'"
    assert search.term("title", "D'Addario") == 'title:"D\'Addario"'


def test_times_are_sent_as_whole_seconds_of_utc():
    vienna = timezone(timedelta(hours=2))
    assert search.since("updated_at", MOMENT.astimezone(vienna)) == "updated_at:>='2026-10-21T23:39:20Z'"


def test_a_range_includes_both_ends_to_the_last_part_of_a_second():
    start, end = MOMENT.replace(microsecond=999_999), MOMENT.replace(microsecond=1)
    assert search.since("created_at", start) == "created_at:>='2026-10-21T23:39:20Z'"
    assert search.until("created_at", end) == "created_at:<='2026-10-21T23:39:21Z'"
    assert search.between("created_at", MOMENT, MOMENT) == (
        "(created_at:>='2026-10-21T23:39:20Z' AND created_at:<='2026-10-21T23:39:20Z')"
    )


@given(AWARE, AWARE)
def test_a_range_never_leaves_out_what_lies_in_it(start, end):
    if start > end:
        with pytest.raises(ValueError, match="after its end"):
            search.between("updated_at", start, end)
        return
    low, high = (
        datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
        for text in re.findall(r"'([^']+)'", search.between("updated_at", start, end))
    )
    assert low <= start <= end <= high
    assert start - low < timedelta(seconds=1) and high - end < timedelta(seconds=1)


def test_an_open_range_has_one_end():
    assert search.between("updated_at", MOMENT, None) == search.since("updated_at", MOMENT)
    assert search.between("updated_at", None, MOMENT) == search.until("updated_at", MOMENT)
    assert search.between("updated_at", None, None) == ""


@pytest.mark.parametrize("build", [search.since, search.until, search.term])
def test_a_time_without_a_zone_is_refused(build):
    with pytest.raises(ValueError, match="without a zone"):
        build("updated_at", datetime(2026, 1, 1))  # noqa: DTZ001 - the mistake that is tested


def test_clauses_join_with_parentheses_so_that_their_meaning_stays():
    unpaid = search.any_of("financial_status", ["pending", "authorized"])
    clause = search.and_(search.since("updated_at", MOMENT), unpaid)
    assert clause == (
        "(updated_at:>='2026-10-21T23:39:20Z' AND (financial_status:'pending' OR financial_status:'authorized'))"
    )


def test_ids_are_given_as_numbers_or_gids():
    assert search.ids(["gid://shopify/Order/1", "2", 3]) == "(id:1 OR id:2 OR id:3)"
    assert search.ids([7]) == "id:7"


@pytest.mark.parametrize("build", [lambda: search.ids([]), lambda: search.any_of("sku", []), search.or_])
def test_a_search_for_one_of_no_things_is_refused_since_it_would_find_everything(build):
    with pytest.raises(ValueError, match="needs each of them"):
        build()


def test_empty_clauses_fall_out_of_and_but_not_out_of_or():
    term = search.term("tag", "a")
    assert search.and_(search.Clause(), term) == term
    assert search.and_() == ""
    with pytest.raises(ValueError, match="needs each of them"):
        search.or_(search.Clause(), term)


def test_text_from_elsewhere_cannot_be_joined():
    with pytest.raises(TypeError, match="not made by this module"):
        search.and_(search.term("tag", "a"), "status:any OR id:1")


@pytest.mark.parametrize("key", ["", "a b", "tag:x OR id", "1a", "a..b", "(a"])
def test_a_key_cannot_carry_syntax(key):
    with pytest.raises(ValueError, match="not a search key"):
        search.term(key, "x")


def test_metafields_can_be_searched():
    assert search.term("metafields.$app--1.my-key", "x") == "metafields.$app--1.my-key:'x'"


def test_only_shopifys_comparisons_are_sent():
    with pytest.raises(ValueError, match="not a comparison"):
        search.term("id", 1, "!=")
