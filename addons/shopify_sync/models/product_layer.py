"""The layer's records of many Shopify products: made and brought to what Shopify says, only what differs."""

from odoo import api, models
from odoo.fields import Command

_STATUS = {"READY": "waiting", "PROCESSING": "processing", "UPLOADED": "processing", "FAILED": "failed"}


class ShopifyProductLayer(models.AbstractModel):
    """Writes `shopify.product`, its variants, pictures and collections."""

    _name = "shopify.product.layer"
    _description = "Shopify Product Layer Writer"

    @api.model
    def _known(self, instance, products, matches):
        """{Shopify product id: layer product}, archived ones too; one prepared in Odoo for the same Odoo product is taken.

        :param products: `mapping.Product` values
        :param matches: {Shopify product id: product_matcher.Match}
        """
        layer = self.env["shopify.product"].with_context(active_test=False)
        ids = [product.shopify_id for product in products]
        known = layer.search([("instance_id", "=", instance.id), ("shopify_id", "in", ids)])
        result = {one.shopify_id: one for one in known}
        found = {
            one.id: product.shopify_id
            for product in products
            if product.shopify_id not in result
            for one, _how in matches[product.shopify_id].found.values()
        }
        prepared = self.env["shopify.product.variant"].search(
            [("instance_id", "=", instance.id), ("shopify_id", "=", False), ("product_id", "in", list(found))]
        )
        taken = set()
        for variant in prepared:
            one = variant.shopify_product_id
            if not one.shopify_id and one.id not in taken and found[variant.product_id.id] not in result:
                result[found[variant.product_id.id]] = one
                taken.add(one.id)
        return result

    @api.model
    def _write(self, instance, products, digests, matches, known):
        """Bring layer products with their variants, pictures and collections to what Shopify says.

        :param digests: {Shopify product id: digest of its data}
        :return: ({Shopify product id: layer product}, {Shopify variant id: layer variant})
        """
        collections = self._collections(instance, products)
        countries = self._countries(products)
        channels = self._channels(instance, products)
        layer = self.env["shopify.product"]
        new = [product for product in products if product.shopify_id not in known]
        created = layer.create(
            [
                {
                    **self._prepare_product(product, matches[product.shopify_id], collections),
                    **self._prepare_channels(product, channels),
                    "instance_id": instance.id,
                    "shopify_id": product.shopify_id,
                    "payload_digest": digests[product.shopify_id],
                }
                for product in new
            ]
        )
        result = {**known, **{product.shopify_id: one for product, one in zip(new, created, strict=True)}}
        for product in products:
            one = result[product.shopify_id]
            if product not in new and one.payload_digest != digests[product.shopify_id]:
                vals = self._prepare_product(product, matches[product.shopify_id], collections, one)
                vals.update(self._prepare_channels(product, channels, one))
                vals.update(shopify_id=product.shopify_id, payload_digest=digests[product.shopify_id], gone_at=False)
                self._write_changed(one, vals)
            elif product not in new:
                self._write_changed(
                    one,
                    {
                        "product_tmpl_id": self._template(matches[product.shopify_id], one),
                        "shopify_updated_at": product.updated_at,
                        "gone_at": False,
                        # published from Odoo in between and taken back in Shopify: the data are the same as before
                        **self._prepare_channels(product, channels, one),
                    },
                )
        variants = self._write_variants(products, matches, result, countries)
        self._write_pictures(products, result, variants)
        return result, variants

    @api.model
    def _write_changed(self, record, vals):
        """Write the values that differ from what the record has."""
        changed = {}
        for name, value in vals.items():
            field, old = record._fields[name], record[name]
            if field.type == "many2one":
                old = old.id
            elif field.type == "many2many":
                if set(old.ids) != set(value):
                    changed[name] = [Command.set(list(value))]
                continue
            if (old or False) != (value or False):
                changed[name] = value
        if changed:
            record.write(changed)
        return bool(changed)

    # Products

    @api.model
    def _template(self, match, one=None):
        """The Odoo product of most variants; the one it has already while a variant still belongs to it."""
        templates = [product.product_tmpl_id.id for product, _how in match.found.values()]
        if one and (one.product_tmpl_id.id in templates or not templates):
            return one.product_tmpl_id.id
        return max(templates, key=templates.count, default=False)

    @api.model
    def _prepare_product(self, product, match, collections, one=None):
        """Values of a layer product; `one` is the record when it is there already."""
        vals = {
            "product_tmpl_id": self._template(match, one),
            "title": product.title,
            "description": product.description or False,
            "tags": ", ".join(product.tags) or False,
            "vendor": product.vendor or False,
            "product_type": product.product_type or False,
            "handle": product.handle or False,
            "category_ref": product.category_id or False,
            "category_name": product.category_name or False,
            "options_text": product.options_text or False,
            "template_suffix": product.template_suffix or False,
            "seo_title": product.seo_title or False,
            "seo_description": product.seo_description or False,
            "is_gift_card": product.is_gift_card,
            "shopify_status": product.status,
            "shopify_created_at": product.created_at,
            "shopify_updated_at": product.updated_at,
            "published_at": product.published_at,
            "active": product.status != "archived",
        }
        ids = [collections[each.shopify_id].id for each in product.collections]
        vals["collection_ids"] = [Command.set(ids)] if one is None else ids
        return vals

    @api.model
    def _channels(self, instance, products):
        """{Shopify id: sales channel} of the store, when products say in which channels they are."""
        if all(product.publications is None for product in products):
            return {}
        rows = self.env["shopify.publication"].search([("instance_id", "=", instance.id)])
        return {row.shopify_id: row for row in rows}

    @api.model
    def _prepare_channels(self, product, channels, one=None):
        """Where a product is sold. Without the permission to read sales channels only the date of publishing is known; the
        point of sale is then believed to be as it was."""
        if product.publications is None or not channels:
            published = "web_pos" if one and one.publish_state == "web_pos" else "web"
            return {"publish_state": published if product.published_at else "unpublished"}
        found = self.env["shopify.publication"].union(
            *(row for ident, row in channels.items() if ident in product.publications)
        )
        return {"publish_state": found._state_in(), "last_channels": ", ".join(found.mapped("name")) or False}

    @api.model
    def _collections(self, instance, products):
        """{Shopify id: collection} of all products, made when missing."""
        wanted = {one.shopify_id: one for product in products for one in product.collections}
        model = self.env["shopify.collection"].with_context(active_test=False)
        domain = [("instance_id", "=", instance.id), ("shopify_id", "in", list(wanted))]
        result = {one.shopify_id: one for one in model.search(domain)} if wanted else {}
        missing = [one for ident, one in wanted.items() if ident not in result]
        created = model.create([model._prepare(instance, one) for one in missing])
        result.update((one.shopify_id, one) for one in created)
        return result

    @api.model
    def _countries(self, products):
        codes = {variant.country_code for product in products for variant in product.variants if variant.country_code}
        found = self.env["res.country"].search([("code", "in", list(codes))]) if codes else ()
        return {country.code: country.id for country in found}

    # Variants

    @api.model
    def _write_variants(self, products, matches, layer, countries):
        """{Shopify variant id: layer variant}; those gone from Shopify are archived."""
        model = self.env["shopify.product.variant"].with_context(active_test=False)
        present = model.search([("shopify_product_id", "in", [layer[product.shopify_id].id for product in products])])
        known = {variant.shopify_id: variant for variant in present if variant.shopify_id}
        prepared = {
            (variant.shopify_product_id.id, variant.product_id.id): variant
            for variant in present
            if not variant.shopify_id and variant.product_id
        }
        result, to_create = {}, []
        for product in products:
            one, match = layer[product.shopify_id], matches[product.shopify_id]
            for variant in product.variants:
                linked, how = match.found.get(variant.shopify_id, (self.env["product.product"], ""))
                vals = self._prepare_variant(variant, countries)
                if linked:
                    vals["product_id"] = linked.id
                if how:
                    vals["matched_by"] = how
                old = known.get(variant.shopify_id) or prepared.get((one.id, linked.id))
                if old:
                    self._write_changed(old, vals)
                    result[variant.shopify_id] = old
                else:
                    to_create.append({**vals, "shopify_product_id": one.id})
        created = model.create(to_create)
        result.update((variant.shopify_id, variant) for variant in created)
        here = {variant.id for variant in result.values()}
        gone = present.filtered(lambda variant: variant.shopify_id and variant.active and variant.id not in here)
        if gone:
            gone.active = False
        return result

    @api.model
    def _prepare_variant(self, variant, countries):
        return {
            "shopify_id": variant.shopify_id,
            "inventory_item_ref": variant.inventory_item_id,
            "title": variant.title,
            "option_values": [list(pair) for pair in variant.selected] or False,
            "position": variant.position,
            "sku": variant.sku or False,
            "barcode": variant.barcode or False,
            "price": float(variant.price),
            "compare_at_price": float(variant.compare_at_price or 0),
            "unit_cost": float(variant.unit_cost or 0),
            "taxable": variant.taxable,
            "tracked": variant.tracked,
            "requires_shipping": variant.ships,
            "inventory_policy": variant.policy,
            "weight": round(float(variant.weight), 6),
            "hs_code": variant.hs_code or False,
            "origin_country_id": countries.get(variant.country_code, False),
            "shopify_created_at": variant.created_at,
            "shopify_updated_at": variant.updated_at,
            "active": True,
            "gone_at": False,
        }

    # Pictures

    @api.model
    def _write_pictures(self, products, layer, variants):
        """Pictures with their order and variants; their bytes are read by a job of its own."""
        model = self.env["shopify.product.image"]
        present = model.search([("shopify_product_id", "in", [layer[product.shopify_id].id for product in products])])
        known = {(one.shopify_product_id.id, one.shopify_id): one for one in present if one.shopify_id}
        to_create, kept = [], model
        for product in products:
            one = layer[product.shopify_id]
            owners = {}
            for variant in product.variants:
                for ident in variant.picture_ids:
                    owners.setdefault(ident, []).append(variants[variant.shopify_id].id)
            for position, picture in enumerate(product.pictures, start=1):
                old = known.get((one.id, picture.shopify_id))
                vals = self._prepare_picture(picture, position, old)
                if old:
                    self._write_changed(old, {**vals, "variant_ids": owners.get(picture.shopify_id, [])})
                    kept += old
                else:
                    ids = [Command.set(owners.get(picture.shopify_id, []))]
                    to_create.append({**vals, "shopify_product_id": one.id, "variant_ids": ids})
        (model.browse([one.id for one in known.values()]) - kept).unlink()
        model.create(to_create)

    @api.model
    def _prepare_picture(self, picture, position, old):
        vals = {
            "shopify_id": picture.shopify_id,
            "alt": picture.alt or False,
            "position": position,
            "url": picture.url or (old and old.url) or False,
            "width": picture.width,
            "height": picture.height,
        }
        if not old or old.url != vals["url"] or old.status == "processing":
            vals.update(status=_STATUS.get(picture.status, "waiting"), attempts=0, next_attempt_at=False, message=False)
        return vals
