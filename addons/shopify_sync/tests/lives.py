"""The life of an order: events in Shopify, syncs, and what must be right after each of them."""

import os
from collections import Counter

from hypothesis import HealthCheck, Phase, settings
from odoo.addons.shopify_sync.models.operations import LANES

from .common import ShopifyCase, imported_totals

#: What the schedules run: both imports, the changed orders, the cancelled orders.
SCHEDULED = ("order_unshipped", "order_shipped", "order_reconcile", "order_cancelled")

AUTOMATIC = {
    "change_policy": "automatic",
    "sync_invoice": True,
    "refund_policy": "automatic",
    "return_create": True,
    "return_validate": True,
    "import_order_after": "2000-01-01",
}


def random_examples(variable, usual):
    """Hypothesis settings: the few of a usual run, always the same; or as many new ones as an environment variable says."""
    many = int(os.environ.get(variable, "0"))
    return settings(
        max_examples=many or usual,
        derandomize=not many,
        deadline=None,
        database=None,
        print_blob=True,
        phases=(Phase.explicit, Phase.generate, *((Phase.shrink,) if many else ())),
        suppress_health_check=list(HealthCheck),
    )


class LifeCase(ShopifyCase):
    """A store that brings everything by itself; its tests ask after each sync whether Odoo agrees with Shopify."""

    store_values = AUTOMATIC
    place_defaults = {"taxes": "US-NY", "shipping": {"title": "Standard", "price": "5.00"}}

    def place(self, **options):
        """Three units of one product and two of another, with taxes and shipping."""
        lines = [(self.skus[0], 3), (self.skus[1], 2)]
        return super().place(**{"lines": lines, **self.place_defaults, **options})

    def later(self, seconds=60):
        """Time passes, so that what follows is a later change than what Odoo has."""
        self.sim.clock.advance(seconds)

    def sync(self, instance=None):
        """All schedules of orders, then everything that was found."""
        for operation in SCHEDULED:
            run = self.run_operation(operation, instance, **{"from": "2000-01-01 00:00:00"})
            self.assertEqual(run.state, "done", run.message)
        return self.process(instance)

    def process_again(self, chooser=None):
        """Process every state of every order that was ever read once more, each alone, oldest first.

        :param chooser: a `random.Random` that shuffles them
        """
        lines = self.env["shopify.queue.line"].search(
            [("instance_id", "=", self.instance.id), ("state", "=", "done")], order="id"
        )
        ids = lines.ids
        if chooser:
            chooser.shuffle(ids)
        for ident in ids:
            lines.browse(ident)._reopen()
            self.env.flush_all()
            self.env["shopify.runner"]._process_batch(self.instance._for_jobs(), LANES["orders"], [ident])
        self.env.invalidate_all()

    def happens(self, event, *args, sync=True, **options):
        """An event of the simulated store, a minute later than the last; then a sync."""
        self.later()
        result = getattr(self.sim.store, event)(*args, **options)
        if sync:
            self.sync()
        return result

    # Documents

    def moves(self, order, instance=None):
        """Posted invoices and credit notes of an order, whoever made them."""
        return self.env["account.move"].search(
            [
                ("shopify_instance_id", "=", (instance or self.instance).id),
                ("shopify_order_id", "=", str(order.id)),
                ("state", "=", "posted"),
            ],
            order="id",
        )

    def invoiced(self, order, instance=None):
        """Invoices less credit notes, with taxes, in the order's currency."""
        return sum(
            move.amount_total if move.move_type == "out_invoice" else -move.amount_total
            for move in self.moves(order, instance)
        )

    def credit_notes(self, order):
        return self.moves(order).filtered(lambda move: move.move_type == "out_refund")

    def paid(self, order, direction="inbound"):
        """Sum of the registered payments of an order in one direction."""
        payments = self.sale_order(order).shopify_payment_ids.payment_id
        return sum(payments.filtered(lambda one: one.payment_type == direction).mapped("amount"))

    def residual(self, order):
        """What the customer still owes (negative: what he is owed) by all documents and payments of the order."""
        payments = self.sale_order(order).shopify_payment_ids.payment_id.move_id
        lines = (self.moves(order) | payments).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        return sum(lines.mapped("amount_residual_currency"))

    def delivered(self, order):
        """{Shopify line id: units with the customer by Odoo's transfers}."""
        units = Counter()
        for move in self.sale_order(order).order_line.move_ids.filtered(lambda move: move.state == "done"):
            sign = 1 if move.picking_id.picking_type_code == "outgoing" else -1
            units[move.sale_line_id.shopify_line_id] += sign * move.quantity
        return {key: value for key, value in units.items() if value}

    def still_to_deliver(self, order):
        """{Shopify line id: units on open deliveries}."""
        units = Counter()
        for move in self.sale_order(order).order_line.move_ids:
            if move.state not in ("done", "cancel") and move.picking_id.picking_type_code == "outgoing":
                units[move.sale_line_id.shopify_line_id] += move.product_uom_qty
        return {key: value for key, value in units.items() if value}

    def snapshot(self, order):
        """All documents of an order in figures, without their numbers: two lives with one end are equal here."""
        sale = self.sale_order(order)
        money = self.env.company.currency_id
        return {
            "state": sale.state,
            "total": sale.amount_total,
            "tax": sale.amount_tax,
            "invoiced": round(self.invoiced(order), 3),
            "refunds": sorted(
                (move.amount_total, move.amount_tax) for move in self.moves(order) if move.shopify_refund_id
            ),
            "in": round(self.paid(order), 3),
            "out": round(self.paid(order, "outbound"), 3),
            "residual": round(self.residual(order), 3) + 0.0,
            "company_residual": money.round(
                sum(
                    (self.moves(order) | sale.shopify_payment_ids.payment_id.move_id)
                    .line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
                    .mapped("amount_residual")
                )
            )
            + 0.0,
            "delivered": sorted(self.delivered(order).values()),
            "open": sorted(self.still_to_deliver(order).values()),
        }

    def counts(self):
        """How many documents there are of each kind: a second sync adds none."""
        models = (
            "sale.order",
            "sale.order.line",
            "account.move",
            "account.move.line",
            "account.payment",
            "account.partial.reconcile",
            "stock.picking",
            "stock.move",
            "shopify.order.payment",
            "shopify.order.refund",
            "shopify.order.return",
            "res.partner",
            "mail.message",
        )
        self.env.flush_all()
        return {model: self.env[model].search_count([]) for model in models}

    # What must be right

    def assert_right(self, order, context=""):
        """Odoo agrees with Shopify on an order, to the cent and to the unit, however it came there."""
        sale = self.sale_order(order)
        self.assertEqual(len(sale), 1, context)
        self._assert_books(order, context)
        self._assert_refunds(order, sale, context)
        if sale.state == "cancel" or order.cancelled_at:
            self._assert_cancelled(order, sale, context)
            return
        total, tax = imported_totals(order)
        self.assertEqual(sale.shopify_total_state, "ok", context)
        self.assert_cents(sale.amount_total, total, f"order total {context}")
        self.assert_cents(sale.amount_tax, tax, f"order tax {context}")
        if sale.state == "sale":
            self._assert_documents(order, sale, total, context)
            self._assert_goods(order, sale, context)

    def _assert_books(self, order, context):
        moves = self.env["account.move"].search([("shopify_order_id", "=", str(order.id))])
        moves |= self.sale_order(order).shopify_payment_ids.payment_id.move_id
        for move in moves:
            self.assert_cents(abs(sum(move.line_ids.mapped("balance"))), 0, f"{move.name} does not balance {context}")
        self.assertFalse(moves.filtered(lambda move: move.state == "draft"), f"a draft is left {context}")

    def _assert_refunds(self, order, sale, context):
        """One credit note for each refund that gave money back, equal to it to the cent; none for the others."""
        notes = self.moves(order).filtered("shopify_refund_id")
        reversals = notes.filtered(lambda move: move.shopify_refund_id.startswith("return/"))
        notes -= reversals
        self._assert_reversals(order, reversals, context)
        credited = self.refunds_of(order, reversals)
        expected, money_back = {}, 0.0
        for refund in order.refunds:
            money = [item for item in refund.transactions if item.status == "SUCCESS"]
            if not money or any(item.status == "PENDING" for item in refund.transactions):
                continue
            money_back += sum(float(item.amount_set.shop) for item in money)
            if refund not in credited and (self.value(order, refund) or refund.lines):
                expected[str(refund.id)] = float(self.value(order, refund))
        found = {move.shopify_refund_id: move.amount_total for move in notes}
        self.assertEqual(len(found), len(notes), f"two credit notes of one refund {context}")
        if not sale.invoice_ids.filtered(lambda move: move.move_type == "out_invoice" and move.state == "posted"):
            self.assertFalse(found, f"a credit note without an invoice {context}")
            return
        rounded = {key: f"{value:.3f}" for key, value in expected.items()}
        self.assertEqual({key: f"{value:.3f}" for key, value in found.items()}, rounded, f"credit notes {context}")
        refunded = sum(item.amount for item in sale.shopify_payment_ids if item.kind == "refund")
        self.assert_cents(refunded, money_back, f"money given back {context}")
        self.assert_cents(self.paid(order, "outbound"), money_back, f"payments back {context}")

    def _assert_reversals(self, order, reversals, context):
        """One credit note for each return that gave something else than a refund of its units, over what they were worth."""
        known = {f"return/{one.id}": one for one in order.returns}
        found = [known[move.shopify_refund_id] for move in reversals]
        self.assertEqual(len(set(map(id, found))), len(found), f"two credit notes of one return {context}")
        worth = sum(self.worth(order, part) for one in found for line in one.lines for part in line.reversals)
        self.assert_cents(sum(reversals.mapped("amount_total")), worth, f"credited returns {context}")

    def refunds_of(self, order, reversals):
        """Refunds of returns that were credited before."""
        credited = set(reversals.mapped("shopify_refund_id"))
        return [refund for one in order.returns if f"return/{one.id}" in credited for refund in one.refunds]

    def worth(self, order, part):
        """What units that left the order were worth, in the store's currency."""
        return part.subtotal_set.shop + (0 if order.taxes_included else part.total_tax_set.shop)

    def units_back(self, order):
        """{line id: units on Shopify's shelf again}: by returns, and by refunds that were not made from them."""
        found, of_returns = Counter(), [refund for one in order.returns for refund in one.refunds]
        by_refund, by_return, twice = Counter(), Counter(), Counter()
        for refund in order.refunds:
            for part in refund.lines:
                if part.restock_type == "RETURN" and refund not in of_returns:
                    by_refund[str(part.line_item.id)] += part.quantity
        for one in order.returns:
            for work in one.reverse_orders if one.stands else ():
                for part in work.lines:
                    by_return[str(part.fulfillment_line_item.line_item.id)] += sum(
                        item.quantity for item in part.dispositions if item.type == "RESTOCKED"
                    )
            for part in one.lines if one.stands else ():
                twice[str(part.fulfillment_line_item.line_item.id)] += part.beside
        for key in {*by_refund, *by_return}:
            found[key] = by_refund[key] + by_return[key] - min(by_refund[key], by_return[key], twice[key])
        return found

    def value(self, order, refund):
        """What a refund takes off the order, in the store's currency."""
        value = sum(line.subtotal_set.shop for line in refund.lines)
        value += sum(line.subtotal_amount_set.shop for line in refund.shipping)
        value += sum(amount.shop for _duty, amount in refund.duties)
        value -= sum(item.amount_set.shop for item in refund.adjustments)
        if not order.taxes_included:
            value += sum(line.total_tax_set.shop for line in refund.lines)
            value += sum(line.tax_amount_set.shop for line in refund.shipping)
            value -= sum(item.tax_amount_set.shop for item in refund.adjustments)
        return value

    def _assert_cancelled(self, order, sale, context):
        """What was cancelled leaves nothing to deliver; the books say what Shopify says is left."""
        self.assertFalse(self.still_to_deliver(order), f"still to deliver {context}")
        self.assertTrue(sale.state == "cancel" or sale.picking_ids.filtered("shopify_cancelled_while_shipped"), context)
        if self.moves(order):
            pending = sum(self.value(order, refund) for refund in order.refunds if self.is_pending(refund))
            left = self.shopify_total(order, "current_total_price") + pending
            self.assert_cents(self.invoiced(order), left, f"invoices less credit notes {context}")
            open_amount = float(left) - (self.paid(order) - self.paid(order, "outbound"))
            self.assert_cents(self.residual(order), open_amount, f"open amount {context}")

    def is_pending(self, refund):
        return any(item.status == "PENDING" for item in refund.transactions)

    def _assert_documents(self, order, sale, total, context):
        received = self.shopify_total(order, "total_received")
        registered = sale.shopify_payment_ids.filtered(lambda row: row.kind != "refund")
        self.assert_cents(sum(registered.mapped("amount")), received, f"payments known {context}")
        if not self.moves(order):
            return
        settled = sum(move.amount_total for move in self.moves(order) if move.shopify_refund_id)
        self.assert_cents(self.invoiced(order), float(total) - settled, f"invoices less credit notes {context}")
        for line in sale.order_line:
            self.assertEqual(line.qty_invoiced, line.product_uom_qty, f"invoiced units of {line.name} {context}")
        self.assert_cents(self.paid(order), received, f"payments {context}")
        open_amount = float(total) - settled - (self.paid(order) - self.paid(order, "outbound"))
        self.assert_cents(self.residual(order), open_amount, f"open amount {context}")

    def _assert_goods(self, order, sale, context):
        stocked = {
            line.shopify_line_id for line in sale.order_line if line.product_id.type == "consu" and line.shopify_line_id
        }
        lines = {str(line.id): line for line in order.lines if str(line.id) in stocked}
        open_units = {key: float(line.unfulfilled_quantity) for key, line in lines.items() if line.unfulfilled_quantity}
        self.assertEqual(self.still_to_deliver(order), open_units, f"units on open deliveries {context}")
        came_back = self.units_back(order)
        with_customer = {key: float(line.fulfilled - came_back[key]) for key, line in lines.items()}
        with_customer = {key: units for key, units in with_customer.items() if units}
        self.assertEqual(self.delivered(order), with_customer, f"units with the customer {context}")

    def assert_settled(self, context=""):
        """The queue has no line without a reason, and a second sync changes nothing."""
        unexplained = self.env["shopify.queue.line"].search(
            [("instance_id", "=", self.instance.id), ("state", "!=", "done"), ("message", "in", (False, ""))]
        )
        self.assertFalse(unexplained, f"lines without a reason {context}")
        before = self.counts()
        self.sync()
        self.assertEqual(self.counts(), before, f"a second sync changes something {context}")
        self.process_again()
        self.assertEqual(self.counts(), before, f"the same data again change something {context}")
