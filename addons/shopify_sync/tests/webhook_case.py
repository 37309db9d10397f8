"""Deliveries of webhooks over real HTTP, for the tests of webhooks."""

import json
import uuid
from unittest.mock import patch

from odoo import fields
from odoo.addons.shopify_sync.models import webhook_processor
from odoo.addons.shopify_sync.shopify_api import webhooks
from odoo.tests import HttpCase

from .common import ShopifyCase

SECRET = "simulator-secret"


class WebhookCase(ShopifyCase, HttpCase):
    """A store whose order webhooks may be switched on; deliveries of the simulator go out when `deliver` is called."""

    registry_test_mode = False  # ShopifyCase enters it
    store_values = {"webhook_secret": SECRET}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sim.webhooks.automatic = False
        # Odoo answers requests of its own tests only where they are told to come from; the port is known only now
        cls.instance.webhook_base_url = cls.base_url()
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        self.sim.webhooks.subscriptions.clear()
        self.sim.webhooks.clear_faults()
        self.sim.webhooks._pending.clear()
        self.sim.webhooks.log.clear()
        self.sim.access.installed = True
        self.startPatcher(patch.object(webhook_processor, "JOIN", webhook_processor.timedelta(0)))
        self.startPatcher(patch("odoo.addons.shopify_sync.controllers.webhook._notify"))

    @property
    def address(self):
        return self.instance.webhook_address

    def switch_on(self):
        """Switch the order webhooks on as a manager does; the notification."""
        with self.own_cursor() as env:
            return self.instance.with_env(env).action_switch_webhooks()["params"]

    def post(self, topic="orders/updated", body=None, *, secret=SECRET, shop=None, address=None, **headers):
        """One delivery to Odoo; the HTTP answer."""
        raw = body if isinstance(body, bytes) else json.dumps(body if body is not None else {"id": 1}).encode()
        return self.opener.post(
            address or self.address,
            data=raw,
            headers={
                "Content-Type": "application/json",
                webhooks.HEADER_TOPIC: topic,
                webhooks.HEADER_SHOP: shop or self.sim.domain,
                webhooks.HEADER_ID: str(uuid.uuid4()),
                webhooks.HEADER_TRIGGERED: fields.Datetime.now().strftime("%Y-%m-%dT%H:%M:%S.000000000Z"),
                webhooks.HEADER_SIGNATURE: webhooks.sign(secret, raw),
                **headers,
            },
        )

    def deliver(self, everything=False):
        """Let the simulator send what waits."""
        self.env.flush_all()
        with self.allow_requests(all_requests=True):
            sent = self.sim.webhooks.send(everything)
        self.env.invalidate_all()
        return sent

    def work_off(self):
        """Process events and the queue lines that come of them, as the schedulers do."""
        self.process_events()
        return self.process()

    def process_events(self):
        """Process events as the scheduled job does."""
        with self.own_cursor(self.env.ref("base.user_root")) as env:
            env["shopify.webhook.processor"]._cron_process()

    def events(self, *domain):
        self.env.invalidate_all()
        return self.env["shopify.webhook.event"].search([("instance_id", "=", self.instance.id), *domain], order="id")
