"""Processing of queue lines in batches: claim, work, outcome, commit.

Each batch is one transaction of its own. Its lines stay locked until the commit, so two workers never take the same
line and a worker that dies gives its lines back with nothing half done. The payload was stored before: no request is
made in here.
"""

import logging
import time
import traceback

from odoo import api, models
from odoo.exceptions import RedirectWarning, UserError
from psycopg2 import errors as pg_errors

from .. import shopify_api
from ..mapping.reading import legacy_id
from .operations import LANES, OPERATIONS
from .outcome import Outcome
from .spoken import spoken

_logger = logging.getLogger(__name__)

#: One request of a person processes at most this long; the rest goes on in the background (seconds).
REQUEST_SECONDS = 40
#: Transactions of two workers met; the batch is taken anew with a fresh view of the database.
CONCURRENCY = (
    pg_errors.SerializationFailure,
    pg_errors.LockNotAvailable,
    pg_errors.DeadlockDetected,
    pg_errors.UniqueViolation,
    pg_errors.ExclusionViolation,
)
#: What one bad record may raise, also through constraints of other modules: it fails alone, the others go on.
BAD_RECORD = (
    UserError,  # and ValidationError, AccessError
    RedirectWarning,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    pg_errors.IntegrityError,
    pg_errors.DataError,
)
_TRIES = 4


class ShopifyRunner(models.AbstractModel):
    """Runs the handlers over queue lines. The only place, beside fetching, that commits."""

    _name = "shopify.runner"
    _description = "Shopify Queue Runner"

    @api.model
    def _process_scheduled(self, instance, kinds):
        """Process a lane until nothing is due or the cron's time is over."""
        lines = self.env["shopify.queue.line"]
        crons = self.env["ir.cron"]
        left = crons._commit_progress(remaining=lines._count_due(instance, kinds))
        while left:
            counts = self._process_batch(instance, kinds)
            if not counts["taken"]:
                break  # nothing is due, or what is due is in other workers' hands
            left = crons._commit_progress(counts["taken"])
        # commits first, so that the count sees what other workers have done
        crons._commit_progress()
        crons._commit_progress(remaining=lines._count_due(instance, kinds) if not left else 0)
        self._wake_at_next_attempt(instance, kinds)

    @api.model
    def _process_now(self, instance, line_ids):
        """Process chosen lines within a person's request.

        The caller's transaction ends here, twice: before, so that the batches see what he changed and no lock of his
        stands in their way; after, so that he sees what they did.

        :return: counts by outcome, with `elsewhere` (other workers have them) and `left` (the background goes on)
        """
        instance = instance._for_jobs()
        stopped = self.env["shopify.queue"].search([("stopped", "=", True)]).ids
        self.env.cr.commit()  # pylint: disable=invalid-commit  # the batches are transactions of their own
        kinds = {kind for lane in LANES.values() for kind in lane}
        until = time.monotonic() + REQUEST_SECONDS
        total = {"done": 0, "failed": 0, "skipped": 0, "later": 0, "taken": 0}
        pending, given = list(line_ids), set()
        while pending and time.monotonic() < until:
            counts = self._process_batch(instance, kinds, pending)
            if not counts["taken"]:
                break
            for key, value in counts.items():
                if key in total:
                    total[key] += value
            # lines whose products have just been read go on at once, one time
            again = [line_id for line_id in counts.get("provided", ()) if line_id not in given]
            given.update(again)
            total["later"] -= len(again)
            pending = [line_id for line_id in pending if line_id not in counts["ids"]] + again
            if pending:
                self.env.cr.commit()  # pylint: disable=invalid-commit  # sees whether somebody stopped the queue
                pending = self.env["shopify.queue.line"]._without_stopped(pending, stopped)
                self.env.cr.commit()  # pylint: disable=invalid-commit  # nothing is held while the next batch runs
        out_of_time = bool(pending) and time.monotonic() >= until
        if out_of_time:
            instance._trigger_processing()
        self.env.cr.commit()  # pylint: disable=invalid-commit  # a fresh view for the caller
        return {**total, "elsewhere": 0 if out_of_time else len(pending), "left": len(pending) if out_of_time else 0}

    @api.model
    def _process_batch(self, instance, kinds, line_ids=None):
        """Claim and process one batch in a transaction of its own.

        :return: counts by outcome, `taken` lines and their `ids`
        """
        met = None
        for attempt in range(_TRIES):
            last = attempt == _TRIES - 1
            try:
                with self.env.registry.cursor() as cr:
                    runner = self.with_env(instance.env(cr=cr))
                    quick = runner.env["account.analytic.distribution.model"]._import_context()
                    runner = runner.with_context(**quick)
                    own = instance.with_env(runner.env)
                    if not own.active:
                        return {"taken": 0, "ids": set()}  # archived meanwhile: what waits is paused
                    # under contention a single line gets through; a record that breaks an index is halved out below
                    alone = last and not isinstance(met, pg_errors.IntegrityError)
                    batch_size = 1 if alone else min(own._records_per_queue(kind) for kind in kinds)
                    lines = runner.env["shopify.queue.line"]._claim(own, kinds, batch_size, line_ids)
                    lines = lines._within_one_batch(lines)
                    if not lines:
                        return {"taken": 0, "ids": set()}
                    queue_ids = lines.queue_id.ids
                    counts = runner.with_context(shopify_last_try=last)._process_claimed(own, lines)
                    counts["ids"] = set(lines.ids)
                self._refresh_queues(instance, queue_ids)
                counts["provided"] = self._provide(instance, counts.pop("needs"))
                return counts
            except CONCURRENCY as error:
                met = error
                _logger.info("Shopify batch of %s meets another worker (%s), taken anew", instance.id, error)
                time.sleep(0.05 * (attempt + 1))
        return {"taken": 0, "ids": set()}

    @api.model
    def _provide(self, instance, needs):
        """Read products that lines wait for and make them, with no transaction open while Shopify is asked; then the
        lines are due at once.

        :param needs: {line id: Shopify product ids}
        :return: ids of lines that can go on
        """
        if not needs:
            return []
        maker = self.env["shopify.product.maker"]
        product_ids = list(dict.fromkeys(ident for ids in needs.values() for ident in ids))
        try:
            records = maker._fetch(instance, product_ids)
        except shopify_api.ShopifyError as error:
            _logger.info("Shopify products of %s are read later: %s", instance.id, error)
            return []  # the lines are tried again after their pause
        found = {legacy_id(record["id"]) for record in records}
        try:
            with self.env.registry.cursor() as cr:
                own = instance.with_env(instance.env(cr=cr))
                maker.with_env(own.env)._make(own, records)
                ready = [line_id for line_id, ids in needs.items() if found.issuperset(ids)]
                own.env["shopify.queue.line"].browse(ready).write({"next_attempt_at": False})
        except (UserError, ValueError, KeyError, TypeError) as error:
            reason = self.env._("A product of this order could not be created: %s", self._words_of(error))
            self._fail_needing(instance, list(needs), "product_not_created", reason)
            return []
        gone = [line_id for line_id in needs if line_id not in ready]
        reason = self.env._("A product of this order is not in Shopify any more; give its SKU to a product of Odoo.")
        self._fail_needing(instance, gone, "product_gone", reason)
        return ready

    @api.model
    def _fail_needing(self, instance, line_ids, cause, reason):
        """Lines whose products cannot be had fail with the reason, in a transaction of their own."""
        if not line_ids:
            return
        with self.env.registry.cursor() as cr:
            own = instance.with_env(instance.env(cr=cr))
            runner = self.with_env(own.env)
            lines = own.env["shopify.queue.line"].browse(line_ids).filtered(lambda line: line.state == "draft")
            outcomes = {
                line.id: Outcome.failure(
                    "data", cause, reason, wait_keys=(f"setting:{own.id}",), fix_action="product", fix_context={}
                )
                for line in lines
            }
            runner._write_outcomes(own, lines, outcomes)
            queue_ids = lines.queue_id.ids
        self._refresh_queues(instance, queue_ids)

    @api.model
    def _refresh_queues(self, instance, queue_ids):
        """Write the queues' states in a transaction of their own, so that workers do not wait for each other."""
        for _attempt in range(_TRIES):
            try:
                with self.env.registry.cursor() as cr:
                    env = instance.env(cr=cr)
                    env["shopify.queue"].browse(queue_ids)._refresh_state()
                    env["shopify.instance"]._board_changed()
                return
            except CONCURRENCY:
                continue  # the other worker's refresh, or the next one, writes the same

    @api.model
    def _process_claimed(self, instance, lines):
        """Hand claimed lines to their handlers and write every outcome."""
        counts = {"done": 0, "failed": 0, "skipped": 0, "later": 0, "taken": len(lines), "needs": {}}
        for kind, of_kind in lines.grouped("kind").items():
            handler = self.env[self._handler_of(kind)]
            outcomes = self._halving(handler, instance, of_kind)
            counts["needs"].update({key: one.needs for key, one in outcomes.items() if one.needs})
            for state, number in self._write_outcomes(instance, of_kind, outcomes).items():
                counts[state] += number
        return counts

    @api.model
    def _handler_of(self, kind):
        """The model that processes a kind of line."""
        return next(operation.handler for operation in OPERATIONS.values() if operation.kind == kind)

    @api.model
    def _halving(self, handler, instance, lines):
        """Process lines as one batch; when it fails, halve it until the bad line stands alone.

        :return: {line id: Outcome}
        """
        try:
            with self.env.cr.savepoint():
                outcomes = handler._process(instance, lines)
                self.env.flush_all()
            return outcomes
        except BAD_RECORD as error:
            again = isinstance(error, CONCURRENCY)
            if again and not self.env.context.get("shopify_last_try"):
                raise
            self.env.invalidate_all()
            if len(lines) > 1:
                middle = len(lines) // 2
                first = self._halving(handler, instance, lines[:middle])
                return {**first, **self._halving(handler, instance, lines[middle:])}
            if not isinstance(error, UserError | RedirectWarning):
                _logger.exception("Shopify line %s (%s) failed", lines.id, lines.reference)
            words, technical = self._words_of(error), traceback.format_exc()
            if again:  # another worker's record, or one that breaks an index of its own: the attempts will tell
                return {lines.id: Outcome("later", words, cause="error", technical=technical)}
            return {lines.id: Outcome.failure("data", "error", words, technical=technical)}

    @api.model
    def _words_of(self, error):
        if isinstance(error, RedirectWarning):
            return str(error.args[0])
        return str(error) if isinstance(error, UserError) else f"{type(error).__name__}: {error}"

    @api.model
    def _write_outcomes(self, instance, lines, outcomes):
        """Write states and log lines, outside any savepoint.

        :return: {state: count}
        """
        counts = {"done": 0, "failed": 0, "skipped": 0, "later": 0}
        model = self.env["shopify.queue.line"]
        logs = []
        done, records, notes = model, {}, {}
        for line in lines:
            outcome = outcomes[line.id]
            counts[outcome.state] += 1
            if outcome.state == "done":
                done += line
                if outcome.record:
                    records[line.id] = outcome.record
                if outcome.message:
                    notes[line] = outcome.message
            elif outcome.state == "skipped":
                line._set_skipped(outcome.message)
            elif outcome.state == "later":
                line._set_later(outcome.message)
            else:
                line._set_failed(outcome.kind, outcome.message, outcome.wait_keys)
            logs += [self._prepare_log(line, outcome, entry) for entry in outcome.entries()]
        done._set_done(records)
        for line, message in notes.items():
            line.message = message
        self.env["shopify.log.line"]._log(instance, logs)
        return counts

    @api.model
    def _prepare_log(self, line, outcome, entry):
        values = {
            "process": dict(line._fields["kind"]._description_selection(self.env))[line.kind],
            "severity": entry["severity"],
            "cause": entry["cause"],
            "message": entry["message"],
            "detail": entry.get("detail"),
            "technical": entry.get("technical"),
            "order_ref": line.reference,
            "sku": entry.get("sku"),
            "queue_line_id": line.id,
            "record_key": f"{line.kind}:{line.shopify_id}",
            "fix_action": entry.get("fix_action"),
            "fix_context": entry.get("fix_context"),
        }
        if outcome.record:
            values.update(res_model=outcome.record._name, res_id=outcome.record.id)
        return values

    @api.model
    def _wake_at_next_attempt(self, instance, kinds):
        """Plan the job's next run for the next line whose pause ends before the schedule would look."""
        line = self.env["shopify.queue.line"].search(
            [
                ("instance_id", "=", instance.id),
                ("kind", "in", list(kinds)),
                ("state", "=", "draft"),
                ("queue_id.stopped", "=", False),
                ("next_attempt_at", "!=", False),
            ],
            order="next_attempt_at",
            limit=1,
        )
        if line:
            instance._trigger_processing(at=line.next_attempt_at)

    @api.model
    def _get_again(self, instance, lines):
        """Replace the stored data of lines by what Shopify says now.

        :raises UserError: Shopify cannot be asked, with the reason in words
        """
        unknown = []
        try:
            unknown = [
                ident
                for kind, of_kind in lines.grouped("kind").items()
                for ident in self.env[self._handler_of(kind)]._fetch_again(instance._for_jobs(), of_kind)
            ]
        except shopify_api.ShopifyError as error:
            raise UserError(spoken(self.env, error.words)) from error
        if unknown:
            names = lines.filtered(lambda line: line.shopify_id in unknown).mapped("reference")
            raise UserError(self.env._("Not in Shopify any more: %s", ", ".join(names)))
