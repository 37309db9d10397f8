"""The address that Shopify delivers webhooks to: check, store, answer; the work is done later.

The database is named in the path, because Shopify sends neither cookie nor header that would name it. The route needs no
database of its own, so on a server with several databases it answers when `shopify_sync` is among the server-wide modules
(`server_wide_modules = base,rpc,web,shopify_sync`); on a server with one database it answers as it is.
"""

import json
import logging
from datetime import datetime, timedelta, timezone

import psycopg2
from odoo import http, sql_db
from odoo.addons.base.models.ir_cron import ODOO_NOTIFY_FUNCTION
from odoo.http import request
from odoo.modules.registry import Registry
from odoo.tools import SQL
from psycopg2 import errors as pg_errors

from ..shopify_api import webhooks

_logger = logging.getLogger(__name__)

#: Bodies up to this size are kept; of bigger ones the id and the headers (bytes).
KEPT_BODY = 5 * 1024 * 1024
#: Nothing bigger is read at all (bytes).
BIGGEST_BODY = 20 * 1024 * 1024
#: Shopify may sign with the former secret for so long after a change.
FORMER_SECRET = timedelta(hours=1)
#: Shopify gives up after 4 hours. What is older than this is a delivery sent again by somebody else; the catch-up knows
#: what it was about.
OLDEST = timedelta(days=1)
#: The longest delay that is written down (seconds, ten years).
LONGEST_DELAY = 10 * 365 * 24 * 3600
#: Rows of refused deliveries that a store gets in an hour: a forger cannot fill the database.
REFUSED_ROWS = 20
#: Self-tests of a store carry this topic.
SELF_TEST = "odoo/self_test"
_TRIES = 3
_HEADERS = (
    webhooks.HEADER_TOPIC,
    webhooks.HEADER_SHOP,
    webhooks.HEADER_ID,
    webhooks.HEADER_EVENT,
    webhooks.HEADER_TRIGGERED,
    "X-Shopify-API-Version",
    "X-Shopify-Name",
    "X-Shopify-Sub-Topic",
    "User-Agent",
    "Content-Type",
    "Content-Length",
)


class ShopifyWebhook(http.Controller):
    @http.route(
        "/shopify/webhook/<string:db>/<string:token>",
        type="http",
        auth="none",
        methods=["POST"],
        csrf=False,
        save_session=False,
        readonly=False,
        max_content_length=BIGGEST_BODY,
    )
    def receive(self, db, token):
        """Take one delivery. 200 stored (or known already), 401 wrong signature, 404 unknown address or shop, 410 the
        store is archived, 413 too big, 503 the database does not answer."""
        if db not in http.db_list(force=True, host=request.httprequest.environ.get("HTTP_HOST", "")):
            return _answer(404, "unknown address")
        body = request.httprequest.get_data(cache=False)
        for _attempt in range(_TRIES):
            try:
                with _cursor(db) as cr:
                    status, text, wake = _Inbox(cr, request.httprequest.headers, body).take(token)
            except (pg_errors.SerializationFailure, pg_errors.DeadlockDetected):
                continue  # the same delivery came twice at once: the other one is stored
            except pg_errors.UndefinedTable:
                return _answer(404, "unknown address")  # the addon is not installed in this database
            except psycopg2.Error:
                _logger.exception("A Shopify webhook for database %s could not be stored", db)
                return _answer(503, "try again")
            if wake:
                _notify(db)
            return _answer(status, text)
        return _answer(503, "try again")


class _Inbox:
    """One delivery on its way into the database, by SQL alone."""

    def __init__(self, cr, headers, body):
        self.cr = cr
        self.headers = headers
        self.body = body
        self.now = datetime.now(timezone.utc).replace(tzinfo=None, microsecond=0)

    def take(self, token):
        """(HTTP status, text, whether there is work to wake a job for)"""
        store = self._store_of(token)
        if not store:
            return 404, "unknown address", False
        if not store["active"]:
            return 410, "the store is archived", False
        former = store["former"] if store["changed_at"] and store["changed_at"] > self.now - FORMER_SECRET else None
        signature = self.headers.get(webhooks.HEADER_SIGNATURE, "")
        if not webhooks.is_signed(self.body, signature, (store["secret"], former)):
            return 401, "wrong signature", self._refuse(store)
        shop = self.headers.get(webhooks.HEADER_SHOP, "").strip().lower()
        if shop != store["shop_domain"]:
            store = self._store_of_shop(shop, store["secret"])
            if not store:
                return 404, "unknown shop", False
        return self._keep(store)

    def _store_of(self, token):
        return self._one(SQL("%s WHERE webhook_token = %s", _STORES, token))

    def _store_of_shop(self, shop, secret):
        """Another store of the same app: privacy requests of all its stores come to one address."""
        found = self._one(SQL("%s WHERE shop_domain = %s AND active", _STORES, shop))
        return found if found and found["secret"] == secret else None

    def _one(self, query):
        self.cr.execute(query, log_exceptions=False)
        rows = self.cr.dictfetchall()
        return rows[0] if rows else None

    def _keep(self, store):
        name = self.headers.get(webhooks.HEADER_TOPIC, "").strip().lower()
        delivery = self.headers.get(webhooks.HEADER_ID, "").strip()
        topic = webhooks.TOPICS.get(name)
        small = len(self.body) <= KEPT_BODY
        state, reason, ident, changed = "new", None if small else "too_big", None, None
        if topic:
            ident, changed = webhooks.read_body(topic, self.body) if small else (webhooks.leading_id(self.body), None)
            if ident and topic.through and not small:
                ident = f"{topic.through}/{ident}"
            if self._is_old(topic):
                state, reason = "ignored", "too_old"
        elif name == SELF_TEST:
            state, reason = "processed", "self_test"
        else:
            state, reason = "ignored", "unused_topic"
        stored = self._insert(
            store,
            topic=name[:200],
            delivery_ref=delivery[:200] or None,
            event_ref=self.headers.get(webhooks.HEADER_EVENT, "")[:200] or None,
            shopify_id=ident,
            changed_at=changed,
            body=self.body.decode("utf-8", "replace").replace("\x00", "") if small else None,
            state=state,
            reason=reason,
        )
        return 200, "stored" if stored else "known already", bool(stored) and state == "new" and self._trigger()

    def _is_old(self, topic):
        """A look that nobody waits for any more. Deletions and privacy requests are found by nothing else."""
        triggered = webhooks.read_time(self.headers.get(webhooks.HEADER_TRIGGERED))
        looks = topic.group == "orders" and topic.name != "orders/delete"
        return looks and triggered is not None and triggered < self.now - OLDEST

    def _refuse(self, store):
        self.cr.execute(
            SQL(
                """SELECT count(*) FROM shopify_webhook_event
                    WHERE instance_id = %s AND state = 'refused' AND received_at > %s""",
                store["id"],
                self.now - timedelta(hours=1),
            )
        )
        if self.cr.fetchone()[0] >= REFUSED_ROWS:
            return False
        self._insert(
            store,
            topic=self.headers.get(webhooks.HEADER_TOPIC, "")[:200],
            delivery_ref=self.headers.get(webhooks.HEADER_ID, "")[:200] or None,
            state="refused",
            reason="signature",
        )
        return self._trigger()

    def _insert(self, store, **values):
        """One row; nothing when the delivery is stored already."""
        triggered = webhooks.read_time(self.headers.get(webhooks.HEADER_TRIGGERED))
        values |= {
            "instance_id": store["id"],
            "company_id": store["company_id"],
            "received_at": self.now,
            "triggered_at": triggered,
            "delay": min(max(0, int((self.now - triggered).total_seconds())), LONGEST_DELAY) if triggered else None,
            "headers": json.dumps({key: self.headers[key][:500] for key in _HEADERS if key in self.headers}),
            "attempts": 0,
            "create_date": self.now,
            "write_date": self.now,
        }
        self.cr.execute(
            SQL(
                "INSERT INTO shopify_webhook_event (%s) VALUES (%s) ON CONFLICT DO NOTHING RETURNING id",
                SQL(", ").join(map(SQL.identifier, values)),
                SQL(", ").join(SQL("%s", value) for value in values.values()),
            ),
            log_exceptions=False,  # nobody's data in the log
        )
        return self.cr.fetchone()

    def _trigger(self):
        """Plan the job that processes events, once a second at most; whether it is worth a wake-up."""
        self.cr.execute(
            SQL(
                """INSERT INTO ir_cron_trigger (cron_id, call_at)
                   SELECT c.id, %(now)s
                     FROM ir_cron c
                     JOIN ir_model_data d ON d.model = 'ir.cron' AND d.res_id = c.id
                    WHERE d.module = 'shopify_sync' AND d.name = 'cron_process_webhooks' AND c.active
                      AND NOT EXISTS (SELECT FROM ir_cron_trigger t
                                       WHERE t.cron_id = c.id AND t.call_at = %(now)s)
                RETURNING id""",
                now=self.now,
            )
        )
        return bool(self.cr.fetchone())


_STORES = SQL(
    """SELECT id, company_id, active, shop_domain, webhook_secret_former AS former,
              webhook_secret_changed_at AS changed_at, COALESCE(NULLIF(webhook_secret, ''), client_secret) AS secret
         FROM shopify_instance"""
)


def _cursor(db):
    """A cursor of the database. A registry that is not loaded is not needed: loading takes longer than Shopify waits."""
    registry = Registry.registries.get(db)
    return registry.cursor() if registry else sql_db.db_connect(db).cursor()


def _notify(db):
    """Wake the scheduler at once; without it the job comes by its interval."""
    try:
        with sql_db.db_connect("postgres").cursor() as cr:
            cr.execute(SQL("SELECT %s('cron_trigger', %s)", SQL.identifier(ODOO_NOTIFY_FUNCTION), db))
    except psycopg2.Error:
        _logger.warning("The scheduler could not be woken for a Shopify webhook", exc_info=True)


def _answer(status, text):
    return request.make_response(text, [("Content-Type", "text/plain; charset=utf-8")], status=status)
