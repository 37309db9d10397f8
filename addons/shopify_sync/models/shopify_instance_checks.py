"""What a store's settings need to make sense together: refused values, and values worth a second look."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: Shopify shows older orders only to apps with the permission read_all_orders (days).
OLD_ORDERS = 60
QUEUE_SIZES = ("queue_size_order", "queue_size_product", "queue_size_customer", "queue_size_stock")


class ShopifyInstance(models.Model):
    _inherit = "shopify.instance"

    gift_card_account_id = fields.Many2one(
        "account.account",
        compute="_compute_gift_card_account_id",
        help="Income account of the Gift Card product: what was sold and not redeemed yet. It should be a liability.",
    )
    last_order_import = fields.Datetime(
        string="Last Unshipped Import",
        compute="_compute_last_order_import",
        help="Changes of unshipped orders are read up to here.",
    )

    check_ids = fields.One2many("shopify.check", "instance_id", string="Checks", copy=False, readonly=True)
    checked_at = fields.Datetime(string="Last Check of the Store", copy=False, readonly=True)
    check_count = fields.Integer(string="To Mend", compute="_compute_check_count")

    @api.depends("product_gift_card_id", "company_id")
    def _compute_gift_card_account_id(self):
        for instance in self:
            product = instance.product_gift_card_id.with_company(instance.company_id)
            instance.gift_card_account_id = product.product_tmpl_id.get_product_accounts()["income"]

    @api.depends("feed_ids.last_date")
    def _compute_last_order_import(self):
        for instance in self:
            feed = instance.feed_ids.filtered(lambda one: one.operation == "order_unshipped")
            instance.last_order_import = feed.last_date

    @api.constrains(*QUEUE_SIZES)
    def _check_queue_sizes(self):
        for instance in self:
            for name in QUEUE_SIZES:
                if not 1 <= instance[name] <= 250:
                    label = instance._fields[name]._description_string(self.env)
                    raise ValidationError(self.env._("%s: enter a number from 1 to 250.", label))

    @api.constrains("total_tolerance", "risk_recheck_minutes", "risk_recheck_hours", "proof_days")
    def _check_numbers(self):
        for instance in self:
            if instance.total_tolerance < 0:
                raise ValidationError(self.env._("The tolerance for totals is not negative."))
            if instance.risk_recheck_minutes < 1 or instance.risk_recheck_hours < 1:
                raise ValidationError(self.env._("A pending risk is looked at again after one minute at the earliest."))
            if instance.proof_days < 1:
                raise ValidationError(self.env._("The completeness proof needs at least one day."))

    def _settings_warnings(self, schedules=True):
        """What a manager should look at again, in words; the settings work as they are.

        :param schedules: also that the schedules are off
        """
        self.ensure_one()
        warnings = []
        after = fields.Datetime.now() - timedelta(days=OLD_ORDERS)
        granted = self.env["shopify.scope"]._granted(self)
        if self.import_order_after and self.import_order_after < after and "read_all_orders" not in granted:
            warnings.append(
                self.env._(
                    "Import Orders After is more than %s days ago, and the app lacks the permission read_all_orders: "
                    "Shopify leaves the older orders out.",
                    OLD_ORDERS,
                )
            )
        if self.tax_mode == "shopify" and self.tax_create and not self.tax_account_id:
            warnings.append(
                self.env._("Unknown taxes are created, but without an account: choose the Tax Account on Invoices.")
            )
        if self.unknown_product == "fetch" and not self.product_create:
            warnings.append(
                self.env._("'Create by fetching' makes no product as long as Create Missing Odoo Products is off.")
            )
        if self.product_create and self.unknown_product == "fail":
            warnings.append(
                self.env._(
                    "Missing products are created by the product import only: an order with an unknown SKU waits until "
                    "Product on an Unknown Line is 'Create by fetching'."
                )
            )
        if self.use_sales_description:
            warnings.append(self.env._("The description of products is printed on every order line."))
        if self.pricelist_id and self.shop_currency_id and self.pricelist_id.currency_id != self.shop_currency_id:
            warnings.append(
                self.env._(
                    "The pricelist is in %(one)s, the store sells in %(other)s.",
                    one=self.pricelist_id.currency_id.name,
                    other=self.shop_currency_id.name,
                )
            )
        if schedules and self.state == "connected" and not self.schedules_on:
            warnings.append(self.env._("All schedules are off: nothing comes by itself."))
        return warnings

    def action_open_settings(self):
        """The settings page on this store."""
        self.ensure_one()
        return {**self.env["shopify.settings"]._open(self), "target": "current"}

    def _compute_check_count(self):
        domain = [("instance_id", "in", self.ids), ("severity", "!=", "3_info")]
        counts = dict(self.env["shopify.check"]._read_group(domain, ["instance_id"], ["__count"]))
        for instance in self:
            instance.check_count = counts.get(instance, 0)

    def action_check_store(self):
        """Check the store now and show what was found."""
        self.ensure_one()
        self.env["shopify.run.starter"]._start(self, "health")
        return self.action_view_checks()

    def action_view_checks(self):
        """What is to be mended now; what was mended since the last check is not listed."""
        for store in self:
            self.env["shopify.check"]._check(store)
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_check_action")
        return {**action, "domain": [("instance_id", "in", self.ids)]}
