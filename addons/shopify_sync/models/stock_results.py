"""What came of sending levels: done, once more, or given up, line by line."""

from odoo import api, fields, models

from .. import shopify_api
from .outcome import Outcome
from .shopify_queue_line import PAUSES
from .spoken import spoken
from .stock_sender import KEY_USED_UP, of_variant

#: A level whose quantity changes each time between reading and writing is given up after so many times.
STALE_TRIES = 3
_STALE = {"CHANGE_FROM_QUANTITY_STALE", "COMPARE_QUANTITY_STALE"}
_FREE = {"taken_until": False, "maybe_done": False, "idempotency_key": False}


class ShopifyStockSender(models.AbstractModel):
    _inherit = "shopify.stock.sender"

    @api.model
    def _write_result(self, instance, batch, result):
        """Write how each line ended; returns counts and the queues touched."""
        lines = self.env["shopify.queue.line"].browse(batch["ids"])
        counts = {"done": 0, "failed": 0, "skipped": 0, "later": 0, "taken": len(lines), "wait": 0.0, "stop": False}
        outcomes = dict(batch["ended"])
        rows = {row["id"]: row for row in batch["lines"]}
        sent = lines.filtered(lambda line: line.id in rows and line.state == "draft")
        if isinstance(result, shopify_api.ShopifyError):
            self._write_error(instance, sent, batch, result, counts)
        elif result:
            outcomes.update(self._judge(sent, batch, result))
        else:
            self._keep_levels(batch, list(rows.values()))
            for line in sent:
                outcomes[line.id] = Outcome.done()
        ended = lines.filtered(lambda line: line.id in outcomes and line.state == "draft")
        ended.write(_FREE)
        for state, number in self.env["shopify.runner"]._write_outcomes(instance, ended, outcomes).items():
            counts[state] += number
        rest = lines - ended - sent
        if isinstance(result, shopify_api.ShopifyError):
            rest = rest.filtered(lambda line: line.state == "draft")  # an ended one may have to go with the key again
        rest.write(_FREE)
        again = lines.filtered("look_again")
        if again:
            again.look_again = False
            again.variant_id._mark_stock()
        if counts["done"]:
            instance.sudo().stock_exported_at = fields.Datetime.now()
        return counts, batch["queues"]

    @api.model
    def _write_error(self, instance, sent, batch, error, counts):
        """Nothing was judged: the lines wait, or a person must mend what the error names."""
        maybe = error.may_have_been_done or bool(batch["key"] and sent[:1].maybe_done and _unclear(error))
        if error.heals or error.may_have_been_done:
            keep = {"taken_until": False} if maybe else _FREE
            sent.write(keep)
            if error.retry_after or isinstance(error, shopify_api.Throttled):
                counts["wait"] = (error.retry_after or 1.0) + 0.1
            else:
                sent._set_later(spoken(self.env, error.words))
                counts["wait"] = PAUSES[0].total_seconds()
            counts["later"] += len(sent)
            return
        sent.write({"taken_until": False} if maybe else _FREE)
        sent._set_failed("configuration", spoken(self.env, error.words), (f"setting:{instance.id}",))
        counts["failed"] += len(sent)
        counts["stop"] = True
        request = f"Request {error.request_id}" if error.request_id else False
        self.env["shopify.handler.stock"]._log(
            instance, "error", type(error).__name__, spoken(self.env, error.words), request
        )

    @api.model
    def _judge(self, sent, batch, problems):
        """What Shopify's complaints mean line by line; lines that it does not complain about are sent again at once.

        :return: {line id: Outcome} of those that are given up
        """
        outcomes, stale, by_id = {}, self.env["shopify.queue.line"], {}
        for position, row in enumerate(batch["lines"]):
            by_id[row["id"]] = problems.get(position)
        whole = problems.get(None)
        if not whole and not any(by_id.values()):
            whole = next(iter(problems.values()))  # it names no line of the request
        sent.write(_FREE)
        for line in sent:
            code, text = by_id[line.id] or whole or (None, "")
            if code in _STALE:
                stale += line
            elif code and code not in KEY_USED_UP:
                outcomes[line.id] = self._given_up(line, code, text)
        for line in stale:
            line.stale_count += 1
            if line.stale_count >= STALE_TRIES:
                outcomes[line.id] = Outcome.failure(
                    "data",
                    "stock_stale",
                    self.env._(
                        "%(item)s at %(place)s: its stock changed in Shopify each of %(times)s times while it was being "
                        "sent. It is sent with its next change, or with Retry.",
                        item=line.reference,
                        place=line.location_id.name,
                        times=STALE_TRIES,
                    ),
                    **of_variant(line),
                )
        return outcomes

    @api.model
    def _given_up(self, line, code, text):
        place = line.location_id
        if code == "INVALID_LOCATION":
            place.sudo().active = False  # which locations there are is Shopify's word; an import brings it back
            return Outcome("skipped", self.env._("%s is deactivated or deleted in Shopify.", place.name))
        if code == "ITEM_NOT_STOCKED_AT_LOCATION":
            return Outcome("later", text, cause="not_stocked")
        if code == "NON_MUTABLE_INVENTORY_ITEM":
            return Outcome(
                "skipped", self.env._("%s: Shopify computes this item's stock from its parts.", line.reference)
            )
        return Outcome.failure(
            "refused",
            f"stock_{code.lower()}",
            self.env._("%(item)s at %(place)s: %(reason)s", item=line.reference, place=place.name, reason=text),
            **of_variant(line),
        )


def _unclear(error):
    """Whether a repetition that failed says nothing of the first attempt: it may have had its effect."""
    return isinstance(error, shopify_api.Throttled | shopify_api.NotReachable)
