"""Forms of the pages: one for each control call, its fields named as `actions` reads them."""

from __future__ import annotations

from .html import Html, h
from .request import Page


class Form:
    """A form that makes one control call. Its fields keep what was typed when the call is refused."""

    def __init__(self, page: Page, call: str, label: str, key: str = "", **fixed: object):
        self.page, self.call, self.label = page, call, label
        self.name = f"{call}-{key}" if key else call
        self.typed = page.typed if page.form == self.name else None
        self.parts: list[object] = [h("input", type="hidden", name=name, value=value) for name, value in fixed.items()]

    def field(self, name: str, label: str, value: object = "", hidden_label: bool = False, **more: object) -> Form:
        """An input with its label."""
        more = {"type": "text", **more}
        shown = self._value(name, value)
        box = h("input", name=name, id=self._id(name), value=shown, **more)
        return self._add(name, label, box, hidden_label)

    def number(self, name: str, label: str, value: object = "", hidden_label: bool = False, **more: object) -> Form:
        """An input for whole units."""
        more = {"min": 0, **more}
        return self.field(name, label, value, hidden_label, type="number", step=1, class_="units", **more)

    def choice(self, name: str, label: str, choices: list[tuple[object, str]], value: object = "") -> Form:
        """A list to choose from: (value, words)."""
        shown = str(self._value(name, value))
        rows = [h("option", words, value=key, selected=str(key) == shown) for key, words in choices]
        return self._add(name, label, h("select", *rows, name=name, id=self._id(name)), False)

    def tick(self, name: str, label: str, on: bool = False) -> Form:
        """A box to tick."""
        checked = on if self.typed is None else name in self.typed
        box = h("input", type="checkbox", name=name, id=self._id(name), value="1", checked=checked)
        self.parts.append(h("p", box, " ", h("label", label, for_=self._id(name)), class_="tick"))
        return self

    def html(self, class_: str = "") -> Html:
        """The form with its button."""
        hidden = [
            h("input", type="hidden", name="_form", value=self.name),
            h("input", type="hidden", name="_back", value=self.page.back),
        ]
        button = h("button", self.label, type="submit")
        address = f"/admin/do/{self.call}"
        return h("form", hidden, self.parts, button, method="post", action=address, class_=class_ or None)

    def folded(self) -> Html:
        """The form behind its name; open when what was typed in it was refused."""
        return h("details", h("summary", self.label), self.html(), open=self.typed is not None)

    def _add(self, name: str, label: str, box: Html, hidden_label: bool) -> Form:
        words = h("label", label, for_=self._id(name), class_="unseen" if hidden_label else None)
        self.parts.append(h("p", words, box))
        return self

    def _id(self, name: str) -> str:
        return f"{self.name}.{name}"

    def _value(self, name: str, value: object) -> object:
        return value if self.typed is None else self.typed.get(name, "")
