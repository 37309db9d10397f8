"""Carriers of which Shopify makes the tracking links by itself, named exactly as Shopify names them.

Source: Shopify's reference of `FulfillmentTrackingInfo`, supported tracking companies (the ones shown in every country
and the larger ones of single countries). A name that differs by a letter is shown without a link.
"""

from __future__ import annotations

KNOWN_CARRIERS = (
    "4PX", "AGS", "Amazon", "Amazon Logistics UK", "An Post", "Anjun Logistics", "APC", "Asendia USA",
    "Australia Post", "Bonshaw", "BPost", "BPost International", "Canada Post", "Canpar", "CDL Last Mile", "China Post",
    "Chronopost", "Chukou1", "Colissimo", "Comingle", "Coordinadora", "Correios", "Correos", "Correos Express", "CTT",
    "CTT Express", "Cyprus Post", "Delhivery", "Delnext", "Deutsche Post", "DHL eCommerce", "DHL eCommerce Asia",
    "DHL Express", "DPD", "DPD Local", "DPD UK", "DTD Express", "DX", "Eagle", "Estes", "Evri", "FedEx",
    "First Global Logistics", "First Line", "FSC", "Fulfilla", "GLS", "Guangdong Weisuyi Information Technology (WSE)",
    "Heppner Internationale Spedition GmbH & Co.", "Iceland Post", "IDEX", "InPost", "Israel Post",
    "Japan Post (EN)", "Japan Post (JA)", "La Poste", "Lasership", "Latvia Post", "Lietuvos Paštas", "Logisters",
    "Lone Star Overnight", "M3 Logistics", "Meteor Space", "Mondial Relay", "New Zealand Post", "NinjaVan",
    "North Russia Supply Chain (Shenzhen) Co.", "OnTrac", "Packeta", "Pago Logistics", "Ping An Da Tengfei Express",
    "Pitney Bowes", "Portal PostNord", "Poste Italiane", "PostNL", "PostNord DK", "PostNord NO", "PostNord SE",
    "Purolator", "Qxpress", "Qyun Express", "Royal Mail", "Royal Shipments", "Sagawa (EN)", "Sagawa (JA)", "Sendle",
    "SF Express", "SFC Fulfillment", "SHREE NANDAN COURIER", "Singapore Post", "Southwest Air Cargo", "StarTrack",
    "Step Forward Freight", "Swiss Post", "TForce Final Mile", "Tinghao", "TNT", "Toll IPEC", "United Delivery Service",
    "UPS", "USPS", "Venipak", "We Post", "Whistl", "Wizmo", "WMYC", "Xpedigo", "XPO Logistics", "Yamato (EN)",
    "Yamato (JA)", "YiFan Express", "YunExpress",
)  # fmt: skip

_BY_KEY = {name.casefold(): name for name in KNOWN_CARRIERS}


def carrier_name(name: str) -> str:
    """The carrier as Shopify writes it, whatever the case; an unknown one as it is given."""
    name = name.strip()
    return _BY_KEY.get(name.casefold(), name)
