"""Dialog: load the edited preparation file; a dry run shows row by row what would change."""

import base64

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..mapping import Refusal
from ..mapping.tables import read_table
from ..models.spoken import spoken

_ACTIONS = [
    ("error", "Wrong"),
    ("create", "Into the layer"),
    ("link", "Link"),
    ("change", "Change"),
    ("same", "Nothing to do"),
]


class ShopifyProductMap(models.TransientModel):
    _name = "shopify.product.map"
    _description = "Map Products from File"

    instance_id = fields.Many2one(
        "shopify.instance",
        required=True,
        default=lambda self: self.env["shopify.instance"]._only_one(),
    )
    file = fields.Binary(required=True, attachment=False)
    filename = fields.Char()
    delimiter = fields.Selection(
        [("auto", "Find it"), ("comma", "Comma"), ("semicolon", "Semicolon"), ("tab", "Tab")],
        required=True,
        default="auto",
        help="Of a CSV file.",
    )
    dry_run = fields.Boolean(default=True, help="Show what would change, and write nothing.")
    summary = fields.Char(readonly=True)
    done = fields.Boolean(readonly=True)
    line_ids = fields.One2many("shopify.product.map.line", "map_id", readonly=True)

    def action_load(self):
        """Read the file and show what each row does; without dry run, do it."""
        self.ensure_one()
        delimiter = {"comma": ",", "semicolon": ";", "tab": "\t"}.get(self.delimiter, "")
        files = self.env["shopify.product.file"]
        try:
            headers, rows = read_table(base64.b64decode(self.file), self.filename or "", delimiter)
            plan = files._plan(self.instance_id, headers, rows)
        except Refusal as error:
            raise UserError(spoken(self.env, error.words)) from error
        if not self.dry_run:
            files._apply(self.instance_id, plan)
        counts = {key: sum(row.action == key for row in plan) for key, _label in _ACTIONS}
        labels = dict(self.env["shopify.product.map.line"]._fields["action"]._description_selection(self.env))
        self.write(
            {
                "done": not self.dry_run,
                "summary": ", ".join(f"{labels[key]}: {count}" for key, count in counts.items() if count)
                or self.env._("The file has no rows."),
                "line_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "row": row.number,
                                "name": row.cells.get("variant_name") or row.cells.get("product_name"),
                                "sku": row.cells.get("shopify_sku"),
                                "product_id": row.product.id if row.product else False,
                                "action": row.action,
                                "message": " ".join(filter(None, (row.message, row.warning))),
                                "doubtful": bool(row.warning),
                            }
                        )
                        for row in plan
                    ),
                ],
            }
        )
        return self._reopen()

    def action_do_it(self):
        """After a dry run: the same, for real."""
        self.dry_run = False
        return self.action_load()

    def _reopen(self):
        return self._get_records_action(
            name=self.env._("Map Products from File"), target="new", context={"dialog_size": "extra-large"}
        )


class ShopifyProductMapLine(models.TransientModel):
    _name = "shopify.product.map.line"
    _description = "Row of a Product File"
    _order = "row"

    map_id = fields.Many2one("shopify.product.map", required=True, ondelete="cascade")
    row = fields.Integer()
    name = fields.Char()
    sku = fields.Char(string="SKU")
    product_id = fields.Many2one("product.product", string="Odoo Variant")
    action = fields.Selection(_ACTIONS, required=True, string="What Happens")
    message = fields.Char(string="Reason")
    doubtful = fields.Boolean()
