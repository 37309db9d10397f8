"""Dialog: a store's configuration as one file, out of one database and into another."""

import base64

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..mapping import config_file
from ..models.spoken import spoken

SECTION_LABELS = [
    ("settings", "Settings"),
    ("workflows", "Workflows"),
    ("gateways", "Payment gateways"),
    ("financial_statuses", "Financial status"),
    ("tax_mappings", "Tax mapping"),
    ("payout_accounts", "Payout accounts"),
    ("metafields", "Metafields"),
    ("field_owners", "Fields that Shopify owns"),
    ("order_rules", "Order rules"),
    ("locations", "Locations"),
    ("market_prices", "Price lists of markets"),
    ("webhook_topics", "Webhook topics"),
    ("schedules", "Schedules"),
]


class ShopifyConfigFile(models.TransientModel):
    _name = "shopify.config.file"
    _description = "Configuration File of a Store"

    instance_id = fields.Many2one(
        "shopify.instance", required=True, default=lambda self: self.env.context.get("active_id")
    )
    data = fields.Binary(string="File", attachment=False)
    filename = fields.Char()
    line_ids = fields.One2many("shopify.config.file.line", "wizard_id", readonly=True)
    summary = fields.Char(readonly=True)
    missing_count = fields.Integer(readonly=True)
    without_missing = fields.Boolean(
        string="Import the Rest",
        help="What cannot be set is left as it is here; everything else is imported. Off: nothing is imported before all "
        "of it can be.",
    )
    previewed = fields.Boolean(readonly=True)
    done = fields.Boolean(readonly=True)

    def action_download(self):
        """The configuration of the store as a file to keep or to move."""
        self.ensure_one()
        self.instance_id.check_access("write")
        text = config_file.dump(self.env["shopify.config.writer"]._export(self.instance_id))
        self.write(
            {
                "data": base64.b64encode(text.encode()),
                "filename": f"shopify-{self.instance_id.shop_domain.split('.')[0]}.json",
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/data?download=true&filename={self.filename}",
            "target": "download",
        }

    def action_preview(self):
        """Show what the file would set here, and what cannot be found. Nothing is written."""
        self._run(keep=False)
        self.previewed = True
        return self._reopen()

    def action_import(self):
        """Set the store up as the file says, all of it or, when asked for, all that can be found."""
        self._run(keep=False)
        if self.missing_count and not self.without_missing:
            self.previewed = True
            return self._reopen()
        self._run(keep=True)
        self.done = True
        text = self.env._("Configuration imported from %(file)s: %(summary)s", file=self.filename, summary=self.summary)
        self.instance_id.message_post(body=text)
        return self._reopen()

    def _run(self, keep):
        self.ensure_one()
        self.instance_id.check_access("write")
        if not self.data:
            raise UserError(self.env._("Choose the file first."))
        try:
            config = config_file.load(base64.b64decode(self.data).decode("utf-8"))
        except UnicodeDecodeError as error:
            raise UserError(self.env._("This is not a configuration file: it is no text.")) from error
        except config_file.ConfigFileError as error:
            raise UserError(spoken(self.env, error.words)) from error
        report = self.env["shopify.config.writer"]._import(self.instance_id, config, keep)
        effects = dict(self.env["shopify.config.file.line"]._fields["effect"]._description_selection(self.env))
        order = list(effects)
        report.sort(key=lambda row: order.index(row["effect"]))
        counts = {effect: sum(row["effect"] == effect for row in report) for effect in effects}
        self.write(
            {
                "line_ids": [Command.clear(), *(Command.create(row) for row in report)],
                "summary": ", ".join(f"{effects[effect]}: {count}" for effect, count in counts.items() if count),
                "missing_count": counts["missing"],
            }
        )

    def _reopen(self):
        return self._get_records_action(
            name=self.env._("Import Configuration"),
            target="new",
            views=[(self.env.ref("shopify_sync.shopify_config_import_view_form").id, "form")],
            context={"dialog_size": "extra-large"},
        )


class ShopifyConfigFileLine(models.TransientModel):
    _name = "shopify.config.file.line"
    _description = "Line of a Configuration File"

    wizard_id = fields.Many2one("shopify.config.file", required=True, ondelete="cascade")
    section = fields.Selection(SECTION_LABELS, string="Part", readonly=True)
    name = fields.Char(readonly=True)
    effect = fields.Selection(
        [("missing", "Cannot be set"), ("new", "New"), ("set", "Changed"), ("same", "Same already")], readonly=True
    )
    text = fields.Char(string="What", readonly=True)
