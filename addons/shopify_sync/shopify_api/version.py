"""The version of Shopify's GraphQL Admin API that every request of the connector asks for."""

from datetime import date

API_VERSION = "2026-07"


def supported_until(version: str = API_VERSION) -> date:
    """The day from which Shopify may answer a version no more: a year after its release."""
    year, month = version.split("-")
    return date(int(year) + 1, int(month), 1)
