"""One record fetched from Shopify, with its raw data, until it has ended."""

from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .operations import KINDS
from .raw_json import masked, pretty
from .shopify_queue import LINE_STATES, chosen_or_going_on

#: Pauses before the automatic attempts after a failure that can heal; after the last one a person is needed.
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
)
#: What each kind of record is called in Shopify's admin.
ADMIN_KIND = {
    "order_unshipped": "Order",
    "order_shipped": "Order",
    "order_cancel": "Order",
    "refund": "Order",
    "customer": "Customer",
    "customer_export": "Customer",
    "fulfilment": "Order",
    "product_export": "Product",
    "product": "Product",
}


class ShopifyQueueLine(models.Model):
    """A record of Shopify waiting to be brought into Odoo.

    At most one open line per store, kind and Shopify id: a repeat replaces the stored data of the open one.
    """

    _name = "shopify.queue.line"
    _description = "Shopify Queue Line"
    _order = "id desc"
    _rec_name = "reference"

    queue_id = fields.Many2one("shopify.queue", required=True, ondelete="cascade", index=True)
    instance_id = fields.Many2one("shopify.instance", required=True, ondelete="restrict", index=True)
    company_id = fields.Many2one(related="instance_id.company_id", store=True, precompute=True, index=True)
    kind = fields.Selection(
        selection=lambda self: [(key, self.env._(label)) for key, (label, _seq) in KINDS.items()], required=True
    )
    shopify_id = fields.Char(string="Shopify Id", required=True, index=True)
    reference = fields.Char(index=True, help="What people call the record, for example the order name.")
    customer = fields.Char()
    email = fields.Char()
    total = fields.Char(string="Stated Total", help="Total as Shopify states it, with its currency.")
    order_status = fields.Char(string="Shipping Status")
    payload = fields.Text(string="Raw Data", prefetch=False, groups="shopify_sync.group_manager")
    payload_pretty = fields.Text(
        string="Raw Data, Indented", compute="_compute_payload_pretty", groups="shopify_sync.group_manager"
    )
    payload_masked = fields.Text(
        string="Raw Data without Personal Data", compute="_compute_payload_masked", compute_sudo=True
    )
    payload_updated_at = fields.Datetime(string="Last Change in Shopify")
    state = fields.Selection(LINE_STATES, required=True, default="draft", index=True)
    failure_kind = fields.Selection(
        [
            ("heals", "Can heal by itself"),
            ("configuration", "Needs configuration"),
            ("data", "Data"),
            ("refused", "Refused"),
        ]
    )
    wait_key = fields.Char(help="What the line waits for, one key a line of text, for example gateway:paypal.")
    attempts = fields.Integer()
    next_attempt_at = fields.Datetime(index="btree_not_null")
    message = fields.Text(string="Reason")
    res_model = fields.Char()
    res_id = fields.Many2oneReference(model_field="res_model", string="Document", index="btree_not_null")
    done_at = fields.Datetime()
    log_line_ids = fields.One2many("shopify.log.line", "queue_line_id")

    _open_unique = models.UniqueIndex(
        "(instance_id, kind, shopify_id) WHERE state IN ('draft', 'failed')",
        "This record waits in a queue already.",
    )
    _due = models.Index("(instance_id, kind, id) WHERE state = 'draft'")
    _waiting = models.Index("(instance_id) WHERE state = 'failed' AND wait_key IS NOT NULL")

    def _compute_payload_pretty(self):
        for line in self:
            line.payload_pretty = pretty(line.payload or "{}")

    def _compute_payload_masked(self):
        """What everyone with a Shopify role may read of the raw data."""
        for line in self:
            line.payload_masked = masked(line.payload)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_waiting(self):
        if any(line.state in ("draft", "failed") for line in self):
            raise UserError(self.env._("A draft or failed line cannot be deleted. Set it to completed first."))

    # Claiming

    @api.model
    def _claim(self, instance, kinds, limit, line_ids=None):
        """Lock up to `limit` due lines and return them; lines of other workers are passed over.

        The locks last until the transaction ends: a worker that dies gives its lines back.
        """
        self.env.cr.execute(
            SQL(
                """SELECT id FROM shopify_queue_line
                    WHERE instance_id = %s AND kind = ANY(%s) AND state = 'draft'
                      AND (next_attempt_at IS NULL OR next_attempt_at <= %s) %s
                 ORDER BY id
                    LIMIT %s
                      FOR NO KEY UPDATE SKIP LOCKED""",
                instance.id,
                list(kinds),
                fields.Datetime.now(),
                chosen_or_going_on(line_ids),
                limit,
            )
        )
        lines = self.browse(row[0] for row in self.env.cr.fetchall())
        lines.queue_id._mark_busy()
        return lines

    @api.model
    def _count_due(self, instance, kinds):
        """How many lines wait to be processed now."""
        return self.search_count(
            [
                ("instance_id", "=", instance.id),
                ("kind", "in", list(kinds)),
                ("state", "=", "draft"),
                ("queue_id.stopped", "=", False),
                "|",
                ("next_attempt_at", "=", False),
                ("next_attempt_at", "<=", fields.Datetime.now()),
            ]
        )

    # Outcomes, written by the runner outside any savepoint

    def _set_done(self, records=None, message=False):
        """The records have ended well.

        :param records: {line id: record} of the documents made or found
        """
        now = fields.Datetime.now()
        vals = {
            "state": "done",
            "done_at": now,
            "message": message,
            "failure_kind": False,
            "wait_key": False,
            "next_attempt_at": False,
        }
        self.write(vals)
        for line in self if records else ():
            record = records.get(line.id)
            if record and (line.res_model, line.res_id) != (record._name, record.id):
                line.write({"res_model": record._name, "res_id": record.id})
        self.env["shopify.log.line"]._resolve(self)

    def _set_skipped(self, message):
        self.write({"state": "skipped", "done_at": fields.Datetime.now(), "message": message, "next_attempt_at": False})

    def _set_failed(self, kind, message, wait_keys=()):
        """A person must mend something; the line is tried again when the thing it waits for changes."""
        self.write(
            {
                "state": "failed",
                "failure_kind": kind,
                "message": message,
                "wait_key": "\n".join(wait_keys) or False,
                "next_attempt_at": False,
                "attempts": self[:1].attempts + 1,
            }
        )

    def _set_later(self, message, seconds=None):
        """A failure that can heal: try again after a pause; after the last pause a person is needed.

        :param seconds: how long the other side asked us to wait; such a wait is no attempt
        """
        now = fields.Datetime.now()
        for line in self:
            if seconds is None and line.attempts >= len(PAUSES):
                line._set_failed("heals", message)
                continue
            pause = PAUSES[line.attempts] if seconds is None else timedelta(seconds=seconds)
            line.write(
                {
                    "failure_kind": "heals",
                    "message": message,
                    "attempts": line.attempts + (seconds is None),
                    "next_attempt_at": now + pause,
                }
            )

    def _set_draft(self):
        """Open lines are due at once, as if never tried; done, skipped and cancelled ones stay what they are."""
        self.check_access("read")
        # a user may process lines, not edit them: nothing but their turn changes here
        waiting = self.sudo().filtered(lambda line: line.state in ("draft", "failed"))
        waiting.write({"state": "draft", "attempts": 0, "next_attempt_at": False, "wait_key": False})
        self.queue_id._refresh_state()

    def _reopen(self):
        """Process ended lines again with their stored data; one whose record waits in another line is left out."""
        waiting = self.search(
            [
                ("instance_id", "in", self.instance_id.ids),
                ("shopify_id", "in", self.mapped("shopify_id")),
                ("state", "in", ("draft", "failed")),
            ]
        )
        taken = {(line.instance_id, line.kind, line.shopify_id) for line in waiting - self}
        free = self.filtered(lambda line: (line.instance_id, line.kind, line.shopify_id) not in taken)
        # a user may run lines again, not edit them
        free.sudo().write(
            {"state": "draft", "attempts": 0, "next_attempt_at": False, "wait_key": False, "done_at": False}
        )
        free.queue_id._refresh_state()
        return free

    @api.model
    def _wake(self, keys, instance=None):
        """Try again every failed line that waits for one of these keys.

        :param keys: what has changed, for example ["sku:A-1"]
        :return: how many lines are tried again
        """
        keys = list(keys)
        if not keys:
            return 0
        self.env.flush_all()
        store = SQL("AND instance_id = %s", instance.id) if instance else SQL()
        self.env.cr.execute(
            SQL(
                """UPDATE shopify_queue_line
                      SET state = 'draft', attempts = 0, next_attempt_at = NULL, wait_key = NULL
                    WHERE state = 'failed' AND wait_key IS NOT NULL
                      AND string_to_array(wait_key, E'\n') && %s::text[] %s
                RETURNING id""",
                keys,
                store,
            )
        )
        woken = self.browse(row[0] for row in self.env.cr.fetchall())
        if woken:
            woken.invalidate_recordset()
            # whoever mends the cause wakes the lines, also without rights on queues
            woken = woken.sudo()
            woken.queue_id._refresh_state()
            for store in woken.instance_id:
                store._trigger_processing()
        return len(woken)

    @api.model
    def _wake_and_tell(self, keys, instance):
        """Try again what waited for these keys, and tell the user how many records that are."""
        count = self._wake(keys, instance)
        if count:
            self.env.user._bus_send(
                "simple_notification",
                {
                    "type": "success",
                    "message": self.env._("Records that waited for this and are tried again: %s", count),
                },
            )
        return count

    # Buttons

    def _process_by_hand(self):
        """Process these lines now, as far as one request may take; the rest goes on in the background."""
        if not self:
            raise UserError(self.env._("No line is waiting to be processed."))
        archived = self.instance_id.filtered(lambda store: not store.active)
        if archived:
            raise UserError(self.env._("%s is archived: what waits is paused until it is activated.", archived[0].name))
        done = defaultdict(int)
        for instance, lines in self.grouped("instance_id").items():
            result = self.env["shopify.runner"]._process_now(instance, lines.ids)
            for key, value in result.items():
                done[key] += value
        self.env.invalidate_all()
        now = fields.Datetime.now()
        # what is paused goes on by itself; the runner counts it as tried, or as in other hands when it was not due
        waiting = self.filtered(lambda line: line.state == "draft" and (line.next_attempt_at or now) > now)
        done["left"] += max(0, done["later"] - len(waiting))
        elsewhere = max(0, done["elsewhere"] - max(0, len(waiting) - done["later"]))
        parts = [
            (done["done"], self.env._("%s done", done["done"])),
            (done["failed"], self.env._("%s failed", done["failed"])),
            (done["skipped"], self.env._("%s skipped", done["skipped"])),
            (elsewhere, self.env._("%s being processed elsewhere", elsewhere)),
            (done["left"], self.env._("%s go on in the background", done["left"])),
            (len(waiting), waiting._waiting_text()),
        ]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if done["failed"] or waiting else "success",
                "message": ", ".join(text for count, text in parts if count) or self.env._("Nothing to do."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _waiting_text(self):
        """How many paused lines go on by themselves, and what the first one waits for."""
        reason = next((line.message for line in self if line.message), "")
        text = self.env._("%s not done yet, it goes on by itself", len(self))
        return f"{text}: {reason}" if reason else text

    def action_process(self):
        """Process with the stored data; a failed line is tried anew, one that waits for its time is tried now."""
        self.filtered(lambda line: line.state == "failed" or line.next_attempt_at)._set_draft()
        return self.filtered(lambda line: line.state == "draft")._process_by_hand()

    def action_get_again(self):
        """Fetch the current data from Shopify, replace the stored data and process."""
        for instance, lines in self.grouped("instance_id").items():
            self.env["shopify.runner"]._get_again(instance, lines)
        return self.action_process()

    def action_set_to_completed(self):
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_complete_action"),
            "context": {"active_model": self._name, "active_ids": self.ids},
        }

    def action_open_document(self):
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id)._get_records_action()

    def action_open_shopify(self):
        self.ensure_one()
        # the line of a delivery is named by its order and itself: 123/45
        return self.instance_id._open_in_shopify(ADMIN_KIND[self.kind], self.shopify_id.partition("/")[0])

    def _set_cancelled(self, reason):
        """Draft and failed lines become cancelled, with user and reason; done lines are never touched."""
        self.check_access("read")
        # a user may complete lines, not edit them; the reason and his name stay with them
        open_lines = self.sudo().filtered(lambda line: line.state in ("draft", "failed"))
        text = self.env._("Set to completed by %(user)s: %(reason)s", user=self.env.user.name, reason=reason)
        open_lines.write(
            {"state": "cancelled", "message": text, "done_at": fields.Datetime.now(), "next_attempt_at": False}
        )
        self.env["shopify.log.line"]._resolve(open_lines)
        for queue, lines in open_lines.grouped("queue_id").items():
            queue.message_post(body=self.env._("%(count)s lines. %(text)s", count=len(lines), text=text))
        open_lines.queue_id._refresh_state()
        return open_lines
