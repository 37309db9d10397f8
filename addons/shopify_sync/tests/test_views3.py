"""Screens of an order's later life: changes, refunds, cancellations, completeness."""

from lxml import html
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .test_views import ScreenCase


class LaterCase(ScreenCase):
    """Orders that were invoiced and paid before something happens to them in Shopify."""

    def later(self, event):
        """Import an order of two units, let something happen to it in Shopify a minute later, import it again."""
        order = self.place(lines=[(self.skus[0], 2), (self.skus[1], 1)], financial="paid")
        self.import_orders(order)
        self.happen(order, event)
        return order, self.sale_order(order)

    def happen(self, order, event):
        self.sim.clock.advance(60)
        event(order)
        self.import_orders(order)

    def changed(self):
        return self.later(lambda order: self.sim.store.edit(order, quantities={self.skus[0]: 1}))

    def refunded(self):
        return self.later(lambda order: self.sim.store.refund(order, lines={self.skus[0]: 1}, restock="no_restock"))

    def cancelled_while_shipped(self):
        def event(order):
            self.sim.store.fulfil(order)
            self.import_orders(order)
            self.sim.clock.advance(60)
            self.sim.store.cancel(order, "CUSTOMER", refund=False, restock=False)

        return self.later(event)

    def found_by(self, action_name, filter_name, user):
        """The records that a filter of an action's list finds."""
        action = self.env["ir.actions.act_window"]._for_xml_id(f"shopify_sync.{action_name}")
        arch, model = self.arch(action, user, "search")
        domain = arch.xpath(f"//filter[@name='{filter_name}']")[0].get("domain")
        return model.search(Domain(safe_eval(action["domain"] or "[]")) & Domain(safe_eval(domain)))

    def seller(self):
        """Somebody who may write orders, without a Shopify role."""
        return self.make_user("later_seller", "sales_team.group_sale_salesman_all_leads")

    def behind_card(self, name):
        """The orders in a list of the store's card on the dashboard."""
        return self.env["sale.order"].search(self.instance.with_context(shopify_list=name).action_view_list()["domain"])


@tagged("post_install", "-at_install")
class TestChanges(LaterCase):
    def test_everyone_with_a_role_sees_what_shopify_changed_line_by_line(self):
        _order, sale_order = self.changed()
        for user in self.roles.values():
            form = self.open_form(sale_order.with_user(user).with_env(self.env(user=user)))
            table = html.fromstring(form.shopify_change_table)
            rows = [[cell.strip() for cell in row.itertext() if cell.strip()] for row in table.xpath("//tbody/tr")]
            self.assertEqual(len(rows), 1)
            self.assertEqual(rows[0][1::2], ["2", "1"])
            self.assertTrue(all("$" in cell for cell in rows[0][2::2]), rows)
        self.assertEqual(sale_order.shopify_hold_reason, "Changed in Shopify")
        self.assertEqual(self.found_by("sale_order_action", "changes", self.roles["User"]), sale_order)
        self.assertEqual(self.behind_card("changes"), sale_order)

    def test_a_line_that_shopify_added_or_removed_is_said_to_be_so(self):
        _order, sale_order = self.later(
            lambda order: self.sim.store.edit(order, remove=[self.skus[0]], add=[(self.skus[2], 1)])
        )
        table = str(sale_order.shopify_change_table)
        self.assertIn("not there", table)
        self.assertIn("removed", table)

    def test_a_user_applies_the_changes(self):
        order, sale_order = self.changed()
        sale_order.with_user(self.roles["User"]).action_shopify_apply_changes()
        self.assertEqual(sale_order.shopify_change_state, "none")
        self.assertFalse(sale_order.shopify_change_table)
        self.assert_cents(sale_order.amount_total, self.shopify_total(order, "current_total_price"))
        self.assertIn("screen_user", sale_order.message_ids[0].body + sale_order.message_ids[1].body)
        self.assertFalse(self.found_by("sale_order_action", "changes", self.roles["User"]))

    def test_a_user_ignores_the_changes_and_is_asked_again_only_after_the_next_one(self):
        order, sale_order = self.changed()
        before = sale_order.amount_total
        sale_order.with_user(self.roles["User"]).action_shopify_ignore_changes()
        self.assertEqual((sale_order.shopify_change_state, sale_order.amount_total), ("ignored", before))
        self.assertFalse(sale_order.shopify_hold_reason)
        self.happen(order, lambda order: self.sim.store.update(order, note="Please ring"))
        self.assertEqual(sale_order.shopify_change_state, "ignored")
        self.happen(order, lambda order: self.sim.store.edit(order, quantities={self.skus[1]: 4}))
        self.assertEqual(sale_order.shopify_change_state, "to_confirm")

    def test_who_has_no_role_decides_nothing(self):
        _order, changed = self.changed()
        _order, refunded = self.refunded()
        risky = self.bring(risk="HIGH")
        seller = self.seller()
        for record, button in (
            (changed, "action_shopify_apply_changes"),
            (changed, "action_shopify_ignore_changes"),
            (refunded, "action_shopify_credit_refunds"),
            (refunded, "action_shopify_leave_out_refunds"),
            (refunded.shopify_refund_ids, "action_create_credit_note"),
            (refunded.shopify_refund_ids, "action_leave_out"),
            (risky, "action_shopify_confirm_risk"),
        ):
            with self.subTest(button=button), self.assertRaises(AccessError):
                getattr(record.with_user(seller), button)()
        self.assertEqual(changed.shopify_change_state, "to_confirm")
        self.assertEqual(refunded.shopify_refund_ids.state, "to_confirm")
        self.assertEqual(risky.shopify_risk_state, "held")


@tagged("post_install", "-at_install")
class TestRefunds(LaterCase):
    def test_a_user_creates_the_credit_note_from_the_banner(self):
        _order, sale_order = self.refunded()
        user = self.roles["User"]
        refund = sale_order.shopify_refund_ids
        form = self.open_form(sale_order.with_user(user).with_env(self.env(user=user)))
        self.assertIn(refund.currency_id.format(refund.amount), form.shopify_refunds_text)
        self.assertEqual(sale_order.shopify_hold_reason, "Refunded in Shopify")
        self.assertEqual(self.found_by("sale_order_action", "refunds", user), sale_order)
        self.assertEqual(self.behind_card("refunds"), sale_order)
        self.assertTrue(self.logs(cause="refund_to_confirm", resolved=False))

        sale_order.with_user(user).action_shopify_credit_refunds()
        self.assertEqual((refund.state, refund.move_id.state), ("credited", "posted"))
        self.assert_cents(refund.move_id.amount_total, refund.amount)
        self.assertFalse(self.logs(cause="refund_to_confirm", resolved=False))
        self.assertFalse(sale_order.shopify_hold_reason)
        self.assertEqual(self.found_by("account_refund_action", "from_shopify", user), refund.move_id)
        with self.assertRaises(UserError):
            refund.with_user(user).action_create_credit_note()

    def test_a_refund_left_out_can_be_credited_later(self):
        _order, sale_order = self.refunded()
        refund = sale_order.shopify_refund_ids.with_user(self.roles["User"])
        refund.action_leave_out()
        self.assertEqual((refund.state, bool(refund.move_id)), ("left_out", False))
        self.assertFalse(self.logs(cause="refund_to_confirm", resolved=False))
        self.assertIn("Left out by screen_user", sale_order.message_ids[0].body)
        refund.action_create_credit_note()
        self.assertEqual(refund.state, "credited")

    def test_a_refund_with_a_credit_note_cannot_be_left_out(self):
        _order, sale_order = self.refunded()
        refund = sale_order.shopify_refund_ids
        refund.action_create_credit_note()
        refund.state = "failed"  # its credit note waits for a person
        with self.assertRaises(UserError):
            refund.with_user(self.roles["User"]).action_leave_out()

    def test_a_decision_on_one_refund_leaves_the_other_in_sight(self):
        order, sale_order = self.refunded()
        self.happen(order, lambda order: self.sim.store.refund(order, amount="0.50"))
        first, second = sale_order.shopify_refund_ids
        first.with_user(self.roles["User"]).action_leave_out()
        self.assertEqual(second.state, "to_confirm")
        self.assertTrue(self.logs(cause="refund_to_confirm", resolved=False))
        self.assertTrue(sale_order.shopify_refunds_to_confirm)


@tagged("post_install", "-at_install")
class TestShippedAndCancelled(LaterCase):
    def test_the_delivery_says_that_its_order_was_cancelled_in_shopify(self):
        self.bring()
        _order, sale_order = self.cancelled_while_shipped()
        for user in self.roles.values():
            picking = self.found_by("stock_picking_action", "cancelled_shipped", user)
            self.assertEqual(picking, sale_order.picking_ids.with_user(user))
            self.assertTrue(self.open_form(picking.with_env(self.env(user=user))).shopify_cancelled_while_shipped)
        self.assertEqual(sale_order.shopify_hold_reason, "Cancelled in Shopify")


@tagged("post_install", "-at_install")
class TestCompleteness(LaterCase):
    def press(self, record, button, user):
        """A button that commits, in a request of its own."""
        with self.own_cursor(user) as env:
            return getattr(record.with_env(env), button)()

    def test_a_user_finds_a_missing_order_and_brings_it_by_one_button(self):
        user = self.roles["User"]
        store = self.instance.with_user(user)
        self.assertEqual(store.proof_state, "none")
        known, missing = self.place(), self.place()
        self.import_orders(known)
        self.run_operation("completeness", user=user)
        proof = self.env["shopify.proof"].search([("orders_shopify", ">", 0)])
        self.assertEqual((proof.state, proof.line_ids.order_ref), ("open", missing.name))
        self.assertEqual((store.proof_state, store.proof_open_count), ("open", 1))
        self.assertIn(f"1 of the last {self.instance.proof_days + 1} days", store.proof_text)
        for role in self.roles.values():
            form = self.open_form(proof.with_user(role).with_env(self.env(user=role)))
            self.assertEqual((form.orders_shopify, form.orders_odoo), (2, 1))

        self.press(proof, "action_queue_again", user)
        self.assertEqual(self.sale_order(missing).state, "sale")
        self.press(proof, "action_count_again", user)
        self.assertEqual((proof.state, proof.difference_count), ("complete", 0))
        store.invalidate_recordset()
        self.assertEqual((store.proof_state, store.proof_open_count), ("complete", 0))
        with self.assertRaises(UserError):
            proof.with_user(user).action_queue_again()

    def test_a_day_is_found_by_its_order_and_its_state(self):
        self.import_orders(self.place())
        missing = self.place()
        self.run_operation("completeness")
        self.assertEqual(len(self.found_by("shopify_proof_action", "open", self.roles["User"])), 1)
        self.assertEqual(len(self.found_by("shopify_proof_action", "missing", self.roles["User"])), 1)
        complete = self.found_by("shopify_proof_action", "complete", self.roles["User"])
        self.assertEqual(set(complete.mapped("orders_shopify")), {0})
        self.assertTrue(self.env["shopify.proof"].search([("line_ids.order_ref", "ilike", missing.name)]))

    def test_a_missing_order_with_a_known_reason_is_no_alarm_but_no_complete_day(self):
        order = self.place(gateway="unheard-of")
        self.import_orders(order)
        self.run_operation("completeness")
        line = self.env["shopify.proof.line"].search([("order_ref", "=", order.name)])
        self.assertIn("unheard-of", line.reason)
        self.assertEqual((self.instance.proof_state, self.instance.proof_open_count), ("explained", 0))
        self.assertIn("has a known reason", self.instance.proof_text)
        shown = {fact["key"]: fact["level"] for fact in self.instance._board_health()[self.instance]}
        self.assertEqual(shown["proof"], "ok")

    def test_old_days_do_not_colour_the_dashboard(self):
        self.place()
        self.run_operation("completeness")
        proof = self.env["shopify.proof"].search([("orders_shopify", ">", 0)])
        self.assertEqual(self.instance.proof_state, "open")
        proof.day = proof.day.replace(year=proof.day.year - 1)
        self.instance.invalidate_recordset()
        self.assertEqual(self.instance.proof_state, "complete")

    def test_who_has_no_role_queues_nothing(self):
        self.place()
        self.run_operation("completeness")
        with self.assertRaises(AccessError):
            self.env["shopify.proof"].search([]).with_user(self.seller()).action_queue_again()

    def test_the_operations_dialog_says_how_the_count_went(self):
        self.place()
        with self.own_cursor(self.roles["User"]) as env:
            dialog = env["shopify.operation"].create(
                {"instance_id": self.instance.id, "operation": "completeness", "basis": "updated"}
            )
            self.assertFalse(dialog.imports_orders)
            dialog.action_execute()
            self.assertIn("Orders counted: 1, differences found: 1", dialog.result)
            self.assertEqual(dialog.action_view_proofs()["res_model"], "shopify.proof")
