"""Payouts of any month: read as Shopify states them, and every statement moves exactly nothing."""

import gzip
import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.payout_types import FEE, GROUPS, group_label, settles, type_group, type_label
from mapping.payouts import close_statement, convert, read_dispute, read_payout, read_transaction

SCHEMA = Path(__file__).parents[2] / "shopify_simulator/schema/admin-2026-07.json.gz"

cents = st.integers(-10_000_000, 10_000_000).map(lambda number: Decimal(number) / 100)
fees = st.integers(-5_000, 50_000).map(lambda number: Decimal(number) / 100)
rates = st.decimals("0.0001", "20000", places=10, allow_nan=False)


def money(amount, currency="EUR"):
    return {"amount": str(amount), "currencyCode": currency}


def balance_transaction(**values):
    return {
        "id": "gid://shopify/ShopifyPaymentsBalanceTransaction/77",
        "type": "CHARGE",
        "test": False,
        "transactionDate": "2026-10-05T10:00:00Z",
        "amount": money("100.00"),
        "fee": money("3.20"),
        "net": money("96.80"),
        "sourceType": "CHARGE",
        "sourceId": 5,
        "sourceOrderTransactionId": 9,
        "adjustmentReason": None,
        "associatedOrder": {"id": "gid://shopify/Order/1", "name": "#1001"},
        **values,
    }


def all_types():
    schema = json.loads(gzip.decompress(SCHEMA.read_bytes()))["data"]["__schema"]
    (found,) = [kind for kind in schema["types"] if kind["name"] == "ShopifyPaymentsTransactionType"]
    return [value["name"] for value in found["enumValues"]]


def test_every_type_of_shopify_has_a_group_and_words():
    types = all_types()
    assert len(types) == 113
    for kind in types:
        assert type_group(kind) in GROUPS, kind
        label = type_label(kind)
        assert label[0].isupper() and "_" not in label, label
    assert len({type_label(kind) for kind in types}) == len(types)
    assert {kind for _label, kinds in GROUPS.values() for kind in kinds} - {FEE} <= set(types)


def test_a_type_that_is_new_is_readable_and_belongs_nowhere():
    assert type_label("MOON_TAX_CREDIT") == "Moon tax credit"
    assert group_label(type_group("MOON_TAX_CREDIT")) == "Other"
    assert settles("MOON_TAX_CREDIT") == ""


def test_a_transaction_is_read_with_what_it_settles():
    read = read_transaction(balance_transaction())
    assert (read.amount, read.fee, read.net) == (Decimal("100.00"), Decimal("3.20"), Decimal("96.80"))
    assert (read.order_id, read.order_name, read.order_transaction_id) == ("1", "#1001", "9")
    assert read.counts and read.dispute_id == ""
    assert read_transaction(balance_transaction(sourceType="DISPUTE")).dispute_id == "5"


@pytest.mark.parametrize("change", [{"test": True}, {"type": "TRANSFER"}])
def test_what_moves_no_money_does_not_count(change):
    assert not read_transaction(balance_transaction(**change)).counts


def test_figures_that_do_not_agree_are_refused():
    with pytest.raises(ValueError, match="is not"):
        read_transaction(balance_transaction(net=money("96.81")))
    with pytest.raises(KeyError):
        read_transaction(balance_transaction(amount={"amount": None, "currencyCode": "EUR"}))


@pytest.mark.parametrize("stated", ["-12.00", "12.00"])
def test_a_withdrawal_is_negative_whichever_sign_shopify_gives_it(stated):
    read = read_payout(
        {
            "id": "gid://shopify/ShopifyPaymentsPayout/3",
            "issuedAt": "2026-10-05T23:30:00Z",
            "status": "CANCELED",
            "transactionType": "WITHDRAWAL",
            "externalTraceId": None,
            "net": money(stated),
        }
    )
    assert (read.is_withdrawal, read.net, read.status, read.trace_ref) == (True, Decimal(-12), "cancelled", "")


def test_a_dispute_of_an_unknown_status_is_still_looked_at():
    record = {
        "id": "gid://shopify/ShopifyPaymentsDispute/4",
        "status": "SOMETHING_NEW",
        "type": "CHARGEBACK",
        "amount": money("5"),
        "initiatedAt": "2026-10-05T10:00:00Z",
    }
    read = read_dispute(record)
    assert (read.status, read.kind, read.evidence_due) == ("under_review", "chargeback", None)


@given(st.lists(st.tuples(cents, fees), max_size=40), rates, st.sampled_from([0, 2, 3]))
def test_the_statement_of_any_payout_moves_exactly_nothing(rows, rate, places):
    net = sum((amount - fee for amount, fee in rows), Decimal(0))
    gross = [(amount, convert(amount, rate, places)) for amount, _fee in rows]
    fee, transfer = close_statement(gross, sum((fee for _amount, fee in rows), Decimal(0)), net, rate, places)
    assert sum((amount for amount, _converted in gross), Decimal(0)) + fee.amount + transfer.amount == 0
    assert sum((converted for _amount, converted in gross), Decimal(0)) + fee.converted + transfer.converted == 0
    assert transfer.amount == -net


@given(cents, rates)
def test_a_conversion_is_symmetrical(amount, rate):
    assert convert(-amount, rate, 2) == -convert(amount, rate, 2)
