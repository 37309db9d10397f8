"""Where this machine gets its packages: read from apt's own settings, so that no address stands in this project."""

import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

APT = Path("/etc/apt")


@dataclass(frozen=True)
class Source:
    """One archive of apt's source lists."""

    address: str
    suites: tuple[str, ...]
    components: tuple[str, ...]
    signed_by: str = ""


@dataclass(frozen=True)
class Distribution:
    """What to take from where: Odoo 19 is in the newest suite only, Font Awesome 4 in an older one."""

    newest: str
    older: str
    components: tuple[str, ...]
    keyring: str


DISTRIBUTIONS = {
    "debian": Distribution("sid", "bookworm", ("main",), "/usr/share/keyrings/debian-archive-keyring.gpg"),
    "ubuntu": Distribution("devel", "noble", ("main", "universe"), "/usr/share/keyrings/ubuntu-archive-keyring.gpg"),
}
MOVING_SUITES = ("stable", "testing", "unstable", "sid", "devel")


def distribution(os_release: str) -> tuple[str, str] | None:
    """The distribution (a key of DISTRIBUTIONS) and code name in the text of /etc/os-release."""
    values = dict(line.split("=", 1) for line in os_release.splitlines() if "=" in line)
    names = [values.get("ID", ""), *values.get("ID_LIKE", "").strip('"').split()]
    for name in names:
        if name.strip('"') in DISTRIBUTIONS:
            return name.strip('"'), values.get("VERSION_CODENAME", "").strip('"')
    return None


def one_line_sources(text: str) -> list[Source]:
    """Sources of the format `deb [options] address suite component...`."""
    found = []
    for line in text.splitlines():
        match = re.match(r"\s*deb\s+(?:\[(?P<options>[^]]*)\]\s*)?(?P<rest>\S.*)", line.split("#", 1)[0])
        if match:
            options = dict(o.split("=", 1) for o in shlex.split(match["options"] or "") if "=" in o)
            address, suite, *components = match["rest"].split()
            found.append(Source(address, (suite,), tuple(components), options.get("signed-by", "")))
    return found


def stanza_sources(text: str) -> list[Source]:
    """Sources of the deb822 format (`Types:`, `URIs:`, `Suites:`, ...)."""
    found = []
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    for stanza in re.split(r"\n\s*\n", "\n".join(lines)):
        fields = {}
        name = ""
        for line in stanza.splitlines():
            if line[:1].isspace():
                fields[name] = f"{fields.get(name, '')}\n{line.strip()}"
            elif ":" in line:
                name, value = line.split(":", 1)
                name = name.strip().lower()
                fields[name] = value.strip()
        if "deb" not in fields.get("types", "").split() or fields.get("enabled", "yes").lower() in ("no", "false"):
            continue
        signed_by = fields.get("signed-by", "")
        found += [
            Source(
                address,
                tuple(fields.get("suites", "").split()),
                tuple(fields.get("components", "").split()),
                signed_by if signed_by.startswith("/") else "",  # a key may also be written out in place
            )
            for address in fields.get("uris", "").split()
        ]
    return found


def machine_sources(folder: Path = APT) -> list[Source]:
    """Every source in apt's settings, in apt's order."""
    parts = folder / "sources.list.d"
    main = folder / "sources.list"
    found = one_line_sources(main.read_text()) if main.is_file() else []
    for path in sorted(parts.glob("*")) if parts.is_dir() else []:
        if path.suffix == ".list":
            found += one_line_sources(path.read_text())
        elif path.suffix == ".sources":
            found += stanza_sources(path.read_text())
    return found


def main_archive(sources: Iterable[Source], code_name: str) -> Source | None:
    """The archive that the distribution itself comes from: the one that carries this machine's release, or a moving
    suite such as testing."""
    usable = [source for source in sources if "main" in source.components and ":" in source.address]
    usable = [source for source in usable if not source.address.startswith("cdrom:")]
    for suites in ((code_name,), MOVING_SUITES):
        for source in usable:
            if any(suite in source.suites for suite in suites):
                return source
    return None


def private_list(archive: Source, wanted: Distribution) -> str:
    """A source list for the suites that hold Odoo 19 and what its assets need, from the machine's own archive."""
    signed_by = archive.signed_by or wanted.keyring
    components = " ".join(wanted.components)
    return "".join(
        f"deb [signed-by={signed_by}] {archive.address} {suite} {components}\n"
        for suite in (wanted.newest, wanted.older)
    )
