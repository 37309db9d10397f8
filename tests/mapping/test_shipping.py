"""A delivery is spread over Shopify's fulfilment orders: every unit once, one request a location, holds respected."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from mapping import OrderToShip, Parcel, plan_shipment, read_order_to_ship, recognise, units_of
from mapping.fulfillments import Fulfillment, Tracking
from mapping.shipping import FulfillmentOrder, OpenLine

LINES = ("1", "2", "3")
PLACES = ("10", "20", "30")
OPEN, HELD, CLOSED = "OPEN", "ON_HOLD", "CLOSED"


def group(ident, place, status=OPEN, service=False, **units):
    lines = tuple(OpenLine(f"{ident}-{line[1:]}", line[1:], count) for line, count in units.items())
    return FulfillmentOrder(ident, status, "SHIPPING", place, f"Place {place}", service, "", None, lines)


def order(*groups, unfulfilled=None):
    seen = Counter()
    for one in groups:
        if one.status != CLOSED:
            seen.update({line.line_id: line.units for line in one.lines})
    return OrderToShip("5", "#5", None, None, dict(unfulfilled or seen), groups, ())


def parcel(*numbers, **units):
    return Parcel(tuple((line[1:], count) for line, count in units.items()), numbers)


def shipment(ident, *numbers, **units):
    tracking = tuple(Tracking("", number, "") for number in numbers)
    return Fulfillment(ident, "", None, "", tracking, tuple((line[1:], count) for line, count in units.items()))


def sent(plan):
    found = Counter()
    for call in plan.calls:
        found.update(call.units)
    return dict(found)


@st.composite
def situations(draw):
    groups, unfulfilled = [], Counter()
    for number in range(draw(st.integers(0, 5))):
        status = draw(st.sampled_from([OPEN, "IN_PROGRESS", HELD, "SCHEDULED", CLOSED, "CANCELLED"]))
        units = draw(st.dictionaries(st.sampled_from(LINES), st.integers(1, 5), max_size=3))
        service = draw(st.booleans())
        one = group(
            f"g{number}", draw(st.sampled_from(PLACES)), status, service, **{f"l{k}": v for k, v in units.items()}
        )
        groups.append(one)
        if status not in (CLOSED, "CANCELLED"):
            unfulfilled.update(units)
    unfulfilled.update(draw(st.dictionaries(st.sampled_from(LINES), st.integers(0, 3), max_size=2)))
    numbers = st.lists(st.sampled_from(["T1", "T2", "T3"]), max_size=2, unique=True).map(tuple)
    units = st.dictionaries(st.sampled_from(LINES), st.integers(0, 6), max_size=3).map(lambda one: tuple(one.items()))
    parcels = draw(st.lists(st.builds(Parcel, units, numbers), max_size=4))
    known = draw(st.dictionaries(st.sampled_from(LINES), st.integers(0, 3), max_size=2))
    prefer = draw(st.sets(st.sampled_from(PLACES), max_size=1))
    return parcels, order(*groups, unfulfilled=unfulfilled), prefer, known


@given(situations())
def test_every_delivered_unit_has_one_place(situation):
    parcels, there, prefer, known = situation
    plan = plan_shipment(parcels, there, prefer, known=known)
    total = Counter(sent(plan))
    for part in (plan.waiting, plan.service, plan.hidden, plan.known, plan.excess):
        assert all(count > 0 for count in part.values())
        total.update(part)
    assert dict(total) == units_of(parcels)


@given(situations())
def test_nothing_is_shipped_that_is_not_open_and_every_request_has_one_location(situation):
    parcels, there, prefer, known = situation
    plan = plan_shipment(parcels, there, prefer, known=known)
    groups = {one.shopify_id: one for one in there.fulfillment_orders}
    used = Counter()
    for call in plan.calls:
        assert {groups[line.order_id].location_id for line in call.lines} == {call.location_id}
        for line in call.lines:
            assert groups[line.order_id].can_ship
            used[line.order_line_id] += line.units
    remaining = {line.shopify_id: line.units for one in there.fulfillment_orders for line in one.lines}
    assert all(count <= remaining[ident] for ident, count in used.items())
    assert len({call.location_id for call in plan.calls}) == len(plan.calls)


@given(situations())
def test_nothing_waits_or_fails_as_long_as_units_are_open(situation):
    parcels, there, prefer, known = situation
    plan = plan_shipment(parcels, there, prefer, known=known)
    open_units = Counter()
    for one in there.fulfillment_orders:
        if one.can_ship:
            open_units.update({line.line_id: line.units for line in one.lines})
    shipped = sent(plan)
    for part in (plan.waiting, plan.service, plan.hidden, plan.known, plan.excess):
        assert all(shipped.get(line, 0) == open_units[line] for line in part)


@given(situations())
def test_no_tracking_number_is_lost_when_everything_is_shipped(situation):
    parcels, there, prefer, known = situation
    plan = plan_shipment(parcels, there, prefer, known=known)
    wanted = units_of(parcels)
    if wanted and sent(plan) == wanted:
        given_numbers = {number for one in parcels if sum(dict(one.units).values()) for number in one.numbers}
        assert given_numbers <= {number for call in plan.calls for number in call.numbers}


def test_the_warehouse_of_the_delivery_is_used_first():
    there = order(group("a", "10", l1=2), group("b", "20", l1=2))
    plan = plan_shipment([parcel(l1=2)], there, prefer={"20"})
    assert [(call.location_id, call.units) for call in plan.calls] == [("20", {"1": 2})]


def test_one_location_that_holds_everything_wins_over_two():
    there = order(group("a", "10", l1=1), group("b", "20", l1=1, l2=1))
    assert [call.location_id for call in plan_shipment([parcel(l1=1, l2=1)], there).calls] == ["20"]


def test_an_order_split_over_two_locations_makes_two_requests_with_the_numbers_of_their_parcels():
    there = order(group("a", "10", l1=1), group("b", "20", l2=1))
    plan = plan_shipment([parcel("T1", l1=1), parcel("T2", l2=1)], there)
    assert {call.location_id: call.numbers for call in plan.calls} == {"10": ("T1",), "20": ("T2",)}


def test_units_on_hold_wait_and_the_open_ones_go():
    there = order(group("a", "10", l1=1), group("b", "10", HELD, l1=2))
    plan = plan_shipment([parcel(l1=2)], there)
    assert (sent(plan), plan.waiting, plan.excess) == ({"1": 1}, {"1": 1}, {})


def test_what_a_fulfilment_service_ships_is_left_alone():
    plan = plan_shipment([parcel(l1=1, l2=1)], order(group("a", "10", l1=1), group("s", "30", service=True, l2=1)))
    assert (sent(plan), plan.service) == ({"1": 1}, {"2": 1})


def test_more_than_is_open_is_counted_as_excess_unless_shopify_has_shipped_it():
    there = order(group("a", "10", l1=1))
    assert plan_shipment([parcel(l1=3)], there).excess == {"1": 2}
    plan = plan_shipment([parcel(l1=3)], there, known={"1": 1})
    assert (plan.known, plan.excess) == ({"1": 1}, {"1": 1})


def test_services_go_with_the_first_delivery_and_alone_when_there_is_none():
    there = order(group("a", "10", l1=1), group("b", "10", l3=1))
    assert sent(plan_shipment([parcel(l1=1)], there, along={"3"})) == {"1": 1, "3": 1}
    assert sent(plan_shipment([], there, along={"3"})) == {"3": 1}


def test_services_wait_with_the_delivery():
    there = order(group("a", "10", HELD, l1=1), group("b", "10", l3=1))
    assert plan_shipment([parcel(l1=1)], there, along={"3"}).calls == ()


def test_units_in_no_visible_fulfilment_order_are_told_from_excess():
    plan = plan_shipment([parcel(l1=2)], order(unfulfilled={"1": 1}))
    assert (plan.hidden, plan.excess) == ({"1": 1}, {"1": 1})


def test_the_shipment_of_a_lost_answer_is_known_again_by_units_and_numbers():
    ours, other = shipment("1", "T1", l1=1), shipment("2", "X9", l1=1)
    assert recognise({"1": 1}, [other, ours], ["T1"]) == [ours]
    assert recognise({"1": 1}, [shipment("3", l1=2)], []) == []
    assert recognise({"1": 1}, [shipment("4", l1=1), shipment("5", l1=1)], []) == [shipment("4", l1=1)]


def test_an_order_is_read_with_holds_places_and_shipments():
    read = read_order_to_ship(
        {
            "id": "gid://shopify/Order/5",
            "name": "#5",
            "createdAt": "2026-11-20T10:00:00Z",
            "cancelledAt": None,
            "lineItems": {"nodes": [{"id": "gid://shopify/LineItem/1", "unfulfilledQuantity": 2}]},
            "fulfillmentOrders": {
                "nodes": [
                    {
                        "id": "gid://shopify/FulfillmentOrder/7",
                        "status": "ON_HOLD",
                        "fulfillAt": None,
                        "deliveryMethod": {"methodType": "SHIPPING"},
                        "assignedLocation": {
                            "name": "Main",
                            "location": {"id": "gid://shopify/Location/10", "isFulfillmentService": False},
                        },
                        "fulfillmentHolds": [{"reason": "AWAITING_PAYMENT", "reasonNotes": None}],
                        "lineItems": {
                            "nodes": [
                                {"id": "x/8", "remainingQuantity": 2, "lineItem": {"id": "gid://shopify/LineItem/1"}},
                                {"id": "x/9", "remainingQuantity": 0, "lineItem": {"id": "gid://shopify/LineItem/2"}},
                            ]
                        },
                    }
                ]
            },
            "fulfillments": [],
        }
    )
    (found,) = read.fulfillment_orders
    assert (found.waits, found.reason, found.location_id) == (True, "Awaiting payment", "10")
    assert found.lines == (OpenLine("8", "1", 2),)
    assert read.unfulfilled == {"1": 2}
