"""Errors by cause: how many records each holds back, one button that mends, one that retries all."""

from unittest.mock import patch

from odoo.addons.shopify_sync.mapping import FINANCIAL_STATUSES
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_queues import QueueCase


@tagged("post_install", "-at_install")
class TestCauses(QueueCase):
    def causes(self, **values):
        self.env.flush_all()
        self.env.invalidate_all()
        domain = [("instance_id", "=", self.instance.id), *((key, "=", value) for key, value in values.items())]
        return self.env["shopify.cause"].with_user(self.user).search(domain)

    def fail(self, count=2, gateway="unheard-of"):  # pylint: disable=method-required-super
        orders = [self.place(gateway=gateway) for _number in range(count)]
        self.import_orders(*orders)
        return orders

    def test_equal_failures_are_one_cause_with_the_number_of_records_held_back(self):
        self.fail(2)
        self.fail(1, gateway="another-one")
        found = self.causes()
        self.assertEqual(sorted(found.mapped("held_count")), [1, 2])
        self.assertEqual(found[0].held_count, 2)  # what holds back most comes first

    def test_fix_opens_the_place_for_all_of_them(self):
        self.fail(2)
        action = self.causes().action_fix()
        self.assertEqual(action["res_model"], self.causes().log_line_id.action_fix()["res_model"])

    def test_a_failed_line_leads_to_the_place_where_it_is_mended(self):
        line = self.queue_line(self.fail(1)[0])
        self.assertTrue(line.can_fix)
        self.assertEqual(line.action_fix(), line.log_line_ids.action_fix())
        self.assertFalse(line.with_user(self.user).can_fix, "a user may not write what is the manager's")
        line.log_line_ids.action_mark_solved()
        self.assertFalse(line.can_fix)
        with self.assertRaisesRegex(UserError, "no place to mend"):
            line.action_fix()

    def fail_on_skus(self, skus):
        """Orders of SKUs that no product has."""
        for product, sku in zip(self.products, self.skus, strict=False):
            product.default_code = f"GONE-{sku}"
        orders = [self.place(lines=[(sku, 1)]) for sku in skus]
        self.import_orders(*orders)
        return orders

    def test_many_unknown_skus_are_one_cause_that_opens_what_is_missing(self):
        orders = self.fail_on_skus([*self.skus[:4], self.skus[0]])
        cause = self.causes(fix_action="product")
        self.assertEqual((len(cause), cause.held_count, cause.sku_count), (1, 5, 4))
        self.assertIn(self.skus[0], cause.message)
        self.assertIn("4 SKUs", cause.message)
        action = cause.action_fix()
        self.assertEqual((action["res_model"], action["context"]["group_by"]), ("shopify.log.line", ["sku"]))
        self.assertEqual(len(self.env["shopify.log.line"].search(action["domain"])), 5)
        with patch.object(type(self.env["shopify.queue.line"]), "_wake", lambda *args, **kwargs: 0):
            for product in self.products:
                product.default_code = product.default_code.removeprefix("GONE-")
        self.by_hand(cause, "action_retry")
        self.assertTrue(all(self.sale_order(order) for order in orders))

    def test_few_unknown_skus_are_a_cause_each_with_its_direct_fix(self):
        self.fail_on_skus([self.skus[0], self.skus[0], self.skus[1]])
        causes = self.causes(fix_action="product")
        self.assertEqual(causes.mapped("held_count"), [2, 1])
        self.assertEqual(causes[0].action_fix()["res_model"], "product.product")
        self.assertEqual(causes[0].action_fix()["context"]["default_default_code"], self.skus[0])

    def test_retry_all_tries_every_record_of_the_cause_and_no_other(self):
        orders = self.fail(2)
        others = self.fail(1, gateway="another-one")
        cause = self.causes().filtered(lambda one: one.held_count == 2)
        # mended without waking the lines
        with patch.object(type(self.env["shopify.queue.line"]), "_wake", lambda *args, **kwargs: 0):
            self.env["shopify.financial.status"]._find_combinations(
                self.instance, [("unheard-of", status) for status in FINANCIAL_STATUSES]
            )
        self.by_hand(cause, "action_retry")
        for order in orders:
            self.assert_paid_to_the_cent(self.sale_order(order), self.shopify_total(order))
        self.assertEqual(self.queue_line(others[0]).state, "failed")

    def test_a_cause_goes_when_its_records_are_solved(self):
        self.fail(1)
        self.causes().log_line_id.with_user(self.user).action_mark_solved()
        self.assertFalse(self.causes())

    def test_a_queue_shows_its_causes_with_its_own_share(self):
        self.instance.queue_size_order = 2
        orders = self.fail(3)
        queue = self.queue_line(orders[0]).queue_id.with_user(self.user)
        self.assertEqual(len(queue.line_ids), 2)
        wanted = {"cause_ids": {"fields": {"here_count": {}, "held_count": {}}}}
        (cause,) = queue.web_read(wanted)[0]["cause_ids"]  # as the web client opens it
        self.assertEqual((cause["here_count"], cause["held_count"]), (2, 3))

    def test_the_list_costs_as_many_queries_for_many_errors_as_for_few(self):
        def opened():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.causes().read(["message", "held_count", "record_count", "can_fix"])
            return self.env.cr.sql_log_count - before

        self.fail(1)
        opened()
        few = opened()
        self.fail(4)
        self.assertLessEqual(opened(), few)

    def test_a_person_without_the_role_sees_no_cause(self):
        stranger = self.make_user("cause_stranger", "base.group_user")
        with self.assertRaises(AccessError):
            self.env["shopify.cause"].with_user(stranger).search([])
