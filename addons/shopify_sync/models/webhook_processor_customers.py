"""Webhook events of customers: changed ones are read again and queued, deleted and merged ones settle their links."""

from datetime import timedelta

from odoo import api, fields, models

from ..shopify_api import webhooks
from .handler_order_webhook import QUEUE_HOURS


class ShopifyWebhookProcessor(models.AbstractModel):
    _inherit = "shopify.webhook.processor"

    @api.model
    def _look_at_customers(self, instance, events):
        """Read the customers that events name, many in one request, and queue those that changed."""
        nameless = [event["id"] for event in events if not event["shopify_id"]]
        if nameless:
            self._end(
                instance,
                nameless,
                "failed",
                self.env._("The delivery names no customer. The next import of customers finds what it was about."),
            )
        gone = [event for event in events if event["topic"] == "customers/delete" and event["shopify_id"]]
        merged = [event for event in events if event["topic"] == "customers/merge" and event["shopify_id"]]
        self._settle_links(instance, gone, merged)
        by_customer = {}
        for event in events:
            if event["shopify_id"] and event not in gone and event not in merged:
                by_customer.setdefault(event["shopify_id"], []).append(event)
        wanted = list(by_customer)
        records, unknown = self.env["shopify.handler.customer"]._fetch_ids(instance, wanted)
        self._store_customers(instance, by_customer, records, set(unknown))

    @api.model
    def _settle_links(self, instance, gone, merged):
        """Archive the links of customers who are gone, and point those of the others to the same contacts."""
        if not gone and not merged:
            return

        def work(env):
            store = env["shopify.instance"].browse(instance.id)
            links = env["shopify.customer"]
            for event in self._claim(env, gone):
                event._set_processed(links._note_deleted(store, event.shopify_id))
            for event in self._claim(env, merged):
                other = webhooks.merged_away(event.body or "")
                if other:
                    event._set_processed(links._note_merged(store, other, event.shopify_id))
                else:
                    event._set_ignored(env._("Shopify has not merged the customers."))

        self.env["shopify.run.starter"]._in_own_transaction(instance, work)

    @api.model
    def _store_customers(self, instance, by_customer, records, unknown):
        """Queue what changed and end the events, in one transaction."""
        if not by_customer:
            return

        def work(env):
            store = env["shopify.instance"].browse(instance.id)
            handler = env["shopify.handler.customer"]
            queued, _left = handler._queue(store, records, "webhook", self._open_customer_queue(env, store))
            for ident, events in by_customer.items():
                claimed = self._claim(env, events)
                line = queued.get(ident)
                if line:
                    claimed._set_processed(env._("Customer %s was queued.", line.reference), line)
                elif ident in unknown:
                    claimed._set_ignored(env._("Shopify does not show this customer: it was deleted or merged."))
                else:
                    claimed._set_ignored(env._("Odoo has this state of the customer."))
            if queued:
                store._trigger_processing()
            return [line.queue_id.id for line in queued.values()]

        queue_ids = self.env["shopify.run.starter"]._in_own_transaction(instance, work)
        self.env["shopify.runner"]._refresh_queues(instance, queue_ids)

    @api.model
    def _open_customer_queue(self, env, store):
        """The queue that takes more customers of webhooks: not one queue a customer."""
        since = fields.Datetime.now() - timedelta(hours=QUEUE_HOURS)
        queue = env["shopify.queue"].search(
            [
                ("instance_id", "=", store.id),
                ("kind", "=", "customer"),
                ("source", "=", "webhook"),
                ("create_date", ">", since),
            ],
            limit=1,
        )
        return queue if len(queue.line_ids) < store.queue_size_customer else queue.browse()
