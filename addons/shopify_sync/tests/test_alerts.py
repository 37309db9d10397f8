"""Alerts: one e-mail a store with everything in it, one activity a cause, at once for a sign-in that dies."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.addons.shopify_sync import shopify_api
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .test_queues import QueueCase


class AlertCase(QueueCase):
    store_values = {"alert_mail": True, "alert_emails": "help@example.com", "alert_delay": 0}

    def setUp(self):
        super().setUp()
        self.mails = self.env["mail.mail"].search([]).ids

    def run_alerts(self):
        """The job of alerts; the e-mails it made."""
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 60):
            self.env["shopify.watch"]._cron_alerts()
        self.env.flush_all()
        self.env.invalidate_all()
        found = self.env["mail.mail"].search([("id", "not in", self.mails)], order="id")
        self.mails += found.ids
        return found

    def fail(self, count=1, gateway="unheard-of"):  # pylint: disable=method-required-super
        orders = [self.place(gateway=gateway) for _number in range(count)]
        self.import_orders(*orders)
        return orders

    def age(self, records, field="create_date", **ago):
        """Make records older than they are."""
        self.env.flush_all()
        moment = fields.Datetime.now() - timedelta(**ago)
        self.env.cr.execute(
            f"UPDATE {records._table} SET {field} = %s WHERE id = ANY(%s)",  # pylint: disable=sql-injection
            [moment, records.ids],
        )
        self.env.invalidate_all()

    def open_logs(self):
        return self.logs(resolved=False)


@tagged("post_install", "-at_install")
class TestAlertMail(AlertCase):
    def test_many_failures_make_one_mail_that_names_each_with_a_link(self):
        orders = self.fail(3)
        mail = self.run_alerts()
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.email_to, "help@example.com")
        self.assertIn(self.instance.name, mail.subject)
        for order in orders:
            self.assertIn(order.name, mail.body_html)
        self.assertIn("/odoo/shopify.log.line/", mail.body_html)
        self.assertFalse(self.run_alerts())

    def test_users_and_outside_addresses_get_it_each_once(self):
        self.instance.alert_user_ids = self.user
        self.instance.alert_emails = f"help@example.com, {self.user.email}"
        self.fail()
        self.assertEqual(self.run_alerts().email_to, f"{self.user.email}, help@example.com")

    def test_alerts_are_collected_for_as_long_as_the_store_says(self):
        self.instance.alert_delay = 15
        self.fail(gateway="first")
        self.assertFalse(self.run_alerts())
        self.age(self.open_logs(), minutes=16)
        self.fail(gateway="second")
        mail = self.run_alerts()
        self.assertIn("first", mail.body_html)
        self.assertIn("second", mail.body_html)

    def test_what_is_not_solved_is_repeated_after_a_day_and_not_before(self):
        self.fail()
        self.run_alerts()
        self.age(self.open_logs(), "alerted_at", hours=23)
        self.assertFalse(self.run_alerts())
        self.age(self.open_logs(), "alerted_at", hours=25)
        self.assertIn("Still not solved", self.run_alerts().body_html)
        self.assertFalse(self.run_alerts())

    def test_what_is_solved_is_said_once(self):
        self.fail()
        self.run_alerts()
        self.open_logs().write({"resolved": True})
        mail = self.run_alerts()
        self.assertIn("Solved", mail.body_html)
        self.assertFalse(self.run_alerts())

    def test_what_was_solved_before_anybody_was_told_is_not_mentioned(self):
        self.fail()
        self.open_logs().write({"resolved": True})
        self.assertFalse(self.run_alerts())

    def test_warnings_are_told_only_where_the_store_wants_them(self):
        entry = {
            "process": "Orders",
            "cause": "odd",
            "message": "It is odd",
            "record_key": "x:1",
            "severity": "warning",
        }
        self.env["shopify.log.line"]._log(self.instance, [entry])
        self.assertFalse(self.run_alerts())
        self.instance.alert_severity = "warning"
        self.assertIn("It is odd", self.run_alerts().body_html)

    def test_a_sign_in_that_dies_is_told_at_once_and_its_return_too(self):
        self.instance.alert_delay = 60
        with self.enter_note():
            self.instance._note_problem(shopify_api.SignInRefused("The token is not valid."))
        self.assertIn("The token is not valid.", self.run_alerts().body_html)
        self.instance._connect()
        self.assertFalse(self.logs(cause="connection", resolved=False))

    def enter_note(self):
        self.env.flush_all()
        return self.own_cursor()

    def test_held_orders_stand_in_a_block_of_their_own_once(self):
        order = self.place(risk="HIGH")
        self.import_orders(order)
        mail = self.run_alerts()
        self.assertIn("Risky orders are held", mail.body_html)
        self.assertIn(order.name, mail.body_html)
        self.assertFalse(self.run_alerts())

    def test_a_mail_that_cannot_be_made_stops_neither_work_nor_other_alerts(self):
        self.instance.write({"activity_on": True, "activity_user_ids": [(6, 0, self.user.ids)]})
        self.fail()
        with (
            patch.object(type(self.instance), "_mail", side_effect=UserError("No mail server")),
            self.assertLogs("odoo.addons.shopify_sync.models.shopify_watch", "ERROR"),
        ):
            self.assertFalse(self.run_alerts())
        self.assertTrue(self.env["mail.activity"].search([("shopify_cause", "=like", "alert:%")]))
        self.assertEqual(len(self.run_alerts()), 1)  # nothing was lost

    def test_a_store_that_wants_no_mail_gets_none(self):
        self.instance.alert_mail = False
        self.fail()
        self.assertFalse(self.run_alerts())

    def test_addresses_are_checked(self):
        with self.assertRaises(ValidationError):
            self.instance.alert_emails = "help@example.com, nobody"

    def test_a_test_can_be_sent_by_a_manager_only(self):
        manager = self.make_user("alert_manager", "base.group_user", "shopify_sync.group_manager")
        action = self.instance.with_user(manager).action_alert_test()
        self.assertIn("help@example.com", action["params"]["message"])
        with self.assertRaises(AccessError):
            self.instance.with_user(self.user).action_alert_test()
        self.instance.alert_emails = False
        with self.assertRaises(UserError):
            self.instance.with_user(manager).action_alert_test()

    def test_looking_for_alerts_costs_the_same_for_many_failures_as_for_few(self):
        def queries():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["shopify.watch"]._send_mail(self.instance._for_jobs())
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        self.fail(1, gateway="warm")
        queries()
        self.fail(2, gateway="few")
        few = queries()
        self.fail(8, gateway="many")
        self.assertLessEqual(queries(), few)


@tagged("post_install", "-at_install")
class TestActivities(AlertCase):
    store_values = {"activity_on": True}

    def setUp(self):
        super().setUp()
        self.instance.activity_user_ids = self.user

    def activities(self):
        return self.env["mail.activity"].search([("shopify_cause", "=like", f"alert:{self.instance.id}:%")])

    def test_a_cause_makes_one_activity_on_its_queue_for_each_responsible_user(self):
        other = self.make_user("second_user", "shopify_sync.group_user")
        self.instance.activity_user_ids += other
        orders = self.fail(3)
        self.run_alerts()
        self.run_alerts()
        found = self.activities()
        self.assertEqual(found.user_id, self.user + other)
        self.assertEqual(len(found), 2)
        self.assertEqual(set(found.mapped("res_id")), {self.queue_line(orders[0]).queue_id.id})
        self.assertEqual(found[0].date_deadline, self.instance._local_date(fields.Datetime.now()) + timedelta(days=1))

    def test_it_closes_itself_when_the_cause_is_gone(self):
        self.fail()
        self.run_alerts()
        self.open_logs().write({"resolved": True})
        self.run_alerts()
        self.assertFalse(self.activities())

    def test_one_that_a_person_has_done_does_not_come_back_until_something_new_fails(self):
        self.fail()
        self.run_alerts()
        self.activities().with_user(self.user).action_done()
        self.run_alerts()
        self.assertFalse(self.activities())
        self.fail()
        self.run_alerts()
        self.assertEqual(len(self.activities()), 1)

    def test_only_chosen_processes_make_activities(self):
        self.instance.activity_orders = False
        self.fail()
        self.run_alerts()
        self.assertFalse(self.activities())

    def test_nobody_gets_an_activity_on_what_he_may_not_see(self):
        self.instance.activity_user_ids = self.make_user("no_role", "base.group_user")
        self.fail()
        self.run_alerts()
        self.assertFalse(self.activities())

    def test_a_held_order_is_given_to_the_responsible_until_it_is_decided(self):
        order = self.place(risk="HIGH")
        self.import_orders(order)
        self.run_alerts()
        self.assertEqual(self.activities().res_id, self.sale_order(order).id)
        self.sale_order(order).with_context(tracking_disable=True).shopify_risk_state = "confirmed"
        self.run_alerts()
        self.assertFalse(self.activities())


@tagged("post_install", "-at_install")
class TestHealth(AlertCase):
    def test_a_queue_that_does_not_move_is_told_and_solved_when_it_moves(self):
        lines = self.queued(self.place())
        self.run_alerts()
        self.assertFalse(self.logs(cause="queue_stalled"))
        self.age(lines, minutes=40)
        self.age(lines, "write_date", minutes=40)
        mail = self.run_alerts()
        self.assertIn("does not move", mail.body_html)
        self.assertFalse(self.run_alerts())
        self.process()
        self.run_alerts()
        self.assertTrue(self.logs(cause="queue_stalled").resolved)

    def test_a_stopped_queue_is_no_standstill(self):
        lines = self.queued(self.place())
        lines.queue_id.with_user(self.user).action_stop()
        self.age(lines, minutes=40)
        self.age(lines, "write_date", minutes=40)
        self.run_alerts()
        self.assertFalse(self.logs(cause="queue_stalled"))

    def test_a_schedule_that_fails_or_is_late_is_told_by_its_name(self):
        self.instance._start_schedules(["order_unshipped", "customer"])
        self.instance._schedule("order_unshipped").failure_count = 2
        self.instance._schedule("customer").nextcall = fields.Datetime.now() - timedelta(days=2)
        mail = self.run_alerts()
        self.assertIn("Import unshipped orders", mail.body_html)
        self.assertIn("Import customers", mail.body_html)
        self.instance._schedule("order_unshipped").failure_count = 0
        self.instance._schedule("customer").nextcall = fields.Datetime.now()
        self.run_alerts()
        self.assertFalse(self.open_logs())
