"""What goes out: a line first, then one request, then its result; what each needs to be sent exactly once."""

import uuid
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .operations import OUT_KINDS, OUTGOING
from .shopify_queue import chosen_or_going_on

#: A worker that has taken a line and written no result for so long has died; another one goes on. Longer than the
#: longest request with its repetitions and a sign-in.
LEASE = timedelta(minutes=6)


class ShopifyQueue(models.Model):
    _inherit = "shopify.queue"

    direction = fields.Selection(
        [("in", "From Shopify"), ("out", "To Shopify")], compute="_compute_direction", store=True, index=True
    )

    @api.depends("kind")
    def _compute_direction(self):
        for queue in self:
            queue.direction = "out" if queue.kind in OUT_KINDS else "in"


class ShopifyQueueLine(models.Model):
    """A line that goes out is taken with a lease, committed, sent with no transaction open, and its result written.

    `maybe_done` is true from the moment it is taken until an answer says what Shopify did: such a line is sent again
    only with the same key, or after a read that shows it had no effect.
    """

    _inherit = "shopify.queue.line"

    is_outgoing = fields.Boolean(compute="_compute_is_outgoing")
    idempotency_key = fields.Char(readonly=True, copy=False, help="Shopify does what is sent with this key only once.")
    taken_until = fields.Datetime(
        readonly=True, copy=False, help="A worker is sending it; after this time it has died."
    )
    sent_at = fields.Datetime(string="Sent", readonly=True, copy=False, help="When it was sent last.")
    maybe_done = fields.Boolean(
        string="May Have Reached Shopify",
        readonly=True,
        copy=False,
        help="It was sent and no answer says what became of it.",
    )
    job_ref = fields.Char(string="Shopify Job", readonly=True, copy=False, help="Shopify works on it; looked at again.")
    job_since = fields.Datetime(readonly=True, copy=False)

    _jobs = models.Index("(instance_id) WHERE state = 'draft' AND job_ref IS NOT NULL")

    @api.depends("kind")
    def _compute_is_outgoing(self):
        for line in self:
            line.is_outgoing = line.kind in OUT_KINDS

    @api.model
    def _enqueue_out(self, instance, kind, record, order_id, reference, payload):
        """A line of what a person wants sent; one that Shopify refused before is renewed.

        :param record: the document it comes from
        :param order_id: Shopify's id of the order; one open line of a kind an order
        :param payload: JSON text of the request
        :raises UserError: the same is on its way already
        """
        values = {
            "payload": payload,
            "state": "draft",
            "res_model": record._name,
            "res_id": record.id,
            "reference": reference,
            "customer": record.partner_id.name,
            "total": f"{record.amount_total:.{record.currency_id.decimal_places}f} {record.currency_id.name}",
            "failure_kind": False,
            "message": False,
            "attempts": 0,
            "next_attempt_at": False,
            "idempotency_key": False,
        }
        domain = [("instance_id", "=", instance.id), ("kind", "=", kind), ("shopify_id", "=", order_id)]
        line = self.search([*domain, ("state", "in", ("draft", "failed"))])
        # raw data are a manager's to read; whoever may send it writes it
        if line:
            line._check_renewable(record)
            line.sudo().write(values)
        else:
            # whoever may ask for it makes the line; only its buttons change it
            queue = (
                self.env["shopify.queue"].sudo().create({"instance_id": instance.id, "kind": kind, "source": "manual"})
            )
            values.update(queue_id=queue.id, instance_id=instance.id, kind=kind, shopify_id=order_id)
            line = self.sudo().create(values).sudo(self.env.su)
        line.queue_id._refresh_state()
        return line

    def _check_renewable(self, record):
        """What may have reached Shopify is never replaced by something else."""
        self.ensure_one()
        if self.state == "draft":
            raise UserError(
                self.env._("%s: this is on its way to Shopify already. Wait for its result.", self.reference)
            )
        if self.maybe_done:
            raise UserError(
                self.env._(
                    "%s: the last attempt may have reached Shopify. Retry it first: it is not done twice.",
                    self.reference,
                )
            )
        if (self.res_model, self.res_id) != (record._name, record.id):
            raise UserError(
                self.env._(
                    "Another document of this order waits to be sent and failed: %s. Retry it or set it to completed "
                    "first.",
                    self.reference,
                )
            )

    @api.model
    def _check_nothing_out(self, instance, order_id, *kinds):
        """Whether nothing of an order is on its way to Shopify, nor may have reached it unseen: what it leaves to be
        refunded is not known yet.

        :param kinds: of the lines looked at; none: all that go out
        :raises UserError: what is on its way
        """
        # an accountant without a Shopify role is told, too
        lines = self.sudo().search(
            [
                ("instance_id", "=", instance.id),
                ("kind", "in", kinds or list(OUTGOING)),
                ("shopify_id", "=", order_id),
                "|",
                ("state", "=", "draft"),
                "&",
                ("state", "=", "failed"),
                ("maybe_done", "=", True),
            ],
            limit=1,
        )
        if lines:
            raise UserError(
                self.env._(
                    "%s: this is on its way to Shopify, or may have reached it. Wait for its result, or retry it, first.",
                    lines.reference,
                )
            )

    # Taking

    @api.model
    def _take(self, instance, kinds, line_ids=None, following=False):
        """Take one due line for this worker; the caller commits before it sends.

        :param following: a line whose job Shopify works on, instead of one to be sent
        :return: the line and what was so before: {"was_maybe_done": bool}
        """
        now = fields.Datetime.now()
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """SELECT id FROM shopify_queue_line
                    WHERE instance_id = %s AND kind = ANY(%s) AND state = 'draft' AND (job_ref IS NOT NULL) = %s
                      AND (next_attempt_at IS NULL OR next_attempt_at <= %s)
                      AND (taken_until IS NULL OR taken_until <= %s) %s
                 ORDER BY array_position(%s, kind::text), id
                    LIMIT 1
                      FOR NO KEY UPDATE SKIP LOCKED""",
                instance.id,
                list(kinds),
                following,
                now,
                now,
                chosen_or_going_on(line_ids),
                list(kinds),
            ),
            log_exceptions=False,  # another worker was quicker: taken anew with a fresh view
        )
        line = self.browse(row[0] for row in self.env.cr.fetchall())
        before = {"was_maybe_done": line.maybe_done}
        if line and following:
            line.taken_until = now + LEASE
        elif line:
            line.write(
                {
                    "taken_until": now + LEASE,
                    "sent_at": now,
                    "maybe_done": True,
                    "idempotency_key": line.idempotency_key or str(uuid.uuid4()),
                }
            )
        return line, before

    def _sent_notice(self):
        """What became of a line that a person has just sent, in words; closes the dialog."""
        self.ensure_one()
        texts = {
            "done": ("success", self.env._("%s: done in Shopify.", self.reference)),
            "failed": ("danger", self.message),
            "draft": (
                "warning",
                self.env._(
                    "%(what)s: not done yet, it goes on by itself. %(why)s", what=self.reference, why=self.message or ""
                ),
            ),
        }
        kind, text = texts.get(self.state, ("info", self.message))
        if self.job_ref:
            kind, text = "info", f"{self.reference}: {self.message}"
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "message": text,
                "sticky": kind == "danger",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # Buttons and outcomes that mean something else for what goes out

    def action_get_again(self):
        if any(line.is_outgoing for line in self):
            raise UserError(self.env._("This goes to Shopify; there is nothing to fetch. Use Process."))
        return super().action_get_again()

    def _reopen(self):
        """What was sent is never sent again as a repetition of the past."""
        return super(ShopifyQueueLine, self.filtered(lambda line: not line.is_outgoing))._reopen()

    def _set_cancelled(self, reason):
        now = fields.Datetime.now()
        outgoing = self.filtered("is_outgoing")
        if any(line.taken_until and line.taken_until > now for line in outgoing):
            raise UserError(self.env._("One of these is being sent right now. Look again in a minute."))
        cancelled = super()._set_cancelled(reason)
        for line in cancelled & outgoing:
            if line.kind in OUTGOING:
                self.env[OUTGOING[line.kind]]._given_up(line)
        return cancelled
