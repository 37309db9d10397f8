"""The digest: one e-mail a period, compared with the one before, none for an empty period."""

from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.addons.shopify_sync.mapping.digest_periods import last_period
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .test_queues import QueueCase

#: Naive UTC, as Odoo has it.
at = datetime.fromisoformat
#: A Wednesday.
NOW = at("2026-03-11 09:00")


@tagged("post_install", "-at_install")
class TestDigest(QueueCase):
    store_values = {"digest_on": True, "digest_emails": "owner@example.com", "digest_frequency": "daily"}

    def setUp(self):
        super().setUp()
        self.instance.shop_tz = "America/New_York"
        self.instance.digest_until = False

    def bring_at(self, moment, **options):
        """An imported order that was placed at a time."""
        sale_order = self.bring(**options)
        sale_order.shopify_created_at = moment
        return sale_order

    def send(self, now=NOW):
        self.env.flush_all()
        with freeze_time(now):
            store = self.instance._for_jobs()
            return self.env["shopify.digest"].with_env(store.env)._send(store)

    def test_yesterday_in_the_stores_time_zone_is_compared_with_the_day_before(self):
        # New York is four hours behind in March
        inside = self.bring_at(at("2026-03-11 03:00"))
        self.bring_at(at("2026-03-11 05:00"))  # today there
        before = self.bring_at(at("2026-03-09 20:00"), lines=[(self.skus[0], 3)])
        store = self.instance
        values = {}
        original = type(self.env["shopify.digest"])._values

        def keep(this, *args):
            values.update(original(this, *args))
            return values

        with patch.object(type(self.env["shopify.digest"]), "_values", keep):
            mail = self.send()
        self.assertEqual(mail.email_to, "owner@example.com")
        self.assertIn(store.name, mail.subject)
        rows = {label: (now, then) for label, now, then in values["rows"]}
        self.assertEqual(rows["Orders"], (1, 1))
        currency = inside.currency_id
        revenue = rows[f"Revenue ({currency.name})"]
        self.assertEqual(revenue, (currency.format(inside.amount_total), currency.format(before.amount_total)))

    def test_a_period_is_sent_once(self):
        self.bring_at(at("2026-03-10 12:00"))
        self.assertTrue(self.send())
        self.assertFalse(self.send(NOW + timedelta(hours=3)))

    def test_an_empty_period_sends_nothing(self):
        self.bring_at(at("2026-03-01 12:00"))
        self.assertFalse(self.send())

    def test_a_week_is_sent_after_its_sunday(self):
        self.instance.digest_frequency = "weekly"
        self.bring_at(at("2026-03-05 12:00"))
        self.assertTrue(self.send())

    def test_a_cancelled_order_is_no_revenue(self):
        self.bring_at(at("2026-03-10 12:00"))
        cancelled = self.bring_at(at("2026-03-10 13:00"))
        cancelled.with_context(disable_cancel_warning=True)._action_cancel()
        mail = self.send()
        self.assertIn(self.instance.name, mail.body_html)
        figures = self.figures()
        self.assertEqual(figures["orders"], 1)

    def test_on_time_is_what_the_delivery_method_says(self):
        sale_order = self.bring_at(at("2026-03-10 12:00"), shipping={"title": "Slow boat", "price": "5.00"})
        sale_order.date_order = at("2026-03-08 12:00")
        picking = sale_order.picking_ids
        picking.move_ids.picked = True
        picking.with_context(skip_sms=True).button_validate()
        picking.date_done = at("2026-03-10 11:00")
        picking.carrier_id.shopify_on_time_days = 2
        self.assertEqual(self.figures()["on_time"], 100)
        picking.carrier_id.shopify_on_time_days = 1
        self.assertEqual(self.figures()["on_time"], 0)

    def figures(self):
        store = self.instance._for_jobs()
        return self.env["shopify.digest"]._figures(store, last_period("daily", NOW, "America/New_York"))

    def test_the_figures_cost_the_same_for_many_orders_as_for_few(self):
        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.figures()
            return self.env.cr.sql_log_count - before

        self.bring_at(at("2026-03-10 12:00"))
        few = queries()
        for _number in range(3):
            self.bring_at(at("2026-03-10 12:00"))
        self.assertLessEqual(queries(), few)

    def test_a_user_may_preview_it_and_a_stranger_may_not(self):
        self.bring()
        store = self.instance.with_user(self.user)
        self.assertIn(store.name, store.with_context(digest_preview=True).digest_preview)
        stranger = self.make_user("digest_stranger", "base.group_user")
        with self.assertRaises(AccessError):
            self.instance.with_user(stranger).with_context(digest_preview=True).read(["digest_preview"])
