"""One Shopify order is one order in Odoo, whatever is repeated."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from .common import ShopifyCase


@tagged("post_install", "-at_install")
class TestOnce(ShopifyCase):
    def assert_once(self, order):
        sale_order = self.sale_order(order)
        self.assertEqual(len(sale_order), 1)
        self.assert_paid_to_the_cent(sale_order, self.shopify_total(order))
        self.assertEqual(len(sale_order.shopify_payment_ids.payment_id), 1)

    def test_an_order_becomes_a_confirmed_invoiced_and_paid_order(self):
        order = self.place(shipping="4.90", taxes="US-NY")
        counts = self.import_orders()
        self.assertEqual(counts["done"], 1, counts)
        self.assert_once(order)

    def test_an_order_on_a_repeated_page_is_imported_once(self):
        order = self.place()
        run = self.run_operation(**{"from": self._before()})
        run.write({"state": "running", "page_cursor": False, "busy_until": False, "finished_at": False})
        self.env.flush_all()
        self.env["shopify.run.starter"]._advance(self.instance._for_jobs(), run.id)
        self.env.invalidate_all()
        self.assertEqual(run.state, "done")
        self.assertEqual(run.record_count, 2, "the page was read twice")
        self.process()
        self.assert_once(order)

    def test_an_order_of_two_runs_and_of_the_wizard_and_the_schedule_is_imported_once(self):
        order = self.place()
        self.run_operation()
        self.run_operation("order_by_id", tokens=order.name, source="by_id")
        self.instance.action_check_connection()
        self.env.flush_all()
        self.env["shopify.run.starter"]._run_scheduled(self.instance._for_jobs(), "order_unshipped")
        self.env.invalidate_all()
        lines = self.env["shopify.queue.line"].search([("shopify_id", "=", str(order.id))])
        self.assertEqual(len(lines), 1, "a repeat renews the open line")
        self.process()
        self.run_operation("order_by_id", tokens=str(order.id), source="by_id")
        self.process()
        self.assert_once(order)

    def test_an_order_that_two_lines_of_one_batch_bring_is_imported_once(self):
        order = self.place()
        self.run_operation()
        line = self.queue_line(order)
        payload = line.payload
        queue = self.env["shopify.queue"].create(
            {"instance_id": self.instance.id, "kind": "order_shipped", "source": "manual"}
        )
        line.copy({"queue_id": queue.id, "kind": "order_shipped", "payload": payload})
        self.assertEqual(self.process()["done"], 2)
        self.assert_once(order)

    def test_importing_everything_again_changes_nothing(self):
        self.place(shipping="4.90", taxes="DE", customer="guest")
        self.place(financial="pending", risk="HIGH")
        self.place(fulfillment="partial", lines=[(self.skus[0], 3)], tracking={"company": "UPS", "number": "1Z"})
        self.place(
            payments=[{"gateway": "gift_card", "amount": "1.00"}, {"gateway": "shopify_payments", "amount": "5.00"}]
        )
        self.import_orders()
        before = self.state_of_books()
        again = self.run_operation(**{"from": self._before()})
        self.assertEqual((again.record_count, again.queued_count), (4, 0), "unchanged orders are left out at once")
        self.process()
        self.assertEqual(self.state_of_books(), before)
        lines = self.env["shopify.queue.line"].search([("instance_id", "=", self.instance.id)])
        lines.write({"state": "draft"})
        self.process()
        self.assertEqual(set(lines.mapped("state")), {"done"})
        after = self.state_of_books()
        for model, rows in before.items():
            self.assertEqual([row[0] for row in after[model]], [row[0] for row in rows], f"{model} made or removed")

    def _before(self):
        return fields.Datetime.to_string(fields.Datetime.now() - timedelta(days=2))

    # The database itself says what may exist once

    def assert_unique(self, record, values=None):
        self.env.flush_all()
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            record.copy(values or {})
            self.env.flush_all()

    def test_the_database_refuses_a_second_sale_order_of_a_shopify_order(self):
        sale_order = self.bring()
        self.assert_unique(
            sale_order,
            {"shopify_instance_id": self.instance.id, "shopify_order_id": sale_order.shopify_order_id, "name": "Other"},
        )

    def test_the_database_refuses_a_second_line_of_a_shopify_line(self):
        line = self.bring().order_line[0]
        self.assert_unique(line, {"order_id": line.order_id.id, "shopify_line_id": line.shopify_line_id})

    def test_the_database_refuses_a_second_payment_of_a_transaction(self):
        row = self.bring().shopify_payment_ids
        self.assert_unique(row)
        self.assert_unique(
            row.payment_id,
            {"shopify_instance_id": self.instance.id, "shopify_transaction_id": row.transaction_id},
        )

    def test_the_database_refuses_a_second_open_line_of_a_record(self):
        order = self.place()
        self.run_operation()
        self.assert_unique(self.queue_line(order))

    def test_the_database_refuses_a_second_link_tax_gateway_and_combination(self):
        order = self.place(taxes="US-NY")
        self.import_orders(order)
        domain = [("instance_id", "=", self.instance.id)]
        for model in (
            "shopify.customer",
            "shopify.product",
            "shopify.product.variant",
            "shopify.tax.mapping",
            "shopify.payment.gateway",
            "shopify.financial.status",
            "shopify.location",
            "shopify.feed",
            "shopify.scope",
            "shopify.connection",
        ):
            if model == "shopify.feed":
                self.env[model]._of(self.instance, "order_unshipped")
            with self.subTest(model=model):
                record = self.env[model].search(domain, limit=1)
                self.assertTrue(record)
                self.assert_unique(record, {"shopify_id": record.shopify_id} if "shopify_id" in record else {})

    def test_the_database_refuses_a_second_running_run(self):
        run = self.env["shopify.run"].create({"instance_id": self.instance.id, "operation": "order_unshipped"})
        self.assert_unique(run)

    def test_a_store_cannot_be_connected_twice(self):
        self.env.flush_all()
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self.env["shopify.instance"].create({"name": "Twin", "shop_domain": self.sim.domain})
