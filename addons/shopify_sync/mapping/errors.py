"""Why a record of Shopify cannot be mapped."""

from __future__ import annotations

from .wording import Words


class Refusal(Exception):
    """The record cannot be brought to Odoo as it is.

    `words` is a sentence for a shop manager, Words or a text in their language already, `reason` the same as text
    (English). `cause` is a short fixed code that groups equal failures.
    """

    def __init__(self, cause: str, words: Words | str) -> None:
        super().__init__(str(words))
        self.cause = cause
        self.words = words
        self.reason = str(words)
