"""What was changed in Odoo and is not in the store yet can be found, by product and by its stock."""

from odoo.tests import tagged

from .common_products_out import UpdateCase
from .stock_case import StockCase


@tagged("post_install", "-at_install")
class TestProductsWaiting(UpdateCase):
    def waits(self):
        """What the layer's filter finds, and the words on the form."""
        self.env.flush_all()
        self.env.invalidate_all()
        found = (
            self.env["shopify.product"]
            .with_user(self.user)
            .search([("to_send", "=", True), ("instance_id", "=", self.instance.id)])
        )
        self.assertEqual(found == self.hat, self.hat.to_send)
        return self.hat.to_send_text

    def test_each_change_waits_until_it_is_sent(self):
        self.assertFalse(self.waits())
        for words, change in (
            ("Title", lambda: self.hat.write({"title": "Storm Hat"})),
            ("HS code", lambda: self.small.write({"hs_code": "650500"})),
            ("Barcode", lambda: self.small.product_id.write({"barcode": "4006381333931"})),
            ("Weight", lambda: self.small.product_id.write({"weight": 0.75})),
            ("Price", lambda: self.set_price(self.small.product_id, 23.0)),
            ("Images", lambda: self.add_picture(self.hat, 3)),
        ):
            with self.subTest(change=words):
                change()
                self.assertEqual(self.waits(), words)
                self.update(self.hat)
                self.assertFalse(self.waits())

    def test_the_sales_price_waits_where_no_rule_gives_another_price(self):
        self.pricelist.item_ids.filtered(lambda item: item.product_id in self.hat.variant_ids.product_id).unlink()
        self.hat.product_tmpl_id.list_price = 20.0
        self.assertFalse(self.waits())
        self.hat.product_tmpl_id.list_price = 21.5
        self.assertEqual(self.waits(), "Price")

    def test_a_field_that_shopify_owns_does_not_wait(self):
        self.own("title")
        self.hat.title = "Storm Hat"
        self.assertFalse(self.waits())

    def test_the_dashboard_counts_the_products_and_opens_them(self):
        store = self.instance.with_user(self.user)
        self.hat.title = "Storm Hat"
        self.env.flush_all()
        (card,) = [one for one in store.read_board()["stores"] if one["id"] == store.id]
        self.assertEqual({one["key"]: one["count"] for one in card["attention"]}.get("to_send"), 1)
        action = store.with_context(shopify_list="to_send").action_view_list()
        self.assertEqual(self.env["shopify.product"].search(action["domain"]), self.hat)


@tagged("post_install", "-at_install")
class TestStockWaiting(StockCase):
    def waiting(self):
        variants = self.env["shopify.product.variant"].with_user(self.user)
        found = variants.search([("stock_waits", "=", True), ("instance_id", "=", self.instance.id)])
        self.assertEqual(found, self.variants.filtered("stock_waits"))
        return found

    def test_a_variant_whose_stock_changed_waits_until_shopify_was_told(self):
        self.change_stock(self.products[1], 2)
        self.commit()
        self.assertEqual(self.waiting(), self.variants[1])
        self.sim.faults.add("status", operation="Levels", times=2, status=503)
        self.run_changed()
        self.assertEqual(self.waiting(), self.variants[1])
        (card,) = self.instance.with_user(self.user).read_board()["stores"]
        counts = {one["key"]: one["count"] for one in card["attention"]}
        self.assertEqual((counts.get("outgoing"), counts.get("waiting")), (1, None), "it goes out, it does not come in")
        self.send_due()
        self.assertFalse(self.waiting())
