"""Dialog: run stored lines, or a whole day, again and see before and after."""

from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.operations import LANES
from ..models.shopify_queue import LINE_STATES


class ShopifyReplay(models.TransientModel):
    """Stored lines are processed anew with their stored data. What is right already does not change."""

    _name = "shopify.replay"
    _description = "Run Again"

    instance_id = fields.Many2one(
        "shopify.instance", default=lambda self: self.env["shopify.instance"].search([], limit=1)
    )
    day = fields.Date(
        default=fields.Date.context_today, help="Lines stored on this day, in your time zone, the newest of each order."
    )
    by_lines = fields.Boolean(default=lambda self: self.env.context.get("active_model") == "shopify.queue.line")
    line_count = fields.Integer(compute="_compute_line_count", string="Lines to Run")
    result_ids = fields.One2many("shopify.replay.line", "replay_id", readonly=True)
    summary = fields.Char(readonly=True)

    def _lines(self):
        """The newest stored line of each order that can be run again."""
        lines = self.env["shopify.queue.line"]
        if self.by_lines:
            lines = lines.browse(self.env.context.get("active_ids", [])).exists().sorted("id")
            lines = lines.filtered(lambda line: line.kind in LANES["orders"])
        elif self.instance_id and self.day:
            start = datetime.combine(self.day, time.min)
            offset = fields.Datetime.context_timestamp(self, start).utcoffset()
            since = start - offset
            lines = lines.search(
                [
                    ("instance_id", "=", self.instance_id.id),
                    ("create_date", ">=", since),
                    ("create_date", "<", since + timedelta(days=1)),
                    ("kind", "in", LANES["orders"]),
                    ("state", "!=", "cancelled"),  # a person decided so, or the data were erased
                ],
                order="id",
            )
        newest = {(line.instance_id.id, line.shopify_id): line.id for line in lines}
        return lines.filtered(lambda line: newest[line.instance_id.id, line.shopify_id] == line.id)

    @api.depends("instance_id", "day", "by_lines")
    @api.depends_context("active_ids")
    def _compute_line_count(self):
        for wizard in self:
            wizard.line_count = len(wizard._lines())

    def action_run(self):
        """Process the lines again; the table shows every order before and after."""
        self.ensure_one()
        lines = self._lines()
        if not lines:
            raise UserError(self.env._("There is no stored line to run again."))
        before = self._snapshots(lines)
        lines._reopen()
        self.env.cr.commit()  # pylint: disable=invalid-commit  # the runner works in transactions of its own
        for instance, of_store in lines.grouped("instance_id").items():
            self.env["shopify.runner"]._process_now(instance, of_store.ids)
        self.env.cr.commit()  # pylint: disable=invalid-commit  # sees what the runner has done
        self.env.invalidate_all()
        after = self._snapshots(lines)
        changed = [ident for ident in after if before.get(ident) != after[ident]]
        self.write(
            {
                "result_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "line_id": line.id,
                                "order_ref": line.reference,
                                "before": self._shown(before, line, changed),
                                "after": self._shown(after, line, changed),
                                "changed": line.id in changed,
                                "state": line.state,
                                "reason": line.message,
                            }
                        )
                        for line in lines
                    ),
                ],
                "summary": self.env._(
                    "%(lines)s lines run again, %(changed)s orders changed, %(failed)s failed.",
                    lines=len(lines),
                    changed=len(changed),
                    failed=len(lines.filtered(lambda line: line.state == "failed")),
                ),
            }
        )
        return self.with_context(dialog_size="extra-large")._get_records_action(
            name=self.env._("Run Again"), target="new"
        )

    @api.model
    def _shown(self, snapshots, line, changed):
        """The whole state of an order that changed, one line of the others."""
        text = snapshots.get(line.id) or ""
        return text if line.id in changed else text.partition("\n")[0]

    @api.model
    def _snapshots(self, lines):
        """{line id: the order and its documents in words}."""
        orders = {
            (order.shopify_instance_id.id, order.shopify_order_id): order
            for order in self.env["sale.order"].search(
                [
                    ("shopify_instance_id", "in", lines.instance_id.ids),
                    ("shopify_order_id", "in", lines.mapped("shopify_id")),
                ]
            )
        }
        return {line.id: self._snapshot(orders.get((line.instance_id.id, line.shopify_id))) for line in lines}

    @api.model
    def _snapshot(self, order):
        if not order:
            return self.env._("not in Odoo")
        moves = order.invoice_ids.sorted("id")

        def state(record):
            return dict(record._fields["state"]._description_selection(self.env))[record.state]

        def money(record, amount):
            return record.currency_id.format(amount)

        payments = order.shopify_payment_ids.payment_id.sorted("id")
        parts = [
            f"{order.name}: {state(order)}, {money(order, order.amount_total)}",
            *(
                f"{line.product_uom_qty:g} x {line.name.partition(chr(10))[0]}: {money(order, line.price_total)}"
                for line in order.order_line
                if line.product_uom_qty
            ),
            *(f"{move.name} {state(move)} {money(move, move.amount_total_in_currency_signed)}" for move in moves),
            *(f"{payment.name} {state(payment)} {money(payment, payment.amount_signed)}" for payment in payments),
            *(f"{picking.name} {state(picking)}" for picking in order.picking_ids.sorted("id")),
        ]
        return "\n".join(parts)


class ShopifyReplayLine(models.TransientModel):
    _name = "shopify.replay.line"
    _description = "Run Again Result"
    _order = "changed desc, id"

    replay_id = fields.Many2one("shopify.replay", required=True, ondelete="cascade")
    line_id = fields.Many2one("shopify.queue.line", string="Queue Line", ondelete="cascade")
    order_ref = fields.Char(string="Order")
    before = fields.Text()
    after = fields.Text()
    changed = fields.Boolean()
    state = fields.Selection(LINE_STATES)
    reason = fields.Char()
