"""A webhook means "look again": orders arrive and change at once, and no delivery can do harm."""

from datetime import timedelta

from odoo import fields
from odoo.addons.shopify_sync.models import webhook_processor
from odoo.tests import tagged

from .webhook_case import WebhookCase


@tagged("post_install", "-at_install")
class TestWebhookOrders(WebhookCase):
    def setUp(self):
        super().setUp()
        self.switch_on()

    def arrive(self, order=None):
        """Deliver what waits and work it off."""
        self.deliver()
        return self.work_off()

    def fetches(self):
        return [request for request in self.sim.requests if request.operation == "OrdersByIds"]

    def test_an_order_placed_in_shopify_is_in_odoo_at_once(self):
        order = self.place(shipping="4.90")
        counts = self.arrive()
        self.assertEqual(counts["done"], 1)
        self.assert_paid_to_the_cent(self.sale_order(order), self.shopify_total(order))
        line = self.queue_line(order)
        self.assertEqual(line.queue_id.source, "webhook")
        events = self.events()
        self.assertEqual(set(events.mapped("topic")), {"orders/create", "orders/updated", "order_transactions/create"})
        self.assertEqual(set(events.mapped("state")), {"processed"})
        self.assertEqual(events.queue_line_id, line)

    def returned(self):
        """A shipped order with an open return, all of it in Odoo."""
        order = self.place(lines=[(self.skus[0], 2)], fulfillment="fulfilled")
        self.sim.clock.advance(60)
        self.sim.store.open_return(order, {self.skus[0]: 1})
        self.arrive()
        self.sim.clock.advance(60)
        return order

    def only(self, *topics):
        """Deliver these topics alone, as if Shopify had told nothing else."""
        webhooks = self.sim.webhooks
        webhooks._pending[:] = [one for one in webhooks._pending if one.topic in topics]
        self.arrive()
        return self.events(("topic", "in", topics))

    def test_each_event_of_a_return_looks_at_its_order_also_where_it_does_not_name_it(self):
        order = self.returned()
        row = self.sale_order(order).shopify_return_ids
        self.assertEqual(row.status, "open")
        for event, topic, field, value in (
            ("receive_return", "reverse_fulfillment_orders/dispose", "restocked", 1),
            ("process_return", "returns/process", "units", 1),
            ("close_return", "returns/close", "status", "closed"),
            ("reopen_return", "returns/reopen", "status", "open"),
        ):
            getattr(self.sim.store, event)(order)
            events = self.only(topic)
            self.assertEqual(events.mapped("state"), ["processed"], f"{topic}: {events.mapped('message')}")
            self.assertEqual(row[field], value, topic)
            self.sim.clock.advance(60)
        self.assertEqual(len(row.picking_ids), 1)

    def test_goods_received_without_a_change_of_the_order_are_seen(self):
        order = self.returned()
        stamp = order.updated_at
        self.sim.store.receive_return(order)
        order.updated_at = stamp
        self.only("reverse_fulfillment_orders/dispose")
        self.assertEqual(self.sale_order(order).shopify_return_ids.state, "moved")

    def test_a_return_that_shopify_does_not_show_is_ignored_with_a_reason(self):
        self.post("returns/update", {"admin_graphql_api_id": "gid://shopify/Return/42"})
        self.work_off()
        event = self.events(("topic", "=", "returns/update"))
        self.assertEqual((event.shopify_id, event.state), ("Return/42", "ignored"))
        self.assertTrue(event.message)

    def test_events_of_one_order_join_into_one_look(self):
        self.place()
        self.arrive()
        self.assertEqual(len(self.fetches()), 1)

    def test_events_wait_for_those_that_follow_within_seconds(self):
        self.place()
        self.deliver()
        before = self.env["shopify.webhook.processor"]
        self.patch(webhook_processor, "JOIN", timedelta(seconds=5))
        stores, pause = before._due_stores()
        self.assertFalse(stores)
        self.assertTrue(0 < pause <= 5)
        self.events().received_at = fields.Datetime.now() - timedelta(seconds=6)
        self.env.flush_all()
        self.assertEqual(before._due_stores()[0], self.instance)

    def test_many_orders_are_read_25_in_one_request(self):
        for _number in range(30):
            self.place()
        counts = self.arrive()
        self.assertEqual(counts["done"], 30)
        self.assertEqual([len(request.variables["ids"]) for request in self.fetches()], [25, 5])
        queues = self.env["shopify.queue"].search([("source", "=", "webhook"), ("instance_id", "=", self.instance.id)])
        self.assertEqual([len(queue.line_ids) for queue in queues], [30], "not one queue an order")

    def test_an_order_event_of_each_kind_brings_the_change(self):
        order = self.place(lines=[(self.skus[0], 2), self.skus[1]], financial="authorized", shipping="4.90")
        self.arrive()
        sale_order = self.sale_order(order)
        self.sim.clock.advance(60)
        self.sim.store.capture(order)
        self.arrive()
        self.assertEqual(sale_order.shopify_financial_status, "paid")
        self.sim.clock.advance(60)
        self.sim.store.fulfil(order)
        self.arrive()
        self.assertEqual(set(sale_order.picking_ids.mapped("state")), {"done"})
        self.sim.clock.advance(60)
        self.sim.store.refund(order, {self.skus[0]: 1})
        self.arrive()
        self.assertTrue(sale_order.shopify_refund_ids)
        self.assertEqual(self.env["sale.order"].search_count([("shopify_order_id", "=", str(order.id))]), 1)

    def test_a_delivery_that_comes_twice_changes_nothing(self):
        self.sim.webhooks.fault("twice", times=None)
        order = self.place()
        self.arrive()
        before = self.state_of_books()
        self.deliver(everything=True)
        self.work_off()
        self.assertEqual(self.state_of_books(), before)
        self.assertEqual(len(self.sale_order(order)), 1)
        ids = self.events().mapped("delivery_ref")
        self.assertEqual(len(ids), len(set(ids)))

    def test_deliveries_in_the_wrong_order_end_in_the_present_state(self):
        self.sim.webhooks.fault("out_of_order", topic="orders/create")
        order = self.place(financial="pending")
        self.sim.clock.advance(5)
        self.sim.store.mark_paid(order)
        sent = self.deliver()
        self.assertNotEqual(sent[0].topic, "orders/create")
        self.work_off()
        self.assertEqual(self.sale_order(order).shopify_financial_status, "paid")

    def test_an_old_delivery_that_comes_late_is_ignored_without_asking_shopify(self):
        self.sim.webhooks.fault("late", topic="orders/create", seconds=3600)
        order = self.place()
        self.sim.clock.advance(60)
        self.sim.store.update(order, note="Ring twice")
        self.arrive()
        self.sim.clock.advance(3600)
        asked = len(self.fetches())
        self.deliver()
        self.work_off()
        late = self.events(("topic", "=", "orders/create"))
        self.assertEqual(late.state, "ignored")
        self.assertIn("newer", late.message)
        self.assertEqual(len(self.fetches()), asked)

    def test_a_delivery_that_says_nothing_new_is_ignored(self):
        order = self.place()
        self.arrive()
        before = self.state_of_books()
        self.post("orders/updated", {"id": order.id, "updated_at": order.updated_at.isoformat()})
        counts = self.work_off()
        self.assertEqual(sum(counts.values()), 0)
        self.assertEqual(self.events()[-1].state, "ignored")
        self.assertEqual(self.state_of_books(), before)

    def test_two_changes_within_one_second_are_both_seen(self):
        self.sim.clock.freeze()
        self.addCleanup(self.sim.clock.run)
        order = self.place()
        self.arrive()
        self.sim.store.update(order, tags=["gift"])
        self.arrive()
        self.assertEqual(self.sale_order(order).shopify_tags, "gift")

    def test_the_body_is_never_believed(self):
        order = self.place()
        self.sim.webhooks._pending.clear()
        self.post("orders/create", {"id": order.id, "updated_at": "2030-01-01T00:00:00Z", "total_price": "0.01"})
        self.work_off()
        self.assert_cents(self.sale_order(order).amount_total, self.shopify_total(order))

    def test_a_lost_delivery_is_found_by_the_next_import(self):
        self.sim.webhooks.fault("lost", times=None)
        order = self.place()
        self.arrive()
        self.assertFalse(self.sale_order(order))
        self.run_operation()
        self.process()
        self.assertEqual(len(self.sale_order(order)), 1)

    def test_a_lost_change_is_found_by_the_catch_up(self):
        order = self.place(financial="pending")
        self.arrive()
        self.sim.webhooks.fault("lost", times=None)
        self.sim.clock.advance(60)
        self.sim.store.mark_paid(order)
        self.arrive()
        self.assertEqual(self.sale_order(order).shopify_financial_status, "pending")
        self.run_operation("order_reconcile")
        self.process()
        self.assertEqual(self.sale_order(order).shopify_financial_status, "paid")

    def test_an_order_shipped_before_it_was_seen_goes_to_the_shipped_queue(self):
        order = self.place(fulfillment="fulfilled")
        self.arrive()
        self.assertEqual(self.queue_line(order).kind, "order_shipped")
        self.assertEqual(self.sale_order(order).shopify_order_status, "fulfilled")

    def test_a_store_that_wants_unshipped_orders_only_leaves_partly_shipped_ones_out(self):
        self.instance.order_statuses = "unshipped"
        order = self.place(lines=[(self.skus[0], 2)], fulfillment="partial")
        self.arrive()
        self.assertFalse(self.sale_order(order))
        self.assertEqual(set(self.events().mapped("state")), {"ignored"})

    def test_an_order_from_before_the_import_date_is_left_out_with_the_reason(self):
        self.instance.import_order_after = fields.Datetime.now() + timedelta(days=1)
        order = self.place()
        counts = self.arrive()
        self.assertEqual(counts["skipped"], 1)
        self.assertFalse(self.sale_order(order))

    def test_a_waiting_line_gets_the_newer_data_instead_of_a_second_line(self):
        order = self.place(financial="pending")
        self.deliver()
        self.process_events()
        self.sim.clock.advance(60)
        self.sim.store.mark_paid(order)
        self.arrive()
        self.assertEqual(self.env["shopify.queue.line"].search_count([("shopify_id", "=", str(order.id))]), 1)
        self.assertEqual(self.sale_order(order).shopify_financial_status, "paid")

    # When Shopify cannot be asked

    def test_an_event_waits_while_shopify_does_not_answer_and_is_processed_later(self):
        order = self.place()
        self.deliver()
        self.sim.faults.add("status", "OrdersByIds", times=None)
        self.work_off()
        events = self.events()
        self.assertEqual(set(events.mapped("state")), {"new"})
        self.assertEqual(set(events.mapped("attempts")), {1})
        self.assertTrue(all(moment > fields.Datetime.now() for moment in events.mapped("next_attempt_at")))
        self.work_off()
        self.assertEqual(set(events.mapped("attempts")), {1}, "not before its time")
        self.sim.faults.clear()
        events.next_attempt_at = fields.Datetime.now()
        self.work_off()
        self.assertEqual(len(self.sale_order(order)), 1)
        self.assertEqual(set(events.mapped("state")), {"processed"})

    def test_after_the_last_attempt_the_event_fails_with_the_reason_and_can_be_processed_again(self):
        order = self.place()
        self.deliver()
        events = self.events()
        events.attempts = 5
        self.sim.faults.add("status", "OrdersByIds", times=None)
        self.work_off()
        self.assertEqual(set(events.mapped("state")), {"failed"})
        logs = self.logs(cause="webhook_failed")
        self.assertTrue(logs)
        self.sim.faults.clear()
        user = self.make_user("shop_user", "shopify_sync.group_user")
        with self.own_cursor(user) as env:
            events.with_env(env).action_process_again()
        self.process()
        self.assertEqual(set(events.mapped("state")), {"processed"})
        self.assertEqual(len(self.sale_order(order)), 1)
        self.assertTrue(all(logs.mapped("resolved")))

    def test_a_throttled_look_is_no_attempt(self):
        self.place()
        self.deliver()
        self.sim.faults.add("throttled", "OrdersByIds", times=None)
        self.work_off()
        self.assertEqual(set(self.events().mapped("attempts")), {0})
        self.assertEqual(set(self.events().mapped("state")), {"new"})

    # Deleted orders

    def test_a_quotation_of_an_order_deleted_in_shopify_is_cancelled(self):
        order = self.place(risk="HIGH")
        self.arrive()
        sale_order = self.sale_order(order)
        self.assertEqual(sale_order.state, "draft")
        self.sim.webhooks.delete_order(order)
        self.arrive()
        self.assertEqual((sale_order.state, sale_order.shopify_deleted), ("cancel", True))
        self.assertIn("Deleted in Shopify", "".join(sale_order.message_ids.mapped("body")))

    def test_a_confirmed_order_deleted_in_shopify_stays_with_a_note(self):
        order = self.place()
        self.arrive()
        self.sim.webhooks.delete_order(order)
        self.arrive()
        sale_order = self.sale_order(order)
        self.assertEqual((sale_order.state, sale_order.shopify_deleted), ("sale", True))
        self.assertTrue(self.logs(cause="order_deleted"))

    def test_a_deletion_that_is_not_true_changes_nothing(self):
        order = self.place()
        self.arrive()
        self.post("orders/delete", {"id": order.id})
        self.work_off()
        self.assertFalse(self.sale_order(order).shopify_deleted)

    def test_a_deleted_order_that_waits_in_a_queue_is_left_out(self):
        order = self.place()
        self.deliver()
        self.process_events()
        self.sim.webhooks.delete_order(order)
        self.arrive()
        self.assertEqual(self.queue_line(order).state, "skipped")
        self.assertFalse(self.sale_order(order))

    # The app and its locations

    def test_a_location_changed_in_shopify_is_changed_in_odoo(self):
        location = self.sim.store.locations[1]
        mine = self.env["shopify.location"].search(
            [("instance_id", "=", self.instance.id), ("shopify_id", "=", str(location.id))]
        )
        warehouse = mine.warehouse_id
        name = location.name
        self.addCleanup(setattr, location, "name", name)
        self.sim.webhooks.change_location(location.id, name="Annex")
        self.arrive()
        self.assertEqual((mine.name, mine.warehouse_id), ("Annex", warehouse))

    def test_an_app_that_was_removed_from_the_store_is_a_connection_problem(self):
        self.sim.webhooks.uninstall()
        self.arrive()
        self.assertEqual(self.instance.state, "problem")
        self.assertIn("removed", self.instance.problem)
        self.assertTrue(self.logs(cause="app_uninstalled"))
        self.assertEqual(set(self.instance.webhook_ids.mapped("state")), {"missing"})

    def test_a_removal_that_is_over_changes_nothing(self):
        self.sim.webhooks.uninstall()
        self.sim.access.installed = True
        self.arrive()
        self.assertEqual(self.instance.state, "connected")
        self.assertEqual(self.events(("topic", "=", "app/uninstalled")).state, "ignored")
