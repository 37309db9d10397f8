"""Odoo 19 from the distribution's own archive, unpacked in the user's cache: nothing is installed in the system.

The machine's package client fetches and verifies the packages with a source list and an index of its own.
"""

import os
import shutil
import tempfile
from pathlib import Path

from devenv import apt_sources
from devenv.console import step
from devenv.errors import DevError
from devenv.processes import run_logged

PACKAGES = (
    "odoo-19",
    # Odoo's assets are links into these:
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-inconsolata",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-ocr-b",
)
OLDER_PACKAGES = ("fonts-font-awesome",)  # the newest one no longer has the file names that Odoo links to
PYTHON_FOLDER = Path("usr/lib/python3/dist-packages")
# Left out of the package as not free; without it every page of the web client logs an error and every tour fails.
MISSING_SCRIPT = PYTHON_FOLDER / "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
OS_RELEASE = Path("/etc/os-release")


def available() -> bool:
    """Whether this machine has a package client for an archive that carries Odoo 19."""
    has_tools = all(shutil.which(tool) for tool in ("apt-get", "dpkg"))
    return has_tools and OS_RELEASE.is_file() and apt_sources.distribution(OS_RELEASE.read_text()) is not None


def fetch(target: Path) -> None:
    """Fetch and unpack Odoo 19 so that the folder `target` appears complete or not at all.

    :raises DevError: the machine's sources name no archive, or the packages cannot be had.
    """
    with tempfile.TemporaryDirectory(prefix="partial-", dir=target.parent) as folder:
        work = Path(folder)
        downloads, root = work / "downloads", work / "root"
        downloads.mkdir()
        root.mkdir()
        options, wanted = private_settings(work)
        with step("Fetching Odoo 19 with the machine's package client (130 MB)"):
            run_logged(
                ["apt-get", *options, "update"], "odoo-source.log", "The package client could not read its index"
            )
            names = [*PACKAGES, *(f"{name}/{wanted.older}" for name in OLDER_PACKAGES)]
            hint = f"The archive does not give Odoo 19. {_OTHER_WAY}"
            run_logged(["apt-get", *options, "download", *names], "odoo-source.log", hint, cwd=downloads)
        with step("Unpacking Odoo 19 (1.2 GB)"):
            for package in sorted(downloads.glob("*.deb")):
                run_logged(["dpkg", "-x", package, root], "odoo-source.log", f"Could not unpack {package.name}")
            script = root / MISSING_SCRIPT
            if not script.exists():
                script.parent.mkdir(parents=True, exist_ok=True)
                script.touch()
        root.chmod(0o755)
        root.rename(target)


def private_settings(work: Path) -> tuple[list[str], apt_sources.Distribution]:
    """Options that make apt-get use lists and caches of its own below `work`."""
    name, code_name = apt_sources.distribution(OS_RELEASE.read_text())
    wanted = apt_sources.DISTRIBUTIONS[name]
    archive = apt_sources.main_archive(apt_sources.machine_sources(), code_name)
    if archive is None:
        raise DevError(f"apt's sources name no archive of {name} {code_name}. {_OTHER_WAY}")
    for folder in ("lists/partial", "cache/archives/partial"):
        (work / folder).mkdir(parents=True)
    sources = work / "sources.list"
    sources.write_text(apt_sources.private_list(archive, wanted))
    settings = {
        "Dir::Etc::sourcelist": sources,
        "Dir::Etc::sourceparts": "-",
        "Dir::State::lists": work / "lists",
        "Dir::Cache": work / "cache",
    }
    if os.geteuid() == 0:
        settings["APT::Sandbox::User"] = "root"  # its own user may not enter the folder
    return [part for name, value in settings.items() for part in ("-o", f"{name}={value}")], wanted


_OTHER_WAY = "Set ODOO_SOURCE to a checkout of Odoo 19.0 instead."
