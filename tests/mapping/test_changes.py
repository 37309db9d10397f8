"""What differs between what Odoo holds and what Shopify says, by line."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from mapping import HeldLine, compare
from mapping.line import Line
from mapping.taxes import TaxAmount, TaxKey

TAX = TaxKey("VAT", Decimal("0.2"), False, "DE", False)


def line(key="1", quantity=2, price="10.00", net=None, tax="0"):
    net = Decimal(net) if net is not None else Decimal(price) * quantity
    taxes = (TaxAmount(TAX, Decimal(tax)),) if Decimal(tax) else ()
    return Line(key, "product", f"Item {key}", quantity, Decimal(price), net, taxes)


def held(of, **changes):
    """What Odoo holds of a line, with changes."""
    values = {
        "key": of.key,
        "kind": of.kind,
        "title": of.title,
        "quantity": Decimal(of.quantity),
        "unit_price": of.unit_price,
        "net": of.net,
        "tax": sum((tax.amount for tax in of.taxes), Decimal(0)),
    }
    return HeldLine(**{**values, **changes})


def kinds(found, target):
    return [(change.key, change.kind) for change in compare(found, target)]


def test_equal_lines_are_no_change():
    one = line(tax="4.00")
    assert compare({"1": held(one)}, [one]) == ()


def test_a_line_that_odoo_lacks_is_new():
    assert kinds({}, [line()]) == [("1", "new")]


def test_a_line_that_shopify_lacks_is_removed():
    assert kinds({"1": held(line())}, []) == [("1", "removed")]


def test_a_line_taken_off_in_odoo_counts_as_absent():
    gone = held(line(), quantity=Decimal(0))
    assert kinds({"1": gone}, []) == []
    assert kinds({"1": gone}, [line()]) == [("1", "new")]


def test_more_or_fewer_units_are_a_quantity():
    assert kinds({"1": held(line(quantity=2))}, [line(quantity=3)]) == [("1", "quantity")]
    assert kinds({"1": held(line(quantity=2))}, [line(quantity=1)]) == [("1", "quantity")]


def test_another_price_net_or_tax_is_an_amount():
    one = line(tax="4.00")
    for other in (line(price="11.00", net="20.00", tax="4.00"), line(net="19.99", tax="4.00"), line(tax="4.01")):
        assert kinds({"1": held(one)}, [other]) == [("1", "amount")]


def test_changes_come_in_shopifys_order_and_removed_lines_last():
    found = {"9": held(line("9")), "1": held(line("1"))}
    assert kinds(found, [line("2"), line("1", quantity=5)]) == [("2", "new"), ("1", "quantity"), ("9", "removed")]


def test_a_shipped_or_invoiced_line_is_bound():
    target = [line(quantity=3)]
    (free,) = compare({"1": held(line())}, target)
    (shipped,) = compare({"1": held(line(), delivered=Decimal(1))}, target)
    (invoiced,) = compare({"1": held(line(), invoiced=Decimal(1))}, target)
    (new,) = compare({}, target)
    assert [change.is_bound for change in (free, shipped, invoiced, new)] == [False, True, True, False]


def test_figures_name_both_sides_with_taxes():
    (change,) = compare({"1": held(line(quantity=2, tax="4.00"))}, [line(quantity=3, tax="6.00")])
    assert (change.before, change.after) == ("2 x = 24.00", "3 x = 36.00")
    (new,) = compare({}, [line()])
    assert new.before == "-"


@given(
    st.lists(st.tuples(st.integers(1, 6), st.integers(1, 5)), max_size=6, unique_by=lambda row: row[0]),
    st.lists(st.tuples(st.integers(1, 6), st.integers(1, 5)), max_size=6, unique_by=lambda row: row[0]),
)
def test_applying_the_changes_leaves_no_change(before, after):
    found = {str(key): held(line(str(key), units)) for key, units in before}
    target = [line(str(key), units) for key, units in after]
    for change in compare(found, target):
        if change.target is None:
            found[change.key] = held(line(change.key), quantity=Decimal(0))
        else:
            found[change.key] = held(change.target)
    assert compare(found, target) == ()
