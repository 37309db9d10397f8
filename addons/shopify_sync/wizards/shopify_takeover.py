"""Dialog: link orders that another connector, or a person, brought into Odoo before."""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class ShopifyTakeover(models.TransientModel):
    """Searches, shows what belongs together and why, and links only what a person ticked. Nothing is created twice:
    a linked order is known from then on."""

    _name = "shopify.takeover"
    _description = "Take Over Orders"

    instance_id = fields.Many2one(
        "shopify.instance", required=True, default=lambda self: self.env["shopify.instance"].search([], limit=1)
    )
    date_from = fields.Datetime(
        required=True, default=lambda self: fields.Datetime.subtract(fields.Datetime.now(), days=60)
    )
    date_to = fields.Datetime(required=True, default=fields.Datetime.now)
    days_apart = fields.Integer(
        string="Days Apart at Most", default=2, help="Between the order's date in Shopify and in Odoo."
    )
    company_id = fields.Many2one(related="instance_id.company_id")
    step = fields.Selection(
        [("search", "Search"), ("choose", "Choose"), ("linked", "Linked")],
        default="search",
        required=True,
        readonly=True,
    )
    line_ids = fields.One2many("shopify.takeover.line", "takeover_id")
    sure_ids = fields.One2many("shopify.takeover.line", "takeover_id", domain=[("match", "=", "sure")])
    check_ids = fields.One2many(
        "shopify.takeover.line", "takeover_id", domain=[("match", "in", ("check", "ambiguous"))]
    )
    none_ids = fields.One2many("shopify.takeover.line", "takeover_id", domain=[("match", "=", "none")])
    known_ids = fields.One2many("shopify.takeover.line", "takeover_id", domain=[("match", "=", "known")])
    summary = fields.Text(readonly=True)

    def action_search(self):
        """Read the orders of the range from Shopify and look for them in Odoo; nothing is written but this dialog."""
        self.ensure_one()
        if self.date_from > self.date_to:
            raise UserError(self.env._("'From' is later than 'To'."))
        rows, more = self.env["shopify.takeover.matcher"]._search_rows(
            self.instance_id, self.date_from, self.date_to, self.days_apart
        )
        self.line_ids = [Command.clear(), *(Command.create(row) for row in rows)]
        counts = {}
        for row in rows:
            counts[row["match"]] = counts.get(row["match"], 0) + 1
        labels = dict(self.env["shopify.takeover.line"]._fields["match"]._description_selection(self.env))
        found = "\n".join(f"{labels[key]}: {counts[key]}" for key in labels if key in counts)
        if more:
            found += "\n" + self.env._("There are more orders in this range: link these, then search a later range.")
        self.write({"step": "choose", "summary": found or self.env._("Shopify has no order in this range.")})
        return self._reopen()

    def action_back(self):
        """Search with other dates."""
        self.write({"step": "search", "summary": False})
        return self._reopen()

    def action_link(self):
        """Link the ticked orders."""
        self.ensure_one()
        chosen = self.line_ids.filtered(lambda line: line.link and line.order_id)
        if not chosen:
            raise UserError(self.env._("Tick at least one order that was found."))
        for order, lines in chosen.grouped("order_id").items():
            if len(lines) > 1 or order.shopify_order_id:
                raise UserError(
                    self.env._(
                        "%(order)s can be linked with one order of Shopify only; it is chosen for %(references)s.",
                        order=order.name,
                        references=", ".join([*lines.mapped("order_ref"), order.shopify_order_name or ""]).strip(", "),
                    )
                )
        self.env["shopify.takeover.matcher"]._link(self.instance_id, chosen)
        self.write({"step": "linked", "summary": self.env._("%s orders linked.", len(chosen))})
        chosen.write({"match": "known", "link": False})
        return self._reopen()

    def _reopen(self):
        return self._get_records_action(
            name=self.env._("Take Over Orders"), target="new", context={"dialog_size": "extra-large"}
        )


class ShopifyTakeoverLine(models.TransientModel):
    _name = "shopify.takeover.line"
    _description = "Take Over Order"
    _order = "match, order_ref"

    takeover_id = fields.Many2one("shopify.takeover", required=True, ondelete="cascade")
    link = fields.Boolean()
    order_ref = fields.Char(string="Shopify Order", readonly=True)
    shopify_id = fields.Char(readonly=True)
    payload = fields.Text(readonly=True, groups="shopify_sync.group_manager")
    date = fields.Datetime(readonly=True)
    total = fields.Float(digits=(16, 2), readonly=True)
    order_id = fields.Many2one("sale.order", string="Order in Odoo")
    match = fields.Selection(
        [
            ("sure", "Found: number, date and total agree"),
            ("check", "Found, but the total differs"),
            ("ambiguous", "Several orders fit"),
            ("none", "Not in Odoo: would be imported"),
            ("known", "Linked already"),
        ],
        required=True,
        readonly=True,
    )
    reason = fields.Char(readonly=True)
