"""Settings of a store about its products."""

from odoo import fields, models


class ShopifyInstance(models.Model):
    _inherit = "shopify.instance"

    queue_size_product = fields.Integer(
        string="Products per Queue",
        default=100,
        help="How many products one queue holds and one batch imports, 1 to 250.",
    )
    product_update = fields.Boolean(
        string="Update Existing Products on Import",
        default=True,
        help="Names and prices follow Shopify in Odoo as long as nobody changes them in Odoo. Off: Odoo products that "
        "exist already are only linked.",
    )
    image_import = fields.Boolean(
        string="Import Images",
        default=True,
        help="Pictures are read by a job of their own, so that imports stay quick.",
    )
    compare_pricelist_id = fields.Many2one(
        "product.pricelist", string="Compare-at Pricelist", check_company=True, help="Compare-at prices, both ways."
    )
    weight_uom_id = fields.Many2one(
        "uom.uom",
        string="Weight Unit",
        default=lambda self: self.env["product.template"]._get_weight_uom_id_from_ir_config_parameter(),
        help="The unit in which Odoo products of this store have their weight.",
    )
    category_create = fields.Boolean(
        string="Create Product Categories",
        default=True,
        help="Shopify's product type becomes a product category. Off: the category of new products is used.",
    )
    use_sales_description = fields.Boolean(
        string="Use the Sales Description",
        help="The description of the store becomes, as plain text, the sales description of new products. Odoo prints it "
        "on order lines.",
    )
    metafield_mapping_ids = fields.One2many(
        "shopify.metafield.mapping", "instance_id", string="Metafields", context={"active_test": False}
    )

    _queue_size_product = models.Constraint(
        "CHECK(queue_size_product BETWEEN 1 AND 250)", "The queue size is between 1 and 250 products."
    )

    def _records_per_queue(self, kind):
        """How many records of a kind one queue holds and one batch processes."""
        self.ensure_one()
        if kind == "customer":
            return self.queue_size_customer
        return self.queue_size_product if kind.startswith("product") else self.queue_size_order
