"""Scheduled jobs of a store."""

from odoo import fields, models


class IrCron(models.Model):
    _inherit = "ir.cron"

    shopify_instance_id = fields.Many2one(
        "shopify.instance", string="Shopify Store", index="btree_not_null", ondelete="cascade", readonly=True
    )
    shopify_operation = fields.Char(readonly=True, help="What the job does for the store.")

    _shopify_job_unique = models.UniqueIndex(
        "(shopify_instance_id, shopify_operation) WHERE shopify_instance_id IS NOT NULL",
        "This scheduled job of the store exists already.",
    )
