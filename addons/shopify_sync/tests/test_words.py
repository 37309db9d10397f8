"""Names and notes of operations, queues, jobs and permissions are read in the user's language."""

from unittest.mock import patch

from odoo.addons.shopify_sync import shopify_api
from odoo.addons.shopify_sync.models.operations import KINDS, OPERATIONS
from odoo.addons.shopify_sync.models.scope_texts import FUNCTION_NAMES, WHY
from odoo.addons.shopify_sync.models.shopify_instance_schedules import LANE_LABELS
from odoo.tests import tagged
from odoo.tools.translate import code_translations

from .common import ShopifyCase

GERMAN = {
    "Import unshipped orders": "Offene Bestellungen holen",
    "Import orders": "Bestellungen holen",
    "Unshipped orders": "Offene Bestellungen",
    "to send stock from Odoo": "um Bestand aus Odoo zu senden",
    "Send stock": "Bestand senden",
}


@tagged("post_install", "-at_install")
class TestWords(ShopifyCase):
    def setUp(self):
        super().setUp()
        self.env["res.lang"]._activate_lang("de_DE")
        words = {("shopify_sync", "de_DE"): {**GERMAN, OPERATIONS["location"].note._source: "Liest die Orte."}}
        self.enterContext(patch.dict(code_translations.python_translations, words))
        self.german = self.env(context={"lang": "de_DE"})

    def choices(self, model, field):
        return dict(self.german[model].fields_get([field])[field]["selection"])

    def test_operations_and_queues_have_their_name_in_the_language_of_the_user(self):
        for model in ("shopify.operation", "shopify.run", "shopify.feed"):
            with self.subTest(model):
                self.assertEqual(self.choices(model, "operation")["order_unshipped"], GERMAN["Import unshipped orders"])
        for model in ("shopify.queue", "shopify.queue.line"):
            self.assertEqual(self.choices(model, "kind")["order_unshipped"], GERMAN["Unshipped orders"])
        wizard = self.german["shopify.operation"].new({"operation": "location"})
        self.assertEqual(wizard.note, "Liest die Orte.")

    def test_permissions_are_named_in_the_language_of_whoever_looks(self):
        scope = self.instance.scope_ids.filtered(lambda row: row.function == "orders")
        self.assertEqual(scope.name, "Import orders")
        self.assertEqual(scope.with_env(self.german).name, GERMAN["Import orders"])
        help_text = self.german["shopify.new.store"].new({}).scope_help
        self.assertIn(GERMAN["to send stock from Odoo"], help_text)
        self.assertIn(GERMAN["Import orders"], help_text)

    def test_jobs_have_their_name_in_the_language_of_whoever_connects_the_store(self):
        store = self.german["shopify.instance"].create({"name": "Berlin", "shop_domain": "berlin.myshopify.com"})
        self.assertIn(GERMAN["Send stock"], store._schedule("process_stock").name)

    def test_everything_has_words(self):
        keys = {function.key for function in shopify_api.scopes.FUNCTIONS}
        self.assertEqual(keys, set(FUNCTION_NAMES))
        needs = {need.scope for need in shopify_api.scopes.to_set_up()}
        self.assertLessEqual(needs, set(WHY))
        for text in (*LANE_LABELS.values(), *(label for label, _sequence in KINDS.values())):
            self.assertTrue(self.env._(text))
