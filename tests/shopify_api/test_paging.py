from itertools import islice

import pytest

from shopify_api import (
    Answer,
    AnswerLost,
    Document,
    ServerFault,
    Throttled,
    TooCostly,
    UnreadableAnswer,
    fitting,
    pages,
)

DOCUMENT = Document("orders/Orders", "Orders", "query Orders { ... }", 1, False)


class Store:
    """Serves numbers as a connection, and fails as planned for pages above a size."""

    def __init__(self, count, largest=250, error=TooCostly):
        self.records = list(range(count))
        self.largest = largest
        self.error = error
        self.asked = []

    def __call__(self, document, variables):
        first, after = variables["first"], variables.get("after")
        self.asked.append((first, after))
        if first > self.largest:
            raise self.error("too much")
        start = int(after) + 1 if after else 0
        found = self.records[start : start + first]
        info = {"hasNextPage": start + first < len(self.records), "endCursor": str(found[-1]) if found else None}
        return Answer({"orders": {"nodes": [{"id": one} for one in found], "pageInfo": info}})


def read(execute, **variables):
    return [
        node["id"] for page in pages(execute, DOCUMENT, {"first": 50, **variables}, "orders") for node in page.nodes
    ]


@pytest.mark.parametrize("count", [0, 1, 49, 50, 51, 100, 101])
def test_every_record_comes_once(count):
    store = Store(count)
    assert read(store) == store.records
    assert len(store.asked) == max(1, -(-count // 50))


def test_paging_goes_on_from_a_cursor():
    assert read(Store(100), after="89") == list(range(90, 100))


def test_pages_come_one_at_a_time_so_that_each_can_be_stored():
    store = Store(150)
    walk = pages(store, DOCUMENT, {"first": 50}, "orders")
    page = next(walk)
    assert (len(page.nodes), page.end_cursor, page.has_next) == (50, "49", True)
    assert len(store.asked) == 1


def test_a_page_that_costs_too_much_is_halved_and_stays_small():
    store = Store(60, largest=12)
    assert read(store) == store.records
    assert [first for first, _ in store.asked] == [50, 25, 12, 12, 12, 12, 12]


@pytest.mark.parametrize("error", [ServerFault, lambda text: AnswerLost(text, timed_out=True)])
def test_a_page_that_shopify_does_not_manage_is_halved(error):
    store = Store(60, largest=12, error=error)
    assert read(store) == store.records


def test_an_outage_is_not_asked_on_and_on():
    store = Store(60, largest=0, error=ServerFault)
    with pytest.raises(ServerFault):
        read(store)
    assert [first for first, _ in store.asked] == [50, 25, 12]


def test_faults_with_good_pages_between_them_are_no_outage():
    store = Store(200)
    plan = iter([True, False] * 3)

    def execute(document, variables):
        if next(plan, False):
            raise ServerFault("now and then")
        return store(document, variables)

    assert read(execute, first=250) == store.records


def test_one_record_that_is_too_much_is_an_error():
    store = Store(60, largest=0)
    with pytest.raises(TooCostly):
        read(store)
    assert store.asked[-1] == (1, None)


@pytest.mark.parametrize(
    "error",
    [Throttled, lambda text: AnswerLost(text), lambda text: ServerFault(text, retry_after=5)],
)
def test_what_a_smaller_page_does_not_help_comes_through_at_once(error):
    store = Store(60, largest=12, error=error)
    with pytest.raises((Throttled, AnswerLost, ServerFault)):
        read(store)
    assert len(store.asked) == 1


def test_a_connection_deeper_down_and_with_edges_is_read():
    inside = {"edges": [{"node": {"id": 1}}], "pageInfo": {"hasNextPage": False, "endCursor": None}}
    found = list(pages(lambda *_: Answer({"product": {"variants": inside}}), DOCUMENT, {}, ("product", "variants")))
    assert [page.nodes for page in found] == [[{"id": 1}]]


def test_other_names_of_the_variables_can_be_given():
    asked = []

    def execute(_document, variables):
        asked.append(dict(variables))
        if variables["lines"] > 5:
            raise TooCostly("too much")
        more = "cursor" not in variables
        return Answer({"orders": {"nodes": [1], "pageInfo": {"hasNextPage": more, "endCursor": "c1"}}})

    names = {"size_variable": "lines", "cursor_variable": "cursor"}
    assert len(list(pages(execute, DOCUMENT, {"lines": 10}, "orders", **names))) == 2
    assert asked[-1] == {"lines": 5, "cursor": "c1"}


@pytest.mark.parametrize("data", [{}, {"orders": None}, {"orders": {"nodes": []}}])
def test_an_answer_without_the_connection_is_told(data):
    with pytest.raises(UnreadableAnswer, match="holds no orders"):
        list(pages(lambda *_: Answer(data), DOCUMENT, {"first": 5}, "orders"))


@pytest.mark.parametrize("cursor", [None, "c1"])
def test_a_cursor_that_stands_still_does_not_loop(cursor):
    data = {"orders": {"nodes": [1], "pageInfo": {"hasNextPage": True, "endCursor": cursor}}}
    with pytest.raises(UnreadableAnswer, match="not from where"):
        list(islice(pages(lambda *_: Answer(data), DOCUMENT, {"first": 5}, "orders"), 5))


@pytest.mark.parametrize(
    ("size", "cost", "fits"),
    [(25, 3925, 6), (250, 1000.5, 249), (2, 5000, 1), (10, None, 5), (3, None, 1), (1, 1200, 0), (0, 1200, 0)],
)
def test_as_many_records_are_asked_for_instead_as_shopify_allows_by_its_own_count(size, cost, fits):
    assert fitting(size, TooCostly("too much", cost=cost, max_cost=1000)) == fits
