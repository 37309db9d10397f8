"""A store that ships from several warehouses: each line leaves from the warehouse of its location in Shopify."""

from odoo.tests import tagged

from .common_shipments import ShipmentCase


@tagged("post_install", "-at_install")
class TestSeveralWarehouses(ShipmentCase):
    store_values = {"multi_warehouse": True}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.main = cls.instance.warehouse_id
        cls.west = cls.env["stock.warehouse"].create({"name": "West", "code": "WEST"})
        for product in cls.products:
            cls.env["stock.quant"]._update_available_quantity(product, cls.west.lot_stock_id, 100)
        for location in cls.instance.location_ids:
            location.warehouse_id = cls.west if location.name == "West Warehouse" else cls.main

    def split(self, lines=None, **options):
        """An order whose second product leaves from the west."""
        order = self.place(lines=lines or [(self.skus[0], 2), (self.skus[1], 1)], **options)
        self.sim.store.move(order, "West Warehouse", lines={self.skus[1]: 1})
        return order

    def warehouses(self, sale_order):
        """{SKU: (warehouse chosen for the line, warehouse that delivers it)}"""
        goods = sale_order.order_line.filtered(lambda line: line.product_id in self.products)
        return {
            line.product_id.default_code: (line.shopify_warehouse_id, line.move_ids.picking_type_id.warehouse_id)
            for line in goods
        }

    def test_each_line_is_delivered_from_the_warehouse_of_its_location(self):
        order = self.split(shipping="5.00")
        self.import_orders(order)
        sale_order = self.sale_order(order)
        self.assertEqual(
            self.warehouses(sale_order),
            {self.skus[0]: (self.main, self.main), self.skus[1]: (self.west, self.west)},
        )
        self.assertEqual(len(sale_order.picking_ids), 2)

    def test_each_delivery_is_one_fulfilment_of_its_own_location(self):
        order = self.split()
        self.import_orders(order)
        for picking in self.sale_order(order).picking_ids:
            picking.move_ids.picked = True
            picking.with_user(self.packer).with_context(skip_sms=True).button_validate()
        self.send()
        self.assertCountEqual(
            self.shipped(order), [({self.skus[0]: 2}, [], "Main Warehouse"), ({self.skus[1]: 1}, [], "West Warehouse")]
        )

    def test_what_shopify_ships_from_one_location_validates_that_delivery_alone(self):
        order = self.split()
        self.import_orders(order)
        self.sim.store.fulfil(order, lines={self.skus[1]: 1}, location="West Warehouse")
        self.import_orders(order)
        states = {picking.picking_type_id.warehouse_id: picking.state for picking in self.sale_order(order).picking_ids}
        self.assertEqual(states[self.west], "done")
        self.assertNotEqual(states[self.main], "done")

    def test_a_line_added_later_leaves_from_its_own_location_too(self):
        self.instance.change_policy = "automatic"
        order = self.split()
        self.import_orders(order)
        self.sim.clock.advance(60)
        self.sim.store.edit(order, add=[{"sku": self.skus[2], "quantity": 1}])
        self.sim.store.move(order, "West Warehouse", lines={self.skus[2]: 1})
        self.import_orders(order)
        found = self.warehouses(self.sale_order(order))
        self.assertEqual(found[self.skus[2]], (self.west, self.west))

    def test_a_person_chooses_another_warehouse_for_a_line_of_a_quotation(self):
        order = self.place(lines=[(self.skus[0], 2), (self.skus[1], 1)], risk="HIGH")
        self.import_orders(order)
        sale_order = self.sale_order(order)
        lines = sale_order.order_line.filtered(lambda line: line.product_id in self.products)
        self.assertFalse(lines.shopify_warehouse_id, "one location ships the order: its warehouse is the order's")
        lines[1].shopify_warehouse_id = self.west
        sale_order.action_shopify_confirm_risk()
        self.assertEqual(self.warehouses(sale_order)[self.skus[1]], (self.west, self.west))
        self.assertEqual(self.warehouses(sale_order)[self.skus[0]][1], self.main)

    def test_off_one_warehouse_delivers_the_whole_order_and_nothing_more_is_read(self):
        self.instance.multi_warehouse = False
        order = self.split()
        self.import_orders(order)
        sale_order = self.sale_order(order)
        self.assertEqual(len(sale_order.picking_ids), 1)
        self.assertFalse(sale_order.order_line.shopify_warehouse_id)
        self.assertFalse(self.sent("OrderLocations"))
        self.instance.multi_warehouse = True
        self.import_orders(self.place())
        self.assertFalse(self.sent("OrderLocations"), "an order of one location costs no request more")
