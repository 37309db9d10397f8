"""Quotations made in Odoo follow a workflow when it allows it and a person chose it."""

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import ShopifyCase


@tagged("post_install", "-at_install")
class TestWorkflowByHand(ShopifyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls.make_user("by_hand_user", "shopify_sync.group_user")
        journals = cls.env["account.journal"]
        company = [("company_id", "=", cls.env.company.id)]
        cls.workflow = cls.env["shopify.sale.workflow"].create(
            {
                "name": "At the counter",
                "confirm_order": True,
                "create_invoice": True,
                "register_payment": True,
                "sale_journal_id": journals.search([*company, ("type", "=", "sale")], limit=1).id,
                "payment_journal_id": journals.search([*company, ("type", "=", "bank")], limit=1).id,
                "picking_policy": "one",
                "allow_manual": True,
            }
        )
        cls.partner = cls.env["res.partner"].create({"name": "Grace"})

    def quotation(self, workflow=None):
        line = {"product_id": self.products[0].id, "product_uom_qty": 2, "price_unit": 15}
        return (
            self.env["sale.order"]
            .with_user(self.user)
            .create(
                {
                    "partner_id": self.partner.id,
                    "picking_policy": "direct",
                    "order_line": [Command.create(line)],
                    "shopify_workflow_id": workflow and workflow.id,
                }
            )
        )

    def test_confirming_runs_the_workflow_that_a_person_chose(self):
        order = self.quotation(self.workflow)
        order.action_confirm()
        self.assertEqual((order.state, order.picking_ids.move_type), ("sale", "one"))
        self.assertEqual(len(order.invoice_ids), 1)
        self.assertEqual((order.invoice_ids.state, order.invoice_ids.payment_state), ("posted", "paid"))
        self.assertEqual(order.invoice_ids.journal_id, self.workflow.sale_journal_id)

    def test_a_seller_without_a_role_and_without_invoicing_confirms_only(self):
        order = self.quotation(self.workflow)
        seller = self.make_user("by_hand_seller", "sales_team.group_sale_salesman_all_leads")
        order.with_user(seller).action_confirm()
        self.assertEqual((order.state, order.picking_policy, len(order.invoice_ids)), ("sale", "one", 0))

    def test_without_a_workflow_nothing_runs(self):
        order = self.quotation()
        order.action_confirm()
        self.assertEqual((order.state, len(order.invoice_ids), order.picking_policy), ("sale", 0, "direct"))

    def test_a_workflow_is_offered_only_when_it_allows_it(self):
        order = self.quotation()
        self.assertTrue(order.shopify_workflow_offered)
        self.workflow.allow_manual = False
        order.invalidate_recordset()
        self.assertFalse(order.shopify_workflow_offered)
        with self.assertRaisesRegex(ValidationError, "At the counter"):
            order.shopify_workflow_id = self.workflow
        imported = self.bring()
        imported.shopify_workflow_id = self.workflow
        self.assertEqual(imported.shopify_workflow_id, self.workflow)

    def test_an_incomplete_workflow_is_named_and_nothing_is_confirmed(self):
        self.workflow.payment_journal_id = False
        order = self.quotation(self.workflow)
        with self.assertRaisesRegex(UserError, "a payment journal"), self.env.cr.savepoint():
            order.action_confirm()
        order.invalidate_recordset()
        self.assertEqual(order.state, "draft")

    def test_the_form_offers_it_on_a_hand_made_order(self):
        form = Form(self.env["sale.order"].with_user(self.user))
        form.partner_id = self.partner
        form.shopify_workflow_id = self.workflow
        self.assertEqual(form.save().shopify_workflow_id, self.workflow)
