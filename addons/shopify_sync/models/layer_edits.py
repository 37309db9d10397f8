"""Which fields of the layer were changed in Odoo since Shopify and Odoo were alike."""

from odoo import models

#: Fields of products of the layer that are sent, by their names in `mapping.product_diff`.
PRODUCT_FIELDS = {
    "title": "title",
    "description": "description",
    "product_type": "product_type",
    "vendor": "vendor",
    "tags": "tags",
    "seo_title": "seo_title",
    "seo_description": "seo_description",
    "handle": "handle",
    "shopify_status": "status",
}
#: Fields that are sent only when somebody changed them by name: a product that was just linked keeps Shopify's.
BY_NAME = frozenset({"handle", "status"})
#: Fields of variants that are sent, by their names in `mapping.product_diff`.
VARIANT_FIELDS = {
    "sku": "sku",
    "barcode": "barcode",
    "weight": "weight",
    "taxable": "taxable",
    "tracked": "tracked",
    "inventory_policy": "inventory_policy",
    "requires_shipping": "requires_shipping",
    "hs_code": "hs_code",
    "origin_country_id": "origin",
}


def difference_text(record, field, label, own, odoo):
    """One difference from the Odoo product in words: a value that Shopify does not have yet is not called Shopify's."""
    values = {"what": label, "own": own, "odoo": odoo}
    if not record.exported or {field, "*"} & set(record.edited or ()):
        return record.env._("%(what)s: for this store “%(own)s” (not in Shopify yet), Odoo “%(odoo)s”", **values)
    return record.env._("%(what)s: Shopify “%(own)s”, Odoo “%(odoo)s”", **values)


def note_edits(records, vals, names):
    """Add the fields that a write really changes to each record's list."""
    for record in records:
        changed = set()
        for name in vals.keys() & names.keys():
            old = record[name]
            old = old.id if isinstance(old, models.BaseModel) else old
            if (old or False) != (vals[name] or False):
                changed.add(names[name])
        if changed - set(record.edited or ()):
            record.edited = sorted(set(record.edited or ()) | changed)
