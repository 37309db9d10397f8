"""Operations have their own options; queues can be stopped, also on the way out; jobs that are off run when asked to."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_out import OutgoingCase
from .common_shipments import ShipmentCase
from .stock_case import StockCase
from .test_metafields_follow import GIFT, MetafieldCase
from .test_queues import QueueCase


@tagged("post_install", "-at_install")
class TestMetafieldOptions(MetafieldCase):
    def read_them(self, **values):
        with self.own_cursor(self.user) as env:
            with Form(env["shopify.operation"]) as form:
                form.instance_id = self.instance.with_env(env)
                form.operation = "metafield"
                for name, value in values.items():
                    setattr(form, name, value)
            form.record.action_execute()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls.make_user("metafield_user", "shopify_sync.group_user")

    def setUp(self):
        super().setUp()
        self.gift = self.map("order", "gift", "client_order_ref")
        self.tier = self.map("customer", "tier", "ref")
        self.order = self.place_one(**GIFT)
        self.import_orders(self.order)
        self.sim.requests.clear()

    def found(self):
        sale = self.sale_order(self.order)
        return sale.client_order_ref, sale.partner_id.ref

    def test_only_the_kinds_of_records_chosen_are_read(self):
        self.read_them(of_order=False, of_product=False, of_variant=False)
        self.assertEqual(self.found(), (False, "gold"))
        self.read_them()
        self.assertEqual(self.found(), ("Birthday", "gold"))

    def test_only_the_metafields_chosen_are_read(self):
        with self.own_cursor(self.user) as env:
            wizard = env["shopify.operation"].create(
                {
                    "instance_id": self.instance.id,
                    "operation": "metafield",
                    "metafield_mapping_ids": [(6, 0, self.gift.ids)],
                }
            )
            wizard.action_execute()
        self.assertEqual(self.found(), ("Birthday", False))
        self.assertEqual(self.asked(), 1)

    def test_a_choice_that_reads_nothing_is_refused(self):
        with self.assertRaisesRegex(UserError, "at least one kind of record"):
            self.read_them(of_order=False, of_product=False, of_variant=False, of_customer=False)


@tagged("post_install", "-at_install")
class TestStockImportOptions(StockCase):
    def bring(self, **values):
        with self.own_cursor(self.user) as env:
            wizard = env["shopify.operation"].create(
                {"instance_id": self.instance.id, "operation": "stock_import", **values}
            )
            wizard.action_execute()

    def test_variants_without_a_product_are_left_alone_or_listed_as_the_user_wants(self):
        self.variants[0].product_id = False
        self.bring()
        self.assertFalse(self.logs(cause="stock_unlinked"))
        self.bring(only_linked=False)
        log = self.logs(cause="stock_unlinked")
        self.assertEqual((log.sku, log.count), (self.variants[0].sku, 1))
        self.assertIn("7 units", log.message)
        self.assertEqual(log.action_fix()["res_id"], self.variants[0].shopify_product_id.id)

    def test_a_stopped_queue_of_stock_sends_nothing_until_a_person_goes_on(self):
        self.change_stock(self.products[0], 2)
        self.commit()
        with self.own_cursor() as env:
            list(env["shopify.handler.stock"]._plan_marked(self.instance.with_env(env)._for_jobs()))
        queue = self.stock_lines().queue_id
        queue.with_user(self.user).action_stop()
        sender = self.env["shopify.stock.sender"]
        self.env.flush_all()
        self.assertIsNone(sender._send_batch(self.instance._for_jobs()))
        with self.own_cursor(self.user) as env:
            queue.with_env(env).action_process()
        self.assertEqual(set(queue.line_ids.mapped("state")), {"done"})

    def test_a_stock_export_that_is_off_sends_what_changed_when_it_is_run_now(self):
        manager = self.make_user("run_stock_now", "shopify_sync.group_manager")
        self.instance._schedule("stock_export").active = False
        self.change_stock(self.products[0], 2)
        self.commit()
        with self.own_cursor(manager) as env:
            self.instance.with_env(env)._run_now("stock_export")
        self.assertEqual(self.stock_lines().mapped("state"), ["done"])


@tagged("post_install", "-at_install")
class TestStopOutgoing(OutgoingCase):
    def test_a_stopped_queue_sends_nothing_until_a_person_goes_on(self):
        _order, sale_order = self.cancelled()
        self.sim.faults.add("status", "OrderCancel", times=1)
        self.cancel_in_shopify(sale_order)
        line = self.line_of(sale_order)
        self.assertEqual(line.state, "draft")
        line.next_attempt_at = False
        line.queue_id.with_user(self.user).action_stop()
        runner, store = self.env["shopify.runner"], self.instance._for_jobs()
        self.env.flush_all()
        self.assertEqual(runner._count_outgoing(self.instance), 0)
        self.assertIsNone(runner._send_one(store))
        self.assertEqual(self.asked_to_cancel(), 1)
        with self.own_cursor(self.user) as env:
            line.queue_id.with_env(env).action_process()
        self.assertEqual((self.asked_to_cancel(), line.queue_id.stopped), (2, False))

    def asked_to_cancel(self):
        return sum(request.operation == "OrderCancel" for request in self.sim.requests)


@tagged("post_install", "-at_install")
class TestStopShipments(ShipmentCase):
    def test_shipments_of_a_stopped_queue_wait(self):
        order, _sale, picking = self.bring_and_ship()
        line = self.line_of(picking)
        line.queue_id.with_user(self.user).action_stop()
        self.send()
        self.assertEqual(self.shipped(order), [])
        with self.own_cursor(self.user) as env:
            line.queue_id.with_env(env).action_process()
        self.assertEqual(len(self.shipped(order)), 1)


@tagged("post_install", "-at_install")
class TestRunNow(QueueCase):
    def test_every_job_that_is_off_does_its_work_when_a_manager_runs_it_now(self):
        manager = self.make_user("run_now", "shopify_sync.group_manager", "account.group_account_manager")
        self.instance.stock_confirmed_at = self.instance.create_date
        order = self.place()
        self.queued(order)
        for key in sorted(self.instance.sudo().cron_ids.mapped("shopify_operation")):
            with self.subTest(key), self.own_cursor(manager) as env:
                self.assertFalse(self.instance._schedule(key).active)
                action = self.instance.with_env(env)._run_now(key)
                self.assertEqual(action["type"], "ir.actions.client", action)
                self.assertNotEqual(action["params"]["type"], "danger", action)
        self.assertTrue(self.sale_order(order), "the job that processes orders was run, too")

    def test_a_lane_that_is_run_now_leaves_the_others_alone(self):
        order = self.place()
        line = self.queued(order)
        with self.own_cursor() as env:
            self.instance.with_env(env)._run_now("process_customers")
        self.assertEqual(line.state, "draft")

    def test_a_user_runs_no_job(self):
        self.instance._start_schedules()
        with self.assertRaises(AccessError):
            self.env["shopify.schedules"].with_user(self.user).create({"instance_id": self.instance.id})


@tagged("post_install", "-at_install")
class TestProcessDialog(QueueCase):
    def dialog(self, records, user=None, **values):
        with self.own_cursor(user or self.user) as env:
            context = {"active_model": records._name, "active_ids": records.ids}
            with Form(env["shopify.process"].with_context(**context)) as form:
                for name, value in values.items():
                    setattr(form, name, value)
                self.assertEqual(form.open_count, 1)
            form.record.action_process()

    def changed(self):
        order = self.place(note="first")
        line = self.queued(order)
        self.sim.clock.advance(60)
        self.sim.store.update(order, note="second")
        return order, line

    def test_stored_data_are_used(self):
        order, line = self.changed()
        self.dialog(line.queue_id)
        self.assertIn("first", self.sale_order(order).note)

    def test_what_shopify_says_now_is_used_when_it_is_to_be_fetched_again(self):
        order, line = self.changed()
        self.dialog(line, get_again=True)
        self.assertIn("second", self.sale_order(order).note)

    def test_nobody_without_a_shopify_role_processes(self):
        line = self.queued(self.place())
        clerk = self.make_user("process_clerk", "sales_team.group_sale_salesman_all_leads")
        with self.assertRaises(AccessError):
            self.dialog(line, clerk)


@tagged("post_install", "-at_install")
class TestQueueColumns(QueueCase):
    def test_a_user_reads_the_raw_data_without_personal_data(self):
        line = self.queued(self.place(note="Ring twice", email="ada@example.com", customer={"first_name": "Ada"}))
        text = line.with_user(self.user).payload_masked
        self.assertIn(line.reference, text)
        self.assertIn(self.skus[0], text)
        for secret in ("Ada", "ada@example.com", "Ring twice"):
            self.assertIn(secret, line.payload)
            self.assertNotIn(secret, text)

    def test_raw_data_that_are_no_json_are_not_shown_to_users(self):
        line = self.queued(self.place())
        line.payload = "{broken: ada@example.com"
        self.assertEqual(line.with_user(self.user).payload_masked, "")

    def test_a_line_names_its_document_and_when_shopify_shipped_it(self):
        order = self.place(fulfillment="fulfilled")
        self.import_orders(order)
        line = self.queue_line(order)
        self.assertEqual(line.document_name, self.sale_order(order).display_name)
        self.assertTrue(line.fulfilled_at)

    def test_running_queues_are_found(self):
        queue = self.queued(self.place()).queue_id
        queues = self.env["shopify.queue"]
        self.assertNotIn(queue, queues.search([("running", "=", True)]))
        queue._mark_busy()
        self.assertIn(queue, queues.search([("running", "=", True)]))
        self.assertNotIn(queue, queues.search([("running", "=", False)]))

    def test_a_queue_is_found_by_the_sku_of_its_product(self):
        product = self.sim.store.products[0]
        run = self.run_operation("product_by_id", tokens=str(product.id), source="by_id")
        sku = run.queue_ids.line_ids.skus.split(",")[0]
        view = self.env.ref("shopify_sync.shopify_queue_view_search").arch
        self.assertIn("line_ids.skus", view)
        self.assertEqual(self.env["shopify.queue"].search([("line_ids.skus", "ilike", sku)]), run.queue_ids)


@tagged("post_install", "-at_install")
class TestCombinations(QueueCase):
    def statuses(self, code):
        lines = self.env["shopify.financial.status"].search([("gateway_id.code", "=", code)])
        return sorted(lines.mapped("order_status"))

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.make_user("finder", "shopify_sync.group_manager")

    def find(self):
        with self.own_cursor(self.manager) as env:
            self.instance.with_env(env).action_find_combinations()

    def test_a_new_gateway_gets_one_line_for_any_order_status(self):
        self.place(gateway="wire")
        self.place(gateway="wire", fulfillment="fulfilled")
        self.find()
        self.assertEqual(self.statuses("wire"), ["any"])

    def test_where_order_statuses_are_told_apart_the_one_that_is_missing_is_added(self):
        self.place(gateway="wire")
        self.find()
        lines = self.env["shopify.financial.status"].search([("gateway_id.code", "=", "wire")])
        lines.order_status = "unshipped"
        self.place(gateway="wire", fulfillment="fulfilled")
        self.find()
        self.assertEqual(self.statuses("wire"), ["fulfilled", "unshipped"])
