"""Activities that the connector makes and takes away by itself."""

from odoo import fields, models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    shopify_cause = fields.Char(
        readonly=True, index="btree_not_null", help="What the connector asked for; it is closed when the cause is gone."
    )
