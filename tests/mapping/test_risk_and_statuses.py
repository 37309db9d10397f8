"""When an order is held, and the three keys that choose its workflow (rules, sections 2 and 10)."""

from decimal import Decimal

import pytest
from made_orders import line, mapped

from mapping import FINANCIAL_STATUSES, ORDER_STATUSES, financial_status, order_status


def risk(*levels, recommendation="NONE", **fields):
    assessments = [{"riskLevel": level, "provider": None, "facts": [], **fields} for level in levels]
    return mapped(line(10), risk={"recommendation": recommendation, "assessments": assessments}).risk


@pytest.mark.parametrize(
    ("levels", "recommendation", "medium", "high"),
    [
        ([], "NONE", "none", "none"),
        (["LOW"], "ACCEPT", "none", "none"),
        (["NONE"], "NONE", "none", "none"),
        (["MEDIUM"], "NONE", "held", "none"),
        (["LOW"], "INVESTIGATE", "held", "none"),
        (["LOW", "HIGH"], "NONE", "held", "held"),
        (["HIGH", "LOW"], "ACCEPT", "held", "held"),
        ([], "CANCEL", "held", "held"),
        (["PENDING"], "NONE", "pending", "pending"),
        (["PENDING", "LOW"], "ACCEPT", "pending", "pending"),
        (["PENDING", "MEDIUM"], "NONE", "held", "pending"),
        (["PENDING", "HIGH"], "NONE", "held", "held"),
    ],
)
def test_an_order_is_held_from_the_chosen_threshold(levels, recommendation, medium, high):
    found = risk(*levels, recommendation=recommendation)
    assert (found.state("medium"), found.state("high"), found.state("never")) == (medium, high, "none")


def test_every_assessment_keeps_its_provider_and_facts():
    facts = [
        {"description": "Card from another country", "sentiment": "NEGATIVE"},
        {"description": "Address known", "sentiment": "POSITIVE"},
    ]
    found = risk("MEDIUM", facts=facts, provider={"title": "Guard"})
    assert [(one.provider, one.level, one.description, one.sentiment) for one in found.facts] == [
        ("Guard", "medium", "Card from another country", "negative"),
        ("Guard", "medium", "Address known", "positive"),
    ]


def test_an_assessment_without_facts_is_still_shown():
    (fact,) = risk("HIGH").facts
    assert (fact.provider, fact.level, fact.description) == ("Shopify", "high", "")


def test_an_order_without_risk_data_is_not_held():
    assert mapped(line(10), risk=None).risk.state("medium") == "none"


@pytest.mark.parametrize("status", FINANCIAL_STATUSES)
def test_each_financial_status_of_shopify_is_known(status):
    assert financial_status(status.upper(), Decimal(1)) == status


def test_an_empty_financial_status_is_paid_when_nothing_is_due_else_pending():
    assert (financial_status(None, Decimal(0)), financial_status("", Decimal(1))) == ("paid", "pending")
    assert mapped(line("0.00"), displayFinancialStatus=None).financial_status == "paid"


@pytest.mark.parametrize(
    ("display", "status"),
    [
        ("FULFILLED", "fulfilled"),
        ("FULFILLMENT_NOT_REQUIRED", "fulfilled"),
        ("PARTIALLY_FULFILLED", "partial"),
        *[
            (name, "unshipped")
            for name in (
                "UNFULFILLED",
                "OPEN",
                "SCHEDULED",
                "ON_HOLD",
                "PENDING_FULFILLMENT",
                "IN_PROGRESS",
                "REQUEST_DECLINED",
                "RESTOCKED",
            )
        ],
    ],
)
def test_each_fulfilment_status_is_unshipped_partial_or_fulfilled(display, status):
    assert order_status(display) == status
    assert status in ORDER_STATUSES
