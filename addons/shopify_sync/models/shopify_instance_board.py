"""The dashboard as one answer: the set-up of the next store and a card per active store."""

from odoo import api, models

from ..mapping import PERIODS

_NOTICE = "shopify_sync/board"


class ShopifyInstance(models.Model):
    _inherit = "shopify.instance"

    @api.model
    @api.readonly
    def read_board(self, periods=None):
        """Everything the dashboard shows, read in a number of queries that grows with nothing but areas of the app.

        :param periods: {store id as text: period chosen on the card}; the user's own default otherwise
        :raises AccessError: the user has no role of the app
        """
        self.check_access("read")
        stores = self.search([("active", "=", True)])
        choices = self.env["shopify.dashboard.card"]._of_user(stores)
        stores = self.browse(store.id for store in choices)
        chosen = {store.id: (periods or {}).get(str(store.id)) for store in stores}
        keys = {
            store.id: chosen[store.id] if chosen[store.id] in PERIODS else choices[store]["period"] for store in stores
        }
        of_periods = stores._board_periods(keys)
        sales = stores._board_sales(of_periods)
        counters = stores._board_counters() if stores else {}
        attention = stores._board_attention() if stores else []
        health = stores._board_health() if stores else {}
        groups = stores._board_groups()
        manager = self.env.user.has_group("shopify_sync.group_manager")
        copy = self.env["shopify.connection"]._is_a_copy()
        return {
            "manager": manager,
            "setup": stores._board_setup() if manager else False,
            "stores": [
                {
                    "id": store.id,
                    "name": store.name,
                    "color": store.color,
                    "address": store.shop_domain,
                    "company": store.company_id.name if self.env.user.has_group("base.group_multi_company") else False,
                    "state": store._board_state(copy),
                    "period": keys[store.id],
                    **store._board_figures(of_periods[store], sales[store], choices[store]["graph"]),
                    "counters": [
                        {"key": key, "label": label, "count": counts.get(store, 0)}
                        for key, (label, counts) in counters.items()
                        if key in choices[store]["counters"]
                    ],
                    "attention": [
                        {"key": entry["key"], "label": entry["label"], "level": entry["level"], "count": count}
                        for entry in attention
                        if (count := entry["counts"].get(store)) and (manager or not entry.get("manager"))
                    ],
                    "health": health[store],
                    "groups": [
                        {"key": key, "title": title, "lists": [{"key": one, "label": label} for one, label in lists]}
                        for key, (title, lists) in groups.items()
                        if key in choices[store]["groups"]
                    ],
                }
                for store in stores
            ],
        }

    def _board_state(self, copy):
        """The dot beside the store's name: {key, level, label}."""
        if copy:
            label = self.env._("Paused: this database is a copy")
            return {"key": "paused", "level": "warning", "label": label}
        label = dict(self._fields["state"]._description_selection(self.env))[self.state]
        levels = {"connected": "success", "problem": "danger", "draft": "secondary"}
        return {"key": self.state, "level": levels[self.state], "label": label}

    @api.model
    def _board_changed(self):
        """Tell open dashboards to look again, once a transaction, however much it did.

        The message holds nothing: each dashboard reads what its user may see.
        """
        data = self.env.cr.precommit.data
        if not data.get(_NOTICE):
            data[_NOTICE] = True
            # the channel of a group reaches its members; a job's user need not be one of them
            self.env.ref("shopify_sync.group_user").sudo()._bus_send(_NOTICE, {})

    # Buttons of the card

    def action_customise_card(self):
        """The user's own settings of this card, made when missing."""
        self.ensure_one()
        cards = self.env["shopify.dashboard.card"]
        card = cards.search([("user_id", "=", self.env.uid), ("instance_id", "=", self.id)])
        card = card or cards.create({"instance_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Customise card: %s", self.name),
            "res_model": card._name,
            "res_id": card.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def set_board_color(self, color):
        """Colour of the card, for everyone; managers choose it."""
        self.ensure_one()
        self.color = color
