"""The three-step setting: gateway, financial status and order status choose what happens to an order."""

from odoo.tests import tagged

from .common import ShopifyCase


class ChoiceCase(ShopifyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        workflows = cls.env["shopify.sale.workflow"]
        cls.automatic = workflows._default(cls.env.company, "automatic")
        cls.review = workflows._default(cls.env.company, "review")
        cls.confirm_only = workflows.create({"name": "Only confirm", "confirm_order": True})

    def gateway(self, code):
        return self.env["shopify.payment.gateway"].search([("instance_id", "=", self.instance.id), ("code", "=", code)])

    def map(self, code, financial_status="paid", order_status="any", workflow=None):
        gateway = self.env["shopify.payment.gateway"]._ensure(self.instance, [code])[code]
        return self.env["shopify.financial.status"].create(
            {
                "instance_id": self.instance.id,
                "gateway_id": gateway.id,
                "financial_status": financial_status,
                "order_status": order_status,
                "workflow_id": (workflow or self.automatic).id,
            }
        )

    def journal(self, code):
        return self.env["account.journal"].create({"name": f"Journal {code}", "code": code, "type": "bank"})

    def workflow_of(self, journal):
        workflow = self.automatic.copy({"name": f"Into {journal.name}"})
        workflow.payment_journal_id = journal
        return workflow


@tagged("post_install", "-at_install")
class TestUnknownGateway(ChoiceCase):
    def test_an_unknown_gateway_fails_the_line_and_names_gateway_and_both_statuses(self):
        order = self.place(gateway="Klarna", customer={"first_name": "Nobody", "email": "nobody.yet@example.com"})
        counts = self.import_orders(order)
        self.assertEqual(counts["failed"], 1)
        line = self.queue_line(order)
        self.assertEqual((line.state, line.failure_kind), ("failed", "configuration"))
        for words in (order.name, "Klarna", "Paid", "Unshipped"):
            self.assertIn(words, line.message)
        log = self.logs(queue_line_id=line.id)
        self.assertEqual((log.severity, log.cause, log.order_ref), ("error", "no_workflow", order.name))

    def test_nothing_of_the_order_exists_but_the_gateway_is_kept_as_not_mapped(self):
        order = self.place(
            gateway="Klarna", taxes="US-NY", customer={"first_name": "No", "email": "no.yet@example.com"}
        )
        self.import_orders(order)
        self.assertFalse(self.sale_order(order))
        self.assertFalse(self.env["res.partner"].search([("email", "=", "no.yet@example.com")]))
        self.assertFalse(self.env["shopify.customer"].search([("instance_id", "=", self.instance.id)]))
        gateway = self.gateway("Klarna")
        self.assertEqual((gateway.name, gateway.mapped), ("Klarna", False))

    def test_fix_it_opens_a_financial_status_with_all_four_keys_and_saving_it_retries_by_itself(self):
        order = self.place(gateway="Klarna")
        self.import_orders(order)
        log = self.logs(cause="no_workflow")
        action = log.action_fix()
        self.assertEqual(action["res_model"], "shopify.financial.status")
        defaults = {key: value for key, value in action["context"].items() if key.startswith("default_")}
        self.assertEqual(
            defaults,
            {
                "default_instance_id": self.instance.id,
                "default_gateway_id": self.gateway("Klarna").id,
                "default_financial_status": "paid",
                "default_order_status": "unshipped",
            },
        )
        line = self.queue_line(order)
        self.env["shopify.financial.status"].with_context(**action["context"]).create(
            {"workflow_id": self.automatic.id}
        )
        self.assertEqual(line.state, "draft")
        self.assertEqual(self.process()["done"], 1)
        self.assert_paid_to_the_cent(self.sale_order(order), self.shopify_total(order))
        self.assertTrue(log.resolved, "the cause is gone")

    def test_a_line_for_another_combination_retries_nothing(self):
        order = self.place(gateway="Klarna")
        self.import_orders(order)
        self.map("Klarna", "pending")
        self.map("Sofort", "paid")
        self.assertEqual(self.queue_line(order).state, "failed")

    def test_one_line_for_any_order_status_retries_every_order_that_waits_for_it(self):
        first = self.place(gateway="Klarna")
        second = self.place(gateway="Klarna", fulfillment="fulfilled")
        self.import_orders(first, second)
        self.map("Klarna", "paid", "any")
        self.assertEqual(self.process()["done"], 2)

    def test_the_gateways_default_workflow_serves_what_no_line_fits_and_retries_waiting_orders(self):
        order = self.place(gateway="Klarna")
        self.import_orders(order)
        self.gateway("Klarna").workflow_id = self.confirm_only
        self.assertEqual(self.process()["done"], 1)
        self.assertEqual(self.sale_order(order).shopify_workflow_id, self.confirm_only)

    def test_gateway_codes_are_compared_letter_for_letter(self):
        self.map("klarna")
        order = self.place(gateway="Klarna")
        self.assertEqual(self.import_orders(order)["failed"], 1)
        self.assertIn("letter case", self.gateway("Klarna").code_warning)


@tagged("post_install", "-at_install")
class TestChoice(ChoiceCase):
    def test_an_exact_order_status_wins_over_any(self):
        self.map("Klarna", "paid", "any", self.automatic)
        self.map("Klarna", "paid", "unshipped", self.confirm_only)
        unshipped = self.bring(gateway="Klarna")
        shipped = self.bring(gateway="Klarna", fulfillment="fulfilled")
        self.assertEqual(unshipped.shopify_workflow_id, self.confirm_only)
        self.assertEqual(shipped.shopify_workflow_id, self.automatic)

    def test_a_line_wins_over_the_gateways_default(self):
        self.map("Klarna", "paid", "any", self.confirm_only)
        self.gateway("Klarna").workflow_id = self.review
        self.assertEqual(self.bring(gateway="Klarna").shopify_workflow_id, self.confirm_only)

    def test_each_switch_of_the_workflow_is_one_step(self):
        self.map("Klarna", "paid", "any", self.review)
        self.map("Sofort", "paid", "any", self.confirm_only)
        invoice_only = self.automatic.copy({"name": "No payment", "register_payment": False})
        self.map("Twint", "paid", "any", invoice_only)
        quotation, confirmed, invoiced = (self.bring(gateway=code) for code in ("Klarna", "Sofort", "Twint"))
        self.assertEqual((quotation.state, len(quotation.picking_ids)), ("draft", 0))
        self.assertEqual((confirmed.state, len(confirmed.picking_ids), len(confirmed.invoice_ids)), ("sale", 1, 0))
        self.assertEqual(invoiced.invoice_ids.payment_state, "not_paid")
        self.assertFalse(invoiced.shopify_payment_ids.registered)

    def test_the_invoice_is_in_the_workflows_journal_and_dated_by_the_order_when_forced(self):
        journal = self.env["account.journal"].create({"name": "Web sales", "code": "WEB", "type": "sale"})
        forced = self.automatic.copy({"name": "Forced", "sale_journal_id": journal.id, "force_accounting_date": True})
        self.map("Klarna", "paid", "any", forced)
        # 03:00 UTC is still the day before in New York
        processed = (self.sim.clock.now().replace(hour=3, minute=0)).isoformat()
        sale_order = self.bring(gateway="Klarna", created_at=processed)
        invoice = sale_order.invoice_ids
        self.assertEqual(invoice.journal_id, journal)
        self.assertEqual(str(invoice.invoice_date), str(self.instance._local_date(sale_order.date_order)))
        self.assertNotEqual(str(invoice.invoice_date), processed[:10])

    def test_an_incomplete_workflow_fails_the_line_and_completing_it_retries(self):
        journal = self.automatic.payment_journal_id
        workflow = self.automatic.copy({"name": "Incomplete"})
        workflow.payment_journal_id = False
        self.map("Klarna", "paid", "any", workflow)
        order = self.place(gateway="Klarna")
        self.import_orders(order)
        line = self.queue_line(order)
        self.assertEqual(line.state, "failed")
        self.assertIn("a payment journal", line.message)
        self.assertEqual(self.logs(cause="workflow_incomplete").action_fix()["res_id"], workflow.id)
        workflow.payment_journal_id = journal
        self.assertEqual(self.process()["done"], 1)
        self.assert_paid_to_the_cent(self.sale_order(order), self.shopify_total(order))

    def test_an_order_without_gateway_is_free_when_its_total_is_zero_else_manual(self):
        free = self.bring(lines=[{"sku": self.skus[0], "price": "0"}], payments=[])
        self.assertEqual(free.shopify_gateway_ids.code, "free")
        self.assertEqual(self.bring(payments=[]).shopify_gateway_ids.code, "manual")

    def test_a_workflow_chosen_by_hand_stays(self):
        sale_order = self.bring(gateway="shopify_payments", risk="HIGH")
        sale_order.shopify_workflow_id = self.confirm_only
        order = self.sim.store.update(sale_order.shopify_order_name, note="Changed")
        self.import_orders(order)
        self.assertEqual(sale_order.shopify_workflow_id, self.confirm_only)


@tagged("post_install", "-at_install")
class TestSeveralGateways(ChoiceCase):
    PAYMENTS = ({"gateway": "gift_card", "amount": "60.00"}, {"gateway": "Klarna", "amount": "40.00"})

    def place_mixed(self, **options):
        return self.place(lines=[{"sku": self.skus[0], "price": "100.00"}], payments=list(self.PAYMENTS), **options)

    def test_the_main_gateway_decides_and_each_payment_goes_into_its_own_journal(self):
        cards, klarna = self.journal("GIFTC"), self.journal("KLARN")
        self.env["shopify.financial.status"].search([("gateway_id.code", "=", "gift_card")]).unlink()
        self.map("gift_card", "paid", "any", self.workflow_of(cards))
        main = self.workflow_of(klarna)
        self.map("Klarna", "paid", "any", main)
        order = self.place_mixed()
        self.import_orders(order)
        sale_order = self.sale_order(order)
        self.assertEqual(sale_order.shopify_workflow_id, main, "a gift card never decides")
        payments = {row.gateway_id.code: row.payment_id for row in sale_order.shopify_payment_ids}
        self.assertEqual(payments["gift_card"].journal_id, cards)
        self.assertEqual(payments["Klarna"].journal_id, klarna)
        self.assert_cents(payments["gift_card"].amount, 60)
        self.assert_cents(payments["Klarna"].amount, 40)
        self.assertEqual(sale_order.invoice_ids.payment_state, "paid")

    def test_an_unknown_second_gateway_fails_the_order(self):
        self.map("Klarna", "paid")
        order = self.place(
            lines=[{"sku": self.skus[0], "price": "100.00"}],
            payments=[{"gateway": "Klarna", "amount": "60.00"}, {"gateway": "Twint", "amount": "40.00"}],
        )
        self.import_orders(order)
        self.assertFalse(self.sale_order(order))
        self.assertIn("Twint", self.queue_line(order).message)
        self.map("Twint", "paid")
        self.assertEqual(self.process()["done"], 1)

    def test_a_payment_carries_transaction_date_and_reference_and_an_overpayment_stays_open(self):
        self.map("Klarna", "paid")
        order = self.place(
            lines=[{"sku": self.skus[0], "price": "100.00"}], payments=[{"gateway": "Klarna", "amount": "120.00"}]
        )
        self.import_orders(order)
        sale_order = self.sale_order(order)
        payment = sale_order.shopify_payment_ids.payment_id
        self.assert_cents(payment.amount, 120)
        self.assertEqual(payment.payment_reference, str(order.transactions[0].id))
        self.assertEqual(payment.partner_id, sale_order.partner_id.commercial_partner_id)
        self.assertEqual(sale_order.invoice_ids.payment_state, "paid")
        open_lines = payment.move_id.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
        self.assert_cents(sum(open_lines.mapped("amount_residual")), -20)


@tagged("post_install", "-at_install")
class TestStatusChanges(ChoiceCase):
    def bring_pending(self):
        order = self.place(gateway="Klarna", financial="pending")
        self.import_orders(order)
        return order

    def pay(self, order):
        self.sim.clock.advance(60)
        self.sim.store.mark_paid(order)
        self.import_orders(order)

    def test_pending_then_paid_runs_the_steps_not_done_yet(self):
        self.map("Klarna", "pending", "any", self.review)
        self.map("Klarna", "paid", "any", self.automatic)
        order = self.bring_pending()
        sale_order = self.sale_order(order)
        self.assertEqual((sale_order.state, sale_order.shopify_financial_status), ("draft", "pending"))
        self.pay(order)
        self.assertEqual(sale_order.shopify_financial_status, "paid")
        self.assert_paid_to_the_cent(sale_order, self.shopify_total(order))

    def test_a_later_status_never_undoes_what_was_done(self):
        self.map("Klarna", "pending", "any", self.confirm_only)
        self.map("Klarna", "paid", "any", self.review)
        order = self.bring_pending()
        self.pay(order)
        sale_order = self.sale_order(order)
        self.assertEqual(sale_order.shopify_workflow_id, self.review)
        self.assertEqual(sale_order.state, "sale")
        self.assertFalse(sale_order.invoice_ids)

    def test_a_confirmed_order_whose_new_status_is_not_mapped_keeps_its_workflow_and_takes_the_payment(self):
        self.map("Klarna", "pending", "any", self.confirm_only)
        order = self.bring_pending()
        self.pay(order)
        sale_order = self.sale_order(order)
        self.assertEqual(sale_order.shopify_financial_status, "paid")
        self.assertEqual(sale_order.shopify_workflow_id, self.confirm_only)
        self.assertEqual(len(sale_order.shopify_payment_ids), 1)

    def test_a_quotation_whose_new_status_is_not_mapped_waits_for_the_mapping(self):
        self.map("Klarna", "pending", "any", self.review)
        order = self.bring_pending()
        self.pay(order)
        self.assertEqual(self.queue_line(order).state, "failed")
        self.map("Klarna", "paid", "any", self.automatic)
        self.process()
        self.assert_paid_to_the_cent(self.sale_order(order), self.shopify_total(order))

    def test_a_capture_in_two_parts_becomes_two_payments(self):
        self.map("Klarna", "authorized", "any", self.confirm_only)
        for status in ("partially_paid", "paid"):
            self.map("Klarna", status, "any", self.automatic)
        order = self.place(lines=[{"sku": self.skus[0], "price": "100.00"}], gateway="Klarna", financial="authorized")
        self.import_orders(order)
        sale_order = self.sale_order(order)
        self.assertFalse(sale_order.shopify_payment_ids, "an authorization is no money")
        for amount, state in (("30.00", "partial"), (None, "paid")):
            self.sim.clock.advance(60)
            self.sim.store.capture(order, amount)
            self.import_orders(order)
            self.assertEqual(sale_order.invoice_ids.payment_state, state)
        self.assertEqual(sorted(sale_order.shopify_payment_ids.payment_id.mapped("amount")), [30.0, 70.0])

    def test_a_payment_deleted_by_a_person_is_not_made_again(self):
        order = self.place()
        self.import_orders(order)
        sale_order = self.sale_order(order)
        payment = sale_order.shopify_payment_ids.payment_id
        payment.action_draft()
        payment.unlink()
        self.sim.clock.advance(60)
        self.sim.store.update(order, note="Changed")
        self.import_orders(order)
        self.env["shopify.workflow"]._run(self.instance, sale_order)
        self.assertFalse(sale_order.shopify_payment_ids.payment_id)

    def test_a_payment_without_invoice_is_matched_when_the_invoice_is_posted(self):
        prepaid = self.automatic.copy({"name": "Prepaid", "payment_before_invoice": True, "create_invoice": False})
        self.map("Klarna", "paid", "any", prepaid)
        sale_order = self.bring(gateway="Klarna")
        payment = sale_order.shopify_payment_ids.payment_id
        self.assertIn(payment.state, ("in_process", "paid"))
        self.assertFalse(sale_order.invoice_ids)
        prepaid.create_invoice = True
        self.env["shopify.workflow"]._run(self.instance, sale_order)
        self.assertEqual(sale_order.invoice_ids.payment_state, "paid")
        self.assertEqual(sale_order.shopify_payment_ids.payment_id, payment)

    def test_a_step_that_fails_keeps_the_earlier_ones_is_logged_and_done_later(self):
        order = self.place(gateway="Klarna")
        journal = self.env["account.journal"].create({"name": "Broken", "code": "BROK", "type": "sale"})
        self.map("Klarna", "paid", "any", self.automatic.copy({"name": "Breaks", "sale_journal_id": journal.id}))
        journal.active = False
        self.import_orders(order)
        sale_order = self.sale_order(order)
        self.assertEqual((sale_order.state, len(sale_order.picking_ids)), ("sale", 1))
        self.assertFalse(sale_order.invoice_ids.filtered(lambda move: move.state == "posted"))
        log = self.logs(cause="step_invoice")
        self.assertIn(order.name, log.message)
        self.assertEqual(log.res_id, sale_order.id)
        journal.active = True
        sale_order.shopify_next_step_at = False
        self.env["shopify.workflow"]._run(self.instance, sale_order)
        self.assert_paid_to_the_cent(sale_order, self.shopify_total(order))
