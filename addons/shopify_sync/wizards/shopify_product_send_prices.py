"""The dialog that sends products says which sales prices stay in Odoo, and why."""

from odoo import api, fields, models
from odoo.tools import float_compare

#: So many variants are named.
_NAMED = 5


class ShopifyProductSend(models.TransientModel):
    _inherit = "shopify.product.send"

    hidden_prices = fields.Text(compute="_compute_hidden_prices")

    @api.depends("price", "chosen_ids", "left_ids")
    def _compute_hidden_prices(self):
        for wizard in self:
            variants = wizard.product_ids.variant_ids.filtered("product_id") if wizard.price else []
            found = wizard._hidden_prices(variants) if variants else []
            if len(found) > _NAMED:
                found = [*found[:_NAMED], self.env._("and %s more", len(found) - _NAMED)]
            wizard.hidden_prices = "\n".join(found) or False

    @api.model
    def _hidden_prices(self, variants):
        """Variants whose sales price is another one than the fixed price that an import wrote into the store's pricelist: a
        fixed price that a person entered is meant to be another one."""
        prices, found = self.env["shopify.product.prices"], []
        items = prices._items(variants.instance_id, variants.product_id)
        for variant in variants:
            pricelist, product = variant.instance_id.pricelist_id, variant.product_id
            item, currency = items[pricelist.id, product.id], pricelist.currency_id
            digits = currency.decimal_places
            if (
                item
                and currency == product.currency_id
                and prices._is_ours(item, (variant.written or {}).get("price"), digits)
                and float_compare(item.fixed_price, product.lst_price, precision_digits=digits)
            ):
                found.append(
                    self.env._(
                        "%(product)s: sales price %(sales)s, in pricelist %(pricelist)s %(fixed)s",
                        product=product.display_name,
                        sales=currency.format(product.lst_price),
                        pricelist=pricelist.name,
                        fixed=currency.format(item.fixed_price),
                    )
                )
        return found
