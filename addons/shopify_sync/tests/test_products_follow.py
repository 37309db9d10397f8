"""What is changed on an Odoo product reaches the store with its next update; what a store has for itself stays."""

import base64
import hashlib
import io

from odoo.fields import Command
from odoo.tests import tagged
from PIL import Image

from shopify_simulator.pictures import png

from .common_products_out import UpdateCase


@tagged("post_install", "-at_install")
class TestFollow(UpdateCase):
    def setUp(self):
        super().setUp()
        self.template = self.hat.product_tmpl_id
        self.editor = self.make_user("editor", "product.group_product_manager")

    def test_a_product_renamed_in_odoo_is_renamed_in_the_store(self):
        self.template.with_user(self.editor).name = "Storm Hat"
        self.assertFalse(self.hat.differs)
        self.update(self.hat)
        self.assertEqual(self.made.title, "Storm Hat")
        self.sim.requests.clear()
        self.update(self.hat)
        self.assertEqual(self.mutations(), [], "it was sent once")

    def test_a_title_that_the_store_has_for_itself_stays(self):
        self.hat.title = "The Hat for Rain"
        self.template.name = "Storm Hat"
        self.update(self.hat)
        self.assertEqual(self.made.title, "The Hat for Rain")
        self.assertIn("Storm Hat", self.hat.differences)

    def test_a_title_that_shopify_owns_does_not_follow(self):
        self.own("title")
        self.template.name = "Storm Hat"
        self.update(self.hat)
        self.assertEqual((self.hat.title, self.made.title), ("Rain Hat", "Rain Hat"))

    def test_the_name_in_another_language_is_not_the_title_of_the_store(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.template.with_context(lang="de_DE").name = "Regenhut"
        self.assertEqual(self.hat.title, "Rain Hat")

    def test_a_sku_changed_in_odoo_is_changed_in_the_store(self):
        self.medium.sku = "OWN-M"
        self.small.product_id.with_user(self.editor).default_code = "STORM-S"
        self.medium.product_id.default_code = "STORM-M"
        self.update(self.hat)
        self.assertTrue(self.variant_there("STORM-S"))
        self.assertEqual(self.medium.sku, "OWN-M", "a SKU of the store's own stays")

    def test_the_picture_of_the_odoo_product_is_the_stores(self):
        self.template.with_user(self.editor).image_1920 = base64.b64encode(png(1))
        self.update(self.hat)
        self.assertEqual(len(self.made.media), 1)
        self.env["shopify.product.pictures"]._follow(self.instance._for_jobs())
        first = self.made.media[0].id
        self.template.image_1920 = base64.b64encode(png(2))
        self.assertEqual(len(self.hat.image_ids), 1)
        self.sim.requests.clear()
        self.update(self.hat)
        self.assertIn("FileUpdate", self.mutations())
        self.assertEqual([one.id for one in self.made.media], [first], "the same picture with other bytes")

    def test_a_picture_that_odoo_keeps_in_a_smaller_size_is_still_the_products(self):
        picture = self.add_picture(self.hat, 1, image=self.large("red"), status="ready")
        self.hat.made_product = True
        self.env["shopify.handler.image"]._give_to_products(self.env["shopify.run"], picture)
        self.assertNotEqual(picture.odoo_checksum, picture.checksum)
        self.template.with_user(self.editor).image_1920 = self.large("blue")
        self.assertEqual(self.hat.image_ids, picture)
        self.assertEqual(picture.width, 1920)
        self.template.image_1920 = base64.b64encode(png(2))
        self.assertEqual(picture.checksum, hashlib.sha256(png(2)).hexdigest(), "and the next one follows, too")

    def large(self, colour):
        content = io.BytesIO()
        Image.new("RGB", (2400, 30), colour).save(content, "PNG")
        return base64.b64encode(content.getvalue())

    def test_the_picture_of_an_odoo_variant_is_the_stores(self):
        self.small.product_id.with_user(self.editor).image_variant_1920 = base64.b64encode(png(3))
        first = self.small.image_ids
        self.assertEqual((len(first), self.medium.image_ids), (1, first.browse()))
        self.update(self.hat)
        self.env["shopify.product.pictures"]._follow(self.instance._for_jobs())
        self.send()
        self.small.product_id.image_variant_1920 = base64.b64encode(png(4))
        self.assertEqual((self.small.image_ids, first.checksum), (first, hashlib.sha256(png(4)).hexdigest()))
        self.update(self.hat)
        self.assertEqual(len(self.made.media), 1, "the same picture with other bytes")

    def test_a_picture_that_variants_share_stays_with_the_others(self):
        shared = self.add_picture(self.hat, 3, variant_ids=[Command.set(self.hat.variant_ids.ids)])
        with_picture = self.small.product_id.with_context(shopify_alike=True)
        with_picture.image_variant_1920 = shared.image
        self.small.product_id.image_variant_1920 = base64.b64encode(png(4))
        self.assertEqual((shared.variant_ids, self.small.image_ids & shared), (self.medium, shared.browse()))
        self.assertEqual(self.small.image_ids.checksum, hashlib.sha256(png(4)).hexdigest())

    def test_a_picture_that_the_store_gave_a_variant_stays(self):
        own = self.add_picture(self.hat, 5, variant_ids=[Command.set(self.small.ids)])
        self.small.product_id.image_variant_1920 = base64.b64encode(png(4))
        self.assertEqual((self.small.image_ids, self.hat.image_ids), (own, own))

    def test_a_gallery_of_the_stores_own_stays(self):
        own = self.add_picture(self.hat, 5)
        self.template.image_1920 = base64.b64encode(png(1))
        self.assertEqual(self.hat.image_ids, own)
        self.template.image_1920 = False
        self.assertEqual(self.hat.image_ids, own)

    def test_a_picture_that_shopify_does_not_take_is_said(self):
        svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"><path d="M0 0"/></svg>'
        self.template.image_1920 = base64.b64encode(svg)
        self.assertFalse(self.hat.image_ids)
        self.assertIn("image/svg", self.logs(cause="image_left_out").message)
