"""The way out: take a line and commit, send it with no transaction open, write the result and commit."""

import logging
import time
import traceback
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .. import shopify_api
from .operations import LANES, OUTGOING
from .outcome import Outcome
from .runner import REQUEST_SECONDS
from .shopify_connection import CopyOfDatabase
from .shopify_queue import GOES_ON
from .shopify_queue_line import PAUSES
from .spoken import spoken

_logger = logging.getLogger(__name__)

#: Shopify's jobs are looked at this often, first after a few seconds, for a day.
FOLLOW_FIRST = timedelta(seconds=15)
FOLLOW_EVERY = timedelta(minutes=5)
FOLLOW_FOR = timedelta(hours=24)
#: Lines of a store that one run of the job for all stores sends or follows, before the next store's turn.
_PER_STORE = 50
#: Errors that a person mends in the store's settings or at Shopify's.
_MENDED_IN_SETTINGS = (
    shopify_api.AccessDenied,
    shopify_api.SignInRefused,
    shopify_api.ShopUnavailable,
    shopify_api.WrongAddress,
    CopyOfDatabase,
)
_FIX_OF = {
    "sale.order": "order",
    "account.move": "credit_note",
    "stock.picking": "delivery",
    "res.partner": "customer",
    "shopify.product": "layer",
}


class ShopifyRunner(models.AbstractModel):
    _inherit = "shopify.runner"

    @api.model
    def _process_scheduled(self, instance, kinds):
        if not set(kinds) <= set(OUTGOING):
            return super()._process_scheduled(instance, kinds)
        crons = self.env["ir.cron"]
        left = crons._commit_progress(remaining=self._count_outgoing(instance))
        while left and self._send_one(instance, kinds):
            left = crons._commit_progress(1)
        crons._commit_progress(remaining=0 if left else self._count_outgoing(instance))
        self._wake_at_next_attempt(instance, kinds)
        return None

    @api.model
    def _process_now(self, instance, line_ids):
        lines = self.env["shopify.queue.line"].browse(line_ids)
        outgoing = lines.filtered("is_outgoing")
        rest = lines - outgoing
        total = {"done": 0, "failed": 0, "skipped": 0, "later": 0, "taken": 0, "elsewhere": 0, "left": 0}
        if rest:
            total = super()._process_now(instance, rest.ids)
        if outgoing:
            for state, number in self._send_now(instance, outgoing.ids).items():
                total[state] += number
        return total

    @api.model
    def _send_now(self, instance, line_ids):
        """Send chosen lines within a person's request. The caller's transaction ends here, twice: before, so that the
        line is durable and no transaction is open while Shopify is asked; after, so that he sees what came of it.

        :return: counts as `_process_now`
        """
        own = instance._for_jobs()
        self.env.cr.commit()  # pylint: disable=invalid-commit  # the line is durable before it is sent
        counts = {"done": 0, "failed": 0, "skipped": 0, "later": 0, "taken": 0, "elsewhere": 0, "left": 0}
        until = time.monotonic() + REQUEST_SECONDS
        still = self._still_wanted(own)
        for position, line_id in enumerate(line_ids):
            if time.monotonic() > until:
                counts["left"] = len(line_ids) - position
                break
            if not still([line_id]):
                continue
            state = self._send_one(own, tuple(OUTGOING), [line_id])
            state = state or self._follow_one(own, [line_id])
            counts[state or "elsewhere"] += 1
            counts["taken"] += bool(state)
        self.env.cr.commit()  # pylint: disable=invalid-commit  # a fresh view for the caller
        self.env.invalidate_all()
        return counts

    @api.model
    def _still_wanted(self, instance):
        """Of lines that a person is sending, those whose queue nobody stops meanwhile: a function of their ids."""

        def stopped(env):
            return env["shopify.queue"].search([("instance_id", "=", instance.id), ("stopped", "=", True)]).ids

        known = self._in_own_transaction(instance, stopped)

        def wanted(line_ids):
            return self._in_own_transaction(
                instance, lambda env: env["shopify.queue.line"]._without_stopped(line_ids, known)
            )

        return wanted

    @api.model
    def _send_batches(self, counts, line_ids, send):
        """The part of `_send_now` for lines that go in batches; adds to `counts`.

        :param send: sends a batch; takes the moment (monotonic) to stop at, returns the states of those sent
        :return: whether lines are left because the time of a request is over
        """
        until = time.monotonic() + REQUEST_SECONDS
        done = 0
        while done < len(line_ids) and time.monotonic() < until:
            states = send(until)
            if not states:
                break
            done += len(states)
            for state in states:
                counts[state] += 1
        out_of_time = time.monotonic() >= until
        counts["taken"] += done
        counts["left" if out_of_time else "elsewhere"] += len(line_ids) - done
        self.env.cr.commit()  # pylint: disable=invalid-commit  # a fresh view for the caller
        self.env.invalidate_all()
        return out_of_time and done < len(line_ids)

    @api.model
    def _count_outgoing(self, instance):
        return self.env["shopify.queue.line"].search_count(self._outgoing_domain([("instance_id", "=", instance.id)]))

    @api.model
    def _outgoing_domain(self, *more):
        """Lines that are due to be sent or looked at, and in nobody's hands."""
        now = fields.Datetime.now()
        free = [Domain(name, "=", False) | Domain(name, "<=", now) for name in ("next_attempt_at", "taken_until")]
        return Domain.AND(
            [Domain("kind", "in", list(OUTGOING)), Domain("state", "=", "draft"), GOES_ON, *free, *map(Domain, more)]
        )

    @api.model
    def _cron_outgoing(self):
        """For all stores: look at Shopify's jobs, and send what waits, also where the store's schedule is off."""
        lines = self.env["shopify.queue.line"].search(self._outgoing_domain())
        stores = [store._for_jobs() for store in lines.instance_id if store.active and store.state == "connected"]
        crons = self.env["ir.cron"]
        crons._commit_progress(remaining=len(lines))
        for store in stores:
            for step in (self._send_one, self._follow_one):
                for _turn in range(_PER_STORE):
                    if not step(store):
                        break
                    if not crons._commit_progress(1):
                        return

    # One line

    @api.model
    def _in_own_transaction(self, instance, work):
        return self.env["shopify.run.starter"]._in_own_transaction(instance, work)

    @api.model
    def _send_one(self, instance, kinds=LANES["out"], line_ids=None):
        """Take the next due line and send it.

        :param instance: the store as its jobs see it
        :return: its state afterwards (done, failed, later), None when there is nothing to send
        """

        def take(env):
            line, before = env["shopify.queue.line"]._take(instance, kinds, line_ids)
            return line and {**before, **self._job(env, line)}

        job = self._in_own_transaction(instance, take)
        if not job:
            return None
        return self._run_job(instance, job, lambda handler: handler._send(instance, job), "_judge_sending")

    @api.model
    def _follow_one(self, instance, line_ids=None):
        """Look at the job of the next line that Shopify works on; return as `_send_one`."""

        def take(env):
            line, before = env["shopify.queue.line"]._take(instance, tuple(OUTGOING), line_ids, following=True)
            return line and {**before, **self._job(env, line)}

        job = self._in_own_transaction(instance, take)
        if not job:
            return None
        return self._run_job(instance, job, lambda handler: handler._follow(instance, job), "_judge_following")

    @api.model
    def _job(self, env, line):
        """A line as plain values, so that nothing is open while Shopify is asked."""
        return {
            "line_id": line.id,
            "kind": line.kind,
            "shopify_id": line.shopify_id,
            "key": line.idempotency_key,
            "job_ref": line.job_ref,
            # raw data are hidden from users; the job sends them for whoever asked for it
            **env[OUTGOING[line.kind]]._prepare(line.sudo()),
        }

    @api.model
    def _run_job(self, instance, job, ask, judge):
        """Ask Shopify with no transaction open, then write what came of it."""
        result = error = None
        try:
            result = ask(self.env[OUTGOING[job["kind"]]])
        except shopify_api.ShopifyError as raised:
            error = raised
        try:
            state, queue_id = self._in_own_transaction(
                instance, lambda env: env[self._name]._write_result(job, result, error, judge)
            )
        except (UserError, ValueError, TypeError, KeyError, AttributeError) as problem:
            # Shopify has done it and Odoo cannot write it: the key stays, so that a retry asks for the same result
            _logger.exception("Result of Shopify line %s cannot be written", job["line_id"])
            failure = Outcome.failure("data", "error", str(problem), technical=traceback.format_exc())
            state, queue_id = self._in_own_transaction(
                instance, lambda env: env[self._name]._write_outcome(job, failure, maybe_done=True)
            )
        self._refresh_queues(instance, [queue_id])
        if error:
            instance._note_problem(error)
        return state

    @api.model
    def _line(self, job):
        return self.env["shopify.queue.line"].browse(job["line_id"])

    @api.model
    def _write_result(self, job, result, error, judge):
        """Write what Shopify answered; (state, queue id)."""
        line = self._line(job)
        if error:
            if line.state != "draft":  # its effect came back by another way meanwhile
                line.taken_until = False
                return line.state, line.queue_id.id
            return getattr(self, judge)(job, error)
        outcome = self.env[OUTGOING[line.kind]]._finish(line, result)
        if outcome is None:
            return self._look_again(job)
        if line.state == "done":
            line.write({"taken_until": False, "maybe_done": False})
            return "done", line.queue_id.id
        return self._write_outcome(job, outcome)

    @api.model
    def _write_outcome(self, job, outcome, maybe_done=False):
        """Write how a line ended.

        :param maybe_done: it may still have had its effect in Shopify: its key is kept
        """
        line = self._line(job)
        values = {"taken_until": False, "maybe_done": maybe_done, "job_ref": False, "job_since": False}
        if outcome.state == "failed" and not maybe_done:
            values["idempotency_key"] = False  # what failed for certain needs a new key
        line.write(values)
        outcome.record = outcome.record or self.env[line.res_model].browse(line.res_id)
        self._write_outcomes(line.instance_id, line, {line.id: outcome})
        if line.state == "failed":
            self.env[OUTGOING[line.kind]]._failed(line, outcome.message)
        return outcome.state, line.queue_id.id

    @api.model
    def _judge_sending(self, job, error):
        """What an error of sending means: again later with the same key, or a person must mend it."""
        maybe = job["was_maybe_done"] or error.may_have_been_done
        line = self._line(job)
        if error.heals or error.may_have_been_done:
            if not error.retry_after and line.attempts >= len(PAUSES):
                return self._write_outcome(job, self._failure(line, error, "heals"), maybe_done=maybe)
            line.write({"taken_until": False, "maybe_done": maybe})
            line._set_later(spoken(self.env, error.words), error.retry_after and error.retry_after + 1)
            self._wake_at(line, line.next_attempt_at)
            if not isinstance(error, shopify_api.Throttled):
                self._log_attempt(line, error)
            return "later", line.queue_id.id
        kind = "configuration" if isinstance(error, _MENDED_IN_SETTINGS) else "refused"
        return self._write_outcome(job, self._failure(line, error, kind), maybe_done=maybe)

    @api.model
    def _judge_following(self, job, error):
        """A look that failed is taken again; Shopify goes on meanwhile."""
        self._line(job).message = spoken(self.env, error.words)
        return self._look_again(job)

    @api.model
    def _failure(self, line, error, kind):
        fix, record = _FIX_OF[line.res_model], line.res_id
        if kind == "configuration":
            fix, record = "settings", line.instance_id.id
        return Outcome.failure(
            kind,
            type(error).__name__,
            self.env._("%(what)s: %(reason)s", what=line.reference, reason=spoken(self.env, error.words)),
            technical=f"Request {error.request_id}" if error.request_id else "",
            fix_action=fix,
            fix_context={"res_id": record},
        )

    @api.model
    def _log_attempt(self, line, error):
        """A warning of an attempt that is repeated by itself; solved when the line succeeds."""
        outcome = self._failure(line, error, "heals")
        outcome.record = self.env[line.res_model].browse(line.res_id)
        entry = {**outcome.entries()[0], "severity": "warning"}
        self.env["shopify.log.line"]._log(line.instance_id, [self._prepare_log(line, outcome, entry)])

    @api.model
    def _look_again(self, job):
        """Shopify is not done yet: look again in five minutes, for a day."""
        line = self._line(job)
        now = fields.Datetime.now()
        if now - line.job_since > FOLLOW_FOR:
            outcome = Outcome.failure(
                "refused",
                "job_endless",
                self.env._(
                    "%s: Shopify has not ended its work within 24 hours. Look at the order in Shopify.", line.reference
                ),
                fix_action=_FIX_OF[line.res_model],
                fix_context={"res_id": line.res_id},
            )
            return self._write_outcome(job, outcome)
        moment = now + (FOLLOW_EVERY if job["job_ref"] else FOLLOW_FIRST)
        line.write({"taken_until": False, "maybe_done": False, "next_attempt_at": moment})
        self._wake_at(line, moment)
        return "later", line.queue_id.id

    @api.model
    def _wake_at(self, line, moment):
        line.instance_id._trigger(["process_out"], moment)
        # the wake-up is the addon's, whoever sends
        self.env.ref("shopify_sync.cron_outgoing").sudo()._trigger(moment)
