"""The dashboard in a browser, as a User and as a Manager read it."""

from odoo.tests import HttpCase, tagged

from .test_views import ScreenCase


@tagged("post_install", "-at_install")
class TestBoardTour(ScreenCase, HttpCase):
    registry_test_mode = False  # ShopifyCase enters it
    browser_size = "1400,900"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for user in cls.roles.values():
            user.password = user.login
        # made once for all tours: a request that makes them keeps the others waiting
        for bundle in ("web.assets_web", "web.assets_tests", "web.chartjs_lib"):
            assets = cls.env["ir.qweb"]._get_asset_bundle(bundle, css=True, js=True)
            assets.css()
            assets.js()

    def setUp(self):
        super().setUp()
        self.import_one_of_each()

    def test_a_user_reads_the_board_and_opens_what_it_counts(self):
        self.start_tour("/odoo/shopify-dashboard", "shopify_board_user", login="screen_user")

    def test_a_manager_sets_a_store_up_and_customises_his_card(self):
        self.instance.gateway_ids.filtered(lambda gateway: not gateway.mapped).active = False
        self.start_tour("/odoo/shopify-dashboard", "shopify_board_manager", login="screen_manager")
        card = self.env["shopify.dashboard.card"].search([("user_id", "=", self.roles["Manager"].id)])
        self.assertFalse(card.counter_products)
        self.assertTrue(self.instance.setup_step_settings)
        self.assertTrue(self.instance.setup_step_payments)

    def test_a_board_without_a_store_leads_to_the_first(self):
        self.instance.active = False
        self.start_tour("/odoo/shopify-dashboard", "shopify_board_empty_user", login="screen_user")
        self.start_tour("/odoo/shopify-dashboard", "shopify_board_empty_manager", login="screen_manager")
