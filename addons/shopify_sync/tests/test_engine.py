"""Orders edited in Shopify after they were imported, where the store takes changes over by itself."""

from odoo.tests import tagged

from .lives import LifeCase


@tagged("post_install", "-at_install")
class TestEdits(LifeCase):
    def assert_same_twice(self, order, context=""):
        self.assert_right(order, context)
        self.assert_settled(context)

    def open_moves(self, order):
        return self.sale_order(order).order_line.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))

    def line(self, order, index=0):
        key = str(order.lines[index].id)
        return self.sale_order(order).order_line.filtered(lambda line: line.shopify_line_id == key)

    # Before confirming

    def test_a_quotation_is_written_anew_with_every_change(self):
        order = self.place(risk="HIGH")
        self.sync()
        self.assertEqual(self.sale_order(order).state, "draft")
        self.happens("edit", order, quantities={self.skus[0]: 1}, add=[(self.skus[2], 2)], sync=False)
        self.happens("update", order, shipping_address={"city": "Elsewhere"})
        sale = self.sale_order(order)
        self.assertEqual(sale.state, "draft")
        self.assertEqual(self.line(order).product_uom_qty, 1)
        self.assertEqual(self.line(order, 2).product_uom_qty, 2)
        self.assertEqual(sale.partner_shipping_id.city, "Elsewhere")
        self.assert_same_twice(order)

    # Confirmed, not shipped, not invoiced

    def test_tags_reference_and_note_follow_shopify_and_leave_what_people_wrote(self):
        order = self.place(tags=["vip", "old"])
        self.sync()
        sale = self.sale_order(order)
        own = self.env["crm.tag"].create({"name": "ours"})
        sale.tag_ids |= own
        self.happens("update", order, tags=["vip", "new"], po_number="PO-7", note="Leave it at the door")
        self.assertEqual(set(sale.tag_ids.mapped("name")), {"vip", "new", "ours"})
        self.assertEqual(sale.client_order_ref, "PO-7")
        self.assertIn("Leave it at the door", sale.note)
        sale.client_order_ref = "ours"
        self.happens("update", order, po_number="PO-8")
        self.assertEqual(sale.client_order_ref, "ours")

    def test_fewer_units_of_a_confirmed_order_leave_its_delivery(self):
        order = self.place(financial="authorized")
        self.sync()
        self.happens("edit", order, quantities={self.skus[0]: 1})
        self.assertEqual(self.still_to_deliver(order)[str(order.lines[0].id)], 1)
        self.assert_same_twice(order)

    def test_a_line_removed_from_a_confirmed_order_is_not_delivered(self):
        order = self.place(financial="authorized")
        self.sync()
        self.happens("edit", order, remove=[self.skus[1]])
        self.assertNotIn(str(order.lines[1].id), self.still_to_deliver(order))
        self.assert_same_twice(order)

    def test_more_units_and_a_new_line_join_the_open_delivery(self):
        order = self.place()
        self.sync()
        self.happens("edit", order, quantities={self.skus[0]: 5}, add=[(self.skus[2], 1)])
        self.assertEqual(self.still_to_deliver(order)[str(order.lines[0].id)], 5)
        self.assertEqual(self.still_to_deliver(order)[str(order.lines[2].id)], 1)
        self.assert_same_twice(order)

    def test_a_new_address_reaches_the_open_delivery_and_not_the_posted_invoice(self):
        order = self.place(customer={"first_name": "Ada", "email": "ada@example.com", "address": "US"})
        self.sync()
        invoice = self.moves(order)
        before = invoice.partner_shipping_id
        self.happens("update", order, shipping_address={"address1": "9 New Street", "city": "Newtown"})
        sale = self.sale_order(order)
        self.assertEqual(sale.partner_shipping_id.city, "Newtown")
        self.assertEqual(sale.picking_ids.partner_id.city, "Newtown")
        self.assertEqual(invoice.partner_shipping_id, before)
        self.assert_same_twice(order)

    def test_a_delivery_that_is_done_keeps_its_address(self):
        order = self.place(customer={"first_name": "Ada", "email": "ada@example.com", "address": "US"})
        self.sync()
        self.happens("fulfil", order)
        done = self.sale_order(order).picking_ids
        before = done.partner_id
        self.happens("update", order, shipping_address={"city": "Newtown"})
        self.assertEqual(done.partner_id, before)

    def test_shipping_added_later_is_invoiced(self):
        order = self.place(shipping=None)
        self.sync()
        self.happens("edit", order, add_shipping={"title": "Express", "price": "12.00"})
        self.assertEqual(len(self.moves(order)), 2)
        self.assert_same_twice(order)

    def test_a_discount_that_shrinks_with_its_line_keeps_the_total(self):
        order = self.place(discounts=[{"code": "LESS", "percentage": 15}])
        self.sync()
        self.happens("edit", order, quantities={self.skus[0]: 2})
        self.assert_same_twice(order)
        self.happens("edit", order, quantities={self.skus[0]: 4})
        self.assert_same_twice(order)

    # After invoicing

    def test_fewer_units_after_the_invoice_are_credited_with_one_document(self):
        order = self.place()
        self.sync()
        invoice = self.moves(order)
        before = invoice.amount_total
        self.happens("edit", order, quantities={self.skus[0]: 1})
        credit = self.credit_notes(order)
        self.assertEqual(len(credit), 1)
        self.assertFalse(credit.shopify_refund_id)
        self.assertEqual(credit.reversed_entry_id, invoice)
        self.assert_cents(invoice.amount_total, before, "a posted invoice is never changed")
        self.assert_same_twice(order)

    def test_more_units_after_the_invoice_are_invoiced_with_one_document(self):
        order = self.place()
        self.sync()
        self.happens("edit", order, quantities={self.skus[1]: 4})
        self.assertEqual(self.moves(order).mapped("move_type"), ["out_invoice", "out_invoice"])
        self.assert_same_twice(order)

    def test_a_removed_line_and_a_new_one_after_the_invoice_are_settled_in_one_document(self):
        order = self.place(discounts=[{"code": "LESS", "percentage": 10}])
        self.sync()
        self.happens("edit", order, remove=[self.skus[0]], add=[(self.skus[2], 1)])
        self.assertEqual(len(self.moves(order)), 2)
        self.assert_same_twice(order)

    def test_units_taken_off_and_put_back_end_where_they_began(self):
        order = self.place()
        self.sync()
        invoiced = self.invoiced(order)
        self.happens("edit", order, quantities={self.skus[0]: 1})
        self.happens("edit", order, quantities={self.skus[0]: 3})
        self.assert_cents(self.invoiced(order), invoiced)
        self.assert_same_twice(order)

    def test_without_sync_invoice_the_order_changes_and_the_books_wait(self):
        self.instance.sync_invoice = False
        order = self.place()
        self.sync()
        self.happens("edit", order, quantities={self.skus[0]: 5})
        self.assertEqual(self.line(order).product_uom_qty, 5)
        self.assertEqual(len(self.moves(order)), 1)

    # After shipping

    def test_an_order_edited_after_shipping_ships_the_difference(self):
        order = self.place()
        self.sync()
        self.happens("fulfil", order)
        self.happens("edit", order, quantities={self.skus[0]: 5}, add=[(self.skus[2], 1)])
        self.assertEqual(sum(self.still_to_deliver(order).values()), 3)
        self.assert_same_twice(order)
        self.happens("fulfil", order)
        self.assertFalse(self.still_to_deliver(order))
        self.assert_same_twice(order)

    def test_units_taken_off_after_a_part_was_shipped_leave_the_rest_of_the_delivery(self):
        order = self.place()
        self.sync()
        self.happens("fulfil", order, {self.skus[0]: 1})
        self.assert_right(order)
        self.happens("edit", order, quantities={self.skus[0]: 1})
        self.assertNotIn(str(order.lines[0].id), self.still_to_deliver(order))
        self.assert_same_twice(order)

    def test_products_invoiced_on_delivery_follow_each_delivery(self):
        self.products.invoice_policy = "delivery"
        order = self.place(discounts=[{"code": "LESS", "percentage": 10}])
        self.sync()
        self.assertFalse(self.moves(order))
        self.happens("fulfil", order, {self.skus[0]: 1})
        first = self.invoiced(order)
        self.assertTrue(first)
        self.happens("fulfil", order, {self.skus[0]: 1})
        self.assertGreater(self.invoiced(order), first)
        self.happens("fulfil", order)
        self.assert_same_twice(order)

    def test_a_product_with_lots_waits_for_a_person_and_the_books_stay_right(self):
        self.products[0].tracking = "lot"
        order = self.place()
        self.sync()
        self.happens("fulfil", order)
        picking = self.sale_order(order).picking_ids
        self.assertNotEqual(picking.state, "done")
        self.assertIn("lot", picking.shopify_manual_action)
        self.assertEqual(len(self.moves(order)), 1)
        self.assert_settled()

    # Never

    def test_a_locked_order_is_never_changed_and_shows_the_difference(self):
        order = self.place()
        self.sync()
        sale = self.sale_order(order)
        sale.locked = True
        self.happens("edit", order, quantities={self.skus[0]: 5})
        self.assertEqual(self.line(order).product_uom_qty, 3)
        self.assertEqual(sale.shopify_change_state, "to_confirm")
        self.assertIn(f"What differs: {self.line(order).shopify_title}.", self.logs(cause="change_to_confirm").message)

    def test_a_way_of_shipping_that_differs_is_named_as_one(self):
        changes = self.env["shopify.order.changes"]
        self.assertEqual(
            changes._named({"key": "shipping/12", "title": "Main Warehouse"}), "shipping by Main Warehouse"
        )

    def test_an_order_cancelled_in_odoo_stays_cancelled_when_shopify_edits_it(self):
        order = self.place(financial="pending", gateway="manual")
        self.sync()
        sale = self.sale_order(order)
        sale.with_context(disable_cancel_warning=True).action_cancel()
        self.happens("edit", order, quantities={self.skus[0]: 5})
        self.assertEqual(sale.state, "cancel")
        self.assertEqual(sale.shopify_change_state, "to_confirm")

    def test_an_older_state_never_overwrites_a_newer_one(self):
        order = self.place()
        self.sync()
        self.happens("edit", order, quantities={self.skus[0]: 1})
        first = self.env["shopify.queue.line"].search([("shopify_id", "=", str(order.id))], order="id")[0]
        first._reopen()
        self.process()
        self.assertEqual(self.line(order).product_uom_qty, 1)
        self.assertTrue(first.message)
        self.assert_same_twice(order)

    def test_a_change_in_the_second_of_the_last_look_is_not_lost(self):
        self.sim.clock.freeze()
        self.addCleanup(self.sim.clock.run)
        order = self.place()
        self.sync()
        self.sim.store.edit(order, quantities={self.skus[0]: 1})
        self.sync()
        self.assertEqual(self.line(order).product_uom_qty, 1)
        self.assert_same_twice(order)

    # Payments

    def test_a_late_capture_is_registered_once(self):
        order = self.place(financial="authorized")
        self.sync()
        self.assertFalse(self.paid(order))
        self.happens("capture", order)
        self.assert_cents(self.paid(order), self.shopify_total(order, "total_received"))
        self.assertEqual(self.moves(order).mapped("payment_state"), ["paid"])
        self.assert_same_twice(order)

    def test_two_captures_are_two_payments(self):
        order = self.place(financial="authorized")
        self.sync()
        self.happens("capture", order, "10.00")
        self.assert_right(order)
        self.happens("capture", order)
        self.assertEqual(len(self.sale_order(order).shopify_payment_ids.payment_id), 2)
        self.assert_same_twice(order)

    def test_a_voided_authorisation_is_no_money(self):
        order = self.place(financial="authorized")
        self.sync()
        self.happens("void", order)
        self.assertFalse(self.paid(order))
        self.assert_settled()

    def test_a_partly_paid_order_is_paid_by_its_second_payment(self):
        order = self.place(financial="partially_paid", paid="10.00")
        self.sync()
        self.assert_right(order)
        self.happens("mark_paid", order)
        self.assertEqual(set(self.moves(order).mapped("payment_state")), {"paid"})
        self.assert_same_twice(order)

    def test_a_pending_order_paid_later_is_paid_in_odoo(self):
        order = self.place(financial="pending", gateway="manual")
        self.sync()
        self.happens("mark_paid", order)
        self.assert_cents(self.paid(order), self.shopify_total(order))
        self.assert_same_twice(order)

    def test_a_payment_deleted_by_a_person_is_not_made_again(self):
        order = self.place()
        self.sync()
        payment = self.sale_order(order).shopify_payment_ids.payment_id
        payment.action_draft()
        payment.unlink()
        self.happens("update", order, note="again")
        self.assertFalse(self.sale_order(order).shopify_payment_ids.payment_id)


@tagged("post_install", "-at_install")
class TestAsk(LifeCase):
    """The store asks before it changes what was shipped or invoiced."""

    store_values = {**LifeCase.store_values, "change_policy": "ask", "sync_invoice": False}

    def edited(self):
        order = self.place()
        self.sync()
        self.happens("edit", order, quantities={self.skus[0]: 5})
        return order, self.sale_order(order)

    def test_a_change_of_an_invoiced_order_is_asked_with_both_figures(self):
        order, sale = self.edited()
        self.assertEqual(sale.shopify_change_state, "to_confirm")
        row = sale.shopify_change_data[0]
        self.assertEqual(row["key"], str(order.lines[0].id))
        self.assertTrue(row["odoo"].startswith("3 x"), row)
        self.assertTrue(row["shopify"].startswith("5 x"), row)
        self.assertEqual(sale.order_line[0].product_uom_qty, 3)
        self.assertEqual(len(self.moves(order)), 1)

    def test_apply_makes_order_delivery_and_invoice_agree(self):
        order, sale = self.edited()
        sale.action_shopify_apply_changes()
        self.assertEqual(sale.shopify_change_state, "none")
        self.assertFalse(self.logs(cause="change_to_confirm", resolved=False))
        self.assert_right(order)
        self.assert_settled()

    def test_ignore_keeps_odoo_and_is_not_asked_again(self):
        order, sale = self.edited()
        sale.action_shopify_ignore_changes()
        self.assertEqual(sale.shopify_change_state, "ignored")
        self.happens("update", order, note="nothing else")
        self.assertEqual(sale.shopify_change_state, "ignored")
        self.assertEqual(sale.order_line[0].product_uom_qty, 3)

    def test_an_ignored_change_is_asked_again_once_shopify_changes_it(self):
        order, sale = self.edited()
        sale.action_shopify_ignore_changes()
        self.happens("edit", order, quantities={self.skus[0]: 6})
        self.assertEqual(sale.shopify_change_state, "to_confirm")

    def test_what_is_taken_back_in_shopify_is_not_asked_any_more(self):
        order = self.place(taxes=None)
        self.sync()
        self.happens("edit", order, quantities={self.skus[0]: 5})
        sale = self.sale_order(order)
        self.assertEqual(sale.shopify_change_state, "to_confirm")
        self.happens("edit", order, quantities={self.skus[0]: 3})
        self.assertEqual(sale.shopify_change_state, "none")
        self.assertFalse(self.logs(cause="change_to_confirm", resolved=False))

    def test_an_order_neither_shipped_nor_invoiced_is_changed_without_asking(self):
        order = self.place(financial="authorized")
        self.sync()
        self.assertEqual(self.sale_order(order).state, "sale")
        self.happens("edit", order, quantities={self.skus[0]: 5})
        self.assertEqual(self.sale_order(order).shopify_change_state, "none")
        self.assert_right(order)

    def test_a_kind_of_change_that_is_switched_off_is_only_shown(self):
        self.instance.write({"change_policy": "automatic", "sync_invoice": True, "sync_new_line": False})
        order = self.place()
        self.sync()
        self.happens("edit", order, add=[(self.skus[2], 1)])
        sale = self.sale_order(order)
        self.assertEqual(sale.shopify_change_state, "to_confirm")
        self.assertFalse(sale.order_line.filtered(lambda line: line.shopify_line_id == str(order.lines[2].id)))

    def test_a_kind_that_is_switched_off_holds_a_quotation_until_a_person_applies_it(self):
        self.instance.write({"change_policy": "automatic", "sync_quantity": False})
        order = self.place(financial="pending")
        self.sync()
        sale = self.sale_order(order)
        self.happens("edit", order, quantities={self.skus[0]: 1}, add=[(self.skus[3], 1)])
        self.assertEqual(sale.shopify_change_state, "to_confirm")
        self.assertEqual([row["key"] for row in sale.shopify_change_data], [str(order.lines[0].id)])
        self.assertEqual(sale.order_line[0].product_uom_qty, 3)
        self.assertTrue(sale.order_line.filtered(lambda line: line.shopify_line_id == str(order.lines[2].id)))
        self.happens("mark_paid", order)
        self.assertEqual((sale.state, sale.shopify_total_state), ("draft", "differs"), "its invoice would be wrong")
        sale.action_shopify_apply_changes()
        self.assertEqual((sale.state, sale.shopify_change_state), ("sale", "none"))
        self.assert_right(order)
        self.assert_settled()

    def test_a_change_that_is_only_shown_keeps_no_payment_waiting(self):
        self.instance.write({"change_policy": "automatic", "sync_invoice": True, "sync_quantity": False})
        order = self.place(financial="authorized")
        self.sync()
        sale = self.sale_order(order)
        self.happens("edit", order, quantities={self.skus[0]: 1})
        messages = len(sale.message_ids)
        self.happens("update", order, note="nothing else")
        self.assertEqual(len(sale.message_ids), messages, "nothing was changed, so nothing is said")
        self.happens("capture", order)
        self.assertEqual(sale.shopify_total_state, "ok")
        self.assert_cents(self.paid(order), self.shopify_total(order, "total_received"))
        sale.action_shopify_apply_changes()
        self.assert_right(order)
        self.assert_settled()
