"""What Shopify was told last of a variant at a location."""

from odoo import api, fields, models
from odoo.tools import SQL


class ShopifyStockLevel(models.Model):
    """One variant at one location: the available quantity as this connector knows it to be in Shopify."""

    _name = "shopify.stock.level"
    _description = "Shopify Stock Level"
    _order = "variant_id, location_id"
    _rec_name = "location_id"

    variant_id = fields.Many2one(
        "shopify.product.variant", required=True, ondelete="cascade", index=True, readonly=True
    )
    sku = fields.Char(related="variant_id.sku", string="SKU")
    location_id = fields.Many2one("shopify.location", required=True, ondelete="cascade", index=True, readonly=True)
    instance_id = fields.Many2one(related="location_id.instance_id", store=True, index=True)
    company_id = fields.Many2one(related="instance_id.company_id", store=True, index=True)
    quantity = fields.Integer(string="Last Quantity", readonly=True, help="Units available, sent or found the same.")
    sent_at = fields.Datetime(string="Sent", readonly=True, help="When it was sent, or seen to be the same, last.")
    compared_at = fields.Datetime(readonly=True, help="When the comparison of all stock saw it last.")

    _level_unique = models.UniqueIndex("(variant_id, location_id)", "A variant has one level at a location.")

    @api.model
    def _keep(self, rows, column="sent_at"):
        """Remember quantities of levels, in one statement.

        :param rows: (variant id, location id, quantity)
        :param column: which time is set to now: sent_at or compared_at
        """
        if not rows:
            return
        units = {(variant, location): quantity for variant, location, quantity in rows}
        variants, locations = (list(values) for values in zip(*units, strict=True))
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """INSERT INTO shopify_stock_level
                          (variant_id, location_id, instance_id, company_id, quantity, %(column)s,
                           create_uid, create_date, write_uid, write_date)
                   SELECT row.variant, row.place, place.instance_id, place.company_id, row.units, %(now)s,
                          %(uid)s, %(now)s, %(uid)s, %(now)s
                     FROM unnest(%(variants)s, %(locations)s, %(quantities)s) AS row(variant, place, units)
                     JOIN shopify_location place ON place.id = row.place
                 ORDER BY row.variant, row.place
                       ON CONFLICT (variant_id, location_id)
                       DO UPDATE SET quantity = EXCLUDED.quantity, %(column)s = EXCLUDED.%(column)s,
                                     write_uid = EXCLUDED.write_uid, write_date = EXCLUDED.write_date""",
                column=SQL.identifier(column),
                now=now,
                uid=self.env.uid,
                variants=variants,
                locations=locations,
                quantities=list(units.values()),
            )
        )
        self.invalidate_model()
