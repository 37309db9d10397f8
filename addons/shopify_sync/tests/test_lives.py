"""Random lives of random orders end in the same books as Shopify's (Hypothesis).

`SHOPIFY_LIVES=500` plays so many lives instead of the few of a usual run, with new ones each time.
"""

import random
from contextlib import suppress
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st
from odoo.tests import tagged

from shopify_simulator.values import BadRequest

from .lives import LifeCase, random_examples

bounded = random_examples("SHOPIFY_LIVES", 12)

small = st.integers(0, 3)
orders = st.fixed_dictionaries(
    {
        "units": st.lists(st.integers(1, 4), min_size=1, max_size=3),
        "taxes": st.sampled_from(("US-NY", "DE", None)),
        "shipping": st.sampled_from(("0.00", "4.99", None)),
        "discount": st.sampled_from((None, 10, 33)),
        "financial": st.sampled_from(("paid", "paid", "pending", "authorized", "partially_paid")),
        "fulfillment": st.sampled_from(("unfulfilled", "unfulfilled", "partial", "fulfilled")),
    }
)
of_returns = st.one_of(
    st.tuples(st.just("return"), small, st.integers(1, 2)),
    st.tuples(st.just("exchange"), small, st.integers(1, 2)),
    st.tuples(st.just("receive"), st.booleans(), st.just(0)),
    st.tuples(st.just("process"), st.booleans(), st.just(0)),
    st.tuples(st.just("refund_return"), st.just(0), st.just(0)),
    st.tuples(st.just("close_return"), st.just(0), st.just(0)),
)
events = st.one_of(
    st.tuples(st.just("edit"), small, st.integers(0, 5)),
    st.tuples(st.just("add"), small, st.integers(1, 2)),
    st.tuples(st.just("fulfil"), small, st.integers(1, 3)),
    st.tuples(st.just("refund"), small, st.integers(1, 3)),
    st.tuples(st.just("refund_amount"), st.integers(1, 900), st.booleans()),
    st.tuples(st.just("refund_shipping"), st.just(0), st.just(0)),
    st.tuples(st.just("refund_pending"), small, st.integers(1, 2)),
    st.tuples(st.just("settle_refunds"), st.just(0), st.just(0)),
    st.tuples(st.just("pay"), st.just(0), st.just(0)),
    st.tuples(st.just("cancel"), st.booleans(), st.booleans()),
    of_returns,
)
ways = st.sampled_from(("sync", "sync", "wait", "kill", "shuffle"))
steps = st.lists(st.tuples(events, ways), max_size=6)
#: A return begins, then mostly events of returns.
return_steps = st.tuples(
    st.tuples(st.tuples(st.sampled_from(("return", "exchange")), small, st.just(1)), ways),
    st.lists(st.tuples(st.one_of(of_returns, of_returns, events), ways), min_size=2, max_size=5),
).map(lambda life: [life[0], *life[1]])

#: A worker can die in any of these.
STAGES = (
    ("shopify.order.changes", "_bring"),
    ("shopify.invoice.adjuster", "_adjust"),
    ("shopify.shipment", "_take_over"),
    ("shopify.workflow", "_invoice"),
    ("shopify.workflow", "_pay"),
    ("shopify.refunds", "_settle"),
    ("shopify.refunds", "_pay_back"),
    ("shopify.returns", "_bring"),
)


class Killed(BaseException):
    """The worker's process ends here; its transaction is rolled back."""


class LifePlayer(LifeCase):
    """Plays a life of an order."""

    def options(self, given_order):
        options = {
            "lines": [(self.skus[index], units) for index, units in enumerate(given_order["units"])],
            "taxes": given_order["taxes"],
            "shipping": given_order["shipping"] and {"title": "Standard", "price": given_order["shipping"]},
            "financial": given_order["financial"],
            "fulfillment": given_order["fulfillment"],
        }
        if given_order["discount"]:
            options["discounts"] = [{"code": "LESS", "percentage": given_order["discount"]}]
        if given_order["financial"] == "partially_paid":
            options["paid"] = "1.00"
        return {key: value for key, value in options.items() if value is not None}

    def play(self, order, event):
        """Let an event happen to an order; what Shopify would refuse does not happen."""
        kind, first, second = event
        store = self.sim.store
        line = order.lines[int(first) % len(order.lines)]
        plays = {
            "edit": lambda: store.edit(order, quantities={line.id: second}),
            "add": lambda: store.edit(order, add=[(self.skus[3], second)]),
            "fulfil": lambda: store.fulfil(order, {line.id: second}),
            "refund": lambda: store.refund(order, lines={line.id: second}),
            "refund_amount": lambda: store.refund(order, amount=f"{first / 100:.2f}"),
            "refund_shipping": lambda: store.refund(order, shipping=True),
            "refund_pending": lambda: store.refund(order, lines={line.id: second}, pending=True),
            "settle_refunds": lambda: store.settle_refunds(order),
            "pay": lambda: self.pay(order),
            "cancel": lambda: store.cancel(order, refund=first, restock=second),
            "return": lambda: store.open_return(order, {line.id: second}),
            "exchange": lambda: store.open_return(order, {line.id: second}, exchange=[self.skus[3]]),
            "receive": lambda: store.receive_return(order, disposition="RESTOCKED" if first else "NOT_RESTOCKED"),
            "process": lambda: store.process_return(order, refunded=first),
            "refund_return": lambda: store.refund_return(order),
            "close_return": lambda: store.close_return(order),
        }
        with suppress(BadRequest):
            plays[kind]()

    def pay(self, order):
        """Capture what is authorised, else mark the order as paid."""
        try:
            self.sim.store.capture(order)
        except BadRequest:
            self.sim.store.mark_paid(order)

    def sync_by(self, how, chooser):
        if how == "kill":
            self.killed_sync(chooser)
        elif how == "shuffle":
            self.process_again(chooser)
        self.sync()

    def killed_sync(self, chooser):
        """A sync whose worker dies in one of the stages; nothing of its batch stays."""
        model, method = chooser.choice(STAGES)

        def die(*_args, **_options):
            raise Killed

        with patch.object(self.registry[model], method, die):
            try:
                self.sync()
            except Killed:
                self.env.invalidate_all()

    def live(self, given_order, life, seed):
        """One order is looked at after each event, its twin only at the end: both end in the same figures."""
        chooser = random.Random(seed)
        self.later()
        options = self.options(given_order)
        order, twin = self.sim.store.place_order(**options), None
        self.sync()
        self.assert_right(order, f"placed {options}")
        twin = self.sim.store.place_order(**options)
        if life:
            self.import_orders(twin)
        for number, (event, how) in enumerate(life):
            self.later()
            self.play(order, event)
            self.play(twin, event)
            if how != "wait":
                self.watched_sync(order, how, chooser)
                self.assert_right(order, f"after {life[: number + 1]} of {options}")
        self.sync()
        for one in (order, twin):
            self.assert_right(one, f"at the end of {life} of {options}")
        self.assert_settled(f"after {life} of {options}")

    def watched_sync(self, order, how, chooser):
        if how == "sync":
            self.import_orders(order)
        else:
            self.sync_by(how, chooser)


@tagged("post_install", "-at_install")
class TestLives(LifePlayer):
    @bounded
    @given(given_order=orders, life=steps, seed=st.integers(0, 2**16))
    def test_whatever_happens_to_an_order_odoo_agrees_with_shopify(self, given_order, life, seed):
        self.live(given_order, life, seed)

    @random_examples("SHOPIFY_LIVES", 6)
    @given(given_order=orders, life=return_steps, seed=st.integers(0, 2**16))
    def test_whatever_becomes_of_a_return_odoo_agrees_with_shopify(self, given_order, life, seed):
        self.live({**given_order, "fulfillment": "fulfilled"}, life, seed)
