"""Cancelling and refunding in Shopify as a person does."""

from datetime import timedelta

from odoo import fields

from shopify_simulator.scopes import DEFAULT_SCOPES

from .common import ShopifyCase


class OutgoingCase(ShopifyCase):
    """Orders that are imported, invoiced and paid; a Shopify User cancels and refunds them."""

    store_values = {"refund_policy": "automatic", "refund_register_payment": True}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls.make_user("shopify_user", "shopify_sync.group_user")
        cls.outsider = cls.make_user(
            "sales_user", "sales_team.group_sale_salesman_all_leads", "account.group_account_invoice"
        )

    def setUp(self):
        super().setUp()
        self.sim.store.jobs.clear()
        self.sim.store.attempts.clear()
        self.sim.access.scopes = list(DEFAULT_SCOPES)

    def cancel_in_odoo(self, sale_order):
        sale_order.with_context(disable_cancel_warning=True).action_cancel()
        self.assertEqual(sale_order.state, "cancel")

    def cancelled(self, **options):
        """A Shopify order and its sale order, cancelled in Odoo."""
        order = self.place(**options)
        self.import_orders(order)
        sale_order = self.sale_order(order)
        self.cancel_in_odoo(sale_order)
        return order, sale_order

    def cancel_in_shopify(self, sale_order, user=None, **values):
        """Open the dialog and press its button."""
        with self.own_cursor(user or self.user) as env:
            own = sale_order.with_env(env)
            action = own.action_shopify_cancel()
            wizard = env["shopify.cancel"].with_context(**action["context"]).create(values)
            return wizard.action_cancel()

    def credit(self, sale_order, **quantities):
        """A posted credit note of the order's invoice, made by hand."""
        invoice = sale_order.invoice_ids.filtered(lambda move: move.move_type == "out_invoice")
        move = invoice._reverse_moves([{"ref": "Returned"}])
        move.action_post()
        return move

    def credited(self, **options):
        """A Shopify order, its sale order and a credit note of the whole invoice."""
        order = self.place(**options)
        self.import_orders(order)
        sale_order = self.sale_order(order)
        return order, sale_order, self.credit(sale_order)

    def refunds_at_shopify(self, order):
        return self.sim.store.order(order.id).refunds

    def credit_notes(self, sale_order):
        return sale_order.invoice_ids.filtered(lambda move: move.move_type == "out_refund")

    def open_refund(self, move, user=None):
        """Open the refund dialog; its record in the test's environment."""
        with self.own_cursor(user or self.user) as env:
            action = move.with_env(env).action_shopify_refund()
        return self.env["shopify.refund"].browse(action["res_id"])

    def press_refund(self, wizard, user=None):
        with self.own_cursor(user or self.user) as env:
            return wizard.with_env(env).action_refund()

    def refund_in_shopify(self, move, user=None, note="Broken", **values):
        """The refund as the dialog suggests it, sent."""
        wizard = self.open_refund(move, user)
        wizard.write({"note": note, **values})
        return self.press_refund(wizard, user)

    def line_of(self, record):
        """The outgoing line of a document."""
        return self.env["shopify.queue.line"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id), ("kind", "in", ("order_cancel", "refund"))]
        )

    def make_due(self, line):
        line.write({"next_attempt_at": fields.Datetime.now() - timedelta(seconds=1), "taken_until": False})

    def send(self):
        """What the store's schedule does."""
        self.env.flush_all()
        runner, instance = self.env["shopify.runner"], self.instance._for_jobs()
        for _turn in range(50):
            if not runner._send_one(instance):
                break
        self.env.invalidate_all()

    def follow(self):
        """What the job for all stores does with Shopify's jobs."""
        self.env.flush_all()
        runner, instance = self.env["shopify.runner"], self.instance._for_jobs()
        for _turn in range(50):
            if not runner._follow_one(instance):
                break
        self.env.invalidate_all()

    def sent(self, operation):
        """How often the store was asked for an operation."""
        return sum(request.operation == operation for request in self.sim.requests)
