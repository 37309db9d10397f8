"""Done deliveries go to Shopify (rules, section 18): when, how often, and what a person sees of it."""

from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError

#: How far the clocks of Odoo and Shopify may be apart.
_CLOCKS_DIFFER = timedelta(minutes=10)
#: Orders that nobody may ship yet.
_HELD = ("held", "pending")


class StockPicking(models.Model):
    _inherit = "stock.picking"

    # What starts it

    def _action_done(self):
        result = super()._action_done()
        if not self.env.context.get("shopify_incoming"):
            # whoever ships, the store is told
            self.sudo().filtered("shopify_order_id")._shopify_after_done()
        return result

    def action_cancel(self):
        result = super().action_cancel()
        gone = self.sudo().filtered(lambda one: one.state == "cancel" and one.shopify_shipped_units)
        gone._shopify_ask_cancel()
        return result

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"carrier_tracking_ref", "carrier_id"} and not self.env.context.get("shopify_incoming"):
            self.sudo()._shopify_tracking_changed()
        return result

    def _shopify_after_done(self):
        done = self.filtered(lambda picking: picking.state == "done")
        deliveries = done.filtered(lambda picking: picking._shopify_is_delivery())
        deliveries._shopify_solve()
        deliveries._shopify_send_by_itself()
        following = (done - deliveries).move_ids.move_dest_ids.picking_id
        following.filtered(
            lambda picking: (
                picking.shopify_is_pickup
                and picking.state == "assigned"
                and not picking.shopify_pickup_state
                and picking.shopify_instance_id.send_shipments
                and picking._shopify_is_delivery()
            )
        )._shopify_ask_ready()

    def _shopify_tracking_changed(self):
        """A number was entered: a delivery that waited for it goes, one that Shopify knows is updated."""
        changed = self.filtered(
            lambda picking: (
                picking.state == "done"
                and picking.shopify_order_id
                and picking.shopify_send_state != "left_out"
                and (picking.shopify_shipped_units or picking.shopify_send_state == "waiting")
                and picking._shopify_tracking_text() not in ("", picking.shopify_tracking_sent)
            )
        )
        changed._shopify_send_by_itself()

    # Putting into the queue

    def _shopify_send_by_itself(self):
        """Queue what may go, where the store sends by itself; write down why the rest does not."""
        for instance, pickings in self.grouped("shopify_instance_id").items():
            due = pickings._shopify_sort_out()
            if not instance.send_shipments:
                due.shopify_send_state = "to_send"
            elif due and instance.active and instance.state == "connected":
                due._shopify_enqueue(instance, "cron")
                instance._wake_out()
            else:
                due.shopify_send_state = "to_send"

    def _shopify_enqueue(self, instance, source):
        lines = self.env["shopify.queue.line"]._enqueue_shipments(instance, self, source)
        self.filtered(lambda picking: not picking.shopify_sent).write(
            {"shopify_send_state": "to_send", "shopify_send_note": False}
        )
        return lines

    def _shopify_sort_out(self, by_hand=False):
        """Deliveries with something to send; why the others have nothing is written on them.

        :param by_hand: a person wants it sent although there is no tracking number
        """
        due = self.browse()
        for picking in self:
            state, note = picking._shopify_hold_back(by_hand)
            if not state:
                due += picking
            elif state == "sent":
                picking._shopify_mark_sent(note)
            elif state == "left_out":
                picking._shopify_mark_left_out(note)
            elif picking.shopify_send_state != state or picking.shopify_send_note != note:
                picking.write({"shopify_send_state": state, "shopify_send_note": note})
        return due

    def _shopify_hold_back(self, by_hand=False):
        """(state, why) of a done delivery that is not to be sent now; ('', '') of one that is."""
        self.ensure_one()
        order = self.sale_id
        if self.shopify_cancel_asked or (self.shopify_pickup_state == "asked" and self.state != "done"):
            return "", ""
        if self.shopify_sent or not self._shopify_missing_units():
            if self.shopify_shipped_units:
                known = self._shopify_tracking_text() in ("", self.shopify_tracking_sent)
                return ("sent", "") if known else ("", "")
            return "left_out", self.env._("Nothing of this delivery is a line of the Shopify order.")
        if order.shopify_cancelled_at:
            return "left_out", self.env._("The order is cancelled in Shopify.")
        if order.shopify_rule_tag:
            return "left_out", self.env._(
                "Orders with the tag %s are shipped by somebody else.", order.shopify_rule_tag
            )
        if order.shopify_risk_state in _HELD:
            return "waiting", self.env._("The order is held for its risk.")
        no_number_needed = by_hand or self.shopify_is_pickup or order.shopify_is_pos
        if not self.shopify_instance_id.send_without_tracking and not no_number_needed and not self._shopify_numbers():
            return "waiting", self.env._("Waits for a tracking number.")
        return "", ""

    @api.model
    def _shopify_queue_due(self, instance):
        """Queue all done deliveries of a store that Shopify does not know yet: what the schedule does.

        :return: how many were queued
        """
        pickings = self.search(
            [
                ("shopify_instance_id", "=", instance.id),
                ("shopify_order_id", "!=", False),
                ("state", "=", "done"),
                ("shopify_sent", "!=", True),
                ("shopify_send_state", "not in", ("left_out", "failed")),
                ("location_dest_id.usage", "=", "customer"),
                ("return_id", "=", False),
            ]
        )
        due = pickings._shopify_sort_out()
        if due:
            due._shopify_enqueue(instance, "cron")
        return len(due)

    def _shopify_out_key(self):
        """What the delivery's line is called: one open line a delivery."""
        return f"{self.shopify_order_id}/{self.id}"

    # Cancelling, pickups

    def _shopify_ask_cancel(self):
        """Cancel the fulfilments of these deliveries."""
        for instance, pickings in self.grouped("shopify_instance_id").items():
            pickings.shopify_cancel_asked = True
            self.env["shopify.queue.line"]._enqueue_shipments(instance, pickings, "manual")
            instance._wake_out()

    def _shopify_ask_ready(self):
        """Tell Shopify that these pickups are ready."""
        for instance, pickings in self.grouped("shopify_instance_id").items():
            pickings.shopify_pickup_state = "asked"
            self.env["shopify.queue.line"]._enqueue_shipments(instance, pickings, "manual")
            instance._wake_out()

    # What is to be sent, for the sender

    def _shopify_to_send(self):
        """What Shopify has still to be told, as plain values."""
        self.ensure_one()
        facts = {
            "action": "nothing",
            "order_id": self.shopify_order_id,
            "res_model": self._name,
            "res_id": self.id,
            "notify": self.shopify_instance_id.notify_customer,
            "company": self.carrier_id._shopify_company(),
        }
        shipped = self.shopify_shipped_units or {}
        if self.shopify_cancel_asked:
            return {**facts, "action": "cancel", "fulfillments": list(shipped)}
        if self.state != "done":
            if self.shopify_pickup_state == "asked" and self.state != "cancel":
                return {**facts, "action": "ready", "lines": self.move_ids.sale_line_id.mapped("shopify_line_id")}
            return facts
        if not self._shopify_is_delivery():
            return facts
        numbers = self._shopify_numbers()
        urls = self.carrier_id._shopify_tracking_urls(numbers)
        facts.update(urls=dict(zip(numbers, urls, strict=True)) if urls else {})
        if not self.shopify_sent and self._shopify_missing_units():
            order = self.sale_id
            return {
                **facts,
                "action": "ship",
                "parcels": self._shopify_open_parcels(),
                "prefer": self._shopify_locations(),
                **order._shopify_shipping_facts(),
                "since": self.date_done - _CLOCKS_DIFFER if self.date_done else self.create_date,
            }
        if shipped and self._shopify_tracking_text() not in ("", self.shopify_tracking_sent):
            return {
                **facts,
                "action": "tracking",
                "tracking_text": self._shopify_tracking_text(),
                "numbers_of": self._shopify_numbers_of(shipped),
            }
        return facts

    def _shopify_numbers_of(self, shipped):
        """The tracking numbers of each fulfilment: those of the parcels with its lines; all when there is one."""
        if len(shipped) == 1:
            return {ident: self._shopify_numbers() for ident in shipped}
        parcels = self._shopify_parcels()
        return {
            ident: list(
                dict.fromkeys(
                    number
                    for parcel in parcels
                    if not parcel.units or units.keys() & dict(parcel.units).keys()
                    for number in parcel.numbers
                )
            )
            for ident, units in shipped.items()
        }

    def _shopify_note_made(self, made):
        """Fulfilments that were made for this delivery: [(id, units, location id)].

        One whose units do not fit any more, because another shipment has come in for them, is left to the import.
        """
        order = self.sale_id
        for ident, units, location_id in made:
            if ident in (self.shopify_shipped_units or {}):
                continue
            missing = self._shopify_missing_units()
            goods = {line: count for line, count in units.items() if line in self._shopify_units()}
            if any(missing.get(line, 0) < count for line, count in goods.items()):
                continue
            self._shopify_note_shipped(ident, units)
            order._shopify_note_fulfillment(ident)
            if not self.shopify_location_id:
                # where it left from stays true when the location is archived meanwhile
                locations = self.env["shopify.location"].with_context(active_test=False)
                self.shopify_location_id = locations.search(
                    [("instance_id", "=", self.shopify_instance_id.id), ("shopify_id", "=", location_id)]
                )
            if not self.shopify_tracking_sent:
                self.shopify_tracking_sent = self._shopify_tracking_text() or False

    # How it ended

    def _shopify_give_up(self, reason):
        """A person has set its line to completed."""
        values = {"shopify_cancel_asked": False}
        if self.shopify_pickup_state == "asked":
            values["shopify_pickup_state"] = False
        self.write(values)
        if self.state == "done" and not self.shopify_sent:
            self._shopify_mark_left_out(reason)
        self._shopify_solve()

    def _shopify_mark_sent(self, note=""):
        self.ensure_one()
        self.write(
            {
                "shopify_sent": True,
                "shopify_send_state": "sent",
                "shopify_send_note": note or False,
                "shopify_tracking_sent": self.shopify_tracking_sent or self._shopify_tracking_text() or False,
            }
        )
        self._shopify_solve()

    def _shopify_mark_left_out(self, note):
        self.ensure_one()
        self.write({"shopify_send_state": "left_out", "shopify_send_note": note})

    def _shopify_mark_waiting(self, note):
        self.write({"shopify_send_state": "waiting", "shopify_send_note": note})

    def _shopify_mark_failed(self, message):
        """A person is needed: the reason on the delivery, one activity for whoever is responsible."""
        self.ensure_one()
        self.write({"shopify_manual_action": message, "shopify_send_state": "failed", "shopify_send_note": False})
        self._shopify_ask_person(self.env._("Shopify: this shipment needs you"), message)

    def _shopify_ask_person(self, summary, note):
        """One open activity a delivery for its shipment."""
        self.env["shopify.task"]._ask(self.shopify_instance_id, self, "shipment", summary, note)

    def _shopify_ask_stop(self, note):
        """The order was cancelled after this was shipped: one activity, whether the import or the sender sees it first;
        nothing else is asked of the shipment any more."""
        tasks = self.env["shopify.task"]
        tasks._withdraw(self, "shipment")
        for picking in self:
            summary = self.env._("Shopify: cancelled while shipped")
            tasks._ask(picking.shopify_instance_id, picking, "cancelled_while_shipped", summary, note)

    def _shopify_solve(self):
        """The cause is gone: flag and activity go, too."""
        self.filtered("shopify_manual_action").shopify_manual_action = False
        self.env["shopify.log.line"]._resolve(records=self, causes=["fulfilment_cancelled"])
        self.env["shopify.task"]._withdraw(self, "shipment")

    # Buttons

    def _check_shopify_user(self):
        """The buttons are for people with a Shopify role.

        :raises AccessError: the user has none, or the store is of a company that is not his
        """
        self.sudo().shopify_instance_id.with_env(self.env).check_access("read")

    def action_shopify_send(self):
        """Update order shipping status: send these deliveries now."""
        self._check_shopify_user()
        lines = self.env["shopify.queue.line"]
        deliveries = self.sudo().filtered(
            lambda picking: picking.shopify_instance_id and picking.state == "done" and picking._shopify_is_delivery()
        )
        for instance, pickings in deliveries.grouped("shopify_instance_id").items():
            instance._check_may_write("fulfilments")
            due = pickings._shopify_sort_out(by_hand=True)
            if due:
                lines += due._shopify_enqueue(instance, "manual").sudo(False)
        if not lines:
            notes = deliveries.filtered("shopify_send_note").mapped("shopify_send_note")
            raise UserError("\n".join(dict.fromkeys(notes)) or self.env._("There is nothing to tell Shopify."))
        notice = lines._process_by_hand()
        return lines._sent_notice() if len(lines) == 1 else notice

    def action_shopify_ready(self):
        """Mark the pickup as ready in Shopify; Shopify tells the customer."""
        self.ensure_one()
        self._check_shopify_user()
        own = self.sudo()
        if not own.shopify_is_pickup or own.state in ("done", "cancel") or not own._shopify_is_delivery():
            raise UserError(self.env._("%s is no open pickup of a Shopify order.", self.name))
        own.shopify_instance_id._check_may_write("fulfilments")
        own._shopify_ask_ready()
        return self._shopify_process_line()

    def action_shopify_cancel_shipment(self):
        """Cancel the fulfilments of a delivery in Shopify: the parcel did not leave."""
        self.ensure_one()
        self._check_shopify_user()
        own = self.sudo()
        if not own.shopify_shipped_units:
            raise UserError(self.env._("Shopify knows of no shipment of %s.", self.name))
        own.shopify_instance_id._check_may_write("fulfilments")
        own._shopify_ask_cancel()
        return self._shopify_process_line()

    def _shopify_process_line(self):
        line = self.env["shopify.queue.line"].search(
            [
                ("instance_id", "=", self.shopify_instance_id.id),
                ("kind", "=", "fulfilment"),
                ("shopify_id", "=", self._shopify_out_key()),
                ("state", "=", "draft"),
            ]
        )
        line._process_by_hand()
        return line._sent_notice()

    def action_view_shopify_queue_lines(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("shopify_sync.shopify_outgoing_action")
        return {**action, "domain": [("res_model", "=", self._name), ("res_id", "=", self.id)], "context": {}}
