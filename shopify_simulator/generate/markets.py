"""Where the store sells: tax systems by name, and markets with cities, names and languages."""

from dataclasses import dataclass, field
from decimal import Decimal

from ..taxes import TaxRate


@dataclass(frozen=True, slots=True)
class TaxSystem:
    """Taxes of one place. ``included``: prices contain them."""

    rates: list[TaxRate]
    included: bool = False


def _system(*rates: tuple, included: bool = False) -> TaxSystem:
    return TaxSystem([TaxRate(title, Decimal(rate), *rest) for title, rate, *rest in rates], included)


TAX_SYSTEMS = {
    "none": _system(),
    "US-NY": _system(
        ("New York State Tax", "0.04"),
        ("New York County Tax", "0.045"),
        ("Metro Commuter Transportation District Tax", "0.00375"),
    ),
    "US-CA": _system(
        ("California State Tax", "0.06"), ("Los Angeles County Tax", "0.0025"), ("Los Angeles City Tax", "0.0325")
    ),
    "US-TX": _system(("Texas State Tax", "0.0625"), ("Austin City Tax", "0.01"), ("Austin MTA Tax", "0.01")),
    "US-WA": _system(("Washington State Tax", "0.065"), ("Seattle City Tax", "0.0385")),
    "US-WA-marketplace": _system(("Washington State Tax", "0.065", True), ("Seattle City Tax", "0.0385", True)),
    "US-OR": _system(),
    "CA-ON": _system(("HST", "0.13")),
    "CA-QC": _system(("GST", "0.05"), ("QST", "0.09975")),
    "CA-BC": _system(("GST", "0.05"), ("PST", "0.07")),
    "CA-AB": _system(("GST", "0.05")),
    "DE": _system(("DE MwSt", "0.19"), included=True),
    "AT": _system(("AT USt", "0.2"), included=True),
    "FR": _system(("FR TVA", "0.2"), included=True),
    "GB": _system(("GB VAT", "0.2"), included=True),
    "GB-zero": _system(("GB VAT zero rated", "0"), included=True),
    "CH": _system(("CH MwSt", "0.081"), included=True),
    "AU": _system(("GST", "0.1"), included=True),
    "NL": _system(("NL BTW", "0.21")),
    "PL": _system(("PL VAT", "0.23")),
    "IT": _system(("IT IVA", "0.22")),
    "JP": _system(("CT", "0.1")),
    "MY": _system(("SST", "0.1")),
}
"""Tax systems by name; those of a country with states are named country-state."""


@dataclass(frozen=True, slots=True)
class City:
    name: str
    zip: str
    province: str | None
    taxes: str


@dataclass(frozen=True, slots=True)
class Market:
    """``weight``: share of the store's orders. ``currency``: what its customers pay in when the shop offers it."""

    country: str
    currency: str
    locale: str
    weight: int
    cities: list[City]
    first_names: list[str]
    last_names: list[str]
    streets: list[str]
    phone: str
    taxes: list[str] = field(default_factory=list)


MARKETS = [
    Market(
        "US", "USD", "en", 46,
        [City("New York", "10001", "NY", "US-NY"), City("Los Angeles", "90012", "CA", "US-CA"),
         City("Austin", "78701", "TX", "US-TX"), City("Seattle", "98101", "WA", "US-WA"),
         City("Portland", "97201", "OR", "US-OR")],
        ["Olivia", "Liam", "Emma", "Noah", "Ava", "James", "Mia", "Ethan", "Harper", "Logan"],
        ["Smith", "Johnson", "Brown", "Garcia", "Miller", "Davis", "Martinez", "O'Connor", "Nguyen", "Taylor"],
        ["Main St", "Oak Ave", "Maple Dr", "Broadway", "Elm St Apt 4B"], "+1555010",
    ),
    Market(
        "CA", "CAD", "en-CA", 14,
        [City("Toronto", "M5V 2T6", "ON", "CA-ON"), City("Montréal", "H2Y 1C6", "QC", "CA-QC"),
         City("Vancouver", "V6B 1A1", "BC", "CA-BC"), City("Calgary", "T2P 1J9", "AB", "CA-AB")],
        ["Charlotte", "William", "Amélie", "Félix", "Sophie", "Jacob"],
        ["Tremblay", "Roy", "MacDonald", "Singh", "Gagnon", "Wilson"],
        ["King St W", "Rue Saint-Paul", "Granville St", "Centre St S"], "+1555020",
    ),
    Market(
        "DE", "EUR", "de", 10,
        [City("Berlin", "10115", None, "DE"), City("München", "80331", None, "DE"), City("Köln", "50667", None, "DE")],
        ["Jürgen", "Anna", "Lukas", "Käthe", "Björn", "Sophie"],
        ["Müller", "Schmidt", "Weiß", "Fischer", "Groß", "von der Heide"],
        ["Hauptstraße", "Bahnhofstraße", "Am Grünen Weg", "Königsallee"], "+4930555",
    ),
    Market(
        "FR", "EUR", "fr", 7,
        [City("Paris", "75001", None, "FR"), City("Lyon", "69002", None, "FR")],
        ["Chloé", "Hugo", "Zoé", "René", "Françoise"], ["Dubois", "Lefèvre", "Moreau", "Garnier", "D'Arcy"],
        ["Rue de Rivoli", "Avenue de la République", "Place Bellecour"], "+3315555",
    ),
    Market(
        "GB", "GBP", "en-GB", 9,
        [City("London", "SW1A 1AA", "ENG", "GB"), City("Edinburgh", "EH1 1YZ", "SCT", "GB")],
        ["Oliver", "Amelia", "George", "Isla", "Siân"], ["Jones", "Evans", "Campbell", "Patel", "Hughes-Lloyd"],
        ["High Street", "Church Lane", "Victoria Road"], "+4420555",
    ),
    Market(
        "NL", "EUR", "nl", 4, [City("Amsterdam", "1012 AB", None, "NL")],
        ["Sanne", "Daan", "Lotte"], ["de Vries", "van den Berg", "Jansen"], ["Damrak", "Prinsengracht"], "+3120555",
    ),
    Market(
        "PL", "PLN", "pl", 3, [City("Warszawa", "00-001", None, "PL")],
        ["Zofia", "Łukasz", "Małgorzata"], ["Kowalski", "Wiśniewska", "Żółć"], ["ul. Świętokrzyska", "Aleje Jerozolimskie"],
        "+4822555",
    ),
    Market(
        "JP", "JPY", "ja", 4, [City("千代田区", "100-0001", "JP-13", "JP"), City("大阪市", "530-0001", "JP-27", "JP")],
        ["太郎", "花子", "健"], ["山田", "佐藤", "鈴木"], ["丸の内1-1", "梅田3-2-1"], "+8135555",
    ),
    Market(
        "AU", "AUD", "en-AU", 3, [City("Sydney", "2000", "NSW", "AU"), City("Melbourne", "3000", "VIC", "AU")],
        ["Jack", "Matilda", "Cooper"], ["Nguyen", "Kelly", "Thompson"], ["George St", "Collins St"], "+6125555",
    ),
]  # fmt: skip
"""Markets of a seeded store."""

RATES_TO_USD = {
    "USD": "1", "CAD": "0.73", "EUR": "1.09", "GBP": "1.27", "JPY": "0.0067", "AUD": "0.66", "PLN": "0.25",
    "CHF": "1.13", "SEK": "0.095", "NOK": "0.093", "DKK": "0.146", "NZD": "0.6", "MYR": "0.22", "HKD": "0.128",
    "INR": "0.012", "ILS": "0.27", "BRL": "0.18", "COP": "0.00024",
}  # fmt: skip
"""Rough value of each currency in USD; the simulated exchange rates come from it."""


def rates_for(currency: str) -> dict[str, Decimal]:
    """Units of ``currency`` for one unit of each other currency, five decimals."""
    base = Decimal(RATES_TO_USD.get(currency, "1"))
    return {
        other: (Decimal(value) / base).quantize(Decimal("0.00001"))
        for other, value in RATES_TO_USD.items()
        if other != currency
    }
