"""The sales dashboard: who sees it, that its fields are there, and that it draws its figures in a browser."""

import json

from odoo.addons.shopify_sync.tests.browser_case import BrowserCase
from odoo.addons.shopify_sync.tests.test_views3 import LaterCase
from odoo.exceptions import AccessError
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestSalesDashboard(LaterCase, BrowserCase):
    def setUp(self):
        super().setUp()
        self.dashboard = self.env.ref("shopify_sync_spreadsheet_dashboard.dashboard_sales")

    def document(self):
        return json.loads(self.dashboard.spreadsheet_data)

    def test_users_and_managers_see_it_and_nobody_else(self):
        menu = self.env.ref("shopify_sync_spreadsheet_dashboard.menu_dashboard").id
        for user in self.roles.values():
            self.assertTrue(self.dashboard.with_user(user).read(["name"]))
            self.assertIn(menu, self.env["ir.ui.menu"].with_user(user).load_web_menus(False))
        seller = self.make_user("dashboard_seller", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            self.dashboard.with_user(seller).read(["name"])
        self.assertNotIn(menu, self.env["ir.ui.menu"].with_user(seller).load_web_menus(False))

    def test_every_pivot_and_chart_asks_for_fields_that_the_analysis_has(self):
        document = self.document()
        report = self.env["sale.report"].with_user(self.roles["User"])
        self.bring()
        self.env.flush_all()
        for pivot in document["pivots"].values():
            with self.subTest(pivot=pivot["name"]):
                report.formatted_read_group(
                    pivot["domain"],
                    [row["fieldName"] for row in pivot["rows"]],
                    [f"{one['fieldName']}:{report._fields[one['fieldName']].aggregator}" for one in pivot["measures"]],
                )
        for figure in document["sheets"][0]["figures"]:
            if figure["data"]["type"] != "scorecard":
                with self.subTest(chart=figure["data"]["title"]["text"]):
                    asked = figure["data"]["metaData"]
                    self.assertIn(asked["measure"], report._fields)
                    report.formatted_read_group(figure["data"]["searchParams"]["domain"], asked["groupBy"], [])
        for menu in document["chartOdooMenusReferences"].values():
            self.assertTrue(self.env.ref(menu))
        for one in document["globalFilters"]:
            self.assertIn(one.get("modelName", "shopify.instance"), self.env)

    def read_the_figures(self, role):
        self.import_one_of_each()
        self.refunded()
        self.tour("shopify_sales_dashboard", self.roles[role], "/odoo/action-shopify_sync.sale_report_action")

    def test_a_user_reads_the_figures(self):
        self.read_the_figures("User")

    def test_a_manager_reads_the_figures(self):
        self.read_the_figures("Manager")
