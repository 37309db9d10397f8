"""The operation "Check webhooks": what is subscribed at Shopify is brought to what the store's switches say."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from odoo import api, fields, models

from .. import shopify_api
from .page import Page
from .shopify_webhook import SUBSCRIBED
from .spoken import speak

PAGE = 100
#: How our addresses are recognised, whatever the host.
PATH = "/shopify/webhook/"


@dataclass
class _Plan:
    """What a store wants: the topics, its address, and the topics that were active at the last check."""

    topics: list[str]
    address: str
    token: str
    was_active: set[str] = field(default_factory=set)


class ShopifyHandlerWebhook(models.AbstractModel):
    """Fetches the list of subscriptions, repairs it at Shopify, and writes down how it is."""

    _name = "shopify.handler.webhook"
    _description = "Shopify Webhook Check"

    @api.model
    def _fetch_page(self, instance, _run):
        """List, create, move and remove subscriptions; called without an open transaction."""
        plan = self._plan(instance)
        if plan.topics:
            problem = shopify_api.webhooks.address_problem(
                plan.address, shopify_api.is_loopback(instance.sudo().shop_domain)
            )
            if problem:
                raise speak(instance.env, shopify_api.WrongAddress(problem))
        found = self._list(instance)
        ours, foreign, elsewhere = self._sort(found, plan)
        records = [self._bring(instance, topic, ours.pop(topic, None), plan) for topic in plan.topics]
        gone = [*ours.values(), *foreign]
        for subscription in gone:
            self._remove(instance, subscription["id"])
        return Page(
            records=records, seen=len(found), message=self._words(records, len(gone), elsewhere, bool(plan.topics))
        )

    @api.model
    def _plan(self, instance):
        """Read the wishes of a store in a transaction of its own."""

        def work(env):
            store = env["shopify.instance"].with_context(active_test=False).browse(instance.id).sudo()
            rows = {row.topic: row for row in store.webhook_ids}
            topics = [name for name in store._webhook_topics() if name not in rows or rows[name].enabled]
            active = {name for name, row in rows.items() if row.state == "active"}
            return _Plan(topics, store._webhook_address(), store._token_of_webhooks(), active)

        return self.env["shopify.run.starter"]._in_own_transaction(instance, work)

    @api.model
    def _list(self, instance):
        found, after = [], None
        while True:
            answer = self.env["shopify.connection"]._execute(
                instance, "webhooks/WebhookSubscriptions", {"first": PAGE, "after": after}
            )
            page = answer.data["webhookSubscriptions"]
            found += page["nodes"]
            if not page["pageInfo"]["hasNextPage"]:
                return found
            after = page["pageInfo"]["endCursor"]

    @api.model
    def _sort(self, found, plan):
        """Whose each subscription is.

        Ours carry our token, whatever the host and database; of several for a topic the one with the right address is
        kept. Leftovers of this connector on the same host are foreign and removed. All others are left alone: they may
        belong to another Odoo that uses the same app.

        :return: ({topic: subscription}, [foreign], number of others)
        """
        names = {topic.enum: name for name, topic in SUBSCRIBED.items()}
        host = urlsplit(plan.address).netloc
        ours, foreign, elsewhere = {}, [], 0
        for one in sorted(found, key=lambda one: one["uri"] != plan.address):
            parts = urlsplit(one["uri"])
            mine = parts.path.startswith(PATH) and parts.path.endswith(f"/{plan.token}")
            name = names.get(one["topic"])
            if mine and name and name not in ours:
                ours[name] = one
            elif mine or (parts.path.startswith(PATH) and parts.netloc == host):
                foreign.append(one)
            else:
                elsewhere += 1
        return ours, foreign, elsewhere

    @api.model
    def _bring(self, instance, name, subscription, plan):
        """Bring one topic into order; a refusal of Shopify concerns this topic only.

        :return: values of its row, with `repaired` when it had vanished or led elsewhere
        """
        topic = SUBSCRIBED[name]
        wanted = {"uri": plan.address, "includeFields": list(topic.fields)}
        values = {"topic": name, "address": plan.address, "state": "active", "message": False, "repaired": False}
        execute = self.env["shopify.connection"]._execute
        try:
            if subscription is None:
                variables = {"topic": topic.enum, "subscription": {**wanted, "format": "JSON"}}
                answer = execute(instance, "webhooks/WebhookSubscriptionCreate", variables)
                subscription = answer.data["webhookSubscriptionCreate"]["webhookSubscription"]
                values["repaired"] = name in plan.was_active
            elif subscription["uri"] != plan.address or subscription["includeFields"] != wanted["includeFields"]:
                variables = {"id": subscription["id"], "subscription": wanted}
                execute(instance, "webhooks/WebhookSubscriptionUpdate", variables, idempotent=True)
                values["repaired"] = True
        except (shopify_api.UserErrors, shopify_api.AccessDenied) as error:
            values.update(state="wrong" if subscription else "missing", message=error.message)
            if subscription:
                values["address"] = subscription["uri"]
        if subscription:
            values["shopify_id"] = shopify_api.legacy_id(subscription["id"])
        return values

    @api.model
    def _remove(self, instance, gid):
        try:
            self.env["shopify.connection"]._execute(
                instance, "webhooks/WebhookSubscriptionDelete", {"id": gid}, idempotent=True
            )
        except shopify_api.UserErrors:
            return  # gone meanwhile, which is what we want

    @api.model
    def _words(self, records, removed, elsewhere, wanted):
        """How it went, for the person who asked."""
        active = [one for one in records if one["state"] == "active"]
        parts = []
        if wanted:
            parts.append(self.env._("%(count)s of %(all)s webhooks are active.", count=len(active), all=len(records)))
        else:
            parts.append(self.env._("No webhooks are switched on."))
        repaired = [one["topic"] for one in records if one["repaired"]]
        if repaired:
            parts.append(self.env._("Had vanished or led elsewhere, and were mended: %s.", ", ".join(repaired)))
        for one in records:
            if one["message"]:
                parts.append(self.env._("%(topic)s: %(reason)s", topic=one["topic"], reason=one["message"]))
        if removed:
            parts.append(self.env._("%s were removed at Shopify.", removed))
        if elsewhere:
            parts.append(self.env._("%s of this app lead to other addresses and were left alone.", elsewhere))
        return "\n".join(parts)

    @api.model
    def _store_records(self, run, records):
        """Write down how the subscriptions are; log what had vanished and what Shopify refuses."""
        store = run.instance_id
        # the rows only repeat what Shopify says; whoever checks needs no right to write them
        rows = {row.topic: row for row in store.sudo().webhook_ids}
        now, to_create = fields.Datetime.now(), []
        repaired = [values["topic"] for values in records if values.pop("repaired")]
        for values in records:
            row = rows.pop(values["topic"], None)
            values["checked_at"] = now
            if row:
                row.write(values)
            else:
                to_create.append({**values, "instance_id": store.id})
        for row in rows.values():
            row.write({"state": "off", "shopify_id": False, "message": False, "checked_at": now})
        self.env["shopify.webhook"].sudo().create(to_create)
        if not store._webhook_topics():
            # switched off as a whole; topics that a manager switched off one by one are remembered
            store.sudo().webhook_ids.filtered("enabled").unlink()
        self._log(store, repaired, [values for values in records if values["message"]])
        return 0

    @api.model
    def _log(self, store, repaired, refused):
        common = {
            "process": self.env._("Check webhooks"),
            "fix_action": "settings",
            "fix_context": {"res_id": store.id},
        }
        logs = []
        if repaired:
            message = self.env._(
                "%s webhook subscriptions had vanished at Shopify or led elsewhere and were mended. What happened in "
                "between is found by the catch-up.",
                len(repaired),
            )
            logs.append(
                {
                    **common,
                    "severity": "warning",
                    "cause": "webhook_repaired",
                    "message": message,
                    "detail": ", ".join(repaired),
                    "record_key": "webhook:repaired",
                }
            )
        if refused:
            message = self.env._(
                "Shopify refuses these subscriptions: %s",
                "; ".join(f"{values['topic']}: {values['message']}" for values in refused),
            )
            logs.append({**common, "cause": "webhook_refused", "message": message, "record_key": "webhook:refused"})
        else:
            self.env["shopify.log.line"]._resolve_keys(store, ["webhook:refused"])
        self.env["shopify.log.line"]._log(store, logs)
