"""Privacy requests of Shopify are answered; what books need stays."""

from odoo.tests import tagged

from .webhook_case import WebhookCase

CUSTOMER = {"first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.com", "address": "US"}


@tagged("post_install", "-at_install")
class TestWebhookPrivacy(WebhookCase):
    def setUp(self):
        super().setUp()
        self.sim.webhooks.compliance_uri = self.address
        self.order = self.place(customer=CUSTOMER)
        self.other = self.place(customer={**CUSTOMER, "first_name": "Grace", "email": "grace@example.com"})
        self.import_orders(self.order, self.other)

    def ask(self, topic, customer=None):
        self.sim.webhooks.privacy(topic, customer)
        (sent,) = self.deliver()
        self.assertEqual(sent.statuses, [200])
        self.work_off()
        event = self.events()[-1]
        self.assertEqual(event.state, "processed")
        return event

    def test_a_data_request_is_answered_and_says_what_odoo_holds(self):
        event = self.ask("customers/data_request", self.order.customer.id)
        self.assertIn("1 orders", event.message)
        log = self.logs(cause="data_request")
        self.assertEqual((log.res_model, log.res_id), ("res.partner", self.sale_order(self.order).partner_id.id))
        self.assertNotIn("ada@example.com", log.message)

    def test_erasing_a_customer_removes_raw_data_and_leaves_the_invoice_as_it_is(self):
        sale_order = self.sale_order(self.order)
        invoice = sale_order.invoice_ids
        before = invoice.read(["name", "amount_total", "partner_id", "state", "invoice_date"]), invoice.line_ids.ids
        event = self.ask("customers/redact", self.order.customer.id)
        line = self.queue_line(self.order)
        self.assertFalse(line.payload or line.customer or line.email)
        link = self.env["shopify.customer"].search([("shopify_id", "=", str(self.order.customer.id))])
        self.assertEqual(len(link), 1, "the link stays")
        self.assertFalse(link.email or link.phone)
        self.assertFalse(event.body)
        after = invoice.read(["name", "amount_total", "partner_id", "state", "invoice_date"]), invoice.line_ids.ids
        self.assertEqual(after, before)
        self.assertTrue(self.queue_line(self.other).payload, "another customer's data stay")

    def test_erasing_finds_orders_that_shopify_does_not_list(self):
        self.post(
            "customers/redact", {"shop_id": 1, "customer": {"id": self.order.customer.id}, "orders_to_redact": []}
        )
        self.work_off()
        self.assertFalse(self.queue_line(self.order).payload)
        self.assertTrue(self.queue_line(self.other).payload)

    def test_a_line_that_still_waits_ends_when_its_data_are_erased(self):
        order = self.place(customer={**CUSTOMER, "email": "waits@example.com"}, lines=[{"sku": "UNKNOWN", "custom": False,
                           "title": "Unknown", "price": "3.00", "deleted": True}])  # fmt: skip
        self.import_orders(order)
        line = self.queue_line(order)
        line.state = "failed"
        self.ask("customers/redact", order.customer.id)
        self.assertEqual(line.state, "cancelled")

    def test_erasing_a_shop_removes_all_raw_data_and_keeps_the_documents(self):
        orders = self.sale_order(self.order) + self.sale_order(self.other)
        self.ask("shop/redact")
        lines = self.env["shopify.queue.line"].search([("instance_id", "=", self.instance.id)])
        self.assertFalse(any(lines.mapped("payload")))
        self.assertEqual(orders.mapped("state"), ["sale", "sale"])
        self.assertEqual(orders.invoice_ids.mapped("state"), ["posted", "posted"])

    def test_a_forged_request_is_refused_and_erases_nothing(self):
        self.sim.webhooks.fault("wrong_signature")
        self.sim.webhooks.privacy("customers/redact", self.order.customer.id)
        (sent,) = self.deliver()
        self.assertEqual(sent.statuses, [401])
        self.work_off()
        self.assertTrue(self.queue_line(self.order).payload)
