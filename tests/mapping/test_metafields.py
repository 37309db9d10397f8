"""Metafields become values of Odoo's fields and back, or are refused in words."""

from datetime import date

import pytest

from mapping import Refusal
from mapping.metafields import TYPES, read_metafield, write_metafield
from mapping.reading import when


@pytest.mark.parametrize(
    ("kind", "text", "field", "value"),
    [
        ("single_line_text_field", "Wool", "char", "Wool"),
        ("number_integer", "42", "integer", 42),
        ("number_integer", "42", "char", "42"),
        ("number_decimal", "1.250", "float", 1.25),
        ("boolean", "true", "boolean", True),
        ("boolean", "false", "boolean", False),
        ("date", "2026-02-28", "date", date(2026, 2, 28)),
        ("date_time", "2026-02-28T10:00:00+02:00", "datetime", when("2026-02-28T08:00:00Z")),
        ("money", '{"amount": "5.99", "currency_code": "CAD"}', "monetary", 5.99),
        ("weight", '{"value": 2.5, "unit": "kg"}', "float", 2.5),
        ("weight", '{"value": 2.5, "unit": "kg"}', "char", "2.5 kg"),
        ("list.single_line_text_field", '["a", "b"]', "char", "a, b"),
        ("json", '{"a": 1}', "text", '{"a": 1}'),
    ],
)
def test_values_have_the_type_of_the_field(kind, text, field, value):
    assert read_metafield(kind, text, field) == value


@pytest.mark.parametrize(
    ("kind", "text", "field"),
    [
        ("number_integer", "4.5", "integer"),
        ("number_integer", "four", "char"),
        ("number_decimal", "NaN", "float"),
        ("boolean", "yes", "boolean"),
        ("date", "28.02.2026", "date"),
        ("date_time", "soon", "datetime"),
        ("money", "5.99", "float"),
        ("list.single_line_text_field", '{"a": 1}', "char"),
        ("json", "{", "text"),
        ("number_integer", "1", "boolean"),
        ("metaobject_reference", "gid://shopify/Metaobject/1", "char"),
    ],
)
def test_what_is_not_of_its_type_is_refused(kind, text, field):
    with pytest.raises(Refusal):
        read_metafield(kind, text, field)


@pytest.mark.parametrize(
    ("kind", "value", "unit"),
    [
        ("single_line_text_field", "Wool", ""),
        ("number_integer", 42, ""),
        ("number_decimal", 1.25, ""),
        ("boolean", True, ""),
        ("boolean", False, ""),
        ("date", date(2026, 2, 28), ""),
        ("money", 5.99, "CAD"),
        ("weight", 2.5, "kg"),
        ("list.single_line_text_field", "a, b", ""),
    ],
)
def test_what_is_written_is_read_the_same(kind, value, unit):
    text = write_metafield(kind, value, unit)
    assert read_metafield(kind, text, TYPES[kind][0]) == value


def test_nothing_is_written_as_nothing_and_a_broken_number_is_refused():
    assert write_metafield("single_line_text_field", False) is None
    with pytest.raises(Refusal):
        write_metafield("number_integer", 4.5)
    with pytest.raises(Refusal):
        write_metafield("file_reference", "x")
