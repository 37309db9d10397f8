"""A connected Shopify store: who it is, how to sign in, whether the connection works."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .. import shopify_api
from .operations import LANES
from .spoken import spoken


class ShopifyInstance(models.Model):
    """A connected Shopify store. Everything the addon makes carries the store and its company.

    Settings are in `shopify_instance_settings.py`, what is made at connection in `shopify_instance_setup.py`, its
    scheduled jobs in `shopify_instance_schedules.py`. The token in use, the rate budget and what Shopify last answered
    are in `shopify.connection`: they change with every request and must not touch this row.
    """

    _name = "shopify.instance"
    _description = "Shopify Store"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, tracking=True, help="The name of the store in Odoo, for example 'Shop Germany'.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help="All orders, customers and documents of this store belong to this company. It cannot change once the "
        "store has an order.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    shop_domain = fields.Char(
        string="Shop Address",
        required=True,
        tracking=True,
        help="The store's address at Shopify, for example my-shop.myshopify.com. A full admin link may be pasted.",
    )
    auth_mode = fields.Selection(
        [("client_credentials", "App id and secret"), ("permanent_token", "Permanent token")],
        string="Sign-in",
        required=True,
        default="client_credentials",
        tracking=True,
    )
    client_id = fields.Char(groups="shopify_sync.group_manager", copy=False)
    client_secret = fields.Char(groups="shopify_sync.group_manager", copy=False)
    access_token = fields.Char(string="Permanent Token", groups="shopify_sync.group_manager", copy=False)
    state = fields.Selection(
        [("draft", "Not connected"), ("connected", "Connected"), ("problem", "Connection problem")],
        required=True,
        default="draft",
        copy=False,
        tracking=True,
    )
    problem = fields.Char(string="Connection Problem", copy=False, readonly=True)
    shop_ref = fields.Char(string="Shopify Shop Id", copy=False, readonly=True, index=True)
    shop_name = fields.Char(copy=False, readonly=True)
    plan_name = fields.Char(string="Shopify Plan", copy=False, readonly=True)
    shop_currency_id = fields.Many2one("res.currency", string="Store Currency", copy=False, readonly=True)
    shop_tz = fields.Char(string="Store Time Zone", copy=False, readonly=True)
    taxes_included = fields.Boolean(string="Prices Include Taxes at Shopify", copy=False, readonly=True)
    last_check = fields.Datetime(string="Last Connection Check", copy=False, readonly=True)
    scope_ids = fields.One2many("shopify.scope", "instance_id", string="Permissions", copy=False, readonly=True)
    connection_ids = fields.One2many(
        "shopify.connection", "instance_id", groups="shopify_sync.group_manager", copy=False, readonly=True
    )
    token_expires_at = fields.Datetime(
        string="Token Valid Until",
        compute="_compute_connection",
        compute_sudo=True,
        groups="shopify_sync.group_manager",
    )
    api_version = fields.Char(compute="_compute_connection", compute_sudo=True, string="API Version Used")
    api_version_answered = fields.Char(compute="_compute_connection", compute_sudo=True)
    deprecated_reason = fields.Char(compute="_compute_connection", compute_sudo=True, string="Deprecated Calls")
    location_ids = fields.One2many("shopify.location", "instance_id", string="Locations")
    gateway_ids = fields.One2many("shopify.payment.gateway", "instance_id", string="Payment Gateways")
    financial_status_ids = fields.One2many("shopify.financial.status", "instance_id", string="Financial Statuses")
    tax_mapping_ids = fields.One2many(
        "shopify.tax.mapping",
        "instance_id",
    )
    feed_ids = fields.One2many("shopify.feed", "instance_id", string="Last Dates")
    order_count = fields.Integer(compute="_compute_counts")
    queue_count = fields.Integer(compute="_compute_counts")
    log_count = fields.Integer(compute="_compute_counts")

    _shop_domain_unique = models.UniqueIndex("(shop_domain)", "This Shopify store is connected already.")

    @api.depends("connection_ids")
    def _compute_connection(self):
        for instance in self:
            connection = instance.sudo().connection_ids  # manager-only row; only harmless facts are shown
            instance.token_expires_at = connection.token_expires_at
            instance.api_version = shopify_api.API_VERSION
            instance.api_version_answered = connection.version_answered
            instance.deprecated_reason = connection.deprecated_reason

    def _compute_counts(self):
        def counts(model, domain, field):
            return dict(self.env[model]._read_group([*domain, (field, "in", self.ids)], [field], ["__count"]))

        orders = counts("sale.order", [], "shopify_instance_id")
        queues = counts("shopify.queue", [("state", "!=", "done")], "instance_id")
        logs = counts("shopify.log.line", [("resolved", "=", False)], "instance_id")
        for instance in self:
            instance.order_count = orders.get(instance, 0)
            instance.queue_count = queues.get(instance, 0)
            instance.log_count = logs.get(instance, 0)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("shop_domain"):
                vals["shop_domain"] = self._normal_domain(vals["shop_domain"])
        return super().create(vals_list)

    def write(self, vals):
        if vals.get("shop_domain"):
            vals["shop_domain"] = self._normal_domain(vals["shop_domain"])
        if "company_id" in vals and any(
            instance.company_id.id != vals["company_id"] and instance.order_count for instance in self
        ):
            raise UserError(self.env._("The company of a store cannot change once the store has orders."))
        return super().write(vals)

    def copy(self, default=None):  # pylint: disable=method-required-super  # it is refused
        raise UserError(self.env._("A store cannot be duplicated. Create a new store with its own sign-in."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_orders(self):
        for instance in self:
            if instance.order_count:
                raise UserError(
                    self.env._("Store %s has orders and cannot be deleted. Archive it instead.", instance.name)
                )

    @api.model
    def _normal_domain(self, text):
        try:
            return shopify_api.normalise(text)
        except shopify_api.ShopifyError as error:
            raise ValidationError(spoken(self.env, error.words)) from error

    def _admin_link(self, kind, shopify_id):
        """The address of a record in Shopify's admin; `kind` as in Shopify's ids ('Order', 'Customer', ...)."""
        self.ensure_one()
        return shopify_api.admin_link(self.shop_domain, f"gid://shopify/{kind}/{shopify_id}")

    def _open_in_shopify(self, kind, shopify_id):
        """The action of every 'Open in Shopify' button."""
        return {"type": "ir.actions.act_url", "url": self._admin_link(kind, shopify_id), "target": "new"}

    @api.model
    def _only_one(self):
        """The store, where there is only one that the user may see; no store otherwise."""
        found = self.search([], limit=2)
        return found if len(found) == 1 else self.browse()

    def _for_jobs(self):
        """The store as its jobs see it: the store's own user, exactly its company, no record of another one."""
        self.ensure_one()
        company = self.sudo().company_id  # record rules need the company before it is known
        return (
            self.with_user(self.sudo().job_user_id)
            .with_company(company)
            .with_context(allowed_company_ids=[company.id], lang=self.sudo().lang_id.code or "en_US", tz="UTC")
        )

    # Buttons

    def action_check_connection(self):
        """Test Connection: says in words what is wrong, reads what the store says of itself."""
        self.ensure_one()
        try:
            self._read_shop()
        except shopify_api.ShopifyError as error:
            self._note_problem(error)
            problem = spoken(self.env, error.words)
            raise UserError(self.env._("%(store)s: %(problem)s", store=self.name, problem=problem)) from error
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.env._("Connection works"),
                "message": self.env._(
                    "%(shop)s (%(plan)s), %(currency)s, %(works)s of %(all)s functions have their permissions.",
                    shop=self.shop_name,
                    plan=self.plan_name,
                    currency=self.shop_currency_id.name,
                    works=len(self.scope_ids.filtered("works")),
                    all=len(self.scope_ids),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_open_shopify(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"{shopify_api.base_url(self.shop_domain)}/admin",
            "target": "new",
        }

    def action_import_locations(self):
        self.ensure_one()
        self.env["shopify.location"]._import(self)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_view_orders(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.sale_order_action")
        return {**action, "domain": [("shopify_instance_id", "in", self.ids)]}

    def action_view_queues(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_queue_action")
        return {**action, "domain": [("instance_id", "in", self.ids)]}

    def action_view_logs(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_log_line_action")
        return {**action, "domain": [("instance_id", "in", self.ids)]}

    def action_perform_operation(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_operation_action")
        return {**action, "context": {"default_instance_id": self.id}}

    def action_process_queues(self):
        """Process all waiting lines of the store now: in the background, or in this request when the schedule is off."""
        self.ensure_one()
        if not any(self._schedule(f"process_{lane}").active for lane in LANES):
            waiting = self.env["shopify.queue.line"].search([("instance_id", "=", self.id), ("state", "=", "draft")])
            return waiting._process_by_hand()
        self._trigger_processing()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "info", "message": self.env._("The queues are being processed in the background.")},
        }

    # What Shopify says of the store

    def _read_shop(self):
        """Read shop and permissions from Shopify; the store is connected afterwards.

        :raises shopify_api.ShopifyError: with the reason in words
        """
        self.ensure_one()
        self.check_access("write")
        answer = self.env["shopify.connection"]._execute(self, "shop/Connection")
        shop = answer.data["shop"]
        granted = {scope["handle"] for scope in answer.data["currentAppInstallation"]["accessScopes"]}
        shop_ref = shop["id"].rsplit("/", 1)[-1]
        if self.shop_ref and self.shop_ref != shop_ref:
            raise shopify_api.WrongAddress(
                self.env._("These credentials belong to another Shopify store (%s).", shop["name"])
            )
        self.write(
            {
                "shop_ref": shop_ref,
                "shop_name": shop["name"],
                "plan_name": shop["plan"]["publicDisplayName"],
                "shop_currency_id": self.env["res.currency"]._shopify_currency(shop["currencyCode"]).id,
                "shop_tz": shop["ianaTimezone"],
                "taxes_included": shop["taxesIncluded"],
                "state": "connected",
                "problem": False,
                "last_check": fields.Datetime.now(),
            }
        )
        self.env["shopify.scope"]._refresh(self, granted)

    def _note_problem(self, error):
        """Remember a refused sign-in in a transaction of its own: the caller's is about to be rolled back."""
        if not isinstance(error, shopify_api.SignInRefused | shopify_api.ShopUnavailable):
            return
        with self.env.registry.cursor() as cr:
            instance = self.with_env(self.env(cr=cr))
            if instance.exists():
                # whoever met the refusal
                instance.sudo().write({"state": "problem", "problem": spoken(self.env, error.words)})
