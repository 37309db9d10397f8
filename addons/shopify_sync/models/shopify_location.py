"""Shopify's locations and the warehouses that stand for them."""

from odoo import api, fields, models

from .. import shopify_api


class ShopifyLocation(models.Model):
    """A location of a store, filled from Shopify."""

    _name = "shopify.location"
    _description = "Shopify Location"
    _order = "instance_id, name"

    instance_id = fields.Many2one("shopify.instance", required=True, ondelete="cascade", index=True, readonly=True)
    company_id = fields.Many2one(related="instance_id.company_id", store=True, index=True)
    shopify_id = fields.Char(string="Shopify Id", required=True, readonly=True, index=True)
    name = fields.Char(required=True, readonly=True)
    active = fields.Boolean(default=True, readonly=True)
    street = fields.Char(readonly=True)
    street2 = fields.Char(readonly=True)
    city = fields.Char(readonly=True)
    zip = fields.Char(readonly=True)
    state_name = fields.Char(string="State", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)
    phone = fields.Char(readonly=True)
    kind = fields.Selection(
        [("merchant", "Merchant"), ("service", "Fulfilment service")], required=True, default="merchant", readonly=True
    )
    ships_online = fields.Boolean(string="Ships Online Orders", readonly=True)
    is_primary = fields.Boolean(
        string="Primary",
        compute="_compute_is_primary",
        help="The store's oldest location of its own that ships online orders. Shopify itself names none any more.",
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        string="Warehouse in Order",
        check_company=True,
        help="Warehouse of orders that Shopify ships from here, or sells here at the till.",
    )
    return_warehouse_id = fields.Many2one(
        "stock.warehouse",
        check_company=True,
        help="Goods that are restocked here in Shopify, or sent back after a delivery from here, return to this warehouse. "
        "Empty: the store's return location, else the warehouse of orders.",
    )

    _shopify_id_unique = models.UniqueIndex("(instance_id, shopify_id)", "This location of the store exists already.")

    @api.depends("instance_id.location_ids.active", "kind", "ships_online")
    def _compute_is_primary(self):
        ships = self.search(
            [("instance_id", "in", self.instance_id.ids), ("kind", "=", "merchant"), ("ships_online", "=", True)]
        )
        oldest = {
            store: min(locations, key=lambda location: int(location.shopify_id))
            for store, locations in ships.grouped("instance_id").items()
        }
        for location in self:
            location.is_primary = location == oldest.get(location.instance_id)

    @api.model
    def _import(self, instance):
        """Create and update the locations of a store, deactivated ones too."""
        self._store(instance, self._fetch(instance))

    @api.model
    def _fetch(self, instance):
        """All locations of a store as Shopify answers them."""
        execute = self.env["shopify.connection"]._execute
        document = "shop/Locations"
        found, after = [], None
        while True:
            answer = execute(instance, document, {"first": 50, "after": after})
            page = answer.data["locations"]
            found += page["nodes"]
            if not page["pageInfo"]["hasNextPage"]:
                return found
            after = page["pageInfo"]["endCursor"]

    @api.model
    def _store(self, instance, found):
        """Write locations as Shopify answers them; the warehouse a person chose stays. Deleted ones become inactive."""
        known = {
            location.shopify_id: location
            for location in self.with_context(active_test=False).search([("instance_id", "=", instance.id)])
        }
        codes = {data["address"]["countryCode"] for data in found if data["address"]["countryCode"]}
        countries = {
            country.code: country.id for country in self.env["res.country"].search([("code", "in", list(codes))])
        }
        to_create = []
        for data in found:
            vals = self._prepare_vals(data, countries)
            location = known.get(shopify_api.legacy_id(data["id"]))
            if location:
                location.write(vals)
            else:
                to_create.append(
                    {
                        **vals,
                        "instance_id": instance.id,
                        "shopify_id": shopify_api.legacy_id(data["id"]),
                        "warehouse_id": instance.warehouse_id.id,
                    }
                )
        self.sudo().create(to_create)  # which locations there are is Shopify's word, nobody makes any by hand
        present = {shopify_api.legacy_id(data["id"]) for data in found}
        deleted = [location for shopify_id, location in known.items() if shopify_id not in present and location.active]
        self.browse().union(*deleted).write({"active": False})

    @api.model
    def _prepare_vals(self, data, countries):
        address = data["address"]
        return {
            "name": data["name"],
            "active": data["isActive"],
            "kind": "service" if data["isFulfillmentService"] else "merchant",
            "ships_online": data["fulfillsOnlineOrders"],
            "street": address["address1"],
            "street2": address["address2"],
            "city": address["city"],
            "zip": address["zip"],
            "state_name": address["province"],
            "country_id": countries.get(address["countryCode"], False),
            "phone": address["phone"],
        }

    def action_open_shopify(self):
        self.ensure_one()
        return self.instance_id._open_in_shopify("Location", self.shopify_id)
