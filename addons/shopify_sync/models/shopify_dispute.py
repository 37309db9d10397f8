"""Disputes: a customer's bank asks for a payment back."""

from odoo import api, fields, models


class ShopifyDispute(models.Model):
    """A dispute as Shopify states it. Its money comes and goes by balance transactions of payouts."""

    _name = "shopify.dispute"
    _description = "Shopify Dispute"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "initiated_at desc, id desc"

    name = fields.Char(compute="_compute_name", store=True)
    instance_id = fields.Many2one("shopify.instance", required=True, ondelete="restrict", index=True, readonly=True)
    company_id = fields.Many2one(related="instance_id.company_id", store=True, index=True)
    shopify_id = fields.Char(string="Dispute Id", required=True, index=True, readonly=True)
    order_id = fields.Many2one(
        "sale.order", string="Sales Order", index="btree_not_null", ondelete="set null", readonly=True
    )
    source_order_ref = fields.Char(string="Shopify Order Id", index="btree_not_null", readonly=True)
    source_order_name = fields.Char(string="Order", index="btree_not_null", readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount = fields.Monetary(readonly=True)
    kind = fields.Selection([("chargeback", "Chargeback"), ("inquiry", "Inquiry")], required=True, readonly=True)
    status = fields.Selection(
        [
            ("needs_response", "Needs response"),
            ("under_review", "Under review"),
            ("won", "Won"),
            ("lost", "Lost"),
            ("accepted", "Accepted"),
            ("prevented", "Prevented"),
            ("charge_refunded", "Charge refunded"),
        ],
        required=True,
        readonly=True,
        index=True,
        tracking=True,
    )
    reason = fields.Char(readonly=True)
    network_code = fields.Char(string="Bank's Reason Code", readonly=True)
    initiated_at = fields.Datetime(string="Opened", readonly=True)
    evidence_due = fields.Datetime(string="Answer Until", index=True, readonly=True)
    evidence_sent_at = fields.Datetime(string="Answered", readonly=True)
    finalized_at = fields.Datetime(string="Decided", readonly=True)
    line_ids = fields.One2many("shopify.payout.line", compute="_compute_line_ids")
    amount_booked = fields.Monetary(
        string="Balance Effect", compute="_compute_line_ids", help="What its transactions have moved so far."
    )
    payload = fields.Text(groups="shopify_sync.group_manager", readonly=True, help="The raw data of Shopify.")

    _shopify_id_unique = models.UniqueIndex("(instance_id, shopify_id)", "This dispute of the store exists already.")

    @api.depends("source_order_name", "shopify_id")
    def _compute_name(self):
        for dispute in self:
            dispute.name = dispute.source_order_name or dispute.shopify_id

    def _compute_line_ids(self):
        lines = self.env["shopify.payout.line"].search(
            [("instance_id", "in", self.instance_id.ids), ("dispute_ref", "in", self.mapped("shopify_id"))]
        )
        by_dispute = lines.grouped(lambda line: (line.instance_id, line.dispute_ref))
        for dispute in self:
            mine = by_dispute.get((dispute.instance_id, dispute.shopify_id), lines.browse())
            dispute.line_ids = mine
            dispute.amount_booked = sum(mine.filtered("processed").mapped("net"))
