"""VAT numbers given in Shopify reach Odoo when Odoo accepts them, and are never lost."""

from odoo.tests import tagged

from .common_customers import CustomerCase

ACCEPTED, REFUSED = "DE123456788", "DE123"


@tagged("post_install", "-at_install")
class TestVatNumbers(CustomerCase):
    def setUp(self):
        super().setUp()
        # which numbers are right is told by Odoo's own check
        self.assertTrue(hasattr(self.env["res.partner"], "_run_vat_checks"), "the tests need the module base_vat")

    def bring_customer(self, **values):
        customer = self.add(**{"address": "DE", **values})
        self.import_customers()
        return customer, self.contact(customer)

    def test_a_number_that_odoo_accepts_is_the_contacts_vat(self):
        _customer, partner = self.bring_customer(tax_id=f" {ACCEPTED} ")
        self.assertEqual(partner.vat, ACCEPTED)
        self.assertFalse(partner.comment)

    def test_a_number_that_a_person_entered_stays(self):
        known = self.make_contact(
            name="Ada", email="ada@example.com", vat="DE811569869", country_id=self.germany, state_id=False
        )
        _customer, partner = self.bring_customer(tax_id=ACCEPTED)
        self.assertEqual(partner, known)
        self.assertEqual(partner.vat, "DE811569869")

    def test_a_number_that_odoo_refuses_is_kept_in_the_notes_once(self):
        customer, partner = self.bring_customer(tax_id=REFUSED)
        self.assertFalse(partner.vat)
        self.assertEqual(partner.comment.count(REFUSED), 1)
        self.change(customer, tags=["again"])
        self.import_customers()
        self.assertEqual(partner.comment.count(REFUSED), 1)

    def test_a_number_given_later_is_written_later(self):
        customer, partner = self.bring_customer()
        self.change(customer, tax_id=ACCEPTED)
        self.import_customers()
        self.assertEqual(partner.vat, ACCEPTED)

    def test_a_b2b_order_gives_the_company_the_number_of_its_location(self):
        order = self.place(company={"name": "Fjord Retail", "address": "DE", "tax_registration_id": ACCEPTED})
        self.import_orders(order)
        company = self.sale_order(order).partner_id
        self.assertEqual((company.is_company, company.vat), (True, ACCEPTED))

    @property
    def germany(self):
        return self.env.ref("base.de").id
