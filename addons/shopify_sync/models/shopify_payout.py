"""Payouts of Shopify Payments: what the store was paid, and how far it is in the books."""

from odoo import api, fields, models

from ..mapping.payout_types import FEE

STATUSES = [
    ("scheduled", "Scheduled"),
    ("in_transit", "In transit"),
    ("paid", "Paid"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
]
#: What these pay is final.
ENDED = ("paid", "failed", "cancelled")
STATES = [
    ("draft", "Draft"),
    ("partly_generated", "Partly generated"),
    ("generated", "Generated"),
    ("partly_processed", "Partly processed"),
    ("processed", "Processed"),
    ("validated", "Validated"),
]


class ShopifyPayout(models.Model):
    """One payout of a store in one currency, with the balance transactions that it pays.

    Amounts are in the payout's currency, as Shopify states them; a withdrawal has a negative net.
    """

    _name = "shopify.payout"
    _description = "Shopify Payout"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _mail_post_access = "read"  # an accountant notes and plans on it, though only the connector writes it

    name = fields.Char(required=True, readonly=True, copy=False, default="/", index="trigram")
    instance_id = fields.Many2one("shopify.instance", required=True, ondelete="restrict", index=True, readonly=True)
    company_id = fields.Many2one(related="instance_id.company_id", store=True, index=True)
    shopify_id = fields.Char(string="Payout Reference", required=True, index=True, readonly=True)
    trace_ref = fields.Char(
        string="Bank Reference", index="btree_not_null", readonly=True, help="What the bank shows of this transfer."
    )
    date = fields.Date(required=True, index=True, readonly=True, help="Day of issue in the store's time zone.")
    issued_at = fields.Datetime(required=True, readonly=True)
    status = fields.Selection(STATUSES, string="Payout Status", required=True, readonly=True, index=True, tracking=True)
    ended_on = fields.Date(
        string="Failed or Cancelled On", readonly=True, help="Day on which Odoo learned that the money did not arrive."
    )
    payout_type = fields.Selection(
        [("deposit", "Deposit"), ("withdrawal", "Withdrawal")], string="Type", required=True, readonly=True
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount_net = fields.Monetary(string="Net Amount", readonly=True)
    amount_lines = fields.Monetary(
        string="Sum of Lines", compute="_compute_amounts", store=True, help="Gross amounts less fees."
    )
    amount_fee = fields.Monetary(string="Fees", compute="_compute_amounts", store=True)
    difference = fields.Monetary(
        compute="_compute_amounts", store=True, help="Net less the sum of lines; a payout is validated only at zero."
    )
    line_count = fields.Integer(string="Transactions", compute="_compute_amounts", store=True)
    to_configure_count = fields.Integer(string="Lines to Configure", compute="_compute_counts", store=True)
    not_found_count = fields.Integer(string="Lines Not Found Yet", compute="_compute_counts", store=True)
    to_generate_count = fields.Integer(string="Lines Without Statement Line", compute="_compute_counts", store=True)
    to_process_count = fields.Integer(string="Lines to Reconcile", compute="_compute_counts", store=True)
    test_count = fields.Integer(
        string="Test Transactions",
        readonly=True,
        help="Transactions of test orders: they move no money and are left out.",
    )
    state = fields.Selection(
        STATES, required=True, default="draft", readonly=True, index=True, tracking=True, copy=False
    )
    remains = fields.Text(compute="_compute_remains", help="What is left until the payout is validated.")
    skip_schedule = fields.Boolean(
        string="Set Aside",
        readonly=True,
        index=True,
        copy=False,
        help="The daily job leaves it alone until it is resumed.",
    )
    problem = fields.Text(readonly=True, copy=False, help="Why the daily job has set the payout aside.")
    journal_id = fields.Many2one(
        "account.journal", check_company=True, readonly=True, help="The store's payout journal when it was generated."
    )
    statement_id = fields.Many2one(
        "account.bank.statement", string="Bank Statement", readonly=True, copy=False, index="btree_not_null"
    )
    reversal_id = fields.Many2one(
        "account.move", readonly=True, copy=False, help="Takes the deposit back that did not arrive."
    )
    line_ids = fields.One2many("shopify.payout.line", "payout_id", readonly=True)
    dispute_ids = fields.Many2many("shopify.dispute", compute="_compute_dispute_ids")
    log_line_ids = fields.One2many("shopify.log.line", compute="_compute_log_line_ids")
    lines_read = fields.Boolean(readonly=True, help="All its transactions are stored.")
    lines_cursor = fields.Char(readonly=True, help="Shopify's cursor behind the last transactions stored.")
    fee_statement_line_id = fields.Many2one("account.bank.statement.line", readonly=True, index="btree_not_null")
    transfer_statement_line_id = fields.Many2one("account.bank.statement.line", readonly=True, index="btree_not_null")
    payload = fields.Text(groups="shopify_sync.group_manager", readonly=True, help="The raw data of Shopify.")

    _shopify_id_unique = models.UniqueIndex("(instance_id, shopify_id)", "This payout of the store exists already.")

    @api.depends("amount_net", "line_ids.amount", "line_ids.fee")
    def _compute_amounts(self):
        sums = {
            payout.id: (gross, fee, count)
            for payout, gross, fee, count in self.env["shopify.payout.line"]._read_group(
                [("payout_id", "in", self.ids)], ["payout_id"], ["amount:sum", "fee:sum", "__count"]
            )
        }
        for payout in self:
            gross, fee, count = sums.get(payout._origin.id, (0.0, 0.0, 0))
            currency = payout.currency_id
            payout.amount_fee = fee
            payout.amount_lines = currency.round(gross - fee) if currency else gross - fee
            difference = payout.amount_net - payout.amount_lines
            payout.difference = currency.round(difference) if currency else difference
            payout.line_count = count

    @api.depends("line_ids.state", "line_ids.statement_line_id", "line_ids.processed")
    def _compute_counts(self):
        lines = self.env["shopify.payout.line"]

        def counts(domain):
            return dict(lines._read_group([("payout_id", "in", self.ids), *domain], ["payout_id"], ["__count"]))

        to_configure = counts([("state", "=", "to_configure")])
        not_found = counts([("state", "=", "not_found")])
        to_generate = counts([("statement_line_id", "=", False), ("processed", "=", False)])
        to_process = counts([("processed", "=", False)])
        for payout in self:
            payout.to_configure_count = to_configure.get(payout._origin, 0)
            payout.not_found_count = not_found.get(payout._origin, 0)
            payout.to_generate_count = to_generate.get(payout._origin, 0)
            payout.to_process_count = to_process.get(payout._origin, 0)

    @api.depends("shopify_id")
    def _compute_dispute_ids(self):
        lines = self.env["shopify.payout.line"].search([("payout_id", "in", self.ids), ("dispute_ref", "!=", False)])
        disputes = self.env["shopify.dispute"].search(
            [("instance_id", "in", lines.instance_id.ids), ("shopify_id", "in", lines.mapped("dispute_ref"))]
        )
        for payout in self:
            refs = set(lines.filtered(lambda line, payout=payout: line.payout_id == payout).mapped("dispute_ref"))
            payout.dispute_ids = disputes.filtered(
                lambda one, payout=payout, refs=refs: one.instance_id == payout.instance_id and one.shopify_id in refs
            )

    def _compute_log_line_ids(self):
        for payout in self:
            payout.log_line_ids = self.env["shopify.log.line"].search(
                [("res_model", "=", self._name), ("res_id", "=", payout.id)]
            )

    @api.depends(
        "state",
        "status",
        "problem",
        "lines_read",
        "difference",
        "to_configure_count",
        "not_found_count",
        "to_generate_count",
        "to_process_count",
    )
    def _compute_remains(self):
        for payout in self:
            payout.remains = payout._remains_text()

    @api.model_create_multi
    def create(self, vals_list):
        sequence = self.env["ir.sequence"]
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                company = self.env["shopify.instance"].browse(vals["instance_id"]).company_id
                vals["name"] = sequence.with_company(company).next_by_code("shopify.payout") or "/"
        return super().create(vals_list)

    def _remains_text(self):
        """What is left, in words."""
        self.ensure_one()
        if self.state == "validated":
            return False
        parts = []
        if self.problem:
            parts.append(self.problem)
        if self.status not in ENDED:
            parts.append(self.env._("Shopify has not paid it yet; it is booked when the money is sent."))
        elif not self.lines_read:
            parts.append(self.env._("Its transactions are not read completely yet."))
        if self.to_configure_count:
            parts.append(
                self.env._(
                    "Transactions whose type has no account yet: %s. Use 'Set account'.", self.to_configure_count
                )
            )
        if not self.closed and self.amount_fee and not self._fee_account():
            parts.append(
                self.env._(
                    "The fees have no account: give 'Fees of transactions' one under Configuration > Payout Accounts."
                )
            )
        if self.not_found_count:
            parts.append(
                self.env._(
                    "Transactions whose order or payment is not in Odoo yet: %s. They are looked for every day.",
                    self.not_found_count,
                )
            )
        ready = self.to_generate_count - self.to_configure_count - self.not_found_count
        if ready > 0 and self.lines_read:
            parts.append(self.env._("Transactions that can go into the bank statement: %s.", ready))
        waiting = self.to_process_count - self.to_generate_count
        if waiting > 0:
            parts.append(self.env._("Statement lines to reconcile: %s.", waiting))
        if self.difference and self._is_complete():
            parts.append(
                self.env._(
                    "The lines do not add up to the payout: %s is missing.", self.currency_id.format(self.difference)
                )
            )
        if not parts and self.state == "processed":
            parts.append(self.env._("Everything is reconciled. Validate the statement to close the payout."))
        return "\n".join(parts) or False

    def _is_complete(self):
        """Whether it has all its transactions, so that it can be told whether they add up."""
        return self.status in ENDED and self.lines_read

    def _fee_account(self):
        return self.env["shopify.payout.account"]._rows(self.instance_id).get(FEE)
