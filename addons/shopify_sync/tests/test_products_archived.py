"""Products that are archived in Odoo while Shopify goes on selling them: said in three places, changed by nobody."""

from odoo.tests import tagged

from .common_products_out import UpdateCase


@tagged("post_install", "-at_install")
class TestArchived(UpdateCase):
    def setUp(self):
        super().setUp()
        self.publish("action_publish_web")
        self.sim.requests.clear()

    def publish(self, name):
        with self.own_cursor(self.user) as env:
            getattr(self.hat.with_env(env), name)()
        self.send()

    def finding(self):
        found = self.env["shopify.store.checker"]._findings(self.instance)
        return next((one for one in found if one["code"] == "archived_sold"), None)

    def found(self):
        return self.env["shopify.product"].search([("sold_archived", "=", True)])

    def test_a_product_archived_in_odoo_that_shopify_sells_is_told_on_its_form_and_when_it_is_sent(self):
        self.assertFalse(self.hat.sold_archived or self.open_dialog(self.hat, "update").archived_text)
        self.hat.product_tmpl_id.active = False
        self.assertTrue(self.hat.sold_archived)
        self.assertEqual(self.hat.sold_archived_text, "Rain Hat")
        self.assertIn("Rain Hat", self.open_dialog(self.hat, "update").archived_text)
        self.update(self.hat)
        self.assertEqual((self.made.status, self.channels(self.hat)), ("ACTIVE", ["online_store"]), "nothing by itself")

    def test_a_variant_archived_in_odoo_is_told_by_its_name(self):
        self.small.product_id.active = False
        self.assertEqual(self.hat.sold_archived_text, self.small.product_id.display_name)
        self.assertEqual(self.found(), self.hat)

    def test_the_store_check_finds_products_archived_in_odoo_and_opens_them(self):
        self.assertIsNone(self.finding())
        self.assertFalse(self.found())
        self.hat.product_tmpl_id.active = False
        finding = self.finding()
        self.assertEqual(finding["count"], 1)
        self.assertIn("Rain Hat", finding["detail"])
        self.assertEqual(self.env["shopify.product"].search(finding["fix"]["domain"]), self.hat)
        not_one = self.env["shopify.product"].search([("sold_archived", "=", False)])
        self.assertNotIn(self.hat, not_one)

    def test_what_is_not_sold_any_more_is_not_told(self):
        self.hat.product_tmpl_id.active = False
        self.publish("action_unpublish")
        self.assertFalse(self.hat.sold_archived or self.found() or self.finding())
        unlinked = self.env["shopify.product"].create(
            {"instance_id": self.instance.id, "shopify_id": "55", "title": "Unlinked"}
        )
        self.assertFalse(unlinked.sold_archived or self.found())
