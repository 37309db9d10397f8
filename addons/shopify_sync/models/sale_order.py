"""Sale orders made from Shopify orders."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .shopify_financial_status import FINANCIAL_LABELS, ORDER_STATUS_LABELS

TOTAL_STATES = [("ok", "Equal"), ("rounded", "Rounded"), ("differs", "Differs"), ("accepted", "Accepted")]
RISK_STATES = [
    ("none", "None"),
    ("pending", "Being assessed"),
    ("held", "Held"),
    ("confirmed", "Confirmed by a person"),
    ("cleared", "Cleared"),
]

#: Causes that are logged while an order is held for its risk.
RISK_CAUSES = ("risk_held", "risk_rose")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    shopify_instance_id = fields.Many2one(
        "shopify.instance",
        string="Shopify Store",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    shopify_order_id = fields.Char(string="Shopify Order Id", index="btree_not_null", readonly=True, copy=False)
    shopify_order_name = fields.Char(string="Shopify Order", index="trigram", readonly=True, copy=False)
    shopify_confirmation_number = fields.Char(readonly=True, copy=False, string="Confirmation Number")
    shopify_created_at = fields.Datetime(readonly=True, copy=False, string="Created at Shopify")
    shopify_updated_at = fields.Datetime(readonly=True, copy=False, string="Last Change at Shopify")
    shopify_closed_at = fields.Datetime(readonly=True, copy=False, string="Closed at Shopify")
    shopify_cancelled_at = fields.Datetime(readonly=True, copy=False, string="Cancelled at Shopify")
    shopify_cancel_reason = fields.Char(readonly=True, copy=False, string="Cancel Reason")
    shopify_gateway_ids = fields.Many2many(
        "shopify.payment.gateway", string="Payment Gateways", readonly=True, copy=False
    )
    shopify_financial_status = fields.Selection(
        list(FINANCIAL_LABELS.items()), string="Financial Status", readonly=True, copy=False, index="btree_not_null"
    )
    shopify_order_status = fields.Selection(
        ORDER_STATUS_LABELS[:-1], string="Order Status at Import", readonly=True, copy=False
    )
    shopify_workflow_id = fields.Many2one(
        "shopify.sale.workflow",
        string="Workflow",
        copy=False,
        check_company=True,
        index="btree_not_null",
        tracking=True,
        help="What happens to this order by itself. Chosen at import; a change affects the steps not done yet.",
    )
    shopify_workflow_by_hand = fields.Boolean(
        readonly=True, copy=False, help="A person chose the workflow; a new status at Shopify does not change it."
    )
    shopify_location_id = fields.Many2one("shopify.location", readonly=True, copy=False)
    shopify_multi_warehouse = fields.Boolean(related="shopify_instance_id.multi_warehouse")
    shopify_source = fields.Char(readonly=True, copy=False)
    shopify_channel = fields.Char(string="Sales Channel", readonly=True, copy=False)
    shopify_is_pos = fields.Boolean(string="POS", readonly=True, copy=False)
    shopify_is_pickup = fields.Boolean(string="Pickup", readonly=True, copy=False)
    shopify_is_b2b = fields.Boolean(string="B2B", readonly=True, copy=False)
    shopify_company_id = fields.Many2one(related="partner_id.commercial_partner_id", string="B2B Company")
    shopify_is_test = fields.Boolean(string="Test Order", readonly=True, copy=False)
    shopify_checkout_ref = fields.Char(string="Checkout", readonly=True, copy=False)
    shopify_discount_codes = fields.Char(string="Discount Codes", readonly=True, copy=False)
    shopify_tags = fields.Char(readonly=True, copy=False)
    shopify_attributes = fields.Text(string="Order Attributes", readonly=True, copy=False)
    shopify_currency_mode = fields.Selection(
        [("shop", "Store currency"), ("customer", "Currency the customer saw")], readonly=True, copy=False
    )
    shopify_shop_currency_id = fields.Many2one("res.currency", readonly=True, copy=False)
    shopify_shop_total = fields.Monetary(
        string="Total in Store Currency", currency_field="shopify_shop_currency_id", readonly=True, copy=False
    )
    shopify_customer_currency_id = fields.Many2one("res.currency", readonly=True, copy=False)
    shopify_customer_total = fields.Monetary(
        string="Total in Customer Currency", currency_field="shopify_customer_currency_id", readonly=True, copy=False
    )
    shopify_total = fields.Monetary(
        string="Total at Shopify",
        readonly=True,
        copy=False,
        help="What this order must come to, in its own currency: Shopify's total less items taken off before the import "
        "without money, with cash rounding.",
    )
    shopify_tax_total = fields.Monetary(string="Taxes at Shopify", readonly=True, copy=False)
    shopify_total_state = fields.Selection(
        TOTAL_STATES, string="Control of Totals", readonly=True, copy=False, index="btree_not_null"
    )
    shopify_total_difference = fields.Monetary(string="Difference of Totals", readonly=True, copy=False)
    shopify_total_note = fields.Text(string="What Differs", readonly=True, copy=False)
    shopify_total_accepted_why = fields.Char(string="Why Accepted", readonly=True, copy=False)
    shopify_risk_state = fields.Selection(
        RISK_STATES, string="Risk", readonly=True, copy=False, index="btree_not_null", tracking=True
    )
    shopify_risk_level = fields.Selection(
        [("none", "None"), ("pending", "Being assessed"), ("low", "Low"), ("medium", "Medium"), ("high", "High")],
        string="Risk Level",
        readonly=True,
        copy=False,
    )
    shopify_risk_recommendation = fields.Selection(
        [("accept", "Accept"), ("investigate", "Investigate"), ("cancel", "Cancel"), ("none", "None")],
        string="Recommendation",
        readonly=True,
        copy=False,
    )
    shopify_risk_next_check = fields.Datetime(readonly=True, copy=False, string="Next Look at the Risk")
    shopify_held_since = fields.Datetime(readonly=True, copy=False, string="Held Since")
    shopify_risk_ids = fields.One2many("shopify.order.risk", "order_id", string="Risks", readonly=True)
    shopify_payment_ids = fields.One2many("shopify.order.payment", "order_id", string="Shopify Payments", readonly=True)
    shopify_refund_ids = fields.One2many("shopify.order.refund", "order_id", string="Shopify Refunds", readonly=True)
    shopify_return_ids = fields.One2many("shopify.order.return", "order_id", string="Shopify Returns", readonly=True)
    shopify_change_state = fields.Selection(
        [("none", "None"), ("to_confirm", "To confirm"), ("ignored", "Ignored")],
        string="Changes in Shopify",
        default="none",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    shopify_change_data = fields.Json(
        readonly=True, copy=False, help="The differences shown: list of {key, title, odoo, shopify}."
    )
    shopify_baseline = fields.Json(
        readonly=True,
        copy=False,
        help="Order taken over from another connector: its lines in Shopify when it was linked, {key: [quantity, gross, "
        "title]}. Its lines in Odoo are never changed by the import.",
    )
    shopify_shipped_ref = fields.Char(string="Fulfilments Taken Over", readonly=True, copy=False)
    shopify_hold_reason = fields.Char(compute="_compute_shopify_hold_reason", string="Reason Held")
    shopify_queue_line_count = fields.Integer(compute="_compute_shopify_counts")
    shopify_log_count = fields.Integer(compute="_compute_shopify_counts")

    _shopify_order_unique = models.UniqueIndex(
        "(shopify_instance_id, shopify_order_id) WHERE shopify_order_id IS NOT NULL",
        "This Shopify order exists in Odoo already.",
    )
    _shopify_sales = models.Index("(shopify_instance_id, date_order) WHERE state = 'sale'")
    _shopify_unfinished = models.Index(
        "(shopify_instance_id, shopify_updated_at) WHERE shopify_order_id IS NOT NULL AND state IN ('draft', 'sent')"
    )

    @api.depends(
        "state",
        "shopify_risk_state",
        "shopify_total_state",
        "shopify_workflow_id",
        "shopify_cancelled_at",
        "shopify_payment_voided",
        "shopify_change_state",
        "shopify_refunds_to_confirm",
    )
    def _compute_shopify_hold_reason(self):
        for order in self:
            reason = False
            if order.shopify_order_id:
                if order.shopify_cancelled_at:
                    reason = self.env._("Cancelled in Shopify")
                elif order.shopify_total_state == "differs":
                    reason = self.env._("Total differs")
                elif order.shopify_risk_state == "held":
                    reason = self.env._("Risk")
                elif order.shopify_risk_state == "pending":
                    reason = self.env._("Risk being assessed")
                elif order.shopify_payment_voided:
                    reason = self.env._("Payment voided")
                elif order.shopify_change_state == "to_confirm":
                    reason = self.env._("Changed in Shopify")
                elif order.shopify_refunds_to_confirm:
                    reason = self.env._("Refunded in Shopify")
                elif order.shopify_is_test:
                    reason = self.env._("Test order")
                elif order.state in ("draft", "sent") and not order.shopify_workflow_id.confirm_order:
                    reason = self.env._("Workflow does not confirm")
            order.shopify_hold_reason = reason

    def _compute_shopify_counts(self):
        def counts(model):
            groups = self.env[model]._read_group(
                [("res_model", "=", self._name), ("res_id", "in", self.ids)], ["res_id"], ["__count"]
            )
            return dict(groups)

        lines, logs = counts("shopify.queue.line"), counts("shopify.log.line")
        for order in self:
            order.shopify_queue_line_count = lines.get(order.id, 0)
            order.shopify_log_count = logs.get(order.id, 0)

    def write(self, vals):
        """A workflow that a person chooses wins over the choice by status."""
        if "shopify_workflow_id" in vals and not self.env.context.get("shopify_workflow_choice"):
            vals = {**vals, "shopify_workflow_by_hand": True}
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_shopify(self):
        """An order that came from Shopify keeps its record: without it the next import would make it anew."""
        if any(order.shopify_order_id for order in self):
            raise UserError(self.env._("Orders from Shopify cannot be deleted; cancel them instead."))

    # Confirming

    def action_confirm(self):
        """Orders of Shopify keep Shopify's order date; held ones must be released first."""
        shopify = self.filtered("shopify_order_id")
        if shopify and shopify != self:
            (self - shopify).action_confirm()
            return shopify.action_confirm()
        return super().action_confirm()

    def _confirmation_error_message(self):
        message = super()._confirmation_error_message()
        if message or not self.shopify_order_id:
            return message
        if self.shopify_risk_state in ("held", "pending"):
            return self.env._(
                "%s is held because Shopify finds it risky. Look at its risks and use 'Confirm Risky Order'.", self.name
            )
        if self.shopify_total_state == "differs":
            return self.env._(
                "%s is held because its total differs from Shopify's. Look at 'What Differs' and use 'Accept "
                "Difference' or 'Recalculate'.",
                self.name,
            )
        return False

    def _prepare_confirmation_values(self):
        """Odoo sets the order date to now; an order of Shopify keeps the date on which Shopify processed it."""
        values = super()._prepare_confirmation_values()
        if self and all(order.shopify_order_id for order in self):
            values.pop("date_order", None)
        return values

    # Invoicing

    @api.depends("shopify_refund_ids.move_id")
    def _get_invoiced(self):
        """Documents over shipping, a price or an amount alone belong to the order, too: no line of theirs says so."""
        result = super()._get_invoiced()
        # salespeople without a Shopify role see the documents all the same
        orders = self.sudo().filtered("shopify_order_id")
        moves = (
            self.env["account.move"]
            .sudo()
            .search_fetch(
                [
                    ("shopify_instance_id", "in", orders.shopify_instance_id.ids),
                    ("shopify_order_id", "in", orders.mapped("shopify_order_id")),
                    ("move_type", "in", ("out_invoice", "out_refund")),
                ],
                ["shopify_instance_id", "shopify_order_id"],
            )
        )
        by_order = moves.grouped(lambda move: (move.shopify_instance_id, move.shopify_order_id))
        for order in orders:
            found = by_order.get((order.shopify_instance_id, order.shopify_order_id))
            found = order.shopify_refund_ids.move_id | (found or moves.browse())
            if found:
                order.invoice_ids |= found
                order.invoice_count = len(order.invoice_ids)
        return result

    def _prepare_invoice(self):
        """The invoice carries store and order, the workflow's journal and, when forced, the day of the order."""
        values = super()._prepare_invoice()
        order = self.sudo()  # whoever invoices, with a Shopify role or without
        store, workflow = order.shopify_instance_id, order.shopify_workflow_id
        if workflow.sale_journal_id:
            values["journal_id"] = workflow.sale_journal_id.id
        if workflow.force_accounting_date:
            local = store._local_date if store else lambda moment: fields.Date.context_today(self, moment)
            values["invoice_date"] = local(order.date_order)
        if not self.shopify_order_id:  # a quotation by hand with a workflow
            return values
        values.update(
            shopify_instance_id=store.id,
            shopify_order_id=self.shopify_order_id,
            shopify_order_name=self.shopify_order_name,
        )
        if store.tax_mode == "shopify":
            values["fiscal_position_id"] = self.fiscal_position_id.id
        return values

    # Buttons

    def _check_shopify_user(self):
        """The buttons are for people with a Shopify role, whatever else they may write on orders.

        :raises AccessError: the user has no role, or the store belongs to a company that is not his
        """
        self.shopify_instance_id.check_access("read")

    def _shopify_held(self):
        """Those of the orders that wait for a decision on their risk.

        :raises UserError: there is none
        """
        self._check_shopify_user()
        held = self.filtered(
            lambda order: order.shopify_risk_state in ("held", "pending") and order.state in ("draft", "sent")
        )
        if not held:
            raise UserError(self.env._("None of these orders is held for risk."))
        return held

    def action_shopify_confirm_risk(self):
        """Release the hold, with user and time in the chatter; the workflow runs."""
        held = self._shopify_held()
        held.write({"shopify_risk_state": "confirmed"})
        for order in held:
            order.message_post(body=self.env._("Risk confirmed by %s.", self.env.user.name))
        held._shopify_continue()

    def action_shopify_decide_risk(self):
        """Show the held orders, and ask whether they are confirmed or cancelled; the context key
        `default_decision` is what the button says."""
        held = self._shopify_held()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_risk_decision_action"),
            "name": (
                self.env._("Cancel Risky Orders")
                if self.env.context.get("default_decision") == "cancel"
                else self.env._("Confirm Risky Orders")
            ),
            "context": {**self.env.context, "default_order_ids": held.ids},
        }

    def action_shopify_accept_total(self):
        """Open the dialog that asks for the reason."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_accept_total_action"),
            "context": {"active_ids": self.ids, "active_model": self._name},
        }

    def action_shopify_recalculate(self):
        """Map the stored data of held quotations anew, after a mapping or a setting was corrected."""
        for instance, orders in self.grouped("shopify_instance_id").items():
            self.env["shopify.order.changes"]._recalculate(instance, orders)

    def _shopify_accept_total(self, reason):
        """A manager takes Odoo's total although it differs; the workflow goes on."""
        for order in self.filtered(lambda order: order.shopify_total_state == "differs"):
            order.write({"shopify_total_state": "accepted", "shopify_total_accepted_why": reason})
            order.message_post(
                body=self.env._(
                    "Difference of %(difference)s to Shopify's total accepted by %(user)s: %(reason)s",
                    difference=order.currency_id.format(order.shopify_total_difference),
                    user=self.env.user.name,
                    reason=reason,
                )
            )
        self._shopify_continue()

    def action_shopify_apply_changes(self):
        """Apply what Shopify changed, with the returns, invoices and credit notes it needs."""
        self.ensure_one()
        self._check_shopify_user()
        if not self.env["shopify.order.changes"]._apply_asked(self):
            raise UserError(self.env._("The order's data are not stored any more. Use 'Get again' first."))
        self.message_post(body=self.env._("Changes from Shopify applied by %s.", self.env.user.name))

    def _shopify_decide_changes(self, keys, text):
        """Apply some of the changes that are shown, keep the rest as it is.

        :param keys: of the changes to apply
        :param text: who decided what, for the chatter
        """
        self.ensure_one()
        self._check_shopify_user()
        if not self.env["shopify.order.changes"]._apply_asked(self, keys):
            raise UserError(self.env._("The order's data are not stored any more. Use 'Get again' first."))
        self.message_post(body=text)

    def action_shopify_ignore_changes(self):
        """Keep the order as it is; not asked again until Shopify changes it again."""
        self._check_shopify_user()
        for order in self.filtered(lambda order: order.shopify_change_state == "to_confirm"):
            order.shopify_change_state = "ignored"
            order.message_post(body=self.env._("Changes from Shopify ignored by %s.", self.env.user.name))
        self.env["shopify.log.line"]._resolve(records=self)

    def action_shopify_get_again(self):
        """Read the order from Shopify and bring it to what Shopify says now."""
        self.ensure_one()
        self.env["shopify.run.starter"]._start(
            self.shopify_instance_id, "order_by_id", {"tokens": self.shopify_order_id}, source="by_id"
        )
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_open_shopify(self):
        self.ensure_one()
        return self.shopify_instance_id._open_in_shopify("Order", self.shopify_order_id)

    def action_view_shopify_queue_lines(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_queue_line_action")
        return {**action, "domain": [("res_model", "=", self._name), ("res_id", "=", self.id)], "context": {}}

    def action_view_shopify_logs(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_log_line_action")
        return {**action, "domain": [("res_model", "=", self._name), ("res_id", "=", self.id)], "context": {}}

    def _shopify_resolve_holds(self):
        """What was logged because an order was held is solved by whoever decided about it."""
        logs = self.env["shopify.log.line"]
        cancelled = self.filtered(lambda order: order.state == "cancel")
        decided = self.filtered(lambda order: order.shopify_risk_state != "held") | cancelled
        logs._resolve(records=decided, causes=RISK_CAUSES)
        adds_up = self.filtered(lambda order: order.shopify_total_state != "differs") | cancelled
        logs._resolve(records=adds_up, causes=("total_differs",))

    def _shopify_continue(self):
        """Go on with the steps of the workflow that are not done, now that the way is free."""
        self._shopify_resolve_holds()
        for instance, orders in self.grouped("shopify_instance_id").items():
            # the workflow is the store's own job, whoever has set the orders free
            store = instance._for_jobs()
            orders = orders.with_env(store.env)
            store.env["shopify.workflow"]._run(store, orders, store.env["shopify.handler.order"]._stored(store, orders))
