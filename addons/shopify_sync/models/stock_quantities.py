"""How many units each location is to show, for many variants in a handful of queries (rules, section 17)."""

from collections import defaultdict

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..mapping.stock import Rule, StockRule, quantity_to_send

#: Odoo's own quantity of a product, by the store's setting.
_FIELDS = {"on_hand": "qty_available", "free": "free_qty", "forecast": "virtual_available"}


def propose_value(record):
    """A rule of per cent that was just chosen sends everything until another value is given."""
    if record.stock_rule == "percentage" and not record.stock_value:
        record.stock_value = 100


def check_values(records):
    """Refuse what no quantity can be made from.

    :param records: variants or stores, with a stock rule, its value and a safety buffer
    :raises ValidationError: a value or a buffer is negative
    """
    labels = dict(records._fields["stock_rule"]._description_selection(records.env))
    for record in records:
        if record.stock_value < 0:
            raise ValidationError(
                records.env._(
                    "%(name)s: the value of the stock rule %(rule)s is %(value)g. Enter 0 or more.",
                    name=record.display_name,
                    rule=labels[record.stock_rule],
                    value=record.stock_value,
                )
            )
        if record.stock_buffer < 0:
            raise ValidationError(
                records.env._(
                    "%(name)s: the safety buffer is %(value)g. Enter 0 or more units.",
                    name=record.display_name,
                    value=record.stock_buffer,
                )
            )


class ShopifyStockQuantities(models.AbstractModel):
    _name = "shopify.stock.quantities"
    _description = "Shopify Stock Quantities"

    @api.model
    def _compute(self, instance, variants, locations):
        """Units to send of every variant at every location.

        :param variants: linked variants of the store
        :param locations: locations with export warehouses
        :return: {(variant id, location id): units}; variants whose product Odoo does not count are left out
        """
        products = variants.product_id
        counted = self._counted(products)
        in_odoo = self._in_odoo(instance, counted, locations.export_warehouse_ids)
        waiting = defaultdict(float)
        if instance.stock_field != "on_hand":
            waiting = self._waiting(instance, counted)
        countable, result = set(counted.ids), {}
        for location in locations:
            warehouses = location.export_warehouse_ids.ids
            for variant in variants:
                product = variant.product_id.id
                if product not in countable:
                    continue
                units = sum(in_odoo[warehouse, product] for warehouse in warehouses)
                held = sum(waiting[warehouse, product] for warehouse in warehouses)
                result[variant.id, location.id] = quantity_to_send(units, held, self._rule(instance, variant))
        return result

    @api.model
    def _counted(self, products):
        """The products whose stock Odoo counts."""
        return products.filtered("is_storable")

    @api.model
    def _rule(self, instance, variant):
        source = instance if variant.stock_rule == "store" else variant
        return StockRule(Rule(source.stock_rule), source.stock_value, variant.stock_buffer or instance.stock_buffer)

    @api.model
    def _in_odoo(self, instance, products, warehouses):
        """{(warehouse id, product id): units} as Odoo itself computes them."""
        name, found = _FIELDS[instance.stock_field], {}
        for warehouse in warehouses:  # Odoo computes one place at a time, all products together
            for product in products.with_context(warehouse_id=warehouse.id):
                found[warehouse.id, product.id] = product[name]
        return found

    @api.model
    def _waiting(self, instance, products):
        """{(warehouse id, product id): units} of Shopify orders that are no demand in Odoo yet: lines of quotations (held
        ones, too) and orders in queues that have no sale order."""
        waiting = defaultdict(float)
        for warehouse, product, units in [
            *self._in_quotations(instance, products),
            *self._in_queues(instance, products),
        ]:
            waiting[warehouse, product] += units
        return waiting

    @api.model
    def _in_quotations(self, instance, products):
        self.env["sale.order"].flush_model()
        self.env["sale.order.line"].flush_model()
        return self.env.execute_query(
            SQL(
                """SELECT quotation.warehouse_id, line.product_id, SUM(line.product_uom_qty * unit.factor / own.factor)
                     FROM sale_order quotation
                     JOIN sale_order_line line ON line.order_id = quotation.id
                     JOIN product_product product ON product.id = line.product_id
                     JOIN product_template template ON template.id = product.product_tmpl_id
                     JOIN uom_uom unit ON unit.id = line.product_uom_id
                     JOIN uom_uom own ON own.id = template.uom_id
                    WHERE quotation.shopify_instance_id = %s AND quotation.state IN ('draft', 'sent')
                      AND quotation.shopify_cancelled_at IS NULL AND line.product_id = ANY(%s)
                 GROUP BY 1, 2""",
                instance.id,
                list(products.ids),
            )
        )

    @api.model
    def _in_queues(self, instance, products):
        self.env["shopify.queue.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT variant.product_id, waiting.order_units->'locations', SUM(unit.value::int)
                     FROM shopify_queue_line waiting
               CROSS JOIN LATERAL jsonb_each_text(waiting.order_units->'units') unit
                     JOIN shopify_product_variant variant
                       ON variant.instance_id = waiting.instance_id AND variant.shopify_id = unit.key
                    WHERE waiting.instance_id = %s AND waiting.state IN ('draft', 'failed')
                      AND waiting.kind IN ('order_unshipped', 'order_shipped')
                      AND waiting.order_units IS NOT NULL AND variant.product_id = ANY(%s)
                      AND NOT EXISTS (SELECT FROM sale_order known
                                       WHERE known.shopify_instance_id = waiting.instance_id
                                         AND known.shopify_order_id = waiting.shopify_id)
                 GROUP BY 1, 2""",
                instance.id,
                list(products.ids),
            )
        )
        if not rows:
            return []
        places = {
            location.shopify_id: location.warehouse_id.id
            for location in self.env["shopify.location"]
            .with_context(active_test=False)
            .search([("instance_id", "=", instance.id), ("warehouse_id", "!=", False)])
        }
        own = instance.warehouse_id.id
        return [
            (next((places[place] for place in locations or () if place in places), own), product, units)
            for product, locations, units in rows
        ]
