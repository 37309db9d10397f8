"""`./dev test -k WORD` means the same tests in Odoo as it does in pytest."""

import pytest

from devenv import keywords, test_selection
from devenv.errors import DevError

COMMON = """
class OrderCase(TransactionCase):
    def setUp(self): ...

class SharedTests(OrderCase):
    def test_shared(self): ...
"""
ORDERS = """
from odoo.addons.shopify_sync.tests import common

class TestOrders(common.SharedTests):
    def test_paid(self): ...
    def test_refunded(self): ...
    def helper(self): ...

class TestTaxes(common.OrderCase):
    def test_included(self): ...
"""


@pytest.fixture
def classes(tmp_path):
    folder = tmp_path / "shopify_sync" / "tests"
    folder.mkdir(parents=True)
    (folder / "common.py").write_text(COMMON)
    (folder / "test_orders.py").write_text(ORDERS)
    return test_selection.test_classes(tmp_path)


def tags(classes, expression):
    return test_selection.tags(classes, keywords.parse(expression))


def test_inherited_tests_belong_to_the_class_that_runs_them(classes):
    assert [(cls.name, cls.methods) for cls in classes] == [
        ("TestOrders", ("test_shared", "test_paid", "test_refunded")),
        ("TestTaxes", ("test_included",)),
    ]


def test_a_word_in_a_methods_name_selects_that_method(classes):
    assert tags(classes, "refund") == ["/shopify_sync:TestOrders.test_refunded"]


def test_a_word_in_a_classes_name_selects_the_class(classes):
    assert tags(classes, "taxes") == ["/shopify_sync:TestTaxes"]


def test_a_word_in_a_files_name_selects_the_file(classes):
    assert tags(classes, "test_orders") == ["/shopify_sync:TestOrders", "/shopify_sync:TestTaxes"]


def test_classes_of_one_name_in_two_files_are_both_found(classes, tmp_path):
    other = "class TestOrders(TransactionCase):\n    def test_listed(self): ...\n"
    (tmp_path / "shopify_sync" / "tests" / "test_screens.py").write_text(other)
    found = test_selection.test_classes(tmp_path)
    assert tags(found, "paid") == ["/shopify_sync:TestOrders.test_paid"]
    assert tags(found, "listed") == ["/shopify_sync:TestOrders.test_listed"]


def test_words_are_joined_as_in_pytest(classes):
    assert tags(classes, "TestOrders and not (paid or refunded)") == ["/shopify_sync:TestOrders.test_shared"]


def test_a_word_that_fits_nothing_selects_nothing(classes):
    assert tags(classes, "payout") == []


@pytest.mark.parametrize("expression", ["(paid", "paid)", "paid and", "or paid", "paid refunded", "not"])
def test_an_expression_that_cannot_be_read_is_refused_in_words(expression):
    with pytest.raises(DevError, match="-k"):
        keywords.parse(expression)


@pytest.mark.parametrize(
    ("expression", "names", "fits"),
    [
        ("a and b or c", ["c"], True),
        ("a and (b or c)", ["c"], False),
        ("not a and b", ["b"], True),
        ("not (a and b)", ["a"], True),
        ("PAID", ["test_paid"], True),
    ],
)
def test_and_binds_stronger_than_or_and_case_does_not_matter(expression, names, fits):
    assert keywords.parse(expression)(names) is fits


def chosen_by(tags_of_share, cls):
    """As Odoo reads --test-tags: what a tag names is in, unless one with a minus names it."""
    name, addon = f"/{cls.addon}:{cls.name}", f"/{cls.addon}"
    return (addon in tags_of_share or name in tags_of_share) and f"-{name}" not in tags_of_share


@pytest.mark.parametrize("number", [1, 2, 3, 9])
def test_several_odoos_share_all_tests_and_none_is_run_twice(classes, tmp_path, number):
    other = "class TestOrders(TransactionCase):\n    def test_listed(self): ...\n"
    (tmp_path / "shopify_sync" / "tests" / "test_screens.py").write_text(other)
    found = test_selection.test_classes(tmp_path)
    dealt = test_selection.all_in(found, ["shopify_sync"], number)
    assert 1 <= len(dealt) <= number
    for cls in found:
        assert sum(chosen_by(share, cls) for share in dealt) == 1, cls


def test_a_test_that_only_odoo_finds_is_run_by_one_of_them(classes):
    hidden = test_selection.TestClass("shopify_sync", "made_at_run_time", "TestMade", ("test_made",))
    dealt = test_selection.all_in(classes, ["shopify_sync"], 2)
    assert sum(chosen_by(share, hidden) for share in dealt) == 1


def test_chosen_tests_are_dealt_out_once_each(classes):
    dealt = test_selection.shares(classes, keywords.parse("paid or included"), 3)
    assert sorted(tag for share in dealt for tag in share) == [
        "/shopify_sync:TestOrders.test_paid",
        "/shopify_sync:TestTaxes",
    ]
    assert len(dealt) == 2
