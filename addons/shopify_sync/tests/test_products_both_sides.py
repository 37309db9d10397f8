"""Metafields, collections and prices of markets going out; imports and edits of the same product."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_products_out import NONE, UpdateCase


@tagged("post_install", "-at_install")
class TestMetafieldsAndCollections(UpdateCase):
    def map_field(self, key, kind, field, owner="product", direction="out"):
        model = {"product": "product.template", "variant": "product.product"}[owner]
        return self.env["shopify.metafield.mapping"].create(
            {
                "instance_id": self.instance.id,
                "owner": owner,
                "key": key,
                "type": kind,
                "field_id": self.env["ir.model.fields"]._get(model, field).id,
                "direction": direction,
            }
        )

    def values(self):
        return {f"{one.namespace}.{one.key}": one.value for one in self.made.metafields if one.namespace == "custom"}

    def test_mapped_values_are_sent_and_only_when_they_changed(self):
        self.map_field("note", "multi_line_text_field", "description_purchase")
        self.map_field("volume", "number_decimal", "volume", owner="variant")
        self.hat.product_tmpl_id.description_purchase = "Fragile"
        self.small.product_id.volume = 2.5
        self.update(self.hat, metafields=True)
        self.assertEqual(self.values(), {"custom.note": "Fragile"})
        self.assertEqual([one.value for one in self.variant_there("HAT-S").metafields], ["2.5"])
        self.sim.requests.clear()
        self.update(self.hat, metafields=True)
        self.assertEqual(self.mutations(), [])
        self.hat.product_tmpl_id.description_purchase = "Robust"
        self.update(self.hat, metafields=True)
        self.assertEqual((self.values(), self.sent("MetafieldsSet")), ({"custom.note": "Robust"}, 1))

    def test_thirty_mapped_values_all_follow_odoo(self):
        for number in range(30):
            self.map_field(f"note_{number}", "multi_line_text_field", "description_purchase")
        for text in ("Fragile", "Robust"):
            self.hat.product_tmpl_id.description_purchase = text
            self.update(self.hat, metafields=True)
            self.assertEqual(list(self.values().values()), [text] * 30)
        self.assertFalse(self.logs(cause="metafield_stale"))

    def test_a_value_changed_in_shopify_since_is_not_overwritten(self):
        self.map_field("note", "multi_line_text_field", "description_purchase")
        self.hat.product_tmpl_id.description_purchase = "Fragile"
        self.update(self.hat, metafields=True)
        for one in self.made.metafields:
            if one.key == "note":
                one.value = "By hand"
        self.hat.product_tmpl_id.description_purchase = "Robust"
        self.update(self.hat, metafields=True)
        self.assertEqual(self.values(), {"custom.note": "By hand"})
        self.assertEqual(self.logs(cause="metafield_stale").severity, "warning")

    def test_a_value_of_the_wrong_type_is_named_and_the_others_are_sent(self):
        self.map_field("note", "single_line_text_field", "description_purchase")
        self.map_field("origin", "single_line_text_field", "description_picking")
        self.hat.product_tmpl_id.write({"description_purchase": "two\nlines", "description_picking": "Shelf 3"})
        self.update(self.hat, metafields=True)
        self.assertEqual(self.values(), {"custom.origin": "Shelf 3"})
        self.assertIn("custom.note", self.logs(cause="metafield_refused").message)
        self.assertEqual(self.line_of(self.hat).state, "done")

    def test_more_than_25_values_go_in_several_requests(self):
        layers = self.hat
        for number in range(29):
            layers += self.layer(f"P{number}", (f"P-{number}",))
        self.export(layers - self.hat)
        self.map_field("note", "multi_line_text_field", "description_purchase")
        layers.product_tmpl_id.description_purchase = "Fragile"
        self.sim.requests.clear()
        self.update(layers, metafields=True)
        self.send()
        self.assertEqual(self.sent("MetafieldsSet"), 2)

    def test_manual_collections_are_joined_and_left_and_automated_ones_never(self):
        store = self.sim.store
        there = {
            name: store.add_collection(name, [self.made] if name in ("Old", "Sale") else [], automated=name == "Sale")
            for name in ("Old", "New", "Sale", "Foreign")
        }
        rows = self.env["shopify.collection"].create(
            [
                {
                    "instance_id": self.instance.id,
                    "shopify_id": str(there[name].id),
                    "title": name,
                    "kind": "automated" if name == "Sale" else "manual",
                }
                for name in ("Old", "New", "Sale")
            ]
        )
        self.hat.collection_ids = rows[1]
        store.add_collection("Unknown", [self.made])
        self.update(self.hat, collections=True)
        self.assertEqual(sorted(one.title for one in self.made.collections), ["New", "Sale", "Unknown"])

    def test_prices_of_a_market_are_fixed_from_their_own_pricelist(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        market = self.sim.store.storefront.add_price_list("Europe", "EUR")
        self.instance.action_refresh_channels()
        row = self.instance.market_price_ids
        pricelist = self.env["product.pricelist"].create({"name": "Europe", "currency_id": euro.id})
        row.pricelist_id = pricelist
        self.set_price(self.small.product_id, 18.5, pricelist)
        self.update(self.hat)
        self.assertEqual({key: str(price) for key, (price, _c) in market.fixed.items()},
                         {int(self.small.shopify_id): "18.50"})  # fmt: skip
        self.assertIn("converted", self.logs(cause="market_price").message)
        self.sim.requests.clear()
        self.update(self.hat)
        self.assertFalse(self.sent("FixedPricesAdd"))
        other = self.env["product.pricelist"].create(
            {"name": "Wrong", "currency_id": self.instance.shop_currency_id.id}
        )
        with self.assertRaisesRegex(UserError, "not converted"):
            row.pricelist_id = other


@tagged("post_install", "-at_install")
class TestBothSides(UpdateCase):
    """Imports and edits of the same product."""

    def bring(self):
        self.run_operation("product_by_id", source="by_id", tokens=self.hat.shopify_id)
        self.env.flush_all()
        self.env["shopify.runner"]._process_batch(self.instance._for_jobs(), ("product",))
        self.env.invalidate_all()

    def test_an_import_keeps_what_waits_to_be_sent_and_brings_the_rest(self):
        self.hat.title = "Storm Hat"
        self.sim.store.change_product(self.made, title="Designer Hat", vendor="Millers")
        self.bring()
        self.assertEqual((self.hat.title, self.hat.vendor), ("Storm Hat", "Millers"))
        self.update(self.hat)
        self.assertEqual((self.made.title, self.made.vendor), ("Storm Hat", "Millers"))

    def test_what_waits_to_be_sent_is_not_called_shopifys_value(self):
        self.hat.title = "Storm Hat"
        self.small.barcode = "4006381333931"
        self.small.product_id.barcode = "5000112637922"
        for name in ("Storm Hat", "4006381333931"):
            self.assertIn(f"for this store “{name}” (not in Shopify yet)", self.hat.differences)
        self.assertNotIn("Shopify “", self.hat.differences)
        self.update(self.hat, **{**NONE, "basics": True})
        self.assertIn("Title: Shopify “Storm Hat”", self.hat.differences, "Shopify has it now")

    def test_an_import_brings_shopifys_value_of_a_field_that_shopify_owns(self):
        self.own("title")
        self.hat.title = "Storm Hat"
        self.assertEqual((self.hat.not_sent_text, self.hat.to_send_text), ("Title", False), "a person is told")
        self.sim.store.change_product(self.made, title="Designer Hat")
        self.bring()
        self.assertEqual(self.hat.title, "Designer Hat")
        self.assertFalse(self.hat.not_sent_text, "there is nothing left to tell")

    def test_what_was_imported_is_not_sent_back(self):
        self.sim.store.change_product(self.made, title="Designer Hat", variants={"HAT-S": {"barcode": "4006381333931"}})
        self.bring()
        self.assertFalse(self.hat.edited)
        self.sim.requests.clear()
        self.update(self.hat, **{**NONE, "basics": True})
        self.assertEqual(self.mutations(), [])
        self.sim.store.change_product(self.made, title="Other Hat")
        self.update(self.hat, **{**NONE, "basics": True})
        self.assertEqual(self.made.title, "Other Hat", "only Shopify changed it since the import")

    def list_price(self, price):
        """The product has its sales price only, no fixed one."""
        self.pricelist.item_ids.filtered(lambda item: item.product_id in self.hat.variant_ids.product_id).unlink()
        self.hat.product_tmpl_id.list_price = price

    def test_a_price_that_odoo_gives_anyway_is_not_fixed_so_that_it_follows_the_product(self):
        self.list_price(20.0)
        self.sim.store.change_product(self.made, vendor="Millers")
        self.bring()
        self.assertFalse(self.pricelist.item_ids.filtered(lambda item: item.product_id == self.small.product_id))
        self.hat.product_tmpl_id.list_price = 24.0
        self.sim.store.change_product(self.made, vendor="Weavers")
        self.bring()
        self.assertFalse(
            self.pricelist.item_ids.filtered(lambda item: item.product_id == self.small.product_id),
            "the former price of the store is no reason to fix it",
        )
        self.update(self.hat)
        self.assertEqual(str(self.variant_there("HAT-S").price), "24.00")
        self.sim.store.change_product(self.made, variants={"HAT-S": {"price": "26.00"}})
        self.bring()
        item = self.pricelist.item_ids.filtered(lambda one: one.product_id == self.small.product_id)
        self.assertEqual(item.fixed_price, 26.0, "a price that was changed in Shopify is")

    def test_the_dialog_says_which_sales_prices_an_imported_price_hides(self):
        self.sim.store.change_product(self.made, variants={"HAT-S": {"price": "26.00"}})
        self.list_price(20.0)
        self.bring()
        wizard = self.open_dialog(self.hat, "update")
        self.assertIn("26.00", wizard.hidden_prices)
        self.assertIn("20.00", wizard.hidden_prices)
        self.assertIn(self.small.product_id.display_name, wizard.hidden_prices)
        wizard.price = False
        self.assertFalse(wizard.hidden_prices)
        self.set_price(self.small.product_id, 27.0)
        self.assertFalse(self.open_dialog(self.hat, "update").hidden_prices, "a person's price is meant to be another")
