"""The dashboard in a browser, as a User and as a Manager read it."""

from odoo.tests import tagged

from .browser_case import BrowserCase
from .test_views import ScreenCase


@tagged("post_install", "-at_install")
class TestBoardTour(ScreenCase, BrowserCase):
    def setUp(self):
        super().setUp()
        self.import_one_of_each()

    def test_a_user_reads_the_board_and_opens_what_it_counts(self):
        self.tour("shopify_board_user", self.roles["User"])

    def test_a_manager_sets_a_store_up_and_customises_his_card(self):
        self.instance.gateway_ids.filtered(lambda gateway: not gateway.mapped).active = False
        self.tour("shopify_board_manager", self.roles["Manager"])
        card = self.env["shopify.dashboard.card"].search([("user_id", "=", self.roles["Manager"].id)])
        self.assertFalse(card.counter_products)
        self.assertTrue(self.instance.setup_step_settings)
        self.assertTrue(self.instance.setup_step_payments)

    def test_a_manager_is_asked_once_whether_everything_is_ready(self):
        self.instance.gateway_ids.filtered(lambda gateway: not gateway.mapped).active = False
        self.instance.write({"setup_step_settings": True, "setup_step_payments": True})
        self.tour("shopify_board_ready", self.roles["Manager"])
        self.assertTrue(self.instance.setup_closed)

    def test_a_board_without_a_store_leads_to_the_first(self):
        self.instance.active = False
        self.tour("shopify_board_empty_user", self.roles["User"])
        self.tour("shopify_board_empty_manager", self.roles["Manager"])
