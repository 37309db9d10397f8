"""Orders: root queries and the fields of order, lines, shipping and discounts."""

from __future__ import annotations

from .. import totals as money
from ..order_search import matching, page_of_orders, visible_since
from ..statuses import financial_status, fulfillment_status
from .common import Box, Count, MoneyV2, Weight, attributes, image, number_of
from .registry import aliases, constants, resolver
from .shop import APP_NUMBER


@resolver("QueryRoot.orders")
def orders(_root, info, **args):
    return page_of_orders(info.context, args)


@resolver("QueryRoot.ordersCount")
def orders_count(_root, info, query=None, limit=10_000, **_args):
    test = matching(info.context, query)
    return Count(sum(1 for header in info.context.store.orders.headers() if test(header)), limit)


@resolver("QueryRoot.order")
def order(_root, info, id):  # noqa: A002
    return order_by_number(info.context, number_of(id, "Order"))


@resolver("QueryRoot.orderByIdentifier")
def order_by_identifier(_root, info, identifier):
    if "id" in identifier:
        return order_by_number(info.context, number_of(identifier["id"], "Order"))
    wanted = identifier["customId"]
    book = info.context.store.orders
    for header in book.headers():
        for one in book.get(header.serial).metafields:
            if (one.namespace, one.key, one.value) == (
                wanted.get("namespace", "custom"),
                wanted["key"],
                wanted["value"],
            ):
                return order_by_number(info.context, header.id)
    return None


@resolver("Customer.orders")
def orders_of_customer(one, info, **args):
    args.setdefault("sortKey", "ID")
    return page_of_orders(info.context, args, lambda header: header.customer_id == one.id)


def order_by_number(context, number: int):
    """The order of an id; None when there is none or the token may not see it."""
    book = context.store.orders
    serial = book.serial_by_id(number)
    if serial is None:
        return None
    since = visible_since(context.store, context.granted)
    if since is not None and book.header(serial).created_at < since:
        return None
    return book.get(serial)


def _total(name: str):
    return lambda one: money.totals(one)[name]


def _total_or_null(name: str):
    return lambda one: money.totals(one)[name] or None


_SETS = [
    "subtotalPrice",
    "totalPrice",
    "totalTax",
    "totalDiscounts",
    "totalShippingPrice",
    "totalTipReceived",
    "originalTotalPrice",
    "currentSubtotalPrice",
    "currentTotalPrice",
    "currentTotalTax",
    "currentTotalDiscounts",
    "currentCartDiscountAmount",
    "currentShippingPrice",
    "totalReceived",
    "totalRefunded",
    "totalRefundedShipping",
    "netPayment",
    "totalOutstanding",
    "totalCapturable",
    "refundDiscrepancy",
]
_NULLABLE_SETS = [
    "cartDiscountAmount",
    "originalTotalDuties",
    "originalTotalAdditionalFees",
    "currentTotalDuties",
    "currentTotalAdditionalFees",
]


def _snake(name: str) -> str:
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in name)


aliases({f"Order.{name}Set": _total(_snake(name)) for name in _SETS})
aliases({f"Order.{name}Set": _total_or_null(_snake(name)) for name in _NULLABLE_SETS})


def _purchasing_entity(one):
    if one.company is not None:
        return Box("PurchasingCompany", company=one.company, contact=one.company_contact, location=one.company_location)
    return one.customer


def _countable(one) -> list:
    return [line for line in one.lines if not line.is_tip]


def _capturable(one) -> bool:
    return bool(money.capturable(one))


def _refundable(one) -> bool:
    return one.cancelled_at is None and money.totals(one)["net_payment"].presentment > 0


def _gateways(one) -> list[str]:
    if one.gateway_names is not None:
        return one.gateway_names
    return list(
        dict.fromkeys(part.gateway for part in one.transactions if part.kind in ("SALE", "AUTHORIZATION", "CAPTURE"))
    )


def _codes(one) -> list[str]:
    return [part.title for part in one.discount_applications if part.kind == "code"]


def _app(title: str | None):
    return title and Box("OrderApp", id=f"gid://shopify/App/{APP_NUMBER + len(title)}", name=title, icon=image(title))


def _attribution(one):
    return one.app and Box(handle=one.app.lower().replace(" ", "_"), display_name=one.app, icon=None)


def _weight(one, current: bool) -> int:
    return sum(line.weight_grams * (line.current_quantity if current else line.quantity) for line in one.lines)


def _not_fulfillable(one) -> list:
    return [line for line in one.lines if line.is_tip or not line.current_quantity]


def _merged_shipping(one):
    """All shipping lines as one."""
    lines = [line for line in one.shipping if not line.is_removed]
    if len(lines) <= 1:
        return lines[0] if lines else None
    total = one.pair.total
    return Box(
        "ShippingLine", id=None, title=", ".join(line.title for line in lines), code=lines[0].code, source=lines[0].source,
        carrier_identifier=lines[0].carrier_identifier, custom=lines[0].custom, is_removed=False, phone=lines[0].phone,
        delivery_category=lines[0].delivery_category, shipping_rate_handle=None,
        original_price_set=total(line.original_price_set for line in lines),
        discounted_price_set=total(line.discounted_price_set for line in lines),
        current_discounted_price_set=total(line.current_discounted_price_set for line in lines),
        discount_allocations=[part for line in lines for part in line.discount_allocations],
        tax_lines=[tax for line in lines for tax in line.tax_lines],
    )  # fmt: skip


aliases(
    {
        "Order.displayFinancialStatus": financial_status,
        "Order.displayFulfillmentStatus": fulfillment_status,
        "Order.currencyCode": lambda one: one.pair.shop,
        "Order.presentmentCurrencyCode": lambda one: one.pair.presentment,
        "Order.lineItems": lambda one: one.lines,
        "Order.nonFulfillableLineItems": _not_fulfillable,
        "Order.shippingLine": _merged_shipping,
        "Order.taxLines": money.order_tax_lines,
        "Order.currentTaxLines": money.current_tax_lines,
        "Order.purchasingEntity": _purchasing_entity,
        "Order.paymentGatewayNames": _gateways,
        "Order.discountCodes": _codes,
        "Order.discountCode": lambda one: next(iter(_codes(one)), None),
        "Order.customAttributes": lambda one: attributes(one.custom_attributes),
        "Order.app": lambda one: _app(one.app),
        "Order.attribution": _attribution,
        "Order.closed": lambda one: one.closed_at is not None,
        "Order.cancellation": lambda one: one.cancelled_at and Box(staff_note=one.cancel_staff_note),
        "Order.fullyPaid": lambda one: money.totals(one)["due"].presentment <= 0,
        "Order.unpaid": lambda one: not money.totals(one)["total_received"].presentment > 0,
        "Order.capturable": _capturable,
        "Order.refundable": _refundable,
        "Order.restockable": lambda one: any(line.current_quantity and line.requires_shipping for line in one.lines),
        "Order.canMarkAsPaid": lambda one: one.cancelled_at is None and money.totals(one)["due"].presentment > 0,
        "Order.canNotifyCustomer": lambda one: one.email is not None,
        "Order.merchantEditable": lambda one: one.cancelled_at is None,
        "Order.merchantEditableErrors": lambda one: [] if one.cancelled_at is None else ["The order is canceled"],
        "Order.requiresShipping": lambda one: any(line.requires_shipping for line in one.lines),
        "Order.fulfillable": lambda one: any(line.unfulfilled_quantity for line in one.lines),
        "Order.subtotalLineItemsQuantity": lambda one: sum(line.quantity for line in _countable(one)),
        "Order.currentSubtotalLineItemsQuantity": lambda one: sum(line.current_quantity for line in _countable(one)),
        "Order.totalWeight": lambda one: _weight(one, False),
        "Order.currentTotalWeight": lambda one: _weight(one, True),
        "Order.displayAddress": lambda one: one.shipping_address or one.billing_address,
        "Order.billingAddressMatchesShippingAddress": lambda one: (
            one.billing_address is not None and one.billing_address == one.shipping_address
        ),
        "Order.risk": lambda one: Box(assessments=one.risk_assessments, recommendation=one.risk_recommendation),
        "OrderRiskAssessment.provider": lambda one: one.provider and Box("App", id=APP_NUMBER + 7, title=one.provider),
        "Order.totalCashRoundingAdjustment": lambda one: Box(
            payment_set=money.totals(one)["payment_rounding"], refund_set=money.totals(one)["refund_rounding"]
        ),
        "Order.transactionsCount": lambda one: Count(len(one.transactions)),
        "Order.fulfillmentsCount": lambda one: Count(len(one.fulfillments)),
        "Order.paymentCollectionDetails": lambda one: Box(
            additional_payment_collection_url=None, vaulted_payment_methods=[]
        ),
        "Order.localizedFields": lambda one: [
            Box(
                key=key,
                value=value,
                country_code=key[-2:],
                purpose=_purpose(key),
                title=key.replace("_", " ").capitalize(),
            )
            for key, value in one.localized_fields
        ],
        "LineItemGroup.customAttributes": lambda one: attributes(one.custom_attributes),
        "LineItemGroup.productId": lambda one: one.product_id,
        "LineItemGroup.variantId": lambda one: one.variant_id,
    }
)
constants(
    {
        "Order.alerts": [],
        "Order.events": [],
        "Order.publication": None,
        "Order.merchantOfRecordApp": None,
        "Order.staffMember": None,
        "Order.registeredSourceUrl": None,
        "Order.productNetwork": False,
        "Order.shopifyProtect": None,
        "Order.hasTimelineComment": False,
        "Order.customerJourneySummary": None,
    }
)


def _purpose(key: str) -> str:
    return "SHIPPING" if key.startswith("SHIPPING") else "TAX"


@resolver("Order.statusPageUrl")
def status_page(one, info, **_args):
    return f"https://{info.context.store.shop.domain}/orders/{one.checkout_token or one.id}"


@resolver("Order.merchantBusinessEntity")
def business_entity(_one, info):
    shop = info.context.store.shop
    return Box(
        "BusinessEntity", id=shop.id, display_name=shop.name, company_name=shop.name, primary=True, archived=False
    )


@resolver("Order.shippingLines")
def shipping_lines(one, _info, includeRemovals=False, **_args):
    return [line for line in one.shipping if includeRemovals or not line.is_removed]


# -- lines ---------------------------------------------------------------------------------------------------------------


def _line_level(line, with_codes: bool):
    """Discounts on the line itself: order-level ones are left out, code-based ones unless asked for."""
    return line.order.pair.total(
        part.allocated_amount_set
        for part in line.discount_allocations
        if (not part.discount_application.order_level or (with_codes and part.discount_application.kind == "code"))
        and (with_codes or part.discount_application.kind != "code")
    )


@resolver("LineItem.discountedTotalSet")
def discounted_total(line, _info, withCodeDiscounts=False):
    return line.gross - _line_level(line, withCodeDiscounts)


@resolver("LineItem.taxLines")
def line_taxes(line, _info, first=None):
    return line.tax_lines[:first]


def _before_taxes(line):
    """Net of the units still there, without included tax."""
    left = line.current_quantity
    if not left:
        return line.order.pair.zero()
    net = line.net.share(left, line.quantity)
    if line.order.taxes_included:
        net -= line.order.pair.total(tax.price_set for tax in line.tax_lines).share(left, line.quantity)
    return net


def _line_discount(line):
    return line.order.pair.total(
        part.allocated_amount_set for part in line.discount_allocations if not part.discount_application.order_level
    )


def _returned(line) -> int:
    """Units that processed returns took off and no refund has given back."""
    return sum(part.quantity for one in line.order.returns for part in one.open_reversals if part.line_item is line)


aliases(
    {
        "LineItem.originalTotalSet": lambda line: line.gross,
        "LineItem.totalDiscountSet": _line_discount,
        "LineItem.discountedUnitPriceSet": lambda line: (line.gross - _line_level(line, False)).share(1, line.quantity),
        "LineItem.discountedUnitPriceAfterAllDiscountsSet": lambda line: line.net.share(1, line.quantity),
        "LineItem.priceAfterAllDiscountsBeforeTaxesSet": _before_taxes,
        "LineItem.unfulfilledOriginalTotalSet": lambda line: line.original_unit_price_set * line.unfulfilled_quantity,
        "LineItem.unfulfilledDiscountedTotalSet": lambda line: line.net.share(line.unfulfilled_quantity, line.quantity),
        "LineItem.product": lambda line: line.variant and line.variant.product,
        "LineItem.refundableQuantity": lambda line: line.current_quantity + _returned(line),
        "LineItem.nonFulfillableQuantity": lambda line: line.quantity if line.is_tip else line.unshipped,
        "LineItem.restockable": lambda line: line.variant is not None and line.requires_shipping,
        "LineItem.merchantEditable": lambda line: line.unfulfilled_quantity > 0,
        "LineItem.customAttributes": lambda line: attributes(line.custom_attributes),
        "LineItem.weight": lambda line: Weight(line.weight_grams),
    }
)
constants(
    {
        "LineItem.image": None,
        "LineItem.sellingPlan": None,
        "LineItem.contract": None,
        "LineItem.staffMember": None,
    }
)


@resolver(
    "DiscountCodeApplication.value",
    "ManualDiscountApplication.value",
    "AutomaticDiscountApplication.value",
    "ScriptDiscountApplication.value",
)
def discount_value(one, _info):
    if one.percentage is not None:
        return Box("PricingPercentageValue", percentage=one.percentage)
    return MoneyV2(one.amount, one.currency)
