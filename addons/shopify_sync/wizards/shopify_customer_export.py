"""Dialog: send contacts to a store."""

from odoo import api, fields, models
from odoo.exceptions import UserError

#: So many contacts are named in the dialog with the reason why they are left out.
SHOWN = 20


class ShopifyCustomerExport(models.TransientModel):
    """Sends the contacts selected: new ones are created in Shopify, linked ones get what was changed in Odoo."""

    _name = "shopify.customer.export"
    _description = "Send Contacts to Shopify"

    instance_id = fields.Many2one(
        "shopify.instance",
        string="Store",
        required=True,
        default=lambda self: self._default_instance(),
        domain=[("state", "!=", "draft")],
    )
    partner_ids = fields.Many2many(
        "res.partner",
        relation="shopify_customer_export_partner_rel",
        string="Contacts",
        readonly=True,
        default=lambda self: self._default_partners(),
        context={"active_test": False},
    )
    link_existing = fields.Boolean(
        string="Link Those That Shopify Has Already",
        help="A customer who has the same e-mail or phone in Shopify is linked with the contact; nothing is changed there. "
        "Off: such a contact is listed for you to decide.",
    )
    create_count = fields.Integer(string="Created in Shopify", compute="_compute_plan")
    update_count = fields.Integer(string="Updated in Shopify", compute="_compute_plan")
    left_out = fields.Text(compute="_compute_plan")

    @api.model
    def _default_instance(self):
        stores = self.env["shopify.instance"].search([("state", "!=", "draft")], limit=2)
        return stores if len(stores) == 1 else stores.browse()

    @api.model
    def _default_partners(self):
        if self.env.context.get("active_model") != "res.partner":
            return False
        return self.env["res.partner"].browse(self.env.context.get("active_ids") or [])

    def _plan(self):
        """(contacts to create, contacts to update, [(contact left out, reason)])"""
        self.ensure_one()
        instance = self.instance_id
        partners = self.partner_ids._origin  # a dialog that is not saved yet shows them, too
        links = instance._customer_links(partners) if instance else {}
        left = [(partner, partner._shopify_export_problem(instance)) for partner in partners]
        left = [(partner, reason) for partner, reason in left if reason]
        fit = partners - self.env["res.partner"].union(*(partner for partner, _why in left))
        known = fit.filtered(lambda partner: partner in links)
        return fit - known, known, left

    @api.depends("instance_id", "partner_ids")
    def _compute_plan(self):
        for wizard in self:
            new, known, left = wizard._plan() if wizard.instance_id else (wizard.partner_ids[:0],) * 2 + ([],)
            wizard.create_count, wizard.update_count = len(new), len(known)
            rows = [f"{partner.display_name}: {reason}" for partner, reason in left[:SHOWN]]
            if len(left) > SHOWN:
                rows.append(self.env._("and %s more", len(left) - SHOWN))
            wizard.left_out = "\n".join(rows) or False

    def action_export(self):
        """Store what is to be sent, then send as much as one request may; the rest goes on in the background."""
        self.ensure_one()
        self.instance_id._check_may_write("customers_out")
        new, known, _left = self._plan()
        wanted = new + known
        wanted.check_access("read")
        if not wanted:
            raise UserError(self.env._("None of these contacts can be sent."))
        waiting = self._waiting(wanted)
        lines = self.env["shopify.handler.customer.export"]._enqueue(
            self.instance_id, wanted - waiting, self.link_existing
        )
        if not lines:
            raise UserError(self.env._("These contacts are on their way to Shopify already. Wait for the result."))
        notice = lines._process_by_hand()
        return lines._sent_notice() if len(lines) == 1 else notice

    def _waiting(self, partners):
        """Contacts that are on their way already."""
        lines = self.env["shopify.queue.line"].search(
            [
                ("instance_id", "=", self.instance_id.id),
                ("kind", "=", "customer_export"),
                ("state", "=", "draft"),
                ("res_id", "in", partners.ids),
            ]
        )
        return partners.browse(lines.mapped("res_id"))
