"""Values of mapped metafields, as Shopify had them last."""

from odoo import fields, models


class ShopifyMetafield(models.Model):
    """A metafield of one record, as it was read from or sent to Shopify last.

    `compare_digest` is Shopify's digest of that value: sent back with a change, it keeps a newer value from being
    overwritten (`MetafieldsSetInput.compareDigest`).
    """

    _name = "shopify.metafield"
    _description = "Shopify Metafield"
    _order = "instance_id, mapping_id, id"
    _rec_name = "mapping_id"

    mapping_id = fields.Many2one(
        "shopify.metafield.mapping", string="Metafield", required=True, ondelete="cascade", index=True
    )
    instance_id = fields.Many2one(related="mapping_id.instance_id", store=True, index=True)
    company_id = fields.Many2one(related="instance_id.company_id", store=True, index=True)
    shopify_product_id = fields.Many2one("shopify.product", ondelete="cascade", index="btree_not_null")
    shopify_variant_id = fields.Many2one("shopify.product.variant", ondelete="cascade", index="btree_not_null")
    owner_ref = fields.Char(string="Owner Id", required=True, index=True, help="Shopify's id of the record.")
    res_model = fields.Char(help="The Odoo record whose field has the value.")
    res_id = fields.Many2oneReference(model_field="res_model", index=True)
    shopify_id = fields.Char(string="Shopify Id", index=True)
    value = fields.Text(help="As Shopify writes it.")
    written = fields.Char(help="What the import wrote in Odoo, as text; another value there was entered by hand.")
    compare_digest = fields.Char()
    state = fields.Selection(
        [("ok", "In Odoo"), ("kept", "Odoo's own value kept"), ("failed", "Cannot be kept")],
        required=True,
        default="ok",
    )
    message = fields.Char()
    read_at = fields.Datetime(string="Read")
    sent_at = fields.Datetime(string="Sent")

    _owner_unique = models.UniqueIndex("(mapping_id, owner_ref)", "This metafield of the record exists already.")
