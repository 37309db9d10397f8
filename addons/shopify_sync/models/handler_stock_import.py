"""Stock of Shopify's locations as inventory counts in Odoo (operation `stock_import`)."""

from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .. import shopify_api
from ..mapping.reading import legacy_id
from .handler_order_fetch import Page

#: Variants that are read with one request for each location.
BATCH = 250


class ShopifyHandlerStockImport(models.AbstractModel):
    _name = "shopify.handler.stock.import"
    _description = "Shopify Stock Import"

    @api.model
    def _locations(self, instance, chosen=None):
        """The locations whose stock is brought to a warehouse.

        :param chosen: ids of the ones that were asked for, all when empty
        """
        domain = Domain("instance_id", "=", instance.id) & Domain("import_warehouse_id", "!=", False)
        if chosen:
            domain &= Domain("id", "in", list(chosen))
        return self.env["shopify.location"].search(domain)

    @api.model
    def _check(self, instance, chosen):
        """Whether there is anything to import from.

        :raises UserError: no location has an import warehouse
        """
        if not self._locations(instance, chosen):
            raise UserError(
                self.env._(
                    "%s: no location has an import warehouse. Choose one under Configuration > Shopify Locations.",
                    instance.name,
                )
            )

    @api.model
    def _fetch_page(self, instance, run):
        """Levels of the next variants at every location; called without an open transaction."""
        after = int(run["page_cursor"] or 0)
        if not after:
            self.env["shopify.handler.stock"]._complete_items(instance)

        domain = [("id", ">", after), ("instance_id", "=", instance.id), ("inventory_item_ref", "!=", False)]
        if run["options"].get("only_linked", True):
            domain.append(("product_id", "!=", False))

        def read(env):
            store = env["shopify.instance"].browse(instance.id)
            places = env[self._name]._locations(store, run["options"].get("locations"))
            variants = env["shopify.product.variant"].search(domain, order="id", limit=BATCH)
            return (
                [(place.id, place.shopify_id) for place in places],
                [(variant.id, variant.inventory_item_ref) for variant in variants],
            )

        places, variants = self.env["shopify.run.starter"]._in_own_transaction(instance, read)
        ids = [shopify_api.gid("InventoryItem", item) for _variant, item in variants]
        records = []
        for place, ref in places if ids else ():
            answer = self.env["shopify.stock.sender"]._ask(
                instance, "inventory/Levels", {"ids": ids, "location": shopify_api.gid("Location", ref)}
            )
            nodes = {legacy_id(node["id"]): node for node in answer.data["nodes"] if node}
            for variant, item in variants:
                level = nodes[item]["inventoryLevel"] if item in nodes and nodes[item]["tracked"] else None
                if level and level["isActive"]:
                    units = next(one["quantity"] for one in level["quantities"] if one["name"] == "on_hand")
                    records.append((variant, place, units))
        return Page(
            records=records,
            cursor=str(variants[-1][0]) if variants else str(after),
            has_next=len(variants) == BATCH,
            seen=len(records),
        )

    @api.model
    def _store_records(self, run, records):
        """Make inventory counts where Odoo differs from what Shopify has on hand.

        Locations with one import warehouse are added up. What lies in other places of the warehouse is left there; its main
        stock location takes the difference.

        :return: how many counts were made
        """
        instance, options = run.instance_id, run.options or {}
        places = {place.id: place for place in self._locations(instance, options.get("locations"))}
        variants = self.env["shopify.product.variant"].browse({variant for variant, _place, _units in records})
        product_of = {variant.id: variant.product_id for variant in variants}
        wanted, unlinked, notes = defaultdict(int), defaultdict(int), []
        for variant, place, units in records:
            product = product_of[variant]
            if not product and units:
                unlinked[variant] += units
            if place not in places or not product.is_storable:
                continue
            if units < 0:
                notes.append(self._note(product, "negative", self.env._("Shopify has %s units, taken as 0.", units)))
            wanted[places[place].import_warehouse_id, product] += max(units, 0)
        lots = {product for _warehouse, product in wanted if product.tracking != "none"}
        notes += [
            self._note(product, "lots", self.env._("It is counted by lot or serial number: count it in Odoo."))
            for product in lots
        ]
        notes += [self._note_unlinked(variants.browse(variant), units) for variant, units in unlinked.items()]
        rows = {key: units for key, units in wanted.items() if key[1] not in lots}
        quants = self._count(rows, notes)
        self.env["shopify.log.line"]._log(instance, notes)
        if quants and options.get("apply"):
            quants.with_context(inventory_name=self.env._("Stock of %s", instance.name)).action_apply_inventory()
        return len(quants)

    @api.model
    def _count(self, rows, notes):
        """Set counted quantities.

        :param rows: {(warehouse, product): units that the warehouse shall hold}
        :return: the quants that differ
        """
        quants = self.env["stock.quant"]
        for warehouse, pairs in _by_warehouse(rows).items():
            products = self.env["product.product"].union(*(product for product, _units in pairs))
            present = {
                product.id: product.qty_available for product in products.with_context(warehouse_id=warehouse.id)
            }
            place = warehouse.lot_stock_id
            held = {
                quant.product_id.id: quant
                for quant in quants.search(
                    [
                        ("product_id", "in", products.ids),
                        ("location_id", "=", place.id),
                        ("lot_id", "=", False),
                        ("package_id", "=", False),
                        ("owner_id", "=", False),
                    ]
                )
            }
            differ = [
                (product, units - present[product.id]) for product, units in pairs if units != present[product.id]
            ]
            missing = [product for product, _more in differ if product.id not in held]
            created = quants.create([{"product_id": product.id, "location_id": place.id} for product in missing])
            held.update((quant.product_id.id, quant) for quant in created)
            for product, more in differ:
                quant = held[product.id]
                counted = quant.quantity + more
                if counted < 0:
                    notes.append(
                        self._note(
                            product,
                            "elsewhere",
                            self.env._(
                                "%(place)s is counted as 0; other places of the warehouse hold more than Shopify has.",
                                place=place.display_name,
                            ),
                        )
                    )
                quant.write({"inventory_quantity": max(counted, 0), "inventory_quantity_set": True})
                quants += quant
        return quants

    @api.model
    def _note_unlinked(self, variant, units):
        """Stock of a variant that stands for no product of Odoo: only its link makes it countable."""
        return {
            "process": self.env._("Import stock"),
            "severity": "warning",
            "cause": "stock_unlinked",
            "record_key": f"stock_import:variant:{variant.id}",
            "message": self.env._(
                "%(variant)s: Shopify has %(units)s units, and it is linked with no product of Odoo.",
                variant=variant.display_name,
                units=units,
            ),
            "sku": variant.sku,
            "res_model": variant._name,
            "res_id": variant.id,
            "fix_action": "layer",
            "fix_context": {"res_id": variant.shopify_product_id.id},
        }

    @api.model
    def _note(self, product, cause, text):
        return {
            "process": self.env._("Import stock"),
            "severity": "warning",
            "cause": f"stock_{cause}",
            "record_key": f"stock_import:{product.id}",
            "message": self.env._("%(product)s: %(text)s", product=product.display_name, text=text),
            "sku": product.default_code,
            "res_model": product._name,
            "res_id": product.id,
        }


def _by_warehouse(rows):
    found = defaultdict(list)
    for (warehouse, product), units in rows.items():
        found[warehouse].append((product, units))
    return found
