"""Check the store: what stops work is listed with its place, and the list is right again when it is mended."""

from datetime import datetime, timezone
from unittest.mock import patch

from odoo.addons.shopify_sync.models import handler_proof
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .test_views import ScreenCase


@tagged("post_install", "-at_install")
class TestStoreChecks(ScreenCase):
    def check(self, user=None, **days):
        """Run the operation as a person does; {code: findings}."""
        run = self.run_operation("health", user=user or self.roles["User"], **days)
        self.assertEqual(run.state, "done", run.message)
        return self.instance.check_ids.grouped("code")

    def test_a_gateway_without_workflow_is_found_and_its_mapping_opens_prefilled(self):
        self.import_orders(self.place(gateway="unheard-of"))
        (found,) = self.check()["gateway"]
        self.assertEqual(found.severity, "1_error")
        self.assertIn("unheard-of", found.name)
        action = found.with_user(self.roles["Manager"]).action_fix()
        gateway = self.env["shopify.payment.gateway"].search([("code", "=", "unheard-of")])
        self.assertEqual(action["res_model"], "shopify.financial.status")
        self.assertEqual(action["context"]["default_gateway_id"], gateway.id)
        gateway.workflow_id = self.env["shopify.sale.workflow"]._default(self.env.company, "review")
        self.assertNotIn("gateway", self.check())

    def test_what_is_mended_goes_when_the_list_is_checked_again(self):
        self.import_orders(self.place(gateway="unheard-of"))
        (found,) = self.check()["gateway"]
        before = self.instance.checked_at
        gateway = self.env["shopify.payment.gateway"].search([("code", "=", "unheard-of")])
        gateway.workflow_id = self.env["shopify.sale.workflow"]._default(self.env.company, "review")
        user = self.roles["User"]
        with patch.object(type(self.env["shopify.connection"]), "_execute", side_effect=AssertionError("a request")):
            self.env["shopify.check"].with_user(user).action_check_again()
        self.assertFalse(found.exists())
        self.assertGreaterEqual(self.instance.checked_at, before)
        self.assertEqual(set(self.instance.check_ids.mapped("checked_at")), {self.instance.checked_at})
        gateway.workflow_id = False
        self.instance.with_user(user).action_view_checks()
        self.assertIn("gateway", self.instance.check_ids.mapped("code"), "the store's own button checks, too")

    def test_schedules_that_are_off_are_one_finding(self):
        self.check()
        off = self.instance.check_ids.filtered(lambda one: "schedules are off" in one.name)
        self.assertEqual(off.mapped("code"), ["schedules_off"])

    def test_skus_that_exist_twice_are_counted_on_both_sides(self):
        self.make_products([self.skus[0], self.skus[1]])
        found = self.check()["sku_odoo"]
        self.assertEqual(found.count, 2)
        self.assertIn(self.skus[0], found.name)
        listed = self.env[found.action_fix()["res_model"]].search(found.action_fix()["domain"])
        self.assertEqual(len(listed), 4)
        product = self.env["shopify.product"].create({"instance_id": self.instance.id, "title": "Twins"})
        self.env["shopify.product.variant"].create(
            [
                {"shopify_product_id": product.id, "sku": "TWIN", "shopify_id": str(number), "title": "Twin"}
                for number in (1, 2)
            ]
        )
        found = self.check()
        self.assertEqual(found["sku_shopify"].count, 1)
        self.assertEqual(found["not_linked"].count, 2)

    def test_an_unmapped_tax_is_named_with_its_rate(self):
        self.instance.tax_create = False
        mapping = self.env["shopify.tax.mapping"].create({"instance_id": self.instance.id, "name": "GST", "rate": 0.05})
        found = self.check()["tax"]
        self.assertEqual((found.name, found.severity), ("The tax GST 5 % is not mapped.", "1_error"))
        self.assertEqual(found.action_fix()["res_id"], mapping.id)

    def test_gift_cards_need_a_liability_account(self):
        account = self.env["account.account"].create(
            {"name": "Gift cards", "code": "215500", "account_type": "liability_current"}
        )
        self.assertIn("gift_card", self.check())
        self.instance.product_gift_card_id.property_account_income_id = account
        self.assertNotIn("gift_card", self.check())

    def test_a_method_without_outstanding_account_leads_to_its_journal(self):
        workflow = self.env["shopify.sale.workflow"]._default(self.env.company, "automatic")
        method = workflow.payment_method_line_id
        method.payment_account_id = False
        found = self.check()["outstanding_account"]
        self.assertIn(method.journal_id, [self.env["account.journal"].browse(one.fix["res_id"]) for one in found])
        journal = method.journal_id
        account = self.env["account.account"].create(
            {"name": "Outstanding", "code": "215600", "account_type": "asset_current", "reconcile": True}
        )
        workflow.financial_status_ids.workflow_id.payment_method_line_id.payment_account_id = account
        left = self.check().get("outstanding_account", self.env["shopify.check"])
        self.assertNotIn(journal.id, [one.fix["res_id"] for one in left])

    def test_locations_that_offer_the_same_stock_are_named_together(self):
        domain = [("instance_id", "=", self.instance.id), ("kind", "=", "merchant")]
        locations = self.env["shopify.location"].search(domain)
        if len(locations) < 2:
            locations += locations.create(
                {"instance_id": self.instance.id, "shopify_id": "777", "name": "Second", "warehouse_id": False}
            )
        locations.write(
            {"export_warehouse_ids": [Command.set(self.instance.warehouse_id.ids)], "stock_to_check": False}
        )
        found = self.check()["location_shared"]
        self.assertIn(self.instance.warehouse_id.name, found.name)
        self.assertEqual(found.count, len(locations))

    def test_a_missing_permission_is_read_from_shopify(self):
        lacking = self.check().get("permission", self.env["shopify.check"])
        self.assertNotIn("write_inventory", str(lacking.mapped("name")))
        self.addCleanup(setattr, self.sim.access, "scopes", list(self.sim.access.scopes))
        self.sim.access.scopes = [scope for scope in self.sim.access.scopes if scope != "write_inventory"]
        found = self.check()["permission"].filtered(lambda one: "write_inventory" in one.name)
        self.assertEqual(found.mapped("severity"), ["1_error"])

    def test_a_store_that_cannot_be_reached_is_checked_all_the_same(self):
        self.instance.access_token = "wrong"
        found = self.check()
        self.assertIn("schedules_off", found)

    def test_webhooks_without_a_public_address_and_a_currency_without_rate_are_found(self):
        self.env["shopify.instance"].flush_model()
        self.env.cr.execute(
            "UPDATE shopify_instance SET webhook_order = TRUE, webhook_base_url = 'http://10.0.0.1' WHERE id = %s",
            [self.instance.id],
        )
        self.env.invalidate_all()
        yen = self.env.ref("base.JPY")
        yen.active = False
        self.instance.shop_currency_id = yen
        with patch("odoo.addons.shopify_sync.models.store_checker.is_loopback", return_value=False):
            found = self.check()
        self.assertIn("webhook_address", found)
        self.assertEqual(found["currency_inactive"].action_fix()["res_id"], yen.id)
        yen.active = True
        yen.rate_ids.unlink()
        self.assertIn("currency_rate", self.check())

    def test_a_currency_that_odoo_rounds_coarser_than_shopify_is_found(self):
        currency = self.instance.shop_currency_id
        self.assertNotIn("currency_rounding", self.check())
        self.env["res.currency"].flush_model()
        # Odoo lets nobody do so once entries are there; databases come with it
        self.env.cr.execute("UPDATE res_currency SET rounding = 0.05 WHERE id = %s", [currency.id])
        self.env.invalidate_all()
        found = self.check()["currency_rounding"]
        self.assertEqual((found.severity, found.action_fix()["res_id"]), ("1_error", currency.id))
        self.assertIn(f"Odoo rounds {currency.name} to 0.05, Shopify to 0.01", found.name)

    def test_orders_missing_in_odoo_are_counted_from_the_proof(self):
        self.place()
        self.run_operation("completeness")
        found = self.check()["completeness"]
        self.assertEqual((found.count, found.severity), (1, "1_error"))
        self.assertEqual(found.action_fix()["res_model"], "shopify.proof")

    def test_orders_of_days_chosen_are_counted_by_the_check_itself(self):
        self.instance.import_order_after = "2026-01-01"
        self.addCleanup(self.sim.clock.set, self.sim.clock.now())
        self.sim.clock.set(datetime(2026, 3, 10, 12, tzinfo=timezone.utc))
        for _number in range(3):
            self.place()
        self.assertNotIn("completeness", self.check())
        with patch.object(handler_proof, "PAGE", 2):
            found = self.check(day_from="2026-03-01", day_to="2026-03-31")["completeness"]
        self.assertEqual((found.count, found.severity), (3, "1_error"))
        days = self.env["shopify.proof"].search(found.action_fix()["domain"])
        self.assertEqual([str(day) for day in days.mapped("day")], ["2026-03-10"])
        self.instance.access_token = "wrong"
        self.assertIn(
            "connection", self.check(day_from="2026-03-01"), "a store that does not answer is checked all the same"
        )

    def test_the_dialog_takes_days_and_refuses_them_the_wrong_way_round(self):
        self.instance.import_order_after = "2026-01-01"
        with self.own_cursor(self.roles["User"]) as env:
            values = {"instance_id": self.instance.id, "operation": "health", "day_from": "2026-03-31"}
            wizard = env["shopify.operation"].create({**values, "day_to": "2026-03-01"})
            with self.assertRaisesRegex(UserError, "later than"):
                wizard.action_execute()
            wizard.day_to = "2026-03-31"
            wizard.action_execute()
            self.assertIn("Orders counted: 0", wizard.result)

    def test_what_records_wait_for_is_one_finding_each(self):
        self.products.filtered(lambda one: one.default_code == self.skus[0]).default_code = "OTHER"
        self.import_orders(*[self.place() for _number in range(3)])
        found = self.check()
        waiting = [one for code, rows in found.items() if code.startswith("waiting_") for one in rows]
        self.assertEqual([one.count for one in waiting], [3])

    def test_a_check_costs_as_many_queries_with_many_records(self):
        checks = self.env["shopify.check"]
        checks._check(self.instance)
        self.env.flush_all()
        self.make_products([f"SKU-{number}" for number in range(30)] * 2)
        self.env["shopify.tax.mapping"].create(
            [{"instance_id": self.instance.id, "name": f"Tax {number}", "rate": 0.01} for number in range(30)]
        )
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(95):
            checks._check(self.instance)
            self.env.flush_all()

    def test_the_dialog_leads_to_the_findings_and_nobody_edits_them(self):
        with self.own_cursor(self.roles["User"]) as env:
            wizard = env["shopify.operation"].create({"instance_id": self.instance.id, "operation": "health"})
            wizard.action_execute()
            action = wizard.action_view_checks()
        self.assertEqual(action["domain"], [("instance_id", "in", self.instance.ids)])
        found = self.instance.check_ids[:1]
        with self.assertRaises(AccessError):
            found.with_user(self.roles["Manager"]).name = "fine"
        with self.assertRaises(AccessError):
            found.with_user(self.roles["User"]).unlink()
