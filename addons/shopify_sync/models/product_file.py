"""The preparation file coming back: what each of its rows means, and doing it."""

from dataclasses import dataclass, field

from odoo import api, models

from ..mapping import Refusal

#: Columns that say which record a row is.
_IDENTITY = ("template_id", "product_id", "store_id")
#: Columns with Shopify's ids; full ones (gid://...) are taken, too.
_REFS = ("shopify_product_id", "shopify_variant_id")
#: Columns of the product, and the layer's fields they become.
_PRODUCT_COLUMNS = {
    "title": "title",
    "description": "description",
    "category": "product_type",
    "vendor": "vendor",
    "tags": "tags",
}
_VARIANT_COLUMNS = {"shopify_sku": "sku", "barcode": "barcode"}


@dataclass
class Row:
    """One row: `action` is create, link, change, same or error; `message` says what, or why not; `warning` what to look at."""

    number: int
    cells: dict
    action: str = ""
    message: str = ""
    warning: str = ""
    product: object = None
    variant: object = None
    vals: dict = field(default_factory=dict)


class ShopifyProductFile(models.AbstractModel):
    """Reads the rows of an edited preparation file. A product is done with all its rows or with none."""

    _name = "shopify.product.file"
    _description = "Shopify Product File"

    @api.model
    def _plan(self, instance, headers, rows):
        """What each row would do; nothing is written.

        :param rows: lists of cells, as `mapping.tables.read_table` returns them
        :return: [Row]
        :raises Refusal: a column that is needed is missing
        """
        missing = [name for name in _IDENTITY if name not in headers]
        if missing:
            raise Refusal(
                "file_columns",
                self.env._(
                    "The file lacks the columns %s; make it with 'Prepare for Shopify' and keep its first line.",
                    ", ".join(missing),
                ),
            )
        plan = [
            Row(number, dict(zip(headers, (cell.strip() for cell in cells), strict=False)))
            for number, cells in enumerate(rows, start=2)
            if cells
        ]
        for row in plan:
            for name in _REFS:
                row.cells[name] = row.cells.get(name, "").rsplit("/", 1)[-1]
        facts = self._facts(instance, plan)
        facts["there"] = self._ask_ids(instance, plan, facts)
        seen = set()
        for row in plan:
            row.message = self._wrong_identity(instance, row, facts, seen) or self._plan_row(instance, row, facts)
            if not row.action:
                row.action = "error"
        self._refuse_whole_products(instance, plan)
        for row in plan:
            row.warning = self._doubt(row, facts)
        return plan

    @api.model
    def _facts(self, instance, plan):
        """Every record that the rows name, read at once."""
        products = self._numbers(plan, "product_id")
        found = self.env["product.product"].with_context(active_test=False).search([("id", "in", products)])
        variants = self.env["shopify.product.variant"].with_context(active_test=False)
        own = [("instance_id", "=", instance.id)]
        refs = [row.cells.get("shopify_variant_id") for row in plan if row.cells.get("shopify_variant_id")]
        skus = [row.cells.get("shopify_sku") for row in plan if row.cells.get("shopify_sku")]
        by_sku = variants.search([*own, ("sku", "in", skus), ("active", "=", True)]).grouped("sku")
        return {
            "products": {product.id: product for product in found},
            "linked": {one.product_id.id: one for one in variants.search([*own, ("product_id", "in", found.ids)])},
            "by_ref": {one.shopify_id: one for one in variants.search([*own, ("shopify_id", "in", refs)])},
            "by_sku": by_sku,
            "free": {one.sku: one for same in by_sku.values() for one in same if not one.product_id},
        }

    @api.model
    def _numbers(self, plan, column):
        return [int(row.cells[column]) for row in plan if row.cells.get(column, "").isdecimal()]

    @api.model
    def _wrong_identity(self, instance, row, facts, seen):
        """Why the row names no product of this store; '' when it does."""
        cells = row.cells
        for name in _IDENTITY:
            if not cells[name].isdecimal():
                return self.env._("Column %(name)s holds “%(value)s”, which is no id.", name=name, value=cells[name])
        if int(cells["store_id"]) != instance.id:
            if cells.get("store") and cells["store"] != instance.name:
                return self.env._("The row is of another store (%s).", cells["store"])
            return self.env._(
                "The row is of another store: column store_id holds %(wrong)s, %(store)s is %(own)s.",
                wrong=cells["store_id"],
                store=instance.name,
                own=instance.id,
            )
        row.product = facts["products"].get(int(cells["product_id"]))
        if not row.product or row.product.product_tmpl_id.id != int(cells["template_id"]):
            return self.env._("Odoo has no product with these ids; the columns with ids must not be changed.")
        if row.product.id in seen:
            return self.env._("An earlier row is about the same product.")
        seen.add(row.product.id)
        company = row.product.company_id
        if company and company != instance.company_id:
            return self.env._("The product belongs to company %s.", company.name)
        return ""

    @api.model
    def _plan_row(self, instance, row, facts):
        """Set what the row does; a text says it."""
        cells, linked = row.cells, facts["linked"].get(row.product.id)
        for name in _REFS:
            if cells[name] and not cells[name].isdecimal():
                return self.env._("Column %(name)s holds “%(value)s”, which is no id.", name=name, value=cells[name])
        if cells["shopify_variant_id"]:
            return self._plan_link(row, facts["by_ref"].get(cells["shopify_variant_id"]), linked, facts)
        if linked:
            return self._plan_change(row, linked)
        free = facts["free"].get(cells.get("shopify_sku"))
        if free:
            row.variant, row.action = free, "link"
            return self.env._("Linked with “%s” of the layer by its SKU.", free.display_name)
        if cells["shopify_product_id"]:
            return self.env._("Column shopify_variant_id is empty; it is needed beside shopify_product_id.")
        row.action = "create"
        return self.env._("Put into the layer.")

    @api.model
    def _plan_link(self, row, variant, linked, facts):
        if linked and linked != variant and linked.shopify_id:
            return self.env._("The product is linked with variant %s already.", linked.shopify_id)
        if variant and variant.product_id == row.product:
            return self._plan_change(row, variant)
        if not variant and not row.cells["shopify_product_id"]:
            return self.env._("Column shopify_product_id is empty; it is needed beside shopify_variant_id.")
        unknown = "" if variant else self._unknown_id(row, facts)
        if unknown:
            return unknown
        row.variant, row.action = variant or linked, "link"
        if variant and variant.product_id:
            return self.env._("Linked; until now it was %s.", variant.product_id.display_name)
        return self.env._("Linked with variant %s of Shopify.", row.cells["shopify_variant_id"])

    @api.model
    def _plan_change(self, row, variant):
        row.variant = variant
        row.vals = self._changed(variant, row.cells, _VARIANT_COLUMNS)
        product = self._changed(variant.shopify_product_id, row.cells, _PRODUCT_COLUMNS)
        row.action = "change" if row.vals or product else "same"
        if row.action == "same":
            return self.env._("Nothing differs.")
        return self._told([(variant, row.vals), (variant.shopify_product_id, product)])

    @api.model
    def _told(self, changes):
        """What rows change, in the words of the screen; what they empty is said by itself.

        :param changes: [(record, {field: new value})]
        """
        labels = [
            (record._fields[name]._description_string(self.env), bool(value))
            for record, vals in changes
            for name, value in vals.items()
        ]
        filled = ", ".join(label for label, has_value in labels if has_value)
        emptied = ", ".join(label for label, has_value in labels if not has_value)
        parts = [
            self.env._("Changes %s.", filled) if filled else "",
            self.env._("Empties %s: the cells are empty.", emptied) if emptied else "",
        ]
        return " ".join(filter(None, parts))

    @api.model
    def _changed(self, record, cells, columns):
        return {
            name: cells[column] or False
            for column, name in columns.items()
            if column in cells and (cells[column] or False) != (str(record[name]) if record[name] else False)
        }

    @api.model
    def _refuse_whole_products(self, instance, plan):
        """A product that cannot be prepared, or has a wrong row, is left out with all its rows."""
        by_template = {}
        for row in plan:
            if row.product:
                by_template.setdefault(row.product.product_tmpl_id, []).append(row)
        fresh = [one for one, rows in by_template.items() if any(row.action == "create" for row in rows)]
        refusals = self.env["shopify.product.preparation"]._refusals(
            instance, self.env["product.template"].union(*fresh)
        )
        for template, rows in by_template.items():
            wrong = [row for row in rows if row.action == "error"]
            reason = refusals.get(template)
            for row in rows:
                if row.action == "error" or not (wrong or reason):
                    continue
                row.action = "error"
                row.message = reason or self.env._("Left out because row %s of the product is wrong.", wrong[0].number)

    @api.model
    def _apply(self, instance, plan):
        """Do what the rows say, whole products only."""
        good = [row for row in plan if row.action in ("create", "link", "change")]
        fresh = [row.product.product_tmpl_id for row in good if row.action == "create"]
        templates = self.env["product.template"].union(*fresh)
        made = self.env["shopify.product.preparation"]._prepare_layer(instance, templates, skip_known=False)
        by_product = {variant.product_id.id: variant for variant in made.variant_ids}
        layer = self.env["shopify.product"].with_context(active_test=False).sudo()
        refs = {row.cells["shopify_product_id"] for row in good if row.cells.get("shopify_product_id")}
        parents = {
            one.shopify_id: one
            for one in layer.search([("instance_id", "=", instance.id), ("shopify_id", "in", list(refs))])
        }
        done = set()
        for row in good:
            if row.action == "create":
                row.variant = by_product[row.product.id]
            elif row.action == "link":
                self._link(instance, row, parents)
            row.variant.write(self._changed(row.variant, row.cells, _VARIANT_COLUMNS))
            product = row.variant.shopify_product_id
            if product not in done:  # texts of the product: those of its first row
                done.add(product)
                product.write(self._changed(product, row.cells, _PRODUCT_COLUMNS))

    @api.model
    def _link(self, instance, row, parents):
        """Link the Odoo product with a variant of Shopify; the layer's records are made when they are not there. The file
        is the user's word for which product it is, so the ids are written for him."""
        ref, parent_ref = row.cells["shopify_variant_id"], row.cells["shopify_product_id"]
        template = row.product.product_tmpl_id
        if not row.variant:
            parent = parents.get(parent_ref)
            if not parent:
                parent = parents[parent_ref] = (
                    self.env["shopify.product"]
                    .sudo()
                    .create(
                        {
                            "instance_id": instance.id,
                            "shopify_id": parent_ref,
                            "title": row.cells.get("title") or template.name,
                            "product_tmpl_id": template.id,
                        }
                    )
                )
            row.variant = (
                self.env["shopify.product.variant"]
                .sudo()
                .create({"shopify_product_id": parent.id, "shopify_id": ref, "title": row.cells.get("variant_name")})
            ).sudo(False)
        elif ref and not row.variant.shopify_id:
            row.variant.sudo().shopify_id = ref
            parent = row.variant.shopify_product_id.sudo()
            if parent_ref and not parent.shopify_id and parent_ref not in parents:
                parent.shopify_id = parent_ref
                parents[parent_ref] = parent
        row.variant.write({"product_id": row.product.id, "matched_by": "file"})
        if not row.variant.shopify_product_id.product_tmpl_id:
            row.variant.shopify_product_id.product_tmpl_id = template
