"""A store that is paid by Shopify Payments, with payouts made in the simulator."""

from odoo.tools import SQL

from .common import ShopifyCase


class PayoutCase(ShopifyCase):
    """Orders are placed, imported and paid; `pay_out` lets Shopify pay what waits."""

    def setUp(self):
        super().setUp()
        self.account = self.sim.store.payments

    def pay_out(self, **options):
        """Payouts of all that waits, in the simulator."""
        return self.account.make_payouts(**options)

    def import_payouts(self, **options):
        """Read payouts; the run, done."""
        run = self.run_operation("payout", **options)
        self.assertEqual(run.state, "done", run.message)
        return run

    def book(self, validate=True):
        """What the daily job does, for all payouts."""
        self.env.flush_all()
        runner = self.env["shopify.payout.runner"]
        instance = self.instance._for_jobs()
        for payout in self.env["shopify.payout"].search(runner._domain(instance), order="issued_at, id"):
            runner._advance(instance, payout.id, validate=validate)
        self.env.invalidate_all()

    def read_and_book(self):
        """A day of the store's jobs: payouts are read, then booked."""
        self.import_payouts()
        self.book()

    def payout(self, made=None):
        """The payout in Odoo of one of the simulator, or the newest."""
        domain = [("shopify_id", "=", str(made.id))] if made else []
        return self.env["shopify.payout"].search([("instance_id", "=", self.instance.id), *domain], limit=1)

    def balance_of(self, account):
        """Balance of an account over all posted entries, in the company's currency."""
        self.env.flush_all()
        ((amount,),) = self.env.execute_query(
            SQL(
                "SELECT COALESCE(SUM(balance), 0) FROM account_move_line WHERE account_id = %s AND parent_state = 'posted'",
                account.id,
            )
        )
        return amount

    def assert_books_balance(self):
        """Every posted entry balances, and nothing is reconciled beyond its amount."""
        self.env.flush_all()
        wrong = self.env.execute_query(
            SQL(
                "SELECT move_id FROM account_move_line WHERE parent_state = 'posted' GROUP BY move_id "
                "HAVING ROUND(SUM(balance), 2) != 0"
            )
        )
        self.assertFalse(wrong)
        twice = self.env.execute_query(
            SQL(
                """
                SELECT line.id
                  FROM account_move_line line
                  JOIN account_partial_reconcile part ON line.id IN (part.debit_move_id, part.credit_move_id)
                 GROUP BY line.id, line.balance
                HAVING ROUND(SUM(part.amount) - ABS(line.balance), 2) > 0
                """
            )
        )
        self.assertFalse(twice)

    def rows_of_books(self):
        """Every row that booking payouts writes, with what a second write would change."""
        self.env.flush_all()
        tables = (
            "shopify.payout",
            "shopify.payout.line",
            "account.move",
            "account.move.line",
            "account.partial.reconcile",
        )
        return {
            name: self.env.execute_query(
                SQL("SELECT id, xmin::text, write_date FROM %s ORDER BY id", SQL.identifier(self.env[name]._table))
            )
            for name in tables
        }

    def press(self, records, button, user=None):
        """Press a button as a person does, whose request may commit."""
        with self.own_cursor(user) as env:
            getattr(records.with_env(env), button)()
