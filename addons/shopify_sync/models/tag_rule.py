"""Orders that a tag sends through the shipped flow (rules, section 4.7): fulfilled elsewhere, by a marketplace's warehouse.

Such an order is delivered in Odoo at once from the warehouse of the rule, whatever Shopify says of its shipment, and
Shopify is not told: whoever ships it does that.
"""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..mapping import carried, words
from .operations import OPERATIONS

#: Jobs that are there only while the rule is on.
_JOBS = frozenset(key for key, operation in OPERATIONS.items() if operation.by_rule)


class ShopifyInstance(models.Model):
    _inherit = "shopify.instance"

    tag_rule = fields.Boolean(
        string="Tagged Orders",
        help="Orders with one of these tags go through the shipped flow: they are delivered in Odoo at once, from the "
        "warehouse of the rule, and Shopify is told nothing. For orders that a marketplace ships from its own warehouse.",
    )
    tag_rule_tags = fields.Char(
        string="Tags of the Rule",
        help="Comma separated; one of them is enough. Letter case does not count. For example: FBA, marketplace",
    )
    tag_rule_warehouse_id = fields.Many2one(
        "stock.warehouse",
        string="Warehouse of the Rule",
        check_company=True,
        help="The goods of tagged orders leave it, for example 'Amazon'.",
    )

    @api.constrains("tag_rule", "tag_rule_tags", "tag_rule_warehouse_id")
    def _check_tag_rule(self):
        for instance in self.filtered("tag_rule"):
            if not instance._rule_tags() or not instance.tag_rule_warehouse_id:
                raise ValidationError(
                    self.env._("%s: the tagged-order rule needs at least one tag and a warehouse.", instance.name)
                )

    def write(self, vals):
        result = super().write(vals)
        if "tag_rule" in vals:
            self._follow_tag_rule()
        return result

    def _follow_tag_rule(self):
        """The job of tagged orders is there while the rule is on."""
        self.filtered("tag_rule")._make_schedules()
        off = self.filtered(lambda instance: not instance.tag_rule)
        # jobs belong to system administrators; the store's manager has switched the rule
        off.sudo().cron_ids.filtered(lambda cron: cron.shopify_operation in _JOBS).unlink()
        runs = self.env["shopify.run"]
        for instance in off:
            for operation in _JOBS:
                runs._running(instance, operation).action_cancel()

    def _offers(self, operation):
        """Whether an operation is there for this store; `operation` may be any key of its jobs."""
        self.ensure_one()
        return self.tag_rule or operation not in _JOBS

    def _rule_tags(self):
        """The tags of the rule without letter case; none when it is off."""
        self.ensure_one()
        return words(self.tag_rule_tags) if self.tag_rule else []

    def _rule_tag(self, tags):
        """The tag by which the rule takes an order with these tags; '' when it does not."""
        return carried(tags, self._rule_tags())


class SaleOrder(models.Model):
    _inherit = "sale.order"

    shopify_rule_tag = fields.Char(
        string="Tagged-order Rule",
        readonly=True,
        copy=False,
        help="The tag by which the store's rule took this order: it is shipped elsewhere and delivered here at once.",
    )


class ShopifyQueueLine(models.Model):
    _inherit = "shopify.queue.line"

    rule_tag = fields.Char(
        string="Tagged-order Rule", readonly=True, help="The tag by which the store's rule sent the order here."
    )
    fulfilled_at = fields.Datetime(string="Shipped On", readonly=True, help="When Shopify shipped it last.")


class ShopifyShipment(models.AbstractModel):
    _inherit = "shopify.shipment"

    @api.model
    def _take_over(self, instance, sale_orders, mapped):
        result = super()._take_over(instance, sale_orders, mapped)
        for sale_order in sale_orders.filtered("shopify_rule_tag"):
            order = mapped.get(sale_order.shopify_order_id)
            if order:
                self._deliver_tagged(instance, sale_order, order)
        return result

    @api.model
    def _deliver_tagged(self, instance, sale_order, order):
        """Validate what is open of an order that somebody else ships, with the date of its last fulfilment, else its own."""
        moment = max((one.created_at for one in order.fulfillments if one.created_at), default=order.processed_at)
        moves = sale_order.order_line.move_ids.filtered(
            lambda move: move.state not in ("done", "cancel") and move.picking_id.picking_type_code == "outgoing"
        )
        for picking, of_picking in moves.grouped("picking_id").items():
            units = {move.sale_line_id.shopify_line_id: move.product_uom_qty for move in of_picking}
            reason = self._not_by_itself(instance, of_picking, units)
            if reason:
                picking.shopify_manual_action = reason
                continue
            for move in of_picking:
                move.quantity = move.product_uom_qty
            of_picking.picked = True
            incoming = picking.with_context(shopify_incoming=True)
            carrier = incoming.carrier_id
            # a carrier of Odoo must not be asked for a label: the parcel is somebody else's
            incoming.carrier_id = False
            incoming.with_context(skip_backorder=True, skip_sms=True, skip_immediate=True)._action_done()
            incoming.write({"carrier_id": carrier.id, "date_done": moment})
            incoming.move_ids.date = moment
            incoming._shopify_sort_out()
