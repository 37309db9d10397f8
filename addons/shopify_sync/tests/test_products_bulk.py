"""Many products at once: Shopify's bulk operations do the work, and each line knows what became of its product."""

from contextlib import contextmanager, suppress
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.addons.shopify_sync import shopify_api
from odoo.addons.shopify_sync.models import handler_product_bulk, handler_product_export, runner_product_export
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common_products_out import ProductsOutCase


@contextmanager
def bulk_from(count):
    with (
        patch.object(handler_product_bulk, "BULK_FROM", count),
        patch.object(runner_product_export, "BULK_FROM", count),
    ):
        yield


@tagged("post_install", "-at_install")
class TestBulk(ProductsOutCase):
    def setUp(self):
        super().setUp()
        self.instance.action_refresh_channels()
        self.layers = self.env["shopify.product"]
        for number in range(6):
            self.layers += self.layer(f"Hat {number}", (f"H{number}-S", f"H{number}-M"))

    def queue(self, layers, **request):
        """Lines as the dialog makes them, not sent yet."""
        values = {"parts": ["basics", "price", "image"], "only_changed": True, "publish": None, **request}
        self.env["shopify.queue.line"]._enqueue_products(self.instance, dict.fromkeys(layers, values))
        self.env.flush_all()

    def lines(self):
        return self.env["shopify.queue.line"].search(
            [("kind", "=", "product_export"), ("res_id", "in", self.layers.ids)], order="id"
        )

    def due(self):
        self.lines().filtered(lambda line: line.state == "draft").write(
            {"next_attempt_at": fields.Datetime.now() - timedelta(seconds=1)}
        )

    def run_all(self):
        """The job, as often as it is due."""
        with bulk_from(5):
            for _turn in range(6):
                self.send()
                self.due()

    def test_many_products_are_made_by_one_operation_and_published_by_another(self):
        self.queue(self.layers, publish="web")
        self.run_all()
        self.assertEqual(set(self.lines().mapped("state")), {"done"}, self.lines().mapped("message"))
        self.assertFalse(self.sent("ProductSet") or self.sent("PublishProduct"))
        self.assertEqual(self.sent("BulkOperationRunMutation"), 2)
        for layer in self.layers:
            self.assertEqual([one.sku for one in self.there(layer).variants], layer.variant_ids.mapped("sku"))
            self.assertEqual((self.channels(layer), layer.publish_state), (["online_store"], "web"))
        self.assertTrue(all(self.layers.variant_ids.mapped("inventory_item_ref")))

    def test_progress_is_shown_while_shopify_works(self):
        self.sim.store.bulk.rate = 0.5
        self.queue(self.layers)
        with bulk_from(5):
            self.send()
        line = self.lines()[0]
        self.assertTrue(line.job_ref)
        self.assertIn("in bulk", line.message)
        self.due()
        with bulk_from(5):
            self.send()
        self.assertEqual(set(self.lines().mapped("state")), {"draft"})
        self.sim.clock.advance(20)
        self.run_all()
        self.assertEqual(set(self.lines().mapped("state")), {"done"})
        self.assertEqual(self.sent("BulkOperationRunMutation"), 1)

    def run_job(self):
        """The job for all stores, once; what it pauses passes at once. How long it paused, in seconds."""
        pauses = []

        def pause(_runner, seconds):
            pauses.append(seconds)
            self.sim.clock.advance(seconds)
            self.env.invalidate_all()
            self.due()
            self.env.flush_all()

        with (
            bulk_from(5),
            patch.object(type(self.env["shopify.runner"]), "_pause", pause),
            self.own_cursor() as env,
        ):
            env["shopify.runner"]._cron_products()
        return pauses

    def test_a_small_operation_ends_within_one_turn_of_the_job(self):
        self.sim.store.bulk.rate = 0.5
        self.queue(self.layers)
        pauses = self.run_job()
        self.assertEqual(set(self.lines().mapped("state")), {"done"}, self.lines().mapped("message"))
        self.assertTrue(pauses)
        self.assertLessEqual(max(pauses), 5)
        self.assertLessEqual(sum(pauses), 20)
        self.assertEqual(self.sent("BulkOperationRunMutation"), 1)
        self.assertFalse(self.run_job(), "it does not stay for nothing")

    def test_a_long_operation_is_left_to_the_next_turn_with_its_progress(self):
        self.sim.store.bulk.rate = 0.05
        self.queue(self.layers)
        pauses = self.run_job()
        self.assertTrue(30 <= sum(pauses) <= runner_product_export.TURN, pauses)
        line = self.lines()[0]
        self.assertTrue(line.job_ref)
        self.assertIn("products done", line.message)
        cron = self.env.ref("shopify_sync.cron_product_out")
        self.assertTrue(self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]), "it is woken again")
        self.sim.clock.advance(200)
        self.due()
        self.run_job()
        self.assertEqual(set(self.lines().mapped("state")), {"done"})

    def test_one_refused_product_fails_alone_with_shopifys_text(self):
        self.layers[2].tags = "x" * 256
        self.queue(self.layers)
        self.run_all()
        states = [line.state for line in self.lines()]
        self.assertEqual(states, ["done", "done", "failed", "done", "done", "done"])
        self.assertIn("Tag is too long", self.lines()[2].message)
        self.assertIn("Tag is too long", self.layers[2].last_error)

    def test_an_update_in_bulk_sends_only_what_changed(self):
        self.queue(self.layers)
        self.run_all()
        self.sim.requests.clear()
        for layer in self.layers:
            layer.title += "!"
            self.set_price(layer.variant_ids[0].product_id, 31)
        self.queue(self.layers)
        self.run_all()
        self.assertEqual(set(self.lines().mapped("state")), {"done"}, self.lines().mapped("message"))
        self.assertEqual(self.sent("BulkOperationRunMutation"), 2, "texts and prices")
        self.assertFalse(self.sent("ProductUpdate") or self.sent("VariantsBulkUpdate"))
        for number, layer in enumerate(self.layers):
            there = self.there(layer)
            self.assertEqual((there.title, str(there.variants[0].price)), (f"Hat {number}!", "31.00"))
        self.sim.requests.clear()
        self.queue(self.layers)
        self.run_all()
        self.assertEqual(self.mutations(), [])

    def test_a_product_of_which_shopify_took_only_a_part_is_sent_whole(self):
        self.queue(self.layers)
        self.run_all()
        for layer in self.layers:
            layer.title += "!"
            self.set_price(layer.variant_ids[0].product_id, 31)
        self.queue(self.layers)
        start, asked = handler_product_bulk.ShopifyHandlerProductBulk._run, []

        def busy(handler, instance, document, inputs):
            """Shopify has room for the first operation only."""
            asked.append(document)
            if len(asked) == 2:
                self.sim.store.bulk.refuse = "LIMIT_REACHED"
            return start(handler, instance, document, inputs)

        with patch.object(type(self.env["shopify.handler.product.bulk"]), "_run", busy):
            self.run_all()
        self.assertGreater(len(asked), 2)
        self.assertEqual(set(self.lines().mapped("state")), {"done"}, self.lines().mapped("message"))
        for number, layer in enumerate(self.layers):
            there = self.there(layer)
            self.assertEqual((there.title, str(there.variants[0].price)), (f"Hat {number}!", "31.00"))
            self.assertFalse(layer.edited or any(layer.variant_ids.mapped("edited")))

    def test_without_the_permission_for_bulk_operations_all_go_one_by_one(self):
        self.sim.store.bulk.refuse = "ACCESS_DENIED"
        self.queue(self.layers)
        self.run_all()
        self.assertEqual(set(self.lines().mapped("state")), {"done"}, self.lines().mapped("message"))
        self.assertEqual(self.sent("ProductSet"), 6)

    def test_when_shopify_refuses_a_bulk_operation_all_go_one_by_one(self):
        self.sim.store.bulk.refuse = "INVALID_MUTATION"
        self.queue(self.layers)
        with self.assertLogs(handler_product_bulk.__name__, "WARNING"):
            self.run_all()
        self.assertEqual(set(self.lines().mapped("state")), {"done"}, self.lines().mapped("message"))
        self.assertEqual(self.sent("ProductSet"), 6)

    def test_what_is_edited_while_shopify_works_is_sent_afterwards(self):
        self.queue(self.layers)
        with bulk_from(5):
            self.send()
        hat = self.layers[0]
        hat.title = "Hat of tomorrow"
        self.set_price(hat.variant_ids[0].product_id, 25.0)
        self.due()
        self.run_all()
        self.assertEqual(self.there(hat).title, "Hat 0")
        self.assertEqual(hat.edited, ["title"])
        self.assertEqual(hat.variant_ids.mapped("price"), [20.0, 20.0])
        self.queue(hat)
        self.send()
        self.assertEqual(self.there(hat).title, "Hat of tomorrow")
        self.assertEqual(str(self.variant_there("H0-S").price), "25.00")

    def test_a_result_that_can_never_be_read_does_not_hold_the_products_for_ever(self):
        self.queue(self.layers)
        with bulk_from(5), patch.object(handler_product_bulk, "read_piece", self.unreachable):
            self.send()
            self.due()
            self.send()
            self.assertTrue(all(self.lines().mapped("job_ref")))
            with freeze_time(fields.Datetime.now() + timedelta(hours=25)):
                self.due()
                self.send()
        self.assertFalse(any(self.lines().mapped("job_ref")), "they are read as they are in Shopify now")
        self.run_all()
        self.assertEqual(set(self.lines().mapped("state")), {"done"}, self.lines().mapped("message"))
        self.assertEqual(sum(one.title.startswith("Hat ") for one in self.sim.store.products), 6)

    def unreachable(self, *_arguments):
        raise shopify_api.NotReachable("The file cannot be read.", may_have_been_done=False)

    def test_as_many_operations_as_shopify_allows_is_no_failure(self):
        self.sim.store.bulk.refuse = "LIMIT_REACHED"
        self.queue(self.layers)
        with bulk_from(5):
            self.send()
        line = self.lines()[0]
        self.assertEqual((line.state, line.attempts), ("draft", 0))
        self.run_all()
        self.assertEqual(set(self.lines().mapped("state")), {"done"})

    def test_a_worker_that_died_after_the_start_makes_nothing_twice(self):
        self.queue(self.layers)
        runner = type(self.env["shopify.runner"])
        with (
            bulk_from(5),
            patch.object(runner, "_write_sents", side_effect=RuntimeError("killed")),
            suppress(RuntimeError),  # assertRaises would roll back what the dead worker had committed
        ):
            self.env["shopify.runner"]._send_products(self.instance._for_jobs())
        self.env.invalidate_all()
        self.sim.store.jobs.run_due()
        self.assertEqual(set(self.lines().mapped("maybe_done")), {True})
        self.lines().write({"taken_until": False})
        self.run_all()
        self.assertEqual(set(self.lines().mapped("state")), {"done"}, self.lines().mapped("message"))
        titles = [one.title for one in self.sim.store.products if one.title.startswith("Hat ")]
        self.assertEqual(len(titles), 6)
        self.assertTrue(all(self.layers.variant_ids.mapped("exported")))

    def test_a_result_that_cannot_be_read_yet_is_read_later(self):
        self.queue(self.layers)
        with bulk_from(5):
            self.send()
        self.sim.faults.add("status", operation="bulk", status=503)
        self.sim.faults.add("status", operation="BulkOperationState", status=503)
        self.run_all()
        self.assertEqual(set(self.lines().mapped("state")), {"done"}, self.lines().mapped("message"))
        self.assertEqual(self.sent("BulkOperationRunMutation"), 1)

    def test_pictures_of_products_made_in_bulk_are_followed(self):
        for number, layer in enumerate(self.layers):
            self.add_picture(layer, number + 1)
        self.queue(self.layers)
        self.run_all()
        self.assertFalse(self.sent("ProductSet"))
        self.assertEqual(self.sent("MediaOfProducts"), 1, "one request for all of them")
        for layer in self.layers:
            self.assertEqual(layer.image_ids.mapped("shopify_id"), [str(one.id) for one in self.there(layer).media])
        self.assertEqual(set(self.layers.image_ids.mapped("status")), {"processing"})
        self.env["shopify.product.pictures"]._follow(self.instance._for_jobs())
        self.env.invalidate_all()
        self.assertEqual(set(self.layers.image_ids.mapped("status")), {"ready"})

    def test_a_budget_used_up_while_reading_does_not_stop_what_was_read(self):
        self.queue(self.layers)
        self.run_all()
        for layer in self.layers:
            layer.title += "!"
        self.queue(self.layers)
        self.sim.faults.add("throttled", operation="ProductsToUpdate", after=1)
        with patch.object(handler_product_export, "READ", 2):
            self.send()
        states = [line.state for line in self.lines()[6:]]
        self.assertEqual(states, ["done", "done", "draft", "draft", "draft", "draft"])
        self.run_all()
        self.assertEqual({self.there(layer).title[-1] for layer in self.layers}, {"!"})

    def test_few_that_could_be_read_wait_for_the_others_and_go_in_bulk(self):
        self.queue(self.layers)
        self.run_all()
        for layer in self.layers:
            layer.title += "!"
        self.queue(self.layers)
        self.sim.requests.clear()
        self.sim.faults.add("throttled", operation="ProductsToUpdate", after=1)
        with patch.object(handler_product_export, "READ", 2), bulk_from(5):
            self.send()
        self.assertEqual(self.mutations(), [])
        lines = self.lines()[6:]
        self.assertEqual(set(lines.mapped("state")), {"draft"})
        self.assertFalse(any(lines.mapped("attempts")), "waiting is no attempt")
        wait = min(lines.mapped("next_attempt_at")) - fields.Datetime.now()
        self.assertGreaterEqual(wait.total_seconds(), runner_product_export.BULK_PAUSE - 2)
        self.due()
        self.run_all()
        self.assertEqual(self.sent("BulkOperationRunMutation"), 1)
        self.assertFalse(self.sent("ProductUpdate"))
        self.assertEqual({self.there(layer).title[-1] for layer in self.layers}, {"!"})

    def test_a_pass_that_takes_too_long_leaves_the_rest_to_the_next_one(self):
        self.queue(self.layers)
        with patch.object(handler_product_export, "BATCH_SECONDS", -1):
            states = self.env["shopify.runner"]._send_products(self.instance._for_jobs())
        self.env.invalidate_all()
        self.assertEqual(states, ["later"] * 6)
        self.assertFalse(any(self.lines().mapped("taken_until")) or any(self.lines().mapped("maybe_done")))
        self.assertFalse(self.sent("ProductSet"))
        self.run_all()
        self.assertEqual(set(self.lines().mapped("state")), {"done"})

    def test_a_product_on_its_way_is_not_asked_for_again(self):
        self.sim.store.bulk.rate = 0.5
        self.queue(self.layers)
        with bulk_from(5):
            self.send()
        with self.assertRaisesRegex(UserError, "being sent right now"):
            self.press(self.open_dialog(self.layers[0], "export", publish="unpublished"))
