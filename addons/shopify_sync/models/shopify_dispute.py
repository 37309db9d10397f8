"""Disputes: a customer's bank asks for a payment back."""

from odoo import api, fields, models

#: What the connector asks a person for on a dispute.
CAUSE = "dispute"


class ShopifyDispute(models.Model):
    """A dispute as Shopify states it. Its money comes and goes by balance transactions of payouts."""

    _name = "shopify.dispute"
    _description = "Shopify Dispute"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "initiated_at desc, id desc"
    _mail_post_access = "read"  # an accountant notes and plans on it, though only Shopify writes it

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

    @api.model
    def _store(self, instance, records):
        """Create disputes and bring known ones up to date; ask the responsible user for an answer where one is due.

        :param records: (mapping.payouts.Dispute, raw data)
        :return: how many are new
        """
        by_id = {read.shopify_id: (read, payload) for read, payload in records}
        known = self.search([("instance_id", "=", instance.id), ("shopify_id", "in", list(by_id))])
        refs = [read.order_id for read, _payload in by_id.values() if read.order_id]
        orders = {
            order.shopify_order_id: order
            for order in self.env["sale.order"].search(
                [("shopify_instance_id", "=", instance.id), ("shopify_order_id", "in", refs)]
            )
        }
        for dispute in known:
            values = dispute._prepare(instance, orders, *by_id.pop(dispute.shopify_id))
            current = dispute.read(list(values), load=None)[0]
            changed = {name: value for name, value in values.items() if current[name] != value}
            if changed:
                dispute.write(changed)
        new = self.create(
            [
                {"instance_id": instance.id, "shopify_id": key, **self._prepare(instance, orders, *record)}
                for key, record in by_id.items()
            ]
        )
        (known + new)._ask_for_answers()
        return len(new)

    @api.model
    def _prepare(self, instance, orders, read, payload):
        order = orders.get(read.order_id)
        return {
            "order_id": order.id if order else False,
            "source_order_ref": read.order_id or False,
            "source_order_name": read.order_name or False,
            "currency_id": self.env["res.currency"]._shopify_currency(read.currency).id,
            "amount": float(read.amount),
            "kind": read.kind,
            "status": read.status,
            "reason": read.reason.replace("_", " ").capitalize() or False,
            "network_code": read.network_code or False,
            "initiated_at": read.initiated_at or False,
            "evidence_due": read.evidence_due or False,
            "evidence_sent_at": read.evidence_sent_at or False,
            "finalized_at": read.finalized_at or False,
            "payload": payload,
        }

    def _ask_for_answers(self):
        """One activity for each dispute that needs an answer, with its deadline; closed when it is answered."""
        for dispute in self:
            store, tasks = dispute.instance_id, self.env["shopify.task"]
            if dispute.status != "needs_response":
                tasks._withdraw(dispute, CAUSE)
            elif store.payout_user_id:  # empty: nobody wants to be asked
                tasks._ask(
                    store,
                    dispute,
                    CAUSE,
                    self.env._("Answer the dispute of order %s in Shopify", dispute.name),
                    first=store.payout_user_id,
                    deadline=dispute.evidence_due and store._local_date(dispute.evidence_due),
                )

    def action_open_shopify(self):
        self.ensure_one()
        return self.instance_id._open_in_shopify("ShopifyPaymentsDispute", self.shopify_id)

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
