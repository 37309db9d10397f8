"""Shopify Payments of the simulated store: every payout is the sum of what it pays, made from the store's own orders."""

from collections import Counter
from decimal import Decimal

import pytest

from shopify_simulator.values import BadRequest

PAYOUTS = """query($search: String, $after: String, $first: Int = 50) { shopifyPaymentsAccount {
  payouts(first: $first, after: $after, query: $search) { nodes {
    id legacyResourceId issuedAt status transactionType externalTraceId net { amount currencyCode }
    businessEntity { id displayName }
    summary { chargesGross { amount } chargesFee { amount } refundsFeeGross { amount } adjustmentsGross { amount }
      reservedFundsGross { amount } retriedPayoutsGross { amount } advanceGross { amount } advanceFees { amount } }
  } pageInfo { hasNextPage endCursor } } } }"""
ROWS = """query($search: String, $after: String, $first: Int = 100, $hide: Boolean) { shopifyPaymentsAccount {
  balanceTransactions(first: $first, after: $after, query: $search, hideTransfers: $hide) { nodes {
    id type sourceType sourceId sourceOrderTransactionId test transactionDate adjustmentReason
    amount { amount currencyCode } fee { amount } net { amount }
    associatedOrder { id name } associatedPayout { id status } adjustmentsOrders { name }
  } pageInfo { hasNextPage endCursor } } } }"""
DISPUTES = """query($search: String) { disputes(first: 50, query: $search) { nodes { id legacyResourceId type status initiatedAt
  evidenceDueBy evidenceSentOn finalizedOn amount { amount currencyCode } reasonDetails { reason networkReasonCode }
  order { id name disputes { id status initiatedAs } } } } }"""


def rows(client, query=None, hide=True):
    return client.data(ROWS, search=query, hide=hide)["shopifyPaymentsAccount"]["balanceTransactions"]["nodes"]


def payouts(client, query=None):
    return client.data(PAYOUTS, search=query)["shopifyPaymentsAccount"]["payouts"]["nodes"]


def amount(row, name="net"):
    return Decimal(row[name]["amount"])


def types(payout):
    return Counter(one.type for one in payout.transactions)


@pytest.fixture
def account(sim):
    return sim.store.payments


@pytest.fixture
def order(sim):
    return sim.store.place_order(lines=[{"sku": sim.store.any_sku(), "price": "100.00"}], taxes=[], shipping=None)


# -- what is in a payout -----------------------------------------------------------------------------------------------


def test_a_paid_order_is_paid_out_with_its_fee(sim, client, order):
    (made,) = sim.store.payments.make_payouts()
    (told,) = payouts(client)
    assert (amount(told), told["status"], told["transactionType"]) == (Decimal("96.80"), "PAID", "DEPOSIT")
    (charge,) = rows(client, f"payments_transfer_id:{made.id}")
    assert (amount(charge, "amount"), amount(charge, "fee"), amount(charge)) == (100, Decimal("3.20"), Decimal("96.80"))
    assert charge["associatedOrder"] == {"id": f"gid://shopify/Order/{order.id}", "name": order.name}
    assert charge["sourceOrderTransactionId"] == str(order.transactions[0].id)
    assert charge["associatedPayout"] == {"id": told["id"], "status": "PAID"}
    assert order.transactions[0].fees[0].amount == Decimal("3.20")


def test_the_transfer_takes_the_whole_payout_out_of_the_balance(sim, client, account, order):
    (made,) = account.make_payouts()
    found = rows(client, f"payments_transfer_id:{made.id}", hide=False)
    assert {row["type"]: amount(row) for row in found} == {"CHARGE": Decimal("96.80"), "TRANSFER": Decimal("-96.80")}
    assert account.balance() == {"USD": 0}


def test_only_money_of_shopify_payments_is_paid_out(sim, account):
    sku = sim.store.any_sku()
    sim.store.place_order(lines=[sku], gateway="paypal")
    sim.store.place_order(lines=[sku], financial="authorized")
    sim.store.place_order(lines=[sku], financial="pending", gateway="manual")
    assert account.pending() == []
    with pytest.raises(BadRequest, match="nothing waits"):
        account.make_payouts()


def test_a_refund_after_the_payout_takes_its_money_out_of_the_next_which_may_be_a_withdrawal(
    sim, client, account, order
):
    account.make_payouts()
    sim.store.refund(order, "all")
    (second,) = account.make_payouts()
    assert (second.net, second.transaction_type, types(second)) == (-100, "WITHDRAWAL", {"REFUND": 1})
    assert [row["transactionType"] for row in payouts(client)] == ["DEPOSIT", "WITHDRAWAL"]


def test_what_a_customer_pays_in_another_currency_is_settled_in_the_shops(sim, account):
    made = sim.store.place_order(lines=[sim.store.any_sku()], currency="CAD")
    (payout,) = account.make_payouts()
    (charge,) = payout.transactions
    assert (charge.currency, charge.amount) == ("USD", made.transactions[0].amount_set.shop)


def test_currencies_that_are_paid_out_as_they_are_have_payouts_of_their_own(sim, account, order):
    account.settle_in = {"CAD"}
    other = sim.store.place_order(lines=[sim.store.any_sku()], currency="CAD")
    made = {one.currency: one for one in account.make_payouts()}
    assert set(made) == {"CAD", "USD"}
    assert made["CAD"].transactions[0].amount == other.transactions[0].amount_set.presentment


def test_test_payments_are_listed_and_move_no_money(sim, client, account, order):
    sim.store.place_order(lines=[sim.store.any_sku()], gateway="shopify_payments", test=True)
    (made,) = account.make_payouts()
    assert made.net == Decimal("96.80")
    assert sorted(row["test"] for row in rows(client, f"payments_transfer_id:{made.id}")) == [False, True]


def test_a_payout_that_fails_is_paid_again_with_the_next(sim, client, account, order):
    account.make_payouts()
    account.fail_payout()
    (second,) = account.make_payouts()
    assert (second.net, types(second)) == (Decimal("96.80"), {"TRANSFER_FAILURE": 1})
    first, again = payouts(client)
    assert (first["status"], again["status"]) == ("FAILED", "PAID")
    assert again["summary"]["retriedPayoutsGross"] == {"amount": "96.8"}
    with pytest.raises(BadRequest, match="failed already"):
        account.fail_payout(first["id"])


def test_a_payout_is_cancelled_before_it_is_paid_only(account, order):
    (made,) = account.make_payouts(status="SCHEDULED")
    account.fail_payout(status="CANCELED")
    assert types(account.make_payouts()[0]) == {"TRANSFER_CANCEL": 1}
    with pytest.raises(BadRequest, match="is paid"):
        account.fail_payout(status="CANCELED")
    assert made.stated == "CANCELED"


def test_a_refund_that_fails_brings_its_money_back_and_the_order_is_owed_again(sim, account, order):
    sim.store.refund(order, "all")
    account.fail_refund(order)
    assert [one.type for one in account.pending()] == ["REFUND_FAILURE", "CHARGE", "REFUND"]
    assert account.balance()["USD"] == Decimal("96.80")
    assert sim.store.order(order).transactions[-1].status == "FAILURE"
    with pytest.raises(BadRequest, match="no refund"):
        account.fail_refund(order)


def test_reserves_labels_loans_and_rare_types_are_summed_in_their_group(client, account, order):
    account.add("RESERVED_FUNDS", "-20.00")
    account.add("SHIPPING_LABEL", "-7.85")
    account.add("LENDING_CAPITAL_REMITTANCE", "-9.00")
    account.make_payouts()
    (told,) = payouts(client)
    sums = {name: Decimal(value["amount"]) for name, value in told["summary"].items()}
    assert amount(told) == Decimal("59.95")
    assert (sums["reservedFundsGross"], sums["adjustmentsGross"], sums["advanceGross"]) == (
        -20, Decimal("-7.85"), -9,
    )  # fmt: skip
    assert (sums["chargesGross"], sums["chargesFee"]) == (100, Decimal("3.2"))


def test_a_type_that_shopify_never_published_is_sent_only_when_asked_for(client, account, order):
    with pytest.raises(BadRequest, match="type"):
        account.add("MOON_TAX", "-1.00")
    account.add("MOON_TAX", "-1.00", beyond_schema=True)
    assert {row["type"] for row in rows(client)} == {"CHARGE", "MOON_TAX"}


# -- disputes ----------------------------------------------------------------------------------------------------------


def test_a_chargeback_takes_money_and_fee_and_gives_both_back_when_won(client, account, order):
    account.make_payouts()
    account.open_dispute(order)
    assert account.balance()["USD"] == Decimal("-115.00")
    (told,) = client.data(DISPUTES)["disputes"]["nodes"]
    assert (told["type"], told["status"], told["finalizedOn"]) == ("CHARGEBACK", "NEEDS_RESPONSE", None)
    assert (told["initiatedAt"], told["evidenceDueBy"]) == ("2026-11-20T12:00:00Z", "2026-11-30T12:00:00Z")
    assert told["order"]["disputes"] == [
        {"id": told["id"].replace("ShopifyPaymentsDispute", "OrderDisputeSummary"), "status": "NEEDS_RESPONSE",
         "initiatedAs": "CHARGEBACK"}
    ]  # fmt: skip
    account.send_evidence(order)
    account.close_dispute(order, "WON")
    assert account.balance()["USD"] == 0
    (won,) = client.data(DISPUTES, search="status:won")["disputes"]["nodes"]
    assert won["finalizedOn"] and won["evidenceSentOn"]
    assert client.data(DISPUTES, search="status:needs_response")["disputes"]["nodes"] == []


def test_a_lost_chargeback_gives_nothing_back(account, order):
    account.open_dispute(order, amount="40.00")
    account.close_dispute(order, "LOST")
    assert account.balance()["USD"] == Decimal("96.80") - 55
    with pytest.raises(BadRequest, match="closed"):
        account.close_dispute(order, "WON")


def test_an_inquiry_moves_no_money_until_it_becomes_a_chargeback(account, order):
    account.open_dispute(order, "INQUIRY")
    assert account.balance()["USD"] == Decimal("96.80")
    with pytest.raises(BadRequest, match="open dispute already"):
        account.open_dispute(order)
    account.escalate_dispute(order)
    assert account.balance()["USD"] == Decimal("96.80") - 115


def test_a_dispute_needs_a_charge_and_no_more_than_it(sim, account, order):
    with pytest.raises(BadRequest, match="at most"):
        account.open_dispute(order, amount="100.01")
    by_hand = sim.store.place_order(lines=[sim.store.any_sku()], gateway="manual")
    with pytest.raises(BadRequest, match="no charge"):
        account.open_dispute(by_hand)


# -- the API -----------------------------------------------------------------------------------------------------------


def test_a_shop_without_shopify_payments_has_no_account(client, account):
    account.active = False
    assert client.data(PAYOUTS) == {"shopifyPaymentsAccount": None}
    assert client.data(DISPUTES)["disputes"]["nodes"] == []


def test_payouts_are_found_by_date_and_status(sim, client, account, order):
    account.make_payouts()
    sim.clock.advance(86400 * 3)
    sim.store.place_order(lines=[sim.store.any_sku()])
    account.make_payouts(status="IN_TRANSIT")
    assert len(payouts(client, "issued_at:>=2026-11-21")) == 1
    assert len(payouts(client, "issued_at:<2026-11-21 AND status:paid")) == 1
    assert [row["status"] for row in payouts(client, "status:in_transit")] == ["IN_TRANSIT"]
    assert payouts(client, "status:failed") == []


def test_transactions_are_found_by_payout_date_type_and_status(client, account, order):
    account.make_payouts()
    account.add("ADJUSTMENT", "2.00", reason="Correction")
    assert [row["type"] for row in rows(client, "payout_status:pending")] == ["ADJUSTMENT"]
    assert [row["type"] for row in rows(client, "transaction_type:charge")] == ["CHARGE"]
    assert [row["type"] for row in rows(client, "payout_date:2026-11-20")] == ["CHARGE"]
    assert len(rows(client, "processed_at:>=2026-11-20")) == 2
    (waiting,) = rows(client, "payout_status:PENDING")
    assert waiting["associatedPayout"] == {"id": None, "status": "PENDING"}
    assert (waiting["adjustmentReason"], waiting["associatedOrder"]) == ("Correction", None)


def test_a_payout_of_many_transactions_is_read_page_by_page(sim, client, account):
    account.add_charges(620)
    (made,) = account.make_payouts()
    found, after = [], None
    while True:
        page = client.data(ROWS, search=f"payments_transfer_id:{made.id}", hide=True, first=250, after=after)
        page = page["shopifyPaymentsAccount"]["balanceTransactions"]
        found += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert len({row["id"] for row in found}) == 620
    assert sum(map(amount, found)) == made.net


def test_charges_for_a_benchmark_can_be_of_orders_placed_for_it(sim, account):
    account.add_charges(5, orders=True)
    assert len({one.order_id for one in account.pending()}) == 5


NODE = """query($id: ID!) { node(id: $id) { __typename ... on ShopifyPaymentsPayout { issuedAt }
  ... on ShopifyPaymentsBalanceTransaction { type } ... on ShopifyPaymentsDispute { status } } }"""


def test_payouts_transactions_and_disputes_are_nodes(client, account, order):
    (made,) = account.make_payouts()
    dispute = account.open_dispute(order)
    for typename, number in (
        ("ShopifyPaymentsPayout", made.id), ("ShopifyPaymentsDispute", dispute.id),
        ("ShopifyPaymentsBalanceTransaction", made.transactions[0].id),
    ):  # fmt: skip
        assert client.data(NODE, id=f"gid://shopify/{typename}/{number}")["node"]["__typename"] == typename
        assert client.data(NODE, id=f"gid://shopify/{typename}/1")["node"] is None


@pytest.mark.parametrize(
    ("query", "scope"),
    [
        (PAYOUTS, "read_shopify_payments_payouts"),
        (ROWS, "read_shopify_payments_payouts"),
        (DISPUTES, "read_shopify_payments_disputes"),
        (PAYOUTS, "read_shopify_payments_accounts"),
    ],
)
def test_each_part_needs_its_scope(sim, client, query, scope):
    sim.access.scopes.remove(scope)
    assert set(client.codes(query)) == {"ACCESS_DENIED"}


def test_the_cost_grows_with_the_page(client):
    small = client.body(ROWS, {"first": 10, "hide": True})["extensions"]["cost"]["requestedQueryCost"]
    large = client.body(ROWS, {"first": 250, "hide": True})["extensions"]["cost"]["requestedQueryCost"]
    assert small < large < 1000
