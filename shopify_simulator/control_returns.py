"""Control calls for returns and exchanges."""

from __future__ import annotations

from decimal import Decimal

from .model.returns import Return


class ReturnControl:
    """Mixed into `control.Control`. ``return_`` is the id or name of a return, the order's last one when left out."""

    def do_request_return(self, order: object, lines: dict, **options) -> dict:
        """The customer asks for a return: lines, exchange, reason, note, customer_note, restocking_percent (of what
        the units are worth), return_shipping (an amount)."""
        self.store.request_return(order, lines, **options)
        return self.do_returns(order)

    def do_open_return(self, order: object, lines: dict, **options) -> dict:
        """Create an approved return: lines, exchange, reason, note, restocking_percent, return_shipping."""
        self.store.open_return(order, lines, **options)
        return self.do_returns(order)

    def do_approve_return(self, order: object, **options) -> dict:
        """Approve a requested return: return_."""
        self.store.approve_return(order, **options)
        return self.do_returns(order)

    def do_decline_return(self, order: object, **options) -> dict:
        """Decline a requested return: return_, reason, note."""
        self.store.decline_return(order, **options)
        return self.do_returns(order)

    def do_receive_return(self, order: object, **options) -> dict:
        """Units came in: return_, lines, disposition (RESTOCKED, NOT_RESTOCKED, MISSING, PROCESSING_REQUIRED), location."""
        self.store.receive_return(order, **options)
        return self.do_returns(order)

    def do_process_return(self, order: object, **options) -> dict:
        """Book a return: return_, lines, exchange, refunded, amount, gateway, shipping, note, pending."""
        self.store.process_return(order, **options)
        return self.do_returns(order)

    def do_refund_return(self, order: object, **options) -> dict:
        """Refund a processed return: return_, amount, gateway, shipping, note, pending, restock_type."""
        self.store.refund_return(order, **options)
        return self.do_returns(order)

    def do_close_return(self, order: object, **options) -> dict:
        """Close a return: return_."""
        self.store.close_return(order, **options)
        return self.do_returns(order)

    def do_reopen_return(self, order: object, **options) -> dict:
        """Open a closed return again: return_."""
        self.store.reopen_return(order, **options)
        return self.do_returns(order)

    def do_cancel_return(self, order: object, **options) -> dict:
        """Cancel a return: return_, worked_on."""
        self.store.cancel_return(order, **options)
        return self.do_returns(order)

    def do_returns(self, order: object) -> dict:
        """The returns of an order with what was received, processed and refunded."""
        with self.store.lock:
            found = self.store.order(order)
            return {"order": found.name, "returns": [_told(one) for one in found.returns]}


def _told(one: Return) -> dict:
    return {
        "id": f"gid://shopify/Return/{one.id}",
        "name": one.name,
        "status": one.status,
        "lines": [
            {
                "line": f"gid://shopify/LineItem/{line.fulfillment_line_item.line_item.id}",
                "quantity": line.quantity,
                "processed": line.processed_quantity,
                "refunded": line.refunded_quantity,
            }
            for line in one.lines
        ],
        "dispositions": [
            {"type": part.type, "quantity": part.quantity}
            for work in one.reverse_orders
            for line in work.lines
            for part in line.dispositions
        ],
        "fees_kept": str(sum((part.presentment for _fee, part in one.kept), Decimal(0))),
        "exchanges": [
            {"sku": swap.spec.get("sku"), "quantity": swap.quantity, "processed": swap.processed_quantity}
            for swap in one.exchanges
        ],
    }
