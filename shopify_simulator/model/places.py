"""Names of the countries and provinces that the simulated stores sell to."""

COUNTRIES = {
    "AT": "Austria", "AU": "Australia", "BE": "Belgium", "BR": "Brazil", "CA": "Canada", "CH": "Switzerland",
    "CO": "Colombia", "DE": "Germany", "DK": "Denmark", "ES": "Spain", "FR": "France", "GB": "United Kingdom",
    "HK": "Hong Kong", "IE": "Ireland", "IL": "Israel", "IN": "India", "IT": "Italy", "JP": "Japan", "MX": "Mexico",
    "MY": "Malaysia", "NL": "Netherlands", "NO": "Norway", "NZ": "New Zealand", "PL": "Poland", "PT": "Portugal",
    "SE": "Sweden", "SG": "Singapore", "US": "United States",
}  # fmt: skip

PROVINCES = {
    ("US", "NY"): "New York", ("US", "CA"): "California", ("US", "TX"): "Texas", ("US", "WA"): "Washington",
    ("US", "OR"): "Oregon", ("US", "FL"): "Florida", ("CA", "ON"): "Ontario", ("CA", "QC"): "Quebec",
    ("CA", "BC"): "British Columbia", ("CA", "AB"): "Alberta", ("JP", "JP-13"): "Tokyo", ("JP", "JP-27"): "Osaka",
    ("AU", "NSW"): "New South Wales", ("AU", "VIC"): "Victoria", ("GB", "ENG"): "England", ("GB", "SCT"): "Scotland",
    ("IT", "MI"): "Milano", ("IT", "RM"): "Roma", ("ES", "M"): "Madrid", ("ES", "B"): "Barcelona",
}  # fmt: skip


def country_name(code: str | None) -> str | None:
    """Name of a country by its ISO code; the code itself when unknown here."""
    return COUNTRIES.get(code, code) if code else None


def province_name(country: str | None, code: str | None) -> str | None:
    """Name of a province by its codes; the code itself when unknown here."""
    return PROVINCES.get((country, code), code) if code else None
