"""Files survive what spreadsheet programs do to them, and are refused in words when they do not."""

import pytest

from mapping import Refusal
from mapping.tables import read_table, write_csv, write_xlsx

HEADERS = ["template_id", "name", "sku"]
ROWS = [[1, "Größe; “weit”, blau", "00123"], [2, "=1+1", "-5"], [3, "two\nlines", "'quoted"]]
TEXT = [[str(cell) for cell in row] for row in ROWS]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_csv_file_comes_back_whatever_its_delimiter(delimiter):
    assert read_table(write_csv(HEADERS, ROWS, delimiter), "x.csv") == (HEADERS, TEXT)


def test_a_workbook_comes_back_with_leading_zeros_and_no_formula():
    assert read_table(write_xlsx(HEADERS, ROWS), "x.xlsx") == (HEADERS, TEXT)
    assert read_table(write_xlsx(HEADERS, ROWS), "renamed.csv") == (HEADERS, TEXT), "by its content"


def test_a_cell_that_a_spreadsheet_would_run_is_guarded_in_the_file():
    assert b"'=1+1" in write_csv(HEADERS, ROWS)


def test_other_encodings_of_unicode_are_read_and_others_refused():
    plain = write_csv(HEADERS, ROWS).decode("utf-8-sig")
    assert read_table(plain.encode("utf-16"), "x.csv") == (HEADERS, TEXT)
    assert read_table(plain.encode("utf-8"), "x.csv") == (HEADERS, TEXT)
    with pytest.raises(Refusal, match="UTF-8"):
        read_table("name\nGröße\n".encode("latin-1"), "x.csv")


def test_short_and_empty_rows_keep_their_place():
    headers, rows = read_table(b"a,b,c\n1\n\n2,3,4\n", "x.csv")
    assert (headers, rows) == (["a", "b", "c"], [["1", "", ""], [], ["2", "3", "4"]])


@pytest.mark.parametrize("content", [b"", b"\n1,2\n", b"PK\x03\x04broken", b'a,b\n"1,2\n'])
def test_what_is_no_table_is_refused(content):
    with pytest.raises(Refusal):
        read_table(content, "x.csv")
