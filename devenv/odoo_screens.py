"""Walking through the app's menus in a browser, as a person does: for pictures of every screen and for the test of them."""

import json
from dataclasses import dataclass

from devenv.browser import Browser

APP = "shopify_sync.menu_root"
ACTIONS = "odoo.__WOWL_DEBUG__.root.env.services"
#: What tells a person that something went wrong.
CRASH = ".o_error_dialog, .o_notification_bar.bg-danger, .o_view_nocontent_error"


@dataclass(frozen=True)
class Menu:
    """A menu that opens something: its number, its external id, and its names from the tab on, as "Sales / Invoices"."""

    number: int
    xmlid: str
    title: str


def menus(browser: Browser) -> list[Menu]:
    """The app's menus that the user who is signed in sees, in their order. Empty when the app is not shown."""
    known = browser.run("return await (await fetch('/web/webclient/load_menus', {cache: 'no-store'})).json();")
    app = next((menu for menu in known.values() if isinstance(menu, dict) and menu.get("xmlid") == APP), None)
    found: list[Menu] = []

    def collect(numbers: list[int], names: tuple[str, ...]) -> None:
        for number in numbers:
            menu = known[str(number)]
            titles = (*names, menu["name"])
            if menu.get("actionID") and not menu["children"]:
                found.append(Menu(number, menu["xmlid"], " / ".join(titles)))
            collect(menu["children"], titles)

    collect(app["children"] if app else [], ())
    return found


def open_menu(browser: Browser, menu: Menu) -> None:
    """What a click on the menu does."""
    browser.run(f"await {ACTIONS}.menu.selectMenu({menu.number});")
    browser.settle()


def crash(browser: Browser) -> str | None:
    """What a dialog or a red message tells of a fault; None when there is none."""
    return browser.run(f"return document.querySelector({json.dumps(CRASH)})?.innerText.slice(0, 800) || null;")


def view_types(browser: Browser) -> list[str]:
    """The other views that the screen offers: list, kanban, graph, pivot ..."""
    return browser.run(
        """return [...document.querySelectorAll(".o_cp_switch_buttons .o_switch_view:not(.active)")].map((button) =>
        [...button.classList].find((name) => name !== "o_switch_view" && name.startsWith("o_")).slice(2));"""
    )


def switch_view(browser: Browser, view_type: str) -> None:
    browser.click(f".o_cp_switch_buttons .o_switch_view.o_{view_type}")


def open_first_record(browser: Browser) -> bool:
    """Open the first record of a list or of cards; False when there is none, or it does not open.

    Groups are opened first."""
    closed = (
        "document.querySelector('.o_list_view .o_group_header') && !document.querySelector('.o_list_view .o_data_row')"
    )
    if browser.run(f"return Boolean({closed});"):
        browser.click(".o_list_view .o_group_header")
    opened = browser.run(
        """const cells = [...document.querySelectorAll(".o_list_view .o_data_row:first-of-type .o_data_cell, .o_data_row .o_data_cell")];
        const cell = cells.find((one) => !one.querySelector("button, a, input, .o_form_uri") && one.getClientRects().length)
            || document.querySelector(".o_kanban_view .o_kanban_record:not(.o_kanban_ghost):not(.o_kanban_global_disabled)");
        cell?.click(); return Boolean(cell);"""
    )
    browser.settle()
    return opened and browser.run("return Boolean(document.querySelector('.o_form_view, .modal .o_form_view'));")


def open_pages(browser: Browser) -> int:
    """Turn to every page of the form's notebooks; how many there are."""
    count = browser.run("return document.querySelectorAll('.o_form_view .o_notebook_headers .nav-link').length;")
    for number in range(count):
        browser.run(f"document.querySelectorAll('.o_form_view .o_notebook_headers .nav-link')[{number}]?.click();")
        browser.settle()
    return count


def close_dialogs(browser: Browser) -> None:
    """Close what is open above the screen without doing anything, and leave a form without keeping its changes."""
    browser.run(
        """for (const button of document.querySelectorAll(".modal .btn-close, .modal [special='cancel']")) button.click();
        document.querySelector(".o_form_button_cancel")?.click();"""
    )
    browser.settle()


def windows(browser: Browser) -> list[str]:
    """The actions that the form's buttons open without doing anything first, by their ids."""
    return browser.run(
        """return [...new Set([...document.querySelectorAll(".o_form_view button[type='action'][name]")]
        .filter((button) => button.getClientRects().length && !button.disabled).map((button) => button.name))];"""
    )


def open_window(browser: Browser, name: str) -> None:
    browser.click(f".o_form_view button[type='action'][name='{name}']")
