"""What an import would do, without doing it."""

from dataclasses import dataclass

from odoo import api, models

from ..mapping import Refusal, read_order
from ..mapping.reading import when
from .outcome import Outcome
from .spoken import spoken

#: A preview reads at most this many pages of orders.
PAGES = 4


class _TakeBackError(Exception):
    """Ends the savepoint of a preview: nothing of it stays."""


@dataclass(frozen=True)
class _Queue:
    source: str


@dataclass(frozen=True)
class PreviewLine:
    """Stands for a queue line that does not exist."""

    id: int
    queue_id: _Queue


class ShopifyPreview(models.AbstractModel):
    """Runs the checks of an import on orders as Shopify holds them now, and takes everything back."""

    _name = "shopify.preview"
    _description = "Shopify Import Preview"

    @api.model
    def _preview(self, instance, operation, options):
        """Rows that say what an import would do. The caller's transaction ends here before Shopify is asked.

        :return: (rows: dicts for `shopify.preview.line`, whether there are more orders than were looked at)
        """
        own = instance._for_jobs()
        granted = self.env["shopify.scope"]._granted(own)
        run = {
            "operation": operation,
            "options": options,
            "page_cursor": None,
            "granted": granted,
            "order_statuses": own.order_statuses,
            "rule_tags": own._rule_tags(),
        }
        self.env.cr.commit()  # pylint: disable=invalid-commit  # the fetch boundary
        handler = self.env["shopify.handler.order"]
        records, more = [], False
        for _page in range(PAGES):
            page = handler._fetch_page(own, run)
            records += page.records
            run["page_cursor"], more = page.cursor, page.has_next
            if not more:
                break
        return self.with_env(own.env)._rows(own, records, by_id=operation == "order_by_id"), more

    @api.model
    def _rows(self, instance, records, by_id):
        """Evaluate orders within a savepoint that is taken back."""
        rows = []
        try:
            with self.env.cr.savepoint():
                rows = self._evaluate(instance, records, by_id)
                raise _TakeBackError
        except _TakeBackError:
            self.env.invalidate_all()
        return rows

    @api.model
    def _evaluate(self, instance, records, by_id):
        handler = self.env["shopify.handler.order"]
        options = instance._mapping_options()
        queue = _Queue("by_id" if by_id else "manual")
        outcomes, orders = {}, {}
        for number, record in enumerate(records):
            line = PreviewLine(number, queue)
            try:
                orders[line] = read_order(record, options)
            except Refusal as error:
                outcomes[number] = Outcome.failure("data", "unreadable", spoken(self.env, error.words))
        known = handler._known(instance, orders.values())
        last_partner = self.env["res.partner"].with_context(active_test=False).search([], order="id desc", limit=1).id
        new = {line: order for line, order in orders.items() if order.shopify_id not in known}
        handler._leave_out(instance, new, outcomes)
        wanted = {**new, **{line: order for line, order in orders.items() if order.shopify_id in known}}
        resolved = handler._check(instance, wanted, outcomes, known) if wanted else None
        rows = []
        for number, record in enumerate(records):
            line = PreviewLine(number, queue)
            order = orders.get(line)
            rows.append(
                {
                    "order_ref": record["name"],
                    "updated_at": when(record["updatedAt"]),
                    "total": float(order.totals.total) if order else 0.0,
                    "currency": order.currency if order else False,
                    **self._effect(instance, order, known, outcomes.get(number), resolved, last_partner),
                }
            )
        return rows

    @api.model
    def _effect(self, instance, order, known, outcome, resolved, last_partner):
        """What would happen to one order, and who the customer would be."""
        if outcome and outcome.state == "skipped":
            return {"effect": "skip", "reason": outcome.message}
        if outcome and outcome.needs:
            return {"effect": "create", "reason": self.env._("Products are read from Shopify first.")}
        if outcome:
            return {"effect": "refuse", "reason": outcome.message}
        customer = resolved.parties[order.shopify_id].customer
        who = self.env._("new: %s", customer.name) if customer.id > last_partner else customer.display_name
        sale_order = known.get(order.shopify_id)
        if sale_order and sale_order.shopify_updated_at and order.updated_at <= sale_order.shopify_updated_at:
            return {"effect": "unchanged", "customer": who, "reason": sale_order.name}
        if sale_order:
            return {"effect": "update", "customer": who, "reason": sale_order.name}
        held = order.risk.state(instance.risk_hold_from)
        state, _difference = self.env["shopify.order.writer"]._total_state(instance, order)
        reasons = [resolved.workflow(order, order.gateways.main).name]
        if state == "differs":
            reasons.append(self.env._("held: its total differs"))
        if held != "none":
            reasons.append(self.env._("held: risk"))
        if order.is_cancelled:
            reasons.append(self.env._("cancelled quotation"))
        return {"effect": "create", "customer": who, "reason": ", ".join(reasons)}
