"""Whether a way has made the documents it must make: a quick wrong import counts for nothing."""

from decimal import Decimal

from bench.sales import Sale

SHOWN = 10


def problems(env, sales: list[Sale]) -> list[str]:
    """What is wrong with the documents of these orders, one line each; empty when everything is right."""
    env.invalidate_all()
    found = env["sale.order"].search([("client_order_ref", "in", [sale.reference for sale in sales])])
    by_reference = found.grouped("client_order_ref")
    wrong = []
    for sale in sales:
        orders = by_reference.get(sale.reference, env["sale.order"])
        if len(orders) != 1:
            wrong.append(f"{sale.reference}: {len(orders)} sales orders instead of 1")
        else:
            wrong += [f"{sale.reference}: {text}" for text in of_order(orders, sale)]
    if len(wrong) > SHOWN:
        wrong[SHOWN:] = [f"... and {len(wrong) - SHOWN} more"]
    return wrong


def of_order(order, sale: Sale) -> list[str]:
    """What is wrong with one sales order, its invoice, its stock moves and its contacts."""
    wrong = []
    invoices = order.invoice_ids
    states = [(invoice.move_type, invoice.state, invoice.payment_state) for invoice in invoices]
    if order.state != "sale":
        wrong.append(f"the order is {order.state}")
    if not _equal(order.amount_total, sale.total):
        wrong.append(f"the order's total is {order.amount_total:.2f} instead of {sale.total}")
    if states != [("out_invoice", "posted", "paid")]:
        wrong.append(f"its invoices are {states or 'missing'}")
    elif not _equal(invoices.amount_total, sale.total):
        wrong.append(f"the invoice's total is {invoices.amount_total:.2f} instead of {sale.total}")
    moves = [(move.product_id.default_code, move.product_uom_qty, move.state) for move in order.picking_ids.move_ids]
    if sorted(moves) != sorted((sku, units, "assigned") for sku, units, _price in sale.lines):
        wrong.append(f"its stock moves are {moves or 'missing'}")
    if order.partner_id.email != sale.email:
        wrong.append(f"its customer is {order.partner_id.email}")
    if order.partner_shipping_id.street != sale.delivery.street:
        wrong.append(f"it goes to {order.partner_shipping_id.street}")
    return wrong


def _equal(amount: float, stated: str) -> bool:
    return round(Decimal(amount), 2) == Decimal(stated)
