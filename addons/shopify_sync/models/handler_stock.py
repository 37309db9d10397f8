"""Which levels are to be sent: from marks (by itself) or as a person asks; each becomes a queue line."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .. import shopify_api
from ..mapping.reading import legacy_id
from .handler_order_fetch import Page

#: Variants that are planned in one transaction: of those that a person asked for, and marks of changes.
BATCH, MARKS = 1000, 250
_QUEUE = {"tracking_disable": True, "mail_create_nolog": True, "mail_create_nosubscribe": True}


class ShopifyHandlerStock(models.AbstractModel):
    _name = "shopify.handler.stock"
    _description = "Shopify Stock Handler"

    # By itself

    @api.model
    def _run_changed(self, instance):
        """What the schedule and each change of stock call: send what was marked."""
        if not instance.stock_confirmed_at:
            self._say_unconfirmed(instance)
            return
        self.env["shopify.runner"]._send_stock(instance, self._plan_marked(instance))

    @api.model
    def _plan_marked(self, instance):
        """Turn marks into lines, each time the next one is asked for, in a transaction of its own.

        :return: an iterator of how many levels are due for the marks that it took
        """
        try:
            self._complete_items(instance, marked=True)
        except shopify_api.ShopifyError as error:  # the marks stay; the next run, or change, takes them
            instance._note_problem(error)
            self._log(instance, "warning", type(error).__name__, error.message)
            return

        def work(env):
            variants = env["shopify.stock.change"]._take(instance, MARKS)
            return len(variants), env[self._name]._plan(env["shopify.instance"].browse(instance.id), variants)

        while True:
            seen, levels = self.env["shopify.run.starter"]._in_own_transaction(instance, work)
            if not seen:
                return
            yield levels

    @api.model
    def _say_unconfirmed(self, instance):
        text = self.env._(
            "%s: stock is not sent by itself yet. Look at the first export with Export Stock and confirm it.",
            instance.name,
        )
        self._log(instance, "warning", "stock_unconfirmed", text)

    @api.model
    def _log(self, instance, severity, cause, text, technical=False):
        """One log line for the store's export as a whole."""
        entry = {
            "process": self.env._("Export stock"),
            "severity": severity,
            "cause": cause,
            "record_key": "stock_export",
            "message": text,
            "technical": technical,
            "fix_action": "settings",
            "fix_context": {"res_id": instance.id},
        }
        self.env["shopify.log.line"]._log(instance, [entry])

    # As a run of the operation, asked for by a person

    @api.model
    def _fetch_page(self, instance, run):
        """The next variants; called without an open transaction. Nothing is read from Shopify here but the inventory
        items of variants that have none yet."""
        options, after = run["options"], int(run["page_cursor"] or 0)
        if not after:
            self._complete_items(instance)

        def find(env):
            handler = env[self._name]
            found = handler._wanted(env["shopify.instance"].browse(instance.id), options, after)
            return found, handler._fitting(env["shopify.product.variant"].browse(found))[1]

        ids, message = self.env["shopify.run.starter"]._in_own_transaction(instance, find)
        return Page(
            records=ids,
            cursor=str(ids[-1]) if ids else str(after),
            has_next=len(ids) == BATCH,
            seen=len(ids),
            message=message,
        )

    @api.model
    def _wanted(self, instance, options, after):
        """Ids of the next variants that were asked for.

        :param options: `since` (UTC text): only variants whose product has moved; `variants`: only these ids
        """
        where = [SQL("variant.id > %s", after)]
        if options.get("variants"):
            where.append(SQL("variant.id = ANY(%s)", list(options["variants"])))
        if options.get("since"):
            since = options["since"]
            where.append(
                SQL(
                    """variant.product_id IN (
                        SELECT product_id FROM stock_move WHERE write_date >= %(since)s
                         UNION SELECT product_id FROM stock_quant WHERE write_date >= %(since)s)""",
                    since=since,
                )
            )
        return [
            row[0]
            for row in self.env.execute_query(
                SQL(
                    """SELECT variant.id FROM shopify_product_variant variant
                        WHERE variant.instance_id = %s AND variant.active AND variant.shopify_id IS NOT NULL
                          AND variant.product_id IS NOT NULL AND %s
                     ORDER BY variant.id LIMIT %s""",
                    instance.id,
                    SQL(" AND ").join(where),
                    BATCH,
                )
            )
        ]

    @api.model
    def _store_records(self, run, records):
        """Queue the levels of variants; how many lines wait for them."""
        options = run.options or {}
        instance = run.instance_id
        locations = None
        if options.get("locations"):
            locations = (
                self.env["shopify.location"]
                ._exported(instance)
                .filtered(lambda location: location.id in options["locations"])
            )
        return self._plan(instance, self.env["shopify.product.variant"].browse(records), locations, run)

    # Lines

    @api.model
    def _plan(self, instance, variants, locations=None, run=None, only=None):
        """A line for each level of these variants; one that waits already is not made twice.

        Untracked variants and products that Odoo does not count are left out, and told with their number.

        :param only: (variant id, location id) of the levels that matter; all of them when it is None
        :return: how many levels these are
        """
        if locations is None:
            locations = self.env["shopify.location"]._exported(instance)
        fit, _left_out = self._fitting(variants.exists())
        if not fit or not locations:
            return 0
        levels = {(variant.id, location.id) for variant in fit for location in locations}
        levels = levels if only is None else levels & only
        new = levels - self._renew(instance, fit)
        wanted = [
            {
                "shopify_id": f"{variant.inventory_item_ref}:{location.shopify_id}",
                "reference": variant.sku or variant.display_name,
                "customer": location.name,
                "variant_id": variant.id,
                "location_id": location.id,
                "res_model": "product.product",
                "res_id": variant.product_id.id,
            }
            for location in locations
            for variant in fit
            if (variant.id, location.id) in new
        ]
        self._fill_queues(instance, wanted, run)
        return len(levels)

    @api.model
    def _fitting(self, variants):
        """The variants whose stock can be sent, and in words how many others there are."""
        linked = variants.filtered(lambda variant: variant.active and variant.shopify_id and variant.product_id)
        known = linked.filtered("inventory_item_ref")
        tracked = known.filtered("tracked")
        counted = set(self.env["shopify.stock.quantities"]._counted(tracked.product_id).ids)
        fit = tracked.filtered(lambda variant: variant.product_id.id in counted)
        parts = [
            (len(known - tracked), self.env._("%s variants are not counted in Shopify", len(known - tracked))),
            (len(tracked - fit), self.env._("%s products are not counted in Odoo", len(tracked - fit))),
            (len(linked - known), self.env._("%s variants are not in Shopify any more", len(linked - known))),
        ]
        return fit, "; ".join(words for number, words in parts if number)

    @api.model
    def _renew(self, instance, variants):
        """Lines of these variants that wait: failed ones are tried again, those in flight are looked at once more.

        :return: {(variant id, location id)} that need no new line
        """
        lines = self.env["shopify.queue.line"]
        waiting = lines.search(
            [
                ("instance_id", "=", instance.id),
                ("kind", "=", "stock_export"),
                ("state", "in", ("draft", "failed")),
                ("variant_id", "in", variants.ids),
            ]
        )
        if not waiting:
            return set()
        # a worker that has one of them commits first: then this transaction is taken anew and sees what it did
        self.env.cr.execute(
            SQL("SELECT FROM shopify_queue_line WHERE id = ANY(%s) FOR NO KEY UPDATE", list(waiting.ids)),
            log_exceptions=False,
        )
        now = fields.Datetime.now()
        in_flight = waiting.filtered(lambda line: line.maybe_done or (line.taken_until and line.taken_until > now))
        in_flight.look_again = True
        failed = waiting.filtered(lambda line: line.state == "failed")
        failed.write({"state": "draft", "attempts": 0, "stale_count": 0, "next_attempt_at": False, "wait_key": False})
        failed.queue_id._refresh_state()
        return {(line.variant_id.id, line.location_id.id) for line in waiting}

    @api.model
    def _fill_queues(self, instance, wanted, run):
        """Make lines, a queue for each `queue_size_stock` of them."""
        size = instance.queue_size_stock
        for start in range(0, len(wanted), size):  # each part is a queue of its own
            queue = (
                self.env["shopify.queue"]
                .with_context(**_QUEUE)
                .create(
                    {
                        "instance_id": instance.id,
                        "kind": "stock_export",
                        "source": run.source if run else "cron",
                        "run_id": run.id if run else False,
                    }
                )
            )
            shared = {"queue_id": queue.id, "instance_id": instance.id, "kind": "stock_export", "state": "draft"}
            self.env["shopify.queue.line"].create([{**shared, **values} for values in wanted[start : start + size]])

    # Inventory items of variants that an order has linked

    @api.model
    def _complete_items(self, instance, marked=False):
        """Read the inventory items of linked variants that have none yet; called without an open transaction.

        :param marked: only of those that are marked
        :raises shopify_api.ShopifyError: Shopify cannot be asked
        """
        starter = self.env["shopify.run.starter"]
        after = 0
        while True:

            def find(env, after=after):
                found = env["shopify.product.variant"].search(
                    [
                        ("id", ">", after),
                        ("instance_id", "=", instance.id),
                        ("shopify_id", "!=", False),
                        ("product_id", "!=", False),
                        ("inventory_item_ref", "=", False),
                    ],
                    order="id",
                    limit=250,
                )
                last = found[-1:].id
                if marked and found:
                    marks = env["shopify.stock.change"]._read_group([("variant_id", "in", found.ids)], ["variant_id"])
                    found = found.browse(variant.id for (variant,) in marks)
                return last, [(variant.id, variant.shopify_id) for variant in found]

            last, pairs = starter._in_own_transaction(instance, find)
            if not last:
                return
            after = last
            if not pairs:
                continue
            answer = self.env["shopify.connection"]._execute(
                instance,
                "inventory/ItemsOfVariants",
                {"ids": [shopify_api.gid("ProductVariant", ident) for _variant, ident in pairs]},
                lane="stock",
            )
            items = {legacy_id(node["id"]): node["inventoryItem"] for node in filter(None, answer.data["nodes"])}

            def keep(env, pairs=pairs, items=items):
                for variant_id, ident in pairs:
                    item = items.get(ident)
                    if item:
                        env["shopify.product.variant"].browse(variant_id).write(
                            {"inventory_item_ref": legacy_id(item["id"]), "tracked": item["tracked"]}
                        )

            starter._in_own_transaction(instance, keep)

    @api.model
    def _send_by_hand(self, instance, options):
        """Plan and send as a person asked, as far as one request may take; the rest goes on in the background.

        :return: the run and the counts of `shopify.runner._process_now`
        :raises UserError: stock may not be sent, and why
        """
        instance._check_stock_export()
        run = self.env["shopify.run.starter"]._start(instance, "stock_export", options)
        if run.state == "failed":
            raise UserError(run.message)
        due = self.env["shopify.queue.line"].search(
            [("instance_id", "=", instance.id), ("kind", "=", "stock_export"), ("state", "=", "draft")]
        )
        return run, self.env["shopify.runner"]._process_now(instance, due.ids)
