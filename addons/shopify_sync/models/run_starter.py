"""Starting and going on with the runs of operations: the fetch boundary.

A run reads page by page. Each page is requested without any transaction open, then stored and committed together with
the place reached, so that a stop anywhere loses nothing and doubles nothing.
"""

import logging
import time
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from psycopg2 import errors as pg_errors

from .. import shopify_api
from .operations import OPERATIONS
from .spoken import spoken

_logger = logging.getLogger(__name__)

#: Shopify's changes are read again from this long before the last one stored.
OVERLAP = timedelta(minutes=5)
#: A worker that stores no page for so long has died; another one goes on with its run.
LEASE = timedelta(minutes=3)
_TRIES = 5
#: What reads in the last lane must pause before nearly each page, for about a second. Odoo's scheduler looks at wake-ups
#: once a minute only, so such a run stays and waits: seconds of one pause, and of all pauses of one turn.
STAYING = frozenset({"product", "product_by_id", "customer", "customer_by_id", "collection", "metafield"})
ONE_PAUSE, ALL_PAUSES = 5.0, 30.0
#: What reading an answer of another shape than asked for raises.
UNREADABLE = (KeyError, TypeError, ValueError, AttributeError)


class ShopifyRunStarter(models.AbstractModel):
    """Starts runs and moves them on until they are done, must wait, or fail."""

    _name = "shopify.run.starter"
    _description = "Shopify Run Starter"

    @api.model
    def _start(self, instance, operation, options=None, source="manual", seconds=None):
        """Run an operation now, for a person. The caller's transaction ends here, twice: before, so that no snapshot
        is held while Shopify answers; after, so that the caller sees what was stored.

        :param options: from, to (UTC text), basis (updated / created), day_from, day_to (days of the store as text), tokens
            (text)
        :param seconds: how long the caller waits; the rest goes on in the background. None: until it ends or must wait
        :return: the run; `state` says how it ended, `message` why it waits or failed
        :raises UserError: the same operation is running for the store
        """
        self._check_ready(instance)
        if not instance.active:
            raise UserError(self.env._("%s is archived. Activate it first.", instance.name))
        self._check_offered(instance, operation)
        self.env.cr.commit()  # pylint: disable=invalid-commit  # the fetch boundary
        run_id = self._create_run(instance, operation, options or {}, source)
        self._advance(instance, run_id, seconds)
        self.env.cr.commit()  # pylint: disable=invalid-commit  # the fetch boundary
        self.env.invalidate_all()
        return self.env["shopify.run"].browse(run_id)

    @api.model
    def _start_after(self, instance, operation, options=None, source="manual"):
        """Run an operation when the one that is running has ended, whatever becomes of the caller; at once in the
        background when none is running. The caller's transaction ends here, as in `_start`.

        :return: the run, waiting or running
        """
        self._check_ready(instance)
        self._check_offered(instance, operation)
        self.env.cr.commit()  # pylint: disable=invalid-commit  # the fetch boundary
        run_id = self._create_run(instance, operation, options or {}, source, after=True)
        self.env.cr.commit()  # pylint: disable=invalid-commit  # the fetch boundary
        self.env.invalidate_all()
        return self.env["shopify.run"].browse(run_id)

    @api.model
    def _look_again(self, instance, shopify_ids):
        """Read orders again because something says that they have changed, and queue them. The caller's transaction
        ends here. While such a run is in hand nothing is started: who calls finds the orders unchanged and calls again.

        :param shopify_ids: numbers of orders, at most a few hundred
        """
        self.env.cr.commit()  # pylint: disable=invalid-commit  # the fetch boundary
        running = self.env["shopify.run"]._running(instance, "order_look_again")
        if running:
            return
        run_id = self._create_run(instance, "order_look_again", {"tokens": " ".join(shopify_ids)}, "by_id")
        self._advance(instance, run_id)
        self.env.cr.commit()  # pylint: disable=invalid-commit  # the fetch boundary

    @api.model
    def _run_scheduled(self, instance, operation):
        """What the schedule of an operation calls: go on with its run, or start one from the last date."""
        self._check_ready(instance)
        running = self.env["shopify.run"]._running(instance, operation)
        if running.next_attempt_at and running.next_attempt_at > fields.Datetime.now():
            return
        run_id = running.id or self._create_run(instance, operation, {}, "cron")
        self._advance(instance, run_id)

    @api.model
    def _check_ready(self, instance):
        if instance.state == "draft":
            raise UserError(self.env._("%s is not connected yet. Use Check Connection on the store.", instance.name))

    @api.model
    def _check_offered(self, instance, operation):
        if not instance._offers(operation):
            raise UserError(
                self.env._(
                    "'%(operation)s' needs the tagged-order rule of %(store)s, which is off. Switch it on in the settings, "
                    "under Order Configuration.",
                    operation=self.env._(OPERATIONS[operation].label),
                    store=instance.name,
                )
            )

    @api.model
    def _in_own_transaction(self, instance, work):
        """Run `work(env)` as the store's job in its own transaction, again when another worker was quicker."""
        for attempt in range(_TRIES):
            try:
                with self.env.registry.cursor() as cr:
                    # the store's user and company are read here, so that nothing is opened on the caller's cursor
                    return work(instance.with_env(instance.env(cr=cr))._for_jobs().env)
            except (pg_errors.SerializationFailure, pg_errors.UniqueViolation, pg_errors.DeadlockDetected):
                if attempt == _TRIES - 1:
                    raise
        return None

    @api.model
    def _create_run(self, instance, operation, options, source, after=False):
        # a person is told how it ended; what other parts of the addon start tells nobody
        by_person = source != "cron" and OPERATIONS[operation].in_wizard
        user = self.env.user if by_person else self.env["res.users"]

        def work(env):
            runs = env["shopify.run"]
            store = env["shopify.instance"].browse(instance.id)
            running = runs._running(store, operation)
            if running and not after:
                raise UserError(
                    self.env._(
                        "'%(operation)s' is running for %(store)s already. It goes on by itself; try again when it is "
                        "done.",
                        operation=self.env._(OPERATIONS[operation].label),
                        store=store.name,
                    )
                )
            if OPERATIONS[operation].counts_days:
                options.update(env[OPERATIONS[operation].handler]._prepare_options(store, options))
            if OPERATIONS[operation].reads_range:
                options.setdefault("from", self._default_from(env, store, operation))
            run = runs.create(
                {
                    "instance_id": store.id,
                    "operation": operation,
                    "options": options,
                    "source": source,
                    "user_id": user.id,
                    "state": "waiting" if running else "running",
                }
            )
            if after:
                run._wake()
            return run.id

        return self._in_own_transaction(instance, work)

    @api.model
    def _default_from(self, env, store, operation):
        """Where a run without a start begins: the last change stored, less the overlap; for orders never before the store's
        import-after date, for products otherwise at the beginning (None)."""
        last = env["shopify.feed"]._of(store, operation).last_date
        if operation == "payout":
            return env["shopify.handler.payout"]._default_from(store, last)
        if operation == "product":
            return fields.Datetime.to_string(last - OVERLAP) if last else None
        start = max(last - OVERLAP, store.import_order_after) if last else store.import_order_after
        return fields.Datetime.to_string(start)

    @api.model
    def _advance(self, instance, run_id, seconds=None):
        """Read and store pages until the run ends or must wait; nothing when another worker is on it.

        :param seconds: hand over to the background after so long
        """
        until = time.monotonic() + seconds if seconds is not None else None
        state, left = self._take(instance, run_id), ALL_PAUSES
        while state:
            handler = self.env[OPERATIONS[state["operation"]].handler]
            try:
                page = handler._fetch_page(instance, state)
            except shopify_api.ShopifyError as error:
                pause = error.retry_after if isinstance(error, shopify_api.Throttled) else None
                if state["operation"] in STAYING and pause and pause <= min(ONE_PAUSE, left):
                    time.sleep(pause)
                    left -= pause
                    state = self._read_run(instance, run_id)
                    continue
                self._stop_on(instance, run_id, error)
                return
            except UNREADABLE as error:
                _logger.exception("Shopify run %s cannot read a page", run_id)
                self._stop_on(instance, run_id, self._unreadable(error))
                return
            if self._store_page(instance, run_id, handler, page):
                return
            if until is not None and time.monotonic() > until:
                self._in_own_transaction(instance, lambda env: env["shopify.run"].browse(run_id)._hand_over())
                return
            state = self._read_run(instance, run_id)

    @api.model
    def _unreadable(self, error):
        """An answer that has not the shape asked for: the run fails with these words, and nothing is blocked."""
        return shopify_api.QueryRefused(
            self.env._(
                "Shopify's answer has not the form that was asked for (%s). Nothing of this page was stored.",
                f"{type(error).__name__}: {error}",
            )
        )

    @api.model
    def _take(self, instance, run_id):
        """Make this worker the one that reads the run's pages.

        :return: the run as `_read_run` gives it, or None when it is over or in another worker's hands
        """

        def work(env):
            run = env["shopify.run"].browse(run_id)
            if not run.try_lock_for_update(allow_referencing=True):
                return False
            now = fields.Datetime.now()
            if run.state != "running" or (run.busy_until and run.busy_until > now):
                return False
            run.busy_until = now + LEASE
            return True

        return self._read_run(instance, run_id) if self._in_own_transaction(instance, work) else None

    @api.model
    def _cron_continue(self):
        """Go on with runs that wait for their time or lost their worker, whatever started them."""
        now = fields.Datetime.now()
        self.env["shopify.run"]._start_waiting()
        runs = self.env["shopify.run"].search(
            [
                ("state", "=", "running"),
                "|",
                ("next_attempt_at", "=", False),
                ("next_attempt_at", "<=", now),
                "|",
                ("busy_until", "=", False),
                ("busy_until", "<=", now),
            ]
        )
        pairs = [(run.instance_id._for_jobs(), run.id) for run in runs if run.instance_id.active]
        crons = self.env["ir.cron"]
        crons._commit_progress(remaining=len(pairs))
        for instance, run_id in pairs:
            self._advance(instance, run_id)
            if not crons._commit_progress(1):
                break

    @api.model
    def _read_run(self, instance, run_id):
        """The run as plain values, so that nothing is open while Shopify is asked."""

        def work(env):
            run = env["shopify.run"].browse(run_id)
            store = run.instance_id
            if run.state != "running":
                return None  # cancelled by a person meanwhile
            if not store.active and run.operation != "webhook_check":
                run.busy_until = False
                return None  # the store was archived meanwhile; it goes on when it is activated again
            return {
                "operation": run.operation,
                "options": run.options or {},
                "page_cursor": run.page_cursor,
                "granted": env["shopify.scope"]._granted(store),
                "order_statuses": store.order_statuses,
                "rule_tags": store._rule_tags(),
            }

        return self._in_own_transaction(instance, work)

    @api.model
    def _store_page(self, instance, run_id, handler, page):
        """Store a page's records as queue lines with the place reached, in one transaction.

        :return: whether the run is over
        """

        def work(env):
            run = env["shopify.run"].browse(run_id)
            queued = env[handler._name]._store_records(run, page.records)
            if page.gone:
                env[handler._name]._store_gone(run, page.gone)
            values = {
                "page_cursor": page.cursor,
                "record_count": run.record_count + page.seen,
                "queued_count": run.queued_count + queued,
                "attempts": 0,
                "next_attempt_at": False,
                "message": run.message if run.page_cursor and not run.next_attempt_at else False,
                "busy_until": fields.Datetime.now() + LEASE,
            }
            if page.until:
                values["seen_until"] = page.until
                self._move_feed(env, run, page.until)
            if page.message:
                values["message"] = "; ".join(filter(None, (run.page_cursor and run.message, page.message)))
            # cancelled meanwhile: this page is stored whole, and it was the last one
            over = not page.has_next or run.state != "running"
            if over and run.state == "running":
                values.update(state="done", finished_at=fields.Datetime.now())
            run.write(values)
            if queued:
                run.instance_id._trigger_processing()
                env["shopify.instance"]._board_changed()
            return over

        return self._in_own_transaction(instance, work)

    @api.model
    def _move_feed(self, env, run, until):
        """Move the last date forward, in the transaction that stored the lines; never for a range in the past."""
        options = run.options or {}
        if not OPERATIONS[run.operation].reads_range or options.get("basis") == "created":
            return
        feed = env["shopify.feed"]._of(run.instance_id, run.operation)
        start = fields.Datetime.to_datetime(options.get("from"))
        gap = start and feed.last_date and start > feed.last_date
        if not gap and (not feed.last_date or until > feed.last_date):
            feed.last_date = until

    @api.model
    def _stop_on(self, instance, run_id, error):
        """The run must wait (and goes on by itself), or has failed with the reason in words."""

        def work(env):
            run = env["shopify.run"].browse(run_id)
            store = run.instance_id
            if run.state != "running":
                return  # cancelled by a person meanwhile
            reason = spoken(env, error.words)
            if error.heals and run.attempts < 5:
                wait = error.retry_after or 60 * 5**run.attempts
                moment = fields.Datetime.now() + timedelta(seconds=wait + 1)
                run.write(
                    {
                        "next_attempt_at": moment,
                        "message": reason,
                        "attempts": run.attempts + (not error.retry_after),
                        "busy_until": False,
                    }
                )
                # the wake-up is the addon's, whoever started the run
                env.ref("shopify_sync.cron_continue_runs").sudo()._trigger(moment)
                return
            run.write({"state": "failed", "message": reason, "finished_at": fields.Datetime.now()})
            env["shopify.log.line"]._log(
                store,
                [
                    {
                        "process": env._(OPERATIONS[run.operation].label),
                        "cause": type(error).__name__,
                        "message": reason,
                        "technical": f"Request {error.request_id}" if error.request_id else False,
                        "record_key": f"run:{run.operation}",
                        "fix_action": "settings",
                        "fix_context": {"res_id": store.id},
                    }
                ],
            )

        self._in_own_transaction(instance, work)
        instance._note_problem(error)
