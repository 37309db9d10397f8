"""./dev screenshots: the pictures of docs/, and of every screen for a person to look through."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from devenv import demo, demo_incidents, demo_session, odoo_screens
from devenv.browser import Browser
from devenv.console import say, step
from devenv.errors import DevError
from devenv.paths import ROOT
from devenv.screens import HEIGHT, SCREENS, Screen

IMAGES = ROOT / "docs" / "images"
ORDERS, SEED = 40, 1
WIDTHS = (1400, 800)
COLOURS = 128  # of a picture: enough for screens, a third of the size
LOGIN = PASSWORD = "admin"
#: What differs from one run to the next without meaning anything: the caret, the user's picture, a message that goes by.
CALM = """const style = document.createElement("style");
style.textContent = "* { caret-color: transparent !important; animation: none !important; transition: none !important; }"
    + ".o_notification_manager, .o_user_menu, .o_menu_systray { visibility: hidden !important; }";
document.head.append(style); document.activeElement?.blur();"""


def run(database: str, url: str | None, names: list[str], everything: Path | None) -> int:
    """Take the pictures of docs/ (`names`: only these), or with `everything` one of each menu's list and form.

    :param url: an Odoo that runs already; None: the demo is started for as long as it takes
    :return: exit code: 1 when a screen showed an error.
    :raises DevError: a screen is not there, or cannot be reached.
    """
    if unknown := set(names) - {screen.name for screen in SCREENS}:
        raise DevError(f"There is no screen {', '.join(sorted(unknown))}: see devenv/screens.py")
    with _odoo(database, url) as base, Browser() as browser:
        browser.sign_in(base, LOGIN, PASSWORD)
        if everything:
            faults = _take_all(browser, everything)
        else:
            faults = _take_listed(browser, base, [one for one in SCREENS if not names or one.name in names])
    for fault in faults:
        say(f"  {fault}")
    return 1 if faults else 0


@contextmanager
def _odoo(database: str, url: str | None) -> Iterator[str]:
    if url:
        yield url.rstrip("/")
        return
    session = demo_session.load(database)
    orders, seed = (session.orders, session.seed) if session else (ORDERS, SEED)
    with demo.running(database, orders, seed) as running:
        demo.import_quietly(running)
        with step("Letting things happen in the store"):
            known = demo_incidents.happen(running.simulator.url, orders)
            demo_incidents.wait_until_told(running.env.server, database, known)
        yield running.server.url


def _take_listed(browser: Browser, base: str, screens: list[Screen]) -> list[str]:
    faults = []
    IMAGES.mkdir(parents=True, exist_ok=True)
    for screen in screens:
        try:
            browser.resize(screen.width, screen.height)
            _open(browser, base, screen.action)
            for action, *arguments in screen.steps:
                _do(browser, action, arguments)
            faults += _faults(browser, screen.name)
            _save(browser, IMAGES / f"{screen.name}.png")
        except DevError as error:
            faults.append(f"{screen.name}: {error}")
    return faults


def _open(browser: Browser, base: str, name: str) -> None:
    browser.open(f"{base}/odoo")
    menu = next((menu for menu in odoo_screens.menus(browser) if menu.xmlid == name), None)
    if menu:
        odoo_screens.open_menu(browser, menu)
    elif name.partition(".")[2].startswith("menu_"):
        raise DevError(f"there is no menu {name}")
    else:
        browser.open(f"{base}/odoo/action-{name}")


def _do(browser: Browser, action: str, arguments: list[str]) -> None:
    if action == "click":
        browser.click(*arguments)
    elif action == "first":
        if not odoo_screens.open_first_record(browser):
            raise DevError("there is no record to open")
    elif action == "run":
        browser.run(*arguments)
        browser.settle()
    else:
        raise DevError(f"no step is called {action!r}")


def _take_all(browser: Browser, folder: Path) -> list[str]:
    faults = []
    folder.mkdir(parents=True, exist_ok=True)
    for width in WIDTHS:
        browser.resize(width, HEIGHT)
        for number, menu in enumerate(odoo_screens.menus(browser), 1):
            name = f"{number:02}-{re.sub(r'[^a-z0-9]+', '-', menu.title.lower())}-{width}"
            try:
                odoo_screens.open_menu(browser, menu)
                _save(browser, folder / f"{name}.png")
                if odoo_screens.open_first_record(browser):
                    _save(browser, folder / f"{name}-record.png")
                faults += _faults(browser, f"{menu.title} ({width})")
                odoo_screens.close_dialogs(browser)
            except DevError as error:
                faults.append(f"{menu.title} ({width}): {error}")
    return faults


def _faults(browser: Browser, name: str) -> list[str]:
    crash = odoo_screens.crash(browser)
    return [f"{name}: {problem}" for problem in (*browser.take_problems(), *([crash] if crash else []))]


def _save(browser: Browser, path: Path) -> None:
    from PIL import Image

    browser.run(CALM)
    picture = Image.open(io.BytesIO(browser.picture())).convert("RGB")
    reduced = picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    reduced.save(path, optimize=True)
    say(f"  {path.name}  {path.stat().st_size // 1024} kB")
