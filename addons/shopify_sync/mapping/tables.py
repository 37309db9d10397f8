"""Tables in files: CSV and XLSX out, and back in with whatever a spreadsheet program made of them."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence

import openpyxl
import xlsxwriter

from .errors import Refusal
from .wording import _lt

#: Rows of one file, and bytes that a spreadsheet may have when unpacked.
MOST_ROWS = 100_000
MOST_BYTES = 200_000_000
DELIMITERS = ",;\t|"
#: A cell that starts like this would be run by a spreadsheet program; it is written with an apostrophe before it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(headers: Sequence[str], rows: Iterable[Sequence[object]], delimiter: str = ",") -> bytes:
    """Return a CSV file in UTF-8 with byte-order mark, so that spreadsheet programs read it right."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(headers)
    writer.writerows([_guarded(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def write_xlsx(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a workbook of one sheet; every cell is text, so that ids and SKUs keep their zeros."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    bold, plain = book.add_format({"bold": True, "num_format": "@"}), book.add_format({"num_format": "@"})
    sheet.set_column(0, len(headers) - 1, 22, plain)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate([headers, *rows]):
        for column, cell in enumerate(row):
            sheet.write_string(number, column, _text(cell), plain if number else bold)
    book.close()
    return out.getvalue()


def read_table(data: bytes, filename: str, delimiter: str = "") -> tuple[list[str], list[list[str]]]:
    """Return headers and rows of a CSV or XLSX file, all as text; empty rows keep their place as empty lists.

    :param delimiter: of a CSV file; '' finds it
    :raises Refusal: the file cannot be read, with the reason in words
    """
    rows = _read_xlsx(data) if filename.lower().endswith(".xlsx") or data[:4] == b"PK\x03\x04" else None
    rows = _read_csv(data, delimiter) if rows is None else rows
    if not rows or not any(rows[0]):
        raise Refusal("file_empty", _lt("The file has no line with column names."))
    headers = [cell.strip() for cell in rows[0]]
    return headers, [row + [""] * (len(headers) - len(row)) if any(row) else [] for row in rows[1:]]


def _read_csv(data: bytes, delimiter: str) -> list[list[str]]:
    try:
        text = data.decode("utf-16") if data[:2] in (b"\xff\xfe", b"\xfe\xff") else data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(
            "file_encoding",
            _lt("The file is not in UTF-8 (byte %(place)s). Save it as “CSV UTF-8”, or as XLSX.", place=error.start),
        ) from error
    first = text.partition("\n")[0]
    delimiter = delimiter or max(DELIMITERS, key=first.count)
    rows = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            rows.append([_unguarded(cell) for cell in row])
            if len(rows) > MOST_ROWS:
                raise _too_long()
    except csv.Error as error:
        words = _lt("Line %(line)s of the file cannot be read: %(fault)s.", line=len(rows) + 1, fault=str(error))
        raise Refusal("file_unreadable", words) from error
    return rows


def _read_xlsx(data: bytes) -> list[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_BYTES:
                raise Refusal("file_long", _lt("The workbook is too big when unpacked; split it."))
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        rows = []
        for row in book.worksheets[0].iter_rows(values_only=True):
            rows.append([_text(cell).strip() for cell in row])
            if len(rows) > MOST_ROWS:
                raise _too_long()
    except (zipfile.BadZipFile, KeyError, ValueError, IndexError, OSError) as error:
        raise Refusal("file_unreadable", _lt("The file is no XLSX workbook: %(fault)s.", fault=str(error))) from error
    return rows


def _too_long() -> Refusal:
    return Refusal("file_long", _lt("The file has more than %(most)s lines; split it.", most=MOST_ROWS))


def _text(cell: object) -> str:
    if cell is None or cell is False:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _guarded(cell: object) -> str:
    text = _text(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _unguarded(cell: str) -> str:
    text = cell.strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text
