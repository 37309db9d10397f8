"""Sending levels: read what Shopify has, then set what differs, up to 250 levels of a location in one request.

Lines are taken and committed; Shopify is asked with no transaction open; what is about to be written is committed with its
key before it is sent. A request whose answer is lost goes out again as it was, with the same key. Shopify takes a quantity
only while it still has the value that was read; where that has changed, the level is read and sent again.
"""

import logging
import time
import uuid
from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from .. import shopify_api
from ..mapping.reading import legacy_id
from .outcome import Outcome
from .run_starter import UNREADABLE
from .runner import BAD_RECORD
from .shopify_queue import chosen_or_going_on
from .shopify_queue_out import LEASE

_logger = logging.getLogger(__name__)

#: Shopify takes so many levels in one request.
MOST = 250
#: Levels that are activated at a location in one batch: each is a request of its own, Shopify has none for many.
MOST_ACTIVATED = 25
#: A lane's turn comes back within seconds: so long is waited for it with nothing open, instead of a wake-up later.
PATIENCE = 5.0
#: Shopify says that this key cannot be used any more.
KEY_USED_UP = {"IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED", "IDEMPOTENCY_KEY_PARAMETER_MISMATCH"}


def of_variant(line):
    """What an outcome says of the variant whose level failed: its SKU, and that it is mended there."""
    return {"sku": line.reference, "fix_action": "variant", "fix_context": {"res_id": line.variant_id.id}}


class ShopifyStockSender(models.AbstractModel):
    _name = "shopify.stock.sender"
    _description = "Shopify Stock Sender"

    @api.model
    def _send_all(self, instance, planned=()):
        """Send what is due, batch by batch, until nothing is left; yields the counts of each as `_send_batch` gives them.

        :param planned: iterator of how many lines become due with each of its steps: as many steps are taken as fill the
            requests, and the others while the request budget fills up again
        """
        planned, more, ready = iter(planned), True, 0
        full = self._own(instance, lambda sender, store: sender._full_requests(store))
        while True:
            if more and (ready < full or self._must_wait(instance)):
                lines = next(planned, None)
                more = lines is not None
                ready += lines or 0
                continue
            counts = self._send_batch(instance)
            if counts is not None:
                ready -= counts["taken"]
                yield counts
            elif more:
                ready = 0  # another worker has taken them
            else:
                return

    @api.model
    def _full_requests(self, instance):
        """So many lines make each location's request a full one."""
        return min(MOST, instance.queue_size_stock) * max(len(self.env["shopify.location"]._exported(instance)), 1)

    @api.model
    def _must_wait(self, instance):
        return self.env["shopify.connection"]._seconds_until(instance, "inventory/Levels", "stock") > 0

    @api.model
    def _send_batch(self, instance, line_ids=None, most=MOST):
        """Take the next lines of one location and send them.

        :param instance: the store as its jobs see it
        :return: counts by outcome with `taken` and `wait` (seconds until the next attempt makes sense), None when nothing
            is due
        """
        try:
            batch = self._own(instance, lambda sender, store: sender._take(store, line_ids, most))
        except BAD_RECORD as error:
            if most > 1:  # one after the other, until the bad one stands alone
                return self._send_batch(instance, line_ids, 1)
            _logger.exception("Stock of store %s cannot be computed", instance.id)
            return self._own(instance, lambda sender, store, error=error: sender._fail_first(store, line_ids, error))
        if not batch:
            return None
        if not batch["lines"]:
            return self._end(instance, batch, {})
        try:
            if not batch["key"]:
                levels = self._read(instance, batch)
                batch = self._own(instance, lambda sender, _store, batch=batch: sender._decide(batch, levels))
            problems = self._set(instance, batch) if batch["lines"] else {}
        except shopify_api.ShopifyError as error:
            return self._end(instance, batch, error)
        except UNREADABLE as error:
            _logger.exception("Shopify's answer on stock of store %s cannot be read", instance.id)
            return self._end(instance, batch, self.env["shopify.run.starter"]._unreadable(error))
        return self._end(instance, batch, problems)

    @api.model
    def _own(self, instance, work):
        """Run `work(sender, store)` in a transaction of its own."""
        return self.env["shopify.run.starter"]._in_own_transaction(
            instance, lambda env: work(env[self._name], env["shopify.instance"].browse(instance.id))
        )

    @api.model
    def _end(self, instance, batch, result):
        """Write how the batch ended and refresh its queues."""
        counts, queues = self._own(instance, lambda sender, store: sender._write_result(store, batch, result))
        self.env["shopify.runner"]._refresh_queues(instance, queues)
        if isinstance(result, shopify_api.ShopifyError):
            instance._note_problem(result)
        return counts

    # Taking

    @api.model
    def _take(self, instance, line_ids, most):
        """Lines for this worker, as plain values; first those that may have reached Shopify, with their key."""
        lines = self._lines_sent_before(instance, line_ids) or self._lines_due(instance, line_ids, most)
        if not lines:
            return None
        key = lines[:1].maybe_done and lines[:1].idempotency_key
        location = lines[:1].location_id
        ended, units = {}, {}
        if not key:
            ended = self._refused(instance, lines, location)
            left = lines.filtered(lambda line: line.id not in ended)
            units = self.env["shopify.stock.quantities"]._compute(instance, left.variant_id, location) if left else {}
            left.look_again = False
        lines.write({"taken_until": fields.Datetime.now() + LEASE})
        lines.queue_id._mark_busy()
        return {
            "ids": lines.ids,
            "queues": lines.queue_id.ids,
            "key": key or None,
            "location": location.id,
            "location_ref": location.shopify_id,
            "ended": ended,
            "lines": [
                {
                    "id": line.id,
                    "variant": line.variant_id.id,
                    "item": line.shopify_id.partition(":")[0],
                    "units": line.quantity_sent if key else units.get((line.variant_id.id, location.id), 0),
                    "before": line.quantity_before,
                }
                for line in lines
                if line.id not in ended
            ],
        }

    @api.model
    def _fail_first(self, instance, line_ids, error):
        """The line whose quantity cannot be computed ends with the reason; the others go on."""
        line = self._lines_due(instance, line_ids, 1)
        runner = self.env["shopify.runner"]
        text = self.env._(
            "%(item)s: its stock cannot be computed: %(reason)s", item=line.reference, reason=runner._words_of(error)
        )
        outcome = Outcome.failure(
            "data",
            "stock_error",
            text,
            technical=repr(error),
            **of_variant(line),
        )
        runner._write_outcomes(instance, line, {line.id: outcome})
        counts = {"done": 0, "failed": len(line), "skipped": 0, "later": 0, "taken": len(line)}
        return {**counts, "wait": 0.0, "stop": False}

    @api.model
    def _select(self, what, instance, line_ids, where, tail):
        now = fields.Datetime.now()
        self.env["shopify.queue.line"].flush_model()
        self.env.cr.execute(
            SQL(
                """SELECT %s FROM shopify_queue_line
                    WHERE instance_id = %s AND kind = 'stock_export' AND state = 'draft'
                      AND (next_attempt_at IS NULL OR next_attempt_at <= %s)
                      AND (taken_until IS NULL OR taken_until <= %s) %s AND %s %s""",
                what,
                instance.id,
                now,
                now,
                chosen_or_going_on(line_ids),
                where,
                tail,
            ),
            log_exceptions=False,  # another worker was quicker: taken anew with a fresh view
        )
        return [row[0] for row in self.env.cr.fetchall()]

    @api.model
    def _lines_sent_before(self, instance, line_ids):
        """The lines of one request whose answer never came: all of them, in the order they were sent in."""
        lines = self.env["shopify.queue.line"]
        keys = self._select(
            SQL("idempotency_key"),
            instance,
            line_ids,
            SQL("maybe_done AND idempotency_key IS NOT NULL"),
            SQL("ORDER BY id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED"),
        )
        if not keys:
            return lines
        # also those that a person has ended meanwhile: the same key goes with the same levels
        self.env.cr.execute(
            SQL(
                """SELECT id FROM shopify_queue_line WHERE kind = 'stock_export' AND idempotency_key = %s
                 ORDER BY id FOR NO KEY UPDATE""",
                keys[0],
            ),
            log_exceptions=False,
        )
        return lines.browse(row[0] for row in self.env.cr.fetchall())

    @api.model
    def _lines_due(self, instance, line_ids, most):
        """Up to 250 lines of the location that waits longest."""
        unsent = SQL("maybe_done IS NOT TRUE")
        tail = SQL("ORDER BY id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED")
        first = self._select(SQL("location_id"), instance, line_ids, unsent, tail)
        if not first:
            return self.env["shopify.queue.line"]
        ids = self._select(
            SQL("id"),
            instance,
            line_ids,
            SQL("%s AND location_id = %s", unsent, first[0]),
            SQL("ORDER BY id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED", min(most, instance.queue_size_stock)),
        )
        return self.env["shopify.queue.line"].browse(ids)

    @api.model
    def _refused(self, instance, lines, location):
        """{line id: Outcome} of lines that are not sent, seen from Odoo alone."""
        if not location.active:
            outcome = Outcome("skipped", self.env._("%s is deactivated in Shopify.", location.name))
            return dict.fromkeys(lines.ids, outcome)
        if location not in self.env["shopify.location"]._exported(instance):
            outcome = Outcome(
                "skipped",
                self.env._("%s has no export warehouses that a person saved: nothing is sent to it.", location.name),
            )
            return dict.fromkeys(lines.ids, outcome)
        quantities = self.env["shopify.stock.quantities"]
        counted = set(quantities._counted(lines.variant_id.product_id).ids)
        found = {}
        for line in lines:
            variant = line.variant_id
            if not variant.tracked:
                found[line.id] = Outcome("skipped", self.env._("%s: Shopify does not count this item.", line.reference))
            elif variant.product_id.id not in counted:
                found[line.id] = Outcome(
                    "skipped", self.env._("%s: Odoo does not count this product's stock.", line.reference)
                )
        return found

    # Reading and deciding

    @api.model
    def _ask(self, instance, document, variables, idempotent=False):
        """One request, with a short wait for the turn of the lane; nothing is open meanwhile."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return self.env["shopify.connection"]._execute(
                    instance, document, variables, idempotent=idempotent, lane="stock"
                )
            except shopify_api.Throttled as throttled:
                wait = throttled.retry_after or 1.0
                if time.monotonic() + wait > until:
                    raise
                time.sleep(wait)

    @api.model
    def _read(self, instance, batch):
        """{line id: what Shopify has}: None (no such item), "untracked", "closed", an Outcome, or the available units."""
        location = shopify_api.gid("Location", batch["location_ref"])
        answer = self._ask(
            instance,
            "inventory/Levels",
            {"ids": [shopify_api.gid("InventoryItem", row["item"]) for row in batch["lines"]], "location": location},
        )
        nodes = {legacy_id(node["id"]): node for node in answer.data["nodes"] if node}
        found, activated = {}, 0
        for row in batch["lines"]:
            node = nodes.get(row["item"])
            if node is None or not node["tracked"]:
                found[row["id"]] = "untracked" if node else None
                continue
            level = node["inventoryLevel"]
            if level and level["isActive"]:
                found[row["id"]] = _available(level)
            elif not row["units"]:
                found[row["id"]] = 0  # not stocked there, and nothing to offer
            elif activated < MOST_ACTIVATED:
                activated += 1
                found[row["id"]] = self._activate(instance, row, location)
        return found  # what is not in it is for the next batch

    @api.model
    def _activate(self, instance, row, location):
        """Stock an item at the location; doing it twice changes nothing."""
        variables = {
            "item": shopify_api.gid("InventoryItem", row["item"]),
            "location": location,
            "key": str(uuid.uuid4()),
        }
        try:
            answer = self._ask(instance, "inventory/InventoryActivate", variables, idempotent=True)
        except shopify_api.UserErrors as error:
            if error.heals:
                raise
            return error.message
        return _available(answer.data["inventoryActivate"]["inventoryLevel"])

    @api.model
    def _decide(self, batch, levels):
        """What is written, and with which key; committed before it is sent."""
        lines = self.env["shopify.queue.line"]
        ended, to_set, same, key = dict(batch["ended"]), [], [], str(uuid.uuid4())
        now = fields.Datetime.now()
        for row in batch["lines"]:
            line = lines.browse(row["id"])
            if row["id"] not in levels:
                continue
            there = levels[row["id"]]
            if there is None:
                ended[line.id] = Outcome.failure(
                    "data",
                    "item_gone",
                    self.env._("%s: this variant is not in Shopify any more.", line.reference),
                    **of_variant(line),
                )
            elif there == "untracked":
                line.variant_id.tracked = False
                ended[line.id] = Outcome("skipped", self.env._("%s: Shopify does not count this item.", line.reference))
            elif isinstance(there, str):
                ended[line.id] = Outcome.failure(
                    "refused",
                    "not_activated",
                    self.env._(
                        "%(item)s cannot be stocked at %(place)s: %(reason)s",
                        item=line.reference,
                        place=line.location_id.name,
                        reason=there,
                    ),
                    sku=line.reference,
                    fix_action="location",
                    fix_context={"res_id": line.location_id.id},
                )
            elif there == row["units"]:
                line.write({"quantity_before": there, "quantity_sent": there})
                same.append(row)
                ended[line.id] = Outcome.done(message=self.env._("Shopify has it already."))
            else:
                line.write(
                    {
                        "quantity_before": there,
                        "quantity_sent": row["units"],
                        "idempotency_key": key,
                        "maybe_done": True,
                        "sent_at": now,
                    }
                )
                to_set.append({**row, "before": there})
        self._keep_levels(batch, same)
        return {**batch, "ended": ended, "lines": to_set, "key": key}

    @api.model
    def _keep_levels(self, batch, rows):
        self.env["shopify.stock.level"]._keep([(row["variant"], batch["location"], row["units"]) for row in rows])

    # Writing

    @api.model
    def _set(self, instance, batch):
        """Set the quantities of a batch: {position: (code, Shopify's text)} of what Shopify refuses, nothing of it done."""
        location = shopify_api.gid("Location", batch["location_ref"])
        variables = {
            "reason": "correction",
            "document": f"gid://shopify-sync/StockExport/{batch['key']}",
            "key": batch["key"],
            "quantities": [
                {
                    "inventoryItemId": shopify_api.gid("InventoryItem", row["item"]),
                    "locationId": location,
                    "quantity": row["units"],
                    "changeFromQuantity": row["before"],
                }
                for row in batch["lines"]
            ],
        }
        try:
            self._ask(instance, "inventory/InventorySetQuantities", variables, idempotent=True)
        except shopify_api.UserErrors as error:
            if error.heals or not error.problems:
                raise
            return _by_position(error)
        except shopify_api.QueryRefused as error:
            codes = {(one.get("extensions") or {}).get("code") for one in error.errors}
            if codes & KEY_USED_UP:
                return {None: (codes.pop(), error.message)}
            raise
        return {}


def _available(level):
    return next(one["quantity"] for one in level["quantities"] if one["name"] == "available")


def _by_position(error):
    """{position in the request, None for the whole: (code, text)} of Shopify's complaints."""
    found = defaultdict(lambda: ("REFUSED", error.message))
    for problem in error.problems:
        path = [part for part in problem.field if part.isdigit()]
        found[int(path[0]) if path else None] = (problem.code or "REFUSED", problem.message)
    return dict(found)
