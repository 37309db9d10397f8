"""The month end of a store: orders, invoices, payments and payouts against each other, and why they differ."""

from calendar import monthrange
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .month_end_links import Period

REASONS = [
    ("timing", "Timing"),
    ("missing", "Missing"),
    ("rounding", "Rounding"),
    ("fee", "Fee"),
    ("currency", "Currency"),
    ("manual", "Manual change"),
]
#: Reasons that explain themselves.
USUAL = ("timing", "rounding")
LINKS = [
    ("total", "Order: total"),
    ("order", "Order: invoiced"),
    ("invoice", "Invoice: paid"),
    ("payment", "Payment: paid out"),
    ("other_payment", "Payment: in the bank"),
    ("refund", "Refund: credited"),
    ("payout", "Payout: booked"),
    ("payout_total", "Payout: total"),
]


class ShopifyMonthEnd(models.Model):
    """One month of one store, counted when somebody asks. Amounts stay in the currencies of the documents and are never
    added across currencies."""

    _name = "shopify.month.end"
    _description = "Shopify Month End"
    _order = "month desc, instance_id"

    name = fields.Char(compute="_compute_name")
    instance_id = fields.Many2one(
        "shopify.instance",
        string="Store",
        required=True,
        ondelete="cascade",
        index=True,
        default=lambda self: self._default_instance(),
    )
    company_id = fields.Many2one(related="instance_id.company_id", store=True, index=True)
    month = fields.Date(
        required=True,
        default=lambda self: self._default_month(),
        help="Any day of the month, in the store's time zone.",
    )
    date_to = fields.Date(compute="_compute_date_to", string="Until")
    counted_at = fields.Datetime(readonly=True, copy=False)
    chain = fields.Json(readonly=True, copy=False, help="Sums of each link by currency, as the page draws them.")
    line_ids = fields.One2many("shopify.month.end.line", "month_end_id", string="Differences", readonly=True)
    line_count = fields.Integer(compute="_compute_state", store=True, string="Number of Differences")
    open_count = fields.Integer(compute="_compute_state", store=True, string="To Explain")
    state = fields.Selection(
        [("new", "Not counted"), ("open", "To explain"), ("explained", "Explained"), ("complete", "Everything agrees")],
        compute="_compute_state",
        store=True,
        index=True,
    )

    _month_unique = models.UniqueIndex("(instance_id, month)", "This month of the store exists already.")

    @api.model
    def _default_instance(self):
        return self.env["shopify.instance"].search([("company_id", "in", self.env.companies.ids)], limit=1)

    @api.model
    def _default_month(self):
        """The last whole month."""
        return (fields.Date.context_today(self).replace(day=1) - timedelta(days=1)).replace(day=1)

    @api.depends("instance_id", "month")
    def _compute_name(self):
        for one in self:
            month = format_date(self.env, one.month, date_format="MMMM yyyy") if one.month else ""
            one.name = ", ".join(part for part in (one.instance_id.name, month) if part)

    @api.depends("month")
    def _compute_date_to(self):
        for one in self:
            one.date_to = one.month and one.month.replace(day=monthrange(one.month.year, one.month.month)[1])

    @api.depends("counted_at", "line_ids.explained")
    def _compute_state(self):
        for one in self:
            one.line_count = len(one.line_ids)
            one.open_count = len(one.line_ids.filtered(lambda line: not line.explained))
            counted = "open" if one.open_count else "explained" if one.line_ids else "complete"
            one.state = counted if one.counted_at else "new"

    @api.model_create_multi
    def create(self, vals_list):
        """A month is kept by its first day."""
        return super().create([self._first_day(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._first_day(vals))

    @api.model
    def _first_day(self, vals):
        month = fields.Date.to_date(vals.get("month"))
        return {**vals, "month": month.replace(day=1)} if month else vals

    # Counting

    def action_count(self):
        """Count the month anew. What was explained stays explained while its amount does not change."""
        links = self.env["shopify.month.end.links"]
        for one in self:
            one.instance_id.check_access("read")
            period = one._period()
            sums, variances = links._sums(period), links._variances(period)
            one._keep(variances)
            one.write({"chain": one._drawn(sums, period), "counted_at": fields.Datetime.now()})
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _period(self):
        self.ensure_one()
        return Period(self.instance_id, self.month, self.date_to)

    def _keep(self, variances):
        """Make the lines what was found: new ones are added, those that agree now go, the others keep their note."""
        self.ensure_one()
        known = {(line.link, line.res_id, line.reason): line for line in self.line_ids}
        values, gone = [], self.line_ids
        for found in variances:
            position = found["position"]
            for part in found["parts"]:
                row = {
                    "expected": float(position.expected),
                    "found": float(position.settled),
                    "amount": float(part.amount),
                    "reference": found["reference"],
                    "day": found["day"],
                    "currency_id": found["currency_id"],
                }
                line = known.get((found["link"], found["id"], part.reason.value))
                if line is None:
                    usual = part.reason.value in USUAL
                    values.append(
                        {
                            **row,
                            "month_end_id": self.id,
                            "link": found["link"],
                            "reason": part.reason.value,
                            "res_model": found["model"],
                            "res_id": found["id"],
                            "explained": usual,
                        }
                    )
                    continue
                gone -= line
                if line.currency_id.compare_amounts(line.amount, row["amount"]) or line.expected != row["expected"]:
                    kept = line.reason in USUAL
                    line.write({**row, "explained": kept, "note": line.note if kept else False})
        gone.unlink()
        self._explain_accepted(values)
        self.env["shopify.month.end.line"].create(values)

    def _explain_accepted(self, values):
        """A total that a person has accepted is explained by what was said then."""
        accepted = [row for row in values if (row["link"], row["reason"]) == ("total", "manual")]
        orders = self.env["sale.order"].sudo().browse([row["res_id"] for row in accepted])
        for row, order in zip(accepted, orders, strict=True):
            row.update(explained=True, note=order.shopify_total_accepted_why)

    def _drawn(self, sums, period):
        """The sums as the page draws them: a list of currencies, each with its links and the amounts of each reason.
        Amounts are text, exact to the cent."""
        currencies = sorted({currency for rows in sums.values() for currency in rows})
        reasons = {}
        for currency, reason, amount, count in self.env["shopify.month.end.line"]._read_group(
            [("month_end_id", "=", self.id)], ["currency_id", "reason"], ["amount:sum", "__count"]
        ):
            reasons.setdefault(currency.id, []).append(
                {"reason": reason, "amount": str(currency.round(amount)), "count": count}
            )
        waiting = self.env["shopify.month.end.line"]._read_group(
            [("month_end_id", "=", self.id), ("reason", "not in", USUAL)], ["currency_id", "link"]
        )
        unusual = {(currency.id, link) for currency, link in waiting}
        return [
            {
                "currency_id": currency,
                "links": [
                    {
                        "link": link,
                        "count": count,
                        "total": str(stage.total),
                        "settled": str(stage.settled),
                        "later": str(stage.later),
                        "open": str(stage.open),
                        "usual": (currency, link) not in unusual,
                    }
                    for link, rows in sums.items()
                    for stage, count in [rows.get(currency, (None, 0))]
                    if count
                ],
                "reasons": sorted(reasons.get(currency, []), key=lambda row: row["reason"]),
            }
            for currency in currencies
        ]

    # Looking

    @api.model
    def action_open_current(self):
        """The last whole month of the store when there is one store and it was counted before, else the list."""
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_month_end_list_action")
        stores = self.env["shopify.instance"].search([("company_id", "in", self.env.companies.ids)], limit=2)
        if len(stores) != 1:
            return action
        month = self._default_month()
        found = self.search([("instance_id", "=", stores.id), ("month", "=", month)])
        if not found and self.has_access("create"):
            found = self.create({"instance_id": stores.id, "month": month})
            found.action_count()
        if not found:
            return action
        return {**action, "views": [(False, "form"), (False, "list")], "view_mode": "form,list", "res_id": found.id}

    def action_differences(self, link=None, currency_id=None, reason=None):
        """The variance list, of one link, currency or reason if asked."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_month_end_line_action")
        domain = [("month_end_id", "=", self.id)]
        for name, value in (("link", link), ("currency_id", currency_id), ("reason", reason)):
            if value:
                domain.append((name, "=", value))
        return {**action, "domain": domain, "context": {"default_month_end_id": self.id}}

    def action_documents(self, link, currency_id):
        """The documents that a link adds up."""
        self.ensure_one()
        currency = self.env["res.currency"].browse(currency_id)
        model, ids = self.env["shopify.month.end.links"]._documents(self._period(), link, currency)
        return {
            "type": "ir.actions.act_window",
            "name": f"{dict(self.env['shopify.month.end.line']._fields['link']._description_selection(self.env))[link]}",
            "res_model": model,
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", ids)],
        }

    def action_export(self):
        """Download the month as a workbook."""
        self.ensure_one()
        if not self.counted_at:
            raise UserError(self.env._("Count the month first."))
        return {"type": "ir.actions.act_url", "url": f"/shopify_sync/month_end/{self.id}.xlsx", "target": "self"}


class ShopifyMonthEndLine(models.Model):
    """A document that does not agree with the next one, or a part of its difference, and why."""

    _name = "shopify.month.end.line"
    _description = "Shopify Month End Difference"
    _order = "explained, day, id"
    _rec_name = "reference"

    month_end_id = fields.Many2one("shopify.month.end", required=True, ondelete="cascade", index=True)
    instance_id = fields.Many2one(related="month_end_id.instance_id", store=True, index=True, string="Store")
    company_id = fields.Many2one(related="month_end_id.company_id", store=True, index=True)
    link = fields.Selection(LINKS, string="What", required=True, readonly=True)
    reason = fields.Selection(REASONS, required=True, readonly=True, index=True)
    reference = fields.Char(readonly=True)
    day = fields.Date(readonly=True, string="Date")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    expected = fields.Monetary(readonly=True, help="What the document comes to.")
    found = fields.Monetary(readonly=True, help="What of it is settled by the end of the month.")
    amount = fields.Monetary(
        string="Difference", readonly=True, help="The part of the difference that has this reason."
    )
    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True, readonly=True, index=True)
    advice = fields.Char(compute="_compute_advice", string="What To Do")
    explained = fields.Boolean(help="Somebody looked at it, or the reason is usual. It no longer keeps the month open.")
    note = fields.Char(help="Why this difference is right.")

    @api.depends("link", "reason")
    def _compute_advice(self):
        texts, usual = self._advice(), self._usual_advice()
        for line in self:
            line.advice = texts.get((line.link, line.reason)) or usual.get(line.reason)

    @api.model
    def _advice(self):
        """What to do about a difference, by link and reason."""
        env = self.env
        return {
            ("order", "timing"): env._("Nothing: the order is invoiced later, or not due yet."),
            ("order", "missing"): env._(
                "Create the invoice on the order; cancel the order when its payment was voided or ran out."
            ),
            ("order", "manual"): env._("A credit note was made by hand. Send it to Shopify, or explain it."),
            ("invoice", "timing"): env._("Nothing: it was paid later, or is not due yet."),
            ("invoice", "missing"): env._("Register or match the payment on the invoice."),
            ("payment", "timing"): env._("Nothing: the money is in transit."),
            ("payment", "missing"): env._("Get the payouts again, or register the payment on the order."),
            ("payment", "manual"): env._("The payment was changed in Odoo. Compare it with Shopify."),
            ("refund", "missing"): env._("Create the credit note on the order's refund."),
            ("refund", "timing"): env._("Nothing: it is credited later, or waits for the invoice."),
            ("refund", "manual"): env._("A person left it out. Explain it, or create the credit note."),
            ("payout", "fee"): env._("Set the account of this type in the payout configuration."),
            ("payout", "missing"): env._("Its order is not in Odoo. Bring the order, or match the line by hand."),
            ("payout", "timing"): env._("Nothing: the payout is looked at again every day."),
            ("payout_total", "missing"): env._("Get the payout again from Shopify."),
            ("total", "missing"): env._("Bring the order again, or accept its total."),
            ("total", "manual"): env._("Nothing: a person accepted this total."),
        }

    @api.model
    def _usual_advice(self):
        """What to do about a difference whatever the link, by reason."""
        env = self.env
        return {
            "timing": env._("Nothing: it is settled later."),
            "missing": env._("Open the document and settle it."),
            "rounding": env._("Nothing: at most the smallest coin a line."),
            "fee": env._("Book the fee: set its account in the payout configuration."),
            "currency": env._("The two documents are in different currencies. Compare them at the day's rate."),
            "manual": env._("Somebody changed it by hand. Compare it with Shopify, or explain it."),
        }

    def action_mend(self):
        """Open where the difference is mended: the order for payments and refunds, the account of its type or the payout's
        open transactions for a transaction, else the document itself."""
        self.ensure_one()
        record = self.env[self.res_model].browse(self.res_id).exists()
        if not record:
            raise UserError(self.env._("%s is gone. Count the month again.", self.reference))
        if self.res_model == "shopify.payout.line":
            return record._open_to_mend()
        if self.res_model in ("shopify.order.payment", "shopify.order.refund"):
            record = record.order_id
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }

    def action_explain(self):
        """Say that these differences are right."""
        self.write({"explained": True})

    def action_not_explained(self):
        self.write({"explained": False})
