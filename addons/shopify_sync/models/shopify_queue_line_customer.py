"""Queue lines of customers: what only they have."""

import json

from odoo import fields, models
from odoo.exceptions import UserError


class ShopifyQueueLine(models.Model):
    _inherit = "shopify.queue.line"

    link_ref = fields.Char(
        string="Exists in Shopify",
        readonly=True,
        copy=False,
        help="Id of the record that Shopify has already and that can be linked instead.",
    )

    def action_link_existing(self):
        """Link the contact with the customer that Shopify has already; nothing is changed in Shopify."""
        self.ensure_one()
        if self.kind != "customer_export" or self.state != "failed" or not self.link_ref:
            raise UserError(self.env._("There is nothing to link."))
        self.check_access("read")
        # a user may process lines; the raw data stay hidden from him
        line = self.sudo()
        line.payload = json.dumps({**json.loads(line.payload or "{}"), "link_existing": True})
        return self.action_process()

    def action_open_shopify(self):
        self.ensure_one()
        if self.kind == "customer_export" and not self.shopify_id.isdigit():
            if self.link_ref:
                return self.instance_id._open_in_shopify("Customer", self.link_ref)
            raise UserError(self.env._("%s is not in Shopify yet.", self.reference))
        return super().action_open_shopify()
