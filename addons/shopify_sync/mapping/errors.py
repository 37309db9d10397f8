"""Why a record of Shopify cannot be mapped."""


class Refusal(Exception):
    """The record cannot be brought to Odoo as it is.

    `reason` is a sentence for a shop manager, `cause` a short fixed code that groups equal failures.
    """

    def __init__(self, cause: str, reason: str) -> None:
        super().__init__(reason)
        self.cause = cause
        self.reason = reason
