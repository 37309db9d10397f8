"""A new user connects a store in the browser and reads its orders, with the transactions that a real server has."""

import pytest

from devenv import demo, demo_session, odoo_screens
from devenv.browser import Browser
from devenv.simulator_process import TOKEN

DATABASE, ORDERS, SEED = "system_first_store", 8, 5


@pytest.fixture
def running():
    with demo.running(DATABASE, ORDERS, SEED) as running:
        yield running
        running.server.stop()
        running.env.databases.drop(DATABASE)
    demo_session.session_file(DATABASE).unlink(missing_ok=True)


def queued(running):
    return int(running.env.server.query("SELECT count(*) FROM shopify_queue_line", DATABASE)[0][0])


def test_a_store_is_connected_and_its_orders_are_queued(running):
    base = running.server.url
    with Browser() as browser:
        browser.sign_in(base, "admin", "admin")
        browser.open(base + demo.APP)
        browser.click(".o_shopify_board_empty button", "Connect a store")
        browser.fill(".modal [name=name] input", "My shop")
        browser.fill(".modal [name=shop_domain] input", running.simulator.domain)
        browser.click(".modal [data-value=permanent_token]")
        browser.fill(".modal [name=access_token] input", TOKEN)
        browser.click(".modal footer button", "Test")
        browser.wait("document.querySelector('.modal .alert-success')?.innerText.includes('Connected')", "the answer")
        browser.click(".modal footer button", "Create")
        browser.wait(
            "document.querySelector('.o_shopify_setup')?.innerText.includes('1 of 4')", "the set-up's second step"
        )
        assert odoo_screens.crash(browser) is None
        browser.click("[data-step=settings] button")
        browser.click(".modal [name=product_create] input")  # brings the products that orders name, too
        browser.click(".modal footer button", "Save")
        browser.click(".o_shopify_card footer button", "Perform Operation")
        browser.click(".modal footer button", "Execute")
        browser.click(".modal footer button", "Open Queues")
        browser.wait(
            "document.querySelector('.o_list_view .o_data_row') && !document.querySelector('.modal')", "the queues"
        )
        assert odoo_screens.open_first_record(browser)
        browser.click(".o_form_view button", "Process Now")
        assert odoo_screens.crash(browser) is None
    assert queued(running) > 0
