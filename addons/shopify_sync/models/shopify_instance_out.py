"""Whether a store may be written to, and what waits to go out."""

from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from odoo import fields, models
from odoo.exceptions import UserError

from .operations import OUTGOING


class ShopifyInstance(models.Model):
    _inherit = "shopify.instance"

    outgoing_count = fields.Integer(string="Waiting to Go Out", compute="_compute_outgoing_count")

    def _compute_outgoing_count(self):
        counts = dict(
            self.env["shopify.queue.line"]._read_group(
                [("instance_id", "in", self.ids), ("kind", "in", list(OUTGOING)), ("state", "in", ("draft", "failed"))],
                ["instance_id"],
                ["__count"],
            )
        )
        for instance in self:
            instance.outgoing_count = counts.get(instance, 0)

    def _check_may_write(self, function):
        """Whether something may be sent to the store.

        :param function: key of `shopify_api.scopes.FUNCTIONS`
        :raises UserError: a neutralised copy, a store that is not connected, a missing permission, each in words
        """
        self.ensure_one()
        connection = self.env["shopify.connection"]
        if connection._is_a_copy():
            raise UserError(connection._copy_text())
        if not self.active or self.state == "draft":
            raise UserError(self.env._("%s is not connected: nothing can be sent to it.", self.name))
        scope = self.scope_ids.filtered(lambda row: row.function == function)
        if scope and not scope.works:
            raise UserError(
                self.env._(
                    "%(store)s: '%(function)s' needs the permission %(missing)s. Add it to the app's version in Shopify's "
                    "Dev Dashboard, release the version, update the app on the store, then use Check Connection.",
                    store=self.name,
                    function=scope.name,
                    missing=scope.missing,
                )
            )

    def _check_store_credit_end(self, day):
        """Whether store credit may end with a day.

        :raises UserError: the day is over in the store's time zone
        """
        if day < self._local_date(fields.Datetime.now()):
            raise UserError(self.env._("Store credit cannot end on %s: the day is over.", day))

    def _store_credit_end(self, day):
        """The moment at which a day ends in the store's time zone, as Shopify reads it."""
        zone = ZoneInfo(self.shop_tz or "UTC")
        end = datetime.combine(day + timedelta(days=1), time(), zone)
        return end.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")

    def action_view_outgoing(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_outgoing_action")
        return {**action, "domain": [("kind", "in", list(OUTGOING)), ("instance_id", "in", self.ids)]}
