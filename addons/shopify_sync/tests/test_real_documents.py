"""Orders that Shopify itself made: sound ones arrive to the cent, those that contradict themselves are held."""

import json
from decimal import Decimal
from pathlib import Path

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import MAPPED, ShopifyCase, imported_totals

DOCUMENTS = Path(__file__).parents[3] / "tests" / "data" / "orders"


@tagged("post_install", "-at_install")
class TestRealDocuments(ShopifyCase):
    store_values = {"unknown_product": "placeholder", "import_order_after": "2010-01-01 00:00:00"}

    def load(self, folder):
        """The documents of a folder as orders of the simulated store: {file name: (document, order)}."""
        files = sorted((DOCUMENTS / folder).glob("*.json"))
        self.assertTrue(files, f"the documents of the repository are missing: {DOCUMENTS / folder}")
        loaded = {}
        for file in files:
            document = json.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)
            loaded[file.stem] = (document, self.sim.store.load_rest_order(document, new_id=True))
        codes = {item.gateway for _document, order in loaded.values() for item in order.transactions} - set(MAPPED)
        gateways = self.env["shopify.payment.gateway"]._ensure(self.instance, codes | {"manual", "free"})
        review = self.env["shopify.sale.workflow"]._default(self.env.company, "review")
        for gateway in gateways.values():
            gateway.workflow_id = review
        return loaded

    def test_every_sound_document_has_shopifys_totals(self):
        loaded = self.load("consistent")
        self.import_orders(*(order for _document, order in loaded.values()))
        for name, (document, order) in loaded.items():
            with self.subTest(document=name):
                sale_order = self.sale_order(order)
                self.assertTrue(sale_order, self.queue_line(order).message)
                total, tax = imported_totals(order)
                self.assertEqual(sale_order.shopify_total_state, "ok", sale_order.shopify_total_note)
                self.assert_cents(sale_order.amount_total, total)
                self.assert_cents(sale_order.amount_tax, tax)
                self.assertEqual(sale_order.currency_id.name, order.pair.shop)
                unpaid_back = not any(refund.lines or refund.adjustments for refund in order.refunds)
                if "total_price" in document and (unpaid_back or order.cancelled_at):
                    self.assert_cents(sale_order.amount_total, document["total_price"])
                    self.assert_cents(sale_order.amount_tax, document["total_tax"] or 0)

    def test_every_contradictory_document_is_imported_held_and_explained(self):
        loaded = self.load("inconsistent")
        self.import_orders(*(order for _document, order in loaded.values()))
        for name, (_document, order) in loaded.items():
            with self.subTest(document=name):
                sale_order = self.sale_order(order)
                self.assertTrue(sale_order, self.queue_line(order).message)
                self.assertIn(sale_order.state, ("draft", "cancel"))
                self.assertTrue(sale_order.shopify_total_note)
                self.assertEqual(self.queue_line(order).state, "done", "never lost")

    def test_what_differs_is_held_with_both_sums_until_a_manager_accepts_it(self):
        loaded = self.load("inconsistent")
        _document, order = loaded["my-api-order-ten-pieces-taxed-as-one"]
        automatic = self.env["shopify.sale.workflow"]._default(self.env.company, "automatic")
        self.env["shopify.financial.status"].search([("instance_id", "=", self.instance.id)]).workflow_id = automatic
        self.instance.gateway_ids.workflow_id = automatic
        self.import_orders(order)
        sale_order = self.sale_order(order)
        self.assertEqual((sale_order.state, sale_order.shopify_total_state), ("draft", "differs"))
        self.assertFalse(sale_order.invoice_ids)
        self.assertFalse(self.logs(cause="step_confirm"), "no step is tried on a held order")
        self.assertIn(f"{self.shopify_total(order):.2f}", sale_order.shopify_total_note)
        log = self.logs(cause="total_differs", res_id=sale_order.id)
        self.assertEqual(log.severity, "error")
        self.assertEqual(log.action_fix()["res_id"], sale_order.id)
        user = self.make_user("total_user", "shopify_sync.group_user")
        manager = self.make_user("total_manager", "shopify_sync.group_manager")
        with self.assertRaises(AccessError):
            self.accept(sale_order.with_user(user))
        self.assertEqual(sale_order.shopify_total_state, "differs")
        self.accept(sale_order.with_user(manager))
        self.assertEqual((sale_order.state, sale_order.shopify_total_state), ("sale", "accepted"))
        self.assertEqual(sale_order.invoice_ids.state, "posted")
        self.assertTrue(log.resolved, "nothing is to be done any more")
        note = "".join(sale_order.message_ids.mapped("body"))
        for words in ("total_manager", "Seen and fine"):
            self.assertIn(words, note)

    def accept(self, sale_order):
        self.env["shopify.accept.total"].with_user(sale_order.env.user).create(
            {"order_ids": sale_order.ids, "reason": "Seen and fine"}
        ).action_accept()
