"""Which location ships which line."""

from hypothesis import given
from hypothesis import strategies as st

from mapping.routing import assigned_location, line_locations, open_units, standing


def group(location, lines=None, status="OPEN"):
    """A fulfilment order as Shopify answers it; lines are {line id: units}, None when they were not read."""
    found = {
        "id": "gid://shopify/FulfillmentOrder/1",
        "status": status,
        "assignedLocation": {"location": {"id": f"gid://shopify/Location/{location}"} if location else None},
    }
    if lines is not None:
        found["lineItems"] = {
            "nodes": [
                {
                    "totalQuantity": units,
                    "remainingQuantity": units,
                    "lineItem": {"id": f"gid://shopify/LineItem/{line}"},
                }
                for line, units in lines.items()
            ]
        }
    return found


def test_each_line_is_shipped_by_the_location_of_its_fulfilment_order():
    assert dict(line_locations([group(1, {11: 2}), group(2, {12: 1}, status="CLOSED")])) == {"11": "1", "12": "2"}


def test_a_line_that_is_split_counts_for_the_location_with_most_of_it():
    assert dict(line_locations([group(1, {11: 1}), group(2, {11: 3}), group(3, {11: 2})])) == {"11": "2"}


def test_a_cancelled_fulfilment_order_says_nothing_beside_one_that_stands():
    assert dict(line_locations([group(1, {11: 5}, status="CANCELLED"), group(2, {11: 1})])) == {"11": "2"}


def test_nothing_is_known_of_lines_that_were_not_read_or_of_hidden_locations():
    assert line_locations([group(1), group(None, {11: 1})]) == ()
    assert assigned_location({}) == ""


def test_open_units_are_those_that_no_location_has_shipped_or_given_up():
    groups = [group(1, {11: 2}), group(2, {11: 1, 12: 3}), group(2, {12: 1}), group(2, {13: 5}, status="CLOSED")]
    assert sorted(open_units(groups)) == [("11", "1", 2), ("11", "2", 1), ("12", "2", 4)]
    assert open_units([group(1), group(2, {11: 1}, status="CANCELLED")]) == ()


@given(st.lists(st.tuples(st.integers(1, 4), st.dictionaries(st.integers(10, 14), st.integers(0, 9)))))
def test_every_line_with_units_has_exactly_one_of_its_own_locations(groups):
    read = [group(location, lines) for location, lines in groups]
    found = line_locations(read)
    assert len(dict(found)) == len(found)
    wanted = {str(line) for _location, lines in groups for line, units in lines.items() if units}
    assert set(dict(found)) == wanted
    for line, location in found:
        assert any(str(one) == location and lines.get(int(line)) for one, lines in groups)
    assert standing(read) == read
