"""Which warehouses' stock a location shows, and where its own stock is brought to."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

#: Locations that stock may be sent to.
EXPORTED = Domain(
    [
        ("active", "=", True),
        ("kind", "=", "merchant"),
        ("stock_to_check", "=", False),
        ("export_warehouse_ids", "!=", False),
    ]
)


class ShopifyLocation(models.Model):
    _inherit = "shopify.location"

    export_warehouse_ids = fields.Many2many(
        "stock.warehouse",
        "shopify_location_export_warehouse_rel",
        string="Export Stock: Warehouses",
        check_company=True,
        help="Shopify is told the stock of these warehouses together as available here. None: stock is never sent.",
    )
    import_warehouse_id = fields.Many2one(
        "stock.warehouse",
        string="Import Stock: Warehouse",
        check_company=True,
        help="Stock that is read from Shopify here becomes inventory counts of this warehouse. Empty: it is not read.",
    )
    stock_to_check = fields.Boolean(
        string="To Check", help="The export warehouses are a suggestion; nothing is sent before a person saves them."
    )
    level_count = fields.Integer(string="Stock Levels", compute="_compute_level_count")
    stock_warning = fields.Char(compute="_compute_stock_warning")

    def _compute_level_count(self):
        counts = dict(
            self.env["shopify.stock.level"]._read_group([("location_id", "in", self.ids)], ["location_id"], ["__count"])
        )
        for location in self:
            location.level_count = counts.get(location, 0)

    @api.depends("export_warehouse_ids")
    def _compute_stock_warning(self):
        for location in self:
            others = self.search(
                EXPORTED
                & Domain("instance_id", "=", location.instance_id.id)
                & Domain("id", "!=", location._origin.id)
                & Domain("export_warehouse_ids", "in", location.export_warehouse_ids.ids)
            )
            shared = others.export_warehouse_ids & location.export_warehouse_ids._origin
            location.stock_warning = (
                self.env._(
                    "Another location shows the same stock (%(warehouses)s): it is offered in full here and at %(others)s.",
                    warehouses=", ".join(shared.mapped("name")),
                    others=", ".join(others.mapped("name")),
                )
                if others and location.export_warehouse_ids and location.active
                else False
            )

    @api.constrains("export_warehouse_ids", "kind")
    def _check_service_is_not_written(self):
        for location in self:
            if location.kind == "service" and location.export_warehouse_ids:
                raise ValidationError(
                    self.env._(
                        "%s belongs to a fulfilment service, which keeps its stock: stock is read, never written.",
                        location.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """A new location gets the warehouse of its orders suggested; the store's first one is taken as it is."""
        stores = {vals.get("instance_id") for vals in vals_list}
        groups = self.with_context(active_test=False)._read_group(
            [("instance_id", "in", list(stores))], ["instance_id"], ["__count"]
        )
        known = {store.id for store, _count in groups}
        first = {}
        for vals in vals_list:
            if vals.get("kind", "merchant") != "merchant" or "export_warehouse_ids" in vals:
                continue
            store = vals.get("instance_id")
            vals["export_warehouse_ids"] = [fields.Command.set(list(filter(None, [vals.get("warehouse_id")])))]
            candidate = store not in known and vals.get("active", True) and vals.get("ships_online")
            vals["stock_to_check"] = True
            if candidate and (store not in first or int(vals["shopify_id"]) < int(first[store]["shopify_id"])):
                first[store] = vals
        for vals in first.values():
            vals["stock_to_check"] = False
            vals.setdefault("import_warehouse_id", vals.get("warehouse_id"))
        return super().create(vals_list)

    def write(self, vals):
        if "export_warehouse_ids" in vals:
            vals = {"stock_to_check": False, **vals}
        before = {location: location.active for location in self} if "active" in vals else {}
        result = super().write(vals)
        opened = any(location.active != active for location, active in before.items())
        if {"export_warehouse_ids", "stock_to_check"} & vals.keys() or opened:
            self._mark_stock()
        return result

    def _mark_stock(self):
        """What these locations show has to be computed anew, for all variants of their stores."""
        stores = list(self.instance_id.ids)
        self.env["shopify.stock.change"]._mark(SQL("variant.instance_id = ANY(%s)", stores))

    @api.model
    def _exported(self, instance):
        """The locations of a store that stock is sent to."""
        return self.search(Domain("instance_id", "=", instance.id) & EXPORTED)

    def action_confirm_warehouses(self):
        """The suggested export warehouses are right."""
        self.write({"stock_to_check": False})

    def action_import_locations(self):
        """Read the locations of these stores from Shopify."""
        for instance in self.instance_id:
            instance.action_import_locations()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_export_stock(self):
        """The dialog of a stock export to this location."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_stock_export_action")
        context = {"default_instance_id": self.instance_id.id, "default_location_ids": self.ids, "default_scope": "all"}
        return {**action, "context": context}

    def action_view_levels(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_stock_level_action")
        return {**action, "domain": [("location_id", "=", self.id)]}
