"""Reading which location ships which line: for the few orders that several locations ship, where a store wants to know,
and for those of which a fulfilment service ships something."""

from odoo import api, models

from ..mapping.routing import assigned_location, standing

#: Orders, fulfilment orders of an order and lines of a fulfilment order in one request; the rest is read a list at a time.
PAGE_ORDERS = 10
PAGE = {"groups": 5, "lines": 20}
MORE_LINES = 100


class ShopifyHandlerOrder(models.AbstractModel):
    _inherit = "shopify.handler.order"

    @api.model
    def _complete_all(self, instance, orders, granted):
        """Whole orders, with the lines of each fulfilment order where several locations or a service ship."""
        orders = super()._complete_all(instance, orders, granted)
        placed = [order for order in orders if self._locations(order)]
        if not placed:
            return orders
        several_wanted, services = self._wants_locations(instance)
        wanted = {
            order["id"]: order
            for order in placed
            if (several_wanted and len(self._locations(order)) > 1) or self._locations(order) & services
        }
        if wanted:
            self._add_location_lines(instance, wanted)
        return orders

    @api.model
    def _locations(self, order):
        """Shopify's ids of the locations that ship an order."""
        groups = (order.get("fulfillmentOrders") or {}).get("nodes") or []
        return {assigned_location(group) for group in standing(groups)} - {""}

    @api.model
    def _wants_locations(self, instance):
        """(the store's setting, ids of the locations of fulfilment services), read in a transaction of their own: none is
        open while Shopify is asked."""

        def read(model):
            store = instance.with_env(model.env)
            services = store.location_ids.filtered(lambda one: one.kind == "service")
            return store.multi_warehouse, set(services.mapped("shopify_id"))

        return self.env["shopify.connection"]._in_own_transaction(read)

    @api.model
    def _add_location_lines(self, instance, orders):
        """Put `lineItems` into the fulfilment orders of these orders.

        :param orders: {Shopify's global id: order as read}
        """
        execute, idents = self.env["shopify.connection"]._execute, list(orders)
        for start in range(0, len(idents), PAGE_ORDERS):
            variables = {"ids": idents[start : start + PAGE_ORDERS], **PAGE}
            answer = execute(instance, "orders/OrderLocations", variables)
            for node in filter(None, answer.data["nodes"]):
                lines = {group["id"]: group["lineItems"] for group in node["fulfillmentOrders"]["nodes"]}
                for group in orders[node["id"]]["fulfillmentOrders"]["nodes"]:
                    if group["id"] in lines:
                        group["lineItems"] = lines[group["id"]]
                        self._append_pages(
                            instance,
                            group["lineItems"],
                            "orders/OrderLocationLines",
                            group["id"],
                            {"first": MORE_LINES},
                        )
