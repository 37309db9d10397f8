"""Tours in a browser: what a person does and reads, in a role."""

from odoo.tests import HttpCase

BOARD = "/odoo/shopify-dashboard"
ORDERS = "/odoo/action-shopify_sync.sale_order_action"


class BrowserCase(HttpCase):
    """Beside `ShopifyCase`, after it among the bases."""

    registry_test_mode = False  # ShopifyCase enters it
    browser_size = "1400,900"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # made once for all tours: a request that makes them keeps the others waiting
        for bundle in ("web.assets_web", "web.assets_tests", "web.chartjs_lib"):
            assets = cls.env["ir.qweb"]._get_asset_bundle(bundle, css=True, js=True)
            assets.css()
            assets.js()

    def tour(self, name, user, page=BOARD):
        """Play a tour of static/tests/tours from a page on, signed in as a user."""
        user.password = user.login
        self.start_tour(page, name, login=user.login, timeout=240)
        self.env.invalidate_all()
