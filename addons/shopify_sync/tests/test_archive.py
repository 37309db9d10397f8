"""Archiving a store stops it and hides its records; activating brings back exactly what was on."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_views import ScreenCase

HIDDEN = ("shopify.product", "shopify.product.variant", "shopify.payment.gateway", "shopify.financial.status")


@tagged("post_install", "-at_install")
class TestArchive(ScreenCase):
    def dialog(self, user=None):
        archives = self.env["shopify.archive"].with_user(user or self.roles["Manager"])
        return archives.with_context(active_id=self.instance.id).create({})

    def records(self, model):
        return self.env[model].with_context(active_test=False).search([("instance_id", "=", self.instance.id)])

    def jobs_on(self):
        return set(self.instance.cron_ids.filtered("active").mapped("shopify_operation"))

    def layer(self):
        product = self.env["shopify.product"].create({"instance_id": self.instance.id, "title": "Shirt"})
        self.env["shopify.product.variant"].create({"shopify_product_id": product.id, "sku": "S-1", "title": "S"})
        return product

    def test_archiving_stops_everything_and_activating_brings_it_back_as_it_was(self):
        self.layer()
        retired = self.layer()
        retired.active = False
        self.instance._start_schedules()
        off = self.instance._schedule("stock_export")
        off.active = False
        on = self.jobs_on()
        gateway = self.records("shopify.payment.gateway")[0]
        gateway.active = False
        before = {model: set(self.records(model).filtered("active").ids) for model in HIDDEN}

        self.dialog().action_confirm()
        self.assertFalse(self.instance.active)
        self.assertFalse(self.jobs_on())
        for model in HIDDEN:
            self.assertFalse(self.records(model).filtered("active"), model)
        self.assertTrue(self.instance.access_token, "the sign-in is kept")

        self.dialog().action_confirm()
        self.assertTrue(self.instance.active)
        self.assertEqual(self.jobs_on(), on)
        for model in HIDDEN:
            self.assertEqual(set(self.records(model).filtered("active").ids), before[model], model)
        self.assertFalse(self.instance.archived_with)

    def test_waiting_records_are_paused_and_go_on_after_activation(self):
        order = self.place()
        self.run_operation("order_unshipped")
        line = self.env["shopify.queue.line"].search([("instance_id", "=", self.instance.id), ("state", "=", "draft")])
        self.dialog().action_confirm()
        self.assertEqual(self.process()["done"], 0)
        self.assertEqual(line.state, "draft")
        with self.assertRaisesRegex(UserError, "archived"):
            line.action_process()
        with self.assertRaisesRegex(UserError, "archived"):
            self.run_operation("order_unshipped")
        changed = self.place()
        self.dialog().action_confirm()
        self.run_operation("order_unshipped", source="cron")
        self.process()
        self.assertTrue(self.sale_order(order))
        self.assertTrue(self.sale_order(changed), "what changed in between is found")

    def test_a_job_that_finds_its_store_archived_does_nothing(self):
        self.place()
        self.instance.action_archive()
        with patch.object(self.env.registry["ir.cron"], "_commit_progress") as progress:
            self.instance._run_scheduled("order_unshipped")
        progress.assert_called_once_with(deactivate=True)
        self.assertFalse(self.env["shopify.run"].search([("instance_id", "=", self.instance.id)]))

    def test_a_store_whose_sign_in_is_refused_stays_archived(self):
        self.instance.action_archive()
        self.instance.access_token = "shpat_wrong"
        self.env.flush_all()
        with self.assertRaisesRegex(UserError, "stays archived"):
            self.dialog().action_confirm()
        self.assertFalse(self.instance.active)

    def test_the_dialog_says_what_stops_and_what_returns(self):
        self.layer()
        self.instance._start_schedules()
        text = str(self.dialog().effects)
        for part in ("Scheduled jobs", "switched off", "Payment gateways", "kept, and paused"):
            self.assertIn(part, text)
        self.dialog().action_confirm()
        self.assertIn("on again, as they were", str(self.dialog().effects))

    def test_schedules_stay_off_in_a_copy_of_the_database(self):
        self.instance._start_schedules()
        self.instance.action_archive()
        self.env["ir.config_parameter"].set_param("database.is_neutralized", "true")
        self.instance.active = True
        self.assertFalse(self.jobs_on())

    def test_archiving_is_for_managers(self):
        with self.assertRaises(AccessError):
            self.dialog(self.roles["User"])
        with self.assertRaises(AccessError):
            self.instance.with_user(self.roles["User"]).action_archive()

    def test_a_store_with_orders_is_not_deleted(self):
        self.bring()
        with self.assertRaisesRegex(UserError, "Archive it instead"):
            self.instance.with_user(self.roles["Manager"]).unlink()
        empty = self.env["shopify.instance"].create({"name": "Empty", "shop_domain": "empty.myshopify.com"})
        empty.with_user(self.roles["Manager"]).unlink()
        self.assertFalse(empty.exists())
