"""Settlement files of payment providers: every row is read to the cent or named."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.settlements import PRESETS, ColumnMap, Unreadable, read

PLAIN = ColumnMap(date="Day", type="Kind", order="Order", reference="Id", gross="Gross", fee="Fee", net="Net",
                  currency="Currency", payout="Payout", types={"sale": "CHARGE"})  # fmt: skip
HEAD = "Day,Kind,Order,Id,Gross,Fee,Net,Currency,Payout\n"


def of(text, columns=PLAIN):
    return read(text.encode(), columns)


def problems(found):
    return [(row.line, row.code, row.value) for row in found.bad]


def test_rows_become_payouts_with_their_sum():
    found = of(HEAD + "2026-11-03,Sale,#1,a,100.00,3.20,96.80,EUR,P1\n2026-11-04,Other,,b,-10.00,0,-10.00,eur,P1\n")
    (payout,) = found.payouts
    assert (payout.ident, payout.day, payout.currency, payout.net) == ("P1", date(2026, 11, 4), "EUR", Decimal("86.80"))
    first, second = payout.rows
    assert (first.type, first.order, first.ident) == ("CHARGE", "#1", "P1/a/Sale")
    assert (second.type, second.stated_type) == ("", "Other")
    assert found.bad == ()


def test_bad_rows_are_named_and_do_not_hide_the_good_ones():
    found = of(
        HEAD
        + "3.11.2026,Sale,#1,a,1.00,0,1.00,EUR,P1\n"
        + "2026-11-03,Sale,#1,b,one,0,1.00,EUR,P1\n"
        + "2026-11-03,Sale,#1,c,1.00,0.10,1.00,EUR,P1\n"
        + "2026-11-03,Sale,#1,d,1.00,0,1.00,euro,P1\n"
        + "2026-11-03,Sale\n"
        + "2026-11-03,Sale,#1,e,NaN,0,NaN,EUR,P1\n"
        + "\n2026-11-03,Sale,#1,f,1.00,0,1.00,EUR,P1\n"
    )
    assert problems(found) == [
        (2, "date", "3.11.2026"),
        (3, "amount", "one"),
        (4, "sum", "1.00 - 0.10 = 0.90, 1.00"),
        (5, "currency", "EURO"),
        (6, "columns", "2"),
        (7, "amount", "NaN"),
    ]
    assert [row.reference for row in found.payouts[0].rows] == ["f"]


def test_a_file_that_does_not_fit_says_why():
    for data, columns, code in (
        (b"\xff\xfe\x00", PLAIN, "encoding"),
        (b"a,b\n1,2\n", PLAIN, "table"),
        (b"", PLAIN, "table"),
        (HEAD.encode(), ColumnMap(date="Day"), "map"),
        (HEAD.encode(), ColumnMap(date="Day", gross="Gross", encoding="no-such"), "encoding"),
    ):
        with pytest.raises(Unreadable) as caught:
            read(data, columns)
        assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "sign", "amount"),
    [
        ("1,234.56", ".", "1234.56"), ("1.234,56", ",", "1234.56"), ("1 234,56", ",", "1234.56"), ("-7,5", ",", "-7.5"),
        ("(3.00)", ".", "-3.00"), ("3.00-", ".", "-3.00"), ("\u22124.10", ".", "-4.10"), ("1'000.00", ".", "1000.00"),
    ],
)  # fmt: skip
def test_amounts_are_read_as_people_write_them(text, sign, amount):
    columns = ColumnMap(date="Day", gross="Gross", delimiter=";", decimal_sign=sign)
    found = of(f"Day;Gross\n2026-11-03;{text}\n", columns)
    assert found.waiting[0].gross == Decimal(amount)


def test_columns_are_put_together_with_their_signs():
    columns = ColumnMap(date="Day", gross="In - Out", fee="One + Two (x)", payout="Payout")
    found = of("Day,In,Out,One,Two (x),Payout\n2026-11-03,10.00,,1.00,0.50,P\n2026-11-03,,4.00,,,P\n", columns)
    assert [(row.gross, row.fee, row.net) for row in found.payouts[0].rows] == [
        (10, Decimal("1.50"), Decimal("8.50")), (-4, 0, -4),
    ]  # fmt: skip


def test_the_same_file_gives_the_same_ids_and_equal_rows_are_told_apart():
    columns = ColumnMap(date="Day", gross="Gross", payout="Payout")
    text = "Day,Gross,Payout\n2026-11-03,5.00,P\n2026-11-03,5.00,P\n"
    once, again = of(text, columns), of(text, columns)
    idents = [row.ident for row in once.payouts[0].rows]
    assert idents == [row.ident for row in again.payouts[0].rows]
    assert len(set(idents)) == 2


def test_paypal_is_paid_out_by_its_withdrawals():
    found = of(
        '"Date","Time","Type","Status","Currency","Gross","Fee","Net","Transaction ID","Invoice Number"\n'
        '"11/02/2026","10:00","Express Checkout Payment","Completed","USD","1,100.00","-32.20","1,067.80","T1","#1001"\n'
        '"11/03/2026","10:00","General Withdrawal","Completed","USD","-1,067.80","0.00","-1,067.80","T2",""\n'
        '"11/04/2026","10:00","Payment Refund","Completed","USD","-10.00","0.00","-10.00","T3","#1001"\n'
        '"11/04/2026","10:00","Authorization","Pending","USD","5.00","0.00","5.00","T4","#1002"\n',
        PRESETS["paypal"],
    )
    (payout,) = found.payouts
    assert (payout.ident, payout.net) == ("T2", Decimal("1067.80"))
    assert [(row.type, row.fee) for row in payout.rows] == [("CHARGE", Decimal("32.20"))]
    assert [row.type for row in found.waiting] == ["REFUND"]
    assert found.left_out == 1


def test_stripe_names_the_payout_in_each_row():
    found = of(
        "automatic_payout_id,balance_transaction_id,created,reporting_category,currency,gross,fee,net,description\n"
        "po_1,txn_1,2026-11-01 10:11:12,charge,usd,100.00,3.20,96.80,#1001\n"
        "po_1,txn_2,2026-11-01 10:11:12,refund,usd,-20.00,0.00,-20.00,#1001\n"
        ",txn_3,2026-11-02 10:11:12,charge,usd,5.00,0.45,4.55,#1002\n",
        PRESETS["stripe"],
    )
    assert [(one.ident, one.net, len(one.rows)) for one in found.payouts] == [("po_1", Decimal("76.80"), 2)]
    assert [row.reference for row in found.waiting] == ["txn_3"]


def test_klarna_names_the_payout_above_the_table_and_takes_fees_without_a_sign():
    found = of(
        "payment_reference;payout_date;currency\nKREF1;2026-11-05;EUR\n\n"
        "type;capture_id;capture_date;merchant_reference1;amount\n"
        "SALE;c1;2026-11-01T10:00:00Z;#1001;100.00\nFEE;c1;2026-11-01T10:00:00Z;#1001;2.90\n"
        "RETURN;c2;2026-11-02T10:00:00Z;#1001;10.00\n",
        PRESETS["klarna"],
    )
    (payout,) = found.payouts
    assert (payout.ident, payout.currency, payout.net) == ("KREF1", "EUR", Decimal("87.10"))
    assert [row.type for row in payout.rows] == ["CHARGE", "STRIPE_FEE", "REFUND"]
    assert len({row.ident for row in payout.rows}) == 3


def test_adyen_has_debit_credit_and_four_fees():
    found = of(
        "Psp Reference,Merchant Reference,Creation Date,Type,Modification Reference,Net Currency,Net Debit (NC),"
        "Net Credit (NC),Commission (NC),Markup (NC),Scheme Fees (NC),Interchange (NC),Batch Number\n"
        "8835,#1001,2026-11-01 08:00:00,Settled,9001,EUR,,97.50,0.10,0.40,0.50,1.50,41\n"
        "8835,#1001,2026-11-02 08:00:00,Refunded,9002,EUR,20.00,,,,,,41\n"
        ',,2026-11-03 08:00:00,MerchantPayout,"TX8, batch 41",EUR,77.50,,,,,,41\n',
        PRESETS["adyen"],
    )
    (payout,) = found.payouts
    assert (payout.ident, payout.net, payout.day) == ("41", Decimal("77.50"), date(2026, 11, 3))
    assert [(row.type, row.gross, row.fee) for row in payout.rows] == [
        ("CHARGE", 100, Decimal("2.50")),
        ("REFUND", -20, 0),
    ]


def test_a_fee_that_is_called_the_same_in_the_next_payout_is_another_one():
    head = "Type,Modification Reference,Creation Date,Net Currency,Net Debit (NC),Net Credit (NC),Commission (NC),Markup (NC),"
    head += "Scheme Fees (NC),Interchange (NC),Batch Number\n"
    first, second = (
        of(f"{head}Fee,Transaction Fees November,2026-11-0{batch} 08:00:00,EUR,1.20,,,,,,{batch}\n", PRESETS["adyen"])
        for batch in (1, 2)
    )
    assert first.payouts[0].rows[0].ident != second.payouts[0].rows[0].ident


CENTS = st.decimals("-99999.99", "99999.99", places=2)


@given(
    rows=st.lists(st.tuples(CENTS, st.decimals("0", "99", places=2), st.sampled_from("AB"), st.sampled_from(["EUR", "USD"]))),
    sign=st.sampled_from([".", ","]),
)  # fmt: skip
def test_whatever_the_amounts_every_payout_is_the_sum_of_its_rows(rows, sign):
    columns = ColumnMap(delimiter=";", decimal_sign=sign, date="Day", gross="Gross", fee="Fee", currency="Currency",
                        payout="Payout", reference="Id")  # fmt: skip
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(["Day", "Gross", "Fee", "Currency", "Payout", "Id"])
    for number, (gross, fee, payout, currency) in enumerate(rows):
        writer.writerow(
            ["2026-11-03", str(gross).replace(".", sign), str(fee).replace(".", sign), currency, payout, number]
        )
    found = read(out.getvalue().encode(), columns)
    assert found.bad == ()
    assert sum(len(one.rows) for one in found.payouts) == len(rows)
    for one in found.payouts:
        mine = [row for row in rows if (row[2], row[3]) == (one.ident, one.currency)]
        assert one.net == sum(row[0] - row[1] for row in mine)
