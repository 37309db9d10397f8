"""Settlement files of payment providers: CSV in, payouts with their transactions out.

Every provider names its columns otherwise; a `ColumnMap` says which column means what. A column may be put together from
several (`Gross Credit - Gross Debit`, `Commission + Markup`). What a row lacks may stand above the table, as in files that
begin with a summary. A row that cannot be read is named with its line and why; it never stops the others from being shown.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from decimal import Decimal, InvalidOperation
from itertools import pairwise

from .money import ZERO

#: Lines within which the table must begin.
_HEAD_LINES = 40


class Unreadable(ValueError):
    """The file as a whole cannot be read with this map. `code` says why, `what` names the columns or the encoding."""

    def __init__(self, code: str, what: str):
        super().__init__(f"{code}: {what}")
        self.code, self.what = code, what


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """What the columns of a file mean; a name left empty is not in the file.

    `types`: the provider's words for a kind of row to ours (CHARGE, REFUND, ...), compared without case. Rows of a type in
    `transfers` are the payout itself, those in `left_out` are no money. `negative`: types whose amount is stated without
    its sign. `fee_negative`: a fee is stated as a negative amount (net = gross + fee).
    """

    delimiter: str = ","
    encoding: str = "utf-8"
    date_format: str = "%Y-%m-%d"
    decimal_sign: str = "."
    date: str = ""
    type: str = ""
    order: str = ""
    reference: str = ""
    gross: str = ""
    fee: str = ""
    net: str = ""
    currency: str = ""
    payout: str = ""
    types: Mapping[str, str] = field(default_factory=dict)
    transfers: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()
    negative: frozenset[str] = frozenset()
    fee_negative: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One transaction. `ident` is the same whenever the same row is read: payout, reference and type, else its content (a
    reference alone comes again: Adyen calls the fees of each month alike, and captures of a payment share one). `net` = `gross` - `fee`."""

    line: int
    ident: str
    day: date
    type: str
    stated_type: str
    order: str
    reference: str
    gross: Decimal
    fee: Decimal
    net: Decimal
    currency: str
    payout: str


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read. `code`: date, amount, currency, sum, columns; `value`: what stands there."""

    line: int
    code: str
    value: str


@dataclass(frozen=True, slots=True)
class FilePayout:
    """What was paid out at once, in one currency. `ident`: the provider's id of the payout."""

    ident: str
    day: date
    currency: str
    net: Decimal
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Settlement:
    """A file as it was read: payouts, rows that belong to no payout yet, rows that cannot be read."""

    payouts: tuple[FilePayout, ...]
    waiting: tuple[Row, ...]
    bad: tuple[BadRow, ...]
    left_out: int


def read(data: bytes, columns: ColumnMap) -> Settlement:
    """Read a file.

    :raises Unreadable: encoding (the bytes are not in that encoding), table (the columns are not found together), map (a
        column that is needed is not named)
    """
    for name in ("date", "gross"):
        if not getattr(columns, name):
            raise Unreadable("map", name)
    try:
        text = data.decode("utf-8-sig" if columns.encoding.lower().replace("-", "") == "utf8" else columns.encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise Unreadable("encoding", columns.encoding) from error
    lines = [
        (number, cells)
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=columns.delimiter), 1)
    ]
    head, above = _find_table(lines, columns)
    names = [cell.strip() for cell in lines[head][1]]
    rows, bad, left_out, seen = [], [], 0, Counter()
    for number, cells in lines[head + 1 :]:
        if not any(cell.strip() for cell in cells):
            continue
        values = {**above, **dict(zip(names, (cell.strip() for cell in cells), strict=False))}
        if len(cells) < len(names):
            bad.append(BadRow(number, "columns", str(len(cells))))
            continue
        if values.get(columns.type, "").casefold() in _folded(columns.left_out):
            left_out += 1
            continue
        try:
            rows.append(_row(number, values, columns, seen))
        except _Bad as problem:
            bad.append(BadRow(number, problem.code, problem.value))
    payouts, waiting = _grouped(rows, columns)
    return Settlement(payouts, waiting, tuple(bad), left_out)


class _Bad(Exception):
    def __init__(self, code: str, value: str):
        super().__init__(code)
        self.code, self.value = code, value


def _find_table(lines: list[tuple[int, list[str]]], columns: ColumnMap) -> tuple[int, dict[str, str]]:
    """Where the row of names is, and what stands above it: pairs of a row of names and the row below it."""
    needed = [columns.date, *_parts(columns.gross)]
    for index, (_number, cells) in enumerate(lines[:_HEAD_LINES]):
        names = {cell.strip() for cell in cells}
        if all(name in names or sign_free in names for name, sign_free in _named(needed)):
            above = {}
            for (_one, first), (_two, second) in pairwise(lines[:index]):
                above |= {
                    name.strip(): value.strip() for name, value in zip(first, second, strict=False) if name.strip()
                }
            return index, above
    raise Unreadable("table", ", ".join(name for name, _sign_free in _named(needed)))


def _named(parts: Iterable[str]) -> list[tuple[str, str]]:
    return [(part, part.lstrip("+-").strip()) for part in parts]


def _parts(name: str) -> list[str]:
    """The columns that a name is put together from, each but the first with its sign."""
    found, sign = [], ""
    for word in name.split(" "):
        if word in ("+", "-") and found:
            sign = word
            found.append(sign)
        elif found and found[-1] in ("+", "-"):
            found[-1] += word
        elif found:
            found[-1] += f" {word}"
        else:
            found.append(word)
    return found


def _amount(values: Mapping[str, str], name: str, columns: ColumnMap) -> Decimal:
    """The sum of the columns of a name; an empty cell is nothing."""
    total = ZERO
    for part in [name] if name in values else _parts(name):
        sign = -1 if part.startswith("-") and part not in values else 1
        cell = values.get(part, values.get(part.lstrip("+-"), ""))
        total += sign * _decimal(cell, columns.decimal_sign)
    return total


def _decimal(text: str, sign: str) -> Decimal:
    """A number as people write it: thousands set apart, minus before or behind, or in brackets."""
    plain = text.replace("\u00a0", "").replace("\u202f", "").replace(" ", "").replace("'", "")
    if not plain:
        return ZERO
    negative = plain.startswith("(") and plain.endswith(")")
    plain = plain.strip("()").replace("." if sign == "," else ",", "").replace(sign, ".").replace("\u2212", "-")
    if plain.endswith("-"):
        plain = f"-{plain[:-1]}"
    try:
        number = Decimal(plain)
    except InvalidOperation as error:
        raise _Bad("amount", text) from error
    if not number.is_finite():
        raise _Bad("amount", text)
    return -number if negative else number


def _day(text: str, columns: ColumnMap) -> date:
    """A day; a time behind it may be left out of the format."""
    for candidate in (text, text[:10]):
        try:
            return datetime.strptime(candidate, columns.date_format).replace(tzinfo=timezone.utc).date()
        except ValueError:
            continue
    raise _Bad("date", text)


def _row(line: int, values: Mapping[str, str], columns: ColumnMap, seen: Counter) -> Row:
    stated = values.get(columns.type, "") if columns.type else ""
    gross, fee = _amount(values, columns.gross, columns), ZERO
    if columns.fee:
        fee = _amount(values, columns.fee, columns) * (-1 if columns.fee_negative else 1)
    if stated.casefold() in _folded(columns.negative):
        gross = -abs(gross)
    net = _amount(values, columns.net, columns) if columns.net else gross - fee
    if net != gross - fee:
        raise _Bad("sum", f"{gross} - {fee} = {gross - fee}, {net}")
    currency = (values.get(columns.currency, "") if columns.currency else "").upper()
    if columns.currency and not (len(currency) == 3 and currency.isalpha()):
        raise _Bad("currency", currency)
    reference = values.get(columns.reference, "") if columns.reference else ""
    payout = values.get(columns.payout, "") if columns.payout else ""
    content = "/".join(filter(None, (payout, reference, stated)) if reference else values.values())
    seen[content] += 1
    known = f"{content}/{seen[content]}" if seen[content] > 1 else content
    ident = known if reference and len(known) <= 80 else hashlib.sha256(known.encode()).hexdigest()[:40]
    return Row(
        line,
        ident,
        _day(values.get(columns.date, ""), columns),
        {word.casefold(): ours for word, ours in columns.types.items()}.get(stated.casefold(), ""),
        stated,
        values.get(columns.order, "") if columns.order else "",
        reference,
        gross,
        fee,
        net,
        currency,
        payout,
    )


def _grouped(rows: list[Row], columns: ColumnMap) -> tuple[tuple[FilePayout, ...], tuple[Row, ...]]:
    """Rows by their payout: the one that their column names, else the next transfer of their currency in time."""
    transfers = _folded(columns.transfers)
    groups: dict[tuple[str, str], list[Row]] = {}
    waiting: dict[str, list[Row]] = {}
    days: dict[tuple[str, str], date] = {}
    ordered = (
        rows if columns.payout else sorted(rows, key=lambda row: (row.day, row.stated_type.casefold() in transfers))
    )
    for row in ordered:
        is_transfer = row.stated_type.casefold() in transfers
        if columns.payout:
            if not row.payout:
                waiting.setdefault(row.currency, []).append(row)
                continue
            key = (row.payout, row.currency)
            days[key] = max(days.get(key, row.day), row.day)
            if not is_transfer:
                groups.setdefault(key, []).append(row)
        elif is_transfer:
            key = (row.reference or row.ident, row.currency)
            groups[key], days[key] = waiting.pop(row.currency, []), row.day
        else:
            waiting.setdefault(row.currency, []).append(row)
    payouts = tuple(
        FilePayout(ident, days[ident, currency], currency, sum((row.net for row in found), ZERO), tuple(found))
        for (ident, currency), found in groups.items()
        if found
    )
    return payouts, tuple(row for found in waiting.values() for row in found)


def _folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word.casefold() for word in words)


PRESETS: dict[str, ColumnMap] = {
    "paypal": ColumnMap(
        encoding="utf-8", date_format="%m/%d/%Y", date="Date", type="Type", order="Invoice Number", reference="Transaction ID",
        gross="Gross", fee="Fee", net="Net", currency="Currency", fee_negative=True,
        types={"Express Checkout Payment": "CHARGE", "Website Payment": "CHARGE", "Mobile Payment": "CHARGE",
               "General Payment": "CHARGE", "PreApproved Payment Bill User Payment": "CHARGE",
               "Payment Refund": "REFUND", "Payment Reversal": "DISPUTE_WITHDRAWAL", "Chargeback": "DISPUTE_WITHDRAWAL",
               "Chargeback Fee": "CHARGEBACK_FEE", "Chargeback Reversal": "DISPUTE_REVERSAL",
               "Hold on Balance for Dispute Investigation": "DISPUTE_WITHDRAWAL",
               "Cancellation of Hold for Dispute Resolution": "DISPUTE_REVERSAL",
               "Payment Hold": "RESERVED_FUNDS", "Payment Release": "RESERVED_FUNDS",
               "Account Hold for Open Authorization": "RESERVED_FUNDS", "Reversal of General Account Hold": "RESERVED_FUNDS"},
        transfers=frozenset(["General Withdrawal", "User Initiated Withdrawal", "Automatic Withdrawal"]),
        left_out=frozenset(["Authorization", "Void of Authorization", "General Authorization"]),
    ),
    "stripe": ColumnMap(
        date_format="%Y-%m-%d", date="created", type="reporting_category", order="description",
        reference="balance_transaction_id", gross="gross", fee="fee", net="net", currency="currency",
        payout="automatic_payout_id",
        types={"charge": "CHARGE", "refund": "REFUND", "refund_failure": "REFUND_FAILURE", "dispute": "DISPUTE_WITHDRAWAL",
               "dispute_reversal": "DISPUTE_REVERSAL", "fee": "STRIPE_FEE", "network_cost": "STRIPE_FEE",
               "tax": "STRIPE_FEE", "risk_reserved_funds": "RESERVED_FUNDS"},
        transfers=frozenset(["payout"]),
    ),
    "klarna": ColumnMap(
        delimiter=";", date_format="%Y-%m-%d", date="capture_date", type="type", order="merchant_reference1",
        reference="capture_id", gross="amount", currency="currency", payout="payment_reference",
        types={"SALE": "CHARGE", "RETURN": "REFUND", "REVERSAL": "DISPUTE_WITHDRAWAL",
               "REVERSAL_MERCHANT_PROTECTION": "DISPUTE_REVERSAL", "FEE": "STRIPE_FEE", "FEE_REFUND": "STRIPE_FEE",
               "TAX": "STRIPE_FEE", "COMMISSION": "ADJUSTMENT", "CHARGE": "ADJUSTMENT", "CREDIT": "ADJUSTMENT",
               "HOLDBACK": "RESERVED_FUNDS", "RELEASE": "RESERVED_FUNDS"},
        negative=frozenset(["RETURN", "REVERSAL", "FEE", "TAX", "CHARGE", "HOLDBACK"]),
    ),
    "adyen": ColumnMap(
        date_format="%Y-%m-%d", date="Creation Date", type="Type", order="Merchant Reference",
        reference="Modification Reference",
        gross="Net Credit (NC) - Net Debit (NC) + Commission (NC) + Markup (NC) + Scheme Fees (NC) + Interchange (NC)",
        fee="Commission (NC) + Markup (NC) + Scheme Fees (NC) + Interchange (NC)",
        net="Net Credit (NC) - Net Debit (NC)", currency="Net Currency", payout="Batch Number",
        types={"Settled": "CHARGE", "Refunded": "REFUND", "RefundedReversed": "REFUND_FAILURE", "Chargeback": "DISPUTE_WITHDRAWAL",
               "SecondChargeback": "DISPUTE_WITHDRAWAL", "ChargebackReversed": "DISPUTE_REVERSAL", "Fee": "STRIPE_FEE",
               "MiscCosts": "STRIPE_FEE", "PaymentCost": "STRIPE_FEE", "InvoiceDeduction": "STRIPE_FEE",
               "Balancetransfer": "RESERVED_FUNDS", "DepositCorrection": "RESERVED_FUNDS", "ReserveAdjustment": "RESERVED_FUNDS"},
        transfers=frozenset(["MerchantPayout"]),
    ),
}  # fmt: skip
"""What the files of four providers look like as they come. A shop may change its own copy."""
