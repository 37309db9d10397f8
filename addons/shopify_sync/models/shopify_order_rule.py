"""Rules of a store for orders by tag or sales channel."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..mapping import words


class ShopifyOrderRule(models.Model):
    """What is done with orders that carry a tag or come from a channel: leave out, tag, team, analytic account.

    All rules that fit are applied, in their order; a later one overrides an earlier one's team and analytic account.
    """

    _name = "shopify.order.rule"
    _description = "Shopify Order Rule"
    _order = "instance_id, sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    instance_id = fields.Many2one("shopify.instance", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="instance_id.company_id", store=True, index=True)
    tags = fields.Char(
        string="Order Tags",
        help="Comma separated; one of them is enough. Letter case does not count. Empty: any order.",
    )
    channels = fields.Char(
        string="Sales Channels",
        help="Comma separated names as on the order's Shopify tab, for example 'Online Store, Point of Sale'. Empty: any "
        "channel.",
    )
    skip = fields.Boolean(string="Leave Out", help="These orders are not imported; a log line says so.")
    tag_ids = fields.Many2many("crm.tag", string="Tags to Add")
    team_id = fields.Many2one("crm.team", string="Sales Team", check_company=True)
    analytic_account_id = fields.Many2one("account.analytic.account", check_company=True)

    @api.constrains("tags", "channels")
    def _check_condition(self):
        for rule in self:
            if not self._words(rule.tags) and not self._words(rule.channels):
                raise ValidationError(self.env._("%s: name at least one tag or sales channel.", rule.name))

    @api.model
    def _words(self, text):
        return set(words(text))

    def _fits(self, order):
        """Whether a rule fits a `mapping.Order`."""
        self.ensure_one()
        tags, channels = self._words(self.tags), self._words(self.channels)
        own = {tag.strip().casefold() for tag in order.tags}
        return (not tags or bool(tags & own)) and (not channels or order.channel.strip().casefold() in channels)

    @api.model
    def _of(self, instance, order):
        """The rules of a store that fit an order, in their order."""
        return instance.order_rule_ids.filtered(lambda rule: rule._fits(order))
