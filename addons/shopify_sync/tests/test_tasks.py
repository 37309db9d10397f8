"""A person's task goes to somebody who can do it, once."""

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_shipments import ShipmentCase

HANDLER = "odoo.addons.shopify_sync.models.runner_out"


@tagged("post_install", "-at_install")
class TestTasks(ShipmentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson = cls.make_user("sells", "shopify_sync.group_user")
        cls.chosen = cls.make_user("is_chosen", "shopify_sync.group_user")

    @mute_logger(HANDLER)
    def failed(self):
        """A delivery that Shopify refuses."""
        scopes = self.sim.access.scopes
        for scope in ("write_merchant_managed_fulfillment_orders", "write_third_party_fulfillment_orders"):
            if scope in scopes:
                scopes.remove(scope)
        order = self.place()
        self.import_orders(order)
        picking = self.ship(self.sale_order(order))
        self.send()
        self.assertEqual(picking.shopify_send_state, "failed")
        return picking

    def asked(self, picking):
        return picking.activity_ids.user_id

    def test_a_task_goes_to_the_orders_salesperson(self):
        self.instance.write({"user_id": self.salesperson.id, "activity_user_ids": [(6, 0, self.chosen.ids)]})
        self.assertEqual(self.asked(self.failed()), self.salesperson)

    def test_without_a_salesperson_a_task_goes_to_the_users_chosen_for_alerts(self):
        self.instance.alert_user_ids = self.chosen
        self.assertEqual(self.asked(self.failed()), self.chosen)
        self.instance.activity_user_ids = self.user
        self.assertEqual(self.asked(self.failed()), self.user)

    def test_a_salesperson_who_left_is_not_asked(self):
        self.instance.write({"user_id": self.salesperson.id, "activity_user_ids": [(6, 0, self.chosen.ids)]})
        self.salesperson.active = False
        self.assertEqual(self.asked(self.failed()), self.chosen)

    def test_nobody_is_asked_about_a_delivery_that_he_may_not_see(self):
        self.instance.activity_user_ids = self.make_user("sees_nothing", "base.group_user")
        asked = self.asked(self.failed())
        self.assertTrue(asked.active)
        self.assertTrue(asked.has_group("shopify_sync.group_manager"))

    def test_no_task_goes_to_odoobot_or_to_nobody(self):
        self.instance.job_user_id = self.env.ref("base.user_root")
        self.assertEqual(self.instance.create_uid, self.env.ref("base.user_root"))
        asked = self.asked(self.failed())
        self.assertTrue(asked.active)
        self.assertTrue(asked.has_group("shopify_sync.group_manager"))
        self.assertIn(self.instance.company_id, asked.company_ids)
        self.assertNotEqual(asked, self.env.ref("base.user_root"))

    def cancelled_while_shipped(self, *steps):
        self.instance.activity_user_ids = self.chosen
        order, _sale_order, picking = self.bring_and_ship()
        self.sim.store.cancel(order)
        for step in steps:
            step(order)
        activity = picking.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, self.chosen)
        return activity

    def test_an_order_cancelled_while_shipped_asks_once_whoever_sees_it_first(self):
        sent = self.cancelled_while_shipped(lambda _order: self.send(), self.import_orders)
        self.assertIn("Stop the parcel", sent.note, "the newer text holds")
        self.cancelled_while_shipped(self.import_orders, lambda _order: self.send())

    def test_a_task_that_is_asked_again_is_renewed_and_not_doubled(self):
        self.instance.activity_user_ids = self.chosen
        picking = self.failed()
        before = picking.activity_ids
        picking._shopify_mark_failed("Another reason")
        self.assertEqual(picking.activity_ids, before)
        self.assertIn("Another reason", before.note)

    def test_a_task_of_somebody_who_left_is_given_to_another_when_it_is_asked_again(self):
        self.instance.activity_user_ids = self.chosen
        picking = self.failed()
        picking.activity_ids.user_id = self.env.ref("base.user_root")
        picking._shopify_mark_failed("Still")
        self.assertEqual(self.asked(picking), self.chosen)
