"""Shipping in Odoo as a warehouse does, and looking at what the store knows of it."""

from datetime import timedelta

from odoo import fields

from shopify_simulator.scopes import DEFAULT_SCOPES

from .common import ShopifyCase


class ShipmentCase(ShopifyCase):
    """Confirmed orders with open deliveries; a person with stock rights and the role Shopify User ships them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls.make_user("shopify_shipper", "shopify_sync.group_user", "stock.group_stock_user")
        cls.packer = cls.make_user("packer", "stock.group_stock_user")

    def setUp(self):
        super().setUp()
        self.sim.access.scopes = list(DEFAULT_SCOPES)
        self.sim.clock.run()

    def delivery(self, sale_order):
        """The open delivery of an order."""
        return sale_order.picking_ids.filtered(
            lambda one: one.state not in ("done", "cancel") and one.picking_type_code == "outgoing"
        )

    def ship(self, sale_order, units=None, tracking=False, user=None):
        """Validate the open delivery: `units` of its first product (all when None); the rest is a backorder."""
        picking = self.delivery(sale_order).with_user(user or self.packer)
        if tracking:
            picking.carrier_tracking_ref = tracking
        for position, move in enumerate(picking.move_ids):
            if units is None:
                move.quantity = move.product_uom_qty
            else:
                move.quantity = units if not position else 0
            move.picked = bool(move.quantity)
        picking.with_context(skip_backorder=True, skip_sms=True).button_validate()
        self.assertEqual(picking.state, "done")
        return picking.with_env(self.env)

    def bring_and_ship(self, units=None, tracking=False, **options):
        """(Shopify's order, Odoo's order, its done delivery)."""
        order = self.place(**options)
        self.import_orders(order)
        sale_order = self.sale_order(order)
        return order, sale_order, self.ship(sale_order, units, tracking)

    def send(self, turns=20):
        """What the store's job does with what waits to go out."""
        self.env.flush_all()
        runner, instance = self.env["shopify.runner"], self.instance._for_jobs()
        for _turn in range(turns):
            if not runner._send_one(instance):
                break
        else:
            self.fail("Sending does not come to an end")
        self.env.invalidate_all()

    def line_of(self, record):
        """The newest outgoing line of a delivery or order."""
        return self.env["shopify.queue.line"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id), ("kind", "=", "fulfilment")], limit=1
        )

    def make_due(self, line):
        line.write({"next_attempt_at": fields.Datetime.now() - timedelta(seconds=1), "taken_until": False})

    def later(self, record):
        """The time has come at which a waiting line is looked at again."""
        self.make_due(self.line_of(record))
        self.send()

    def shipped(self, order):
        """Shopify's standing fulfilments: [({SKU: units}, [numbers], location)]."""
        return [
            (
                {part.line_item.sku: part.quantity for part in one.lines},
                [parcel.number for parcel in one.tracking if parcel.number],
                one.location.name,
            )
            for one in self.sim.store.order(order.id).fulfillments
            if one.status == "SUCCESS"
        ]

    def sent(self, operation):
        """How often the store was asked for an operation."""
        return sum(request.operation == operation for request in self.sim.requests)
