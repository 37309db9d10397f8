"""Booking payouts in batches: look for what lines settle, make statement lines, reconcile, validate.

Each batch is one transaction that holds the payout: two workers never book the same one, and a worker that dies leaves
nothing half done. Whatever its size, only one batch of a payout is in memory.
"""

import time

from odoo import api, models
from odoo.exceptions import UserError

from .runner import BAD_RECORD, CONCURRENCY, REQUEST_SECONDS
from .shopify_payout import ENDED

#: Transactions of one batch.
BATCH = 250


class ShopifyPayoutRunner(models.AbstractModel):
    """Moves payouts on as far as they go. What a batch cannot do is said on the payout, which is then set aside."""

    _name = "shopify.payout.runner"
    _description = "Shopify Payout Runner"

    # Who starts it

    @api.model
    def _run_scheduled(self, instance):
        """The daily job: every payout of the store that is not validated and not set aside; oldest first."""
        crons = self.env["ir.cron"]
        ids = self.env["shopify.payout"].search(self._domain(instance), order="issued_at, id").ids
        left = crons._commit_progress(remaining=len(ids))
        for payout_id in ids:
            if not left:
                break  # the scheduler calls again
            self._advance(instance, payout_id, validate=instance.payout_validate)
            left = crons._commit_progress(1)

    @api.model
    def _domain(self, instance):
        return [
            ("instance_id", "=", instance.id),
            ("skip_schedule", "=", False),
            ("lines_read", "=", True),
            ("status", "in", ENDED),
            "|",
            ("state", "!=", "validated"),
            ("to_reverse", "=", True),
        ]

    @api.model
    def _process_now(self, payouts, steps=("match", "generate", "reconcile"), validate=False):
        """Book payouts for a person, within his request. The caller's transaction ends here, twice: before, so that the
        batches see what he changed; after, so that he sees what they did.

        :return: whether everything was done in time; the rest goes on in the background
        """
        self.env.cr.commit()  # pylint: disable=invalid-commit  # the batches are transactions of their own
        until = time.monotonic() + REQUEST_SECONDS
        done = all(
            self._advance(payout.instance_id._for_jobs(), payout.id, steps, validate, until) for payout in payouts
        )
        if not done:
            for instance in payouts.instance_id:
                instance._trigger(["payout_process"])
        self.env.cr.commit()  # pylint: disable=invalid-commit  # a fresh view for the caller
        self.env.invalidate_all()
        return done

    # One payout

    @api.model
    def _advance(self, instance, payout_id, steps=("match", "generate", "reconcile"), validate=False, until=None):
        """Do every step that is due.

        :param until: monotonic time at which to stop
        :return: whether it came to its end in time
        """
        for step in (*steps, "finish"):
            last_id = 0
            while True:
                if until and time.monotonic() > until:
                    return False

                def work(env, step=step, last_id=last_id):
                    return env[self._name]._batch(payout_id, step, last_id, validate)

                last_id = self._in_own_transaction(instance, work)
                if not last_id:
                    break
        return True

    @api.model
    def _in_own_transaction(self, instance, work):
        return self.env["shopify.run.starter"]._in_own_transaction(instance, work)

    @api.model
    def _batch(self, payout_id, step, last_id, validate):
        """One batch of a step.

        :return: the id of the last transaction looked at; 0 when the step is over
        """
        payout = self.env["shopify.payout"].browse(payout_id)
        if not payout.try_lock_for_update(allow_referencing=True):
            return 0  # another worker has it
        if step == "finish":
            self._finish(payout, validate)
            return 0
        if payout.state == "validated":
            return 0
        domain = [("payout_id", "=", payout.id), ("id", ">", last_id), *self._due(step)]
        if step == "match" and payout.settlement_map_id:
            domain.append(("state", "!=", "matched"))  # what the file's own gateway has found stays
        lines = self.env["shopify.payout.line"].search(domain, order="id", limit=BATCH)
        try:
            with self.env.cr.savepoint():
                if step == "generate" and not lines:
                    self.env["shopify.payout.statement"]._close(payout)
                elif step == "reconcile" and not lines and payout.closed:
                    self.env["shopify.payout.reconciler"]._reconcile_fee(payout)
                self.env.flush_all()
        except UserError as error:
            self._set_aside(payout, str(error))
            return 0
        if not lines:
            return 0
        failures = []
        self._in_parts(lines, lambda part: self._work(step, payout, part), failures)
        if failures:
            self._set_aside(payout, self._words(failures))
            if len(failures) == len(lines):
                return 0  # the cause is common to all
        return lines[-1].id

    @api.model
    def _due(self, step):
        """Which transactions a step looks at."""
        if step == "match":
            return [("statement_line_id", "=", False), ("processed", "=", False), ("by_hand", "=", False)]
        if step == "generate":
            return [("state", "=", "matched"), ("statement_line_id", "=", False), ("processed", "=", False)]
        return [("statement_line_id", "!=", False), ("processed", "=", False)]

    @api.model
    def _work(self, step, payout, lines):
        if step == "match":
            self.env["shopify.payout.matcher"]._match(payout.instance_id, lines)
        elif step == "generate":
            self.env["shopify.payout.statement"]._add(payout, lines)
        else:
            reconciler = self.env["shopify.payout.reconciler"]
            lost = reconciler._reconcile(payout, lines)
            if lost:
                self._look_again(payout, lost)

    @api.model
    def _look_again(self, payout, lines):
        """What they had found was settled by somebody else: find something else, or wait."""
        held = {line: line.statement_line_id for line in lines}
        lines.statement_line_id = False
        self.env["shopify.payout.matcher"]._match(payout.instance_id, lines)
        for line, statement_line in held.items():
            line.statement_line_id = statement_line
        found = lines.filtered(lambda line: line.state == "matched")
        again = self.env["shopify.payout.reconciler"]._reconcile(payout, found)
        for line in again + (lines - found):
            line.reason = line.reason or self.env._("What it settles is reconciled with something else already.")

    @api.model
    def _in_parts(self, lines, work, failures):
        """Work on a batch; when it fails, halve it until the bad transaction stands alone."""
        try:
            with self.env.cr.savepoint():
                work(lines)
                self.env.flush_all()
        except BAD_RECORD as error:
            if isinstance(error, CONCURRENCY):
                raise
            self.env.invalidate_all()
            if len(lines) == 1:
                failures.append((lines, error))
                return
            middle = len(lines) // 2
            self._in_parts(lines[:middle], work, failures)
            self._in_parts(lines[middle:], work, failures)

    @api.model
    def _words(self, failures):
        """The different causes, each with the transactions it is about."""
        words = {}
        for line, error in failures:
            text = self.env["shopify.runner"]._words_of(error)
            words.setdefault(text, []).append(line.source_order_name or line.shopify_id)
            line.reason = text
        return "\n".join(f"{text} ({', '.join(names[:5])})" for text, names in words.items())

    @api.model
    def _finish(self, payout, validate):
        """Reversal, state, validation."""
        try:
            with self.env.cr.savepoint():
                if payout.closed:
                    self.env["shopify.payout.reconciler"]._reverse(payout)
                    self.env["shopify.payout.counterparts"]._reconcile_returned(payout)
                self.env.flush_all()
        except UserError as error:
            self._set_aside(payout, str(error))
        payout._refresh_state()
        if validate and payout.state == "processed" and payout._is_complete() and not payout.difference:
            payout._validate()

    @api.model
    def _set_aside(self, payout, problem):
        """The daily job leaves the payout alone until a person has looked at it."""
        payout.write({"skip_schedule": True, "problem": problem})
        entry = {
            "process": self.env._("Process payout statements"),
            "cause": "payout_set_aside",
            "message": self.env._("%(payout)s was set aside: %(problem)s", payout=payout.name, problem=problem),
            "record_key": f"payout:{payout.shopify_id}",
            "res_model": payout._name,
            "res_id": payout.id,
            "fix_action": "payout",
            "fix_context": {"res_id": payout.id},
        }
        self.env["shopify.log.line"]._log(payout.instance_id, [entry])
        payout._ask_somebody(problem)
