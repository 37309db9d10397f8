"""Lists of the tabs Sales and Products: what they promise, find and colour, and the buttons behind."""

import re

from lxml import etree
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .test_views import ScreenCase
from .test_views3 import LaterCase

#: Lists in which people make records of their own.
MADE_BY_HAND = {"shopify.financial.status", "shopify.sale.workflow", "shopify.payment.gateway", "shopify.tax.mapping"}
MADE_BY_HAND |= {"shopify.instance", "shopify.metafield.mapping", "shopify.payout.account"}
MADE_BY_HAND |= {"shopify.month.end", "shopify.settlement.map"}
#: Lists with rows of all stores and no store of their own.
STORELESS = {"shopify.sale.workflow", "shopify.instance"}
RESERVED = {"danger", "warning", "success", "muted", "info", "bf", "primary"}


class ListCase(ScreenCase):
    def lists(self):
        """(external name, action, arch of its list, arch of its search) of every list of the addon."""
        data = self.env["ir.model.data"].search(
            [("module", "=", "shopify_sync"), ("model", "=", "ir.actions.act_window")]
        )
        manager = self.roles["Manager"]
        for name, action in sorted((row.name, self.env[row.model].browse(row.res_id)) for row in data):
            values = action._get_action_dict()
            if action.target != "new" and "list" in [kind for _view, kind in values["views"]]:
                yield name, values, self.arch(values, manager, "list")[0], self.arch(values, manager, "search")[0]


@tagged("post_install", "-at_install")
class TestEveryList(ListCase):
    def test_fetched_data_offer_no_new_no_duplicate_and_no_import(self):
        for name, action, arch, _search in self.lists():
            if action["res_model"] in MADE_BY_HAND or action["res_model"] == "sale.report":
                continue
            with self.subTest(list=name):
                for switch in ("create", "duplicate", "import"):
                    self.assertIn(arch.get(switch), ("0", "False", "false"), switch)

    def test_every_list_is_filtered_and_grouped_by_store(self):
        for name, action, _arch, search in self.lists():
            if action["res_model"] in STORELESS:
                continue
            with self.subTest(list=name):
                stores = "instance_id", "shopify_instance_id", "shopify_store_ids"
                self.assertTrue([node for node in search.iter("field") if node.get("name") in stores])
                groups = [
                    safe_eval(node.get("context")).get("group_by")
                    for node in search.iter("filter")
                    if node.get("context")
                ]
                self.assertTrue(set(groups) & set(stores), groups)

    def test_every_list_tells_two_stores_apart(self):
        self.instance.create({"name": "Second", "shop_domain": "second.myshopify.com"})
        stores = {"instance_id", "shopify_instance_id", "shopify_store_ids"}
        for name, action, arch, search in self.lists():
            model = self.env[action["res_model"]]
            if not stores & set(model._fields) or action["res_model"] in STORELESS:
                continue
            with self.subTest(list=name):
                (column,) = [node for node in arch.findall("field") if node.get("name") in stores]
                self.assertNotEqual(column.get("optional"), "hide")
                self.assertFalse(column.get("column_invisible"))
                sides = [node for node in search.findall("searchpanel/field") if node.get("name") in stores]
                # a contact may belong to several stores, which a panel cannot show
                wanted = 0 if model._name == "res.partner" else 1
                self.assertEqual(len(sides), wanted)

    def test_the_shopify_id_of_every_list_is_searchable(self):
        for name, action, _arch, search in self.lists():
            fields = self.env[action["res_model"]]._fields
            for wanted in ("shopify_id", "shopify_order_id", "shopify_refund_id", "shopify_fulfillment_ref"):
                if wanted in fields and (wanted, name) != ("shopify_refund_id", "account_move_action"):
                    with self.subTest(list=name, field=wanted):
                        self.assertTrue(search.xpath(f"//field[@name='{wanted}']"))

    def test_rows_have_no_colour_but_the_reserved_ones(self):
        for name, _action, arch, _search in self.lists():
            with self.subTest(list=name):
                colours = {re.sub("^decoration-", "", key) for key in arch.attrib if key.startswith("decoration-")}
                self.assertLessEqual(colours, RESERVED)

    def test_an_empty_list_says_a_sentence_and_shows_one_button(self):
        for name, action, _arch, _search in self.lists():
            if action["res_model"] in MADE_BY_HAND:
                continue
            with self.subTest(list=name):
                text = etree.fromstring(f"<div>{action['help']}</div>")
                self.assertTrue(text.xpath("//p[contains(@class, 'o_view_nocontent')]"))
                self.assertTrue(text.xpath("//a[@type='action']"))

    def test_the_store_column_of_odoos_records_is_there_with_two_stores(self):
        user, clerk = self.roles["User"], self.make_user("list_clerk", "account.group_account_invoice")
        names = (
            "sale_order_view_list",
            "account_move_view_list",
            "account_refund_view_list",
            "stock_picking_view_list",
        )

        def shown(user):
            found = set()
            for name in names:
                view = self.env.ref(f"shopify_sync.{name}")
                arch = etree.fromstring(self.env[view.model].with_user(user).get_view(view.id, "list")["arch"])
                found |= {node.get("optional") for node in arch.xpath("//field[@name='shopify_instance_id']")}
            return found

        self.env["shopify.instance"].search([("id", "!=", self.instance.id)]).active = False
        self.assertEqual(shown(user), {"hide"})
        self.instance.create({"name": "Second", "shop_domain": "second.myshopify.com"})
        self.assertEqual(shown(user), {"show"})
        # Odoo's own lists still open for those who may not read stores
        self.env["account.move"].with_user(clerk).get_view(None, "list")


@tagged("post_install", "-at_install")
class TestOrderLists(LaterCase):
    def test_all_that_were_ever_held_are_found_beside_those_held_now(self):
        first, second, _easy = self.place(risk="HIGH"), self.place(risk="HIGH"), self.place()
        self.import_orders(first, second, _easy)
        user = self.roles["User"]
        self.sale_order(first).with_user(user).action_shopify_confirm_risk()
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.sale_order_risky_action")
        self.assertEqual(self.open_list(action, user), self.sale_order(second))
        ever = self.found_by("sale_order_risky_action", "held_ever", user)
        self.assertEqual(ever, self.sale_order(first) | self.sale_order(second))
        self.assertTrue(all(ever.mapped("shopify_held_since")))
        self.assertGreater(self.sale_order(second).shopify_risk_count, 0)

    def test_an_order_is_updated_in_shopify_when_each_of_its_shipments_is(self):
        order = self.place(lines=[(self.skus[0], 2)], financial="paid")
        self.import_orders(order)
        sale_order = self.sale_order(order)
        self.assertFalse(sale_order.shopify_updated)
        picking = sale_order.picking_ids
        picking.move_ids.quantity = 1
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True, cancel_backorder=False)._action_done()
        self.assertEqual(picking.state, "done")
        self.assertFalse(sale_order.shopify_updated)
        picking.shopify_sent = True
        self.assertTrue(sale_order.shopify_updated)

    def test_a_cancelled_order_is_updated_when_shopify_cancelled_it(self):
        order = self.place()
        self.import_orders(order)
        self.happen(order, lambda order: self.sim.store.cancel(order, "CUSTOMER", refund=True))
        self.assertTrue(self.sale_order(order).shopify_updated)

    def test_a_role_less_seller_sees_the_orders_figures_too(self):
        _order, sale_order = self.refunded()
        mine = sale_order.with_user(self.seller())
        self.assertEqual(mine.shopify_refunded, sale_order.shopify_refunded)
        self.assertIn(mine.shopify_updated, (True, False))

    def test_each_record_opens_its_own_page_of_the_admin(self):
        order, sale_order = self.refunded()
        user = self.roles["User"]
        invoice = sale_order.invoice_ids.filtered(lambda move: move.move_type == "out_invoice")
        page = f"/orders/{order.id}"
        layer = self.env["shopify.product.variant"].search([("product_id", "=", self.products[0].id)], limit=1)
        for record, end in (
            (sale_order, page),
            (sale_order.picking_ids[:1], page),
            (invoice, page),
            (sale_order.shopify_payment_ids.payment_id[:1], page),
            (sale_order.partner_id, f"/customers/{sale_order.partner_id.shopify_customer_ids.shopify_id}"),
            (layer.product_id, f"/products/{layer.shopify_product_id.shopify_id}"),
            (layer.product_id.product_tmpl_id, f"/products/{layer.shopify_product_id.shopify_id}"),
        ):
            with self.subTest(model=record._name):
                action = record.with_user(user).action_open_shopify()
                self.assertEqual((action["type"], action["target"]), ("ir.actions.act_url", "new"))
                self.assertTrue(action["url"].endswith(end), action["url"])

    def test_a_company_of_shopifys_own_opens_as_a_company(self):
        order = self.place(company=True)
        self.import_orders(order)
        company = self.env["res.partner"].search([("shopify_company_ref", "!=", False)], limit=1)
        self.assertTrue(company)
        company.shopify_customer_ids.unlink()
        url = company.with_user(self.roles["User"]).action_open_shopify()["url"]
        self.assertTrue(url.endswith(f"/companies/{company.shopify_company_ref}"), url)


@tagged("post_install", "-at_install")
class TestInvoiceLists(LaterCase):
    def by_two_methods(self, register=False):
        """An order paid by a gift card and a card, invoiced; its workflow registers no payment unless it shall."""
        for workflow in self.env["shopify.financial.status"].search([]).workflow_id:
            workflow.register_payment = register
        order = self.place(payments=[{"gateway": "gift_card", "amount": "1.00"}, {"gateway": "shopify_payments"}])
        self.import_orders(order)
        sale_order = self.sale_order(order)
        self.assertEqual(sale_order.shopify_gateway_count, 2)
        return sale_order, sale_order.invoice_ids

    def test_the_gateway_that_took_most_is_the_main_one(self):
        sale_order, _invoice = self.by_two_methods()
        self.assertEqual(sale_order.shopify_gateway_id.code, "shopify_payments")
        self.assertEqual(self.bring().shopify_gateway_count, 1)

    def test_invoices_of_several_payment_methods_are_found(self):
        sale_order, invoice = self.by_two_methods()
        other = self.bring()
        user = self.roles["User"]
        self.assertEqual(self.found_by("account_move_action", "several_gateways", user), invoice)
        self.assertEqual(self.found_by("sale_order_action", "several_gateways", user), sale_order)
        self.assertNotIn(other.invoice_ids, self.env["account.move"].search([("shopify_several_gateways", "=", True)]))
        self.assertIn(other.invoice_ids, self.env["account.move"].search([("shopify_several_gateways", "=", False)]))

    def test_register_all_pays_each_method_in_its_own_journal(self):
        sale_order, invoice = self.by_two_methods()
        self.assertEqual(invoice.payment_state, "not_paid")
        mine = invoice.with_user(self.roles["User"])
        listed = mine.action_shopify_payment_methods()
        rows = self.env[listed["res_model"]].with_user(self.roles["User"]).search(listed["domain"])
        self.assertEqual(sorted(row.gateway_id.code for row in rows), ["gift_card", "shopify_payments"])
        self.assertTrue(all(row.journal_id for row in rows))
        mine.action_shopify_register_all()
        self.env.invalidate_all()
        self.assertEqual((invoice.payment_state, invoice.amount_residual), ("paid", 0))
        payments = sale_order.shopify_payment_ids.payment_id
        self.assertEqual(len(payments), 2)
        self.assertEqual(
            {payment.journal_id for payment in payments},
            set(sale_order.shopify_payment_ids.workflow_id.payment_journal_id),
        )
        self.assertIn("screen_user", invoice.message_ids[0].body)
        with self.assertRaisesRegex(UserError, "is registered"):
            mine.action_shopify_register_all()
        self.assertEqual(len(sale_order.shopify_payment_ids.payment_id), 2)

    def test_a_payment_without_a_journal_is_named_and_none_is_registered(self):
        sale_order, invoice = self.by_two_methods()
        row = sale_order.shopify_payment_ids.filtered(lambda row: row.gateway_id.code == "gift_card")
        row.workflow_id = self.env["shopify.sale.workflow"].create({"name": "By hand"})
        with self.assertRaisesRegex(UserError, row.gateway_id.name):
            invoice.with_user(self.roles["User"]).action_shopify_register_all()
        self.assertFalse(sale_order.shopify_payment_ids.payment_id)

    def test_who_has_no_role_registers_nothing(self):
        _sale_order, invoice = self.by_two_methods()
        clerk = self.make_user("later_clerk", "account.group_account_invoice")
        with self.assertRaises(AccessError):
            invoice.with_user(clerk).action_shopify_register_all()

    def test_refunds_say_where_they_were_made_and_whether_shopify_has_them(self):
        _order, sale_order = self.refunded()
        sale_order.with_user(self.roles["User"]).action_shopify_credit_refunds()
        from_shopify = sale_order.invoice_ids.filtered(lambda move: move.move_type == "out_refund")
        self.assertEqual((from_shopify.shopify_direction, from_shopify.shopify_refund_done), ("shopify", True))
        other = self.bring(financial="paid")
        invoice = other.invoice_ids
        wizard = self.env["account.move.reversal"].with_context(active_model="account.move", active_ids=invoice.ids)
        credit = self.env["account.move"].browse(
            wizard.create({"reason": "tested", "journal_id": invoice.journal_id.id}).refund_moves()["res_id"]
        )
        credit.action_post()
        self.assertEqual((credit.shopify_direction, credit.shopify_refund_done), ("odoo", False))
        user = self.roles["User"]
        self.assertEqual(self.found_by("account_refund_action", "from_shopify", user), from_shopify)
        self.assertEqual(self.found_by("account_refund_action", "not_sent", user), credit)
        self.assertFalse(self.found_by("account_refund_action", "to_send", user))

    def test_what_a_payment_can_still_give_back_is_shown(self):
        _order, sale_order = self.refunded()
        paid = sale_order.shopify_payment_ids.filtered(lambda row: row.kind != "refund")
        back = sale_order.shopify_payment_ids - paid
        self.assert_cents(paid.refunded, sum(back.mapped("amount")) or 0)
        self.assert_cents(paid.remaining, paid.amount - paid.refunded)


@tagged("post_install", "-at_install")
class TestCustomerList(LaterCase):
    def test_counts_and_last_orders_of_a_page_cost_one_query(self):
        for _number in range(3):
            self.bring()
        customers = self.env["res.partner"].search([("shopify_customer_ids", "!=", False)])
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        counts = customers.mapped("shopify_order_count")
        customers.mapped("shopify_last_order")
        self.assertLessEqual(self.env.cr.sql_log_count - before, 2)
        self.assertGreaterEqual(sum(counts), 3)

    def test_those_whom_an_order_or_an_import_made_are_told_apart(self):
        order = self.place(customer={"first_name": "Grace", "last_name": "Hopper", "email": "grace@example.com"})
        self.import_orders(order)
        partner = self.sale_order(order).partner_id
        user = self.roles["User"]
        self.assertIn(partner, self.found_by("res_partner_action", "created_order", user))
        self.assertNotIn(partner, self.found_by("res_partner_action", "created_customer", user))
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.res_partner_action")
        self.assertIn(partner, self.env["res.partner"].search(Domain(safe_eval(action["domain"]))))
