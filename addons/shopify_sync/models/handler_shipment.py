"""Done deliveries become fulfilments in Shopify (rules, section 18): what is asked of Shopify."""

import re
from datetime import timedelta

from odoo import api, models

from .. import shopify_api
from ..mapping import plan_shipment, read_order_to_ship, recognise, units_of
from ..mapping.shipping import Parcel, spread_units
from .spoken import speak

#: A request that Shopify refuses because an order was moved, split or put on hold meanwhile is planned anew this often.
_TRIES = 2
#: A delivery that Shopify does not let through yet (hold, schedule) is looked at this often.
LOOK_AGAIN = timedelta(minutes=15)

#: How Shopify refuses a fulfilment order for want of a permission, which it does not name.
_NO_ACCESS = re.compile(r"does not have access", re.IGNORECASE)


class ShopifyHandlerShipment(models.AbstractModel):
    """Sends what a delivery needs: its fulfilments, their tracking, their cancellation, a pickup that is ready.

    `fulfillmentCreate` takes no idempotency key. So the order is read before each attempt, and after a lost answer the
    fulfilments that nobody in Odoo stands for are compared with what was to be sent.
    """

    _name = "shopify.handler.shipment"
    _description = "Shopify Shipment Sender"

    @api.model
    def _prepare_many(self, lines):
        """What each line has to send, as plain values: {line id: dict}. It is read now, not when the line was made."""
        facts = {}
        for model, of_model in lines.grouped("res_model").items():
            # raw facts of a delivery, for whoever sends it; one recordset, so that all is read together
            records = self.env[model].sudo().browse(of_model.mapped("res_id")).exists()
            for line in of_model:
                record = records.filtered(lambda one, res_id=line.res_id: one.id == res_id)
                facts[line.id] = record._shopify_to_send() if record else {"action": "nothing", "order_id": ""}
        return facts

    # Reading

    @api.model
    def _read_orders(self, instance, jobs):
        """The orders of jobs with what is still to be shipped, in one request: {order id: OrderToShip}. One that is too
        long for it is read alone when its turn comes."""
        order_ids = list(dict.fromkeys(job["order_id"] for job in jobs if job["action"] in ("ship", "ready", "cancel")))
        if len(order_ids) < 2:
            return {}
        document = "fulfillments/OrdersToShip"
        variables = {"ids": [shopify_api.gid("Order", one) for one in order_ids], "lines": 20, "groups": 4}
        answer = self.env["shopify.connection"]._execute(instance, document, variables)
        whole = [data for data in answer.data["nodes"] if data and not self._unfinished(data)]
        orders = [read_order_to_ship(data) for data in whole]
        return {order.shopify_id: order for order in orders}

    @api.model
    def _unfinished(self, data):
        """The connections of an order that have further pages: [(connection, document, gid)]."""
        found = [(data["lineItems"], "fulfillments/UnfulfilledLines", data["id"])]
        for group in data["fulfillmentOrders"]["nodes"]:
            found.append((group["lineItems"], "fulfillments/FulfillmentOrderLines", group["id"]))
        for shipped in data["fulfillments"]:
            found.append((shipped["fulfillmentLineItems"], "orders/FulfillmentLines", shipped["id"]))
        found.append((data["fulfillmentOrders"], "", data["id"]))
        return [one for one in found if one[0]["pageInfo"]["hasNextPage"]]

    @api.model
    def _read_order(self, instance, order_id):
        """One order, all its pages.

        :raises shopify_api.ShopifyError: also when Shopify does not know the order
        """
        execute = self.env["shopify.connection"]._execute
        variables = {"id": shopify_api.gid("Order", order_id), "lines": 100, "groups": 20}
        data = execute(instance, "fulfillments/OrderToShip", variables).data["order"]
        if not data:
            raise shopify_api.QueryRefused(
                self.env._(
                    "Shopify does not know this order any more: it was deleted there, or the app may not see it."
                )
            )
        for connection, document, ident in self._unfinished(data):
            if not document:
                raise shopify_api.QueryRefused(
                    self.env._("Order %s is in more than 20 fulfilment orders. Ship it in Shopify.", data["name"])
                )
            while connection["pageInfo"]["hasNextPage"]:
                page = {"id": ident, "first": 100, "after": connection["pageInfo"]["endCursor"]}
                (node,) = execute(instance, document, page).data.values()
                (more,) = node.values()
                connection["nodes"] += more["nodes"]
                connection["pageInfo"] = more["pageInfo"]
        return read_order_to_ship(data)

    # Sending

    @api.model
    def _send(self, instance, job):
        """Bring Shopify to what the delivery says; called without an open transaction.

        :return: what `_finish` writes down
        :raises shopify_api.ShopifyError: refused, answer lost ...
        """
        try:
            return self._send_action(instance, job)
        except shopify_api.UserErrors as error:
            missing = self._missing_permissions(instance, error)
            if not missing:
                raise
            words = shopify_api.answer.lacks(", ".join(missing))
            denied = shopify_api.AccessDenied(words, scopes=missing, request_id=error.request_id)
            raise speak(instance.env, denied) from error

    @api.model
    def _missing_permissions(self, instance, error):
        """The scopes to add to the app when Shopify refuses a fulfilment order for want of one; what is granted is read
        again. Empty when that is not it, or cannot be told."""
        if not any(_NO_ACCESS.search(problem.message) for problem in error.problems):
            return ()
        try:
            answer = self.env["shopify.connection"]._execute(instance, "shop/Connection")
        except shopify_api.ShopifyError:
            return ()
        granted = {scope["handle"] for scope in answer.data["currentAppInstallation"]["accessScopes"]}
        self.env["shopify.run.starter"]._in_own_transaction(
            instance,
            lambda env: env["shopify.scope"]._refresh(env["shopify.instance"].browse(instance.id), granted),
        )
        states = {state.function: state for state in shopify_api.scopes.check(granted)}
        return states["fulfilments"].missing

    @api.model
    def _send_action(self, instance, job):
        action = job["action"]
        if action == "nothing":
            return {"action": action}
        if action == "tracking":
            return self._send_tracking(instance, job)
        order = job.get("order") or self._read_order(instance, job["order_id"])
        if action == "cancel":
            return self._send_cancel(instance, job, order)
        if action == "ready":
            return self._send_ready(instance, job, order)
        return self._send_shipment(instance, job, order)

    @api.model
    def _send_shipment(self, instance, job, order):
        result = {"action": "ship", "made": [], "order_name": order.name, "created_at": order.created_at}
        if order.cancelled_at:
            return {**result, "cancelled": True}
        if job["was_maybe_done"]:
            self._recognise(job, order, result)
        for attempt in range(_TRIES):
            parcels = self._left(job["parcels"] or self._services(job, order), result["made"])
            plan = plan_shipment(
                parcels, order, job["prefer"], job["along"], known=self._known(job, order, result["made"])
            )
            try:
                self._call(instance, job, plan, result)
                break
            except shopify_api.UserErrors:
                if attempt == _TRIES - 1:
                    raise
                order = self._read_order(instance, job["order_id"])
        unclaimed = [(one.shopify_id, units) for one, units in self._unclaimed(job, order, result["made"])]
        return {**result, "plan": plan, "order": order, "unclaimed": unclaimed}

    @api.model
    def _services(self, job, order):
        """What is open of an order that holds services only."""
        return [Parcel(tuple((line, order.unfulfilled.get(line, 0)) for line in job["along"]))]

    @api.model
    def _call(self, instance, job, plan, result):
        """One request a location; what each made is written down before the next."""
        for position, call in enumerate(plan.calls):
            by_order = {}
            for line in call.lines:
                by_order.setdefault(line.order_id, []).append(
                    {"id": shopify_api.gid("FulfillmentOrderLineItem", line.order_line_id), "quantity": line.units}
                )
            fulfillment = {
                "lineItemsByFulfillmentOrder": [
                    {"fulfillmentOrderId": shopify_api.gid("FulfillmentOrder", key), "fulfillmentOrderLineItems": lines}
                    for key, lines in by_order.items()
                ],
                "notifyCustomer": job["notify"],
            }
            tracking = self._tracking(job, call.numbers)
            if tracking:
                fulfillment["trackingInfo"] = tracking
            answer = self.env["shopify.connection"]._execute(
                instance, "fulfillments/FulfillmentCreate", {"fulfillment": fulfillment}
            )
            ident = shopify_api.legacy_id(answer.data["fulfillmentCreate"]["fulfillment"]["id"])
            made = (ident, call.units, call.location_id)
            result["made"].append(made)
            if position + 1 < len(plan.calls):
                self.env["shopify.run.starter"]._in_own_transaction(
                    instance, lambda env, made=made: env[self._name]._note_made(job, [made])
                )

    @api.model
    def _tracking(self, job, numbers):
        """`FulfillmentTrackingInput`; None without a number."""
        if not numbers:
            return None
        tracking = {"company": job["company"], "numbers": list(numbers)}
        if job["urls"]:
            tracking["urls"] = [job["urls"][number] for number in numbers if number in job["urls"]]
        return tracking

    @api.model
    def _left(self, parcels, made):
        """Parcels less what was made of them already."""
        known = units_of(Parcel(tuple(units.items())) for _ident, units, _place in made)
        left = []
        for parcel in parcels:
            taken, rest = spread_units(dict(parcel.units), known)
            known = {line: count - taken.get(line, 0) for line, count in known.items()}
            left.append(Parcel(tuple(rest.items()), parcel.numbers))
        return left

    @api.model
    def _unclaimed(self, job, order, made=()):
        """Shopify's fulfilments with the units of them that no delivery of Odoo stands for: [(fulfilment, units)]."""
        ours = {ident for ident, _units, _place in made}
        found = []
        for one in order.fulfillments:
            if one.shopify_id in ours or one.shopify_id in job["settled"]:
                continue
            _claimed, free = spread_units(dict(one.units), job["claimed"].get(one.shopify_id, {}))
            if free:
                found.append((one, free))
        return found

    @api.model
    def _known(self, job, order, made):
        found = {}
        for _one, units in self._unclaimed(job, order, made):
            for line, count in units.items():
                found[line] = found.get(line, 0) + count
        return found

    @api.model
    def _recognise(self, job, order, result):
        """What an attempt with a lost answer has made."""
        wanted = units_of(job["parcels"])
        services = {line: units for line, units in order.unfulfilled.items() if line in job["along"]}
        numbers = [number for parcel in job["parcels"] for number in parcel.numbers]
        since = job["since"]
        candidates = [
            one
            for one, units in self._unclaimed(job, order)
            if units == dict(one.units) and (not one.created_at or one.created_at >= since)
        ]
        shipped = {line: count for one in candidates for line, count in one.units if line in job["along"]}
        for one in recognise({**services, **shipped, **wanted}, candidates, numbers):
            result["made"].append((one.shopify_id, dict(one.units), one.location_id))

    @api.model
    def _send_tracking(self, instance, job):
        for ident, numbers in job["numbers_of"].items():
            tracking = self._tracking(job, numbers)
            if tracking:
                self.env["shopify.connection"]._execute(
                    instance,
                    "fulfillments/FulfillmentTrackingInfoUpdate",
                    {"id": shopify_api.gid("Fulfillment", ident), "tracking": tracking, "notify": job["notify"]},
                    idempotent=True,
                )
        return {"action": "tracking", "text": job["tracking_text"]}

    @api.model
    def _send_cancel(self, instance, job, order):
        standing = {one.shopify_id for one in order.fulfillments}
        for ident in job["fulfillments"]:
            if ident in standing:
                self.env["shopify.connection"]._execute(
                    instance, "fulfillments/FulfillmentCancel", {"id": shopify_api.gid("Fulfillment", ident)}
                )
        return {"action": "cancel", "cancelled": job["fulfillments"]}

    @api.model
    def _send_ready(self, instance, job, order):
        groups = [
            one
            for one in order.fulfillment_orders
            if one.method == "PICK_UP" and any(line.line_id in job["lines"] for line in one.lines)
        ]
        todo = [one for one in groups if one.can_ship and one.status == "OPEN"]
        if todo:
            rows = [{"fulfillmentOrderId": shopify_api.gid("FulfillmentOrder", one.shopify_id)} for one in todo]
            self.env["shopify.connection"]._execute(
                instance, "fulfillments/PreparedForPickup", {"input": {"lineItemsByFulfillmentOrder": rows}}
            )
        waits = [one for one in groups if one.waits]
        return {"action": "ready", "ready": not waits, "why": waits[0].reason if waits else ""}
