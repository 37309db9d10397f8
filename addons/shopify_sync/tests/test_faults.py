"""Shopify away, slow, broken or closed: nothing is lost, nothing doubled, and the store says what is wrong."""

import logging
from datetime import timedelta

from odoo import fields
from odoo.addons.shopify_sync import shopify_api
from odoo.addons.shopify_sync.models import shopify_connection
from odoo.addons.shopify_sync.shopify_api import API_VERSION
from odoo.exceptions import UserError
from odoo.tests import tagged

from shopify_simulator.scopes import DEFAULT_SCOPES

from .common import ShopifyCase

ORDERS = 3
#: Every fault of the plan that an import can meet, with its options.
FAULTS = [
    ("reset", {}),
    ("timeout", {"seconds": 0.2}),
    ("lost", {}),
    ("late", {"seconds": 0.2}),
    ("lost_timeout", {"seconds": 0.2}),
    ("status", {"status": 500}),
    ("status", {"status": 502}),
    ("status", {"status": 503}),
    ("status", {"status": 429, "retry_after": 3}),
    ("status_after", {"status": 503}),
    ("throttled", {}),
    ("internal", {}),
    ("cut", {}),
    ("garbage", {}),
    ("version", {}),
]


class FaultCase(ShopifyCase):
    def check_connection(self):
        """Test Connection; '' or the reason why it does not work."""
        # assertRaises would roll back what is noted about the problem
        try:
            self.instance.action_check_connection()
        except UserError as error:
            return str(error)
        finally:
            self.env.invalidate_all()
        return ""

    def go_on(self, run):
        """Let time pass and the job that continues runs do its work; until the run is over."""
        for _round in range(8):
            if run.state != "running":
                return
            self.assertGreater(run.next_attempt_at, fields.Datetime.now(), "a waiting run says when it goes on")
            self.assertTrue(run.message, "and why it waits")
            run.next_attempt_at = fields.Datetime.now() - timedelta(seconds=1)
            self.env.flush_all()
            with self.own_cursor() as env:
                env["shopify.run.starter"]._cron_continue()
        self.fail(f"the run does not end: {run.message}")

    def assert_all_once(self, orders):
        self.process()
        for order in orders:
            self.assertEqual(len(self.sale_order(order)), 1)
            self.assert_paid_to_the_cent(self.sale_order(order), self.shopify_total(order))
            self.assertEqual(len(self.sale_order(order).shopify_payment_ids.payment_id), 1)

    def run_small_pages(self, start):
        """An import that needs several requests."""
        return self.run_operation(page_size=1, **{"from": start.strftime("%Y-%m-%d %H:%M:%S")})


@tagged("post_install", "-at_install")
class TestFaultsDuringImport(FaultCase):
    def test_no_order_is_lost_or_doubled_whatever_fault_strikes_once(self):
        for kind, options in FAULTS:
            with self.subTest(fault=kind, **options):
                self.sim.clock.advance(10)
                start = self.sim.clock.now()
                orders = [self.place() for _number in range(ORDERS)]
                self.sim.faults.add(kind, "OrdersPage", after=1, **options)
                run = self.run_small_pages(start)
                if kind == "garbage":
                    # something else answered in the store's place: a person should look, then imports again
                    self.assertEqual(run.state, "failed")
                    self.assertIn("no answer of Shopify", run.message)
                    run = self.run_small_pages(start)
                self.go_on(run)
                self.assertEqual(run.state, "done", run.message)
                self.assert_all_once(orders)

    def test_faults_that_last_make_the_run_wait_longer_and_longer_then_fail_in_words(self):
        self.place()
        self.sim.faults.add("status", "OrdersPage", times=None, status=503)
        run = self.run_operation()
        self.assertEqual(run.state, "running")
        waits = []
        for _round in range(6):
            if run.state != "running":
                break
            waits.append((run.next_attempt_at - fields.Datetime.now()).total_seconds())
            run.next_attempt_at = fields.Datetime.now() - timedelta(seconds=1)
            self.env.flush_all()
            with self.own_cursor() as env:
                env["shopify.run.starter"]._cron_continue()
        self.assertEqual(run.state, "failed")
        self.assertIn("503", run.message)
        self.assertEqual(waits, sorted(waits))
        self.assertEqual(self.logs(record_key="run:order_unshipped").cause, "ServerFault")
        self.sim.faults.clear()
        self.assertEqual(self.run_operation().state, "done")

    def test_a_closed_port_makes_the_run_wait(self):
        order = self.place()
        self.sim.refuse()
        self.addCleanup(self.sim.accept)
        run = self.run_operation()
        self.assertEqual((run.state, run.queued_count), ("running", 0))
        self.sim.accept()
        self.go_on(run)
        self.assert_all_once([order])

    def test_a_spent_budget_waits_for_the_time_shopify_needs_and_goes_on(self):
        orders = [self.place() for _number in range(ORDERS)]
        self.sim.bucket.drain()
        rate, self.sim.bucket.restore_rate = self.sim.bucket.restore_rate, 50
        self.addCleanup(setattr, self.sim.bucket, "restore_rate", rate)
        run = self.run_operation()
        self.assertEqual(run.state, "running")
        self.assertTrue(0 < (run.next_attempt_at - fields.Datetime.now()).total_seconds() < 60)
        self.assertEqual(run.attempts, 0, "to wait for the budget is no attempt")
        sent = len(self.sim.requests)
        self.env.flush_all()
        with self.own_cursor() as env:
            env["shopify.run.starter"]._cron_continue()
        self.assertEqual(len(self.sim.requests), sent, "nothing is asked before the time")
        self.sim.bucket.restore_rate = 10**6
        self.instance.connection_ids.write({"bucket_available": 2000})
        self.go_on(run)
        self.assert_all_once(orders)

    def test_the_page_reached_is_not_read_again(self):
        start = self.sim.clock.now()
        for _number in range(ORDERS):
            self.place()
        self.sim.faults.add("throttled", "OrdersPage", after=2)
        run = self.run_small_pages(start)
        self.assertEqual(run.record_count, 2)
        self.go_on(run)
        self.assertEqual(run.record_count, ORDERS)

    def test_a_run_whose_worker_died_is_taken_over_after_its_lease(self):
        order = self.place()
        run = self.env["shopify.run"].create(
            {
                "instance_id": self.instance.id,
                "operation": "order_unshipped",
                "options": {},
                "busy_until": fields.Datetime.now() + timedelta(minutes=1),
            }
        )
        with self.own_cursor() as env:
            env["shopify.run.starter"]._cron_continue()
        self.env.flush_all()
        self.env["shopify.run.starter"]._run_scheduled(self.instance._for_jobs(), "order_unshipped")
        self.env.invalidate_all()
        self.assertEqual((run.state, run.record_count), ("running", 0), "another worker has it")
        run.busy_until = fields.Datetime.now() - timedelta(seconds=1)
        with self.own_cursor() as env:
            env["shopify.run.starter"]._cron_continue()
        self.assertEqual(run.state, "done")
        self.assert_all_once([order])

    def test_the_products_of_an_order_that_cannot_be_read_now_wait(self):
        self.instance.write({"unknown_product": "fetch", "product_create": True})
        order = self.place(lines=[self.sim.store.skus()[30]])
        self.sim.faults.add("cut", "ProductsByIds", times=2)
        self.import_orders(order)
        line = self.queue_line(order)
        self.assertEqual(line.state, "draft")
        line.next_attempt_at = False
        self.assert_all_once([order])


@tagged("post_install", "-at_install")
class TestSignIn(FaultCase):
    store_values = {
        "auth_mode": "client_credentials",
        "access_token": False,
        "client_id": "simulator-client",
        "client_secret": "simulator-secret",
    }

    def setUp(self):
        super().setUp()
        # the simulator does not forget tokens that another test withdrew
        self.assertFalse(self.check_connection())

    @property
    def connection(self):
        return self.instance.connection_ids

    def test_one_token_serves_all_requests(self):
        issued = self.sim.access.tokens_issued
        self.place()
        self.import_orders()
        self.assertEqual(self.sim.access.tokens_issued, issued)

    def test_a_token_is_renewed_before_its_end(self):
        issued = self.sim.access.tokens_issued
        self.connection.token_expires_at = fields.Datetime.now() + timedelta(minutes=10)
        self.assertFalse(self.check_connection())
        self.assertEqual(self.sim.access.tokens_issued, issued + 1)
        self.assertGreater(self.connection.token_expires_at, fields.Datetime.now() + timedelta(hours=20))

    def test_a_refused_token_is_renewed_once_and_the_request_goes_through(self):
        order = self.place()
        issued = self.sim.access.tokens_issued
        self.sim.access.revoke_tokens()
        self.import_orders(order)
        self.assertEqual(self.sim.access.tokens_issued, issued + 1)
        self.assertTrue(self.sale_order(order))

    def test_several_connections_with_one_expired_token_renew_it_once(self):
        issued = self.sim.access.tokens_issued
        self.sim.access.revoke_tokens()
        model = self.env["shopify.connection"]
        credentials = {
            "shop_domain": self.sim.domain,
            "client_id": "simulator-client",
            "client_secret": "simulator-secret",
        }
        refused = self.connection.token
        tokens = {model._renew_token(self.instance, credentials, refused) for _worker in range(4)}
        self.assertEqual(len(tokens), 1)
        self.assertEqual(self.sim.access.tokens_issued, issued + 1)

    def test_while_one_worker_renews_the_others_wait(self):
        self.connection.write(
            {"token": False, "token_expires_at": False, "renewing_until": fields.Datetime.now() + timedelta(seconds=30)}
        )
        issued = self.sim.access.tokens_issued
        with self.assertRaises(shopify_api.Throttled):
            self.env["shopify.connection"]._execute(self.instance, "shop/Connection")
        self.assertEqual(self.sim.access.tokens_issued, issued)
        self.connection.renewing_until = fields.Datetime.now() - timedelta(seconds=1)
        self.assertFalse(self.check_connection())
        self.assertEqual(self.sim.access.tokens_issued, issued + 1, "a dead worker's lease ends")

    def test_a_wrong_secret_is_a_connection_problem_in_words(self):
        self.connection.write({"token": False, "token_expires_at": False})
        self.instance.client_secret = "wrong"
        reason = self.check_connection()
        self.assertEqual(self.instance.state, "problem")
        self.assertIn("secret", self.instance.problem)
        self.assertIn(self.instance.problem, reason)

    def test_an_app_that_was_uninstalled_stops_the_import_in_words_and_a_log_line(self):
        self.place()
        self.sim.access.installed = False
        self.addCleanup(setattr, self.sim.access, "installed", True)
        self.sim.access.revoke_tokens()
        run = self.run_operation()
        self.assertEqual(run.state, "failed")
        self.assertTrue(run.message)
        self.assertEqual(self.instance.state, "problem")
        log = self.logs(record_key="run:order_unshipped")
        self.assertEqual((log.severity, log.cause), ("error", "SignInRefused"))
        self.assertEqual(log.action_fix()["res_model"], "shopify.instance")
        self.sim.access.installed = True
        self.assertFalse(self.check_connection())
        self.assertEqual((self.instance.state, self.instance.problem), ("connected", False))

    def test_schedules_pause_while_the_connection_has_a_problem(self):
        self.place()
        self.instance.state = "problem"
        self.sim.requests.clear()
        self.instance._run_scheduled("order_unshipped")
        self.assertFalse(self.sim.requests)

    def test_secrets_are_in_no_log_line_run_or_message(self):
        token = self.connection.token
        with self.assertLogs("odoo.addons.shopify_sync", logging.INFO) as captured:
            self.assertFalse(self.check_connection())
            self.connection.write({"token": False, "token_expires_at": False})
            self.instance.client_secret = "very-secret-value"
            run = self.run_operation()
        self.assertEqual(run.state, "failed")
        texts = [run.message, *self.logs().mapped("message"), *filter(None, self.logs().mapped("technical"))]
        for text in (*texts, *captured.output):
            self.assertNotIn("very-secret-value", text)
            self.assertNotIn(token, text)


@tagged("post_install", "-at_install")
class TestCostOfIds(FaultCase):
    def test_orders_come_by_their_ids_also_where_shopify_counts_each_id(self):
        orders = [self.place() for _number in range(9)]
        self.sim.app.each_id_counts = True
        self.addCleanup(setattr, self.sim.app, "each_id_counts", False)
        self.addCleanup(shopify_connection._FITTING.clear)
        for _turn in range(2):
            self.sim.bucket.drain(2000)
            self.env["shopify.connection"].search([("instance_id", "=", self.instance.id)]).bucket_available = 2000
            self.sim.requests.clear()
            records, unknown = self.env["shopify.handler.order"]._fetch_ids(
                self.instance, [str(order.id) for order in orders], frozenset(DEFAULT_SCOPES)
            )
            self.assertEqual([order["name"] for order in records], [order.name for order in orders])
            self.assertFalse(unknown)
        refused = [one for one in self.sim.requests if "MAX_COST_EXCEEDED" in one.errors]
        self.assertFalse(refused, "what fits is found out once")


@tagged("post_install", "-at_install")
class TestPermanentToken(FaultCase):
    def test_a_withdrawn_permanent_token_is_a_connection_problem(self):
        self.place()
        self.instance.access_token = "shpat_withdrawn"
        run = self.run_operation()
        self.assertEqual((run.state, self.instance.state), ("failed", "problem"))
        self.assertIn("Reset credentials", run.message)
        self.assertNotIn("shpat_withdrawn", run.message)

    def test_credentials_of_another_store_are_refused(self):
        other = self.start_simulator(seed=9)
        self.instance.shop_domain = other.domain
        self.assertIn("another Shopify store", self.check_connection())

    def test_new_credentials_bring_the_store_back(self):
        self.instance.access_token = "shpat_withdrawn"
        self.assertTrue(self.check_connection())
        self.assertEqual(self.instance.state, "problem")
        wizard = self.env["shopify.credentials"].create(
            {"instance_id": self.instance.id, "auth_mode": "permanent_token", "access_token": "shpat_still_wrong"}
        )
        with self.assertRaises(UserError):
            wizard.action_save()
        wizard.access_token = "shpat_simulator"
        wizard.action_save()
        self.assertEqual(self.instance.state, "connected")


@tagged("post_install", "-at_install")
class TestPermissions(FaultCase):
    def grant(self, *without):
        """Take scopes away, as the app's new version would."""
        scopes = list(self.sim.access.scopes)
        self.addCleanup(setattr, self.sim.access, "scopes", scopes)
        self.sim.access.scopes = [scope for scope in scopes if not any(scope.endswith(name) for name in without)]

    def test_a_store_without_read_orders_is_refused_by_name(self):
        self.grant("read_orders", "write_orders", "read_all_orders")
        wizard = self.env["shopify.new.store"].create(
            {
                "name": "Second",
                "shop_domain": "127.0.0.1:1",
                "auth_mode": "permanent_token",
                "access_token": "shpat_simulator",
            }
        )
        with self.assertRaisesRegex(UserError, "read_orders"):
            wizard._probe(self.sim.domain)

    def test_a_permission_taken_away_later_fails_the_import_and_names_it(self):
        self.place()
        self.grant("read_orders", "write_orders", "read_all_orders")
        run = self.run_operation()
        self.assertEqual(run.state, "failed")
        self.assertIn("read_orders", run.message)
        self.assertEqual(self.logs(record_key="run:order_unshipped").cause, "AccessDenied")
        self.assertFalse(self.check_connection())
        row = self.instance.scope_ids.filtered(lambda one: one.function == "orders")
        self.assertFalse(row.works)
        self.assertIn("read_orders", row.missing)

    def test_without_optional_permissions_orders_still_arrive(self):
        self.grant("payment_terms", "fulfillment_orders", "_locations", "_inventory", "_fulfillments", "_companies")
        self.assertFalse(self.check_connection())
        works = {row.function: row.works for row in self.instance.scope_ids}
        self.assertTrue(works["orders"])
        self.assertFalse(works["payment_terms"] or works["fulfillment_orders"])
        order = self.place(
            shipping="4.90", company=True, terms="net30", fulfillment="partial", lines=[(self.skus[0], 2)]
        )
        self.assertEqual(self.run_operation().state, "done")
        self.process()
        self.assert_paid_to_the_cent(self.sale_order(order), self.shopify_total(order))

    def test_another_answered_version_and_deprecated_calls_are_shown_on_the_store(self):
        self.sim.faults.add("version", "Connection", version="2026-10")
        self.assertFalse(self.check_connection())
        self.assertEqual((self.instance.api_version, self.instance.api_version_answered), (API_VERSION, "2026-10"))
        self.instance.connection_ids.deprecated_reason = "https://shopify.dev/changelog/1"
        self.env.invalidate_all()
        self.assertEqual(self.instance.deprecated_reason, "https://shopify.dev/changelog/1")

    def test_a_missing_store_and_a_frozen_one_are_told_apart(self):
        for status, words in ((402, "frozen"), (404, "no Shopify store"), (423, "locked")):
            with self.subTest(status=status):
                self.sim.faults.add("status", "Connection", status=status)
                self.assertIn(words, self.check_connection())
                self.assertEqual(self.instance.state, "problem")
