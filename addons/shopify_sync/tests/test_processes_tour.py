"""Operations, queues, errors and risky orders in a browser, as a User and as a Manager reads them."""

from odoo.tests import tagged

from .browser_case import BrowserCase
from .test_views import ScreenCase


@tagged("post_install", "-at_install")
class TestProcessesInTheBrowser(ScreenCase, BrowserCase):
    def test_each_role_previews_an_import_and_runs_it(self):
        for role, user in self.roles.items():
            order = self.place()
            self.tour("shopify_operation", user)
            self.assertEqual(self.queue_line(order).state, "draft", role)
            self.process()
            self.assertTrue(self.sale_order(order), role)

    def test_a_user_reads_why_an_order_fails_and_is_offered_nothing_that_he_may_not_do(self):
        self.import_one_of_each()
        self.tour("shopify_failure_user", self.roles["User"])

    def test_the_counters_stand_above_the_list_beside_the_stores(self):
        self.import_one_of_each()
        self.instance.create({"name": "Second", "shop_domain": "second.myshopify.com"})
        self.tour("shopify_counters_of_two_stores", self.roles["User"])

    def test_a_manager_mends_the_cause_and_the_order_goes_on(self):
        self.import_one_of_each()
        self.tour("shopify_failure_manager", self.roles["Manager"])
        self.process()
        self.assertEqual(self.queue_line(self.failed).state, "done")
        self.assertFalse(self.logs(cause="no_workflow").filtered(lambda log: not log.resolved))

    def test_a_user_confirms_a_risky_order(self):
        self.import_one_of_each()
        self.tour("shopify_risky_order", self.roles["User"])
        self.assertEqual(self.sale_order(self.risky).state, "sale")
