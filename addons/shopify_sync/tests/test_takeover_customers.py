"""Contacts that came to Odoo by hand or by another connector are linked, not made twice."""

from odoo.addons.shopify_sync.models import takeover_customers
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_customers import CustomerCase
from .takeover_case import TakeoverMixin


@tagged("post_install", "-at_install")
class TestTakeoverCustomers(TakeoverMixin, CustomerCase):
    what = "customer"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.make_user("takes_over", "shopify_sync.group_manager")

    def by_hand(self, name="Ada by Hand", **values):
        return self.env["res.partner"].create({"name": name, **values})

    def assert_row(self, row, match, partner=None, reason=""):
        self.assertEqual((row.match, row.partner_id), (match, partner or self.env["res.partner"]), row.reason)
        self.assertEqual(row.link, match == "sure")
        self.assertIn(reason, row.reason or "")

    # The preview

    def test_a_preview_writes_nothing(self):
        self.add()
        self.by_hand(email="ada@example.com")
        before = self.counted("res.partner", "shopify.customer", "shopify.queue.line")
        wizard = self.search()
        self.assertEqual(self.counted("res.partner", "shopify.customer", "shopify.queue.line"), before)
        self.assertIn("Customers looked at: 1", wizard.summary)

    def test_the_same_e_mail_is_sure_without_case_and_spaces(self):
        self.add()
        ada = self.by_hand(email=" ADA@example.com")
        self.assert_row(self.search().line_ids, "sure", ada)

    def test_addresses_with_the_customers_e_mail_are_no_second_contact(self):
        self.add()
        ada = self.by_hand(email="ada@example.com")
        self.by_hand("Her House", email="ada@example.com", parent_id=ada.id, type="delivery")
        self.assert_row(self.search().line_ids, "sure", ada)

    def test_two_contacts_with_one_e_mail_are_left_to_a_person(self):
        self.add()
        one = self.by_hand("Ada", email="ada@example.com", city="Oslo")
        two = self.by_hand("Ada", email="ada@example.com")
        self.assert_row(self.search().line_ids, "ambiguous", reason=f"Ada, Oslo, id {one.id}; Ada, id {two.id}")

    def test_only_the_same_phone_is_a_doubt_with_or_without_country_code(self):
        self.add()
        ada = self.by_hand(phone="+1 (555) 010-0200")
        self.assert_row(self.search().line_ids, "check", ada, "Only the phone agrees")
        ada.phone = "555 0100200"
        self.assert_row(self.search().line_ids, "check", ada, "Only the phone agrees")
        ada.phone = "666 0100200"
        self.assert_row(self.search().line_ids, "none")

    def test_one_phone_of_several_contacts_is_left_to_a_person(self):
        self.add()
        self.by_hand("Ada", phone="+15550100200")
        self.by_hand("Her Neighbour", phone="555 0100200")
        self.assert_row(self.search().line_ids, "ambiguous", reason="Her Neighbour")

    def test_an_archived_contact_is_a_doubt(self):
        self.add()
        self.assert_row(self.search().line_ids, "none")
        ada = self.by_hand(email="ada@example.com", active=False)
        self.assert_row(self.search().line_ids, "check", ada, "archived")

    def test_a_contact_of_another_customer_is_a_doubt(self):
        self.add()
        ada = self.by_hand(email="ada@example.com")
        self.take_over()
        self.add(first_name="Ada", email="ada@home.example.com", phone="+15550100999")
        ada.phone = "+15550100999"
        row = self.rows(self.search())["Ada Lovelace"]
        found = self.search().check_ids
        self.assert_row(found, "check", ada, "linked with another customer")
        self.assertTrue(row)

    def test_a_contact_of_another_company_is_not_found(self):
        self.add()
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.by_hand(email="ada@example.com", phone="+15550100200", company_id=elsewhere.id)
        self.assert_row(self.search().line_ids, "none")

    def test_a_customer_of_whom_shopify_shows_nothing_says_so(self):
        self.add()
        self.by_hand(email="ada@example.com")
        self.sim.store.shop.personal_data = False
        self.addCleanup(setattr, self.sim.store.shop, "personal_data", True)
        self.assert_row(self.search().line_ids, "none", reason="Shopify shows nothing")

    def test_a_big_store_is_searched_in_parts(self):
        self.patch(takeover_customers, "PAGES", 1)
        self.patch(takeover_customers, "PAGE_CUSTOMERS", 2)
        for number in range(3):
            self.add(last_name=f"No {number}", email=f"ada{number}@example.com", phone=f"+1555010020{number}")
        wizard = self.search()
        self.assertEqual(len(wizard.line_ids), 2)
        self.assertIn("Next Part", wizard.summary)
        self.press(wizard, "action_next")
        self.assertEqual((len(wizard.line_ids), wizard.cursor), (1, False))

    # Linking

    def test_a_linked_contact_is_known_and_no_contact_is_made(self):
        customer = self.add(tags=["vip"])
        ada = self.by_hand(email="ada@example.com")
        before = self.counted("res.partner")
        wizard = self.take_over()
        self.assertEqual((wizard.step, wizard.known_ids.partner_id), ("linked", ada))
        link = self.link(customer)
        self.assertEqual((link.partner_id, link.matched_by, link.source), (ada, "email", "takeover"))
        self.assertTrue(ada.shopify_is_customer)
        self.assertEqual(self.counted("res.partner"), before)
        self.assertEqual((ada.name, ada.city), ("Ada by Hand", "New York"), "what was empty is filled, the rest stays")

    def test_the_link_remembers_what_it_wrote(self):
        customer = self.add()
        ada = self.by_hand(email="ada@example.com", phone="+15559999999")
        self.take_over()
        self.change(customer, first_name="Augusta", phone="+15550100777", address={"city": "Albany"})
        self.import_customers()
        self.assertEqual((ada.name, ada.phone), ("Ada by Hand", "+15559999999"), "a person's values stay")
        self.assertEqual(ada.city, "Albany", "what the take-over has filled follows Shopify")

    def test_a_second_search_shows_him_as_linked_and_an_order_meets_him(self):
        customer = self.add()
        ada = self.by_hand(email="ada@example.com")
        self.take_over()
        ada.email = "new@example.com"
        wizard = self.search()
        self.assert_row(wizard.line_ids, "known", ada)
        with self.assertRaisesRegex(UserError, "Tick at least one"):
            self.press(wizard)
        persons = self.env["res.partner"].search_count([("type", "=", "contact")])
        self.assertEqual(self.bring(customer=customer).partner_id, ada)
        self.import_customers()
        self.assertEqual(self.env["res.partner"].search_count([("type", "=", "contact")]), persons)

    def test_only_what_is_ticked_is_linked(self):
        one, two = self.add(), self.add(first_name="Bob", email="bob@example.com", phone="+15550100888")
        self.by_hand(email="ada@example.com")
        self.by_hand("Bob", email="bob@example.com")
        wizard = self.search()
        self.rows(wizard)["Bob Lovelace"].link = False
        self.press(wizard)
        self.assertTrue(self.link(one))
        self.assertFalse(self.link(two))

    def test_a_contact_chosen_by_hand_is_linked(self):
        customer = self.add()
        ada = self.by_hand(email="other@example.com")
        with self.own_cursor(self.manager) as env:
            form = Form(env["shopify.takeover"])
            form.instance_id = self.instance.with_env(env)
            form.what = "customer"
            wizard = form.save()
            wizard.action_search()
            with Form(wizard) as form, form.none_ids.edit(0) as row:
                row.partner_id = ada.with_env(env)
                row.link = True
            wizard.action_link()
        self.assertEqual((self.contact(customer), self.link(customer).matched_by), (ada, "hand"))

    def test_a_customer_linked_meanwhile_is_linked_once(self):
        customer = self.add()
        ada = self.by_hand(email="ada@example.com")
        wizard = self.search()
        self.import_customers()
        self.press(wizard)
        self.assertEqual(self.link(customer).partner_id, ada)
        self.assertEqual(len(self.link(customer)), 1)

    def test_taking_over_is_for_managers(self):
        with self.assertRaises(AccessError):
            self.search(user=self.user)

    def test_more_customers_need_no_more_queries_to_search(self):
        records = []
        for number in range(40):
            self.add(last_name=f"No {number}", email=f"ada{number}@example.com", phone=f"+15550101{number:03}")
            self.by_hand(f"Ada {number}", **({"email": f"ada{number}@example.com"} if number % 2 else
                                             {"phone": f"+15550101{number:03}"}))  # fmt: skip
        with self.own_cursor(self.manager) as env:
            service = env["shopify.takeover.customers"]
            own = self.instance.with_env(env)._for_jobs()
            records, _cursor = service._fetch(own, False)

            def queries(count):
                env.invalidate_all()
                before = env.cr.sql_log_count
                rows = service._rows(own, records[:count])
                self.assertEqual({row["match"] for row in rows}, {"sure", "check"})
                return env.cr.sql_log_count - before

            queries(40)
            self.assertEqual(queries(40), queries(10))
