"""Why something failed is read in the language of whoever reads it, also what the parts without Odoo say."""

from unittest.mock import patch

from odoo.addons.shopify_sync import shopify_api
from odoo.addons.shopify_sync.mapping import Refusal
from odoo.addons.shopify_sync.models.spoken import spoken
from odoo.api import SUPERUSER_ID
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.translate import code_translations

from .common import ShopifyCase

REFUSED = (
    "Shopify does not accept the access token: it is wrong, has expired, or the app was uninstalled from the store. "
    "Enter new credentials with Reset credentials."
)
GERMAN = {
    REFUSED: "Shopify nimmt den Zugangsschlüssel nicht an.",
    "There is no Shopify store at %(host)s. Check the address of the store.": "Unter %(host)s gibt es keinen Shop.",
    "A store on this machine needs its port, for example %(host)s:8080.": "Der Port fehlt: %(host)s:8080.",
    "Shopify's data of the product are missing.": "Die Daten des Produkts fehlen.",
    "The stored data of order %(order)s are incomplete (%(fault)s). Use 'Get again' to read the order from Shopify "
    "anew.": "Die Daten von %(order)s sind unvollständig (%(fault)s).",
    "%(one)s or %(other)s": "%(one)s oder %(other)s",
    "(1 record), for example: %(message)s": "(1 Datensatz), zum Beispiel: %(message)s",
    "(%(count)s records), for example: %(message)s": "(%(count)s Datensätze), zum Beispiel: %(message)s",
}
OR = "%(one)s or %(other)s"


@tagged("post_install", "-at_install")
class TestSpoken(ShopifyCase):
    def setUp(self):
        super().setUp()
        self.german_lang = self.env["res.lang"]._activate_lang("de_DE")
        self.enterContext(patch.dict(code_translations.python_translations, {("shopify_sync", "de_DE"): GERMAN}))
        self.german = self.env(context={"lang": "de_DE"})

    def refused_by(self, env):
        """What a person who tests the connection reads, and what the store keeps."""
        # assertRaises would roll back what is noted about the problem
        try:
            self.instance.with_env(env).action_check_connection()
        except UserError as error:
            self.env.invalidate_all()
            return str(error), self.instance.problem
        return self.fail("Shopify did not refuse the sign-in")

    def test_a_german_user_reads_in_german_why_shopify_refuses_the_sign_in(self):
        self.instance.access_token = "shpat_of_an_app_that_is_gone"
        self.assertEqual(self.refused_by(self.german), (f"Test Shop: {GERMAN[REFUSED]}", GERMAN[REFUSED]))
        self.assertEqual(self.refused_by(self.env), (f"Test Shop: {REFUSED}", REFUSED))

    def test_an_error_of_the_connection_speaks_the_language_of_the_store_and_the_servers_log_english(self):
        self.instance.access_token = "shpat_of_an_app_that_is_gone"
        with self.assertRaises(shopify_api.SignInRefused) as refused:
            self.env["shopify.connection"]._execute(self.instance.with_env(self.german), "shop/Connection")
        self.assertEqual(refused.exception.message, GERMAN[REFUSED])
        self.assertEqual(str(refused.exception), REFUSED)

    def test_a_dialog_speaks_the_language_of_its_user_whatever_that_of_the_stores_jobs(self):
        self.instance.access_token = "shpat_of_an_app_that_is_gone"
        values = {"instance_id": self.instance.id, "operation": "order_unshipped"}
        with self.own_cursor() as env:
            wizard = env(context={"lang": "de_DE"})["shopify.operation"].create(values)
            with self.assertRaisesRegex(UserError, GERMAN[REFUSED]):
                wizard.action_preview()

    def test_a_german_user_reads_in_german_what_address_to_enter(self):
        with self.assertRaisesRegex(ValidationError, "Der Port fehlt: localhost:8080"):
            self.german["shopify.instance"].create({"name": "Berlin", "shop_domain": "localhost"})

    def test_a_job_without_a_user_still_writes_its_message(self):
        self.instance.access_token = "shpat_of_an_app_that_is_gone"
        nobody = self.instance.with_env(self.env(user=SUPERUSER_ID, context={}))
        self.assertIsNone(nobody.env.lang)
        with self.assertRaises(shopify_api.SignInRefused) as refused:
            nobody.env["shopify.connection"]._execute(nobody, "shop/Connection")
        self.assertEqual(refused.exception.message, REFUSED)
        with patch.object(type(nobody), "_for_jobs", lambda store: store.with_env(nobody.env)):
            run = self.run_operation(instance=nobody, user=SUPERUSER_ID)
        self.assertEqual((run.state, run.message), ("failed", REFUSED))
        self.assertEqual(self.logs(cause="SignInRefused").message, REFUSED)

    def test_a_job_writes_in_the_language_of_its_store_and_groups_by_cause(self):
        self.instance.access_token = "shpat_of_an_app_that_is_gone"
        self.instance.lang_id = self.german_lang
        self.instance._run_scheduled("order_unshipped")
        run = self.env["shopify.run"].search([("instance_id", "=", self.instance.id)], order="id desc", limit=1)
        self.assertEqual((run.state, run.message), ("failed", GERMAN[REFUSED]))
        self.assertEqual(self.logs(message=GERMAN[REFUSED], cause="SignInRefused").technical[:8], "Request ")

    def test_a_record_that_cannot_be_brought_says_so_in_the_language_of_the_store(self):
        order = self.place()
        self.run_operation("order_by_id", source="by_id", tokens=str(order.id))
        line = self.queue_line(order)
        line.payload = '{"name": "#7"}'
        self.instance.lang_id = self.german_lang
        self.process()
        self.assertRegex(line.message, r"^Die Daten von #7 sind unvollständig \(KeyError: .*\)\.$")
        self.assertEqual(self.logs(queue_line_id=line.id).cause, "unreadable")

    def test_words_within_words_are_translated_and_values_stay(self):
        words = shopify_api.Words(OR, {"one": shopify_api.Words(OR, {"one": "a%s", "other": "b"}), "other": "or"})
        self.assertEqual(spoken(self.german, words), "a%s oder b oder or")
        self.assertEqual(spoken(self.env(context={}), words), "a%s or b or or")
        refusal = Refusal("x", "Said by Odoo, 100%")
        self.assertEqual(spoken(self.german, refusal.words), "Said by Odoo, 100%")

    def test_a_translation_that_is_broken_gives_way_to_the_english_text(self):
        broken = {("shopify_sync", "de_DE"): {OR: "%(gone)s oder"}}
        with patch.dict(code_translations.python_translations, broken), mute_logger("odoo.tools.translate"):
            self.assertEqual(spoken(self.german, shopify_api.Words(OR, {"one": "a", "other": "b"})), "a or b")

    def test_a_cause_counts_its_records_in_words(self):
        orders = [self.place(), self.place()]
        self.run_operation("order_by_id", source="by_id", tokens=",".join(str(order.id) for order in orders))
        lines = self.queue_line(orders[0]) + self.queue_line(orders[1])
        lines.payload = '{"name": "#7"}'
        self.process()
        self.assertIn("(2 records), for example: The stored data of order #7", lines.queue_id.cause_links)
        lines[0]._set_cancelled("not wanted")
        lines.queue_id.invalidate_recordset()
        self.assertIn("(1 record), for example: The stored data of order #7", lines.queue_id.cause_links)
        lines.queue_id.invalidate_recordset()
        links = lines.queue_id.with_env(self.german).cause_links
        self.assertIn("(1 Datensatz), zum Beispiel: The stored data", links, "what was written stays as it was written")
