"""The types of balance transactions of Shopify Payments: names for people, groups, and how each is booked.

Shopify adds types from time to time. One that is not listed here is readable, belongs to the group `other`, and waits for
the account that a person gives it.
"""

from __future__ import annotations

#: Stands for what Shopify keeps of transactions (the `fee` beside their amounts), which has no type of its own.
FEE = "FEE"
#: The payout itself, seen from the balance: no transaction of a payout.
TRANSFER = "TRANSFER"

#: Pay again what a payout did not bring to the bank.
COME_BACK = ("TRANSFER_FAILURE", "TRANSFER_CANCEL")

#: Groups in the order of the screens, their names, and their types without the `_REVERSAL` twins.
GROUPS = {
    "sales": ("Sales", ("CHARGE", "CHARGE_ADJUSTMENT")),
    "refunds": ("Refunds", ("REFUND", "REFUND_ADJUSTMENT", "REFUND_FAILURE")),
    "fees": (
        "Fees",
        (
            FEE,
            "ACH_BANK_FAILURE_DEBIT_FEE",
            "ACH_BANK_FAILURE_DEBIT_REVERSAL_FEE",
            "APPLICATION_FEE_REFUND",
            "BILLING_DEBIT",
            "CHARGEBACK_FEE",
            "CHARGEBACK_FEE_REFUND",
            "MARKETPLACE_FEE_CREDIT",
            "REFERRAL_FEE",
            "REFERRAL_FEE_TAX",
            "STRIPE_FEE",
        ),
    ),
    "disputes": (
        "Disputes",
        (
            "DISPUTE_WITHDRAWAL",
            "DISPUTE_REVERSAL",
            "CHARGEBACK_HOLD",
            "CHARGEBACK_HOLD_RELEASE",
            "CHARGEBACK_PROTECTION_CREDIT",
            "CHARGEBACK_PROTECTION_DEBIT",
            "RISK_WITHDRAWAL",
            "RISK_REVERSAL",
            "SELLER_PROTECTION_CREDIT",
        ),
    ),
    "reserves": ("Reserves", ("RESERVED_FUNDS", "RESERVED_FUNDS_WITHDRAWAL")),
    "returned": (
        "Payouts that came back",
        (TRANSFER, "TRANSFER_FAILURE", "TRANSFER_CANCEL", "TRANSFER_REFUND"),
    ),
    "adjustments": (
        "Adjustments",
        ("ADJUSTMENT", "ANOMALY_CREDIT", "ANOMALY_DEBIT", "COLLECTIONS_CREDIT", "MERCHANT_GOODWILL_CREDIT"),
    ),
    "taxes": (
        "Taxes and duties",
        (
            "CUSTOMS_DUTY",
            "CUSTOMS_DUTY_ADJUSTMENT",
            "IMPORT_TAX",
            "IMPORT_TAX_ADJUSTMENT",
            "IMPORT_TAX_REFUND",
            "TAX_ADJUSTMENT_CREDIT",
            "TAX_ADJUSTMENT_DEBIT",
            "VAT_REFUND_CREDIT",
        ),
    ),
    "shipping": (
        "Shipping labels",
        (
            "SHIPPING_LABEL",
            "SHIPPING_LABEL_ADJUSTMENT",
            "SHIPPING_LABEL_ADJUSTMENT_BASE",
            "SHIPPING_LABEL_ADJUSTMENT_SURCHARGE",
            "SHIPPING_OTHER_CARRIER_CHARGE_ADJUSTMENT",
            "SHIPPING_RETURN_TO_ORIGIN_ADJUSTMENT",
        ),
    ),
    "loans": (
        "Loans",
        (
            "ADVANCE",
            "ADVANCE_FUNDING",
            "LENDING_CAPITAL_REFUND",
            "LENDING_CAPITAL_REMITTANCE",
            "LENDING_CREDIT",
            "LENDING_CREDIT_REFUND",
            "LENDING_CREDIT_REMITTANCE",
            "LENDING_DEBIT",
        ),
    ),
    "credits": (
        "Credits, campaigns and marketplaces",
        (
            "ADS_PUBLISHER_CREDIT",
            "BALANCE_TRANSFER_INBOUND",
            "BALANCE_TRANSFER_OUTBOUND",
            "CHANNEL_CREDIT",
            "CHANNEL_PROMOTION_CREDIT",
            "CHANNEL_TRANSFER_CREDIT",
            "CHANNEL_TRANSFER_DEBIT",
            "MARKETS_PRO_CREDIT",
            "MERCHANT_TO_MERCHANT_CREDIT",
            "MERCHANT_TO_MERCHANT_DEBIT",
            "PROMOTION_CREDIT",
            "SHOPIFY_COLLECTIVE_CREDIT",
            "SHOPIFY_COLLECTIVE_DEBIT",
            "SHOPIFY_SOURCE_CREDIT",
            "SHOPIFY_SOURCE_DEBIT",
            "SHOP_CASH_BILLING_DEBIT",
            "SHOP_CASH_CAMPAIGN_BILLING_CREDIT",
            "SHOP_CASH_CAMPAIGN_BILLING_DEBIT",
            "SHOP_CASH_CREDIT",
            "SHOP_CASH_REFUND_DEBIT",
        ),
    ),
}
OTHER = "other"
OTHER_LABEL = "Other"

_REVERSAL = "_REVERSAL"
_GROUP_OF = {kind: group for group, (_label, kinds) in GROUPS.items() for kind in kinds}
_NAMES = {
    FEE: "Fees of transactions",
    "CHARGE": "Sale",
    "REFUND_FAILURE": "Refund that did not arrive",
    "TRANSFER": "Payout",
    "TRANSFER_FAILURE": "Payout that failed",
    "TRANSFER_CANCEL": "Payout that was cancelled",
    "TRANSFER_REFUND": "Payout paid back",
    "DISPUTE_WITHDRAWAL": "Dispute: money withheld",
    "DISPUTE_REVERSAL": "Dispute won: money back",
    "CHARGEBACK_FEE": "Chargeback fee",
    "CHARGEBACK_FEE_REFUND": "Chargeback fee paid back",
    "RISK_REVERSAL": "Risk: money back",
    "RISK_WITHDRAWAL": "Risk: money withheld",
    "STRIPE_FEE": "Processing fee",
}
_SPELLED = {"ach": "ACH", "vat": "VAT", "shopify": "Shopify", "shop": "Shop", "markets": "Markets", "pro": "Pro"}


def type_label(kind: str) -> str:
    """A type in words: SHIPPING_LABEL_ADJUSTMENT gives 'Shipping label adjustment'; also for types not listed."""
    if kind in _NAMES:
        return _NAMES[kind]
    base = kind.removesuffix(_REVERSAL) if kind not in _GROUP_OF else kind
    words = [_SPELLED.get(word, word) for word in base.lower().split("_") if word]
    label = " ".join(words) or kind
    label = label[:1].upper() + label[1:]
    return f"{label}, taken back" if base != kind else label


def type_group(kind: str) -> str:
    """The key of a type's group; `other` for a type that is not known."""
    return _GROUP_OF.get(kind) or _GROUP_OF.get(kind.removesuffix(_REVERSAL), OTHER)


def group_label(group: str) -> str:
    """A group in words."""
    return GROUPS[group][0] if group in GROUPS else OTHER_LABEL


def settles(kind: str) -> str:
    """What a type settles: 'charge' (a payment received), 'refund' (one paid back), else '' (an account)."""
    return {"CHARGE": "charge", "REFUND": "refund"}.get(kind, "")
