"""Bringing the lines of a known order to what Shopify says now (rules, section 13)."""

from decimal import Decimal

from odoo import api, models
from odoo.fields import Command

from ..mapping import HeldLine, compare, digits
from ..mapping.money import round_half_up
from .outcome import Outcome

#: Lines that Odoo adds to agree with Shopify's total; Shopify knows nothing of them.
OWN_LINES = ("rounding_difference", "rounding_difference_odoo")


class ShopifyOrderChanges(models.AbstractModel):
    """Compares by Shopify's line ids and applies what may be applied; the rest is asked."""

    _name = "shopify.order.changes"
    _description = "Shopify Order Changes"

    @api.model
    def _held(self, sale_order):
        """The order's lines as `mapping.HeldLine` by Shopify's key."""
        places = digits(sale_order.currency_id.name)

        def money(value):
            return round_half_up(Decimal(str(value)), places)

        return {
            line.shopify_line_id: HeldLine(
                key=line.shopify_line_id,
                kind=line.shopify_line_type,
                title=line.shopify_title or line.name,
                quantity=Decimal(str(line.product_uom_qty)),
                unit_price=money(line.price_unit),
                net=money(line.price_subtotal),
                tax=money(line.price_tax),
                delivered=Decimal(str(line.qty_delivered)) if line.product_id.type == "consu" else Decimal(0),
                invoiced=Decimal(str(line.qty_invoiced)),
            )
            for line in sale_order.order_line
            if line.shopify_line_id and line.shopify_line_id not in OWN_LINES
        }

    @api.model
    def _compare(self, instance, sale_order, order):
        """What differs and may be taken over, by the store's switches.

        :return: (changes to take over, changes of kinds that are switched off and of lines that a person changed)
        """
        taken, shown = [], []
        by_hand = self.env["shopify.order.by.hand"]
        changes = compare(self._held(sale_order), order.lines, exact=instance.tax_mode == "shopify")
        roots = by_hand._roots(sale_order, changes)
        for change in changes:
            switch = "sync_new_line" if change.kind == "new" else "sync_quantity"
            free = instance[switch] and by_hand._root(change.key) not in roots
            (taken if free else shown).append(change)
        return taken, shown

    @api.model
    def _bring(self, instance, sale_order, order, resolved, outcome):
        """Bring lines, addresses and customer details of a known order to what Shopify says now.

        Twice changes nothing: a second comparison finds no difference.
        """
        if sale_order.shopify_baseline:
            self._watch(sale_order, order, outcome)
            return
        details = self.env["shopify.order.details"]._bring(instance, sale_order, order)
        details += self.env["shopify.order.addresses"]._bring(instance, sale_order, order, resolved)
        taken, shown = self._compare(instance, sale_order, order)
        left = self._bring_lines(instance, sale_order, order, resolved, taken, shown, outcome)
        self.env["shopify.order.by.hand"]._remember(instance, sale_order, left)
        if left or details:  # what is shown explains why the total is another one
            self._ask(sale_order, order, left, details, outcome)
        else:
            self._settled(sale_order)
        if sale_order.state in ("draft", "sent") or (taken and not left):
            # the header has taken the state of Shopify's document; what Odoo makes of the lines counts, too
            self.env["shopify.handler.order"]._control_total(instance, sale_order, order, outcome)

    @api.model
    def _bring_lines(self, instance, sale_order, order, resolved, taken, shown, outcome):
        """Apply what may be applied without asking.

        :return: the changes that are left to a person
        """
        if sale_order.state in ("draft", "sent"):
            return self._bring_quotation(instance, sale_order, order, resolved, taken, shown)
        if sale_order.state == "cancel" or sale_order.locked:
            return [*taken, *shown]
        started = any(line.qty_invoiced or line.qty_delivered for line in sale_order.order_line)
        bound = [change for change in taken if change.is_bound or (started and change.kind == "new")]
        free = [change for change in taken if change not in bound]
        if bound and instance.change_policy == "ask":
            # a discount belongs to its line: what is free waits with what is asked, so that the sum stays explained
            return [*taken, *shown]
        if taken:
            self._apply(instance, sale_order, order, resolved, [*free, *bound], adjust=instance.sync_invoice)
        return shown

    @api.model
    def _settled(self, sale_order):
        """Nothing is left to ask."""
        if sale_order.shopify_change_state == "none":
            return
        sale_order.write({"shopify_change_state": "none", "shopify_change_data": False})
        self.env["shopify.log.line"]._resolve(
            records=sale_order, causes=["change_to_confirm", "cancelled_invoice_open"]
        )

    @api.model
    def _watch(self, sale_order, order, outcome):
        """An order taken over from another connector: what Shopify changed since is shown, never applied."""
        now = self.env["shopify.takeover.matcher"]._baseline(order)
        before = sale_order.shopify_baseline

        def figures(row):
            return f"{row[0]} x = {row[1]}" if row else "-"

        rows = [
            {
                "key": key,
                "title": (now.get(key) or before[key])[2],
                "odoo": figures(before.get(key)),
                "shopify": figures(now.get(key)),
            }
            for key in {**before, **now}
            if before.get(key) != now.get(key)
        ]
        if rows:
            self._show(sale_order, order, rows, outcome)

    @api.model
    def _ask(self, sale_order, order, changes, details, outcome):
        """Show the difference on the order.

        :param details: rows of customer details, as `shopify.order.details._bring` gives them
        """
        self._show(sale_order, order, [*self._rows(sale_order, changes), *details], outcome)

    @api.model
    def _rows(self, sale_order, changes):
        """Changes of lines as the order keeps them for a person."""
        by_hand = self.env["shopify.order.by.hand"]
        roots = by_hand._roots(sale_order, changes)
        return [
            {
                "key": one.key,
                "title": one.title,
                "odoo": one.before,
                "shopify": one.after,
                **({"by_hand": True} if by_hand._root(one.key) in roots else {}),
            }
            for one in changes
        ]

    @api.model
    def _show(self, sale_order, order, rows, outcome):
        """Keep the differences on the order; one that a person ignored is not asked again until Shopify changes."""
        if not self._keep(sale_order, rows):
            return
        outcome.note(
            "change_to_confirm",
            self.env._(
                "Order %(order)s was changed in Shopify and waits for a decision. What differs: %(lines)s. Compare on the "
                "order, then choose Apply or Ignore there.",
                order=order.name,
                lines=", ".join(dict.fromkeys(self._named(row) for row in rows)),
            ),
            fix_action="order",
            fix_context={"res_id": sale_order.id},
        )

    @api.model
    def _named(self, row):
        """What a row is about, in words: a way of shipping may be called like a place or a product."""
        return self.env._("shipping by %s", row["title"]) if row["key"].startswith("shipping/") else row["title"]

    @api.model
    def _keep(self, sale_order, rows):
        """Keep differences on the order; whether they are to be asked: those that a person ignored are not."""
        if sale_order.shopify_change_state == "ignored" and sale_order.shopify_change_data == rows:
            return False
        sale_order.write({"shopify_change_state": "to_confirm", "shopify_change_data": rows})
        return True

    # Quotations

    @api.model
    def _bring_quotation(self, instance, sale_order, order, resolved, taken, shown):
        """Everything is written anew, but for the kinds of change that are switched off and the lines that a person
        changed. A quotation whose total is not Shopify's is held, whoever made it so: its invoice would be wrong.

        :return: the changes that are left to a person
        """
        if taken and not shown:
            self._rewrite(instance, sale_order, order, resolved)
        elif taken:
            self._apply(instance, sale_order, order, resolved, taken, adjust=False)
        return shown

    @api.model
    def _rewrite(self, instance, sale_order, order, resolved):
        """Nothing depends on a quotation's lines yet: they are written anew."""
        lines = self.env["shopify.order.writer"]._prepare_lines(instance, order, resolved, sale_order.currency_id)
        sale_order.order_line.filtered("shopify_line_id").unlink()
        sale_order.write({"order_line": lines})
        self.env["shopify.handler.order"]._link_discounts(sale_order)

    @api.model
    def _prepare_tags(self, sale_order, order, resolved):
        """Tags follow Shopify's, beside those that people and rules gave."""
        before = set(filter(None, (sale_order.shopify_tags or "").split(", ")))
        gone = sale_order.tag_ids.filtered(lambda tag: tag.name in before - set(order.tags))
        added = [resolved.tags[name] for name in order.tags if name not in before]
        if not gone and not added:
            return {}
        return {"tag_ids": [*map(Command.unlink, gone.ids), *map(Command.link, added)]}

    # Confirmed orders

    @api.model
    def _apply(self, instance, sale_order, order, resolved, changes, adjust):
        """Write the changes: quantities (moves follow), new lines, amounts; returns for less than was delivered.

        :param adjust: make invoices and credit notes for what is invoiced otherwise
        """
        writer = self.env["shopify.order.writer"]
        self._return_unpaid(instance, sale_order, order)
        lines = {line.shopify_line_id: line for line in sale_order.order_line if line.shopify_line_id}
        currency = sale_order.currency_id
        rate = writer._rate(instance, order, currency)
        to_create = []
        for change in changes:
            line = lines.get(change.key)
            if change.target is None:
                self._return_surplus(instance, line, 0)
                line.write({"product_uom_qty": 0, "price_unit": line.price_unit, "extra_tax_data": False})
                continue
            values = writer._prepare_line(
                instance, order, change.target, resolved, currency, rate, line.sequence if line else 500
            )
            if line:
                self._return_surplus(instance, line, change.target.quantity)
                keep = ("product_uom_qty", "price_unit", "technical_price_unit", "tax_ids", "extra_tax_data")
                line.write({key: values[key] for key in keep if key in values})
            else:
                to_create.append({**values, "order_id": sale_order.id})
        self.env["sale.order.line"].create(to_create)
        self.env["shopify.handler.order"]._link_discounts(sale_order)
        self.env.flush_all()
        if adjust:
            self.env["shopify.invoice.adjuster"]._adjust(instance, sale_order)
        self._log_applied(sale_order, changes)

    @api.model
    def _return_unpaid(self, instance, sale_order, order):
        """Delivered units that came back without money return first, so that open deliveries keep their units."""
        if not instance.return_create:
            return
        lines = {line.shopify_line_id: line for line in sale_order.order_line if line.shopify_line_id}
        rows = self.env["shopify.refunds"]._rows(instance, sale_order, order)
        for refund in order.refunds:
            row = rows[refund.shopify_id]
            if refund.moves_money or row.goods_done:
                continue
            row.goods_done = True
            back = {}
            for item in refund.lines:
                line = lines.get(item.line_id)
                units = min(item.quantity, line.qty_delivered) if line else 0
                if item.restock in ("return", "legacy_restock") and units and line.product_id.type == "consu":
                    back[line] = back.get(line, 0) + units
            if back:
                row.picking_ids = self.env["shopify.returns"]._return(
                    instance,
                    sale_order,
                    back,
                    validate=instance.return_validate,
                )

    @api.model
    def _return_surplus(self, instance, line, quantity):
        """A quantity below what was delivered needs a return first; Odoo refuses it otherwise."""
        surplus = line.qty_delivered - quantity
        if surplus > 0 and line.product_id.type == "consu":
            returns = self.env["shopify.returns"]
            returns._return(instance, line.order_id, {line: surplus}, validate=True)

    @api.model
    def _log_applied(self, sale_order, changes):
        rows = "\n".join(f"{one.title}: {one.before} -> {one.after}" for one in changes)
        sale_order._message_log(body=self.env._("Changed in Shopify:\n%s", rows))

    @api.model
    def _recalculate(self, instance, sale_orders):
        """Write the lines of held quotations anew from the stored data; what adds up now goes on by itself."""
        own = instance._for_jobs()
        orders = sale_orders.with_env(own.env).filtered(
            lambda order: order.state in ("draft", "sent") and order.shopify_total_state == "differs"
        )
        handler = own.env["shopify.handler.order"]
        stored = handler._stored(own, orders)
        if not stored:
            return
        resolved = handler._resolve_for(own, list(stored.values()))
        for sale_order in orders.filtered(lambda order: order.shopify_order_id in stored):
            order = stored[sale_order.shopify_order_id]
            outcome = Outcome.done(sale_order)
            handler._update_header(own, sale_order, order, resolved)
            self.with_env(own.env)._rewrite(own, sale_order, order, resolved)
            handler._control_total(own, sale_order, order, outcome)
            own.env["shopify.order.by.hand"]._remember(own, sale_order)
            if sale_order.shopify_total_state != "differs":
                own.env["shopify.log.line"]._resolve(records=sale_order)
        own.env["shopify.workflow"]._run(own, orders, stored)

    # Decisions of a person

    @api.model
    def _apply_asked(self, sale_order, keys=None):
        """Apply the differences shown on an order, with the invoices and credit notes they need.

        :param keys: of the rows that a person wants; the others stay as they are in Odoo. None: all of them
        :return: whether the data of the order are still there
        """
        instance = sale_order.shopify_instance_id._for_jobs()
        handler = self.env["shopify.handler.order"].with_env(instance.env)
        own = sale_order.with_env(instance.env)
        order = handler._stored(instance, own).get(own.shopify_order_id)
        if order is None:
            return False
        if own.shopify_baseline:  # its lines are kept by hand: the new state is the one to compare with from now on
            own.shopify_baseline = self.env["shopify.takeover.matcher"]._baseline(order)
            own.write({"shopify_change_state": "none", "shopify_change_data": False})
            instance.env["shopify.log.line"]._resolve(records=own)
            return True
        resolved = handler._resolve_for(instance, [order])
        model = self.with_env(instance.env)
        if order.is_cancelled:
            left = handler._stored(instance, own, as_ordered=False)[own.shopify_order_id]
            instance.env["shopify.order.cancel"]._settle_rest(instance, own, left, resolved)
        else:
            taken, shown = model._compare(instance, own, order)
            wanted, kept = model._chosen([*taken, *shown], keys)
            rows = [row for row in own.shopify_change_data or [] if keys is None or row["key"] in keys]
            # customer details alone are no reason to make invoices
            if wanted or any(not row.get("text") for row in rows):
                model._apply(instance, own, order, resolved, wanted, adjust=True)
            instance.env["shopify.order.details"]._apply(instance, own, order, keys)
            instance.env["shopify.order.addresses"]._apply(instance, own, order, resolved, keys)
            by_hand = instance.env["shopify.order.by.hand"]
            by_hand._remember(instance, own, kept)
            by_hand._keep(own, kept)
            details = [row for row in own.shopify_change_data or [] if row.get("text") and row not in rows]
            if kept or details:
                rest = [*model._rows(own, kept), *details]
                own.write({"shopify_change_state": "ignored", "shopify_change_data": rest})
                instance.env["shopify.log.line"]._resolve(records=own, causes=["change_to_confirm"])
                own._shopify_continue()
                return True
            handler._control_again(instance, own, order)
        own.write({"shopify_change_state": "none", "shopify_change_data": False})
        instance.env["shopify.log.line"]._resolve(records=own)
        own._shopify_continue()
        return True

    @api.model
    def _chosen(self, changes, keys):
        """(changes that a person wants, changes that he does not); a discount goes with the line it belongs to.

        :param keys: of the lines he wants; None: all
        """
        if keys is None:
            return changes, []
        root = self.env["shopify.order.by.hand"]._root
        roots = {root(key) for key in keys}
        wanted = [change for change in changes if root(change.key) in roots]
        return wanted, [change for change in changes if change not in wanted]
