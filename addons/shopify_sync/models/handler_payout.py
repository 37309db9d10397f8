"""Reading payouts of Shopify Payments, all their balance transactions, and disputes (operation `payout`)."""

import json
from datetime import datetime, time, timedelta, timezone

import pytz
from odoo import api, fields, models

from .. import shopify_api
from ..mapping.payouts import read_dispute, read_payout, read_transaction
from .page import Page

PAYOUTS, TRANSACTIONS, DISPUTES = 50, 250, 100
#: Payouts issued so long before the last one are looked at again: a bank may return money days later.
LOOK_BACK = timedelta(days=30)
#: Payouts of these statuses have their final transactions.
SETTLED = ("in_transit", "paid", "failed", "cancelled")
#: What one record of another form than asked for raises; the others go on.
UNREADABLE = (KeyError, TypeError, ValueError, ArithmeticError, AttributeError)


class ShopifyHandlerPayout(models.AbstractModel):
    """Reads three lists one after the other: payouts, the transactions of each, disputes.

    The place reached is in the run (which list, which page) and in each payout (its transactions), both moved in the
    transaction that stored the records: a stop anywhere loses nothing and doubles nothing.
    """

    _name = "shopify.handler.payout"
    _description = "Shopify Payout Handler"

    @api.model
    def _default_from(self, store, last):
        """Where a scheduled run begins: some weeks before the last payout, never before the store's first day."""
        start = store.import_order_after
        if store.payout_from:
            zone = pytz.timezone(store.shop_tz or "UTC")
            midnight = zone.localize(datetime.combine(store.payout_from, time.min))
            start = midnight.astimezone(timezone.utc).replace(tzinfo=None)
        return fields.Datetime.to_string(max(last - LOOK_BACK, start) if last else start)

    # Asking Shopify

    @api.model
    def _fetch_page(self, instance, run):
        """One page of one of the lists; called without an open transaction."""
        place = json.loads(run["page_cursor"]) if run["page_cursor"] else {"list": "payouts", "after": None}
        if place["list"] == "payouts":
            return self._fetch_payouts(instance, run["options"], place["after"])
        if place["list"] == "lines":
            page = self._fetch_lines(instance, run["options"])
            if page:
                return page
            place = {"list": "disputes", "after": None}
        if run["options"].get("ids"):
            return Page()
        return self._fetch_disputes(instance, place["after"])

    @api.model
    def _fetch_payouts(self, instance, options, after):
        answer = self._ask(
            instance, "payments/PayoutsPage", {"query": self._query(options) or None, "first": PAYOUTS, "after": after}
        )
        account = answer.data["shopifyPaymentsAccount"]
        if account is None:
            return Page(
                message=self.env._("Shopify Payments is not active in %s: there are no payouts to read.", instance.name)
            )
        nodes, info = account["payouts"]["nodes"], account["payouts"]["pageInfo"]
        place = {"list": "payouts", "after": info["endCursor"]} if info["hasNextPage"] else {"list": "lines"}
        issued = [read_payout(node).issued_at for node in nodes]
        return Page(
            records=[{"list": "payouts", "nodes": nodes}],
            cursor=json.dumps(place),
            has_next=True,
            seen=len(nodes),
            until=max(issued, default=None) if not options.get("ids") else None,
        )

    @api.model
    def _query(self, options):
        if options.get("ids"):
            return shopify_api.search.ids(options["ids"])
        start, end = (
            moment and fields.Datetime.to_datetime(moment).replace(tzinfo=timezone.utc)
            for moment in (options.get("from"), options.get("to"))
        )
        return shopify_api.search.between("issued_at", start, end)

    @api.model
    def _fetch_lines(self, instance, options):
        """The next page of transactions of the first payout that lacks some; None when there is none left."""

        def work(env):
            domain = [("instance_id", "=", instance.id), ("lines_read", "=", False), ("status", "in", SETTLED)]
            if options.get("ids"):
                domain.append(("shopify_id", "in", options["ids"]))
            payout = env["shopify.payout"].search(domain, limit=1, order="id")
            return (payout.id, payout.shopify_id, payout.lines_cursor or None) if payout else None

        found = self.env["shopify.run.starter"]._in_own_transaction(instance, work)
        if not found:
            return None
        payout_id, shopify_id, after = found
        query = shopify_api.search.term("payments_transfer_id", int(shopify_id))
        answer = self._ask(
            instance, "payments/BalanceTransactionsPage", {"query": query, "first": TRANSACTIONS, "after": after}
        )
        connection = answer.data["shopifyPaymentsAccount"]["balanceTransactions"]
        record = {"list": "lines", "payout_id": payout_id, "after": after, **connection}
        return Page(
            records=[record], cursor=json.dumps({"list": "lines"}), has_next=True, seen=len(connection["nodes"])
        )

    @api.model
    def _fetch_disputes(self, instance, after):
        granted = self.env["shopify.run.starter"]._in_own_transaction(
            instance, lambda env: env["shopify.scope"]._granted(env["shopify.instance"].browse(instance.id))
        )
        if granted and granted.isdisjoint(("read_shopify_payments_disputes", "read_shopify_payments")):
            return Page(
                message=self.env._("Disputes were not read: the permission read_shopify_payments_disputes is missing.")
            )
        answer = self._ask(instance, "payments/DisputesPage", {"query": None, "first": DISPUTES, "after": after})
        connection = answer.data["disputes"]
        info = connection["pageInfo"]
        return Page(
            records=[{"list": "disputes", "nodes": connection["nodes"]}],
            cursor=json.dumps({"list": "disputes", "after": info["endCursor"]}),
            has_next=info["hasNextPage"],
            seen=len(connection["nodes"]),
        )

    @api.model
    def _ask(self, instance, document, variables):
        return self.env["shopify.connection"]._execute(instance, document, variables)

    # Storing

    @api.model
    def _store_records(self, run, records):
        """Store one page of one list.

        :return: how many records are new
        """
        instance, new = run.instance_id, 0
        for record in records:
            if record["list"] == "payouts":
                new += self._store_payouts(instance, record["nodes"], bool((run.options or {}).get("ids")))
            elif record["list"] == "lines":
                new += self._store_lines(instance, record)
            else:
                new += self.env["shopify.dispute"]._store(instance, self._readable(instance, record["nodes"]))
        instance._trigger(["payout_process"])
        return new

    @api.model
    def _readable(self, instance, nodes):
        """Disputes as read with their raw data; one that cannot be read is logged."""
        found, entries = [], []
        for node in nodes:
            try:
                found.append((read_dispute(node), self._dump(node)))
            except UNREADABLE as error:
                entries.append(self._unreadable(node, error))
        self.env["shopify.log.line"]._log(instance, entries)
        return found

    @api.model
    def _store_payouts(self, instance, nodes, again):
        """Create payouts and bring known ones up to date.

        :param again: their transactions are read anew, too
        """
        read = {payout.shopify_id: (payout, self._dump(node)) for node in nodes for payout in [read_payout(node)]}
        payouts = self.env["shopify.payout"]
        known = payouts.search([("instance_id", "=", instance.id), ("shopify_id", "in", list(read))])
        for payout in known:
            payout._update_from(*read.pop(payout.shopify_id), again=again)
        payouts.create([self._prepare_payout(instance, *one) for one in read.values()])
        return len(read)

    @api.model
    def _prepare_payout(self, instance, read, payload):
        return {
            "instance_id": instance.id,
            "shopify_id": read.shopify_id,
            "issued_at": read.issued_at,
            "date": instance._local_date(read.issued_at),
            "status": read.status,
            "ended_on": self._ended_on(instance, read.status),
            "payout_type": "withdrawal" if read.is_withdrawal else "deposit",
            "currency_id": self.env["res.currency"]._shopify_currency(read.currency).id,
            "amount_net": float(read.net),
            "trace_ref": read.trace_ref or False,
            "payload": payload,
        }

    @api.model
    def _ended_on(self, instance, status):
        """The day on which a payout is known to have failed: Shopify does not say when it did."""
        return instance._local_date(fields.Datetime.now()) if status in ("failed", "cancelled") else False

    @api.model
    def _store_lines(self, instance, record):
        """Store a page of transactions of a payout with the place reached."""
        payout = self.env["shopify.payout"].browse(record["payout_id"])
        if payout.lines_read or (payout.lines_cursor or None) != record["after"]:
            return 0  # another worker has stored this page
        read, entries = {}, []
        for node in record["nodes"]:
            try:
                transaction = read_transaction(node)
                if transaction.currency != payout.currency_id.name:
                    raise ValueError(transaction.currency)
            except UNREADABLE as error:
                entries.append(self._unreadable(node, error, payout))
                continue
            read[transaction.shopify_id] = (transaction, self._dump(node))
        self.env["shopify.log.line"]._log(instance, entries)
        info = record["pageInfo"]
        payout.write(
            {
                "lines_read": not info["hasNextPage"],
                "lines_cursor": info["endCursor"] if info["hasNextPage"] else False,
                "test_count": payout.test_count + sum(one.test for one, _payload in read.values()),
            }
        )
        model = self.env["shopify.payout.line"]
        known = model.search([("instance_id", "=", instance.id), ("shopify_id", "in", list(read))])
        known._move_to(payout)
        for shopify_id in known.mapped("shopify_id"):
            del read[shopify_id]
        lines = model.create([self._prepare_line(payout, *one) for one in read.values() if one[0].counts])
        self.env["shopify.payout.matcher"]._match(instance, lines)
        return len(lines)

    @api.model
    def _prepare_line(self, payout, read, payload):
        return {
            "payout_id": payout.id,
            "instance_id": payout.instance_id.id,
            "currency_id": payout.currency_id.id,
            "shopify_id": read.shopify_id,
            "transaction_type": read.kind,
            "transaction_date": read.date,
            "source_type": read.source_type or False,
            "source_order_ref": read.order_id or False,
            "source_order_name": read.order_name or False,
            "order_transaction_ref": read.order_transaction_id or False,
            "dispute_ref": read.dispute_id or False,
            "returned_ref": read.returned_payout_id or False,
            "description": read.reason or False,
            "amount": float(read.amount),
            "fee": float(read.fee),
            "net": float(read.net),
            "payload": payload,
        }

    @api.model
    def _unreadable(self, node, error, payout=None):
        """A log entry for a record that cannot be read; a payout without it does not add up, so it is never validated."""
        entry = {
            "process": self.env._("Import payout reports"),
            "cause": "payout_unreadable",
            "message": self.env._(
                "A record of Shopify Payments cannot be read and was left out: %(id)s (%(reason)s).",
                id=node.get("id"),
                reason=f"{type(error).__name__}: {error}",
            ),
            "technical": self._dump(node),
            "record_key": f"payout:{node.get('id')}",
        }
        if payout:
            entry.update(res_model=payout._name, res_id=payout.id)
        return entry

    @api.model
    def _dump(self, node):
        return json.dumps(node, separators=(",", ":"), ensure_ascii=False)
