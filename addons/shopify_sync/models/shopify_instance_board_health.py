"""How a store's connection and jobs are, each fact with the place that mends it."""

from datetime import timedelta

from odoo import fields, models
from odoo.tools import format_date, format_datetime, formatLang

from .. import shopify_api
from .operations import OPERATIONS
from .shopify_instance_schedules import LANE_LABELS

#: A job that is due for longer than this is late.
LATE = timedelta(minutes=15)
#: Below this share of the budget, requests wait for each other.
LITTLE_BUDGET = 0.1
#: The end of the API version is announced this long before.
NOTICE = timedelta(days=90)
#: Deliveries of webhooks that failed within this time are counted.
RECENT = timedelta(days=1)


class ShopifyInstance(models.Model):
    _inherit = "shopify.instance"

    def _board_health(self):
        """Facts of each store's health: {store: list of {key, level, title, text, method}}.

        `level` is `ok`, `warning`, `danger` or `off` (not used); `method` is the store's method that opens the place
        that mends it, or None when the user may not.
        """
        facts = [
            self._health_sign_in(),
            self._health_schedules(),
            self._health_webhooks(),
            self._health_proof(),
            self._health_budget(),
            self._health_version(),
        ]
        return {store: [fact[store] for fact in facts] for store in self}

    def _board_fact(self, key, level, title, text, method=None, user=False):
        """One fact. The place that mends it is open to managers, with `user` to everyone."""
        may = user or self.env.user.has_group("shopify_sync.group_manager")
        return {"key": key, "level": level, "title": title, "text": text, "method": method if may else None}

    def _health_sign_in(self):
        scopes = self.env["shopify.scope"].search([("instance_id", "in", self.ids), ("works", "=", False)])
        lacking = scopes.grouped("instance_id")
        copy = self.env["shopify.connection"]._is_a_copy()
        found = {}
        for store in self:
            names = lacking[store].mapped("name") if store in lacking else []
            if copy:
                level, text = "warning", self.env._("Paused: this database is a copy and never writes to Shopify.")
            elif store.state == "problem":
                level, text = "danger", store.problem or self.env._("Shopify refuses the sign-in.")
            elif store.state == "draft":
                level, text = "warning", self.env._("Not connected yet.")
            elif names:
                level = "warning"
                text = self.env._("Signed in; permissions are missing for: %s", ", ".join(sorted(names)))
            else:
                level, text = "ok", self.env._("Signed in, with all permissions.")
            found[store] = self._board_fact("sign_in", level, self.env._("Sign-in"), text, "action_open_settings")
        return found

    def _health_schedules(self):
        # jobs are readable by system administrators only; how those of a store do is no secret to its users
        jobs = self.env["ir.cron"].sudo().with_context(active_test=False)
        jobs = jobs.search_fetch(
            [("shopify_instance_id", "in", self.ids)],
            ["shopify_instance_id", "active", "lastcall", "nextcall", "failure_count", "cron_name"],
        )
        now, by_store = fields.Datetime.now(), jobs.grouped(lambda job: job.shopify_instance_id.id)
        found = {}
        for store in self:
            active = by_store.get(store.id, jobs.browse()).filtered("active")
            failing = active.filtered("failure_count")
            late = active.filtered(lambda job: job.nextcall < now - LATE) - failing
            level, said = "ok", []
            if not active:
                level = "warning"
                said.append(self.env._("Off: orders come only when an operation is performed by hand."))
            if failing:
                level = "danger"
                said.append(self.env._("Failing: %s.", store._job_names(failing)))
            if late:
                level = "danger" if failing else "warning"
                said.append(self.env._("Late: %s.", store._job_names(late)))
            last = max(filter(None, active.mapped("lastcall")), default=None)
            if last:
                said.append(self.env._("Last run %s.", store._board_moment(last)))
            due = min((job.nextcall for job in active if job.nextcall >= now), default=None)
            if due:
                said.append(self.env._("Next run %s.", store._board_moment(due)))
            elif not said:
                said.append(self.env._("The next run is due now."))
            found[store] = self._board_fact(
                "schedules", level, self.env._("Schedules"), " ".join(said), "action_board_schedules"
            )
        return found

    def _job_names(self, jobs):
        """Names of a store's jobs without the store's own."""
        return ", ".join(self._job_name(job) for job in jobs)

    def _job_name(self, job):
        """What a job does, in the reader's language; its own name when a later version of the addon does not know it."""
        key = job.shopify_operation or ""
        lane = LANE_LABELS.get(key.removeprefix("process_")) if key.startswith("process_") else None
        label = lane or (OPERATIONS[key].label if key in OPERATIONS else None)
        return self.env._(label) if label else job.cron_name.removeprefix(f"Shopify {self.name}: ")

    def _board_moment(self, moment):
        return format_datetime(self.env, moment, dt_format="short")

    def _health_webhooks(self):
        hooks, events = self.env["shopify.webhook"], self.env["shopify.webhook.event"]
        states = {}
        for store, state, count in hooks._read_group(
            [("instance_id", "in", self.ids), ("enabled", "=", True)], ["instance_id", "state"], ["__count"]
        ):
            states.setdefault(store, {})[state] = count
        since = fields.Datetime.now() - RECENT
        failed = dict(
            events._read_group(
                [("instance_id", "in", self.ids), ("state", "=", "failed"), ("received_at", ">=", since)],
                ["instance_id"],
                ["__count"],
            )
        )
        found = {}
        for store in self:
            counts, failures = states.get(store, {}), failed.get(store, 0)
            lost = counts.get("missing", 0) + counts.get("wrong", 0)
            method = "action_open_settings"
            if not store.webhook_on:
                level, text = "off", self.env._("Off: changes come by schedule.")
            elif lost:
                level = "danger"
                text = self.env._("%(lost)s of %(all)s subscriptions do not work.", lost=lost, all=sum(counts.values()))
            elif failures:
                level, method = "warning", "action_view_webhook_events"
                text = self.env._("%s deliveries of the last day could not be processed.", failures)
            else:
                level, text = "ok", self.env._("%s subscriptions are active.", counts.get("active", 0))
            found[store] = self._board_fact(
                "webhooks",
                level,
                self.env._("Webhooks"),
                text,
                method,
                user=method == "action_view_webhook_events",
            )
        return found

    def _health_proof(self):
        levels = {"open": "danger", "none": "off", "explained": "ok", "complete": "ok"}
        return {
            store: self._board_fact(
                "proof",
                levels[store.proof_state],
                self.env._("Completeness"),
                f"{store.proof_text}.",
                "action_view_proofs",
                user=True,
            )
            for store in self
        }

    def _health_budget(self):
        # the row is for managers, how much of the rate is left is no secret
        rows = self.env["shopify.connection"].sudo().search([("instance_id", "in", self.ids)])
        by_store = {row.instance_id.id: row for row in rows}
        now = fields.Datetime.now().timestamp()
        found = {}
        for store in self:
            row = by_store.get(store.id)
            if row and row.bucket_at:
                most = row.bucket_maximum
                left = min(most, max(0, row.bucket_available + row.bucket_restore * max(0, now - row.bucket_at)))
                level = "warning" if left < most * LITTLE_BUDGET else "ok"
                text = self.env._(
                    "%(left)s of %(most)s points left.", left=self._board_points(left), most=self._board_points(most)
                )
            else:
                level, text = "off", self.env._("No request was made yet.")
            found[store] = self._board_fact(
                "budget", level, self.env._("Requests to Shopify"), text, "action_board_running", user=True
            )
        return found

    def _board_points(self, number):
        return formatLang(self.env, number, digits=0)

    def _health_version(self):
        end, today = shopify_api.supported_until(), fields.Date.context_today(self)
        day = format_date(self.env, end)
        version = shopify_api.API_VERSION
        found = {}
        for store in self:
            level, text = "ok", self.env._("%(version)s, supported until %(day)s.", version=version, day=day)
            if today >= end:
                level = "danger"
                text = self.env._("%(version)s ended on %(day)s: update the app.", version=version, day=day)
            elif end - today <= NOTICE:
                level = "warning"
                text = self.env._("%(version)s ends on %(day)s: update the app before.", version=version, day=day)
            elif store.deprecated_reason:
                level, text = "warning", store.deprecated_reason
            found[store] = self._board_fact("version", level, self.env._("API version"), text, "action_open_settings")
        return found

    def action_open_settings(self):
        """The store's own form."""
        self.ensure_one()
        return self._get_records_action()

    def action_board_schedules(self):
        """The dialog with the store's scheduled jobs."""
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "shopify_schedules",
            "name": self.env._("Schedules"),
            "target": "new",
            "params": {"store": self.id},
        }

    def action_board_running(self):
        """What uses the requests: the store's queues that are not finished."""
        return self.action_view_queues()
