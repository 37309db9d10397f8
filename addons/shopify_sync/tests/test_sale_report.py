"""The sales analysis adds up to the orders: no row is counted twice, no refund lost."""

from odoo.tests import tagged

from .common import ShopifyCase


@tagged("post_install", "-at_install")
class TestSaleReport(ShopifyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls.make_user("report_user", "base.group_user", "shopify_sync.group_user")

    def refunded(self, back, **options):
        order = self.place(financial="paid", shipping="4.90", **options)
        self.import_orders(order)
        self.sim.clock.advance(60)
        self.sim.store.refund(order, lines=back, restock="no_restock")
        self.import_orders(order)
        return self.sale_order(order)

    def sums(self, groupby=(), orders=None, *more):
        """What the analysis says, by group: (sales, refunded, orders)."""
        self.env.flush_all()
        domain = [("shopify_instance_id", "=", self.instance.id), *more]
        if orders is not None:
            domain.append(("name", "in", orders.mapped("name")))
        rows = (
            self.env["sale.report"]
            .with_user(self.user)
            ._read_group(domain, groupby, ["price_total:sum", "shopify_refunded:sum", "order_reference:count_distinct"])
        )
        return {row[0] if groupby else None: row[-3:] for row in rows}

    def test_sales_and_refunds_add_up_to_the_orders_however_they_are_grouped(self):
        orders = (
            self.bring(lines=[(self.skus[0], 2), (self.skus[1], 1)], discounts=[{"code": "SPRING", "percentage": 10}])
            | self.refunded({self.skus[0]: 1}, lines=[(self.skus[0], 3), (self.skus[1], 2), (self.skus[2], 1)])
            | self.refunded(
                {self.skus[1]: 1},
                lines=[(self.skus[1], 2)],
                payments=[{"gateway": "gift_card", "amount": "1.00"}, {"gateway": "shopify_payments"}],
            )
        )
        self.assertEqual(len(orders.filtered("shopify_refunded")), 2)
        for groupby in (
            "shopify_instance_id",
            "shopify_gateway_id",
            "shopify_discount_codes",
            "shopify_line_type",
            "shopify_channel",
            "shopify_risk_level",
            "product_id",
            "country_id",
            "state",
        ):
            with self.subTest(groupby=groupby):
                found = self.sums([groupby], orders)
                self.assert_cents(sum(row[0] for row in found.values()), sum(orders.mapped("amount_total")))
                self.assert_cents(sum(row[1] for row in found.values()), sum(orders.mapped("shopify_refunded")))
        self.assertEqual(self.sums([], orders)[None][2], len(orders))

    def test_the_refunded_amount_is_the_money_that_shopify_gave_back(self):
        sale_order = self.refunded({self.skus[0]: 1}, lines=[(self.skus[0], 3)])
        refund = sale_order.shopify_refund_ids
        self.assertTrue(refund.amount)
        self.assert_cents(self.sums([], sale_order)[None][1], refund.amount)

    def test_a_refund_of_an_order_that_comes_to_nothing_is_not_lost(self):
        sale_order = self.refunded({self.skus[0]: 1}, lines=[(self.skus[0], 3), (self.skus[1], 1)])
        amount = sale_order.shopify_refunded
        self.env.flush_all()
        self.env.cr.execute("UPDATE sale_order_line SET price_total = 0 WHERE order_id = %s", [sale_order.id])
        self.assert_cents(self.sums([], sale_order)[None][1], amount)

    def test_refunds_are_in_the_companys_currency_like_sales(self):
        sale_order = self.refunded({self.skus[0]: 1}, lines=[(self.skus[0], 2)])
        self.env.flush_all()
        self.env.cr.execute("UPDATE sale_order SET currency_rate = 2 WHERE id = %s", [sale_order.id])
        sales, refunded, _count = self.sums([], sale_order)[None]
        self.assert_cents(sales, sale_order.amount_total / 2)
        self.assert_cents(refunded, sale_order.shopify_refunded / 2)

    def test_goods_are_told_from_shipping(self):
        sale_order = self.bring(shipping="4.90")
        found = self.sums(["shopify_line_type"], sale_order)
        self.assertEqual(set(found), {"product", "shipping"})
        self.assert_cents(found["shipping"][0], "4.90")

    def test_fulfilment_time_counts_days_to_the_first_delivery_and_leaves_out_what_waits(self):
        shipped, waiting = self.bring(), self.bring()
        picking = shipped.picking_ids
        picking.move_ids.picked = True
        picking._action_done()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET effective_date = date_order + interval '36 hours' WHERE id = %s", [shipped.id]
        )
        self.env.invalidate_all()
        rows = self.env["sale.report"]._read_group(
            [("name", "in", (shipped | waiting).mapped("name"))], [], ["shopify_fulfilment_days:avg"]
        )
        self.assertAlmostEqual(rows[0][0], 1.5)

    def test_a_seller_with_own_documents_only_sees_no_order_of_others(self):
        sale_order = self.bring()
        seller = self.make_user("own_seller", "sales_team.group_sale_salesman")
        sale_order.user_id = self.user
        self.env.flush_all()
        self.assertFalse(self.env["sale.report"].with_user(seller).search([("name", "=", sale_order.name)]))
        menus = self.env["ir.ui.menu"].with_user(seller).load_web_menus(False)
        self.assertNotIn(self.env.ref("shopify_sync.menu_report_sales").id, menus)
