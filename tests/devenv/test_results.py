"""The closing line of ./dev test adds up all parts and never shows green for nothing."""

from devenv import results
from devenv.results import Part


def report(tmp_path, **counts):
    path = tmp_path / "report.xml"
    attributes = " ".join(f'{name}="{count}"' for name, count in counts.items())
    path.write_text(f"<testsuites><testsuite {attributes}/></testsuites>")
    return path


def test_the_closing_line_adds_up_all_parts():
    assert results.closing_line([Part("pure", 10, 0), Part("Odoo", 5, 2)]) == "15 passed, 2 failed"


def test_a_fault_that_no_test_stands_for_is_a_failure():
    part = Part("Odoo", passed=3)
    part.add_fault("Odoo could not be installed")
    assert results.closing_line([part]) == "3 passed, 1 failed"
    assert not results.successful([part])


def test_a_part_without_tests_fails_a_full_run_but_not_a_selection():
    selection, full = Part("system"), Part("system")
    selection.demand_tests(selecting=True)
    full.demand_tests(selecting=False)
    assert (selection.failed, full.failed) == (0, 1)


def test_nothing_at_all_is_no_success():
    assert not results.successful([Part("pure"), Part("system")])
    assert results.successful([Part("pure", passed=1), Part("system")])


def test_pytests_report_is_counted(tmp_path):
    part = results.from_pytest("pure", report(tmp_path, tests=10, failures=1, errors=2, skipped=0), 1)
    assert (part.passed, part.failed) == (7, 3)


def test_a_skipped_test_counts_as_failed(tmp_path):
    part = results.from_pytest("pure", report(tmp_path, tests=3, failures=0, errors=0, skipped=1), 0)
    assert (part.passed, part.failed) == (2, 1)
    assert "skipped" in part.faults[0]


def test_pytest_that_dies_without_a_report_is_a_failure(tmp_path):
    part = results.from_pytest("pure", tmp_path / "none.xml", 2)
    assert (part.passed, part.failed) == (0, 1)


def test_pytest_that_fails_without_a_failed_test_is_a_failure(tmp_path):
    part = results.from_pytest("pure", report(tmp_path, tests=4, failures=0, errors=0, skipped=0), 1)
    assert (part.passed, part.failed) == (4, 1)


def test_pytest_that_found_nothing_is_judged_by_the_caller(tmp_path):
    part = results.from_pytest("pure", report(tmp_path, tests=0, failures=0, errors=0, skipped=0), 5)
    assert (part.passed, part.failed) == (0, 0)
