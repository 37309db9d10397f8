"""Catalogues of translations (.pot and .po): made repeatable, merged, and checked. No Odoo is needed for it."""

import re
from collections import Counter
from pathlib import Path

import polib

#: Metadata that would differ with every export although no text does.
DATES = ("POT-Creation-Date", "PO-Revision-Date")
PLURALS = {"de": "nplurals=2; plural=(n != 1);", "fr": "nplurals=2; plural=(n > 1);"}
NAMED = re.compile(r"%\((\w+)\)[-#0+ ]*\d*(?:\.\d+)?[a-zA-Z]")
POSITIONAL = re.compile(r"(?<![\d%\s])%[sdif](?![a-z])|(?<=\s)%[sdif](?![a-z])|^%[sdif](?![a-z])")
BRACED = re.compile(r"\{\{.*?\}\}|\{\w*\}|\$\{.*?\}")
TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)((?:\s[^<>]*?)?)(/?)>")
#: Attributes of a tag that are themselves texts.
SPOKEN = re.compile(r"""\s(?:title|alt|placeholder|aria-label|aria-roledescription)=("[^"]*"|'[^']*')""")


def read(path: Path) -> polib.POFile:
    return polib.pofile(str(path), encoding="utf-8")


def template(exported: str) -> polib.POFile:
    """A template from what Odoo exported: the same texts always give the same file."""
    catalogue = polib.pofile(exported)
    for name in DATES:
        catalogue.metadata.pop(name, None)
    for entry in catalogue:
        entry.occurrences = sorted(entry.occurrences)
    catalogue.sort(key=lambda entry: entry.msgid)
    return catalogue


def begin(language: str, pot: polib.POFile) -> polib.POFile:
    """An empty catalogue for a language (a code as `de` or `pt_BR`)."""
    catalogue = polib.POFile()
    catalogue.header = pot.header
    catalogue.metadata = {
        **pot.metadata,
        "Language": language,
        "Plural-Forms": PLURALS.get(language, ""),
        "Content-Transfer-Encoding": "8bit",
    }
    return catalogue


def merge(pot: polib.POFile, translated: polib.POFile) -> polib.POFile:
    """The template's texts with the translations there are. A text that is gone goes; a new one is empty. Nothing is
    guessed from similar texts: what is shown to people has been written by one who knew the text."""
    known = {entry.msgid: entry for entry in translated if not entry.obsolete}
    merged = polib.POFile()
    merged.header, merged.metadata = pot.header, translated.metadata
    for entry in pot:
        old = known.get(entry.msgid)
        merged.append(
            polib.POEntry(
                msgid=entry.msgid,
                msgstr=old.msgstr if old else "",
                comment=entry.comment,
                occurrences=entry.occurrences,
                flags=list(old.flags) if old else [],
            )
        )
    return merged


def missing(catalogue: polib.POFile) -> list[str]:
    """The texts that have no translation, or one that nobody has confirmed."""
    return [entry.msgid for entry in catalogue if not entry.obsolete and (not entry.msgstr or entry.fuzzy)]


def broken(catalogue: polib.POFile) -> list[str]:
    """What translations lose or add that the program fills in or the browser reads: one line each."""
    faults = []
    for entry in catalogue:
        if entry.msgstr and not entry.obsolete:
            faults += [f"{entry.msgid[:70]!r}: {fault}" for fault in differences(entry.msgid, entry.msgstr)]
    return faults


def differences(text: str, translation: str) -> list[str]:
    """Placeholders, tags, brackets and outer white space that differ between a text and its translation."""
    found = []
    for what, parts in (("placeholders", _placeholders), ("tags", _tags), ("white space around it", _edges)):
        before, after = parts(text), parts(translation)
        if before != after:
            found.append(f"{what} differ: {_told(before - after, 'lost')}{_told(after - before, 'added')}".strip())
    return found


def _told(parts: Counter, what: str) -> str:
    return f"{what} {', '.join(sorted(parts.elements()))} " if parts else ""


def _placeholders(text: str) -> Counter:
    # a name may be said twice in another language; what has no name goes by its number
    named = Counter({f"%({name})": 1 for name in NAMED.findall(text)})
    return named + Counter(POSITIONAL.findall(NAMED.sub("", text))) + Counter(BRACED.findall(text))


def _tags(text: str) -> Counter:
    return Counter(
        f"<{closing}{name}{SPOKEN.sub('', attributes).rstrip()}{end}>"
        for closing, name, attributes, end in TAG.findall(text)
    )


def _edges(text: str) -> Counter:
    return Counter([f"before {text[: len(text) - len(text.lstrip())]!r}", f"after {text[len(text.rstrip()) :]!r}"])
