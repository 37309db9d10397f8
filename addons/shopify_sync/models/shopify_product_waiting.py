"""Products in Shopify whose changes in Odoo were not sent yet, found in one statement for all of them."""

from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL


class ShopifyProduct(models.Model):
    _inherit = "shopify.product"

    to_send = fields.Boolean(
        string="Changes to Send",
        compute="_compute_to_send",
        search="_search_to_send",
        help="Something of it was changed in Odoo and is not in Shopify yet. Update in Shopify sends it.",
    )
    to_send_text = fields.Char(string="Changed in Odoo", compute="_compute_to_send")
    not_sent_text = fields.Char(
        string="Shopify's Own",
        compute="_compute_not_sent_text",
        help="Changed in Odoo, but the store leaves these fields to Shopify: they are not sent, and an import brings "
        "Shopify's values back.",
    )

    def _compute_to_send(self):
        parts = defaultdict(set)
        for product_id, part in self.env.execute_query(self._parts_to_send(self.ids)) if self.ids else ():
            parts[product_id].add(part)
        labels = self._part_labels()
        for product in self:
            found = parts[product.id]
            product.to_send = bool(found)
            product.to_send_text = ", ".join(label for part, label in labels.items() if part in found) or False

    @api.depends("edited", "variant_ids.edited")
    def _compute_not_sent_text(self):
        labels = self._part_labels()
        owners = {store: self.env["shopify.field.owner"]._of(store) for store in self.instance_id}
        for product in self:
            edited = {field for one in (product, *product.variant_ids) for field in one.edited or ()}
            kept = edited & owners.get(product.instance_id, {}).keys()
            product.not_sent_text = ", ".join(label for part, label in labels.items() if part in kept) or False

    def _search_to_send(self, operator, value):
        if operator != "in":
            return NotImplemented
        waiting = SQL("(SELECT product FROM (%s) waiting)", self._parts_to_send())
        return [("id", "in" if True in value else "not in", waiting)]

    def _part_labels(self):
        """What each part is called, in the order they are told."""
        owners = self.env["shopify.field.owner"]._fields["field_name"]
        return {
            **dict(owners._description_selection(self.env)),
            "*": self.env._("All fields"),
            "new": self.env._("New variants"),
            "image": self.env._("Images"),
        }

    def _parts_to_send(self, ids=None):
        """SELECT of (product id, part) of all that waits; of a part that Shopify owns nothing does.

        Prices are seen where they are a variant's own fixed price in the store's pricelist, or the sales price where no rule
        is for the product: what rules make of it is known when it is sent.
        """
        self.env["shopify.product"].flush_model()
        self.env["shopify.product.variant"].flush_model()
        self.env["shopify.product.image"].flush_model()
        self.env["product.product"].flush_model(["barcode", "weight"])
        self.env["product.template"].flush_model(["list_price"])
        self.env["product.template.attribute.value"].flush_model(["price_extra"])
        self.env["product.pricelist.item"].flush_model()
        self.env["shopify.field.owner"].flush_model()
        return SQL(
            """
            WITH product AS (
                SELECT id, instance_id, edited, images_reordered FROM shopify_product
                 WHERE shopify_id IS NOT NULL AND active AND %(only)s
            ), variant AS (
                SELECT variant.*, product.instance_id AS store_id
                  FROM shopify_product_variant variant JOIN product ON product.id = variant.shopify_product_id
                 WHERE variant.active
            ), for_all AS (
                SELECT DISTINCT pricelist_id FROM product_pricelist_item WHERE product_tmpl_id IS NULL
            ), part AS (
                SELECT id AS product, instance_id AS store, jsonb_array_elements_text(edited) AS part
                  FROM product WHERE jsonb_typeof(edited) = 'array'
                 UNION ALL
                SELECT shopify_product_id, store_id, jsonb_array_elements_text(edited)
                  FROM variant WHERE jsonb_typeof(edited) = 'array'
                 UNION ALL
                SELECT shopify_product_id, store_id, 'new' FROM variant WHERE shopify_id IS NULL AND product_id IS NOT NULL
                 UNION ALL
                SELECT product.id, product.instance_id, 'image'
                  FROM product
                 WHERE images_reordered OR EXISTS (
                       SELECT FROM shopify_product_image image
                        WHERE image.shopify_product_id = product.id AND image.checksum IS NOT NULL
                          AND image.sent_checksum IS DISTINCT FROM image.checksum)
                 UNION ALL
                SELECT variant.shopify_product_id, store_id, 'barcode'
                  FROM variant JOIN product_product own ON own.id = variant.product_id
                 WHERE variant.shopify_id IS NOT NULL AND own.barcode <> COALESCE(variant.barcode, '')
                 UNION ALL
                SELECT variant.shopify_product_id, store_id, 'weight'
                  FROM variant
                  JOIN product_product own ON own.id = variant.product_id
                  JOIN unnest(%(stores)s::int[], %(kilograms)s::numeric[]) AS unit(store, kilograms)
                    ON unit.store = variant.store_id
                 WHERE variant.shopify_id IS NOT NULL AND own.weight <> 0
                   AND ROUND(own.weight::numeric, %(digits)s)
                       <> ROUND(COALESCE(variant.weight, 0)::numeric / unit.kilograms, %(digits)s)
                 UNION ALL
                SELECT variant.shopify_product_id, store_id, 'price'
                  FROM variant
                  JOIN shopify_instance store ON store.id = variant.store_id
                  JOIN res_company company ON company.id = store.company_id
                  JOIN product_product own ON own.id = variant.product_id
                  JOIN product_template template ON template.id = own.product_tmpl_id
                  LEFT JOIN LATERAL (
                       SELECT item.fixed_price, item.currency_id FROM product_pricelist_item item
                        WHERE item.pricelist_id = store.pricelist_id AND item.product_id = variant.product_id
                          AND item.applied_on = '0_product_variant' AND item.compute_price = 'fixed'
                          AND item.min_quantity = 0 AND item.date_start IS NULL AND item.date_end IS NULL
                     ORDER BY item.id DESC LIMIT 1) item ON TRUE
                 WHERE variant.shopify_id IS NOT NULL AND variant.price IS NOT NULL
                   AND COALESCE(item.currency_id, company.currency_id) = store.shop_currency_id
                   AND ROUND(CASE
                       WHEN item.fixed_price IS NOT NULL THEN item.fixed_price::numeric
                       WHEN NOT EXISTS (SELECT FROM for_all WHERE for_all.pricelist_id = store.pricelist_id)
                        AND NOT EXISTS (
                            SELECT FROM product_pricelist_item other
                             WHERE other.pricelist_id = store.pricelist_id AND other.product_tmpl_id = template.id)
                       THEN template.list_price::numeric + COALESCE((
                            SELECT SUM(value.price_extra)::numeric
                              FROM product_variant_combination made
                              JOIN product_template_attribute_value value
                                ON value.id = made.product_template_attribute_value_id
                             WHERE made.product_product_id = own.id), 0)
                       END, 2) <> ROUND(variant.price::numeric, 2)
            )
            SELECT DISTINCT part.product, part.part FROM part
             WHERE NOT EXISTS (SELECT FROM shopify_field_owner owner
                                WHERE owner.instance_id = part.store AND owner.field_name = part.part
                                  AND owner.owner = 'shopify')
            """,
            only=SQL("id = ANY(%s)", list(ids)) if ids else SQL("TRUE"),
            digits=self.env["decimal.precision"].precision_get("Stock Weight"),
            **self._weight_units(),
        )

    def _weight_units(self):
        """The stores, and how many kilograms one unit of weight is for each of them."""
        stores = self.env["shopify.instance"].sudo().with_context(active_test=False).search([("state", "!=", "draft")])
        kilograms = [self.env["shopify.product.variant"]._kilograms_in(store) for store in stores]
        return {"stores": stores.ids, "kilograms": kilograms}
