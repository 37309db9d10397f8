"""The Shopify Payments account: payouts, balance transactions, disputes."""

from __future__ import annotations

from decimal import Decimal

from .. import search
from ..model.payouts import BalanceTransaction, Dispute, Payout
from .common import Box, MoneyV2, number_of
from .orders import order_by_number
from .registry import aliases, constants, resolver


@resolver("QueryRoot.shopifyPaymentsAccount")
def account(_root, info):
    """The account; null for a shop without Shopify Payments."""
    found = info.context.store.payments
    return found if found.active else None


@resolver("ShopifyPaymentsAccount.payouts")
def payouts(one, info, query=None, sortKey="ISSUED_AT", transactionType=None, **_args):
    now = one.store.clock.now()
    test = _test(info, query, _payout_fields(one.store))
    found = [
        payout
        for payout in one.payouts()
        if test(payout) and transactionType in (None, payout.transaction_type)
    ]  # fmt: skip
    keys = {
        "AMOUNT": lambda payout: payout.net, "STATUS": lambda payout: payout.status(now), "ID": lambda payout: payout.id,
        "ISSUED_AT": lambda payout: payout.issued_at, "CHARGE_GROSS": lambda payout: payout.sums("charges")[0],
        "REFUND_GROSS": lambda payout: payout.sums("refunds")[0], "ADJUSTMENT_GROSS": lambda payout: payout.sums("adjustments")[0],
        "ADVANCE_GROSS": lambda payout: payout.sums("advance")[0], "FEE_AMOUNT": _fees,
        "DUTIES_GROSS": lambda payout: _of_types(payout, "CUSTOMS_DUTY"),
        "SHIPPING_LABEL_GROSS": lambda payout: _of_types(payout, "SHIPPING_LABEL"),
    }  # fmt: skip
    return sorted(found, key=lambda payout: (keys[sortKey](payout), payout.id))


@resolver("ShopifyPaymentsAccount.balanceTransactions")
def balance_transactions(one, info, query=None, sortKey="PROCESSED_AT", hideTransfers=False, **_args):
    """Without transfers when asked, and quickly when the query names a payout."""
    now = one.store.clock.now()
    test = _test(info, query, _transaction_fields(one.store))
    found = [row for row in _within(one, query) if test(row) and not (hideTransfers and row.type == "TRANSFER")]
    keys = {
        "AMOUNT": lambda row: row.amount, "FEE": lambda row: row.fee, "NET": lambda row: row.net, "ID": lambda row: row.id,
        "ORDER_NAME": lambda row: row.order_name or "", "PAYMENT_METHOD_NAME": lambda row: row.type,
        "PAYOUT_DATE": lambda row: row.payout.issued_at.isoformat() if row.payout else "",
        "PAYOUT_STATUS": lambda row: _payout_status(row, now), "PROCESSED_AT": lambda row: row.transaction_date,
        "TRANSACTION_TYPE": lambda row: row.type,
    }  # fmt: skip
    return sorted(found, key=lambda row: (keys[sortKey](row), row.id))


@resolver("ShopifyPaymentsAccount.disputes")
def disputes_of_account(one, info, query=None, **_args):
    test = _test(info, query, _dispute_fields(one.store))
    return [dispute for dispute in one.disputes() if test(dispute)]


@resolver("QueryRoot.disputes")
def disputes(_root, info, query=None, **_args):
    one = info.context.store.payments
    return disputes_of_account(one, info, query) if one.active else []


@resolver("QueryRoot.dispute")
def dispute(_root, info, id):  # noqa: A002
    return dispute_by_number(info.context.store, number_of(id, "ShopifyPaymentsDispute"))


@resolver("Order.disputes")
def disputes_of_order(order, info):
    one = info.context.store.payments
    return [
        Box("OrderDisputeSummary", id=row.id, initiated_as=row.type, status=row.status)
        for row in (one.disputes_of(order.id) if one.active else [])
    ]


def payout_by_number(store, number: int) -> Payout | None:
    """The payout of a number."""
    found = store.payments.payouts() if store.payments.active else []
    return next((one for one in found if one.id == number), None)


def dispute_by_number(store, number: int) -> Dispute | None:
    """The dispute of a number."""
    found = store.payments.disputes() if store.payments.active else []
    return next((one for one in found if one.id == number), None)


def _test(info, query: str | None, fields: search.Fields) -> search.Test:
    test, warnings = search.compiled(query, fields)
    info.context.search_warnings += warnings
    return test


def _within(one, query: str | None):
    """The transactions that can be meant: those of the payout that the query names, without looking at all others."""
    words = (query or "").split()
    named = [word for word in words if word.startswith("payments_transfer_id:")]
    if len(named) == 1 and not {"OR", "NOT"} & set(words):
        number = named[0].removeprefix("payments_transfer_id:").strip("'\"")
        found = payout_by_number(one.store, int(number)) if number.isdigit() else None
        if found is not None:
            return one.transactions_of(found)
    return one.transactions()


def _payout_fields(store) -> search.Fields:
    times = {"timezone": store.shop.iana_timezone, "now": store.clock.now}
    return search.Fields(
        {
            "id": search.number_field(lambda one: one.id),
            "issued_at": search.time_field(lambda one: one.issued_at, **times),
            "status": search.listed_field(lambda one: one.status(store.clock.now())),
            "currency": search.text_field(lambda one: one.currency),
            "amount": search.number_field(lambda one: float(one.net)),
            "charge_gross": search.number_field(lambda one: float(one.sums("charges")[0])),
            "refund_gross": search.number_field(lambda one: float(one.sums("refunds")[0])),
            "adjustment_gross": search.number_field(lambda one: float(one.sums("adjustments")[0])),
            "fee_amount": search.number_field(lambda one: float(_fees(one))),
        },
        search.text_field(lambda one: one.id),
    )


def _transaction_fields(store) -> search.Fields:
    times = {"timezone": store.shop.iana_timezone, "now": store.clock.now}
    return search.Fields(
        {
            "id": search.number_field(lambda one: one.id),
            "payments_transfer_id": search.number_field(lambda one: one.payout.id if one.payout else None),
            "payout_date": search.time_field(lambda one: one.payout and one.payout.issued_at, **times),
            "payout_status": search.listed_field(lambda one: _payout_status(one, store.clock.now())),
            "processed_at": search.time_field(lambda one: one.transaction_date, **times),
            "transaction_type": search.listed_field(lambda one: one.type),
            "currency": search.text_field(lambda one: one.currency),
            "amount": search.number_field(lambda one: float(one.amount)),
            "net": search.number_field(lambda one: float(one.net)),
            "fee": search.number_field(lambda one: float(one.fee)),
            "order_name": search.text_field(lambda one: one.order_name),
        },
        search.text_field(lambda one: [one.id, one.order_name]),
    )


def _dispute_fields(store) -> search.Fields:
    times = {"timezone": store.shop.iana_timezone, "now": store.clock.now}
    return search.Fields(
        {
            "id": search.number_field(lambda one: one.id),
            "status": search.listed_field(lambda one: one.status),
            "type": search.listed_field(lambda one: one.type),
            "initiated_at": search.time_field(lambda one: one.initiated_at, **times),
        },
        search.text_field(lambda one: one.id),
    )


def _payout_status(row: BalanceTransaction, now) -> str:
    return row.payout.status(now) if row.payout else "PENDING"


def _fees(payout: Payout) -> Decimal:
    return sum((one.fee for one in payout.transactions if not one.test), Decimal(0))


def _of_types(payout: Payout, start: str) -> Decimal:
    return sum((one.amount for one in payout.transactions if one.type.startswith(start)), Decimal(0))


def _money(field: str):
    return lambda one: MoneyV2(getattr(one, field), one.currency)


def _summary(payout: Payout) -> Box:
    """The sums of a payout by group, amounts and fees."""
    values = {}
    for group, gross, fee in (
        ("charges", "charges_gross", "charges_fee"), ("refunds", "refunds_fee_gross", "refunds_fee"),
        ("adjustments", "adjustments_gross", "adjustments_fee"), ("reserved", "reserved_funds_gross", "reserved_funds_fee"),
        ("retried", "retried_payouts_gross", "retried_payouts_fee"), ("advance", "advance_gross", "advance_fees"),
    ):  # fmt: skip
        amounts = payout.sums(group)
        values[gross], values[fee] = (MoneyV2(amount, payout.currency) for amount in amounts)
    return Box(usdc_rebate_credit_amount=MoneyV2(Decimal(0), payout.currency), **values)


@resolver("ShopifyPaymentsPayout.status")
def status_of_payout(one, info):
    return one.status(info.context.store.clock.now())


@resolver("ShopifyPaymentsPayout.businessEntity")
def business_entity(_one, info):
    return Box("BusinessEntity", id=info.context.store.shop.id, display_name=info.context.store.shop.name, primary=True,
               archived=False, company_name=info.context.store.shop.name, legal_entity_id=None,
               shopify_payments_account=info.context.store.payments)  # fmt: skip


@resolver("ShopifyPaymentsBalanceTransaction.associatedPayout")
def associated_payout(one, info):
    """The payout that pays it; without id and PENDING while there is none."""
    status = _payout_status(one, info.context.store.clock.now())
    return Box(payout=one.payout, status=status)


@resolver("ShopifyPaymentsDispute.order")
def order_of_dispute(one, info):
    return order_by_number(info.context, one.order_id)


@resolver("ShopifyPaymentsAccount.defaultCurrency")
def default_currency(one, _info):
    return one.store.shop.currency_code


@resolver("ShopifyPaymentsAccount.country")
def country(one, _info):
    return one.store.shop.country


aliases(
    {
        "ShopifyPaymentsAccount.activated": lambda one: one.active,
        "ShopifyPaymentsAccount.balance": lambda one: [MoneyV2(sum_, code) for code, sum_ in one.balance().items()],
        "ShopifyPaymentsPayout.net": _money("net"),
        "ShopifyPaymentsPayout.gross": _money("net"),
        "ShopifyPaymentsPayout.summary": _summary,
        "ShopifyPaymentsPayout.externalTraceId": lambda one: f"TRACE{one.id}" if one.stated != "CANCELED" else None,
        "ShopifyPaymentsPayoutSummary.advanceFees": lambda one: one.advance_fees,
        "ShopifyPaymentsBalanceTransaction.amount": _money("amount"),
        "ShopifyPaymentsBalanceTransaction.fee": _money("fee"),
        "ShopifyPaymentsBalanceTransaction.net": _money("net"),
        "ShopifyPaymentsBalanceTransaction.associatedOrder": lambda one: (
            Box("Order", id=one.order_id, name=one.order_name) if one.order_id else None
        ),
        "ShopifyPaymentsBalanceTransactionAssociatedPayout.id": lambda one: (
            f"gid://shopify/ShopifyPaymentsPayout/{one.payout.id}" if one.payout else None
        ),
        "ShopifyPaymentsDispute.amount": _money("amount"),
        "ShopifyPaymentsDispute.reasonDetails": lambda one: Box(
            reason=one.reason, network_reason_code=one.network_reason_code
        ),
    }
)
constants(
    {
        "ShopifyPaymentsAccount.onboardable": False,
        "ShopifyPaymentsAccount.payoutSchedule": Box(interval="DAILY", monthly_anchor=None, weekly_anchor=None),
        "ShopifyPaymentsAccount.payoutStatementDescriptor": "SHOPIFY",
        "ShopifyPaymentsAccount.chargeStatementDescriptor": "SIMULATED STORE",
        "ShopifyPaymentsAccount.bankAccounts": [],
        "ShopifyPaymentsPayout.bankAccount": None,
        "ShopifyPaymentsBalanceTransaction.adjustmentsOrders": [],
    }
)
