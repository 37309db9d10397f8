"""What a person changed in Odoo is never overwritten silently when Shopify changes the order."""

from odoo.tests import tagged

from .lives import LifeCase


@tagged("post_install", "-at_install")
class TestLinesChangedByHand(LifeCase):
    def line(self, order, index=0):
        key = str(order.lines[index].id)
        return self.sale_order(order).order_line.filtered(lambda line: line.shopify_line_id == key)

    def confirmed(self, **options):
        order = self.place(financial="authorized", **options)
        self.sync()
        self.assertEqual(self.sale_order(order).state, "sale")
        return order, self.sale_order(order)

    def test_a_quantity_changed_in_odoo_stays_and_is_shown_when_shopify_changes_the_line(self):
        order, sale = self.confirmed()
        self.line(order).product_uom_qty = 7
        self.happens("edit", order, quantities={self.skus[0]: 5, self.skus[1]: 4})
        self.assertEqual(self.line(order).product_uom_qty, 7)
        self.assertEqual(self.line(order, 1).product_uom_qty, 4, "what nobody touched follows Shopify")
        self.assertEqual(sale.shopify_change_state, "to_confirm")
        row = sale.shopify_change_data[0]
        self.assertEqual((row["key"], row["by_hand"]), (str(order.lines[0].id), True))
        self.assertTrue(row["odoo"].startswith("7 x"), row)
        self.assertTrue(row["shopify"].startswith("5 x"), row)
        self.assertIn("changed by hand in Odoo", str(sale.shopify_change_table))

    def test_a_price_changed_in_odoo_is_not_set_back_by_a_change_of_something_else(self):
        order, sale = self.confirmed()
        self.line(order).price_unit = 1.5
        self.happens("update", order, note="Ring twice")
        self.assertEqual(self.line(order).price_unit, 1.5)
        self.assertEqual(sale.shopify_change_state, "to_confirm")
        self.assert_settled()

    def test_apply_brings_shopifys_figures_and_later_changes_follow_again(self):
        order, sale = self.confirmed()
        self.line(order).product_uom_qty = 7
        self.happens("edit", order, quantities={self.skus[0]: 5})
        sale.action_shopify_apply_changes()
        self.assert_right(order)
        self.happens("edit", order, quantities={self.skus[0]: 2})
        self.assertEqual((self.line(order).product_uom_qty, sale.shopify_change_state), (2, "none"))
        self.assert_right(order)
        self.assert_settled()

    def test_ignore_keeps_what_the_person_wrote(self):
        order, sale = self.confirmed()
        self.line(order).product_uom_qty = 7
        self.happens("edit", order, quantities={self.skus[0]: 5})
        sale.action_shopify_ignore_changes()
        self.happens("update", order, note="Ring twice")
        self.assertEqual((self.line(order).product_uom_qty, sale.shopify_change_state), (7, "ignored"))

    def test_a_change_made_on_both_sides_alike_is_agreed(self):
        order, sale = self.confirmed()
        self.line(order).product_uom_qty = 5
        self.happens("edit", order, quantities={self.skus[0]: 5})
        self.assertEqual(sale.shopify_change_state, "none")
        self.happens("edit", order, quantities={self.skus[0]: 6})
        self.assertEqual((self.line(order).product_uom_qty, sale.shopify_change_state), (6, "none"))
        self.assert_right(order)

    def test_a_line_taken_off_by_hand_does_not_come_back(self):
        order, sale = self.confirmed()
        self.line(order).product_uom_qty = 0
        self.happens("edit", order, quantities={self.skus[1]: 4})
        self.assertEqual(self.line(order).product_uom_qty, 0)
        self.assertEqual([row["key"] for row in sale.shopify_change_data], [str(order.lines[0].id)])

    def test_the_discount_of_a_line_waits_with_it(self):
        order, sale = self.confirmed(discounts=[{"code": "LESS", "percentage": 10}])
        self.line(order).product_uom_qty = 7
        discount = sale.order_line.filtered(lambda line: line.shopify_main_line_id == self.line(order))
        before = discount.price_unit
        self.happens("edit", order, quantities={self.skus[0]: 1})
        self.assertEqual(discount.price_unit, before)
        self.assertEqual(len(sale.shopify_change_data), 2)

    def test_a_line_deleted_from_a_quotation_does_not_come_back_and_holds_it(self):
        order = self.place(risk="HIGH")
        self.sync()
        sale = self.sale_order(order)
        self.line(order).unlink()
        self.happens("edit", order, quantities={self.skus[1]: 4})
        self.assertFalse(self.line(order))
        self.assertEqual(self.line(order, 1).product_uom_qty, 4)
        self.assertEqual((sale.state, sale.shopify_total_state), ("draft", "differs"))
        sale.action_shopify_apply_changes()
        self.assertEqual(self.line(order).product_uom_qty, 3)
        self.assert_right(order)


@tagged("post_install", "-at_install")
class TestCustomerDetails(LifeCase):
    guest = {"customer": "guest", "email": "ada@example.com"}

    def test_a_new_reference_and_note_are_taken_over_while_odoo_holds_the_last_ones(self):
        order = self.place(po_number="PO-1", note="Leave it at the door")
        self.sync()
        sale = self.sale_order(order)
        self.happens("update", order, po_number="PO-2", note="Ring twice\nthen wait")
        self.assertEqual(sale.client_order_ref, "PO-2")
        self.assertIn("Ring twice", sale.note)
        self.happens("update", order, note="")
        self.assertFalse(sale.note)
        self.assertEqual(sale.shopify_change_state, "none")
        self.assert_settled()

    def test_what_a_person_wrote_is_left_and_shown(self):
        order = self.place(po_number="PO-1", note="Leave it at the door")
        self.sync()
        sale = self.sale_order(order)
        sale.write({"client_order_ref": "ours", "note": "<p>Fragile</p>"})
        self.happens("update", order, tags=["vip"])
        self.assertEqual(sale.shopify_change_state, "none", "Shopify has changed neither")
        self.happens("update", order, po_number="PO-2", note="Ring twice")
        self.assertEqual((sale.client_order_ref, sale.note), ("ours", "<p>Fragile</p>"))
        rows = {row["key"]: (row["odoo"], row["shopify"]) for row in sale.shopify_change_data}
        self.assertEqual(rows, {"details/po_number": ("ours", "PO-2"), "details/note": ("Fragile", "Ring twice")})
        self.assertIn("PO-2", str(sale.shopify_change_table))
        invoices = sale.invoice_ids
        sale.action_shopify_apply_changes()
        self.assertEqual((sale.client_order_ref, sale.shopify_change_state), ("PO-2", "none"))
        self.assertIn("Ring twice", sale.note)
        self.assertEqual(sale.invoice_ids, invoices)
        self.assert_settled()

    def test_switched_off_they_are_only_shown(self):
        self.instance.sync_details = False
        order = self.place(po_number="PO-1")
        self.sync()
        sale = self.sale_order(order)
        self.happens("update", order, po_number="PO-2", note="New")
        self.assertEqual((sale.client_order_ref, sale.note), ("PO-1", False))
        self.assertEqual(len(sale.shopify_change_data), 2)
        self.happens("update", order, po_number="PO-1", note="")
        self.assertEqual(sale.shopify_change_state, "none")

    def test_a_guest_keeps_the_contact_when_the_email_changes(self):
        order = self.place(**self.guest)
        self.sync()
        contact = self.sale_order(order).partner_id
        self.assertEqual(contact.email, "ada@example.com")
        contacts = self.env["res.partner"].search_count([])
        self.happens("update", order, email="ada@example.org")
        self.assertEqual((contact.email, self.sale_order(order).partner_id), ("ada@example.org", contact))
        self.assertEqual(self.env["res.partner"].search_count([]), contacts)
        self.assert_settled()

    def test_an_email_corrected_in_odoo_stays(self):
        order = self.place(**self.guest)
        self.sync()
        sale = self.sale_order(order)
        sale.partner_id.email = "right@example.com"
        self.happens("update", order, email="ada@example.org")
        self.assertEqual(sale.partner_id.email, "right@example.com")
        self.assertEqual([row["key"] for row in sale.shopify_change_data], ["details/email"])


@tagged("post_install", "-at_install")
class TestAddressChangedByHand(LifeCase):
    def bought(self):
        order = self.place(customer={"first_name": "Ada", "email": "ada@example.com", "address": "US"})
        self.sync()
        return order, self.sale_order(order)

    def test_an_address_chosen_by_a_person_stays_and_is_shown_once_shopify_changes_it(self):
        order, sale = self.bought()
        ours = self.env["res.partner"].create(
            {"name": "Ada at work", "parent_id": sale.partner_id.id, "type": "delivery", "city": "Oxford"}
        )
        sale.partner_shipping_id = ours
        self.happens("update", order, note="Ring twice")
        self.assertEqual((sale.partner_shipping_id, sale.shopify_change_state), (ours, "none"))
        self.happens("update", order, shipping_address={"city": "Newtown"})
        self.assertEqual(sale.partner_shipping_id, ours)
        row = sale.shopify_change_data[0]
        self.assertEqual(row["key"], "address/delivery")
        self.assertIn("Oxford", row["odoo"])
        self.assertIn("Newtown", row["shopify"])
        sale.action_shopify_apply_changes()
        self.assertEqual((sale.partner_shipping_id.city, sale.shopify_change_state), ("Newtown", "none"))
        self.assertEqual(sale.picking_ids.partner_id.city, "Newtown")
        self.assert_settled()

    def test_a_contact_corrected_by_a_person_stays_on_the_order(self):
        order, sale = self.bought()
        contact = sale.partner_shipping_id
        contact.street = "9 Right Street"
        self.happens("update", order, note="Ring twice")
        self.assertEqual((sale.partner_shipping_id, contact.street), (contact, "9 Right Street"))

    def test_addresses_that_are_switched_off_are_only_shown(self):
        self.instance.sync_address = False
        order, sale = self.bought()
        self.happens("update", order, shipping_address={"city": "Newtown"})
        self.assertNotEqual(sale.partner_shipping_id.city, "Newtown")
        self.assertEqual([row["key"] for row in sale.shopify_change_data], ["address/delivery"])


@tagged("post_install", "-at_install")
class TestVoidedPayment(LifeCase):
    def voided(self):
        order = self.place(financial="authorized")
        self.sync()
        self.happens("void", order)
        sale = self.sale_order(order)
        self.assertEqual(sale.state, "sale")
        self.assertTrue(self.still_to_deliver(order))
        return order, sale

    def asked(self, sale):
        activities = sale.activity_ids.filtered(
            lambda one: one.activity_type_id == self.env.ref("shopify_sync.mail_activity_payment_voided")
        )
        logs = self.logs(cause="payment_voided", resolved=False)
        return len(activities), len(logs), sale.shopify_payment_voided

    def test_a_voided_order_with_an_open_delivery_asks_a_person_once(self):
        order, sale = self.voided()
        self.assertEqual(self.asked(sale), (1, 1, True))
        self.assertEqual(sale.shopify_hold_reason, "Payment voided")
        self.happens("update", order, note="again")
        self.assertEqual(self.asked(sale), (1, 1, True))
        self.assert_settled()

    def test_paying_after_all_withdraws_the_question(self):
        order, sale = self.voided()
        self.happens("mark_paid", order)
        self.assertEqual(self.asked(sale), (0, 0, False))
        self.assert_right(order)

    def test_cancelling_in_shopify_or_in_odoo_withdraws_the_question(self):
        order, sale = self.voided()
        self.happens("cancel", order)
        self.assertEqual((sale.state, self.asked(sale)), ("cancel", (0, 0, False)))
        order, sale = self.voided()
        sale.with_context(disable_cancel_warning=True).action_cancel()
        self.assertEqual(self.asked(sale), (0, 0, False))

    def test_a_voided_order_that_was_shipped_asks_nobody(self):
        order = self.place(financial="authorized")
        self.sync()
        self.happens("fulfil", order)
        self.happens("void", order)
        self.assertEqual(self.asked(self.sale_order(order)), (0, 0, False))
