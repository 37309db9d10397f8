"""Dialog: link orders, products and customers that another connector, or a person, brought into Odoo before."""

from collections import Counter

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .. import shopify_api
from ..models.spoken import spoken

#: Which field of a row names the record in Odoo, and who searches and links.
TARGETS = {"order": "order_id", "product": "product_id", "customer": "partner_id"}
SERVICES = {
    "order": "shopify.takeover.matcher",
    "product": "shopify.takeover.products",
    "customer": "shopify.takeover.customers",
}


class ShopifyTakeover(models.TransientModel):
    """Searches, shows what belongs together and why, and links only what a person ticked. Nothing is created twice:
    a linked record is known from then on."""

    _name = "shopify.takeover"
    _description = "Take Over"

    instance_id = fields.Many2one(
        "shopify.instance", required=True, default=lambda self: self.env["shopify.instance"].search([], limit=1)
    )
    what = fields.Selection(
        [("order", "Orders"), ("product", "Products"), ("customer", "Customers")],
        string="Take Over",
        required=True,
        default="product",  # orders need their products and customers
    )
    date_from = fields.Datetime(
        required=True, default=lambda self: fields.Datetime.subtract(fields.Datetime.now(), days=60)
    )
    date_to = fields.Datetime(required=True, default=fields.Datetime.now)
    days_apart = fields.Integer(
        string="Days Apart at Most", default=2, help="Between the order's date in Shopify and in Odoo."
    )
    archived = fields.Boolean(string="Archived Products Too", help="Products that are archived in Shopify.")
    product_match = fields.Selection(related="instance_id.product_match")
    company_id = fields.Many2one(related="instance_id.company_id")
    step = fields.Selection(
        [("search", "Search"), ("choose", "Choose"), ("linked", "Linked")],
        default="search",
        required=True,
        readonly=True,
    )
    cursor = fields.Char(readonly=True, help="Where the next part begins.")
    line_ids = fields.One2many("shopify.takeover.line", "takeover_id")
    sure_ids = fields.One2many("shopify.takeover.line", "takeover_id", domain=[("match", "=", "sure")])
    check_ids = fields.One2many(
        "shopify.takeover.line", "takeover_id", domain=[("match", "in", ("check", "ambiguous"))]
    )
    none_ids = fields.One2many("shopify.takeover.line", "takeover_id", domain=[("match", "=", "none")])
    known_ids = fields.One2many("shopify.takeover.line", "takeover_id", domain=[("match", "=", "known")])
    summary = fields.Text(readonly=True)

    def action_search(self):
        """Read from Shopify and look in Odoo; nothing is written but this dialog."""
        return self._search_part(False)

    def action_next(self):
        """Search the next part of a big store; what was not linked in this part is left."""
        return self._search_part(self.cursor)

    def _search_part(self, after):
        self.ensure_one()
        service, cursor = self.env[SERVICES[self.what]], False
        try:
            if self.what == "order":
                if self.date_from > self.date_to:
                    raise UserError(self.env._("'From' is later than 'To'."))
                rows, looked_at = service._search_rows(self.instance_id, self.date_from, self.date_to, self.days_apart)
            elif self.what == "product":
                rows, looked_at, cursor = service._search_rows(self.instance_id, after, self.archived)
            else:
                rows, looked_at, cursor = service._search_rows(self.instance_id, after)
        except shopify_api.ShopifyError as error:
            raise UserError(spoken(self.env, error.words)) from error
        if cursor:
            looked_at += "\n" + self.env._("There are more: link these, then press Next Part.")
        self.line_ids = [Command.clear(), *(Command.create(row) for row in rows)]
        self.write({"step": "choose", "cursor": cursor, "summary": f"{looked_at}\n{self._counted()}".strip()})
        return self._reopen()

    def _counted(self):
        """How many rows of each kind there are."""
        counts = Counter(self.line_ids.mapped("match"))
        labels = self.line_ids._fields["match"]._description_selection(self.env)
        return "\n".join(f"{label}: {counts[key]}" for key, label in labels if counts[key])

    def action_back(self):
        """Search again, or something else."""
        self.write({"step": "search", "summary": False, "cursor": False})
        return self._reopen()

    def action_link(self):
        """Link the ticked rows."""
        self.ensure_one()
        chosen = self._ticked()
        linked, left, stopped = self.env[SERVICES[self.what]]._link(self.instance_id, chosen)
        linked.write({"match": "known", "link": False, "reason": False})
        for row, reason in left.items():
            row.write({"match": "check", "link": False, "reason": reason})
        summary = [self.env._("%(linked)s of %(chosen)s linked.", linked=len(linked), chosen=len(chosen))]
        if left:
            summary.append(self.env._("Not linked: %s. The reasons are under To Check.", len(left)))
        summary += [stopped] if stopped else []
        if self.cursor:
            summary.append(self.env._("There are more: press Next Part."))
        summary.append(self._counted())
        self.write({"step": "choose" if left or stopped else "linked", "summary": "\n".join(summary)})
        return self._reopen()

    def _ticked(self):
        """The ticked rows that have a record in Odoo.

        :raises UserError: there is none, or one must not be linked
        """
        target = TARGETS[self.what]
        chosen = self.line_ids.filtered(lambda line: line.link and line[target])
        if not chosen:
            raise UserError(self.env._("Tick at least one row that has a record in Odoo."))
        for record in chosen[target]:
            if record.company_id and record.company_id != self.instance_id.company_id:
                raise UserError(self.env._("%s belongs to another company than the store.", record.display_name))
        if self.what == "order":
            self._check_orders(chosen)
        return chosen

    def _check_orders(self, chosen):
        for order, lines in chosen.grouped("order_id").items():
            if len(lines) > 1 or order.shopify_order_id:
                raise UserError(
                    self.env._(
                        "%(order)s can be linked with one order of Shopify only; it is chosen for %(references)s.",
                        order=order.name,
                        references=", ".join([*lines.mapped("order_ref"), order.shopify_order_name or ""]).strip(", "),
                    )
                )

    def _reopen(self):
        return self._get_records_action(
            name=self.env._("Take Over"), target="new", context={"dialog_size": "extra-large"}
        )


class ShopifyTakeoverLine(models.TransientModel):
    """An order, a variant of a product, or a customer of the store, and what it is in Odoo."""

    _name = "shopify.takeover.line"
    _description = "Take Over Row"
    _order = "match, order_ref, id"

    takeover_id = fields.Many2one("shopify.takeover", required=True, ondelete="cascade")
    link = fields.Boolean()
    shopify_id = fields.Char(readonly=True)
    payload = fields.Text(readonly=True, groups="shopify_sync.group_manager")
    match = fields.Selection(
        [
            ("sure", "Found"),
            ("check", "To check"),
            ("ambiguous", "Several fit"),
            ("none", "Not in Odoo"),
            ("known", "Linked already"),
        ],
        required=True,
        readonly=True,
    )
    reason = fields.Char(readonly=True)
    found_by = fields.Char(readonly=True, help="By what the search found the record.")
    found_id = fields.Integer(readonly=True, help="The record that the search found; another one was chosen by hand.")
    # Orders
    order_ref = fields.Char(string="Shopify Order", readonly=True)
    date = fields.Datetime(readonly=True)
    total = fields.Float(digits=(16, 2), readonly=True)
    order_id = fields.Many2one("sale.order", string="Order in Odoo")
    # Variants and customers
    title = fields.Char(string="In Shopify", readonly=True)
    parent_ref = fields.Char(readonly=True, help="The variant's product in Shopify.")
    sku = fields.Char(string="SKU", readonly=True)
    barcode = fields.Char(readonly=True)
    product_id = fields.Many2one("product.product", string="Variant in Odoo")
    email = fields.Char(string="E-mail", readonly=True)
    phone = fields.Char(readonly=True)
    partner_id = fields.Many2one("res.partner", string="Contact in Odoo")
