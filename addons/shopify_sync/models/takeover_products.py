"""Finding Shopify's products among products that came to Odoo in another way, and linking them (take-over)."""

from collections import defaultdict
from dataclasses import dataclass

from odoo import api, models
from odoo.tools import SQL

from ..mapping.product import DEFAULT_TITLE
from ..mapping.reading import legacy_id, text

#: Products of one request, variants of one product in it, requests of one search.
PAGE_SIZE = 50
VARIANTS = 100
MORE_VARIANTS = 250
PAGES = 40
#: By what a store matches for sure; the other one is a hint.
SURE = {"sku": ("sku",), "barcode": ("barcode",), "sku_barcode": ("sku", "barcode")}
FIELDS = {"sku": "default_code", "barcode": "barcode"}
#: Names in one reason.
NAMES = 5


@dataclass(frozen=True, slots=True)
class Listed:
    """A variant as the search reads it."""

    shopify_id: str
    product_ref: str
    product_title: str
    title: str
    sku: str
    barcode: str

    @property
    def name(self):
        return self.product_title if self.title in ("", DEFAULT_TITLE) else f"{self.product_title} ({self.title})"


class ShopifyTakeoverProducts(models.AbstractModel):
    """Matches variants by SKU and barcode; what the store does not match by, and what is not quite the same, is a hint
    for a person."""

    _name = "shopify.takeover.products"
    _description = "Shopify Take-over of Products"

    @api.model
    def _search_rows(self, instance, after, archived):
        """Rows for `shopify.takeover.line`, one a variant; the caller's transaction ends here before Shopify is asked.

        :param after: where the search before this one ended
        :param archived: archived products, too
        :return: (rows, what was looked at in words, where a next search goes on or False)
        """
        own = instance._for_jobs()
        self.env.cr.commit()  # pylint: disable=invalid-commit  # the fetch boundary
        products, cursor = self._fetch(own, after)
        wanted = [one for one in products if archived or one["status"] != "ARCHIVED"]
        variants = [
            Listed(
                legacy_id(one["id"]),
                legacy_id(product["id"]),
                text(product["title"]),
                text(one["title"]),
                text(one["sku"]),
                text(one["barcode"]),
            )
            for product in wanted
            for one in product["variants"]["nodes"]
        ]
        looked_at = self.env._(
            "Looked at: variants %(variants)s, products %(products)s.",
            variants=len(variants),
            products=len(wanted),
        )
        if len(wanted) < len(products):
            looked_at += " " + self.env._("Archived products left out: %s.", len(products) - len(wanted))
        return self._rows(own, variants), looked_at, cursor

    @api.model
    def _fetch(self, instance, after):
        """What a match needs of many products: a tenth of the cost of whole ones."""
        connection = self.env["shopify.connection"]
        variables = {"first": PAGE_SIZE, "variants": VARIANTS, "after": after or None}
        products = []
        for _page in range(PAGES):
            page = connection._execute(instance, "products/TakeoverProducts", variables).data["products"]
            for product in page["nodes"]:
                self.env["shopify.handler.product"]._append_pages(
                    instance,
                    product["variants"],
                    "products/TakeoverVariants",
                    product["id"],
                    {"first": MORE_VARIANTS},
                )
            products += page["nodes"]
            if not page["pageInfo"]["hasNextPage"]:
                return products, False
            variables["after"] = page["pageInfo"]["endCursor"]
        return products, variables["after"]

    # Matching

    @api.model
    def _rows(self, instance, variants):
        """Rows of variants, in their order."""
        matcher = instance.env["shopify.product.matcher"]
        known = matcher._linked(instance, [(None, one) for one in variants])
        index = self._index(instance, [one for one in variants if one.shopify_id not in known])
        rows = {}
        for one in variants:
            row = {
                "title": one.name,
                "shopify_id": one.shopify_id,
                "parent_ref": one.product_ref,
                "sku": one.sku,
                "barcode": one.barcode,
            }
            if one.shopify_id in known:
                row.update(match="known", product_id=known[one.shopify_id].id)
            else:
                row.update(self._fit(instance, one, index))
            rows[one.shopify_id] = row
        self._doubt_shared(instance, variants, rows)
        self._note_split(instance, variants, rows)
        return list(rows.values())

    @api.model
    def _key(self, value):
        return (value or "").strip().lower()

    @api.model
    def _index(self, instance, variants):
        """{"sku" or "barcode": {compared value: Odoo variants of the company, archived ones too}}"""
        found = {name: defaultdict(lambda: instance.env["product.product"]) for name in FIELDS}
        values = {name: {getattr(one, name) for one in variants} - {""} for name in FIELDS}
        if not any(values.values()):
            return found
        model = instance.env["product.product"].with_context(active_test=False)
        model.flush_model([*FIELDS.values(), "active"])
        tests = [
            # the first part for what the database's locale does not lower
            SQL(
                "%(field)s = ANY(%(exact)s) OR lower(btrim(%(field)s)) = ANY(%(keys)s)",
                field=SQL.identifier(field),
                exact=list(values[name]),
                keys=[self._key(value) for value in values[name]],
            )
            for name, field in FIELDS.items()
        ]
        ids = self.env.execute_query(SQL("SELECT id FROM product_product WHERE %s", SQL(" OR ").join(tests)))
        products = model.search_fetch(
            [("id", "in", [row[0] for row in ids]), ("company_id", "in", (False, instance.company_id.id))],
            ["default_code", "barcode", "active", "product_tmpl_id"],
        )
        for product in products:
            for name, field in FIELDS.items():
                if product[field]:
                    found[name][self._key(product[field])] += product
        return found

    @api.model
    def _exact(self, variant, name, index):
        value = getattr(variant, name)
        return index[name][self._key(value)].filtered(
            lambda product: value and product.active and product[FIELDS[name]] == value
        )

    @api.model
    def _near(self, instance, variant, names, index, active=True):
        """(name, products) by the first of these numbers that Odoo has, whatever its letter case and spaces."""
        for name in names:
            value = getattr(variant, name)
            found = index[name][self._key(value)].filtered(lambda one: one.active == active) if value else None
            if found:
                return name, found
        return "", instance.env["product.product"]

    @api.model
    def _fit(self, instance, variant, index):
        """What one variant is in Odoo: match, product, reason, and whether it is ticked."""
        sure = SURE[instance.product_match]
        hints = [name for name in FIELDS if name not in sure]
        for name in sure:
            found = self._exact(variant, name, index)
            if found:
                return self._chosen(variant, name, found, index)
        name, near = self._near(instance, variant, sure, index)
        other, hint = self._near(instance, variant, hints, index)
        if near:
            reason = self.env._("It is written differently in Odoo: “%s”.", near[0][FIELDS[name]])
            return self._doubt(name, near & hint or near | hint, reason)
        if hint:
            reason = (
                self.env._("Only the barcode agrees; the store matches by SKU.")
                if other == "barcode"
                else self.env._("Only the SKU agrees; the store matches by barcode.")
            )
            return self._doubt(other, hint, reason)
        name, archived = self._near(instance, variant, (*sure, *hints), index, active=False)
        if archived:
            return self._doubt(name, archived, self.env._("It is archived in Odoo."))
        empty = not variant.sku and not variant.barcode
        return {"match": "none", "reason": self.env._("It has neither SKU nor barcode.") if empty else False}

    @api.model
    def _chosen(self, variant, name, found, index):
        """What fits by the store's own rule; a doubt when the other number says something else."""
        other = "barcode" if name == "sku" else "sku"
        others = self._exact(variant, other, index)
        if len(found) > 1:
            both = found & others
            names = self._names(found)
            if len(both) == 1:
                reason = self.env._("SKU and barcode agree, but one of them also fits others: %s", names)
                return self._doubt(name, both, reason)
            return {"match": "ambiguous", "reason": names}
        if others and found not in others:
            reason = (
                self.env._("Its barcode is that of %s.", self._names(others))
                if other == "barcode"
                else self.env._("Its SKU is that of %s.", self._names(others))
            )
            return self._doubt(name, found, reason)
        return {"match": "sure", "product_id": found.id, "found_id": found.id, "found_by": name, "link": True}

    @api.model
    def _doubt(self, name, found, reason):
        if len(found) > 1:
            return {"match": "ambiguous", "reason": f"{reason} {self._names(found)}"}
        return {"match": "check", "product_id": found.id, "found_id": found.id, "found_by": name, "reason": reason}

    @api.model
    def _names(self, records):
        names = records[:NAMES].mapped("display_name")
        return ", ".join(names) + (" ..." if len(records) > NAMES else "")

    @api.model
    def _doubt_shared(self, instance, variants, rows):
        """An Odoo variant that would be two variants in Shopify is nothing to link without a person's word."""
        fitting = defaultdict(list)
        for one in variants:
            row = rows[one.shopify_id]
            if row.get("product_id") and row["match"] != "known":
                fitting[row["product_id"]].append(one)
        products = instance.env["product.product"].browse(fitting)
        owners = instance.env["shopify.product.matcher"]._owners(instance, {"": products}, {})
        for product_id, found in fitting.items():
            for one in found:
                other = next((each.name for each in found if each is not one), None)
                if product_id in owners:
                    title, variant = owners[product_id]
                    other = title if variant in ("", False, DEFAULT_TITLE) else f"{title} ({variant})"
                if other:
                    reason = self.env._("The same Odoo variant as “%s”: both would sell the same stock.", other)
                    rows[one.shopify_id].update(match="check", link=False, reason=reason)

    @api.model
    def _note_split(self, instance, variants, rows):
        """Say where one product in Shopify is several in Odoo, or the other way round; each variant keeps its own."""
        products = instance.env["product.product"]
        template_of = {
            one.shopify_id: products.browse(rows[one.shopify_id]["product_id"]).product_tmpl_id
            for one in variants
            if rows[one.shopify_id].get("product_id")
        }
        templates, refs = defaultdict(set), defaultdict(set)
        for one in variants:
            if one.shopify_id in template_of:
                templates[one.product_ref].add(template_of[one.shopify_id])
                refs[template_of[one.shopify_id]].add(one.product_ref)
        for one in variants:
            row, template = rows[one.shopify_id], template_of.get(one.shopify_id)
            if not template or row.get("reason"):
                continue
            if len(templates[one.product_ref]) > 1:
                row["reason"] = self.env._("Its product is %s products in Odoo.", len(templates[one.product_ref]))
            elif len(refs[template]) > 1:
                row["reason"] = self.env._("Its Odoo product is %s products in Shopify.", len(refs[template]))
