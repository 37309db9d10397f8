"""Checks of a store's records: products, locations, orders, stock."""

from datetime import timedelta

from odoo import api, fields, models

from .shopify_check import NAMES
from .store_checker import ERROR, INFO, WARNING

#: A proof or comparison older than this says nothing of today.
STALE = timedelta(days=2)
#: SKUs that are looked at, at most.
MANY = 500


class ShopifyStoreChecker(models.AbstractModel):
    _inherit = "shopify.store.checker"

    @api.model
    def _check_skus(self, store):
        """SKUs that are not one product: on either side they make the choice a guess."""
        products = self.env["product.product"]
        twice = products._read_group(
            [("default_code", "!=", False), ("company_id", "in", (False, store.company_id.id))],
            ["default_code"],
            ["__count"],
            having=[("__count", ">", 1)],
            limit=MANY,
        )
        if twice and store.product_match != "barcode":
            skus = [sku for sku, _count in twice]
            yield self._finding(
                "sku_odoo",
                WARNING,
                self.env._("SKUs that several products of Odoo have: %s", self._names(skus)),
                self.env._(
                    "An order line with such a SKU is refused, because Odoo cannot know which product is meant."
                ),
                len(skus),
                {"model": "product.product", "domain": [("default_code", "in", skus)]},
                self.env._("Open these products"),
            )
        variants = self.env["shopify.product.variant"]
        twice = variants._read_group(
            [("instance_id", "=", store.id), ("sku", "not in", (False, "")), ("exported", "=", True)],
            ["sku"],
            ["__count"],
            having=[("__count", ">", 1)],
            limit=MANY,
        )
        if twice:
            skus = [sku for sku, _count in twice]
            yield self._finding(
                "sku_shopify",
                WARNING,
                self.env._("SKUs that several variants in Shopify have: %s", self._names(skus)),
                self.env._("They all are one product in Odoo, and each shows its whole stock."),
                len(skus),
                {
                    "action": "shopify_sync.shopify_product_variant_action",
                    "domain": [("instance_id", "=", store.id), ("sku", "in", skus)],
                },
                self.env._("Open these variants"),
            )

    @api.model
    def _check_links(self, store):
        domain = [("instance_id", "=", store.id), ("exported", "=", True), ("product_id", "=", False)]
        count = self.env["shopify.product.variant"].search_count(domain)
        if count:
            yield self._finding(
                "not_linked",
                WARNING,
                self.env._("Variants of Shopify without a product of Odoo: %s", count),
                self.env._("Give the product its SKU, or match by hand; no stock is sent for them."),
                count,
                {"action": "shopify_sync.shopify_product_variant_action", "domain": domain},
                self.env._("Open these variants"),
            )

    @api.model
    def _check_archived(self, store):
        """Products that nobody sells in Odoo any more, and that the shop goes on selling."""
        domain = [("instance_id", "=", store.id), ("sold_archived", "=", True)]
        count = self.env["shopify.product"].search_count(domain)
        if count:
            some = self.env["shopify.product"].search(domain, limit=NAMES + 1)
            yield self._finding(
                "archived_sold",
                WARNING,
                self.env._("Products archived in Odoo that Shopify goes on selling: %s", count),
                self.env._(
                    "%s. Unpublish them, or archive them in Shopify; Odoo does not change Shopify by itself.",
                    self._names(some.mapped("title")),
                ),
                count,
                {"action": "shopify_sync.shopify_product_action", "domain": domain},
                self.env._("Open these products"),
            )

    @api.model
    def _check_locations(self, store):
        locations = self.env["shopify.location"].search([("instance_id", "=", store.id)])
        label = self.env._("Open the locations")

        def fix(found):
            return {"action": "shopify_sync.shopify_location_action", "domain": [("id", "in", found.ids)]}

        without = locations.filtered(lambda one: not one.warehouse_id and one.kind == "merchant")
        if without:
            yield self._finding(
                "location_warehouse",
                INFO,
                self.env._("Locations without a warehouse: %s", self._names(without.mapped("name"))),
                self.env._("Orders shipped from there use the warehouse of the store."),
                len(without),
                fix(without),
                label,
            )
        exported = locations.filtered(
            lambda one: one.kind == "merchant" and not one.stock_to_check and one.export_warehouse_ids
        )
        for warehouse in exported.export_warehouse_ids:
            sharing = exported.filtered(lambda one, warehouse=warehouse: warehouse in one.export_warehouse_ids)
            if len(sharing) > 1:
                yield self._finding(
                    "location_shared",
                    WARNING,
                    self.env._(
                        "The stock of %(warehouse)s is offered at several locations: %(locations)s",
                        warehouse=warehouse.name,
                        locations=self._names(sharing.mapped("name")),
                    ),
                    self.env._("Each shows it in full, so that it can be sold twice."),
                    len(sharing),
                    fix(sharing),
                    label,
                )
        to_check = locations.filtered(lambda one: one.stock_to_check and one.kind == "merchant")
        if to_check:
            yield self._finding(
                "location_to_check",
                INFO,
                self.env._("Export warehouses are only suggested at: %s", self._names(to_check.mapped("name"))),
                self.env._("No stock is sent there before a person saves them."),
                len(to_check),
                fix(to_check),
                label,
            )

    @api.model
    def _check_completeness(self, store):
        """Orders that Shopify has and Odoo does not, as the daily proof counted them."""
        run = self._last_run(store, "completeness")
        proofs = self.env["shopify.instance"]._recent_proofs(store) | self._proofs_of_check(store)
        if not run and store.state == "connected":
            yield self._finding(
                "completeness_unknown",
                INFO,
                self.env._("Nobody has proved for two days that all orders of Shopify are in Odoo."),
                self.env._("Run Prove Completeness, or switch its schedule on."),
                fix=self._operation(store, "completeness"),
                fix_label=self.env._("Prove it now"),
            )
        open_days = proofs.filtered(lambda proof: proof.state == "open")
        missing = open_days.line_ids.filtered(lambda line: line.kind == "missing")
        if open_days:
            yield self._finding(
                "completeness",
                ERROR,
                self.env._("Orders of Shopify that are missing in Odoo: %s", len(missing))
                if missing
                else self.env._("Days whose sums differ from Shopify: %s", len(open_days)),
                self.env._("Each day lists its orders and has a button that queues them again."),
                len(missing) or len(open_days),
                {"action": "shopify_sync.shopify_proof_action", "domain": [("id", "in", open_days.ids)]},
                self.env._("Open these days"),
            )

    @api.model
    def _proofs_of_check(self, store):
        """Days that a person chose for the check, and that are counted no more by themselves."""
        return self.env["shopify.proof"].search(
            [
                ("instance_id", "=", store.id),
                ("run_id.operation", "=", "health"),
                ("checked_at", ">=", fields.Datetime.now() - STALE),
            ]
        )

    @api.model
    def _check_stock(self, store):
        if not store.stock_confirmed_at:
            return
        failed = self.env["shopify.queue.line"].search_count(
            [("instance_id", "=", store.id), ("kind", "=", "stock_export"), ("state", "=", "failed")]
        )
        if failed:
            yield self._finding(
                "stock_failed",
                ERROR,
                self.env._("Stock levels that could not be sent: %s", failed),
                self.env._("Shopify shows an old quantity there. Each line says why."),
                failed,
                {
                    "action": "shopify_sync.shopify_queue_line_action",
                    "domain": [("instance_id", "=", store.id), ("kind", "=", "stock_export"), ("state", "=", "failed")],
                },
                self.env._("Open these lines"),
            )
        run = self._last_run(store, "stock_compare")
        if not run:
            yield self._finding(
                "stock_unknown",
                WARNING,
                self.env._("The stock in Shopify was not compared with Odoo for two days."),
                self.env._("Run Compare All Stock, or switch its schedule on."),
                fix=self._operation(store, "stock_compare"),
                fix_label=self.env._("Compare now"),
            )
        elif run.queued_count:
            yield self._finding(
                "stock_differs",
                INFO,
                self.env._("Stock levels that differed when they were last compared: %s", run.queued_count),
                self.env._(
                    "They were sent again. Many of them each day mean that something else changes stock in Shopify."
                ),
                run.queued_count,
                {"action": "shopify_sync.shopify_stock_level_action", "domain": [("instance_id", "=", store.id)]},
                self.env._("Stock in Shopify"),
            )

    @api.model
    def _last_run(self, store, operation):
        """The last run of an operation that ended well and is not stale."""
        return self.env["shopify.run"].search(
            [
                ("instance_id", "=", store.id),
                ("operation", "=", operation),
                ("state", "=", "done"),
                ("finished_at", ">=", fields.Datetime.now() - STALE),
            ],
            order="id desc",
            limit=1,
        )

    @api.model
    def _operation(self, store, operation):
        """The dialog of an operation, ready to execute."""
        context = {"default_instance_id": store.id, "default_operation": operation}
        return {"action": "shopify_sync.shopify_operation_action", "context": context}
