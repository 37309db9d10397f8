"""Odoo's log decides over a test run: failures, skips and unexpected warnings all count."""

from devenv.odoo_log import Noise, TestLog

STAMP = "2026-11-23 05:09:27,485 7345"
ORDERS = "odoo.addons.shopify_sync.tests.test_orders"
END = "INFO db odoo.tests.result: 0 failed, 0 error(s) of 2 tests when loading database 'db'"


def read(*lines, noise=()):
    log = TestLog(noise=noise)
    news = []
    for line in lines:
        stamped = f"{STAMP} {line}" if line.split(" ")[0] in ("INFO", "WARNING", "ERROR", "CRITICAL") else line
        news.append(log.feed(stamped + "\n"))
    news.append(log.close())
    return log, [str(record) for record in news if record]


def test_tests_that_run_without_complaint_pass():
    log, news = read(
        f"INFO db {ORDERS}: Starting TestOrders.test_paid ...",
        f"INFO db {ORDERS}: Starting TestOrders.test_refunded ...",
        END,
    )
    assert (log.passed, log.bad, log.finished, news) == (2, 0, True, [])


def test_a_failed_test_counts_once_however_many_subtests_failed():
    log, news = read(
        f"INFO db {ORDERS}: Starting TestOrders.test_paid ...",
        f"ERROR db {ORDERS}: FAIL: Subtest TestOrders.test_paid (currency='EUR')",
        "Traceback (most recent call last):",
        "AssertionError: 1 != 2",
        f"ERROR db {ORDERS}: FAIL: Subtest TestOrders.test_paid (currency='JPY')",
        "ERROR db odoo.modules.loading: Module shopify_sync: 2 failures, 0 errors of 1 tests",
        "ERROR db odoo.modules.loading: At least one test failed when loading the modules.",
        "ERROR db odoo.tests.result: 2 failed, 0 error(s) of 1 tests when loading database 'db'",
    )
    assert (log.passed, log.bad, log.finished) == (0, 1, True)
    assert "AssertionError: 1 != 2" in news[0]


def test_tests_of_the_same_name_in_two_modules_are_two_tests():
    log, _news = read(
        f"INFO db {ORDERS}: Starting TestQueue.test_once ...",
        "INFO db odoo.addons.shopify_sync.tests.test_queue: Starting TestQueue.test_once ...",
        f"ERROR db {ORDERS}: ERROR: TestQueue.test_once",
        END,
    )
    assert (log.passed, log.bad) == (1, 1)


def test_a_class_that_cannot_be_set_up_fails_though_no_test_started():
    log, _news = read(
        "ERROR db odoo.tests.suite: ERROR: setUpClass (odoo.addons.shopify_sync.tests.test_orders.TestOrders)",
        "ValueError: boom",
        END,
    )
    assert (log.passed, log.bad) == (0, 1)


def test_a_skipped_test_counts_as_failed():
    log, news = read(
        f"INFO db {ORDERS}: Starting TestOrders.test_tour ...",
        f"INFO db {ORDERS}: skipped TestOrders.test_tour : no browser",
        END,
    )
    assert (log.passed, log.bad) == (0, 1)
    assert "no browser" in news[0]


def test_a_warning_that_no_test_expected_fails_the_run():
    log, news = read(
        f"INFO db {ORDERS}: Starting TestOrders.test_paid ...",
        "WARNING db odoo.addons.shopify_sync.models.order: Odoo could not reconcile",
        "the second line of it",
        END,
    )
    assert (log.passed, log.bad) == (1, 1)
    assert news == [
        "WARNING odoo.addons.shopify_sync.models.order: Odoo could not reconcile\nthe second line of it",
    ]


def test_a_warning_on_the_last_line_is_not_lost():
    log, news = read(END, "WARNING ? odoo.service.server: Thread hangs")
    assert log.bad == 1
    assert len(news) == 1


def test_known_noise_of_odoo_is_let_through_and_nothing_else():
    noise = [Noise("odoo.addons.mail", r"^no mail server", "there is none in tests")]
    log, _news = read(
        "WARNING db odoo.addons.mail: no mail server is set",
        "WARNING db odoo.addons.mail: a mail was lost",
        "WARNING db odoo.addons.sale: no mail server is set",
        END,
        noise=noise,
    )
    assert [record.message for record in log.problems] == ["a mail was lost", "no mail server is set"]


def test_a_coloured_log_is_read_all_the_same():
    log = TestLog(noise=())
    log.feed(f"{STAMP} \x1b[1;33m\x1b[1;49mWARNING\x1b[0m db odoo.x: \x1b[1mwhat\x1b[0m\n")
    assert str(log.close()) == "WARNING odoo.x: what"


def test_a_run_that_ends_without_odoos_summary_is_not_finished():
    log, _news = read(f"INFO db {ORDERS}: Starting TestOrders.test_paid ...")
    assert not log.finished
