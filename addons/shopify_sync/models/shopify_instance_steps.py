"""The guided set-up of a store: four steps, each done, to do or locked."""

from odoo import api, fields, models

STEPS = ("connection", "settings", "payments", "schedules")


class ShopifyInstance(models.Model):
    _inherit = "shopify.instance"

    setup_step_connection = fields.Boolean(
        string="Set-up: Created",
        compute="_compute_setup_step_connection",
        store=True,
        help="The connection test passed at least once.",
    )
    setup_step_settings = fields.Boolean(string="Set-up: Settings", copy=False, readonly=True)
    setup_step_payments = fields.Boolean(
        string="Set-up: Payments",
        copy=False,
        readonly=True,
        help="Saved while every gateway seen had a workflow.",
    )
    setup_step_schedules = fields.Boolean(string="Set-up: Schedules", related="schedules_saved")
    setup_closed = fields.Boolean(copy=False, readonly=True, help="A manager said that everything is ready.")

    @api.depends("shop_ref")
    def _compute_setup_step_connection(self):
        for instance in self:
            instance.setup_step_connection = bool(instance.shop_ref)

    def _board_setup(self):
        """The panel above the cards, for a manager.

        :return: the steps of the stores that are not ready yet, and those of a store to come (`new`)
        """
        open_stores = self.filtered(lambda store: not store.setup_closed)
        return {
            "new": {"id": False, "name": "", "steps": self._setup_steps(), "complete": False},
            "stores": [store._setup_values() for store in open_stores],
            "first": not self,
        }

    def _setup_values(self):
        steps = self._setup_steps(self)
        complete = all(step["state"] == "done" for step in steps)
        return {"id": self.id, "name": self.name, "steps": steps, "complete": complete}

    @api.model
    def _setup_steps(self, store=None):
        """The four steps of a store, or of one that does not exist yet: list of {key, title, text, state}."""
        texts = {
            "connection": (
                self.env._("Create the store"),
                self.env._("Enter the store's address and sign-in, and test the connection."),
            ),
            "settings": (
                self.env._("Choose the settings"),
                self.env._("Warehouse, language, products, prices, names of orders and taxes."),
            ),
            "payments": (
                self.env._("Map payments"),
                self.env._("Which workflow an order follows, by its payment gateway and status."),
            ),
            "schedules": (
                self.env._("Start the schedules"),
                self.env._("From then on orders, payments and stock move by themselves."),
            ),
        }
        steps = []
        for key in STEPS:
            title, text = texts[key]
            state = "done" if store and store[f"setup_step_{key}"] else "todo"
            if key != "connection" and not store:
                state, text = "locked", self.env._("Create the store first.")
            steps.append({"key": key, "title": title, "text": text, "state": state})
        return steps

    # Buttons of the panel

    def action_setup_connection(self):
        """Step 1: the dialog that connects a store; a store that exists is shown."""
        if self:
            return self.action_open_settings()
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_new_store_action")
        return {**action, "context": {"dialog_size": "extra-large", "shopify_setup": True}}

    def action_setup_settings(self):
        return self._setup_dialog("shopify_sync.shopify_instance_view_form_settings", self.env._("Choose the settings"))

    def action_setup_payments(self):
        return self._setup_dialog("shopify_sync.shopify_instance_view_form_payments", self.env._("Map payments"))

    def action_setup_schedules(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_schedules_action")
        context = {"dialog_size": "extra-large", "active_id": self.id, "default_instance_id": self.id}
        return {**action, "context": context}

    def _setup_dialog(self, view, title):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": f"{title}: {self.name}",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(self.env.ref(view).id, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def action_setup_settings_done(self):
        """Step 2 is saved: the form has refused missing values."""
        self.setup_step_settings = True
        return {"type": "ir.actions.act_window_close"}

    def action_setup_find_combinations(self):
        """Step 3: fill Financial Status lines for what recent orders used, and show them."""
        self.action_find_combinations()
        return self.action_setup_payments()

    def action_setup_payments_done(self):
        """Step 3 is saved: done when every gateway has a workflow, else those without are named."""
        self.ensure_one()
        unmapped = self.gateway_ids.filtered(lambda gateway: not gateway.mapped)
        self.setup_step_payments = not unmapped
        if not unmapped:
            return {"type": "ir.actions.act_window_close"}
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "title": self.env._("Saved, but not finished"),
                "message": self.env._(
                    "These gateways have no workflow yet, their orders wait: %s. Find Combinations adds their lines.",
                    ", ".join(gateway.name for gateway in unmapped),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def action_setup_close(self):
        """Everything is ready: the panel is closed for this store."""
        self.setup_closed = True
