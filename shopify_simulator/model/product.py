"""Products, variants, stock and locations."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal


@dataclass(slots=True)
class Location:
    """A place that stocks or sells. ``fulfillment_service``: handle of the app that runs it, None for the merchant's own."""

    id: int
    name: str
    country: str
    address1: str | None = None
    city: str | None = None
    zip: str | None = None
    province: str | None = None
    province_code: str | None = None
    phone: str | None = None
    is_active: bool = True
    fulfills_online_orders: bool = True
    ships_inventory: bool = True
    fulfillment_service: str | None = None
    legacy: bool = False
    created_at: datetime | None = None
    updated_at: datetime | None = None

    typename = "Location"


@dataclass(slots=True)
class Level:
    """Stock of one inventory item at one location, by quantity name (available, committed, on_hand, incoming, reserved ...)."""

    id: int
    item: InventoryItem = field(repr=False)
    location: Location = field(repr=False)
    quantities: dict[str, int]
    created_at: datetime
    updated_at: datetime
    is_active: bool = True

    typename = "InventoryLevel"


@dataclass(slots=True)
class InventoryItem:
    """``unit_cost`` in the shop's currency; ``weight_grams`` per unit."""

    id: int
    sku: str | None
    tracked: bool
    requires_shipping: bool
    created_at: datetime
    updated_at: datetime
    unit_cost: Decimal | None = None
    weight_grams: int = 0
    country_code_of_origin: str | None = None
    province_code_of_origin: str | None = None
    harmonized_system_code: str | None = None
    levels: list[Level] = field(default_factory=list, repr=False)
    variant: Variant | None = field(default=None, repr=False)

    typename = "InventoryItem"


@dataclass(slots=True)
class Variant:
    """``price`` and ``compare_at_price`` in the shop's currency. ``selected``: option name and value pairs."""

    id: int
    product: Product = field(repr=False)
    title: str
    price: Decimal
    inventory_item: InventoryItem
    position: int
    created_at: datetime
    updated_at: datetime
    sku: str | None = None
    barcode: str | None = None
    compare_at_price: Decimal | None = None
    taxable: bool = True
    inventory_policy: str = "DENY"
    selected: list[tuple[str, str]] = field(default_factory=list)
    metafields: list = field(default_factory=list)
    media: list[MediaImage] = field(default_factory=list, repr=False)

    typename = "ProductVariant"


@dataclass(slots=True)
class Product:
    """``status``: ACTIVE, ARCHIVED, DRAFT or UNLISTED. ``options``: option name and its values. ``category``: id in
    Shopify's taxonomy and full name.

    ``publications``: when it was published, by the number of the publication.
    """

    id: int
    title: str
    handle: str
    created_at: datetime
    updated_at: datetime
    description_html: str = ""
    product_type: str = ""
    vendor: str = ""
    status: str = "ACTIVE"
    tags: list[str] = field(default_factory=list)
    options: list[tuple[str, list[str]]] = field(default_factory=list)
    variants: list[Variant] = field(default_factory=list)
    is_gift_card: bool = False
    published_at: datetime | None = None
    metafields: list = field(default_factory=list)
    media: list[MediaImage] = field(default_factory=list, repr=False)
    collections: list[Collection] = field(default_factory=list, repr=False)
    category: tuple[str, str] | None = None
    seo_title: str | None = None
    seo_description: str | None = None
    template_suffix: str | None = None
    publications: dict[int, datetime] = field(default_factory=dict)

    typename = "Product"


@dataclass(slots=True)
class MediaImage:
    """A picture. ``content``: its bytes, None for one that cannot be read; ``version`` is part of its address."""

    id: int
    name: str
    content: bytes | None
    mime_type: str
    created_at: datetime
    updated_at: datetime
    alt: str | None = None
    status: str = "READY"
    version: int = 1
    width: int = 0
    height: int = 0

    typename = "MediaImage"


@dataclass(slots=True)
class Collection:
    """``automated``: filled by conditions, not by hand."""

    id: int
    title: str
    handle: str
    created_at: datetime
    updated_at: datetime
    automated: bool = False
    products: list[Product] = field(default_factory=list, repr=False)
    metafields: list = field(default_factory=list)

    typename = "Collection"


@dataclass(slots=True)
class Metafield:
    """``value`` as Shopify stores it: text."""

    id: int
    namespace: str
    key: str
    type: str
    value: str
    created_at: datetime
    updated_at: datetime
    owner_type: str

    typename = "Metafield"
