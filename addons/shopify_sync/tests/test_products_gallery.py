"""Pictures of products that are in Shopify: replaced in place, put into order, said when they are left out."""

from base64 import b64encode

from odoo.tests import tagged

from shopify_simulator.pictures import png
from shopify_simulator.scopes import DEFAULT_SCOPES

from .common_products_out import NONE, UpdateCase


class GalleryCase(UpdateCase):
    def setUp(self):
        super().setUp()
        self.first, self.second = self.add_picture(self.hat, 1), self.add_picture(self.hat, 2)
        self.update(self.hat)
        self.follow()
        self.assertEqual(set((self.first + self.second).mapped("status")), {"ready"})
        self.sim.requests.clear()

    def follow(self):
        self.env.flush_all()
        self.env["shopify.product.pictures"]._follow(self.instance._for_jobs())
        self.env.invalidate_all()

    def gallery(self):
        """Alt texts of the pictures in the store, in their order."""
        self.sim.store.jobs.run_due()
        return [one.alt for one in self.made.media]

    def replace(self, picture, number=9):
        picture.image = b64encode(png(number))


@tagged("post_install", "-at_install")
class TestReplacedPictures(GalleryCase):
    def test_a_replaced_picture_keeps_its_id_and_place_and_is_sent_once(self):
        by_hand = self.sim.store.add_picture(self.made, alt="By hand")
        former = self.first.shopify_id
        self.replace(self.first)
        self.update(self.hat)
        self.assertEqual(self.mutations(), ["StagedUploads", "FileUpdate"])
        self.assertEqual(self.gallery(), ["Picture 1", "Picture 2", "By hand"])
        self.assertEqual((str(self.made.media[0].id), self.made.media[0].content), (former, png(9)))
        self.assertEqual((self.first.shopify_id, self.first.status), (former, "processing"))
        self.assertIsNot(by_hand.content, png(9))
        self.follow()
        self.assertEqual(self.first.status, "ready")
        self.sim.requests.clear()
        self.update(self.hat)
        self.assertEqual(self.mutations(), [])

    def test_a_lost_answer_adds_no_picture_twice_and_takes_none_of_others_for_its_own(self):
        self.add_picture(self.hat, 3)
        self.add_picture(self.hat, 4)
        self.sim.faults.add("lost", operation="ProductUpdate")
        self.update(self.hat)
        line = self.line_of(self.hat)
        self.assertEqual((line.state, line.maybe_done), ("draft", True))
        self.sim.store.jobs.run_due()
        self.sim.store.add_picture(self.made, alt="By hand")
        self.retry(line)
        self.assertEqual(self.gallery(), ["Picture 1", "Picture 2", "Picture 3", "Picture 4", "By hand"])
        ids = self.hat.image_ids.sorted("position").mapped("shopify_id")
        self.assertEqual(ids, [str(one.id) for one in self.made.media[:4]])

    def test_a_long_alt_text_is_cut_and_does_not_hold_the_product(self):
        self.first.alt = "a" * 600
        self.add_picture(self.hat, 3, alt="b" * 600)
        self.update(self.hat)
        self.assertEqual(self.line_of(self.hat).state, "done", self.line_of(self.hat).message)
        self.assertEqual(self.gallery(), ["a" * 512, "Picture 2", "b" * 512])
        self.sim.requests.clear()
        self.update(self.hat)
        self.assertEqual(self.mutations(), [])

    def test_a_gallery_longer_than_a_page_is_known_to_its_end(self):
        for number in range(3, 64):
            self.add_picture(self.hat, number)
        self.update(self.hat)
        alts = [f"Picture {number}" for number in range(1, 64)]
        self.assertEqual(self.gallery(), alts)
        self.assertEqual(
            self.hat.image_ids.sorted("position").mapped("shopify_id"), [str(one.id) for one in self.made.media]
        )
        self.follow()
        self.add_picture(self.hat, 64)
        self.update(self.hat)
        self.assertEqual(self.gallery(), [*alts, "Picture 64"], "none is sent twice")

    def test_a_lost_answer_replaces_the_same_picture_again(self):
        self.replace(self.first)
        self.sim.faults.add("lost", operation="FileUpdate")
        self.update(self.hat)
        line = self.line_of(self.hat)
        self.assertEqual((line.state, line.maybe_done), ("draft", True))
        self.retry(line)
        self.assertEqual((line.state, self.gallery()), ("done", ["Picture 1", "Picture 2"]))
        self.assertEqual(self.made.media[0].content, png(9))

    def test_where_shopify_takes_no_other_bytes_the_new_one_is_added_in_its_place_and_the_former_detached(self):
        former = self.made.media[0]
        self.sim.store.storefront.locked.add(former.id)
        self.addCleanup(self.sim.store.storefront.locked.clear)
        self.replace(self.first)
        self.replace(self.second, 8)
        self.update(self.hat)
        self.assertEqual(self.line_of(self.hat).state, "done")
        self.assertEqual([one.content for one in self.made.media], [png(8), png(9)])
        self.assertNotIn(former, self.made.media)
        self.assertIn(former.id, self.sim.store.storefront.files, "the file itself is not deleted")
        self.assertEqual(self.first.shopify_id, str(self.made.media[1].id))
        self.assertIn("File is locked", self.first.message)
        self.assertFalse(self.second.message)
        self.assertIn("File is locked", self.logs(cause="image_refused").message)

    def test_a_picture_that_people_added_in_shopify_is_never_detached(self):
        former = self.made.media[0]
        self.first.from_odoo = False
        self.sim.store.storefront.locked.add(former.id)
        self.addCleanup(self.sim.store.storefront.locked.clear)
        self.replace(self.first)
        self.update(self.hat)
        self.assertIn(former, self.made.media)
        self.assertEqual(len(self.made.media), 3)
        self.assertIn("stays in Shopify", self.first.message)

    def test_without_the_permission_for_files_the_new_one_is_added_and_the_gallery_says_why(self):
        self.sim.access.scopes = [one for one in DEFAULT_SCOPES if one != "write_files"]
        self.replace(self.first)
        self.update(self.hat)
        self.assertEqual(len(self.made.media), 3)
        self.assertIn("stays in Shopify", self.first.message)

    def test_a_picture_that_shopify_still_works_on_is_not_sent_twice_and_says_so(self):
        self.made.media[0].status = "PROCESSING"
        self.replace(self.first)
        self.update(self.hat)
        self.assertEqual(self.mutations(), [])
        self.assertEqual(self.first.status, "failed")
        self.assertIn("still working", self.first.message)
        self.made.media[0].status = "READY"
        self.update(self.hat)
        self.assertEqual((self.made.media[0].content, self.first.status), (png(9), "processing"))


@tagged("post_install", "-at_install")
class TestOrderOfPictures(GalleryCase):
    def test_the_order_changed_in_odoo_is_sent_and_pictures_of_people_stay_in_their_places(self):
        self.sim.store.add_picture(self.made, alt="By hand")
        third = self.add_picture(self.hat, 3)
        self.update(self.hat)
        self.assertEqual(self.gallery(), ["Picture 1", "Picture 2", "By hand", "Picture 3"])
        self.follow()
        self.sim.requests.clear()
        third.position = 0
        self.update(self.hat, **{**NONE, "basics": True})
        self.assertEqual(self.mutations(), [], "the order belongs to the part with the pictures")
        self.update(self.hat)
        self.assertEqual(self.mutations(), ["ReorderMedia"])
        self.assertEqual(self.gallery(), ["Picture 3", "Picture 1", "By hand", "Picture 2"])
        self.sim.requests.clear()
        self.update(self.hat)
        self.assertEqual(self.mutations(), [])

    def test_a_new_picture_in_front_stands_in_front_in_shopify(self):
        self.add_picture(self.hat, 0)
        self.update(self.hat)
        self.assertEqual(self.gallery(), ["Picture 0", "Picture 1", "Picture 2"])

    def test_an_order_that_only_a_person_in_shopify_changed_stays(self):
        self.made.media.reverse()
        self.update(self.hat)
        self.assertEqual(self.mutations(), [])
        self.update(self.hat, only_changed=False)
        self.assertEqual(self.gallery(), ["Picture 1", "Picture 2"])
        self.assertEqual(self.sent("ReorderMedia"), 1)

    def test_an_order_that_was_not_sent_is_tried_again(self):
        self.first.position = 5
        self.sim.faults.add("throttled", operation="ReorderMedia")
        self.update(self.hat)
        line = self.line_of(self.hat)
        self.assertEqual((line.state, self.hat.images_reordered), ("draft", True))
        self.retry(line)
        self.assertEqual((line.state, self.hat.images_reordered), ("done", False))
        self.assertEqual(self.gallery(), ["Picture 2", "Picture 1"])


@tagged("post_install", "-at_install")
class TestPicturesOfVariants(GalleryCase):
    def pictures_there(self):
        return [[one.alt for one in variant.media] for variant in self.made.variants]

    def test_a_picture_given_to_a_variant_taken_off_and_changed_is_so_in_shopify(self):
        self.first.variant_ids = self.small
        self.update(self.hat)
        self.assertEqual(self.mutations(), ["VariantsAppendMedia"])
        self.assertEqual((self.pictures_there(), self.small.edited), ([["Picture 1"], []], False))
        self.sim.requests.clear()
        self.update(self.hat)
        self.assertEqual((self.mutations(), self.sent("VariantPictures")), ([], 0), "only changed ones are looked at")
        self.first.variant_ids = self.medium
        self.second.variant_ids = self.small
        self.update(self.hat)
        self.assertEqual(self.pictures_there(), [["Picture 2"], ["Picture 1"]])
        self.sim.requests.clear()
        self.second.variant_ids = False
        self.update(self.hat)
        self.assertEqual((self.mutations(), self.pictures_there()), (["VariantsDetachMedia"], [[], ["Picture 1"]]))
        self.assertEqual(len(self.made.media), 2, "the product keeps it")

    def test_a_picture_that_a_person_gave_a_variant_in_shopify_stays(self):
        self.made.variants[0].media = [self.made.media[1]]
        self.hat.title = "Storm Hat"
        self.update(self.hat)
        self.assertEqual(self.pictures_there(), [["Picture 2"], []])

    def test_a_new_picture_goes_to_its_variant_by_itself_once_shopify_is_ready_with_it(self):
        self.sim.store.storefront.media_delay = 30
        self.add_picture(self.hat, 3, variant_ids=[(6, 0, self.medium.ids)])
        self.update(self.hat)
        self.assertEqual((self.pictures_there(), self.medium.edited), ([[], []], ["image"]))
        self.update(self.hat, **{**NONE, "basics": True})
        self.assertEqual(self.medium.edited, ["image"], "what was not ticked is not forgotten")
        self.sim.clock.advance(60)
        self.follow()
        self.send()
        self.assertEqual((self.pictures_there(), self.medium.edited), ([[], ["Picture 3"]], False))

    def test_one_that_shopify_refuses_says_why_and_is_tried_again(self):
        self.first.variant_ids = self.small
        self.sim.faults.add("throttled", operation="VariantsAppendMedia")
        self.update(self.hat)
        line = self.line_of(self.hat)
        self.assertEqual((line.state, self.small.edited), ("draft", ["image"]))
        self.retry(line)
        self.assertEqual((line.state, self.pictures_there()), ("done", [["Picture 1"], []]))
