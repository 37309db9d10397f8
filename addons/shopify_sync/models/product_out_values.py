"""Products of the layer as plain values, read for a whole batch in a handful of queries."""

import json
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import float_compare

from .. import shopify_api
from ..mapping import product_diff, product_out
from ..mapping.errors import Refusal
from ..mapping.metafields import write_metafield
from .layer_edits import BY_NAME
from .spoken import spoken

#: Odoo holds each product against each price rule of all that are asked for together: few at a time are quickest.
TOGETHER = 25


def _decimal(amount, currency):
    """An amount of Odoo in the digits of its currency."""
    return Decimal(f"{currency.round(amount):.{currency.decimal_places}f}")


class ShopifyProductOut(models.AbstractModel):
    """Reads what is to be sent. Prices are in the shop's currency; none is converted."""

    _name = "shopify.product.out"
    _description = "Shopify Product Reader for Sending"

    @api.model
    def _read(self, instance, products, parts):
        """The layer's products as values.

        :param parts: the parts that any of them sends
        :return: {layer id: {"local": mapping.product_out.Local, "base": {...}, "notes": [text], "manual": frozenset}}
        """
        variants = products.variant_ids
        prices, problems = self._prices(instance, variants, parts)
        fields_of = self._metafields(instance, products) if "metafields" in parts else ({}, {})
        manual = frozenset(
            shopify_api.gid("Collection", one.shopify_id)
            for one in self.env["shopify.collection"].search(
                [("instance_id", "=", instance.id), ("kind", "=", "manual")]
            )
        )
        found = {}
        for product in products:
            local = self._local(instance, product, prices, fields_of[0].get(product.id, ()))
            notes = [problems[one.id] for one in product.variant_ids if one.id in problems]
            found[product.id] = {
                "local": local,
                "base": self._base(product, local),
                "notes": list(dict.fromkeys(notes)),
                "metafield_notes": fields_of[1].get(product.id, []),
                "manual": manual,
            }
        return found

    @api.model
    def _local(self, instance, product, prices, metafields):
        kilograms = self.env["shopify.product.variant"]._kilograms_in(instance)
        return product_out.Local(
            layer_id=product.id,
            shopify_id=shopify_api.gid("Product", product.shopify_id) if product.shopify_id else "",
            title=product.title or "",
            handle=product.handle or "",
            description=str(product.description or ""),
            product_type=product.product_type or "",
            vendor=product.vendor or "",
            tags=product_out.split_tags(product.tags),
            seo_title=product.seo_title or "",
            seo_description=product.seo_description or "",
            template_suffix=product.template_suffix or "",
            category=self._category(product),
            status=(product.shopify_status or "").upper(),
            gift_card=product.is_gift_card,
            variants=tuple(
                self._variant(instance, one, prices.get(one.id), kilograms)
                for one in product.variant_ids.sorted(lambda one: (one.position, one.id))
            ),
            images=tuple(
                self._image(one) for one in product.image_ids.sorted(lambda one: (one.position, one.id)) if one.checksum
            ),
            metafields=tuple(metafields),
            collections=tuple(
                shopify_api.gid("Collection", one.shopify_id) for one in product.collection_ids if one.shopify_id
            ),
            reordered=product.images_reordered,
        )

    @api.model
    def _category(self, product):
        ref = product.category_ref or ""
        return ref if not ref or ref.startswith("gid://") else f"gid://shopify/TaxonomyCategory/{ref}"

    @api.model
    def _variant(self, instance, variant, prices, kilograms):
        price, compare, has_compare = prices or (None, None, False)
        linked, edited = variant.product_id, set(variant.edited or ())
        # a field of the layer that nobody changed there follows the Odoo product; the SKU is the layer's own
        barcode = variant.barcode if "barcode" in edited or not linked.barcode else linked.barcode
        weight = variant.weight if "weight" in edited else self._weight(variant, kilograms)
        cost = None
        if instance.send_unit_cost and linked and linked.cost_currency_id == instance.shop_currency_id:
            cost = _decimal(linked.standard_price, instance.shop_currency_id)
        return product_out.LocalVariant(
            layer_id=variant.id,
            shopify_id=shopify_api.gid("ProductVariant", variant.shopify_id) if variant.shopify_id else "",
            options=tuple((str(name), str(value)) for name, value in variant.option_values or ()),
            sku=variant.sku or "",
            barcode=barcode or "",
            price=price,
            compare_at=compare,
            has_compare_at=has_compare,
            taxable=variant.taxable,
            tracked=variant.tracked,
            inventory_policy=(variant.inventory_policy or "deny").upper(),
            requires_shipping=variant.requires_shipping,
            weight=Decimal(f"{weight or 0:.6f}"),
            hs_code=variant.hs_code or "",
            origin=variant.origin_country_id.code or "",
            cost=cost,
            position=variant.position,
            picture_edited="image" in edited,
        )

    @api.model
    def _weight(self, variant, kilograms):
        """The weight of the Odoo product in kilograms; the layer's, which has more digits, when both are the same."""
        weight, digits = variant.product_id.weight, self.env["decimal.precision"].precision_get("Stock Weight")
        if not weight or not float_compare(weight, variant.weight / kilograms, precision_digits=digits):
            return variant.weight
        return weight * kilograms

    @api.model
    def _image(self, picture):
        return product_out.LocalImage(
            layer_id=picture.id,
            shopify_id=shopify_api.gid("MediaImage", picture.shopify_id) if picture.shopify_id else "",
            digest=picture.checksum or "",
            sent_digest=picture.sent_checksum or "",
            alt=(picture.alt or "")[: product_out.LONGEST_ALT],
            variants=tuple(picture.variant_ids.ids),
            from_odoo=picture.from_odoo,
        )

    @api.model
    def _base(self, product, local):
        """The fields that Odoo has not changed since both sides were alike, with their values."""
        ours = product_diff.local_values(local)
        edited = set(product.edited or ())
        base = {
            name: value
            for name, value in ours.items()
            if name != "variants" and not edited & ({name} if name in BY_NAME else {name, "*"})
        }
        base["variants"] = {}
        for variant in product.variant_ids:
            mine = ours["variants"][variant.id]
            changed = set(variant.edited or ())
            if "*" in changed:
                continue
            if mine["barcode"] != (variant.barcode or ""):
                changed.add("barcode")
            if mine["weight"] != product_out.grams(Decimal(f"{variant.weight or 0:.6f}")):
                changed.add("weight")
            for name, field in (("price", "price"), ("compare_at", "compare_at_price"), ("cost", "unit_cost")):
                if name in mine and Decimal(mine[name] or 0) != Decimal(f"{variant[field] or 0:.4f}"):
                    changed.add(name)
            gid = shopify_api.gid("ProductVariant", variant.shopify_id or "0")
            base["variants"][gid] = {name: value for name, value in mine.items() if name not in changed}
        return base

    # Prices

    @api.model
    def _prices(self, instance, variants, parts):
        """{variant id: (price, compare-at price, whether a compare-at price is kept at all)}, {variant id: why not}."""
        if not parts & {"price", "compare_at"}:
            return {}, {}
        linked = variants.filtered("product_id")
        own, why = self._pricelist_prices(instance.pricelist_id, linked.product_id, instance.shop_currency_id)
        compare = instance.compare_pricelist_id
        rules = self.env["shopify.product.prices"]._items(instance, linked.product_id) if compare else {}
        if compare and compare.currency_id != instance.shop_currency_id:
            compare = compare.browse()
        found, problems = {}, {}
        for variant in linked:
            price = own.get(variant.product_id.id)
            if price is None:
                problems[variant.id] = why[variant.product_id.id]
                continue
            item = rules[compare.id, variant.product_id.id] if compare else None
            higher = _decimal(item.fixed_price, instance.shop_currency_id) if item else None
            found[variant.id] = (price, higher, bool(compare))
        return found, problems

    @api.model
    def _pricelist_prices(self, pricelist, products, currency):
        """Prices of products by a pricelist in its own currency.

        :return: ({product id: Decimal}, {product id: why it has none})
        """
        found, why = {}, {}
        if not products:
            return found, why
        if (pricelist or products[:1]).currency_id != currency:
            name = pricelist.name if pricelist else self.env._("the sales prices")
            text = self.env._(
                "Prices are not sent: %(prices)s are in %(its)s, Shopify's in %(theirs)s, and prices are not converted.",
                prices=name,
                its=(pricelist or products[:1]).currency_id.name,
                theirs=currency.name,
            )
            return found, dict.fromkeys(products.ids, text)
        rules, now = {}, fields.Datetime.now()
        for start in range(0, len(products), TOGETHER):
            some = products[start : start + TOGETHER]
            rules |= pricelist._compute_price_rule(some, 1.0, currency=currency, date=now)
        items = self.env["product.pricelist.item"].browse({rule for _price, rule in rules.values() if rule})
        by_id = {item.id: item for item in items}
        for product in products:
            price, rule = rules[product.id]
            if self._is_converted(by_id.get(rule), product, currency):
                why[product.id] = self.env._(
                    "%(product)s has no price of its own in %(pricelist)s: its price would be converted from another "
                    "currency, which is refused. Give it a price there.",
                    product=product.display_name,
                    pricelist=pricelist.name,
                )
            else:
                found[product.id] = _decimal(price, currency)
        return found, why

    @api.model
    def _is_converted(self, item, product, currency):
        """Whether a price comes from another currency by a rate."""
        if not item:
            return product.currency_id != currency
        if item.compute_price == "fixed":
            return item.currency_id != currency
        if item.base == "pricelist":
            return item.base_pricelist_id.currency_id != currency
        source = product.cost_currency_id if item.base == "standard_price" else product.currency_id
        return source != currency

    @api.model
    def _market_prices(self, instance, products):
        """Fixed prices of markets that are not what was sent last.

        :return: ({layer id: {price list id: (currency, {layer variant id: price as text})}}, [notes])
        """
        found = {product.id: {} for product in products}
        notes = []
        variants = products.variant_ids.filtered("product_id")
        for row in instance.market_price_ids.filtered("pricelist_id"):
            prices, why = self._pricelist_prices(row.pricelist_id, variants.product_id, row.currency_id)
            notes += why.values()
            for variant in variants:
                price = prices.get(variant.product_id.id)
                if price is None or (variant.market_prices or {}).get(row.shopify_id) == f"{price:f}":
                    continue
                _currency, rows = found[variant.shopify_product_id.id].setdefault(
                    row.shopify_id, (row.currency_id.name, {})
                )
                rows[variant.id] = f"{price:f}"
        return found, list(dict.fromkeys(notes))

    # Metafields

    @api.model
    def _metafields(self, instance, products):
        """({layer id: [LocalMetafield]}, {layer id: [text about values that cannot be sent]})."""
        mappings = self.env["shopify.metafield.mapping"]
        found = {product.id: [] for product in products}
        notes = {product.id: [] for product in products}
        known = {
            (row.mapping_id.id, row.owner_ref): row
            for row in self.env["shopify.metafield"].search([("shopify_product_id", "in", products.ids)])
        } | {
            (row.mapping_id.id, row.owner_ref): row
            for row in self.env["shopify.metafield"].search([("shopify_variant_id", "in", products.variant_ids.ids)])
        }
        for owner, records in (("product", products), ("variant", products.variant_ids)):
            for mapping in mappings._of(instance, owner, "out", "both").values():
                field = mapping.sudo().field_id.name  # ir.model.fields is for administrators
                for record in records:
                    source = record.product_tmpl_id if owner == "product" else record.product_id
                    product = record if owner == "product" else record.shopify_product_id
                    if not source:
                        continue
                    try:
                        text = write_metafield(mapping.type, source[field], self._unit(instance, mapping.type))
                    except Refusal as refusal:
                        notes[product.id].append(f"{mapping.display_name}: {spoken(self.env, refusal.words)}")
                        continue
                    if text is None:
                        continue
                    row = known.get((mapping.id, record.shopify_id or ""))
                    found[product.id].append(
                        product_out.LocalMetafield(
                            mapping_id=mapping.id,
                            variant=record.id if owner == "variant" else 0,
                            namespace=mapping.namespace,
                            key=mapping.key,
                            type=mapping.type,
                            value=text,
                            digest=row.compare_digest or "" if row else "",
                        )
                    )
        return found, notes

    @api.model
    def _unit(self, instance, kind):
        return {"money": instance.shop_currency_id.name, "weight": "kg", "dimension": "cm", "volume": "l"}.get(kind, "")

    # What is asked for

    @api.model
    def _request(self, line):
        """What a line asks for, from its stored data."""
        return json.loads(line.payload or "{}")
