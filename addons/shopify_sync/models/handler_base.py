"""What handlers of records read from Shopify share: storing them as queue lines."""

import json

from odoo import api, models
from odoo.tools import SQL


class ShopifyHandlerBase(models.AbstractModel):
    """Stores records as queue lines. A handler gives `_kinds`, the kinds of its lines, and `_prepare_line`."""

    _name = "shopify.handler.base"
    _description = "Shopify Handler of Records Read"

    _kinds = ()

    @api.model
    def _prepare_line(self, record):
        """Values of a queue line for a record as read.

        :return: at least shopify_id, reference, payload, payload_updated_at
        """
        raise NotImplementedError

    @api.model
    def _dump(self, record):
        return json.dumps(record, separators=(",", ":"), ensure_ascii=False)

    @api.model
    def _renew_waiting(self, instance, records, source):
        """Give lines that wait already the newer data; their records are taken out of `records`.

        :param records: {Shopify id: record}
        :return: the lines that are tried again
        """
        lines = self.env["shopify.queue.line"]
        waiting = lines.search(
            [
                ("instance_id", "=", instance.id),
                ("kind", "in", self._kinds),
                ("shopify_id", "in", list(records)),
                ("state", "in", ("draft", "failed")),
            ]
        )
        if waiting:
            # waits here for a worker that has them; the conflict is then met by a query without anybody's data
            self.env.cr.execute(
                SQL("SELECT FROM shopify_queue_line WHERE id = ANY(%s) FOR NO KEY UPDATE", list(waiting.ids)),
                log_exceptions=False,
            )
        renewed = lines
        for line in waiting:
            record = records.pop(line.shopify_id)
            values = self._prepare_line(record)
            if line.payload_updated_at and values["payload_updated_at"] < line.payload_updated_at:
                continue
            # raw data are hidden from users; the job compares them
            if source == "cron" and line.sudo().payload == values["payload"]:
                continue  # read again by the overlap: what waits for a person is not tried blindly
            line.write({**values, "state": "draft", "attempts": 0, "next_attempt_at": False})
            renewed += line
        waiting.queue_id._refresh_state()
        return renewed

    @api.model
    def _payloads(self, instance, shopify_ids, states=None):
        """{Shopify id: the data last stored}; records whose data were cleaned up are left out.

        :param states: only of lines in these states
        """
        if not shopify_ids:
            return {}
        domain = [
            ("instance_id", "=", instance.id),
            ("kind", "in", self._kinds),
            ("shopify_id", "in", shopify_ids),
            ("payload", "!=", False),
        ]
        if states:
            domain.append(("state", "in", states))
        # raw data are hidden from users; the job compares them
        lines = self.env["shopify.queue.line"].sudo()
        lines = lines.search_fetch(domain, ["shopify_id", "payload"], order="payload_updated_at, id")
        return {line.shopify_id: line.payload for line in lines}

    @api.model
    def _fill_queues(self, instance, kind, values, source, last, run=None):
        """Make lines; they go into the last queue until it is full, then into new ones.

        :param last: a queue of the same kind and source, or none
        :return: the lines, in the order of `values`
        """
        size = instance._records_per_queue(kind)
        room = size - len(last.line_ids) if last else 0
        to_create = []
        for value in values:
            if room <= 0:
                last = self.env["shopify.queue"].create(self._prepare_queue(instance, kind, source, run))
                room = size
            to_create.append({**value, "queue_id": last.id, "instance_id": instance.id, "kind": kind, "state": "draft"})
            room -= 1
        return self.env["shopify.queue.line"].create(to_create)

    @api.model
    def _prepare_queue(self, instance, kind, source, run):
        return {"instance_id": instance.id, "kind": kind, "source": source, "run_id": run.id if run else False}

    @api.model
    def _append_pages(self, instance, connection, document, gid, variables):
        """Read the further pages of a connection of one record into it."""
        info = connection["pageInfo"]
        while info["hasNextPage"]:
            answer = self.env["shopify.connection"]._execute(
                instance, document, {"id": gid, "after": info["endCursor"], **variables}
            )
            (record,) = answer.data.values()
            (more,) = record.values()
            connection["nodes"] += more["nodes"]
            info = more["pageInfo"]
        connection["pageInfo"] = {"hasNextPage": False, "endCursor": info["endCursor"]}

    @api.model
    def _fetch_ids(self, instance, ids, granted):
        """Whole records by their ids.

        :return: (records, ids that Shopify does not know)
        """
        raise NotImplementedError

    @api.model
    def _fetch_again(self, instance, lines):
        """Replace the stored data of lines by what Shopify says now; called from a person's request.

        :return: ids that Shopify does not know any more
        """
        granted = self.env["shopify.scope"]._granted(instance)
        records, unknown = self._fetch_ids(instance, lines.mapped("shopify_id"), granted)
        by_id = {record["id"].rsplit("/", 1)[-1]: record for record in records}
        for line in lines:
            if line.shopify_id in by_id:
                # the user may process lines; the raw data stay hidden from him
                line.sudo().write(self._prepare_line(by_id[line.shopify_id]))
        return unknown
