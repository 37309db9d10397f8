"""Stock changed in Odoo reaches the store by itself: what, when, where, and what it does not touch."""

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .stock_case import UNITS, StockCase


@tagged("post_install", "-at_install")
class TestStockByItself(StockCase):
    def test_a_change_of_stock_reaches_shopify_and_nothing_else_is_asked_or_written(self):
        product, other = self.products[:2]
        self.change_stock(product, 5)
        self.run_changed()
        self.assertEqual(self.at_shopify(product), UNITS + 5)
        self.assertEqual(self.at_shopify(other), 7)
        self.assertEqual([request.operation for request in self.sim.requests], ["Levels", "InventorySetQuantities"])
        line = self.stock_lines()
        self.assertEqual((line.state, line.quantity_before, line.quantity_sent), ("done", 7, UNITS + 5))
        self.assertTrue(line.queue_id.name.startswith("SKQ"))
        self.assertEqual(self.variants[0].stock_sent, UNITS + 5)

    def test_the_job_is_woken_by_the_transaction_that_moves_stock_and_by_no_other_product(self):
        job = self.instance._schedule("stock_export")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", job.id)])
        triggers.unlink()
        unknown = self.env["product.product"].create({"name": "Other", "is_storable": True})
        self.change_stock(unknown, 5)
        self.commit()
        self.assertFalse(self.env["ir.cron.trigger"].search([("cron_id", "=", job.id)]))
        self.change_stock(self.products[0], 5)
        self.change_stock(self.products[1], 5)
        self.commit()
        self.assertEqual(len(self.env["ir.cron.trigger"].search([("cron_id", "=", job.id)])), 1)
        self.assertEqual(self.env["shopify.stock.change"].search([]).variant_id, self.variants[:2])

    def test_many_moves_of_a_transaction_are_noted_in_one_statement(self):
        self.commit()
        before = self.env["shopify.stock.change"].search_count([])
        with self.assertQueryCount(60):  # the statement and the wake-up beside Odoo's own
            for product in self.products:
                self.change_stock(product, 1)
            self.env.cr.precommit.run()
        self.assertEqual(self.env["shopify.stock.change"].search_count([]) - before, len(self.products))

    def test_a_reservation_is_taken_off_and_a_delivery_changes_nothing_more(self):
        product = self.products[0]
        order = self.place(lines=[(self.skus[0], 3)])
        self.import_orders(order)
        self.run_changed()
        self.assertEqual(self.at_shopify(product), UNITS - 3)
        self.sim.requests.clear()
        self.sale_order(order).picking_ids.button_validate()
        self.run_changed()
        self.assertEqual(self.at_shopify(product), UNITS - 3)
        self.assertFalse(self.asked("InventorySetQuantities"))

    def test_an_import_that_says_what_shopify_knows_is_no_echo(self):
        product = self.products[0]
        self.change_stock(product, 1)
        self.run_changed()
        self.sim.requests.clear()
        order = self.place(lines=[(self.skus[0], 2)])  # Shopify sets two units aside itself
        self.import_orders(order)
        self.sim.requests.clear()
        self.run_changed()
        self.assertEqual(self.at_shopify(product), UNITS - 1)
        self.assertEqual([request.operation for request in self.sim.requests], ["Levels"])
        self.sim.requests.clear()
        self.run_changed()
        self.assertFalse(self.sim.requests, "nothing changes, nothing is asked: no loop")

    def test_two_units_sold_and_one_received_are_told_though_the_sum_was_sent_before(self):
        product = self.products[0]
        self.change_stock(product, 1)
        self.run_changed()
        self.import_orders(self.place(lines=[(self.skus[0], 2)]))
        self.change_stock(product, 2)
        self.run_changed()
        self.assertEqual(self.at_shopify(product), UNITS + 1, "Odoo's figure is the last one sent, Shopify's is not")

    def test_an_order_that_waits_in_a_queue_is_taken_off_once(self):
        product = self.products[0]
        order = self.place(lines=[(self.skus[0], 4)])
        self.run_operation("order_by_id", source="by_id", tokens=str(order.id))
        self.change_stock(product, 1)
        self.run_changed()
        self.assertEqual(self.at_shopify(product), UNITS + 1 - 4, "queued")
        self.process()
        self.run_changed()
        self.assertEqual(self.at_shopify(product), UNITS + 1 - 4, "reserved")

    def test_a_held_quotation_is_taken_off(self):
        product = self.products[0]
        self.import_orders(self.place(lines=[(self.skus[0], 4)], risk="HIGH"))
        self.assertEqual(self.env["sale.order.line"].search([("product_id", "=", product.id)]).order_id.state, "draft")
        self.change_stock(product, 1)
        self.run_changed()
        self.assertEqual(self.at_shopify(product), UNITS + 1 - 4)

    def test_a_held_order_is_taken_off_by_the_rule_and_not_by_units_and_wakes_no_store_that_sends_what_is_on_hand(self):
        product = self.products[0]
        self.instance.write({"stock_rule": "maximum", "stock_value": 10})
        self.run_changed()
        order = self.place(lines=[(self.skus[0], 4)], risk="HIGH")
        self.assertEqual(self.at_shopify(product), 6, "Shopify takes off units")
        self.import_orders(order)
        self.run_changed()
        self.assertEqual(self.at_shopify(product), 10, "36 are left, 10 may be offered")
        self.instance.stock_field = "on_hand"
        self.run_changed()
        self.import_orders(self.place(lines=[(self.skus[0], 1)], risk="HIGH"))
        self.commit()
        self.assertFalse(self.env["shopify.stock.change"].search([]))

    def test_what_is_on_hand_is_sent_as_it_is_when_the_store_is_set_so(self):
        self.instance.stock_field = "on_hand"
        self.import_orders(self.place(lines=[(self.skus[0], 4)]))
        self.change_stock(self.products[0], 1)
        self.run_changed()
        self.assertEqual(self.at_shopify(self.products[0]), UNITS + 1)

    def test_a_forecast_counts_what_is_coming(self):
        self.instance.stock_field = "forecast"
        self.run_changed()
        supplier = self.env.ref("stock.stock_location_suppliers")
        move = self.env["stock.move"].create(
            {
                "product_id": self.products[0].id,
                "product_uom_qty": 10,
                "location_id": supplier.id,
                "location_dest_id": self.warehouse.lot_stock_id.id,
            }
        )
        move._action_confirm()
        self.run_changed()
        self.assertEqual(self.at_shopify(self.products[0]), UNITS + 10)

    def test_before_the_first_export_is_confirmed_nothing_is_sent_and_the_log_says_so(self):
        self.instance.stock_confirmed_at = False
        self.change_stock(self.products[0], 5)
        self.run_changed()
        self.assertFalse(self.sim.requests)
        self.assertEqual(self.logs(cause="stock_unconfirmed").severity, "warning")

    def test_a_copy_of_the_database_sends_nothing(self):
        self.env["ir.config_parameter"].set_param("database.is_neutralized", "True")
        self.change_stock(self.products[0], 5)
        self.run_changed()
        self.assertFalse(self.asked("InventorySetQuantities"))
        self.assertEqual(self.stock_lines().state, "draft")
        self.assertIn("copy", self.logs(cause="stock_refused").message)

    def test_an_archived_store_is_told_nothing_and_everything_once_it_is_back(self):
        self.sim.requests.clear()
        self.instance.active = False
        self.change_stock(self.products[0], 1)
        self.commit()
        self.assertFalse(self.env["shopify.stock.change"].search([]))
        with self.own_cursor() as env:
            self.instance.with_env(env)._run_scheduled("stock_export")
        self.assertFalse(self.asked("InventorySetQuantities"))
        self.instance.active = True
        self.run_changed()
        self.assertEqual(self.at_shopify(self.products[0]), UNITS + 1)

    def test_a_missing_permission_is_one_log_line_and_stops_nothing_else(self):
        self.instance.scope_ids.filtered(lambda row: row.function == "stock_out").write(
            {"works": False, "missing": "write_inventory"}
        )
        self.change_stock(self.products[0], 5)
        self.run_changed()
        self.assertIn("write_inventory", self.logs(cause="stock_refused").message)
        self.run_changed()
        self.assertEqual(self.logs(cause="stock_refused").count, 2, "one line, counted")


@tagged("post_install", "-at_install")
class TestStockRules(StockCase):
    def sent(self, product=None):
        self.run_changed()
        return self.at_shopify(product or self.products[0])

    def test_a_rule_of_the_store_a_rule_of_a_variant_and_buffers(self):
        variant = self.variants[0]
        self.instance.write({"stock_rule": "percentage", "stock_value": 50})
        self.assertEqual(self.sent(), 20)
        self.assertEqual(self.at_shopify(self.products[1]), 20, "a rule of the store is for all variants")
        self.instance.stock_buffer = 3
        self.assertEqual(self.sent(), 17)
        variant.write({"stock_rule": "maximum", "stock_value": 10})
        self.assertEqual(self.sent(), 7)
        variant.stock_buffer = 1
        self.assertEqual(self.sent(), 9)
        variant.write({"stock_rule": "fixed", "stock_value": 5})
        self.assertEqual(self.sent(), 5)
        self.assertEqual(self.at_shopify(self.products[1]), 17)

    def test_a_rule_changed_on_one_variant_asks_for_that_one_only(self):
        self.run_changed()
        self.sim.requests.clear()
        self.variants[0].write({"stock_rule": "fixed", "stock_value": 5})
        self.run_changed()
        (read,) = self.asked("Levels")
        self.assertEqual(len(read.variables["ids"]), 1)

    def test_a_user_sets_a_rule_on_the_variants_form_and_it_is_sent(self):
        with Form(self.variants[0].with_user(self.user)) as form:
            form.stock_rule = "percentage"
            self.assertEqual(form.stock_value, 100, "a rule just chosen does not empty the shop")
            form.stock_value = 25
            form.stock_buffer = 2
        self.assertEqual(self.sent(), UNITS // 4 - 2)
        level = self.variants[0].level_ids.filtered(lambda one: one.location_id == self.main)
        self.assertEqual(level.quantity, UNITS // 4 - 2)
        self.assertTrue(level.sent_at)

    def test_a_value_below_zero_is_refused_in_words_that_name_the_record(self):
        variant = self.variants[0]
        for values, words in (
            ({"stock_rule": "percentage", "stock_value": -1}, "Percentage"),
            ({"stock_rule": "maximum", "stock_value": -1}, "Maximum"),
            ({"stock_buffer": -1}, "buffer"),
        ):
            with self.assertRaisesRegex(ValidationError, words) as found, self.env.cr.savepoint():
                variant.write(values)
            self.assertIn(variant.display_name, str(found.exception))
            self.env.invalidate_all(flush=False)
        with self.assertRaisesRegex(ValidationError, self.instance.name):
            self.instance.write({"stock_rule": "fixed", "stock_value": -1})

    def test_what_is_less_than_nothing_is_nothing(self):
        self.change_stock(self.products[0], -(UNITS + 5))
        self.assertEqual(self.sent(), 0)

    def test_untracked_and_uncounted_products_are_left_out(self):
        self.variants[0].tracked = False
        self.products[1].is_storable = False
        for product in self.products[:2]:
            self.change_stock(product, 1)
        self.run_changed()
        self.assertFalse(self.stock_lines())
        wizard = self.export()
        self.assertIn("1 variants are not counted in Shopify", wizard.result)
        self.assertIn("1 products are not counted in Odoo", wizard.result)

    def test_an_item_that_shopify_stopped_counting_is_skipped_and_remembered(self):
        self.sim.store.variant_by_sku(self.skus[0]).inventory_item.tracked = False
        self.addCleanup(setattr, self.sim.store.variant_by_sku(self.skus[0]).inventory_item, "tracked", True)
        self.change_stock(self.products[0], 1)
        self.run_changed()
        self.assertEqual(self.stock_lines().state, "skipped")
        self.assertFalse(self.variants[0].tracked)


@tagged("post_install", "-at_install")
class TestStockPlaces(StockCase):
    def setUp(self):
        super().setUp()
        self.second = self.env["stock.warehouse"].create({"name": "West", "code": "WEST"})
        self.west = self.env["shopify.location"].search([("name", "=", "West Warehouse")])

    def test_a_new_location_waits_until_a_person_has_saved_its_warehouses(self):
        self.assertTrue(self.west.stock_to_check)
        self.assertEqual(self.west.export_warehouse_ids, self.warehouse, "suggested")
        self.assertFalse(self.main.stock_to_check, "the store's first location is taken as it is")
        self.change_stock(self.products[0], 1)
        self.run_changed()
        self.assertEqual(self.at_shopify(self.products[0], 1), 7)
        self.west.export_warehouse_ids = self.second
        self.change_stock(self.products[0], 9, self.second)
        self.run_changed()
        self.assertEqual(self.at_shopify(self.products[0], 1), 9)
        self.assertEqual(self.at_shopify(self.products[0], 0), UNITS + 1)

    def test_a_location_shows_the_sum_of_its_warehouses_and_shared_ones_are_warned_of(self):
        self.main.export_warehouse_ids = self.warehouse + self.second
        self.west.export_warehouse_ids = self.second
        self.change_stock(self.products[0], 9, self.second)
        self.run_changed()
        self.assertEqual(self.at_shopify(self.products[0], 0), UNITS + 9)
        self.assertEqual(self.at_shopify(self.products[0], 1), 9)
        self.assertIn(self.main.name, self.west.stock_warning)
        self.assertIn(self.west.name, self.main.stock_warning)
        self.west.stock_to_check = True
        self.main.invalidate_recordset(["stock_warning"])
        self.assertFalse(self.main.stock_warning, "nothing is offered there yet")
        self.assertTrue(self.west.stock_warning, "it would be once confirmed")

    def test_a_location_of_a_fulfilment_service_is_never_written(self):
        service = self.env["shopify.location"].with_context(active_test=False).search([("kind", "=", "service")])
        self.assertFalse(service.export_warehouse_ids)
        with self.assertRaisesRegex(UserError, "fulfilment service"):
            service.export_warehouse_ids = self.warehouse

    def test_a_location_deactivated_in_shopify_is_left_alone_and_the_others_are_sent(self):
        self.west.export_warehouse_ids = self.second
        self.change_stock(self.products[0], 9, self.second)
        self.change_stock(self.products[0], 1)
        self.sim.store.locations[1].is_active = False
        self.run_changed()
        self.assertEqual(self.at_shopify(self.products[0], 0), UNITS + 1)
        self.assertFalse(self.west.active)
        lines = self.stock_lines()
        closed = lines.filtered(lambda line: line.location_id == self.west)
        self.assertEqual(set(closed.mapped("state")), {"skipped"})
        self.change_stock(self.products[0], 1)
        self.sim.requests.clear()
        self.run_changed()
        self.assertEqual(len(self.asked("Levels")), 1, "the closed location is not asked for any more")

    def test_a_location_opened_again_is_told_what_it_missed(self):
        self.run_changed()
        self.main.active = False
        self.change_stock(self.products[0], 5)
        self.run_changed()
        self.assertNotEqual(self.at_shopify(self.products[0]), UNITS + 5)
        self.main.active = True
        self.run_changed()
        self.assertEqual(self.at_shopify(self.products[0]), UNITS + 5)

    def test_an_item_not_stocked_at_a_location_is_activated_there_and_set(self):
        product = self.sim.store.add_product("Vase", "VASE", "9.00", stock=4)
        self.assertIsNone(self.sim.store.stock("VASE", self.sim.store.locations[1]))
        vase = self.make_products(["VASE"])
        self.link(self.instance, vase)
        self.west.export_warehouse_ids = self.second
        self.change_stock(vase, 6, self.second)
        self.run_changed()
        self.assertEqual(self.sim.store.stock("VASE", self.sim.store.locations[1]), 6)
        self.assertEqual(len(self.asked("InventoryActivate")), 1)
        self.assertTrue(product)

    def test_nothing_to_offer_is_no_reason_to_stock_an_item_at_a_location(self):
        self.sim.store.add_product("Vase", "VASE2", "9.00", stock=4)
        vase = self.make_products(["VASE2"])
        self.link(self.instance, vase)
        self.west.export_warehouse_ids = self.second
        self.run_changed()
        self.assertIsNone(self.sim.store.stock("VASE2", self.sim.store.locations[1]))
        self.assertFalse(self.asked("InventoryActivate"))

    def test_without_any_export_warehouse_the_dialog_says_where_to_choose_them(self):
        self.main.export_warehouse_ids = [Command.clear()]
        with self.assertRaisesRegex(UserError, "Shopify Locations"):
            self.export()
