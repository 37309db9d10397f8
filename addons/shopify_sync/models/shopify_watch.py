"""Telling people of what needs them: activities and one e-mail a store, made by a job of their own.

What they tell of are log lines, so a failing e-mail server never stands in the way of work, and nothing is told twice.
"""

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from psycopg2 import errors as pg_errors

from .shopify_instance_board_lists import RISKY

_logger = logging.getLogger(__name__)

#: What is told at once, however long alerts are collected for.
AT_ONCE = frozenset({"connection"})
#: Rows of the table of an e-mail; the rest is a link.
MOST_ROWS = 50
SEVERITIES = {"error": ("error",), "warning": ("error", "warning")}


class ShopifyWatch(models.AbstractModel):
    _name = "shopify.watch"
    _description = "Shopify Watch"

    @api.model
    def _cron_alerts(self):
        """For each store: look at its health, make and close activities, send what is due."""
        stores = self.env["shopify.instance"].search([("state", "!=", "draft")])
        crons = self.env["ir.cron"]
        crons._commit_progress(remaining=len(stores))
        for store in stores:
            own = store._for_jobs()
            alert = self.with_env(own.env)
            for step in (alert._check_health, alert._plan_activities, alert._send_mail):
                try:
                    with self.env.cr.savepoint():
                        step(own)
                except (UserError, ValueError, pg_errors.DataError):
                    _logger.exception("Shopify alerts of store %s", store.id)
            if not crons._commit_progress(1):
                break

    @api.model
    def _rows(self, store, *domain):
        # alerts are a job's: it marks what it has told
        logs = self.env["shopify.log.line"].sudo().with_context(tracking_disable=True)
        return logs.search([("instance_id", "=", store.id), *domain])

    @api.model
    def _held(self, store, *domain):
        orders = self.env["sale.order"].sudo().with_context(tracking_disable=True)  # as `_rows`
        return orders.search([("shopify_instance_id", "=", store.id), *RISKY, *domain])

    # E-mail

    @api.model
    def _send_mail(self, store):
        """One e-mail with everything that is new, still unsolved after a while, or solved; nothing when none is due.

        :return: the e-mail, or an empty recordset
        """
        nothing = self.env["mail.mail"]
        if not store.alert_mail or not store._recipients("alert"):
            return nothing
        now = fields.Datetime.now()
        wanted = [("severity", "in", SEVERITIES[store.alert_severity])]
        new = self._rows(store, ("resolved", "=", False), ("alerted_at", "=", False), *wanted)
        solved = self._rows(store, ("resolved", "=", True), ("alerted_at", "!=", False), ("solved_told", "=", False))
        repeated = new.browse()
        if store.alert_repeat:
            before = now - timedelta(hours=store.alert_repeat)
            repeated = self._rows(store, ("resolved", "=", False), ("alerted_at", "<=", before), *wanted)
        held = self._held(store, ("shopify_held_mailed", "=", False))
        collected = now - timedelta(minutes=store.alert_delay)
        due = (
            repeated
            or (not store.alert_delay and (new or solved or held))
            or any(row.cause in AT_ONCE or row.create_date <= collected for row in new)
            or any((row.resolved_at or now) <= collected for row in solved)
            or any((order.shopify_held_since or now) <= collected for order in held)
        )
        if not due:
            return nothing
        problems = len(new) + len(repeated)
        mail = store._mail(
            "alert",
            self._subject(store, problems, len(held), len(solved)),
            "shopify_sync.alert_mail",
            {
                "new": new[:MOST_ROWS],
                "repeated": repeated[:MOST_ROWS],
                "solved": solved[:MOST_ROWS],
                "held": held[:MOST_ROWS],
                "more": max(len(rows) - MOST_ROWS for rows in (new, repeated, solved, held)),
                "link": store._alert_link,
                "test": False,
            },
        )
        (new + repeated).write({"alerted_at": now})
        solved.write({"solved_told": True})
        held.write({"shopify_held_mailed": True})
        return mail

    @api.model
    def _subject(self, store, problems, held, solved):
        parts = [
            problems and (self.env._("one problem") if problems == 1 else self.env._("%s problems", problems)),
            held and (self.env._("one risky order held") if held == 1 else self.env._("%s risky orders held", held)),
            solved and self.env._("%s solved", solved),
        ]
        return f"{store.name}: {', '.join(filter(None, parts))}"

    # Activities

    @api.model
    def _plan_activities(self, store):
        """One open activity a cause for each responsible user; closed when the cause is gone."""
        prefix = f"alert:{store.id}:"
        open_rows = self._rows(store, ("resolved", "=", False), ("severity", "=", "error"))
        held = self._held(store)
        by_key = open_rows.grouped(lambda row: f"{prefix}{row.process}:{row.cause}")
        held_keys = {f"{prefix}held:{order.id}" for order in held}
        # what the connector asked for is withdrawn by it, whosever it is
        activities = self.env["mail.activity"].sudo()
        present = activities.search([("shopify_cause", "=like", prefix + "%")])
        present.filtered(lambda one: one.shopify_cause not in by_key and one.shopify_cause not in held_keys).unlink()
        if not store.activity_on or not store.activity_user_ids:
            return
        asked = set(present.exists().mapped("shopify_cause"))
        to_create = []
        for key, rows in by_key.items():
            fresh = rows.filtered(lambda row: not row.activity_planned and store._activity_for(row))
            if fresh and key not in asked:
                to_create += self._prepare_activities(store, key, self._place(fresh[:1]), fresh[0].message)
            fresh.write({"activity_planned": True})
        fresh = held.filtered(lambda order: not order.shopify_held_planned) if store.activity_orders else held.browse()
        for order in fresh:
            text = store.env._("%s is held because of its risk: confirm or cancel it.", order.name)
            to_create += self._prepare_activities(store, f"{prefix}held:{order.id}", order, text)
        fresh.write({"shopify_held_planned": True})
        if to_create:
            activities.with_context(mail_activity_quick_update=True).create(to_create)

    @api.model
    def _place(self, row):
        """Where the activity stands: the queue, else the document, else the log line itself."""
        if row.queue_line_id:
            return row.queue_line_id.queue_id
        record = self.env[row.res_model].browse(row.res_id).exists() if row.res_model in self.env else None
        return record if record and hasattr(record, "activity_ids") else row

    @api.model
    def _prepare_activities(self, store, key, record, text):
        deadline = fields.Date.add(store._local_date(fields.Datetime.now()), days=store.activity_days)
        kind = store.activity_type_id or self.env.ref("mail.mail_activity_data_todo")
        return [
            {
                "res_model_id": self.env["ir.model"]._get_id(record._name),
                "res_id": record.id,
                "activity_type_id": kind.id,
                "summary": (text or "").split("\n")[0][:120],
                "date_deadline": deadline,
                "user_id": user.id,
                "shopify_cause": key,
            }
            for user in store.activity_user_ids
            if record.with_user(user).with_context(allowed_company_ids=user.company_ids.ids).has_access("read")
        ]
