"""Random months of a store close to the cent, and end the same in whatever order payouts and orders are read (Hypothesis).

`SHOPIFY_MONTHS=200` plays so many months instead of the few of a usual run, with new ones each time.
"""

from collections import Counter
from contextlib import contextmanager, suppress
from decimal import Decimal

from hypothesis import example, given
from hypothesis import strategies as st
from odoo.tests import tagged
from odoo.tools import SQL

from shopify_simulator.values import BadRequest

from ..mapping.payout_types import COME_BACK
from .lives import LifeCase, random_examples
from .payout_case import PayoutCase

bounded = random_examples("SHOPIFY_MONTHS", 6)

which = st.integers(0, 3)
cents = st.integers(1, 9999)
sales = st.one_of(
    st.tuples(st.just("place"), cents),
    st.tuples(st.just("place"), cents),
    st.tuples(st.just("refund"), which),
    st.tuples(st.just("refund_amount"), which),
    st.tuples(st.just("cancel"), which),
)
balance = st.one_of(
    st.tuples(st.just("dispute"), which),
    st.tuples(st.just("decide"), st.sampled_from(("WON", "LOST"))),
    st.tuples(st.just("label"), cents),
    st.tuples(st.just("reserve"), cents),
    st.tuples(st.just("release"), cents),
)
payouts = st.one_of(
    st.tuples(st.just("pay_out"), st.sampled_from(("PAID", "PAID", "IN_TRANSIT", "SCHEDULED"))),
    st.tuples(st.just("settle"), st.sampled_from(("PAID", "IN_TRANSIT"))),
    st.tuples(st.just("come_back"), st.sampled_from(("FAILED", "CANCELED"))),
)
reading = st.tuples(st.sampled_from(("read_orders", "read_payouts", "book")), st.just(None))
days = st.tuples(sales, st.one_of(sales, balance), payouts, reading)
#: A first sale, then days on each of which something is sold or given back, something is paid out or comes back, and read.
months = st.tuples(st.tuples(st.just("place"), cents), st.lists(days, min_size=2, max_size=4)).map(
    lambda parts: [parts[0], *(event for day in parts[1] for event in day)]
)
#: Everything that can happen, once.
FULL = [
    *(
        ("place", 1000),
        ("place", 2000),
        ("read_orders", None),
        ("pay_out", "PAID"),
        ("read_payouts", None),
        ("book", None),
    ),
    *(("come_back", "FAILED"), ("dispute", 0), ("reserve", 500), ("place", 3000), ("pay_out", "IN_TRANSIT")),
    *(("read_payouts", None), ("come_back", "CANCELED"), ("refund", 1), ("label", 350), ("pay_out", "PAID")),
    *(("read_payouts", None), ("cancel", 2), ("decide", "LOST"), ("book", None), ("pay_out", "PAID"), ("release", 500)),
    *(("place", 4000), ("pay_out", "SCHEDULED"), ("read_orders", None), ("place", 5000)),
]


class _Undo(Exception):
    """Ends a savepoint whose work is not to stay."""


@tagged("post_install", "-at_install")
class TestAnyMonth(LifeCase, PayoutCase):
    place_defaults = {"taxes": [], "shipping": None}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        accounts = cls.env["shopify.payout.account"]
        accounts._add_types(cls.instance, ["SHIPPING_LABEL"]).account_id = cls.instance.payout_fee_account_id

    @bounded
    @example(month=FULL, payouts_first=True)
    @given(month=months, payouts_first=st.booleans())
    def test_any_month_closes_and_ends_the_same_in_any_order(self, month, payouts_first):
        with self.undone():
            self.play_month(month, read_on_the_way=True)
            self.read_all(payouts_first)
            self.assert_closed(month)
            rows = self.rows_of_books()
            self.read_all(not payouts_first)
            self.assertEqual(rows, self.rows_of_books(), f"a second run changed something: {month}")
            on_the_way = self.books()
        with self.undone():
            self.play_month(month, read_on_the_way=False)
            self.read_all(not payouts_first)
            self.assert_closed(month)
            self.assertEqual(self.books(), on_the_way, f"read at the end it came out otherwise: {month}")

    # A month

    @contextmanager
    def undone(self):
        """Odoo and the store as they were before, at the end."""
        self.sim.store.generate_orders([], self.sim.store._no_order)
        self.account = self.sim.store.payments
        self.orders, self.before = [], Counter(self.trial_balance())
        with suppress(_Undo), self.env.cr.savepoint():
            yield
            raise _Undo
        self.env.invalidate_all()

    def play_month(self, month, read_on_the_way):
        for name, what in month:
            self.later()
            if name in ("read_orders", "read_payouts", "book"):
                if read_on_the_way:
                    getattr(self, f"_{name}")()
            else:
                with suppress(BadRequest):  # what Shopify would refuse does not happen
                    getattr(self, f"_{name}")(what)
        if any(order.cancelled_at for order in self.orders):
            # whether a cancelled order was invoiced depends on when it was read; once its money has come and gone, nothing does
            with suppress(BadRequest):
                self._pay_out("PAID")
            self._settle("PAID")

    def read_all(self, payouts_first):
        steps = [self._read_payouts, self._book, self._read_orders] if payouts_first else [self._read_orders]
        for step in [*steps, self._read_payouts, self._book]:
            step()

    def _read_orders(self):
        self.sync()

    def _read_payouts(self):
        self.import_payouts()

    def _book(self):
        self.book()

    def order(self, number):
        if not self.orders:
            raise BadRequest("there is no order yet")
        return self.orders[number % len(self.orders)]

    def _place(self, price):
        lines = [{"sku": self.skus[0], "price": f"{price / 100:.2f}", "quantity": 2}]
        self.orders.append(self.sim.store.place_order(lines=lines, **self.place_defaults))

    def _refund(self, number):
        self.sim.store.refund(self.order(number), lines={self.order(number).lines[0].id: 1})

    def _refund_amount(self, number):
        self.sim.store.refund(self.order(number), amount="0.01")

    def _cancel(self, number):
        self.sim.store.cancel(self.order(number), refund=True, restock=True)

    def _dispute(self, number):
        self.account.open_dispute(self.order(number))

    def _decide(self, outcome):
        found = [one for one in self.account.disputes() if one.open]
        if found:
            self.account.close_dispute(found[0], outcome)

    def _label(self, amount):
        self.account.add("SHIPPING_LABEL", Decimal(-amount) / 100)

    def _reserve(self, amount):
        self.account.add("RESERVED_FUNDS", Decimal(-amount) / 100)

    def _release(self, amount):
        self.account.add("RESERVED_FUNDS", Decimal(amount) / 100)

    def _pay_out(self, status):
        self.account.make_payouts(status)

    def _settle(self, status):
        for payout in self.account.payouts():
            if payout.stated in ("SCHEDULED", "IN_TRANSIT"):
                self.account.settle(payout, status)

    def _come_back(self, status):
        self.account.fail_payout(None, status)

    # What must be right

    def trial_balance(self):
        """{account id: cents} over all posted entries."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT account_id, ROUND(SUM(balance) * 100)::int FROM account_move_line WHERE parent_state = 'posted' "
                "GROUP BY account_id"
            )
        )
        return dict(rows)

    def moved(self):
        """{account id: cents} that the month moved."""
        after = Counter(self.trial_balance())
        after.subtract(self.before)
        return {account: amount for account, amount in after.items() if amount}

    def books(self):
        """Everything that must not depend on when it was read."""
        payouts = self.env["shopify.payout"].search([("instance_id", "=", self.instance.id)])
        accounts = self.moved()
        payments = self.env["account.payment"].search([("shopify_instance_id", "=", self.instance.id)])
        # a sale and its refund that are both under way stand on two accounts
        in_transit = sum(accounts.pop(account.id, 0) for account in payments.outstanding_account_id)
        return {
            "accounts": accounts,
            "in_transit": in_transit,
            "payouts": {one.shopify_id: (one.status, one.state, one.amount_net, one.difference) for one in payouts},
            "lines": {
                line.shopify_id: (line.payout_id.shopify_id, line.state, line.processed) for line in payouts.line_ids
            },
        }

    def assert_closed(self, month):
        self.assert_books_balance()
        now = self.sim.clock.now()
        booked = [one for one in self.account.payouts() if one.status(now) in ("PAID", "FAILED", "CANCELED")]
        lines = self.env["shopify.payout.line"].search([("instance_id", "=", self.instance.id)])
        open_lines = lines.filtered(
            lambda line: line.payout_id.status in ("paid", "failed", "cancelled") and not line.processed
        )
        for line in open_lines:  # a sale that was never invoiced waits for the refund that comes with a later payout
            self.assertEqual(
                (line.order_id.state, line.order_id.invoice_ids.ids), ("cancel", []), f"{line.reason} {month}"
            )
        for made in booked:
            payout = self.payout(made)
            waits = bool(payout.line_ids & open_lines)
            self.assertEqual(payout.state == "validated", not waits, f"{payout.remains} {month}")
            self.assert_cents(sum(payout.line_ids.mapped("net")), made.net, month)
        self.assert_accounts(month, booked, open_lines)

    def assert_accounts(self, month, booked, open_lines):
        """The clearing accounts hold exactly what is under way."""
        moved, store = self.moved(), self.instance

        def assert_moved(account, amount, what):
            self.assertEqual(moved.get(account.id, 0), round(amount * 100), f"{what}: {month}")

        payments = self.env["account.payment"].search([("shopify_instance_id", "=", store.id)])
        registered = set(payments.mapped("shopify_transaction_id"))
        in_transit = sum(
            one.amount
            for one in self.account.transactions()
            if one.type in ("CHARGE", "REFUND")
            and one.payout not in booked
            and str(one.source_order_transaction_id) in registered
        )
        outstanding = sum(moved.get(account.id, 0) for account in payments.outstanding_account_id)
        self.assertEqual(outstanding, round(in_transit * 100), f"in transit: {month}")
        assert_moved(store.payout_journal_id.default_account_id, -sum(open_lines.mapped("amount")), "payout journal")
        arrived = [one for one in booked if one.stated not in ("FAILED", "CANCELED")]
        assert_moved(store.payout_transfer_account_id, sum(one.net for one in arrived), "deposits")
        kept = sum(one.net for one in booked if one not in arrived) - sum(
            one.amount for payout in booked for one in payout.transactions if one.type in (*COME_BACK, "RESERVED_FUNDS")
        )
        assert_moved(store.payout_balance_account_id, kept, "balance at Shopify")
        again = self.env["shopify.payout.line"].search(
            [("transaction_type", "in", COME_BACK), ("processed", "=", True)]
        )
        items = again.statement_line_id.move_id.line_ids.filtered(
            lambda item: item.account_id == store.payout_balance_account_id
        )
        self.assertTrue(all(items.mapped("reconciled")), f"a payout that came back stays open: {month}")
