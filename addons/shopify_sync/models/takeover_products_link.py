"""Linking ticked variants: the import's own work for products whose Odoo variants a person has confirmed."""

import time
from collections import defaultdict

from odoo import api, models

from .. import shopify_api
from ..mapping import Refusal
from ..mapping.product import read_product
from ..mapping.reading import legacy_id
from .handler_product_fetch import PAGE_PRODUCTS
from .product_matcher import Match
from .spoken import spoken

#: A person waits for it, and a web server for its worker.
SECONDS = 60.0


class ShopifyTakeoverProducts(models.AbstractModel):
    _inherit = "shopify.takeover.products"

    @api.model
    def _link(self, instance, rows):
        """Link chosen rows. Their products are read whole, a request of 20 and a transaction at a time.

        :return: (rows linked, {row: why it was not linked}, what stopped it in words or '')
        """
        own = instance._for_jobs()
        chosen, row_of = defaultdict(dict), {}
        for row in rows:
            how = row.found_by if row.product_id.id == row.found_id else "hand"
            chosen[row.parent_ref][row.shopify_id] = (row.product_id.id, how)
            row_of[row.shopify_id] = row
        self.env.cr.commit()  # pylint: disable=invalid-commit  # the fetch boundary
        linked, problems, stopped = [], {}, ""
        ids, end = list(chosen), time.monotonic() + SECONDS
        for start in range(0, len(ids), PAGE_PRODUCTS):
            if time.monotonic() > end:
                stopped = self.env._("The others are still ticked: link again.")
                break
            part = {ident: chosen[ident] for ident in ids[start : start + PAGE_PRODUCTS]}
            try:
                records, unknown = own.env["shopify.handler.product"]._fetch_ids(own, list(part))
            except shopify_api.ShopifyError as error:
                stopped = spoken(self.env, error.words)
                break
            problems.update(dict.fromkeys(unknown, self.env._("It is not in Shopify any more.")))
            found, refused = self.env["shopify.run.starter"]._in_own_transaction(
                own,
                lambda env, part=part, records=records: env[self._name]._link_part(
                    env["shopify.instance"].browse(own.id), records, part
                ),
            )
            linked += found
            problems.update(refused)
        self.env.invalidate_all()
        gone = self.env._("This variant is not in Shopify any more.")
        done, known = set(ids[:start] if stopped else ids), set(linked)
        left = {
            row: problems.get(row.parent_ref, gone)
            for ident, row in row_of.items()
            if row.parent_ref in done and ident not in known
        }
        return rows.browse([row_of[ident].id for ident in linked]), left, stopped

    @api.model
    def _link_part(self, instance, records, chosen):
        """Bring the layer records of products; only their chosen variants get an Odoo variant.

        :param chosen: {Shopify product id: {Shopify variant id: (Odoo variant id, how it was found)}}
        :return: (Shopify ids of the variants linked, {Shopify product id: why it was not linked})
        """
        products, problems = [], {}
        for record in records:
            try:
                products.append((read_product(record), record))
            except Refusal as error:
                problems[legacy_id(record["id"])] = spoken(self.env, error.words)
        linked = self.env["shopify.product.matcher"]._linked(
            instance, [(product, one) for product, _record in products for one in product.variants]
        )
        matches = {
            product.shopify_id: self._match(product, chosen[product.shopify_id], linked)
            for product, _record in products
        }
        layer, _matches, notes = self.env["shopify.handler.product"]._bring(
            instance, products, create=False, matches=matches
        )
        wanted = {ident for product, _record in products for ident in chosen[product.shopify_id]}
        variants = self.env["shopify.product.variant"].browse(
            [one.id for product in layer.values() for one in product.variant_ids if one.shopify_id in wanted]
        )
        variants._wake_waiting()
        self._log_notes(instance, layer, notes)
        self.env["shopify.handler.image"]._wake(instance)
        return variants.mapped("shopify_id"), problems

    @api.model
    def _match(self, product, chosen, linked):
        """What a person has confirmed of a product; nothing is searched, so nothing else is linked."""
        match, model = Match(), self.env["product.product"]
        for one in product.variants:
            if one.shopify_id in linked:
                match.found[one.shopify_id] = (linked[one.shopify_id], "")
            elif one.shopify_id in chosen:
                product_id, how = chosen[one.shopify_id]
                match.found[one.shopify_id] = (model.browse(product_id), how)
            else:
                match.missing.append(one)
        return match

    @api.model
    def _log_notes(self, instance, layer, notes):
        self.env["shopify.log.line"]._log(
            instance,
            [
                {
                    "process": self.env._("Products"),
                    "severity": "warning",
                    "cause": cause,
                    "message": message,
                    "record_key": f"product:{ident}",
                    "res_model": "shopify.product",
                    "res_id": layer[ident].id,
                }
                for ident, found in notes.items()
                for cause, message in found
            ],
        )
