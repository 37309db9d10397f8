"""What a delivery shipped, in Shopify's terms: units by line, parcels with their numbers, what Shopify knows already."""

import json
import math
import re
from collections import Counter

from odoo import models
from odoo.fields import Domain

from ..mapping import Parcel, units_of

#: Between the tracking numbers of one delivery; carriers of Odoo join them by commas.
_BETWEEN = re.compile(r"[,;\n]")


def numbers_in(text):
    """The tracking numbers in a text."""
    return list(dict.fromkeys(filter(None, (part.strip() for part in _BETWEEN.split(text or "")))))


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _shopify_is_delivery(self):
        """Goods of a Shopify order leave for the customer: deliveries and drop shipments, not what goes out again after
        a return."""
        self.ensure_one()
        return bool(
            self.shopify_order_id
            and self.location_dest_id.usage == "customer"
            and self.location_id.usage != "customer"
            and not self.return_id
        )

    def _shopify_moves(self):
        """Done moves of lines that Shopify ships through us."""
        own_cards = not self.shopify_instance_id.gift_card_auto_fulfil
        return self.move_ids.filtered(
            lambda move: (
                move.state == "done"
                and (move.sale_line_id.shopify_line_id or "").isdigit()
                and (own_cards or move.sale_line_id.shopify_line_type != "gift_card")
            )
        )

    def _shopify_units(self):
        """Whole units delivered, by Shopify's line id."""
        self.ensure_one()
        found = {}
        for line, moves in self._shopify_moves().grouped("sale_line_id").items():
            units = math.floor(self._shopify_units_of(line, moves) + 1e-6)
            if units > 0:
                found[line.shopify_line_id] = units
        return found

    def _shopify_units_of(self, line, moves):
        """Units of an order line that this delivery makes complete. A kit counts when all its components are delivered,
        by whichever delivery comes last."""
        if moves.product_id == line.product_id:
            return sum(
                move.product_uom._compute_quantity(move.quantity, line.product_uom_id, round=False) for move in moves
            )
        all_moves = line.move_ids.filtered(
            lambda move: move.state != "cancel" and move.location_dest_id.usage == "customer" and not move.to_refund
        )
        kits = []
        for of_product in all_moves.grouped("product_id").values():
            demand = sum(of_product.mapped("product_uom_qty"))
            done = sum(of_product.filtered(lambda move: move.state == "done").mapped("quantity"))
            kits.append(done * line.product_uom_qty / demand if demand else 0)
        others = (line.order_id.picking_ids - self).mapped("shopify_shipped_units")
        told = sum(units.get(line.shopify_line_id, 0) for one in others if one for units in one.values())
        return min(kits, default=0) - told

    def _shopify_parcels(self):
        """What was delivered as parcels: one for each numbered package, one for the rest with the delivery's numbers."""
        self.ensure_one()
        left = self._shopify_units()
        parcels = []
        numbered = {}
        for move_line in self._shopify_moves().move_line_ids:
            package = move_line.result_package_id._shopify_numbered()
            if package:
                numbered.setdefault(package, []).append(move_line)
        for package, move_lines in numbered.items():
            units = Counter()
            for move_line in move_lines:
                line_id = move_line.move_id.sale_line_id.shopify_line_id
                taken = min(left.get(line_id, 0), math.floor(move_line.quantity + 1e-6))
                left[line_id] = left.get(line_id, 0) - taken
                units[line_id] += taken
            parcels.append(Parcel(tuple(units.items()), tuple(numbers_in(package.shopify_tracking))))
        rest = tuple((line_id, units) for line_id, units in left.items() if units > 0)
        numbers = tuple(numbers_in(self.carrier_tracking_ref))
        if rest or numbers:
            parcels.append(Parcel(rest, numbers))
        return parcels

    def _shopify_open_parcels(self):
        """Parcels without what Shopify knows as shipped already."""
        known = self._shopify_known_units()
        parcels = []
        for parcel in self._shopify_parcels():
            units = []
            for line_id, count in parcel.units:
                taken = min(count, known.get(line_id, 0))
                known[line_id] = known.get(line_id, 0) - taken
                units.append((line_id, count - taken))
            parcels.append(Parcel(tuple(units), parcel.numbers))
        return parcels

    def _shopify_known_units(self):
        """Units of this delivery that Shopify knows as shipped, by line."""
        found = Counter()
        for units in (self.shopify_shipped_units or {}).values():
            found.update(units)
        return dict(found)

    def _shopify_missing_units(self):
        """Units delivered that Shopify does not know as shipped, by line."""
        return units_of(self._shopify_open_parcels())

    def _shopify_foreign_units(self):
        """How many units delivered are of no line of the Shopify order."""
        foreign = self.move_ids.filtered(
            lambda move: move.state == "done" and not (move.sale_line_id.shopify_line_id or "").isdigit()
        )
        return sum(foreign.mapped("quantity"))

    def _shopify_line_names(self):
        """What each Shopify line is called in Odoo."""
        return self.sale_id._shopify_line_names()

    def _shopify_numbers(self):
        """All tracking numbers of the delivery."""
        return list(dict.fromkeys(number for parcel in self._shopify_parcels() for number in parcel.numbers))

    def _shopify_tracking_text(self):
        """Carrier and numbers as one text, to see whether Shopify knows them; empty without a number."""
        numbers = self._shopify_numbers()
        if not numbers:
            return ""
        carrier = self.carrier_id
        return json.dumps([carrier._shopify_company(), numbers, carrier._shopify_tracking_urls(numbers)])

    def _shopify_locations(self):
        """Shopify's ids of the locations that stand for the warehouse of the delivery."""
        found = self.env["shopify.location"].search(
            Domain("instance_id", "=", self.shopify_instance_id.id)
            & Domain("warehouse_id", "=", self.picking_type_id.warehouse_id.id)
        )
        return found.mapped("shopify_id")

    def _shopify_note_shipped(self, fulfillment_id, units):
        """Shopify's fulfilment stands for these units of the delivery."""
        self.ensure_one()
        known = dict(self.shopify_shipped_units or {})
        known[fulfillment_id] = {
            **known.get(fulfillment_id, {}),
            **{line: count for line, count in units.items() if count},
        }
        self.write({"shopify_shipped_units": known, "shopify_fulfillment_ref": ",".join(known)})

    def _shopify_forget_shipped(self, fulfillment_ids):
        """These fulfilments were cancelled."""
        known = {key: units for key, units in (self.shopify_shipped_units or {}).items() if key not in fulfillment_ids}
        self.write({"shopify_shipped_units": known or False, "shopify_fulfillment_ref": ",".join(known) or False})
