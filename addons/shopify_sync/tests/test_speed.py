"""Batches: what an order costs does not grow with the number of orders; look-ups are made once a batch."""

from contextlib import contextmanager
from types import SimpleNamespace

from odoo.tests import tagged

from .common import ShopifyCase

#: Queries for one more order of three lines in a batch: created, confirmed with its delivery, invoiced, posted, paid.
#: Two of them are Odoo's own look for kits, where manufacturing is installed.
QUERIES_PER_ORDER = 97
SMALL, LARGE = 6, 12


@tagged("post_install", "-at_install")
class TestQueryBudget(ShopifyCase):
    store_values = {"queue_size_order": 100}

    def place_alike(self, count, skus=None):
        """Orders of equal shape for different customers; with `skus` the first line of each is another product."""
        return [
            self.place(
                lines=[(sku, 2) for sku in [*(skus[number : number + 1] if skus else self.skus[:1]), *self.skus[1:3]]],
                shipping="4.90",
                taxes="US-NY",
                discounts=[{"code": "SPRING", "percentage": 10}],
                address={
                    "address1": f"{count} {number} Example Street",
                    "city": "New York",
                    "zip": "10001",
                    "country_code": "US",
                    "province_code": "NY",
                },
            )
            for number in range(count)
        ]

    @contextmanager
    def counting(self):
        """How many queries the block makes: `found.count` afterwards."""
        found = SimpleNamespace(count=0)
        before = self.env.cr.sql_log_count
        yield found
        found.count = self.env.cr.sql_log_count - before

    def queries_of(self, count):
        orders = self.place_alike(count)
        self.run_operation("order_by_id", tokens=",".join(str(order.id) for order in orders), source="by_id")
        with self.counting() as found:
            counts = self.process()
        self.assertEqual(counts["done"], count)
        for order in orders:
            self.assert_paid_to_the_cent(self.sale_order(order), self.shopify_total(order))
        return found.count

    def test_one_more_order_costs_no_more_than_its_budget(self):
        self.queries_of(2)  # taxes, delivery methods and caches are there afterwards
        small, large = self.queries_of(SMALL), self.queries_of(LARGE)
        each = (large - small) / (LARGE - SMALL)
        self.assertLessEqual(each, QUERIES_PER_ORDER)
        self.assertLess(large, 2 * small, "a batch of twice the size shares what is looked up once")

    def test_what_orders_need_is_looked_up_once_a_batch(self):
        """Orders of different customers, addresses and products; the products are matched by SKU."""
        skus = self.sim.store.skus()[10 : 12 + SMALL + LARGE]
        self.make_products(skus)
        counts = {}
        for own in (skus[:2], skus[2 : 2 + SMALL], skus[2 + SMALL :]):  # the first batch fills caches
            orders = self.place_alike(len(own), own)
            self.run_operation("order_by_id", tokens=",".join(str(order.id) for order in orders), source="by_id")
            lines = self.env["shopify.queue.line"].search([("state", "=", "draft")])
            instance = self.instance._for_jobs()
            handler = instance.env["shopify.handler.order"]
            outcomes, mapped = handler._read_lines(instance, lines.with_env(instance.env))
            self.assertFalse(outcomes)
            # the first time makes customers and delivery methods, the second time only looks them up
            for _time in range(2):
                instance.env["shopify.product.variant"].search([("instance_id", "=", instance.id)]).unlink()
                instance.env.flush_all()
                instance.env.invalidate_all()
                with self.counting() as found:
                    self.resolve(instance, list(mapped.values()))
            counts[len(own)] = found.count
            self.process()
        self.assertLessEqual(counts[LARGE], counts[SMALL], counts)

    def resolve(self, instance, orders):
        resolver = instance.env["shopify.resolve.order"]
        resolved = resolver._resolve_settings(instance, orders)
        resolved.products = instance.env["shopify.resolve.product"]._resolve(instance, orders)
        resolver._resolve_rest(instance, orders, resolved)
        instance.env.flush_all()

    def test_a_page_of_orders_is_one_request_and_stored_together(self):
        orders = self.place_alike(LARGE)
        self.sim.requests.clear()
        self.run_operation("order_by_id", tokens=",".join(str(order.id) for order in orders), source="by_id")
        self.assertEqual([request.operation for request in self.sim.requests], ["OrdersByIds"])
