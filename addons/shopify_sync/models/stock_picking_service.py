"""Units of an order that a fulfilment service ships: open deliveries say so, before anybody ships them a second time."""

from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    shopify_service_units = fields.Json(
        readonly=True,
        copy=False,
        help="Open units that fulfilment services ship: {Shopify line id: {id of the location in Odoo: units}}.",
    )

    def write(self, vals):
        result = super().write(vals)
        if "shopify_service_units" in vals:
            self.picking_ids._shopify_tell_service()
        return result

    def _action_confirm(self):
        result = super()._action_confirm()
        self.picking_ids._shopify_tell_service()
        return result


class StockPicking(models.Model):
    _inherit = "stock.picking"

    shopify_service_count = fields.Integer(
        string="Units of a Fulfilment Service",
        compute="_compute_shopify_service_count",
        store=True,
        help="How many units of this open delivery a fulfilment service ships, as Shopify has assigned them.",
    )
    shopify_service_note = fields.Text(compute="_compute_shopify_service_note", compute_sudo=True)
    shopify_service_told = fields.Char(readonly=True, copy=False, help="What the log last told of a service's units.")

    @api.depends(
        "state",
        "picking_type_id",
        "sale_id.shopify_service_units",
        "move_ids.sale_line_id.shopify_line_id",
        "move_ids.product_uom_qty",
        "move_ids.state",
    )
    def _compute_shopify_service_count(self):
        for picking in self:
            picking.shopify_service_count = sum(units for *_who, units in picking._shopify_service_rows())

    @api.depends("shopify_service_count")
    @api.depends_context("lang")
    def _compute_shopify_service_note(self):
        for picking in self:
            picking.shopify_service_note = picking._shopify_service_text()

    def _shopify_service_rows(self):
        """[(location, product, units)] of an open delivery that a fulfilment service ships. What the service's own
        warehouse delivers is its shipment already."""
        self.ensure_one()
        at_services = self.sale_id.shopify_service_units or {}
        if (
            not at_services
            or self.state in ("done", "cancel")
            or self.return_id
            or self.picking_type_code == "incoming"
        ):
            return []
        rows = []
        locations = self.env["shopify.location"].browse(
            {int(ident) for of_line in at_services.values() for ident in of_line}
        )
        locations = locations.exists().grouped("id")
        moves = self.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
        for line, of_line in moves.grouped("sale_line_id").items():
            if of_line.product_id == line.product_id:
                left = sum(
                    move.product_uom._compute_quantity(move.product_uom_qty, line.product_uom_id) for move in of_line
                )
            else:  # a kit: its components say nothing of its units
                left = line.product_uom_qty
            for location_id, units in at_services.get(line.shopify_line_id or "", {}).items():
                location = locations.get(int(location_id))
                taken = int(min(units, left))
                if location and taken > 0 and not location._is_own_warehouse(self.picking_type_id.warehouse_id):
                    rows.append((location, line.product_id, taken))
                    left -= taken
        return rows

    def _shopify_service_text(self):
        """What whoever ships must know; False when no service ships any of it."""
        rows = self._shopify_service_rows()
        if not rows:
            return False
        count = sum(units for *_who, units in rows)
        values = {
            "service": ", ".join(dict.fromkeys(location.name for location, *_rest in rows)),
            "products": ", ".join(f"{units} × {product.display_name}" for _location, product, units in rows),
        }
        if count == 1:
            return self.env._(
                "One unit of this delivery is shipped by %(service)s (fulfilment service): do not ship it. %(products)s",
                **values,
            )
        return self.env._(
            "%(count)s units of this delivery are shipped by %(service)s (fulfilment service): do not ship them. "
            "%(products)s",
            count=count,
            **values,
        )

    def _shopify_tell_service(self):
        """Note in the log what a service ships of open deliveries, when it has changed."""
        for picking in self.sudo():  # whoever confirms the order, the delivery says it
            rows = picking._shopify_service_rows()
            told = ",".join(f"{location.id}:{product.id}:{units}" for location, product, units in rows) or False
            if picking.shopify_service_told == told or picking.state in ("done", "cancel"):
                continue
            picking.shopify_service_told = told
            picking._message_log(
                body=picking._shopify_service_text()
                or self.env._("No fulfilment service ships any of this delivery any more.")
            )


class ShopifyLocation(models.Model):
    _inherit = "shopify.location"

    def _is_own_warehouse(self, warehouse):
        """Whether a warehouse stands for this location alone: what leaves it leaves the service's shelves."""
        self.ensure_one()
        if not warehouse or self.warehouse_id != warehouse or self.instance_id.warehouse_id == warehouse:
            return False
        of_store = self.instance_id.location_ids
        return not of_store.filtered(lambda one: one.kind == "merchant" and one.warehouse_id == warehouse)
