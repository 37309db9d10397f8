"""Metafields of orders and customers that come by themselves: noted with each import, read after it by a job of its own.

The import itself asks Shopify nothing and waits for nothing; a store that maps no metafield of orders or customers has no
query more.
"""

from odoo import api, fields, models

from .. import shopify_api
from .handler_metafield import PAGE_IDS
from .operations import LANES

#: Whose metafields follow a line, by its kind.
OWNER_OF = {**dict.fromkeys(LANES["orders"], "order"), **dict.fromkeys(LANES["customers"], "customer")}
#: Shopify could not be asked: the next try, in seconds, when it does not say.
PAUSE = 120


class ShopifyQueueLine(models.Model):
    _inherit = "shopify.queue.line"

    metafields_due = fields.Boolean(help="The metafields of its record are still to be read.", copy=False)

    _metafields = models.Index("(instance_id, id) WHERE metafields_due IS TRUE")

    def _set_done(self, records=None, message=False):
        result = super()._set_done(records, message)
        self.env["shopify.handler.metafield"]._note_due(self)
        return result


class ShopifyHandlerMetafield(models.AbstractModel):
    _inherit = "shopify.handler.metafield"

    @api.model
    def _note_due(self, lines):
        """Note that the metafields of imported orders and customers are to be read."""
        mappings = self.env["shopify.metafield.mapping"]
        wanted = lines.browse()
        for instance, own in lines.grouped("instance_id").items():
            owners = mappings._owners_of(instance.id)
            if "customer" in owners:  # a new customer comes with his order
                owners = {*owners, "order"}
            wanted += own.filtered(lambda line, owners=owners: OWNER_OF.get(line.kind) in owners)
        if wanted:
            wanted.metafields_due = True
            self._wake()

    @api.model
    def _wake(self, at=None):
        # the wake-up is the addon's, whoever imports
        self.env.ref("shopify_sync.cron_metafields").sudo()._trigger(at)

    @api.model
    def _cron_follow(self):
        """Read the metafields that imports have noted, of every connected store."""
        stores = [
            store._for_jobs()
            for (store,) in self.env["shopify.queue.line"]._read_group([("metafields_due", "=", True)], ["instance_id"])
            if store.active and store.state == "connected"
        ]
        crons = self.env["ir.cron"]
        crons._commit_progress(remaining=len(stores))
        for store in stores:
            self._follow(store)
            if not crons._commit_progress(1):
                break

    @api.model
    def _follow(self, instance):
        """Read what is due of a store, up to 100 records a request; called without an open transaction."""
        own_transaction = self.env["shopify.run.starter"]._in_own_transaction
        while due := own_transaction(instance, lambda env: env[self._name]._due(env, instance.id)):
            found, problem = {}, ""
            try:
                for owner, (keys, ids) in due["owners"].items():
                    for start in range(0, len(ids), PAGE_IDS):
                        found.setdefault(owner, []).extend(
                            self._read(instance, owner, keys, ids[start : start + PAGE_IDS])
                        )
            except shopify_api.ShopifyError as error:
                if error.heals:
                    seconds = error.retry_after or PAUSE
                    at = fields.Datetime.add(fields.Datetime.now(), seconds=max(1, round(seconds)))
                    own_transaction(instance, lambda env, at=at: env[self._name]._wake(at))
                    return
                problem = error.message
            own_transaction(
                instance,
                lambda env, due=due, found=found, problem=problem: env[self._name]._keep(
                    env["shopify.instance"].browse(instance.id), due["lines"], found, problem
                ),
            )

    @api.model
    def _due(self, env, instance_id):
        """The next lines and the records behind them.

        :return: {"lines": {line id: when it was done}, "owners": {owner: (keys, Shopify ids)}}; nothing when none is due
        """
        lines = env["shopify.queue.line"].search(
            [("instance_id", "=", instance_id), ("metafields_due", "=", True)], order="id", limit=PAGE_IDS
        )
        if not lines:
            return None
        store = env["shopify.instance"].browse(instance_id)
        ids = {"order": set(), "customer": set()}
        for line in lines:
            ids[OWNER_OF[line.kind]].add(line.shopify_id)
        orders = env["sale.order"].search(
            [("shopify_instance_id", "=", instance_id), ("shopify_order_id", "in", list(ids["order"]))]
        )
        partners = orders.partner_id | orders.partner_id.commercial_partner_id
        customers = env["shopify.customer"].search(
            [("instance_id", "=", instance_id), ("partner_id", "in", partners.ids), ("shopify_id", "!=", False)]
        )
        ids["customer"].update(customers.mapped("shopify_id"))
        owners = {}
        for owner, found in ids.items():
            keys = sorted(".".join(key) for key in env["shopify.metafield.mapping"]._of(store, owner))
            if keys and found:
                owners[owner] = (keys, sorted(found))
        return {"lines": {line.id: line.done_at for line in lines}, "owners": owners}

    @api.model
    def _keep(self, instance, done_at, found, problem):
        """Write what was read; a line that was imported again meanwhile stays due."""
        for owner, records in found.items():
            self._bring_read(instance, owner, records)
        lines = self.env["shopify.queue.line"].browse(done_at).exists()
        lines.filtered(lambda line: line.done_at == done_at[line.id]).metafields_due = False
        if problem:
            text = self.env._(
                "Metafields of %(count)s orders or customers were not read: %(problem)s",
                count=len(lines),
                problem=problem,
            )
            self._log_notes(instance, [(f"metafields:{instance.id}", text)])
