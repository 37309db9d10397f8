"""A simulated Shopify store on loopback, connected to Odoo, for all tests of the addon."""

from contextlib import contextmanager
from datetime import timezone

from odoo.addons.shopify_sync.mapping import FINANCIAL_STATUSES
from odoo.addons.shopify_sync.models.operations import LANES
from odoo.fields import Command
from odoo.tests import TransactionCase
from odoo.tools import SQL

from shopify_simulator import Simulator
from shopify_simulator.totals import totals

#: A request budget that no test uses up unless it is about the budget.
PLENTY = {"bucket_size": 50000, "restore_rate": 10000}
#: Gateways of which every financial status has its usual workflow.
MAPPED = ("shopify_payments", "gift_card", "manual", "cash", "free")
IMPORTS = ("order_unshipped", "order_shipped")

#: A customer of the simulated store.
ADA = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "email": "ada@example.com",
    "phone": "+15550100200",
    "address": "US",
}


class ShopifyCase(TransactionCase):
    """One simulator and one connected store a class; each test starts with no order on either side.

    The registry is in test mode: the cursors that runs, batches and requests open for themselves are savepoints of the
    test's own transaction.
    """

    sim_options = {}
    #: values of the store beside its sign-in
    store_values = {}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sim = cls.start_simulator(**cls.sim_options)
        cls.registry_enter_test_mode_cls()
        cls.instance = cls.connect(cls.sim, **cls.store_values)
        cls.skus = cls.sim.store.skus()[:4]
        cls.products = cls.make_products(cls.skus)

    @classmethod
    def _request_handler(cls, s, r, /, **kw):
        """Odoo's guard against requests to the outside compares the timeout with a number; ours has two."""
        if isinstance(kw.get("timeout"), tuple):
            kw["timeout"] = max(kw["timeout"])
        return super()._request_handler(s, r, **kw)

    @classmethod
    def start_simulator(cls, **options):
        """A simulator that stops with the class."""
        sim = Simulator(**{"seed": 1, "orders": 0, **PLENTY, **options}).start()
        cls.addClassCleanup(sim.stop)
        return sim

    @classmethod
    def connect(cls, sim, **values):
        """A store of Odoo, connected to a simulator."""
        instance = cls.env["shopify.instance"].create(
            {
                "name": "Test Shop",
                "shop_domain": sim.domain,
                "auth_mode": "permanent_token",
                "access_token": "shpat_simulator",
                **values,
            }
        )
        instance._connect()
        cls.env["shopify.financial.status"]._find_combinations(
            instance, [(code, status) for code in MAPPED for status in FINANCIAL_STATUSES]
        )
        cls.env.invalidate_all()
        return instance

    @classmethod
    def make_products(cls, skus, **values):
        """Storable products with these SKUs, invoiced as ordered, with stock to ship."""
        products = cls.env["product.product"].create(
            [
                {
                    "name": f"Product {sku}",
                    "default_code": sku,
                    "type": "consu",
                    "is_storable": True,
                    "invoice_policy": "order",
                    "taxes_id": [Command.clear()],
                    "list_price": 1.0,
                    **values,
                }
                for sku in skus
            ]
        )
        cls.add_stock(products.filtered("is_storable"))
        return products

    @classmethod
    def add_stock(cls, products, quantity=1000):
        location = cls.env["stock.warehouse"].search([("company_id", "=", cls.env.company.id)], limit=1).lot_stock_id
        for product in products.filtered(lambda product: product.tracking == "none"):
            cls.env["stock.quant"]._update_available_quantity(product, location, quantity)

    @classmethod
    def make_user(cls, login, *groups):
        """A user with exactly these groups."""
        return (
            cls.env["res.users"]
            .with_context(no_reset_password=True, tracking_disable=True)
            .create(
                {
                    "name": login,
                    "login": login,
                    "email": f"{login}@example.com",
                    "group_ids": [Command.set([cls.env.ref(group).id for group in groups])],
                }
            )
        )

    def setUp(self):
        super().setUp()
        self.sim.faults.clear()
        self.sim.requests.clear()
        if not self.sim_options.get("orders"):
            # what a test did in the simulator is not rolled back with the database
            self.sim.store.generate_orders([], self.sim.store._no_order)
        self.addCleanup(self.sim.faults.clear)

    # Driving the flow

    @contextmanager
    def own_cursor(self, user=None):
        """An environment of a cursor of its own, which code may commit: it commits into the test's transaction."""
        self.env.flush_all()
        with self.registry.cursor() as cr:
            yield self.env(cr=cr, user=user or self.env.user)
        self.env.invalidate_all()

    def run_operation(self, operation="order_unshipped", instance=None, user=None, source="manual", **options):
        """Start an operation as a person does; the run as it ended."""
        instance = instance or self.instance
        with self.own_cursor(user) as env:
            run = env["shopify.run.starter"]._start(instance.with_env(env), operation, options, source)
            run_id = run.id
        return self.env["shopify.run"].browse(run_id)

    def process(self, instance=None, batch=None, lane="orders"):
        """Process everything of a lane that is due as the schedule does; counts by outcome."""
        instance = instance or self.instance
        if batch:
            instance.queue_size_order = batch
        counts = {"done": 0, "failed": 0, "skipped": 0, "later": 0}
        self.env.flush_all()
        for _round in range(200):
            found = self.env["shopify.runner"]._process_batch(instance._for_jobs(), LANES[lane])
            if not found["taken"]:
                break
            for state in counts:
                counts[state] += found[state]
        else:
            self.fail("Processing does not come to an end")
        self.env.invalidate_all()
        return counts

    def import_orders(self, *orders, instance=None):
        """Bring orders into Odoo: those given, by id, else all that both imports find.

        :return: counts by outcome
        """
        if orders:
            tokens = ",".join(str(order.id) for order in orders)
            self.run_operation("order_by_id", instance, source="by_id", tokens=tokens)
        else:
            for operation in IMPORTS:
                self.run_operation(operation, instance)
        return self.process(instance)

    def place(self, **options):
        """An order of one product in the simulator; see `shopify_simulator.store.Store.place_order`."""
        return self.sim.store.place_order(**{"lines": [self.skus[0]], **options})

    def bring(self, **options):
        """Place an order, import it, and return what Odoo made of it."""
        order = self.place(**options)
        self.import_orders(order)
        return self.sale_order(order)

    # Looking at the outcome

    def sale_order(self, order, instance=None):
        """The sale order of a Shopify order; empty when there is none."""
        return self.env["sale.order"].search(
            [
                ("shopify_instance_id", "=", (instance or self.instance).id),
                ("shopify_order_id", "=", str(order.id)),
            ]
        )

    def queue_line(self, order):
        """The newest queue line of a Shopify order."""
        return self.env["shopify.queue.line"].search([("shopify_id", "=", str(order.id))], limit=1)

    def logs(self, **values):
        """Log lines of the store with these values."""
        domain = [("instance_id", "=", self.instance.id), *((key, "=", value) for key, value in values.items())]
        return self.env["shopify.log.line"].search(domain)

    def state_of_books(self):
        """Everything an import writes, with what a second write would change."""
        models = (
            "sale.order",
            "sale.order.line",
            "stock.picking",
            "stock.move",
            "account.move",
            "account.payment",
            "account.tax",
            "res.partner",
            "product.product",
            "shopify.order.payment",
            "shopify.customer",
            "shopify.tax.mapping",
            "shopify.payment.gateway",
            "shopify.financial.status",
            "shopify.product.variant",
        )
        self.env.flush_all()
        found = {}
        for model in models:
            table = SQL.identifier(self.env[model]._table)
            found[model] = self.env.execute_query(SQL("SELECT id, xmin::text, write_date FROM %s ORDER BY id", table))
        return found

    def assert_paid_to_the_cent(self, sale_order, amount):
        """Confirmed, one posted invoice over the amount, paid."""
        self.assertEqual(sale_order.state, "sale")
        invoice = sale_order.invoice_ids.filtered(lambda move: move.move_type == "out_invoice")
        self.assertEqual(len(invoice), 1)
        self.assertEqual((invoice.state, invoice.payment_state), ("posted", "paid"))
        self.assert_cents(invoice.amount_total, amount)

    def assert_cents(self, found, expected, message=None):
        """Two amounts of money are equal in the smallest unit."""
        # a zero that floats made negative is a zero
        self.assertEqual(f"{round(float(found), 3) + 0.0:.3f}", f"{round(float(expected), 3) + 0.0:.3f}", message)

    def shopify_total(self, order, name="total_price"):
        """A total of a Shopify order in the store's currency."""
        return totals(order)[name].shop


def utc(moment):
    """An aware time as Odoo stores it."""
    return moment.astimezone(timezone.utc).replace(tzinfo=None)


def imported_totals(order, side="shop"):
    """Total and tax that an order must have in Odoo, from the simulator's own figures.

    Shopify's totals are before returns. Refunds that moved no money took units off the order, unless it is cancelled and
    shown as ordered; cash rounding stands beside Shopify's total.

    :param side: shop or presentment
    """
    found = totals(order)
    total, tax = getattr(found["total_price"], side), getattr(found["total_tax"], side)
    for refund in order.refunds:
        if order.cancelled_at or any(item.status in ("SUCCESS", "PENDING") for item in refund.transactions):
            continue
        for part, tax_part in (
            *((line.subtotal_set, line.total_tax_set) for line in refund.lines),
            *((line.subtotal_amount_set, line.tax_amount_set) for line in refund.shipping),
            *((-item.amount_set, -item.tax_amount_set) for item in refund.adjustments),
        ):
            total -= getattr(part, side) + (0 if order.taxes_included else getattr(tax_part, side))
            tax -= getattr(tax_part, side)
        total -= sum(getattr(amount, side) for _duty, amount in refund.duties)
    return total + getattr(found["payment_rounding"], side), tax
