"""The link between a contact, a store and a Shopify customer."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..mapping import differing, is_empty


class ShopifyCustomer(models.Model):
    """A customer of a store. Two customers of one store may share one contact; both links stay. Of a customer who is
    gone in Shopify, deleted or merged into another one, the link is archived."""

    _name = "shopify.customer"
    _description = "Shopify Customer"
    _order = "instance_id, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", required=True, ondelete="restrict", index=True)
    instance_id = fields.Many2one("shopify.instance", required=True, ondelete="restrict", index=True)
    company_id = fields.Many2one(related="instance_id.company_id", store=True, index=True)
    shopify_id = fields.Char(string="Shopify Id", required=True, index=True)
    email = fields.Char()
    phone = fields.Char()
    tags = fields.Char()
    state = fields.Char(string="Account State")
    shopify_updated_at = fields.Datetime(string="Last Change in Shopify")
    matched_by = fields.Selection(
        [
            ("email", "E-mail"),
            ("phone", "Phone"),
            ("created", "Created"),
            ("exported", "Sent from Odoo"),
            ("hand", "By hand"),
        ],
        readonly=True,
        string="Matched How",
    )
    source = fields.Selection(
        [
            ("order", "Order import"),
            ("customer", "Customer import"),
            ("export", "Export from Odoo"),
            ("takeover", "Take-over"),
        ],
        string="Linked By",
        readonly=True,
        index=True,
    )
    sent_at = fields.Datetime(string="Last Sent", readonly=True, help="When the contact was last sent to Shopify.")
    merged_into_ref = fields.Char(
        string="Merged Into", readonly=True, help="Id of the customer who was kept in Shopify."
    )
    written_values = fields.Json(help="What the connector last wrote into the contact, or sent from it, by field.")
    seen_values = fields.Json(help="What Shopify last had, by field, as Odoo would hold it.")
    differs = fields.Char(
        string="Differs In",
        compute="_compute_differs",
        help="Fields in which the contact is not what Shopify has: changed by a person in Odoo.",
    )
    may_write_contact = fields.Boolean(
        compute="_compute_may_write_contact", help="Whoever looks may change the contact."
    )
    active = fields.Boolean(default=True)

    _shopify_id_unique = models.UniqueIndex(
        "(instance_id, shopify_id)", "This customer of the store is linked already."
    )

    @api.depends("seen_values", "partner_id")
    def _compute_differs(self):
        resolver = self.env["shopify.resolve.customer"]
        labels = {
            "name": self.env._("name"),
            "email": self.env._("e-mail"),
            "phone": self.env._("phone"),
            "address": self.env._("address"),
        }
        for link in self:
            names = differing(resolver._values_of(link.partner_id), link.seen_values or {})
            link.differs = ", ".join(labels[name] for name in names) or False

    @api.depends("partner_id")
    @api.depends_context("uid")
    def _compute_may_write_contact(self):
        # not as the addon, which may write every contact
        may = self.partner_id.sudo(False)._filtered_access("write")
        for link in self:
            link.may_write_contact = link.partner_id in may

    def action_open_shopify(self):
        self.ensure_one()
        return self.instance_id._open_in_shopify("Customer", self.shopify_id)

    def action_take_shopify(self):
        """Write what Shopify last had into the contact, also where a person has changed it."""
        resolver = self.env["shopify.resolve.customer"]
        for link in self:
            if not link.seen_values:
                raise UserError(
                    self.env._(
                        "Nothing is known yet of what Shopify has. Import the customer first (Shopify Operations, Import "
                        "specific customers)."
                    )
                )
            link.partner_id.check_access("write")
            current = resolver._values_of(link.partner_id)
            values = {
                name: link.seen_values[name]
                for name in differing(current, link.seen_values)
                if not is_empty(link.seen_values[name])
            }
            link.partner_id.write(resolver._vals_of(values))
            # the link is the addon's; who may write the contact settles whose value holds
            link.sudo().written_values = {**(link.written_values or {}), **values}

    def action_export(self):
        """Open the dialog that sends the contact."""
        return self.partner_id._shopify_open_export(self.instance_id[:1])

    def _erase(self):
        """Remove personal data at the request of Shopify; the link stays, so that the customer is not made anew."""
        self.write({"email": False, "phone": False, "tags": False, "written_values": False, "seen_values": False})

    @api.model
    def _note_deleted(self, instance, shopify_id):
        """A customer is gone in Shopify: his link is archived, the contact stays.

        :return: what was done, in words
        """
        link = self.search([("instance_id", "=", instance.id), ("shopify_id", "=", shopify_id)])
        if not link:
            return self.env._("The customer was deleted in Shopify; Odoo has no link to him.")
        link.active = False
        return self.env._("The customer was deleted in Shopify. His link is archived; the contact stays.")

    @api.model
    def _note_merged(self, instance, gone_id, kept_id):
        """Two customers became one in Shopify: the link of the one that is kept points to the same contact.

        :return: what was done, in words
        """
        links = self.env["shopify.resolve.customer"]._links(instance, [gone_id, kept_id])
        gone, kept = links.get(gone_id), links.get(kept_id)
        if not gone:
            return self.env._("Customers were merged in Shopify; Odoo has no link to the one that is gone.")
        gone.write({"active": False, "merged_into_ref": kept_id})
        if not kept:
            gone.copy(
                {"shopify_id": kept_id, "active": True, "merged_into_ref": False, "written_values": gone.written_values,
                 "shopify_updated_at": False}
            )  # fmt: skip
            return self.env._("Merged in Shopify: the customer who is kept is linked with the same contact.")
        if kept.partner_id != gone.partner_id:
            self._warn_of_merge(instance, gone, kept)
        return self.env._("Merged in Shopify: the link of the customer who is gone is archived.")

    @api.model
    def _warn_of_merge(self, instance, gone, kept):
        """Both have a contact of their own: only a person can say whether they are one in the books, too."""
        self.env["shopify.log.line"]._log(
            instance,
            [
                {
                    "process": self.env._("Customers"),
                    "severity": "warning",
                    "cause": "customers_merged",
                    "message": self.env._(
                        "Two customers were merged in Shopify, but Odoo has a contact for each: %(gone)s and %(kept)s. "
                        "New orders go to %(kept)s. Merge the contacts in Odoo if they are one person.",
                        gone=gone.partner_id.display_name,
                        kept=kept.partner_id.display_name,
                    ),
                    "record_key": f"customer:{gone.shopify_id}",
                    "fix_action": "customer",
                    "fix_context": {"res_id": gone.partner_id.id},
                }
            ],
        )
