"""Customers imported and sent as a person does."""

from odoo.fields import Command

from shopify_simulator.scopes import DEFAULT_SCOPES

from .common import ADA, ShopifyCase


class CustomerCase(ShopifyCase):
    """A Shopify User imports customers from the simulated store and sends contacts to it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls.make_user("shop_user", "shopify_sync.group_user")
        cls.outsider = cls.make_user("outsider", "sales_team.group_sale_salesman_all_leads")

    def setUp(self):
        super().setUp()
        people = self.sim.store.people
        for customer in people.everyone():  # what a test did in the simulator is not rolled back with the database
            people.remove(customer)
        self.sim.access.scopes = list(DEFAULT_SCOPES)
        self.sim.clock.freeze()
        self.addCleanup(self.sim.clock.run)

    def add(self, **changes):
        """A customer of the store: Ada, unless told otherwise."""
        return self.sim.store.add_customer(**{**ADA, **changes})

    def change(self, customer, **changes):
        """A change made in Shopify, later than all before."""
        self.sim.clock.advance(60)
        return self.sim.store.change_customer(customer, **changes)

    def import_customers(self, source="manual", user=None, **options):
        """Import what was changed, as the wizard or the schedule does; the run."""
        run = self.run_operation("customer", user=user or self.user, source=source, **{"from": None, **options})
        self.work()
        return run

    def work(self):
        """Process everything due of the customers' lane; counts by outcome."""
        return self.process(lane="customers")

    def link(self, customer):
        return (
            self.env["shopify.customer"]
            .with_context(active_test=False)
            .search([("instance_id", "=", self.instance.id), ("shopify_id", "=", str(customer.id))])
        )

    def contact(self, customer):
        return self.link(customer).partner_id

    def line(self, customer=None, partner=None):
        """The newest line of a customer, or of a contact that was sent."""
        domain = [("shopify_id", "=", str(customer.id))] if customer else [("res_id", "=", partner.id)]
        kind = "customer" if customer else "customer_export"
        return self.env["shopify.queue.line"].search([("kind", "=", kind), *domain], limit=1)

    def make_contact(self, **values):
        return self.env["res.partner"].create(
            {
                "name": "Grace Hopper",
                "email": "grace@example.com",
                "phone": "+1 555 010 0300",
                "street": "9 Harbor Road",
                "city": "New York",
                "zip": "10002",
                "country_id": self.env.ref("base.us").id,
                "state_id": self.env.ref("base.state_us_27").id,
                **values,
            }
        )

    def send(self, partners, user=None, **values):
        """Open the dialog on contacts and press its button."""
        with self.own_cursor(user or self.user) as env:
            wizard = (
                env["shopify.customer.export"]
                .with_context(active_model="res.partner", active_ids=partners.ids)
                .create({"instance_id": self.instance.id, **values})
            )
            return wizard.action_export()

    def in_shopify(self, partner):
        """The customer of a contact in the simulated store."""
        link = self.env["shopify.customer"].search(
            [("partner_id", "=", partner.id), ("instance_id", "=", self.instance.id)], limit=1
        )
        return self.sim.store.people.by_id(int(link.shopify_id)) if link else None

    def asked(self, operation):
        """How often the store was asked for an operation."""
        return sum(request.operation == operation for request in self.sim.requests)

    def give_role(self, user, *groups):
        user.write({"group_ids": [Command.link(self.env.ref(group).id) for group in groups]})
