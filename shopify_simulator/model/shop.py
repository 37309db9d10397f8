"""The shop itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal


@dataclass(slots=True)
class Shop:
    """Settings of a simulated shop.

    ``rates``: units of the shop's currency for one unit of each further currency that customers may pay in.
    ``personal_data``: False hides names, addresses, e-mails and phones, as for an app without that permission.
    """

    id: int
    name: str
    domain: str
    currency_code: str
    iana_timezone: str
    country: str
    created_at: datetime
    email: str = "owner@example.com"
    plan: str = "Basic"
    plus: bool = False
    taxes_included: bool = False
    tax_shipping: bool = True
    order_number_format_prefix: str = "#"
    order_number_format_suffix: str = ""
    rates: dict[str, Decimal] = field(default_factory=dict)
    personal_data: bool = True
    weight_unit: str = "KILOGRAMS"

    typename = "Shop"
