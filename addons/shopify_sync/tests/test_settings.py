"""The settings page: a store is picked, its settings are changed in one place, problems are listed together."""

from decimal import Decimal

from lxml import etree
from odoo.addons.shopify_sync.mapping import TaxKey
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .test_views import ScreenCase

#: Settings that were missing on the page once.
ON_THE_PAGE = (
    "auto_ship", "refund_journal_id", "keep_lines", "keep_events", "keep_logs", "tag_rule", "tag_rule_tags",
    "tag_rule_warehouse_id", "alert_mail", "alert_user_ids", "alert_emails", "alert_severity", "alert_delay",
    "alert_repeat", "activity_on", "activity_type_id", "activity_user_ids", "activity_days", "activity_orders",
    "activity_products", "activity_stock", "activity_out", "activity_other", "payout_journal_id", "payout_from",
    "payout_transfer_account_id", "digest_on", "digest_frequency", "digest_user_ids", "digest_emails",
)  # fmt: skip


@tagged("post_install", "-at_install")
class TestSettingsPage(ScreenCase):
    def page(self, store=None, user=None, **values):
        """The page as the web client saves it: all values of the page are sent."""
        pages = self.env["shopify.settings"].with_user(user or self.roles["Manager"])
        pages = pages.with_context(default_shopify_instance_id=(store or self.instance).id)
        shown = pages.default_get(["shopify_instance_id", *pages._settings()])
        return pages.create({**shown, **values})

    def test_creating_missing_products_lets_orders_fetch_them(self):
        self.instance.write({"product_create": False, "unknown_product": "fail"})
        page = self.env["shopify.settings"].with_user(self.roles["Manager"])
        with Form(page.with_context(default_shopify_instance_id=self.instance.id)) as form:
            form.product_create = True
        self.assertEqual((self.instance.product_create, self.instance.unknown_product), (True, "fetch"))

    def second_store(self):
        return self.env["shopify.instance"].create({"name": "Second", "shop_domain": "second.myshopify.com"})

    def test_a_manager_changes_settings_of_the_store(self):
        action = self.page(change_policy="automatic", sync_invoice=True, proof_days=14).execute()
        self.assertEqual((self.instance.change_policy, self.instance.proof_days), ("automatic", 14))
        self.assertTrue(self.instance.sync_invoice)
        self.assertEqual(action["params"]["next"]["context"]["default_shopify_instance_id"], self.instance.id)

    def test_saving_an_unchanged_page_writes_nothing(self):
        before = self.instance.write_date
        self.page()
        self.assertEqual(self.instance.write_date, before)

    def test_a_user_sees_no_settings_and_saves_none(self):
        with self.assertRaises(AccessError):
            self.page(user=self.roles["User"], proof_days=3)
        self.assertNotIn("Settings", [menu["name"] for menu in self.menus(self.roles["User"]).values()])
        self.assertIn("Settings", [menu["name"] for menu in self.menus(self.roles["Manager"]).values()])

    def test_every_setting_of_the_page_says_what_it_does_with_an_example(self):
        page = etree.fromstring(self.env["shopify.settings"].get_view(view_type="form")["arch"])
        settings = page.xpath("//setting[field or div/field]")
        self.assertGreater(len(settings), 70)
        for setting in settings:
            words = "from 2 to 3" if setting.get("id") == "sync_quantity" else "xample"
            if setting.get("id") not in ("shopify_instance_id", "connection"):
                self.assertIn(words, setting.get("help") or "", setting.get("id"))
        shown = {field.get("name") for field in page.iter("field")}
        self.assertFalse(set(ON_THE_PAGE) - shown)

    def test_alerts_activities_digest_and_payouts_are_set_up_on_the_page(self):
        manager = self.roles["Manager"]
        self.page(
            alert_mail=True,
            alert_user_ids=[Command.link(manager.id)],
            activity_on=True,
            activity_user_ids=[Command.link(manager.id)],
            activity_days=3,
            digest_on=True,
            digest_frequency="monthly",
            payout_from="2026-01-01",
            keep_lines=10,
            refund_journal_id=self.env["account.journal"].search([("type", "=", "bank")], limit=1).id,
        )
        store = self.instance
        self.assertEqual((store.alert_user_ids, store.activity_user_ids), (manager, manager))
        self.assertEqual((store.activity_days, store.digest_frequency, store.keep_lines), (3, "monthly", 10))
        self.assertTrue(store.refund_journal_id)
        self.assertEqual(str(store.payout_from), "2026-01-01")

    def test_a_tagged_order_rule_without_tags_is_refused_with_the_other_problems(self):
        with self.assertRaises(ValidationError) as caught:
            self.page(tag_rule=True, queue_size_order=0)
        for part in ("tagged-order rule", "Orders per Queue"):
            self.assertIn(part, str(caught.exception))

    def test_all_problems_are_listed_and_nothing_is_saved(self):
        name = self.instance.order_prefix
        with self.assertRaises(ValidationError) as caught:
            self.page(queue_size_order=0, total_tolerance=-1, stock_buffer=-2, order_prefix="X-")
        text = str(caught.exception)
        for part in ("Orders per Queue", "tolerance", "safety buffer"):
            self.assertIn(part, text)
        self.assertEqual(self.instance.order_prefix, name)
        self.assertEqual(self.instance.queue_size_order, 50)

    def test_settings_that_work_but_deserve_a_look_are_named(self):
        action = self.page(unknown_product="fetch", product_create=False, use_sales_description=True).execute()
        self.assertEqual(action["params"]["type"], "warning")
        for part in ("Create by fetching", "order line"):
            self.assertIn(part, action["params"]["message"])

    def test_picking_another_store_shows_and_saves_that_store(self):
        second = self.second_store()
        second.write({"order_prefix": "TWO-", "tax_create": False})
        manager = self.roles["Manager"]
        with Form(self.env["shopify.settings"].with_user(manager)) as form:
            form.shopify_instance_id = self.instance
            form.shopify_instance_id = second
            self.assertEqual(form.order_prefix, "TWO-")
            self.assertFalse(form.tax_create)
            form.order_prefix = "2-"
        self.assertEqual(second.order_prefix, "2-")
        self.assertNotEqual(self.instance.order_prefix, "2-")

    def test_grids_are_put_on_created_taxes_and_taken_off_again(self):
        tag = self.env["account.account.tag"].create({"name": "Grid 81", "applicability": "taxes"})
        page = self.page(tax_tag_ids=[Command.link(tag.id)])
        self.assertEqual(self.instance.tax_tag_ids, tag)
        key = TaxKey(title="GST", rate=Decimal("0.05"), included=False, country="CA", marketplace=False)
        taxes, missing = self.env["shopify.tax.mapping"]._resolve(self.instance, [key])
        self.assertFalse(missing)
        (tax,) = taxes.values()
        self.assertEqual(tax.invoice_repartition_line_ids.tag_ids, tag)
        self.page(tax_tag_ids=[])
        self.assertFalse(self.instance.tax_tag_ids)
        self.assertTrue(page.exists())

    def test_a_store_of_another_company_cannot_be_changed(self):
        company = self.env["res.company"].create({"name": "Other Company"})
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
        other = self.env["shopify.instance"].create(
            {
                "name": "Elsewhere",
                "shop_domain": "elsewhere.myshopify.com",
                "company_id": company.id,
                "warehouse_id": warehouse.id,
            }
        )
        pages = self.env["shopify.settings"].with_user(self.roles["Manager"])
        with self.assertRaises(AccessError):
            pages.create({"shopify_instance_id": other.id, "proof_days": 3})

    def test_the_permissions_are_shown_per_function(self):
        page = self.page()
        self.assertIn("works", str(page.permissions_html))
        self.env["shopify.scope"]._refresh(self.instance, {"read_orders"})
        page.invalidate_recordset()
        self.assertIn("missing permission", str(page.permissions_html))
        self.assertIn("write_products", str(page.permissions_html))

    def test_without_a_store_the_page_leads_to_the_first_one(self):
        self.env["shopify.instance"].search([]).active = False
        pages = self.env["shopify.settings"].with_user(self.roles["Manager"])
        self.assertFalse(pages.default_get(["shopify_instance_id"])["shopify_instance_id"])
