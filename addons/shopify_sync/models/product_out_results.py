"""What came of sending products, written on the layer."""

from decimal import Decimal

from odoo import api, fields, models

from ..mapping import product_diff
from ..mapping.product_out import plain_handle
from ..mapping.reading import legacy_id, when
from .outcome import Outcome

#: Fields of variants that are parts of their own.
PRICES = ("price", "compare_at")
_PRICE_FIELDS = {"price": "price", "compare_at": "compare_at_price", "cost": "unit_cost"}


class ShopifyProductOutResults(models.AbstractModel):
    """Writes ids, prices, states and errors on layer products; everything that Shopify did, also before a failure."""

    _name = "shopify.product.out.results"
    _description = "Shopify Product Result Writer"

    @api.model
    def _write(self, product, sent):
        """Write one result on its layer product; the Outcome of its line, None while Shopify works on it or a pass follows.

        An error of the pass is judged by the runner. An empty product was deleted meanwhile.
        """
        if not product:
            return Outcome.failure("data", "layer_gone", self.env._("The product is not in the layer any more."))
        # fields written here are as Shopify has them: no edits of a person; which product it is follows from the answer
        product = product.sudo().with_context(shopify_alike=True)
        if sent.created:
            self._write_created(product, sent)
        gone = sent.problem == "gone"
        if gone != bool(product.gone_at) and (gone or sent.node):
            product.gone_at = fields.Datetime.now() if gone else False
        self._write_variants(product, sent)
        self._write_pictures(product, sent)
        self._write_metafields(product, sent)
        if sent.error or sent.operations or sent.released or sent.job.incomplete:
            return None
        return self._outcome(product, sent)

    @api.model
    def _write_created(self, product, sent):
        node = sent.created
        ident = legacy_id(node["id"])
        if product.shopify_id != ident:
            product.write(
                {
                    "shopify_id": ident,
                    "handle": node["handle"],
                    "shopify_status": product.shopify_status or "active",
                    "shopify_created_at": when(node.get("createdAt")) or fields.Datetime.now(),
                }
            )

    @api.model
    def _write_variants(self, product, sent):
        rows = [*((sent.created or {}).get("variants") or {}).get("nodes", ()), *sent.new_variants]
        if sent.node and not sent.created:
            rows += sent.node["variants"]["nodes"]
        items = {row["id"]: row["inventoryItem"]["id"] for row in rows}
        ids = sent.variant_ids()
        for variant in product.variant_ids:
            gid = ids.get(variant.id)
            if gid and variant.shopify_id != legacy_id(gid) and gid in items:
                variant.write({"shopify_id": legacy_id(gid), "inventory_item_ref": legacy_id(items[gid])})
            prices = {ident: rows[variant.id] for ident, rows in sent.market.items() if variant.id in rows}
            if prices:
                variant.market_prices = {**(variant.market_prices or {}), **prices}
        gone = product.variant_ids.filtered(
            lambda one: one.shopify_id and any(legacy_id(gid) == one.shopify_id for gid in sent.deleted)
        )
        if gone:
            gone.active = False

    @api.model
    def _write_pictures(self, product, sent):
        digests = {one.layer_id: one.digest for one in sent.job.local.images}
        for picture in product.image_ids:
            gid = sent.media.get(picture.id) or sent.replaced.get(picture.id)
            if gid:
                vals = {"sent_checksum": digests[picture.id], "status": "processing", "message": False}
                if picture.id in sent.media:
                    vals.update(shopify_id=legacy_id(gid), from_odoo=True)
                picture.write(vals)
        self._write_picture_problems(product, sent)
        order = tuple(product.image_ids.sorted(lambda one: (one.position, one.id)).ids)
        if sent.ordered and order == sent.ordered and product.images_reordered:
            product.images_reordered = False
        if sent.media or sent.replaced:
            self.env["shopify.product.pictures"]._wake(product.instance_id)

    @api.model
    def _write_picture_problems(self, product, sent):
        """Pictures that Shopify refused, or is still working on, say so in the gallery and in the log."""
        entries = []
        for picture in product.image_ids:
            text = sent.picture_problems.get(picture.id)
            if text:
                picture.write({"message": text, **({} if picture.id in sent.media else {"status": "failed"})})
                entries.append(
                    picture._log_entry(
                        process=self.env._("Products to Shopify"),
                        severity="warning",
                        cause="image_refused",
                        reason=text,
                    )
                )
        if entries:
            self.env["shopify.log.line"]._log(product.instance_id, entries)

    @api.model
    def _write_metafields(self, product, sent):
        """Keep the digests of values that were set, so that the next change compares with them."""
        model = self.env["shopify.metafield"]
        now = fields.Datetime.now()
        ids = {variant.id: variant.shopify_id for variant in product.variant_ids}
        for (mapping_id, variant_id), (value, digest) in sent.digests.items():
            owner = ids.get(variant_id) if variant_id else product.shopify_id
            row = model.search([("mapping_id", "=", mapping_id), ("owner_ref", "=", owner)])
            vals = {"value": value, "compare_digest": digest, "sent_at": now, "state": "ok", "message": False}
            if row:
                row.write(vals)
            else:
                own = {"shopify_variant_id": variant_id} if variant_id else {"shopify_product_id": product.id}
                model.create({**vals, **own, "mapping_id": mapping_id, "owner_ref": owner})

    @api.model
    def _outcome(self, product, sent):
        """The end of a line whose pass met no error."""
        failure = self._failure(product, sent)
        if failure:
            return failure
        stage = sent.job.stage
        values = (sent.plan.values if sent.plan else stage.get("values")) or {}
        self._write_alike(product, sent, values)
        vals = {"last_error": False}
        if not sent.unchanged:
            vals["last_sent_at"] = fields.Datetime.now()
        if sent.job.stock:
            # its levels are sent by the stock lane, in its own batches
            self.env["shopify.stock.change"]._note(product.variant_ids.product_id.ids)
        if sent.job.channels and (sent.published or sent.unchanged):
            vals.update(self._publish_values(product, sent))
        product.write(vals)
        message = self.env._("Nothing had changed.") if sent.unchanged else False
        outcome = Outcome.done(product, message)
        for cause, text in self._notes(sent):
            outcome.note(cause, f"{product.title}: {text}")
        return outcome

    @api.model
    def _names_of(self, names):
        return ", ".join(f"“{one}”" for one in names) or "-"

    @api.model
    def _failure(self, product, sent):
        more = {"record": product, "fix_action": "layer", "fix_context": {"res_id": product.id}}
        if sent.existing:
            _gid, title, by = sent.existing
            what = (
                self.env._("handle “%s”", sent.job.local.new_handle) if by == "handle" else self.env._("the same SKU")
            )
            text = self.env._(
                "%(product)s was not created: “%(title)s” in Shopify has %(what)s already. Link it if it is the same "
                "product, or change the handle or SKU here.",
                product=product.title,
                title=title,
                what=what,
            )
            return Outcome.failure("configuration", "exists", text, **more)
        if sent.several:
            text = self.env._(
                "%(product)s was not created: its SKUs belong to several products in Shopify already: %(titles)s. Import "
                "these products and match the variants by hand.",
                product=product.title,
                titles=", ".join(sent.several),
            )
            return Outcome.failure("configuration", "exists_several", text, **more)
        texts = {
            "gone": self.env._(
                "%s was deleted in Shopify. Archive it here, or export it as a new product.", product.title
            ),
            "archived": self.env._(
                "%s is archived in Shopify and is not published. Unarchive it there.", product.title
            ),
            "handle_taken": self.env._(
                "%(product)s was not updated: another product in Shopify has the handle “%(handle)s” already. Change the "
                "handle here, or that of the other product there; its title and other fields were not sent either.",
                product=product.title,
                handle=sent.job.local.new_handle,
            ),
            "options_differ": self.env._(
                "%(product)s has new variants with the options %(odoo)s; in Shopify its options are %(shopify)s. Add or rename "
                "the option in Shopify and get the product again, or rename the attribute in Odoo; nothing was sent.",
                product=product.title,
                odoo=self._names_of(product_diff.option_names_of(sent.job.local)),
                shopify=self._names_of(product_diff.option_names(sent.node or {})),
            ),
        }
        if sent.problem:
            return Outcome.failure("data", sent.problem, texts.get(sent.problem) or sent.problem, **more)
        return None

    @api.model
    def _write_alike(self, product, sent, values):
        """What was sent is not edited any more, unless it was edited again meanwhile; prices are as Shopify has them."""
        before = sent.job.stage.get("local") or product_diff.local_values(sent.job.local)
        # keys of what was kept with the line have become texts
        before = {**before, "variants": {int(key): found for key, found in before["variants"].items()}}
        edited = product.edited or any(variant.edited for variant in product.variant_ids)
        now = self._values_now(product) if edited else {}
        if product.handle and "basics" in sent.job.parts:
            product.handle = plain_handle(product.handle)
        if product.edited and "basics" in sent.job.parts:
            product.edited = self._edited_since(product.edited, before, now)
        ids = {gid: layer_id for layer_id, gid in sent.variant_ids().items()}
        pictured = self._pictures_sent(sent, ids.values())
        of_variants = {ids[gid]: found for gid, found in values.get("variants", {}).items() if gid in ids}
        for variant in product.variant_ids:
            vals, own = {}, before["variants"].get(variant.id)
            edits = set(variant.edited or ())
            still = set(edits)
            if edits and own and "basics" in sent.job.parts:
                still = set(self._edited_since(edits, own, now["variants"][variant.id]) or ()) | (edits & {"image"})
            still -= self._pictures_settled(variant, pictured)
            if still != edits:
                vals["edited"] = sorted(still) or False
            found = of_variants.get(variant.id)
            if found is None and own and (sent.created or sent.new_variants):
                found = {name: value for name, value in own.items() if name not in PRICES or name in sent.job.parts}
            for name, field in _PRICE_FIELDS.items():
                if found and name in found and float(Decimal(found[name] or 0)) != variant[field]:
                    vals[field] = float(Decimal(found[name] or 0))
            if found and "barcode" not in still and (found.get("barcode") or False) != variant.barcode:
                vals["barcode"] = found.get("barcode") or False
            if (
                found
                and "weight" in found
                and "weight" not in still
                and round(variant.weight * 1000) != found["weight"]
            ):
                vals["weight"] = found["weight"] / 1000
            if vals:
                variant.write(vals)

    @api.model
    def _pictures_sent(self, sent, all_variants):
        """{layer id of a variant: id of its picture, as it was sent} of the variants whose picture is as in Odoo."""
        pictures = {layer_id: one.layer_id for one in reversed(sent.job.local.images) for layer_id in one.variants}
        with_pictures = all_variants if sent.created and "image" in sent.job.parts else sent.pictured
        return {layer_id: pictures.get(layer_id, 0) for layer_id in with_pictures}

    @api.model
    def _pictures_settled(self, variant, pictured):
        """The edit of its picture, unless the variant got another one meanwhile."""
        return {"image"} if variant.id in pictured and variant._picture_of() == pictured[variant.id] else set()

    @api.model
    def _values_now(self, product):
        """The product's fields as they are now, in the form of `mapping.product_diff.local_values`, without prices."""
        return product_diff.local_values(self.env["shopify.product.out"]._local(product.instance_id, product, {}, ()))

    @api.model
    def _edited_since(self, edited, before, now):
        """Those of the edited fields that are not as they were sent."""
        return [name for name in edited if name in now and now[name] != before.get(name)] or False

    @api.model
    def _publish_values(self, product, sent):
        rows = self.env["shopify.publication"].search([("instance_id", "=", product.instance_id.id)])
        wanted, decided = sent.job.channels
        present = {
            one["publication"]["id"] for one in ((sent.node or {}).get("resourcePublicationsV2") or {}).get("nodes", ())
        }
        now_in = (present - decided) | wanted
        channels = rows.filtered(lambda row: row.gid in now_in)
        vals = {
            "publish_state": channels._state_in(),
            "last_channels": ", ".join(channels.mapped("name")) or False,
            "published_at": (product.published_at or fields.Datetime.now()) if now_in else False,
        }
        if wanted and product.shopify_status == "draft":
            vals["shopify_status"] = "active"
        return vals

    @api.model
    def _notes(self, sent):
        """Warnings beside the outcome: prices that were not sent, fields that Shopify owns, metafields."""
        yield from sent.job.notes
        plan = sent.plan
        for kept in (*plan.kept, *plan.metafields_kept) if plan else ():
            sku = next((one.sku for one in sent.job.local.variants if one.layer_id == kept.variant), "")
            text = self.env._(
                "%(field)s %(sku)s was changed on both sides and stays as in Shopify: “%(shopify)s”; Odoo has “%(odoo)s”.",
                field=kept.field,
                sku=sku,
                shopify=kept.shopify[:80],
                odoo=kept.odoo[:80],
            )
            yield "metafield_stale" if "." in kept.field else "owner", text
