"""The template of the texts to translate is what the addon says now."""

import io
from pathlib import Path

from odoo.modules import get_module_path
from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import trans_export

from devenv import catalogues


@tagged("post_install", "-at_install")
class TestTranslations(TransactionCase):
    addons = ("shopify_sync", "shopify_sync_mrp", "shopify_sync_spreadsheet_dashboard")

    def test_no_text_is_missing_in_the_template_and_none_is_left_over(self):
        installed = self.env["ir.module.module"].search([("name", "in", self.addons), ("state", "=", "installed")])
        self.assertIn("shopify_sync", installed.mapped("name"))
        for addon in installed.mapped("name"):
            exported = io.BytesIO()
            trans_export(None, [addon], exported, "po", self.env)
            now = {entry.msgid for entry in catalogues.template(exported.getvalue().decode())}
            kept = {entry.msgid for entry in catalogues.read(Path(get_module_path(addon), "i18n", f"{addon}.pot"))}
            with self.subTest(addon):
                self.assertEqual(now ^ kept, set(), "Run ./dev translations, then translate what it names")

    def test_a_user_reads_the_app_in_german_and_in_french(self):
        menu = self.env.ref("shopify_sync.menu_operations")
        field = self.env["shopify.instance"]._fields["shop_domain"]
        for language in ("de_DE", "fr_FR"):
            self.env["res.lang"]._activate_lang(language)
            self.env["ir.module.module"]._load_module_terms(list(self.addons), [language])
            with self.subTest(language):
                self.assertNotEqual(menu.with_context(lang=language).name, menu.with_context(lang="en_US").name)
                label = field.get_description(self.env(context={"lang": language}), ["string"])["string"]
                self.assertNotEqual(label, field.string)
