"""What the columns of a payment provider's settlement file mean."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..mapping.settlements import PRESETS, ColumnMap, Unreadable, read

COLUMNS = ("date", "type", "order", "reference", "gross", "fee", "net", "currency", "payout")
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
DECIMAL_SIGNS = {"point": ".", "comma": ","}
MEANINGS = [
    ("CHARGE", "Payment of an order"),
    ("REFUND", "Refund of an order"),
    ("REFUND_FAILURE", "Refund that came back"),
    ("DISPUTE_WITHDRAWAL", "Dispute: money taken"),
    ("DISPUTE_REVERSAL", "Dispute: money given back"),
    ("CHARGEBACK_FEE", "Dispute: fee"),
    ("RESERVED_FUNDS", "Reserve, held or released"),
    ("STRIPE_FEE", "Fee"),
    ("ADJUSTMENT", "Adjustment"),
    ("transfer", "The payout itself"),
    ("left_out", "No money: leave out"),
]


class ShopifySettlementMap(models.Model):
    """One kind of file of one gateway of a store. A preset fills it; every field may be changed."""

    _name = "shopify.settlement.map"
    _description = "Shopify Settlement File"
    _order = "instance_id, name"
    _check_company_auto = True

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    instance_id = fields.Many2one(
        "shopify.instance",
        string="Store",
        required=True,
        ondelete="restrict",
        index=True,
        default=lambda self: self.env["shopify.instance"].search([], limit=1),
    )
    company_id = fields.Many2one(related="instance_id.company_id", store=True, index=True)
    gateway_id = fields.Many2one(
        "shopify.payment.gateway",
        required=True,
        ondelete="restrict",
        index=True,
        domain="[('instance_id', '=', instance_id)]",
        help="Payments of orders by this gateway are looked for in the file.",
    )
    journal_id = fields.Many2one(
        "account.journal",
        string="Payout Journal",
        check_company=True,
        domain="[('type', 'in', ('bank', 'cash'))]",
        help="Stands for the balance at the provider. Empty: the store's payout journal.",
    )
    preset = fields.Selection(
        [
            ("paypal", "PayPal"),
            ("stripe", "Stripe"),
            ("klarna", "Klarna"),
            ("adyen", "Adyen"),
            ("other", "Another file"),
        ],
        default="other",
        required=True,
        help="Choosing one fills everything below as the provider's file comes.",
    )
    delimiter = fields.Selection(
        [("comma", "Comma"), ("semicolon", "Semicolon"), ("tab", "Tab"), ("bar", "Vertical bar")],
        required=True,
        default="comma",
    )
    encoding = fields.Selection(
        [("utf-8", "UTF-8"), ("cp1252", "Windows, Western Europe"), ("iso-8859-1", "ISO 8859-1"), ("utf-16", "UTF-16")],
        required=True,
        default="utf-8",
    )
    date_format = fields.Char(
        required=True, default="%Y-%m-%d", help="%d day, %m month, %Y year: %d.%m.%Y reads 31.12.2026."
    )
    decimal_sign = fields.Selection(
        [("point", "Point: 1,234.56"), ("comma", "Comma: 1.234,56")], required=True, default="point"
    )
    column_date = fields.Char(string="Date", required=True, default="Date")
    column_type = fields.Char(string="Type")
    column_order = fields.Char(string="Order", help="The order's name in Shopify, with or without #.")
    column_reference = fields.Char(string="Transaction", help="What tells this row from all others.")
    column_gross = fields.Char(
        string="Gross", required=True, default="Gross", help="Columns may be put together: Credit - Debit."
    )
    column_fee = fields.Char(string="Fee", help="Columns may be put together: Commission + Markup.")
    column_net = fields.Char(string="Net", help="Empty: gross less fee. Given, each row is checked against it.")
    column_currency = fields.Char(string="Currency", help="Empty: the company's currency.")
    column_payout = fields.Char(
        string="Payout", help="Empty: everything up to the next row that is the payout itself belongs to it."
    )
    fee_negative = fields.Boolean(string="Fees Are Negative", help="Net is gross plus fee in the file.")
    type_ids = fields.One2many("shopify.settlement.type", "map_id", string="Types", copy=True)

    _name_unique = models.UniqueIndex("(instance_id, name)", "A file of this name exists already.")

    @api.onchange("preset")
    def _onchange_preset(self):
        if self.preset in PRESETS:
            self.update({**self._preset_values(self.preset), "name": self.name or self._preset_label()})

    def _preset_label(self):
        return dict(self._fields["preset"]._description_selection(self.env))[self.preset]

    @api.model
    def _preset_values(self, preset):
        """The fields of a preset, its types with them."""
        columns = PRESETS[preset]
        words = [(word, meaning) for word, meaning in columns.types.items()]
        words += [(word, "transfer") for word in sorted(columns.transfers)]
        words += [(word, "left_out") for word in sorted(columns.left_out)]
        return {
            "delimiter": next(name for name, sign in DELIMITERS.items() if sign == columns.delimiter),
            "encoding": columns.encoding,
            "date_format": columns.date_format,
            "decimal_sign": next(name for name, sign in DECIMAL_SIGNS.items() if sign == columns.decimal_sign),
            "fee_negative": columns.fee_negative,
            **{f"column_{name}": getattr(columns, name) or False for name in COLUMNS},
            "type_ids": [
                fields.Command.clear(),
                *(
                    fields.Command.create({"name": word, "meaning": meaning, "negative": word in columns.negative})
                    for word, meaning in words
                ),
            ],
        }

    @api.constrains("gateway_id", "instance_id")
    def _check_gateway(self):
        for one in self:
            if one.gateway_id.instance_id != one.instance_id:
                raise ValidationError(
                    self.env._("The gateway %s belongs to another store.", one.gateway_id.display_name)
                )

    def _columns(self):
        """The map as the reader takes it."""
        self.ensure_one()
        kinds = self.type_ids

        def words(meaning):
            return frozenset(kinds.filtered(lambda one: one.meaning == meaning).mapped("name"))

        return ColumnMap(
            delimiter=DELIMITERS[self.delimiter],
            encoding=self.encoding,
            date_format=self.date_format,
            decimal_sign=DECIMAL_SIGNS[self.decimal_sign],
            types={one.name: one.meaning for one in kinds if one.meaning not in ("transfer", "left_out")},
            transfers=words("transfer"),
            left_out=words("left_out"),
            negative=frozenset(kinds.filtered("negative").mapped("name")),
            fee_negative=self.fee_negative,
            **{name: self[f"column_{name}"] or "" for name in COLUMNS},
        )

    def _read(self, data):
        """A file as payouts.

        :raises UserError: the file as a whole does not fit, and where to mend it
        """
        self.ensure_one()
        try:
            return read(data, self._columns())
        except Unreadable as error:
            texts = {
                "encoding": self.env._("The file is not in the encoding %s. Choose another one.", error.what),
                "table": self.env._("The file has no row with these columns: %s. Choose the right delimiter, or "
                                    "correct the names of the columns.", error.what),
                "map": self.env._("Name the column of: %s.", error.what),
            }  # fmt: skip
            raise UserError(self.env._("%(map)s: %(problem)s", map=self.name, problem=texts[error.code])) from error


class ShopifySettlementType(models.Model):
    """A provider's word for a kind of row, and what it is."""

    _name = "shopify.settlement.type"
    _description = "Shopify Settlement Type"
    _order = "map_id, id"

    map_id = fields.Many2one("shopify.settlement.map", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="map_id.company_id", store=True, index=True)
    name = fields.Char(string="In the File", required=True)
    meaning = fields.Selection(MEANINGS, required=True)
    negative = fields.Boolean(
        string="Without Sign", help="The file states the amount without its sign, and it takes money away."
    )


class ShopifyPayout(models.Model):
    _inherit = "shopify.payout"

    settlement_map_id = fields.Many2one(
        "shopify.settlement.map",
        string="Settlement File",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        help="It came by a file of another gateway, not from Shopify.",
    )

    def action_get_again(self):
        """Shopify does not know payouts of other gateways."""
        for payout in self.filtered("settlement_map_id"):
            raise UserError(
                self.env._("%s came by a settlement file. Import the file again instead.", payout.display_name)
            )
        return super().action_get_again()
