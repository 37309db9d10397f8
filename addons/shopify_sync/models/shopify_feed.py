"""How far each operation of a store has read."""

from odoo import api, fields, models

from .operations import OPERATIONS


class ShopifyFeed(models.Model):
    """The last change that an operation has stored, by Shopify's own clock (UTC).

    It moves only in the transaction that stored the lines, so a stop anywhere loses nothing.
    """

    _name = "shopify.feed"
    _description = "Shopify Last Date"
    _order = "instance_id, operation"

    instance_id = fields.Many2one("shopify.instance", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="instance_id.company_id", store=True, index=True)
    operation = fields.Selection(
        selection=lambda self: [(key, self.env._(op.label)) for key, op in OPERATIONS.items() if op.reads_range],
        required=True,
    )
    last_date = fields.Datetime(
        help="Changes up to this time are stored. An earlier date reads them again; nothing is imported twice."
    )

    _operation_unique = models.UniqueIndex("(instance_id, operation)", "Each operation has one last date per store.")

    @api.model
    def _of(self, instance, operation):
        """The feed of an operation, made when missing."""
        feed = self.search([("instance_id", "=", instance.id), ("operation", "=", operation)])
        return feed or self.create({"instance_id": instance.id, "operation": operation})

    @api.model
    def _complete(self, instances):
        """Give stores the feeds they lack, so that a date can be set before an operation has run for the first time."""
        known = {(feed.instance_id.id, feed.operation) for feed in self.search([("instance_id", "in", instances.ids)])}
        wanted = [key for key, operation in OPERATIONS.items() if operation.reads_range]
        # whoever connects a store; a feed without a date says nothing
        self.sudo().create(
            [
                {"instance_id": instance.id, "operation": key}
                for instance in instances
                for key in wanted
                if (instance.id, key) not in known
            ]
        )

    def action_reset(self):
        """Read again from the store's import-after date."""
        self.last_date = False
