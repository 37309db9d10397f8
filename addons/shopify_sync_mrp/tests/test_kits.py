"""A kit is offered as often as its components allow, whatever moves them."""

from odoo.addons.shopify_sync.tests.stock_case import UNITS, StockCase
from odoo.fields import Command
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestStockKits(StockCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sim.store.add_product("Breakfast set", "KIT-1", "49.00", stock=1)
        cls.kit = cls.make_products(["KIT-1"], is_storable=False)
        cls.cup, cls.plate = cls.products[:2]
        cls.bom = cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": cls.kit.product_tmpl_id.id,
                "type": "phantom",
                "product_qty": 1,
                "bom_line_ids": [
                    Command.create({"product_id": cls.cup.id, "product_qty": 4}),
                    Command.create({"product_id": cls.plate.id, "product_qty": 2}),
                ],
            }
        )
        cls.link(cls.instance, cls.kit)
        cls.env.cr.flush()

    def test_the_scarcest_component_decides_and_its_moves_reach_the_kit(self):
        self.run_changed()
        self.assertEqual(self.at_shopify(self.kit), UNITS // 4)
        self.change_stock(self.cup, -3)
        self.run_changed()
        self.assertEqual(self.at_shopify(self.kit), (UNITS - 3) // 4)
        self.assertEqual(self.at_shopify(self.cup), UNITS - 3)
        self.change_stock(self.plate, -UNITS)
        self.run_changed()
        self.assertEqual(self.at_shopify(self.kit), 0)

    def test_a_kit_in_a_kit_follows_the_components_of_its_parts(self):
        self.sim.store.add_product("Two sets", "KIT-2", "89.00", stock=1)
        double = self.make_products(["KIT-2"], is_storable=False)
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": double.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [Command.create({"product_id": self.kit.id, "product_qty": 2})],
            }
        )
        self.link(self.instance, double)
        self.run_changed()
        self.change_stock(self.cup, -8)
        self.run_changed()
        self.assertEqual(self.at_shopify(double), (UNITS - 8) // 8)

    def test_an_order_of_the_kit_sets_its_components_aside(self):
        self.import_orders(self.place(lines=[("KIT-1", 2)]))
        self.run_changed()
        self.assertEqual(self.at_shopify(self.cup), UNITS - 8)
        self.assertEqual(self.at_shopify(self.kit), (UNITS - 8) // 4)

    def test_a_kit_made_up_anew_is_told_and_a_kit_of_services_is_not_counted(self):
        self.run_changed()
        self.bom.bom_line_ids[0].product_qty = 8
        self.run_changed()
        self.assertEqual(self.at_shopify(self.kit), UNITS // 8)
        self.products[:2].is_storable = False
        self.assertFalse(self.env["shopify.stock.quantities"]._counted(self.kit))

    def test_a_held_order_of_the_kit_leaves_fewer_components_and_one_of_a_component_fewer_kits(self):
        for product, units in ((self.kit, 2), (self.cup, 6)):
            self.env["sale.order"].create(
                {
                    "partner_id": self.env.user.partner_id.id,
                    "warehouse_id": self.warehouse.id,
                    "shopify_instance_id": self.instance.id,
                    "shopify_order_id": f"99{units}",
                    "order_line": [Command.create({"product_id": product.id, "product_uom_qty": units})],
                }
            )
        (self.variants | self.kit.shopify_variant_ids)._mark_stock()
        self.run_changed()
        self.assertEqual(self.at_shopify(self.cup), UNITS - 2 * 4 - 6)
        self.assertEqual(self.at_shopify(self.plate), UNITS - 2 * 2)
        self.assertEqual(self.at_shopify(self.kit), (UNITS - 2 * 4 - 6) // 4)

    def left(self):
        """(cups, plates, kits) that Shopify offers, after what the transaction itself has marked was sent."""
        self.run_changed()
        return tuple(self.at_shopify(product) for product in (self.cup, self.plate, self.kit))

    def test_a_held_order_of_the_kit_is_taken_off_its_components_at_once_and_back_when_it_is_cancelled(self):
        (self.variants | self.kit.shopify_variant_ids)._mark_stock()
        self.assertEqual(self.left(), (UNITS, UNITS, UNITS // 4))
        order = self.place(lines=[("KIT-1", 2)], risk="HIGH")
        self.run_operation("order_by_id", source="by_id", tokens=str(order.id))
        self.assertEqual(self.left(), (UNITS - 8, UNITS - 4, (UNITS - 8) // 4), "waiting in the queue")
        self.process()
        quotation = self.sale_order(order)
        self.assertEqual(quotation.state, "draft")
        self.assertEqual(self.left(), (UNITS - 8, UNITS - 4, (UNITS - 8) // 4), "held")
        quotation.order_line.filtered(lambda line: line.product_id == self.kit).product_uom_qty = 3
        self.assertEqual(self.left(), (UNITS - 12, UNITS - 6, (UNITS - 12) // 4), "edited")
        quotation._action_cancel()
        self.assertEqual(self.left(), (UNITS, UNITS, UNITS // 4), "cancelled")

    def test_a_held_order_of_the_kit_that_a_person_confirms_is_taken_off_once(self):
        (self.variants | self.kit.shopify_variant_ids)._mark_stock()
        order = self.place(lines=[("KIT-1", 2)], risk="HIGH")
        self.import_orders(order)
        self.assertEqual(self.left(), (UNITS - 8, UNITS - 4, (UNITS - 8) // 4))
        self.sale_order(order).action_shopify_confirm_risk()
        self.assertEqual(self.sale_order(order).state, "sale")
        self.assertEqual(self.left(), (UNITS - 8, UNITS - 4, (UNITS - 8) // 4))

    def test_a_waiting_order_of_the_kit_that_is_given_up_gives_its_components_back(self):
        (self.variants | self.kit.shopify_variant_ids)._mark_stock()
        order = self.place(lines=[("KIT-1", 2)])
        self.run_operation("order_by_id", source="by_id", tokens=str(order.id))
        self.assertEqual(self.left(), (UNITS - 8, UNITS - 4, (UNITS - 8) // 4))
        self.queue_line(order)._set_cancelled("Not ours")
        self.assertEqual(self.left(), (UNITS, UNITS, UNITS // 4))

    def test_kits_that_share_a_component_follow_an_order_of_one_of_them(self):
        self.sim.store.add_product("Cup with a tin", "KIT-3", "19.00", stock=1)
        tin_set = self.make_products(["KIT-3"], is_storable=False)
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": tin_set.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [Command.create({"product_id": self.cup.id, "product_qty": 1})],
            }
        )
        self.link(self.instance, tin_set)
        self.run_changed()
        self.import_orders(self.place(lines=[("KIT-1", 2)], risk="HIGH"))
        self.run_changed()
        self.assertEqual(self.at_shopify(tin_set), UNITS - 8)
