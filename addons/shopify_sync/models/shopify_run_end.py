"""What comes after a run: the next one waiting for its turn starts, and whoever started it is told."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

ENDED = ("done", "failed", "cancelled")
#: The speed of processing is measured over this time.
MEASURED = timedelta(minutes=5)


class ShopifyRun(models.Model):
    _inherit = "shopify.run"

    def write(self, vals):
        ending = self.browse()
        if vals.get("state") in ENDED:
            ending = self.filtered(lambda run: run.state not in ENDED)
        result = super().write(vals)
        if ending:
            # the index allows one running at a time
            ending.flush_recordset(["state"])
            ending._start_waiting()
            ending._tell()
        return result

    def _wake(self):
        # the wake-up is the addon's, whoever started the run
        self.env.ref("shopify_sync.cron_continue_runs").sudo()._trigger()

    def _hand_over(self):
        """The worker that reads this run leaves it to the background."""
        self.write({"busy_until": False})
        self._wake()

    def _start_waiting(self):
        """The oldest run that waits for its turn begins, one for each store and operation where none is running.

        :param self: runs whose turn is over; empty: look at all that wait
        """
        domain = [("state", "=", "waiting")]
        if self:
            domain += [("instance_id", "in", self.instance_id.ids), ("operation", "in", self.mapped("operation"))]
        # one person's run may be followed by another's
        waiting = self.sudo().search(domain, order="id")
        started = self.browse()
        for (instance, operation), runs in waiting.grouped(lambda run: (run.instance_id, run.operation)).items():
            if not runs._running(instance, operation):
                started += runs[0]
        if started:
            started.write({"state": "running"})
            started._wake()

    # Telling

    @api.model
    def _tell_processed(self, queue_ids):
        """Tell of the runs whose last line has just been processed."""
        found = self.env.execute_query(
            SQL(
                """SELECT r.id
                     FROM shopify_run r
                    WHERE r.told IS NOT TRUE AND r.user_id IS NOT NULL AND r.state = 'done'
                      AND EXISTS (SELECT FROM shopify_queue q WHERE q.run_id = r.id AND q.id = ANY(%s))""",
                list(queue_ids),
            )
        )
        if found:
            # whoever processed the last line tells whoever started the run
            self.sudo().browse(row[0] for row in found)._tell()

    def _tell(self):
        """A message on the screen of whoever started it: how it ended, with counts and links. A run that has filled
        queues has ended when each line was tried once."""
        mine = self.sudo().filtered(lambda run: run.user_id and not run.told)
        counts = mine._line_counts()
        for run in mine:
            of_run = counts.get(run.id, {})
            if run.state == "done" and of_run.get("untried"):
                continue
            run.told = True
            if run.state == "cancelled":
                continue  # a person did that, and saw it
            run.user_id._bus_send("shopify_run_finished", run._finished_message(of_run))

    def _finished_message(self, counts):
        self.ensure_one()
        env = self.with_context(lang=self.user_id.lang).env
        run = self.with_env(env)
        title = env._("%(store)s: %(what)s", store=run.instance_id.name, what=run.display_name)
        failed = counts.get("failed", 0)
        if run.state == "failed":
            text, kind = env._("Failed: %s", run.message), "danger"
        else:
            text = env._(
                "Finished. Records read: %(read)s, done: %(done)s, failed: %(failed)s.",
                read=run.record_count,
                done=counts.get("done", 0) if run.queue_ids else run.queued_count,
                failed=failed,
            )
            kind = "warning" if failed else "success"
        return {
            "title": title,
            "message": text,
            "type": kind,
            "run_id": run.id,
            "queues": bool(run.queue_ids),
            "logs": bool(failed) or run.state == "failed",
        }

    def _line_counts(self):
        """{run id: {state: lines, "untried": draft ones never tried}}; one query."""
        result = {}
        groups = self.env["shopify.queue.line"]._read_group(
            [("queue_id.run_id", "in", self.ids)], ["run_id", "state", "attempts"], ["__count"]
        )
        for run, state, attempts, count in groups:
            of_run = result.setdefault(run.id, {})
            of_run[state] = of_run.get(state, 0) + count
            if state == "draft" and not attempts:
                of_run["untried"] = of_run.get("untried", 0) + count
        return result

    # What the bar of progress shows

    def read_progress(self):
        """How far a run and the processing of its lines are, see `shopify.queue.line._progress`."""
        self.ensure_one()
        self.check_access("read")
        lines = self.env["shopify.queue.line"]._progress([("run_id", "=", self.id)])
        return {
            **lines,
            "reading": self.state in ("running", "waiting"),
            "state": self.state,
            "label": dict(self._fields["state"]._description_selection(self.env))[self.state],
            "seen": self.record_count,
            "queued": self.queued_count,
            "message": self.message or "",
            "busy": self.state in ("running", "waiting") or bool(lines["waiting"]),
        }

    def action_view_queues(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_queue_action")
        return {**action, "domain": [("run_id", "=", self.id)], "context": {}}

    def action_view_logs(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_log_line_action")
        of_lines = [("queue_line_id.run_id", "=", self.id)]
        own = [("instance_id", "=", self.instance_id.id), ("record_key", "=", f"run:{self.operation}")]
        return {**action, "domain": ["|", *of_lines, "&", *own]}


class ShopifyQueueLine(models.Model):
    _inherit = "shopify.queue.line"

    run_id = fields.Many2one(related="queue_id.run_id", store=True, index="btree_not_null")

    @api.model
    def _progress(self, domain):
        """How far the processing of lines is; two queries.

        :return: counts by outcome and the seconds left at the present speed (None: not known)
        """
        counts = dict(self._read_group(domain, ["state"], ["__count"]))
        waiting = counts.get("draft", 0)
        since = fields.Datetime.now() - MEASURED
        fresh = self.search_count([*domain, ("done_at", ">=", since)]) if waiting else 0
        total = sum(counts.values())
        return {
            "total": total,
            "waiting": waiting,
            "done": counts.get("done", 0),
            "failed": counts.get("failed", 0),
            "left_out": counts.get("skipped", 0) + counts.get("cancelled", 0),
            "percent": round(100 * (total - waiting) / total) if total else 0,
            "seconds_left": round(waiting * MEASURED.total_seconds() / fresh) if waiting and fresh else None,
        }
