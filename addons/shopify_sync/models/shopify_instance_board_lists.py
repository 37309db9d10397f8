"""The lists that the dashboard opens: behind its numbers and in its corner menu."""

from odoo import models
from odoo.tools.safe_eval import safe_eval

from .operations import OUT_KINDS

OPEN = [("state", "in", ("draft", "sent"))]
CONFIRMED = [("state", "=", "sale")]
CHANGED = [("shopify_change_state", "=", "to_confirm")]
REFUNDED = [("shopify_refund_ids.state", "=", "to_confirm")]
RISKY = [*OPEN, ("shopify_risk_state", "in", ("held", "pending"))]
DIFFERS = [("shopify_total_state", "=", "differs")]
INVOICES = [("move_type", "=", "out_invoice")]
CREDIT_NOTES = [("move_type", "=", "out_refund")]
OUTGOING_DELIVERIES = [("picking_type_code", "=", "outgoing")]
SHIPPED = [*OUTGOING_DELIVERIES, ("state", "=", "done")]
UNMAPPED = [("mapped", "=", False)]
UNCONFIGURED = [("state", "!=", "validated"), ("to_configure_count", ">", 0)]
SET_ASIDE = [("state", "!=", "validated"), ("skip_schedule", "=", True)]
TO_ANSWER = [("status", "=", "needs_response")]
TO_SEND = [("to_send", "=", True)]
_ORDER, _LAYER = "shopify_instance_id", "instance_id"

#: Lists behind numbers and in menus: action, field of the store, and what the list is narrowed to.
LISTS = {
    # counters
    "products": ("shopify_product_action", _LAYER, []),
    "customers": ("res_partner_action", "shopify_customer_ids.instance_id", []),
    "orders": ("sale_order_action", _ORDER, CONFIRMED),
    "invoices": ("account_move_action", _ORDER, INVOICES),
    "shipped": ("stock_picking_action", _ORDER, SHIPPED),
    "credit_notes": ("account_refund_action", _ORDER, CREDIT_NOTES),
    # what needs a person
    "risky": ("sale_order_risky_action", _ORDER, RISKY),
    "differs": ("sale_order_all_action", _ORDER, DIFFERS),
    "changes": ("sale_order_all_action", _ORDER, CHANGED),
    "refunds": ("sale_order_all_action", _ORDER, REFUNDED),
    "failed": ("shopify_queue_line_action", _LAYER, [("state", "=", "failed")]),
    "waiting": ("shopify_queue_line_action", _LAYER, [("state", "=", "draft"), ("kind", "not in", list(OUT_KINDS))]),
    "outgoing": ("shopify_outgoing_action", _LAYER, [("state", "=", "draft"), ("kind", "in", list(OUT_KINDS))]),
    "gateways": ("shopify_payment_gateway_action", _LAYER, UNMAPPED),
    "payouts": ("shopify_payout_action", _LAYER, UNCONFIGURED),
    "payouts_aside": ("shopify_payout_action", _LAYER, SET_ASIDE),
    "disputes": ("shopify_dispute_action", _LAYER, TO_ANSWER),
    "to_send": ("shopify_product_action", _LAYER, TO_SEND),
    # corner menu
    "exported": ("shopify_product_action", _LAYER, [("exported", "=", True)]),
    "to_export": ("shopify_product_action", _LAYER, [("exported", "=", False)]),
    "published": ("shopify_product_action", _LAYER, [("publish_state", "!=", "unpublished")]),
    "unpublished": ("shopify_product_action", _LAYER, [("exported", "=", True), ("publish_state", "=", "unpublished")]),
    "quotations": ("sale_order_quotation_action", _ORDER, [("state", "in", ("draft", "sent", "cancel"))]),
    "waiting_deliveries": (
        "stock_picking_action",
        _ORDER,
        [*OUTGOING_DELIVERIES, ("state", "in", ("waiting", "confirmed"))],
    ),
    "partial_deliveries": (
        "stock_picking_action",
        _ORDER,
        [
            *OUTGOING_DELIVERIES,
            ("state", "not in", ("done", "cancel")),
            ("move_ids.state", "=", "partially_available"),
        ],
    ),
    "ready_deliveries": ("stock_picking_action", _ORDER, [*OUTGOING_DELIVERIES, ("state", "=", "assigned")]),
    "open_invoices": (
        "account_move_action",
        _ORDER,
        [*INVOICES, ("state", "=", "posted"), ("payment_state", "in", ("not_paid", "partial"))],
    ),
    "paid_invoices": (
        "account_move_action",
        _ORDER,
        [*INVOICES, ("state", "=", "posted"), ("payment_state", "in", ("paid", "in_payment"))],
    ),
    "report": ("sale_report_action", _ORDER, []),
}


class ShopifyInstance(models.Model):
    _inherit = "shopify.instance"

    def _board_lists(self):
        """Every list the dashboard can open: {key: (action, field of the store, domain)}. Other areas add theirs."""
        return LISTS

    def _board_groups(self):
        """The quick lists of a card's corner menu: {key: (title, [(list, label), ...])}."""
        return {
            "products": (
                self.env._("Products"),
                [
                    ("exported", self.env._("Exported")),
                    ("to_export", self.env._("Ready to export")),
                    ("published", self.env._("Published")),
                    ("unpublished", self.env._("Unpublished")),
                ],
            ),
            "orders": (
                self.env._("Sales Orders"),
                [
                    ("quotations", self.env._("Quotations")),
                    ("orders", self.env._("Sales orders")),
                    ("risky", self.env._("Risky quotations")),
                ],
            ),
            "deliveries": (
                self.env._("Deliveries"),
                [
                    ("waiting_deliveries", self.env._("Waiting")),
                    ("partial_deliveries", self.env._("Partially available")),
                    ("ready_deliveries", self.env._("Ready")),
                    ("shipped", self.env._("Done")),
                ],
            ),
            "invoices": (
                self.env._("Invoices"),
                [
                    ("open_invoices", self.env._("Open")),
                    ("paid_invoices", self.env._("Paid")),
                    ("credit_notes", self.env._("Refunds")),
                ],
            ),
        }

    def action_view_list(self):
        """The list behind a number or an entry of a card, from the context: `shopify_list`."""
        xmlid, store_field, domain = self._board_lists()[self.env.context["shopify_list"]]
        action = self.env["ir.actions.act_window"]._for_xml_id(f"shopify_sync.{xmlid}")
        # the list holds what the number counts, so no filter of its own is on
        context = safe_eval(action["context"] or "{}", {"uid": self.env.uid, "active_id": self[:1].id})
        context = {
            key: value
            for key, value in context.items()
            if xmlid == "sale_report_action" or not key.startswith("search_default_")
        }
        return {**action, "domain": [*domain, (store_field, "in", self.ids)], "context": context}
