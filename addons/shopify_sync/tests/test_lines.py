"""Everything an order charges stands on its own line, with Shopify's own amounts."""

from odoo.tests import Form, tagged

from .common import ShopifyCase, utc


@tagged("post_install", "-at_install")
class TestLines(ShopifyCase):
    def lines(self, sale_order, kind):
        return sale_order.order_line.filtered(lambda line: line.shopify_line_type == kind)

    def test_a_gift_card_sold_uses_the_gift_card_product(self):
        card = next(product for product in self.sim.store.products if product.is_gift_card).variants[0]
        sale_order = self.bring(lines=[{"variant": card, "price": "50.00"}])
        line = sale_order.order_line
        self.assertEqual((line.shopify_line_type, line.product_id), ("gift_card", self.instance.product_gift_card_id))
        self.assertFalse(line.tax_ids)
        self.assert_cents(sale_order.amount_total, 50)

    def test_tip_duty_and_fee_have_products_of_their_own(self):
        order = self.place(
            lines=[{"sku": self.skus[0], "price": "20.00", "duty": "3.33"}],
            tip="2.50",
            fees=[{"name": "Bottle deposit", "price": "0.25"}],
        )
        self.import_orders(order)
        sale_order = self.sale_order(order)
        for kind, amount in (("tip", 2.50), ("duty", 3.33), ("fee", 0.25)):
            line = self.lines(sale_order, kind)
            self.assertEqual(line.product_id, self.instance[f"product_{kind}_id"])
            self.assert_cents(line.price_subtotal, amount)
        self.assertEqual(self.lines(sale_order, "fee").name, "Bottle deposit")
        self.assert_paid_to_the_cent(sale_order, self.shopify_total(order))

    def test_a_tax_that_is_a_fee_in_truth_becomes_a_fee_line(self):
        self.instance.fee_rule_text = "Eco fee\nOther"
        order = self.place(
            lines=[{"sku": self.skus[0], "price": "20.00", "taxes": [("VAT", "0.1"), ("ECO FEE", "0.05")]}],
        )
        self.import_orders(order)
        sale_order = self.sale_order(order)
        fee = self.lines(sale_order, "fee")
        self.assert_cents(fee.price_unit, 1)
        self.assertEqual(fee.product_id, self.instance.product_fee_id)
        self.assert_cents(sale_order.amount_tax, 2)
        self.assert_paid_to_the_cent(sale_order, self.shopify_total(order))

    def test_each_discount_is_a_negative_line_of_its_main_line_with_its_taxes(self):
        order = self.place(
            lines=[
                {"sku": self.skus[0], "quantity": 2, "price": "30.00", "discount": "5.00"},
                {"sku": self.skus[1], "price": "10.00"},
            ],
            taxes="US-NY",
            discounts=[{"code": "SPRING", "percentage": 10}],
        )
        self.import_orders(order)
        sale_order = self.sale_order(order)
        main, other = self.lines(sale_order, "product")
        of_main = self.lines(sale_order, "discount").filtered(lambda line: line.shopify_main_line_id == main)
        self.assertEqual(sorted(of_main.mapped("price_unit")), [-5.5, -5.0])
        self.assertEqual(set(of_main.mapped("name")), {"Line discount", "SPRING"})
        self.assertEqual(of_main.tax_ids, main.tax_ids)
        self.assertEqual(of_main.product_id, self.instance.product_discount_id)
        self.assert_cents(sum((self.lines(sale_order, "discount") - of_main).mapped("price_unit")), -1)
        self.assertTrue(other.tax_ids)
        self.assertEqual(sale_order.shopify_discount_codes, "SPRING")
        self.assert_paid_to_the_cent(sale_order, self.shopify_total(order))

    def test_a_discount_on_shipping_is_linked_to_the_shipping_line(self):
        order = self.place(shipping={"title": "Express", "price": "12.00", "discount": "25%"}, taxes="DE")
        self.import_orders(order)
        sale_order = self.sale_order(order)
        shipping = self.lines(sale_order, "shipping")
        discount = self.lines(sale_order, "discount")
        self.assertEqual(discount.shopify_main_line_id, shipping)
        self.assertEqual(discount.price_unit, -3)
        self.assertEqual(discount.tax_ids, shipping.tax_ids)
        self.assert_paid_to_the_cent(sale_order, self.shopify_total(order))

    def test_shipping_makes_its_delivery_method_once(self):
        first = self.bring(shipping={"title": "Sea mail", "code": "SEA", "source": "post", "price": "4.00"})
        second = self.bring(shipping={"title": "Sea mail", "code": "SEA", "source": "post", "price": "5.00"})
        carrier = first.carrier_id
        self.assertEqual((carrier.name, carrier.shopify_code, carrier.shopify_source), ("Sea mail", "SEA", "post"))
        self.assertEqual(second.carrier_id, carrier)
        line = self.lines(first, "shipping")
        self.assertTrue(line.is_delivery)
        self.assertEqual(line.product_id, self.instance.product_shipping_id)

    def test_a_known_delivery_method_gives_its_own_product(self):
        freight = self.make_products(["FREIGHT"], type="service", is_storable=False)
        carrier = self.env["delivery.carrier"].create(
            {"name": "Truck", "product_id": freight.id, "shopify_code": "TRUCK", "shopify_source": "shopify"}
        )
        sale_order = self.bring(shipping={"title": "Truck", "code": "TRUCK", "price": "40.00"})
        self.assertEqual(sale_order.carrier_id, carrier)
        self.assertEqual(self.lines(sale_order, "shipping").product_id, freight)

    def test_without_the_switch_no_delivery_method_is_made(self):
        self.instance.carrier_create = False
        sale_order = self.bring(shipping={"title": "Drone", "code": "DRONE", "price": "4.00"})
        self.assertFalse(sale_order.carrier_id)
        self.assertEqual(self.lines(sale_order, "shipping").product_id, self.instance.product_shipping_id)

    def test_several_shipping_lines_and_free_shipping_are_kept(self):
        sale_order = self.bring(shipping=[{"title": "Parcel", "price": "4.90"}, {"title": "Letter", "price": "0"}])
        self.assertEqual(self.lines(sale_order, "shipping").mapped("price_unit"), [4.9, 0.0])

    def test_a_pickup_is_flagged_and_has_no_carrier(self):
        sale_order = self.bring(pickup=True)
        self.assertTrue(sale_order.shopify_is_pickup)
        self.assertFalse(sale_order.carrier_id)
        self.assertFalse(self.lines(sale_order, "shipping"), "a free pickup is no shipping")
        self.assertIn(self.sim.store.default_location.name, sale_order.note)

    def test_a_pickup_that_costs_has_its_line(self):
        order = self.place(pickup=True, shipping={"title": "Pickup", "price": "2.00", "delivery_category": "pickup"})
        self.import_orders(order)
        sale_order = self.sale_order(order)
        self.assertEqual(self.lines(sale_order, "shipping").price_unit, 2)
        self.assert_paid_to_the_cent(sale_order, self.shopify_total(order))

    def test_line_properties_stand_below_the_text_but_hidden_ones(self):
        sale_order = self.bring(
            lines=[{"sku": self.skus[0], "attributes": {"Engraving": "For Ada", "_source": "bot"}}],
            attributes={"Gift": "yes"},
        )
        text = sale_order.order_line.name
        self.assertIn("Engraving: For Ada", text)
        self.assertNotIn("bot", text)
        self.assertEqual(sale_order.shopify_attributes, "Gift: yes")

    def test_a_bundle_comes_as_its_components_with_its_name_in_the_text(self):
        order = self.place(lines=[{"sku": sku, "group": "Gift set"} for sku in self.skus[:2]] + [self.skus[2]])
        self.import_orders(order)
        first, second, alone = self.sale_order(order).order_line
        self.assertEqual(first.product_id + second.product_id + alone.product_id, self.products[:3])
        for line in (first, second):
            self.assertIn("(Gift set)", line.name)
        self.assertNotIn("Gift set", alone.name)

    def test_untaxed_lines_have_no_tax(self):
        sale_order = self.bring(lines=[self.skus[0], {"sku": self.skus[1], "taxable": False}], taxes="US-NY")
        taxed, untaxed = self.lines(sale_order, "product")
        self.assertEqual(len(taxed.tax_ids), 3)
        self.assertFalse(untaxed.tax_ids)

    def test_a_price_is_never_recomputed_when_the_quantity_is_edited_by_hand(self):
        sale_order = self.bring(
            lines=[{"sku": self.skus[0], "quantity": 2, "price": "33.33"}], risk="HIGH", taxes="US-NY"
        )
        with Form(sale_order) as form, form.order_line.edit(0) as line:
            line.product_uom_qty = 5
        self.assert_cents(sale_order.order_line.price_unit, 33.33)
        self.assert_cents(sale_order.amount_untaxed, 166.65)

    def test_items_taken_off_without_money_lower_the_quantity(self):
        order = self.place(lines=[(self.skus[0], 3), (self.skus[1], 1)], financial="pending", taxes="DE")
        self.sim.store.edit(order, {self.skus[0]: 2}, remove=[self.skus[1]])
        self.instance._set_up_workflows(only_common=True)
        self.import_orders(order)
        sale_order = self.sale_order(order)
        self.assertEqual(sale_order.order_line.mapped("product_uom_qty"), [2.0])
        self.assert_cents(sale_order.amount_total, self.shopify_total(order, "current_total_price"))

    def test_refunded_units_stay_ordered_so_that_money_explains_itself(self):
        order = self.place(lines=[(self.skus[0], 3)], taxes="DE")
        self.sim.store.refund(order, {self.skus[0]: 1})
        self.import_orders(order)
        sale_order = self.sale_order(order)
        self.assertEqual(sale_order.order_line.product_uom_qty, 3)
        self.assert_cents(sale_order.amount_total, self.shopify_total(order))


@tagged("post_install", "-at_install")
class TestPartialInvoice(ShopifyCase):
    def deliver_and_invoice(self, sale_order, units):
        picking = sale_order.picking_ids.filtered(lambda one: one.state not in ("done", "cancel"))
        picking.move_ids.quantity = units
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True)._action_done()
        invoice = sale_order._create_invoices()
        invoice.action_post()
        return invoice

    def test_two_of_three_units_take_shopifys_shares_and_the_rest_takes_what_is_left(self):
        for rounding in ("round_per_line", "round_globally"):
            for taxes in ("US-NY", "DE"):
                with self.subTest(rounding=rounding, taxes=taxes):
                    self.env.company.tax_calculation_rounding_method = rounding
                    self.products[0].invoice_policy = "delivery"
                    order = self.place(lines=[{"sku": self.skus[0], "quantity": 3, "price": "9.95"}], taxes=taxes)
                    self.import_orders(order)
                    sale_order = self.sale_order(order)
                    self.assertFalse(sale_order.invoice_ids, "nothing is delivered, so nothing is invoiced")
                    tax, total = self.shopify_total(order, "total_tax"), self.shopify_total(order)
                    first = self.deliver_and_invoice(sale_order, 2)
                    self.assert_cents(first.amount_tax, self._share(order, 2))
                    rest = self.deliver_and_invoice(sale_order, 1)
                    self.assert_cents(first.amount_tax + rest.amount_tax, tax)
                    self.assert_cents(first.amount_total + rest.amount_total, total)

    def _share(self, order, units):
        """Tax of the first units of three: each tax by share, rounded."""
        return sum(tax.price_set.share(units, 3).shop for tax in order.lines[0].tax_lines)

    def test_the_workflow_invoices_each_delivery(self):
        self.products[0].invoice_policy = "delivery"
        order = self.place(lines=[{"sku": self.skus[0], "quantity": 3, "price": "9.95"}], taxes="US-NY")
        self.import_orders(order)
        sale_order = self.sale_order(order)
        picking = sale_order.picking_ids
        picking.move_ids.write({"quantity": 1, "picked": True})
        picking.with_context(skip_backorder=True)._action_done()
        self.env["shopify.workflow"]._run(self.instance, sale_order)
        self.assertEqual(sale_order.invoice_ids.invoice_line_ids.mapped("quantity"), [1.0])
        self.assertEqual(sale_order.invoice_ids.payment_state, "paid")


@tagged("post_install", "-at_install")
class TestHeader(ShopifyCase):
    def test_the_order_keeps_shopifys_date_also_when_confirmed(self):
        created = self.sim.clock.now().replace(hour=3, minute=4, second=5).replace(day=1)
        order = self.place(created_at=created.isoformat())
        self.instance.import_order_after = "2000-01-01"
        self.import_orders(order)
        sale_order = self.sale_order(order)
        self.assertEqual(sale_order.state, "sale")
        self.assertEqual(sale_order.date_order, utc(created))
        self.assertEqual(sale_order.shopify_created_at, utc(created))

    def test_the_number_is_shopifys_with_the_stores_prefix(self):
        self.instance.order_prefix = "DE-"
        sale_order = self.bring(number=4711)
        self.assertEqual((sale_order.name, sale_order.shopify_order_name), ("DE-#4711", "#4711"))

    def test_the_number_is_odoos_when_the_store_says_so(self):
        self.instance.write({"use_odoo_sequence": True, "order_prefix": "DE-"})
        sale_order = self.bring(number=4711)
        self.assertRegex(sale_order.name, r"^S\d+$")
        self.assertEqual(sale_order.shopify_order_name, "#4711")

    def test_everything_else_of_the_header_is_taken_over(self):
        team = self.env["crm.team"].create({"name": "Web team"})
        plan = self.env["account.analytic.plan"].create({"name": "Plan"})
        analytic = self.env["account.analytic.account"].create({"name": "Web", "plan_id": plan.id})
        self.instance.write({"team_id": team.id, "user_id": self.env.user.id, "analytic_account_id": analytic.id})
        sale_order = self.bring(note="Ring twice", tags=["vip", "gift"], po_number="PO-7", test=False)
        self.assertEqual((sale_order.team_id, sale_order.user_id), (team, self.env.user))
        self.assertIn("Ring twice", sale_order.note)
        self.assertEqual(set(sale_order.tag_ids.mapped("name")), {"vip", "gift"})
        self.assertEqual(sale_order.client_order_ref, "PO-7")
        self.assertEqual(sale_order.order_line.analytic_distribution, {str(analytic.id): 100})
        self.assertEqual(sale_order.shopify_source, "web")

    def test_the_note_is_odoos_terms_when_the_store_says_so(self):
        self.instance.use_odoo_terms = True
        self.assertNotIn("Ring twice", self.bring(note="Ring twice").note or "")

    def test_each_currency_has_one_pricelist_and_both_totals_are_kept(self):
        self.instance.currency_mode = "customer"
        first, second = self.bring(currency="EUR", taxes="DE"), self.bring(currency="EUR")
        self.assertEqual(first.currency_id.name, "EUR")
        self.assertEqual(first.pricelist_id, second.pricelist_id)
        self.assertEqual(first.pricelist_id.name, "Test Shop EUR")
        self.assertEqual((first.shopify_shop_currency_id.name, first.shopify_customer_currency_id.name), ("USD", "EUR"))
        self.assert_cents(first.shopify_customer_total, first.amount_total)
        self.assertNotEqual(first.shopify_shop_total, first.shopify_customer_total)

    def test_the_warehouse_follows_the_location_that_ships(self):
        warehouse = self.env["stock.warehouse"].create({"name": "Second", "code": "SEC"})
        location = self.sim.store.locations[1]
        known = self.instance.location_ids.filtered(lambda one: one.shopify_id == str(location.id))
        known.warehouse_id = warehouse
        sale_order = self.bring(lines=[{"sku": self.skus[0], "location": location.name}])
        self.assertEqual(sale_order.warehouse_id, warehouse)
        self.assertEqual(sale_order.shopify_location_id, known)
        self.assertEqual(self.bring().warehouse_id, self.instance.warehouse_id)
