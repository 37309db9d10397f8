"""The Store column of lists is there when there is more than one store to tell apart."""

from lxml import etree
from odoo.tests import tagged

from .common import ShopifyCase

ENTERED = ("shopify.payment.gateway", "shopify.financial.status", "shopify.payout.account")
LISTS = (
    *("shopify.product", "shopify.product.variant", "shopify.queue", "shopify.log.line", "shopify.location"),
    *ENTERED,
)


@tagged("post_install", "-at_install")
class TestStoreColumn(ShopifyCase):
    def shown(self):
        """What the lists say of their Store column."""
        return {
            self.env[model]._get_view(view_type="list")[0].xpath("//field[@name='instance_id']")[0].get("optional")
            for model in LISTS
        }

    def cached(self):
        return {self.env[model].get_view(view_type="list")["arch"].count('optional="hide"') for model in LISTS[:1]}

    def test_it_is_out_of_the_way_with_one_store_and_shown_with_two(self):
        others = self.env["shopify.instance"].search([("id", "!=", self.instance.id)])
        others.active = False
        self.assertEqual(self.shown(), {"hide"})
        alone = self.cached()
        second = self.instance.create({"name": "Second", "shop_domain": "second.myshopify.com"})
        self.assertEqual(self.shown(), {"show"})
        self.assertNotEqual(self.cached(), alone, "a view kept from before is not shown")
        second.active = False
        self.assertEqual(self.shown(), {"hide"})

    def test_stores_stand_beside_the_lists_when_there_are_several(self):
        others = self.env["shopify.instance"].search([("id", "!=", self.instance.id)])
        others.active = False
        user = self.make_user("panel_user", "shopify_sync.group_user")
        searches = [
            "sale_order_view_search",
            "account_move_view_search",
            "account_refund_view_search",
            "stock_picking_view_search",
            "shopify_product_view_search",
            "shopify_queue_view_search",
        ]

        def panels():
            """The stores that the panel of each list offers."""
            found = []
            for view in map(self.env.ref, [f"shopify_sync.{name}" for name in searches]):
                model = self.env[view.model].with_user(user)
                arch = etree.fromstring(model.get_view(view.id, "search")["arch"])
                for node in arch.xpath("//searchpanel/field"):
                    model.search_panel_select_range(node.get("name"), enable_counters=True, expand=True)
                    found.append(node.get("name").removeprefix("shopify_"))
            return found

        self.assertEqual(panels(), [])
        self.instance.create({"name": "Second", "shop_domain": "second.myshopify.com"})
        self.assertEqual(panels(), ["instance_id"] * len(searches))
        clerk = self.make_user("panel_clerk", "account.group_account_invoice")
        self.env["account.move"].with_user(clerk).get_view(None, "search")

    def test_a_row_entered_without_the_column_belongs_to_the_only_store(self):
        self.env["shopify.instance"].search([("id", "!=", self.instance.id)]).active = False
        for model in ENTERED:
            self.assertEqual(self.env[model].default_get(["instance_id"]), {"instance_id": self.instance.id})
        self.instance.create({"name": "Second", "shop_domain": "second.myshopify.com"})
        for model in ENTERED:
            self.assertEqual(self.env[model].default_get(["instance_id"]), {}, "a person says which")
