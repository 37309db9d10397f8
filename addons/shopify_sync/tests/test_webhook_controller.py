"""What comes to the webhook address is checked, stored once and answered at once."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.addons.shopify_sync.controllers import webhook as controller
from odoo.addons.shopify_sync.shopify_api import webhooks
from odoo.tests import tagged

from .webhook_case import SECRET, WebhookCase


@tagged("post_install", "-at_install")
class TestWebhookController(WebhookCase):
    def test_a_signed_delivery_is_stored_and_answered(self):
        answer = self.post("orders/create", {"id": 77, "updated_at": "2026-11-20T12:00:00Z"})
        self.assertEqual(answer.status_code, 200)
        event = self.events()
        self.assertEqual((event.topic, event.shopify_id, event.state), ("orders/create", "77", "new"))
        self.assertEqual(fields.Datetime.to_string(event.changed_at), "2026-11-20 12:00:00")
        self.assertEqual(event.company_id, self.instance.company_id)
        self.assertIn("77", event.body)
        self.assertNotIn("Hmac", event.headers)
        cron = self.env.ref("shopify_sync.cron_process_webhooks")
        self.assertTrue(self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]), "the job is woken")

    def test_a_delivery_without_the_right_signature_is_refused_without_its_body(self):
        for secret in ("somebody else's", ""):
            self.assertEqual(self.post(secret=secret).status_code, 401)
        self.assertEqual(self.post(**{webhooks.HEADER_SIGNATURE: "nonsense"}).status_code, 401)
        self.assertEqual(self.post(**{webhooks.HEADER_SIGNATURE: ""}).status_code, 401)
        events = self.events()
        self.assertEqual(events.mapped("state"), ["refused"] * 4)
        self.assertFalse(any(events.mapped("body")))

    def test_a_store_without_a_secret_believes_nothing(self):
        self.instance.webhook_secret = False
        self.instance.write({"webhook_secret_former": False})
        self.env.flush_all()
        self.assertEqual(self.post(secret="").status_code, 401)

    def test_refused_deliveries_are_told_once_an_hour_and_cannot_fill_the_database(self):
        with patch.object(controller, "REFUSED_ROWS", 3):
            for _number in range(5):
                self.assertEqual(self.post(secret="other").status_code, 401)
        self.assertEqual(len(self.events()), 3)
        self.work_off()
        (log,) = self.logs(cause="webhook_signature")
        self.assertIn("3 deliveries", log.message)
        self.assertEqual(self.post(secret="other").status_code, 401)
        self.work_off()
        self.assertEqual(log.count, 1, "not again within the hour")
        log.last_seen -= timedelta(hours=2)
        self.work_off()
        self.assertEqual(log.count, 2)

    def test_a_forger_who_knows_a_delivery_id_cannot_keep_the_real_delivery_out(self):
        self.post(secret="other", **{webhooks.HEADER_ID: "known"})
        self.assertEqual(self.post(**{webhooks.HEADER_ID: "known"}).text, "stored")

    def test_the_former_secret_is_good_for_one_hour_after_a_change(self):
        self.instance.webhook_secret = "new-secret"
        self.env.flush_all()
        self.assertEqual(self.post(secret=SECRET).status_code, 200)
        self.assertEqual(self.post(secret="new-secret").status_code, 200)
        self.instance.webhook_secret_changed_at -= timedelta(minutes=61)
        self.env.flush_all()
        self.assertEqual(self.post(secret=SECRET).status_code, 401)
        self.assertEqual(self.post(secret="new-secret").status_code, 200)

    def test_an_app_with_id_and_secret_signs_with_its_client_secret(self):
        self.instance.write({"webhook_secret": False, "client_secret": "client-secret", "webhook_secret_former": False})
        self.env.flush_all()
        self.assertEqual(self.post(secret="client-secret").status_code, 200)
        self.assertEqual(self.post(secret="other").status_code, 401)

    def test_a_delivery_that_comes_twice_is_stored_once_and_answered_as_success(self):
        for _number in range(3):
            self.assertEqual(self.post(**{webhooks.HEADER_ID: "same"}).status_code, 200)
        self.assertEqual(len(self.events()), 1)

    def test_a_body_over_5_mb_is_not_kept_but_its_record_is_known(self):
        answer = self.post("orders/updated", b'{"id":99,"note":"' + b"x" * controller.KEPT_BODY + b'"}')
        self.assertEqual(answer.status_code, 200)
        event = self.events()
        self.assertEqual((event.shopify_id, event.body, event.reason), ("99", False, "too_big"))

    def test_a_body_that_is_far_too_big_is_not_read(self):
        with patch.dict(controller.ShopifyWebhook.receive.original_routing, {"max_content_length": 1000}):
            self.env.registry.clear_cache("routing")
            answer = self.post(body=b'{"id":1,"note":"' + b"x" * 2000 + b'"}')
            self.env.registry.clear_cache("routing")
        self.assertEqual(answer.status_code, 413)
        self.assertFalse(self.events())

    def test_a_delivery_older_than_a_day_asks_for_no_look(self):
        old = {webhooks.HEADER_TRIGGERED: "2020-01-01T00:00:00Z"}
        self.assertEqual(self.post("orders/updated", **old).status_code, 200)
        self.assertEqual(self.post("orders/delete", **old).status_code, 200)
        found = {event.topic: (event.state, event.reason) for event in self.events()}
        self.assertEqual(found["orders/updated"], ("ignored", "too_old"))
        self.assertEqual(found["orders/delete"], ("new", False), "nothing else tells of a deletion")

    def test_no_body_and_no_time_makes_the_controller_fail(self):
        for body in (b"", b"[1]", b"\xff\x00", b"[" * 100_000, b'{"id":' + b"9" * 5000 + b"}"):
            self.assertEqual(self.post(body=body).status_code, 200, body[:20])
        for moment in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00Z", "soon", ""):
            self.assertEqual(self.post(**{webhooks.HEADER_TRIGGERED: moment}).status_code, 200, moment)

    def test_a_topic_that_nothing_uses_is_answered_and_ignored(self):
        self.assertEqual(self.post("themes/publish").status_code, 200)
        self.assertEqual(self.events().state, "ignored")
        self.assertEqual(self.events().reason, "unused_topic")

    def test_a_delivery_of_another_shop_is_not_taken(self):
        self.assertEqual(self.post(shop="other-shop.myshopify.com").status_code, 404)
        self.assertFalse(self.events())

    def test_a_request_for_another_store_of_the_same_app_is_stored_there(self):
        other = self.env["shopify.instance"].create(
            {
                "name": "Second",
                "shop_domain": "second.myshopify.com",
                "auth_mode": "permanent_token",
                "webhook_secret": SECRET,
            }
        )
        self.env.flush_all()
        self.assertEqual(self.post("shop/redact", {"shop_id": 1}, shop="second.myshopify.com").status_code, 200)
        self.assertFalse(self.events())
        self.assertEqual(
            self.env["shopify.webhook.event"].search([("instance_id", "=", other.id)]).topic, "shop/redact"
        )
        other.webhook_secret = "another app"
        self.env.flush_all()
        self.assertEqual(self.post("shop/redact", {"shop_id": 1}, shop="second.myshopify.com").status_code, 404)

    def test_an_unknown_address_is_not_found(self):
        self.assertEqual(self.post(address=self.address + "x").status_code, 404)
        base = self.base_url()
        self.assertEqual(self.post(address=f"{base}/shopify/webhook/no_such_database/token").status_code, 404)
        self.assertEqual(self.post(address=f"{base}/shopify/webhook/postgres/token").status_code, 404)
        self.assertEqual(self.opener.get(self.address).status_code, 405)

    def test_an_archived_store_says_that_it_is_gone(self):
        self.instance.active = False
        self.env.flush_all()
        self.assertEqual(self.post().status_code, 410)
        self.assertFalse(self.events())

    def test_a_body_that_is_no_json_is_kept_and_shown(self):
        self.assertEqual(self.post(body=b"\x00\xff no json").status_code, 200)
        event = self.events()
        self.assertFalse(event.shopify_id)
        self.work_off()
        self.assertEqual(event.state, "failed")
        self.assertIn("names no order", event.message)
        self.assertTrue(self.logs(cause="webhook_failed"))

    def test_a_database_that_does_not_answer_is_said_so_that_shopify_tries_again(self):
        with (
            patch.object(controller, "_cursor", side_effect=controller.psycopg2.OperationalError("gone")),
            self.assertLogs("odoo.addons.shopify_sync.controllers.webhook", "ERROR"),
        ):
            self.assertEqual(self.post().status_code, 503)
