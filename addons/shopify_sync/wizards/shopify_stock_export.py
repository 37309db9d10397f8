"""Dialog: send stock to a store, with a look at what would change."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .. import shopify_api
from ..mapping.reading import legacy_id
from ..models.spoken import spoken

#: Variants that the preview reads and shows.
SHOWN = 250
#: Without a last export, changes of so many days are sent.
FIRST_DAYS = 30


class ShopifyStockExport(models.TransientModel):
    _name = "shopify.stock.export"
    _description = "Export Stock"

    instance_id = fields.Many2one(
        "shopify.instance",
        required=True,
        default=lambda self: self.env["shopify.instance"].search([], limit=1),
    )
    confirmed_at = fields.Datetime(related="instance_id.stock_confirmed_at")
    scope = fields.Selection(
        [("changed", "Changed since"), ("all", "All"), ("chosen", "Chosen products")], required=True, default="changed"
    )
    since = fields.Datetime(
        compute="_compute_since",
        store=True,
        readonly=False,
        help="Products whose stock has moved since then. By default since the last export, else of the last 30 days.",
    )
    product_ids = fields.Many2many("shopify.product", string="Products")
    location_ids = fields.Many2many("shopify.location", string="Locations", help="None: all that stock is sent to.")
    line_ids = fields.One2many("shopify.stock.export.line", "wizard_id", readonly=True)
    summary = fields.Text(readonly=True)
    previewed = fields.Boolean(readonly=True)
    run_id = fields.Many2one("shopify.run", readonly=True)
    result = fields.Text(readonly=True)

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if self.env.context.get("active_model") == "shopify.product":
            products = self.env["shopify.product"].browse(self.env.context.get("active_ids", []))
            if len(products.instance_id) > 1:
                raise UserError(self.env._("Choose products of one store."))
            values.update(scope="chosen", product_ids=[Command.set(products.ids)], instance_id=products.instance_id.id)
        return values

    @api.depends("instance_id")
    def _compute_since(self):
        for wizard in self:
            wizard.since = wizard.instance_id.stock_exported_at or fields.Datetime.now() - timedelta(days=FIRST_DAYS)

    def _options(self):
        """What the run is asked to do."""
        self.ensure_one()
        options = {"locations": self.location_ids.ids} if self.location_ids else {}
        if self.scope == "changed":
            return {**options, "since": fields.Datetime.to_string(self.since)}
        if self.scope == "chosen":
            if not self.product_ids:
                raise UserError(self.env._("Choose the products whose stock is to be sent."))
            return {**options, "variants": self.product_ids.variant_ids.ids}
        return options

    def action_preview(self):
        """Show what would be sent beside what Shopify has now; nothing is written on either side."""
        self.ensure_one()
        instance, options = self.instance_id._for_jobs(), self._options()
        instance._check_stock_export()
        handler = instance.env["shopify.handler.stock"]
        try:
            handler._complete_items(instance)
            ids = handler._wanted(instance, options, 0)
            variants = instance.env["shopify.product.variant"].browse(ids[:SHOWN])
            rows = self._rows(instance, variants.filtered("inventory_item_ref"))
        except shopify_api.ShopifyError as error:
            raise UserError(spoken(self.env, error.words)) from error
        effects = dict(self.env["shopify.stock.export.line"]._fields["effect"]._description_selection(self.env))
        counts = {effect: sum(row["effect"] == effect for row in rows) for effect in effects}
        summary = ", ".join(f"{effects[effect]}: {number}" for effect, number in counts.items() if number)
        if len(ids) > SHOWN:
            summary += " " + self.env._("(the first %s variants only)", SHOWN)
        self.write(
            {
                "previewed": True,
                "summary": summary or self.env._("No variant of the store is to be sent."),
                "line_ids": [Command.clear(), *(Command.create(row) for row in rows)],
            }
        )
        return self._reopen()

    @api.model
    def _rows(self, instance, variants):
        """Values of preview lines."""
        env = instance.env
        locations = env["shopify.location"]._exported(instance)
        if self.location_ids:
            locations &= self.location_ids.with_env(env)
        wanted = env["shopify.stock.quantities"]._compute(instance, variants, locations)
        ids = [shopify_api.gid("InventoryItem", variant.inventory_item_ref) for variant in variants]
        rows = []
        for location in locations if ids else ():  # one request for each place
            answer = env["shopify.connection"]._execute(
                instance,
                "inventory/Levels",
                {"ids": ids, "location": shopify_api.gid("Location", location.shopify_id)},
                lane="stock",
            )
            nodes = {legacy_id(node["id"]): node for node in answer.data["nodes"] if node}
            for variant in variants:
                node = nodes.get(variant.inventory_item_ref)
                units = wanted.get((variant.id, location.id))
                rows.append(
                    {"variant_id": variant.id, "location_id": location.id, **_effect(node, units)},
                )
        order = list(dict(env["shopify.stock.export.line"]._fields["effect"].selection))
        return sorted(rows, key=lambda row: order.index(row["effect"]))

    def action_export(self):
        """Queue the levels and send them; what takes too long goes on in the background. The first export of a store is
        confirmed by it."""
        self.ensure_one()
        instance, options = self.instance_id, self._options()
        instance._check_stock_export()
        if not instance.stock_confirmed_at and not self.previewed:
            raise UserError(self.env._("This is the first export of %s: look at the preview first.", instance.name))
        instance._confirm_stock_export()
        run, counts = self.env["shopify.handler.stock"]._send_by_hand(instance, options)
        parts = [
            (counts["done"], self.env._("%s levels are right in Shopify", counts["done"])),
            (counts["failed"], self.env._("%s failed", counts["failed"])),
            (counts["skipped"], self.env._("%s skipped", counts["skipped"])),
            (counts["left"], self.env._("%s go on in the background", counts["left"])),
        ]
        text = ", ".join(words for number, words in parts if number) or self.env._("Nothing was to be sent.")
        self.write({"run_id": run.id, "result": "\n".join(filter(None, (text, run.message)))})
        return self._reopen()

    def action_view_queues(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_queue_stock_action")
        return {**action, "domain": [("run_id", "=", self.run_id.id)], "context": {"shopify_kind": "stock_export"}}

    def _reopen(self):
        self.ensure_one()
        return self._get_records_action(name=self.env._("Export Stock"), target="new")


def _effect(node, units):
    """What sending would do to a level, and the numbers."""
    if node is None:
        return {"effect": "gone"}
    if not node["tracked"] or units is None:
        return {"effect": "untracked"}
    level = node["inventoryLevel"]
    if not level or not level["isActive"]:
        return {"effect": "activate" if units else "same", "units": units}
    there = next(one["quantity"] for one in level["quantities"] if one["name"] == "available")
    return {"effect": "same" if there == units else "change", "units": units, "units_there": there}


class ShopifyStockExportLine(models.TransientModel):
    _name = "shopify.stock.export.line"
    _description = "Export Stock Line"
    _order = "id"

    wizard_id = fields.Many2one("shopify.stock.export", required=True, ondelete="cascade")
    variant_id = fields.Many2one("shopify.product.variant")
    sku = fields.Char(related="variant_id.sku")
    product_id = fields.Many2one(related="variant_id.product_id", string="Product")
    location_id = fields.Many2one("shopify.location")
    units_there = fields.Integer(string="Now in Shopify")
    units = fields.Integer(string="To Send")
    effect = fields.Selection(
        [
            ("gone", "Not in Shopify any more"),
            ("change", "Changes"),
            ("activate", "Newly stocked there"),
            ("same", "Stays the same"),
            ("untracked", "Not counted"),
        ],
        required=True,
    )
