"""What is subscribed at Shopify is what the store's switches say."""

from datetime import timedelta
from unittest.mock import patch

import requests
from odoo import fields
from odoo.addons.shopify_sync.models import shopify_instance_webhook
from odoo.addons.shopify_sync.shopify_api.webhooks import TOPICS
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .webhook_case import WebhookCase

#: What the switch of orders asks for.
WANTED = {topic.enum for topic in TOPICS.values() if topic.group in ("orders", "always")}


@tagged("post_install", "-at_install")
class TestWebhookSubscriptions(WebhookCase):
    def subscribed(self):
        return {one.topic: one.uri for one in self.sim.webhooks.subscriptions.values()}

    def check(self):
        with self.own_cursor() as env:
            return self.instance.with_env(env).action_check_webhooks()["params"]

    def by_topic(self, enum):
        return next(one for one in self.sim.webhooks.subscriptions.values() if one.topic == enum)

    def test_the_switch_of_products_adds_their_topics_and_takes_them_away_again(self):
        self.instance.webhook_order = True
        self.check()
        with self.own_cursor() as env:
            self.instance.with_env(env).action_switch_product_webhooks()
        of_products = {topic.enum for topic in TOPICS.values() if topic.group == "products"}
        self.assertEqual(set(self.subscribed()), WANTED | of_products)
        with self.own_cursor() as env:
            self.instance.with_env(env).action_switch_product_webhooks()
        self.assertEqual(set(self.subscribed()), WANTED)

    def test_the_switch_subscribes_every_topic_of_orders_and_of_the_app(self):
        told = self.switch_on()
        self.assertEqual(told["type"], "success")
        self.assertEqual(self.subscribed(), dict.fromkeys(WANTED, self.address))
        self.assertEqual(set(self.instance.webhook_ids.mapped("state")), {"active"})
        self.assertEqual(self.instance.webhook_count, len(WANTED))
        self.assertEqual(self.by_topic("ORDERS_UPDATED").include_fields, ["id", "updated_at"])

    def test_switching_off_removes_them(self):
        self.switch_on()
        self.switch_on()
        self.assertFalse(self.instance.webhook_order)
        self.assertEqual(self.subscribed(), {})
        self.assertFalse(self.instance.webhook_ids)

    def test_a_second_check_changes_nothing(self):
        self.switch_on()
        before = dict(self.sim.webhooks.subscriptions)
        self.sim.requests.clear()
        self.check()
        self.assertEqual(dict(self.sim.webhooks.subscriptions), before)
        self.assertEqual([request.operation for request in self.sim.requests], ["WebhookSubscriptions"])

    def test_one_that_vanished_at_shopify_is_made_again_and_told(self):
        self.switch_on()
        gone = self.by_topic("ORDERS_CREATE")
        self.sim.webhooks.subscriptions.pop(gone.id)
        told = self.check()
        self.assertIn("orders/create", told["message"])
        self.assertEqual(set(self.subscribed()), WANTED)
        self.assertIn("orders/create", self.logs(cause="webhook_repaired").detail)

    def test_one_that_leads_elsewhere_is_moved(self):
        self.switch_on()
        self.instance.webhook_base_url = self.base_url().replace("127.0.0.1", "localhost")
        self.check()
        self.assertEqual(set(self.subscribed().values()), {self.address})
        self.assertIn("localhost", self.address)
        self.assertEqual(len(self.sim.webhooks.subscriptions), len(WANTED))

    def test_leftovers_of_this_connector_are_removed_and_those_of_others_left_alone(self):
        hooks = self.sim.webhooks
        hooks.subscribe("ORDERS_CREATE", f"{self.base_url()}/shopify/webhook/old_database/old-token")
        hooks.subscribe("PRODUCTS_UPDATE", self.address)
        hooks.subscribe("ORDERS_CREATE", "https://other.example.com/shopify/webhook/production/token")
        hooks.subscribe("ORDERS_CREATE", f"{self.base_url()}/another/tool")
        told = self.switch_on()
        self.assertIn("2 of this app lead to other addresses", told["message"])
        others = sorted(one.uri for one in hooks.subscriptions.values() if one.uri != self.address)
        self.assertEqual(
            others,
            [f"{self.base_url()}/another/tool", "https://other.example.com/shopify/webhook/production/token"],
        )
        self.assertNotIn("PRODUCTS_UPDATE", self.subscribed())

    def test_a_topic_that_shopify_refuses_is_named_and_the_others_work(self):
        scopes = self.sim.access.scopes
        self.addCleanup(setattr, self.sim.access, "scopes", scopes)
        self.sim.access.scopes = [scope for scope in scopes if "fulfillments" not in scope]
        self.switch_on()
        rows = self.instance.webhook_ids
        refused = rows.filtered(lambda row: row.state == "missing")
        self.assertEqual(set(refused.mapped("topic")), {"fulfillments/create", "fulfillments/update"})
        self.assertIn("read_fulfillments", refused[0].message)
        self.assertEqual(set((rows - refused).mapped("state")), {"active"})
        self.assertTrue(self.logs(cause="webhook_refused"))
        self.sim.access.scopes = scopes
        self.check()
        self.assertEqual(set(rows.mapped("state")), {"active"})
        self.assertFalse(self.logs(cause="webhook_refused", resolved=False))

    def test_a_single_topic_can_be_switched_off_and_all_back_on(self):
        self.switch_on()
        row = self.instance.webhook_ids.filtered(lambda one: one.topic == "orders/edited")
        row.enabled = False
        self.check()
        self.assertNotIn("ORDERS_EDITED", self.subscribed())
        self.assertEqual(row.state, "off")
        with self.own_cursor() as env:
            self.instance.with_env(env).action_recreate_webhooks()
        self.assertEqual(set(self.subscribed()), WANTED)

    def test_an_address_that_shopify_cannot_reach_is_refused_with_the_reason(self):
        store = self.env["shopify.instance"].create(
            {"name": "Real", "shop_domain": "real-shop.myshopify.com", "client_secret": "secret"}
        )
        for base, said in (
            ("http://erp.example.com", "https"),
            ("https://192.168.0.7", "own network"),
            ("http://127.0.0.1:8069", "own network"),
            ("erp.example.com", "no web address"),
        ):
            store.webhook_base_url = base
            with self.subTest(base=base), self.assertRaisesRegex(UserError, said), self.env.cr.savepoint():
                store.webhook_order = True
        store.webhook_base_url = "https://erp.example.com/"
        store.webhook_order = True
        self.assertTrue(store.webhook_address.startswith("https://erp.example.com/shopify/webhook/"))

    def test_a_store_without_a_signing_secret_cannot_switch_webhooks_on(self):
        self.instance.webhook_secret = False
        with self.assertRaisesRegex(UserError, "signing secret"):
            self.instance.webhook_order = True

    def test_an_answer_lost_after_shopify_did_the_work_makes_no_second_subscription(self):
        self.sim.faults.add("lost", "WebhookSubscriptionCreate")
        told = self.switch_on()
        self.assertEqual(told["type"], "danger")
        run = self.env["shopify.run"].search([("operation", "=", "webhook_check")], limit=1)
        self.assertEqual(run.state, "running")
        run.next_attempt_at = False
        self.env.flush_all()
        self.env["shopify.run.starter"]._advance(self.instance._for_jobs(), run.id)
        self.env.invalidate_all()
        self.assertEqual(run.state, "done")
        self.assertEqual(len(self.sim.webhooks.subscriptions), len(WANTED))
        self.assertEqual(set(self.instance.webhook_ids.mapped("state")), {"active"})

    # The daily job

    def daily(self):
        with self.own_cursor(self.env.ref("base.user_root")) as env:
            env["shopify.instance"]._cron_check_webhooks()

    def test_the_daily_job_brings_back_what_vanished(self):
        self.switch_on()
        self.sim.webhooks.subscriptions.clear()
        self.daily()
        self.assertEqual(set(self.subscribed()), WANTED)

    def test_archiving_removes_the_subscriptions_and_activating_brings_them_back(self):
        self.switch_on()
        cron = self.env.ref("shopify_sync.cron_check_webhooks")
        self.instance.active = False
        self.assertTrue(self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]))
        self.daily()
        self.assertEqual(self.subscribed(), {})
        self.instance.active = True
        self.daily()
        self.assertEqual(set(self.subscribed()), WANTED)

    def test_removal_at_archiving_is_tried_for_a_day_when_shopify_cannot_be_reached(self):
        self.switch_on()
        self.instance.active = False
        self.sim.faults.add("status", "WebhookSubscriptions", times=None)
        self.daily()
        self.assertEqual(len(self.subscribed()), len(WANTED))
        cron = self.env.ref("shopify_sync.cron_check_webhooks")
        soon = fields.Datetime.now() + timedelta(minutes=50)
        self.assertTrue(self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id), ("call_at", ">", soon)]))
        self.sim.faults.clear()
        self.instance.webhook_remove_until = fields.Datetime.now() - timedelta(minutes=1)
        self.env["shopify.run"].search([("state", "=", "running")]).action_cancel()
        self.daily()
        self.assertEqual(len(self.subscribed()), len(WANTED), "after a day it is given up")

    # Self-test

    def self_test(self):
        self.env.flush_all()
        # the delivery comes in by another thread, which needs the test's cursor while the button waits
        with patch.object(self.cr, "commit"), self.allow_requests(all_requests=True):
            return self.instance.action_test_webhook()["params"]

    def test_the_self_test_sends_a_signed_delivery_over_http_and_says_that_it_arrived(self):
        told = self.self_test()
        self.assertEqual(told["type"], "success", told["message"])
        self.assertIn("signature was right", told["message"])
        self.assertEqual(self.events().mapped("reason"), ["self_test"])

    def test_the_self_test_says_what_is_wrong(self):
        def answer(status, **headers):
            made = requests.Response()
            made.status_code = status
            made.headers.update(headers)
            return made

        post = patch.object(shopify_instance_webhook.requests, "post")
        for outcome, said in (
            (answer(404), "server_wide_modules"),
            (answer(401), "alters"),
            (answer(301, Location="https://www.example.com/x"), "https://www.example.com/x"),
            (answer(200), "Something else"),
            (answer(502), "502"),
            (requests.ConnectTimeout(), "5 seconds"),
            (requests.exceptions.SSLError(), "certificate"),
            (requests.ConnectionError(), "could not be reached"),
        ):
            effect = {"side_effect": outcome} if isinstance(outcome, Exception) else {"return_value": outcome}
            with self.subTest(said=said), post as mock:
                mock.configure_mock(**effect)
                told = self.self_test()
                self.assertEqual(told["type"], "danger")
                self.assertIn(said, told["message"])
                self.assertIs(mock.call_args.kwargs["allow_redirects"], False, "Shopify follows none")

    # Who may

    def test_a_user_sees_events_without_bodies_and_cannot_change_them(self):
        self.post("orders/updated", {"id": 5})
        user = self.make_user("reader", "shopify_sync.group_user")
        event = self.events().with_user(user)
        self.assertEqual(event.shopify_id, "5")
        self.assertFalse(event.has_access("write"))
        self.assertFalse(event.has_access("unlink"))
        with self.assertRaises(AccessError):
            event.read(["body"])
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            self.instance.with_user(user).action_test_webhook()
        with self.assertRaises(AccessError):
            self.instance.with_user(user).read(["webhook_secret"])

    def test_events_and_subscriptions_of_another_company_are_hidden(self):
        self.switch_on()
        self.post()
        other = self.env["res.company"].create({"name": "Other company"})
        user = self.make_user("elsewhere", "shopify_sync.group_manager")
        user.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        for model in ("shopify.webhook", "shopify.webhook.event"):
            self.assertFalse(self.env[model].with_user(user).search([]), model)

    def test_old_events_are_removed_and_failed_ones_stay(self):
        for _number in range(3):
            self.post()
        kept, gone, failed = self.events()
        (gone + kept).state = "processed"
        failed.state = "failed"
        (gone + failed).received_at = fields.Datetime.now() - timedelta(days=31)
        self.env["shopify.webhook.event"]._gc_events()
        self.assertEqual(self.events(), kept + failed)
