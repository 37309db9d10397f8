"""A store whose products are linked and counted on both sides."""

from odoo import fields
from odoo.addons.shopify_sync.models.operations import LANES

from shopify_simulator.scopes import DEFAULT_SCOPES

from .common import ShopifyCase

#: Units of each product in Odoo, in the first warehouse.
UNITS = 40


class StockCase(ShopifyCase):
    """Four linked products with 40 units each; the first export is confirmed; the store's jobs are on."""

    confirmed = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls.make_user("stock_shop_user", "shopify_sync.group_user")
        cls.warehouse = cls.instance.warehouse_id
        cls.env["stock.quant"].search([("product_id", "in", cls.products.ids)]).sudo().unlink()
        cls.add_stock(cls.products, UNITS)
        cls.variants = cls.link(cls.instance, cls.products)
        cls.main = cls.env["shopify.location"].search(
            [("instance_id", "=", cls.instance.id), ("stock_to_check", "=", False), ("kind", "=", "merchant")]
        )
        if cls.confirmed:
            cls.instance.stock_confirmed_at = fields.Datetime.now()
            cls.instance._start_schedules()
        cls.env.cr.flush()
        cls.env["shopify.stock.change"].search([]).unlink()

    @classmethod
    def link(cls, instance, products, sim=None):
        """The layer's variants of products, by SKU."""
        store = (sim or cls.sim).store
        made = cls.env["shopify.product.variant"]
        for product in products:
            variant = store.variant_by_sku(product.default_code)
            ident = str(variant.product.id)
            layer = cls.env["shopify.product"].search(
                [("instance_id", "=", instance.id), ("shopify_id", "=", ident)]
            ) or cls.env["shopify.product"].create(
                {
                    "instance_id": instance.id,
                    "shopify_id": ident,
                    "title": variant.product.title,
                    "product_tmpl_id": product.product_tmpl_id.id,
                }
            )
            made += made.create(
                {
                    "shopify_product_id": layer.id,
                    "product_id": product.id,
                    "shopify_id": str(variant.id),
                    "inventory_item_ref": str(variant.inventory_item.id),
                    "tracked": variant.inventory_item.tracked,
                    "title": variant.title,
                    "sku": variant.sku,
                }
            )
        return made

    def setUp(self):
        super().setUp()
        self.sim.store.jobs.clear()
        self.sim.store.attempts.clear()
        self.sim.store.bulk.refuse = None
        self.sim.access.scopes = list(DEFAULT_SCOPES)
        for place in self.sim.store.locations[:4]:
            place.is_active = True
        for sku in self.skus:
            for place in self.sim.store.locations[:2]:
                level = self.sim.store.set_stock(sku, 7, place)
                level.quantities.update(committed=0, on_hand=7)

    # Doing

    def change_stock(self, product, units, warehouse=None):
        """Units more (or less) on hand."""
        place = (warehouse or self.warehouse).lot_stock_id
        self.env["stock.quant"]._update_available_quantity(product, place, units)

    def commit(self):
        """What the end of a request does: everything noted is written."""
        self.env.cr.flush()

    def run_changed(self, instance=None):
        """What the schedule, and each change of stock, call."""
        self.commit()
        with self.own_cursor() as env:
            env["shopify.handler.stock"]._run_changed((instance or self.instance).with_env(env)._for_jobs())

    def export(self, **values):
        """The dialog's export, as a person does it; its record."""
        self.commit()
        with self.own_cursor(self.user) as env:
            wizard = env["shopify.stock.export"].create({"instance_id": self.instance.id, "scope": "all", **values})
            wizard.action_export()
            wizard_id = wizard.id
        return self.env["shopify.stock.export"].browse(wizard_id)

    def send_due(self, instance=None):
        """Make every waiting line due and send."""
        self.stock_lines(state="draft").write({"next_attempt_at": False, "taken_until": False})
        self.commit()
        with self.own_cursor() as env:
            own = (instance or self.instance).with_env(env)._for_jobs()
            env["shopify.runner"]._process_scheduled(own, LANES["stock"])

    # Looking

    def stock_lines(self, **values):
        domain = [("kind", "=", "stock_export"), *((key, "=", value) for key, value in values.items())]
        return self.env["shopify.queue.line"].search(domain, order="id")

    def at_shopify(self, product, place=0, name="available"):
        return self.sim.store.stock(product.default_code, self.sim.store.locations[place], name)

    def asked(self, operation):
        """Requests of an operation."""
        return [request for request in self.sim.requests if request.operation == operation]
