"""What a webhook carries: the resource in Shopify's REST shape (snake_case, numeric ids), also for GraphQL apps."""

from __future__ import annotations

from datetime import datetime

from .ids import gid
from .model.fulfilment import Fulfillment, FulfillmentOrder
from .model.money_flow import Refund, Transaction
from .model.order import Line, Order
from .model.people import Address, Customer
from .model.places import country_name
from .model.product import Location, Product
from .model.returns import Return, ReverseOrder
from .model.shop import Shop
from .money import Bag
from .statuses import financial_status, fulfillment_status
from .totals import totals

_FULFILLED = {"FULFILLED": "fulfilled", "PARTIALLY_FULFILLED": "partial"}


def order_body(order: Order) -> dict:
    """An order, as orders/create, orders/updated, orders/cancelled and the like carry it."""
    sums = totals(order)
    return {
        **_ids("Order", order.id),
        "name": order.name,
        "order_number": order.number,
        "created_at": _time(order.created_at),
        "processed_at": _time(order.processed_at),
        "updated_at": _time(order.updated_at),
        "cancelled_at": _time(order.cancelled_at),
        "cancel_reason": order.cancel_reason.lower() if order.cancel_reason else None,
        "closed_at": _time(order.closed_at),
        "currency": order.pair.shop,
        "presentment_currency": order.pair.presentment,
        "financial_status": (financial_status(order) or "").lower() or None,
        "fulfillment_status": _FULFILLED.get(fulfillment_status(order)),
        "email": order.email,
        "phone": order.phone,
        "note": order.note,
        "tags": ", ".join(order.tags),
        "test": order.test,
        "source_name": order.source_name,
        "taxes_included": order.taxes_included,
        "total_price": _money(sums["total_price"]),
        "current_total_price": _money(sums["current_total_price"]),
        "subtotal_price": _money(sums["subtotal_price"]),
        "total_tax": _money(sums["total_tax"]),
        "customer": _customer(order.customer) if order.customer else None,
        "billing_address": _address(order.billing_address),
        "shipping_address": _address(order.shipping_address),
        "line_items": [_line(line) for line in order.lines],
        "refunds": [refund_body(refund) for refund in order.refunds],
        "fulfillments": [fulfillment_body(shipped) for shipped in order.fulfillments],
    }


def edit_body(order: Order) -> dict:
    """The last edit of an order; not an order itself."""
    edit = [agreement for agreement in order.agreements if agreement.reason == "ORDER_EDIT"][-1]
    moved = [(sale.line_item.id, sale.quantity) for sale in edit.sales if sale.line_item is not None and sale.quantity]
    return {
        "order_edit": {
            "id": edit.id,
            "app_id": None,
            "order_id": order.id,
            "created_at": _time(edit.happened_at),
            "committed_at": _time(edit.happened_at),
            "notify_customer": False,
            "staff_note": None,
            "line_items": {
                "additions": [{"id": number, "delta": units} for number, units in moved if units > 0],
                "removals": [{"id": number, "delta": -units} for number, units in moved if units < 0],
            },
        }
    }


def risk_body(order: Order) -> dict:
    """A new risk assessment of an order."""
    level = order.risk_assessments[-1].risk_level if order.risk_assessments else "NONE"
    return {
        "order_id": order.id,
        "admin_graphql_api_order_id": gid("Order", order.id),
        "risk_level": level.lower(),
        "provider_id": None,
        "provider_title": order.risk_assessments[-1].provider if order.risk_assessments else None,
        "created_at": _time(order.updated_at),
    }


def transaction_body(transaction: Transaction) -> dict:
    """A payment, capture, void or refund of money."""
    return {
        **_ids("OrderTransaction", transaction.id),
        "order_id": transaction.order.id,
        "kind": transaction.kind.lower(),
        "gateway": transaction.gateway,
        "status": transaction.status.lower(),
        "created_at": _time(transaction.created_at),
        "processed_at": _time(transaction.processed_at),
        "amount": _money(transaction.amount_set),
        "currency": transaction.amount_set.pair.shop,
        "parent_id": transaction.parent_transaction.id if transaction.parent_transaction else None,
        "test": transaction.test,
    }


def refund_body(refund: Refund) -> dict:
    """A refund with its lines and money."""
    return {
        **_ids("Refund", refund.id),
        "order_id": refund.order.id,
        "created_at": _time(refund.created_at),
        "processed_at": _time(refund.processed_at),
        "note": refund.note,
        "refund_line_items": [
            {
                "id": line.id,
                "line_item_id": line.line_item.id,
                "quantity": line.quantity,
                "restock_type": line.restock_type.lower(),
                "subtotal": _money(line.subtotal_set),
                "total_tax": _money(line.total_tax_set),
            }
            for line in refund.lines
        ],
        "transactions": [transaction_body(transaction) for transaction in refund.transactions],
    }


def return_body(one: Return, topic: str) -> dict:
    """A return. Only some topics name its order, and not all in the same place: so it is at Shopify."""
    body = {**_ids("Return", one.id), "status": one.status.lower()}
    if topic in ("RETURNS_CLOSE", "RETURNS_CANCEL", "RETURNS_REOPEN"):
        return {**body, "order_id": one.order.id}
    if topic == "RETURNS_PROCESS":
        return body
    return {
        **body,
        "name": one.name,
        "order": _ids("Order", one.order.id),
        "total_return_line_items": one.total_quantity,
    }


def group_body(group: FulfillmentOrder) -> dict:
    """A fulfilment order as its topics carry it: its order is not named."""
    return {"fulfillment_order": _group(group)}


def moved_body(group: FulfillmentOrder) -> dict:
    """A fulfilment order that stands at another location than before."""
    return {
        "original_fulfillment_order": _group(group.moved_from),
        "moved_fulfillment_order": _group(group),
        "destination_location_id": gid("Location", group.location.id),
    }


def _group(group: FulfillmentOrder) -> dict:
    return {"id": gid("FulfillmentOrder", group.id), "status": group.status.lower()}


def disposal_body(work: ReverseOrder) -> dict:
    """A reverse fulfilment order of which units were received; its order is not named."""
    made = [part for line in work.lines for part in line.dispositions]
    return {
        **_ids("ReverseFulfillmentOrder", work.id),
        "dispositions": [{"type": part.type.lower(), "quantity": part.quantity} for part in made],
        "total_dispositions": len(made),
    }


def fulfillment_body(shipped: Fulfillment) -> dict:
    """A fulfilment with its tracking."""
    return {
        **_ids("Fulfillment", shipped.id),
        "order_id": shipped.order.id,
        "name": shipped.name,
        "status": shipped.status.lower(),
        "created_at": _time(shipped.created_at),
        "updated_at": _time(shipped.updated_at),
        "location_id": shipped.location.id if shipped.location else None,
        "tracking_company": shipped.tracking[0].company if shipped.tracking else None,
        "tracking_numbers": [one.number for one in shipped.tracking if one.number],
        "tracking_urls": [one.url for one in shipped.tracking if one.url],
        "line_items": [{"id": line.line_item.id, "quantity": line.quantity} for line in shipped.lines],
    }


def location_body(location: Location) -> dict:
    """A location."""
    return {
        **_ids("Location", location.id),
        "name": location.name,
        "address1": location.address1,
        "city": location.city,
        "zip": location.zip,
        "country": location.country,
        "country_code": location.country,
        "active": location.is_active,
        "created_at": _time(location.created_at),
        "updated_at": _time(location.updated_at),
    }


def shop_body(shop: Shop) -> dict:
    """The shop, as app/uninstalled carries it."""
    return {
        "id": shop.id,
        "name": shop.name,
        "email": shop.email,
        "domain": shop.domain,
        "myshopify_domain": shop.domain,
        "currency": shop.currency_code,
        "created_at": _time(shop.created_at),
        "updated_at": _time(shop.created_at),
    }


def privacy_body(shop: Shop, customer: Customer | None, orders: list[int], key: str) -> dict:
    """A request of the privacy topics; ``key`` names the list of orders (orders_requested, orders_to_redact)."""
    body: dict = {"shop_id": shop.id, "shop_domain": shop.domain}
    if customer is not None:
        body["customer"] = {"id": customer.id, "email": customer.email, "phone": customer.phone}
        body[key] = orders
    return body


def customer_body(customer: Customer) -> dict:
    """A customer, as customers/create and customers/update carry it."""
    return {
        **_customer(customer),
        "note": customer.note,
        "state": customer.state.lower(),
        "default_address": _address(customer.addresses[0]) if customer.addresses else None,
    }


def merge_body(kept: Customer, gone: Customer) -> dict:
    """Two customers that became one, as customers/merge carries it."""
    return {
        "admin_graphql_api_customer_kept_id": gid("Customer", kept.id),
        "admin_graphql_api_customer_deleted_id": gid("Customer", gone.id),
        "admin_graphql_api_job_id": None,
        "status": "completed",
        "errors": [],
    }


def _ids(typename: str, number: int) -> dict:
    return {"id": number, "admin_graphql_api_id": gid(typename, number)}


def _time(at: datetime | None) -> str | None:
    return at.strftime("%Y-%m-%dT%H:%M:%S+00:00") if at else None


def product_body(product: Product) -> dict:
    """A product, as products/create and products/update carry it (variants without their details)."""
    return {
        **_ids("Product", product.id),
        "title": product.title,
        "handle": product.handle,
        "status": product.status.lower(),
        "vendor": product.vendor,
        "product_type": product.product_type,
        "tags": ", ".join(product.tags),
        "created_at": _time(product.created_at),
        "updated_at": _time(product.updated_at),
        "published_at": _time(product.published_at),
        "variants": [{**_ids("ProductVariant", variant.id), "sku": variant.sku} for variant in product.variants],
    }


def _money(bag: Bag) -> str:
    return f"{bag.shop:.2f}"


def _line(line: Line) -> dict:
    return {
        **_ids("LineItem", line.id),
        "title": line.title,
        "name": line.name,
        "sku": line.sku,
        "quantity": line.quantity,
        "current_quantity": line.current_quantity,
        "price": _money(line.original_unit_price_set),
        "variant_id": line.variant.id if line.variant else None,
        "product_id": line.variant.product.id if line.variant else None,
        "gift_card": line.is_gift_card,
        "requires_shipping": line.requires_shipping,
    }


def _customer(customer: Customer) -> dict:
    return {
        **_ids("Customer", customer.id),
        "email": customer.email,
        "first_name": customer.first_name,
        "last_name": customer.last_name,
        "phone": customer.phone,
        "tags": ", ".join(customer.tags),
        "created_at": _time(customer.created_at),
        "updated_at": _time(customer.updated_at),
    }


def _address(address: Address | None) -> dict | None:
    if address is None:
        return None
    return {
        "name": address.name,
        "first_name": address.first_name,
        "last_name": address.last_name,
        "company": address.company,
        "address1": address.address1,
        "address2": address.address2,
        "city": address.city,
        "zip": address.zip,
        "province": address.province,
        "province_code": address.province_code,
        "country": country_name(address.country_code),
        "country_code": address.country_code,
        "phone": address.phone,
    }
