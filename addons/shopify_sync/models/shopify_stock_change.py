"""Marks: this variant's stock may have changed in Odoo.

A transaction that moves stock notes the products in memory and writes one statement when it commits, for linked variants
only. Marks are only added and taken, never updated, so nobody waits for anybody. The job that takes a mark sees all that
its transaction has written.
"""

from functools import partial

from odoo import api, fields, models
from odoo.tools import SQL

_NOTED = "shopify_stock_change"


class ShopifyStockChange(models.Model):
    """A variant to look at again."""

    _name = "shopify.stock.change"
    _description = "Shopify Stock Change"
    _log_access = False
    _order = "id"

    instance_id = fields.Many2one("shopify.instance", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    variant_id = fields.Many2one("shopify.product.variant", required=True, ondelete="cascade")

    @api.model
    def _note(self, product_ids=(), coming_ids=(), variant_ids=(), ordered_ids=(), queued=()):
        """What changes in this transaction; written in one statement when it commits.

        :param product_ids: products of which there is more or less, or more or less is reserved
        :param coming_ids: products of which only what is to come or to go has changed
        :param variant_ids: variants of the layer whose own rule or link has changed
        :param ordered_ids: products of quotations: Shopify takes them off itself, but not what they are made of, and not
            by the rule of the store
        :param queued: (store id, Shopify's variant id) of orders that wait in a queue, as above
        """
        if not (product_ids or coming_ids or variant_ids or ordered_ids or queued):
            return
        precommit = self.env.cr.precommit
        noted = precommit.data.get(_NOTED)
        if noted is None:
            noted = precommit.data[_NOTED] = (set(), set(), set(), set(), set())
            precommit.add(partial(self._write_noted, *noted))
        for kept, ids in zip(noted, (product_ids, coming_ids, variant_ids, ordered_ids, queued), strict=True):
            kept.update(ids)

    @api.model
    def _write_noted(self, present, coming, variants, ordered, queued):
        self.env.cr.precommit.data.pop(_NOTED, None)
        if queued:
            ordered = ordered | self._products_of(queued)
        self._mark(
            SQL(
                """(variant.product_id = ANY(%s) OR variant.id = ANY(%s)
                    OR store.stock_field = 'forecast' AND variant.product_id = ANY(%s)
                    OR store.stock_field <> 'on_hand' AND variant.product_id = ANY(%s))""",
                list(self._affected(present)),
                list(variants),
                list(self._affected(coming) if coming else ()),
                list(self._affected(self._with_parts(ordered)) if ordered else ()),
            )
        )

    @api.model
    def _products_of(self, queued):
        """Ids of the Odoo products of variants: {(store id, Shopify's variant id)}."""
        stores, refs = (list(column) for column in zip(*queued, strict=True))
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT variant.product_id
                     FROM unnest(%s::int[], %s::varchar[]) AS waiting(store, ref)
                     JOIN shopify_product_variant variant
                       ON variant.instance_id = waiting.store AND variant.shopify_id = waiting.ref
                    WHERE variant.product_id IS NOT NULL""",
                stores,
                refs,
            )
        )
        return {product for (product,) in rows}

    @api.model
    def _with_parts(self, product_ids):
        """The products, and what an order of them takes besides."""
        return product_ids

    @api.model
    def _affected(self, product_ids):
        """The products whose quantity depends on these ones."""
        return product_ids

    @api.model
    def _mark(self, which):
        """Mark variants of stores whose export was confirmed, and wake the stores' jobs.

        :param which: SQL condition on `variant` and `store`
        """
        self.env["shopify.product.variant"].flush_model()
        self.env["shopify.instance"].flush_model(["stock_confirmed_at", "stock_field", "active"])
        self.env.cr.execute(
            SQL(
                """INSERT INTO shopify_stock_change (instance_id, company_id, variant_id)
                   SELECT variant.instance_id, variant.company_id, variant.id
                     FROM shopify_product_variant variant
                     JOIN shopify_instance store ON store.id = variant.instance_id
                    WHERE store.active AND store.stock_confirmed_at IS NOT NULL
                      AND variant.active AND variant.shopify_id IS NOT NULL AND variant.product_id IS NOT NULL
                      AND (variant.tracked OR variant.inventory_item_ref IS NULL) AND %s
                RETURNING instance_id""",
                which,
            )
        )
        stores = {row[0] for row in self.env.cr.fetchall()}
        # whoever moves stock wakes the job
        for store in self.env["shopify.instance"].sudo().browse(sorted(stores)):
            store._trigger(["stock_export"])

    @api.model
    def _take(self, instance, most):
        """Take marks of a store away.

        :return: variants to look at, at most `most` marks' worth
        """
        self.env.cr.execute(
            SQL(
                """DELETE FROM shopify_stock_change
                    WHERE id IN (SELECT id FROM shopify_stock_change WHERE instance_id = %s
                               ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
                RETURNING variant_id""",
                instance.id,
                most,
            )
        )
        return self.env["shopify.product.variant"].browse(sorted({row[0] for row in self.env.cr.fetchall()}))

    @api.autovacuum
    def _gc_repeated(self):
        """A store that exports nothing for long keeps one mark a variant: the newest."""
        self.env.cr.execute(
            SQL(
                """DELETE FROM shopify_stock_change older USING shopify_stock_change newer
                    WHERE newer.variant_id = older.variant_id AND newer.id > older.id"""
            )
        )
