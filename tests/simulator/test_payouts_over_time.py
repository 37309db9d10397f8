"""Payouts over time: those of a seeded store, any order of events, what the journal and the pages make of them."""

from collections import Counter
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopify_simulator import Simulator
from shopify_simulator.values import BadRequest


@pytest.fixture
def account(sim):
    return sim.store.payments


@pytest.fixture
def order(sim):
    return sim.store.place_order(lines=[{"sku": sim.store.any_sku(), "price": "100.00"}], taxes=[], shipping=None)


# -- seeded stores -----------------------------------------------------------------------------------------------------


def test_a_seeded_store_has_payouts_of_past_weeks_that_show_everything(seeded):
    account = seeded.store.payments
    kinds = Counter(one.type for one in account.transactions())
    assert set(kinds) >= {
        "CHARGE", "REFUND", "REFUND_FAILURE", "DISPUTE_WITHDRAWAL", "DISPUTE_REVERSAL", "CHARGEBACK_FEE", "RESERVED_FUNDS",
        "ADJUSTMENT", "SHIPPING_LABEL", "LENDING_CAPITAL_REMITTANCE", "STRIPE_FEE", "ANOMALY_DEBIT", "TRANSFER",
        "TRANSFER_FAILURE", "TRANSFER_CANCEL",
    }  # fmt: skip
    statuses = Counter(one.status(seeded.clock.now()) for one in account.payouts())
    assert statuses["PAID"] > 20 and statuses["FAILED"] == statuses["CANCELED"] == statuses["SCHEDULED"] == 1
    assert any(one.net < 0 for one in account.payouts())
    assert {one.status for one in account.disputes()} == {"WON", "LOST", "NEEDS_RESPONSE"}
    assert {one.type for one in account.disputes()} == {"CHARGEBACK", "INQUIRY"}


def test_a_small_seeded_store_shows_it_too():
    made = Simulator(seed=1, orders=40, reference="2026-11-20T00:00:00+00:00", now="2026-11-20T12:00:00+00:00")
    account = made.store.payments
    kinds = {one.type for one in account.transactions()}
    assert kinds >= {"DISPUTE_WITHDRAWAL", "DISPUTE_REVERSAL", "TRANSFER_FAILURE", "RESERVED_FUNDS", "ANOMALY_DEBIT"}
    assert len(account.payouts()) > 15


def test_payouts_of_the_past_are_issued_on_weekdays_at_the_start_of_the_stores_day(seeded):
    zone = ZoneInfo(seeded.store.shop.iana_timezone)
    for one in seeded.store.payments.payouts():
        local = one.issued_at.astimezone(zone)
        assert local.weekday() < 5 and (local.hour, local.minute) == (0, 0)
        assert all(row.transaction_date < one.issued_at for row in one.transactions)


def test_each_payment_of_the_seeded_orders_is_paid_out_or_waits_exactly_once(seeded):
    account = seeded.store.payments
    due = {
        one.id
        for order in seeded.store.all_orders()
        for one in order.transactions
        if one.gateway == "shopify_payments" and one.kind in ("SALE", "CAPTURE", "REFUND") and one.success
    }
    booked = Counter(
        one.source_order_transaction_id for one in account.transactions() if one.type == "CHARGE" or one.id > 10**13
    )
    assert set(booked) == due
    assert set(booked.values()) == {1}
    listed = [row.id for one in account.payouts() for row in one.transactions] + [one.id for one in account.pending()]
    assert len(listed) == len(set(listed))
    assert len(due) > 200


def test_the_payouts_are_the_same_whenever_they_are_looked_at_first():
    def told(early):
        made = Simulator(seed=5, orders=60, reference="2026-11-20T00:00:00+00:00", now="2026-11-20T12:00:00+00:00")
        made.clock.freeze()
        if early:
            made.store.payments.payouts()
        made.store.place_order(lines=[made.store.any_sku()])
        made.store.refund(next(one for one in made.store.all_orders() if one.name == "#1004"), amount="1.00")
        account = made.store.payments
        account.make_payouts()
        return [(one.id, one.net, [row.id for row in one.transactions]) for one in account.payouts()]

    assert told(True) == told(False)


# -- any order of events -----------------------------------------------------------------------------------------------

EVENTS = st.lists(
    st.sampled_from(
        ["order", "abroad", "test", "refund", "payout", "fail", "cancel", "dispute", "inquiry", "win", "lose", "label",
         "reserve", "refund_fails"]
    ),
    max_size=25,
)  # fmt: skip


def happen(sim, event, amounts):
    store, account = sim.store, sim.store.payments
    last = store.all_orders()[-1] if len(store.orders) else None
    line = {"sku": store.any_sku(), "price": str(amounts)}
    doing = {
        "order": lambda: store.place_order(lines=[line]),
        "abroad": lambda: store.place_order(lines=[store.any_sku()], currency="EUR"),
        "test": lambda: store.place_order(lines=[line], gateway="shopify_payments", test=True),
        "refund": lambda: store.refund(last, amount="1.00"),
        "payout": account.make_payouts,
        "fail": account.fail_payout,
        "cancel": lambda: account.fail_payout(status="CANCELED"),
        "dispute": lambda: account.open_dispute(last),
        "inquiry": lambda: account.open_dispute(last, "INQUIRY"),
        "win": lambda: account.close_dispute(last, "WON"),
        "lose": lambda: account.close_dispute(last, "LOST"),
        "label": lambda: account.add("SHIPPING_LABEL", "-7.85"),
        "reserve": lambda: account.add("RESERVED_FUNDS", "-150.00"),
        "refund_fails": lambda: account.fail_refund(last),
    }
    needs_order = {"refund", "dispute", "inquiry", "win", "lose", "refund_fails"}
    if last is None and event in needs_order:
        return
    try:
        doing[event]()
    except BadRequest:
        return


@settings(max_examples=60, deadline=None)
@given(events=EVENTS, price=st.decimals("0.10", "999.99", places=2))
def test_every_payout_is_the_sum_of_what_it_pays_whatever_happens(events, price):
    sim = Simulator(orders=0, products=6, now="2026-11-20T12:00:00+00:00")
    account = sim.store.payments
    for event in [*events, "payout"]:
        happen(sim, event, price)
        every = [one for one in account.transactions() if not one.test]
        assert account.balance() == {"USD": sum((one.net for one in every), Decimal(0))}
        waiting = [one for one in account.pending() if not one.test]
        assert sum((one.net for one in every), Decimal(0)) == sum((one.net for one in waiting), Decimal(0))
        for payout in account.payouts():
            parts = [one for one in payout.transactions if not one.test]
            assert (
                payout.net
                == sum(one.net for one in parts)
                == sum(one.amount for one in parts) - sum(one.fee for one in parts)
            )
    listed = [row.id for one in account.payouts() for row in one.transactions]
    assert len(listed) == len(set(listed))


# -- control calls, pages, journal -------------------------------------------------------------------------------------


def test_people_make_payouts_and_disputes_by_the_pages_and_the_journal_keeps_them(new_simulator, tmp_path):
    options = {"orders": 30, "seed": 4, "products": 12, "bucket_size": 100_000, "journal": tmp_path / "store.jsonl"}
    sim, client = new_simulator(**options)

    def call(path, **body):
        answer = client.control(path, **body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    order = call("place_order", lines=[sim.store.any_sku()])
    call("make_payouts")
    call("open_dispute", order=order["name"], kind="CHARGEBACK")
    call("close_dispute", dispute=order["name"], outcome="WON")
    call("balance_transaction", type="ANOMALY_CREDIT", amount="3.10", reason="Found")
    call("make_payouts", status="SCHEDULED")
    call("cancel_payout")
    call("refund", order=order["name"], amount="1.00")
    call("fail_refund", order=order["name"])
    call("payments", settle_in=["CAD"])
    before = call("payouts")
    assert client.control("balance_transaction", type="NO_SUCH", amount="1").status_code == 400
    sim.stop()
    _again, client = new_simulator(**options)
    assert call("payouts") == before


def test_the_pages_show_payouts_and_what_can_be_done_to_them(sim, client, account, order):
    def page(path):
        answer = client.session.get(sim.url + path, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.text

    def press(call, back, **fields):
        answer = client.session.post(
            f"{sim.url}/admin/do/{call}", data={"_form": call, "_back": back, **fields}, headers={"Origin": sim.url},
            timeout=10,
        )  # fmt: skip
        assert answer.status_code == 200 and "Done: " in answer.text, answer.text
        return answer.text

    assert "96.80" in page("/admin/payments/payouts")
    press("make_payouts", "/admin/payments/payouts")
    (made,) = account.payouts()
    shown = page(f"/store/anything/payments/payouts/{made.id}")
    assert order.name in shown and "Payout failed" in shown
    gid = f"gid://shopify/Order/{order.id}"
    assert "Open a dispute" in page(f"/admin/orders/{order.id}")
    press("open_dispute", f"/admin/orders/{order.id}", order=gid, kind="CHARGEBACK", amount="")
    assert "Win the dispute" in page(f"/admin/orders/{order.id}")
    press("win_dispute", f"/admin/orders/{order.id}", dispute=gid)
    assert account.disputes()[0].status == "WON"
    press("fail_payout", f"/admin/payments/payouts/{made.id}", payout=f"gid://shopify/ShopifyPaymentsPayout/{made.id}")
    assert made.status(datetime.now(ZoneInfo("UTC"))) == "FAILED"
    account.active = False
    assert "not active" in page("/admin/payments/payouts")


def test_a_store_that_is_filled_anew_forgets_its_payouts(sim, account, order):
    account.make_payouts()
    sim.store.generate_orders([], sim.store._no_order)
    sim.store.place_order(lines=[sim.store.any_sku()])
    (made,) = sim.store.payments.make_payouts()
    assert sim.store.payments.payouts() == [made]
