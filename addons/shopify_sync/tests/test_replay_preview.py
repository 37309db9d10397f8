"""An import can be looked at before it is made, and stored data can be run again."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .lives import LifeCase


@tagged("post_install", "-at_install")
class TestPreview(LifeCase):
    def preview(self, operation="order_unshipped", **values):
        with self.own_cursor() as env:
            wizard = env["shopify.operation"].create(
                {"instance_id": self.instance.id, "operation": operation, "date_from": "2000-01-01", **values}
            )
            result_id = wizard.action_preview()["res_id"]
        result = self.env["shopify.preview.result"].browse(result_id)
        return {line.order_ref: line for line in result.line_ids}

    def test_it_says_what_would_be_created_updated_left_out_and_refused(self):
        known = self.place()
        self.sync()
        self.later()
        self.sim.store.update(known, note="changed")
        self.env["shopify.order.rule"].create(
            {"instance_id": self.instance.id, "name": "No", "tags": "no", "skip": True}
        )
        new, left_out = self.place(), self.place(tags=["no"])
        refused = self.place(lines=[{"sku": self.skus[0], "quantity": 1}], gateway="never_seen")
        rows = self.preview()
        effects = {order.name: rows[order.name].effect for order in (known, new, left_out, refused)}
        self.assertEqual(list(effects.values()), ["update", "create", "skip", "refuse"])
        self.assertTrue(all(rows[order.name].reason for order in (known, new, left_out, refused)))

    def test_an_order_that_has_not_changed_is_shown_as_unchanged(self):
        order = self.place()
        self.sync()
        self.assertEqual(self.preview()[order.name].effect, "unchanged")

    def test_it_writes_nothing(self):
        self.place(customer={"first_name": "New", "email": "new@example.com", "address": "US"}, taxes="DE")
        self.place(gateway="never_seen")
        self.env.flush_all()
        models = (
            "shopify.payment.gateway",
            "account.tax",
            "shopify.queue.line",
            "shopify.log.line",
            "delivery.carrier",
        )
        before = [self.env[model].with_context(active_test=False).search_count([]) for model in models]
        documents = self.counts()
        self.preview()
        after = [self.env[model].with_context(active_test=False).search_count([]) for model in models]
        self.assertEqual(after, before)
        self.assertEqual(self.counts(), documents)

    def test_what_it_promises_is_what_the_import_does(self):
        orders = [
            self.place(),
            self.place(risk="HIGH"),
            self.place(gateway="never_seen"),
            self.place(customer="guest"),
        ]
        rows = self.preview()
        self.sync()
        for order in orders:
            promised = rows[order.name].effect
            self.assertEqual(bool(self.sale_order(order)), promised == "create", order.name)


@tagged("post_install", "-at_install")
class TestReplay(LifeCase):
    def replay(self, **values):
        with self.own_cursor() as env:
            wizard = env["shopify.replay"].create({"instance_id": self.instance.id, **values})
            wizard.action_run()
        return self.env["shopify.replay"].browse(wizard.id)

    def test_a_day_run_again_changes_nothing_that_is_right(self):
        orders = [self.place(), self.place(fulfillment="fulfilled")]
        self.sync()
        before = self.counts()
        result = self.replay()
        self.assertEqual(len(result.result_ids), 2)
        self.assertFalse(result.result_ids.filtered("changed"))
        self.assertEqual(self.counts(), before)
        for order in orders:
            self.assert_right(order)

    def test_it_shows_before_and_after_of_what_it_mends(self):
        order = self.place(gateway="never_seen")
        self.sync()
        self.assertEqual(self.queue_line(order).state, "failed")
        gateway = self.env["shopify.payment.gateway"].search([("code", "=", "never_seen")])
        workflow = self.env["shopify.sale.workflow"]._default(self.env.company, "automatic")
        self.env.cr.execute("UPDATE shopify_payment_gateway SET workflow_id = %s", [workflow.id])
        gateway.invalidate_recordset()
        result = self.replay()
        row = result.result_ids
        self.assertTrue(row.changed)
        self.assertIn("not in Odoo", row.before)
        self.assertIn(self.sale_order(order).name, row.after)
        self.assert_right(order)

    def test_the_newest_data_of_an_order_are_run_once(self):
        order = self.place()
        self.sync()
        self.happens("edit", order, quantities={self.skus[0]: 1})
        result = self.replay()
        self.assertEqual(len(result.result_ids), 1)
        self.assertFalse(result.result_ids.changed)
        self.assert_right(order)

    def test_chosen_lines_are_run_again(self):
        orders = [self.place(), self.place()]
        self.sync()
        line = self.queue_line(orders[0])
        with self.own_cursor() as env:
            model = env["shopify.replay"].with_context(active_model="shopify.queue.line", active_ids=line.ids)
            wizard = model.create({})
            wizard.action_run()
        result = self.env["shopify.replay"].browse(wizard.id)
        self.assertEqual(result.result_ids.line_id, line)

    def test_a_day_without_data_is_refused(self):
        with self.assertRaises(UserError):
            self.replay(day="2001-01-01")

    def test_a_line_that_a_person_set_aside_is_left_alone_by_the_run_of_its_day(self):
        unwanted, wanted = self.place(gateway="never_seen"), self.place()
        self.sync()
        self.queue_line(unwanted)._set_cancelled("Not wanted")
        result = self.replay()
        self.assertEqual(result.result_ids.line_id, self.queue_line(wanted))
        self.assertFalse(self.sale_order(unwanted))

    def test_the_state_of_an_order_names_its_lines_and_its_documents_in_its_currency(self):
        self.instance.currency_mode = "customer"
        order = self.place(currency="EUR")
        self.sync()
        sale = self.sale_order(order)
        text = self.env["shopify.replay"]._snapshot(sale)
        self.assertIn(f"3 x {sale.order_line[0].name}", text)
        self.assertEqual(text.count(sale.currency_id.format(sale.amount_total)), 3, "order, invoice and payment")
