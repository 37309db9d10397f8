"""Quotations that a person made in Odoo and gave a workflow: its steps run when the person confirms them."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class SaleOrder(models.Model):
    _inherit = "sale.order"

    shopify_workflow_offered = fields.Boolean(
        compute="_compute_shopify_workflow_offered", help="The company has a workflow that may be used by hand."
    )

    @api.depends("company_id")
    def _compute_shopify_workflow_offered(self):
        workflows = self.env["shopify.sale.workflow"]
        companies = dict(
            workflows._read_group(
                [("allow_manual", "=", True), ("company_id", "in", self.company_id.ids)], ["company_id"], ["__count"]
            )
        )
        for order in self:
            order.shopify_workflow_offered = order.company_id in companies

    @api.constrains("shopify_workflow_id")
    def _check_shopify_workflow(self):
        for order in self.filtered(lambda order: order.shopify_workflow_id and not order.shopify_order_id):
            if not order.sudo().shopify_workflow_id.allow_manual:
                raise ValidationError(
                    self.env._(
                        "%(order)s is no order of Shopify. Tick 'Use for Manual Quotations' on the workflow "
                        "'%(workflow)s', or choose another one.",
                        order=order.display_name,
                        workflow=order.sudo().shopify_workflow_id.name,
                    )
                )

    def _action_confirm(self):
        by_hand = self.filtered(lambda order: order.shopify_workflow_id and not order.shopify_order_id)
        for order in by_hand:
            workflow = order.sudo().shopify_workflow_id  # salespeople without a Shopify role confirm, too
            if workflow.confirm_order:
                order.picking_policy = workflow.picking_policy
        result = super()._action_confirm()
        by_hand._shopify_run_by_hand()
        return result

    def _shopify_run_by_hand(self):
        """Invoice and register what the workflow says, with the rights of whoever confirmed; one who may not invoice
        confirms only. An order without anything to invoice yet, for example one invoiced on delivery, is invoiced as always
        in Odoo.

        :raises UserError: the workflow is incomplete; the confirmation is taken back with it
        """
        if not self.env["account.move"].has_access("create"):
            return
        for order in self:  # each by its own workflow
            workflow = order.sudo().shopify_workflow_id
            if not workflow.create_invoice:
                continue
            if missing := workflow._missing():
                raise UserError(
                    self.env._(
                        "The workflow '%(workflow)s' of %(order)s lacks %(missing)s. Complete it under Shopify > "
                        "Configuration > Sales Auto Workflow.",
                        workflow=workflow.name,
                        order=order.name,
                        missing=missing,
                    )
                )
            if order.invoice_status != "to invoice":
                continue
            invoices = order._create_invoices()
            invoices.action_post()
            if workflow.register_payment:
                self.env["account.payment.register"].with_context(
                    active_model="account.move", active_ids=invoices.ids
                ).create(
                    {
                        "journal_id": workflow.payment_journal_id.id,
                        "payment_method_line_id": workflow.payment_method_line_id.id,
                    }
                ).action_create_payments()
