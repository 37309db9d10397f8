"""Everybody can open everything that the app's menus offer: no screen logs an error, none crashes, and nobody is offered
what is not for them."""

import json

import pytest

from devenv import demo, demo_incidents, demo_session, odoo_screens
from devenv.browser import Browser

DATABASE, ORDERS, SEED = "system_screens", 12, 3
PASSWORD = "a long password"
#: What everybody has; the app's roles bring the rest.
BESIDE = ("base.group_user",)
ROLES = {"User": "shopify_sync.group_user", "Manager": "shopify_sync.group_manager"}
TABS = ["Dashboard", "Sales", "Products", "Processes", "Reporting"]
MANAGERS_TAB = "Configuration"
NOT_IN_ROLE = "odd_user"


@pytest.fixture(scope="module")
def base():
    with demo.running(DATABASE, ORDERS, SEED) as running:
        demo.import_quietly(running)
        known = demo_incidents.happen(running.simulator.url, ORDERS)
        demo_incidents.wait_until_told(running.env.server, DATABASE, known)
        yield running.server.url
        running.server.stop()
        running.env.databases.drop(DATABASE)
    demo_session.session_file(DATABASE).unlink(missing_ok=True)


@pytest.fixture(scope="module")
def browser(base):
    with Browser() as browser:
        browser.sign_in(base, "admin", "admin")
        for role, group in ROLES.items():
            make_user(browser, role, (*BESIDE, group))
        make_user(browser, NOT_IN_ROLE, (*BESIDE, "sales_team.group_sale_salesman_all_leads"))
        yield browser


def make_user(browser, login, groups):
    wanted = json.dumps({"login": login, "groups": groups, "password": PASSWORD})
    browser.run(
        f"""const wanted = {wanted}, orm = odoo.__WOWL_DEBUG__.root.env.services.orm;
        const ids = [];
        for (const group of wanted.groups) {{
            const [module, name] = group.split(".");
            const found = await orm.searchRead("ir.model.data", [["module", "=", module], ["name", "=", name]], ["res_id"]);
            ids.push(found[0].res_id);
        }}
        if (!(await orm.searchCount("res.users", [["login", "=", wanted.login]])))
            await orm.create("res.users", [{{ name: wanted.login, login: wanted.login, password: wanted.password,
                group_ids: [[6, 0, ids]] }}], {{ context: {{ no_reset_password: true }} }});"""
    )


def sign_in(browser, base, login):
    browser.sign_in(base, login, PASSWORD)
    browser.take_problems()  # of the sign-in page, which is Odoo's
    return odoo_screens.menus(browser)


def faults(browser, where):
    crash = odoo_screens.crash(browser)
    odoo_screens.close_dialogs(browser)
    return [f"{where}: {problem}" for problem in (*browser.take_problems(), *([crash] if crash else []))]


def walk(browser, menu):
    """Open the menu, each view it offers, and its first record with all pages and windows that only look."""
    odoo_screens.open_menu(browser, menu)
    found = faults(browser, menu.title)
    for view_type in odoo_screens.view_types(browser):
        odoo_screens.switch_view(browser, view_type)
        found += faults(browser, f"{menu.title}, {view_type}")
    odoo_screens.open_menu(browser, menu)
    if odoo_screens.open_first_record(browser):
        odoo_screens.open_pages(browser)
        found += faults(browser, f"{menu.title}, first record")
        for name in odoo_screens.windows(browser):
            odoo_screens.open_window(browser, name)
            found += faults(browser, f"{menu.title}, window {name}")
            odoo_screens.open_menu(browser, menu)
            odoo_screens.open_first_record(browser)
    odoo_screens.close_dialogs(browser)
    return found


@pytest.mark.parametrize("role", ROLES)
def test_every_screen_opens_without_an_error(browser, base, role):
    menus = sign_in(browser, base, role)
    wrong = [fault for menu in menus for fault in walk(browser, menu)]
    assert wrong == []
    assert len(menus) >= 15  # an empty app would be free of errors, too


def test_a_user_is_not_offered_what_is_the_managers(browser, base):
    offered = {role: [menu.title for menu in sign_in(browser, base, role)] for role in ROLES}
    tabs = {role: list(dict.fromkeys(title.split(" / ")[0] for title in titles)) for role, titles in offered.items()}
    assert tabs == {"User": TABS, "Manager": [*TABS, MANAGERS_TAB]}
    assert set(offered["User"]) < set(offered["Manager"])


def test_who_has_no_role_is_not_offered_the_app(browser, base):
    assert sign_in(browser, base, NOT_IN_ROLE) == []


def test_an_error_of_a_screen_is_noticed(browser, base):
    menu = sign_in(browser, base, "Manager")[0]
    odoo_screens.open_menu(browser, menu)
    browser.run("setTimeout(() => { throw new Error('a screen that breaks'); });")
    browser.settle()
    assert "a screen that breaks" in " ".join(faults(browser, menu.title))
