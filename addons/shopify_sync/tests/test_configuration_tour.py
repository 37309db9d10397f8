"""Settings, a new store, archiving and the configuration file in a browser, as a Manager uses them."""

import base64
import json

from odoo.tests import tagged
from odoo.tools import mute_logger

from .browser_case import BrowserCase
from .test_views import ScreenCase


@tagged("post_install", "-at_install")
class TestConfigurationInTheBrowser(ScreenCase, BrowserCase):
    def start_with(self, model, **values):
        """A dialog opens with these values: what a tour cannot know, or cannot choose."""
        for name, value in values.items():
            self.env["ir.default"].set(model, name, value)

    def test_a_setting_is_changed_and_kept(self):
        self.tour("shopify_settings", self.roles["Manager"])
        self.assertEqual(self.instance.order_prefix, "DE-")

    def test_a_store_is_tested_then_created(self):
        other = self.start_simulator(seed=2)
        self.start_with("shopify.new.store", shop_domain=other.domain)
        with mute_logger("odoo.http"):  # the wrong token is refused, which Odoo logs
            self.tour("shopify_new_store", self.roles["Manager"])
        store = self.env["shopify.instance"].search([("name", "=", "Second Shop")])
        self.assertEqual((store.state, store.shop_domain), ("connected", other.domain))

    def test_a_store_is_archived_and_activated(self):
        self.tour("shopify_archive", self.roles["Manager"])
        self.assertTrue(self.instance.active)

    def test_a_configuration_file_is_looked_at_then_imported(self):
        wizard = self.env["shopify.config.file"].create({"instance_id": self.instance.id})
        wizard.action_download()
        data = json.loads(base64.b64decode(wizard.data))
        data["settings"]["order_prefix"] = "XX-"
        text = base64.b64encode(json.dumps(data).encode()).decode()
        self.start_with("shopify.config.file", data=text, filename="shop.json")
        self.tour("shopify_config_file", self.roles["Manager"])
        self.assertEqual(self.instance.order_prefix, "XX-")
