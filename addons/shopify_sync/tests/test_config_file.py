"""A store's configuration moves as one file: what is set is shown first, what is not found is named, no secret leaves."""

import base64
import json

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .test_views import ScreenCase


@tagged("post_install", "-at_install")
class TestConfigFile(ScreenCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["shopify.instance"].create({"name": "Live", "shop_domain": "live.myshopify.com"})
        tax = cls.env["account.tax"].create({"name": "GST 5", "amount": 5, "type_tax_use": "sale"})
        cls.env["shopify.tax.mapping"].create(
            {"instance_id": cls.instance.id, "name": "GST", "rate": 0.05, "tax_id": tax.id, "country_code": "CA"}
        )
        account = cls.env["account.account"].create(
            {"name": "Shopify ads", "code": "698877", "account_type": "expense"}
        )
        cls.env["shopify.payout.account"].create(
            {"instance_id": cls.instance.id, "transaction_type": "ADS_FEE", "account_id": account.id, "label": "Ads"}
        )
        cls.env["shopify.order.rule"].create({"instance_id": cls.instance.id, "name": "Wholesale", "tags": "b2b"})
        cls.env["shopify.field.owner"].create({"instance_id": cls.instance.id, "field_name": "title"})
        cls.instance.write(
            {
                "order_prefix": "DE-",
                "unknown_product": "placeholder",
                "user_id": cls.roles["User"].id,
                "stock_rule": "percentage",
                "stock_value": 80,
                "tax_tag_ids": [
                    Command.create({"name": "Grid 81", "applicability": "taxes"}),
                ],
            }
        )

    def text(self, store=None, user=None):
        wizard = self.env["shopify.config.file"].with_user(user or self.roles["Manager"])
        wizard = wizard.create({"instance_id": (store or self.instance).id})
        self.assertIn("/web/content/", wizard.action_download()["url"])
        return base64.b64decode(wizard.data).decode()

    def wizard(self, text, store=None, **values):
        data = base64.b64encode(text if isinstance(text, bytes) else text.encode())
        wizard = self.env["shopify.config.file"].with_user(self.roles["Manager"])
        return wizard.create({"instance_id": (store or self.other).id, "data": data, "filename": "a.json", **values})

    def changed(self, **settings):
        data = json.loads(self.text())
        data["settings"].update(settings)
        return json.dumps(data)

    def test_a_switch_that_needs_other_settings_moves_with_them(self):
        warehouse = self.instance.warehouse_id
        self.instance.write({"tag_rule": True, "tag_rule_tags": "FBA", "tag_rule_warehouse_id": warehouse.id})
        self.wizard(self.text(), without_missing=True).action_import()
        moved = (self.other.tag_rule, self.other.tag_rule_tags, self.other.tag_rule_warehouse_id)
        self.assertEqual(moved, (True, "FBA", warehouse))
        self.assertTrue(self.other._schedule("order_tagged"))

    def test_a_configuration_makes_the_round_trip_to_another_store(self):
        text = self.text()
        wizard = self.wizard(text, without_missing=True)
        wizard.action_import()
        self.assertTrue(wizard.done)
        first, second = json.loads(text), json.loads(self.text(self.other))
        for part in ("settings", "workflows", "gateways", "financial_statuses", "tax_mappings", "order_rules"):
            self.assertEqual(second[part], first[part], part)
        self.assertEqual(second["field_owners"], first["field_owners"])
        self.assertIn("ADS_FEE", [row["transaction_type"] for row in first["payout_accounts"]])
        self.assertEqual(second["payout_accounts"], first["payout_accounts"])
        self.assertEqual(second["schedules"], first["schedules"])
        again = self.wizard(text, without_missing=True)
        again.action_preview()
        self.assertFalse(set(again.line_ids.mapped("effect")) & {"new", "set"}, "a second import changes nothing")

    def test_the_preview_writes_nothing(self):
        before = self.text(self.other)
        wizard = self.wizard(self.text())
        wizard.action_preview()
        self.assertIn("set", wizard.line_ids.mapped("effect"))
        self.assertIn("new", wizard.line_ids.mapped("effect"))
        self.assertEqual(self.text(self.other), before)

    def test_what_is_not_found_is_named_and_nothing_is_half_written(self):
        unknown = {"ref": "stock.warehouse", "key": {"code": "NOPE"}}
        text = self.changed(warehouse_id=unknown, order_prefix="XX-")
        before = self.text(self.other)
        wizard = self.wizard(text)
        wizard.action_import()
        self.assertFalse(wizard.done)
        missing = wizard.line_ids.filtered(lambda line: line.effect == "missing" and line.section == "settings")
        self.assertEqual(missing.name, "Warehouse")
        self.assertIn("NOPE", missing.text)
        self.assertEqual(self.text(self.other), before)
        wizard.without_missing = True
        wizard.action_import()
        self.assertEqual(self.other.order_prefix, "XX-")
        self.assertTrue(self.other.warehouse_id)

    def test_locations_are_matched_by_name_and_those_that_are_not_there_are_named(self):
        wizard = self.wizard(self.text())
        wizard.action_preview()
        lines = wizard.line_ids.filtered(lambda line: line.section == "locations")
        self.assertEqual(set(lines.mapped("effect")), {"missing"})
        self.assertIn("Import Locations", lines[0].text)

    def test_a_refused_value_is_listed_with_its_reason(self):
        wizard = self.wizard(self.changed(queue_size_order=9999))
        wizard.action_preview()
        lines = wizard.line_ids.filtered(lambda line: line.effect == "missing" and "250" in (line.text or ""))
        self.assertEqual(lines.name, "Orders per Queue")

    def test_no_secret_is_in_the_file(self):
        self.instance.write({"client_id": "my-client", "client_secret": "shpss_secret"})
        text = self.text()
        for secret in ("shpat_", "shpss_secret", "my-client", self.instance.webhook_token):
            self.assertNotIn(secret, text)

    def test_files_that_are_none_are_refused_in_words(self):
        for text, words in (
            ("hello", "no JSON"),
            ("{}", "not a configuration file"),
            (json.dumps({**json.loads(self.text()), "version": 99}), "newer version"),
            (b"\xff\xfe\x00", "no text"),
        ):
            with self.subTest(words=words), self.assertRaisesRegex(UserError, words):
                self.wizard(text).action_preview()

    def test_the_file_is_for_managers(self):
        with self.assertRaises(AccessError):
            self.text(user=self.roles["User"])
