"""Lists of the configuration: saving a line tells how many orders go on, lines are copied, schedules are run and advised."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.shopify_instance_schedules import usual
from .test_views import ScreenCase


@tagged("post_install", "-at_install")
class TestMappingLists(ScreenCase):
    def test_saving_a_line_retries_the_orders_that_waited_and_tells_how_many(self):
        orders = [self.place(gateway="unheard-of") for _number in range(3)]
        self.import_orders(*orders)
        gateway = self.env["shopify.payment.gateway"].search([("code", "=", "unheard-of")])
        workflow = self.env["shopify.sale.workflow"]._default(self.env.company, "review")
        manager = self.roles["Manager"]
        with patch.object(self.env.registry["res.users"], "_bus_send") as told:
            self.env["shopify.financial.status"].with_user(manager).create(
                {"instance_id": self.instance.id, "gateway_id": gateway.id, "workflow_id": workflow.id}
            )
        self.assertIn("3", told.call_args.args[1]["message"])
        self.process()
        self.assertTrue(all(self.sale_order(order) for order in orders))

    def test_lines_are_copied_to_another_store_once(self):
        other = self.env["shopify.instance"].create({"name": "Second", "shop_domain": "second.myshopify.com"})
        lines = self.instance.financial_status_ids[:5]
        copies = self.env["shopify.copy.mapping"].with_user(self.roles["Manager"])
        wizard = copies.with_context(active_ids=lines.ids).create({"instance_id": other.id})
        self.assertIn("5", wizard.result)
        wizard.action_copy()

        def keys(found):
            return sorted((one.gateway_id.code, one.financial_status, one.order_status) for one in found)

        self.assertEqual(keys(other.financial_status_ids), keys(lines))
        self.assertEqual(other.financial_status_ids.gateway_id.instance_id, other)
        wizard.action_copy()
        self.assertEqual(len(other.financial_status_ids), 5)
        with self.assertRaises(AccessError):
            copies.with_user(self.roles["User"]).create({"instance_id": other.id})

    def test_combinations_of_recent_orders_are_found_from_the_list(self):
        self.place(gateway="unheard-of")
        before = len(self.instance.financial_status_ids)
        self.env["shopify.financial.status"].with_user(self.roles["Manager"]).action_find_combinations()
        self.assertEqual(len(self.instance.financial_status_ids), before + 1)

    def test_a_tax_says_how_often_the_store_used_it(self):
        sale_order = self.bring(taxes="US-NY")
        taxed = sale_order.order_line.filtered("tax_ids")
        other = self.env["shopify.instance"].create({"name": "Second", "shop_domain": "second.myshopify.com"})
        tax = taxed.tax_ids[:1]
        here = self.env["shopify.tax.mapping"].search([("tax_id", "=", tax.id), ("instance_id", "=", self.instance.id)])
        there = here.copy({"instance_id": other.id})
        self.assertEqual(here.use_count, len(taxed.filtered(lambda line: tax in line.tax_ids)))
        self.assertEqual(there.use_count, 0)

    def test_copying_says_how_many_orders_are_retried(self):
        other_sim = self.start_simulator(seed=9)
        other = self.connect(other_sim)
        other.financial_status_ids.unlink()
        order = other_sim.store.place_order(lines=[other_sim.store.skus()[0]])
        self.import_orders(order, instance=other)
        copies = self.env["shopify.copy.mapping"].with_user(self.roles["Manager"])
        lines = self.instance.financial_status_ids.filtered(
            lambda line: line.gateway_id.code == "shopify_payments" and line.financial_status == "paid"
        )
        wizard = copies.with_context(active_ids=lines.ids).create({"instance_id": other.id})
        self.assertIn("tried again: 1", wizard.result)

    def test_a_permission_names_the_scopes_that_it_needs(self):
        rows = {row.function: row.needed for row in self.instance.scope_ids}
        self.assertEqual(rows["orders"], "read_orders, read_products, read_customers")

    def test_the_table_of_schedules_says_how_each_job_ended(self):
        self.place()
        store = self.instance.with_user(self.roles["Manager"])
        self.run_operation("order_unshipped")
        jobs = {job["key"]: job for job in store.read_schedules()["jobs"]}
        self.assertIn("1 records", jobs["order_unshipped"]["result"])
        self.assertFalse(jobs["order_unshipped"]["failed"])
        self.assertFalse(jobs["order_shipped"]["result"])
        self.instance._schedule("order_shipped").failure_count = 2
        self.assertTrue(store.read_schedules()["jobs"][1]["failed"])

    def test_jobs_are_named_by_what_they_do_whatever_their_record_says(self):
        self.instance.cron_ids.name = "Shopify Alter Laden: Bestellungen"
        names = {job["key"]: job["name"] for job in self.instance.read_schedules()["jobs"]}
        self.assertEqual((names["order_unshipped"], names["process_stock"]), ("Import unshipped orders", "Send stock"))

    def test_the_table_of_schedules_says_intervals_as_people_do(self):
        store = self.instance.with_user(self.roles["Manager"])
        job = self.instance._schedule("order_shipped")
        for number, unit, said in (
            (1440, "minutes", "1 day"),
            (2880, "minutes", "2 days"),
            (60, "minutes", "1 hour"),
            (90, "minutes", "90 minutes"),
            (1, "weeks", "1 week"),
        ):
            job.write({"interval_number": number, "interval_type": unit})
            self.assertEqual(
                next(one["every"] for one in store.read_schedules()["jobs"] if one["key"] == "order_shipped"), said
            )

    def test_a_company_leads_to_the_settings_of_its_stores(self):
        company = self.env.company.with_user(self.roles["Manager"])
        action = company.action_view_shopify_settings()
        self.assertEqual(action["context"]["default_shopify_instance_id"], self.instance.id)
        self.env["shopify.instance"].create({"name": "Second", "shop_domain": "second.myshopify.com"})
        company.invalidate_recordset()
        self.assertEqual(company.shopify_store_count, 2)
        self.assertEqual(company.action_view_shopify_settings()["res_model"], "shopify.instance")

    def schedules(self):
        wizard = self.env["shopify.schedules"].with_user(self.roles["Manager"])
        return wizard.with_context(active_id=self.instance.id).create({})

    def test_schedules_advise_and_refuse(self):
        wizard = self.schedules()
        line = wizard.line_ids.filtered(lambda one: one.operation == "order_unshipped")
        line.write({"active": True, "interval_number": 3, "interval_type": "hours"})
        self.assertIn("longer than 2 hours", wizard.warning)
        line.write({"interval_number": 4, "interval_type": "minutes"})
        with self.assertRaisesRegex(UserError, "shortest interval"):
            wizard.action_save()
        wizard.line_ids.write({"active": True, "nextcall": "2030-01-01 10:00:00"})
        self.assertIn("same minute", wizard.warning)
        slow = wizard.line_ids.filtered(lambda one: one.operation == "product")
        wizard.line_ids.active = False
        slow.write({"active": True, "interval_number": 1, "interval_type": "days"})
        self.assertFalse(wizard.warning, "a daily product import makes no order wait")

    def test_the_usual_schedules_are_proposed_until_somebody_saved_them(self):
        self.instance.schedules_saved = False
        jobs = self.instance.with_context(active_test=False).cron_ids
        jobs.active = False
        wanted = usual() & set(jobs.mapped("shopify_operation"))
        wizard = self.schedules()
        self.assertEqual(set(wizard.line_ids.filtered("active").mapped("operation")), wanted)
        self.assertFalse(wizard.warning, "they start one after the other")
        daily = wizard.line_ids.filtered(lambda one: one.operation == "product")
        self.assertEqual((daily.interval_number, daily.interval_type), (1, "days"))
        self.assertFalse(any(jobs.mapped("active")), "nothing changes before Save")
        wizard.action_save()
        self.assertEqual(set(jobs.filtered("active").mapped("shopify_operation")), wanted)
        wizard = self.schedules()
        wizard.line_ids.active = False
        wizard.action_save()
        self.assertFalse(any(self.schedules().line_ids.mapped("active")), "what a person switched off stays off")

    def test_a_job_that_is_off_runs_at_once(self):
        self.place()
        with self.own_cursor(self.roles["Manager"]) as env:
            action = self.instance.with_env(env).run_schedule_now("order_unshipped")
        self.assertEqual(action["params"]["type"], "success")
        self.assertTrue(self.env["shopify.queue.line"].search([("instance_id", "=", self.instance.id)]))
