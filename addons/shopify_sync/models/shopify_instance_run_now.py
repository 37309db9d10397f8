"""A scheduled job of a store, run once because a person wants it now."""

from odoo import models

from .operations import LANES

#: A person waits so long for the first pages; the rest is read in the background (seconds).
FIRST_SECONDS = 8


class ShopifyInstance(models.Model):
    _inherit = "shopify.instance"

    def _run_now(self, key):
        """Wake a job that is on; what one that is off would do is done in this request, as far as it may take. The
        caller's transaction ends here.

        :param key: `shopify_operation` of the job
        :return: an action that tells how it went
        """
        self.ensure_one()
        job = self._schedule(key)
        if job.active:
            job._trigger()
            return self._tell(self.env._("%s runs in the background now.", self._job_names(job)), "success")
        if key.startswith("process_"):
            return self._process_lane_now(LANES[key.removeprefix("process_")])
        if key == "payout_process":
            return self._process_payouts_now()
        if key in ("stock_export", "stock_compare"):
            self._check_stock_export()
        if key == "stock_export":
            return self._export_changed_now()
        run = self.env["shopify.run.starter"]._start(self, key, seconds=FIRST_SECONDS)
        text = self.env._(
            "%(job)s: records read: %(count)s. %(message)s",
            job=self._job_names(job),
            count=run.record_count,
            message=run.message or "",
        )
        return self._tell(text, "danger" if run.state == "failed" else "success")

    def _process_lane_now(self, kinds):
        waiting = self.env["shopify.queue.line"].search(
            [("instance_id", "=", self.id), ("kind", "in", kinds), ("state", "=", "draft")]
        )
        if not waiting:
            return self._tell(self.env._("Nothing waits."), "success")
        return waiting._process_by_hand()

    def _process_payouts_now(self):
        runner = self.env["shopify.payout.runner"]
        payouts = self.env["shopify.payout"].search(runner._domain(self), order="issued_at, id")
        done = runner._process_now(payouts, validate=self.payout_validate)
        text = self.env._("Payouts looked at: %s.", len(payouts))
        if not done:
            text += " " + self.env._("The rest goes on when the job runs again.")
        return self._tell(text, "success")

    def _export_changed_now(self):
        """Send what has changed, once the first export was looked at; before, open the dialog that shows it."""
        if not self.stock_confirmed_at:
            action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_stock_export_action")
            return {**action, "context": {"default_instance_id": self.id}}
        self.env.cr.commit()  # pylint: disable=invalid-commit  # nothing is open while Shopify is asked
        for _levels in self.env["shopify.handler.stock"]._plan_marked(self._for_jobs()):
            pass  # each step is planned when it is asked for; all are, as the lines are processed below
        self.env.cr.commit()  # pylint: disable=invalid-commit  # what was planned is seen
        return self._process_lane_now(LANES["stock"])
