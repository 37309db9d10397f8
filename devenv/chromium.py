"""The browser for the browser tests: the one on the path, else the distribution's package."""

import os
import shutil

from devenv.console import step
from devenv.errors import DevError
from devenv.processes import run_logged

NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")  # what Odoo looks for, in its order
PACKAGE = "chromium"


def ensure() -> str:
    """Find a browser; as root on Debian install the distribution's.

    :return: its path.
    :raises DevError: there is none and we may not install one.
    """
    if found := _on_path():
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        with step("Installing the distribution's Chromium"):
            hint = "Could not install Chromium: install it by hand"
            run_logged(["apt-get", "update"], "chromium.log", hint)
            run_logged(
                ["apt-get", "install", "--yes", "--no-install-recommends", PACKAGE],
                "chromium.log",
                hint,
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            )
        if found := _on_path():
            return found
    raise DevError("The browser tests need Chromium on the path. On Debian, as root: apt-get install chromium")


def _on_path() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)
