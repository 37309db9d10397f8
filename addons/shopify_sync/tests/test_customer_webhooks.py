"""Deliveries about customers: changed ones are read again, deleted and merged ones settle their links."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_customers import ADA, CustomerCase
from .webhook_case import WebhookCase


@tagged("post_install", "-at_install")
class TestCustomerWebhooks(CustomerCase, WebhookCase):
    def setUp(self):
        super().setUp()
        with self.own_cursor() as env:
            self.instance.with_env(env).action_switch_customer_webhooks()
        self.sim.webhooks._pending.clear()

    def deliver_and_work(self):
        self.deliver()
        self.process_events()
        return self.work()

    def test_the_switch_subscribes_the_topics_of_customers_alone(self):
        topics = {one.topic for one in self.sim.webhooks.subscriptions.values()}
        self.assertLessEqual({"CUSTOMERS_CREATE", "CUSTOMERS_UPDATE", "CUSTOMERS_DELETE", "CUSTOMERS_MERGE"}, topics)
        self.assertNotIn("ORDERS_CREATE", topics)
        self.assertIn("APP_UNINSTALLED", topics)
        with self.own_cursor() as env:
            self.instance.with_env(env).action_switch_customer_webhooks()
        self.assertFalse(self.sim.webhooks.subscriptions)

    def test_a_user_cannot_switch(self):
        with self.assertRaises(AccessError):
            self.instance.with_user(self.user).action_switch_customer_webhooks()

    def test_without_the_permission_for_merges_the_other_topics_work_and_it_is_named(self):
        self.sim.webhooks.subscriptions.clear()
        self.sim.access.scopes.remove("read_customer_merge")
        with self.own_cursor() as env:
            notice = self.instance.with_env(env).action_check_webhooks()["params"]
        self.assertIn("read_customer_merge", notice["message"])
        self.assertIn("CUSTOMERS_UPDATE", {one.topic for one in self.sim.webhooks.subscriptions.values()})

    def test_a_customer_made_in_shopify_becomes_a_contact(self):
        customer = self.add()
        self.deliver_and_work()
        self.assertEqual(self.contact(customer).name, "Ada Lovelace")
        self.assertEqual(self.line(customer).queue_id.source, "webhook")
        event = self.events(("topic", "=", "customers/create"))
        self.assertEqual((event.state, event.queue_line_id), ("processed", self.line(customer)))

    def test_a_change_reaches_the_contact_and_many_are_one_request(self):
        customers = [self.add(email=f"c{one}@example.com", phone=None) for one in range(5)]
        self.deliver_and_work()
        for customer in customers:
            self.change(customer, last_name="King")
        self.sim.requests.clear()
        self.deliver_and_work()
        self.assertEqual(self.asked("CustomersByIds"), 1)
        self.assertEqual({self.contact(one).name for one in customers}, {"Ada King"})

    def test_a_delivery_that_comes_twice_changes_nothing(self):
        customer = self.add()
        self.sim.webhooks.fault("twice", topic="customers/update")
        self.change(customer, last_name="King")
        self.deliver_and_work()
        self.assertEqual(len(self.link(customer)), 1)
        self.assertEqual(self.env["shopify.queue.line"].search_count([("shopify_id", "=", str(customer.id))]), 1)

    def test_a_deleted_customer_keeps_his_contact_and_loses_his_link(self):
        customer = self.add()
        self.deliver_and_work()
        partner = self.contact(customer)
        self.sim.store.delete_customer(customer)
        self.deliver_and_work()
        self.assertTrue(partner.active)
        self.assertFalse(self.link(customer).active)
        self.assertIn("archived", self.events(("topic", "=", "customers/delete")).message)

    def test_a_merge_points_the_link_that_survives_to_the_same_contact(self):
        gone = self.add()
        self.deliver_and_work()
        partner = self.contact(gone)
        kept = self.sim.store.people.add(**{**ADA, "email": "kept@example.com", "phone": None})
        self.assertEqual(self.sim.store.merge_customers(gone, kept), kept)
        self.deliver_and_work()
        self.assertEqual(self.contact(kept), partner)
        self.assertEqual((self.link(gone).active, self.link(gone).merged_into_ref), (False, str(kept.id)))
        self.assertEqual(self.bring(customer=kept).partner_id, partner)

    def test_a_merge_of_two_contacts_leaves_it_to_a_person(self):
        gone, kept = self.add(), self.add(first_name="A.", email="kept@example.com", phone=None)
        self.deliver_and_work()
        first, second = self.contact(gone), self.contact(kept)
        self.sim.store.merge_customers(gone, kept)
        self.deliver_and_work()
        self.assertEqual((self.contact(kept), self.contact(gone)), (second, first))
        log = self.logs(cause="customers_merged")
        self.assertEqual((log.severity, log.fix_context), ("warning", {"res_id": first.id}))

    def test_a_merge_that_failed_changes_nothing(self):
        gone = self.add()
        self.deliver_and_work()
        body = {
            "admin_graphql_api_customer_kept_id": "gid://shopify/Customer/1",
            "admin_graphql_api_customer_deleted_id": f"gid://shopify/Customer/{gone.id}",
            "status": "failed",
        }
        self.post("customers/merge", body)
        self.process_events()
        self.assertEqual(self.events()[-1].state, "ignored")
        self.assertTrue(self.link(gone).active)

    def test_a_delivery_that_names_nobody_fails_in_words(self):
        self.post("customers/update", {"updated_at": "2026-01-01T00:00:00Z"})
        self.process_events()
        event = self.events()[-1]
        self.assertEqual(event.state, "failed")
        self.assertIn("names no customer", event.message)

    def test_erasure_removes_the_data_of_customer_queues_too(self):
        self.sim.webhooks.compliance_uri = self.address
        customer = self.add()
        self.deliver_and_work()
        self.assertTrue(self.line(customer).payload)
        self.sim.webhooks.privacy("customers/redact", customer.id)
        self.deliver_and_work()
        line, link = self.line(customer), self.link(customer)
        self.assertFalse(line.payload or line.customer or line.email)
        self.assertFalse(link.email or link.seen_values or link.written_values)
        self.assertTrue(link)
