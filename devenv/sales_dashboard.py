"""Writes the spreadsheet of the Shopify sales dashboard: `python -m devenv.sales_dashboard`.

The file is long and full of repetition; what it shows is said here once. A test compares the two.
"""

import json
import uuid

from devenv.paths import ADDONS

TARGET = ADDONS / "shopify_sync_spreadsheet_dashboard/data/files/sales_dashboard.json"
MODEL = "sale.report"
MENU = "shopify_sync.menu_report_sales"
CONFIRMED = [["shopify_instance_id", "!=", False], ["state", "=", "sale"]]
GOODS = ["shopify_line_type", "in", ["product", "custom", "gift_card"]]

#: Measures: field and heading.
ORDERS, SALES = ("order_reference", "Orders"), ("price_total", "Sales")
UNITS, REFUNDED = ("product_uom_qty", "Units"), ("shopify_refunded", "Refunded")
DAYS = ("shopify_fulfilment_days", "Days")

#: Tables in pairs, left and right: heading, what a row is, its field, measures, what else they are narrowed to.
TABLES = [
    ("Top Products", "Product", "product_id", [UNITS, SALES, REFUNDED], [GOODS]),
    ("Stores", "Store", "shopify_instance_id", [ORDERS, SALES, REFUNDED], []),
    (
        "Payment Gateways",
        "Gateway",
        "shopify_gateway_id",
        [ORDERS, SALES, REFUNDED],
        [["shopify_gateway_id", "!=", False]],
    ),
    ("Sales Channels", "Channel", "shopify_channel", [ORDERS, SALES, REFUNDED], [["shopify_channel", "!=", False]]),
    ("Countries", "Country", "country_id", [ORDERS, SALES, REFUNDED], [["country_id", "!=", False]]),
    (
        "Discount Codes",
        "Codes",
        "shopify_discount_codes",
        [ORDERS, SALES, REFUNDED],
        [["shopify_discount_codes", "!=", False]],
    ),
    ("Workflows", "Workflow", "shopify_workflow_id", [ORDERS, SALES, REFUNDED], [["shopify_workflow_id", "!=", False]]),
    ("Risk Levels", "Level", "shopify_risk_level", [ORDERS, SALES, REFUNDED], [["shopify_risk_level", "!=", False]]),
    (
        "Fulfilment Time by Store",
        "Store",
        "shopify_instance_id",
        [ORDERS, DAYS],
        [["shopify_fulfilment_days", "!=", False]],
    ),
    ("Fulfilment Time by Country", "Country", "country_id", [ORDERS, DAYS], [["shopify_fulfilment_days", "!=", False]]),
]
ROWS = 10

WIDTHS = [230, 70, 110, 100, 30, 230, 70, 110, 100]
TABLE_WIDTH = sum(WIDTHS[:4])
WHOLE_WIDTH = sum(WIDTHS)
CHART_HEIGHT = 300
TITLE, HEADING, HEADING_RIGHT, TEXT, BOLD = 1, 2, 3, 4, 5
STYLES = {
    TITLE: {"textColor": "#01666b", "bold": True, "fontSize": 16},
    HEADING: {"textColor": "#434343", "bold": True, "fontSize": 11},
    HEADING_RIGHT: {"textColor": "#434343", "bold": True, "fontSize": 11, "align": "right"},
    TEXT: {"textColor": "#434343", "verticalAlign": "middle"},
    BOLD: {"bold": True},
}
PERCENT, DECIMAL = 1, 2


def ident(name: str) -> str:
    """The same id for the same name, each time the file is written."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"shopify_sync/{name}"))


PERIOD, STORE, COUNTRY, PRODUCT = (ident(name) for name in ("period", "store", "country", "product"))
FILTERS = [
    {"id": PERIOD, "type": "date", "label": "Period", "defaultValue": "last_90_days"},
    {"id": STORE, "type": "relation", "label": "Store", "modelName": "shopify.instance"},
    {"id": COUNTRY, "type": "relation", "label": "Country", "modelName": "res.country"},
    {"id": PRODUCT, "type": "relation", "label": "Product", "modelName": "product.product"},
]


def matching(offset: int = 0) -> dict:
    """Which fields the filters narrow; `offset` -1 is the period before."""
    return {
        PERIOD: {"chain": "date", "type": "datetime", "offset": offset},
        STORE: {"chain": "shopify_instance_id", "type": "many2one"},
        COUNTRY: {"chain": "country_id", "type": "many2one"},
        PRODUCT: {"chain": "product_id", "type": "many2one"},
    }


def pivot(number: int, name: str, measures: list, rows: list[str], domain: list, offset: int = 0) -> dict:
    first = next((field for field, _title in measures if field != "order_reference"), measures[0][0])
    return {
        "type": "ODOO",
        "id": str(number),
        "formulaId": str(number),
        "name": name,
        "model": MODEL,
        "domain": domain,
        "context": {},
        "measures": [{"id": field, "fieldName": field, "userDefinedName": title} for field, title in measures],
        "rows": [{"fieldName": field} for field in rows],
        "columns": [],
        "sortedColumn": {"measure": "price_total" if SALES in measures else first, "order": "desc", "domain": []}
        if rows
        else None,
        "fieldMatching": matching(offset),
    }


def chart(title: str, measure: tuple, kind: str, group_by: list[str], place: dict) -> dict:
    name = ident(f"chart {title}")
    return {
        "id": name,
        "tag": "chart",
        **place,
        "data": {
            "type": f"odoo_{kind}",
            "chartId": name,
            "title": {"text": title, "bold": True, "color": "#01666b"},
            "background": "#FFFFFF",
            "legendPosition": "top" if len(group_by) > 1 else "none",
            "metaData": {
                "groupBy": group_by,
                "measure": measure[0],
                "order": None,
                "resModel": MODEL,
                "mode": kind,
                "stacked": True,
            },
            "searchParams": {
                "comparison": None,
                "context": {},
                "domain": CONFIRMED,
                "groupBy": group_by,
                "orderBy": [],
            },
            "dataSets": [{}],
            "verticalAxisPosition": "left",
            "stacked": True,
            "cumulative": False,
            "fieldMatching": matching(),
        },
    }


def scorecard(row: int, title: str, upside_down: bool, place: dict) -> dict:
    """A figure with the change against the period before; `upside_down` where less is better."""
    up, down = ("#DC6965", "#00A04A") if upside_down else ("#00A04A", "#DC6965")
    name = ident(f"card {title}")
    return {
        "id": name,
        "tag": "chart",
        **place,
        "data": {
            "type": "scorecard",
            "chartId": name,
            "title": {"text": title, "bold": True, "color": "#434343"},
            "background": "#EFF6FF",
            "keyValue": f"Data!D{row}",
            "baseline": f"Data!E{row}",
            "baselineMode": "percentage",
            "baselineDescr": {"text": "vs. previous"},
            "baselineColorUp": up,
            "baselineColorDown": down,
            "humanize": False,
        },
    }


def place(x: int, y: int, width: int, height: int) -> dict:
    return {"col": 0, "row": 0, "offset": {"x": x, "y": y}, "width": width, "height": height}


def figures() -> list[dict]:
    cards = [
        (2, "Sales", False),
        (3, "Orders", False),
        (4, "Average Order", False),
        (5, "Refunded", True),
        (6, "Refund Share", True),
        (7, "Days to Ship", True),
    ]
    gap = 10
    width = (WHOLE_WIDTH - gap * (len(cards) - 1)) // len(cards)
    found = [
        scorecard(row, title, upside_down, place(index * (width + gap), 10, width, 105))
        for index, (row, title, upside_down) in enumerate(cards)
    ]
    found.append(
        chart(
            "Sales by Month and Store",
            SALES,
            "bar",
            ["date:month", "shopify_instance_id"],
            place(0, 130, WHOLE_WIDTH, CHART_HEIGHT),
        )
    )
    below = 130 + CHART_HEIGHT + gap
    right = TABLE_WIDTH + WIDTHS[4]
    found.append(
        chart("Refunded by Month", REFUNDED, "bar", ["date:month"], place(0, below, TABLE_WIDTH, CHART_HEIGHT))
    )
    found.append(
        chart("Fulfilment Time by Month", DAYS, "line", ["date:month"], place(right, below, TABLE_WIDTH, CHART_HEIGHT))
    )
    return found


def link(title: str, field: str, measures: list, domain: list) -> str:
    """A heading that opens the analysis behind it."""
    action = {
        "domain": domain,
        "context": {
            "group_by": [field],
            "pivot_measures": [name for name, _title in measures],
            "pivot_row_groupby": [field],
            "pivot_column_groupby": [],
        },
        "modelName": MODEL,
        "views": [[False, "pivot"], [False, "graph"], [False, "search"]],
    }
    view = {"viewType": "pivot", "action": action, "threshold": 0, "name": title}
    return f"[{title}](odoo://view/{json.dumps(view, separators=(',', ':'))})"


def tables(first_row: int) -> tuple[dict, dict, dict, dict]:
    """Cells, styles, borders and pivots of the tables, from a row on, two beside each other."""
    cells, styles, borders, pivots = {}, {}, {}, {}
    for index, (title, row_title, field, measures, narrowed) in enumerate(TABLES):
        row = first_row + (index // 2) * (ROWS + 4)
        start = 5 if index % 2 else 0
        left, columns = "AF"[index % 2], [chr(ord("A") + start + offset) for offset in range(4)]
        number, domain = index + 3, [*CONFIRMED, *narrowed]
        pivots[str(number)] = pivot(number, row_title, measures, [field], domain)
        cells[f"{left}{row}"] = link(title, field, measures, domain)
        cells[f"{left}{row + 1}"] = f"=PIVOT({number},{ROWS},FALSE,FALSE)"
        styles[f"{left}{row}"] = TITLE
        styles[f"{left}{row + 1}"] = HEADING
        styles[f"{columns[1]}{row + 1}:{columns[-1]}{row + 1}"] = HEADING_RIGHT
        styles[f"{left}{row + 2}:{columns[-1]}{row + 1 + ROWS}"] = TEXT
        borders[f"{left}{row}:{columns[-1]}{row}"] = 1
    return cells, styles, borders, pivots


def key_figures() -> dict:
    """Cells of the sheet behind the scorecards: each figure now and in the period before, and as shown."""
    cells = {"A1": '=_t("KPI")', "B1": '=_t("Current")', "C1": '=_t("Previous")'}
    cells |= {"D1": '=_t("Current, as shown")', "E1": '=_t("Previous, as shown")'}
    names = ("Sales", "Orders", "Average order", "Refunded", "Refund share", "Fulfilment time")
    for row, name in enumerate(names, 2):
        cells[f"A{row}"] = f'=_t("{name}")'
    for column, number in (("B", 1), ("C", 2)):
        cells[f"{column}2"] = f'=PIVOT.VALUE({number},"price_total")'
        cells[f"{column}3"] = f'=PIVOT.VALUE({number},"order_reference")'
        cells[f"{column}4"] = f"=IFERROR({column}2/{column}3,0)"
        cells[f"{column}5"] = f'=PIVOT.VALUE({number},"shopify_refunded")'
        cells[f"{column}6"] = f"=IFERROR({column}5/{column}2,0)"
        cells[f"{column}7"] = f'=IFERROR(VALUE(PIVOT.VALUE({number},"shopify_fulfilment_days")),0)'
    for shown, source in (("D", "B"), ("E", "C")):
        for row in range(2, 8):
            value = f"{source}{row}"
            text_of = value if row > 5 else f"FORMAT.LARGE.NUMBER({value})"
            # without a figure before there is no change to tell; a sum of no rows is an empty text, not nought
            cells[f"{shown}{row}"] = f'=IF(OR({value}=0,{value}=""),"",{text_of})' if shown == "E" else f"={text_of}"
    return cells


def sheet(name: str, columns: int, rows: int, widths: list[int], **values) -> dict:
    return {
        "id": ident(f"sheet {name}"),
        "name": name,
        "colNumber": columns,
        "rowNumber": rows,
        "cols": {str(index): {"size": width} for index, width in enumerate(widths)},
        "rows": {},
        "merges": [],
        "cells": {},
        "styles": {},
        "formats": {},
        "borders": {},
        "conditionalFormats": [],
        "dataValidationRules": [],
        "figures": [],
        "tables": [],
        "isVisible": True,
        "areGridLinesVisible": False,
        **values,
    }


def spreadsheet() -> dict:
    first_row = 34  # below the charts, at 23 pixels a row
    cells, styles, borders, pivots = tables(first_row)
    figures_of = [SALES, ORDERS, REFUNDED, DAYS]
    now = pivot(1, "Key figures", figures_of, [], CONFIRMED)
    before = pivot(2, "Key figures of the period before", figures_of, [], CONFIRMED, offset=-1)
    shown = figures()
    last_row = first_row + (len(TABLES) + 1) // 2 * (ROWS + 4)
    return {
        "version": "18.5.10",
        "revisionId": "START_REVISION",
        "uniqueFigureIds": True,
        "sheets": [
            sheet("Dashboard", 9, last_row, WIDTHS, cells=cells, styles=styles, borders=borders, figures=shown),
            sheet(
                "Data",
                5,
                10,
                [160, 110, 110, 130, 130],
                cells=key_figures(),
                styles={"A1:E1": BOLD},
                formats={"B6:E6": PERCENT, "B7:E7": DECIMAL},
                areGridLinesVisible=True,
            ),
        ],
        "styles": {str(key): style for key, style in STYLES.items()},
        "formats": {str(PERCENT): "0.0%", str(DECIMAL): "0.0"},
        "borders": {"1": {"bottom": {"style": "thin", "color": "#CCCCCC"}}},
        "settings": {
            "locale": {
                "name": "English (US)",
                "code": "en_US",
                "thousandsSeparator": ",",
                "decimalSeparator": ".",
                "dateFormat": "mm/dd/yyyy",
                "timeFormat": "hh:mm:ss",
                "formulaArgSeparator": ",",
                "weekStart": 7,
            }
        },
        "pivots": {"1": now, "2": before, **pivots},
        "pivotNextId": len(pivots) + 3,
        "customTableStyles": {},
        "globalFilters": FILTERS,
        "lists": {},
        "listNextId": 1,
        "chartOdooMenusReferences": {figure["id"]: MENU for figure in shown},
    }


def text() -> str:
    """The file as it stands in the addon."""
    return json.dumps(spreadsheet(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
