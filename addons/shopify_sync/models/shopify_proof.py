"""The completeness proof: what Shopify holds for a day against what Odoo holds."""

from odoo import api, fields, models
from odoo.exceptions import UserError

#: Orders that one look asks Shopify for.
LOOK = 200


class ShopifyProof(models.Model):
    """One day of a store, counted on both sides. Sums are in the currency of the store's orders in Odoo."""

    _name = "shopify.proof"
    _description = "Shopify Completeness Proof"
    _order = "day desc, instance_id"
    _rec_name = "day"

    instance_id = fields.Many2one("shopify.instance", required=True, ondelete="cascade", index=True, readonly=True)
    company_id = fields.Many2one(related="instance_id.company_id", store=True, index=True)
    day = fields.Date(
        required=True, readonly=True, help="Day on which the orders were created, in the store's time zone."
    )
    checked_at = fields.Datetime(readonly=True)
    run_id = fields.Many2one("shopify.run", string="Counted By", readonly=True, ondelete="set null")
    orders_shopify = fields.Integer(string="Orders in Shopify", readonly=True)
    orders_odoo = fields.Integer(string="Orders in Odoo", readonly=True)
    total_shopify = fields.Float(string="Sum in Shopify", readonly=True, digits=(16, 2))
    total_odoo = fields.Float(string="Sum in Odoo", readonly=True, digits=(16, 2))
    received_shopify = fields.Float(string="Received in Shopify", readonly=True, digits=(16, 2))
    received_odoo = fields.Float(string="Received in Odoo", readonly=True, digits=(16, 2))
    refunded_shopify = fields.Float(string="Refunded in Shopify", readonly=True, digits=(16, 2))
    refunded_odoo = fields.Float(string="Refunded in Odoo", readonly=True, digits=(16, 2))
    transactions_shopify = fields.Integer(
        string="Transactions in Shopify", readonly=True, help="Successful payments and money given back."
    )
    transactions_odoo = fields.Integer(string="Transactions in Odoo", readonly=True)
    refunds_shopify = fields.Integer(
        string="Refunds in Shopify", readonly=True, help="Refunds that gave money back; the others are edits."
    )
    refunds_odoo = fields.Integer(string="Refunds in Odoo", readonly=True, help="Those that are settled.")
    line_ids = fields.One2many("shopify.proof.line", "proof_id", readonly=True)
    difference_count = fields.Integer(compute="_compute_open_count", store=True, string="Differences")
    open_count = fields.Integer(compute="_compute_open_count", store=True, string="To Explain")
    state = fields.Selection(
        [("complete", "Complete"), ("explained", "Explained"), ("open", "To look at")],
        compute="_compute_open_count",
        store=True,
        index=True,
    )

    _day_unique = models.UniqueIndex("(instance_id, day)", "Each day of a store is proved once.")

    @api.depends("line_ids.explained")
    def _compute_open_count(self):
        for proof in self:
            proof.difference_count = len(proof.line_ids)
            proof.open_count = len(proof.line_ids.filtered(lambda line: not line.explained))
            proof.state = "open" if proof.open_count else "explained" if proof.line_ids else "complete"

    def action_queue_again(self):
        """Bring the missing and different orders of these days again."""
        return self.line_ids.action_queue_again()

    def action_count_again(self):
        """Count the last days of the store anew, as the daily job does."""
        for instance in self.instance_id:
            self.env["shopify.run.starter"]._start(instance, "completeness")
        return {"type": "ir.actions.client", "tag": "soft_reload"}


class ShopifyProofLine(models.Model):
    """An order that is missing in Odoo or differs, and why."""

    _name = "shopify.proof.line"
    _description = "Shopify Completeness Proof Line"
    _order = "proof_id, order_ref"
    _rec_name = "order_ref"

    proof_id = fields.Many2one("shopify.proof", required=True, ondelete="cascade", index=True)
    instance_id = fields.Many2one(related="proof_id.instance_id", store=True, index=True)
    company_id = fields.Many2one(related="proof_id.company_id", store=True, index=True)
    order_ref = fields.Char(string="Order", required=True, index=True)
    shopify_id = fields.Char(string="Shopify Id", required=True)
    order_id = fields.Many2one("sale.order", string="Sales Order", ondelete="set null")
    kind = fields.Selection(
        [
            ("missing", "Missing in Odoo"),
            ("total", "Total differs"),
            ("received", "Payments differ"),
            ("refunded", "Refunds differ"),
            ("transactions", "Number of transactions differs"),
            ("refunds", "Number of refunds differs"),
        ],
        required=True,
    )
    shopify_amount = fields.Float(string="In Shopify", digits=(16, 2))
    odoo_amount = fields.Float(string="In Odoo", digits=(16, 2))
    explained = fields.Boolean(help="There is a known reason and a place to mend it.")
    reason = fields.Char()

    def action_queue_again(self):
        """Read these orders from Shopify and bring them now; what takes too long goes on in the background."""
        if not self:
            raise UserError(self.env._("No order of these days is missing or differs."))
        queued = self.env["shopify.queue.line"]
        for instance, lines in self.grouped("instance_id").items():
            idents = list(dict.fromkeys(lines.mapped("shopify_id")))
            for part in range(0, len(idents), LOOK):  # one request for many orders
                self.env["shopify.run.starter"]._look_again(instance, idents[part : part + LOOK])
            self.env.invalidate_all()
            queued += queued.search(
                [("instance_id", "=", instance.id), ("shopify_id", "in", idents), ("state", "in", ("draft", "failed"))]
            )
        if not queued:
            raise UserError(
                self.env._(
                    "Nothing was queued: Shopify does not answer, or these orders are being read. Try again soon."
                )
            )
        return queued.action_process()

    def action_open_shopify(self):
        self.ensure_one()
        return self.instance_id._open_in_shopify("Order", self.shopify_id)
