"""Dialogs of an order's later life: preview, running again, take-over; the store's settings for them."""

from odoo.addons.shopify_sync.models.operations import OPERATIONS
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .test_views3 import LaterCase


@tagged("post_install", "-at_install")
class TestDialogs(LaterCase):
    def test_a_user_previews_an_import_and_then_does_it(self):
        new, failing = self.place(), self.place(gateway="unheard-of")
        with self.own_cursor(self.roles["User"]) as env:
            dialog = Form(env["shopify.operation"])
            dialog.instance_id = self.instance.with_env(env)
            dialog.operation = "order_unshipped"
            wizard = dialog.save()
            before = self.state_of_books()
            action = wizard.action_preview()
            self.assertEqual(self.state_of_books(), before, "nothing is written")
            preview = env["shopify.preview.result"].browse(action["res_id"])
            Form(preview)
            self.assertEqual(preview.line_ids.mapped("effect"), ["refuse", "create"], "what fails comes first")
            self.assertEqual(preview.line_ids.mapped("order_ref"), [failing.name, new.name])
            self.assertIn("Would fail: 1", preview.summary)
            self.assertEqual(preview.action_back()["res_id"], wizard.id)
            preview.action_execute()
        self.process()
        self.assertTrue(self.sale_order(new))
        self.assertFalse(self.sale_order(failing))

    def test_only_imports_of_orders_can_be_previewed(self):
        for key in OPERATIONS:
            wizard = self.env["shopify.operation"].new({"operation": key})
            self.assertEqual(wizard.imports_orders, key.startswith("order_"), key)

    def test_a_user_runs_stored_lines_again_and_sees_before_and_after(self):
        sale_order = self.bring()
        line = self.env["shopify.queue.line"].search([("res_id", "=", sale_order.id)])
        with self.own_cursor(self.roles["User"]) as env:
            context = {"active_model": "shopify.queue.line", "active_ids": line.ids}
            dialog = Form(env["shopify.replay"].with_context(**context)).save()
            self.assertEqual(dialog.line_count, 1)
            dialog.action_run()
            result = dialog.result_ids
            self.assertEqual((result.changed, result.state), (False, "done"))
            self.assertEqual(result.before, result.after)
            self.assertIn(sale_order.name, result.before)
            self.assertNotIn("\n", result.before, "an order that did not change needs no details")

    def test_a_day_run_again_shows_what_it_mended(self):
        order = self.place(gateway="unheard-of")
        self.import_orders(order)
        self.assertFalse(self.sale_order(order))
        self.env["shopify.financial.status"]._find_combinations(self.instance, [("unheard-of", "paid")])
        with self.own_cursor(self.roles["User"]) as env:
            dialog = Form(env["shopify.replay"].with_context(default_by_lines=False))
            dialog.instance_id = self.instance.with_env(env)
            dialog = dialog.save()
            self.assertEqual(dialog.line_count, 1)
            dialog.action_run()
            self.assertEqual((dialog.result_ids.before, dialog.result_ids.changed), ("not in Odoo", True))
            self.assertIn(order.name, dialog.result_ids.after)
            self.assertIn("1 orders changed", dialog.summary)
        self.assertTrue(self.sale_order(order))

    def test_what_was_sent_to_shopify_is_never_run_again(self):
        sale_order = self.bring()
        line = self.env["shopify.queue.line"].search([("res_id", "=", sale_order.id)])
        line.kind = "refund"
        context = {"active_model": "shopify.queue.line", "active_ids": line.ids}
        dialog = self.env["shopify.replay"].with_context(**context).create({})
        self.assertEqual(dialog.line_count, 0)
        with self.assertRaises(UserError):
            dialog.action_run()
        self.assertEqual(line.state, "done")


@tagged("post_install", "-at_install")
class TestTakeOver(LaterCase):
    def by_hand(self, order, total=None):
        """An order that a person typed in, with the number of Shopify's order."""
        product = self.products[0]
        price = float(self.shopify_total(order)) if total is None else total
        return self.env["sale.order"].create(
            {
                "partner_id": self.env.user.partner_id.id,
                "client_order_ref": order.name,
                "date_order": order.created_at.replace(tzinfo=None),
                "order_line": [(0, 0, {"product_id": product.id, "price_unit": price, "tax_ids": False})],
            }
        )

    def searched(self, env):
        dialog = Form(env["shopify.takeover"])
        dialog.what = "order"
        dialog.instance_id = self.instance.with_env(env)
        dialog = dialog.save()
        dialog.date_to = self.sim.clock.now().replace(tzinfo=None, microsecond=0)
        dialog.action_search()
        return dialog

    def test_a_manager_searches_ticks_and_links(self):
        same, other_total, several, absent = (self.place() for _number in range(4))
        typed = self.by_hand(same)
        different = self.by_hand(other_total, total=1234.0)
        twins = self.by_hand(several) + self.by_hand(several)
        with self.own_cursor(self.roles["Manager"]) as env:
            dialog = self.searched(env)
            self.assertEqual(dialog.step, "choose")
            self.assertEqual(dialog.sure_ids.order_ref, same.name)
            self.assertEqual(set(dialog.check_ids.mapped("order_ref")), {other_total.name, several.name})
            self.assertEqual(dialog.none_ids.order_ref, absent.name)
            self.assertEqual(dialog.line_ids.filtered("link"), dialog.sure_ids, "only what is sure is ticked")
            with Form(dialog) as form:
                with form.check_ids.edit(0) as line:
                    line.order_id = twins[0].with_env(env) if line.order_ref == several.name else line.order_id
                    line.link = True
                with form.check_ids.edit(1) as line:
                    line.order_id = twins[0].with_env(env) if line.order_ref == several.name else line.order_id
                    line.link = True
            dialog.action_link()
            self.assertEqual((dialog.step, len(dialog.known_ids)), ("linked", 3))
        for order, sale_order in ((same, typed), (other_total, different), (several, twins[0])):
            self.assertEqual(self.sale_order(order), sale_order)
            self.assertTrue(sale_order.shopify_is_taken_over)
        self.import_orders()
        self.assertEqual(self.env["sale.order"].search_count([("client_order_ref", "=", same.name)]), 1)
        self.assertTrue(self.sale_order(absent))

    def test_one_order_in_odoo_cannot_be_two_in_shopify(self):
        first, _second = self.place(), self.place()
        typed = self.by_hand(first)
        with self.own_cursor(self.roles["Manager"]) as env:
            dialog = self.searched(env)
            dialog.none_ids.write({"order_id": typed.id, "link": True})
            with self.assertRaisesRegex(UserError, "one order of Shopify only"):
                dialog.action_link()
        self.assertFalse(typed.shopify_order_id)

    def test_changes_of_an_order_taken_over_are_only_shown(self):
        order = self.place(lines=[(self.skus[0], 2)])
        typed = self.by_hand(order)
        with self.own_cursor(self.roles["Manager"]) as env:
            self.searched(env).action_link()
        total = typed.amount_total
        self.happen(order, lambda order: self.sim.store.edit(order, quantities={self.skus[0]: 5}))
        self.assertEqual((typed.shopify_change_state, typed.amount_total), ("to_confirm", total))
        self.assertTrue(typed.shopify_change_table)
        typed.with_user(self.roles["User"]).action_shopify_apply_changes()
        self.assertEqual((typed.shopify_change_state, typed.amount_total), ("none", total))

    def test_taking_over_is_for_managers(self):
        user = self.roles["User"]
        with self.assertRaises(AccessError):
            self.env["shopify.takeover"].with_user(user).create({"instance_id": self.instance.id})
        self.assertNotIn("Take Over", [menu["name"] for menu in self.menus(user).values()])
        self.assertIn("Take Over", [menu["name"] for menu in self.menus(self.roles["Manager"]).values()])


@tagged("post_install", "-at_install")
class TestStoreSettings(LaterCase):
    def test_a_manager_sets_what_happens_to_changes_and_adds_a_rule(self):
        self.env["shopify.settings"].with_user(self.roles["Manager"]).create(
            {
                "shopify_instance_id": self.instance.id,
                "change_policy": "automatic",
                "sync_invoice": True,
                "refund_policy": "automatic",
                "risk_recheck_minutes": 30,
                "proof_days": 14,
            }
        )
        self.assertEqual(self.instance.refund_policy, "automatic")
        with Form(self.instance.with_user(self.roles["Manager"])) as form, form.order_rule_ids.new() as rule:
            rule.name = "Wholesale"
            rule.tags = "wholesale"
            rule.skip = True
        self.assertEqual(self.instance.order_rule_ids.name, "Wholesale")
        order = self.place(tags=["Wholesale"])
        self.import_orders()
        self.assertFalse(self.sale_order(order))

    def test_a_user_reads_the_settings_and_changes_none(self):
        store = self.instance.with_user(self.roles["User"])
        self.assertEqual(store.change_policy, "ask")
        with self.assertRaises(AccessError):
            store.change_policy = "automatic"
