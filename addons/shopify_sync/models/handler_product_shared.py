"""What goes out for many products in one request: metafields, prices of markets."""

from odoo import api, models

from .. import shopify_api
from .handler_product_export import MANY, chunks

#: Metafields of one request: what Shopify takes.
METAFIELDS = 25


class ShopifyHandlerProductExport(models.AbstractModel):
    _inherit = "shopify.handler.product.export"

    @api.model
    def _send_metafields(self, instance, sents):
        rows = [
            (sent, key, row)
            for sent in sents
            if sent.plan
            for key, row in zip(sent.plan.metafield_keys, sent.plan.metafields, strict=True)
        ]
        for chunk in chunks(rows, METAFIELDS):
            self._set_metafields(instance, chunk)

    @api.model
    def _set_metafields(self, instance, rows):
        """Set up to 25 values. Shopify takes all or none: those that it names are left out, the others sent again."""
        while rows:
            try:
                data = self._ask(instance, "products/MetafieldsSet", {"metafields": [row for _sent, _key, row in rows]})
            except shopify_api.UserErrors as error:
                bad = {index: problem for problem in error.problems if (index := _index(problem)) is not None}
                if not bad:
                    raise
                for index, problem in bad.items():
                    sent, _key, row = rows[index]
                    cause = "metafield_stale" if problem.code == "STALE_OBJECT" else "metafield_refused"
                    sent.job.notes.append((cause, f"{row['namespace']}.{row['key']}: {problem.message}"))
                rows = [one for index, one in enumerate(rows) if index not in bad]
                continue
            for (sent, key, row), done in zip(rows, data["metafieldsSet"]["metafields"], strict=True):
                sent.nothing_sent = False
                sent.digests[key] = (row["value"], done["compareDigest"])
            return

    @api.model
    def _send_market_prices(self, instance, sents):
        lists = {ident: values[0] for sent in sents for ident, values in sent.job.market.items()}
        for ident, currency in lists.items():
            rows = []
            for sent in sents:
                ids = sent.variant_ids()
                for layer_id, amount in sent.job.market.get(ident, (currency, {}))[1].items():
                    if layer_id in ids:
                        rows.append((sent, layer_id, ids[layer_id], amount))
            for chunk in chunks(rows, MANY):
                prices = [
                    {"variantId": gid, "price": {"amount": amount, "currencyCode": currency}}
                    for _sent, _layer_id, gid, amount in chunk
                ]
                variables = {"priceListId": shopify_api.gid("PriceList", ident), "prices": prices}
                self._ask(instance, "products/FixedPricesAdd", variables)
                for sent, layer_id, _gid, amount in chunk:
                    sent.nothing_sent = False
                    sent.market.setdefault(ident, {})[layer_id] = amount


def _index(problem):
    """The position of the input that a problem is about: ("metafields", "3", "value")."""
    return next((int(part) for part in problem.field if part.isdigit()), None)
