"""Reading the pictures of products, by a job of its own, so that imports stay quick."""

import base64
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .. import shopify_api
from ..shopify_api.pictures import fetch_picture
from .operations import OPERATIONS
from .page import Page
from .shopify_product_image import MAX_BYTES, picture_of
from .shopify_queue_line import PAUSES
from .spoken import spoken

#: Pictures stored in one transaction, and read in one run; the job then starts the next one.
PAGE_IMAGES = 10
RUN_IMAGES = 200


class ShopifyHandlerImage(models.AbstractModel):
    """Reads waiting pictures of linked products; the first one becomes the picture of an Odoo product that the import
    made and that has none."""

    _name = "shopify.handler.image"
    _description = "Shopify Image Handler"

    @api.model
    def _due(self, *more):
        """Pictures of Shopify that wait to be read, of products that are in Odoo."""
        now = fields.Datetime.now()
        return Domain.AND(
            [
                Domain("status", "=", "waiting"),
                Domain("shopify_id", "!=", False),
                Domain("url", "!=", False),
                Domain("shopify_product_id.product_tmpl_id", "!=", False),
                Domain("next_attempt_at", "=", False) | Domain("next_attempt_at", "<=", now),
                *map(Domain, more),
            ]
        )

    @api.model
    def _wake(self, instance, at=None):
        """Let the job read what waits."""
        if instance.image_import:
            # the wake-up is the addon's, whoever imports
            self.env.ref("shopify_sync.cron_product_images").sudo()._trigger(at)

    @api.model
    def _cron_read(self):
        """Read the waiting pictures of every store that wants them."""
        images = self.env["shopify.product.image"]
        stores = [
            store._for_jobs()
            for (store,) in images._read_group(self._due(), ["instance_id"])
            if store.active and store.state == "connected" and store.image_import
        ]
        crons = self.env["ir.cron"]
        crons._commit_progress(remaining=len(stores))
        for store in stores:
            self.env["shopify.run.starter"]._run_scheduled(store, "product_image")
            if not crons._commit_progress(1):
                break
        with self.env.registry.cursor() as cr:
            fresh = self.with_env(self.env(cr=cr))
            for store in stores:
                waiting = fresh.env["shopify.product.image"].search_count(
                    fresh._due([("instance_id", "=", store.id)]), limit=1
                )
                if waiting:
                    fresh._wake(store.with_env(fresh.env))

    # Reading

    @api.model
    def _fetch_page(self, instance, run):
        """Read the next pictures; called without an open transaction. The place reached is 'how many:last id'."""
        done, _sep, last = (run["page_cursor"] or "0:0").partition(":")

        def work(env):
            images = env["shopify.product.image"]
            if not run["page_cursor"] and "only_missing" in run["options"]:
                env[self._name]._start_again(instance.id, run["options"]["only_missing"])
            found = images.search(
                env[self._name]._due([("instance_id", "=", instance.id), ("id", ">", int(last))]),
                order="id",
                limit=PAGE_IMAGES,
            )
            return env["shopify.instance"].browse(instance.id).shop_domain, [(one.id, one.url) for one in found]

        domain, waiting = self.env["shopify.run.starter"]._in_own_transaction(instance, work)
        local = shopify_api.is_loopback(domain)
        records = [self._read(instance.env, ident, url, local) for ident, url in waiting]
        done = int(done) + len(records)
        return Page(
            records=records,
            cursor=f"{done}:{waiting[-1][0]}" if waiting else f"{done}:{last}",
            has_next=len(waiting) == PAGE_IMAGES and done < RUN_IMAGES,
            seen=len(records),
        )

    @api.model
    def _start_again(self, instance_id, only_missing):
        """What a person asks for is due at once: pictures that failed, or all of them."""
        domain = [("instance_id", "=", instance_id), ("shopify_id", "!=", False), ("url", "!=", False)]
        if only_missing:
            domain += ["|", ("status", "in", ("failed", "waiting")), ("checksum", "=", False)]
        self.env["shopify.product.image"].search(domain).write(
            {"status": "waiting", "attempts": 0, "next_attempt_at": False}
        )

    @api.model
    def _read(self, env, ident, url, local):
        try:
            return {"id": ident, "url": url, "raw": fetch_picture(url, MAX_BYTES, local)}
        except shopify_api.ShopifyError as error:
            return {"id": ident, "url": url, "problem": spoken(env, error.words), "heals": error.heals}

    # Storing

    @api.model
    def _store_records(self, run, records):
        """Store what was read; pictures that changed or went meanwhile are left for the next run."""
        model = self.env["shopify.product.image"]
        images = model.browse([record["id"] for record in records]).exists()
        images = {one.id: one for one in images if one.status == "waiting"}
        stored = model
        for record in records:
            picture = images.get(record["id"])
            if not picture or picture.url != record["url"]:
                continue
            problem = record.get("problem") or model._problem(record["raw"])
            if problem:
                self._note_problem(run, picture, problem, record.get("heals"))
            else:
                picture.write(self._prepare(picture, record["raw"]))
                stored += picture
        self._give_to_products(run, stored)
        log = self.env["shopify.log.line"]
        log._resolve_keys(run.instance_id, [f"image:{one.id}" for one in stored.shopify_product_id])
        return len(stored)

    @api.model
    def _prepare(self, picture, raw):
        digest = picture._digest(raw)
        vals = {"status": "ready", "message": False, "attempts": 0, "next_attempt_at": False}
        if picture.checksum != digest:  # equal bytes are not stored again
            vals["image"] = base64.b64encode(raw)
        return {**vals, "sent_checksum": digest}

    @api.model
    def _note_problem(self, run, picture, problem, heals):
        """Try again after a pause when that can help, else the picture has failed and says why."""
        if heals and picture.attempts < len(PAUSES):
            moment = fields.Datetime.now() + PAUSES[picture.attempts] + timedelta(seconds=1)
            picture.write({"attempts": picture.attempts + 1, "next_attempt_at": moment, "message": problem})
            self._wake(run.instance_id, moment)
            return
        problem = self.env._(
            "%s Replace it in Shopify; Import product images (Processes, Shopify Operations) reads it again.", problem
        )
        picture.write({"status": "failed", "message": problem, "next_attempt_at": False})
        entry = picture._log_entry(
            process=self.env._(OPERATIONS[run.operation].label),
            severity="warning",
            cause="image_unreadable",
            reason=problem,
        )
        self.env["shopify.log.line"]._log(run.instance_id, [entry])

    @api.model
    def _give_to_products(self, run, pictures):
        """The first picture becomes that of a product made by the import, those of variants theirs, where there is none."""
        for layer in pictures.shopify_product_id.filtered("made_product"):
            ready = layer.image_ids.filtered(lambda one: one.status == "ready" and one.image)
            first = ready[:1]
            # what came from Shopify is in its gallery already
            template = layer.product_tmpl_id.with_context(shopify_alike=True)
            try:
                with self.env.cr.savepoint():
                    if first == layer.image_ids[:1] and not template.with_context(bin_size=True).image_1920:
                        template.image_1920 = first.image
                        first.odoo_checksum = layer._odoo_picture()[1]
                    for picture in ready - first:
                        made = picture.variant_ids.filtered(lambda one: one.matched_by == "created").product_id
                        made = made.filtered(lambda one: not one.with_context(bin_size=True).image_variant_1920)
                        made.image_variant_1920 = picture.image
                        if made:
                            picture.odoo_checksum = picture_of(made[0], "image_variant_1920")[1]
            except UserError as error:  # Odoo cannot show it; the layer keeps it
                self._note_problem(run, first, str(error), False)
