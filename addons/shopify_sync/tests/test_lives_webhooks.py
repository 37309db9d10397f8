"""Random lives of orders that are told by webhooks: late, twice, in another order, lost, and workers that die (Hypothesis).

`SHOPIFY_LIVES=500` plays so many lives, with new ones each time.
"""

import random
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st
from odoo.tests import tagged

from .lives import AUTOMATIC, random_examples
from .test_lives import STAGES, Killed, LifePlayer, events, orders
from .webhook_case import SECRET, WebhookCase

#: How the deliveries of an event come.
DELIVERIES = ("in time", "in time", "twice", "out_of_order", "late", "lost", "killed")
#: Where a worker can die on the way from a delivery to the documents.
WEBHOOK_STAGES = (("shopify.webhook.processor", "_store_orders"), ("shopify.handler.order", "_store_looked"), *STAGES)
#: Seconds that a late delivery takes: it arrives after the events that follow it.
LATE = 3600

steps = st.lists(st.tuples(events, st.sampled_from(DELIVERIES)), min_size=1, max_size=5)


class WebhookLifePlayer(LifePlayer, WebhookCase):
    """Plays a life of which Odoo learns by deliveries alone, until the catch-up at its end."""

    store_values = {**AUTOMATIC, "webhook_secret": SECRET}

    def setUp(self):
        super().setUp()
        self.switch_on()

    def told(self, order, event, how):
        """One event, and what its deliveries make of it; whether Odoo must know of it now."""
        self.later()
        if how in ("twice", "out_of_order", "late", "lost"):
            self.sim.webhooks.fault(how, times=None, seconds=LATE)
        self.play(order, event)
        self.sim.webhooks.clear_faults()
        self.deliver()
        if how == "killed":
            self.die()
        self.work_off()
        return how not in ("late", "lost")

    def die(self):
        """A worker that dies in one of the stages leaves its work to the next one."""
        model, method = self.chooser.choice(WEBHOOK_STAGES)

        def end(*_args, **_options):
            raise Killed

        with patch.object(self.registry[model], method, end):
            try:
                self.work_off()
            except Killed:
                self.env.invalidate_all()

    def live_by_webhooks(self, given_order, life, seed):
        self.chooser = random.Random(seed)
        self.sim.webhooks._pending.clear()
        options = self.options(given_order)
        order = self.sim.store.place_order(**options)
        self.deliver()
        self.work_off()
        self.assert_right(order, f"placed {options}")
        known = True
        for number, (event, how) in enumerate(life):
            before = order.updated_at
            told = self.told(order, event, how)
            # what a delivery says is never believed: the next one brings everything that was missed
            known = told if order.updated_at != before else known
            if known:
                self.assert_right(order, f"after {life[: number + 1]} of {options}")
        self.sync()
        context = f"after {life} of {options}, seed {seed}"
        self.assert_right(order, context)
        counts = self.counts()
        self.deliver(everything=True)  # the late ones
        self.work_off()
        self.assertEqual(self.counts(), counts, f"late deliveries change something {context}")
        open_events = self.events(("state", "not in", ("processed", "ignored")))
        self.assertFalse(open_events, f"{open_events.mapped('message')} {context}")
        self.assert_settled(context)


@tagged("post_install", "-at_install")
class TestWebhookLives(WebhookLifePlayer):
    @random_examples("SHOPIFY_LIVES", 8)
    @given(given_order=orders, life=steps, seed=st.integers(0, 2**16))
    def test_however_deliveries_come_odoo_agrees_with_shopify(self, given_order, life, seed):
        self.live_by_webhooks(given_order, life, seed)
