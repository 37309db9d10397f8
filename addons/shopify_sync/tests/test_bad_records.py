"""One bad record never stops the others, whatever Odoo or another module raises; unfinished orders never hold the job."""

from unittest.mock import patch

from odoo.addons.shopify_sync.models import workflow
from odoo.exceptions import RedirectWarning
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ShopifyCase

RUNNER_LOG = "odoo.addons.shopify_sync.models.runner"


@tagged("post_install", "-at_install")
class TestBadRecords(ShopifyCase):
    def test_a_record_that_a_constraint_of_the_database_refuses_fails_alone(self):
        self.env.cr.execute("ALTER TABLE sale_order ADD CONSTRAINT refuse CHECK (client_order_ref <> 'REFUSED')")
        orders = [self.place(), self.place(po_number="REFUSED"), self.place()]
        with mute_logger("odoo.sql_db", RUNNER_LOG):
            counts = self.import_orders(*orders)
        self.assertEqual((counts["done"], counts["failed"]), (2, 1), counts)
        line = self.queue_line(orders[1])
        self.assertEqual(line.state, "failed")
        self.assertEqual(len(line.log_line_ids), 1)

    def test_a_record_that_breaks_an_index_waits_and_does_not_block_the_others(self):
        self.env.cr.execute("CREATE UNIQUE INDEX only_one ON sale_order (client_order_ref)")
        self.bring(po_number="TWICE")
        orders = [self.place(po_number="TWICE"), self.place(), self.place()]
        with mute_logger("odoo.sql_db", RUNNER_LOG):
            counts = self.import_orders(*orders)
        self.assertEqual((counts["done"], counts["later"]), (2, 1), counts)
        self.assertEqual(self.queue_line(orders[0]).attempts, 1)

    def test_a_step_that_sends_people_elsewhere_is_a_failed_step(self):
        order = self.place()
        warning = RedirectWarning("No chart of accounts.", 1, "Go there")
        with patch.object(self.registry["account.move"], "action_post", side_effect=warning):
            counts = self.import_orders(order)
        self.assertEqual(counts["done"], 1, counts)
        sale_order = self.sale_order(order)
        self.assertEqual(sale_order.state, "sale")
        log = self.env["shopify.log.line"].search([("cause", "=", "step_invoice"), ("res_id", "=", sale_order.id)])
        self.assertIn("No chart of accounts.", log.message)

    def test_orders_that_wait_for_their_delivery_do_not_keep_the_job_running(self):
        self.env["product.product"].search([("default_code", "in", self.skus)]).invoice_policy = "delivery"
        for _number in range(2):
            self.bring()
        rounds = []
        model = self.registry["shopify.workflow"]
        run = model._run

        def counted(*args, **kwargs):
            rounds.append(1)
            self.assertLess(len(rounds), 5, "the same orders again and again")
            return run(*args, **kwargs)

        limit = patch.object(workflow, "CONTINUE_LIMIT", 1)
        with self.own_cursor() as env, limit, patch.object(model, "_run", counted):
            env["shopify.workflow"]._cron_continue()
        self.assertEqual(len(rounds), 3)
