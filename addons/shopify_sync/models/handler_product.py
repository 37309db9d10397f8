"""Processing of product lines: map, match, create, write the layer, prices and metafields; each for the whole batch."""

import json
from decimal import Decimal

from odoo import api, models
from odoo.tools import float_compare

from ..mapping import Refusal
from ..mapping.product import payload_digest, read_product
from .outcome import Outcome
from .spoken import spoken

#: Making products from Shopify: no creation notes, no followers.
QUIET = {"mail_create_nolog": True, "mail_create_nosubscribe": True, "mail_notrack": True, "tracking_disable": True}


class ShopifyHandlerProduct(models.AbstractModel):
    """Products: how they are processed (here) and fetched (`handler_product_fetch.py`)."""

    _name = "shopify.handler.product"
    _description = "Shopify Product Handler"
    _inherit = ["shopify.handler.base"]

    _kinds = ("product",)

    @api.model
    def _process(self, instance, lines):
        """Bring the products of queue lines into the layer and, as the store is set, into Odoo.

        :param lines: claimed lines of one store
        :return: {line id: Outcome}
        """
        outcomes, wanted, seen = {}, {}, set()
        for line in lines:
            # raw data are hidden from users; the job reads them for whoever started it
            payload = json.loads(line.sudo().payload or "null", parse_float=Decimal)
            try:
                product = read_product(payload)
            except Refusal as error:
                outcomes[line.id] = Outcome.failure("data", error.cause, spoken(instance.env, error.words))
                continue
            if product.shopify_id in seen:
                outcomes[line.id] = Outcome("later", self.env._("The same product is being imported by another line."))
                continue
            seen.add(product.shopify_id)
            wanted[line] = (product, json.loads(line.sudo().payload))
        self._leave_out(instance, wanted, outcomes)
        if not wanted:
            return outcomes
        records = list(wanted.values())
        layer, matches, notes = self._bring(instance, records)
        for line, (product, _payload) in wanted.items():
            one, match = layer[product.shopify_id], matches[product.shopify_id]
            outcomes[line.id] = self._outcome(instance, product, one, match)
            for cause, text in notes.get(product.shopify_id, ()):
                outcomes[line.id].note(cause, text)
        self.env["shopify.handler.image"]._wake(instance)
        return outcomes

    @api.model
    def _leave_out(self, instance, wanted, outcomes):
        """Take out lines older than what the layer has, and known products that the import shall leave alone."""
        layer = self.env["shopify.product"].with_context(active_test=False)
        ids = [product.shopify_id for product, _payload in wanted.values()]
        known = {
            one.shopify_id: one for one in layer.search([("instance_id", "=", instance.id), ("shopify_id", "in", ids)])
        }
        for line, (product, _payload) in list(wanted.items()):
            one = known.get(product.shopify_id)
            if not one:
                continue
            if one.shopify_updated_at and one.shopify_updated_at > product.updated_at:
                outcomes[line.id] = Outcome.done(one, self.env._("Odoo has a newer state of this product."))
            elif line.queue_id.keep_existing and one.product_tmpl_id:
                text = self.env._("Product %s is in Odoo already; this import leaves such products alone.", one.title)
                outcomes[line.id] = Outcome.skip("existing", text)
            else:
                continue
            del wanted[line]

    @api.model
    def _bring(self, instance, records, create=None, matches=None):
        """Bring products into the layer, link or make their Odoo products, and write what the import may write.

        :param records: (mapping.Product, Shopify's record) pairs
        :param create: make missing Odoo products; None: as the store says
        :param matches: {Shopify id: Match} that are known already; None: they are searched
        :return: ({Shopify id: layer product}, {Shopify id: Match}, {Shopify id: [(cause, text)]})
        """
        return self.with_context(**QUIET)._bring_quietly(instance, records, create, matches)

    @api.model
    def _bring_quietly(self, instance, records, create, matches):
        products = [product for product, _record in records]
        digests = {product.shopify_id: payload_digest(record) for product, record in records}
        if matches is None:
            matches = self.env["shopify.product.matcher"]._match(instance, products)
        notes, made = {}, {}
        if instance.product_create if create is None else create:
            maker = self.env["shopify.product.maker"]
            made, texts = maker._create_missing(instance, products, matches)
            for ident, found in texts.items():
                notes.setdefault(ident, []).extend(("barcode_taken", text) for text in found)
        writer = self.env["shopify.product.layer"]
        known = writer._known(instance, products, matches)
        layer, variants = writer._write(instance, products, digests, matches, known)
        for ident, template in made.items():
            layer[ident].write({"made_product": True, "written": {"name": template.name}})
        self._follow(instance, products, layer, variants, matches)
        pairs = [(variants[one.shopify_id], one) for product in products for one in product.variants]
        owner_of = {one.shopify_id: product.shopify_id for product in products for one in product.variants}
        for variant, text in self.env["shopify.product.prices"]._bring(instance, pairs):
            notes.setdefault(owner_of[variant.shopify_id], []).append(("price_kept", text))
        self._bring_metafields(instance, products, layer, variants, notes)
        for product in products:
            text = self._several_templates(product, matches[product.shopify_id])
            if text:
                notes.setdefault(product.shopify_id, []).append(("several_products", text))
        return layer, matches, notes

    @api.model
    def _bring_metafields(self, instance, products, layer, variants, notes):
        metafields = self.env["shopify.handler.metafield"]
        entries = {
            "product": [
                (product.shopify_id, layer[product.shopify_id], layer[product.shopify_id].product_tmpl_id, found)
                for product in products
                if (found := product.metafields) is not None
            ],
            "variant": [
                (one.shopify_id, variants[one.shopify_id], variants[one.shopify_id].product_id, one.metafields)
                for product in products
                for one in product.variants
                if one.metafields is not None
            ],
        }
        owner_of = {one.shopify_id: product.shopify_id for product in products for one in product.variants}
        for owner, found in entries.items():
            for owner_ref, text in metafields._bring(instance, owner, found):
                notes.setdefault(owner_of.get(owner_ref, owner_ref), []).append(("metafield", text))

    # What follows Shopify in Odoo

    @api.model
    def _follow(self, instance, products, layer, variants, matches):
        """Write on Odoo products what the import wrote there last and Shopify has changed since. What a person changed,
        and what was never written by the import, stays."""
        kilograms = self.env["shopify.product.variant"]._kilograms_in(instance)
        for product in products:
            one = layer[product.shopify_id]
            if instance.product_update and one.made_product:
                template = one.product_tmpl_id.with_context(lang=instance.lang_id.code)
                if (one.written or {}).get("name") == template.name != product.title:
                    template.name = product.title
                    one.written = {**one.written, "name": product.title}
            for data in product.variants:
                variant = variants[data.shopify_id]
                how = matches[product.shopify_id].found.get(data.shopify_id, (None, ""))[1]
                values = {
                    "default_code": data.sku,
                    "barcode": data.barcode,
                    "weight": round(float(data.weight) / kilograms, 6),
                }
                if how == "created":
                    kept = {**values, "barcode": variant.product_id.barcode or ""}
                    variant.written = {**(variant.written or {}), **kept}
                elif instance.product_update and variant.matched_by == "created":
                    self._follow_variant(variant, values)

    @api.model
    def _follow_variant(self, variant, values):
        product, written, vals = variant.product_id, dict(variant.written or {}), {}
        for name, value in values.items():
            if name not in written or written[name] == value:
                continue
            if name == "weight":
                same = not float_compare(product.weight, written[name], precision_digits=2)
            else:
                same = (product[name] or "") == (written[name] or "")
            taken = name == "barcode" and value and self.env["shopify.product.maker"]._taken_barcodes([value])
            if same and not taken:
                vals[name] = value or (0.0 if name == "weight" else False)
                written[name] = value
        if vals:
            product.write(vals)
            variant.written = written

    @api.model
    def _several_templates(self, product, match):
        templates = self.env["product.template"].union(*(one.product_tmpl_id for one, _how in match.found.values()))
        if len(templates) < 2:
            return ""
        return self.env._(
            "The variants of %(title)s belong to several Odoo products: %(names)s. Each keeps its own.",
            title=product.title,
            names=", ".join(templates.mapped("display_name")),
        )

    # Outcomes

    @api.model
    def _outcome(self, instance, product, one, match):
        """How the line of a product ends: done when each of its variants is an Odoo variant."""
        by_id = {variant.shopify_id: variant for variant in product.variants}
        fix = {"fix_action": "match_product", "fix_context": {"shopify_product_id": one.id}, "record": one}
        names = {ident: self._name_of(variant) for ident, variant in by_id.items()}
        if match.taken:
            ident, (title, variant) = next(iter(match.taken.items()))
            return Outcome.failure(
                "data",
                "duplicate_sku",
                self.env._(
                    "Product %(product)s: %(variant)s has the SKU or barcode of “%(other)s” of product “%(title)s”. Give "
                    "each its own in Shopify, or match by hand if both are the same Odoo product. If the other product was "
                    "deleted in Shopify, open it in the layer and get it again.",
                    product=product.title,
                    variant=names[ident],
                    other=variant,
                    title=title,
                ),
                wait_keys=(f"layer:{one.id}", f"setting:{instance.id}"),
                sku=by_id[ident].sku,
                **fix,
            )
        if match.ambiguous:
            ident, candidates = next(iter(match.ambiguous.items()))
            return Outcome.failure(
                "data",
                "ambiguous_product",
                self.env._(
                    "Product %(product)s: %(variant)s fits several Odoo products: %(names)s. Leave the SKU or barcode to "
                    "one of them, or match by hand.",
                    product=product.title,
                    variant=names[ident],
                    names=", ".join(candidates.mapped("display_name")),
                ),
                wait_keys=self._wait_keys(instance, one, [by_id[ident] for ident in match.ambiguous]),
                sku=by_id[ident].sku,
                **fix,
            )
        if match.missing:
            return Outcome.failure(
                "configuration",
                "unknown_product",
                self.env._(
                    "Product %(product)s: Odoo has no product for %(names)s. Match by hand, give the SKU or barcode to a "
                    "product of Odoo, or let the store create missing products; it is then tried again by itself.",
                    product=product.title,
                    names=self._names([names[variant.shopify_id] for variant in match.missing]),
                ),
                wait_keys=self._wait_keys(instance, one, match.missing),
                sku=match.missing[0].sku,
                **fix,
            )
        return Outcome.done(one)

    @api.model
    def _name_of(self, variant):
        return self.env._(
            "“%(title)s” (SKU %(sku)s, barcode %(barcode)s)",
            title=variant.title,
            sku=variant.sku or "-",
            barcode=variant.barcode or "-",
        )

    @api.model
    def _names(self, names, most=20):
        more = self.env._(" and %s more", len(names) - most) if len(names) > most else ""
        return ", ".join(names[:most]) + more

    @api.model
    def _wait_keys(self, instance, one, variants):
        keys = [f"sku:{variant.sku}" for variant in variants if variant.sku]
        keys += [f"barcode:{variant.barcode}" for variant in variants if variant.barcode]
        return (*keys, f"layer:{one.id}", f"setting:{instance.id}")
