"""Who may see and do what: users, managers, other companies, strangers, copies of the database."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.modules import get_module_path
from odoo.tests import Form, tagged

from .common import ShopifyCase

#: Fields that hold a secret, or data that only managers should read.
SECRETS = {
    "shopify.instance": ("client_id", "client_secret", "access_token", "connection_ids"),
    "shopify.connection": ("token",),
    "shopify.queue.line": ("payload", "payload_pretty"),
    "shopify.log.line": ("technical",),
}


class AccessCase(ShopifyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls.make_user("shop_user", "shopify_sync.group_user")
        cls.manager = cls.make_user("shop_manager", "shopify_sync.group_manager")
        cls.outsider = cls.make_user("outsider", "base.group_user")

    def shopify_models(self, transient=False):
        """Stored models of the addon."""
        return [
            self.env[name]
            for name in sorted(self.env.registry)
            if name.startswith("shopify.") and not self.env[name]._abstract and self.env[name]._transient == transient
        ]


#: Models that need Odoo's accounting right beside the Shopify role.
ACCOUNTANTS = "account.group_account_user"
OF_ACCOUNTANTS = (
    "shopify.payout",
    "shopify.payout.line",
    "shopify.payout.account",
    "shopify.payout.match",
    "shopify.dispute",
    "shopify.settlement",
    "shopify.settlement.bad",
    "shopify.settlement.map",
    "shopify.settlement.payout",
    "shopify.settlement.type",
)
#: What bookkeepers without a Shopify role may read, so that the month end is theirs, too.
INVOICING = ("account.group_account_invoice", "account.group_account_readonly")
OF_BOOKKEEPERS = {
    **dict.fromkeys(OF_ACCOUNTANTS, (ACCOUNTANTS,)),
    "shopify.instance": INVOICING,
    "shopify.month.end": INVOICING,
    "shopify.month.end.line": INVOICING,
    "shopify.payment.gateway": (ACCOUNTANTS,),
}


@tagged("post_install", "-at_install")
class TestEveryModel(AccessCase):
    def test_every_model_is_open_to_users_or_managers_only(self):
        groups = {self.env.ref("shopify_sync.group_user"), self.env.ref("shopify_sync.group_manager")}
        for model in self.shopify_models() + self.shopify_models(transient=True):
            with self.subTest(model=model._name):
                rights = self.env["ir.model.access"].search([("model_id.model", "=", model._name)])
                self.assertTrue(rights)
                own = {self.env.ref(group) for group in OF_BOOKKEEPERS.get(model._name, ())}
                self.assertLessEqual(set(rights.group_id), groups | own)
                self.assertTrue(all(rights.mapped("group_id")), "a right without a group is everyone's")

    def test_every_stored_model_has_a_company_and_a_rule_for_it(self):
        for model in self.shopify_models():
            with self.subTest(model=model._name):
                self.assertIn("company_id", model._fields)
                self.assertTrue(model._fields["company_id"].store)
                rules = self.env["ir.rule"].search([("model_id.model", "=", model._name), ("groups", "=", False)])
                self.assertTrue(rules.filtered(lambda rule: "company_ids" in (rule.domain_force or "")))

    def test_a_user_reads_every_stored_model_that_is_not_for_managers_alone(self):
        for model in self.shopify_models():
            with self.subTest(model=model._name):
                if model._name == "shopify.connection" or model._name in OF_ACCOUNTANTS:
                    self.assertFalse(model.with_user(self.user).has_access("read"))
                else:
                    self.assertTrue(model.with_user(self.user).has_access("read"))
                self.assertTrue(model.with_user(self.manager).has_access("read"))

    def test_a_stranger_reads_and_writes_nothing(self):
        for model in self.shopify_models() + self.shopify_models(transient=True):
            for operation in ("read", "write", "create", "unlink"):
                with self.subTest(model=model._name, operation=operation):
                    self.assertFalse(model.with_user(self.outsider).has_access(operation))

    def test_configuration_is_written_by_managers_only(self):
        for name in (
            "shopify.instance",
            "shopify.sale.workflow",
            "shopify.payment.gateway",
            "shopify.financial.status",
            "shopify.tax.mapping",
        ):
            for operation in ("write", "create", "unlink"):
                with self.subTest(model=name, operation=operation):
                    self.assertFalse(self.env[name].with_user(self.user).has_access(operation))
                    self.assertTrue(self.env[name].with_user(self.manager).has_access(operation))
        self.assertFalse(self.env["shopify.queue"].with_user(self.user).has_access("unlink"))


@tagged("post_install", "-at_install")
class TestSecrets(AccessCase):
    def test_secrets_are_fields_of_managers_alone(self):
        for name, names in SECRETS.items():
            for field in names:
                with self.subTest(model=name, field=field):
                    self.assertEqual(self.env[name]._fields[field].groups, "shopify_sync.group_manager")

    def test_a_user_cannot_read_or_search_a_secret(self):
        store = self.instance.with_user(self.user)
        self.assertEqual(store.name, "Test Shop")
        for field in SECRETS["shopify.instance"]:
            with self.subTest(field=field):
                self.assertNotIn(field, store.fields_get())
                with self.assertRaises(AccessError):
                    store.read([field])
                with self.assertRaises(AccessError):
                    store.search([(field, "!=", False)])

    def test_a_store_cannot_be_copied_with_its_secrets(self):
        for field in ("client_id", "client_secret", "access_token"):
            self.assertFalse(self.instance._fields[field].copy)

    def test_a_token_in_use_is_never_part_of_what_a_user_sees_of_the_store(self):
        shown = self.instance.with_user(self.user).read()[0]
        self.assertNotIn("shpat_simulator", str(shown))


@tagged("post_install", "-at_install")
class TestCompanies(AccessCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Other company"})
        cls.stranger = cls.make_user("other_manager", "shopify_sync.group_manager")
        cls.stranger.write({"company_ids": [(6, 0, cls.other.ids)], "company_id": cls.other.id})

    def test_another_companys_store_and_all_it_made_are_hidden(self):
        self.place(taxes="US-NY", shipping="4.90", risk="LOW", risk_facts=["Fine"])
        self.place(gateway="Klarna")
        self.import_orders()
        seen = 0
        for model in self.shopify_models():
            count = model.with_user(self.manager).search_count([])
            seen += bool(count)
            with self.subTest(model=model._name):
                self.assertFalse(model.with_user(self.stranger).search_count([]))
        self.assertGreater(seen, 12, "the models are filled")
        with self.assertRaises(AccessError):
            self.instance.with_user(self.stranger).read(["name"])

    def test_all_that_a_store_makes_belongs_to_its_company(self):
        sale_order = self.bring(taxes="US-NY", shipping="4.90")
        made = [
            sale_order,
            sale_order.partner_id,
            sale_order.picking_ids,
            sale_order.invoice_ids,
            sale_order.shopify_payment_ids.payment_id,
            sale_order.order_line.tax_ids,
            sale_order.pricelist_id,
        ]
        for records in made:
            with self.subTest(model=records._name):
                self.assertTrue(records)
                self.assertEqual(records.company_id, self.instance.company_id)

    def test_queues_are_numbered_by_company(self):
        store = self.env["shopify.instance"].create(
            {"name": "There", "shop_domain": "there.myshopify.com", "company_id": self.other.id}
        )
        queues = self.env["shopify.queue"]

        def make(of_store):
            return queues.create({"instance_id": of_store.id, "kind": "customer", "source": "cron"}).name

        first, second = make(self.instance), make(self.instance)
        self.assertEqual(make(store), "SCQ000001")
        self.assertEqual(make(store), "SCQ000002")
        self.assertEqual(int(second[3:]), int(first[3:]) + 1)
        sequences = self.env["ir.sequence"].search([("code", "=like", "shopify.%"), ("company_id", "=", self.other.id)])
        self.assertEqual(len(sequences), 7)
        self.env["shopify.instance"]._complete_schedules()
        self.assertEqual(make(store), "SCQ000003", "an update starts no number anew")

    def test_the_company_of_a_store_with_orders_stays(self):
        self.bring()
        with self.assertRaises(UserError):
            self.instance.company_id = self.other

    def test_a_store_with_orders_cannot_be_deleted_nor_its_orders(self):
        sale_order = self.bring()
        with self.assertRaises(UserError):
            self.instance.unlink()
        sale_order._action_cancel()
        with self.assertRaises(UserError):
            sale_order.unlink()


@tagged("post_install", "-at_install")
class TestWhatAUserDoes(AccessCase):
    def test_a_user_runs_an_operation_and_processes_it(self):
        order = self.place(taxes="US-NY", shipping={"title": "New method", "price": "4.90"}, customer="guest")
        with self.own_cursor(self.user) as env:
            wizard = env["shopify.operation"].create({"instance_id": self.instance.id})
            wizard.action_execute()
            queues = wizard.queue_ids.ids
        with self.own_cursor(self.user) as env:
            env["shopify.queue"].browse(queues).action_process()
        self.assert_paid_to_the_cent(self.sale_order(order), self.shopify_total(order))

    def test_who_invoices_without_a_shopify_role_invoices_orders_of_shopify_too(self):
        for workflow in self.instance.financial_status_ids.workflow_id:
            workflow.write({"create_invoice": False, "register_payment": False, "force_accounting_date": True})
        sale_order = self.bring(taxes="US-NY")
        self.assertFalse(sale_order.invoice_ids)
        clerk = self.make_user("clerk", "sales_team.group_sale_salesman_all_leads", "account.group_account_invoice")
        sale_order.with_user(clerk)._create_invoices()
        self.assertEqual(sale_order.invoice_ids.shopify_order_id, sale_order.shopify_order_id)
        self.assertEqual(sale_order.invoice_ids.journal_id, sale_order.shopify_workflow_id.sale_journal_id)

    def test_a_warehouse_worker_without_a_shopify_role_ships(self):
        method = self.env["delivery.carrier"].search([], limit=1)
        method.zip_prefix_ids = [Command.create({"name": "1000"})]
        picking = self.bring().picking_ids
        worker = self.make_user("packs", "base.group_user", "stock.group_stock_user")
        for words in ("Cancelled in Shopify after this was shipped", "Needs a person"):
            self.assertIn(words, picking.with_user(worker).get_view(view_type="form")["arch"])
        self.assertNotIn("action_shopify_send", picking.with_user(worker).get_view(view_type="form")["arch"])
        with Form(picking.with_user(worker)) as form:
            form.carrier_id = method.with_user(worker)
        picking.with_user(worker).read(["allowed_carrier_ids"])
        method.with_user(worker).read(["zip_prefix_ids"])

    def test_an_outsider_runs_nothing(self):
        with self.assertRaises(AccessError):
            self.env["shopify.operation"].with_user(self.outsider).create({"instance_id": self.instance.id})

    def test_the_jobs_run_as_the_stores_user_with_exactly_its_company(self):
        self.instance.job_user_id = self.manager
        jobs = self.instance._for_jobs()
        self.assertEqual(jobs.env.user, self.manager)
        self.assertEqual(jobs.env.companies, self.instance.company_id)
        order = self.place(taxes="US-NY", shipping={"title": "Other method", "price": "4.90"})
        self.import_orders(order)
        sale_order = self.sale_order(order)
        self.assertEqual(sale_order.create_uid, self.manager)
        self.assert_paid_to_the_cent(sale_order, self.shopify_total(order))

    def test_a_manager_without_system_rights_connects_a_store_and_switches_its_schedules(self):
        sim = self.start_simulator(seed=7)
        with self.own_cursor(self.manager) as env:
            store = env["shopify.instance"].create(
                {
                    "name": "Managed",
                    "shop_domain": sim.domain,
                    "auth_mode": "permanent_token",
                    "access_token": "shpat_simulator",
                }
            )
            store._connect()
            store_id = store.id
        store = self.env["shopify.instance"].browse(store_id)
        self.assertEqual(store.state, "connected")
        self.assertFalse(any(store.cron_ids.mapped("active")), "off until someone turns them on")
        wizard = self.env["shopify.schedules"].with_user(self.manager).with_context(active_id=store_id).create({})
        wizard.line_ids.active = True
        wizard.action_save()
        self.assertTrue(all(store.cron_ids.mapped("active")))


@tagged("post_install", "-at_install")
class TestNeutralised(AccessCase):
    def test_a_copy_of_the_database_has_no_secret_and_no_schedule(self):
        self.instance.write({"client_id": "an id", "client_secret": "a secret", "access_token": "a token"})
        self.instance.connection_ids.write({"token": "a token in use"})
        self.instance._start_schedules()
        self.assertTrue(any(self.instance.cron_ids.mapped("active")))
        self.env.flush_all()
        with open(f"{get_module_path('shopify_sync')}/data/neutralize.sql", encoding="utf-8") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        store = self.instance
        self.assertFalse(store.client_id or store.client_secret or store.access_token)
        self.assertFalse(store.connection_ids.token)
        self.assertFalse(any(store.cron_ids.mapped("active")))
        self.assertNotEqual(store.state, "connected")
