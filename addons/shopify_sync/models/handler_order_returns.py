"""Reading the returns of orders: beside the page of orders, because few orders have any and they cost many points."""

from odoo import api, models

from .. import shopify_api

#: Orders, returns of an order and lines of a return in one request; orders with more are read alone.
PAGE_ORDERS = 10
PAGE = {"returns": 5, "lines": 10}
ALONE = {"returns": 50, "lines": 50}


class ShopifyHandlerOrder(models.AbstractModel):
    _inherit = "shopify.handler.order"

    @api.model
    def _complete_all(self, instance, orders, granted):
        """Whole orders: what did not fit on the page, and their returns."""
        orders = [self._complete(instance, order, granted) for order in orders]
        if shopify_api.scopes.expand(granted) & {"read_returns"}:
            self._add_returns(instance, orders, granted)
        return orders

    @api.model
    def _add_returns(self, instance, orders, granted):
        """Put `returns` into the orders that have any. Without the permission they are left out: the order comes all the
        same, and says that it has returns which were not read."""
        having = {order["id"]: order for order in orders if order["returnStatus"] != "NO_RETURN"}
        with_locations = {"withLocations": self._parts(granted)["withLocations"]}
        execute, idents = self.env["shopify.connection"]._execute, list(having)
        for start in range(0, len(idents), PAGE_ORDERS):
            part = idents[start : start + PAGE_ORDERS]
            answer = execute(instance, "orders/OrderReturns", {"ids": part, **PAGE, **with_locations})
            for node in filter(None, answer.data["nodes"]):
                returns = node["returns"]
                if self._is_cut(returns):
                    more = execute(instance, "orders/ReturnsOfOrder", {"id": node["id"], **ALONE, **with_locations})
                    returns = more.data["order"]["returns"] if more.data["order"] else returns
                having[node["id"]]["returns"] = returns

    @api.model
    def _is_cut(self, value):
        """Whether a list within these data was read up to a page that is not its last."""
        if isinstance(value, dict):
            return bool(value.get("hasNextPage")) or any(map(self._is_cut, value.values()))
        return isinstance(value, list) and any(map(self._is_cut, value))
