"""Products of the layer on their way to a simulated store."""

import base64

from odoo.fields import Command

from shopify_simulator.pictures import png
from shopify_simulator.scopes import DEFAULT_SCOPES

from .common import ShopifyCase

#: An update of nothing, to tick parts of.
NONE = {
    "basics": False,
    "price": False,
    "compare_at": False,
    "image": False,
    "metafields": False,
    "collections": False,
    "stock": False,
}


class ProductsOutCase(ShopifyCase):
    """A store without orders, and products that are in Odoo only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls.make_user("shopify_user", "shopify_sync.group_user")
        cls.outsider = cls.make_user("sales_user", "sales_team.group_sale_salesman_all_leads")
        cls.pricelist = cls.instance.pricelist_id
        cls.compare_pricelist = cls.env["product.pricelist"].create(
            {"name": "Compare at", "currency_id": cls.instance.shop_currency_id.id}
        )
        cls.instance.compare_pricelist_id = cls.compare_pricelist

    def setUp(self):
        super().setUp()
        store = self.sim.store
        known = {one.id for one in store.products}
        self.sim.access.scopes = list(DEFAULT_SCOPES)
        store.storefront.media_delay = store.bulk.rate = 0.0
        store.bulk.refuse = None
        self.addCleanup(self.forget, known)

    def forget(self, known):
        """What a test made in the simulator is not rolled back with the database."""
        store = self.sim.store
        for one in [product for product in store.products if product.id not in known]:
            store.delete_product(one)
        store.collections.clear()
        store.storefront.price_lists.clear()
        store.storefront.definitions.clear()
        store.jobs.clear()

    # Odoo

    def layer(self, title="Rain Hat", skus=("HAT-S", "HAT-M"), price=20.0, store=None, **values):
        """A product of the layer that is not in Shopify, with a variant and a price for each SKU."""
        template = self.env["product.template"].create({"name": title, "type": "consu", "is_storable": True})
        if len(skus) > 1:
            attribute = self.env["product.attribute"].create({"name": "Size", "create_variant": "always"})
            sizes = self.env["product.attribute.value"].create(
                [{"name": sku.rpartition("-")[2], "attribute_id": attribute.id} for sku in skus]
            )
            template.attribute_line_ids = [
                Command.create({"attribute_id": attribute.id, "value_ids": [Command.set(sizes.ids)]})
            ]
        for variant, sku in zip(template.product_variant_ids, skus, strict=True):
            variant.default_code = sku
        store = store or self.instance
        layer = self.env["shopify.product"].create(
            {"instance_id": store.id, "product_tmpl_id": template.id, "title": title, **values}
        )
        self.env["shopify.product.variant"].create(
            [
                {
                    "shopify_product_id": layer.id,
                    "product_id": variant.id,
                    "sku": sku,
                    "position": position,
                    "tracked": True,
                    "title": sku.rpartition("-")[2] if len(skus) > 1 else "Default Title",
                    "option_values": [["Size", sku.rpartition("-")[2]]] if len(skus) > 1 else False,
                }
                for position, (variant, sku) in enumerate(zip(template.product_variant_ids, skus, strict=True), 1)
            ]
        )
        for variant in template.product_variant_ids:
            self.set_price(variant, price, store.pricelist_id)
        return layer

    def set_price(self, product, price, pricelist=None):
        """A fixed price of a variant."""
        pricelist = pricelist or self.pricelist
        items = pricelist.item_ids.filtered(lambda item: item.product_id == product)
        if items:
            items.fixed_price = price
        else:
            pricelist.item_ids = [
                Command.create(
                    {
                        "applied_on": "0_product_variant",
                        "product_tmpl_id": product.product_tmpl_id.id,
                        "product_id": product.id,
                        "compute_price": "fixed",
                        "fixed_price": price,
                    }
                )
            ]

    def add_picture(self, layer, number=1, **values):
        """A picture of a product of the layer."""
        return self.env["shopify.product.image"].create(
            {
                "shopify_product_id": layer.id,
                "image": base64.b64encode(png(number)),
                "alt": f"Picture {number}",
                "position": number,
                **values,
            }
        )

    def open_dialog(self, layers, mode, user=None, **values):
        """The dialog as its button opens it."""
        with self.own_cursor(user or self.user) as env:
            own = layers.with_env(env)
            action = own.action_export() if mode == "export" else own.action_update()
            wizard = env["shopify.product.send"].with_context(**action["context"]).create(values)
            return self.env["shopify.product.send"].browse(wizard.id)

    def press(self, wizard, user=None):
        with self.own_cursor(user or self.user) as env:
            return wizard.with_env(env).action_send()

    def export(self, layers, user=None, **values):
        """Export as a person does: dialog, button, what follows in the background."""
        result = self.press(self.open_dialog(layers, "export", user, **{"publish": "unpublished", **values}), user)
        self.send()
        return result

    def update(self, layers, user=None, **values):
        """Update in Shopify as a person does."""
        result = self.press(self.open_dialog(layers, "update", user, **values), user)
        self.send()
        return result

    def send(self):
        """What the schedules do until nothing more is due at once."""
        self.env.flush_all()
        runner, instance = self.env["shopify.runner"], self.instance._for_jobs()
        for _turn in range(20):
            if not (runner._send_products(instance) or runner._follow_products(instance)):
                break
        self.env.invalidate_all()

    def line_of(self, layer):
        """The newest line of a product that goes out."""
        return self.env["shopify.queue.line"].search(
            [("kind", "=", "product_export"), ("res_id", "=", layer.id)], limit=1, order="id desc"
        )

    def retry(self, line, user=None):
        """What the button Process does."""
        with self.own_cursor(user or self.user) as env:
            line.with_env(env).action_process()
        self.send()

    # Shopify

    def there(self, layer):
        """The product in the simulated store."""
        return self.sim.store.product(int(layer.shopify_id))

    def variant_there(self, sku):
        return self.sim.store.variant_by_sku(sku)

    def sent(self, operation):
        """How often the store was asked for an operation."""
        return sum(request.operation == operation for request in self.sim.requests)

    def mutations(self):
        """Names of the mutations that the store was sent, in order."""
        return [request.operation for request in self.sim.requests if request.query.lstrip().startswith("mutation")]

    def channels(self, layer):
        """Handles of the sales channels that a product is in."""
        store = self.sim.store
        return [one.handle for one in store.storefront.publications if one.id in self.there(layer).publications]


class UpdateCase(ProductsOutCase):
    """A product of two variants that is in Shopify already."""

    def setUp(self):
        super().setUp()
        self.hat = self.layer(description="<p>Dry</p>", tags="rain", vendor="Hatters")
        self.export(self.hat)
        self.assertTrue(self.hat.exported, self.line_of(self.hat).message)
        self.made = self.there(self.hat)
        self.small, self.medium = self.hat.variant_ids
        self.sim.requests.clear()

    def own(self, field, owner="shopify"):
        self.env["shopify.field.owner"].create({"instance_id": self.instance.id, "field_name": field, "owner": owner})

    def variables(self, operation):
        """What was sent with the only request of an operation."""
        found = [request.variables for request in self.sim.requests if request.operation == operation]
        self.assertEqual(len(found), 1)
        return found[0]
