"""Contacts go to Shopify: once, without overwriting what was changed there."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_customers import CustomerCase


@tagged("post_install", "-at_install")
class TestCreate(CustomerCase):
    def test_a_user_creates_a_customer_with_its_address(self):
        partner = self.make_contact()
        notice = self.send(partner)
        customer = self.in_shopify(partner)
        self.assertEqual(
            (customer.first_name, customer.last_name, customer.email), ("Grace", "Hopper", "grace@example.com")
        )
        self.assertEqual(customer.phone, "+15550100300")
        (address,) = customer.addresses
        self.assertEqual((address.address1, address.city, address.province_code), ("9 Harbor Road", "New York", "NY"))
        line = self.line(partner=partner)
        self.assertEqual((line.state, line.queue_id.name[:3], line.shopify_id), ("done", "SXQ", str(customer.id)))
        link = self.link(customer)
        self.assertEqual((link.partner_id, link.source, link.matched_by), (partner, "export", "exported"))
        self.assertTrue(link.sent_at)
        self.assertEqual(notice["params"]["type"], "success")

    def test_a_company_is_sent_with_its_name(self):
        partner = self.make_contact(name="Fjord Retail", is_company=True)
        self.send(partner)
        customer = self.in_shopify(partner)
        self.assertEqual((customer.first_name, customer.last_name), (None, "Fjord Retail"))
        self.assertEqual(customer.addresses[0].company, "Fjord Retail")

    def test_what_was_sent_follows_shopify_afterwards(self):
        partner = self.make_contact()
        self.send(partner)
        self.change(self.in_shopify(partner), last_name="Murray")
        self.import_customers()
        self.assertEqual(partner.name, "Grace Murray")

    def test_a_stranger_cannot_send(self):
        partner = self.make_contact()
        with self.assertRaises(AccessError):
            self.send(partner, user=self.outsider)
        self.assertEqual(self.asked("CustomerCreate"), 0)

    def test_a_missing_permission_is_named_before_anything_is_sent(self):
        self.sim.access.scopes.remove("write_customers")
        self.instance.action_check_connection()
        with self.assertRaisesRegex(UserError, "write_customers"):
            self.send(self.make_contact())
        self.assertFalse(self.env["shopify.queue.line"].search([("kind", "=", "customer_export")]))

    def test_contacts_that_cannot_be_customers_are_left_out_with_the_reason(self):
        other = self.env["res.company"].create({"name": "Other company"})
        good = self.make_contact()
        partners = good + self.make_contact(email=False, phone=False, name="Nobody")
        partners += self.make_contact(name="Warehouse", parent_id=good.id, type="delivery", email="w@example.com")
        partners += self.make_contact(name="Foreign", company_id=other.id, email="f@example.com")
        partners += self.make_contact(name="Odd", email="not an address")
        wizard = (
            self.env["shopify.customer.export"]
            .with_context(active_model="res.partner", active_ids=partners.ids)
            .create({"instance_id": self.instance.id})
        )
        self.assertEqual((wizard.create_count, wizard.update_count), (1, 0))
        for words in ("neither e-mail nor phone", "is an address of", "another company", "no address"):
            self.assertIn(words, wizard.left_out)
        self.send(partners.filtered(lambda partner: partner.company_id != other))
        self.assertEqual(self.asked("CustomerCreate"), 1)

    def test_what_shopify_refuses_is_said_on_the_contact_and_retried_after_a_correction(self):
        partner = self.make_contact(phone="+123")
        self.send(partner)
        line = self.line(partner=partner)
        self.assertEqual(line.state, "failed")
        self.assertIn("Phone is invalid", line.message)
        log = self.logs(queue_line_id=line.id)
        self.assertEqual((log.fix_action, log.fix_context), ("customer", {"res_id": partner.id}))
        self.assertIn("Phone is invalid", partner.message_ids[0].body)
        partner.phone = "+15550100300"
        self.send(partner)
        self.assertEqual((line.state, self.line(partner=partner)), ("done", line))
        self.assertTrue(log.resolved)

    def test_many_contacts_are_lines_of_one_queue(self):
        partners = self.env["res.partner"].union(
            *(self.make_contact(name=f"P {one}", email=f"p{one}@example.com", phone=False) for one in range(5))
        )
        self.send(partners)
        lines = self.env["shopify.queue.line"].search([("kind", "=", "customer_export")])
        self.assertEqual((len(lines), len(lines.queue_id), lines.queue_id.state), (5, 1, "done"))
        self.assertEqual(len(self.sim.store.people.everyone()), 5)


@tagged("post_install", "-at_install")
class TestExisting(CustomerCase):
    def setUp(self):
        super().setUp()
        self.partner = self.make_contact()

    def test_a_customer_with_the_same_e_mail_is_offered_and_not_overwritten(self):
        known = self.add(first_name="G.", last_name="H.", email="grace@example.com", phone=None)
        self.send(self.partner)
        line = self.line(partner=self.partner)
        self.assertEqual((line.state, line.link_ref), ("failed", str(known.id)))
        self.assertIn("has a customer with this e-mail", line.message)
        self.assertEqual((known.first_name, len(self.sim.store.people.everyone())), ("G.", 1))
        with self.own_cursor(self.user) as env:
            line.with_env(env).action_link_existing()
        self.assertEqual(self.contact(known), self.partner)
        self.assertEqual((line.state, self.link(known).matched_by), ("done", "email"))
        self.assertEqual(
            (known.first_name, self.partner.name), ("G.", "Grace Hopper"), "nothing is changed on either side"
        )
        self.assertEqual(self.asked("CustomerCreate") + self.asked("CustomerUpdate"), 0)

    def test_a_customer_with_the_same_phone_is_offered(self):
        known = self.add(email="other@example.com", phone="+15550100300")
        self.send(self.partner)
        line = self.line(partner=self.partner)
        self.assertEqual((line.state, line.link_ref), ("failed", str(known.id)))
        self.assertIn("this phone", line.message)

    def test_the_dialog_links_at_once_when_told_to(self):
        known = self.add(email="grace@example.com", phone=None)
        self.send(self.partner, link_existing=True)
        self.assertEqual(self.contact(known), self.partner)

    def test_a_customer_of_another_contact_is_not_taken_from_it(self):
        known = self.add(email="grace@example.com", phone=None)
        other = self.make_contact(name="Other", email="other@example.com", phone=False)
        self.env["shopify.customer"].create(
            {"partner_id": other.id, "instance_id": self.instance.id, "shopify_id": str(known.id)}
        )
        self.send(self.partner, link_existing=True)
        self.assertEqual(self.contact(known), other)
        self.assertIn("linked with another contact", self.line(partner=self.partner).message)

    def test_somebody_who_was_quicker_between_the_requests_is_found(self):
        handler = type(self.env["shopify.handler.customer.export"])
        real = handler._input

        def meanwhile(own, env, job):
            if not self.sim.store.people.everyone():
                self.sim.store.add_customer(first_name="Quick", email="grace@example.com")
            return real(own, env, job)

        self.patch(handler, "_input", meanwhile)
        self.send(self.partner)
        self.assertIn("has a customer with this e-mail", self.line(partner=self.partner).message)

    def test_nothing_to_link_is_refused(self):
        self.send(self.partner)
        with self.assertRaises(UserError):
            self.line(partner=self.partner).action_link_existing()


@tagged("post_install", "-at_install")
class TestUpdate(CustomerCase):
    def setUp(self):
        super().setUp()
        self.customer = self.add(tags=["vip"], note="likes tea")
        self.import_customers()
        self.partner = self.contact(self.customer)

    def test_only_what_was_changed_in_odoo_is_sent(self):
        self.partner.name = "Ada King"
        self.sim.requests.clear()
        self.send(self.partner)
        self.assertEqual((self.customer.first_name, self.customer.last_name), ("Ada", "King"))
        (request,) = [one for one in self.sim.requests if one.operation == "CustomerUpdate"]
        self.assertEqual(request.variables["input"], {"firstName": "Ada", "lastName": "King"})
        self.assertEqual((self.customer.tags, self.customer.note), (["vip"], "likes tea"))
        self.assertIn("name", self.line(partner=self.partner).message)
        self.assertFalse(self.link(self.customer).differs)

    def test_the_dialog_says_before_what_is_created_and_updated(self):
        new = self.make_contact()
        context = {"active_model": "res.partner", "active_ids": (self.partner + new).ids}
        with Form(self.env["shopify.customer.export"].with_context(**context).with_user(self.user)) as form:
            self.assertEqual((form.instance_id, form.create_count, form.update_count), (self.instance, 1, 1))

    def test_an_address_is_changed_and_the_others_stay(self):
        other = self.sim.store.people.address("FR", self.customer)
        self.customer.addresses.append(other)
        before = self.customer.addresses[0].id
        self.partner.write({"street": "12 St James's Square", "zip": "10009"})
        self.send(self.partner)
        first, second = self.customer.addresses
        self.assertEqual((first.id, first.address1, first.zip), (before, "12 St James's Square", "10009"))
        self.assertEqual(second, other)

    def test_an_address_is_added_where_there_is_none(self):
        customer = self.add(email="noaddress@example.com", phone=None, address=None)
        self.import_customers()
        self.contact(customer).write(
            {"street": "1 New Road", "city": "Berlin", "country_id": self.env.ref("base.de").id}
        )
        self.send(self.contact(customer))
        self.assertEqual([one.address1 for one in customer.addresses], ["1 New Road"])

    def test_nothing_changed_sends_nothing(self):
        self.send(self.partner)
        self.assertEqual(self.asked("CustomerUpdate"), 0)
        self.assertIn("already", self.line(partner=self.partner).message)

    def test_what_was_changed_in_shopify_meanwhile_comes_instead(self):
        self.partner.name = "Ada King"
        self.change(self.customer, phone="+15550100299")
        self.send(self.partner)
        self.assertEqual((self.customer.last_name, self.customer.phone), ("King", "+15550100299"))
        self.assertEqual(self.partner.phone, "+15550100299")

    def test_what_was_changed_on_both_sides_is_left_to_a_person(self):
        self.partner.name = "Ada King"
        self.change(self.customer, last_name="Byron")
        self.send(self.partner)
        self.assertEqual((self.customer.last_name, self.partner.name), ("Byron", "Ada King"))
        self.assertEqual(self.logs(cause="changed_on_both_sides").severity, "warning")
        self.assertEqual(self.line(partner=self.partner).state, "done")
        self.send(self.partner)
        self.assertEqual(self.customer.last_name, "King", "a person has seen it and sends it again")

    def test_an_empty_field_clears_nothing(self):
        self.partner.phone = False
        self.send(self.partner)
        self.assertEqual(self.customer.phone, "+15550100200")

    def test_an_e_mail_of_another_customer_is_refused_in_words(self):
        self.add(email="taken@example.com", phone=None)
        self.partner.email = "taken@example.com"
        self.send(self.partner)
        line = self.line(partner=self.partner)
        self.assertEqual(line.state, "failed")
        self.assertIn("has already been taken", line.message)
        self.assertEqual(self.customer.email, "ada@example.com")

    def test_an_anonymised_customer_gets_nothing_back(self):
        self.sim.store.anonymise_customer(self.customer)
        self.partner.name = "Ada King"
        self.send(self.partner)
        self.assertFalse(self.customer.last_name)
        self.assertIn("erased", self.line(partner=self.partner).message)

    def test_a_customer_who_is_gone_is_said_to_be(self):
        self.sim.store.delete_customer(self.customer)
        self.partner.name = "Ada King"
        self.send(self.partner)
        self.assertIn("does not know this customer any more", self.line(partner=self.partner).message)


@tagged("post_install", "-at_install")
class TestFaults(CustomerCase):
    def again(self, partner):
        line = self.line(partner=partner)
        line.write({"next_attempt_at": False, "taken_until": False})
        self.env.flush_all()
        self.env["shopify.runner"]._send_one(self.instance._for_jobs())
        self.env.invalidate_all()
        return line

    def test_an_answer_that_was_lost_makes_no_second_customer(self):
        for kind in ("lost", "lost_timeout"):
            with self.subTest(kind=kind):
                partner = self.make_contact(email=f"{kind}@example.com", phone=False)
                self.sim.faults.add(kind, operation="CustomerCreate", times=1, seconds=0.1)
                self.send(partner)
                line = self.line(partner=partner)
                self.assertTrue(line.state == "done" or line.maybe_done)
                self.again(partner)
                self.assertEqual(line.state, "done")
                same = [one for one in self.sim.store.people.everyone() if one.email == partner.email]
                self.assertEqual([str(one.id) for one in same], [line.shopify_id])

    def test_a_request_that_never_arrived_is_sent_again(self):
        partner = self.make_contact()
        self.sim.faults.add("status", operation="CustomerCreate", times=1, status=503)
        self.send(partner)
        self.assertEqual(self.again(partner).state, "done")
        self.assertEqual(len(self.sim.store.people.everyone()), 1)

    def test_a_stranger_with_the_same_name_from_before_is_not_taken_for_ours(self):
        partner = self.make_contact(phone=False)
        self.sim.faults.add("status", operation="CustomerLookup", times=None, status=503)
        self.send(partner)
        self.sim.faults.clear()
        old = self.add(first_name="Grace", last_name="Hopper", email="grace@example.com", phone=None)
        old.created_at = old.created_at.replace(year=2020)
        line = self.again(partner)
        self.assertEqual((line.state, line.link_ref), ("failed", str(old.id)))

    def test_cancels_go_out_before_customers(self):
        partner = self.make_contact()
        self.env["shopify.handler.customer.export"]._enqueue(self.instance, partner)
        order = self.bring()
        order.with_context(disable_cancel_warning=True).action_cancel()
        self.env["shopify.queue.line"]._enqueue_out(
            self.instance, "order_cancel", order, order.shopify_order_id, "Cancel", "{}"
        )
        line, _before = self.env["shopify.queue.line"]._take(
            self.instance, ("order_cancel", "refund", "customer_export")
        )
        self.assertEqual(line.kind, "order_cancel")

    def test_a_copy_of_the_database_sends_nothing(self):
        self.env["ir.config_parameter"].set_param("database.is_neutralized", "True")
        with self.assertRaisesRegex(UserError, "neutralised"):
            self.send(self.make_contact())
        self.assertFalse(self.sim.store.people.everyone())
