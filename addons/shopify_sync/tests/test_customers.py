"""Who bought: contacts are found again, never doubled, and what a person changed stays."""

from odoo.tests import tagged

from .common import ADA, ShopifyCase


@tagged("post_install", "-at_install")
class TestPersons(ShopifyCase):
    def link(self, sale_order):
        return self.env["shopify.customer"].search(
            [("instance_id", "=", self.instance.id), ("partner_id", "=", sale_order.partner_id.id)]
        )

    def test_a_new_customer_is_created_once_and_linked(self):
        customer = self.sim.store.people.add(**ADA)
        first, second = self.bring(customer=customer), self.bring(customer=customer)
        partner = first.partner_id
        self.assertEqual(second.partner_id, partner)
        self.assertEqual((partner.name, partner.email), ("Ada Lovelace", "ada@example.com"))
        self.assertEqual((partner.country_id.code, partner.state_id.code, partner.city), ("US", "NY", "New York"))
        self.assertTrue(partner.shopify_is_customer)
        self.assertEqual((self.link(first).shopify_id, self.link(first).matched_by), (str(customer.id), "created"))

    def test_two_orders_of_a_new_customer_in_one_batch_make_one_contact(self):
        customer = self.sim.store.people.add(**ADA)
        orders = [self.place(customer=customer), self.place(customer=customer)]
        self.import_orders(*orders)
        self.assertEqual(len(self.sale_order(orders[0]).partner_id | self.sale_order(orders[1]).partner_id), 1)

    def test_an_e_mail_matches_without_case_and_spaces(self):
        known = self.env["res.partner"].create({"name": "A. Lovelace", "email": " ADA@Example.com "})
        sale_order = self.bring(customer={**ADA, "email": "Ada@example.COM"})
        self.assertEqual(sale_order.partner_id, known)
        self.assertEqual(self.link(sale_order).matched_by, "email")

    def test_a_contact_without_parent_comes_before_an_older_child(self):
        company = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        self.env["res.partner"].create({"name": "Child", "email": "ada@example.com", "parent_id": company.id})
        alone = self.env["res.partner"].create({"name": "Alone", "email": "ada@example.com"})
        self.env["res.partner"].create({"name": "Younger", "email": "ada@example.com"})
        self.assertEqual(self.bring(customer=ADA).partner_id, alone)

    def test_a_contact_of_another_company_does_not_match(self):
        other = self.env["res.company"].create({"name": "Other company"})
        foreign = self.env["res.partner"].create({"name": "Ada", "email": "ada@example.com", "company_id": other.id})
        self.assertNotEqual(self.bring(customer=ADA).partner_id, foreign)

    def test_a_phone_matches_only_when_the_store_says_so_and_one_contact_has_it(self):
        known = self.env["res.partner"].create({"name": "By phone", "phone": "+1 (555) 010-0200"})
        first = self.bring(customer={**ADA, "email": "one@example.com"})
        self.assertNotEqual(first.partner_id, known)
        self.instance.match_phone = True
        first.partner_id.phone = False
        second = self.bring(customer={**ADA, "email": "two@example.com"})
        self.assertEqual(second.partner_id, known)
        self.env["res.partner"].create({"name": "Also", "phone": "+15550100200"})
        third = self.bring(customer={**ADA, "email": "three@example.com"})
        self.assertNotEqual(third.partner_id, known, "two contacts have the number")

    def test_what_a_person_changed_stays(self):
        customer = self.sim.store.people.add(**ADA)
        partner = self.bring(customer=customer).partner_id
        partner.write({"name": "Countess of Lovelace", "phone": "+44 20 5550", "street": "St James's Square 12"})
        sale_order = self.bring(customer=customer)
        self.assertEqual(sale_order.partner_id, partner)
        self.assertEqual(partner.name, "Countess of Lovelace")
        self.assertEqual(partner.phone, "+44 20 5550")
        self.assertEqual(partner.street, "St James's Square 12")
        self.assertEqual(sale_order.partner_shipping_id.street, "1 Example Street", "the order's own address wins")

    def test_a_match_fills_no_field_that_has_a_value(self):
        known = self.env["res.partner"].create({"name": "A. L.", "email": "ada@example.com", "city": "London"})
        self.bring(customer=ADA)
        self.assertEqual((known.name, known.city), ("A. L.", "London"))

    def test_a_guest_is_found_again_by_e_mail(self):
        first = self.bring(customer="guest", email="guest@example.com")
        second = self.bring(customer="guest", email="Guest@Example.com")
        self.assertEqual(first.partner_id, second.partner_id)
        self.assertFalse(self.link(first), "a guest has no customer in Shopify")

    def test_a_guest_without_e_mail_is_found_again_by_the_address(self):
        first = self.bring(customer="guest", email="", address="DE")
        second = self.bring(customer="guest", email="", address="DE")
        other = self.bring(customer="guest", email="", address="FR")
        self.assertEqual(first.partner_id, second.partner_id)
        self.assertNotEqual(first.partner_id, other.partner_id)

    def test_orders_without_personal_data_go_to_one_anonymous_customer(self):
        first, second = self.bring(customer="anonymous"), self.bring(customer="anonymous")
        self.assertEqual(first.partner_id, second.partner_id)
        self.assertIn("Anonymous", first.partner_id.name)
        self.assertEqual(first.state, "sale", "imported all the same")
        self.assertEqual(set(self.logs(cause="no_personal_data").mapped("severity")), {"info"})

    def test_a_till_order_without_customer_goes_to_the_pos_customer(self):
        order = self.place(source="pos")
        self.env["shopify.financial.status"]._find_combinations(self.instance, [("cash", "paid")])
        self.import_orders(order)
        sale_order = self.sale_order(order)
        self.assertTrue(sale_order.shopify_is_pos)
        self.assertEqual(sale_order.partner_id, self.instance.pos_partner_id)
        self.assertEqual(sale_order.picking_ids.state, "done", "handed over at the till")

    def test_two_customers_with_one_e_mail_share_a_contact_and_keep_both_links(self):
        first = self.bring(customer=self.sim.store.people.add(**ADA))
        second = self.bring(customer=self.sim.store.people.add(**ADA))
        self.assertEqual(first.partner_id, second.partner_id)
        self.assertEqual(len(self.link(first)), 2)


@tagged("post_install", "-at_install")
class TestAddresses(ShopifyCase):
    HOME = {
        "first_name": "Ada",
        "last_name": "Lovelace",
        "address1": "1 Example Street",
        "city": "Berlin",
        "zip": "10115",
        "country_code": "DE",
    }

    def bring_to(self, address, **options):
        return self.bring(customer=self.customer, address=address, **options)

    def setUp(self):
        super().setUp()
        self.customer = self.sim.store.people.add(**{**ADA, "address": self.HOME})

    def test_the_customers_own_address_is_the_customer(self):
        sale_order = self.bring_to(self.HOME)
        self.assertEqual(sale_order.partner_shipping_id, sale_order.partner_id)
        self.assertEqual(sale_order.partner_invoice_id, sale_order.partner_id)
        self.assertFalse(sale_order.partner_id.child_ids)

    def test_other_addresses_are_children_found_again_by_content(self):
        office = {**self.HOME, "address1": "Königsallee 9", "city": "Köln"}
        first = self.bring_to(office, billing=self.HOME)
        delivery = first.partner_shipping_id
        self.assertEqual((delivery.type, delivery.parent_id), ("delivery", first.partner_id))
        self.assertEqual(first.partner_invoice_id, first.partner_id)
        again = self.bring_to({**office, "address1": " konigsallee  9 ", "city": "KOLN"}, billing=self.HOME)
        self.assertEqual(again.partner_shipping_id, delivery, "letter case, spaces and accents do not count")
        self.assertEqual(len(first.partner_id.child_ids), 1)

    def test_an_address_that_a_person_rewrote_is_not_used_for_the_old_content(self):
        office = {**self.HOME, "address1": "Office Road 9"}
        first = self.bring_to(office, billing=self.HOME)
        first.partner_shipping_id.street = "Other Road 1"
        again = self.bring_to(office, billing=self.HOME)
        self.assertNotEqual(again.partner_shipping_id, first.partner_shipping_id)
        self.assertEqual(again.partner_shipping_id.street, "Office Road 9")
        self.assertEqual(first.partner_shipping_id.street, "Other Road 1")

    def test_an_unknown_state_goes_to_the_city_line(self):
        address = {**self.HOME, "city": "Atlantis", "country_code": "US", "province_code": "LOS"}
        partner = self.bring_to(address).partner_shipping_id
        self.assertEqual(partner.city, "Atlantis, LOS")
        self.assertFalse(partner.state_id)
        self.assertEqual(partner.country_id.code, "US")

    def test_an_unknown_country_is_left_empty_with_a_warning(self):
        order = self.place(customer=self.customer, address={**self.HOME, "country_code": "ZZ"})
        self.import_orders(order)
        self.assertFalse(self.sale_order(order).partner_shipping_id.country_id)
        self.assertEqual(self.logs(cause="unknown_country").severity, "warning")


@tagged("post_install", "-at_install")
class TestCompanies(ShopifyCase):
    def test_a_b2b_order_belongs_to_the_company_with_the_person_below_it(self):
        order = self.place(company={"name": "Fjord Retail", "external_id": "C-1"}, po_number="PO-9")
        self.import_orders(order)
        sale_order = self.sale_order(order)
        company = sale_order.partner_id
        self.assertEqual((company.name, company.is_company, company.ref), ("Fjord Retail", True, "C-1"))
        self.assertEqual(company.shopify_company_ref, str(order.company.id))
        person = self.env["shopify.customer"].search([("shopify_id", "=", str(order.customer.id))]).partner_id
        self.assertEqual(person.parent_id, company)
        self.assertTrue(sale_order.shopify_is_b2b)
        self.assertEqual(sale_order.client_order_ref, "PO-9")

    def test_a_company_is_found_by_id_then_external_id_then_name_and_country(self):
        by_ref = self.env["res.partner"].create({"name": "Known by reference", "is_company": True, "ref": "C-2"})
        usa = self.env.ref("base.us")
        by_name = self.env["res.partner"].create({"name": "known BY name", "is_company": True, "country_id": usa.id})
        elsewhere = self.env["res.partner"].create(
            {"name": "Elsewhere", "is_company": True, "country_id": self.env.ref("base.jp").id}
        )
        first = self.place(company={"name": "Fjord", "external_id": "C-2"})
        second = self.place(company={"name": "known BY name"})
        third = self.place(company={"name": "Elsewhere"})
        self.import_orders(first, second, third)
        self.assertEqual(self.sale_order(first).partner_id, by_ref)
        self.assertEqual(self.sale_order(second).partner_id, by_name)
        self.assertNotEqual(self.sale_order(third).partner_id, elsewhere)
        by_ref.write({"name": "Renamed", "ref": "X"})
        again = self.place(company=first.company)
        self.import_orders(again)
        self.assertEqual(self.sale_order(again).partner_id, by_ref)

    def test_payment_terms_are_found_by_name_then_by_days(self):
        named = self.env["account.payment.term"].create({"name": "net 45"})
        days = self.env["account.payment.term"].create(
            {"name": "Two months", "line_ids": [(0, 0, {"value": "percent", "value_amount": 100, "nb_days": 77})]}
        )
        self.assertEqual(self.bring(company=True, terms="net45").payment_term_id, named)
        self.assertEqual(self.bring(company=True, terms="net77").payment_term_id, days)

    def test_unknown_terms_fall_back_to_the_combinations_term_with_a_warning(self):
        term = self.env["account.payment.term"].create({"name": "Fallback"})
        line = self.env["shopify.financial.status"].search(
            [
                ("instance_id", "=", self.instance.id),
                ("gateway_id.code", "=", "shopify_payments"),
                ("financial_status", "=", "paid"),
            ]
        )
        line.payment_term_id = term
        sale_order = self.bring(company=True, terms="net123")
        self.assertEqual(sale_order.payment_term_id, term)
        self.assertIn("Net 123", self.logs(cause="payment_term").message)
        self.assertEqual(self.bring().payment_term_id, term, "also when Shopify gives none")

    def test_the_company_of_the_address_becomes_a_contact_when_the_store_says_so(self):
        address = {**TestAddresses.HOME, "company": "Analytical Engines"}
        plain = self.bring(customer={**ADA, "email": "plain@example.com"}, address=address)
        self.assertFalse(plain.partner_id.is_company)
        self.instance.customer_as_company = True
        first = self.bring(customer={**ADA, "email": "first@example.com"}, address=address)
        second = self.bring(customer={**ADA, "email": "second@example.com"}, address=address)
        self.assertEqual((first.partner_id.name, first.partner_id.is_company), ("Analytical Engines", True))
        self.assertEqual(second.partner_id, first.partner_id)
        person = self.env["res.partner"].search([("email", "=", "first@example.com")])
        self.assertEqual(person.parent_id, first.partner_id)
