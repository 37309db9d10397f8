"""What became of products that were sent: written in pieces, on the lines, in the log and on the layer."""

import json
import logging
import traceback
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import shopify_api
from ..mapping import product_diff
from .outcome import Outcome
from .runner_product_export import BATCH, ONE_PAUSE
from .shopify_queue_line import PAUSES
from .shopify_queue_product_out import KIND
from .spoken import spoken

_logger = logging.getLogger(__name__)
#: Bulk operations of products are looked at this often, while a job is there to look.
LOOK_AGAIN = timedelta(seconds=ONE_PAUSE)


class ShopifyRunner(models.AbstractModel):
    _inherit = "shopify.runner"

    @api.model
    def _write_unsendable(self, failures):
        states = self._write_product_outcomes({line: (outcome, False) for line, outcome in failures})
        return list(states.values()), list({line.queue_id.id for line, _outcome in failures})

    @api.model
    def _write_sents(self, instance, sents):
        """Write results in pieces, so that a bad one stands alone and locks are short."""
        states, queue_ids = [], set()
        for start in range(0, len(sents), BATCH):
            chunk = sents[start : start + BATCH]
            try:
                found = self._in_own_transaction(instance, lambda env, rows=chunk: env[self._name]._write_chunk(rows))
            except (UserError, ValueError, TypeError, KeyError, AttributeError):
                _logger.exception("Results of Shopify products are written one by one")
                found = [self._write_alone(instance, sent) for sent in chunk]
            for state, queue_id in found:
                states.append(state)
                queue_ids.add(queue_id)
        self._refresh_queues(instance, list(queue_ids))
        failed = next((sent.error for sent in sents if sent.error), None)
        if failed:
            instance._note_problem(failed)
        return states

    @api.model
    def _write_alone(self, instance, sent):
        """One result; Shopify has done it, so one that cannot be written fails with its reason and keeps its key."""
        try:
            return self._in_own_transaction(instance, lambda env: env[self._name]._write_chunk([sent])[0])
        except (UserError, ValueError, TypeError, KeyError, AttributeError) as problem:
            text, technical = str(problem), traceback.format_exc()

            def fail(env):
                line = env["shopify.queue.line"].browse(sent.job.line_id)
                more = {"technical": technical, "fix_action": "layer", "fix_context": {"res_id": line.res_id}}
                outcome = Outcome.failure("data", "error", text, **more)
                return env[self._name]._write_product_outcomes({line: (outcome, True)})[line], line.queue_id.id

            return self._in_own_transaction(instance, fail)

    @api.model
    def _write_chunk(self, sents):
        """Write results; [(state, queue id)]."""
        lines = self.env["shopify.queue.line"].browse([sent.job.line_id for sent in sents])
        products = self.env["shopify.product"].browse([sent.job.local.layer_id for sent in sents]).exists()
        known = set(products.ids)
        ended, now = {}, fields.Datetime.now()
        for line, sent in zip(lines, sents, strict=True):
            ident = sent.job.local.layer_id
            product = products.browse(ident if ident in known else ()).with_prefetch(products.ids)
            ended[line] = self._write_sent(line, product, sent)
        later = [line.next_attempt_at for line in lines if not ended[line] and (line.next_attempt_at or now) > now]
        if later:
            self._wake_sender(lines.instance_id, min(later))
        states = self._write_product_outcomes({line: outcome for line, outcome in ended.items() if outcome})
        return [(states.get(line, "later"), line.queue_id.id) for line in lines]

    @api.model
    def _write_sent(self, line, product, sent):
        """Write one result.

        :return: (Outcome, whether Shopify may have done it), None when the line goes on later
        """
        outcome = self.env["shopify.product.out.results"]._write(product, sent)
        if sent.operations:
            return self._write_started(line, sent)
        if sent.released:
            line.write({"taken_until": False, "maybe_done": sent.job.was_maybe_done})
            return None
        if sent.error:
            return self._judge_product(line, sent)
        if sent.job.incomplete:
            # the rest of the product: its channels, metafields and what was too big for the operation
            self._write_stage(line, {})
            line.write({"job_ref": False, "taken_until": False, "maybe_done": False, "next_attempt_at": False})
            return None
        if sent.existing:
            line.link_ref = self._link_of(sent)
        return outcome, False

    @api.model
    def _link_of(self, sent):
        return shopify_api.legacy_id(sent.existing[0])

    @api.model
    def _write_stage(self, line, stage):
        request = json.loads(line.sudo().payload or "{}")
        line.sudo().payload = json.dumps({**request, "stage": stage})

    @api.model
    def _write_started(self, line, sent):
        """Shopify works on it: keep what is needed to read the result."""
        stage = {
            "operations": sent.operations,
            "complete": sent.job.stage.get("complete", False),
            "since": fields.Datetime.to_string(fields.Datetime.now()),
            "pictures": [one.layer_id for one in sent.adding],
            "values": sent.plan.values if sent.plan else {},
            # as it was sent: what is edited while Shopify works is still to be sent
            "local": product_diff.local_values(sent.job.local),
        }
        self._write_stage(line, stage)
        line.write(
            {
                "job_ref": ",".join(sent.operations),
                "job_since": line.job_since or fields.Datetime.now(),
                "taken_until": False,
                "next_attempt_at": fields.Datetime.now() + LOOK_AGAIN,
                "message": self.env._("Shopify is working on it in bulk; the result is looked at by itself."),
            }
        )

    @api.model
    def _write_waiting(self, instance_id, waiting):
        """Operations that run: how far they are, and when they are looked at again."""
        instance = self.env["shopify.instance"].browse(instance_id)
        moment = fields.Datetime.now() + LOOK_AGAIN
        by_progress = {}
        for line_id, progress in waiting.items():
            by_progress.setdefault(progress, []).append(line_id)
        for progress, ids in by_progress.items():
            text = progress
            if isinstance(progress, int):
                text = self.env._("Shopify is working on it in bulk, products done: %s.", progress)
            self.env["shopify.queue.line"].browse(ids).write(
                {"taken_until": False, "next_attempt_at": moment, "message": text}
            )
        self._wake_sender(instance, moment)

    @api.model
    def _judge_product(self, line, sent):
        """What an error means: again later, or a person must mend it. What Shopify did before it is kept.

        :return: as `_write_sent`
        """
        error = sent.error
        maybe = error.may_have_been_done or (sent.nothing_sent and sent.job.was_maybe_done)
        if sent.job.stage:
            self._write_stage(line, {})
            line.write({"job_ref": False, "job_since": False})
        if error.heals or error.may_have_been_done:
            if error.retry_after or line.attempts < len(PAUSES):
                line.write({"taken_until": False, "maybe_done": maybe})
                line._set_later(spoken(self.env, error.words), error.retry_after and error.retry_after + 1)
                if not isinstance(error, shopify_api.Throttled):
                    self._log_attempt(line, error)
                return None
            return self._failure(line, error, "heals"), maybe
        kind = (
            "configuration" if isinstance(error, (shopify_api.AccessDenied, shopify_api.SignInRefused)) else "refused"
        )
        return self._failure(line, error, kind), maybe

    @api.model
    def _write_product_outcomes(self, ended):
        """Write how lines ended, on them, in the log and on the products.

        :param ended: {line: (Outcome, whether Shopify may have done it all the same)}
        :return: {line: state}
        """
        lines = self.env["shopify.queue.line"].union(*ended)
        products = self.env["shopify.product"].browse(lines.mapped("res_id")).exists().grouped("id")
        for line, (outcome, maybe_done) in ended.items():
            values = {"taken_until": False, "maybe_done": maybe_done, "job_ref": False, "job_since": False}
            if outcome.state == "failed" and not maybe_done:
                values["idempotency_key"] = False  # what failed for certain is a new export next time
            line.write(values)
            product = products.get(line.res_id)
            outcome.record = outcome.record or product
            if outcome.state == "failed" and product:
                product.last_error = outcome.message
        self._write_outcomes(lines.instance_id, lines, {line.id: outcome for line, (outcome, _maybe) in ended.items()})
        return {line: outcome.state for line, (outcome, _maybe) in ended.items()}

    @api.model
    def _prepare_log(self, line, outcome, entry):
        values = super()._prepare_log(line, outcome, entry)
        if line.kind == KIND:
            values["record_key"] = f"product_layer:{line.res_id}"
        return values
