"""The links of the month-end chain: what each document of a period comes to, and what of it the next document settles."""

from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

from odoo import api, models
from odoo.tools import SQL

from ..mapping.month_end import Position, Stage, explain
from .order_void import VOID

#: Days within which a payment is usually paid out.
DAYS_TO_PAYOUT = 7
#: Gateways whose money never reaches a bank.
INTERNAL_GATEWAYS = ("gift_card", "shopify_store_credit")
PLACED_AT = SQL("COALESCE(orders.shopify_created_at, orders.date_order)")
#: Financial statuses of orders that a workflow does not invoice yet.
NOT_DUE = ("authorized", "pending", "partially_paid")


class Period:
    """A month of a store: days in the store's time zone, and the moments (naive UTC) they cover."""

    def __init__(self, instance, first, last):
        zone = ZoneInfo(instance.shop_tz or "UTC")
        self.instance, self.first, self.last = instance, first, last
        self.start, self.end = (
            datetime.combine(day, time(), zone).astimezone(timezone.utc).replace(tzinfo=None)
            for day in (first, last + timedelta(days=1))
        )
        self.as_of = min(last, instance._local_date(datetime.now(timezone.utc).replace(tzinfo=None)))
        self.zone = instance.shop_tz or "UTC"


class ShopifyMonthEndLinks(models.AbstractModel):
    """Each link is one SQL query with a row a document: id, reference, day, currency, expected, settled (by the end of the
    period), later, and what helps to explain a difference. Its sums are grouped by the database; only rows that differ
    are read one by one."""

    _name = "shopify.month.end.links"
    _description = "Shopify Month End Links"

    @api.model
    def _links(self):
        """Links by name, in the order of the chain: (model of the document, query)."""
        return {
            "order": ("sale.order", self._query_orders),
            "invoice": ("account.move", self._query_invoices),
            "payment": ("shopify.order.payment", self._query_payments),
            "other_payment": ("shopify.order.payment", self._query_other_payments),
            "refund": ("shopify.order.refund", self._query_refunds),
            "payout": ("shopify.payout.line", self._query_payout_lines),
        }

    @api.model
    def _checks(self):
        """Comparisons that are no link of the chain: a document against what Shopify states of it."""
        return {
            "total": ("sale.order", self._query_totals),
            "payout_total": ("shopify.payout", self._query_payout_totals),
        }

    @api.model
    def _sums(self, period):
        """Sums of every link: {link: {currency id: (Stage, number of documents)}}."""
        self.env.flush_all()
        found = {}
        for name, (_model, query) in self._links().items():
            rows = self.env.execute_query(
                SQL(
                    "SELECT currency_id, COUNT(*), SUM(expected)::text, SUM(settled)::text, SUM(later)::text "
                    "FROM (%s) AS documents GROUP BY currency_id ORDER BY currency_id",
                    query(period),
                )
            )
            found[name] = {
                currency: (Stage(*(Decimal(amount) for amount in amounts)), count) for currency, count, *amounts in rows
            }
        return found

    @api.model
    def _variances(self, period):
        """Documents that do not agree with the next one: dicts with link, model, id, reference, day, currency,
        `position` and `parts` (see `mapping.month_end`)."""
        self.env.flush_all()
        steps = {currency.id: currency.rounding for currency in self.env["res.currency"].search([])}
        found = []
        for name, (model, query) in {**self._links(), **self._checks()}.items():
            rows = self.env.execute_query(
                SQL(
                    "SELECT id, reference, day, currency_id, expected::text, settled::text, later::text, parts, by_hand, "
                    "is_foreign, waits_until, fee::text FROM (%s) AS documents WHERE expected <> settled ORDER BY day, id",
                    query(period),
                )
            )
            if name == "other_payment":  # whether the bank has it is told by bank reconciliation, not by this list
                rows = [row for row in rows if Decimal(row[5]) + Decimal(row[6]) != 0 or row[8]]
            for (
                ident,
                reference,
                day,
                currency,
                expected,
                settled,
                later,
                parts,
                by_hand,
                is_foreign,
                waits,
                fee,
            ) in rows:
                position = Position(
                    Decimal(expected),
                    Decimal(settled),
                    Decimal(later),
                    step=Decimal(str(steps[currency])),
                    parts=int(parts or 1),
                    by_hand=bool(by_hand),
                    foreign=bool(is_foreign),
                    normal_until=waits,
                    fee=Decimal(fee),
                )
                found.append(
                    {
                        "link": name,
                        "model": model,
                        "id": ident,
                        "reference": reference,
                        "day": day,
                        "currency_id": currency,
                        "position": position,
                        "parts": explain(position, period.as_of),
                    }
                )
        return found

    @api.model
    def _documents(self, period, link, currency):
        """Model and ids of the documents of a link in a currency, to look at them."""
        model, query = self._links()[link]
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL("SELECT id FROM (%s) AS documents WHERE currency_id = %s", query(period), currency.id)
        )
        return model, [ident for (ident,) in rows]

    # Orders: what they come to, and what is invoiced

    @api.model
    def _query_orders(self, period):
        """Confirmed orders and quotations of the period; credit notes of refunds leave an order invoiced."""
        return SQL(
            """
            SELECT orders.id, orders.shopify_order_name AS reference, %(day)s AS day, orders.currency_id,
                   CASE WHEN orders.state = 'cancel' THEN 0 ELSE orders.amount_total END AS expected,
                   COALESCE(invoiced.by_end, 0) AS settled, COALESCE(invoiced.since, 0) AS later,
                   GREATEST(invoiced.lines, 1) AS parts, COALESCE(invoiced.by_hand, FALSE) AS by_hand,
                   COALESCE(invoiced.is_foreign, FALSE) AS is_foreign,
                   CASE WHEN orders.shopify_financial_status IN %(void)s THEN NULL
                        WHEN orders.state IN ('draft', 'sent') OR orders.shopify_financial_status IN %(not_due)s
                        THEN %(ever)s END AS waits_until, 0 AS fee
              FROM sale_order AS orders
              LEFT JOIN LATERAL (
                   SELECT SUM(moves.signed) FILTER (WHERE moves.invoice_date <= %(last)s AND moves.same) AS by_end,
                          SUM(moves.signed) FILTER (WHERE moves.invoice_date > %(last)s AND moves.same) AS since,
                          SUM(moves.lines) AS lines, BOOL_OR(moves.by_hand) AS by_hand, BOOL_OR(NOT moves.same) AS is_foreign
                     FROM (
                          SELECT move.invoice_date, move.currency_id = orders.currency_id AS same,
                                 CASE WHEN move.move_type = 'out_invoice' THEN move.amount_total ELSE -move.amount_total END AS signed,
                                 move.move_type = 'out_refund' AND move.reversed_entry_id IS NOT NULL AS by_hand,
                                 (SELECT COUNT(*) FROM account_move_line AS line
                                   WHERE line.move_id = move.id AND line.display_type = 'product') AS lines
                            FROM account_move AS move
                           WHERE move.shopify_instance_id = orders.shopify_instance_id
                             AND move.shopify_order_id = orders.shopify_order_id
                             AND move.state = 'posted'
                             AND (move.move_type = 'out_invoice'
                                  OR (move.move_type = 'out_refund' AND move.shopify_refund_id IS NULL))
                          ) AS moves
                   ) AS invoiced ON TRUE
             WHERE orders.shopify_order_id IS NOT NULL AND %(placed)s
            """,
            day=self._day_of(PLACED_AT, period),
            void=VOID,
            not_due=NOT_DUE,
            ever=date.max,
            last=period.last,
            placed=self._placed(period),
        )

    @api.model
    def _query_totals(self, period):
        """Orders whose total in Odoo is not the one that Shopify states."""
        return SQL(
            """
            SELECT orders.id, orders.shopify_order_name AS reference, %(day)s AS day, orders.currency_id,
                   orders.amount_total + orders.shopify_total_difference AS expected, orders.amount_total AS settled,
                   0 AS later, (SELECT COUNT(*) FROM sale_order_line AS line WHERE line.order_id = orders.id) AS parts,
                   orders.shopify_total_state = 'accepted' AS by_hand, FALSE AS is_foreign, NULL::date AS waits_until, 0 AS fee
              FROM sale_order AS orders
             WHERE orders.shopify_total_state IN ('rounded', 'differs', 'accepted') AND orders.state <> 'cancel' AND %(placed)s
            """,
            day=self._day_of(PLACED_AT, period),
            placed=self._placed(period),
        )

    # Invoices and credit notes: what they come to, and what is paid

    @api.model
    def _query_invoices(self, period):
        return SQL(
            """
            SELECT move.id, move.name AS reference, move.invoice_date AS day, move.currency_id,
                   side.sign * move.amount_total AS expected, side.sign * COALESCE(paid.by_end, 0) AS settled,
                   side.sign * (move.amount_total - move.amount_residual - COALESCE(paid.by_end, 0)) AS later,
                   1 AS parts, FALSE AS by_hand, COALESCE(paid.is_foreign, FALSE) AS is_foreign,
                   CASE WHEN move.move_type = 'out_invoice' THEN move.invoice_date_due END AS waits_until, 0 AS fee
              FROM account_move AS move
             CROSS JOIN LATERAL (SELECT CASE WHEN move.move_type = 'out_invoice' THEN 1 ELSE -1 END AS sign) AS side
              LEFT JOIN LATERAL (
                   SELECT SUM(CASE WHEN part.debit_move_id = line.id THEN part.debit_amount_currency
                                   ELSE part.credit_amount_currency END) FILTER (WHERE part.max_date <= %(last)s) AS by_end,
                          BOOL_OR(part.debit_currency_id <> part.credit_currency_id) AS is_foreign
                     FROM account_move_line AS line
                     JOIN account_account AS account ON account.id = line.account_id
                     JOIN account_partial_reconcile AS part ON line.id IN (part.debit_move_id, part.credit_move_id)
                    WHERE line.move_id = move.id AND account.account_type = 'asset_receivable'
                   ) AS paid ON TRUE
             WHERE move.shopify_instance_id = %(instance)s
               AND move.shopify_order_id IS NOT NULL
               AND move.move_type IN ('out_invoice', 'out_refund')
               AND move.state = 'posted'
               AND move.invoice_date BETWEEN %(first)s AND %(last)s
            """,
            last=period.last,
            first=period.first,
            instance=period.instance.id,
        )

    # Payments: what customers paid, and what is paid out

    @api.model
    def _query_payments(self, period):
        """Payments of gateways that pay out, less what was given back through them. One that Odoo never registered is
        settled by its payout itself."""
        return self._payments(period, SQL("gateway.code IN %s", self._paying_out(period.instance)))

    @api.model
    def _query_other_payments(self, period):
        """Payments that reach the bank by themselves: by hand, on delivery, by transfer."""
        codes = self._paying_out(period.instance)
        return self._payments(period, SQL("gateway.code NOT IN %s", (*codes, *INTERNAL_GATEWAYS)))

    @api.model
    def _paying_out(self, instance):
        """Codes of the gateways of a store that pay out in sums, so that a payment is in transit until then."""
        # which gateways pay out is no secret of the files' description, which a reader of the month may not open
        files = self.env["shopify.settlement.map"].sudo().search([("instance_id", "=", instance.id)])
        return ("shopify_payments", *{gateway.code for gateway in files.gateway_id})

    @api.model
    def _payments(self, period, which):
        return SQL(
            """
            SELECT payment.id, orders.shopify_order_name AS reference, %(day)s AS day, payment.currency_id,
                   side.sign * payment.amount AS expected,
                   CASE WHEN booked.id IS NULL THEN COALESCE(paid_out.by_end, 0) ELSE COALESCE(bank.by_end, 0) END AS settled,
                   CASE WHEN booked.id IS NULL THEN COALESCE(paid_out.since, 0) ELSE COALESCE(bank.since, 0) END AS later,
                   1 AS parts,
                   COALESCE(booked.amount <> payment.amount, FALSE) AS by_hand,
                   COALESCE(booked.currency_id <> payment.currency_id, FALSE) AS is_foreign,
                   CASE WHEN orders.state IN ('draft', 'sent') THEN %(ever)s ELSE %(day)s + %(days)s END AS waits_until,
                   COALESCE(paid_out.fee, 0) AS fee
              FROM shopify_order_payment AS payment
              JOIN sale_order AS orders ON orders.id = payment.order_id
              JOIN shopify_payment_gateway AS gateway ON gateway.id = payment.gateway_id
              LEFT JOIN shopify_sale_workflow AS workflow ON workflow.id = payment.workflow_id
              LEFT JOIN account_payment AS booked ON booked.id = payment.payment_id
                    AND booked.state IN ('in_process', 'paid')
             CROSS JOIN LATERAL (SELECT CASE WHEN payment.kind = 'refund' THEN -1 ELSE 1 END AS sign) AS side
              LEFT JOIN LATERAL (
                   SELECT SUM(CASE WHEN account.reconcile THEN parts.by_end ELSE line.amount_currency END) AS by_end,
                          SUM(CASE WHEN account.reconcile
                                   THEN line.amount_currency - line.amount_residual_currency - parts.by_end
                                   ELSE 0 END) AS since
                     FROM account_move_line AS line
                     JOIN account_account AS account ON account.id = line.account_id
                    CROSS JOIN LATERAL (
                          SELECT COALESCE(SUM(CASE WHEN part.debit_move_id = line.id THEN part.debit_amount_currency
                                                   ELSE -part.credit_amount_currency END), 0) AS by_end
                            FROM account_partial_reconcile AS part
                           WHERE line.id IN (part.debit_move_id, part.credit_move_id) AND part.max_date <= %(last)s
                          ) AS parts
                    WHERE line.move_id = booked.move_id
                      AND account.account_type NOT IN ('asset_receivable', 'liability_payable')
                   ) AS bank ON TRUE
              LEFT JOIN LATERAL (
                   SELECT SUM(line.fee) AS fee,
                          SUM(line.amount) FILTER (WHERE here.booked AND payout.date <= %(last)s) AS by_end,
                          SUM(line.amount) FILTER (WHERE here.booked AND payout.date > %(last)s) AS since
                     FROM shopify_payout_line AS line
                     JOIN shopify_payout AS payout ON payout.id = line.payout_id
                    CROSS JOIN LATERAL (
                          SELECT line.processed AND line.currency_id = payment.currency_id AS booked
                          ) AS here
                    WHERE line.instance_id = payment.instance_id
                      AND line.order_transaction_ref = payment.transaction_id
                      AND line.transaction_type IN ('CHARGE', 'REFUND')
                   ) AS paid_out ON TRUE
             WHERE payment.instance_id = %(instance)s
               AND %(which)s
               AND %(within)s
               AND payment.is_test IS NOT TRUE
               AND orders.shopify_is_test IS NOT TRUE
               AND (payment.payment_id IS NOT NULL OR payment.registered OR workflow.register_payment)
            """,
            day=self._day_of(SQL("payment.processed_at"), period),
            days=DAYS_TO_PAYOUT,
            ever=date.max,
            last=period.last,
            instance=period.instance.id,
            which=which,
            within=self._within(SQL("payment.processed_at"), period),
        )

    # Refunds: what Shopify gave back, and what is credited

    @api.model
    def _query_refunds(self, period):
        """Refunds of money; those of orders that were never invoiced lower the order instead of being credited, and some
        only pay back what was credited before."""
        return SQL(
            """
            SELECT refund.id, orders.shopify_order_name AS reference, %(day)s AS day, refund.currency_id,
                   refund.amount AS expected,
                   CASE WHEN note.invoice_date <= %(last)s THEN note.amount_total ELSE 0 END AS settled,
                   CASE WHEN note.invoice_date > %(last)s THEN note.amount_total ELSE 0 END AS later,
                   1 AS parts, refund.state = 'left_out' AS by_hand,
                   COALESCE(note.currency_id <> refund.currency_id, FALSE) AS is_foreign,
                   CASE WHEN refund.state = 'waiting' THEN %(ever)s END AS waits_until, 0 AS fee
              FROM shopify_order_refund AS refund
              JOIN sale_order AS orders ON orders.id = refund.order_id
              LEFT JOIN account_move AS note ON note.id = refund.move_id AND note.state = 'posted'
             WHERE refund.instance_id = %(instance)s
               AND refund.state NOT IN ('reduced', 'edit')
               AND NOT (refund.state = 'credited' AND refund.move_id IS NULL)
               AND refund.amount <> 0
               AND %(within)s
               AND orders.shopify_is_test IS NOT TRUE
            """,
            day=self._day_of(SQL("refund.processed_at"), period),
            last=period.last,
            ever=date.max,
            instance=period.instance.id,
            within=self._within(SQL("refund.processed_at"), period),
        )

    # Payouts: what was paid out, and what of it is in the books

    @api.model
    def _query_payout_lines(self, period):
        """Transactions of the payouts of the period that reached the bank. One without an account is a fee to configure;
        one whose order is not in Odoo yet may come."""
        return SQL(
            """
            SELECT line.id, COALESCE(line.source_order_name, line.shopify_id) AS reference, payout.date AS day,
                   line.currency_id, line.net AS expected, CASE WHEN line.processed THEN line.net ELSE 0 END AS settled,
                   0 AS later, 1 AS parts, line.by_hand AS by_hand, FALSE AS is_foreign,
                   payout.date + %(days)s AS waits_until, CASE WHEN line.state = 'to_configure' THEN line.net ELSE 0 END AS fee
              FROM shopify_payout_line AS line
              JOIN shopify_payout AS payout ON payout.id = line.payout_id
             WHERE %(arrived)s
            """,
            days=DAYS_TO_PAYOUT,
            arrived=self._arrived(period),
        )

    @api.model
    def _query_payout_totals(self, period):
        """Payouts that are not the sum of their transactions."""
        return SQL(
            """
            SELECT payout.id, payout.name AS reference, payout.date AS day, payout.currency_id,
                   payout.amount_net AS expected, payout.amount_lines AS settled, 0 AS later, payout.line_count AS parts,
                   FALSE AS by_hand, FALSE AS is_foreign, NULL::date AS waits_until, 0 AS fee
              FROM shopify_payout AS payout
             WHERE payout.lines_read AND %(arrived)s
            """,
            arrived=self._arrived(period),
        )

    # What the queries have in common

    @api.model
    def _placed(self, period):
        """Orders placed in the period; test orders count nowhere."""
        return SQL(
            "orders.shopify_instance_id = %s AND %s AND orders.shopify_is_test IS NOT TRUE",
            period.instance.id,
            self._within(PLACED_AT, period),
        )

    @api.model
    def _arrived(self, period):
        """Payouts of the period that reached the bank."""
        return SQL(
            "payout.instance_id = %s AND payout.status = 'paid' AND payout.date BETWEEN %s AND %s",
            period.instance.id,
            period.first,
            period.last,
        )

    @api.model
    def _within(self, moment, period):
        """A naive UTC column lies in the period."""
        return SQL("(%s >= %s AND %s < %s)", moment, period.start, moment, period.end)

    @api.model
    def _day_of(self, moment, period):
        """The day of a naive UTC column in the store's time zone."""
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", moment, period.zone)
