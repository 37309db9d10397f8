"""The number of queries and requests does not grow with the number of products of equal shape."""

from odoo.tests import tagged

from .products_case import ProductCase

VARIANTS = 2048


@tagged("post_install", "-at_install")
class TestProductSpeed(ProductCase):
    def queries_of(self, count, start):
        """Queries of bringing so many products with four variants each."""
        made = [self.add_options(f"P{number}") for number in range(start, start + count)]
        tokens = " ".join(str(product.id) for product in made)
        self.run_operation("product_by_id", source="by_id", tokens=tokens)
        before = self.cr.sql_log_count
        self.assertEqual(self.process_products()["done"], count)
        return self.cr.sql_log_count - before

    def test_creating_products_takes_few_queries_for_each(self):
        self.instance.product_create = True
        self.queries_of(2, 0)  # attributes and caches
        few, many = self.queries_of(5, 100), self.queries_of(25, 200)
        self.assertLess((many - few) / 20, 60, f"{few} queries for 5 products, {many} for 25")

    def test_products_that_are_there_and_did_not_change_cost_next_to_nothing(self):
        self.instance.product_create = True
        self.queries_of(25, 0)
        self.run_operation("product")
        before = self.cr.sql_log_count
        self.assertEqual(self.process_products()["done"], 25)
        queries = self.cr.sql_log_count - before
        self.assertLess(queries, 150, f"{queries} queries for 25 unchanged products")

    def test_a_product_with_2048_variants_comes_whole(self):
        self.instance.product_create = True
        values = [str(number) for number in range(VARIANTS)]
        variants = [{"values": [value], "sku": f"BIG-{value}", "price": "1.00"} for value in values]
        big = self.sim.store.add_variants("Big", [["Number", values]], variants)
        self.sim.requests.clear()
        self.assertEqual(self.import_products(big)["done"], 1)
        self.assertEqual(len(self.layer(big).variant_ids), VARIANTS)
        self.assertEqual(len(self.layer(big).product_tmpl_id.product_variant_ids), VARIANTS)
        self.assertLessEqual(len(self.sim.requests), 10, "50 with the product, then 250 a request")
