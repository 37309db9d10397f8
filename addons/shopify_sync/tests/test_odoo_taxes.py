"""Stores whose taxes Odoo computes: their whole life is as right as that of stores with Shopify's taxes."""

from odoo.tests import tagged

from .common import imported_totals
from .lives import AUTOMATIC, LifeCase


@tagged("post_install", "-at_install")
class TestOdooTaxes(LifeCase):
    """Product prices without taxes, one tax of 10 %."""

    store_values = {**AUTOMATIC, "tax_mode": "odoo"}
    place_defaults = {"taxes": [("VAT", "0.1")]}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tax = cls.env["account.tax"].create({"name": "Ours", "amount": 10, "type_tax_use": "sale"})
        cls.products.taxes_id = cls.tax

    def place(self, **options):
        return super().place(**{"lines": [{"sku": self.skus[0], "price": "33.33", "quantity": 3}], **options})

    def test_a_held_total_stays_held_when_something_else_changes(self):
        order = self.place(taxes=[("VAT", "0.2")])
        self.sync()
        sale = self.sale_order(order)
        self.assertEqual((sale.state, sale.shopify_total_state), ("draft", "differs"))
        difference = sale.shopify_total_difference
        self.happens("update", order, tags=["vip"])
        self.assertEqual((sale.state, sale.shopify_total_state), ("draft", "differs"))
        self.assertEqual(sale.shopify_total_difference, difference)
        self.assertTrue(sale.shopify_total_note)

    def test_a_change_that_is_none_of_the_lines_changes_no_document(self):
        order = self.place()
        self.sync()
        before = self.counts()
        self.happens("update", order, note="Leave it at the door")
        before["mail.message"] = self.counts()["mail.message"]
        self.assertEqual(self.counts(), before)
        self.assertEqual(self.sale_order(order).shopify_change_state, "none")

    def test_rounding_to_other_cents_than_shopifys_is_no_change_of_a_line(self):
        self.instance.change_policy = "ask"
        self.env.company.tax_calculation_rounding_method = "round_globally"
        order = self.place(lines=[{"sku": self.skus[index], "price": "0.15", "quantity": 1} for index in range(3)])
        self.sync()
        sale = self.sale_order(order)
        self.assertEqual(sale.state, "sale", sale.shopify_total_note)
        self.happens("update", order, note="Leave it at the door")
        self.assertEqual(sale.shopify_change_state, "none", sale.shopify_change_data)

    def test_a_refund_takes_back_the_tax_that_was_invoiced(self):
        order = self.place()
        self.sync()
        self.happens("refund", order, {self.skus[0]: 1})
        note = self.credit_notes(order)
        self.assert_cents(note.amount_total, self.value(order, order.refunds[0]))
        self.assertEqual(note.invoice_line_ids.tax_ids, self.tax)
        self.assert_cents(note.amount_tax, "3.33")
        self.assert_cents(self.residual(order), 0)

    def test_an_edit_is_invoiced_with_odoos_tax(self):
        order = self.place()
        self.sync()
        self.happens("edit", order, quantities={self.skus[0]: 5})
        sale = self.sale_order(order)
        self.assert_cents(sale.amount_total, self.shopify_total(order))
        self.assert_cents(self.invoiced(order), self.shopify_total(order))
        self.assert_cents(sum(self.moves(order).mapped("amount_tax")), sale.amount_tax)
        self.happens("edit", order, quantities={self.skus[0]: 1})
        self.assert_cents(sale.amount_total, imported_totals(order)[0])
        self.assertAlmostEqual(self.invoiced(order), sale.amount_total, delta=0.01, msg="Odoo rounds each document")
        self.assert_settled()

    def test_a_fiscal_position_counts_for_goods_from_its_own_country_only(self):
        country = self.env["res.country"]
        here, elsewhere = country.search([("code", "=", "US")]), country.search([("code", "=", "FR")])
        self.instance.warehouse_id.partner_id.country_id = here
        positions = self.env["account.fiscal.position"]
        positions.search([]).auto_apply = False
        values = {"auto_apply": True, "country_id": here.id}
        general = positions.create({"name": "General", "sequence": 1, **values})
        abroad = positions.create(
            {"name": "From France", "sequence": 0, "shopify_origin_country_id": elsewhere.id, **values}
        )
        self.sync_one(general)
        own = positions.create({"name": "From here", "sequence": 9, "shopify_origin_country_id": here.id, **values})
        self.sync_one(own)
        self.instance.warehouse_id.partner_id.country_id = elsewhere
        self.sync_one(abroad)
        # outside of Shopify's orders Odoo chooses as always
        partner = self.env["res.partner"].create({"name": "Ada", "country_id": here.id})
        order = self.env["sale.order"].create({"partner_id": partner.id})
        self.assertEqual(order.fiscal_position_id, abroad, "by its sequence")

    def sync_one(self, position):
        """A new order has this fiscal position."""
        order = self.place(address="US")
        self.sync()
        self.assertEqual(self.sale_order(order).fiscal_position_id, position)
