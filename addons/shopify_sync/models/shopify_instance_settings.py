"""Settings of a store: what happens to its orders, products, customers and taxes."""

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models

from ..mapping import Options, Side


class ShopifyInstance(models.Model):
    _inherit = "shopify.instance"

    # General
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        required=True,
        check_company=True,
        default=lambda self: self.env["stock.warehouse"].search([("company_id", "=", self.env.company.id)], limit=1),
        help="Warehouse of orders whose Shopify location has no warehouse of its own.",
    )
    multi_warehouse = fields.Boolean(
        string="Ship From Several Warehouses",
        help="An order that Shopify ships from several locations is delivered from their warehouses, each line from its own. "
        "Off: the whole order is delivered from one warehouse.",
    )
    lang_id = fields.Many2one(
        "res.lang",
        string="Language",
        default=lambda self: self.env["res.lang"]._lang_get(self.env.user.lang or "en_US"),
        help="Language of new customers and of product texts read from Shopify.",
    )
    user_id = fields.Many2one("res.users", string="Salesperson", help="Put on every order of this store.")
    team_id = fields.Many2one("crm.team", string="Sales Team", check_company=True)
    job_user_id = fields.Many2one(
        "res.users",
        string="Jobs Run As",
        required=True,
        default=lambda self: self.env.ref("base.user_root"),
        help="Everything the scheduled jobs write carries this user. It needs the Shopify Manager role.",
    )
    queue_size_order = fields.Integer(
        string="Orders per Queue", default=50, help="How many orders one queue holds and one batch imports, 1 to 250."
    )
    queue_size_customer = fields.Integer(
        string="Customers per Queue",
        default=100,
        help="How many customers one queue holds and one batch imports, 1 to 250.",
    )
    # Orders
    order_statuses = fields.Selection(
        [("unshipped", "Unshipped"), ("unshipped_partial", "Unshipped and partially fulfilled")],
        string="Order Statuses to Import",
        required=True,
        default="unshipped_partial",
        help="Which open orders the import of unshipped orders brings. Fulfilled orders come by 'Import shipped orders'.",
    )
    import_order_after = fields.Datetime(
        required=True,
        default=lambda self: fields.Datetime.now() - relativedelta(days=30),
        help="Orders created before this time are never imported. Shopify shows orders older than 60 days only to apps "
        "with the permission read_all_orders.",
    )
    import_cancelled = fields.Boolean(
        string="Import Cancelled Orders",
        default=True,
        help="An order cancelled before it was seen becomes a cancelled quotation. Off: it is skipped.",
    )
    risk_hold_from = fields.Selection(
        [("medium", "Medium"), ("high", "High"), ("never", "Never")],
        string="Hold Risky Orders From",
        required=True,
        default="medium",
        help="Orders that Shopify rates at least this risky stay quotations until a person confirms them.",
    )
    risk_recheck_minutes = fields.Integer(
        string="Re-check a Pending Risk Every", default=10, help="Minutes between two looks while Shopify assesses."
    )
    risk_recheck_hours = fields.Integer(
        string="For at Most", default=2, help="Hours after which an order that is still being assessed stays held."
    )
    proof_days = fields.Integer(
        string="Days to Prove", default=7, help="How many past days the daily completeness proof counts."
    )
    order_rule_ids = fields.One2many("shopify.order.rule", "instance_id", string="Order Rules")
    currency_mode = fields.Selection(
        [("shop", "Store currency"), ("customer", "Currency the customer saw")],
        string="Currency of Orders",
        required=True,
        default="shop",
    )
    use_odoo_sequence = fields.Boolean(
        string="Odoo's Own Order Number",
        help="Off: an order is named by its prefix and Shopify's number (#1001). On: Odoo's sequence names it; "
        "Shopify's number stays in its own field.",
    )
    order_prefix = fields.Char(help="Put before Shopify's order number, for example 'DE-' gives 'DE-#1001'.")
    analytic_account_id = fields.Many2one("account.analytic.account", check_company=True)
    use_odoo_terms = fields.Boolean(
        string="Odoo's Terms and Conditions on Orders",
        help="On: the note of an order holds Odoo's terms. Off: it holds the note from Shopify.",
    )
    customer_as_company = fields.Boolean(
        string="Customers as Companies",
        help="The company in the billing address becomes a company contact, the person a contact of it.",
    )
    match_phone = fields.Boolean(
        string="Match Customers by Phone", help="Used after the e-mail, and only when exactly one contact matches."
    )
    pos_partner_id = fields.Many2one("res.partner", string="Default POS Customer", check_company=True)
    carrier_create = fields.Boolean(
        string="Create Unknown Carriers",
        default=True,
        help="A shipping method that is not known becomes a delivery method. Off: the Shipping product is used.",
    )
    total_tolerance = fields.Float(
        string="Tolerance for Totals",
        default=0.05,
        digits=(12, 4),
        help="A difference between Shopify's total and its lines up to this amount becomes a rounding line; above it "
        "the order is held. In the currency of the order.",
    )
    fee_rule_text = fields.Text(
        string="Additional-fee Rules",
        help="Names of tax lines that are fees in truth, one a line, for example 'Eco fee'. They become a line with the "
        "Additional fee product.",
    )
    auto_ship = fields.Boolean(
        string="Ship in Odoo What Shopify Shipped",
        default=True,
        help="A shipment made in Shopify after the order was imported validates its delivery. Off: the delivery waits for "
        "the warehouse, and says so.",
    )
    ship_without_stock = fields.Boolean(
        string="Validate Without Stock",
        default=True,
        help="What Shopify shipped is validated in Odoo also when Odoo counts no stock for it. Products tracked by lot "
        "or serial number always wait for a person.",
    )
    # Changes, cancellations and refunds in Shopify
    sync_quantity = fields.Boolean(string="Take Over Quantities and Prices", default=True)
    sync_new_line = fields.Boolean(string="Take Over New Lines", default=True)
    sync_address = fields.Boolean(string="Take Over Addresses", default=True)
    sync_customer = fields.Boolean(
        string="Update Contacts",
        default=True,
        help="Name, e-mail, phone and address that a customer changed in Shopify reach the contact where they are still as "
        "the connector wrote them; what a person changed in Odoo stays. Off: only empty fields are filled.",
    )
    sync_details = fields.Boolean(
        string="Take Over Customer Details",
        default=True,
        help="Of orders: customer reference (PO number), note, and the e-mail and phone of a guest. What a person wrote in "
        "Odoo is never overwritten: the difference is shown on the order.",
    )
    change_policy = fields.Selection(
        [("ask", "Ask"), ("automatic", "Automatic")],
        string="Changes After Shipping or Invoicing",
        required=True,
        default="ask",
        help="Ask: the order shows the difference with Apply and Ignore. Automatic: extra deliveries, returns and, when "
        "invoices are adjusted, extra invoices and credit notes are made.",
    )
    sync_invoice = fields.Boolean(
        string="Adjust Invoices After Changes",
        help="Automatic changes only: an extra invoice or credit note for what was invoiced otherwise.",
    )
    refund_policy = fields.Selection(
        [("ask", "Ask"), ("automatic", "Automatic credit note"), ("leave_out", "Leave out")],
        string="Refunds from Shopify",
        required=True,
        default="ask",
    )
    refund_register_payment = fields.Boolean(
        string="Pay the Credit Note",
        default=True,
        help="Each successful refund at Shopify becomes a payment in the journal of its gateway's workflow.",
    )
    refund_journal_id = fields.Many2one(
        "account.journal",
        string="Journal of Other Refunds",
        check_company=True,
        domain="[('type', 'in', ('bank', 'cash', 'credit'))]",
        help="Pays back what was refunded through a gateway whose workflow registers no payments. Empty: such refunds are "
        "registered by hand.",
    )
    return_create = fields.Boolean(
        string="Return Transfer", default=True, help="Units that Shopify restocked come back by a return transfer."
    )
    return_location_id = fields.Many2one(
        "stock.location",
        check_company=True,
        domain="[('usage', '=', 'internal'), ('company_id', 'in', (False, company_id))]",
        help="Empty: the goods go back where they came from.",
    )
    return_validate = fields.Boolean(string="Validate Return", help="Off: the warehouse validates the return.")
    # Products
    product_match = fields.Selection(
        [("sku", "SKU"), ("barcode", "Barcode"), ("sku_barcode", "SKU, then barcode")],
        string="Match Products By",
        required=True,
        default="sku",
    )
    product_create = fields.Boolean(
        string="Create Missing Odoo Products",
        help="Needed for 'Create by fetching': a product of an order line that Odoo does not know is read from Shopify "
        "and created.",
    )
    unknown_product = fields.Selection(
        [("fetch", "Create by fetching"), ("fail", "Fail"), ("placeholder", "Placeholder line")],
        string="Product on an Unknown Line",
        required=True,
        default="fail",
        help="An order line whose SKU no product of Odoo has. Fail: the order waits, and says so. Create by fetching: the "
        "product is read from Shopify and made. Placeholder: the order comes with a placeholder line.",
    )
    category_default_id = fields.Many2one(
        "product.category", string="Category of New Products", help="Category of products made from Shopify."
    )
    pricelist_id = fields.Many2one("product.pricelist", check_company=True)
    # Taxes
    tax_mode = fields.Selection(
        [("shopify", "Shopify's taxes"), ("odoo", "Odoo's taxes")],
        string="Taxes",
        required=True,
        default="shopify",
        help="Shopify's taxes: order, invoice and credit note show the amounts Shopify charged. Odoo's taxes: the taxes "
        "of the product through the fiscal position; Shopify's amounts are only compared.",
    )
    tax_create = fields.Boolean(
        string="Create Unknown Taxes", default=True, help="Off: the order waits until the tax is mapped."
    )
    tax_account_id = fields.Many2one("account.account", string="Tax Account on Invoices", check_company=True)
    tax_refund_account_id = fields.Many2one("account.account", string="Tax Account on Credit Notes", check_company=True)
    tax_group_id = fields.Many2one("account.tax.group", check_company=True)
    tax_tag_ids = fields.Many2many(
        "account.account.tag",
        string="Tax Grids",
        domain="[('applicability', '=', 'taxes')]",
        help="Put on the taxes that are created, so that they count in the tax report.",
    )
    # Default products
    product_discount_id = fields.Many2one(
        "product.product", string="Discount", default=lambda self: self._product("discount"), required=True
    )
    product_shipping_id = fields.Many2one(
        "product.product", string="Shipping", default=lambda self: self._product("shipping"), required=True
    )
    product_gift_card_id = fields.Many2one(
        "product.product", string="Gift Card", default=lambda self: self._product("gift_card"), required=True
    )
    product_tip_id = fields.Many2one(
        "product.product", string="Tip", default=lambda self: self._product("tip"), required=True
    )
    product_duty_id = fields.Many2one(
        "product.product", string="Duties", default=lambda self: self._product("duty"), required=True
    )
    product_fee_id = fields.Many2one(
        "product.product", string="Additional Fee", default=lambda self: self._product("fee"), required=True
    )
    product_rounding_id = fields.Many2one(
        "product.product",
        string="Rounding Difference",
        default=lambda self: self._product("rounding"),
        required=True,
    )
    product_adjustment_id = fields.Many2one(
        "product.product",
        string="Refund Adjustment",
        default=lambda self: self._product("adjustment"),
        required=True,
    )
    product_service_id = fields.Many2one(
        "product.product", string="Custom Service", default=lambda self: self._product("service"), required=True
    )
    product_custom_id = fields.Many2one(
        "product.product",
        string="Custom Storable Item",
        default=lambda self: self._product("custom"),
        required=True,
    )
    product_placeholder_id = fields.Many2one(
        "product.product",
        string="Placeholder",
        default=lambda self: self._product("placeholder"),
        required=True,
    )

    _queue_size = models.Constraint(
        "CHECK(queue_size_order BETWEEN 1 AND 250)", "The queue size is between 1 and 250 orders."
    )
    _queue_size_customer = models.Constraint(
        "CHECK(queue_size_customer BETWEEN 1 AND 250)", "The queue size is between 1 and 250 customers."
    )

    @api.onchange("product_create")
    def _onchange_product_create(self):
        """Who wants missing products to be created rarely wants orders to wait for them."""
        if self.product_create and self.unknown_product == "fail":
            self.unknown_product = "fetch"

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"product_match", "product_create", "unknown_product", "tax_create"}:
            for instance in self:
                self.env["shopify.queue.line"]._wake([f"setting:{instance.id}"], instance)
        return result

    @api.model
    def _product(self, name):
        return self.env.ref(f"shopify_sync.product_{name}", raise_if_not_found=False)

    def _line_product(self, kind, requires_shipping=False):
        """The product of a line that is no product of the store's catalogue."""
        self.ensure_one()
        if kind == "custom":
            return self.product_custom_id if requires_shipping else self.product_service_id
        return self[f"product_{kind}_id"]

    def _mapping_options(self):
        """The settings that change how an order is read, for `mapping.read_order`."""
        self.ensure_one()
        names = (name.strip().casefold() for name in (self.fee_rule_text or "").splitlines())
        return Options(
            side=Side.CUSTOMER if self.currency_mode == "customer" else Side.SHOP,
            fee_names=frozenset(name for name in names if name),
        )

    def _local_date(self, moment):
        """The day of a naive UTC time in the store's time zone: the day that books and deliveries use."""
        self.ensure_one()
        return fields.Datetime.context_timestamp(self.with_context(tz=self.shop_tz or "UTC"), moment).date()
