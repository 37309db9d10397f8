"""The sales dashboard's file is what its generator writes, and asks only for what its parts have."""

import json
import re

from devenv import sales_dashboard


def test_the_file_in_the_addon_is_the_one_that_the_generator_writes():
    assert sales_dashboard.TARGET.read_text(encoding="utf-8") == sales_dashboard.text()


def test_each_formula_asks_a_pivot_that_is_there_for_a_measure_that_it_has():
    document = json.loads(sales_dashboard.text())
    asked = set()
    for sheet in document["sheets"]:
        for cell in sheet["cells"].values():
            for number, measure in re.findall(r'PIVOT\.VALUE\((\d+),"(\w+)"', cell):
                assert measure in {one["id"] for one in document["pivots"][number]["measures"]}
                asked.add(number)
            asked.update(re.findall(r"PIVOT\((\d+)", cell))
    assert asked == set(document["pivots"])


def test_a_period_without_figures_is_compared_with_nothing():
    cells = sales_dashboard.key_figures()
    for row in range(2, 8):  # a sum of no rows is an empty text
        assert cells[f"E{row}"].startswith(f'=IF(OR(C{row}=0,C{row}=""),"",')


def test_every_figure_obeys_both_filters():
    document = json.loads(sales_dashboard.text())
    filters = {one["id"] for one in document["globalFilters"]}
    charts = [figure["data"] for sheet in document["sheets"] for figure in sheet["figures"]]
    shown = [*document["pivots"].values(), *(one for one in charts if one["type"] != "scorecard")]
    assert shown and all(set(one["fieldMatching"]) == filters for one in shown)


def test_figures_do_not_lie_on_each_other():
    figures = json.loads(sales_dashboard.text())["sheets"][0]["figures"]
    boxes = [
        (one["offset"]["x"], one["offset"]["y"], one["offset"]["x"] + one["width"], one["offset"]["y"] + one["height"])
        for one in figures
    ]
    for index, (left, top, right, bottom) in enumerate(boxes):
        for other_left, other_top, other_right, other_bottom in boxes[:index]:
            assert right <= other_left or other_right <= left or bottom <= other_top or other_bottom <= top
