"""What went wrong or was skipped, in words for a shop manager, and where to mend it."""

from odoo import api, fields, models
from odoo.exceptions import UserError

SEVERITIES = [("error", "Error"), ("warning", "Warning"), ("info", "Information")]

#: Where "Fix it" leads: model and title by fix action.
FIXES = {
    "financial_status": ("shopify.financial.status", "Map this combination"),
    "gateway": ("shopify.payment.gateway", "Map this gateway"),
    "product": ("product.product", "Give this SKU to a product"),
    "tax_mapping": ("shopify.tax.mapping", "Map this tax"),
    "settings": ("shopify.instance", "Settings of the store"),
    "workflow": ("shopify.sale.workflow", "Complete the workflow"),
    "order": ("sale.order", "The order"),
    "credit_note": ("account.move", "The credit note"),
    "customer": ("res.partner", "The contact"),
    "delivery": ("stock.picking", "The delivery"),
    "match_product": ("shopify.product.match", "Match by hand"),
    "layer": ("shopify.product", "The product in the layer"),
    "variant": ("shopify.product.variant", "The variant in the layer"),
    "location": ("shopify.location", "The location"),
    "payout": ("shopify.payout", "The payout"),
    "payout_account": ("shopify.payout.account", "Give this type an account"),
}


class ShopifyLogLine(models.Model):
    """One cause on one record. A repeat raises the counter; success resolves it."""

    _name = "shopify.log.line"
    _description = "Shopify Log Line"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "last_seen desc, id desc"
    _rec_name = "message"
    _mail_post_access = "read"

    instance_id = fields.Many2one("shopify.instance", required=True, ondelete="cascade", index=True, readonly=True)
    company_id = fields.Many2one(related="instance_id.company_id", store=True, index=True)
    process = fields.Char(string="Process Name", required=True, readonly=True, index=True, help="What was being done.")
    severity = fields.Selection(SEVERITIES, required=True, default="error", readonly=True, index=True)
    cause = fields.Char(required=True, readonly=True, index=True, help="A fixed code that groups equal failures.")
    message = fields.Text(required=True, readonly=True)
    detail = fields.Text(readonly=True, help="What was expected and what was found.")
    technical = fields.Text(readonly=True, groups="shopify_sync.group_manager")
    order_ref = fields.Char(string="Order", readonly=True, index=True)
    sku = fields.Char(string="SKU", readonly=True, index=True)
    queue_line_id = fields.Many2one("shopify.queue.line", ondelete="set null", index="btree_not_null", readonly=True)
    queue_id = fields.Many2one(related="queue_line_id.queue_id")
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)
    record_key = fields.Char(
        readonly=True, help="The record the cause is about; one unresolved row per cause and record."
    )
    fix_action = fields.Selection([(key, title) for key, (_model, title) in FIXES.items()], readonly=True)
    fix_context = fields.Json(readonly=True, help="Values the fix starts with, or the id of the record to open.")
    count = fields.Integer(string="Times Seen", default=1, readonly=True)
    resolved = fields.Boolean(index=True, tracking=True)
    last_seen = fields.Datetime(required=True, default=fields.Datetime.now, readonly=True)

    _unresolved_unique = models.UniqueIndex(
        "(instance_id, cause, record_key) WHERE resolved IS NOT TRUE", "This cause is logged for the record already."
    )

    @api.model
    def _of_order(self, sale_order, **values):
        """An entry of `_log` about an order, which is the place to mend it."""
        return {
            "order_ref": sale_order.shopify_order_name,
            "record_key": f"order:{sale_order.shopify_order_id}",
            "res_model": sale_order._name,
            "res_id": sale_order.id,
            "fix_action": "order",
            "fix_context": {"res_id": sale_order.id},
            **values,
        }

    @api.model
    def _log(self, instance, entries):
        """Write log lines, raising the counter of those that are there.

        :param entries: dicts of field values; `cause`, `message`, `process` and `record_key` are required
        """
        if not entries:
            return self.browse()
        # the log is written for whoever meets the failure
        model = self.sudo().with_context(tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True)
        unique = {(entry["cause"], entry["record_key"]): entry for entry in entries}
        known = {
            (row.cause, row.record_key): row
            for row in model.search(
                [
                    ("instance_id", "=", instance.id),
                    "|",
                    ("resolved", "=", False),
                    ("severity", "=", "info"),
                    ("record_key", "in", [key for _cause, key in unique]),
                ]
            )
        }
        now = fields.Datetime.now()
        rows, to_create = model.browse(), []
        for key, entry in unique.items():
            row = known.get(key)
            if row:
                row.write({**entry, "count": row.count + 1, "last_seen": now})
                rows += row
            else:
                # information needs nobody
                resolved = entry.get("severity") == "info"
                to_create.append({**entry, "instance_id": instance.id, "last_seen": now, "resolved": resolved})
        return rows + model.create(to_create)

    @api.model
    def _resolve(self, lines=None, records=None, causes=None):
        """The lines, or the records, have succeeded: what was logged about them is solved.

        :param causes: only these causes
        """
        domain = [("resolved", "=", False)]
        if causes is not None:
            domain.append(("cause", "in", list(causes)))
        if lines is not None:
            domain.append(("queue_line_id", "in", lines.ids))
        if records is not None:
            domain += [("res_model", "=", records._name), ("res_id", "in", records.ids)]
        # success solves the row, whoever the worker is
        solved = self.sudo().with_context(tracking_disable=True).search(domain)
        if solved:
            solved.write({"resolved": True})

    @api.model
    def _resolve_keys(self, instance, keys):
        """What was logged under these keys of a store is solved."""
        # success solves the row, whoever the worker is
        found = self.sudo().search(
            [("instance_id", "=", instance.id), ("resolved", "=", False), ("record_key", "in", list(keys))]
        )
        if found:
            found.with_context(tracking_disable=True).write({"resolved": True})

    def action_fix(self):
        """Open the place where the cause is mended, filled in."""
        self.ensure_one()
        if not self.fix_action:
            raise UserError(self.env._("There is no place to mend this; use Retry when the cause is gone."))
        model, _title = FIXES[self.fix_action]
        context = dict(self.fix_context or {})
        action = {
            "type": "ir.actions.act_window",
            "name": dict(self._fields["fix_action"]._description_selection(self.env))[self.fix_action],
            "res_model": model,
            "view_mode": "form",
            "views": [(False, "form")],
            "res_id": context.pop("res_id", False),
            "target": "new" if self.env[model]._transient else "current",
            "context": {f"default_{key}": value for key, value in context.items()},
        }
        if model == "product.product" and not action["res_id"]:
            if context.get("default_code"):
                action["name"] = self.env._("Give the SKU %s to a product", context["default_code"])
            action.update(
                views=[(False, "list"), (False, "form")],
                view_mode="list,form",
                context={"default_default_code": context.get("default_code"), "search_default_filter_to_sell": 1},
            )
        return action

    def action_retry(self):
        """Try the record again now."""
        lines = self.queue_line_id
        if not lines:
            raise UserError(self.env._("The line of this record is gone; import the record again by its id."))
        return lines.action_process()

    def action_mark_solved(self):
        self.check_access("read")
        self.sudo().resolved = True  # a user may say that it is solved, not change what is logged

    def action_view_line(self):
        self.ensure_one()
        return self.queue_line_id._get_records_action()

    def action_view_document(self):
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id)._get_records_action()
