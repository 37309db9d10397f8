"""Processing of webhook events: each means "look again", so the records are read from Shopify as they are now."""

import logging
import time
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import shopify_api
from ..shopify_api.webhooks import TOPICS
from .handler_order_fetch import PAGE_ORDERS
from .shopify_queue_line import PAUSES
from .spoken import spoken

_logger = logging.getLogger(__name__)

#: Events of one record that come within this time are one look.
JOIN = timedelta(seconds=5)
#: Events of a store that are planned at once.
BATCH = 500
#: Refused deliveries are told at most this often.
ALERT_EVERY = timedelta(hours=1)


class ShopifyWebhookProcessor(models.AbstractModel):
    """What is done about deliveries. The job is woken by each delivery and comes every two minutes at the latest."""

    _name = "shopify.webhook.processor"
    _description = "Shopify Webhook Processor"

    @api.model
    def _cron_process(self):
        """Process what is due, and wait for what joins within seconds; nothing is open while it waits."""
        crons = self.env["ir.cron"]
        left = crons._commit_progress(remaining=self._count_waiting())
        while left:
            stores, pause = self._due_stores()
            if not stores:
                if pause is None or pause > left:
                    break
                time.sleep(pause)
                left = crons._commit_progress()
                continue
            ended = 0
            for store in stores:
                ended += self._process_store(store)
                left = crons._commit_progress(ended)
                if not left:
                    break
            if not ended:
                break  # what is due is in other hands, or must wait
        self._alert_refused()
        crons._commit_progress(remaining=self._count_waiting())

    @api.model
    def _domain_due(self, now):
        return [
            ("state", "=", "new"),
            ("instance_id.active", "=", True),
            "|",
            ("next_attempt_at", "=", False),
            ("next_attempt_at", "<=", now),
        ]

    @api.model
    def _count_waiting(self):
        """Events that could be processed now or within seconds."""
        with self.env.registry.cursor() as cr:
            events = self.with_env(self.env(cr=cr)).env["shopify.webhook.event"]
            return events.search_count(self._domain_due(fields.Datetime.now()))

    @api.model
    def _due_stores(self):
        """(stores with events that are due, seconds until one is due if there is none)"""
        now = fields.Datetime.now()
        with self.env.registry.cursor() as cr:
            events = self.with_env(self.env(cr=cr)).env["shopify.webhook.event"]
            domain = self._domain_due(now)
            groups = events._read_group([*domain, ("received_at", "<=", now - JOIN)], ["instance_id"])
            stores = self.env["shopify.instance"].browse([store.id for (store,) in groups])
            ((first,),) = events._read_group(domain, [], ["received_at:min"])
        pause = max(0.1, (first + JOIN - now).total_seconds()) if first else None
        return stores, pause

    @api.model
    def _process_store(self, store, event_ids=None):
        """Process events of one store.

        :param event_ids: only these, whatever their time
        :return: how many were looked at
        """
        instance = store._for_jobs()
        planned = self._plan(instance, event_ids)
        for action, events in planned.items():
            ids = [event["id"] for event in events]
            try:
                getattr(self, action)(instance, events)
            except shopify_api.ShopifyError as error:
                instance._note_problem(error)
                self._postpone(instance, ids, error)
            except UserError as error:
                self._end(instance, ids, "failed", str(error))
        return sum(map(len, planned.values()))

    @api.model
    def _plan(self, instance, event_ids):
        """{method: events as plain values}, oldest first, so that nothing is open while Shopify is asked."""

        def work(env):
            now = fields.Datetime.now()
            if event_ids is None:
                domain = [*self._domain_due(now), ("received_at", "<=", now - JOIN)]
            else:
                domain = [("state", "=", "new"), ("id", "in", event_ids)]
            events = env["shopify.webhook.event"].search(
                [("instance_id", "=", instance.id), *domain], order="id", limit=BATCH
            )
            planned = {}
            for event in events:
                values = {key: event[key] for key in ("id", "topic", "shopify_id", "changed_at")}
                planned.setdefault(self._action_of(event.topic), []).append(values)
            return planned

        return self.env["shopify.run.starter"]._in_own_transaction(instance, work)

    @api.model
    def _action_of(self, name):
        topic = TOPICS[name]
        if topic.group == "orders":
            return "_look_at_orders"
        if topic.group == "customers":
            return "_look_at_customers"
        if topic.group == "privacy":
            return "_answer_privacy"
        return "_look_at_app" if name == "app/uninstalled" else "_look_at_locations"

    # Orders

    @api.model
    def _look_at_orders(self, instance, events):
        """Read the orders that events name, many in one request, and queue those that changed."""
        by_order = {}
        events = self._with_order(instance, events)
        self._wake_shipments(instance, events)
        for event in events:
            by_order.setdefault(event["shopify_id"], []).append(event)
        nameless = by_order.pop(None, []) + by_order.pop(False, [])
        if nameless:
            self._end(
                instance,
                [event["id"] for event in nameless],
                "failed",
                self.env._("The delivery names no order. The catch-up of changed orders finds what it was about."),
            )
        granted = self._leave_out_older(instance, by_order)
        wanted = list(by_order)
        for start in range(0, len(wanted), PAGE_ORDERS):
            part = wanted[start : start + PAGE_ORDERS]
            records, unknown = self.env["shopify.handler.order"]._fetch_ids(instance, part, granted)
            self._store_orders(instance, {ident: by_order[ident] for ident in part}, records, set(unknown))

    @api.model
    def _leave_out_older(self, instance, by_order):
        """End events that are older than what Odoo has; their orders need no look. Deletions always do.

        :param by_order: {Shopify order id: events}, shortened
        :return: the scopes granted
        """

        def work(env):
            known = env["shopify.handler.order"]._last_known(
                env["shopify.instance"].browse(instance.id), list(by_order)
            )
            for ident, events in list(by_order.items()):
                moment = known.get(ident)
                fresh = [
                    event
                    for event in events
                    if not moment
                    or not event["changed_at"]
                    or event["changed_at"] >= moment
                    or event["topic"] == "orders/delete"
                ]
                if not fresh:
                    self._claim(env, by_order.pop(ident))._set_ignored(env._("Odoo has a newer state of this order."))
            return env["shopify.scope"]._granted(env["shopify.instance"].browse(instance.id))

        return self.env["shopify.run.starter"]._in_own_transaction(instance, work)

    @api.model
    def _store_orders(self, instance, by_order, records, unknown):
        """Queue what changed and end the events, in one transaction."""

        def work(env):
            store = env["shopify.instance"].browse(instance.id)
            looked = env["shopify.handler.order"]._store_looked(store, records)
            for ident, events in by_order.items():
                claimed = self._claim(env, events)
                if ident in unknown:
                    self._end_unknown(env, store, ident, claimed)
                    continue
                line, reason = looked[ident]
                if reason:
                    claimed._set_ignored(reason, line)
                else:
                    claimed._set_processed(env._("Order %s was queued.", line.reference), line)
            queued = [line for line, reason in looked.values() if not reason]
            if queued:
                store._trigger_processing()
            return env["shopify.queue.line"].union(*queued).queue_id.ids

        queue_ids = self.env["shopify.run.starter"]._in_own_transaction(instance, work)
        self.env["shopify.runner"]._refresh_queues(instance, queue_ids)

    @api.model
    def _end_unknown(self, env, store, ident, events):
        """Shopify does not show the order: it is deleted if it says so, else the app may not see it."""
        if "orders/delete" not in events.mapped("topic"):
            events._set_ignored(
                env._("Shopify does not show this order: it is deleted, or too old for the permissions.")
            )
            return
        text = env["sale.order"]._shopify_mark_deleted(store, ident)
        events._set_processed(text)

    # Locations, the app itself

    @api.model
    def _look_at_locations(self, instance, events):
        found = self.env["shopify.location"]._fetch(instance)

        def work(env):
            env["shopify.location"]._store(env["shopify.instance"].browse(instance.id), found)
            self._claim(env, events)._set_processed(env._("The locations were read again."))

        self.env["shopify.run.starter"]._in_own_transaction(instance, work)

    @api.model
    def _look_at_app(self, instance, events):
        """The app was removed from the store, unless it answers: then it was installed again meanwhile."""
        try:
            self.env["shopify.connection"]._execute(instance, "shop/Connection")
        except (shopify_api.SignInRefused, shopify_api.ShopUnavailable) as error:
            reason = error.message
        else:
            self._end(instance, [event["id"] for event in events], "ignored", self.env._("The app is installed again."))
            return

        def work(env):
            # the state of the connection is the addon's, whoever the job runs as
            store = env["shopify.instance"].browse(instance.id).sudo()
            text = env._("The app was removed from the store in Shopify. %s", reason)
            store.write({"state": "problem", "problem": text})
            store.webhook_ids.write({"state": "missing", "shopify_id": False, "message": text})
            env["shopify.log.line"]._log(
                store,
                [
                    {
                        "process": env._("Webhooks"),
                        "cause": "app_uninstalled",
                        "message": text,
                        "record_key": "webhook:uninstalled",
                        "fix_action": "settings",
                        "fix_context": {"res_id": store.id},
                    }
                ],
            )
            self._claim(env, events)._set_processed(text)

        self.env["shopify.run.starter"]._in_own_transaction(instance, work)

    @api.model
    def _answer_privacy(self, instance, events):
        def work(env):
            store = env["shopify.instance"].browse(instance.id)
            env["shopify.webhook.privacy"]._answer(store, self._claim(env, events))

        self.env["shopify.run.starter"]._in_own_transaction(instance, work)

    # Outcomes

    @api.model
    def _claim(self, env, events):
        """The events that nobody else has ended meanwhile, locked."""
        found = env["shopify.webhook.event"].sudo().browse([event["id"] for event in events])
        return found.try_lock_for_update().filtered(lambda event: event.state == "new")

    @api.model
    def _end(self, instance, ids, state, message):
        def work(env):
            events = self._claim(env, [{"id": ident} for ident in ids])
            events._end(state, message)
            if state == "failed" and events:
                self._log_failure(env, instance, events, message)

        self.env["shopify.run.starter"]._in_own_transaction(instance, work)

    @api.model
    def _postpone(self, instance, ids, error):
        """Shopify could not be asked: later again when that can help, failed when a person is needed."""

        def work(env):
            events = self._claim(env, [{"id": ident} for ident in ids])
            reason = spoken(env, error.words)
            tired = events.filtered(lambda event: not error.heals or event.attempts >= len(PAUSES))
            if tired:
                tired._set_failed(reason)
                self._log_failure(env, instance, tired, reason)
            waiting = events - tired
            for attempts, same in waiting.grouped("attempts").items():
                wait = timedelta(seconds=error.retry_after + 1) if error.retry_after else PAUSES[attempts]
                moment = fields.Datetime.now() + wait
                same.write(
                    {
                        "next_attempt_at": moment,
                        "attempts": attempts + (not error.retry_after),
                        "message": reason,
                    }
                )
                # the wake-up is the addon's
                env.ref("shopify_sync.cron_process_webhooks").sudo()._trigger(moment)

        self.env["shopify.run.starter"]._in_own_transaction(instance, work)

    @api.model
    def _log_failure(self, env, instance, events, message):
        env["shopify.log.line"]._log(
            env["shopify.instance"].browse(instance.id),
            [
                {
                    "process": env._("Webhooks"),
                    "cause": "webhook_failed",
                    "message": env._("%(topic)s: %(reason)s", topic=event.topic, reason=message),
                    "record_key": f"webhook:{event.topic}:{event.shopify_id or event.id}",
                    "res_model": event._name,
                    "res_id": event.id,
                }
                for event in events
            ],
        )

    @api.model
    def _alert_refused(self):
        """One log line a store tells of refused deliveries, at most once an hour."""
        with self.env.registry.cursor() as cr:
            env = self.env(cr=cr)
            events = env["shopify.webhook.event"].search([("state", "=", "refused"), ("alerted", "=", False)])
            since = fields.Datetime.now() - ALERT_EVERY
            for store, refused in events.grouped("instance_id").items():
                recent = env["shopify.log.line"].search_count(
                    [
                        ("instance_id", "=", store.id),
                        ("record_key", "=", "webhook:signature"),
                        ("last_seen", ">", since),
                    ],
                    limit=1,
                )
                if recent:
                    continue
                env["shopify.log.line"]._log(
                    store,
                    [
                        {
                            "process": env._("Webhooks"),
                            "cause": "webhook_signature",
                            "message": env._(
                                "%s deliveries to the webhook address of this store were refused because their signature is "
                                "wrong. Either the app's secret was changed at Shopify (Reset Credentials), or somebody "
                                "tries to forge deliveries.",
                                len(refused),
                            ),
                            "record_key": "webhook:signature",
                            "fix_action": "settings",
                            "fix_context": {"res_id": store.id},
                        }
                    ],
                )
                refused.alerted = True
