"""The store's products: made from the seed, with SKUs, barcodes, weights, costs and stock."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from ..ids import number_for
from ..model.product import InventoryItem, Level, Location, Product, Variant
from ..money import rounded
from ..values import known_keys
from . import rng

KINDS = [
    ("T-Shirt", "TEE", "Apparel", 19, [("Size", ["S", "M", "L", "XL"]), ("Color", ["Black", "White"])]),
    ("Hoodie", "HOOD", "Apparel", 49, [("Size", ["S", "M", "L"]), ("Color", ["Navy", "Grey"])]),
    ("Mug", "MUG", "Home", 12, []),
    ("Poster", "POST", "Home", 15, [("Size", ["A3", "A2", "50×70 cm"])]),
    ("Backpack", "PACK", "Bags", 79, [("Color", ["Black", "Olive"])]),
    ("Candle", "CNDL", "Home", 24, [("Scent", ["Cedar", "Fig", "Crème brûlée"])]),
    ("Notebook", "NOTE", "Stationery", 9, []),
    ("Coffee Beans", "COFF", "Food", 16, [("Weight", ["250 g", "1 kg"])]),
    ("Earrings", "EARR", "Jewellery", 35, [("Metal", ["Silver", "Gold"])]),
    ("Tent", "TENT", "Outdoor", 249, []),
]
SINGLE_KEYS = frozenset(
    [
        "barcode",
        "tracked",
        "requires_shipping",
        "taxable",
        "status",
        "cost",
        "stock",
        "weight_grams",
        "inventory_policy",
        "compare_at_price",
        "product_type",
        "vendor",
        "tags",
        "is_gift_card",
    ]
)
ADJECTIVES = ["Classic", "Nordic", "Vintage", "Urban", "Organic", "Handmade", "Limited", "Everyday", "Café", "Größe"]
VENDORS = ["Fjord & Co", "Atelier Noé", "Blue Harbour", "Müller Werkstatt", "Green Thread"]


def make_locations(country: str, created: datetime) -> list[Location]:
    """Two own locations, a shop with a till, and one run by a fulfilment service (listed only with includeLegacy)."""

    def place(number: int, name: str, **more) -> Location:
        return Location(number_for("Location", number), name, country, created_at=created, updated_at=created, **more)

    return [
        place(1, "Main Warehouse", address1="1 Dock Road", city="Newark", zip="07102"),
        place(2, "West Warehouse", address1="8 Harbor Blvd", city="Oakland", zip="94607"),
        place(3, "Downtown Store", address1="12 Market Street", city="New York", zip="10002", ships_inventory=False),
        place(4, "Parcel Partner", fulfillment_service="parcel-partner", legacy=True),
        place(5, "Closed Depot", is_active=False, fulfills_online_orders=False),
    ]


def make_products(seed: int, count: int, locations: list[Location], currency: str, until: datetime) -> list[Product]:
    """``count`` products; the first ones are always a gift card, a service, an untracked item and a draft."""
    special = [_gift_card, _service, _untracked, _draft]
    products = []
    serials = iter(range(1, 10_000_000))
    for number in range(1, count + 1):
        random = rng(seed, "product", number)
        created = until - timedelta(days=random.randint(90, 400), minutes=number)
        make = special[number - 1] if number <= len(special) else _ordinary
        product = make(random, number, created, currency)
        for variant in product.variants:
            serial = next(serials)
            variant.id = number_for("ProductVariant", serial)
            variant.inventory_item.id = number_for("InventoryItem", serial)
            variant.barcode = _barcode(serial) if variant.sku and serial % 11 else None
            stock(random, variant.inventory_item, locations, serial, created)
        products.append(product)
    return products


def make_single(store, title: str, sku: str | None, price: Decimal, at: datetime, **more) -> Product:
    """A product of one variant, added by hand. ``stock``: available units at the default location."""
    known_keys(more, SINGLE_KEYS, "product")
    units, status = more.pop("stock", 0), more.pop("status", "ACTIVE")
    kind, vendor, tags = more.pop("product_type", ""), more.pop("vendor", ""), more.pop("tags", [])
    product = _product(
        store.new_serial("Product"), title, at, product_type=kind, vendor=vendor, status=status, tags=tags
    )
    product.is_gift_card = more.pop("is_gift_card", False)
    variant = _variant(product, "Default Title", price, sku, **more)
    serial = store.new_serial("ProductVariant")
    variant.id, variant.inventory_item.id = number_for("ProductVariant", serial), number_for("InventoryItem", serial)
    if variant.inventory_item.tracked:
        level = number_for("InventoryLevel", serial * 10)
        variant.inventory_item.levels.append(
            Level(level, variant.inventory_item, store.default_location, _amounts(units), at, at)
        )
    return product


def from_document(store, row: dict, sku: str | None, price: Decimal) -> Variant:
    """A product for a line of a loaded order document, with the document's own ids."""
    product = make_single(
        store,
        row.get("title") or row.get("name") or "Item",
        sku,
        price,
        store.clock.now(),
        requires_shipping=bool(row.get("requires_shipping", True)),
        taxable=bool(row.get("taxable", True)),
        weight_grams=int(row.get("grams") or 0),
        vendor=row.get("vendor") or "",
        is_gift_card=bool(row.get("gift_card")),
    )
    variant = product.variants[0]
    product.id, variant.id = int(row.get("product_id") or product.id), int(row.get("variant_id") or variant.id)
    return variant


def _amounts(available: int, incoming: int = 0) -> dict[str, int]:
    names = ("committed", "reserved", "damaged", "safety_stock", "quality_control")
    return {"available": available, "on_hand": available, "incoming": incoming, **dict.fromkeys(names, 0)}


def level_of(store, item: InventoryItem, location: Location, units: int, at: datetime) -> Level:
    """A level of an item made by hand."""
    number = number_for("InventoryLevel", store.new_serial("InventoryLevel"))
    return Level(number, item, location, _amounts(units), at, at)


def stock(random, item: InventoryItem, locations: list[Location], serial: int, created: datetime) -> None:
    """Levels of an item at the active locations that ship or sell."""
    if not item.tracked:
        return
    for position, location in enumerate(locations):
        if location.is_active and (position < 2 or random.random() < 0.4):
            available = random.randint(0, 200)
            number = number_for("InventoryLevel", serial * 10 + position)
            quantities = _amounts(available, random.choice([0, 0, 24]))
            item.levels.append(Level(number, item, location, quantities, created, created))


def _product(number: int, title: str, created: datetime, **more) -> Product:
    handle = "-".join("".join(char if char.isalnum() else " " for char in title.lower()).split())
    product = Product(number_for("Product", number), title, f"{handle}-{number}", created, created, **more)
    product.published_at = created if product.status == "ACTIVE" else None
    product.description_html = f"<p>{title}, made with care.</p>"
    return product


def _variant(product: Product, title: str, price: Decimal, sku: str | None, **more) -> Variant:
    tracked, shipped = more.pop("tracked", True), more.pop("requires_shipping", True)
    grams, cost = more.pop("weight_grams", 0), more.pop("cost", None)
    created = product.created_at
    item = InventoryItem(0, sku, tracked, shipped, created, created, unit_cost=cost, weight_grams=grams)
    item.country_code_of_origin, item.harmonized_system_code = ("PT", "610910") if shipped else (None, None)
    variant = Variant(0, product, title, price, item, len(product.variants) + 1, created, created, sku=sku, **more)
    item.variant = variant
    product.variants.append(variant)
    return variant


def _gift_card(random, number: int, created: datetime, currency: str) -> Product:
    product = _product(number, "Gift Card", created, product_type="Gift card", is_gift_card=True, vendor=VENDORS[0])
    product.options = [("Denominations", ["25", "50", "100"])]
    for value in product.options[0][1]:
        price = rounded(Decimal(value), currency)
        variant = _variant(
            product, value, price, f"GIFT-{value}", tracked=False, requires_shipping=False, taxable=False
        )
        variant.selected = [("Denominations", value)]
    return product


def _service(random, number: int, created: datetime, currency: str) -> Product:
    product = _product(number, "Gift Wrapping", created, product_type="Service", vendor=VENDORS[1])
    _variant(
        product, "Default Title", rounded(Decimal("4.50"), currency), "SRV-WRAP", tracked=False, requires_shipping=False
    )
    return product


def _untracked(random, number: int, created: datetime, currency: str) -> Product:
    product = _product(number, "Sticker Set", created, product_type="Stationery", vendor=VENDORS[2])
    price = rounded(Decimal("3.33"), currency)
    _variant(product, "Default Title", price, "STICK-SET", tracked=False, weight_grams=20, inventory_policy="CONTINUE")
    return product


def _draft(random, number: int, created: datetime, currency: str) -> Product:
    product = _product(number, "Upcoming Lamp", created, product_type="Home", vendor=VENDORS[3], status="DRAFT")
    _variant(product, "Default Title", rounded(Decimal("129.00"), currency), "LAMP-NEW", weight_grams=2400)
    return product


def _ordinary(random, number: int, created: datetime, currency: str) -> Product:
    name, code, kind, base, options = KINDS[number % len(KINDS)]
    title = f"{random.choice(ADJECTIVES)} {name}"
    tags = random.sample(["new", "sale", "summer", "eco", "bestseller"], random.randint(0, 2))
    product = _product(number, title, created, product_type=kind, vendor=random.choice(VENDORS), tags=tags)
    product.options = options or [("Title", ["Default Title"])]
    scale = {"JPY": 150, "INR": 80, "COP": 4000}.get(currency, 1)
    price = rounded(
        Decimal(base * scale) + random.choice([Decimal(0), Decimal("0.9"), Decimal("0.95"), Decimal("0.99")]), currency
    )
    for values in _combinations(options):
        label = " / ".join(values) or "Default Title"
        sku = "-".join(
            [
                code,
                f"{number:04d}",
                *("".join(char for char in value.upper() if char.isalnum())[:4] for value in values),
            ]
        )
        variant = _variant(
            product,
            label,
            price,
            sku,
            weight_grams=random.choice([120, 250, 480, 900]),
            cost=rounded(price * Decimal("0.4"), currency),
            compare_at_price=rounded(price * Decimal("1.25"), currency) if "sale" in tags else None,
        )
        variant.selected = [(option[0], value) for option, value in zip(options, values, strict=True)]
    return product


def _combinations(options: list[tuple[str, list[str]]]) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = [()]
    for _name, values in options:
        found = [(*start, value) for start in found for value in values]
    return found


def _barcode(serial: int) -> str:
    """An EAN-13 with its check digit."""
    digits = f"40{serial:010d}"
    weighted = sum(int(digit) * (3 if position % 2 else 1) for position, digit in enumerate(digits))
    return f"{digits}{-weighted % 10}"
