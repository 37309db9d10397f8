"""Finding any record by its type and number."""

from __future__ import annotations

from ..model.order import Order
from .media import collection_by_number
from .orders import order_by_number
from .payouts import dispute_by_number, payout_by_number
from .products import product_by_number


def find_node(context, typename: str, number: int):
    """The record of a gid, or None."""
    store = context.store
    makers = {
        "Order": lambda: order_by_number(context, number),
        "Product": lambda: product_by_number(store, number),
        "ProductVariant": lambda: store.variant_by_id(number),
        "InventoryItem": lambda: store.item_by_id(number),
        "BulkOperation": lambda: store.bulk.find(number),
        "InventoryLevel": lambda: next(
            (one for item in _items(store) for one in item.levels if one.id == number), None
        ),
        "Collection": lambda: collection_by_number(store, number),
        "Customer": lambda: store.people.by_id(number),
        "Location": lambda: next((one for one in store.locations if one.id == number), None),
        "Shop": lambda: store.shop if store.shop.id == number else None,
        "MediaImage": lambda: picture_by_number(store, number),
        "Publication": lambda: store.storefront.publication(number),
        "PriceList": lambda: store.storefront.price_list(number),
        "ShopifyPaymentsAccount": lambda: (
            store.payments if store.payments.active and number == store.payments.id else None
        ),
        "ShopifyPaymentsPayout": lambda: payout_by_number(store, number),
        "ShopifyPaymentsBalanceTransaction": lambda: (
            (store.payments.active and store.payments.transaction(number)) or None
        ),
        "ShopifyPaymentsDispute": lambda: dispute_by_number(store, number),
        "Company": lambda: next((one for one in store.people.companies if one.id == number), None),
    }
    if typename in makers:
        return makers[typename]()
    return part_of_order(context, typename, number)


def picture_by_number(store, number: int):
    """A picture of a product, or one that an app has sent."""
    every = (one for product in store.products for one in product.media)
    return store.storefront.files.get(number) or next((one for one in every if one.id == number), None)


def part_of_order(context, typename: str, number: int):
    """A line, transaction, refund, fulfilment ... by its number; None when the token may not see its order."""
    book = context.store.orders
    serial = book.serial_of_part(typename, number)
    order = order_by_number(context, book.header(serial).id) if serial is not None else None
    if order is None:
        return None
    return next((part for part in _parts(order, typename) if part.id == number), None)


def _parts(order: Order, typename: str) -> list:
    groups, shipped = order.fulfillment_orders, order.fulfillments
    found = {
        "LineItem": order.lines,
        "OrderTransaction": order.transactions,
        "Refund": order.refunds,
        "RefundShippingLine": [part for refund in order.refunds for part in refund.shipping],
        "OrderAdjustment": [part for refund in order.refunds for part in refund.adjustments],
        "Fulfillment": shipped,
        "FulfillmentLineItem": [part for one in shipped for part in one.lines],
        "FulfillmentOrder": groups,
        "FulfillmentOrderLineItem": [part for group in groups for part in group.lines],
        "PaymentTerms": [order.payment_terms] if order.payment_terms else [],
        "AdditionalFee": order.additional_fees,
        "Return": order.returns,
        "ReturnLineItem": [line for one in order.returns for line in one.lines],
        "ExchangeLineItem": [line for one in order.returns for line in one.exchanges],
        "ReverseFulfillmentOrder": [work for one in order.returns for work in one.reverse_orders],
        "Duty": [duty for line in order.lines for duty in line.duties],
    }
    return found.get(typename, [])


def _items(store):
    return (variant.inventory_item for product in store.products for variant in product.variants)
