"""Pictures on their way to Shopify: their bytes, and what Shopify made of them."""

import base64
from datetime import timedelta

from odoo import api, fields, models

from .. import shopify_api
from ..mapping.product_gallery import file_mark

#: Shopify's work on pictures is looked at this often.
LOOK_EVERY = timedelta(minutes=1)
_SUFFIX = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp"}
_MOST = 250


class ShopifyProductPictures(models.AbstractModel):
    """Gives the bytes of pictures one by one, and follows the sent ones until they are ready or failed."""

    _name = "shopify.product.pictures"
    _description = "Shopify Pictures on Their Way"

    @api.model
    def _in_own_transaction(self, instance, work):
        return self.env["shopify.run.starter"]._in_own_transaction(instance, work)

    @api.model
    def _facts(self, instance, ids):
        """[(file name, mime type, bytes)] of pictures."""

        def work(env):
            return [(_file_name(one), one.mimetype, one.size) for one in env["shopify.product.image"].browse(ids)]

        return self._in_own_transaction(instance, work)

    @api.model
    def _content(self, instance, picture_id):
        """The bytes of one picture; only one is in memory at a time."""

        def work(env):
            return base64.b64decode(env["shopify.product.image"].browse(picture_id).image or b"")

        return self._in_own_transaction(instance, work)

    @api.model
    def _follow(self, instance):
        """Ask what became of the pictures that Shopify is working on.

        :return: how many it is still working on
        """

        def waiting(env):
            rows = env["shopify.product.image"].search(
                [
                    ("instance_id", "=", instance.id),
                    ("status", "=", "processing"),
                    ("sent_checksum", "!=", False),
                    ("shopify_id", "!=", False),
                ],
                limit=_MOST,
            )
            return [(row.id, row.shopify_id) for row in rows]

        rows = self._in_own_transaction(instance, waiting)
        if not rows:
            return 0
        ids = [shopify_api.gid("MediaImage", ident) for _row, ident in rows]
        data = (
            self.env["shopify.connection"]
            ._execute(instance, "products/MediaState", {"ids": ids}, lane="catalogue")
            .data
        )
        states = {row: node for (row, _ident), node in zip(rows, data["nodes"], strict=True)}
        return self._in_own_transaction(instance, lambda env: env[self._name]._write_states(instance.id, states))

    @api.model
    def _write_states(self, instance_id, states):
        instance = self.env["shopify.instance"].browse(instance_id)
        still, failures = 0, []
        for picture in self.env["shopify.product.image"].browse(states).exists():
            node = states[picture.id]
            status = (node or {}).get("fileStatus") or "FAILED"
            if status == "READY":
                picture.write({"status": "ready", "message": False})
            elif status == "FAILED":
                reasons = [one["message"] for one in (node or {}).get("mediaErrors") or ()]
                text = "; ".join(reasons) or self.env._("Shopify does not have this picture any more.")
                picture.write({"status": "failed", "message": text, "sent_checksum": False})
                failures.append(
                    picture._log_entry(
                        process=self.env._("Products to Shopify"), severity="error", cause="image_refused", reason=text
                    )
                )
            else:
                still += 1
        self.env["shopify.log.line"]._log(instance, failures)
        self._send_variants_that_waited(
            instance, [ident for ident, node in states.items() if (node or {}).get("fileStatus") == "READY"]
        )
        return still

    @api.model
    def _send_variants_that_waited(self, instance, ready):
        """Shopify gives variants only pictures that are ready: those whose picture is so now have their turn."""
        pictures = self.env["shopify.product.image"].browse(ready).exists()
        variants = pictures.variant_ids.filtered(lambda one: one.shopify_id and "image" in (one.edited or ()))
        if variants:
            request = {"parts": ["image"], "only_changed": True, "publish": None}
            products = variants.shopify_product_id
            self.env["shopify.queue.line"]._enqueue_products(instance, {one: dict(request) for one in products})
            self._wake(instance)

    @api.model
    def _wake(self, instance):
        """Have the job look at the pictures in a minute."""
        moment = fields.Datetime.now() + LOOK_EVERY
        # the wake-up is the addon's, whoever sends
        self.env.ref("shopify_sync.cron_product_out").sudo()._trigger(moment)
        return instance


def _file_name(picture):
    handle, mark = picture.shopify_product_id.handle or "picture", file_mark(picture.id, picture.checksum or "")
    return f"{handle}{mark}.{_SUFFIX.get(picture.mimetype, 'img')}"
