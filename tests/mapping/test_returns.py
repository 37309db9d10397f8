"""Returns: what is on its way back, what came in, and what they took off the order before a refund says so."""

from decimal import Decimal

import pytest
from made_orders import adjustment, assert_adds_up, at, fulfillment, gid, line, mapped, money, refund, taken_back, tax

from mapping import Refusal, units_back

PAGE = {"hasNextPage": False}


def returned(*units, status="OPEN", received=(), swapped=0, refunds=(), ident=70, **fields):
    """A return of (line item, units); `received` are (line item, disposition, units)."""
    return {
        "id": gid("Return", ident),
        "name": f"#1001-R{ident}",
        "status": status,
        "createdAt": "2026-03-05T10:00:00Z",
        "closedAt": None,
        "decline": None,
        "returnLineItems": {
            "nodes": [
                {
                    "quantity": count,
                    "processedQuantity": 0,
                    "refundedQuantity": 0,
                    "returnReasonNote": "pinches",
                    "returnReasonDefinition": {"name": "Too small"},
                    "fulfillmentLineItem": {"lineItem": {"id": item["id"]}} if item else None,
                }
                for item, count in units
            ],
            "pageInfo": PAGE,
        },
        "exchangeLineItems": {"nodes": [{"quantity": 1, "processedQuantity": swapped}], "pageInfo": PAGE},
        "reverseFulfillmentOrders": {
            "nodes": [
                {
                    "lineItems": {
                        "nodes": [
                            {
                                "fulfillmentLineItem": {"lineItem": {"id": item["id"]}},
                                "dispositions": [
                                    {"type": kind, "quantity": count, "location": {"id": gid("Location", 3)}}
                                ],
                            }
                            for item, kind, count in received
                        ],
                        "pageInfo": PAGE,
                    }
                }
            ],
            "pageInfo": PAGE,
        },
        "refunds": {"nodes": [{"id": one["id"]} for one in refunds], "pageInfo": PAGE},
        **fields,
    }


def with_returns(*returns, status="IN_PROGRESS"):
    return {"returnStatus": status, "returns": {"nodes": list(returns), "pageInfo": PAGE}}


def processed(item, *returns, gone=1, off="12.00", total="24.00", **fields):
    """An order of two units of 10.00 + 2.00 tax, of which some left by a processed return."""
    item["currentQuantity"] -= gone
    left = Decimal(total) - Decimal(off)
    return mapped(item, **{"currentTotalPriceSet": money(left), **with_returns(*returns), **fields})


@pytest.fixture
def mug():
    return line("10.00", 2, "41", taxes=[tax("VAT", 0.2, "4.00")])


def test_a_return_keeps_name_status_units_reason_and_what_came_in(mug):
    found = mapped(
        mug,
        **with_returns(returned((mug, 2), received=[(mug, "RESTOCKED", 1), (mug, "MISSING", 1)])),
    )
    (one,) = found.returns
    assert (one.shopify_id, one.name, one.status, one.units) == ("70", "#1001-R70", "open", 2)
    assert (one.created_at, one.reasons) == (at("2026-03-05 10:00"), ("Too small: pinches",))
    assert (one.units_received(), one.units_received("missing")) == (1, 1)
    assert one.restocked(found.refunds) == {"41": (1, "3")}
    assert found.refunds == ()


def test_units_that_left_by_a_return_stay_on_the_order_until_something_is_given_for_them(mug):
    found = processed(mug, returned((mug, 1)))
    assert [item.quantity for item in found.lines] == [2]
    assert found.refunds == ()
    assert_adds_up(found)


def test_units_exchanged_are_credited_with_their_share_of_price_and_tax(mug):
    found = processed(mug, returned((mug, 1), swapped=1))
    (one,) = found.refunds
    assert (one.shopify_id, one.is_reversal, one.moves_money, one.refunded) == ("return/70", True, True, 0)
    assert (one.value(included=False), one.tax, one.note) == (12, 2, "#1001-R70")
    assert one.lines[0].restock == "no_restock"
    assert [item.quantity for item in found.lines] == [2]
    assert_adds_up(found)


def test_a_cent_that_shopify_rounds_otherwise_is_credited_as_shopify_says(mug):
    found = processed(mug, returned((mug, 1), swapped=1), off="12.01")
    assert found.refunds[0].value(included=False) == Decimal("12.01")
    assert found.differences == ()


def test_the_refund_of_a_return_takes_the_place_of_its_reversal(mug):
    given = refund(taken_back(mug, 1, 10, 2), money_back=12)
    found = mapped(mug, refunds=[given], **with_returns(returned((mug, 1), swapped=1, refunds=[given])))
    assert [one.is_reversal for one in found.refunds] == [False]
    assert_adds_up(found)


@pytest.mark.parametrize("linked", [True, False])
def test_money_that_names_no_items_credits_what_the_return_took_off(mug, linked):
    given = refund(money_back=12)
    found = processed(mug, returned((mug, 1), refunds=[given] if linked else []), refunds=[given])
    assert [one.is_reversal for one in found.refunds] == [True, False]
    assert found.refunds[0].value(included=False) == 12
    assert_adds_up(found)


def test_a_goodwill_refund_beside_a_return_does_not_credit_it(mug):
    given = refund(money_back=3, adjustments=[adjustment(-3)])
    found = processed(mug, returned((mug, 1)), refunds=[given], off="15.00")
    assert [one.is_reversal for one in found.refunds] == [False]
    assert_adds_up(found)


@pytest.mark.parametrize("status", ["REQUESTED", "DECLINED", "CANCELED"])
def test_a_return_that_does_not_stand_explains_nothing(mug, status):
    found = mapped(mug, **with_returns(returned((mug, 1), status=status, swapped=1)))
    assert not found.returns[0].stands
    assert found.refunds == ()
    assert units_back(found.returns, found.refunds) == {}


def test_without_the_permission_units_stay_and_the_order_still_adds_up(mug):
    mug["currentQuantity"] = 1
    found = mapped(mug, returnStatus="RETURNED", currentTotalPriceSet=money(12))
    assert (found.returns, found.returns_known, found.refunds) == ((), False, ())
    assert [item.quantity for item in found.lines] == [2]
    assert_adds_up(found)


def test_units_on_the_shelf_are_counted_once_however_shopify_books_them(mug):
    shelf = [(mug, "RESTOCKED", 1)]
    own = refund(taken_back(mug, 1, 10, 2, "RETURN"), money_back=12)
    found = mapped(mug, refunds=[own], **with_returns(returned((mug, 1), received=shelf, refunds=[own])))
    assert units_back(found.returns, found.refunds) == {"41": 1}
    assert found.returns[0].restocked(found.refunds) == {"41": (1, "3")}


def test_a_refund_made_beside_the_return_is_of_the_same_units_when_the_return_says_so(mug):
    beside = refund(taken_back(mug, 1, 10, 2, "RETURN"), money_back=12)
    one = returned((mug, 1), received=[(mug, "RESTOCKED", 1)])
    found = mapped(mug, refunds=[beside], **with_returns(one))
    assert units_back(found.returns, found.refunds) == {"41": 2}
    one["returnLineItems"]["nodes"][0]["refundedQuantity"] = 1
    mug["currentQuantity"] = 2
    found = mapped(mug, refunds=[beside], **with_returns(one))
    assert units_back(found.returns, found.refunds) == {"41": 1}


def test_a_refund_of_the_return_that_restocks_counts_where_nothing_was_received(mug):
    own = refund(taken_back(mug, 1, 10, 2, "RETURN"), money_back=12)
    found = mapped(mug, refunds=[own], **with_returns(returned((mug, 1), refunds=[own])))
    assert found.returns[0].restocked(found.refunds) == {"41": (1, "3")}


def test_units_that_shopify_cannot_trace_are_shown_and_move_nothing(mug):
    found = mapped(mug, fulfillments=[fulfillment((mug, 2))], **with_returns(returned((None, 1))))
    assert (found.returns[0].units, found.returns[0].lines[0].line_id) == (1, "")
    assert units_back(found.returns, found.refunds) == {}


@pytest.mark.parametrize("part", ["returnLineItems", "exchangeLineItems", "reverseFulfillmentOrders", "refunds"])
def test_a_return_of_which_only_a_part_was_read_is_refused(mug, part):
    one = returned((mug, 1))
    one[part]["pageInfo"] = {"hasNextPage": True}
    with pytest.raises(Refusal, match="Only a part"):
        mapped(mug, **with_returns(one))


def test_a_return_without_its_status_is_refused(mug):
    with pytest.raises(Refusal, match="incomplete"):
        mapped(mug, **with_returns(returned((mug, 1), status=None)))


FEES = {"returnShippingFees": [{"amountSet": money(3)}]}


def test_the_fee_that_a_return_keeps_is_taken_off_what_its_refund_gives_back():
    mug = line("12.00", 2, "41")
    own = refund(taken_back(mug, 1, 12), money_back="7.80")
    one = {**returned((mug, 1), refunds=[own]), **FEES}
    one["returnLineItems"]["nodes"][0]["restockingFee"] = {"amountSet": money("1.20")}
    (found,) = mapped(mug, refunds=[own], **with_returns(one)).refunds
    assert (found.value(included=False), found.refunded) == (Decimal("7.80"), Decimal("7.80"))
    assert [(part.reason, part.amount) for part in found.adjustments] == [("return_fee", Decimal("4.20"))]


def test_a_fee_that_the_refund_tells_itself_is_counted_once():
    mug = line("12.00", 2, "41")
    own = refund(taken_back(mug, 1, 12), adjustments=[adjustment("3.00")], money_back=9)
    (found,) = mapped(mug, refunds=[own], **with_returns({**returned((mug, 1), refunds=[own]), **FEES})).refunds
    assert [part.amount for part in found.adjustments] == [3]


def test_one_fee_is_kept_of_two_refunds_of_a_return_once():
    mug = line("12.00", 2, "41")
    first = refund(taken_back(mug, 1, 12), money_back=9)
    second = refund(taken_back(mug, 1, 12), money_back=10)
    one = {**returned((mug, 2), refunds=[first, second]), **FEES}
    values = [part.value(included=False) for part in mapped(mug, refunds=[first, second], **with_returns(one)).refunds]
    assert sorted(values) == [9, 12], "the second one gave back less for another reason"
