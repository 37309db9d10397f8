"""Placing an order from its description."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from ..ledger import next_id, record_order
from ..model.order import Order, PaymentTerms, RiskAssessment, RiskFact
from ..model.product import Metafield
from ..money import Bag, CurrencyPair, rounded
from ..taxes import TaxRate
from ..totals import totals
from ..values import BadRequest, decimal, known_keys, metafield_parts, moment, one_of
from . import fulfilments, lines, payments, refunds

OPTIONS = frozenset(
    [
        "lines",
        "shipping",
        "taxes",
        "taxes_included",
        "tax_exempt",
        "discounts",
        "gateway",
        "financial",
        "payments",
        "paid",
        "tendered",
        "customer",
        "email",
        "phone",
        "address",
        "billing",
        "company",
        "terms",
        "currency",
        "rate",
        "source",
        "risk",
        "risk_facts",
        "fulfillment",
        "tracking",
        "tip",
        "tip_as_line",
        "fees",
        "note",
        "tags",
        "attributes",
        "po_number",
        "test",
        "created_at",
        "processed_at",
        "location",
        "pickup",
        "metafields",
        "localized_fields",
        "discount_codes",
        "locale",
        "number",
        "name",
        "off_by",
        "source_identifier",
        "app",
    ]
)

FULFILLMENTS = ("unfulfilled", "fulfilled", "partial", "on_hold", "scheduled")
RECOMMENDATIONS = {"HIGH": "CANCEL", "MEDIUM": "INVESTIGATE", "LOW": "ACCEPT", "NONE": "NONE", "PENDING": "NONE"}
APPS = {"web": "Online Store", "pos": "Point of Sale", "shopify_draft_order": "Draft Orders"}
TERMS = {"net": "NET", "receipt": "RECEIPT", "fulfillment": "FULFILLMENT", "fixed": "FIXED"}


def place(store, serial: int, at: datetime, **options) -> Order:
    """Build an order with all its parts, payments and fulfilments. See `Store.place_order` for the options."""
    known_keys(options, OPTIONS, "place_order")
    created = moment(options["created_at"], "created_at") if "created_at" in options else at
    processed = moment(options["processed_at"], "processed_at") if "processed_at" in options else created
    order = _header(store, serial, created, processed, options)
    rates = taxes_of(store, order, options.get("taxes"))
    wanted = options.get("lines")
    for spec in wanted if wanted is not None else [store.any_sku()]:
        lines.add_line(store, order, spec, rates)
    if not order.lines:
        raise BadRequest("place_order: an order needs at least one line")
    for spec in options.get("discounts") or ():
        if spec.get("on", "order") != "shipping":
            lines.grant(order, spec)
    for line in order.lines:
        lines.tax_line_item(order, line)
    _add_shipping(store, order, options, rates)
    for fee in options.get("fees") or ():
        lines.add_fee(order, fee, ())
    if options.get("tip"):
        order.tip = order.pair.bag(decimal(options["tip"], "tip"))
        if options.get("tip_as_line", order.source_name == "pos"):
            lines.add_line(store, order, {"title": "Tip", "price": order.tip.presentment, "tip": True}, ())
    if options.get("off_by"):
        _misstate(order, order.pair.bag(decimal(options["off_by"], "off_by")))
    sums = totals(order)
    order.original_total, order.original_duties = sums["total_price"], sums["original_total_duties"]
    order.original_fees = sums["original_total_additional_fees"]
    record_order(order, created)
    _add_terms(order, options.get("terms"), created)
    fulfilments.route(store, order, created)
    _settle(store, order, options, processed)
    _fulfil(store, order, options, processed)
    _pay_back(store, order, options, processed)
    order.version += 1
    return order


def taxes_of(store, order: Order, spec: object) -> list[TaxRate]:
    """Tax rates of a name of `generate.markets.TAX_SYSTEMS` or of (title, rate) pairs; none without a spec."""
    if isinstance(spec, str):
        return store.tax_system(spec).rates
    return lines.tax_rates(spec)


def set_risk(order: Order, level: str | None, facts: list[str] | None = None, provider: str | None = None) -> None:
    """Replace the risk assessments by one of this level (None: no assessment at all)."""
    if level is None:
        order.risk_assessments, order.risk_recommendation = [], "NONE"
        return
    one_of(level, tuple(RECOMMENDATIONS), "risk")
    sentiment = {"HIGH": "NEGATIVE", "MEDIUM": "NEGATIVE", "LOW": "POSITIVE"}.get(level, "NEUTRAL")
    texts = facts if facts is not None else RISK_FACTS[level]
    order.risk_assessments = [RiskAssessment(level, [RiskFact(text, sentiment) for text in texts], provider)]
    order.risk_recommendation = RECOMMENDATIONS[level]


RISK_FACTS = {
    "HIGH": ["Characteristics of this order are similar to fraudulent orders observed in the past", "CVV didn't match"],
    "MEDIUM": ["Billing and shipping country differ"],
    "LOW": ["Card Verification Value (CVV) is correct"],
    "NONE": [],
    "PENDING": [],
}


def _header(store, serial: int, created: datetime, processed: datetime, options: dict) -> Order:
    shop = store.shop
    currency = options.get("currency", shop.currency_code)
    if currency == shop.currency_code:
        pair = CurrencyPair(currency, currency)
    else:
        rate = options.get("rate") or shop.rates.get(currency)
        if rate is None:
            raise BadRequest(f"place_order: no rate is known for {currency}; give rate (units of {shop.currency_code})")
        pair = CurrencyPair(shop.currency_code, currency, decimal(rate, "rate"))
    number = options.get("number", 1000 + serial)
    source = options.get("source", "web")
    taxes = options.get("taxes")
    included = store.tax_system(taxes).included if isinstance(taxes, str) else shop.taxes_included
    digest = hashlib.sha256(f"{store.seed}:{serial}".encode()).hexdigest()
    order = Order(
        store.order_id(serial),
        serial,
        options.get("name") or f"{shop.order_number_format_prefix}{number}{shop.order_number_format_suffix}",
        number,
        created,
        processed,
        created,
        pair,
        taxes_included=options.get("taxes_included", included),
        tax_exempt=bool(options.get("tax_exempt")),
        email=options.get("email"),
        phone=options.get("phone"),
        source_name=source,
        source_identifier=options.get("source_identifier"),
        app=options.get("app", APPS.get(source, source)),
        test=bool(options.get("test")),
        note=options.get("note"),
        tags=list(options.get("tags") or ()),
        po_number=options.get("po_number"),
        custom_attributes=lines.pairs(options.get("attributes")),
        localized_fields=lines.pairs(options.get("localized_fields")),
        customer_locale=options.get("locale", "en"),
        confirmation_number=digest[:9].upper(),
        cart_token=digest[:32] if source == "web" else None,
        checkout_token=digest[32:64] if source == "web" else None,
    )
    order.metafields = [
        Metafield(next_id(order, "Metafield"), *parts, created, created, "ORDER")
        for parts in metafield_parts(options.get("metafields"))
    ]
    if source == "pos" or options.get("location"):
        order.retail_location = store.location(options.get("location"))
    store.set_buyer(order, options)
    set_risk(order, options.get("risk", "LOW" if source == "web" else "NONE"), options.get("risk_facts"))
    return order


def _misstate(order: Order, difference: Bag) -> None:
    """State a total that is not what the order's parts add up to."""
    for name in ("total_price", "current_total_price", "total_outstanding", "due"):
        order.corrections[name] = difference
    order.version += 1


def _add_shipping(store, order: Order, options: dict, rates: list[TaxRate]) -> None:
    specs = options.get("shipping")
    if options.get("pickup") and specs is None:
        place_name = store.default_location.name
        specs = {"title": place_name, "code": place_name, "price": 0, "delivery_category": "pickup"}
    taxed = rates if store.shop.tax_shipping else []
    for spec in specs if isinstance(specs, list) else [] if specs is None else [specs]:
        lines.add_shipping(order, spec, taxed)
    for spec in options.get("discounts") or ():
        if spec.get("on") == "shipping":
            lines.grant(order, spec)
            for line, given in zip(order.shipping, specs if isinstance(specs, list) else [specs], strict=True):
                own = given.get("taxes") if isinstance(given, dict) else None
                lines.tax_shipping_line(order, line, taxed if own is None else lines.tax_rates(own))


def _add_terms(order: Order, terms: object, at: datetime) -> None:
    """``terms``: "net30", "receipt", "fulfillment", "fixed", or (name, type, days)."""
    if terms is None:
        return
    if isinstance(terms, str):
        kind = terms.rstrip("0123456789").lower()
        one_of(kind, tuple(TERMS), "terms")
        days = int(terms[len(kind) :]) if terms[len(kind) :] else None
        names = {
            "net": f"Net {days}",
            "receipt": "Due on receipt",
            "fulfillment": "Due on fulfillment",
            "fixed": "Fixed date",
        }
        terms = (names[kind], TERMS[kind], days)
    name, kind, days = terms
    due = at + timedelta(days=days) if days is not None else at if kind == "RECEIPT" else None
    number = next_id(order, "PaymentTerms")
    order.payment_terms = PaymentTerms(number, order, name, kind, days, due, at)


def _settle(store, order: Order, options: dict, at: datetime) -> None:
    if options.get("payments") is not None:
        payments.pay_as_listed(store, order, options["payments"], at)
        return
    state = one_of(options.get("financial", "paid"), payments.STATES, "financial")
    gateway = options.get("gateway", "cash" if order.source_name == "pos" else "shopify_payments")
    payments.settle_as(store, order, state, gateway, at, options.get("paid"), options.get("tendered"))


def _pay_back(store, order: Order, options: dict, at: datetime) -> None:
    """Refund as asked for by the financial status: all, or one unit (half the money when there is only one)."""
    state = options.get("financial")
    if state == "refunded":
        paid = totals(order)["net_payment"].presentment
        refunds.refund(store, order, at, lines="all", shipping=True, amount=paid)
    elif state == "partially_refunded":
        units = sum(line.current_quantity for line in order.lines)
        line = next((line for line in order.lines if line.net.presentment > 0), order.lines[0])
        if units > 1:
            refunds.refund(store, order, at, lines={line.id: 1})
        else:
            half = rounded(totals(order)["net_payment"].presentment / 2, order.pair.presentment)
            refunds.refund(store, order, at, amount=half)


def _fulfil(store, order: Order, options: dict, at: datetime) -> None:
    default = "fulfilled" if order.source_name == "pos" and not order.shipping else "unfulfilled"
    state = one_of(options.get("fulfillment", default), FULFILLMENTS, "fulfillment")
    _send_gift_cards(order, at)
    if not any(group.open for group in order.fulfillment_orders):
        return
    if state == "fulfilled":
        fulfilments.fulfil(store, order, at, tracking=options.get("tracking"))
    elif state == "partial":
        fulfilments.fulfil(store, order, at, lines=_first_units(order), tracking=options.get("tracking"))
    elif state == "on_hold":
        fulfilments.hold(order, at)
    elif state == "scheduled":
        fulfilments.schedule(order, at, at + timedelta(days=14))


def _first_units(order: Order) -> dict[int, int]:
    """One unit of the first line, or its whole quantity when there are further lines."""
    line = next(line for line in order.lines if line.unfulfilled_quantity)
    others = any(other is not line and other.unfulfilled_quantity for other in order.lines)
    return {line.id: line.unfulfilled_quantity if others else max(1, line.unfulfilled_quantity - 1)}


def _send_gift_cards(order: Order, at: datetime) -> None:
    """Gift cards that are paid are sent by Shopify at once."""
    cards = {line.id: line.quantity for line in order.lines if line.is_gift_card}
    if cards and totals(order)["due"].presentment <= 0:
        fulfilments.fulfil_now(order, at, cards, "gift_card")
