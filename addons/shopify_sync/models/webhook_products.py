"""Products that webhooks say have changed: read again as they are now, and queued when they differ."""

from odoo import api, fields, models

from ..mapping.reading import legacy_id
from ..shopify_api.webhooks import TOPICS
from .handler_product_fetch import PAGE_PRODUCTS

#: A queue of webhook products takes more of them for so long (hours).
QUEUE_HOURS = 24


class ShopifyWebhookProcessor(models.AbstractModel):
    _inherit = "shopify.webhook.processor"

    @api.model
    def _action_of(self, name):
        return "_look_at_products" if TOPICS[name].group == "products" else super()._action_of(name)

    @api.model
    def _look_at_products(self, instance, events):
        """Read the products that events name, many in one request. Shopify sends such an event with every sale, too:
        what has not changed ends here."""
        by_product = {}
        for event in events:
            by_product.setdefault(event["shopify_id"], []).append(event)
        nameless = by_product.pop(None, []) + by_product.pop(False, [])
        if nameless:
            ids = [event["id"] for event in nameless]
            self._end(instance, ids, "failed", self.env._("The delivery names no product."))
        wanted = list(by_product)
        for start in range(0, len(wanted), PAGE_PRODUCTS):
            part = wanted[start : start + PAGE_PRODUCTS]
            records, unknown = self.env["shopify.handler.product"]._fetch_ids(instance, part)
            self._store_products(instance, {ident: by_product[ident] for ident in part}, records, unknown)

    @api.model
    def _store_products(self, instance, by_product, records, unknown):
        """Queue what changed and end the events, in one transaction."""

        def work(env):
            store = env["shopify.instance"].browse(instance.id)
            gone = env["shopify.product"]._archive_gone(store, unknown)
            lines = env["shopify.handler.product"]._store_looked(store, records)
            for ident, events in by_product.items():
                claimed = self._claim(env, events)
                if ident in unknown:
                    text = env._("Deleted in Shopify; archived in the layer.") if ident in gone else ""
                    claimed._set_ignored(
                        text or env._("Shopify does not show this product, and Odoo does not have it.")
                    )
                elif ident in lines:
                    claimed._set_processed(env._("Product %s was queued.", lines[ident].reference), lines[ident])
                else:
                    claimed._set_ignored(env._("Nothing of this product has changed, or it is not imported."))
            if lines:
                store._trigger_processing()
            return env["shopify.queue.line"].union(*lines.values()).queue_id.ids

        queue_ids = self.env["shopify.run.starter"]._in_own_transaction(instance, work)
        self.env["shopify.runner"]._refresh_queues(instance, queue_ids)


class ShopifyHandlerProduct(models.AbstractModel):
    _inherit = "shopify.handler.product"

    @api.model
    def _store_looked(self, instance, records):
        """Queue the products that are not what the layer has.

        :return: {Shopify id: queue line}
        """
        found = {legacy_id(product["id"]): product for product in records}
        wanted = self._without_unwanted(instance, found, {}, "webhook")
        lines = {line.shopify_id: line for line in self._renew_waiting(instance, wanted, "webhook")}
        values = [self._prepare_line(product) for product in wanted.values()]
        queue = self.env["shopify.queue"].search(
            [
                ("instance_id", "=", instance.id),
                ("kind", "=", "product"),
                ("source", "=", "webhook"),
                ("create_date", ">", fields.Datetime.subtract(fields.Datetime.now(), hours=QUEUE_HOURS)),
            ],
            limit=1,
        )
        made = self._fill_queues(instance, "product", values, "webhook", queue)
        return {**lines, **{line.shopify_id: line for line in made}}
