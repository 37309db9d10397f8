"""The settings page: one store's settings in blocks, with a picker of the store."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command

#: Settings that only make sense together: they are tried together when a save is refused.
TOGETHER = (
    {"stock_rule", "stock_value", "stock_buffer"},
    {"webhook_order", "webhook_product", "webhook_customer", "webhook_base_url"},
    {"tag_rule", "tag_rule_tags", "tag_rule_warehouse_id"},
)


class ShopifySettings(models.TransientModel):
    """A page on a store. Every field of the store is a field of the page, so a setting is defined once.

    It is a model of its own because Odoo's settings are for system administrators, and a Shopify Manager is none.
    """

    _name = "shopify.settings"
    _description = "Shopify Settings"
    _inherits = {"shopify.instance": "shopify_instance_id"}

    shopify_instance_id = fields.Many2one("shopify.instance", string="Store", required=True, ondelete="cascade")
    several_stores = fields.Boolean(compute="_compute_several_stores")
    permissions_html = fields.Html(string="Permission Panel", compute="_compute_panels")
    warnings_html = fields.Html(compute="_compute_panels")

    def _compute_several_stores(self):
        self.several_stores = self.env["shopify.instance"].search_count([], limit=2) > 1

    @api.depends("shopify_instance_id")
    def _compute_panels(self):
        for page in self:
            store = page.shopify_instance_id._origin
            render = self.env["ir.qweb"]._render
            page.permissions_html = store and render("shopify_sync.permissions_panel", {"store": store})
            warnings = store and store._settings_warnings()
            page.warnings_html = warnings and render("shopify_sync.settings_warnings", {"warnings": warnings})

    @api.model
    def _default_store(self):
        """The store of the context, else the first one."""
        stores = self.env["shopify.instance"]
        store_id = self.env.context.get("default_shopify_instance_id")
        return stores.browse(store_id).exists() or stores.search([], limit=1)

    @api.model
    def default_get(self, fields_list):
        """The store's values, not the defaults of a new store."""
        own = [name for name in fields_list if not self._fields[name].inherited]
        values = super().default_get(own)
        store = self._default_store()
        values["shopify_instance_id"] = store.id
        if store:
            of_store = [name for name in fields_list if self._fields[name].inherited]
            values.update(self._values_of(store, of_store))
        return values

    @api.onchange("shopify_instance_id")
    def _onchange_store(self):
        """Show the settings of the store that was picked."""
        store = self.shopify_instance_id._origin
        for name, field in self._fields.items():
            if store and field.inherited and store._has_field_access(store._fields[name], "read"):
                self[name] = store[name]

    @api.onchange("product_create")
    def _onchange_product_create(self):
        """As on the store's own form."""
        if self.product_create and self.unknown_product == "fail":
            self.unknown_product = "fetch"

    @api.model
    def _values_of(self, store, names):
        """A store's values as a new record takes them."""
        values = {}
        for name in names:
            field = store._fields.get(name)
            if field and store._has_field_access(field, "read"):
                values[name] = (
                    [Command.set(store[name].ids)]
                    if field.type in ("many2many", "one2many")
                    else field.convert_to_write(store[name], store)
                )
        return values

    # Saving

    @api.model_create_multi
    def create(self, vals_list):
        self.check_access("create")
        pages = self.browse()
        for vals in vals_list:
            store = self.env["shopify.instance"].browse(vals.get("shopify_instance_id")).exists()
            if not store:
                raise UserError(self.env._("Connect a store first; its settings appear here then."))
            self._save(store, {name: value for name, value in vals.items() if name in self._settings()})
            pages += super().create([{"shopify_instance_id": store.id}])
        return pages

    def write(self, vals):
        settings = {name: value for name, value in vals.items() if name in self._settings()}
        rest = {name: value for name, value in vals.items() if name not in settings}
        result = super().write(rest) if rest else True
        for page in self if settings else ():
            self._save(page.shopify_instance_id, settings)
        return result

    @api.model
    def _settings(self):
        """Names of the store's fields that the page may write."""
        return {
            name
            for name, field in self._fields.items()
            if field.inherited and not field.readonly and field.type != "one2many"
        }

    @api.model
    def _save(self, store, values):
        """Write what differs, all or nothing.

        :raises ValidationError: every problem there is, in one list
        """
        changes = {
            name: value for name, value in map(self._command_of, values.items()) if self._differs(store, name, value)
        }
        if not changes:
            return
        try:
            with self.env.cr.savepoint():
                store.write(changes)
        except AccessError:
            raise
        except UserError as error:
            problems = self._problems_of(store, changes) or [str(error)]
            raise ValidationError(
                self.env._(
                    "Nothing was saved. Mend these settings first:\n%s", "\n".join(f"- {one}" for one in problems)
                )
            ) from error

    @api.model
    def _command_of(self, item):
        """What a page sends of several records is all of them: a link that is not sent was taken off."""
        name, value = item
        if self._fields[name].type == "many2many" and value is not False:
            kept = [one for command in value if command[0] == Command.SET for one in command[2]]
            kept += [command[1] for command in value if command[0] == Command.LINK]
            taken = {command[1] for command in value if command[0] == Command.UNLINK}
            if not taken:
                value = [Command.set(kept)]
        return name, value

    @api.model
    def _differs(self, store, name, value):
        field = store._fields[name]
        if field.type == "many2many":
            return any(command[0] != Command.SET or set(command[2]) != set(store[name].ids) for command in value or ())
        return field.convert_to_cache(value, store) != field.convert_to_cache(store[name], store)

    @api.model
    def _problems_of(self, store, changes):
        """Why each change is refused, tried one by one and taken back."""
        problems, left = {}, dict(changes)
        while left:
            name = next(iter(left))
            group = next((group for group in TOGETHER if name in group), {name})
            some = {key: left.pop(key) for key in list(left) if key in group}
            try:
                with self.env.cr.savepoint() as savepoint:
                    store.write(some)
                    savepoint.rollback()
            except UserError as error:
                problems[str(error)] = True
            self.env.invalidate_all(flush=False)
        return list(problems)

    # Buttons

    def execute(self):
        """Save was pressed: the values are in the store already; say what to look at, and show the page anew."""
        self.ensure_one()
        store = self.shopify_instance_id
        warnings = store._settings_warnings()
        message = self.env._("The settings of %s are saved.", store.name)
        title = self.env._("The settings of %s are saved", store.name)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if warnings else "success",
                "title": title if warnings else False,
                "message": "\n".join(warnings) or message,
                "next": self._open(store),
            },
        }

    def cancel(self):
        return self._open(self.shopify_instance_id)

    @api.model
    def _open(self, store):
        """The page on a store."""
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_settings_action")
        return {
            **action,
            "target": "main",
            "context": {"default_shopify_instance_id": store.id, "module": "shopify_sync"},
        }

    def action_check_connection(self):
        return self.shopify_instance_id.action_check_connection()

    def action_alert_test(self):
        return self.shopify_instance_id.action_alert_test()

    def action_digest_preview(self):
        return self.shopify_instance_id.action_digest_preview()

    def action_open_store(self):
        return self.shopify_instance_id._get_records_action()

    def action_of_store(self):
        """An action of the addon on this store; which one comes from the button's context (`shopify_action`)."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(f"shopify_sync.{self.env.context['shopify_action']}")
        store_id = self.shopify_instance_id.id
        if action["target"] == "new":
            context = {"default_instance_id": store_id, "active_id": store_id, "dialog_size": "extra-large"}
            return {**action, "context": context}
        context = {"default_instance_id": store_id}
        return {**action, "domain": [("instance_id", "=", store_id)], "context": context}
