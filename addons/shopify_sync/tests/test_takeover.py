"""Orders that came to Odoo by hand or by another connector are linked, not made twice."""

from datetime import timedelta

from odoo import fields
from odoo.addons.shopify_sync.models import takeover_matcher
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .lives import LifeCase


@tagged("post_install", "-at_install")
class TestTakeover(LifeCase):
    def by_hand(self, order, total=None, **values):
        """The order as somebody typed it: one line for each product, one for everything else."""
        lines = [
            Command.create(
                {
                    "product_id": self.products[index].id,
                    "product_uom_qty": line.quantity,
                    "price_unit": 1.0,
                    "tax_ids": [Command.clear()],
                }
            )
            for index, line in enumerate(order.lines)
        ]
        total = float(self.shopify_total(order)) if total is None else total
        rest = total - sum(line.quantity for line in order.lines)
        lines.append(
            Command.create(
                {"product_id": self.instance.product_service_id.id, "price_unit": rest, "tax_ids": [Command.clear()]}
            )
        )
        partner = self.env["res.partner"].create({"name": "By Hand", "email": "hand@example.com"})
        return self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "client_order_ref": order.name,
                "date_order": order.processed_at.replace(tzinfo=None),
                "order_line": lines,
                **values,
            }
        )

    def search(self, **values):
        with self.own_cursor() as env:
            wizard = env["shopify.takeover"].create(
                {
                    "what": "order",
                    "instance_id": self.instance.id,
                    "date_from": "2000-01-01",
                    "date_to": "2100-01-01",
                    **values,
                }
            )
            wizard.action_search()
        return self.env["shopify.takeover"].browse(wizard.id)

    def linked(self, **options):
        order = self.place(**options)
        sale = self.by_hand(order)
        self.search().action_link()
        return order, sale

    def test_an_order_with_the_same_number_date_and_total_is_found_and_linked(self):
        order, sale = self.linked()
        self.assertEqual(sale.shopify_order_id, str(order.id))
        self.assertEqual(sale.order_line[0].shopify_line_id, str(order.lines[0].id))

    def test_lines_are_linked_by_barcode_where_odoo_has_other_skus(self):
        product = self.sim.store.add_product("Mug", "SHOP-MUG", "8.00", barcode="4006381333931", stock=5)
        self.assertTrue(product)
        self.products[0].write({"default_code": "OUR-MUG", "barcode": "4006381333931"})
        order = self.place(lines=[("SHOP-MUG", 3)])
        sale = self.by_hand(order)
        self.search().action_link()
        self.assertEqual(sale.order_line[0].shopify_line_id, str(order.lines[0].id))

    def test_a_preview_writes_nothing(self):
        order = self.place()
        sale = self.by_hand(order)
        before = self.counts()
        wizard = self.search()
        self.assertEqual(wizard.line_ids.match, "sure")
        self.assertEqual(self.counts(), before)
        self.assertFalse(sale.shopify_order_id)

    def test_a_linked_order_is_not_imported_again(self):
        order, sale = self.linked()
        before = self.env["sale.order"].search_count([])
        self.later()
        self.sim.store.update(order, note="changed")
        self.sync()
        self.assertEqual(self.env["sale.order"].search_count([]), before)
        self.assertEqual(self.sale_order(order), sale)
        self.assert_settled()

    def test_what_was_done_before_is_not_done_again(self):
        order, sale = self.linked(fulfillment="fulfilled")
        self.later()
        self.sim.store.refund(order, {self.skus[0]: 1})
        self.sync()
        self.assertFalse(self.moves(order))
        self.assertFalse(sale.shopify_payment_ids.payment_id)
        self.assertFalse(sale.picking_ids)

    def test_another_total_is_shown_and_not_ticked(self):
        order = self.place()
        self.by_hand(order, total=11.0)
        line = self.search().line_ids
        self.assertEqual((line.match, line.link), ("check", False))
        self.assertTrue(line.reason)

    def test_two_orders_that_fit_are_left_to_a_person(self):
        order = self.place()
        self.by_hand(order)
        self.by_hand(order)
        line = self.search().line_ids
        self.assertEqual((line.match, line.link), ("ambiguous", False))

    def test_the_same_number_of_another_year_is_not_the_same_order(self):
        order = self.place()
        self.by_hand(order, date_order=order.processed_at.replace(tzinfo=None) - timedelta(days=365))
        self.assertEqual(self.search().line_ids.match, "none")

    def test_one_order_of_odoo_is_not_linked_to_two_of_shopify(self):
        orders = [self.place(), self.place()]
        sale = self.by_hand(orders[0])
        wizard = self.search()
        wizard.line_ids.write({"order_id": sale.id, "link": True})
        with self.assertRaisesRegex(UserError, "one order of Shopify only"):
            wizard.action_link()

    def test_an_edit_after_linking_is_shown_and_never_applied(self):
        order, sale = self.linked()
        self.happens("edit", order, quantities={self.skus[0]: 5})
        self.assertEqual(sale.shopify_change_state, "to_confirm")
        self.assertEqual(sale.order_line[0].product_uom_qty, 3)
        with self.own_cursor() as env:
            sale.with_env(env).action_shopify_apply_changes()
        self.assertEqual(sale.shopify_change_state, "none")
        self.assertEqual(sale.order_line[0].product_uom_qty, 3)

    def test_a_range_with_more_orders_than_are_read_says_so(self):
        self.patch(takeover_matcher, "PAGES", 1)
        self.patch(takeover_matcher, "PAGE_SIZE", 1)
        self.place()
        self.place()
        self.assertIn("more orders", self.search().summary)

    def test_from_after_to_is_refused(self):
        with self.assertRaises(UserError):
            self.search(date_from=fields.Datetime.now(), date_to="2000-01-01")

    def test_nothing_ticked_is_refused(self):
        self.place()
        with self.assertRaises(UserError):
            self.search().action_link()
