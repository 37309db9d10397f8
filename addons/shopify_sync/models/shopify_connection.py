"""Requests to Shopify: the token in use, the rate budget shared by all workers, the one door out.

No request is made while a database snapshot or lock is held: what a request needs is read in a transaction of its own
and committed first, what it answered is written in another one.
"""

import logging
import random
import time
from dataclasses import replace
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, str2bool
from psycopg2 import errors as pg_errors

from .. import shopify_api
from .spoken import speaking

_logger = logging.getLogger(__name__)

#: A token is renewed this long before it ends, so that a slow worker never holds a dead one.
RENEW_BEFORE = timedelta(minutes=30)
#: How long one worker may take to fetch a new token before another one tries.
RENEWAL_LEASE = timedelta(seconds=40)
_TRIES = 20
#: How many ids one request of a document takes where Shopify has refused more of them as too costly, by database, store
#: and document. How it counts lists of ids is not public, so that each worker finds out, once.
_FITTING: dict[tuple[str, int, str], int] = {}
#: So long at most (seconds) a worker waits before it tries again, so that the same two do not meet for ever.
_PAUSE = 0.05


class CopyOfDatabase(shopify_api.ShopifyError):
    """This database is a neutralised copy: nothing may be written to the store."""


class ShopifyConnection(models.Model):
    """What changes with every request to a store; one row a store, for managers only."""

    _name = "shopify.connection"
    _description = "Shopify Connection State"

    instance_id = fields.Many2one("shopify.instance", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="instance_id.company_id", store=True, index=True)
    token = fields.Char(groups="shopify_sync.group_manager")
    token_expires_at = fields.Datetime()
    renewing_until = fields.Datetime()
    renewals = fields.Integer()
    bucket_available = fields.Float(default=2000)
    bucket_maximum = fields.Float(default=2000)
    bucket_restore = fields.Float(default=100)
    bucket_at = fields.Float()
    lanes_waiting = fields.Json(help="Since when (UTC, seconds) each lane of work waits for its points.")
    version_answered = fields.Char()
    deprecated_reason = fields.Char()
    last_request_ref = fields.Char()

    _instance_unique = models.UniqueIndex("(instance_id)", "A store has one connection state.")

    @api.model
    def _execute(self, instance, document, variables=None, *, idempotent=False, allow_partial=False, lane=None):
        """Send one document of `shopify_api/documents` to a store and return Shopify's answer.

        The rate budget is taken before sending and corrected by what Shopify answers. A query by ids that is too costly is
        asked in parts and answered as a whole.

        :param lane: the work it is part of (`shopify_api.budget.RESERVES`): orders go before shipments, these before
            stock, stock before the catalogue. None: what the context key `shopify_lane` says, else by the document's area

        :raises shopify_api.ShopifyError: every failure, its reason in the language of the store's environment
        """
        areas = shopify_api.budget.LANES_OF_AREAS
        lane = lane or self.env.context.get("shopify_lane") or areas.get(document.partition("/")[0], "orders")
        document = shopify_api.load(document)
        if document.is_mutation:
            self._refuse_in_a_copy()
        ids = () if document.is_mutation else (variables or {}).get("ids", ())
        known = self.env.cr.dbname, instance.id, document.name
        options = {"idempotent": idempotent, "allow_partial": allow_partial, "lane": lane}
        most = _FITTING.get(known, len(ids))
        if len(ids) <= most:
            try:
                return self._request(instance, document, variables or {}, **options)
            except shopify_api.TooCostly as error:
                most = shopify_api.fitting(len(ids), error)
                if not most:
                    raise
                _FITTING[known] = most
        parts = [ids[start : start + most] for start in range(0, len(ids), most)]
        answers = [self._execute(instance, document.name, {**variables, "ids": part}, **options) for part in parts]
        return replace(
            answers[-1],
            data={"nodes": [node for answer in answers for node in answer.data["nodes"]]},
            errors=tuple(error for answer in answers for error in answer.errors),
        )

    @api.model
    def _request(self, instance, document, variables, *, idempotent, allow_partial, lane):
        """Send one document as it is."""
        with speaking(instance.env):
            shop_domain, credentials = self._prepare(instance, document.cost, lane)
            with shopify_api.Client(
                shop_domain,
                _TokenSource(self, instance, credentials),
                on_answer=lambda exchange: self._note_exchange(instance, exchange),
            ) as client:
                return client.execute(document, variables, idempotent=idempotent, allow_partial=allow_partial)

    @api.model
    def _refuse_in_a_copy(self):
        """A neutralised database never writes to Shopify, whatever credentials were entered in it.

        :raises CopyOfDatabase: it is one
        """
        if self._in_own_transaction(lambda model: model._is_a_copy()):
            raise CopyOfDatabase(self._copy_text())

    @api.model
    def _is_a_copy(self):
        # the mark that Odoo's own neutralisation leaves; a system parameter
        return str2bool(self.env["ir.config_parameter"].sudo().get_param("database.is_neutralized", "false"))

    @api.model
    def _copy_text(self):
        return self.env._("This is a neutralised copy of the database: it never writes to Shopify.")

    @api.model
    def _in_own_transaction(self, work):
        """Run `work(connection model)` in a short transaction of its own, again when another worker was quicker."""
        for attempt in range(_TRIES):
            try:
                with self.env.registry.cursor() as cr:
                    # the technical row is written for whoever needs the store, also without the manager role
                    return work(self.with_env(self.env(cr=cr)).sudo())
            except (pg_errors.SerializationFailure, pg_errors.LockNotAvailable, pg_errors.DeadlockDetected):
                if attempt == _TRIES - 1:
                    raise
            time.sleep(random.uniform(0, _PAUSE))  # nothing is open
        return None

    @api.model
    def _prepare(self, instance, cost, lane="orders"):
        """Take the cost from the store's budget and read what is needed to sign in.

        :raises shopify_api.Throttled: with the seconds until the budget allows the request
        """

        def work(model):
            row = model._row(instance.id)
            store = model.env["shopify.instance"].browse(instance.id)
            now = model.env.cr.now().timestamp()
            refused = row._spend(cost, now, lane)
            if refused:
                return refused  # raised outside: what the lane waits for is kept
            return store.shop_domain, {
                "shop_domain": store.shop_domain,
                "auth_mode": store.auth_mode,
                "client_id": store.client_id,
                "client_secret": store.client_secret,
                "access_token": store.access_token,
                "token": row.token,
                "expires_at": row.token_expires_at,
            }

        self._flush_store(instance)
        prepared = self._in_own_transaction(work)
        if isinstance(prepared, shopify_api.Throttled):
            raise prepared
        return prepared

    def _spend(self, cost, now, lane):
        """Take points for a lane, which leaves those of the lanes before it; after a minute's waiting it may spend once
        as if it were the first, so that no lane starves.

        :return: the refusal (`shopify_api.Throttled`), None when the points were taken
        """
        waiting = self.lanes_waiting or {}
        since = waiting.get(lane)
        patient = since is not None and now - since >= shopify_api.budget.PATIENCE
        reserve = 0.0 if patient else shopify_api.budget.RESERVES[lane]
        try:
            bucket = self._bucket().spend(cost, now, reserve)
        except shopify_api.Throttled as refused:
            if since is None:
                self.lanes_waiting = {**waiting, lane: now}
            return refused
        self._write_bucket(bucket)
        if since is not None:
            self.lanes_waiting = {key: moment for key, moment in waiting.items() if key != lane}
        return None

    @api.model
    def _seconds_until(self, instance, document, lane):
        """How long the lane would wait for this document's points now; nothing is taken."""
        cost, reserve = shopify_api.load(document).cost, shopify_api.budget.RESERVES[lane]

        def work(model):
            row = model.search([("instance_id", "=", instance.id)])
            try:
                if row:  # a store that was never asked has all its points
                    row._bucket().spend(cost, model.env.cr.now().timestamp(), reserve)
            except shopify_api.Throttled as refused:
                return refused.retry_after
            return 0.0

        with speaking(instance.env):
            return self._in_own_transaction(work)

    @api.model
    def _flush_store(self, instance):
        """Write what is pending, for where cursors share one transaction (Odoo's test mode). Another transaction sees a
        store only when it is committed."""
        if self.env.cr.readonly:
            return
        self.env.flush_all()

    @api.model
    def _row(self, instance_id):
        """The row of a store, locked, made when missing."""
        self.env.cr.execute(
            SQL(
                """INSERT INTO shopify_connection
                          (instance_id, company_id, bucket_available, bucket_maximum, bucket_restore, bucket_at,
                           renewals)
                   SELECT id, company_id, 2000, 2000, 100, 0, 0 FROM shopify_instance WHERE id = %s
                   ON CONFLICT (instance_id) DO NOTHING""",
                instance_id,
            )
        )
        # waits for a worker that has the row; Odoo's own lock would give up at once. What it has changed is met as a
        # conflict, and the transaction is begun anew
        self.env.cr.execute(
            SQL("SELECT FROM shopify_connection WHERE instance_id = %s FOR NO KEY UPDATE", instance_id),
            log_exceptions=False,
        )
        return self.search([("instance_id", "=", instance_id)])

    def _bucket(self):
        return shopify_api.Bucket(self.bucket_maximum, self.bucket_available, self.bucket_restore, self.bucket_at)

    def _write_bucket(self, bucket):
        self.write(
            {
                "bucket_maximum": bucket.maximum,
                "bucket_available": bucket.available,
                "bucket_restore": bucket.restore_rate,
                "bucket_at": bucket.at,
            }
        )

    @api.model
    def _note_exchange(self, instance, exchange):
        """Keep what an answer tells: the budget left, the version, deprecated calls, the request id for support."""

        def work(model):
            row = model._row(instance.id)
            vals = {"last_request_ref": exchange.request_id}
            if exchange.cost and exchange.cost.throttle:
                row._write_bucket(row._bucket().corrected(exchange.cost.throttle, exchange.at))
            if exchange.api_version and row.version_answered != exchange.api_version:
                vals["version_answered"] = exchange.api_version
            if exchange.deprecated:
                vals["deprecated_reason"] = ", ".join(exchange.deprecated)
            row.write(vals)

        self._in_own_transaction(work)

    @api.model
    def _renew_token(self, instance, credentials, refused=None):
        """A valid token of the store, renewed by exactly one worker.

        :param refused: the token that Shopify has just refused, renewed even when it should still be valid
        :raises shopify_api.Throttled: another worker is renewing it, try again in a few seconds
        """

        def lease(model):
            row = model._row(instance.id)
            now = fields.Datetime.now()
            fresh = row.token and row.token_expires_at and row.token_expires_at - RENEW_BEFORE > now
            if fresh and row.token != refused:
                return row.token
            if row.renewing_until and row.renewing_until > now:
                if row.token and row.token != refused and row.token_expires_at > now:
                    return row.token
                raise shopify_api.Throttled(self.env._("The sign-in is being renewed."), retry_after=5)
            row.renewing_until = now + RENEWAL_LEASE
            return None

        token = self._in_own_transaction(lease)
        if token:
            return token
        try:
            new = shopify_api.request_token(
                credentials["shop_domain"],
                credentials["client_id"] or "",
                credentials["client_secret"] or "",
            )
        except shopify_api.ShopifyError:
            self._in_own_transaction(lambda model: model._row(instance.id).write({"renewing_until": False}))
            raise

        def keep(model):
            row = model._row(instance.id)
            row.write(
                {
                    "token": new.value,
                    "token_expires_at": new.expires_at.replace(tzinfo=None),
                    "renewing_until": False,
                    "renewals": row.renewals + 1,
                }
            )

        self._in_own_transaction(keep)
        return new.value


class _TokenSource:
    """Gives the client a token, and a new one when Shopify refuses it."""

    def __init__(self, model, instance, credentials):
        self._model = model
        self._instance = instance
        self._credentials = credentials
        self._token = None

    def __call__(self):
        if self._credentials["auth_mode"] == "permanent_token":
            return self._credentials["access_token"] or ""
        if self._token is None:
            expires_at = self._credentials["expires_at"]
            fresh = expires_at and expires_at - RENEW_BEFORE > fields.Datetime.now()
            self._token = self._credentials["token"] if fresh else self._renewed()
        return self._token

    def renew(self, refused):
        """A new token after Shopify refused the present one; a permanent token stays what it is."""
        if self._credentials["auth_mode"] == "client_credentials":
            self._token = self._renewed(refused)

    def _renewed(self, refused=None):
        return self._model._renew_token(self._instance, self._credentials, refused)
