"""Orders that a tag sends through the shipped flow: delivered at once from the rule's warehouse, Shopify is told nothing."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .lives import LifeCase


@tagged("post_install", "-at_install")
class TestTaggedOrders(LifeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.elsewhere = cls.env["stock.warehouse"].create({"name": "Marketplace", "code": "MKT"})
        cls.rule = {"tag_rule": True, "tag_rule_tags": "FBA, amazon ", "tag_rule_warehouse_id": cls.elsewhere.id}
        cls.instance.write(cls.rule)
        cls.user = cls.make_user("tag_user", "shopify_sync.group_user")
        cls.clerk = cls.make_user("tag_clerk", "sales_team.group_sale_salesman_all_leads")

    def job(self):
        return self.instance._schedule("order_tagged")

    def test_the_normal_import_sends_an_order_with_the_tag_through_the_shipped_flow(self):
        order, other = self.place(tags=["fba"]), self.place(tags=["retail"])
        self.run_operation()
        line = self.queue_line(order)
        self.assertEqual((line.kind, line.queue_id.kind, line.rule_tag), ("order_shipped", "order_shipped", "fba"))
        self.assertEqual((self.queue_line(other).kind, self.queue_line(other).rule_tag), ("order_unshipped", False))
        self.process()
        sale = self.sale_order(order)
        picking = sale.picking_ids
        self.assertEqual((sale.warehouse_id, picking.picking_type_id.warehouse_id), (self.elsewhere, self.elsewhere))
        self.assertEqual((picking.state, picking.date_done), ("done", sale.date_order))
        self.assertEqual(self.delivered(order), {str(line.id): line.quantity for line in order.lines})
        self.assert_paid_to_the_cent(sale, self.shopify_total(order))
        normal = self.sale_order(other)
        self.assertEqual((normal.warehouse_id, normal.shopify_rule_tag), (self.instance.warehouse_id, False))
        self.assertNotEqual(normal.picking_ids.state, "done")

    def test_shopify_is_not_told_of_a_tagged_order(self):
        order = self.place(tags=["AMAZON"])
        self.sync()
        picking = self.sale_order(order).picking_ids
        self.assertEqual(picking.shopify_send_state, "left_out")
        self.assertIn("AMAZON", picking.shopify_send_note)
        self.run_operation("fulfilment_export")
        self.assertFalse(order.fulfillments)
        self.assertFalse(self.env["shopify.queue.line"].search([("kind", "=", "fulfilment")]))

    def test_what_the_marketplace_ships_later_is_known_and_delivers_nothing_twice(self):
        order = self.place(tags=["fba"])
        self.sync()
        self.happens("fulfil", order)
        picking = self.sale_order(order).picking_ids
        self.assertEqual((len(picking), picking.shopify_sent, picking.shopify_send_state), (1, True, "sent"))
        self.assertEqual(self.delivered(order), {str(line.id): line.quantity for line in order.lines})
        before = self.snapshot(order)
        self.process_again()
        self.assertEqual(self.snapshot(order), before)

    def test_a_product_with_lots_waits_for_a_person(self):
        self.sim.store.add_product("Tracked", "LOT-T", "10.00")
        self.make_products(["LOT-T"], tracking="lot")
        order = self.place(lines=["LOT-T"], tags=["fba"])
        self.sync()
        picking = self.sale_order(order).picking_ids
        self.assertNotEqual(picking.state, "done")
        self.assertIn("enter the lot", picking.shopify_manual_action)

    def test_a_held_order_is_delivered_when_a_person_has_released_it(self):
        order = self.place(tags=["fba"], risk="HIGH")
        self.sync()
        sale = self.sale_order(order)
        self.assertEqual((sale.state, sale.picking_ids.ids), ("draft", []))
        sale.action_shopify_confirm_risk()
        self.env.invalidate_all()
        self.assertEqual((sale.state, sale.picking_ids.state), ("sale", "done"))

    def test_the_operation_brings_tagged_orders_only_and_a_user_may_run_it(self):
        order, other = self.place(tags=["fba"]), self.place()
        with self.own_cursor(self.user) as env:
            form = Form(env["shopify.operation"])
            form.instance_id = self.instance.with_env(env)
            self.assertIn("order_tagged", form.offered)
            form.operation = "order_tagged"
            wizard = form.save()
            wizard.action_execute()
            self.assertEqual(wizard.queue_ids.mapped("kind"), ["order_shipped"])
        self.process()
        self.assertTrue(self.sale_order(order))
        self.assertFalse(self.sale_order(other))
        with self.assertRaises(AccessError):
            self.env["shopify.operation"].with_user(self.clerk).create(
                {"instance_id": self.instance.id, "operation": "order_tagged"}
            )

    def test_without_the_rule_the_operation_is_not_offered_and_tags_change_nothing(self):
        self.instance.tag_rule = False
        order = self.place(tags=["fba"])
        with self.own_cursor(self.user) as env:
            form = Form(env["shopify.operation"])
            form.instance_id = self.instance.with_env(env)
            self.assertNotIn("order_tagged", form.offered)
            with self.assertRaisesRegex(UserError, "tagged-order rule"):
                env["shopify.run.starter"]._start(self.instance.with_env(env), "order_tagged")
        self.run_operation()
        self.assertEqual(self.queue_line(order).kind, "order_unshipped")

    def test_the_job_is_there_with_the_rule_once_an_hour_and_goes_with_it(self):
        self.assertEqual((self.job().interval_number, self.job().interval_type), (60, "minutes"))
        order = self.place(tags=["fba"])
        with self.own_cursor() as env:
            self.instance.with_env(env)._run_scheduled("order_tagged")
        self.assertEqual(self.queue_line(order).kind, "order_shipped")
        manager = self.make_user("tag_manager", "shopify_sync.group_manager")
        self.instance.with_user(manager).tag_rule = False
        self.assertFalse(self.job())
        self.instance.with_user(manager).tag_rule = True
        self.assertTrue(self.job())

    def test_an_order_that_a_webhook_tells_of_goes_the_same_way(self):
        order = self.place(tags=["fba"])
        handler = self.env["shopify.handler.order"]
        granted = self.env["shopify.scope"]._granted(self.instance)
        with self.own_cursor() as env:
            records, _unknown = handler.with_env(env)._fetch_ids(self.instance.with_env(env), [str(order.id)], granted)
            handler.with_env(env)._store_looked(self.instance.with_env(env), records)
        self.assertEqual((self.queue_line(order).kind, self.queue_line(order).rule_tag), ("order_shipped", "fba"))

    def test_a_rule_needs_tags_and_a_warehouse(self):
        for missing in ({"tag_rule_tags": " , "}, {"tag_rule_warehouse_id": False}):
            with self.subTest(missing), self.assertRaisesRegex(ValidationError, "at least one tag and a warehouse"):
                self.instance.write({**self.rule, **missing})


@tagged("post_install", "-at_install")
class TestLaterShipments(LifeCase):
    def test_a_later_shipment_validates_its_delivery_or_waits_for_the_warehouse_as_the_store_says(self):
        self.instance.auto_ship = False
        order, shipped = self.place(), self.place(fulfillment="fulfilled")
        self.sync()
        self.assertEqual(self.sale_order(shipped).picking_ids.state, "done", "it came as shipped")
        self.happens("fulfil", order)
        picking = self.sale_order(order).picking_ids
        self.assertNotEqual(picking.state, "done")
        self.assertIn("validate the delivery", picking.shopify_manual_action)
        picking.move_ids.picked = True
        picking.with_context(skip_sms=True).button_validate()
        self.assertEqual(picking.state, "done")
        self.assertFalse(picking.shopify_manual_action)
        self.assertEqual(picking.shopify_send_state, "sent", "Shopify knows it")
        self.instance.auto_ship = True
        other = self.place()
        self.sync()
        self.later()
        self.happens("fulfil", other)
        self.assertEqual(self.sale_order(other).picking_ids.state, "done")


@tagged("post_install", "-at_install")
class TestUpkeep(LifeCase):
    def test_what_ended_long_ago_is_removed_and_what_waits_stays(self):
        done, failed, fresh = self.place(), self.place(gateway="unheard-of"), self.place()
        self.sync()
        line, waiting, kept = (self.queue_line(order) for order in (done, failed, fresh))
        self.assertEqual((line.state, waiting.state, kept.state), ("done", "failed", "done"))
        long_ago = line.done_at - timedelta(days=31)
        line.done_at = waiting.done_at = long_ago
        lines = self.env["shopify.queue.line"]
        self.instance.keep_lines = 0
        lines._gc_lines()
        self.assertTrue(line.exists(), "0 keeps everything")
        self.instance.keep_lines = 30
        self.assertEqual(lines._gc_lines(), (1, False))
        self.assertFalse(line.exists())
        self.assertTrue(waiting.exists() and kept.exists())

    def test_a_queue_goes_with_its_last_line(self):
        order = self.place()
        self.sync()
        line = self.queue_line(order)
        queue = line.queue_id
        queue.line_ids.done_at = line.done_at - timedelta(days=31)
        self.env["shopify.queue.line"]._gc_lines()
        self.assertFalse(queue.exists())
        self.assertTrue(self.sale_order(order), "the order is nobody's to remove")

    def test_log_lines_go_when_they_are_solved_and_errors_stay_as_long_as_their_record_waits(self):
        self.place(gateway="unheard-of")
        self.sync()
        log = self.logs(cause="no_workflow")
        log.last_seen -= timedelta(days=91)
        self.env["shopify.log.line"]._gc_logs()
        self.assertTrue(log.exists())
        log.resolved = True
        self.env["shopify.log.line"]._gc_logs()
        self.assertFalse(log.exists())
