"""Customers come from Shopify; what a person changed in Odoo stays."""

import json
from datetime import datetime, timedelta, timezone

from lxml import etree
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .common import utc
from .common_customers import CustomerCase


@tagged("post_install", "-at_install")
class TestCustomerImport(CustomerCase):
    def test_a_user_imports_customers_into_customer_queues(self):
        customer = self.add(tags=["vip"])
        run = self.import_customers()
        self.assertEqual((run.state, run.record_count, run.queued_count), ("done", 1, 1))
        self.assertTrue(run.queue_ids.name.startswith("SCQ"))
        partner, link = self.contact(customer), self.link(customer)
        self.assertEqual(
            (partner.name, partner.email, partner.phone), ("Ada Lovelace", "ada@example.com", "+15550100200")
        )
        self.assertEqual((partner.country_id.code, partner.state_id.code, partner.city), ("US", "NY", "New York"))
        self.assertEqual((link.matched_by, link.source, link.tags), ("created", "customer", "vip"))
        self.assertEqual(self.line(customer).action_open_document()["res_id"], partner.id)

    def test_a_stranger_cannot_import(self):
        with self.assertRaises(AccessError):
            self.env["shopify.operation"].with_user(self.outsider).create({"instance_id": self.instance.id})

    def test_the_dialog_imports_and_says_what_it_read(self):
        customer = self.add()
        with self.own_cursor(self.user) as env:
            wizard = env["shopify.operation"].create(
                {"instance_id": self.instance.id, "operation": "customer", "everything": True}
            )
            wizard.action_execute()
            self.assertIn("Records read from Shopify: 1.", wizard.result)
        self.work()
        self.assertTrue(self.contact(customer))

    def test_a_missing_permission_is_named(self):
        self.sim.access.scopes.remove("read_customers")
        self.sim.access.scopes.remove("write_customers")
        self.instance.action_check_connection()
        wizard = self.env["shopify.operation"].create({"instance_id": self.instance.id, "operation": "customer"})
        self.assertIn("read_customers", wizard.missing_scopes)
        run = self.import_customers()
        self.assertEqual(run.state, "failed")
        self.assertIn("read_customers", run.message)

    def test_the_import_takes_the_range_of_changes_and_goes_on_from_the_last_one(self):
        first = self.add()
        self.import_customers(source="cron")
        feed = self.env["shopify.feed"]._of(self.instance, "customer")
        self.assertEqual(feed.last_date, utc(first.updated_at))
        self.sim.clock.advance(3600)
        second = self.add(email="second@example.com", phone=None)
        self.sim.requests.clear()
        with self.own_cursor() as env:
            env["shopify.run.starter"]._run_scheduled(self.instance.with_env(env), "customer")
        self.work()
        self.assertTrue(self.contact(second))
        (request,) = [one for one in self.sim.requests if one.operation == "CustomersPage"]
        since = (first.updated_at - timedelta(minutes=5)).astimezone(timezone.utc)
        self.assertIn(since.strftime("%Y-%m-%dT%H:%M:%SZ"), request.variables["query"])
        self.assertEqual(self.env["shopify.queue.line"].search_count([("kind", "=", "customer")]), 2)

    def test_what_did_not_change_makes_no_work(self):
        self.add()
        self.import_customers()
        run = self.import_customers()
        self.assertEqual((run.record_count, run.queued_count), (1, 0))

    def test_a_change_within_the_same_second_is_not_lost(self):
        customer = self.add()
        self.import_customers()
        self.sim.store.change_customer(customer, last_name="King")
        self.import_customers()
        self.assertEqual(self.contact(customer).name, "Ada King")

    def test_customers_are_named_by_id_link_or_e_mail_and_unknown_ones_are_listed(self):
        one, two, three = (self.add(email=f"{name}@example.com", phone=None) for name in ("one", "two", "three"))
        tokens = f"{one.id}, https://admin.shopify.com/store/shop/customers/{two.id}\nTHREE@example.com nobody@example.com 999"
        run = self.run_operation("customer_by_id", user=self.user, source="by_id", tokens=tokens)
        self.work()
        self.assertTrue(all(map(self.contact, (one, two, three))))
        self.assertIn("nobody@example.com", run.message)
        self.assertIn("999", run.message)
        self.assertEqual(self.asked("CustomersByIds"), 1, "ids are read in one request")

    def test_pages_and_queues_hold_a_hundred(self):
        for number in range(120):
            self.add(email=f"c{number}@example.com", phone=None, first_name=f"C{number}")
        run = self.import_customers()
        self.assertEqual(self.asked("CustomersPage"), 2)
        self.assertEqual(sorted(run.queue_ids.mapped("line_count")), [20, 100])
        self.assertEqual(set(run.queue_ids.line_ids.mapped("state")), {"done"})

    def test_the_schedule_is_off_by_default(self):
        schedule = self.instance._schedule("customer")
        self.assertEqual((schedule.interval_number, schedule.interval_type, schedule.active), (1440, "minutes", False))
        self.instance._start_schedules()
        self.assertFalse(schedule.active)
        self.assertTrue(self.instance._schedule("process_customers").active)

    def test_stored_data_that_cannot_be_read_fail_alone(self):
        good, bad = self.add(), self.add(email="bad@example.com", phone=None)
        self.run_operation("customer", **{"from": None})
        self.line(bad).payload = json.dumps({"id": "x"})
        counts = self.work()
        self.assertEqual((counts["done"], counts["failed"]), (1, 1))
        self.assertTrue(self.contact(good))
        self.assertIn("Get again", self.line(bad).message)
        with self.own_cursor(self.user) as env:
            self.line(bad).with_env(env).action_get_again()
        self.assertTrue(self.contact(bad))


@tagged("post_install", "-at_install")
class TestMatching(CustomerCase):
    def test_the_rules_are_those_of_orders(self):
        by_mail = self.make_contact(name="A. L.", email="ADA@example.com", phone=False)
        customer = self.add()
        self.import_customers()
        self.assertEqual(self.contact(customer), by_mail)
        self.assertEqual(by_mail.name, "A. L.")
        self.assertEqual(by_mail.phone, "+15550100200", "an empty field is filled")
        self.assertEqual(by_mail.street, "9 Harbor Road")
        self.assertEqual(self.link(customer).matched_by, "email")

    def test_a_phone_is_found_however_it_is_written_by_one_query(self):
        self.instance.match_phone = True
        known = self.make_contact(email=False, phone="00 1 (555) 010-0200")
        self.env["res.partner"].create([{"name": f"Other {one}", "phone": f"+1 555 9{one:06d}"} for one in range(50)])
        customer = self.add(email=None)
        with self.assertNoLogs("odoo.sql_db", "ERROR"):
            self.import_customers()
        self.assertEqual(self.contact(customer), known)
        self.assertEqual(self.link(customer).matched_by, "phone")

    def test_a_phone_of_two_contacts_matches_none(self):
        self.instance.match_phone = True
        known = self.make_contact(email=False, phone="+15550100200")
        known += known.copy()
        customer = self.add(email=None)
        self.import_customers()
        self.assertNotIn(self.contact(customer), known)

    def test_the_digits_of_phones_are_indexed(self):
        self.env.cr.execute("SELECT indexdef FROM pg_indexes WHERE indexname LIKE 'res_partner%shopify_phone_digits'")
        self.assertIn("regexp_replace", self.env.cr.fetchone()[0])

    def test_an_order_and_an_import_make_one_contact(self):
        customer = self.add()
        order = self.place(customer=customer)
        self.import_customers()
        self.import_orders(order)
        self.assertEqual(self.sale_order(order).partner_id, self.contact(customer))
        self.assertEqual(self.link(customer).source, "customer")


@tagged("post_install", "-at_install")
class TestFieldOwner(CustomerCase):
    def setUp(self):
        super().setUp()
        self.customer = self.add()
        self.import_customers()
        self.partner = self.contact(self.customer)

    def test_a_change_in_shopify_reaches_what_the_import_wrote(self):
        self.change(
            self.customer,
            last_name="King",
            email="king@example.com",
            phone="+15550100299",
            address={"address1": "Rue 5", "city": "Paris", "zip": "75001", "country_code": "FR"},
        )
        self.import_customers()
        self.assertEqual(
            (self.partner.name, self.partner.email, self.partner.phone),
            ("Ada King", "king@example.com", "+15550100299"),
        )
        self.assertEqual(
            (self.partner.street, self.partner.city, self.partner.country_id.code), ("Rue 5", "Paris", "FR")
        )
        self.assertFalse(self.partner.state_id, "no part of the former address is left")

    def test_what_a_person_changed_stays_and_the_other_fields_follow(self):
        self.partner.write({"name": "Countess of Lovelace", "street": "12 St James's Square"})
        self.change(self.customer, last_name="King", phone="+15550100299", address="FR")
        self.import_customers()
        self.assertEqual(self.partner.name, "Countess of Lovelace")
        self.assertEqual((self.partner.street, self.partner.city), ("12 St James's Square", "New York"))
        self.assertEqual(self.partner.phone, "+15550100299")
        self.assertEqual(self.link(self.customer).differs, "name, address")

    def test_a_field_that_a_person_emptied_is_not_filled_again(self):
        self.partner.phone = False
        self.change(self.customer, note="called")
        self.import_customers()
        self.assertFalse(self.partner.phone)

    def test_a_match_never_gives_a_persons_value_away(self):
        grace = self.make_contact()
        customer = self.add(first_name="Grace", last_name="Hopper", email="grace@example.com", phone=None, address=None)
        self.import_customers()
        self.change(customer, last_name="Murray")
        self.import_customers()
        self.assertEqual(self.contact(customer), grace)
        self.assertEqual(grace.name, "Grace Hopper", "the connector never wrote this name")

    def test_a_later_order_brings_the_change_of_its_customer(self):
        self.change(self.customer, last_name="King", phone="+15550100299")
        self.import_orders(self.place(customer=self.customer))
        self.assertEqual((self.partner.name, self.partner.phone), ("Ada King", "+15550100299"))

    def test_an_order_that_waited_does_not_bring_back_an_older_state(self):
        order = self.place(customer=self.customer)
        self.run_operation("order_by_id", source="by_id", tokens=str(order.id))
        self.change(self.customer, last_name="King")
        self.import_customers()
        self.process()
        self.assertEqual(self.partner.name, "Ada King")

    def test_the_orders_own_phone_is_no_change_of_the_customer(self):
        customer = self.add(email="nophone@example.com", phone=None, address=None)
        sale_order = self.bring(customer=customer, phone="+15550107777", address="DE")
        self.assertEqual(sale_order.partner_id.phone, "+15550107777")
        self.change(customer, note="x")
        self.import_customers()
        self.assertEqual(sale_order.partner_id.phone, "+15550107777")
        self.assertEqual(sale_order.partner_id.country_id.code, "DE")

    def test_a_phone_taken_off_in_shopify_is_taken_off_and_an_address_stays(self):
        self.change(self.customer, phone=None, address=None)
        self.import_customers()
        self.assertFalse(self.partner.phone)
        self.assertEqual(self.partner.city, "New York")

    def test_with_the_switch_off_only_empty_fields_are_filled(self):
        self.instance.sync_customer = False
        self.change(self.customer, last_name="King")
        self.import_customers()
        self.assertEqual(self.partner.name, "Ada Lovelace")
        self.assertEqual(self.link(self.customer).differs, "name")

    def test_a_person_takes_shopifys_values_when_he_may_change_the_contact(self):
        self.partner.name = "Countess"
        self.change(self.customer, last_name="King")
        self.import_customers()
        link = self.link(self.customer)
        with self.assertRaises(AccessError):
            link.with_user(self.outsider).action_take_shopify()
        self.give_role(self.user, "base.group_partner_manager")
        link.with_user(self.user).action_take_shopify()
        self.assertEqual(self.partner.name, "Ada King")
        self.change(self.customer, last_name="Byron")
        self.import_customers()
        self.assertEqual(self.partner.name, "Ada Byron", "the field follows Shopify again")

    def test_shopifys_values_are_offered_only_to_those_who_may_change_the_contact(self):
        self.partner.name = "Countess"
        self.change(self.customer, last_name="King")
        self.import_customers()
        looks, writes = (
            self.make_user("looks", "shopify_sync.group_user"),
            self.make_user("writes", "shopify_sync.group_user", "base.group_partner_manager"),
        )

        def is_offered(user):
            partner, link = self.partner.with_user(user), self.link(self.customer).with_user(user)
            view = partner.get_view(self.env.ref("base.view_partner_form").id, "form")
            button = etree.fromstring(view["arch"]).find(".//button[@name='action_take_shopify']")
            return not safe_eval(
                button.get("invisible"), {"differs": link.differs, "may_write_contact": link.may_write_contact}
            )

        self.assertFalse(is_offered(looks))
        self.assertTrue(is_offered(writes))
        self.link(self.customer).with_user(writes).action_take_shopify()
        self.assertEqual(self.partner.name, "Ada King")

    def test_a_persons_address_below_a_company_is_the_companys(self):
        company = self.make_contact(name="Fjord", is_company=True, email=False, phone=False)
        self.partner.parent_id = company
        before = company.street
        self.change(self.customer, address="FR", last_name="King")
        self.import_customers()
        self.assertEqual((company.street, self.partner.name), (before, "Ada King"))

    def test_an_import_of_the_same_again_writes_nothing(self):
        self.import_customers()
        before = self.state_of_books()
        self.run_operation("customer_by_id", source="by_id", tokens=str(self.customer.id))
        self.work()
        self.assertEqual(self.state_of_books(), before)


@tagged("post_install", "-at_install")
class TestPersonalData(CustomerCase):
    def test_an_anonymised_customer_leaves_the_contact_as_it_is(self):
        customer = self.add()
        self.import_customers()
        self.sim.clock.advance(60)
        self.sim.store.anonymise_customer(customer)
        self.import_customers()
        self.assertEqual(
            (self.contact(customer).name, self.contact(customer).email), ("Ada Lovelace", "ada@example.com")
        )
        self.assertEqual(self.line(customer).state, "done")

    def test_a_plan_without_personal_data_makes_no_contacts(self):
        self.sim.store.shop.personal_data = False
        self.addCleanup(setattr, self.sim.store.shop, "personal_data", True)
        customer = self.add()
        before = self.env["res.partner"].search_count([])
        self.import_customers()
        self.assertEqual(self.line(customer).state, "skipped")
        self.assertIn("plan hides", self.line(customer).message)
        self.assertEqual(self.env["res.partner"].search_count([]), before)

    def test_hidden_data_take_nothing_off_a_known_contact(self):
        customer = self.add()
        self.import_customers()
        self.addCleanup(setattr, self.sim.store.shop, "personal_data", True)
        self.sim.store.shop.personal_data = False
        self.change(customer, note="x")
        self.import_customers()
        partner = self.contact(customer)
        self.assertEqual(
            (partner.name, partner.email, partner.phone), ("Ada Lovelace", "ada@example.com", "+15550100200")
        )

    def test_orders_of_hidden_customers_go_to_one_anonymous_contact_without_a_link(self):
        self.sim.store.shop.personal_data = False
        self.addCleanup(setattr, self.sim.store.shop, "personal_data", True)
        one, two = self.add(), self.add(email="two@example.com", phone=None)
        orders = [self.place(customer=one), self.place(customer=two)]
        self.import_orders(*orders)
        self.assertEqual(self.sale_order(orders[0]).partner_id, self.sale_order(orders[1]).partner_id)
        self.assertFalse(self.link(one) | self.link(two))

    def test_erasing_removes_what_the_link_remembers_of_the_person(self):
        customer = self.add()
        self.import_customers()
        link = self.link(customer)
        self.assertTrue(link.seen_values)
        link._erase()
        self.assertFalse(link.seen_values or link.written_values or link.email)
        self.change(customer, last_name="King")
        self.import_customers()
        self.assertEqual(link.partner_id.name, "Ada Lovelace")


@tagged("post_install", "-at_install")
class TestSpeed(CustomerCase):
    #: queries for one more customer in a batch
    NEW, CHANGED = 2, 6

    def queries(self, count, prepare):
        customers = prepare(count)
        tokens = ",".join(str(one.id) for one in customers)
        self.run_operation("customer_by_id", source="by_id", tokens=tokens)
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.assertEqual(self.work()["done"], count)
        return self.env.cr.sql_log_count - before

    def fresh(self, count):
        self.number = getattr(self, "number", 0) + 1
        return [self.add(email=f"q{self.number}-{one}@example.com", phone=None) for one in range(count)]

    def changed(self, count):
        customers = self.fresh(count)
        self.import_customers()
        for one in customers:
            self.change(one, last_name="Changed", address="FR")
        return customers

    def test_a_customer_more_costs_a_few_queries(self):
        for prepare, allowed in ((self.fresh, self.NEW), (self.changed, self.CHANGED)):
            prepare(2)
            small, large = self.queries(10, prepare), self.queries(40, prepare)
            each = (large - small) / 30
            with self.subTest(prepare=prepare.__name__, small=small, large=large):
                self.assertLessEqual(each, allowed)

    def test_reading_a_hundred_customers_is_one_request(self):
        for one in range(100):
            self.add(email=f"r{one}@example.com", phone=None)
        self.sim.requests.clear()
        self.run_operation("customer", **{"from": None})
        self.assertEqual(len(self.sim.requests), 1)
        self.assertLessEqual(self.sim.requests[0].requested, 38)


@tagged("post_install", "-at_install")
class TestCustomerList(CustomerCase):
    def test_the_list_counts_orders_and_groups_by_store(self):
        customer = self.add()
        self.bring(customer=customer)
        last = self.bring(customer=customer)
        partner = self.contact(customer).with_user(self.user)
        self.assertEqual((partner.shopify_order_count, partner.shopify_last_order), (2, last.date_order))
        groups = (
            self.env["res.partner"]
            .with_user(self.user)
            .formatted_read_group([("shopify_customer_ids", "!=", False)], ["shopify_store_ids"], ["__count"])
        )
        self.assertIn((self.instance.id, self.instance.display_name), [one["shopify_store_ids"] for one in groups])

    def test_from_after_to_is_refused(self):
        now = datetime.now()
        wizard = self.env["shopify.operation"].create(
            {
                "instance_id": self.instance.id,
                "operation": "customer",
                "date_from": now,
                "date_to": now - timedelta(days=1),
            }
        )
        with self.assertRaises(UserError):
            wizard.action_execute()
