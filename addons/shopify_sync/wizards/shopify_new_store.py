"""Dialog: connect a new store. It tests the sign-in before anything is created."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .. import shopify_api
from ..models.scope_texts import FUNCTION_NAMES, WHY


class ShopifyNewStore(models.TransientModel):
    _name = "shopify.new.store"
    _description = "Connect a Shopify Store"
    _inherit = "shopify.sign.in"

    name = fields.Char(string="Store Name", required=True)
    shop_domain = fields.Char(
        string="Shop Address",
        required=True,
        help="For example my-shop.myshopify.com; a link into the admin works, too.",
    )
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        required=True,
        compute="_compute_warehouse_id",
        store=True,
        precompute=True,
        readonly=False,
        domain="[('company_id', '=', company_id)]",
    )
    scope_help = fields.Html(compute="_compute_scope_help")
    scopes_text = fields.Char(string="Scopes to Paste", compute="_compute_scope_help")

    @api.depends("company_id")
    def _compute_warehouse_id(self):
        for wizard in self:
            wizard.warehouse_id = self.env["stock.warehouse"].search(
                [("company_id", "=", wizard.company_id.id)], limit=1
            )

    def _compute_scope_help(self):
        needs = shopify_api.scopes.to_set_up()
        rows = [
            {
                "scope": need.scope,
                "is_minimum": need.is_minimum,
                "why": self.env._(WHY[need.scope]),
                "functions": [self.env._(FUNCTION_NAMES[key]) for key in need.functions],
            }
            for need in needs
        ]
        for wizard in self:
            wizard.scope_help = self.env["ir.qweb"]._render("shopify_sync.scope_help", {"needs": rows})
            wizard.scopes_text = ",".join(need.scope for need in needs)

    @api.constrains("shop_domain")
    def _check_shop_domain(self):
        for wizard in self:
            domain = self.env["shopify.instance"]._normal_domain(wizard.shop_domain)
            # a store of another company or an archived one takes the address as well
            other = (
                self.env["shopify.instance"]
                .sudo()
                .with_context(active_test=False)
                .search([("shop_domain", "=", domain)], limit=1)
            )
            if other:
                raise ValidationError(self.env._("%(domain)s is connected already.", domain=domain))

    def action_test(self):
        """Sign in and show what the store says; nothing is created."""
        self.ensure_one()
        domain = self.env["shopify.instance"]._normal_domain(self.shop_domain)
        data, granted = self._probe(domain)
        self.write({"shop_domain": domain, "tested": True, "test_result": self._result_text(data, granted)})
        return self._reopen()

    def action_create(self):
        """Create the store with what it needs, and open it."""
        self.ensure_one()
        domain = self.env["shopify.instance"]._normal_domain(self.shop_domain)
        self._probe(domain)
        values = {
            "name": self.name,
            "shop_domain": domain,
            "company_id": self.company_id.id,
            "warehouse_id": self.warehouse_id.id,
            "auth_mode": self.auth_mode,
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "access_token": self.access_token,
            "webhook_secret": self.auth_mode == "permanent_token" and self.webhook_secret,
        }
        store_id = self._in_own_transaction(lambda env: env["shopify.instance"].create(values).id)
        try:
            self._in_own_transaction(lambda env: env["shopify.instance"].browse(store_id)._connect())
        except UserError:
            # the dialog stays open with the reason, and the address stays free for the next try
            self._in_own_transaction(lambda env: env["shopify.instance"].browse(store_id).unlink())
            raise
        # the transaction of this request began before there was the store
        self._in_own_transaction(lambda env: env["shopify.check"]._check(env["shopify.instance"].browse(store_id)))
        if self.env.context.get("shopify_setup"):
            return {"type": "ir.actions.client", "tag": "soft_reload"}  # the guided set-up goes on with step 2
        return self.env["shopify.instance"].browse(store_id)._get_records_action()
