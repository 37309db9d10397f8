"""What Shopify changed is decided line by line: what a person keeps stays, and he is not asked twice."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .lives import LifeCase


@tagged("post_install", "-at_install")
class TestChangeDecision(LifeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.instance.change_policy = "ask"
        cls.user = cls.make_user("decides", "shopify_sync.group_user")
        cls.outsider = cls.make_user("decides_not", "sales_team.group_sale_salesman_all_leads")

    def line(self, order, position=0):
        key = str(order.lines[position].id)
        return self.sale_order(order).order_line.filtered(lambda line: line.shopify_line_id == key)

    def changed(self):
        """A shipped order of which Shopify has changed both lines: the store asks about all of it."""
        order = self.place(lines=[(self.skus[0], 3), (self.skus[1], 2)], fulfillment="partial")
        self.sync()
        self.happens("edit", order, quantities={self.skus[0]: 4, self.skus[1]: 5})
        sale = self.sale_order(order)
        self.assertEqual(sale.shopify_change_state, "to_confirm")
        return order, sale

    def decide(self, sale, ignored, user=None, note=""):
        """Open the dialog, ignore the changes with these keys, apply the others."""
        with self.own_cursor(user or self.user) as env:
            with Form(env["shopify.change.decision"].with_context(active_id=sale.id)) as form:
                for position in range(len(form.line_ids)):
                    with form.line_ids.edit(position) as row:
                        row.decision = "ignore" if row.key in ignored else "apply"
                form.note = note
            form.record.action_decide()

    def test_one_change_is_applied_and_the_other_one_kept_out(self):
        order, sale = self.changed()
        kept = str(order.lines[1].id)
        self.decide(sale, {kept}, note="Agreed by phone")
        self.assertEqual((self.line(order).product_uom_qty, self.line(order, 1).product_uom_qty), (4, 2))
        self.assertEqual(sale.shopify_change_state, "ignored")
        self.assertEqual([row["key"] for row in sale.shopify_change_data], [kept])
        body = sale.message_ids[0].body
        for word in ("decides", "Agreed by phone", self.line(order).shopify_title, self.line(order, 1).shopify_title):
            self.assertIn(word, body)

    def test_what_was_kept_is_not_brought_by_the_next_import_nor_asked_again(self):
        order, sale = self.changed()
        self.decide(sale, {str(order.lines[1].id)})
        self.happens("update", order, note="Ring twice")
        self.assertEqual((self.line(order, 1).product_uom_qty, sale.shopify_change_state), (2, "ignored"))
        self.happens("edit", order, quantities={self.skus[1]: 6})
        self.assertEqual((self.line(order, 1).product_uom_qty, sale.shopify_change_state), (2, "to_confirm"))
        self.decide(sale, set())
        self.assertEqual((self.line(order, 1).product_uom_qty, sale.shopify_change_state), (6, "none"))

    def test_applying_everything_line_by_line_is_applying(self):
        order, sale = self.changed()
        self.decide(sale, set())
        self.assertEqual((self.line(order).product_uom_qty, self.line(order, 1).product_uom_qty), (4, 5))
        self.assertEqual((sale.shopify_change_state, sale.shopify_change_data), ("none", False))
        self.assert_cents(sale.amount_total, self.shopify_total(order, "current_total_price"))

    def test_a_detail_of_the_customer_is_decided_as_well(self):
        order = self.place(po_number="PO-1")
        self.sync()
        sale = self.sale_order(order)
        sale.client_order_ref = "ours"
        self.happens("update", order, po_number="PO-2")
        self.decide(sale, {"details/po_number"})
        self.assertEqual((sale.client_order_ref, sale.shopify_change_state), ("ours", "ignored"))
        self.happens("update", order, po_number="PO-3")
        self.decide(sale, set())
        self.assertEqual((sale.client_order_ref, sale.shopify_change_state), ("PO-3", "none"))

    def test_nobody_without_the_role_decides_and_nothing_is_decided_twice(self):
        _order, sale = self.changed()
        with self.assertRaises(AccessError):
            self.env["shopify.change.decision"].with_user(self.outsider).create({"order_id": sale.id})
        wizard = self.env["shopify.change.decision"].with_context(active_id=sale.id).create({})
        sale.action_shopify_ignore_changes()
        with self.assertRaisesRegex(UserError, "somebody has decided"):
            wizard.action_decide()
