"""Shopify's taxes are Odoo's taxes of the same name and rate; differences of totals are small, or a person decides."""

import json

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ShopifyCase


class TaxCase(ShopifyCase):
    def mappings(self):
        return self.env["shopify.tax.mapping"].search([("instance_id", "=", self.instance.id)])

    def bring_taxed(self, *rates, **options):
        return self.bring(lines=[{"sku": self.skus[0], "price": "100.00", "taxes": list(rates)}], **options)


@tagged("post_install", "-at_install")
class TestTaxes(TaxCase):
    def test_an_unknown_tax_is_made_with_title_rate_kind_and_the_stores_accounts(self):
        account = self.env["account.account"].create(
            {"name": "Web taxes", "code": "251999", "account_type": "liability_current"}
        )
        group = self.env["account.tax.group"].create({"name": "Web group"})
        self.instance.write({"tax_account_id": account.id, "tax_group_id": group.id})
        sale_order = self.bring_taxed(("City tax", "0.07"))
        tax = sale_order.order_line.tax_ids
        self.assertTrue(tax.name.startswith("City tax, 7 %, excluded"), tax.name)
        self.assertEqual((tax.amount, tax.type_tax_use, tax.price_include), (7.0, "sale", False))
        self.assertEqual((tax.company_id, tax.tax_group_id), (self.instance.company_id, group))
        booked = sale_order.invoice_ids.line_ids.filtered("tax_line_id")
        self.assertEqual(booked.account_id, account)
        self.assert_cents(-sum(booked.mapped("balance")), 7)

    def test_the_same_tax_is_made_once_and_titles_match_without_case_and_spaces(self):
        first = self.bring_taxed(("City tax", "0.07"))
        second = self.bring_taxed((" CITY TAX ", "0.070"))
        self.assertEqual(first.order_line.tax_ids, second.order_line.tax_ids)
        self.assertEqual(len(self.mappings()), 1)

    def test_two_authorities_of_one_rate_keep_two_taxes(self):
        sale_order = self.bring_taxed(("State", "0.05"), ("City", "0.05"))
        self.assertEqual(len(sale_order.order_line.tax_ids), 2)
        self.assert_cents(sale_order.amount_tax, 10)

    def test_included_and_excluded_country_and_marketplace_make_different_taxes(self):
        excluded = self.bring_taxed(("VAT", "0.2"))
        included = self.bring_taxed(("VAT", "0.2"), taxes_included=True)
        elsewhere = self.bring_taxed(("VAT", "0.2"), address="DE")
        marketplace = self.bring_taxed(("VAT", "0.2", True))
        taxes = [order.order_line.tax_ids for order in (excluded, included, elsewhere, marketplace)]
        self.assertEqual(len(set(taxes)), 4)
        self.assertEqual([tax.price_include for tax in taxes], [False, True, False, False])
        self.assertEqual([tax.shopify_channel_liable for tax in taxes], [False, False, False, True])
        self.assert_cents(included.amount_total, 100)

    def test_a_tax_mapped_by_a_person_is_used(self):
        own = self.env["account.tax"].create({"name": "Our VAT", "amount": 20, "type_tax_use": "sale"})
        self.bring_taxed(("VAT", "0.2"))
        self.mappings().tax_id = own
        sale_order = self.bring_taxed(("VAT", "0.2"))
        self.assertEqual(sale_order.order_line.tax_ids, own)
        self.assert_paid_to_the_cent(sale_order, 120)

    def test_an_unmapped_tax_waits_when_the_store_may_make_none_and_mapping_it_retries(self):
        self.instance.tax_create = False
        order = self.place(lines=[{"sku": self.skus[0], "price": "100.00", "taxes": [("Eco levy", "0.0725")]}])
        self.import_orders(order)
        line = self.queue_line(order)
        self.assertEqual((line.state, line.failure_kind), ("failed", "configuration"))
        self.assertIn("Eco levy 7.25 %", line.message)
        self.assertFalse(self.sale_order(order))
        action = self.logs(cause="tax_not_mapped").action_fix()
        self.assertEqual(action["res_model"], "shopify.tax.mapping")
        self.assertEqual(action["context"]["default_name"], "Eco levy")
        self.assertEqual(action["context"]["default_rate"], 0.0725)
        tax = self.env["account.tax"].create({"name": "Levy", "amount": 7.25, "type_tax_use": "sale"})
        self.env["shopify.tax.mapping"].with_context(**action["context"]).create({"tax_id": tax.id})
        self.assertEqual(self.process()["done"], 1)
        self.assertEqual(self.sale_order(order).order_line.tax_ids, tax)

    def test_letting_the_store_make_taxes_retries_too(self):
        self.instance.tax_create = False
        order = self.place(taxes="US-NY")
        self.import_orders(order)
        self.instance.tax_create = True
        self.assertEqual(self.process()["done"], 1)

    def test_a_zero_rated_tax_is_kept_and_an_untaxed_line_has_none(self):
        self.assertEqual(self.bring(taxes="GB-zero").order_line.tax_ids.amount, 0)
        self.assertFalse(self.bring(taxes="none").order_line.tax_ids)
        self.assertFalse(self.bring(taxes="GB", tax_exempt=True).order_line.tax_ids)

    def test_in_odoos_mode_the_products_taxes_count_and_what_differs_is_held(self):
        self.instance.tax_mode = "odoo"
        tax = self.env["account.tax"].create({"name": "Ours", "amount": 10, "type_tax_use": "sale"})
        self.products[0].taxes_id = tax
        equal = self.bring_taxed(("VAT", "0.1"))
        self.assertEqual(equal.order_line.tax_ids, tax)
        self.assert_paid_to_the_cent(equal, 110)
        differs = self.bring_taxed(("VAT", "0.2"))
        self.assertEqual((differs.state, differs.shopify_total_state), ("draft", "differs"))
        self.assertFalse(self.mappings(), "no tax is mapped or made")


@tagged("post_install", "-at_install")
class TestControlOfTotals(TaxCase):
    def bring_altered(self, difference):
        """An order whose stated total is off by this much from what its lines add up to."""
        order = self.place(lines=[{"sku": self.skus[0], "price": "100.00"}])
        self.run_operation("order_by_id", tokens=str(order.id), source="by_id")
        line = self.queue_line(order)
        data = json.loads(line.payload)
        for name in ("totalPriceSet", "currentTotalPriceSet"):
            for side in ("shopMoney", "presentmentMoney"):
                data[name][side]["amount"] = f"{100 + difference:.2f}"
        line.payload = json.dumps(data)
        self.process()
        return self.sale_order(order)

    def test_a_difference_within_the_tolerance_becomes_one_untaxed_rounding_line(self):
        for difference in (0.05, -0.03):
            with self.subTest(difference=difference):
                sale_order = self.bring_altered(difference)
                rounding = sale_order.order_line.filtered(lambda line: line.shopify_line_type == "rounding")
                self.assertEqual(rounding.product_id, self.instance.product_rounding_id)
                self.assert_cents(rounding.price_unit, difference)
                self.assertFalse(rounding.tax_ids)
                self.assertEqual(sale_order.shopify_total_state, "rounded")
                self.assertEqual(sale_order.state, "sale")
                self.assert_cents(sale_order.amount_total, 100 + difference)
                self.assert_cents(sale_order.invoice_ids.amount_total, 100 + difference)

    def test_a_difference_above_it_holds_the_order(self):
        sale_order = self.bring_altered(0.06)
        self.assertEqual((sale_order.state, sale_order.shopify_total_state), ("draft", "differs"))
        self.assert_cents(sale_order.shopify_total_difference, 0.06)
        behind_card = self.instance.with_context(shopify_list="differs").action_view_list()
        self.assertEqual(self.env["sale.order"].search(behind_card["domain"]), sale_order)
        with self.assertRaisesRegex(UserError, "total differs"):
            sale_order.action_confirm()

    def test_the_tolerance_is_the_stores(self):
        self.instance.total_tolerance = 1
        self.assertEqual(self.bring_altered(0.99).shopify_total_state, "rounded")

    def test_a_currency_that_is_not_active_is_activated(self):
        euro = self.env.ref("base.EUR")
        euro.active = False
        self.instance.currency_mode = "customer"
        sale_order = self.bring(currency="EUR")
        self.assertTrue(euro.active)
        self.assertEqual(sale_order.currency_id, euro)
