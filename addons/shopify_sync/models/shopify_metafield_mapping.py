"""Which metafields of a store are which fields of Odoo."""

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ..mapping.metafields import TYPES

#: Owner in Shopify, and the Odoo model whose fields hold its metafields.
OWNERS = {
    "product": "product.template",
    "variant": "product.product",
    "order": "sale.order",
    "customer": "res.partner",
}


class ShopifyMetafieldMapping(models.Model):
    """One metafield of one kind of record of a store, and the Odoo field that has its value."""

    _name = "shopify.metafield.mapping"
    _description = "Shopify Metafield Mapping"
    _order = "instance_id, owner, namespace, key"

    instance_id = fields.Many2one("shopify.instance", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="instance_id.company_id", store=True, index=True)
    active = fields.Boolean(default=True)
    owner = fields.Selection(
        [("product", "Product"), ("variant", "Variant"), ("order", "Order"), ("customer", "Customer")],
        required=True,
        default="product",
    )
    namespace = fields.Char(required=True, default="custom", help="The part before the dot, for example custom.")
    key = fields.Char(required=True, help="The part after the dot, for example care_guide.")
    type = fields.Selection(
        [(name, name) for name in TYPES], required=True, default="single_line_text_field", help="Shopify's type."
    )
    model_name = fields.Char(compute="_compute_model_name")
    field_id = fields.Many2one(
        "ir.model.fields",
        string="Odoo Field",
        required=True,
        ondelete="cascade",
        domain="[('model', '=', model_name), ('store', '=', True), ('readonly', '=', False)]",
    )
    direction = fields.Selection(
        [("in", "From Shopify"), ("out", "To Shopify"), ("both", "Both ways")], required=True, default="in"
    )

    _key_unique = models.UniqueIndex(
        "(instance_id, owner, namespace, key) WHERE active IS TRUE", "This metafield is mapped already."
    )

    @api.depends("owner")
    def _compute_model_name(self):
        for mapping in self:
            mapping.model_name = OWNERS.get(mapping.owner)

    @api.depends("namespace", "key")
    def _compute_display_name(self):
        for mapping in self:
            mapping.display_name = f"{mapping.namespace}.{mapping.key}"

    @api.constrains("type", "direction")
    def _check_direction(self):
        for mapping in self:
            if mapping.type == "rating" and mapping.direction != "in":
                raise ValidationError(
                    self.env._(
                        "Metafield %s is a rating: its scale is Shopify's, so it can only come from Shopify.",
                        mapping.display_name,
                    )
                )

    @api.constrains("owner", "type", "field_id")
    def _check_field(self):
        for mapping in self:
            field = mapping.sudo().field_id  # ir.model.fields is for administrators
            if field.model != OWNERS[mapping.owner]:
                raise ValidationError(
                    self.env._(
                        "Metafield %(key)s of %(owner)s needs a field of %(model)s, not of %(other)s.",
                        key=mapping.display_name,
                        owner=mapping.owner,
                        model=OWNERS[mapping.owner],
                        other=field.model,
                    )
                )
            if field.ttype not in TYPES[mapping.type]:
                raise ValidationError(
                    self.env._(
                        "Metafield %(key)s is of type %(type)s; field “%(field)s” is of type %(ttype)s. It needs: %(fits)s.",
                        key=mapping.display_name,
                        type=mapping.type,
                        field=field.field_description,
                        ttype=field.ttype,
                        fits=", ".join(TYPES[mapping.type]),
                    )
                )
            if not field.store or field.name in ("id", "create_uid", "write_uid", "create_date", "write_date"):
                raise ValidationError(self.env._("Field “%s” cannot be written.", field.field_description))

    @api.model
    @tools.ormcache("instance_id")
    def _owners_of(self, instance_id):
        """The kinds of records (`OWNERS`) of which a store brings metafields. Asked with each import, so it is kept."""
        # what is mapped is the same whoever imports
        rows = self.sudo().search([("instance_id", "=", instance_id), ("direction", "in", ("in", "both"))])
        return frozenset(rows.mapped("owner"))

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    def _of(self, instance, owner, *directions):
        """Mappings of one kind of record of a store, as `{(namespace, key): mapping}`."""
        found = self.search(
            [
                ("instance_id", "=", instance.id),
                ("owner", "=", owner),
                ("direction", "in", directions or ("in", "both")),
            ]
        )
        return {(mapping.namespace, mapping.key): mapping for mapping in found}
