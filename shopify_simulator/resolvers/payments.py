"""Transactions, refunds, payment terms and the ledger."""

from __future__ import annotations

from ..totals import capturable, totals, uncaptured
from .common import Box, MoneyV2, number_of
from .lookup import part_of_order
from .registry import aliases, constants, resolver


@resolver("Order.transactions")
def transactions(one, _info, first=None, capturable=None, manuallyResolvable=None):
    found = one.transactions
    if capturable is not None:
        found = [part for part in found if _open(part) == capturable]
    if manuallyResolvable is not None:
        found = [part for part in found if (part.status == "PENDING") == manuallyResolvable]
    return found[:first]


@resolver("Order.refunds")
def refunds(one, _info, first=None):
    return one.refunds[:first]


@resolver("QueryRoot.refund")
def refund(_root, info, id):  # noqa: A002
    return part_of_order(info.context, "Refund", number_of(id, "Refund"))


def _open(part) -> bool:
    return (
        part.kind == "AUTHORIZATION"
        and part.success
        and bool(uncaptured(part.order, part))
        and bool(capturable(part.order))
    )


def _card(part):
    if part.card is None:
        return None
    return Box(
        "CardPaymentDetails", company=part.card["company"], number=part.card["number"], name="Card Holder", bin="424242",
        expiration_month=12, expiration_year=2030, payment_method_name="card", wallet=None, avs_result_code="Y",
        cvv_result_code="M",
    )  # fmt: skip


aliases(
    {
        "OrderTransaction.manuallyCapturable": _open,
        "OrderTransaction.multiCapturable": lambda part: False,
        "OrderTransaction.totalUnsettledSet": lambda part: uncaptured(part.order, part) if _open(part) else None,
        "OrderTransaction.paymentDetails": _card,
        "OrderTransaction.accountNumber": lambda part: part.card and part.card["number"],
        "OrderTransaction.settlementCurrency": lambda part: part.amount_set.pair.shop if part.fees else None,
        "OrderTransaction.settlementCurrencyRate": lambda part: part.amount_set.pair.rate if part.fees else None,
        "OrderTransaction.authorizationExpiresAt": lambda part: part.expires_at,
        "TransactionFee.amount": lambda fee: MoneyV2(fee.amount, fee.currency),
        "TransactionFee.flatFee": lambda fee: MoneyV2(fee.flat_fee, fee.currency),
        "TransactionFee.taxAmount": lambda fee: MoneyV2(fee.tax_amount, fee.currency),
        "Refund.refundLineItems": lambda one: one.lines,
        "Refund.refundShippingLines": lambda one: one.shipping,
        "Refund.orderAdjustments": lambda one: one.adjustments,
        "Refund.duties": lambda one: [Box(original_duty=duty, amount_set=amount) for duty, amount in one.duties],
        "Refund.totalRefundedSet": lambda one: one.order.pair.total(
            part.amount_set for part in one.transactions if part.success
        ),
        "PaymentTerms.due": lambda terms: terms.due_at is not None,
        "PaymentTerms.translatedName": lambda terms: terms.payment_terms_name,
    }
)
constants(
    {
        "OrderTransaction.currencyExchangeAdjustment": None,
        "OrderTransaction.device": None,
        "OrderTransaction.user": None,
        "OrderTransaction.receiptJson": None,
        "OrderTransaction.shopifyPaymentsSet": None,
        "OrderTransaction.paymentIcon": None,
        "OrderTransaction.maximumRefundableV2": None,
        "Refund.staffMember": None,
        "PaymentTerms.draftOrder": None,
        "OrderAgreement.app": None,
        "OrderAgreement.user": None,
        "OrderEditAgreement.app": None,
        "OrderEditAgreement.user": None,
        "RefundAgreement.app": None,
        "RefundAgreement.user": None,
    }
)


@resolver("PaymentTerms.overdue")
def overdue(terms, info):
    return bool(
        terms.due_at and terms.due_at < info.context.store.clock.now() and _balance(terms.order).presentment > 0
    )


@resolver("PaymentTerms.paymentSchedules")
def schedules(terms, info, **_args):
    """One schedule over the whole amount."""
    order = terms.order
    balance, total = _balance(order), _total(order)
    paid_at = order.transactions[-1].processed_at if order.transactions and balance.presentment <= 0 else None
    return [
        Box(
            "PaymentSchedule", id=terms.id, due_at=terms.due_at, issued_at=terms.issued_at, completed_at=paid_at,
            due=bool(terms.due_at and terms.due_at <= info.context.store.clock.now()), payment_terms=terms,
            balance_due=MoneyV2(balance.presentment, order.pair.presentment),
            total_balance=MoneyV2(balance.presentment, order.pair.presentment),
            amount=MoneyV2(total.presentment, order.pair.presentment),
        )
    ]  # fmt: skip


def _balance(order):
    return totals(order)["due"]


def _total(order):
    return totals(order)["current_total_price"]


_SALES = [
    "ProductSale",
    "ShippingLineSale",
    "TipSale",
    "GiftCardSale",
    "DutySale",
    "AdditionalFeeSale",
    "FeeSale",
    "AdjustmentSale",
]
aliases({f"{name}.id": lambda sale: f"gid://shopify/Sale/{sale.id}" for name in _SALES})
aliases(
    {f"{name}.totalDiscountAmountAfterTaxes": lambda sale: sale.discount for name in _SALES}
    | {f"{name}.totalDiscountAmountBeforeTaxes": lambda sale: sale.discount for name in _SALES}
    | {
        f"{name}.taxes": lambda sale: [
            Box("SaleTax", id=sale.id * 10 + index, amount=tax.price_set, tax_line=tax)
            for index, tax in enumerate(sale.taxes)
        ]
        for name in _SALES
    }
    | {
        "AdditionalFeeSale.additionalFee": lambda sale: Box(
            "SaleAdditionalFee", id=sale.fee.id, name=sale.fee.name, price=sale.fee.price, tax_lines=sale.fee.tax_lines
        ),
        "OrderAgreement.id": lambda one: f"gid://shopify/SalesAgreement/{one.id}",
        "OrderEditAgreement.id": lambda one: f"gid://shopify/SalesAgreement/{one.id}",
        "RefundAgreement.id": lambda one: f"gid://shopify/SalesAgreement/{one.id}",
    }
)
