"""Every cent of a difference has one reason, and the links of the chain add up."""

from datetime import date
from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from mapping.month_end import Part, Position, Reason, Stage, chain, explain

END = date(2026, 11, 30)
AMOUNTS = st.decimals("-9999.99", "9999.99", places=2)
POSITIONS = st.builds(
    Position,
    expected=AMOUNTS,
    settled=AMOUNTS,
    later=AMOUNTS,
    parts=st.integers(0, 9),
    fee=st.decimals("0", "50", places=2),
    foreign=st.booleans(),
    by_hand=st.booleans(),
    normal_until=st.none() | st.dates(date(2026, 11, 1), date(2026, 12, 31)),
)


def reasons(**position):
    values = {name: Decimal(value) if isinstance(value, str) else value for name, value in position.items()}
    return [(part.reason, str(part.amount)) for part in explain(Position(**values), END)]


def test_what_is_settled_in_the_period_has_no_difference():
    assert reasons(expected="10.00", settled="10.00") == []
    assert reasons(expected="-4.00", settled="-4.00") == []


def test_what_was_settled_since_is_timing():
    assert reasons(expected="10.00", later="10.00") == [(Reason.TIMING, "10.00")]


def test_what_is_partly_settled_later_and_partly_not_at_all_is_told_apart():
    assert reasons(expected="10.00", settled="2.00", later="5.00") == [
        (Reason.TIMING, "5.00"),
        (Reason.MISSING, "3.00"),
    ]


def test_nothing_there_is_missing_unless_it_is_usual_to_wait_so_long():
    assert reasons(expected="10.00") == [(Reason.MISSING, "10.00")]
    assert reasons(expected="10.00", normal_until=date(2026, 12, 3)) == [(Reason.TIMING, "10.00")]
    assert reasons(expected="10.00", normal_until=date(2026, 11, 29)) == [(Reason.MISSING, "10.00")]


def test_a_cent_a_line_is_rounding():
    assert reasons(expected="10.00", settled="9.99") == [(Reason.ROUNDING, "0.01")]
    assert reasons(expected="10.00", settled="10.03", parts=3) == [(Reason.ROUNDING, "-0.03")]
    assert reasons(expected="10.00", settled="10.04", parts=3) == [(Reason.MISSING, "-0.04")]
    assert reasons(expected="1000", settled="999", step="1") == [(Reason.ROUNDING, "1")]


def test_what_the_gateway_kept_is_a_fee():
    assert reasons(expected="100.00", settled="96.80", fee="3.20") == [(Reason.FEE, "3.20")]
    assert reasons(expected="-7.85", fee="-7.85") == [(Reason.FEE, "-7.85")]
    assert reasons(expected="100.00", settled="96.70", fee="3.20") == [(Reason.MISSING, "3.30")]


def test_another_currency_and_a_persons_change_are_named():
    assert reasons(expected="100.00", settled="91.00", foreign=True) == [(Reason.CURRENCY, "9.00")]
    assert reasons(expected="100.00", settled="80.00", by_hand=True) == [(Reason.MANUAL, "20.00")]


def test_settled_twice_is_a_difference_too():
    assert reasons(expected="10.00", settled="20.00") == [(Reason.MISSING, "-10.00")]
    assert reasons(expected="0", settled="20.00", by_hand=True) == [(Reason.MANUAL, "-20.00")]


@given(position=POSITIONS)
def test_the_parts_add_up_to_the_difference(position):
    parts = explain(position, END)
    assert sum((part.amount for part in parts), Decimal(0)) == position.expected - position.settled
    assert all(part.amount for part in parts)
    assert len(parts) <= 2


@given(position=POSITIONS)
def test_more_time_never_makes_a_missing_document_usual(position):
    assume(explain(position, END))
    later = [part.reason for part in explain(position, date(2027, 1, 31))]
    assert Reason.TIMING not in later[1:] or position.later


@given(rows=st.lists(st.tuples(st.sampled_from(["USD", "EUR", "JPY"]), POSITIONS), max_size=20))
def test_totals_are_settled_later_or_open_in_each_currency_by_itself(rows):
    sums = chain(rows)
    assert set(sums) == {currency for currency, _position in rows}
    for currency, stage in sums.items():
        mine = [position for code, position in rows if code == currency]
        assert stage.total == sum((one.expected for one in mine), Decimal(0))
        assert stage.total == stage.settled + stage.later + stage.open
        left = [part.amount for one in mine for part in explain(one, END)]
        assert sum(left, Decimal(0)) == stage.later + stage.open


def test_links_of_the_same_currency_are_added():
    assert Stage(Decimal(3), Decimal(1), Decimal(1)) + Stage(Decimal(2)) == Stage(Decimal(5), Decimal(1), Decimal(1))
    assert Part(Reason.FEE, Decimal(1)) == Part(Reason.FEE, Decimal(1))
