"""What can be done with a payout: its steps, its buttons, its states."""

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

#: What the connector asks a person for on a payout.
CAUSE = "payout"


class ShopifyPayout(models.Model):
    _inherit = "shopify.payout"

    closed = fields.Boolean(readonly=True, copy=False, help="Fees and transfer are in the statement.")
    fee_processed = fields.Boolean(readonly=True, copy=False)
    to_reverse = fields.Boolean(readonly=True, copy=False, help="It did not arrive after it was booked.")

    # States

    def _refresh_state(self):
        """Write the state that the lines give; a validated payout stays."""
        for payout in self.filtered(lambda payout: payout.state != "validated"):
            fee_open = payout.closed and not payout.fee_processed
            if payout._is_complete() and not payout.line_count and payout.currency_id.is_zero(payout.amount_net):
                state = "processed"
            elif not payout.statement_id and payout.to_generate_count >= payout.line_count:
                state = "draft"
            elif payout.to_generate_count or not payout.closed:
                state = "partly_generated"
            elif not payout.to_process_count and not fee_open:
                state = "processed"
            else:
                begun = payout.to_process_count < payout.line_count or payout.fee_processed
                state = "partly_processed" if begun else "generated"
            if payout.state != state:
                payout.state = state
            if state == "processed":
                payout._solved()

    def _solved(self):
        """Nothing is left to ask a person for."""
        self.filtered("problem").write({"problem": False})
        self.env["shopify.log.line"]._resolve(records=self, causes=["payout_set_aside"])
        self.env["shopify.task"]._withdraw(self, CAUSE)

    def _ask_somebody(self, problem):
        """An activity for the responsible user; one at a time."""
        for payout in self:
            user = payout.instance_id.payout_user_id
            if user:  # empty: nobody wants to be asked
                self.env["shopify.task"]._ask(payout.instance_id, payout, CAUSE, problem, first=user)

    def _check_validate(self):
        """:raises UserError: why the payout cannot be validated"""
        self.ensure_one()
        if self.state == "validated":
            raise UserError(self.env._("%s is validated already.", self.name))
        if self.difference and self._is_complete():
            raise UserError(
                self.env._(
                    "%(payout)s cannot be validated: its lines come to %(lines)s, Shopify paid %(net)s. The difference is "
                    "%(difference)s. Use 'Get again from Shopify'.",
                    payout=self.name,
                    lines=self.currency_id.format(self.amount_lines),
                    net=self.currency_id.format(self.amount_net),
                    difference=self.currency_id.format(self.difference),
                )
            )
        if self.state != "processed" or not self._is_complete():
            raise UserError(
                self.env._(
                    "%(payout)s cannot be validated yet. %(remains)s", payout=self.name, remains=self.remains or ""
                )
            )
        moved = sum(self.statement_id.line_ids.mapped("amount"))
        currency = self.journal_id.currency_id or self.company_id.currency_id
        if self.statement_id and not currency.is_zero(moved):
            raise UserError(
                self.env._(
                    "%(payout)s cannot be validated: its bank statement moves %(amount)s instead of nothing. Somebody has "
                    "changed it; reset the payout to draft.",
                    payout=self.name,
                    amount=currency.format(moved),
                )
            )

    def _validate(self):
        for payout in self:
            payout._check_validate()
        self.write({"state": "validated", "skip_schedule": False, "problem": False})
        self._solved()

    # What Shopify says

    def _update_from(self, read, payload, again=False):
        """Take over what Shopify says now.

        :param read: mapping.payouts.Payout
        :param again: its transactions are read anew, too
        """
        self.ensure_one()
        values = {
            "status": read.status,
            "amount_net": float(read.net),
            "trace_ref": read.trace_ref or False,
            "payload": payload,
        }
        if read.status in ("failed", "cancelled") and self.status != read.status:
            values["ended_on"] = self.instance_id._local_date(fields.Datetime.now())
            values["to_reverse"] = self.closed
        # raw data are hidden from users; the job compares them
        changed = {name: value for name, value in values.items() if self.sudo()[name] != value}
        if again and self.state != "validated":
            changed.update(lines_read=False, lines_cursor=False, test_count=0)
        if changed:
            self.write(changed)

    # Buttons

    def _check_may_book(self):
        """:raises AccessError: the user has no right to book in Odoo"""
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group("account.group_account_user")):
            raise AccessError(self.env._("Booking payouts needs Odoo's accounting right."))

    def _process(self, **options):
        self._check_may_book()
        # the job's user books; who may press the button was checked
        self.sudo().write({"problem": False})
        self.env["shopify.payout.runner"]._process_now(self, **options)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_generate(self):
        """Look for what the lines settle and make the bank statement as far as it goes."""
        self._check_may_book()
        for payout in self:
            self.env["shopify.payout.statement"]._check_ready(payout.sudo())
        return self._process(steps=("match", "generate"))

    def action_reconcile(self):
        return self._process(steps=("reconcile",))

    def action_process(self):
        """Everything that is due, validation included."""
        return self._process(validate=True)

    def action_validate(self):
        self._check_may_book()
        # the state belongs to the job; who may press the button was checked
        self.sudo()._validate()

    def action_view_statement(self):
        """The lines of the bank statement."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Statement of %s", self.name),
            "res_model": "account.bank.statement.line",
            "view_mode": "list,form",
            "views": [(self.env.ref("shopify_sync.account_bank_statement_line_view_list").id, "list")],
            "domain": [("statement_id", "=", self.statement_id.id)],
            "context": {"create": False, "active_test": False},
        }

    def action_view_lines(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_payout_line_action")
        return {**action, "domain": [("payout_id", "=", self.id)], "context": {}}

    def action_get_again(self):
        """Read the payout and its transactions from Shopify anew; what is in the books stays."""
        self._check_may_book()
        for instance, payouts in self.grouped("instance_id").items():
            starter = self.env["shopify.run.starter"]
            run = starter._start(instance._for_jobs(), "payout", {"ids": payouts.mapped("shopify_id"), "from": None})
            if run.state == "failed":
                raise UserError(run.message)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_resume(self):
        """Give the payout back to the daily job."""
        self._check_may_book()
        self.sudo().write({"skip_schedule": False, "problem": False})  # who may press the button was checked
        self.env["shopify.log.line"]._resolve(records=self, causes=["payout_set_aside"])
        self.instance_id._resume_payouts()

    def action_reset(self):
        """Take the payout out of the books, unless it is validated."""
        if not self.env.user.has_group("shopify_sync.group_manager"):
            raise AccessError(self.env._("Only a Shopify Manager can take a payout out of the books."))
        for payout in self:
            if payout.state == "validated":
                raise UserError(self.env._("%s is validated and stays in the books.", payout.name))
            self.env["shopify.payout.statement"]._remove(payout.sudo())  # the manager's right was checked
            payout.message_post(body=self.env._("Taken out of the books; nothing of it is generated."))

    def action_open_shopify(self):
        self.ensure_one()
        return self.instance_id._open_in_shopify("ShopifyPaymentsPayout", self.shopify_id)
