"""Step one of three: what happens to an order by itself."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: Code of the journal for gift cards and store credit.
CREDIT_JOURNAL = "SHGC"


class ShopifySaleWorkflow(models.Model):
    """Which steps an order goes through without a person, and in which journals."""

    _name = "shopify.sale.workflow"
    _description = "Shopify Sales Auto Workflow"
    _order = "company_id, sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    confirm_order = fields.Boolean(
        string="Confirm Quotation", help="The order becomes a sales order; its delivery goes to the warehouse."
    )
    create_invoice = fields.Boolean(string="Create and Validate Invoice")
    sale_journal_id = fields.Many2one(
        "account.journal", string="Sales Journal", domain="[('type', '=', 'sale')]", check_company=True
    )
    register_payment = fields.Boolean(
        help="Each successful payment at Shopify becomes a payment in Odoo, matched with the invoice."
    )
    payment_journal_id = fields.Many2one(
        "account.journal",
        domain="[('type', 'in', ('bank', 'cash', 'credit'))]",
        check_company=True,
    )
    payment_method_line_id = fields.Many2one(
        "account.payment.method.line",
        string="Payment Method",
        domain="[('journal_id', '=', payment_journal_id), ('payment_type', '=', 'inbound')]",
        compute="_compute_payment_method_line_id",
        store=True,
        readonly=False,
        copy=False,
    )
    payment_before_invoice = fields.Boolean(
        string="Payment Without Invoice",
        help="The payment is registered when the order is confirmed and matched with the invoice later.",
    )
    force_accounting_date = fields.Boolean(
        help="The invoice carries the day of the order, in the store's time zone, instead of today."
    )
    picking_policy = fields.Selection(
        [("direct", "As soon as possible"), ("one", "All at once")],
        string="Shipping Policy",
        required=True,
        default="one",
    )
    allow_manual = fields.Boolean(
        string="Use for Manual Quotations", help="Offered on quotations that a person made in Odoo."
    )
    financial_status_ids = fields.One2many("shopify.financial.status", "workflow_id")
    financial_status_count = fields.Integer(compute="_compute_financial_status_count")

    _name_unique = models.Constraint("UNIQUE(company_id, name)", "A workflow with this name exists already.")

    @api.depends("payment_journal_id")
    def _compute_payment_method_line_id(self):
        for workflow in self:
            journal = workflow.payment_journal_id
            if workflow.payment_method_line_id.journal_id != journal:
                workflow.payment_method_line_id = journal.inbound_payment_method_line_ids[:1]

    @api.depends("financial_status_ids")
    def _compute_financial_status_count(self):
        counts = dict(
            self.env["shopify.financial.status"]._read_group(
                [("workflow_id", "in", self.ids)], ["workflow_id"], ["__count"]
            )
        )
        for workflow in self:
            workflow.financial_status_count = counts.get(workflow, 0)

    @api.constrains(
        "confirm_order",
        "create_invoice",
        "register_payment",
        "payment_before_invoice",
        "sale_journal_id",
        "payment_journal_id",
        "payment_method_line_id",
    )
    def _check_steps(self):
        for workflow in self:
            if workflow.create_invoice and not workflow.confirm_order:
                raise ValidationError(self.env._("%s: an invoice needs a confirmed order.", workflow.name))
            if workflow.register_payment and not workflow.create_invoice and not workflow.payment_before_invoice:
                raise ValidationError(
                    self.env._(
                        "%s: a payment needs an invoice; tick 'Create and Validate Invoice' or 'Payment Without "
                        "Invoice'.",
                        workflow.name,
                    )
                )

    def write(self, vals):
        result = super().write(vals)
        # orders that failed on an incomplete workflow are tried again, whoever completes it
        self.env["shopify.queue.line"].sudo()._wake([f"workflow:{workflow.id}" for workflow in self])
        return result

    def _missing(self):
        """What the workflow lacks to run, in words; empty when it is complete."""
        self.ensure_one()
        missing = []
        if self.create_invoice and not self.sale_journal_id:
            missing.append(self.env._("a sales journal"))
        if self.register_payment and not self.payment_journal_id:
            missing.append(self.env._("a payment journal"))
        if self.register_payment and not self.payment_method_line_id:
            missing.append(self.env._("a payment method"))
        return ", ".join(missing)

    @api.model
    def _default(self, company, name):
        """One of the two workflows every company has: 'automatic' or 'review'.

        The automatic one is completed with the company's first sales journal and bank journal.
        """
        label = {
            "automatic": self.env._("Automatic: confirm, invoice, pay"),
            "review": self.env._("Review by hand"),
            "confirm": self.env._("Confirm only"),
            "credit": self.env._("Automatic: gift card and store credit"),
        }[name]
        workflow = self.with_context(active_test=False).search(
            [("company_id", "=", company.id), ("name", "=", label)], limit=1
        )
        if workflow:
            return workflow
        vals = {"name": label, "company_id": company.id}
        if name == "confirm":
            vals["confirm_order"] = True
        if name in ("automatic", "credit"):
            journals = self.env["account.journal"]
            domain = [*journals._check_company_domain(company)]
            bank = journals.search([*domain, ("type", "=", "bank")], limit=1)
            vals.update(
                confirm_order=True,
                create_invoice=True,
                register_payment=True,
                sale_journal_id=journals.search([*domain, ("type", "=", "sale")], limit=1).id,
                payment_journal_id=(self._credit_journal(company) if name == "credit" else bank).id,
            )
        return self.create(vals)

    @api.model
    def _credit_journal(self, company):
        """The journal of money that is no new money: gift cards and store credit redeemed. Its own account keeps them
        apart from the bank."""
        journals = self.env["account.journal"]
        domain = [*journals._check_company_domain(company), ("type", "=", "cash"), ("code", "=", CREDIT_JOURNAL)]
        return journals.search(domain, limit=1) or journals.create(
            {
                "name": self.env._("Gift cards and store credit"),
                "code": CREDIT_JOURNAL,
                "type": "cash",
                "company_id": company.id,
            }
        )

    @api.model
    def _make_defaults(self):
        """The workflows that exist at install, for the company of the installation."""
        for name in ("review", "automatic"):
            self._default(self.env.company, name)

    def action_view_financial_statuses(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_financial_status_action")
        return {**action, "domain": [("workflow_id", "=", self.id)]}
