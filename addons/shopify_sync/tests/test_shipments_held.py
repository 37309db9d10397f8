"""What Shopify does not let through waits or is left alone, with the reason; nothing is lost and nothing shipped twice."""

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_shipments import ShipmentCase

HANDLER = "odoo.addons.shopify_sync.models.runner_out"


@tagged("post_install", "-at_install")
class TestShipmentsHeld(ShipmentCase):
    def two_lines(self, **options):
        return self.bring_and_ship(lines=[(self.skus[0], 2), (self.skus[1], 1)], **options)

    def test_an_order_on_hold_waits_and_goes_when_the_hold_is_released(self):
        order = self.place()
        self.import_orders(order)
        self.sim.store.hold(order, "INCORRECT_ADDRESS", "Street is missing")
        picking = self.ship(self.sale_order(order))
        self.send()
        self.assertEqual((self.shipped(order), picking.shopify_send_state), ([], "waiting"))
        self.assertIn("Street is missing", picking.shopify_send_note)
        self.assertEqual((self.line_of(picking).state, self.line_of(picking).attempts), ("draft", 0))
        self.assertFalse(picking.shopify_manual_action)
        self.sim.store.release_hold(order)
        self.run_operation("fulfilment_export")
        self.assertEqual((len(self.shipped(order)), picking.shopify_send_state), (1, "sent"))
        self.assertFalse(picking.shopify_send_note)

    def test_a_scheduled_order_waits(self):
        order = self.place()
        self.import_orders(order)
        self.sim.store.schedule(order, "2030-01-01T00:00:00Z")
        picking = self.ship(self.sale_order(order))
        self.send()
        self.assertEqual(picking.shopify_send_state, "waiting")
        self.assertIn("2030", picking.shopify_send_note)

    def test_an_order_split_over_two_locations_makes_two_shipments(self):
        order = self.place(lines=[(self.skus[0], 2), (self.skus[1], 1)])
        self.import_orders(order)
        self.sim.store.move(order, "West Warehouse", lines={self.skus[1]: 1})
        picking = self.ship(self.sale_order(order), tracking="T1")
        self.send()
        self.assertCountEqual(
            self.shipped(order),
            [({self.skus[0]: 2}, ["T1"], "Main Warehouse"), ({self.skus[1]: 1}, ["T1"], "West Warehouse")],
        )
        self.assertEqual(len(picking.shopify_fulfillment_ref.split(",")), 2)
        self.import_orders(order)
        self.assertEqual(len(self.sale_order(order).picking_ids), 1)
        picking.carrier_tracking_ref = "T2"
        self.send()
        self.assertEqual([numbers for _units, numbers, _place in self.shipped(order)], [["T2"], ["T2"]])

    def test_the_location_of_the_warehouse_is_preferred(self):
        order = self.place(lines=[(self.skus[0], 4)])
        self.import_orders(order)
        self.sim.store.move(order, "West Warehouse", lines={self.skus[0]: 2})
        west = self.instance.location_ids.filtered(lambda one: one.name == "West Warehouse")
        other = self.env["stock.warehouse"].create({"name": "Elsewhere", "code": "ELSE"})
        (self.instance.location_ids - west).warehouse_id = other
        self.ship(self.sale_order(order), units=2)
        self.send()
        self.assertEqual(self.shipped(order), [({self.skus[0]: 2}, [], "West Warehouse")])

    def test_a_delivery_names_where_it_left_from_also_when_that_location_is_archived(self):
        order = self.place()
        self.import_orders(order)
        main = self.instance.location_ids.filtered(lambda one: one.name == "Main Warehouse")
        main.active = False
        picking = self.ship(self.sale_order(order))
        self.send()
        self.assertTrue(picking.shopify_sent)
        self.assertEqual(picking.shopify_location_id, main)

    def test_when_the_second_of_two_requests_is_lost_only_that_one_is_made_good(self):
        order = self.place(lines=[(self.skus[0], 2), (self.skus[1], 1)])
        self.import_orders(order)
        self.sim.store.move(order, "West Warehouse", lines={self.skus[1]: 1})
        picking = self.ship(self.sale_order(order))
        self.sim.faults.add("lost", "FulfillmentCreate", after=1)
        self.send()
        self.assertEqual(len(picking.shopify_shipped_units), 1)
        self.later(picking)
        self.assertEqual((len(self.shipped(order)), self.sent("FulfillmentCreate")), (2, 2))
        self.assertEqual((picking.shopify_sent, len(picking.shopify_shipped_units)), (True, 2))

    def test_an_order_that_is_split_while_it_is_sent_is_read_again(self):
        order, _sale_order, picking = self.two_lines()
        self.meanwhile(lambda: self.sim.store.move(order, "West Warehouse", lines={self.skus[0]: 2}))
        self.send()
        self.assertCountEqual([place for *_rest, place in self.shipped(order)], ["Main Warehouse", "West Warehouse"])
        self.assertTrue(picking.shopify_sent)

    def test_an_order_that_is_moved_wholly_while_it_is_sent_ships_from_where_it_is_now(self):
        order, _sale_order, picking = self.two_lines()
        self.meanwhile(lambda: self.sim.store.move(order, "West Warehouse"))
        self.send()
        self.assertEqual([place for *_rest, place in self.shipped(order)], ["West Warehouse"])
        self.assertTrue(picking.shopify_sent)

    def test_an_order_put_on_hold_while_it_is_sent_waits_and_does_not_fail(self):
        order, _sale_order, picking = self.two_lines()
        self.meanwhile(lambda: self.sim.store.hold(order, "HIGH_RISK_OF_FRAUD", "Call first"))
        self.send()
        self.assertEqual((self.shipped(order), picking.shopify_send_state), ([], "waiting"))
        self.assertIn("Call first", picking.shopify_send_note)
        self.assertFalse(picking.shopify_manual_action)
        self.sim.store.release_hold(order)
        self.run_operation("fulfilment_export")
        self.assertEqual((len(self.shipped(order)), picking.shopify_sent), (1, True))

    def meanwhile(self, change):
        """What somebody does in Shopify between the order's being read and its being sent, the first time."""
        handler = self.env["shopify.handler.shipment"]
        read = type(handler)._read_order
        turns = []

        def read_then_changed(model, instance, order_id):
            found = read(model, instance, order_id)
            if not turns:
                turns.append(change())
            return found

        self.patch(type(handler), "_read_order", read_then_changed)

    def partly_by_a_service(self, units=2):
        order = self.place(lines=[(self.skus[0], 1), (self.skus[1], 2)])
        self.sim.store.move(order, "Parcel Partner", lines={self.skus[1]: units})
        self.import_orders(order)
        return order, self.delivery(self.sale_order(order))

    def by_services(self):
        return self.env["stock.picking"].search([("shopify_service_count", ">", 0)])

    def test_an_open_delivery_says_which_units_a_fulfilment_service_ships(self):
        _order, picking = self.partly_by_a_service()
        note = picking.with_user(self.packer).shopify_service_note
        self.assertIn("2 units of this delivery are shipped by Parcel Partner", note)
        self.assertIn(f"2 × {self.products[1].display_name}", note)
        self.assertNotIn(self.products[0].name, note)
        self.assertEqual(self.by_services(), picking)
        self.assertEqual(sum("Parcel Partner" in body for body in picking.message_ids.mapped("body")), 1)
        view = self.env["stock.picking"].with_user(self.packer).get_view(view_type="form")
        self.assertIn("shopify_service_note", view["arch"], "who packs sees it without a Shopify role")

    def test_an_order_that_a_service_ships_wholly_says_so(self):
        order = self.place()
        self.sim.store.move(order, "Parcel Partner")
        self.import_orders(order)
        note = self.delivery(self.sale_order(order)).shopify_service_note
        self.assertIn("One unit of this delivery is shipped by Parcel Partner", note)

    def test_what_a_service_ships_is_renewed_when_shopify_assigns_it_anew(self):
        order, picking = self.partly_by_a_service(units=1)
        self.assertEqual(picking.shopify_service_count, 1)
        self.sim.clock.advance(60)
        group = next(one for one in order.fulfillment_orders if one.location.name == "Main Warehouse")
        self.sim.store.move(order, "Parcel Partner", fulfillment_order=group)
        self.import_orders(order)
        self.assertEqual(picking.shopify_service_count, 3)
        self.sim.clock.advance(60)
        for group in [one for one in order.fulfillment_orders if one.open]:
            self.sim.store.move(order, "Main Warehouse", fulfillment_order=group)
        self.import_orders(order)
        self.assertEqual((picking.shopify_service_count, picking.shopify_service_note), (0, False))
        self.assertFalse(self.by_services())

    def test_the_warehouse_of_the_service_delivers_its_units_by_itself(self):
        partners = self.env["stock.warehouse"].create({"name": "Partner", "code": "PART"})
        self.instance.location_ids.filtered(lambda one: one.name == "Parcel Partner").warehouse_id = partners
        self.instance.multi_warehouse = True
        _order, pickings = self.partly_by_a_service()
        self.assertEqual(len(pickings), 2)
        theirs = pickings.filtered(lambda one: one.picking_type_id.warehouse_id == partners)
        self.assertEqual(theirs.move_ids.product_id, self.products[1])
        self.assertFalse(self.by_services(), "nobody ships a unit of the service from our shelves")

    def test_what_a_fulfilment_service_ships_is_left_alone(self):
        order = self.place(lines=[(self.skus[0], 2), (self.skus[1], 1)])
        self.import_orders(order)
        self.sim.store.move(order, "Parcel Partner", lines={self.skus[1]: 1})
        picking = self.ship(self.sale_order(order))
        self.send()
        self.assertEqual(self.shipped(order), [({self.skus[0]: 2}, [], "Main Warehouse")])
        self.assertTrue(picking.shopify_sent)
        self.assertIn("fulfilment service", picking.shopify_send_note)
        self.assertEqual(self.line_of(picking).state, "done")

    def test_a_delivery_that_a_service_ships_wholly_is_not_sent_and_not_asked_for_again(self):
        order = self.place()
        self.import_orders(order)
        self.sim.store.move(order, "Parcel Partner")
        picking = self.ship(self.sale_order(order))
        self.send()
        self.assertEqual((self.shipped(order), picking.shopify_send_state), ([], "left_out"))
        self.sim.requests.clear()
        self.run_operation("fulfilment_export")
        self.assertEqual(self.sent("OrderToShip"), 0)

    def test_what_shopify_has_shipped_already_is_marked_as_sent(self):
        order, sale_order, picking = self.bring_and_ship(lines=[(self.skus[0], 2)])
        self.sim.store.fulfil(order)
        self.send()
        self.assertEqual((picking.shopify_sent, self.sent("FulfillmentCreate")), (True, 0))
        self.assertIn("already", picking.shopify_send_note)
        self.import_orders(order)
        self.assertEqual(len(sale_order.picking_ids), 1)

    def test_a_shipment_made_there_for_a_done_delivery_is_this_delivery(self):
        self.instance.send_shipments = False
        order, sale_order, picking = self.bring_and_ship(units=1, lines=[(self.skus[0], 2)])
        self.sim.store.fulfil(order, lines={self.skus[0]: 1})
        self.import_orders(order)
        self.assertTrue(picking.shopify_sent)
        self.assertEqual(self.delivery(sale_order).move_ids.product_uom_qty, 1)

    @mute_logger(HANDLER)
    def test_more_than_shopify_wants_fails_with_both_numbers(self):
        order = self.place(lines=[(self.skus[0], 3)])
        self.import_orders(order)
        self.sim.store.edit(order, quantities={self.skus[0]: 1})
        picking = self.ship(self.sale_order(order))
        self.send()
        self.assertEqual([units for units, *_rest in self.shipped(order)], [{self.skus[0]: 1}])
        self.assertEqual(picking.shopify_send_state, "failed")
        self.assertIn("delivered 3, open in Shopify 1", picking.shopify_manual_action)
        self.assertEqual(len(picking.activity_ids), 1)
        log = self.logs(cause="more_than_open")
        self.assertEqual((log.fix_action, log.res_id), ("delivery", picking.id))
        with self.own_cursor(self.user) as env:
            self.line_of(picking).with_env(env)._set_cancelled("Agreed with the customer")
        self.assertEqual((picking.shopify_send_state, len(picking.activity_ids)), ("left_out", 0))

    def test_a_risky_order_is_not_sent_until_a_person_confirms(self):
        order, sale_order, _picking = self.bring_and_ship(units=1, lines=[(self.skus[0], 2)])
        self.send()
        sale_order.shopify_risk_state = "held"
        second = self.ship(sale_order)
        self.send()
        self.assertEqual((len(self.shipped(order)), second.shopify_send_state), (1, "waiting"))
        sale_order.shopify_risk_state = "confirmed"
        self.run_operation("fulfilment_export")
        self.assertEqual(len(self.shipped(order)), 2)

    def test_an_order_cancelled_in_shopify_is_not_shipped_and_a_person_is_told(self):
        order, _sale_order, picking = self.bring_and_ship()
        self.sim.store.cancel(order)
        self.send()
        self.assertEqual((self.shipped(order), picking.shopify_send_state), ([], "left_out"))
        self.assertEqual(len(picking.activity_ids), 1)

    def test_services_go_with_the_first_delivery(self):
        service = {"sku": "WRAP", "title": "Gift wrap", "price": "3.00", "custom": True, "requires_shipping": False}
        order, sale_order, _picking = self.bring_and_ship(units=1, lines=[(self.skus[0], 2), service])
        self.send()
        self.ship(sale_order)
        self.send()
        self.assertEqual(
            [units for units, _numbers, _place in self.shipped(order)],
            [{self.skus[0]: 1, "WRAP": 1}, {self.skus[0]: 1}],
        )
        self.import_orders(order)
        self.assertEqual(len(sale_order.picking_ids), 2)

    def test_an_order_of_services_is_sent_when_it_is_paid(self):
        service = {"sku": "HELP", "title": "Consulting", "price": "3.00", "custom": True, "requires_shipping": False}
        order = self.place(lines=[service])
        self.import_orders(order)
        sale_order = self.sale_order(order)
        self.assertFalse(sale_order.picking_ids)
        self.send()
        self.assertEqual([units for units, *_rest in self.shipped(order)], [{"HELP": 1}])
        self.assertTrue(sale_order.shopify_services_sent)
        self.run_operation("fulfilment_export")
        self.assertEqual(self.sent("FulfillmentCreate"), 1)

    def test_goods_that_are_a_service_in_odoo_are_never_called_shipped(self):
        self.instance.unknown_product = "placeholder"
        unknown = next(sku for sku in self.sim.store.skus() if sku not in self.skus)
        order = self.place(lines=[unknown])
        self.import_orders(order)
        sale_order = self.sale_order(order)
        self.assertEqual((sale_order.state, sale_order.picking_ids.ids), ("sale", []))
        self.send()
        self.run_operation("fulfilment_export")
        self.assertFalse(self.line_of(sale_order))
        self.assertFalse(self.sent("FulfillmentCreate"))

    def test_an_order_of_services_waits_for_its_payment(self):
        service = {"sku": "HELP", "title": "Consulting", "price": "3.00", "custom": True, "requires_shipping": False}
        order = self.place(lines=[service], gateway="manual", financial="pending")
        self.import_orders(order)
        self.sale_order(order).action_confirm()
        self.run_operation("fulfilment_export")
        self.assertEqual(self.shipped(order), [])
        self.sim.store.mark_paid(order)
        self.import_orders(order)
        self.send()
        self.assertEqual(len(self.shipped(order)), 1)

    def test_gift_cards_are_left_to_shopify_unless_the_store_says_otherwise(self):
        card = {"sku": "CARD", "title": "Gift card", "price": "25.00", "gift_card": True, "requires_shipping": False}
        for auto in (True, False):
            self.instance.gift_card_auto_fulfil = auto
            order = self.place(lines=[(self.skus[0], 1), card], gateway="manual", financial="pending")
            self.import_orders(order)
            sale_order = self.sale_order(order)
            sale_order.action_confirm()
            self.ship(sale_order)
            self.send()
            expected = {self.skus[0]: 1} if auto else {self.skus[0]: 1, "CARD": 1}
            self.assertEqual([units for units, *_rest in self.shipped(order)], [expected])

    def test_a_pickup_is_marked_ready_and_then_fulfilled(self):
        self.instance.send_without_tracking = False
        order = self.place(pickup=True)
        self.import_orders(order)
        sale_order = self.sale_order(order)
        picking = self.delivery(sale_order)
        with self.own_cursor(self.user) as env:
            picking.with_env(env).action_shopify_ready()
        self.assertEqual(picking.shopify_pickup_state, "ready")
        self.assertTrue(self.sim.store.order(order.id).fulfillment_orders[0].prepared_at)
        self.assertEqual(self.shipped(order), [])
        self.ship(sale_order)
        self.send()
        self.assertEqual(len(self.shipped(order)), 1)

    def test_a_pickup_packed_in_two_steps_is_marked_ready_by_the_first(self):
        warehouse = self.instance.warehouse_id
        warehouse.delivery_steps = "pick_ship"
        order = self.place(pickup=True)
        self.import_orders(order)
        pick = self.sale_order(order).picking_ids.filtered(lambda one: one.picking_type_code == "internal")
        pick.move_ids.picked = True
        pick.with_user(self.packer).with_context(skip_sms=True).button_validate()
        self.send()
        self.assertTrue(self.sim.store.order(order.id).fulfillment_orders[0].prepared_at)

    def test_goods_that_are_not_of_the_shopify_order_are_counted(self):
        order = self.place()
        self.import_orders(order)
        sale_order = self.sale_order(order)
        sale_order.write({"order_line": [(0, 0, {"product_id": self.products[1].id, "product_uom_qty": 2})]})
        picking = self.ship(sale_order)
        self.send()
        self.assertEqual(self.shipped(order), [({self.skus[0]: 1}, [], "Main Warehouse")])
        self.assertIn("2 units are of no line", picking.shopify_send_note)

    def test_returns_and_cancelled_deliveries_send_nothing(self):
        order, sale_order, _picking = self.bring_and_ship(units=1, lines=[(self.skus[0], 2)])
        self.send()
        line = sale_order.order_line.filtered("shopify_line_id")[0]
        back = self.env["shopify.returns"]._return(self.instance, sale_order, {line: 1}, validate=True)
        self.assertEqual(back.state, "done")
        self.delivery(sale_order).action_cancel()
        self.run_operation("fulfilment_export")
        self.assertEqual(len(self.shipped(order)), 1)

    def test_a_lot_entered_for_what_shopify_shipped_is_not_sent_back(self):
        product = self.make_products(["LOT-1"], tracking="lot")
        self.sim.store.add_product("With lots", "LOT-1", "9.00", stock=5)
        order = self.place(lines=[("LOT-1", 1)])
        self.import_orders(order)
        self.sim.store.fulfil(order)
        self.import_orders(order)
        picking = self.delivery(self.sale_order(order))
        self.assertIn("lot", picking.shopify_manual_action)
        lot = self.env["stock.lot"].create({"name": "L1", "product_id": product.id})
        picking.move_ids.move_line_ids.unlink()
        self.env["stock.move.line"].create(
            {"move_id": picking.move_ids.id, "product_id": product.id, "lot_id": lot.id, "quantity": 1, "picked": True,
             "picking_id": picking.id, "location_id": picking.location_id.id, "location_dest_id": picking.location_dest_id.id}
        )  # fmt: skip
        picking.with_user(self.packer).with_context(skip_sms=True).button_validate()
        self.send()
        self.assertEqual((picking.state, picking.shopify_sent), ("done", True))
        self.assertEqual((picking.shopify_manual_action, self.sent("FulfillmentCreate")), (False, 0))
