"""Running operations: a second run waits its turn, a stop loses nothing, whoever started it is told."""

from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_queues import QueueCase


@tagged("post_install", "-at_install")
class TestRunAfter(QueueCase):
    def wizard(self, env, operation="order_unshipped"):
        return env["shopify.operation"].create({"instance_id": self.instance.id, "operation": operation})

    def hold(self, operation="order_unshipped"):
        """A run that another worker reads."""
        return self.env["shopify.run"].create({"instance_id": self.instance.id, "operation": operation})

    def go_on(self):
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 60):
            self.env["shopify.run.starter"]._cron_continue()
        self.env.invalidate_all()

    def test_execute_while_it_is_running_starts_nothing_and_offers_to_run_after_it(self):
        first = self.hold()
        with self.own_cursor(self.user) as env:
            wizard = self.wizard(env)
            wizard.action_execute()
            self.assertFalse(wizard.run_id)
            self.assertIn("is running", wizard.running_notice)
        self.assertEqual(self.env["shopify.run"].search([("instance_id", "=", self.instance.id)]), first)

    def test_a_run_after_it_starts_by_itself_when_the_first_has_ended(self):
        order = self.place()
        first = self.hold()
        with self.own_cursor(self.user) as env:
            wizard = self.wizard(env)
            wizard.action_run_after()
            second = self.env["shopify.run"].browse(wizard.run_id.id)
        self.assertEqual((second.state, second.user_id), ("waiting", self.user))
        self.go_on()  # first is read to its end, with that the second has its turn
        self.assertEqual(first.state, "done")
        self.assertEqual(second.state, "running")
        self.go_on()
        self.assertEqual(second.state, "done")
        self.assertEqual(len(self.queue_line(order)), 1)

    def test_runs_wait_in_the_order_they_were_asked_for_also_when_the_first_fails(self):
        first = self.hold()
        runs = self.env["shopify.run.starter"]
        ids = []
        for _number in range(2):
            with self.own_cursor(self.user) as env:
                ids.append(runs.with_env(env)._start_after(self.instance.with_env(env), "order_unshipped").id)
        second, third = self.env["shopify.run"].browse(ids)
        first.write({"state": "failed", "message": "No network"})
        self.assertEqual((second.state, third.state), ("running", "waiting"))
        second.with_user(self.user).action_cancel()
        self.assertEqual(third.state, "running")

    def test_a_waiting_run_whose_predecessor_is_gone_is_not_forgotten(self):
        first = self.hold()
        with self.own_cursor(self.user) as env:
            second = env["shopify.run.starter"]._start_after(self.instance.with_env(env), "order_unshipped").id
        self.env.cr.execute("UPDATE shopify_run SET state = 'done' WHERE id = %s", [first.id])
        self.env.invalidate_all()
        self.go_on()
        self.assertEqual(self.env["shopify.run"].browse(second).state, "done")

    def test_a_person_without_the_role_may_not_start_or_stop(self):
        first = self.hold()
        stranger = self.make_user("run_stranger", "base.group_user")
        with self.assertRaises(AccessError):
            first.with_user(stranger).action_cancel()
        with self.assertRaises(AccessError), self.own_cursor(stranger) as env:
            self.wizard(env)


@tagged("post_install", "-at_install")
class TestLocations(QueueCase):
    def test_import_locations_renews_names_and_keeps_the_warehouses_that_were_chosen(self):
        locations = self.instance.with_context(active_test=False).location_ids
        warehouse = self.env["stock.warehouse"].create({"name": "Far", "code": "FAR"})
        locations[0].write({"name": "Old name", "import_warehouse_id": warehouse.id})
        run = self.run_operation("location", user=self.user)
        self.assertEqual((run.state, run.record_count), ("done", len(locations)))
        self.assertNotEqual(locations[0].name, "Old name")
        self.assertEqual(locations[0].import_warehouse_id, warehouse)


@tagged("post_install", "-at_install")
class TestCancel(QueueCase):
    def test_cancelling_between_pages_keeps_what_was_stored_and_the_next_run_brings_the_rest(self):
        orders = [self.place() for _number in range(5)]
        starter = type(self.env["shopify.run.starter"])
        original = starter._store_page

        def store(this, instance, run_id, handler, page):
            this.env["shopify.run"].browse(run_id).with_user(self.user).action_cancel()
            return original(this, instance, run_id, handler, page)

        with patch.object(starter, "_store_page", store):
            run = self.run_operation(user=self.user)
        self.assertEqual(run.state, "cancelled")
        stored = self.env["shopify.queue.line"].search_count([("instance_id", "=", self.instance.id)])
        self.assertEqual(stored, run.queued_count)
        self.run_operation(user=self.user)
        self.process()
        for order in orders:
            self.assert_paid_to_the_cent(self.sale_order(order), self.shopify_total(order))

    def test_a_long_run_is_handed_to_the_background_and_says_how_far_it_is(self):
        for _number in range(3):
            self.place()
        starter = type(self.env["shopify.run.starter"])
        original = starter._store_page
        with (
            patch.object(starter, "_store_page", lambda *args: original(*args) and False),
            self.own_cursor(self.user) as env,
        ):
            run_id = env["shopify.run.starter"]._start(self.instance.with_env(env), "order_unshipped", seconds=0).id
        run = self.env["shopify.run"].browse(run_id)
        progress = run.with_user(self.user).read_progress()
        self.assertEqual((progress["seen"], progress["queued"], progress["waiting"]), (3, 3, 3))
        self.assertTrue(progress["busy"])
        self.assertFalse(run.busy_until)
        self.process()
        progress = run.with_user(self.user).read_progress()
        self.assertEqual((progress["done"], progress["failed"], progress["percent"]), (3, 0, 100))


@tagged("post_install", "-at_install")
class TestTold(QueueCase):
    def told(self):
        """What users are told by the bus from now on: (user, message) pairs."""
        found = []
        users = type(self.env["res.users"])
        original = users._bus_send

        def send(this, kind, message, **more):
            if kind == "shopify_run_finished":
                found.append((this, message))
            return original(this, kind, message, **more)

        patcher = patch.object(users, "_bus_send", send)
        patcher.start()
        self.addCleanup(patcher.stop)
        return found

    def test_whoever_started_it_is_told_once_when_the_last_line_was_processed(self):
        self.place()
        self.place(gateway="unheard-of")
        found = self.told()
        self.run_operation(user=self.user)
        self.assertFalse(found)  # its lines wait
        self.process()
        self.process()
        self.assertEqual([user for user, _message in found], [self.user])
        message = found[0][1]
        self.assertIn("done: 1, failed: 1", message["message"])
        self.assertTrue(message["queues"] and message["logs"])

    def test_schedules_tell_nobody(self):
        self.place()
        found = self.told()
        self.run_operation(source="cron")
        self.process()
        self.assertFalse(found)

    def test_a_run_without_work_is_told_at_once(self):
        found = self.told()
        self.run_operation(user=self.user)
        self.assertEqual(len(found), 1)


@tagged("post_install", "-at_install")
class TestStopQueue(QueueCase):
    def test_a_stopped_queue_is_passed_over_until_a_person_goes_on(self):
        order = self.place()
        lines = self.queued(order)
        queue = lines.queue_id
        queue.with_user(self.user).action_stop()
        self.assertEqual(self.process()["done"], 0)
        self.assertEqual(self.env["shopify.queue.line"]._count_due(self.instance, ["order_unshipped"]), 0)
        self.assertIn("Stopped by", queue.message_ids[0].body)
        self.assertEqual(queue.running_text, "Stopped")
        self.by_hand(queue, "action_process")
        self.assertFalse(queue.stopped)
        self.assert_paid_to_the_cent(self.sale_order(order), self.shopify_total(order))

    def test_stopping_while_a_person_processes_ends_after_the_records_in_hand(self):
        orders = [self.place() for _number in range(3)]
        lines = self.queued(*orders)
        self.instance.queue_size_order = 1
        runner = type(self.env["shopify.runner"])
        original = runner._process_claimed

        def process(this, instance, claimed):
            result = original(this, instance, claimed)
            claimed.queue_id.with_user(self.user).action_stop()
            return result

        with patch.object(runner, "_process_claimed", process):
            self.by_hand(lines.queue_id, "action_process")
        self.assertEqual(sorted(lines.mapped("state")), ["done", "draft", "draft"])
