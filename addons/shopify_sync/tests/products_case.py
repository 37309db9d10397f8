"""Products of a simulated store on their way into Odoo."""

from .common import ShopifyCase


class ProductCase(ShopifyCase):
    """Each test starts with no product but those of the seeded store that Odoo does not have yet."""

    def setUp(self):
        super().setUp()
        store = self.sim.store
        kept = list(store.products), list(store.collections)
        self.addCleanup(lambda: (setattr(store, "products", kept[0]), setattr(store, "collections", kept[1])))
        store.products, store.collections = [], []

    def add(self, title="Shirt", sku="SHIRT-1", price="10.00", **more):
        """A product of one variant in the simulated store."""
        return self.sim.store.add_product(title, sku, price, **more)

    def add_options(self, title="Trousers", sizes=("S", "M"), colours=("Red", "Blue"), price="20.00", **more):
        """A product with a variant for each size and colour; SKUs like TROUSERS-S-Red."""
        variants = [
            {"values": [size, colour], "sku": f"{title.upper()}-{size}-{colour}", "price": price}
            for size in sizes
            for colour in colours
        ]
        options = [["Size", list(sizes)], ["Colour", list(colours)]]
        return self.sim.store.add_variants(title, options, variants, **more)

    def process_products(self, instance=None):
        """Process all product lines that are due as the schedule does; counts by outcome."""
        return self.process(instance, lane="catalogue")

    def import_products(self, *products, instance=None, **options):
        """Bring products into Odoo: those given, by id, else all that the import by dates finds.

        :return: counts by outcome
        """
        if products:
            tokens = " ".join(str(product.id) for product in products)
            run = self.run_operation("product_by_id", instance, source="by_id", tokens=tokens)
        else:
            run = self.run_operation("product", instance, **options)
        self.assertEqual(run.state, "done", run.message)
        return self.process_products(instance)

    def layer(self, product, instance=None):
        """The layer's record of a product, archived ones too."""
        return (
            self.env["shopify.product"]
            .with_context(active_test=False)
            .search([("instance_id", "=", (instance or self.instance).id), ("shopify_id", "=", str(product.id))])
        )

    def product_line(self, product):
        """The newest queue line of a product."""
        return self.env["shopify.queue.line"].search(
            [("kind", "=", "product"), ("shopify_id", "=", str(product.id))], limit=1
        )

    def price_in(self, pricelist, product):
        return self.env["product.pricelist.item"].search(
            [("pricelist_id", "=", pricelist.id), ("product_id", "=", product.id)]
        )
