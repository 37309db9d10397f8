"""Archiving a store switches off what moves and hides its records; activating brings all of it back as it was."""

from odoo import fields, models
from odoo.exceptions import UserError

from .. import shopify_api
from .spoken import spoken

#: What is archived with its store.
WITH_STORE = (
    "shopify.product.variant",
    "shopify.product",
    "shopify.financial.status",
    "shopify.payment.gateway",
)


class ShopifyInstance(models.Model):
    _inherit = "shopify.instance"

    active = fields.Boolean(
        readonly=True, help="Archived stores do nothing. Use the buttons Archive and Activate: they say what happens."
    )
    archived_with = fields.Json(
        copy=False,
        readonly=True,
        help="What was on when the store was archived, and what had been archived before it.",
    )

    def write(self, vals):
        gone = self.filtered("active") if "active" in vals and not vals["active"] else self.browse()
        back = self.filtered(lambda store: not store.active) if vals.get("active") else self.browse()
        result = super().write(vals)
        for store in gone:
            store._switch_off()
        for store in back:
            store._switch_on()
        return result

    def _switch_off(self):
        """Schedules off, records archived. What was off or archived before is remembered, so that it stays so."""
        self.ensure_one()
        # whoever may archive the store archives what belongs to it
        store = self.sudo()
        jobs = store.cron_ids.filtered("active")
        remembered = {"schedules": jobs.mapped("shopify_operation")}
        # one that is running now cannot be changed; it switches itself off when it next finds its store archived
        jobs.try_lock_for_update(allow_referencing=True).active = False
        for model in WITH_STORE:
            records = store.env[model].with_context(active_test=False, shopify_alike=True, tracking_disable=True)
            records = records.search([("instance_id", "=", store.id)])
            archived = records.filtered(lambda record: not record.active)
            remembered[model] = archived.ids
            (records - archived).active = False
        store.archived_with = remembered

    def _switch_on(self):
        """Everything that archiving switched off comes back as it was."""
        self.ensure_one()
        # whoever may activate the store brings back what belongs to it
        store = self.sudo()
        remembered = store.archived_with or {}
        for model in reversed(WITH_STORE):
            records = store.env[model].with_context(active_test=False, shopify_alike=True, tracking_disable=True)
            before = remembered.get(model, [])
            records.search(
                [("instance_id", "=", store.id), ("active", "=", False), ("id", "not in", before)]
            ).active = True
        store.archived_with = False
        if not self.env["shopify.connection"]._is_a_copy():
            on = remembered.get("schedules", [])
            jobs = store.cron_ids.filtered(lambda job: job.shopify_operation in on and not job.active)
            jobs.write({"active": True, "nextcall": fields.Datetime.now()})

    def action_unarchive(self):
        """Activate stores whose sign-in works.

        :raises UserError: Shopify refuses the sign-in, and why; the store stays archived
        """
        for store in self.filtered(lambda store: not store.active):
            try:
                store._read_shop()
            except shopify_api.ShopifyError as error:
                raise UserError(
                    self.env._(
                        "%(store)s stays archived: %(problem)s Use Reset Credentials, then activate it again.",
                        store=store.name,
                        problem=spoken(self.env, error.words),
                    )
                ) from error
        return super().action_unarchive()

    def _archive_effects(self):
        """(what, how many, what happens to it) of archiving or activating the store, in words."""
        self.ensure_one()
        # counts of the store's own records, for its manager
        store = self.sudo()

        def count(model, *domain):
            records = store.env[model].with_context(active_test=False)
            return records.search_count([("instance_id", "=", store.id), *domain])

        on = store.active
        remembered = store.archived_with or {}
        jobs = store.cron_ids.filtered("active").mapped("shopify_operation") if on else remembered.get("schedules", [])

        def hidden(model):
            if on:
                return count(model, ("active", "=", True))
            return count(model, ("active", "=", False), ("id", "not in", remembered.get(model, [])))

        drafts = count("shopify.queue.line", ("state", "=", "draft"))
        active = store.webhook_ids.filtered(lambda row: row.state == "active")
        topics = len(active) if on else len([row for row in store.webhook_ids if row.enabled]) * bool(store.webhook_on)
        return [
            (
                self.env._("Scheduled jobs"),
                len(jobs),
                self.env._("switched off") if on else self.env._("on again, as they were"),
            ),
            (
                self.env._("Webhook subscriptions"),
                topics,
                self.env._("removed in Shopify; tried again for a day when it cannot be reached")
                if on
                else self.env._("subscribed again in Shopify"),
            ),
            (self.env._("Products of the layer"), hidden("shopify.product"), self._hidden_text(on)),
            (self.env._("Variants of the layer"), hidden("shopify.product.variant"), self._hidden_text(on)),
            (self.env._("Payment gateways"), hidden("shopify.payment.gateway"), self._hidden_text(on)),
            (self.env._("Financial status lines"), hidden("shopify.financial.status"), self._hidden_text(on)),
            (
                self.env._("Records waiting in queues"),
                drafts,
                self.env._("kept, and paused") if on else self.env._("processed again"),
            ),
        ]

    def _hidden_text(self, on):
        return self.env._("archived") if on else self.env._("active again, as they were")
