"""Products go out in batches: taken and committed, sent with no transaction open, results written and committed."""

import json
import logging
import time
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import config

from .. import shopify_api
from ..mapping import product_out
from .handler_product_bulk import BULK_FROM
from .outcome import Outcome
from .product_sent import Job
from .shopify_queue import GOES_ON
from .shopify_queue_product_out import KIND
from .spoken import spoken

_logger = logging.getLogger(__name__)

#: The result of a bulk operation that cannot be read for so long is left, and the products are looked at one by one.
READ_FOR = timedelta(hours=24)
#: Products of one pass; of one that leaves its work to bulk operations.
BATCH, BULK_BATCH = 50, 1000
#: Seconds until products go on that the budget did not suffice to read: a fuller one reads many together, for few and
#: large operations; Shopify runs five at a time.
BULK_PAUSE = 15
#: Odoo's scheduler looks at wake-ups once a minute only, and small bulk operations end within seconds, so the job stays
#: while they run: seconds of one pause, and of a whole turn, which never takes more than half of what a job may take.
ONE_PAUSE, TURN = 5, 40


class ShopifyRunner(models.AbstractModel):
    _inherit = "shopify.runner"

    @api.model
    def _process_scheduled(self, instance, kinds):
        if KIND not in kinds:
            return super()._process_scheduled(instance, kinds)
        crons, lines = self.env["ir.cron"], self.env["shopify.queue.line"]
        left = crons._commit_progress(remaining=lines._count_products_due(instance))
        while left:
            states = self._follow_products(instance) + self._send_products(instance)
            if not states:  # what goes on later is not due any more
                break
            left = crons._commit_progress(len(states))
        crons._commit_progress(remaining=0)
        self._wake_products(instance)
        return None

    @api.model
    def _wake_products(self, instance):
        line = self.env["shopify.queue.line"].search(
            Domain([("instance_id", "=", instance.id), ("kind", "=", KIND), ("state", "=", "draft")]) & GOES_ON,
            order="next_attempt_at",
            limit=1,
        )
        if line:
            self._wake_sender(instance, line.next_attempt_at or fields.Datetime.now())

    @api.model
    def _wake_sender(self, instance, moment=None):
        """Wake the job that sends products, of the store and of all stores."""
        instance._trigger(["process_catalogue_out"], moment)
        # the wake-up is the addon's, whoever sends
        self.env.ref("shopify_sync.cron_product_out").sudo()._trigger(moment)

    @api.model
    def _cron_products(self):
        """For all stores: send products that wait, look at bulk operations and at pictures, also where schedules are off."""
        due = self.env["shopify.queue.line"].search([("kind", "=", KIND), ("state", "=", "draft")]).instance_id
        pictures = self.env["shopify.product.image"].search(
            [("status", "=", "processing"), ("sent_checksum", "!=", False)]
        )
        stores = (due | pictures.instance_id).filtered(lambda store: store.active and store.state == "connected")
        crons, until = self.env["ir.cron"], time.monotonic() + self._turn_seconds()
        crons._commit_progress(remaining=len(stores))
        for number, store in enumerate(stores, start=1):
            own = store._for_jobs()
            self._process_scheduled(own, (KIND,))
            try:
                if self.env["shopify.product.pictures"]._follow(own):
                    self.env["shopify.product.pictures"]._wake(own)
            except shopify_api.ShopifyError as error:
                _logger.info("Pictures of store %s are looked at later: %s", store.id, error)
            if not crons._commit_progress(1) and number < len(stores):
                return
        self._stay_with_operations(until)

    @api.model
    def _turn_seconds(self):
        """How long one turn of the job for all stores may take."""
        limit = config["limit_time_real_cron"]
        limit = config["limit_time_real"] if limit is None or limit < 0 else limit
        return min(TURN, limit / 2) if limit else TURN

    @api.model
    def _pause(self, seconds):
        time.sleep(seconds)

    @api.model
    def _stay_with_operations(self, until):
        """Look again at bulk operations that run, until they have ended or the turn is over (a moment of the clock)."""
        crons, stores = self.env["ir.cron"], self.env["shopify.instance"]
        for _turn in range(TURN // ONE_PAUSE):
            running = self._stores_in_operations()
            stores |= running
            crons._commit_progress()  # no transaction is open while it waits
            if not running or time.monotonic() + ONE_PAUSE > until:
                break
            self._pause(ONE_PAUSE)
            for store in running:
                own = store._for_jobs()
                while self._follow_products(own) or self._send_products(own):
                    if time.monotonic() > until:
                        break
        for store in stores:
            self._wake_products(store)
        crons._commit_progress(remaining=0)

    @api.model
    def _stores_in_operations(self):
        """Stores whose products Shopify works on in bulk."""
        lines = self.env["shopify.queue.line"].search(
            Domain([("kind", "=", KIND), ("state", "=", "draft"), ("job_ref", "!=", False)]) & GOES_ON
        )
        return lines.instance_id.filtered(lambda store: store.active and store.state == "connected")

    @api.model
    def _send_now(self, instance, line_ids):
        lines = self.env["shopify.queue.line"].browse(line_ids)
        products = lines.filtered(lambda line: line.kind == KIND).ids
        counts = super()._send_now(instance, [line_id for line_id in line_ids if line_id not in set(products)])
        if not products:
            return counts
        own = instance._for_jobs()

        still = self._still_wanted(own)

        def send(_until):
            return self._send_products(own, still(products)) or self._follow_products(own, products)

        if self._send_batches(counts, products, send):
            self._wake_sender(instance)
        return counts

    # One batch

    @api.model
    def _send_products(self, instance, line_ids=None):
        """Take due products and send them.

        :return: their states (done, failed, later); empty when nothing is due
        """

        def take(env):
            model = env["shopify.queue.line"]
            due = len(line_ids) if line_ids is not None else model._count_products_due(instance)
            bulk = due >= BULK_FROM
            lines, before = model._take_products(instance, BULK_BATCH if bulk else BATCH, line_ids)
            own = env[self._name]
            jobs, failures = own._product_jobs(lines, before)
            states, queue_ids = own._write_unsendable(failures)
            return bulk, jobs, states, queue_ids

        bulk, jobs, states, queue_ids = self._in_own_transaction(instance, take)
        if queue_ids:
            self._refresh_queues(instance, queue_ids)
        if not jobs:
            return states
        sents = self.env["shopify.handler.product.export"]._send_batch(instance, jobs, bulk)
        for error in {sent.error for sent in sents if bulk and sent.nothing_sent}:
            if isinstance(error, shopify_api.Throttled):
                error.retry_after = max(error.retry_after or 0, BULK_PAUSE)
        return states + self._write_sents(instance, sents)

    @api.model
    def _follow_products(self, instance, line_ids=None):
        """Look at the bulk operations of products; return as `_send_products`."""

        def take(env):
            lines, before = env["shopify.queue.line"]._take_products(instance, BULK_BATCH, line_ids, following=True)
            return {line.id: json.loads(line.sudo().payload)["stage"] for line in lines}, before

        stages, before = self._in_own_transaction(instance, take)
        if not stages:
            return []

        def jobs_of(ids):
            """The products themselves are read only when there is something to write on them."""
            return (
                self._in_own_transaction(instance, lambda env: env[self._name]._followed_jobs(ids, before))
                if ids
                else []
            )

        bulk = self.env["shopify.handler.product.bulk"]
        try:
            states = bulk._look_at(instance, stages.values())
            waiting = {
                ident: done for ident, stage in stages.items() if (done := bulk._progress(stage, states)) is not None
            }
            sents = bulk._read_back(instance, jobs_of([ident for ident in stages if ident not in waiting]), states)
        except shopify_api.ShopifyError as error:
            waiting = {ident: error.message for ident, stage in stages.items() if not self._was_long_ago(stage)}
            jobs = jobs_of([ident for ident in stages if ident not in waiting])
            sents = [bulk._unread(job, error) for job in jobs]
        states = self._write_sents(instance, sents) if sents else []
        if waiting:
            self._in_own_transaction(instance, lambda env: env[self._name]._write_waiting(instance.id, waiting))
        return states + ["later"] * len(waiting)

    @api.model
    def _followed_jobs(self, line_ids, before):
        """As `_product_jobs`: what is on its way is read back, whatever changed in Odoo."""
        jobs, failures = self._product_jobs(self.env["shopify.queue.line"].browse(line_ids), before)
        for line, _outcome in failures:
            line.taken_until = False
        return jobs

    @api.model
    def _was_long_ago(self, stage):
        """Shopify's answers were tried to be read for long enough: the products themselves say what became of them."""
        since = stage.get("since")
        return bool(since) and fields.Datetime.now() - fields.Datetime.to_datetime(since) > READ_FOR

    @api.model
    def _product_jobs(self, lines, before):
        """Plain values of taken lines, read in a handful of queries.

        :return: ([Job], [(line, Outcome of one that cannot be sent)])
        """
        if not lines:
            return [], []
        instance = lines.instance_id
        # raw data are hidden from users; the job reads them for whoever asked for it
        requests = {line.id: json.loads(line.sudo().payload or "{}") for line in lines}
        products = self.env["shopify.product"].browse(lines.mapped("res_id")).exists()
        parts = frozenset(part for request in requests.values() for part in request.get("parts", ()))
        reader = self.env["shopify.product.out"]
        values = reader._read(instance, products, parts)
        market, market_notes = reader._market_prices(instance, products) if "price" in parts else ({}, [])
        owners = self.env["shopify.field.owner"]._of(instance)
        jobs, failures = [], []
        for line in lines:
            request = requests[line.id]
            found = values.get(line.res_id)
            outcome = self._unsendable(line, request, found)
            if outcome:
                failures.append((line, outcome))
                continue
            own_parts = frozenset(request.get("parts", ()))
            notes = [("price_not_sent", text) for text in found["notes"] if own_parts & {"price", "compare_at"}]
            notes += [("metafield_refused", text) for text in found["metafield_notes"] if "metafields" in own_parts]
            if "price" in own_parts:
                notes += [("market_price", text) for text in market_notes[:1]]
            jobs.append(
                Job(
                    line_id=line.id,
                    key=line.idempotency_key,
                    was_maybe_done=before[line.id],
                    parts=own_parts | ({"publish"} if request.get("publish") else set()),
                    only_changed=request.get("only_changed", True),
                    local=found["local"],
                    base=found["base"],
                    owners=owners,
                    manual=found["manual"],
                    channels=self._channels_of(instance, request),
                    market=market.get(line.res_id, {}) if "price" in own_parts else {},
                    delete=tuple(request.get("delete", ())),
                    stock=request.get("stock", False),
                    stage=request.get("stage", {}),
                    notes=notes,
                )
            )
        return jobs, failures

    @api.model
    def _channels_of(self, instance, request):
        if not request.get("publish"):
            return None
        model = self.env["shopify.publication"]
        others = model.browse(request.get("publications", ())).exists()
        wanted, decided = model._targets(instance, request["publish"], others)
        return frozenset(wanted), frozenset(decided)

    @api.model
    def _unsendable(self, line, request, found):
        """Why a product cannot be sent at all, before Shopify is asked."""
        if not found:
            text = self.env._("%s is not in the layer any more.", line.reference)
            return Outcome.failure(
                "data", "layer_gone", text, fix_action="settings", fix_context={"res_id": line.instance_id.id}
            )
        local, parts = found["local"], frozenset(request.get("parts", ()))
        more = {"fix_action": "layer", "fix_context": {"res_id": local.layer_id}}
        problems = [] if not parts else product_out.problems(local, parts)
        if problems:
            words = " ".join(spoken(self.env, said) for _code, said in problems)
            return Outcome.failure("data", problems[0][0], f"{line.reference}: {words}", **more)
        if found["notes"] and not local.shopify_id and "price" in parts:
            return Outcome.failure("configuration", "price_converted", f"{line.reference}: {found['notes'][0]}", **more)
        if request.get("publish"):
            try:
                self._channels_of(line.instance_id, request)
            except UserError as error:
                return Outcome.failure("configuration", "no_channel", str(error), **more)
        return None
