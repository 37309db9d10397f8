"""The settings page: a store is picked, its settings are changed in one place, problems are listed together."""

from decimal import Decimal

from odoo.addons.shopify_sync.mapping import TaxKey
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .test_views import ScreenCase


@tagged("post_install", "-at_install")
class TestSettingsPage(ScreenCase):
    def page(self, store=None, user=None, **values):
        """The page as the web client saves it: all values of the page are sent."""
        pages = self.env["shopify.settings"].with_user(user or self.roles["Manager"])
        pages = pages.with_context(default_shopify_instance_id=(store or self.instance).id)
        shown = pages.default_get(["shopify_instance_id", *pages._settings()])
        return pages.create({**shown, **values})

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
