"""What an order knows of its shipments to Shopify; orders of services only, which have no delivery."""

from odoo import api, fields, models

_PAID = ("paid", "partially_refunded")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    shopify_services_sent = fields.Boolean(
        string="Services Fulfilled in Shopify",
        readonly=True,
        copy=False,
        help="An order without goods is fulfilled there.",
    )

    shopify_first_state_at = fields.Datetime(
        readonly=True,
        copy=False,
        help="Shopify's last change of the order when it was imported: what is shipped after it is a later shipment.",
    )

    def _shopify_shipping_facts(self):
        """What a sender must know of the order beside the delivery: services that go along, the fulfilments that
        deliveries stand for (`claimed`), and those that were settled otherwise (`settled`)."""
        claimed = {}
        for shipped in self.picking_ids.mapped("shopify_shipped_units"):
            for ident, units in (shipped or {}).items():
                into = claimed.setdefault(ident, {})
                for line, count in units.items():
                    into[line] = into.get(line, 0) + count
        settled = set(self._shopify_fulfillment_ids()) - claimed.keys()
        return {
            "along": self._shopify_service_lines().mapped("shopify_line_id"),
            "claimed": claimed,
            "settled": settled,
        }

    def _shopify_service_lines(self):
        """Lines without goods that Shopify wants to be fulfilled. What Shopify ships is none of them, though its product be a
        service in Odoo: nobody has shipped it."""
        kinds = ["product", "custom"]
        if not self.shopify_instance_id.gift_card_auto_fulfil:
            kinds.append("gift_card")
        return self.order_line.filtered(
            lambda line: (
                line.shopify_line_type in kinds
                and (line.shopify_line_id or "").isdigit()
                and line.product_id.type == "service"
                and not line.shopify_requires_shipping
            )
        )

    def _shopify_fulfillment_ids(self):
        """Ids of the fulfilments that Odoo has taken over or made."""
        return [ref for ref in (self.shopify_shipped_ref or "").split(",") if ref]

    def _shopify_note_fulfillment(self, ident):
        known = self._shopify_fulfillment_ids()
        if ident not in known:
            self.shopify_shipped_ref = ",".join([*known, ident])

    # Orders of services only

    def _shopify_out_key(self):
        return f"{self.shopify_order_id}/services"

    @api.model
    def _shopify_queue_services(self, instance, among=None):
        """Queue the paid orders of a store that hold nothing but services.

        :param among: only these orders
        :return: how many
        """
        if not instance.send_shipments or (among is not None and not among):
            return 0
        orders = self.search(
            [
                *([("id", "in", among.ids)] if among else ()),
                ("shopify_instance_id", "=", instance.id),
                ("state", "=", "sale"),
                ("shopify_services_sent", "=", False),
                ("shopify_financial_status", "in", _PAID),
                ("shopify_order_status", "!=", "fulfilled"),
                ("shopify_cancelled_at", "=", False),
                ("shopify_baseline", "=", False),
                ("shopify_rule_tag", "=", False),
                ("picking_ids", "=", False),
            ]
        )
        due = orders.filtered(
            lambda order: (
                order._shopify_service_lines()
                and not any(order.order_line.mapped("shopify_requires_shipping"))
                and order.shopify_risk_state not in ("held", "pending")
            )
        )
        if due:
            self.env["shopify.queue.line"]._enqueue_shipments(instance, due)
            instance._wake_out()
        return len(due)

    def _shopify_to_send(self):
        """What Shopify has still to be told, as plain values."""
        self.ensure_one()
        facts = {
            "action": "nothing",
            "order_id": self.shopify_order_id,
            "res_model": self._name,
            "res_id": self.id,
            "notify": self.shopify_instance_id.notify_customer,
            "company": None,
            "urls": {},
        }
        if self.shopify_services_sent or self.state != "sale":
            return facts
        since = self.shopify_created_at or self.create_date
        return {
            **facts,
            "action": "ship",
            "parcels": [],
            "prefer": [],
            **self._shopify_shipping_facts(),
            "since": since,
        }

    def _shopify_line_names(self):
        """What each Shopify line is called in Odoo."""
        return {line.shopify_line_id: (line.name or "").partition("\n")[0] for line in self.order_line}

    def _shopify_note_made(self, made):
        for ident, _units, _location_id in made:
            self._shopify_note_fulfillment(ident)

    def _shopify_foreign_units(self):
        return 0

    def _shopify_mark_sent(self, _note=""):
        self.shopify_services_sent = True

    def _shopify_mark_left_out(self, note):
        self.shopify_services_sent = True
        self._message_log(body=note)

    def _shopify_mark_waiting(self, _note):
        """The line says it."""

    def _shopify_mark_failed(self, message):
        self._message_log(body=self.env._("Not fulfilled in Shopify. %s", message))

    def _shopify_ask_person(self, _summary, note):
        self._message_log(body=note)

    def _shopify_ask_stop(self, note):
        self._message_log(body=note)

    def _shopify_give_up(self, _reason):
        self.shopify_services_sent = True
