"""Adjusting documents: found on the order, and never over what a person has credited already."""

from odoo.tests import Form, tagged

from .lives import LifeCase


@tagged("post_install", "-at_install")
class TestAdjusting(LifeCase):
    def credit_units(self, invoice, units, sku=0):
        """A credit note made by hand over some units of one line, posted and not sent to Shopify."""
        move = invoice._reverse_moves([{"ref": "Goodwill"}])
        with Form(move) as form:
            for index in reversed(range(len(move.invoice_line_ids))):
                if move.invoice_line_ids[index].product_id == self.products[sku]:
                    with form.invoice_line_ids.edit(index) as line:
                        line.quantity = units
                else:
                    form.invoice_line_ids.remove(index)
        move.action_post()
        return move

    def test_a_document_over_a_price_alone_is_found_under_the_orders_invoices(self):
        order = self.place(discounts=[{"code": "LESS", "percentage": 10}])
        self.sync()
        sale = self.sale_order(order)
        # the price of a line is another one than Odoo invoiced
        line = sale.order_line.filtered(lambda one: one.shopify_line_type == "discount")[0]
        line.write({"price_unit": line.price_unit - 1, "extra_tax_data": False})
        move = self.env["shopify.invoice.adjuster"]._adjust(self.instance, sale)
        self.assertEqual(move.move_type, "out_refund")
        self.assertFalse(move.invoice_line_ids.sale_line_ids, "its units were invoiced before")
        self.assertIn(move, sale.invoice_ids)
        self.assertEqual(sale.invoice_count, 2)
        self.env.invalidate_all()
        self.assertIn(move.id, sale.action_view_invoice()["domain"][0][2])

    def test_units_credited_by_hand_are_not_credited_again_by_an_edit(self):
        order = self.place()
        self.sync()
        note = self.credit_units(self.moves(order), 1)
        self.happens("edit", order, quantities={self.skus[0]: 2})
        self.assertEqual(self.credit_notes(order), note)
        self.assert_right(order)

    def test_an_edit_credits_what_a_credit_note_by_hand_has_left(self):
        order = self.place()
        self.sync()
        self.credit_units(self.moves(order), 1)
        self.happens("edit", order, quantities={self.skus[0]: 1})
        self.assertEqual(len(self.credit_notes(order)), 2)
        self.assert_right(order)

    def test_an_edit_of_another_line_leaves_a_credit_note_by_hand_alone(self):
        order = self.place()
        self.sync()
        self.credit_units(self.moves(order), 1)
        before = self.invoiced(order)
        self.happens("edit", order, quantities={self.skus[1]: 3})
        self.assertGreater(self.invoiced(order), before)
        self.assertEqual(len(self.credit_notes(order)), 1)
        invoice = self.moves(order)[-1]
        self.assertEqual(invoice.invoice_line_ids.product_id, self.products[1])

    def test_an_amount_credited_by_hand_without_lines_leaves_the_rest_to_a_person(self):
        order = self.place()
        self.sync()
        move = self.moves(order)._reverse_moves([{"ref": "Goodwill"}])
        move.invoice_line_ids[1:].unlink()
        move.invoice_line_ids.write(
            {"sale_line_ids": [(5, 0, 0)], "quantity": 1, "price_unit": 5, "tax_ids": [(5, 0, 0)]}
        )
        move.action_post()
        self.happens("edit", order, quantities={self.skus[0]: 2})
        self.assertEqual(self.credit_notes(order), move)
        self.assertIn(move.name, self.logs(cause="credited_by_hand").message)
