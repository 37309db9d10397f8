"""Where things lie in the checkout and in the user's cache."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ADDONS = ROOT / "addons"
VENV = ROOT / ".venv"
VAR = ROOT / "var"
LOGS = VAR / "log"
LOCKS = VAR / "locks"
ODOO_DATA = VAR / "odoo"
ODOO_CONFIG = VAR / "odoo.conf"
REQUIREMENTS = ROOT / "requirements.in"
REQUIREMENTS_LOCK = ROOT / "requirements.lock"


def cache() -> Path:
    """Folder for downloads that several checkouts can share."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "shopify-connector-odoo"


def shown(path: Path) -> str:
    """The path as a person in the checkout would type it."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
