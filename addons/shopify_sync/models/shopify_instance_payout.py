"""Settings of a store: payouts of Shopify Payments."""

from odoo import api, fields, models

from ..mapping.payout_types import FEE

#: What a change of these lets payouts go on that were set aside.
_MATTERS = frozenset({"payout_journal_id", "payout_transfer_account_id", "payout_balance_account_id"})


class ShopifyInstance(models.Model):
    _inherit = "shopify.instance"

    payout_journal_id = fields.Many2one(
        "account.journal",
        check_company=True,
        domain="[('type', 'in', ('bank', 'cash'))]",
        help="Stands for the balance at Shopify Payments. Each payout becomes a statement in it that ends at zero.",
    )
    payout_from = fields.Date(
        string="Start Payouts From", help="Payouts issued before this day are not read. Empty: the import-after date."
    )
    payout_transfer_account_id = fields.Many2one(
        "account.account",
        check_company=True,
        help="Holds a deposit until your bank's own statement shows it.",
    )
    payout_balance_account_id = fields.Many2one(
        "account.account",
        string="Shopify Balance Account",
        check_company=True,
        help="Money that Shopify keeps for the store: reserves, and payouts that came back.",
    )
    payout_fee_account_id = fields.Many2one("account.account", string="Fee Account", check_company=True)
    payout_dispute_account_id = fields.Many2one("account.account", string="Dispute Account", check_company=True)
    payout_validate = fields.Boolean(
        string="Validate Payouts by Themselves",
        default=True,
        help="The daily job validates a payout when all its transactions are reconciled and it agrees to the cent.",
    )
    payout_user_id = fields.Many2one(
        "res.users",
        string="Responsible for Payouts",
        default=lambda self: self.env.user,
        help="Gets an activity for each payout that was set aside and each dispute that needs an answer.",
    )
    payout_account_ids = fields.One2many(
        "shopify.payout.account", "instance_id", string="Payout Configuration", groups="account.group_account_user"
    )

    def _payout_group_accounts(self):
        """{group of types: the account they go to by themselves}; empty ones are left to a person."""
        self.ensure_one()
        return {
            "fees": self.payout_fee_account_id,
            "disputes": self.payout_dispute_account_id,
            "reserves": self.payout_balance_account_id,
            "returned": self.payout_balance_account_id,
        }

    payout_problem = fields.Char(
        compute="_compute_payout_problem", compute_sudo=True, help="What is missing to book payouts."
    )
    payout_open_count = fields.Integer(
        string="Payouts Not Validated", compute="_compute_payout_open_count", groups="account.group_account_user"
    )

    @api.depends(
        "payout_journal_id",
        "payout_transfer_account_id",
        "payout_balance_account_id",
        "payout_account_ids.account_id",
    )
    def _compute_payout_problem(self):
        for instance in self:
            lacking = []
            if not instance.payout_journal_id:
                lacking.append(self.env._("a payout journal"))
            elif not instance.payout_journal_id.suspense_account_id:
                lacking.append(self.env._("a suspense account on the payout journal"))
            if not instance.payout_transfer_account_id:
                lacking.append(self.env._("a payout transfer account"))
            if not instance.payout_balance_account_id:
                lacking.append(self.env._("a Shopify balance account"))
            rows = instance.payout_account_ids.filtered("account_id").mapped("transaction_type")
            if FEE not in rows:
                lacking.append(self.env._("an account for the fees of transactions"))
            instance.payout_problem = (
                self.env._("Payouts cannot be booked: %s is missing.", ", ".join(lacking)) if lacking else False
            )

    def _compute_payout_open_count(self):
        counts = dict(
            self.env["shopify.payout"]._read_group(
                [("instance_id", "in", self.ids), ("state", "!=", "validated")], ["instance_id"], ["__count"]
            )
        )
        for instance in self:
            instance.payout_open_count = counts.get(instance, 0)

    def write(self, vals):
        result = super().write(vals)
        if not _MATTERS.isdisjoint(vals):
            waiting = self.env["shopify.payout"].search(
                [("instance_id", "in", self.ids), ("skip_schedule", "=", True), ("state", "!=", "validated")]
            )
            waiting.write({"skip_schedule": False, "problem": False})
            self._resume_payouts()
        return result

    def _resume_payouts(self):
        """Payouts that waited for an account go on by themselves."""
        for instance in self:
            instance._trigger(["payout_process"])

    # What a connected store gets

    def _set_up_payouts(self):
        """Journal, accounts and the usual types, as far as they are missing; a company without a chart of accounts gets
        none, and the store says what is missing."""
        self.ensure_one()
        company = self.company_id
        if not company.chart_template:
            return
        if not self.payout_journal_id:
            self.payout_journal_id = self._make_payout_journal()
        if not self.payout_transfer_account_id:
            self.payout_transfer_account_id = company.transfer_account_id
        if not self.payout_balance_account_id:
            self.payout_balance_account_id = self._payout_account(
                self.env._("Shopify balance"), "asset_current", self.payout_transfer_account_id, reconcile=True
            )
        if not self.payout_fee_account_id or not self.payout_dispute_account_id:
            like = self._expense_account()
            if not self.payout_fee_account_id:
                self.payout_fee_account_id = self._payout_account(self.env._("Shopify fees"), "expense", like)
            if not self.payout_dispute_account_id:
                self.payout_dispute_account_id = self._payout_account(self.env._("Shopify disputes"), "expense", like)
        rows = self.env["shopify.payout.account"]
        rows._add_types(self, rows._usual_types())

    def _make_payout_journal(self):
        """The journal that stands for the balance at Shopify Payments, in the store's currency."""
        journals = self.env["account.journal"]
        domain = journals._check_company_domain(self.company_id)
        codes = set(journals.with_context(active_test=False).search(domain).mapped("code"))
        code = next(code for code in (f"SPY{number or ''}" for number in range(1000)) if code not in codes)
        currency = self.shop_currency_id
        return journals.create(
            {
                "name": self.env._("Shopify Payments %s", self.name),
                "code": code,
                "type": "bank",
                "company_id": self.company_id.id,
                "currency_id": currency.id if currency != self.company_id.currency_id else False,
            }
        )

    def _expense_account(self):
        """An expense account near which new ones are numbered."""
        accounts = self.env["account.account"].with_company(self.company_id)
        domain = [*accounts._check_company_domain(self.company_id), ("account_type", "=", "expense")]
        return accounts.search(domain, order="id desc", limit=1)

    def _payout_account(self, name, kind, near, reconcile=False):
        """The company's account of this name, made once for all its stores with the next free code."""
        accounts = self.env["account.account"].with_company(self.company_id)
        domain = [*accounts._check_company_domain(self.company_id), ("name", "=", name), ("account_type", "=", kind)]
        found = accounts.search(domain, limit=1)
        if found:
            return found
        return accounts.create(
            {
                "name": name,
                "account_type": kind,
                "code": accounts._search_new_account_code(near.code or "100000"),
                "reconcile": reconcile,
                "company_ids": [(4, self.company_id.id)],
            }
        )

    def action_view_payouts(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_payout_action")
        return {**action, "domain": [("instance_id", "=", self.id)]}

    def action_view_payout_accounts(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_payout_account_action")
        context = {"default_instance_id": self.id}
        return {**action, "domain": [("instance_id", "=", self.id)], "context": context}

    def action_add_payout_types(self):
        """Rows of Payout Configuration for every type that the store has met."""
        self.ensure_one()
        seen = self.env["shopify.payout.line"]._read_group(
            [("instance_id", "=", self.id)], ["transaction_type"], ["__count"]
        )
        self.env["shopify.payout.account"]._add_types(self, [FEE, *(kind for kind, _count in seen)])
        return self.action_view_payout_accounts()
