"""A store's configuration as one file: its form, without Odoo."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from .wording import Words, _lt

FORMAT = "shopify_sync.configuration"
#: Raised when an older reader would misunderstand a newer file.
VERSION = 1
#: Lists of rows, in the order in which they are set: later ones name rows of earlier ones.
SECTIONS = (
    "workflows",
    "gateways",
    "financial_statuses",
    "tax_mappings",
    "payout_accounts",
    "metafields",
    "field_owners",
    "order_rules",
    "locations",
    "market_prices",
    "webhook_topics",
    "schedules",
)


class ConfigFileError(ValueError):
    """The file cannot be read; `words` say why."""

    def __init__(self, words: Words):
        super().__init__(str(words))
        self.words = words


@dataclass(frozen=True)
class ConfigFile:
    """`store`: name and address it came from; `settings`: {field: value}; `sections`: {section: [row, ...]}.

    A value is plain JSON, a reference ({"ref": model, "key": {...}}), or a list of references.
    """

    store: Mapping
    settings: Mapping
    sections: Mapping = field(default_factory=dict)


def reference(model: str, key: Mapping) -> dict:
    """A record by what it is called in any database."""
    return {"ref": model, "key": dict(key)}


def is_reference(value: object) -> bool:
    return isinstance(value, dict) and set(value) == {"ref", "key"}


def references(value: object) -> list[dict]:
    """All references within a value, a row or a whole list of them, in their order."""
    if is_reference(value):
        return [value]
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return [found for one in value for found in references(one)]
    return []


def key_of(ref: Mapping) -> tuple:
    """What makes two references the same."""
    return (ref["ref"], json.dumps(ref["key"], sort_keys=True))


def label(ref: Mapping) -> str:
    """A reference as people read it: its names, comma separated."""
    return ", ".join(str(value) for value in ref["key"].values() if value not in (None, False, ""))


def dump(config: ConfigFile) -> str:
    """The file's text; stable, so that two exports can be compared line by line."""
    data = {
        "format": FORMAT,
        "version": VERSION,
        "store": dict(config.store),
        "settings": dict(config.settings),
        **{name: list(config.sections.get(name, [])) for name in SECTIONS},
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def load(text: str) -> ConfigFile:
    """Read a file.

    :raises ConfigFileError: it is no such file, or was written by a newer version
    """
    try:
        data = json.loads(text)
    except ValueError as error:
        raise ConfigFileError(_lt("This is not a configuration file: it is no JSON.")) from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise ConfigFileError(_lt("This is not a configuration file of the Shopify Connector."))
    version = data.get("version")
    if not isinstance(version, int) or version < 1:
        raise ConfigFileError(_lt("The file does not say which version it has."))
    if version > VERSION:
        raise ConfigFileError(
            _lt(
                "The file was written by a newer version of the Shopify Connector (%(version)s, this one reads "
                "%(known)s). Update the addon here first.",
                version=version,
                known=VERSION,
            )
        )
    settings, store = data.get("settings", {}), data.get("store", {})
    if not isinstance(settings, dict) or not isinstance(store, dict):
        raise ConfigFileError(_lt("The file is damaged: its settings are no list of names and values."))
    sections = {}
    for name in SECTIONS:
        rows = data.get(name, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise ConfigFileError(_lt("The file is damaged: '%(name)s' is no list of rows.", name=name))
        sections[name] = rows
    return ConfigFile(store, settings, sections)
