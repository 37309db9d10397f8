"""Odoo products prepared for a store, and the file that goes out and comes back."""

import base64
from unittest.mock import patch

from odoo.addons.shopify_sync.mapping.tables import read_table, write_csv, write_xlsx
from odoo.addons.shopify_sync.models import product_file_ids
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from shopify_simulator.pictures import png

from .products_case import ProductCase


class PreparationCase(ProductCase):
    def dialog(self, products, **values):
        """The dialog 'Prepare for Shopify' on Odoo products."""
        templates = products.product_tmpl_id
        model = self.env["shopify.product.prepare"].with_context(
            active_model="product.template", active_ids=templates.ids
        )
        return model.create({"instance_id": self.instance.id, **values})

    def table(self, products, target="csv", **values):
        """Headers and rows of the file for Odoo products."""
        dialog = self.dialog(products, target=target, skip_known=False, **values)
        dialog.action_prepare()
        return read_table(base64.b64decode(dialog.file), dialog.filename)

    def load(self, headers, rows, dry_run=False, filename="products.csv"):
        """Load a file; the dialog with its lines."""
        write = write_xlsx if filename.endswith("xlsx") else write_csv
        dialog = self.env["shopify.product.map"].create(
            {
                "instance_id": self.instance.id,
                "file": base64.b64encode(write(headers, rows)),
                "filename": filename,
                "dry_run": dry_run,
            }
        )
        dialog.action_load()
        return dialog

    def layer_of(self, product):
        return self.env["shopify.product.variant"].search(
            [("instance_id", "=", self.instance.id), ("product_id", "in", product.ids)]
        )


@tagged("post_install", "-at_install")
class TestPreparation(PreparationCase):
    def test_products_are_put_into_the_layer_and_nothing_reaches_shopify(self):
        product = self.make_products(["PREP-1"], barcode="4006381333931", weight=0.5, hs_code="610910")
        self.sim.requests.clear()
        action = self.dialog(product).action_prepare()
        layer = self.env["shopify.product"].search(action["domain"])
        self.assertEqual((layer.title, layer.exported, layer.shopify_status), (product.name, False, "draft"))
        variant = layer.variant_ids
        self.assertEqual(
            (variant.product_id, variant.sku, variant.barcode, variant.weight, variant.hs_code, variant.tracked),
            (product, "PREP-1", "4006381333931", 0.5, "610910", True),
        )
        self.assertFalse(self.sim.requests)

    def test_a_picture_that_shopify_does_not_take_stays_out_and_its_product_is_prepared(self):
        plain, drawn = self.make_products(["PREP-1"]), self.make_products(["PREP-2"])
        svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"><path d="M0 0"/></svg>'
        drawn.product_tmpl_id.image_1920 = base64.b64encode(svg)
        plain.product_tmpl_id.image_1920 = base64.b64encode(png(1))
        dialog = self.dialog(plain + drawn)
        self.assertIn("image/svg", dialog.picture_notes)
        self.assertEqual(dialog.picture_notes.count("\n"), 0, "only the product whose picture stays out")
        action = dialog.action_prepare()
        layer = self.env["shopify.product"].search(action["domain"])
        log = self.logs(cause="image_left_out")
        self.assertEqual(log.res_id, layer.filtered(lambda one: not one.image_ids).id)
        self.assertIn("image/svg", log.message)
        self.assertFalse(self.dialog(plain + drawn).picture_notes, "what is in the layer is not prepared again")
        pictures = {one.product_tmpl_id.default_code: len(one.image_ids) for one in layer}
        self.assertEqual(pictures, {"PREP-1": 1, "PREP-2": 0})

    def test_what_cannot_be_prepared_is_left_out_with_its_reason(self):
        nameless = self.make_products([False], name="No reference")
        archived = self.make_products(["ARCH-1"], name="Archived")
        archived.product_tmpl_id.active = False
        other = self.env["res.company"].create({"name": "Elsewhere Ltd"})
        foreign = self.make_products(["FOR-1"], name="Foreign", company_id=other.id)
        unsold = self.make_products(["UNS-1"], name="Unsold", sale_ok=False)
        attributes = self.env["product.attribute"].create(
            [{"name": f"A{number}", "value_ids": [Command.create({"name": "x"})]} for number in range(4)]
        )
        many = self.env["product.template"].create(
            {
                "name": "Four options",
                "attribute_line_ids": [
                    Command.create({"attribute_id": one.id, "value_ids": [Command.set(one.value_ids.ids)]})
                    for one in attributes
                ],
            }
        )
        many.product_variant_ids.default_code = "MANY-1"
        good = self.make_products(["GOOD-1"])
        own = self.instance.product_shipping_id
        own.default_code = "SHIP"
        chosen = own + nameless + archived + foreign + unsold + many.product_variant_ids + good
        dialog = self.dialog(chosen)
        reasons = {line.product_tmpl_id.name: line.reason for line in dialog.line_ids}
        for name, words in {
            "No reference": "internal reference",
            "Archived": "archived",
            "Foreign": "Elsewhere Ltd",
            "Unsold": "can be sold",
            "Four options": "4 attributes",
            own.name: "lines of orders",
        }.items():
            self.assertIn(words, reasons[name])
        self.assertEqual((dialog.product_count, dialog.ready_count), (7, 1))
        dialog.action_prepare()
        self.assertTrue(self.layer_of(good))
        self.assertFalse(self.layer_of(nameless + many.product_variant_ids))

    def test_a_product_in_the_layer_is_skipped_or_gets_its_new_variants(self):
        product = self.make_products(["PREP-1"])
        self.dialog(product).action_prepare()
        with self.assertRaisesRegex(UserError, "already"):
            self.dialog(product).action_prepare()
        self.dialog(product, skip_known=False).action_prepare()
        self.assertEqual(len(self.layer_of(product)), 1)

    def test_an_import_takes_the_prepared_record_instead_of_making_a_second_one(self):
        product = self.make_products(["SHIRT-1"])
        self.dialog(product).action_prepare()
        prepared = self.layer_of(product).shopify_product_id
        shirt = self.add()
        self.import_products()
        self.assertEqual(self.layer(shirt), prepared)
        self.assertEqual(len(self.layer_of(product)), 1)
        self.assertTrue(prepared.exported)

    def test_only_what_is_not_in_shopify_can_be_removed_from_the_layer(self):
        product = self.make_products(["PREP-1"])
        self.dialog(product).action_prepare()
        prepared = self.layer_of(product).shopify_product_id
        prepared.action_remove()
        self.assertFalse(prepared.exists())
        self.instance.product_create = True
        shirt = self.add()
        self.import_products()
        with self.assertRaises(UserError):
            self.layer(shirt).action_remove()

    def test_a_user_edits_the_layer_and_may_not_point_it_elsewhere(self):
        user = self.make_user("layer_user", "base.group_user", "shopify_sync.group_user")
        self.instance.product_create = True
        shirt = self.add()
        self.import_products()
        layer = self.layer(shirt).with_user(user)
        layer.write({"title": "For the web", "tags": "new"})
        with self.assertRaises(UserError):
            layer.write({"shopify_id": "1"})
        with self.assertRaises(UserError):
            layer.variant_ids.write({"inventory_item_ref": "1"})


@tagged("post_install", "-at_install")
class TestProductFiles(PreparationCase):
    def test_both_kinds_of_file_hold_one_row_for_each_variant(self):
        product = self.make_products(["00123"], name="=SUM(1)", barcode="4006381333931")
        for target in ("csv", "xlsx"):
            headers, rows = self.table(product, target)
            row = dict(zip(headers, rows[0], strict=True))
            self.assertEqual((row["internal_reference"], row["product_name"]), ("00123", "=SUM(1)"), target)
            self.assertEqual((row["product_id"], row["barcode"]), (str(product.id), "4006381333931"))

    def test_a_dry_run_says_what_would_change_and_writes_nothing(self):
        product = self.make_products(["FILE-1"])
        headers, rows = self.table(product)
        dialog = self.load(headers, rows, dry_run=True)
        self.assertEqual(dialog.line_ids.mapped("action"), ["create"])
        self.assertFalse(self.layer_of(product))
        dialog.action_do_it()
        self.assertTrue(self.layer_of(product))

    def test_an_edited_file_changes_the_layer_and_not_odoos_product(self):
        product = self.make_products(["FILE-1"])
        headers, rows = self.table(product, "xlsx")
        rows[0][headers.index("title")] = "For the web"
        rows[0][headers.index("shopify_sku")] = "WEB-1"
        self.load(headers, rows, filename="products.xlsx")
        variant = self.layer_of(product)
        self.assertEqual((variant.shopify_product_id.title, variant.sku), ("For the web", "WEB-1"))
        self.assertEqual((product.name, product.default_code), ("Product FILE-1", "FILE-1"))
        self.assertEqual(self.load(*self.table(product)).line_ids.mapped("action"), ["same"])

    def test_shopify_ids_in_the_file_link_instead_of_creating(self):
        shirt = self.add(sku=None)
        self.import_products()  # fails: nothing matches
        product = self.make_products(["FILE-1"])
        headers, rows = self.table(product)
        rows[0][headers.index("shopify_product_id")] = f"gid://shopify/Product/{shirt.id}"
        rows[0][headers.index("shopify_variant_id")] = str(shirt.variants[0].id)
        self.assertEqual(self.load(headers, rows).line_ids.mapped("action"), ["link"])
        variant = self.layer(shirt).variant_ids
        self.assertEqual((variant.product_id, variant.matched_by), (product, "file"))
        self.assertEqual(self.process_products()["done"], 1, "the line that waited is tried again")

    def test_ids_of_variants_that_the_layer_does_not_have_make_its_records(self):
        shirt, product = self.add(), self.make_products(["FILE-1"])
        variant_id = str(shirt.variants[0].id)
        headers, rows = self.named(product, str(shirt.id), f"gid://shopify/ProductVariant/{variant_id}")
        self.load(headers, rows)
        variant = self.layer_of(product)
        self.assertEqual((variant.shopify_id, variant.shopify_product_id.shopify_id), (variant_id, str(shirt.id)))

    def named(self, products, product_id, variant_id):
        """The file of Odoo products, each row with these ids of Shopify."""
        headers, rows = self.table(products)
        for row in rows:
            row[headers.index("shopify_product_id")] = product_id
            row[headers.index("shopify_variant_id")] = variant_id
        return headers, rows

    def test_an_id_that_shopify_does_not_have_is_an_error_of_its_row(self):
        shirt, known, product = self.add(), self.add(sku="OTHER-1"), self.make_products(["FILE-1"])
        self.sim.requests.clear()
        for product_id, words in (
            (shirt.id, "no variant 777 in product"),
            (555, "no variant 777: it has no product 555"),
        ):
            for dry_run in (True, False):
                (line,) = self.load(*self.named(product, str(product_id), "777"), dry_run=dry_run).line_ids
                self.assertEqual(line.action, "error")
                self.assertIn(words, line.message)
        foreign = self.named(product, str(shirt.id), str(known.variants[0].id))
        self.assertEqual(self.load(*foreign).line_ids.action, "error", "the variant of another product")
        self.assertFalse(self.env["shopify.product"].search([("instance_id", "=", self.instance.id)]))
        self.assertEqual(len(self.sim.requests), 5, "one request a file")

    def test_nothing_of_a_row_is_written_when_shopify_cannot_be_asked(self):
        shirt, product, other = self.add(), self.make_products(["FILE-1"]), self.make_products(["FILE-2"])
        headers, rows = self.named(product, str(shirt.id), str(shirt.variants[0].id))
        rows += self.table(other)[1]
        self.sim.faults.add("status", operation="ProductsToUpdate", status=503, times=None)
        dialog = self.load(headers, rows)
        self.assertEqual(dialog.line_ids.mapped("action"), ["error", "create"])
        self.assertIn("could not be asked", dialog.line_ids[0].message)
        self.assertFalse(self.layer_of(product))
        self.assertTrue(self.layer_of(other))

    def test_a_file_waits_a_moment_for_the_request_budget(self):
        shirt, product = self.add(), self.make_products(["FILE-1"])
        self.sim.faults.add("throttled", operation="ProductsToUpdate")
        with patch.object(product_file_ids.time, "sleep") as pause:
            dialog = self.load(*self.named(product, str(shirt.id), str(shirt.variants[0].id)))
        self.assertEqual((dialog.line_ids.action, pause.called), ("link", True), dialog.line_ids.message)

    def test_a_sku_that_another_product_of_the_layer_has_is_told(self):
        one, other = self.make_products(["FILE-1"]), self.make_products(["FILE-2"])
        self.dialog(one).action_prepare()
        headers, rows = self.table(other)
        rows[0][headers.index("shopify_sku")] = "FILE-1"
        (line,) = self.load(headers, rows, dry_run=True).line_ids
        self.assertEqual((line.action, line.doubtful), ("create", True))
        self.assertIn("has SKU FILE-1 already", line.message)
        (line,) = self.load(*self.table(one), dry_run=True).line_ids
        self.assertFalse(line.doubtful, "its own SKU")

    def test_wrong_rows_are_named_one_by_one_and_their_product_is_left_out_whole(self):
        size = self.env["product.attribute"].create(
            {"name": "Size", "value_ids": [Command.create({"name": name}) for name in ("S", "M")]}
        )
        line = Command.create({"attribute_id": size.id, "value_ids": [Command.set(size.value_ids.ids)]})
        template = self.env["product.template"].create({"name": "Two", "attribute_line_ids": [line]})
        for number, variant in enumerate(template.product_variant_ids):
            variant.default_code = f"TWO-{number}"
        other = self.make_products(["FILE-1"])
        headers, rows = self.table(template.product_variant_ids + other)
        rows[1][headers.index("shopify_variant_id")] = "abc"
        rows.append(["999999999", "999999999", str(self.instance.id)])
        rows.append(["x", "1", "1"])
        dialog = self.load(headers, rows)
        self.assertEqual(dialog.line_ids.mapped("action"), ["error", "error", "create", "error", "error"])
        self.assertIn("abc", dialog.line_ids[1].message)
        self.assertIn("row 3", dialog.line_ids[0].message)
        self.assertFalse(self.layer_of(template.product_variant_ids[0]))
        self.assertTrue(self.layer_of(other))

    def test_a_file_of_another_shape_is_refused_with_the_reason(self):
        for content, words in (
            (b"name,price\nShirt,1\n", "template_id"),
            (b"\n", "no line"),
            ("näme".encode("latin-1"), "UTF-8"),
            (b"PK\x03\x04 no workbook", "XLSX"),
        ):
            dialog = self.env["shopify.product.map"].create(
                {"instance_id": self.instance.id, "file": base64.b64encode(content) or b"", "filename": "x.csv"}
            )
            with self.assertRaisesRegex(UserError, words):
                dialog.action_load()

    def test_a_row_of_another_store_is_refused(self):
        product = self.make_products(["FILE-1"])
        headers, rows = self.table(product)
        rows[0][headers.index("store_id")] = str(self.instance.id + 1)
        message = self.load(headers, rows).line_ids.message
        self.assertIn("another store", message)
        self.assertIn(f"store_id holds {self.instance.id + 1}", message, "the name is right, the id is not")
        rows[0][headers.index("store")] = "Elsewhere"
        self.assertIn("another store (Elsewhere)", self.load(headers, rows).line_ids.message)

    def test_a_row_says_what_it_empties_before_it_does(self):
        product = self.make_products(["PREP-9"])
        headers, rows = self.table(product)
        self.dialog(product).action_prepare()
        layer = self.layer_of(product).shopify_product_id
        layer.write({"vendor": "Hatters", "tags": "rain"})
        rows[0][headers.index("title")] = "Storm Hat"
        (line,) = self.load(headers, rows, dry_run=True).line_ids
        self.assertEqual(line.message, "Changes Title. Empties Vendor, Tags: the cells are empty.")
        self.assertEqual(layer.vendor, "Hatters")
