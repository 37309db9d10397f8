"""Lines of stock: one level each; and what orders that wait in a queue have set aside in Shopify."""

import json
from collections import Counter

from odoo import api, fields, models

from ..mapping.reading import legacy_id
from .operations import LANES

#: Lines that hold an order until it is imported.
ORDER_KINDS = ("order_unshipped", "order_shipped")


class ShopifyQueueLine(models.Model):
    _inherit = "shopify.queue.line"

    variant_id = fields.Many2one("shopify.product.variant", readonly=True, ondelete="cascade")
    location_id = fields.Many2one("shopify.location", readonly=True, ondelete="cascade")
    sku = fields.Char(related="variant_id.sku")
    quantity_sent = fields.Integer(readonly=True, copy=False, help="The available units that Shopify is told.")
    quantity_before = fields.Integer(readonly=True, copy=False, help="What Shopify had before, as it was read.")
    stale_count = fields.Integer(
        readonly=True, copy=False, help="How often Shopify's quantity changed between reading and writing."
    )
    look_again = fields.Boolean(
        readonly=True, copy=False, help="Odoo's stock has changed while it was being sent; it is looked at once more."
    )
    order_units = fields.Json(
        readonly=True, help="Units of an order by Shopify's variant id, and the locations that ship or sell it."
    )

    _stock_due = models.Index("(instance_id, location_id, id) WHERE state = 'draft' AND kind = 'stock_export'")
    _stock_key = models.Index("(idempotency_key) WHERE kind = 'stock_export' AND idempotency_key IS NOT NULL")
    _stock_variant = models.Index("(variant_id) WHERE variant_id IS NOT NULL")
    _stock_location = models.Index("(location_id) WHERE location_id IS NOT NULL")
    _order_waits = models.Index(
        "(instance_id) WHERE state IN ('draft', 'failed') AND kind IN ('order_unshipped', 'order_shipped')"
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("kind") in LANES["orders"] and vals.get("payload"):
                vals["order_units"] = _units_of(vals["payload"])
        lines = super().create(vals_list)
        lines._note_order_units()
        return lines

    def write(self, vals):
        if vals.get("payload") and any(line.kind in LANES["orders"] for line in self):
            vals = {**vals, "order_units": _units_of(vals["payload"])}
        if "order_units" not in vals and "state" not in vals:
            return super().write(vals)
        self._note_order_units()
        result = super().write(vals)
        self._note_order_units()
        return result

    def unlink(self):
        self._note_order_units()
        return super().unlink()

    def _note_order_units(self):
        """What orders that wait here set aside, as `shopify.stock.quantities` counts it, is looked at again."""
        queued = [
            (line.instance_id.id, ref)
            for line in self
            if line.kind in ORDER_KINDS and line.state in ("draft", "failed") and line.order_units
            for ref in line.order_units["units"]
        ]
        self.env["shopify.stock.change"]._note(queued=queued)

    def action_open_shopify(self):
        self.ensure_one()
        if self.kind != "stock_export":
            return super().action_open_shopify()
        return self.variant_id.shopify_product_id.action_open_shopify()


def _units_of(payload):
    """{"units": {variant id: units}, "locations": [ids]} of a stored order; None when it sets nothing aside.

    Units are those of the order now: Shopify has taken them off what is available, shipped or not.
    """
    try:
        order = json.loads(payload)
        if order.get("cancelledAt"):
            return None
        units = Counter()
        for line in order["lineItems"]["nodes"]:
            variant = legacy_id((line.get("variant") or {}).get("id"))
            if variant:
                units[variant] += int(line["currentQuantity"])
        groups = (order.get("fulfillmentOrders") or {}).get("nodes") or []
        places = [order.get("retailLocation")]
        places += [(group.get("assignedLocation") or {}).get("location") for group in groups]
        locations = list(dict.fromkeys(filter(None, (legacy_id((place or {}).get("id")) for place in places))))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None  # its own processing says what is wrong with it
    units = {variant: count for variant, count in units.items() if count > 0}
    return {"units": units, "locations": locations} if units else None
